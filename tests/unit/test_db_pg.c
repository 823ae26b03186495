/* test_db_pg.c - the door to the database tried on PostgreSQL 15: the same statements give the same answers
 * on both engines, and errors, transactions, time limits and the writer behave as db.h and writer.h say.
 * Without PostgreSQL: skipped.
 */
#include "pg_server.h"
#include "prepare_all.h"

#include <pthread.h>

#include "db/db_engine.h"
#include "db/migrate.h"
#include "db/sql_table.h"
#include "db/writer.h"

static const char DROP[] = "drop schema public cascade; create schema public";

static int
group_setup(void **state)
{
    struct pg_server *s = calloc(1, sizeof *s);

    assert_non_null(s);
    *state = s;
    if (pg_start(s)) {
        return 0;
    }
    pg_stop(s);
    free(s);
    return -1;
}

static int
group_teardown(void **state)
{
    pg_stop(*state);
    free(*state);
    return 0;
}

/* A writing connection to an empty schema. */
static struct db *
fresh(const struct pg_server *s)
{
    struct db *db = open_db(s->url, DB_WRITER);

    exec_ok(db, DROP);
    return db;
}

/* ---- the same statements on both engines ---- */

static struct strv
trial_text(struct arena *a, const char *name, enum db_engine e)
{
    struct err err = {0};
    struct strv text;
    char path[300];

    (void)snprintf(path, sizeof path, "%s/trial_%s.pg.sql", TRIAL_DIR, name);
    if (e != DB_POSTGRES || !os_exists(path)) {
        (void)snprintf(path, sizeof path, "%s/trial_%s.sql", TRIAL_DIR, name);
    }
    must(os_read_file(a, path, 10000, &text, &err));
    return text;
}

static struct db_stmt *
trial(struct db *db, struct arena *a, const char *name)
{
    struct err err = {0};
    struct db_stmt *st = NULL;

    must(db_prepare_text(db, trial_text(a, name, db_engine(db)), &st, &err));
    return st;
}

/* Appends the rows that are left, one a line. */
static void
rows_out(struct db_stmt *st, struct strbuf *out)
{
    struct err err = {0};
    bool row;

    for (;;) {
        must(db_step(st, &row, &err));
        if (!row) {
            break;
        }
        for (int c = 0; c < db_col_count(st); c++) {
            strbuf_addv(out, db_col_null(st, c) ? STRV("(null)") : db_col_text(st, c));
            strbuf_addc(out, c + 1 < db_col_count(st) ? '|' : '\n');
        }
    }
    db_release(st);
}

static void
trial_fill(struct db *db, struct arena *a, struct strbuf *out)
{
    static const char *const TERMS[] = {"王 小 明 王小 小明 wangxiaoming wxm", "李 四 李四 lisi ls",
                                        "王 五 王五 wangwu ww"};
    static const char BYTES[] = {0, (char)0x80, '\\', 0};
    struct err err = {0};
    struct db_stmt *insert = trial(db, a, "insert"), *terms = trial(db, a, "terms"),
                   *upsert = trial(db, a, "upsert");

    must(db_begin(db, &err));
    for (int i = 1; i <= 30; i++) {
        char name[40];

        (void)snprintf(name, sizeof name, "客户 %02d 'Ä'", i);
        db_bind_i64(insert, db_param(insert, "id"), i);
        db_bind_text(insert, db_param(insert, "name"), strv_of(name));
        db_bind_i64(insert, db_param(insert, "tier"), i % 3);
        db_bind_i64(insert, db_param(insert, "amount"), i % 7 * 100);
        if (i % 2) {
            db_bind_blob(insert, db_param(insert, "photo"), BYTES, sizeof BYTES);
        } else {
            db_bind_null(insert, db_param(insert, "photo"));
        }
        must(db_run(insert, &err));
        assert_int_equal(db_changes(db), 1);
        db_bind_i64(terms, db_param(terms, "id"), i);
        db_bind_text(terms, db_param(terms, "terms"), strv_of(TERMS[i % 3]));
        must(db_run(terms, &err));
        db_bind_i64(upsert, db_param(upsert, "id"), i / 2); /* every id but the first comes twice */
        db_bind_i64(upsert, db_param(upsert, "trial"), i);
        db_bind_i64(upsert, db_param(upsert, "amount"), INT64_C(4000000000) + i);
        must(db_step_one(upsert, &err));
        strbuf_addf(out, "%lld ", (long long)db_col_i64(upsert, 0));
    }
    db_release(insert);
    db_release(terms);
    db_release(upsert);
    must(db_commit(db, &err));
}

