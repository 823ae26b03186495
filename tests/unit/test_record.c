/* test_record.c - writing records: errors, defaults, money, uniqueness, bin, reactors. */
#include "record_fixture.h"

#include "core/json.h"
#include "prepare_all.h"
#include "record/change.h"
#include "record/unit.h"

#define ROW(array, i) for (size_t i = 0; i < sizeof(array) / sizeof(array)[0]; i++)

static int
setup(void **state)
{
    struct fixture *x = malloc(sizeof *x);

    fixture_open(x);
    *state = x;
    return 0;
}

static int
teardown(void **state)
{
    fixture_close(*state);
    free(*state);
    return 0;
}

static int64_t
live(struct fixture *x, const char *object)
{
    char sql[160];

    snprintf(sql, sizeof sql, "select live from id_counter where object_id = %d",
             fixture_object(x, object)->id);
    return query_i64(x->db, sql);
}

static int64_t
money_part(const json_t *record, const char *field, const char *part)
{
    return json_get_i64(json_object_get(record, field), part, -1);
}

static int64_t
column(struct fixture *x, const char *object, const char *name, int64_t id)
{
    char sql[200];

    snprintf(sql, sizeof sql, "select \"%s\" from \"o_%s\" where id = %lld", name, object, (long long)id);
    return query_i64(x->db, sql);
}

/* ---- tests ---- */

static void
test_statements(void **state)
{
    struct fixture *x = *state;

    assert_true(prepare_all(x->db, "record_", NULL) >= 15);
}

static void
test_create_and_read(void **state)
{
    struct fixture *x = *state;
    struct write_result r;
    json_t *j;

    assert_int_equal(
        fixture_write(x, WRITE_CREATE, "customer", 0, 0,
                      "{\"name\":\" 苏州茶行 \",\"code\":\"C1\",\"kind\":\"organisation\",\"country\":\"CN\","
                      "\"birthday\":\"2001-02-03\",\"note\":\"a\\nb\"}",
                      &r),
        ERR_OK);
    assert_int_equal(r.id, 1);
    assert_int_equal(r.rev, 1);
    assert_true(r.changed);
    j = fixture_get(x, "customer", r.id);
    assert_true(strv_is(json_get_sv(j, "name"), "苏州茶行"));
    assert_true(strv_is(json_get_sv(j, "code"), "C1"));
    assert_true(strv_is(json_get_sv(j, "birthday"), "2001-02-03"));
    assert_true(strv_is(json_get_sv(j, "note"), "a\nb"));
    assert_true(strv_is(json_get_sv(j, "created_at"), "2024-05-01T09:00:00Z"));
    /* defaults of the pack: a choice, and the actor as owner with his title */
    assert_true(strv_is(json_get_sv(j, "role"), "customer"));
    assert_int_equal(json_get_i64(json_object_get(j, "owner"), "id", 0), FIXTURE_USER);
    assert_true(strv_is(json_get_sv(json_object_get(j, "owner"), "title"), "李雷"));
    assert_true(json_is_null(json_object_get(j, "city")));
    assert_int_equal(live(x, "customer"), 1);
}

static void
test_default_from(void **state)
{
    struct fixture *x = *state;
    int64_t id = fixture_put(x, "customer", "{\"code\":\"K-77\"}");

    assert_true(strv_is(json_get_sv(fixture_get(x, "customer", id), "name"), "K-77"));
    fixture_set(x, "customer", id, "{\"name\":\"Seven\"}");
    assert_true(strv_is(json_get_sv(fixture_get(x, "customer", id), "name"), "Seven"));
    /* only a new record is filled: whoever empties the name is told so */
    assert_int_equal(fixture_write(x, WRITE_UPDATE, "customer", id, 0, "{\"name\":null}", NULL), ERR_INVALID);
    assert_int_equal(x->errs.n, 1);
    assert_int_equal(x->errs.v[0].msg, MSG_RECORD_REQUIRED);
    assert_int_equal(fixture_write(x, WRITE_UPDATE, "customer", id, 0, "{\"name\":\"  \"}", NULL),
                     ERR_INVALID);
    assert_true(strv_is(json_get_sv(fixture_get(x, "customer", id), "name"), "Seven"));
}

