/* test_record_undo.c - what an operation did is taken back, what others did since stays. */
#include "record_fixture.h"

#include "core/json.h"
#include "record/change.h"
#include "record/undo.h"
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

static int64_t
last_seq(struct fixture *x)
{
    return query_i64(x->db, "select max(seq) from change");
}

struct call {
    struct fixture *x;
    int64_t operation;
    bool dry;
    struct undo_report report;
};

static enum err_code
undo_unit(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct call *c = arg;

    (void)more;
    return undo_operation(ctx, c->operation, c->dry, &c->report, err);
}

static struct undo_report
undo(struct fixture *x, int64_t operation)
{
    struct call c = {.x = x, .operation = operation, .report.arena = x->arena};

    assert_int_equal(shown(fixture_unit(x, undo_unit, &c), &x->err), ERR_OK);
    return c.report;
}

static bool
binned(struct fixture *x, int64_t id)
{
    char sql[96];

    snprintf(sql, sizeof sql, "select deleted_at is not null from o_customer where id = %lld", (long long)id);
    return query_i64(x->db, sql) != 0;
}

static void
expect(struct fixture *x, int64_t id, const char *field, const char *want)
{
    json_t *v = json_object_get(fixture_get(x, "customer", id), field);

    if (want)
        assert_string_equal(json_string_value(v), want);
    else
        assert_true(json_is_null(v));
}

/* An update goes back; undoing the undo brings it again; and so on. */
static void
test_update_and_redo(void **state)
{
    struct fixture *x = *state;
    int64_t id = fixture_put(x, "customer", "{\"name\":\"A\",\"city\":\"上海\"}"), op, n;
    struct undo_report r;
    struct err err = {0};

    fixture_set(x, "customer", id, "{\"city\":\"北京\",\"industry\":\"机械\"}");
    op = last_seq(x);
    r = undo(x, op);
    assert_int_equal(r.fields, 2);
    assert_int_equal(r.records, 1);
    assert_int_equal(r.n_conflicts, 0);
    expect(x, id, "city", "上海");
    expect(x, id, "industry", NULL);
    /* the same again has nothing to do, and leaves no trace */
    n = last_seq(x);
    assert_int_equal(undo(x, op).operation, 0);
    assert_int_equal(last_seq(x), n);
    for (int i = 0; i < 4; i++) {
        r = undo(x, r.operation);
        assert_int_equal(r.fields, 2);
        expect(x, id, "city", i % 2 == 0 ? "北京" : "上海");
        expect(x, id, "industry", i % 2 == 0 ? "机械" : NULL);
    }
    assert_int_equal(query_i64(x->db, "select count(*) from operation_undo"), 5);
    must(change_verify(&x->ctx, &n, &err));
}

/* Fields changed since are left alone and named; changed there and back they are the operation's again. */
static void
test_conflicts(void **state)
{
    struct fixture *x = *state;
    int64_t id = fixture_put(x, "customer", "{\"name\":\"A\",\"city\":\"上海\",\"industry\":\"纺织\"}"), op;
    struct undo_report r;

    fixture_set(x, "customer", id, "{\"city\":\"北京\",\"industry\":\"机械\",\"province\":\"北京\"}");
    op = last_seq(x);
    fixture_set(x, "customer", id, "{\"city\":\"广州\",\"industry\":\"食品\"}");
    fixture_set(x, "customer", id, "{\"industry\":\"机械\"}");
    r = undo(x, op);
    assert_int_equal(r.fields, 2);
    assert_int_equal(r.n_conflicts, 1);
    assert_string_equal(r.conflicts[0].field->name, "city");
    assert_int_equal(r.conflicts[0].why, UNDO_CHANGED);
    expect(x, id, "city", "广州");
    expect(x, id, "industry", "纺织");
    expect(x, id, "province", NULL);
}