static void
trial_run(const char *url, struct strbuf *out)
{
    struct arena *a = arena_create();
    struct err err = {0};
    struct db *w = open_db(url, DB_WRITER), *r;
    bool pg = db_engine(w) == DB_POSTGRES, scans;
    struct strbuf plan = {0};
    struct db_stmt *st;

    exec_ok(w, trial_text(a, "schema", db_engine(w)).p);
    trial_fill(w, a, out);
    r = open_db(url, DB_READER);
    st = trial(r, a, "list");
    db_bind_i64(st, 1, 2);
    db_bind_i64(st, 2, 400);
    db_bind_i64(st, 3, 11);
    rows_out(st, out);
    st = trial(r, a, "sum");
    db_bind_text(st, db_param(st, "from"), STRV("客户 1"));
    rows_out(st, out);
    st = trial(r, a, "search");
    db_bind_text(st, db_param(st, "query"), pg ? STRV("'小明' & 'wxm'") : STRV("小明 AND wxm"));
    db_bind_i64(st, db_param(st, "tier"), 0);
    rows_out(st, out);
    must(db_prepare_text(r, STRV("select photo, amount from trial where id = ?1"), &st, &err));
    db_bind_i64(st, 1, 3);
    must(db_step_one(st, &err));
    assert_int_equal(db_col_blob(st, 0).n, 4);
    assert_memory_equal(db_col_blob(st, 0).p, "\0\x80\\\0", 4);
    db_release(st);
    must(db_plan_scans(r, trial_text(a, "list", db_engine(r)), &scans, &plan, &err));
    strbuf_addf(out, "list scans: %d\n", scans);
    must(db_plan_scans(r, STRV("select id from trial where photo is null"), &scans, &plan, &err));
    strbuf_addf(out, "photo scans: %d\n", scans);
    must(db_plan_scans(r, STRV("select id from trial where tier = 1 order by photo"), &scans, &plan, &err));
    strbuf_addf(out, "other order scans: %d\n", scans);
    must(db_plan_scans(r, trial_text(a, "search", db_engine(r)), &scans, &plan, &err));
    print_message("%s", plan.p);
    strbuf_release(&plan);
    db_close(r);
    db_close(w);
    arena_free(a);
}

static void
test_same_answers(void **state)
{
    const struct pg_server *s = *state;
    struct tmpdb tmp;
    struct strbuf sqlite = {0}, pg = {0};

    db_close(fresh(s));
    tmpdb_make(&tmp);
    trial_run(tmp.path, &sqlite);
    trial_run(s->url, &pg);
    print_message("%s", sqlite.p);
    assert_string_equal(sqlite.p, pg.p);
    assert_non_null(strstr(pg.p, "客户 03 'Ä'"));
    assert_non_null(strstr(pg.p, "list scans: 0\nphoto scans: 1\nother order scans: 1\n"));
    strbuf_release(&sqlite);
    strbuf_release(&pg);
    tmpdb_remove(&tmp);
}

/* ---- db.h on PostgreSQL ---- */

static void
test_parameters(void **state)
{
    struct db *db = fresh(*state);
    struct err err = {0};
    struct db_stmt *st;

    must(db_prepare_text(
        db,
        STRV("select cast(?2 as bigint), cast(:b as text), cast(?1 as bigint)::text, ':no ?', :b "
             "\"a:b?\", cast(? as double precision), cast(:n as bigint)"),
        &st, &err));
    assert_int_equal(db_param(st, "b"), 3);
    assert_int_equal(db_param(st, "n"), 5);
    assert_int_equal(db_param(st, "no"), 0);
    db_bind_i64(st, 1, INT64_MIN);
    db_bind_i64(st, 2, INT64_MAX);
    db_bind_text(st, 3, STRV("二"));
    db_bind_f64(st, 4, 0.1);
    db_bind_null(st, 5);
    must(db_step_one(st, &err));
    assert_true(db_col_i64(st, 0) == INT64_MAX);
    assert_true(strv_is(db_col_text(st, 1), "二"));
    assert_true(db_col_i64(st, 2) == INT64_MIN);
    assert_true(strv_is(db_col_text(st, 3), ":no ?"));
    assert_true(strv_is(db_col_text(st, 4), "二"));
    assert_true(db_col_f64(st, 5) == 0.1);
    assert_true(db_col_null(st, 6));
    db_bind_i64(st, 6, 1);
    assert_int_equal(db_run(st, &err), ERR_DB);
    db_release(st);
    db_close(db);
}

static const char TABLES[] =
    "create table t (id bigint primary key, name text unique, n bigint);"
    "create table child (id bigint primary key, t bigint references t(id),"
    " later bigint constraint child_later references t(id) deferrable initially deferred)";