static void
test_all_errors_at_once(void **state)
{
    static const struct {
        const char *field;
        enum msg msg;
    } want[] = {
        {"nmae", MSG_RECORD_UNKNOWN_FIELD}, {"id", MSG_RECORD_READONLY},
        {"rev", MSG_RECORD_READONLY},       {"tier", MSG_RECORD_READONLY},
        {"role", MSG_FIELD_OPTION_NEAR},    {"owner", MSG_RECORD_REF_MISSING},
        {"name", MSG_RECORD_REQUIRED},      {"birthday", MSG_FIELD_TYPE},
    };
    struct fixture *x = *state;

    assert_int_equal(
        fixture_write(
            x, WRITE_CREATE, "customer", 0, 0,
            "{\"nmae\":\"x\",\"id\":4,\"rev\":1,\"tier\":\"vip\",\"role\":\"custmer\",\"owner\":999,"
            "\"birthday\":\"yesterday\"}",
            NULL),
        ERR_INVALID);
    assert_int_equal(x->err.msg, MSG_RECORD_INVALID);
    ROW(want, i)
    {
        if (fixture_error(x, want[i].field) != want[i].msg)
            fail_msg("%s: %s", want[i].field, err_msg_key(fixture_error(x, want[i].field)));
    }
    assert_int_equal(x->errs.n, sizeof want / sizeof want[0]);
    assert_string_equal(err_param(&x->errs.v[0], "suggest"), "name");
    assert_int_equal(query_i64(x->db, "select count(*) from o_customer"), 0);
    assert_int_equal(query_i64(x->db, "select count(*) from change where record_id = 1 and kind = 1"),
                     1); /* the user */
}

static enum err_code
write_typed(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct fixture *x = arg;
    const char *const fields[] = {"name", "kind", "purchase_count"};
    static char longer[200];
    struct field_value v[3];
    struct write w = {.kind = WRITE_CREATE, .object = fixture_object(x, "customer"), .values = v, .n = 3};
    struct write_result out;

    (void)more;
    memset(longer, 'x', sizeof longer);
    for (int i = 0; i < 3; i++)
        v[i].field = fixture_field(x, "customer", fields[i]);
    v[0].value = value_text(STRV("\xff\xfe"));
    v[1].value = value_text(STRV("robot"));
    v[2].value = value_int(7);
    x->errs = (struct err_list){.arena = x->arena};
    return record_write(ctx, &w, &out, &x->errs, err);
}

static void
test_typed_values_are_checked_too(void **state)
{
    struct fixture *x = *state;

    assert_int_equal(fixture_unit(x, write_typed, x), ERR_INVALID);
    assert_int_equal(fixture_error(x, "name"), MSG_RECORD_TEXT);
    assert_int_equal(fixture_error(x, "kind"), MSG_FIELD_OPTION);
    assert_int_equal(fixture_error(x, "purchase_count"), MSG_RECORD_READONLY);
    assert_int_equal(x->errs.n, 3);
}

static void
test_body_must_be_an_object(void **state)
{
    struct fixture *x = *state;

    assert_int_equal(fixture_write(x, WRITE_CREATE, "customer", 0, 0, "[1]", NULL), ERR_BAD_REQUEST);
    assert_int_equal(x->err.msg, MSG_RECORD_BODY);
}

