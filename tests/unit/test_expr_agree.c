/* test_expr_agree.c - a condition means the same in memory and in SQL: generated conditions over generated
 * rows with empty values and extremes, one-step paths included, on SQLite and, where it is installed, on
 * PostgreSQL.
 */
#include "unit.h"

#include "core/arena.h"
#include "core/dates.h"
#include "core/hash.h"
#include "expr/expr.h"
#include "model/ddl.h"
#include "os/os.h"
#include "pg_server.h"

enum sizes { THINGS = 60, PEERS = 8, CONDITIONS = 4000, PG_CONDITIONS = 1500, MAX_FIELD = 32 };
static const uint64_t SEED = 20240301;

#define L "\"label\":{\"en\":\"x\"}"
static const char THING[] =
    "{\"name\":\"thing\"," L ",\"data_class\":\"descriptive\",\"title\":\"txt\",\"fields\":["
    "{\"name\":\"txt\",\"type\":\"text\"," L
    ",\"index\":\"sort\"},{\"name\":\"more\",\"type\":\"longtext\"," L "},"
    "{\"name\":\"n\",\"type\":\"int\"," L
    ",\"index\":\"sort\"},{\"name\":\"d2\",\"type\":\"decimal\",\"scale\":2," L "},"
    "{\"name\":\"d4\",\"type\":\"decimal\",\"scale\":4," L "},{\"name\":\"m\",\"type\":\"money\"," L "},"
    "{\"name\":\"mb\",\"type\":\"money\",\"base_only\":true," L "},{\"name\":\"b\",\"type\":\"bool\"," L "},"
    "{\"name\":\"da\",\"type\":\"date\"," L "},{\"name\":\"dt\",\"type\":\"datetime\"," L "},"
    "{\"name\":\"e\",\"type\":\"enum\"," L ",\"options\":[{\"value\":\"open\"," L "},{\"value\":\"closed\"," L
    "},"
    "{\"value\":\"on-hold\"," L "}]},{\"name\":\"peer\",\"type\":\"ref\",\"ref\":\"peer\"," L "},"
    "{\"name\":\"own\",\"type\":\"user\"," L "},{\"name\":\"c\",\"type\":\"country\"," L "}]}";
static const char PEER[] =
    "{\"name\":\"peer\"," L ",\"data_class\":\"descriptive\",\"title\":\"txt\",\"fields\":["
    "{\"name\":\"txt\",\"type\":\"text\"," L "},{\"name\":\"n\",\"type\":\"int\"," L "},"
    "{\"name\":\"m\",\"type\":\"money\"," L "},{\"name\":\"da\",\"type\":\"date\"," L "},"
    "{\"name\":\"dt\",\"type\":\"datetime\"," L "}]}";
static const char USER[] =
    "{\"name\":\"user\"," L ",\"data_class\":\"descriptive\",\"title\":\"email\",\"fields\":["
    "{\"name\":\"email\",\"type\":\"email\"," L "}]}";

struct world {
    struct arena *arena;
    struct catalog *cat;
    const struct object *thing, *peer;
    struct zone *zone;
    struct rng rng;
    struct value things[THINGS][MAX_FIELD], peers[PEERS][MAX_FIELD];
};

/* ---- rows ---- */

static const char *const TEXTS[] = {
    "a",   "A",  "ab",     "abc", "Tea", "tea pot", "TEAPOT", "上海", "上海市", "上",
    "é",   "É",  "it's",   "50%", "_",   "z",       "zz",     "\"",   "ﬀ",      "a\xF4\x8F\xBF\xBF",
    "b c", "GB", "on-hold"};
static const char *const CURS[] = {"CNY", "JPY", "KWD", "GBP", "CLF"};
static const char *const ENUMS[] = {"open", "closed", "on-hold"};
static const char *const LANDS[] = {"GB", "CN", "US"};

static int64_t
pick(struct world *w, int64_t n)
{
    return rng_range(&w->rng, 0, n - 1);
}

static int64_t
some_int(struct world *w)
{
    static const int64_t extremes[] = {
        0,          1,          -1, INT64_MAX, INT64_MIN, INT64_MAX - 1, INT64_MIN + 1, INT64_C(1) << 53,
        3037000500, -3037000500};
    switch (pick(w, 4)) {
    case 0:
        return extremes[pick(w, COUNT(extremes))];
    case 1:
        return rng_range(&w->rng, -100000, 100000);
    default:
        return rng_range(&w->rng, -300, 300);
    }
}

