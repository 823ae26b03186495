/* test_db.c - SQLite through db.h: settings, cache, parameters, errors, transactions, plans, checks,
 * migrations. */
#include "prepare_all.h"

#include <fcntl.h>

#include "db/db_engine.h"
#include "db/migrate.h"
#include "db/sql_table.h"
#include "os/os.h"

struct fixture {
    struct tmpdb tmp;
    struct db *db;
};

static int
setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    assert_non_null(f);
    tmpdb_make(&f->tmp);
    f->db = open_db(f->tmp.path, DB_WRITER);
    exec_ok(f->db,
            "create table t (id integer primary key, name text unique, n integer, x real, b blob) strict;"
            "create index t_n on t (n);"
            "create table child (id integer primary key, t integer not null references t(id),"
            " later integer references t(id) deferrable initially deferred) strict");
    *state = f;
    return 0;
}

static int
teardown(void **state)
{
    struct fixture *f = *state;

    db_close(f->db);
    tmpdb_remove(&f->tmp);
    free(f);
    return 0;
}

static void
test_settings(void **state)
{
    struct fixture *f = *state;
    struct db *r = open_db(f->tmp.path, DB_READER);
    static const struct {
        const char *sql;
        int64_t writer, reader;
    } CASES[] = {
        {"pragma synchronous", 2, 2},        {"pragma foreign_keys", 1, 1},
        {"pragma wal_autocheckpoint", 0, 0}, {"pragma trusted_schema", 0, 0},
        {"pragma query_only", 0, 1},         {"pragma mmap_size", 0, 256 << 20},
        {"pragma cache_size", -8000, -2000}, {"pragma busy_timeout", 2000, 2000},
    };

    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        print_message("%s\n", CASES[i].sql);
        assert_int_equal(query_i64(f->db, CASES[i].sql), CASES[i].writer);
        assert_int_equal(query_i64(r, CASES[i].sql), CASES[i].reader);
    }
    db_close(r);
}

static void
test_reader_cannot_write(void **state)
{
    struct fixture *f = *state;
    struct db *r = open_db(f->tmp.path, DB_READER);
    struct err err = {0};

    assert_int_equal(run_text(r, "insert into t (name) values ('a')", &err), ERR_DB);
    assert_int_equal(query_i64(f->db, "select count(*) from t"), 0);
    db_close(r);
}

static void
test_reader_leaves_log(void **state)
{
    struct fixture *f = *state;
    struct err err = {0};
    struct db *r = open_db(f->tmp.path, DB_READER);
    char wal[128];

    exec_ok(f->db, "insert into t (name) values ('kept in the log')");
    db_checkpoint(f->db, true);
    exec_ok(f->db, "update t set name = 'newer'");
    assert_int_equal(query_i64(r, "select count(*) from t where name = 'newer'"), 1);
    db_close(r);
    (void)snprintf(wal, sizeof wal, "%s-wal", f->tmp.path);
    assert_int_equal(access(wal, F_OK), 0);
    must(db_check(f->db, false, &err));
}

static void
test_open_errors(void **state)
{
    struct fixture *f = *state;
    char path[128];
    struct err err = {0};
    struct db *db = NULL;
    int fd;

    (void)snprintf(path, sizeof path, "%s/none.db", f->tmp.dir);
    assert_int_equal(db_open(path, DB_READER, &db, &err), ERR_DB);
    assert_int_equal(err.msg, MSG_DB_OPEN);
    assert_null(db);
    fd = open(path, O_CREAT | O_WRONLY, 0600);
    assert_true(fd >= 0);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(write(fd, "not a db", 8), 8);
    }
    (void)close(fd);
    err_clear(&err);
    assert_int_equal(db_open(path, DB_WRITER, &db, &err), ERR_CORRUPT);
    assert_null(db);
    (void)unlink(path);
}

