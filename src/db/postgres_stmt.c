/* postgres_stmt.c - PostgreSQL statements: parameters to $n, prepare, bind, step, columns, plans.
 *
 * Parameters are numbered as SQLite does: ?n is n; a name gets the number after the highest so far, the same
 * name the same number. Their types are inferred by the server, so a statement in which it cannot ("? is
 * null" alone) needs a cast in its .pg.sql. Values go as text, blobs as binary; results come as text. A
 * statement is prepared on the server at db_prepare and again when the connection was renewed or the schema
 * changed through db_exec.
 */
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/arena.h"
#include "db/postgres_priv.h"

enum { OID_BOOL = 16, OID_BYTEA = 17 };

static struct pg_stmt *
stmt_of(struct db_stmt *st)
{
    return (struct pg_stmt *)st;
}

static const struct pg_stmt *
const_of(const struct db_stmt *st)
{
    return (const struct pg_stmt *)st;
}

/* ---- parameters ---- */

static bool
is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static int
name_number(struct pg_stmt *st, struct strv name, int *highest)
{
    for (int i = 0; i < st->n_names; i++) {
        if (strv_is(name, st->names[i].name)) {
            return st->names[i].number;
        }
    }
    st->names = xrealloc(st->names, sizeof *st->names * (size_t)(st->n_names + 1));
    (void)snprintf(st->names[st->n_names].name, sizeof st->names[0].name, "%.*s", STRV_ARG(name));
    st->names[st->n_names].number = ++*highest;
    st->n_names++;
    return *highest;
}

/* Copies a quoted text or name starting at sql[i]; returns the position behind it. */
static size_t
copy_quoted(struct strbuf *out, const char *sql, size_t n, size_t i)
{
    char quote = sql[i];
    size_t start = i++;

    while (i < n && sql[i] != quote) {
        i++;
    }
    i = i < n ? i + 1 : n;
    strbuf_add(out, sql + start, i - start);
    return i;
}

/* Copies one parameter starting at sql[i] as $n; returns the position behind it. */
static size_t
copy_param(struct pg_stmt *st, struct strbuf *out, const char *sql, size_t n, size_t i)
{
    size_t start = i + 1;
    int number = 0;

    if (sql[i] == ':') {
        for (i = start; i < n && is_word(sql[i]); i++) {
        }
        number = name_number(st, (struct strv){sql + start, i - start}, &st->params);
    } else {
        for (i = start; i < n && isdigit((unsigned char)sql[i]) && number < 10000; i++) {
            number = number * 10 + (sql[i] - '0');
        }
        if (i == start) {
            number = st->params + 1;
        }
        st->params = number > st->params ? number : st->params;
    }
    strbuf_addf(out, "$%d", number);
    return i;
}

static void
translate(struct pg_stmt *st, struct strbuf *out, const char *sql, size_t n)
{
    size_t i = 0;

    while (i < n) {
        char c = sql[i], next = i + 1 < n ? sql[i + 1] : '\0';

        if (c == '\'' || c == '"') {
            i = copy_quoted(out, sql, n, i);
        } else if (c == ':' && next == ':') {
            strbuf_adds(out, "::");
            i += 2;
        } else if (c == '?' || (c == ':' && is_word(next) && !isdigit((unsigned char)next))) {
            i = copy_param(st, out, sql, n, i);
        } else {
            strbuf_addc(out, c);
            i++;
        }
    }
}

/* ---- prepare ---- */

/* Makes sure the server knows the statement under the connection's generation. */
static enum err_code
prepare(struct pg_stmt *st, struct err *err)
{
    struct pg_db *p = pg_of(st->base.db);
    PGresult *res;

    if (pg_ready(p, err)) {
        return err->code;
    }
    if (st->generation == p->generation) {
        return ERR_OK;
    }
    (void)snprintf(st->name, sizeof st->name, "g%u", ++p->next_name);
    if (!PQsendPrepare(p->c, st->name, st->sql, 0, NULL)) {
        return err_set(err, MSG_DB_FAILED, "where", st->base.label, "reason",
                       "the statement could not be sent", NULL);
    }
    res = pg_wait(p, err);
    if (err->code == ERR_OK && !pg_result(p, res, st->base.label, err)) {
        st->generation = p->generation;
    }
    PQclear(res);
    return err->code;
}