static void
test_update_and_stale(void **state)
{
    struct fixture *x = *state;
    int64_t id = fixture_put(x, "customer", "{\"name\":\"A\"}");
    struct write_result r;

    x->ctx.now += 1000;
    assert_int_equal(fixture_write(x, WRITE_UPDATE, "customer", id, 1, "{\"city\":\"上海\"}", &r), ERR_OK);
    assert_int_equal(r.rev, 2);
    assert_int_equal(fixture_write(x, WRITE_UPDATE, "customer", id, 1, "{\"city\":\"北京\"}", &r), ERR_STALE);
    assert_string_equal(err_param(&x->err, "rev"), "2");
    assert_int_equal(fixture_write(x, WRITE_DELETE, "customer", id, 1, NULL, &r), ERR_STALE);
    /* the same value again: nothing happens */
    assert_int_equal(fixture_write(x, WRITE_UPDATE, "customer", id, 2, "{\"city\":\"上海\"}", &r), ERR_OK);
    assert_false(r.changed);
    assert_int_equal(r.rev, 2);
    assert_int_equal(column(x, "customer", "updated_at", id), FIXTURE_NOW + 1000);
    assert_int_equal(query_i64(x->db, "select count(*) from change where kind = 2"), 1);
    assert_int_equal(fixture_write(x, WRITE_UPDATE, "customer", 4711, 0, "{\"city\":\"x\"}", &r),
                     ERR_NOT_FOUND);
}

static void
test_bin_restore_purge(void **state)
{
    struct fixture *x = *state;
    int64_t id = fixture_put(x, "customer", "{\"name\":\"甲\",\"code\":\"C1\"}"), other;
    struct write_result r;
    struct err err = {0};
    struct value values[200];
    int64_t found;
    struct value code = value_text(STRV("C1"));

    assert_int_equal(fixture_write(x, WRITE_DELETE, "customer", id, 1, NULL, &r), ERR_OK);
    assert_int_equal(r.rev, 2);
    assert_int_equal(live(x, "customer"), 0);
    assert_int_equal(query_i64(x->db, "select count(*) from search_fts where search_fts match '\"n甲\"'"), 0);
    assert_int_equal(record_load(&x->ctx, fixture_object(x, "customer"), id, false, values, &err),
                     ERR_NOT_FOUND);
    err = (struct err){0};
    must(record_load(&x->ctx, fixture_object(x, "customer"), id, true, values, &err));
    assert_int_equal(record_find(&x->ctx, fixture_field(x, "customer", "code"), &code, &found, &err),
                     ERR_NOT_FOUND);
    assert_int_equal(fixture_write(x, WRITE_UPDATE, "customer", id, 0, "{\"city\":\"x\"}", &r),
                     ERR_NOT_FOUND);
    assert_int_equal(x->err.msg, MSG_RECORD_BIN);
    assert_int_equal(fixture_write(x, WRITE_DELETE, "customer", id, 0, NULL, &r), ERR_NOT_FOUND);
    /* its code is free while it is in the bin; then it cannot come back */
    other = fixture_put(x, "customer", "{\"name\":\"乙\",\"code\":\"C1\"}");
    assert_int_equal(fixture_write(x, WRITE_RESTORE, "customer", id, 0, NULL, &r), ERR_CONFLICT);
    fixture_set(x, "customer", other, "{\"code\":\"C2\"}");
    assert_int_equal(fixture_write(x, WRITE_RESTORE, "customer", id, 0, NULL, &r), ERR_OK);
    assert_true(r.changed);
    assert_int_equal(live(x, "customer"), 2);
    assert_int_equal(query_i64(x->db, "select count(*) from search_fts where search_fts match '\"n甲\"'"), 1);
    assert_int_equal(fixture_write(x, WRITE_RESTORE, "customer", id, 0, NULL, &r), ERR_OK);
    assert_false(r.changed);
    assert_int_equal(fixture_write(x, WRITE_PURGE, "customer", id, 0, NULL, &r), ERR_OK);
    assert_int_equal(live(x, "customer"), 1);
    assert_int_equal(query_i64(x->db, "select count(*) from search_fts where search_fts match '\"n甲\"'"), 0);
    assert_int_equal(query_i64(x->db, "select count(*) from o_customer"), 1);
    /* ids are never given again */
    assert_int_equal(fixture_put(x, "customer", "{\"name\":\"丙\"}"), 3);
}

