/* test_import_resume.c - an import that is broken off goes on behind the last row that is in, with the same
 * outcome as one that is not; cells put right in the preview; uploads. */
#include "import_runner.h"

#include <unistd.h>

#include "core/json.h"
#include "record/import_store.h"
#include "unit.h"

struct run {
    struct fixture x;
    struct runner r;
    struct import_counts c;
    struct err err;
    char path[128], errors[160];
    struct strbuf mark; /* of the last slice */
};

#define LINES                                                                                                \
    "{\"objects\":["                                                                                         \
    "{\"object\":\"customer\",\"key\":{\"code\":\"Customer\"},\"fields\":{\"name\":\"Name\",\"owner\":"      \
    "\"Owner\"}},"                                                                                           \
    "{\"object\":\"order\",\"key\":{\"code\":\"No\"},\"fields\":{\"ordered_at\":\"Date\"},\"refs\":{"        \
    "\"customer\":\"customer\"}},"                                                                           \
    "{\"object\":\"order_line\",\"key\":{\"source_key\":\"$row\"},\"fields\":{\"quantity\":\"Qty\",\"unit_"  \
    "price\":\"Price\"},"                                                                                    \
    "\"refs\":{\"order\":\"order\"}}]}"

enum { ROWS = 2600 };

static void
open_run(struct run *t)
{
    FILE *f;
    *t = (struct run){0};
    fixture_open(&t->x);
    t->x.ctx.door = DOOR_IMPORT;
    snprintf(t->path, sizeof t->path, "%s.csv", t->x.tmp.path);
    snprintf(t->errors, sizeof t->errors, "%s.errors.csv", t->x.tmp.path);
    f = fopen(t->path, "wb");
    assert_non_null(f);
    fputs("No,Customer,Name,Owner,Date,Qty,Price\n", f);
    for (int i = 1; i <= ROWS; i++) /* each third line equals the one before; names differ from row to row */
        fprintf(f, "%d,K%d,Name %d,%s,2024-01-02,%d,1.5\n", i / 6, i / 6 % 100, i,
                i == 700 || i == 2000 ? "nobody@nowhere.example" : "", i % 3 == 0 ? 2 : i % 3);
    assert_int_equal(fclose(f), 0);
}

static void
close_run(struct run *t)
{
    (void)unlink(t->path);
    (void)unlink(t->errors);
    strbuf_release(&t->mark);
    fixture_close(&t->x);
}

static enum err_code
keep_mark(void *arg, struct ctx *ctx, const struct import_mark *m, struct err *err)
{
    struct runner *r = arg;
    struct run *t = (struct run *)((char *)r - offsetof(struct run, r));
    (void)err;
    assert_non_null(ctx->txn);
    strbuf_clear(&t->mark);
    import_mark_json(m, &t->mark);
    return ERR_OK;
}

static enum err_code
go(struct run *t, const json_t *resume, const json_t *edits)
{
    struct import_source *s;
    struct import_map *m;
    struct err err = {0};
    must(import_open(t->path, &s, &err));
    must(import_map_parse(&t->x.ctx, fixture_object(&t->x, "order"), strv_of(LINES), s, &m, &err));
    import_close(s);
    t->r.x = &t->x;
    t->r.progress = 0;
    t->err = (struct err){0};
    struct import_run run = {.map = m,
                             .path = t->path,
                             .error_path = t->errors,
                             .arg = &t->r,
                             .in_writer = runner_in_writer,
                             .cancelled = runner_cancelled,
                             .seal = keep_mark,
                             .resume = resume,
                             .edits = edits,
                             .base = &t->x.ctx};
    return import_execute(&run, &t->c, &t->err);
}

static void
outcome(struct run *t, struct strbuf *out)
{
    strbuf_addf(out, "%lld/%lld/%lld", (long long)t->c.rows, (long long)t->c.imported,
                (long long)t->c.failed);
    for (size_t i = 0; i < t->c.n_per; i++)
        strbuf_addf(out, " %s %lld/%lld/%lld", t->c.per[i].object->name, (long long)t->c.per[i].created,
                    (long long)t->c.per[i].updated, (long long)t->c.per[i].unchanged);
    strbuf_addf(
        out, " names %s lines %lld qty %lld",
        runner_text(
            &t->x, "select group_concat(name, ',') from (select name from o_customer order by code limit 9)"),
        (long long)runner_sql(&t->x, "select count(*) from o_order_line"),
        (long long)runner_sql(&t->x, "select sum(quantity) from o_order_line"));
}