static void
test_errors(void **state)
{
    const struct pg_server *s = *state;
    struct db *db = fresh(s), *r;
    static const struct {
        const char *sql;
        enum err_code code;
        const char *constraint;
    } CASES[] = {
        {"insert into t (id, name) values (2, 'a')", ERR_CONFLICT, "t_name_key"},
        {"insert into t (id) values (1)", ERR_CONFLICT, "t_pkey"},
        {"insert into child (id, t) values (1, 99)", ERR_CONFLICT, "child_t_fkey"},
        {"insert into t (name) values ('no id')", ERR_DB, NULL},
        {"insert into t (id) values (cast('secret' as bigint))", ERR_DB, NULL},
        {"select * from nowhere", ERR_DB, NULL},
        {"select 1; select 2", ERR_DB, NULL},
    };

    exec_ok(db, TABLES);
    exec_ok(db, "insert into t (id, name) values (1, 'a')");
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct err err = {0};

        print_message("%s\n", CASES[i].sql);
        assert_int_equal(run_text(db, CASES[i].sql, &err), CASES[i].code);
        if (CASES[i].constraint) {
            assert_string_equal(err_param(&err, "constraint"), CASES[i].constraint);
        } else {
            assert_null(strstr(err_param(&err, "reason"), "secret"));
        }
    }
    r = open_db(s->url, DB_READER);
    {
        struct err err = {0};

        assert_int_equal(run_text(r, "insert into t (id) values (5)", &err), ERR_DB);
        err_clear(&err);
        db_set_deadline(r, 100);
        assert_int_equal(run_text(r, "select pg_sleep(20)", &err), ERR_TIMEOUT);
        db_set_deadline(r, 0);
        assert_int_equal(query_i64(r, "select count(*) from t"), 1);
        err_clear(&err);
        must(db_check(db, true, &err));
    }
    db_close(r);
    db_close(db);
}

static void
test_transactions(void **state)
{
    const struct pg_server *s = *state;
    struct db *db = fresh(s), *r = open_db(s->url, DB_READER);
    struct err err = {0};

    exec_ok(db, TABLES);
    must(db_begin_read(r, &err));
    assert_int_equal(query_i64(r, "select count(*) from t"), 0);
    must(db_begin(db, &err));
    exec_ok(db, "insert into t (id) values (1)");
    must(db_savepoint(db, &err));
    exec_ok(db, "insert into t (id) values (2)");
    must(db_savepoint(db, &err));
    assert_int_equal(run_text(db, "insert into t (id) values (2)", &err), ERR_CONFLICT);
    db_rollback_savepoint(db);
    err_clear(&err);
    must(db_release_savepoint(db, &err));
    must(db_commit(db, &err));
    assert_int_equal(query_i64(r, "select count(*) from t"), 0); /* one snapshot */
    db_end_read(r);
    assert_int_equal(query_i64(r, "select sum(id) from t"), 3);
    must(db_begin(db, &err));
    exec_ok(db, "insert into child (id, later) values (1, 77)");
    assert_int_equal(db_commit(db, &err), ERR_CONFLICT);
    assert_string_equal(err_param(&err, "constraint"), "child_later");
    err_clear(&err);
    assert_int_equal(query_i64(db, "select count(*) from child"), 0);
    must(db_begin(
        db, &err)); /* a failed statement whose error was ignored: nothing is committed, and it is said */
    assert_int_equal(run_text(db, "insert into t (id) values (1)", &err), ERR_CONFLICT);
    err_clear(&err);
    assert_int_equal(db_commit(db, &err), ERR_DB);
    db_close(r);
    db_close(db);
}

static void
test_schema_change_and_reconnect(void **state)
{
    const struct pg_server *s = *state;
    struct db *db = fresh(s), *other = open_db(s->url, DB_WRITER);
    struct err err = {0};

    exec_ok(db, TABLES);
    exec_ok(db, "insert into t (id) values (1)");
    assert_int_equal(query_i64(db, "select * from t"), 1);
    exec_ok(db, "alter table t add column more bigint"); /* prepared statements are made anew */
    assert_int_equal(query_i64(db, "select * from t"), 1);
    exec_ok(other, "alter table t drop column more");
    (void)run_text(db, "select * from t", &err); /* may fail once: it learns that its plan is old */
    assert_int_equal(query_i64(db, "select * from t"), 1);
    exec_ok(other, "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and "
                   "backend_type = 'client backend'");
    err_clear(&err);
    assert_int_equal(run_text(db, "select count(*) from t", &err), ERR_DB); /* the loss is told once */
    assert_int_equal(query_i64(db, "select count(*) from t"), 1);
    db_close(other);
    db_close(db);
}

