/* test_record_log.c - the log: entries, payloads, chain, operations; idempotency. */
#include "record_fixture.h"

#include "core/dates.h"
#include "core/json.h"
#include "record/change.h"
#include "record/unit.h"

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

/* One text of one row. */
static const char *
query_text(struct fixture *x, const char *sql)
{
    struct err err = {0};
    struct db_stmt *st = NULL;
    struct strv s;
    const char *text;

    must(db_prepare_text(x->db, strv_of(sql), &st, &err));
    must(db_step_one(st, &err));
    s = db_col_text(st, 0);
    text = arena_strdup(x->arena, s.p, s.n);
    db_release(st);
    return text;
}

static void
test_entries(void **state)
{
    struct fixture *x = *state;
    int64_t id = fixture_put(x, "customer", "{\"name\":\"A\",\"city\":\"上海\"}");
    char want[100];

    fixture_set(x, "customer", id, "{\"city\":\"北京\",\"phone\":\"13800001111\"}");
    assert_int_equal(query_i64(x->db, "select count(*) from change"), 3);
    assert_int_equal(
        query_i64(x->db, "select count(*) from change where actor = 1 and door = 0 and at = 1714554000000"),
        2);
    /* a create has no payload; an update the values before, by field id */
    assert_int_equal(query_i64(x->db, "select count(*) from change_payload"), 1);
    snprintf(want, sizeof want, "{\"%d\":\"上海\",\"%d\":null}", fixture_field(x, "customer", "city")->id,
             fixture_field(x, "customer", "phone")->id);
    assert_string_equal(query_text(x, "select payload from change_payload where seq = 3"), want);
    snprintf(want, sizeof want, "[%d,%d]", fixture_field(x, "customer", "city")->id,
             fixture_field(x, "customer", "phone")->id);
    assert_string_equal(query_text(x, "select fields from change where seq = 3"), want);
    assert_int_equal(query_i64(x->db, "select length(salt) from change_payload"), 16);
    assert_int_equal(query_i64(x->db, "select operation from change where seq = 3"), 3);
}

static void
test_purge_payload(void **state)
{
    struct fixture *x = *state;
    int64_t id = fixture_put(x, "customer", "{\"name\":\"A\"}");
    json_t *j = NULL;
    struct err err = {0};
    char key[24];

    assert_int_equal(fixture_write(x, WRITE_PURGE, "customer", id, 0, NULL, NULL), ERR_OK);
    must(json_read(x->arena, strv_of(query_text(x, "select payload from change_payload where seq = 3")),
                   &JSON_REQUEST_LIMITS, "", &j, &err));
    assert_true(strv_is(json_get_sv(j, err_i64(key, fixture_field(x, "customer", "name")->id)), "A"));
    assert_int_equal(json_get_i64(j, err_i64(key, fixture_field(x, "customer", "created_at")->id), 0),
                     FIXTURE_NOW);
    /* the demo goes without a trace of its data */
    id = fixture_put(x, "customer", "{\"name\":\"B\"}");
    x->ctx.door = DOOR_DEMO;
    assert_int_equal(fixture_write(x, WRITE_PURGE, "customer", id, 0, NULL, NULL), ERR_OK);
    assert_int_equal(query_i64(x->db, "select count(*) from change_payload"), 1);
}

/* What is changed behind the program's back, and the entry that is named. */
static void
test_tampering_is_found(void **state)
{
    static const struct {
        const char *sql;
        const char *seq; /* NULL: still whole */
    } rows[] = {
        {"select 1", NULL},
        {"update change set at = at + 1 where seq = 3", "3"},
        {"update change set actor = 7 where seq = 2", "2"},
        {"update change set fields = '[1]' where seq = 4", "4"},
        {"update change set hash = zeroblob(32) where seq = 4", "4"},
        {"update change set payload_hash = x'' where seq = 4", "4"},
        {"update change_payload set payload = '{}' where seq = 4", "4"},
        {"update change_payload set salt = zeroblob(16) where seq = 4", "4"},
        {"delete from change where seq = 3", "4"},
        {"delete from change where seq = 1", "2"},
        /* the last one: what it kept is still there */
        {"delete from change where seq = 4", "4"},
        /* two in each other's place */
        {"update change set seq = case seq when 2 then -3 else -2 end where seq in (2, 3);"
         "update change set seq = -seq where seq < 0",
         "2"},
        {"insert into change_payload (seq, salt, payload) values (2, zeroblob(16), '{}')", "2"},
        /* erasing a person: payload and salt go, the chain stays whole */
        {"delete from change_payload where seq = 4", NULL},
    };
    struct fixture *x = *state;
    int64_t n;

    fixture_put(x, "customer", "{\"name\":\"A\"}");
    fixture_put(x, "customer", "{\"name\":\"B\"}");
    fixture_set(x, "customer", 2, "{\"name\":\"C\"}");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct err err = {0}, found = {0};
        enum err_code rc;

        must(db_savepoint(x->db, &err));
        exec_ok(x->db, rows[i].sql);
        rc = change_verify(&x->ctx, &n, &found);
        if (rc != (rows[i].seq ? ERR_CORRUPT : ERR_OK))
            fail_msg("%s: code %d", rows[i].sql, (int)rc);
        if (rows[i].seq)
            assert_string_equal(err_param(&found, "seq"), rows[i].seq);
        else
            assert_int_equal(n, 4);
        db_rollback_savepoint(x->db);
    }
}

