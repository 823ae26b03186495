/* control.c - the bare floor: C + SQLite + libmicrohttpd and nothing else, measured in the same run as
 * Guanxi.
 *
 * The same rows, the same questions, no catalogue, no rights, no log: GET /list /count /one?id= /search?q=
 * and POST /create. One reading connection per thread, one writing connection behind a mutex, WAL,
 * synchronous=FULL, no group commit. usage: control DB PORT     (DB is made by bench.py with table customer
 * and FTS5 table fts)
 */
#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *db_path;
static sqlite3 *writer;
static pthread_mutex_t writer_lock = PTHREAD_MUTEX_INITIALIZER;

struct reader {
    sqlite3 *db;
    sqlite3_stmt *list, *total, *count, *one, *search;
};

static void
check(int rc, sqlite3 *db, const char *what)
{
    if (rc != SQLITE_OK && rc != SQLITE_DONE && rc != SQLITE_ROW) {
        fprintf(stderr, "%s: %s\n", what, sqlite3_errmsg(db));
        exit(1);
    }
}

static struct reader *
reader_get(void)
{
    static __thread struct reader *r;
    if (r)
        return r;
    r = calloc(1, sizeof *r);
    if (!r)
        exit(1);
    check(sqlite3_open_v2(db_path, &r->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL), r->db, "open");
    sqlite3_exec(r->db, "pragma mmap_size=268435456; pragma cache_size=-16000", NULL, NULL, NULL);
#define COLS "id,name,email,phone,city,country,note"
    check(sqlite3_prepare_v2(r->db,
                             "select " COLS " from customer where country=?1 order by name,id limit 50", -1,
                             &r->list, NULL),
          r->db, "list");
    check(sqlite3_prepare_v2(r->db,
                             "select count(*) from (select 1 from customer where country=?1 limit 1001)", -1,
                             &r->total, NULL),
          r->db, "total");
    check(sqlite3_prepare_v2(r->db, "select count(*) from customer where country=?1", -1, &r->count, NULL),
          r->db, "count");
    check(sqlite3_prepare_v2(r->db, "select " COLS " from customer where id=?1", -1, &r->one, NULL), r->db,
          "one");
    check(sqlite3_prepare_v2(r->db,
                             "select c.id,name,email,phone,city,country,note from fts f join customer c on "
                             "c.id=f.rowid where fts match ?1 limit 20",
                             -1, &r->search, NULL),
          r->db, "search");
    return r;
}

struct text {
    char *p;
    size_t n, size;
};

static void
put(struct text *t, const char *s, size_t n)
{
    if (t->n + n > t->size) {
        t->size = (t->n + n) * 2 + 4096;
        t->p = realloc(t->p, t->size);
        if (!t->p)
            exit(1);
    }
    memcpy(t->p + t->n, s, n);
    t->n += n;
}

static void
put_string(struct text *t, const char *s)
{
    put(t, "\"", 1);
    for (; s && *s; s++) {
        if (*s == '"' || *s == '\\')
            put(t, "\\", 1);
        put(t, s, 1);
    }
    put(t, "\"", 1);
}

static void
put_row(struct text *t, sqlite3_stmt *st)
{
    static const char *const keys[] = {
        "{\"id\":", ",\"name\":", ",\"email\":", ",\"phone\":", ",\"city\":", ",\"country\":", ",\"note\":"};
    for (int i = 0; i < 7; i++) {
        put(t, keys[i], strlen(keys[i]));
        if (i == 0) {
            char b[24];
            put(t, b, (size_t)snprintf(b, sizeof b, "%lld", (long long)sqlite3_column_int64(st, 0)));
        } else {
            put_string(t, (const char *)sqlite3_column_text(st, i));
        }
    }
    put(t, "}", 1);
}

static void
put_rows(struct text *t, sqlite3_stmt *st)
{
    put(t, "[", 1);
    for (int n = 0; sqlite3_step(st) == SQLITE_ROW; n++) {
        if (n)
            put(t, ",", 1);
        put_row(t, st);
    }
    put(t, "]", 1);
    sqlite3_reset(st);
}

static long long
one_int(sqlite3_stmt *st)
{
    long long v = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : -1;
    sqlite3_reset(st);
    return v;
}