enum err_code
pg_stmt_new(struct db *db, const char *sql, size_t n, const char *label, struct db_stmt **out,
            struct err *err)
{
    struct pg_stmt *st = xcalloc(1, sizeof *st);
    struct strbuf text = {0};

    *out = NULL;
    st->base.db = db;
    (void)snprintf(st->base.label, sizeof st->base.label, "%s", label);
    translate(st, &text, sql, n);
    if (strbuf_failed(&text)) {
        err_set(err, MSG_DB_FAILED, "where", label, "reason", "the statement is too long", NULL);
    } else {
        st->sql = xstrdup(text.p ? text.p : "");
        st->values = xcalloc((size_t)st->params + 1, sizeof *st->values);
        (void)prepare(st, err);
    }
    strbuf_release(&text);
    if (err->code != ERR_OK) {
        pg_stmt_free(&st->base);
        return err->code;
    }
    *out = &st->base;
    return ERR_OK;
}

static void
blobs_free(struct pg_stmt *st)
{
    int n = st->res && st->blobs ? PQnfields(st->res) : 0;

    for (int c = 0; c < n; c++) {
        PQfreemem(st->blobs[c]);
        st->blobs[c] = NULL;
    }
}

static void
result_free(struct pg_stmt *st)
{
    blobs_free(st);
    free(st->blobs);
    free(st->blob_n);
    st->blobs = NULL;
    st->blob_n = NULL;
    PQclear(st->res);
    st->res = NULL;
}

static void
value_drop(struct pg_value *v)
{
    free(v->copy);
    *v = (struct pg_value){0};
}

void
pg_stmt_reset(struct db_stmt *base, bool drop_values)
{
    struct pg_stmt *st = stmt_of(base);

    result_free(st);
    for (int i = 0; drop_values && i < st->params; i++) {
        value_drop(&st->values[i]);
    }
}

void
pg_stmt_free(struct db_stmt *base)
{
    struct pg_stmt *st = stmt_of(base);
    struct pg_db *p = pg_of(base->db);
    char sql[48];

    if (st->values) {
        pg_stmt_reset(base, true);
    }
    /* Inside a failed transaction the server refuses; the name then lives until the connection ends. */
    if (st->generation && st->generation == p->generation && PQtransactionStatus(p->c) != PQTRANS_INERROR) {
        (void)snprintf(sql, sizeof sql, "deallocate %s", st->name);
        PQclear(PQexec(p->c, sql));
    }
    free(st->sql);
    free(st->values);
    free(st->names);
    free(st);
}

/* ---- values ---- */

static struct pg_value *
value_at(struct db_stmt *base, int i)
{
    struct pg_stmt *st = stmt_of(base);

    if (i < 1 || i > st->params) {
        return NULL;
    }
    value_drop(&st->values[i - 1]);
    return &st->values[i - 1];
}

static const char *const NO_PARAMETER = "there is no such parameter";

static const char *
bind_copy(struct db_stmt *st, int i, const char *p, size_t n)
{
    struct pg_value *v = value_at(st, i);

    if (!v) {
        return NO_PARAMETER;
    }
    v->copy = xmalloc(n + 1);
    memcpy(v->copy, p, n);
    v->copy[n] = '\0';
    v->p = v->copy;
    return NULL;
}

const char *
pg_bind_i64(struct db_stmt *st, int i, int64_t v)
{
    char num[24];

    err_i64(num, v);
    return bind_copy(st, i, num, strlen(num));
}