static void
test_create_and_delete(void **state)
{
    struct fixture *x = *state;
    int64_t id = fixture_put(x, "customer", "{\"name\":\"A\"}"), created = last_seq(x), deleted;
    struct undo_report r = undo(x, created);

    assert_int_equal(r.binned, 1);
    assert_true(binned(x, id));
    r = undo(x, r.operation); /* redo */
    assert_int_equal(r.unbinned, 1);
    assert_false(binned(x, id));
    assert_int_equal(fixture_write(x, WRITE_DELETE, "customer", id, 0, NULL, NULL), ERR_OK);
    deleted = last_seq(x);
    r = undo(x, deleted);
    assert_int_equal(r.unbinned, 1);
    assert_false(binned(x, id));
    /* edited since: the creation is not taken away under the editor's hands */
    fixture_set(x, "customer", id, "{\"city\":\"上海\"}");
    r = undo(x, created);
    assert_int_equal(r.operation, 0);
    assert_int_equal(r.n_conflicts, 1);
    assert_false(binned(x, id));
    /* purged: it cannot come back */
    assert_int_equal(fixture_write(x, WRITE_DELETE, "customer", id, 0, NULL, NULL), ERR_OK);
    deleted = last_seq(x);
    assert_int_equal(fixture_write(x, WRITE_PURGE, "customer", id, 0, NULL, NULL), ERR_OK);
    r = undo(x, deleted);
    assert_int_equal(r.records, 0);
    assert_int_equal(r.conflicts[0].why, UNDO_GONE);
}

/* What the write refuses is listed; the rest of the fields goes back. */
static void
test_refusals(void **state)
{
    struct fixture *x = *state;
    int64_t a = fixture_put(x, "customer", "{\"name\":\"A\",\"code\":\"K1\",\"city\":\"上海\"}"), op;
    struct undo_report r;

    fixture_set(x, "customer", a, "{\"code\":\"K2\",\"city\":\"北京\"}");
    op = last_seq(x);
    fixture_put(x, "customer", "{\"name\":\"B\",\"code\":\"K1\"}");
    r = undo(x, op);
    assert_int_equal(r.fields, 1);
    assert_int_equal(r.n_conflicts, 1);
    assert_int_equal(r.conflicts[0].why, UNDO_REFUSED);
    assert_string_equal(r.conflicts[0].field->name, "code");
    expect(x, a, "city", "上海");
    expect(x, a, "code", "K2");
    /* a customer to whom something belongs does not go */
    op = query_i64(x->db, "select min(seq) from change where record_id = 2 and kind = 1");
    fixture_put(x, "contact", "{\"customer\":2,\"name\":\"张三\"}");
    r = undo(x, op);
    assert_int_equal(r.binned, 0);
    assert_int_equal(r.n_conflicts, 1);
    assert_int_equal(r.conflicts[0].err.msg, MSG_RECORD_POINTED_AT);
    assert_false(binned(x, 2));
}

/* Values from before that were erased cannot come back. */
static void
test_erased(void **state)
{
    struct fixture *x = *state;
    int64_t id = fixture_put(x, "customer", "{\"name\":\"A\",\"city\":\"上海\"}");
    struct undo_report r;

    fixture_set(x, "customer", id, "{\"city\":\"北京\"}");
    exec_ok(x->db, "delete from change_payload");
    r = undo(x, last_seq(x));
    assert_int_equal(r.records, 0);
    assert_int_equal(r.conflicts[0].why, UNDO_ERASED);
    expect(x, id, "city", "北京");
}

static void
test_no_such(void **state)
{
    struct fixture *x = *state;
    struct call c = {.x = x, .operation = 999, .report.arena = x->arena};

    assert_int_equal(fixture_unit(x, undo_unit, &c), ERR_NOT_FOUND);
}

/* ---- bulk ---- */
enum { ROWS = 300 };

