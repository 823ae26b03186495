/* api_fixture.c - see api_fixture.h. */
#include "api_fixture.h"

#include <dirent.h>
#include <sys/stat.h>

#include "core/json.h"
#include "db/migrate.h"
#include "domain/customer/customer.h"
#include "os/os.h"
#include "record/attached.h"
#include "record/notice.h"
#include "record/unit.h"

static const struct reactor *const REACTORS[] = {&ORDER_REACTOR, &CUSTOMER_REACTOR, &ATTACHED_REACTOR,
                                                 &NOTICE_REACTOR, NULL};

static const struct settings *
current(void *arg)
{
    struct server *s = arg;
    return atomic_load(&s->set);
}

static enum err_code
changed(void *arg, struct err *err)
{
    struct server *s = arg;
    struct db *db = NULL;
    struct settings *set = NULL;
    if (db_open(s->tmp.path, DB_READER, &db, err) == ERR_OK && settings_load(db, &set, err) == ERR_OK) {
        assert_true(s->n_old < (int)(sizeof s->old_sets / sizeof s->old_sets[0]));
        s->old_sets[s->n_old++] = atomic_exchange(&s->set, set);
    }
    db_close(db);
    return err->code;
}

static enum err_code
people(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct server *s = arg;
    struct strv token, member;
    (void)more;
    if (auth_user_create(ctx, STRV("李雷"), STRV(ADMIN_EMAIL), STRV(ADMIN_PASSWORD), true, &s->admin, err) ||
        auth_user_create(ctx, STRV("Wang"), STRV(MEMBER_EMAIL), STRV("another long one"), false, &s->member,
                         err) ||
        auth_token_create(ctx, s->admin, STRV("test"), &token, err) ||
        auth_token_create(ctx, s->member, STRV("test"), &member, err))
        return err->code;
    snprintf(s->token, sizeof s->token, STRV_FMT, STRV_ARG(token));
    snprintf(s->member_token, sizeof s->member_token, STRV_FMT, STRV_ARG(member));
    return ERR_OK;
}

static void
make_database(struct server *s)
{
    struct err err = {0};
    struct db *db = NULL;
    struct settings *set = NULL;
    assert_int_equal(shown(db_open(s->tmp.path, DB_WRITER, &db, &err), &err), ERR_OK);
    assert_int_equal(shown(db_migrate(db, os_now_ms(), &err), &err), ERR_OK);
    assert_int_equal(shown(catalog_load(db, PACK_FILES, os_now_ms(), &s->cat, &err), &err), ERR_OK);
    assert_int_equal(shown(settings_load(db, &set, &err), &err), ERR_OK);
    atomic_store(&s->set, set);
    struct ctx base = {.cat = s->cat, .set = set, .now = os_now_ms(), .door = DOOR_SYSTEM, .lang = LANG_EN};
    assert_int_equal(shown(db_begin(db, &err), &err), ERR_OK);
    assert_int_equal(shown(unit_run(db, &base, false, 0, REACTORS, people, s, NULL, &err), &err), ERR_OK);
    assert_int_equal(shown(db_commit(db, &err), &err), ERR_OK);
    assert_int_equal(shown(writer_start(db, &s->writer, &err), &err), ERR_OK);
}

void
server_open(struct server *s, const struct asset *assets)
{
    struct err err = {0};
    struct http_config cfg = {
        .address = "127.0.0.1", .http_threads = 2, .read_workers = 2, .slow_workers = 2};
    memset(s, 0, sizeof *s);
    tmpdb_make(&s->tmp);
    snprintf(s->files, sizeof s->files, "%s/files", s->tmp.dir);
    assert_int_equal(mkdir(s->files, 0700), 0);
    make_database(s);
    struct api_env env = {.cat = s->cat,
                          .settings = current,
                          .settings_changed = changed,
                          .arg = s,
                          .writer = s->writer,
                          .reactors = REACTORS,
                          .files_dir = s->files,
                          .db_url = s->tmp.path,
                          .seal = &s->seal,
                          .mail_private = true,
                          .public_url = s->base_url,
                          .setup_token = s->setup_token[0] ? s->setup_token : NULL,
                          .assets = assets};
    assert_int_equal(shown(api_create(&env, &s->api, &err), &err), ERR_OK);
    api_http_config(s->api, &cfg);
    assert_int_equal(shown(http_start(&cfg, &s->http, &err), &err), ERR_OK);
    api_set_server(s->api, s->http);
}

static void
remove_files(const char *dir)
{
    DIR *d = opendir(dir);
    struct dirent *e;
    assert_non_null(d);
    while ((e = readdir(d)) != NULL)
        (void)unlinkat(dirfd(d), e->d_name, 0);
    closedir(d);
    assert_int_equal(rmdir(dir), 0);
}