static void
test_unique(void **state)
{
    struct fixture *x = *state;
    int64_t a = fixture_put(x, "customer", "{\"name\":\"A\",\"code\":\"C1\"}"), b;
    char id[24];

    assert_int_equal(
        fixture_write(x, WRITE_CREATE, "customer", 0, 0, "{\"name\":\"B\",\"code\":\"C1\"}", NULL),
        ERR_CONFLICT);
    assert_string_equal(x->err.field, "code");
    assert_string_equal(err_param(&x->err, "id"), err_i64(id, a));
    assert_int_equal(fixture_error(x, "code"), MSG_RECORD_UNIQUE);
    /* with another error beside it: both in the list */
    assert_int_equal(fixture_write(x, WRITE_CREATE, "customer", 0, 0,
                                   "{\"code\":\"C1\",\"name\":\"B\",\"owner\":99}", NULL),
                     ERR_INVALID);
    assert_int_equal(x->errs.n, 2);
    b = fixture_put(x, "customer", "{\"name\":\"B\",\"code\":\"C2\"}");
    assert_int_equal(fixture_write(x, WRITE_UPDATE, "customer", b, 0, "{\"code\":\"C1\"}", NULL),
                     ERR_CONFLICT);
    fixture_set(x, "customer", b, "{\"code\":\"C2\",\"city\":\"x\"}");
    fixture_put(x, "customer", "{\"name\":\"no code\"}");
    fixture_put(x, "customer", "{\"name\":\"no code either\"}");
}

static void
test_references(void **state)
{
    struct fixture *x = *state;
    int64_t c = fixture_put(x, "customer", "{\"name\":\"A\"}"), k, p;
    char json[100];

    assert_int_equal(
        fixture_write(x, WRITE_CREATE, "contact", 0, 0, "{\"name\":\"王\",\"customer\":55}", NULL),
        ERR_INVALID);
    assert_int_equal(fixture_error(x, "customer"), MSG_RECORD_REF_MISSING);
    snprintf(json, sizeof json, "{\"name\":\"王\",\"customer\":{\"id\":%lld,\"title\":\"A\"}}", (long long)c);
    k = fixture_put(x, "contact", json);
    assert_true(
        strv_is(json_get_sv(json_object_get(fixture_get(x, "contact", k), "customer"), "title"), "A"));
    /* what others point to does not go to the bin; a contact whose customer is there stays there too */
    assert_int_equal(fixture_write(x, WRITE_DELETE, "customer", c, 0, NULL, NULL), ERR_CONFLICT);
    assert_int_equal(x->err.msg, MSG_RECORD_POINTED_AT);
    assert_int_equal(fixture_write(x, WRITE_DELETE, "contact", k, 0, NULL, NULL), ERR_OK);
    assert_int_equal(fixture_write(x, WRITE_DELETE, "customer", c, 0, NULL, NULL), ERR_OK);
    assert_int_equal(fixture_write(x, WRITE_RESTORE, "contact", k, 0, NULL, NULL), ERR_INVALID);
    assert_int_equal(fixture_error(x, "customer"), MSG_RECORD_REF_BIN);
    assert_int_equal(fixture_write(x, WRITE_CREATE, "contact", 0, 0, json, NULL), ERR_INVALID);
    assert_int_equal(fixture_error(x, "customer"), MSG_RECORD_REF_BIN);
    assert_int_equal(fixture_write(x, WRITE_RESTORE, "customer", c, 0, NULL, NULL), ERR_OK);
    assert_int_equal(fixture_write(x, WRITE_RESTORE, "contact", k, 0, NULL, NULL), ERR_OK);
    exec_ok(x->db, "update o_customer set deleted_at = 1");
    /* what is not touched is not checked again */
    fixture_set(x, "contact", k, "{\"name\":\"王五\"}");
    p = fixture_put(x, "category", "{\"name\":\"Tea\"}");
    snprintf(json, sizeof json, "{\"parent\":%lld}", (long long)p);
    assert_int_equal(fixture_write(x, WRITE_UPDATE, "category", p, 0, json, NULL), ERR_INVALID);
    assert_int_equal(fixture_error(x, "parent"), MSG_RECORD_REF_SELF);
}

/* ---- money ---- */