static int32_t
some_day(struct world *w)
{
    return 19780 + (int32_t)rng_range(&w->rng, -40, 40); /* around 2024-02-27 */
}

/* Near the ends of days, and of days with 23 and 25 hours (10 March and 3 November 2024 in New York). */
static int64_t
some_instant(struct world *w)
{
    static const int32_t days[] = {19792, 20030, 19782, 19783};
    int32_t day = pick(w, 3) ? some_day(w) : days[pick(w, COUNT(days))];
    int64_t ms = zone_day_start(w->zone, day) + rng_range(&w->rng, -2, 2);
    return pick(w, 12) ? ms : some_int(w);
}

static struct value
some_value(struct world *w, const struct field *f)
{
    struct value v = {0};
    if (pick(w, 5) == 0)
        return v;
    switch (f->type) {
    case TYPE_BOOL:
        return value_int(pick(w, 2));
    case TYPE_DATE:
        return value_int(pick(w, 12) ? some_day(w) : some_int(w));
    case TYPE_DATETIME:
        return value_int(some_instant(w));
    case TYPE_REF:
    case TYPE_USER:
        return value_int(1 + pick(w, PEERS + 2)); /* some point to nothing */
    case TYPE_ENUM:
        return value_text(strv_of(ENUMS[pick(w, COUNT(ENUMS))]));
    case TYPE_COUNTRY:
        return value_text(strv_of(LANDS[pick(w, COUNT(LANDS))]));
    case TYPE_MONEY:
        v = (struct value){.kind = VAL_MONEY, .i = some_int(w), .base = some_int(w)};
        if (f->base_only)
            v.i = v.base;
        memcpy(v.cur, f->base_only ? "CNY" : CURS[pick(w, COUNT(CURS))], 3);
        return v;
    case TYPE_INT:
    case TYPE_DECIMAL:
        return value_int(some_int(w));
    default:
        return value_text(strv_of(TEXTS[pick(w, COUNT(TEXTS))]));
    }
}

static void
fill_row(struct world *w, const struct object *o, int64_t id, struct value *row)
{
    for (size_t k = 0; k < o->n_fields; k++)
        row[k] = some_value(w, &o->fields[k]);
    row[0] = value_int(id);
    row[1] = value_int(1);
    row[2] = value_int(some_instant(w));
    row[4] = value_int(some_instant(w));
}

/* ---- conditions ---- */

static void gen_cond(struct world *w, int depth, struct strbuf *out);

static const char *
one_of(struct world *w, const char *const *list, size_t n)
{
    return list[pick(w, (int64_t)n)];
}
#define ONE(w, list) one_of((w), (list), COUNT(list))

static void
gen_text(struct world *w, struct strbuf *out)
{
    const char *s = ONE(w, TEXTS);
    strbuf_addc(out, '\'');
    for (; *s; s++) {
        strbuf_addc(out, *s);
        if (*s == '\'')
            strbuf_addc(out, '\'');
    }
    strbuf_addc(out, '\'');
}

static void
gen_number(struct world *w, struct strbuf *out)
{
    switch (pick(w, 4)) {
    case 0:
        strbuf_addf(out, "%d.%d", (int)pick(w, 300), (int)pick(w, 1000));
        break;
    case 1:
        strbuf_addf(out, "%lld", (long long)rng_range(&w->rng, 0, INT64_C(1) << 40));
        break;
    default:
        strbuf_addf(out, "%d", (int)pick(w, 300));
    }
}

static void
gen_num(struct world *w, int depth, struct strbuf *out)
{
    static const char *const fields[] = {"n",        "d2",        "d4",     "m",      "mb",
                                         "m.amount", "mb.amount", "peer.n", "peer.m", "peer.m.amount",
                                         "id",       "rev"};
    static const char *const ops[] = {" + ", " - ", " * ", " / "};
    int64_t k = depth > 0 ? pick(w, 10) : pick(w, 6);
    if (k < 5) {
        strbuf_adds(out, ONE(w, fields));
    } else if (k < 6) {
        gen_number(w, out);
    } else if (k < 7) {
        strbuf_adds(out, "-");
        gen_num(w, 0, out);
    } else {
        strbuf_adds(out, "(");
        gen_num(w, depth - 1, out);
        strbuf_adds(out, ONE(w, ops));
        gen_num(w, depth - 1, out);
        strbuf_adds(out, ")");
    }
}