static void
create(struct text *t, const char *body, size_t n)
{
    static sqlite3_stmt *st;
    pthread_mutex_lock(&writer_lock);
    if (!st)
        check(sqlite3_prepare_v2(writer,
                                 "insert into customer(name,email,phone,city,country,note) "
                                 "values(?1,'a@example.com','+8613800000000','x','GB',?1)",
                                 -1, &st, NULL),
              writer, "insert");
    sqlite3_bind_text(st, 1, body, (int)n, SQLITE_TRANSIENT);
    check(sqlite3_step(st), writer, "insert");
    sqlite3_reset(st);
    char b[32];
    put(t, b, (size_t)snprintf(b, sizeof b, "{\"id\":%lld}", (long long)sqlite3_last_insert_rowid(writer)));
    pthread_mutex_unlock(&writer_lock);
}

static void
answer(struct MHD_Connection *c, const char *url, struct text *t, const struct text *body)
{
    struct reader *r = reader_get();
    const char *q = MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, "q");
    const char *country = q ? q : "GB";
    if (!strcmp(url, "/list")) {
        sqlite3_bind_text(r->list, 1, country, -1, SQLITE_TRANSIENT);
        sqlite3_bind_text(r->total, 1, country, -1, SQLITE_TRANSIENT);
        put(t, "{\"items\":", 9);
        put_rows(t, r->list);
        char b[48];
        put(t, b, (size_t)snprintf(b, sizeof b, ",\"total\":%lld}", one_int(r->total)));
    } else if (!strcmp(url, "/count")) {
        sqlite3_bind_text(r->count, 1, country, -1, SQLITE_TRANSIENT);
        char b[48];
        put(t, b, (size_t)snprintf(b, sizeof b, "{\"total\":%lld}", one_int(r->count)));
    } else if (!strcmp(url, "/one")) {
        sqlite3_bind_int64(r->one, 1, q ? strtoll(q, NULL, 10) : 1);
        put_rows(t, r->one);
    } else if (!strcmp(url, "/search")) {
        sqlite3_bind_text(r->search, 1, country, -1, SQLITE_TRANSIENT);
        put_rows(t, r->search);
    } else {
        create(t, body->p ? body->p : "x", body->p ? body->n : 1);
    }
}

static enum MHD_Result
handle(void *cls, struct MHD_Connection *c, const char *url, const char *method, const char *version,
       const char *data, size_t *n, void **state)
{
    (void)cls;
    (void)method;
    (void)version;
    if (!*state) {
        *state = calloc(1, sizeof(struct text));
        return *state ? MHD_YES : MHD_NO;
    }
    struct text *body = *state, out = {0};
    if (*n) {
        put(body, data, *n);
        *n = 0;
        return MHD_YES;
    }
    answer(c, url, &out, body);
    struct MHD_Response *resp = MHD_create_response_from_buffer(out.n, out.p, MHD_RESPMEM_MUST_FREE);
    MHD_add_response_header(resp, "Content-Type", "application/json");
    enum MHD_Result rc = MHD_queue_response(c, 200, resp);
    MHD_destroy_response(resp);
    return rc;
}

static void
completed(void *cls, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode code)
{
    (void)cls;
    (void)c;
    (void)code;
    struct text *t = *state;
    if (t)
        free(t->p);
    free(t);
}

int
main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    db_path = argv[1];
    check(sqlite3_open(db_path, &writer), writer, "open");
    sqlite3_exec(writer, "pragma journal_mode=wal; pragma synchronous=full", NULL, NULL, NULL);
    struct MHD_Daemon *d = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD, (unsigned short)strtol(argv[2], NULL, 10), NULL, NULL, handle, NULL,
        MHD_OPTION_THREAD_POOL_SIZE, 2u, MHD_OPTION_NOTIFY_COMPLETED, completed, NULL, MHD_OPTION_END);
    if (!d)
        return 1;
    puts("ready");
    fflush(stdout);
    sigset_t s;
    int sig;
    sigemptyset(&s);
    sigaddset(&s, SIGTERM);
    sigaddset(&s, SIGINT);
    sigprocmask(SIG_BLOCK, &s, NULL);
    sigwait(&s, &sig);
    MHD_stop_daemon(d);
    return 0;
}