void
server_close(struct server *s)
{
    http_stop(s->http);
    api_free(s->api);
    writer_stop(s->writer);
    for (int i = 0; i < s->n_old; i++)
        settings_free(s->old_sets[i]);
    settings_free(atomic_load(&s->set));
    catalog_free(s->cat);
    remove_files(s->files);
    tmpdb_remove(&s->tmp);
}

/* Text with $L, $C and $E replaced. */
static void
add_filled(const struct server *s, struct strbuf *b, const char *text)
{
    for (; *text; text++) {
        if (*text != '$') {
            strbuf_addc(b, *text);
            continue;
        }
        text++;
        strbuf_adds(b, *text == 'L' ? s->location : *text == 'C' ? s->cursor : s->etag);
    }
}

static void
add_who(const struct server *s, struct strbuf *b, enum who who)
{
    if (who == TOKEN || who == MEMBER_TOKEN)
        strbuf_addf(b, "Authorization: Bearer %s\r\n", who == TOKEN ? s->token : s->member_token);
    if (who == COOKIE || who == BROWSER)
        strbuf_addf(b, "Cookie: theme=dark; guanxi_session=%s\r\n", s->cookie);
    if (who == BROWSER)
        strbuf_addf(b, "Origin: http://localhost:8300\r\nX-CSRF-Token: %s\r\n", s->csrf);
}

static void
keep(struct server *s, const struct raw_answer *a)
{
    struct strv location = raw_header(a, "Location: "), etag = raw_header(a, "ETag: ");
    if (location.n)
        snprintf(s->location, sizeof s->location, STRV_FMT, STRV_ARG(location));
    if (etag.n)
        snprintf(s->etag, sizeof s->etag, STRV_FMT, STRV_ARG(etag));
    size_t at = strv_find(strbuf_view(&a->body), STRV("\"next\":\""));
    if (at != (size_t)-1) {
        struct strv rest = {a->body.p + at + 8, a->body.n - at - 8};
        struct strv cursor = strv_cut(&rest, '"');
        snprintf(s->cursor, sizeof s->cursor, STRV_FMT, STRV_ARG(cursor));
    }
}

void
server_call(struct server *s, const char *method, const char *path, enum who who, const char *headers,
            struct strv body, struct raw_answer *a)
{
    struct strbuf b = {0};
    strbuf_addf(&b, "%s ", method);
    add_filled(s, &b, path);
    strbuf_adds(&b, " HTTP/1.1\r\n");
    if (!strstr(headers, "Host: "))
        strbuf_adds(&b, "Host: localhost:8300\r\n");
    if (!strstr(headers, "Accept-Language: "))
        strbuf_adds(&b, "Accept-Language: en\r\n");
    add_who(s, &b, who);
    if (body.n)
        strbuf_addf(&b, "Content-Length: %zu\r\n", body.n);
    if (body.n && !strstr(headers, "Content-Type"))
        strbuf_adds(&b, "Content-Type: application/json\r\n");
    add_filled(s, &b, headers);
    strbuf_adds(&b, "\r\n");
    strbuf_addv(&b, body);
    int fd = raw_connect(http_port(s->http));
    assert_true(fd >= 0);
    raw_send(fd, strbuf_view(&b));
    raw_receive(fd, strcmp(method, "HEAD") == 0, 20000, a);
    close(fd);
    strbuf_release(&b);
    keep(s, a);
}

bool
answer_has(const struct raw_answer *a, const char *text)
{
    return strv_find(strbuf_view(&a->body), strv_of(text)) != (size_t)-1 ||
           strv_find(strbuf_view(&a->head), strv_of(text)) != (size_t)-1;
}

void
server_sign_in(struct server *s)
{
    struct raw_answer a;
    server_call(s, "POST", "/api/v1/session", NOBODY, "",
                STRV("{\"email\":\"" ADMIN_EMAIL "\",\"password\":\"" ADMIN_PASSWORD "\"}"), &a);
    assert_int_equal(a.status, 200);
    struct strv cookie = raw_header(&a, "Set-Cookie: guanxi_session=");
    cookie = strv_cut(&cookie, ';');
    snprintf(s->cookie, sizeof s->cookie, STRV_FMT, STRV_ARG(cookie));
    size_t at = strv_find(strbuf_view(&a.body), STRV("\"csrf\":\""));
    assert_true(at != (size_t)-1);
    struct strv rest = {a.body.p + at + 8, a.body.n - at - 8};
    struct strv csrf = strv_cut(&rest, '"');
    snprintf(s->csrf, sizeof s->csrf, STRV_FMT, STRV_ARG(csrf));
    raw_release(&a);
}