static void
test_cache(void **state)
{
    struct fixture *f = *state;
    struct err err = {0};
    struct db_stmt *a, *b, *c;
    struct strv text = STRV("select ?1 + 1");
    char sql[64];
    bool row;

    must(db_prepare_text(f->db, text, &a, &err));
    db_bind_i64(a, 1, 1);
    must(db_step(a, &row, &err));
    must(db_prepare_text(f->db, text, &b, &err)); /* in use: another one */
    assert_ptr_not_equal(a, b);
    db_bind_i64(b, 1, 10);
    must(db_step_one(b, &err));
    assert_int_equal(db_col_i64(b, 0), 11);
    assert_int_equal(db_col_i64(a, 0), 2); /* the outer one is undisturbed */
    db_release(b);
    db_release(a);
    must(db_prepare_text(f->db, text, &c, &err));
    assert_ptr_equal(a, c);
    must(db_step_one(c, &err));
    assert_true(db_col_null(c, 0)); /* release dropped the value */
    db_release(c);
    must(db_prepare_text(f->db, text, &c, &err)); /* stays in use while others push it out */
    for (int i = 0; i < 3 * DB_TEXT_CACHE; i++) {
        (void)snprintf(sql, sizeof sql, "select %d", i);
        assert_int_equal(query_i64(f->db, sql), i);
        assert_true(f->db->texts <= DB_TEXT_CACHE);
    }
    db_bind_i64(c, 1, 41);
    must(db_step_one(c, &err));
    assert_int_equal(db_col_i64(c, 0), 42);
    db_release(c);
    must(db_prepare_text(f->db, text, &b, &err));
    assert_int_equal(db_release_all(f->db), 1);
    assert_int_equal(db_release_all(f->db), 0);
}

static void
test_cache_by_id(void **state)
{
    struct fixture *f = *state;
    struct err err = {0};
    struct db_stmt *a, *b;

    must(db_migrate(f->db, 1, &err));
    must(db_prepare(f->db, SQL_DB_MIGRATION_LAST, &a, &err));
    must(db_prepare(f->db, SQL_DB_MIGRATION_LAST, &b, &err));
    assert_ptr_not_equal(a, b);
    db_release(b);
    db_release(a);
    must(db_prepare(f->db, SQL_DB_MIGRATION_LAST, &b, &err));
    assert_ptr_equal(a, b);
    db_release(b);
}

static void
test_values(void **state)
{
    struct fixture *f = *state;
    struct err err = {0};
    struct db_stmt *st;
    static const char BYTES[] = {0, 1, (char)0xff, 0};

    must(db_prepare_text(f->db, STRV("insert into t (id, name, n, x, b) values (:id, :name, :n, :x, :b)"),
                         &st, &err));
    assert_int_equal(db_param(st, "id"), 1);
    assert_int_equal(db_param(st, "b"), 5);
    assert_int_equal(db_param(st, "none"), 0);
    db_bind_i64(st, db_param(st, "id"), INT64_MAX);
    db_bind_text(st, db_param(st, "name"), STRV("张三 '; drop table t; --"));
    db_bind_i64(st, db_param(st, "n"), INT64_MIN);
    db_bind_f64(st, db_param(st, "x"), 0.1);
    db_bind_blob(st, db_param(st, "b"), BYTES, sizeof BYTES);
    must(db_run(st, &err));
    assert_int_equal(db_changes(f->db), 1);
    /* a loop needs no release: binding starts anew */
    db_bind_i64(st, 1, 2);
    db_bind_text(st, 2, (struct strv){NULL, 0});
    db_bind_null(st, 3);
    db_bind_null(st, 4);
    db_bind_blob(st, 5, NULL, 0);
    must(db_run(st, &err));
    db_release(st);

    must(db_prepare_text(f->db, STRV("select id, name, n, x, b from t order by id desc"), &st, &err));
    must(db_step_one(st, &err));
    assert_int_equal(db_col_count(st), 5);
    assert_true(db_col_i64(st, 0) == INT64_MAX);
    assert_true(strv_is(db_col_text(st, 1), "张三 '; drop table t; --"));
    assert_true(db_col_i64(st, 2) == INT64_MIN);
    assert_true(db_col_f64(st, 3) == 0.1);
    assert_int_equal(db_col_blob(st, 4).n, sizeof BYTES);
    assert_memory_equal(db_col_blob(st, 4).p, BYTES, sizeof BYTES);
    must(db_step_one(st, &err)); /* starts again */
    assert_true(db_col_i64(st, 0) == INT64_MAX);
    {
        bool row;

        must(db_step(st, &row, &err));
        assert_true(row);
        assert_false(db_col_null(st, 1)); /* an empty text is not null */
        assert_int_equal(db_col_text(st, 1).n, 0);
        assert_true(db_col_null(st, 2));
        assert_false(db_col_null(st, 4));
        must(db_step(st, &row, &err));
        assert_false(row);
        must(db_step(st, &row, &err)); /* stays finished */
        assert_false(row);
    }
    db_release(st);
}