static enum err_code
add_rates(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    (void)arg;
    (void)more;
    /* 2024-04-01: 7.20; 2024-05-01: 7.00 */
    return fx_rate_set(ctx, STRV("USD"), 19814, 720000000, err) ||
                   fx_rate_set(ctx, STRV("USD"), 19844, 700000000, err) ||
                   fx_rate_set(ctx, STRV("JPY"), 19814, 5000000, err)
               ? err->code
               : ERR_OK;
}

static void
test_money_base(void **state)
{
    struct fixture *x = *state;
    int64_t o;
    json_t *j;
    struct err err = {0};

    fixture_put(x, "customer", "{\"name\":\"A\"}");
    must(fixture_unit(x, add_rates, NULL));
    /* base currency: no currency given; the record gets it */
    o = fixture_put(x, "order", "{\"code\":\"1\",\"customer\":1,\"net\":12.5}");
    j = fixture_get(x, "order", o);
    assert_true(strv_is(json_get_sv(j, "currency"), "CNY"));
    assert_int_equal(money_part(j, "net", "amount"), 1250);
    assert_int_equal(column(x, "order", "net_base", o), 1250);
    /* a number is in the record's currency; the rate is that of the order's day in Shanghai (30 April 16:30
     * UTC = 1 May) */
    o = fixture_put(x, "order",
                    "{\"code\":\"2\",\"customer\":1,\"currency\":\"usd\",\"net\":10.01,\"ordered_at\":\"2024-"
                    "04-30T16:30:00Z\"}");
    j = fixture_get(x, "order", o);
    assert_true(strv_is(json_get_sv(json_object_get(j, "net"), "currency"), "USD"));
    assert_int_equal(money_part(j, "net", "amount"), 1001);
    assert_int_equal(column(x, "order", "net_base", o), 7007);
    /* the date moves, so does the rate: 10.01 * 7.2 = 72.072 */
    fixture_set(x, "order", o, "{\"ordered_at\":\"2024-04-30T15:30:00Z\"}");
    assert_int_equal(column(x, "order", "net_base", o), 7207);
    /* another currency with other minor digits: the same number of major units, 10.01 -> 10 yen */
    fixture_set(x, "order", o, "{\"currency\":\"JPY\"}");
    j = fixture_get(x, "order", o);
    assert_int_equal(money_part(j, "net", "amount"), 10);
    assert_int_equal(column(x, "order", "net_base", o), 50);
    /* the first amount gives the currency when none is given */
    o = fixture_put(
        x, "order",
        "{\"code\":\"3\",\"customer\":1,\"net\":{\"amount\":100,\"currency\":\"USD\"},\"shipping\":2}");
    j = fixture_get(x, "order", o);
    assert_true(strv_is(json_get_sv(j, "currency"), "USD"));
    assert_int_equal(money_part(j, "shipping", "amount"), 200);
    assert_int_equal(column(x, "order", "net_base", o), 700);
    assert_int_equal(column(x, "order", "shipping_base", o), 1400);
}

static void
test_money_errors(void **state)
{
    static const struct {
        const char *json, *field;
        enum msg msg;
    } rows[] = {
        {"{\"code\":\"1\",\"customer\":1,\"currency\":\"USD\",\"net\":1,\"ordered_at\":\"2024-03-31T00:00:"
         "00Z\"}",
         "net", MSG_FX_MISSING},
        {"{\"code\":\"1\",\"customer\":1,\"currency\":\"EUR\",\"net\":{\"amount\":5,\"currency\":\"EUR\"}}",
         "net", MSG_FX_MISSING},
        {"{\"code\":\"1\",\"customer\":1,\"currency\":\"USD\",\"net\":{\"amount\":5,\"currency\":\"CNY\"}}",
         "net", MSG_RECORD_CURRENCY},
        {"{\"code\":\"1\",\"customer\":1,\"currency\":\"XX1\",\"net\":5}", "currency", MSG_FIELD_CURRENCY},
        {"{\"code\":\"1\",\"customer\":1,\"currency\":\"JPY\",\"net\":5.5}", "net", MSG_FIELD_DECIMALS},
        {"{\"code\":\"1\",\"customer\":1,\"net\":\"abc\"}", "net", MSG_FIELD_TYPE},
    };
    struct fixture *x = *state;
    struct err err = {0};

    fixture_put(x, "customer", "{\"name\":\"A\"}");
    must(fixture_unit(x, add_rates, NULL));
    ROW(rows, i)
    {
        if (fixture_write(x, WRITE_CREATE, "order", 0, 0, rows[i].json, NULL) != ERR_INVALID ||
            fixture_error(x, rows[i].field) != rows[i].msg || x->errs.n != 1)
            fail_msg("row %zu: %s: %s, %zu errors", i, rows[i].field,
                     err_msg_key(fixture_error(x, rows[i].field)), x->errs.n);
    }
}