static void
test_goes_on(void **state)
{
    struct run whole, broken;
    struct strbuf want = {0}, got = {0}, first = {0};
    json_t *mark;
    struct err err = {0};
    open_run(&whole);
    assert_int_equal(go(&whole, NULL, NULL), ERR_OK);
    assert_int_equal(whole.c.failed, 2);
    outcome(&whole, &want);
    open_run(&broken);
    broken.r.cancel_after = 3;
    assert_int_equal(go(&broken, NULL, NULL), ERR_CANCELLED);
    assert_true(broken.c.rows >= 700 && broken.c.rows < ROWS); /* a row was refused before the break */
    must(json_read(broken.x.arena, strbuf_view(&broken.mark), &JSON_PACK_LIMITS, "", &mark, &err));
    assert_int_equal(json_array_size(json_object_get(mark, "left")), 1);
    broken.r.cancel_after = 0;
    assert_int_equal(go(&broken, mark, NULL), ERR_OK);
    outcome(&broken, &got);
    assert_string_equal(got.p, want.p);
    assert_int_equal(runner_sql(&broken.x, "select count(*) from operation where kind = 'import'"), 1);
    assert_string_equal(runner_text(&broken.x, "select status from operation where kind = 'import'"), "done");
    /* a third time from the very end: nothing more */
    must(json_read(broken.x.arena, strbuf_view(&broken.mark), &JSON_PACK_LIMITS, "", &mark, &err));
    assert_int_equal(go(&broken, mark, NULL), ERR_OK);
    outcome(&broken, &first);
    assert_string_equal(first.p, want.p);
    strbuf_release(&want);
    strbuf_release(&got);
    strbuf_release(&first);
    close_run(&whole);
    close_run(&broken);
}

/* The same file with more rows at its end adds only those; an order's other columns may change. */
static void
test_grown_file(void **state)
{
    struct run t;
    FILE *f;
    open_run(&t);
    assert_int_equal(go(&t, NULL, NULL), ERR_OK);
    assert_int_equal(runner_sql(&t.x, "select count(*) from o_order_line"), ROWS - 2);
    f = fopen(t.path, "ab");
    fputs("9999,K1,X,,2024-02-02,5,1.5\n9999,K1,X,,2024-02-02,5,1.5\n", f);
    fclose(f);
    assert_int_equal(go(&t, NULL, NULL), ERR_OK);
    assert_int_equal(runner_sql(&t.x, "select count(*) from o_order_line"), ROWS);
    close_run(&t);
}

static void
test_edits(void **state)
{
    struct run t;
    json_t *edits = json_pack("{s:{s:s},s:{s:s}}", "700", "Owner", "", "1", "Name", "改过");
    open_run(&t);
    assert_int_equal(go(&t, NULL, edits), ERR_OK);
    assert_int_equal(t.c.failed, 1);
    assert_string_equal(runner_text(&t.x, "select name from o_customer where code = 'K0'"), "改过");
    json_decref(edits);
    close_run(&t);
}

static enum err_code
add_upload(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct import_upload *u = arg;
    char dir[128];
    (void)more;
    snprintf(dir, sizeof dir, "/tmp/guanxi-uploads-%d", (int)getpid());
    return import_upload_add(ctx, dir, STRV("customer"), STRV("a.csv"), u->size, &u->id, err);
}

static void
test_uploads(void **state)
{
    struct run t;
    struct import_upload u = {.size = 10};
    struct err err = {0};
    open_run(&t);
    assert_int_equal(fixture_unit(&t.x, add_upload, &u), ERR_OK);
    must(import_upload_get(&t.x.ctx, u.id, &u, &err));
    assert_int_equal(import_upload_append(&t.x.ctx, &u, 0, STRV("code\n"), &err), ERR_OK);
    assert_int_equal(import_upload_append(&t.x.ctx, &u, 2, STRV("x"), &err), ERR_CONFLICT);
    err_clear(&err);
    assert_int_equal(import_upload_append(&t.x.ctx, &u, 5, STRV("123456"), &err), ERR_TOO_LARGE);
    err_clear(&err);
    assert_int_equal(import_upload_append(&t.x.ctx, &u, 5, STRV("12345"), &err), ERR_OK);
    assert_int_equal(import_upload_received(t.x.arena, &u), 10);
    t.x.ctx.actor = 77; /* somebody else's is not there */
    assert_int_equal(import_upload_get(&t.x.ctx, u.id, &u, &err), ERR_NOT_FOUND);
    t.x.ctx.actor = u.actor;
    err_clear(&err);
    u.size = IMPORT_FILE_MAX + 1;
    assert_int_equal(fixture_unit(&t.x, add_upload, &u), ERR_TOO_LARGE);
    (void)unlink(import_upload_file(t.x.arena, &u));
    close_run(&t);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_goes_on), cmocka_unit_test(test_grown_file),
                                       cmocka_unit_test(test_edits), cmocka_unit_test(test_uploads)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