static void
gen_day(struct world *w, bool constant, struct strbuf *out)
{
    static const char *const fields[] = {"da", "peer.da"};
    static const char *const shifts[] = {"",          " - 3 days",  " + 2 weeks",      " - 1 month",
                                         " + 1 year", " - 30 days", " - 1000000 years"};
    char text[16];
    if (!constant && pick(w, 2)) {
        strbuf_addf(out, "%s%s", ONE(w, fields), shifts[pick(w, 3)]);
        return;
    }
    date_format(some_day(w), text);
    if (pick(w, 2))
        strbuf_addf(out, "today()%s", ONE(w, shifts));
    else if (pick(w, 3))
        strbuf_addf(out, "'%s'", text);
    else
        strbuf_addf(out, "('%s'%s)", text, shifts[1 + pick(w, 5)]);
}

static void
gen_instant(struct world *w, struct strbuf *out)
{
    static const char *const fields[] = {"dt", "peer.dt", "created_at"};
    static const char *const shifts[] = {"",          " - 3 hours", " + 2 days",
                                         " - 1 week", " - 1 month", " + 1 year"};
    char text[32];
    switch (pick(w, 4)) {
    case 0:
        strbuf_addf(out, "now()%s", ONE(w, shifts));
        break;
    case 1:
        datetime_format_local(zone_day_start(w->zone, some_day(w)), w->zone, text);
        strbuf_addf(out, "'%s'", text);
        break;
    default:
        strbuf_addf(out, "%s%s", ONE(w, fields), shifts[pick(w, 4)]);
    }
}

static const char *const COMPARE[] = {" = ", " != ", " < ", " <= ", " > ", " >= "};

static void
gen_time_test(struct world *w, struct strbuf *out)
{
    static const char *const fields[] = {"dt", "peer.dt", "created_at", "now()"};
    switch (pick(w, 4)) {
    case 0:
        strbuf_adds(out, pick(w, 2) ? "da" : "peer.da");
        strbuf_adds(out, ONE(w, COMPARE));
        gen_day(w, false, out);
        break;
    case 1: /* an instant and a whole day, on either side */
        strbuf_adds(out, ONE(w, fields));
        strbuf_adds(out, ONE(w, COMPARE));
        gen_day(w, true, out);
        break;
    case 2:
        strbuf_adds(out, ONE(w, fields));
        strbuf_adds(out, ONE(w, COMPARE));
        gen_instant(w, out);
        break;
    default:
        strbuf_adds(out, pick(w, 2) ? "(dt - created_at)" : pick(w, 2) ? "(da - peer.da)" : "(now() - dt)");
        strbuf_addf(out, "%s%d %s", ONE(w, COMPARE), (int)pick(w, 60), pick(w, 2) ? "days" : "hours");
    }
}

static void
gen_text_test(struct world *w, struct strbuf *out)
{
    static const char *const fields[] = {"txt", "more", "peer.txt", "c", "m.currency"};
    static const char *const texts[] = {"txt", "more", "peer.txt"};
    switch (pick(w, 5)) {
    case 0:
        strbuf_addf(out, "%s%s", ONE(w, texts), ONE(w, COMPARE));
        gen_text(w, out);
        break;
    case 1:
        strbuf_addf(out, "%s%s%s", ONE(w, fields), ONE(w, COMPARE), ONE(w, texts));
        break;
    case 2:
        strbuf_addf(out, "%s%s contains ", ONE(w, texts), pick(w, 4) ? "" : " not");
        gen_text(w, out);
        break;
    case 3:
        strbuf_addf(out, "%s starts with ", ONE(w, texts));
        gen_text(w, out);
        break;
    default:
        strbuf_addf(out, "%s%s in (", ONE(w, texts), pick(w, 3) ? "" : " not");
        gen_text(w, out);
        strbuf_adds(out, ", ");
        gen_text(w, out);
        strbuf_adds(out, ", '')");
    }
}