static void
test_bind_error_is_told(void **state)
{
    struct fixture *f = *state;
    struct err err = {0};
    struct db_stmt *st;

    must(db_prepare_text(f->db, STRV("insert into t (n) values (?1)"), &st, &err));
    db_bind_i64(st, 1, 7);
    db_bind_i64(st, 2, 8);
    assert_int_equal(db_run(st, &err), ERR_DB);
    assert_true(strv_starts(strv_of(err_param(&err, "reason")), STRV("parameter 2")));
    db_release(st);
    err_clear(&err);
    assert_int_equal(query_i64(f->db, "select count(*) from t"), 0);
    must(db_prepare_text(f->db, STRV("insert into t (n) values (?1)"), &st,
                         &err)); /* forgotten after release */
    db_bind_i64(st, 1, 7);
    must(db_run(st, &err));
    db_release(st);
}

static void
test_errors(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *sql;
        enum err_code code;
        const char *constraint;
    } CASES[] = {
        {"insert into t (name) values ('a')", ERR_CONFLICT, "t.name"},
        {"insert into t (id) values (1)", ERR_CONFLICT, "t.id"},
        {"insert into k (a) values ('X')", ERR_CONFLICT, "k_lower"},
        {"insert into child (t) values (99)", ERR_CONFLICT, "foreign key"},
        {"delete from t where id = 1", ERR_CONFLICT, "foreign key"},
        {"insert into child (id) values (9)", ERR_DB, NULL},
        {"insert into t (n) values ('text')", ERR_DB, NULL},
        {"select * from nowhere", ERR_DB, NULL},
        {"select 1; select 2", ERR_DB, NULL},
        {"", ERR_DB, NULL},
        {"attach 'x' as", ERR_DB, NULL},
        {"insert into sqlite_schema (name) values ('x')", ERR_DB, NULL},
    };

    exec_ok(f->db, "insert into t (id, name) values (1, 'a'); insert into child (id, t) values (1, 1);"
                   "create table k (a text) strict; create unique index k_lower on k (lower(a));"
                   "insert into k values ('x')");
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct err err = {0};

        print_message("%s\n", CASES[i].sql);
        assert_int_equal(run_text(f->db, CASES[i].sql, &err), CASES[i].code);
        assert_int_equal(err.code, CASES[i].code);
        if (CASES[i].constraint) {
            assert_string_equal(err_param(&err, "constraint"), CASES[i].constraint);
        }
    }
}

static void
test_not_found(void **state)
{
    struct fixture *f = *state;
    struct err err = {0};
    struct db_stmt *st;

    must(db_prepare_text(f->db, STRV("select id from t"), &st, &err));
    assert_int_equal(db_step_one(st, &err), ERR_NOT_FOUND);
    assert_int_equal(err.msg, MSG_NOT_FOUND);
    db_release(st);
}