static enum err_code
begin_op(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    (void)more;
    return operation_begin(ctx, "import", STRV("客户.csv"), arg, err);
}

static enum err_code
one_customer(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct field_value v = {arg, value_text(STRV("A"))};
    struct write w = {.kind = WRITE_CREATE, .object = v.field->object, .values = &v, .n = 1};
    struct write_result out;

    (void)more;
    return record_write(ctx, &w, &out, NULL, err);
}

static enum err_code
finish_op(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    (void)more;
    return operation_finish(ctx, *(int64_t *)arg, "done", STRV("{\"rows\":2}"), err);
}

static void
test_operation(void **state)
{
    struct fixture *x = *state;
    struct err err = {0};
    void *name = (void *)(uintptr_t)fixture_field(x, "customer", "name");
    int64_t op = 0, n;

    must(fixture_unit(x, begin_op, &op));
    assert_int_equal(op, 2);
    must(unit_run(x->db, &x->ctx, true, op, NULL, one_customer, name, NULL, &err));
    fixture_put(x, "customer", "{\"name\":\"someone else meanwhile\"}");
    must(unit_run(x->db, &x->ctx, true, op, NULL, one_customer, name, NULL, &err));
    must(fixture_unit(x, finish_op, &op));
    assert_int_equal(query_i64(x->db, "select count(*) from change where operation = 2"), 3);
    assert_int_equal(query_i64(x->db, "select operation from change where seq = 4"), 4);
    assert_string_equal(
        query_text(x, "select status || ' ' || label || ' ' || summary from operation where id = 2"),
        "done 客户.csv {\"rows\":2}");
    assert_int_equal(query_i64(x->db, "select last_seq from operation where id = 2"), 5);
    must(change_verify(&x->ctx, &n, &err));
    assert_int_equal(n, 5);
}

static void
test_idempotency(void **state)
{
    struct fixture *x = *state;
    struct ctx *ctx = &x->ctx;
    struct idem_answer a;
    struct err err = {0};
    const struct strv key = STRV("k-1"), route = STRV("POST /api/v1/customer"),
                      body = STRV("{\"name\":\"A\"}");
    char many[300];

    must(idem_lookup(ctx, key, route, body, &a, &err));
    assert_false(a.found);
    must(idem_store(ctx, key, route, body, 201, STRV("{\"id\":1}"), &err));
    must(idem_lookup(ctx, key, route, body, &a, &err));
    assert_true(a.found);
    assert_int_equal(a.status, 201);
    assert_true(strv_is(a.body, "{\"id\":1}"));
    /* the same key for something else */
    assert_int_equal(idem_lookup(ctx, key, route, STRV("{\"name\":\"B\"}"), &a, &err), ERR_CONFLICT);
    err = (struct err){0};
    assert_int_equal(idem_lookup(ctx, key, STRV("POST /api/v1/order"), body, &a, &err), ERR_CONFLICT);
    /* another actor has keys of his own */
    err = (struct err){0};
    ctx->actor = 2;
    must(idem_lookup(ctx, key, route, body, &a, &err));
    assert_false(a.found);
    ctx->actor = FIXTURE_USER;
    /* after 24 hours it is forgotten, and pruned by the next one */
    ctx->now += MS_DAY;
    must(idem_lookup(ctx, key, route, body, &a, &err));
    assert_false(a.found);
    must(idem_store(ctx, STRV("k-2"), route, body, 201, STRV("{}"), &err));
    assert_int_equal(query_i64(x->db, "select count(*) from idempotency"), 1);
    /* length of the key */
    memset(many, 'k', sizeof many);
    assert_int_equal(idem_lookup(ctx, (struct strv){many, 0}, route, body, &a, &err), ERR_BAD_REQUEST);
    err = (struct err){0};
    must(idem_lookup(ctx, (struct strv){many, 200}, route, body, &a, &err));
    assert_int_equal(idem_store(ctx, (struct strv){many, 201}, route, body, 201, body, &err),
                     ERR_BAD_REQUEST);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
    const struct CMUnitTest tests[] = {T(test_entries), T(test_purge_payload), T(test_tampering_is_found),
                                       T(test_operation), T(test_idempotency)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