static void
gen_list_test(struct world *w, struct strbuf *out)
{
    static const char *const nums[] = {"n", "d2", "m", "peer.n", "id", "own", "peer"};
    char a[16], b[16];
    switch (pick(w, 3)) {
    case 0:
        strbuf_addf(out, "%s%s in (%d, -%d, %d)", ONE(w, nums), pick(w, 3) ? "" : " not", (int)pick(w, 9), 0,
                    (int)pick(w, 99));
        break;
    case 1:
        strbuf_addf(out, "d2 in (1.5, 2.505, -%d.25, 3)", (int)pick(w, 9));
        break;
    default:
        date_format(some_day(w), a);
        date_format(some_day(w), b);
        strbuf_addf(out, "%s%s in ('%s', '%s', today())", pick(w, 2) ? "dt" : "da", pick(w, 3) ? "" : " not",
                    a, b);
    }
}

static void
gen_other_test(struct world *w, struct strbuf *out)
{
    static const char *const whole[] = {"b",
                                        "b = true",
                                        "b = false",
                                        "b != true",
                                        "own = me()",
                                        "own != me()",
                                        "me() = own",
                                        "peer = 3",
                                        "peer != 4",
                                        "e = 'open'",
                                        "e != 'closed'",
                                        "e in ('open', 'on-hold')",
                                        "c = 'GB'",
                                        "c != 'China'",
                                        "e not in ('open')",
                                        "true",
                                        "false",
                                        "e = txt",
                                        "peer.id = 2",
                                        "own.email is empty",
                                        "'a' = 'a'",
                                        "1 < 2 + 0.5",
                                        "today() > '2020-01-01'",
                                        "txt = ''",
                                        "txt != ''",
                                        "n = 1.5",
                                        "n != 1.5",
                                        "n > 1.5",
                                        "n < -1.5",
                                        "d4 >= 1.00005"};
    static const char *const empties[] = {"txt", "n",  "m",        "m.amount", "m.currency",
                                          "mb",  "da", "dt",       "peer",     "peer.n",
                                          "own", "e",  "(n + d4)", "(n / d2)", "peer.dt"};
    if (pick(w, 3))
        strbuf_adds(out, ONE(w, whole));
    else
        strbuf_addf(out, "%s is%s empty", ONE(w, empties), pick(w, 2) ? "" : " not");
}

static void
gen_cond(struct world *w, int depth, struct strbuf *out)
{
    int64_t k = depth > 0 ? pick(w, 10) : pick(w, 6);
    switch (k) {
    case 0:
        gen_num(w, 2, out);
        strbuf_adds(out, ONE(w, COMPARE));
        gen_num(w, pick(w, 2) ? 1 : 0, out);
        break;
    case 1:
        gen_time_test(w, out);
        break;
    case 2:
        gen_text_test(w, out);
        break;
    case 3:
        gen_list_test(w, out);
        break;
    case 4:
        gen_other_test(w, out);
        break;
    case 5:
        gen_time_test(w, out);
        break;
    case 6:
        strbuf_adds(out, "not (");
        gen_cond(w, depth - 1, out);
        strbuf_adds(out, ")");
        break;
    default:
        strbuf_adds(out, "(");
        gen_cond(w, depth - 1, out);
        for (int64_t n = 1 + pick(w, 2); n > 0; n--) {
            strbuf_adds(out, k == 7 ? " or " : " and ");
            gen_cond(w, depth - 1, out);
        }
        strbuf_adds(out, ")");
    }
}

/* ---- both meanings ---- */

struct at_row {
    struct world *w;
    int row;
};

static struct value
get(void *arg, const struct field *via, const struct field *f, size_t column)
{
    struct at_row *r = arg;
    if (!via)
        return r->w->things[r->row][f->pos];
    const struct value *ref = &r->w->things[r->row][via->pos];
    if (ref->kind == VAL_EMPTY || ref->i > PEERS || strcmp(via->name, "peer") != 0)
        return (struct value){0}; /* no user exists */
    return r->w->peers[ref->i - 1][f->pos];
}