/* ---- reactors ---- */

struct seen {
    int events, creates, ends, flushes;
    int64_t refuse_id; /* on_write fails for this record */
    int mark_again;    /* the second reactor marks the first this many times */
};
static struct seen seen; /* of the test running: a reactor has no argument of its own */
static void *
probe_create(void)
{
    return calloc(1, 8);
}
extern const struct reactor PROBE_A, PROBE_B;
static enum err_code
probe_write(struct ctx *ctx, const struct write_event *ev, struct err *err)
{
    int64_t *marks = txn_state(ctx, &PROBE_A);

    ++*marks;
    seen.events++;
    seen.creates += !ev->before;
    seen.ends += !ev->after;
    if (ev->id == seen.refuse_id)
        return err_field(err, MSG_RECORD_REQUIRED, "note", "label", "Note", NULL);
    return ERR_OK;
}
static enum err_code
probe_flush_a(struct ctx *ctx, struct err *err)
{
    int64_t *marks = txn_state(ctx, &PROBE_A);

    (void)err;
    *marks = 0;
    seen.flushes++;
    return ERR_OK;
}
static enum err_code
probe_flush_b(struct ctx *ctx, struct err *err)
{
    (void)err;
    if (seen.mark_again > 0) {
        seen.mark_again--;
        (void)txn_state(ctx, &PROBE_A);
        (void)txn_state(ctx, &PROBE_B);
        /* a reactor's own flush does not mark it; so B runs again only when A marks it */
    }
    return ERR_OK;
}
extern const struct reactor PING, PONG;
static enum err_code
ping_flush(struct ctx *ctx, struct err *err)
{
    (void)err;
    (void)txn_state(ctx, &PONG);
    return ERR_OK;
}
static enum err_code
pong_flush(struct ctx *ctx, struct err *err)
{
    (void)err;
    (void)txn_state(ctx, &PING);
    return ERR_OK;
}
const struct reactor PROBE_A = {.name = "a",
                                .on_write = probe_write,
                                .flush = probe_flush_a,
                                .state_create = probe_create,
                                .state_free = free};
const struct reactor PROBE_B = {
    .name = "b", .flush = probe_flush_b, .state_create = probe_create, .state_free = free};
const struct reactor PING = {.name = "ping", .flush = ping_flush};
const struct reactor PONG = {.name = "pong", .flush = pong_flush};

static void
test_reactor_events(void **state)
{
    static const struct reactor *const list[] = {&PROBE_A, NULL};
    struct fixture *x = *state;
    int64_t id;

    seen = (struct seen){.refuse_id = -1};
    x->reactors = list;
    id = fixture_put(x, "customer", "{\"name\":\"A\"}");
    fixture_set(x, "customer", id, "{\"name\":\"B\"}");
    assert_int_equal(seen.events, 2);
    assert_int_equal(seen.creates, 1);
    assert_int_equal(fixture_write(x, WRITE_DELETE, "customer", id, 0, NULL, NULL), ERR_OK);
    assert_int_equal(seen.ends, 1);
    /* the purge of what was in the bin is no second end */
    assert_int_equal(fixture_write(x, WRITE_PURGE, "customer", id, 0, NULL, NULL), ERR_OK);
    assert_int_equal(seen.events, 3);
    assert_int_equal(seen.flushes, 4);
}