static void
test_full(void **state)
{
    struct fixture *f = *state;
    struct err err = {0};

    exec_ok(f->db, "pragma max_page_count = 40");
    must(db_begin(f->db, &err));
    exec_ok(f->db, "insert into t (name) values ('small')");
    assert_int_equal(run_text(f->db, "insert into t (b) values (zeroblob(1000000))", &err), ERR_FULL);
    assert_false(db_in_tx(f->db)); /* SQLite gave up the whole transaction */
    db_rollback(f->db);
    assert_int_equal(query_i64(f->db, "select count(*) from t"), 0);
    exec_ok(f->db, "insert into t (name) values ('small')");
}

static void
test_deadline(void **state)
{
    struct fixture *f = *state;
    struct db *r = open_db(f->tmp.path, DB_READER);
    struct err err = {0};
    static const char LONG[] =
        "with recursive c(i) as (select 1 union all select i + 1 from c where i < 1000000000)"
        " select count(*) from c";
    int64_t from = os_mono_us(), took;

    db_set_deadline(r, 50);
    assert_int_equal(run_text(r, LONG, &err), ERR_TIMEOUT);
    took = os_mono_us() - from;
    assert_in_range(took, 45000, 1000000);
    err_clear(&err);
    assert_int_equal(run_text(r, "select 1", &err), ERR_TIMEOUT); /* the deadline stands for all statements */
    db_set_deadline(r, 0);
    assert_int_equal(query_i64(r, "select 1"), 1);
    db_close(r);
}

static void
test_snapshot(void **state)
{
    struct fixture *f = *state;
    struct db *r = open_db(f->tmp.path, DB_READER);
    struct err err = {0};

    must(db_begin_read(r, &err));
    assert_int_equal(query_i64(r, "select count(*) from t"), 0);
    exec_ok(f->db, "insert into t (name) values ('a')");
    assert_int_equal(query_i64(r, "select count(*) from t"), 0);
    db_end_read(r);
    assert_int_equal(query_i64(r, "select count(*) from t"), 1);
    db_close(r);
}

static void
test_savepoints(void **state)
{
    struct fixture *f = *state;
    struct err err = {0};

    must(db_begin(f->db, &err));
    exec_ok(f->db, "insert into t (id) values (1)");
    must(db_savepoint(f->db, &err));
    exec_ok(f->db, "insert into t (id) values (2)");
    must(db_savepoint(f->db, &err));
    exec_ok(f->db, "insert into t (id) values (3)");
    db_rollback_savepoint(f->db);
    must(db_release_savepoint(f->db, &err));
    must(db_savepoint(f->db, &err));
    exec_ok(f->db, "insert into t (id) values (4)");
    db_rollback_savepoint(f->db);
    must(db_commit(f->db, &err));
    assert_int_equal(query_i64(f->db, "select sum(id) from t"), 3);
    must(db_begin(f->db, &err));
    exec_ok(f->db, "delete from t");
    db_rollback(f->db);
    assert_int_equal(query_i64(f->db, "select sum(id) from t"), 3);
    db_rollback(f->db); /* nothing open: no harm */
}

static void
test_late_constraint_loses_commit(void **state)
{
    struct fixture *f = *state;
    struct err err = {0};

    must(db_begin(f->db, &err));
    exec_ok(f->db, "insert into t (id) values (1); insert into child (t, later) values (1, 77)");
    assert_int_equal(db_commit(f->db, &err), ERR_CONFLICT);
    assert_false(db_in_tx(f->db));
    assert_int_equal(query_i64(f->db, "select count(*) from t"), 0);
}