static void
insert_row(struct world *w, struct db *db, const struct object *o, const struct value *row)
{
    struct sqlb b;
    struct db_stmt *st = NULL;
    struct err err = {0};
    sqlb_init(&b, w->arena, db_engine(db));
    sqlb_add(&b, "INSERT INTO ");
    sqlb_ident(&b, o->table);
    sqlb_add(&b, " (");
    for (size_t k = 0; k < o->n_fields; k++) {
        const struct field *f = &o->fields[k];
        sqlb_add(&b, k ? ", " : "");
        sqlb_ident(&b, f->column);
        if (f->cur_column) {
            sqlb_add(&b, ", ");
            sqlb_ident(&b, f->cur_column);
            sqlb_add(&b, ", ");
            sqlb_ident(&b, f->base_column);
        }
    }
    sqlb_add(&b, ") VALUES (");
    for (size_t k = 0; k < o->n_fields; k++) {
        const struct field *f = &o->fields[k];
        struct value own = row[k].kind == VAL_MONEY ? value_int(row[k].i) : row[k];
        sqlb_add(&b, k ? ", " : "");
        sqlb_value(&b, &own);
        if (f->cur_column) {
            struct value cur = row[k].kind == VAL_MONEY ? value_text(strv_of(row[k].cur)) : row[k];
            sqlb_add(&b, ", ");
            sqlb_value(&b, &cur);
            sqlb_add(&b, ", ");
            sqlb_value(&b, &row[k]);
        }
    }
    sqlb_add(&b, ")");
    assert_int_equal(shown(sqlb_prepare(&b, db, &st, &err), &err), ERR_OK);
    assert_int_equal(shown(db_run(st, &err), &err), ERR_OK);
    db_release(st);
    sqlb_release(&b);
}

static void
make_tables(struct world *w, struct db *db)
{
    struct ddl_present none = {0};
    struct ddl_plan plan;
    struct strbuf text = {0};
    struct err err = {0};
    assert_int_equal(shown(ddl_diff(w->arena, w->cat, &none, &plan, &err), &err), ERR_OK);
    for (size_t i = 0; i < plan.n; i++)
        ddl_text(&plan.v[i], db_engine(db), &text);
    assert_int_equal(shown(db_exec(db, text.p, &err), &err), ERR_OK);
    strbuf_release(&text);
    assert_int_equal(shown(db_begin(db, &err), &err), ERR_OK);
    for (int i = 0; i < THINGS; i++)
        insert_row(w, db, w->thing, w->things[i]);
    for (int i = 0; i < PEERS; i++)
        insert_row(w, db, w->peer, w->peers[i]);
    assert_int_equal(shown(db_commit(db, &err), &err), ERR_OK);
}

/* Bit i: row i+1 is selected. */
static uint64_t
by_sql(struct arena *a, struct db *db, const struct expr *e, const struct expr_env *env, struct strbuf *sql)
{
    struct sqlb cond, b;
    struct db_stmt *st = NULL;
    struct err err = {0};
    bool row = false;
    uint64_t set = 0;
    sqlb_init(&cond, a, db_engine(db));
    assert_int_equal(shown(expr_to_sql(e, env, &cond, "t", &err), &err), ERR_OK);
    b = cond;
    b.text = (struct strbuf){0};
    sqlb_add(&b, "SELECT t.\"id\" FROM \"o_thing\" t");
    sqlb_add_joins(&b, &cond, "t");
    sqlb_add(&b, " WHERE ");
    sqlb_add(&b, cond.text.p);
    strbuf_clear(sql);
    strbuf_addv(sql, strbuf_view(&b.text));
    if (sqlb_prepare(&b, db, &st, &err) == ERR_OK)
        while (db_step(st, &row, &err) == ERR_OK && row)
            set |= UINT64_C(1) << (db_col_i64(st, 0) - 1);
    if (err.code) {
        shown(err.code, &err);
        fail_msg("%s", sql->p);
    }
    db_release(st);
    sqlb_release(&b);
    sqlb_release(&cond);
    return set;
}

static uint64_t
in_memory(struct world *w, const struct expr *e, const struct expr_env *env)
{
    uint64_t set = 0;
    for (int i = 0; i < THINGS; i++) {
        struct at_row at = {w, i};
        const struct expr_row row = {get, &at};
        if (expr_test(e, env, &row))
            set |= UINT64_C(1) << i;
    }
    return set;
}

struct tally {
    int compiled, refused, mixed; /* mixed: some rows meet it and some do not */
};