static void
test_reactor_refuses(void **state)
{
    static const struct reactor *const list[] = {&PROBE_A, NULL};
    struct fixture *x = *state;
    int64_t n, before = query_i64(x->db, "select count(*) from change");
    struct err err = {0};

    seen = (struct seen){.refuse_id = 1};
    x->reactors = list;
    assert_int_equal(fixture_write(x, WRITE_CREATE, "customer", 0, 0, "{\"name\":\"甲\"}", NULL),
                     ERR_INVALID);
    assert_int_equal(fixture_error(x, "note"), MSG_RECORD_REQUIRED);
    assert_int_equal(query_i64(x->db, "select count(*) from o_customer"), 0);
    assert_int_equal(query_i64(x->db, "select count(*) from change"), before);
    assert_int_equal(query_i64(x->db, "select count(*) from search_fts where search_fts match '\"n甲\"'"), 0);
    must(change_verify(&x->ctx, &n, &err));
}

static enum err_code
good_bad_good(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct fixture *x = arg;
    struct field_value v = {fixture_field(x, "customer", "name"), value_text(STRV("A"))};
    struct write w = {.kind = WRITE_CREATE, .object = fixture_object(x, "customer"), .values = &v, .n = 1};
    struct write_result out;

    (void)more;
    for (int i = 0; i < 3; i++) {
        struct err own = {0};

        seen.refuse_id = i == 1 ? 2 : -1;
        if (record_write(ctx, &w, &out, NULL, &own) != (i == 1 ? ERR_INVALID : ERR_OK))
            return err_set(err, MSG_INTERNAL, "what", "unexpected", NULL);
    }
    return ERR_OK;
}

/* A row that is refused late leaves the transaction fit for the next: imports rely on it. */
static void
test_go_on_after_refusal(void **state)
{
    static const struct reactor *const list[] = {&PROBE_A, NULL};
    struct fixture *x = *state;
    struct err err = {0};
    int64_t n;

    seen = (struct seen){.refuse_id = -1};
    x->reactors = list;
    must(fixture_unit(x, good_bad_good, x));
    assert_int_equal(query_i64(x->db, "select count(*) from o_customer"), 2);
    must(change_verify(&x->ctx, &n, &err));
    assert_int_equal(n, 3);
    /* one operation, begun by its first change */
    assert_int_equal(query_i64(x->db, "select count(distinct operation) from change where seq > 1"), 1);
    assert_int_equal(query_i64(x->db, "select min(operation) from change where seq > 1"), 2);
}

static enum err_code
refused_delete(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct fixture *x = arg;
    struct write w = {.kind = WRITE_DELETE, .object = fixture_object(x, "customer"), .id = 1};
    struct write_result out;
    struct err first = {0};

    (void)more;
    (void)err;
    assert_int_equal(record_write(ctx, &w, &out, NULL, &first), ERR_INVALID);
    return ERR_OK; /* a caller that goes on all the same */
}

/* What cannot be taken back makes the unit fail, whatever its caller says. */
static void
test_broken_unit(void **state)
{
    static const struct reactor *const list[] = {&PROBE_A, NULL};
    struct fixture *x = *state;

    fixture_put(x, "customer", "{\"name\":\"A\"}");
    seen = (struct seen){.refuse_id = 1};
    x->reactors = list;
    assert_int_equal(fixture_unit(x, refused_delete, x), ERR_INTERNAL);
    assert_int_equal(query_i64(x->db, "select count(*) from o_customer where deleted_at is null"), 1);
    assert_int_equal(live(x, "customer"), 1);
}