static void
test_checkpoint(void **state)
{
    struct fixture *f = *state;
    struct err err = {0};
    FILE *wal;
    char path[128];

    for (int i = 0; i < 40; i++) {
        must(db_begin(f->db, &err));
        exec_ok(f->db, "insert into t (b) values (randomblob(1000000))");
        must(db_commit(f->db, &err));
    }
    (void)snprintf(path, sizeof path, "%s-wal", f->tmp.path);
    wal = fopen(path, "r");
    assert_non_null(wal);
    (void)fseek(wal, 0, SEEK_END);
    assert_in_range(ftell(wal), 1, 10000000); /* 40 MB were written; the log was moved and used again */
    (void)fclose(wal);
    db_checkpoint(f->db, true);
    wal = fopen(path, "r");
    (void)fseek(wal, 0, SEEK_END);
    assert_int_equal(ftell(wal), 0);
    (void)fclose(wal);
}

static void
test_plans(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *sql;
        bool scans;
    } CASES[] = {
        {"select * from t where id = ?1", false},
        {"select * from t where n = ?1 order by id limit 50", false},
        {"select * from t order by n limit 50", false},
        {"select * from t where x = ?1", true},
        {"select * from t order by x", true},
        {"select * from t where n = 1 order by x", true},
        {"select * from (select id from t where n = 1 limit 5) s where s.id > 2", false},
        {"with recursive c(i) as (select 1 union all select i + 1 from c where i < 9) select i from c",
         false},
        {"with w as materialized (select id from t where n = 1) select * from w", false},
        {"with w as materialized (select id from t where x = 1) select * from w", true},
        {"select value from json_each(?1)", false},
        {"select rowid from fts where fts match ?1", false},
        {"select rowid from fts", true},
        {"select * from t a join t b on b.x = a.x where a.id = 1", true},
        {"values (1), (2)", false},
        {"insert into child (t) values (1)", false},
        {"delete from t where id = ?1", true}, /* the foreign key of child has no index */
        {"delete from child where id = ?1", false},
    };

    exec_ok(f->db, "create virtual table fts using fts5(a, content='', contentless_delete=1, detail=none)");
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct err err = {0};
        struct strbuf plan = {0};
        bool scans;

        must(db_plan_scans(f->db, strv_of(CASES[i].sql), &scans, &plan, &err));
        print_message("%s\n%s", CASES[i].sql, plan.p ? plan.p : "");
        assert_int_equal(scans, CASES[i].scans);
        strbuf_release(&plan);
    }
}

static void
test_check(void **state)
{
    struct fixture *f = *state;
    struct err err = {0};
    int fd;

    for (int i = 0; i < 2000; i++) {
        exec_ok(f->db, "insert into t (name, n) values (hex(randomblob(50)), random())");
    }
    must(db_check(f->db, true, &err));
    must(db_check(f->db, false, &err));
    exec_ok(f->db, "pragma foreign_keys = 0; insert into child (id, t) values (1, 777777)");
    assert_int_equal(db_check(f->db, true, &err), ERR_CORRUPT);
    assert_non_null(strstr(err_param(&err, "reason"), "child"));
    err_clear(&err);
    exec_ok(f->db, "delete from child");
    db_checkpoint(f->db, true);
    db_close(f->db);
    fd = open(f->tmp.path, O_WRONLY);
    for (int page = 3; page < 20; page++) {
        assert_int_equal(pwrite(fd, "broken page", 11, page * 4096), 11);
    }
    (void)close(fd);
    f->db = open_db(f->tmp.path, DB_WRITER);
    assert_int_equal(db_check(f->db, true, &err), ERR_CORRUPT);
}