const char *
pg_bind_f64(struct db_stmt *st, int i, double v)
{
    char num[40];
    int n = snprintf(num, sizeof num, "%.17g", v);

    return bind_copy(st, i, num, (size_t)n);
}

const char *
pg_bind_text(struct db_stmt *st, int i, const char *p, size_t n)
{
    if (memchr(p, '\0', n)) {
        return "a text with a zero byte cannot be stored";
    }
    return bind_copy(st, i, p, n);
}

const char *
pg_bind_blob(struct db_stmt *st, int i, const void *p, size_t n)
{
    struct pg_value *v = value_at(st, i);

    if (!v) {
        return NO_PARAMETER;
    }
    if (n > INT_MAX) {
        return "the value is too long";
    }
    v->p = p;
    v->n = (int)n;
    v->binary = true;
    return NULL;
}

const char *
pg_bind_null(struct db_stmt *st, int i)
{
    return value_at(st, i) ? NULL : NO_PARAMETER;
}

int
pg_param(struct db_stmt *base, const char *name)
{
    struct pg_stmt *st = stmt_of(base);

    for (int i = 0; i < st->n_names; i++) {
        if (strv_is(strv_of(name), st->names[i].name)) {
            return st->names[i].number;
        }
    }
    return 0;
}

/* ---- running ---- */

static enum err_code
execute(struct pg_stmt *st, struct err *err)
{
    struct pg_db *p = pg_of(st->base.db);
    size_t n = (size_t)st->params + 1;
    const char **values = xcalloc(n, sizeof *values);
    int *lengths = xcalloc(n, sizeof *lengths), *formats = xcalloc(n, sizeof *formats);
    const char *count;
    int64_t changed;

    for (int i = 0; i < st->params; i++) {
        values[i] = st->values[i].p;
        lengths[i] = st->values[i].n;
        formats[i] = st->values[i].binary;
    }
    if (!PQsendQueryPrepared(p->c, st->name, st->params, values, lengths, formats, 0)) {
        err_set(err, MSG_DB_FAILED, "where", st->base.label, "reason", "the statement could not be sent",
                NULL);
        goto out;
    }
    st->res = pg_wait(p, err);
    if (err->code != ERR_OK || pg_result(p, st->res, st->base.label, err)) {
        if (strv_is(strv_of(PQresultErrorField(st->res, PG_DIAG_SQLSTATE)), "0A000")) {
            st->generation = 0; /* its result changed with the schema: prepared again at the next use */
        }
        result_free(st);
        goto out;
    }
    st->row = -1;
    st->rows = PQntuples(st->res);
    st->blobs = xcalloc((size_t)PQnfields(st->res) + 1, sizeof *st->blobs);
    st->blob_n = xcalloc((size_t)PQnfields(st->res) + 1, sizeof *st->blob_n);
    count = PQcmdTuples(st->res);
    if (!strv_starts(strv_of(PQcmdStatus(st->res)), STRV("SELECT")) && strv_i64(strv_of(count), &changed)) {
        p->changes = changed;
    }
out:
    free(values);
    free(lengths);
    free(formats);
    return err->code;
}

enum err_code
pg_step(struct db_stmt *base, bool *row, struct err *err)
{
    struct pg_stmt *st = stmt_of(base);

    *row = false;
    if (!st->res && (prepare(st, err) || execute(st, err))) {
        return err->code;
    }
    blobs_free(st);
    *row = ++st->row < st->rows;
    if (!*row) {
        result_free(st);
    }
    return ERR_OK;
}

int
pg_col_count(const struct db_stmt *st)
{
    return const_of(st)->res ? PQnfields(const_of(st)->res) : 0;
}

bool
pg_col_null(const struct db_stmt *base, int c)
{
    const struct pg_stmt *st = const_of(base);

    return !st->res || PQgetisnull(st->res, st->row, c);
}