/* One condition: compiled, run both ways, printed and read back. */
static void
try_one(struct world *w, struct db *db, struct strv text, struct tally *t)
{
    struct arena *a = arena_create();
    const struct expr_scope scope = {.cat = w->cat, .object = w->thing, .zone = w->zone, .base_digits = 2};
    int64_t now = zone_day_start(w->zone, 19782) + rng_range(&w->rng, -1, 1);
    const struct expr_env env = {.now = now, .today = zone_day(w->zone, now), .me = 3, .zone = w->zone};
    struct expr *e = NULL, *again = NULL;
    struct err err = {0};
    struct strbuf sql = {0}, canon = {0}, sql2 = {0};
    if (expr_compile(a, &scope, text, &e, &err)) {
        t->refused++;
        if (err.code != ERR_LIMIT && err.msg != MSG_EXPR_NUMBER && err.msg != MSG_EXPR_TYPES) {
            shown(err.code, &err);
            fail_msg("refused: " STRV_FMT, STRV_ARG(text));
        }
        arena_free(a);
        return;
    }
    t->compiled++;
    uint64_t sql_set = by_sql(a, db, e, &env, &sql), mem_set = in_memory(w, e, &env);
    if (sql_set != mem_set)
        fail_msg("condition: " STRV_FMT "\nsql:       %s\nsql rows %016llx, memory rows %016llx",
                 STRV_ARG(text), sql.p, (unsigned long long)sql_set, (unsigned long long)mem_set);
    t->mixed += sql_set != 0 && sql_set != (UINT64_C(1) << THINGS) - 1;
    expr_print(e, &canon);
    struct expr_scope loose = scope; /* printing adds parentheses */
    loose.max_depth = 40;
    loose.max_nodes = 500;
    if (expr_compile(a, &loose, strbuf_view(&canon), &again, &err)) {
        shown(err.code, &err);
        fail_msg("printed " STRV_FMT " as %s", STRV_ARG(text), canon.p);
    }
    if (in_memory(w, again, &env) != mem_set || by_sql(a, db, again, &env, &sql2) != mem_set)
        fail_msg("printed " STRV_FMT " as %s, which differs", STRV_ARG(text), canon.p);
    strbuf_release(&sql);
    strbuf_release(&sql2);
    strbuf_release(&canon);
    arena_free(a);
}

static void
agree_on(struct world *w, struct db *db, int wanted)
{
    struct tally t = {0};
    struct strbuf text = {0};
    make_tables(w, db);
    while (t.compiled < wanted && t.compiled + t.refused < wanted * 3) {
        strbuf_clear(&text);
        gen_cond(w, (int)pick(w, 4), &text);
        try_one(w, db, strbuf_view(&text), &t);
    }
    print_message("seed %llu: %d conditions agree, %d of them met by some rows only, %d refused\n",
                  (unsigned long long)SEED, t.compiled, t.mixed, t.refused);
    assert_true(t.compiled >= wanted);
    assert_true(t.mixed > wanted / 3);
    strbuf_release(&text);
}

static void
world_make(struct world *w)
{
    const struct pack_file files[] = {{"t/objects/peer.json", strv_of(PEER)},
                                      {"t/objects/thing.json", strv_of(THING)},
                                      {"t/objects/user.json", strv_of(USER)},
                                      {0}};
    struct err err = {0};
    w->rng.s = SEED;
    w->arena = arena_create();
    assert_int_equal(shown(catalog_parse(files, &w->cat, &err), &err), ERR_OK);
    assert_int_equal(shown(os_zone_load("America/New_York", &w->zone, &err), &err), ERR_OK);
    w->thing = catalog_object(w->cat, STRV("thing"));
    w->peer = catalog_object(w->cat, STRV("peer"));
    assert_true(w->thing->n_fields <= MAX_FIELD);
    for (int i = 0; i < THINGS; i++)
        fill_row(w, w->thing, i + 1, w->things[i]);
    for (int i = 0; i < PEERS; i++)
        fill_row(w, w->peer, i + 1, w->peers[i]);
}

static void
world_free(struct world *w)
{
    catalog_free(w->cat);
    zone_free(w->zone);
    arena_free(w->arena);
}

static void
on_sqlite(void **state)
{
    static struct world w;
    struct tmpdb t;
    tmpdb_make(&t);
    struct db *db = open_db(t.path, DB_WRITER);
    world_make(&w);
    agree_on(&w, db, CONDITIONS);
    world_free(&w);
    db_close(db);
    tmpdb_remove(&t);
}

static void
on_postgres(void **state)
{
    static struct world w;
    struct pg_server pg;
    if (!pg_installed()) {
        print_message("PostgreSQL is not installed: not tried\n");
        skip();
    }
    assert_true(pg_start(&pg));
    struct db *db = open_db(pg.url, DB_WRITER);
    world_make(&w);
    agree_on(&w, db, PG_CONDITIONS);
    world_free(&w);
    db_close(db);
    pg_stop(&pg);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_sqlite),
        cmocka_unit_test(on_postgres),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