static void
test_flush_rounds(void **state)
{
    static const struct reactor *const list[] = {&PROBE_A, &PROBE_B, NULL};
    static const struct reactor *const endless[] = {&PING, &PONG, NULL};
    struct fixture *x = *state;

    seen = (struct seen){.refuse_id = -1, .mark_again = 1};
    x->reactors = list;
    fixture_put(x, "customer", "{\"name\":\"A\"}");
    assert_int_equal(seen.flushes, 2);
    /* two that never come to rest are stopped, and the write is undone */
    x->reactors = endless;
    assert_int_equal(fixture_write(x, WRITE_CREATE, "customer", 0, 0, "{\"name\":\"B\"}", NULL),
                     ERR_INTERNAL);
    assert_int_equal(query_i64(x->db, "select count(*) from o_customer"), 1);
}

static void
test_savepoint_leaves_no_trace(void **state)
{
    struct fixture *x = *state;
    struct err err = {0};
    int64_t n, seq, seq_after;

    must(change_last_seq(&x->ctx, &seq, &err));
    must(db_savepoint(x->db, &err));
    fixture_put(x, "customer", "{\"name\":\"轻烟\"}");
    db_rollback_savepoint(x->db);
    must(change_last_seq(&x->ctx, &seq_after, &err));
    assert_int_equal(seq, seq_after);
    assert_int_equal(query_i64(x->db, "select count(*) from o_customer"), 0);
    assert_int_equal(query_i64(x->db, "select count(*) from search_fts where search_fts match '\"n轻烟\"'"),
                     0);
    assert_int_equal(fixture_put(x, "customer", "{\"name\":\"B\"}"), 1);
    must(change_verify(&x->ctx, &n, &err));
    assert_int_equal(n, seq + 1);
}

static enum err_code
set_derived(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct fixture *x = arg;
    const struct field_value c[] = {
        {fixture_field(x, "customer", "purchase_count"), value_int(3)},
        {fixture_field(x, "customer", "revenue"), {.kind = VAL_MONEY, .i = 4200}},
        {fixture_field(x, "customer", "tier"), value_text(STRV("vip"))},
    };
    const struct field_value o[] = {{fixture_field(x, "order", "net"), {.kind = VAL_MONEY, .i = 1000}}};

    (void)more;
    return record_set_derived(ctx, c[0].field->object, 1, c, 3, err) ||
                   record_set_derived(ctx, o[0].field->object, 1, o, 1, err)
               ? err->code
               : ERR_OK;
}

static void
test_set_derived(void **state)
{
    struct fixture *x = *state;
    struct err err = {0};
    int64_t seq, seq_after;
    json_t *j;

    must(fixture_unit(x, add_rates, NULL));
    fixture_put(x, "customer", "{\"name\":\"A\"}");
    fixture_put(
        x, "order",
        "{\"code\":\"1\",\"customer\":1,\"currency\":\"USD\",\"ordered_at\":\"2024-05-01T01:00:00Z\"}");
    must(change_last_seq(&x->ctx, &seq, &err));
    must(fixture_unit(x, set_derived, x));
    must(change_last_seq(&x->ctx, &seq_after, &err));
    assert_int_equal(seq, seq_after);
    j = fixture_get(x, "customer", 1);
    assert_int_equal(json_get_i64(j, "rev", 0), 1);
    assert_int_equal(json_get_i64(j, "purchase_count", 0), 3);
    assert_int_equal(money_part(j, "revenue", "amount"), 4200);
    assert_true(strv_is(json_get_sv(j, "tier"), "vip"));
    j = fixture_get(x, "order", 1);
    assert_true(strv_is(json_get_sv(json_object_get(j, "net"), "currency"), "USD"));
    assert_int_equal(column(x, "order", "net_base", 1), 7000);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(test_statements),
        T(test_create_and_read),
        T(test_default_from),
        T(test_all_errors_at_once),
        T(test_typed_values_are_checked_too),
        T(test_body_must_be_an_object),
        T(test_update_and_stale),
        T(test_bin_restore_purge),
        T(test_unique),
        T(test_references),
        T(test_money_base),
        T(test_money_errors),
        T(test_reactor_events),
        T(test_reactor_refuses),
        T(test_go_on_after_refusal),
        T(test_flush_rounds),
        T(test_broken_unit),
        T(test_savepoint_leaves_no_trace),
        T(test_set_derived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