static enum err_code
import_like(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct fixture *x = arg;
    const struct object *customer = fixture_object(x, "customer"), *contact = fixture_object(x, "contact");
    int64_t op;

    (void)more;
    if (operation_begin(ctx, "import", STRV("客户.csv"), &op, err))
        return err->code;
    for (int i = 0; i < ROWS; i++) {
        struct field_value name = {fixture_field(x, "customer", "name"), value_text(STRV("行"))};
        struct field_value city = {fixture_field(x, "customer", "city"), value_text(STRV("苏州"))};
        struct write w = {.kind = WRITE_CREATE, .object = customer, .values = &name, .n = 1};
        struct write_result r;

        if (record_write(ctx, &w, &r, NULL, err))
            return err->code;
        struct write u = {.kind = WRITE_UPDATE, .object = customer, .id = r.id, .values = &city, .n = 1};
        struct field_value of[] = {{fixture_field(x, "contact", "customer"), value_int(r.id)},
                                   {fixture_field(x, "contact", "name"), value_text(STRV("人"))}};
        struct write k = {.kind = WRITE_CREATE, .object = contact, .values = of, .n = 2};
        struct write_result unused;
        if (record_write(ctx, &u, &unused, NULL, err) || record_write(ctx, &k, &unused, NULL, err))
            return err->code;
    }
    struct field_value old = {fixture_field(x, "customer", "city"), value_text(STRV("无锡"))};
    struct write u = {.kind = WRITE_UPDATE, .object = customer, .id = 1, .values = &old, .n = 1};
    struct write_result r;
    if (record_write(ctx, &u, &r, NULL, err))
        return err->code;
    return operation_finish(ctx, op, "done", STRV("{}"), err);
}

/* Slices without a writer thread: each in a savepoint, `more` again; one of them is lost and runs again. */
static enum err_code
in_writer(void *arg, enum err_code (*fn)(struct ctx *, void *, bool *, struct err *), void *fn_arg,
          int64_t operation, struct err *out)
{
    struct fixture *x = arg;
    bool more = true;

    while (more && out->code == ERR_OK) {
        struct err err = {0};

        more = false;
        must(db_savepoint(x->db, &err));
        if (unit_run(x->db, &x->ctx, true, operation, x->reactors, fn, fn_arg, &more, out) != ERR_OK)
            db_rollback_savepoint(x->db);
        else
            must(db_release_savepoint(x->db, &err));
    }
    return out->code;
}

static void
test_bulk(void **state)
{
    struct fixture *x = *state;
    int64_t old = fixture_put(x, "customer", "{\"name\":\"A\",\"city\":\"上海\"}"), n;
    struct undo_report r = {.arena = x->arena};
    struct undo_run run = {.operation = 3, .base = &x->ctx, .in_writer = in_writer, .writer_arg = x};
    struct call c = {.x = x, .operation = 3, .report.arena = x->arena};
    struct err err = {0};

    assert_int_equal(old, 1);
    assert_int_equal(fixture_unit(x, import_like, x), ERR_OK);
    /* somebody works on one of the new ones and deletes another */
    fixture_set(x, "customer", 10, "{\"city\":\"昆山\"}");
    assert_int_equal(fixture_write(x, WRITE_DELETE, "contact", 20, 0, NULL, NULL), ERR_OK);
    assert_int_equal(fixture_unit(x, undo_unit, &c), ERR_LIMIT);
    must(undo_in_slices(&run, &r, &err));
    /* all but number 10; its contact went all the same, contact 20 was in the bin already */
    assert_int_equal(r.binned, 2 * ROWS - 2);
    assert_int_equal(r.n_conflicts, 1);
    assert_int_equal(r.conflicts[0].id, 10);
    expect(x, old, "city", "上海");
    assert_int_equal(query_i64(x->db, "select count(*) from o_customer where deleted_at is null"), 2);
    assert_int_equal(query_i64(x->db, "select count(*) from o_contact where deleted_at is null"), 0);
    /* redo brings them back, those that somebody else deleted not */
    run.operation = r.operation;
    must(undo_in_slices(&run, &r, &err));
    assert_int_equal(r.unbinned, 2 * ROWS - 2);
    assert_int_equal(query_i64(x->db, "select count(*) from o_customer where deleted_at is null"), ROWS + 1);
    assert_int_equal(query_i64(x->db, "select count(*) from o_contact where deleted_at is null"), ROWS - 1);
    expect(x, old, "city", "无锡");
    must(change_verify(&x->ctx, &n, &err));
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
    const struct CMUnitTest tests[] = {T(test_update_and_redo),
                                       T(test_conflicts),
                                       T(test_create_and_delete),
                                       T(test_refusals),
                                       T(test_erased),
                                       T(test_no_such),
                                       T(test_bulk)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