static void
test_version(void **state)
{
    static const struct {
        int number;
        bool safe;
    } CASES[] = {
        {3040001, false}, {3044005, false}, {3044006, true},  {3045000, false},
        {3050006, false}, {3050007, true},  {3051000, false}, {3051002, false},
        {3051003, true},  {3053002, true},  {4000000, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct err err = {0};

        assert_int_equal(sqlite_version_check(CASES[i].number, &err),
                         CASES[i].safe ? ERR_OK : ERR_UNSUPPORTED);
    }
    {
        struct err err = {0};

        (void)!sqlite_version_check(3051002, &err);
        assert_string_equal(err_param(&err, "found"), "3.51.2");
    }
}

static void
test_migrate(void **state)
{
    struct fixture *f = *state;
    struct err err = {0};
    static const struct migration_row NONE[] = {{0}};
    static const struct migration_row FIRST[] = {
        {1, "one", "create table m1 (a); insert into m1 values (1)", NULL}, {0}};
    static const struct migration_row BROKEN[] = {
        {1, "one", "create table m1 (a); insert into m1 values (1)", NULL},
        {2, "two", "create table m2 (a); insert into m2 values (1); insert into nowhere values (1)", NULL},
        {0}};
    static const struct migration_row GOOD[] = {
        {1, "one", "create table m1 (a); insert into m1 values (1)", NULL},
        {2, "two", "create table m2 (a); insert into m2 values (1)", NULL},
        {4, "four", "insert into m2 values (2)", NULL},
        {0}};

    must(db_migrate_list(f->db, NONE, 5, &err));
    must(db_migrate_list(f->db, FIRST, 5, &err));
    assert_int_equal(db_migrate_list(f->db, BROKEN, 6, &err), ERR_DB);
    assert_string_equal(err_param(&err, "version"), "2");
    assert_non_null(strstr(err_param(&err, "reason"), "nowhere"));
    err_clear(&err);
    assert_int_equal(query_i64(f->db, "select count(*) from sqlite_schema where name = 'm2'"), 0);
    must(db_migrate_list(f->db, GOOD, 7, &err));
    must(db_migrate_list(f->db, GOOD, 8, &err)); /* nothing left to do */
    assert_int_equal(query_i64(f->db, "select count(*) from m1"), 1);
    assert_int_equal(query_i64(f->db, "select count(*) from m2"), 2);
    assert_int_equal(query_i64(f->db, "select max(version) * 100 + count(*) from schema_migration"), 403);
    assert_int_equal(query_i64(f->db, "select at from schema_migration where version = 2"), 7);
    assert_int_equal(db_migrate_list(f->db, FIRST, 9, &err), ERR_UNSUPPORTED);
    assert_string_equal(err_param(&err, "found"), "4");
}

static void
test_all_statements_prepare(void **state)
{
    struct fixture *f = *state;
    struct err err = {0};

    must(db_migrate(f->db, 1, &err));
    assert_true(prepare_all(f->db, "db_", NULL) >= 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_settings, setup, teardown),
        cmocka_unit_test_setup_teardown(test_reader_cannot_write, setup, teardown),
        cmocka_unit_test_setup_teardown(test_reader_leaves_log, setup, teardown),
        cmocka_unit_test_setup_teardown(test_open_errors, setup, teardown),
        cmocka_unit_test_setup_teardown(test_cache, setup, teardown),
        cmocka_unit_test_setup_teardown(test_cache_by_id, setup, teardown),
        cmocka_unit_test_setup_teardown(test_values, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bind_error_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(test_errors, setup, teardown),
        cmocka_unit_test_setup_teardown(test_not_found, setup, teardown),
        cmocka_unit_test_setup_teardown(test_full, setup, teardown),
        cmocka_unit_test_setup_teardown(test_deadline, setup, teardown),
        cmocka_unit_test_setup_teardown(test_snapshot, setup, teardown),
        cmocka_unit_test_setup_teardown(test_savepoints, setup, teardown),
        cmocka_unit_test_setup_teardown(test_late_constraint_loses_commit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_checkpoint, setup, teardown),
        cmocka_unit_test_setup_teardown(test_plans, setup, teardown),
        cmocka_unit_test_setup_teardown(test_check, setup, teardown),
        cmocka_unit_test(test_version),
        cmocka_unit_test_setup_teardown(test_migrate, setup, teardown),
        cmocka_unit_test_setup_teardown(test_all_statements_prepare, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