static void
test_lock(void **state)
{
    const struct pg_server *s = *state;
    struct db *db = fresh(s), *other;
    struct err err = {0};
    int64_t from;

    exec_ok(db, TABLES);
    exec_ok(db, "insert into t (id, n) values (1, 0)");
    other = open_db(s->url, DB_WRITER);
    must(db_begin(other, &err));
    exec_ok(other, "update t set n = 1");
    from = os_mono_us();
    assert_int_equal(run_text(db, "update t set n = 2", &err), ERR_BUSY);
    assert_in_range(os_mono_us() - from, 1900000, 3500000);
    db_rollback(other);
    db_close(other);
    db_close(db);
}

static void
test_migrations(void **state)
{
    struct db *db = fresh(*state);
    struct err err = {0};
    static const struct migration_row OWN[] = {{1, "one", "create table m (a integer) strict",
                                                "create table m (a bigint); insert into m values (7)"},
                                               {2, "two", "insert into m values (1)", NULL},
                                               {0}};
    static const struct migration_row BROKEN[] = {{1, "one", "", NULL},
                                                  {2, "two", "", NULL},
                                                  {3, "three", "delete from m; select * from nowhere", NULL},
                                                  {0}};

    must(db_migrate_list(db, OWN, 5, &err));
    must(db_migrate_list(db, OWN, 6, &err));
    assert_int_equal(query_i64(db, "select sum(a) from m"), 8);
    assert_int_equal(db_migrate_list(db, BROKEN, 7, &err), ERR_DB);
    err_clear(&err);
    assert_int_equal(query_i64(db, "select sum(a) from m"), 8);
    exec_ok(db, DROP);
    must(db_migrate(db, 1, &err)); /* the product's own */
    assert_true(prepare_all(db, "db_", NULL) >= 3);
    db_close(db);
}

/* ---- the writer on PostgreSQL ---- */

struct producer {
    struct writer *w;
    pthread_t thread;
    int number, wrong;
};

static enum err_code
insert_fn(struct db *db, void *arg, bool *more, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code code = db_prepare_text(db, STRV("insert into t (id) values (?1)"), &st, err);

    (void)more;
    if (code == ERR_OK) {
        db_bind_i64(st, 1, *(const int64_t *)arg);
        code = db_run(st, err);
    }
    db_release(st);
    return code;
}

static void *
produce(void *arg)
{
    struct producer *p = arg;

    for (int i = 0; i < 30; i++) {
        int64_t id = i % 10 == 9 ? 1 : p->number * 1000 + i; /* each tenth collides */
        struct err err = {0};

        p->wrong += writer_run(p->w, false, insert_fn, &id, &err) != (i % 10 == 9 ? ERR_CONFLICT : ERR_OK);
    }
    return NULL;
}

/* The first run cuts the writer's own connection: the task is told nothing, the transaction is lost, it runs
 * again. */
static enum err_code
cut_fn(struct db *db, void *arg, bool *more, struct err *err)
{
    int *runs = arg;
    int64_t id = 999000;

    (void)more;
    if (insert_fn(db, &id, NULL, err)) {
        return err->code;
    }
    if (++*runs == 1) {
        struct err ignored = {0};

        (void)run_text(db, "select pg_terminate_backend(pg_backend_pid())", &ignored);
    }
    return ERR_OK;
}

static void
test_writer(void **state)
{
    const struct pg_server *s = *state;
    struct db *db = fresh(s), *r;
    struct producer p[8] = {{.wrong = 0}};
    struct writer *w;
    struct writer_stats stats;
    struct err err = {0};
    int runs = 0;

    exec_ok(db, TABLES);
    exec_ok(db, "insert into t (id) values (1)");
    must(writer_start(db, &w, &err));
    for (int i = 0; i < 8; i++) {
        p[i].w = w;
        p[i].number = i + 1;
        assert_int_equal(pthread_create(&p[i].thread, NULL, produce, &p[i]), 0);
    }
    for (int i = 0; i < 8; i++) {
        (void)pthread_join(p[i].thread, NULL);
        assert_int_equal(p[i].wrong, 0);
    }
    stats = writer_stats_get(w);
    print_message("%d tasks in %d groups\n", (int)stats.tasks, (int)stats.groups);
    assert_int_equal(stats.failed, 8 * 3);
    must(writer_run(w, false, cut_fn, &runs, &err));
    assert_int_equal(runs, 2);
    r = open_db(s->url, DB_READER);
    assert_int_equal(query_i64(r, "select count(*) from t"), 1 + 8 * 27 + 1);
    db_close(r);
    writer_stop(w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_answers),
        cmocka_unit_test(test_parameters),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_transactions),
        cmocka_unit_test(test_schema_change_and_reconnect),
        cmocka_unit_test(test_lock),
        cmocka_unit_test(test_migrations),
        cmocka_unit_test(test_writer),
    };

    if (!pg_installed()) {
        (void)printf("PostgreSQL 15 is not installed (postgresql-15): skipped\n");
        return 77; /* meson: skipped */
    }
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