int64_t
pg_col_i64(const struct db_stmt *base, int c)
{
    const struct pg_stmt *st = const_of(base);

    if (pg_col_null(base, c)) {
        return 0;
    }
    if (PQftype(st->res, c) == OID_BOOL) {
        return PQgetvalue(st->res, st->row, c)[0] == 't';
    }
    return strtoll(PQgetvalue(st->res, st->row, c), NULL, 10);
}

double
pg_col_f64(const struct db_stmt *base, int c)
{
    return pg_col_null(base, c) ? 0.0 : strtod(PQgetvalue(const_of(base)->res, const_of(base)->row, c), NULL);
}

struct strv
pg_col_text(const struct db_stmt *base, int c)
{
    const struct pg_stmt *st = const_of(base);

    if (pg_col_null(base, c)) {
        return (struct strv){"", 0};
    }
    if (PQftype(st->res, c) == OID_BYTEA) {
        return pg_col_blob(base, c);
    }
    return (struct strv){PQgetvalue(st->res, st->row, c), (size_t)PQgetlength(st->res, st->row, c)};
}

struct strv
pg_col_blob(const struct db_stmt *base, int c)
{
    const struct pg_stmt *st = const_of(base);

    if (pg_col_null(base, c)) {
        return (struct strv){"", 0};
    }
    if (PQftype(st->res, c) != OID_BYTEA) {
        return pg_col_text(base, c);
    }
    if (!st->blobs[c]) {
        st->blobs[c] =
            PQunescapeBytea((const unsigned char *)PQgetvalue(st->res, st->row, c), &st->blob_n[c]);
    }
    return st->blobs[c] ? (struct strv){(const char *)st->blobs[c], st->blob_n[c]} : (struct strv){"", 0};
}

/* ---- plans ---- */

/* "  ->  Seq Scan on t": the node's name begins after spaces and the arrow. */
static bool
line_scans(struct strv line)
{
    struct strv s = strv_trim(line);

    if (strv_starts(s, STRV("->"))) {
        s = strv_trim((struct strv){s.p + 2, s.n - 2});
    }
    return strv_starts(s, STRV("Seq Scan")) || strv_is(s, "Sort") || strv_starts(s, STRV("Sort  (")) ||
           strv_starts(s, STRV("Incremental Sort"));
}

/* With sequential scans and sorts priced out, they remain in the plan only where no index can do the work;
 * the plan is the generic one, made without values. */
enum err_code
pg_plan_scans(struct db *db, struct strv text, bool *scans, struct strbuf *plan, struct err *err)
{
    static const char *const ON = "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; "
                                  "set enable_sort = off; set enable_incremental_sort = off";
    static const char *const OFF = "reset plan_cache_mode; reset enable_seqscan; reset enable_sort; "
                                   "reset enable_incremental_sort";
    struct pg_db *p = pg_of(db);
    struct db_stmt *st = NULL;
    struct strbuf sql = {0};
    PGresult *res = NULL;

    if (pg_stmt_new(db, text.p, text.n, "plan", &st, err)) {
        return err->code;
    }
    strbuf_addf(&sql, "explain (costs off) execute %s", stmt_of(st)->name);
    for (int i = 0; i < stmt_of(st)->params; i++) {
        strbuf_adds(&sql, i ? ",null" : "(null");
    }
    strbuf_adds(&sql, stmt_of(st)->params ? ")" : "");
    PQclear(PQexec(p->c, ON));
    res = PQexec(p->c, sql.p);
    PQclear(PQexec(p->c, OFF));
    if (!pg_result(p, res, "plan", err)) {
        for (int r = 0; r < PQntuples(res); r++) {
            struct strv line = {PQgetvalue(res, r, 0), (size_t)PQgetlength(res, r, 0)};

            *scans = line_scans(line) || *scans;
            if (plan) {
                strbuf_addv(plan, line);
                strbuf_addc(plan, '\n');
            }
        }
    }
    PQclear(res);
    strbuf_release(&sql);
    pg_stmt_free(st);
    return err->code;
}
