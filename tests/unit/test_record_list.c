/* test_record_list.c - lists: pages, sorts, filters, totals, cursors, plans, the index policy. */
#include "record_fixture.h"

#include "core/json.h"
#include "record/record_priv.h"

enum { CUSTOMERS = 60 };

/* Values repeat, so that pages end among equal ones, and are missing in part. */
static void
add_customers(struct fixture *x)
{
    static const char *const cities[] = {"上海", "Suzhou", NULL, "北京", "上海"};
    static const char *const roles[] = {"customer", "prospect", "customer"};
    static const char *const dates[] = {"1990-05-06", NULL, "1985-01-01", NULL};
    char json[400];

    for (int i = 1; i <= CUSTOMERS; i++) {
        const char *city = cities[i % 5], *date = dates[i % 4];
        int n = snprintf(json, sizeof json, "{\"name\":\"N%02d\",\"role\":\"%s\"", i * 7 % CUSTOMERS / 2,
                         roles[i % 3]);

        if (city)
            n += snprintf(json + n, sizeof json - (size_t)n, ",\"city\":\"%s\"", city);
        if (date)
            n += snprintf(json + n, sizeof json - (size_t)n, ",\"birthday\":\"%s\"", date);
        if (i % 6)
            n += snprintf(json + n, sizeof json - (size_t)n, ",\"acquisition_cost\":%d", i % 7 * 10);
        if (i % 2)
            n += snprintf(json + n, sizeof json - (size_t)n, ",\"code\":\"C%03d\"", i * 31 % 1000);
        snprintf(json + n, sizeof json - (size_t)n, "}");
        fixture_put(x, "customer", json);
    }
    assert_int_equal(fixture_write(x, WRITE_DELETE, "customer", 13, 0, NULL, NULL), ERR_OK);
    /* options that the pack no longer has */
    exec_ok(x->db, "update o_customer set role = 'aardvark' where id in (5, 40)");
    exec_ok(x->db, "update o_customer set role = 'mole' where id = 17");
    exec_ok(x->db, "update o_customer set role = 'zebra' where id in (2, 33)");
}

static void
add_orders(struct fixture *x)
{
    char json[300];

    for (int i = 1; i <= 40; i++) {
        snprintf(json, sizeof json,
                 "{\"code\":\"%d\",\"customer\":%d,\"net\":%d,\"ordered_at\":\"2024-0%d-1%dT00:00:00Z\","
                 "\"status\":\"%s\"}",
                 i, 1 + i % 3, i % 9, 1 + i % 4, i % 2, i % 5 ? "confirmed" : "cancelled");
        fixture_put(x, "order", json);
    }
}

static int
setup(void **state)
{
    struct fixture *x = malloc(sizeof *x);

    fixture_open(x);
    add_customers(x);
    add_orders(x);
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

static struct list_query
query(struct fixture *x, const char *object, const char *filter, const char *sort, int limit)
{
    return (struct list_query){.object = fixture_object(x, object),
                               .filter = strv_of(filter),
                               .sort = strv_of(sort),
                               .fields = STRV("id"),
                               .limit = limit,
                               .count = COUNT_CAPPED};
}

static json_t *
list(struct fixture *x, const struct list_query *q)
{
    struct strbuf out = {0};
    struct err err = {0};
    json_t *j = NULL;

    must(record_list_json(&x->ctx, q, &out, &err));
    must(json_read(x->arena, strbuf_view(&out), &JSON_REQUEST_LIMITS, "", &j, &err));
    strbuf_release(&out);
    return j;
}

static enum msg
refused(struct fixture *x, const struct list_query *q, enum err_code want)
{
    struct strbuf out = {0};
    struct err err = {0};

    assert_int_equal(record_list_json(&x->ctx, q, &out, &err), want);
    strbuf_release(&out);
    return err.msg;
}

/* "1 2 3" of all pages */
static const char *
paged_ids(struct fixture *x, struct list_query q)
{
    struct strbuf ids = {0};
    const char *text;

    for (int pages = 0; pages < 200; pages++) {
        json_t *j = list(x, &q), *items = json_object_get(j, "items"), *item;
        size_t i;

        assert_true(json_array_size(items) <= (size_t)q.limit);
        json_array_foreach(items, i, item) strbuf_addf(&ids, "%lld ", (long long)json_get_i64(item, "id", 0));
        q.after = json_get_sv(j, "next");
        if (!q.after.n)
            break;
    }
    text = arena_strdup(x->arena, ids.p ? ids.p : "", ids.n);
    strbuf_release(&ids);
    return text;
}

/* The same by plain SQL: an order by written for the test. */
static const char *
sql_ids(struct fixture *x, const char *sql)
{
    struct strbuf ids = {0};
    struct err err = {0};
    struct db_stmt *st = NULL;
    bool row = false;
    const char *text;

    must(db_prepare_text(x->db, strv_of(sql), &st, &err));
    while (db_step(st, &row, &err) == ERR_OK && row)
        strbuf_addf(&ids, "%lld ", (long long)db_col_i64(st, 0));
    must(err.code);
    db_release(st);
    text = arena_strdup(x->arena, ids.p ? ids.p : "", ids.n);
    strbuf_release(&ids);
    return text;
}

/* Options in the order of the pack; a value that is none of them comes last. */
#define CUSTOMER_ROLE                                                                                        \
    "case role when 'prospect' then 0 when 'customer' then 1 when 'lost' then 2 when 'distributor' then 3 "  \
    "when 'partner' then 4 when 'influencer' then 5 when 'competitor' then 6 when 'internal' then 7 "        \
    "when 'aardvark' then 8 when 'zebra' then 8 when 'mole' then 8 end"
#define ORDER_STATUS                                                                                         \
    "case status when 'draft' then 0 when 'confirmed' then 1 when 'shipped' then 2 when "                    \
    "'completed' then 3 when 'cancelled' then 4 end"

static void
test_pages_of_every_sort(void **state)
{
    static const struct {
        const char *object, *field, *column;
    } sorts[] = {
        {"customer", "id", "id"},
        {"customer", "name", "name"},
        {"customer", "city", "city"},
        {"customer", "birthday", "birthday"},
        {"customer", "role", CUSTOMER_ROLE},
        {"customer", "acquisition_cost", "acquisition_cost"},
        {"customer", "code", "code"},
        {"customer", "owner", "owner"},
        {"customer", "revenue", "revenue"},
        {"customer", "created_at", "created_at"},
        {"customer", "tier", "tier"},
        {"customer", "kind", "case kind when 'person' then 0 when 'organisation' then 1 end"},
        {"order", "status", ORDER_STATUS},
        {"order", "net", "net_base"},
        {"order", "ordered_at", "ordered_at"},
        {"order", "customer", "customer"},
        {"order", "code", "code"},
    };
    static const struct {
        const char *object, *filter, *sql;
    } filters[] = {
        {"customer", "", "1=1"},
        {"customer", "city = '上海'", "city = '上海'"},
        {"customer", "role = 'customer' and city is empty", "role = 'customer' and city is null"},
        {"customer", "name > 'N10'", "name > 'N10'"},
        {"order", "", "1=1"},
        {"order", "customer = 2", "customer = 2"},
        {"order", "customer.city = 'Suzhou' or status = 'cancelled'",
         "customer in (select id from o_customer where city = 'Suzhou') or status = 'cancelled'"},
    };
    struct fixture *x = *state;
    char sort[80], sql[1600];

    for (size_t s = 0; s < sizeof sorts / sizeof sorts[0] * 2; s++) {
        bool desc = s % 2;
        const char *column = sorts[s / 2].column;

        snprintf(sort, sizeof sort, "%s%s", desc ? "-" : "", sorts[s / 2].field);
        for (size_t f = 0; f < sizeof filters / sizeof filters[0]; f++) {
            const char *want, *dir = desc ? "desc" : "asc";

            if (strcmp(sorts[s / 2].object, filters[f].object) != 0)
                continue;
            snprintf(sql, sizeof sql,
                     "select id from \"o_%s\" where deleted_at is null and (%s) order by (%s) is null, "
                     "(%s) %s, id %s",
                     filters[f].object, filters[f].sql, column, column, dir, dir);
            want = sql_ids(x, sql);
            for (int limit = 1; limit <= 200; limit = limit < 7 ? limit + 1 : limit * 6) {
                const char *got = paged_ids(x, query(x, filters[f].object, filters[f].filter, sort, limit));

                if (strcmp(got, want) != 0)
                    fail_msg("sort %s, filter %s, limit %d:\n%s\nnot\n%s", sort, filters[f].filter, limit,
                             got, want);
            }
        }
    }
}

static void
test_totals(void **state)
{
    struct fixture *x = *state;
    struct list_query q = query(x, "customer", "", "", 5);
    json_t *t;

    t = json_object_get(list(x, &q), "total");
    assert_int_equal(json_get_i64(t, "count", -1), CUSTOMERS - 1);
    assert_false(json_get_bool(t, "capped", true));
    q.filter = STRV("city = '上海'");
    t = json_object_get(list(x, &q), "total");
    assert_int_equal(
        json_get_i64(t, "count", -1),
        query_i64(x->db, "select count(*) from o_customer where city = '上海' and deleted_at is null"));
    q.count = COUNT_EXACT;
    assert_true(json_equal(t, json_object_get(list(x, &q), "total")));
    q.count = COUNT_NONE;
    assert_null(json_object_get(list(x, &q), "total"));
}

/* Above 1,000 hits the count is capped; exact on demand; pages stay right on both ways of reading. */
static void
test_capped(void **state)
{
    struct fixture *x = *state;
    struct list_query q = query(x, "customer", "role = 'distributor'", "name", 100);
    json_t *t;

    exec_ok(
        x->db,
        "insert into o_customer (id, rev, created_at, updated_at, name, role) with recursive n(i) as (select "
        "1000 union "
        "all select i + 1 from n where i < 2500) select i, 1, 0, 0, 'M' || (i % 97), 'distributor' from n");
    t = json_object_get(list(x, &q), "total");
    assert_int_equal(json_get_i64(t, "count", -1), 1000);
    assert_true(json_get_bool(t, "capped", false));
    assert_string_equal(paged_ids(x, q),
                        sql_ids(x, "select id from o_customer where role = 'distributor' order by name, id"));
    q.count = COUNT_NONE;
    assert_string_equal(paged_ids(x, q),
                        sql_ids(x, "select id from o_customer where role = 'distributor' order by name, id"));
    q.count = COUNT_EXACT;
    t = json_object_get(list(x, &q), "total");
    assert_int_equal(json_get_i64(t, "count", -1), 1501);
    assert_false(json_get_bool(t, "capped", true));
}

static void
test_fields(void **state)
{
    struct fixture *x = *state;
    struct list_query q = query(x, "order", "code = '7'", "", 1);
    json_t *item;

    q.fields = STRV(" code, customer,net,code");
    item = json_array_get(json_object_get(list(x, &q), "items"), 0);
    assert_int_equal(json_object_size(item), 5); /* id, rev and the three */
    assert_true(strv_is(json_get_sv(item, "code"), "7"));
    assert_int_equal(json_get_i64(json_object_get(item, "customer"), "id", 0), 2);
    assert_true(json_get_sv(json_object_get(item, "customer"), "title").n > 0);
    assert_int_equal(json_get_i64(json_object_get(item, "net"), "amount", 0), 700);
    q.fields = STRV("");
    item = json_array_get(json_object_get(list(x, &q), "items"), 0);
    assert_null(json_object_get(item, "note")); /* longtext */
    assert_non_null(json_object_get(item, "updated_by"));
    q.fields = STRV("code,cutsomer");
    assert_int_equal(refused(x, &q, ERR_BAD_REQUEST), MSG_LIST_FIELD_UNKNOWN);
}

static void
test_refusals(void **state)
{
    struct fixture *x = *state;
    struct list_query q = query(x, "customer", "", "nmae", 5);

    assert_int_equal(refused(x, &q, ERR_BAD_REQUEST), MSG_LIST_SORT_UNKNOWN);
    q.sort = STRV("-note");
    assert_int_equal(refused(x, &q, ERR_BAD_REQUEST), MSG_LIST_SORT_TYPE);
    q.sort = STRV("name");
    q.limit = 0;
    assert_int_equal(refused(x, &q, ERR_BAD_REQUEST), MSG_LIST_LIMIT);
    q.limit = 201;
    assert_int_equal(refused(x, &q, ERR_BAD_REQUEST), MSG_LIST_LIMIT);
    q.limit = 200;
    q.filter = STRV("ctiy = 'x'");
    assert_int_equal(refused(x, &q, ERR_INVALID), MSG_EXPR_FIELD_NEAR);
    q.filter = STRV("tier = \"S\"");
    assert_int_equal(refused(x, &q, ERR_INVALID), MSG_EXPR_FIELD_QUOTED);
}

/* ---- cursors ---- */

static void
test_forged_cursors(void **state)
{
    struct fixture *x = *state;
    struct list_query q = query(x, "customer", "city = '上海'", "name", 5), other;
    struct strv next = json_get_sv(list(x, &q), "next");
    struct settings foreign = *x->set;

    assert_true(next.n > 20);
    /* each character changed in turn, and each length */
    for (size_t i = 0; i < next.n; i++) {
        char *bad = arena_strdup(x->arena, next.p, next.n);

        bad[i] = bad[i] == 'A' ? 'B' : 'A';
        q.after = (struct strv){bad, next.n};
        assert_int_equal(refused(x, &q, ERR_BAD_REQUEST), MSG_CURSOR_BAD);
        if (i) {
            q.after = (struct strv){next.p, i};
            assert_int_equal(refused(x, &q, ERR_BAD_REQUEST), MSG_CURSOR_BAD);
        }
    }
    q.after = STRV("!");
    assert_int_equal(refused(x, &q, ERR_BAD_REQUEST), MSG_CURSOR_BAD);
    /* ours, but of another list */
    other = q;
    other.after = next;
    other.sort = STRV("-name");
    assert_int_equal(refused(x, &other, ERR_BAD_REQUEST), MSG_CURSOR_FOREIGN);
    other.sort = STRV("city");
    assert_int_equal(refused(x, &other, ERR_BAD_REQUEST), MSG_CURSOR_FOREIGN);
    other.sort = STRV("name");
    other.filter = STRV("city = '北京'");
    assert_int_equal(refused(x, &other, ERR_BAD_REQUEST), MSG_CURSOR_FOREIGN);
    other = query(x, "order", "", "code", 5);
    other.after = next;
    assert_int_equal(refused(x, &other, ERR_BAD_REQUEST), MSG_CURSOR_FOREIGN);
    /* of another workspace */
    foreign.secret[0] ^= 1;
    x->ctx.set = &foreign;
    q.after = next;
    assert_int_equal(refused(x, &q, ERR_BAD_REQUEST), MSG_CURSOR_BAD);
    x->ctx.set = x->set;
    assert_int_equal(json_array_size(json_object_get(list(x, &q), "items")), 5);
}

/* ---- plans and policy ---- */

static void
pretend_rows(struct fixture *x, const char *object, int64_t n)
{
    char sql[160];

    snprintf(sql, sizeof sql, "update id_counter set next = %lld where object_id = %d", (long long)n + 1,
             fixture_object(x, object)->id);
    exec_ok(x->db, sql);
}

static void
test_index_policy(void **state)
{
    static const struct {
        const char *filter, *sort;
        enum msg msg; /* MSG_NONE: allowed */
        const char *name;
    } rows[] = {
        {"", "name", MSG_NONE, NULL},
        {"", "-id", MSG_NONE, NULL},
        {"", "-last_purchase_at", MSG_NONE, NULL},
        {"", "acquisition_cost", MSG_LIST_SORT_INDEX, NULL},
        {"role = 'lost'", "acquisition_cost", MSG_NONE, NULL},
        {"city != 'x'", "name", MSG_NONE, NULL},
        {"province = 'x'", "name", MSG_LIST_FILTER_INDEX, NULL},
        {"province = 'x' and role = 'lost'", "name", MSG_NONE, NULL},
        {"owner.name = 'x'", "name", MSG_LIST_FILTER_INDEX, "owner.name"},
        {"role = 'lost' or province = 'x'", "name", MSG_LIST_FILTER_INDEX, "province"},
        {"role != 'lost' and province = 'x'", "name", MSG_LIST_FILTER_INDEX, "province"},
        {"role in ('lost', 'prospect') and (province = 'x' or owner.name = 'y')", "name", MSG_NONE, NULL},
    };
    struct fixture *x = *state;

    for (int big = 0; big < 2; big++) {
        pretend_rows(x, "customer", big ? 50001 : 50000);
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            struct list_query q = query(x, "customer", rows[i].filter, rows[i].sort, 5);
            struct strbuf out = {0};
            struct err err = {0};
            enum err_code rc = record_list_json(&x->ctx, &q, &out, &err);

            if (rc != (big && rows[i].msg != MSG_NONE ? ERR_LIMIT : ERR_OK) ||
                err.msg != (big ? rows[i].msg : MSG_NONE))
                fail_msg("%s / %s at %d rows: %s", rows[i].filter, rows[i].sort, 50000 + big,
                         err_msg_key(err.msg));
            if (big && rows[i].name)
                assert_string_equal(err_param(&err, "name"), rows[i].name);
            strbuf_release(&out);
        }
    }
}

/* Prepares what record_list_json would run for one branch, in the given way, and checks its plan. */
static void
check_plan(struct fixture *x, const struct object *o, const char *filter, const char *sort)
{
    struct list_query q = {.object = o, .filter = strv_of(filter), .sort = strv_of(sort), .limit = 50};
    struct list_plan plan;
    struct err err = {0};

    must(list_plan_make(&x->ctx, &q, &plan, &err));
    for (plan.way = WAY_FREE; plan.way <= WAY_FEW; plan.way++) {
        for (int branch = 0; branch < 5; branch++) {
            struct strbuf text = {0}, lines = {0};
            bool scans = false;

            if (field_is_id(plan.sort) && branch % 3 == LIST_EMPTIES)
                continue;
            must(list_statement_text(&x->ctx, &plan, (enum list_part)(branch % 3), branch > 2, &text, &err));
            if (text.n == 0) {
                strbuf_release(&text);
                continue;
            }
            must(db_plan_scans(x->db, strbuf_view(&text), &scans, &lines, &err));
            /* the few are sorted on purpose; a whole table must never be read for them when an index bounds
             * the filter */
            if (plan.way == WAY_WALK ? scans : strstr(lines.p, "SCAN t\n") != NULL && *filter)
                fail_msg("%s: %s, %s, way %d:\n%s\n%s", o->name, filter, sort, (int)plan.way, text.p,
                         lines.p);
            strbuf_release(&text);
            strbuf_release(&lines);
        }
    }
}

static void
test_no_list_scans(void **state)
{
    struct fixture *x = *state;

    for (size_t i = 0; i < x->cat->n_objects; i++) {
        const struct object *o = &x->cat->objects[i];

        for (size_t v = 0; v < o->n_views; v++)
            check_plan(x, o, o->views[v].filter, o->views[v].sort);
    }
    check_plan(x, fixture_object(x, "customer"), "", "role");
    check_plan(x, fixture_object(x, "customer"), "country = 'DE'", "-tier");
    check_plan(x, fixture_object(x, "order"), "", "-status");
}

/* ---- boards ---- */

static json_t *
board(struct fixture *x, const char *object, const char *by, const char *filter, int limit)
{
    struct board_query q = {.object = fixture_object(x, object),
                            .by = strv_of(by),
                            .filter = strv_of(filter),
                            .sort = STRV("-id"),
                            .fields = STRV("id"),
                            .limit = limit};
    struct strbuf out = {0};
    struct err err = {0};
    json_t *j = NULL;

    must(record_board_json(&x->ctx, &q, &out, &err));
    must(json_read(x->arena, strbuf_view(&out), &JSON_REQUEST_LIMITS, "", &j, &err));
    strbuf_release(&out);
    return json_object_get(j, "columns");
}

/* Every column is the list of its filter, page for page, and the columns together are the whole. */
static void
test_boards(void **state)
{
    static const struct {
        const char *object, *by, *filter, *all;
        size_t columns;
    } rows[] = {
        {"order", "status", "", "1=1", 6},
        {"order", "status", "customer = 2 or customer = 3", "customer in (2, 3)", 6},
        {"customer", "tier", "", "role not in ('aardvark', 'mole', 'zebra')", 5},
        {"customer", "kind", "city = '上海'", "city = '上海'", 3},
    };
    struct fixture *x = *state;

    exec_ok(x->db, "update o_customer set deleted_at = 1 where role in ('aardvark', 'mole', 'zebra')");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *columns = board(x, rows[i].object, rows[i].by, rows[i].filter, 4), *c;
        json_t *counts = board(x, rows[i].object, rows[i].by, rows[i].filter, 0);
        int64_t sum = 0;
        size_t k;
        char sql[300];

        assert_int_equal(json_array_size(columns), rows[i].columns);
        json_array_foreach(columns, k, c)
        {
            struct list_query q = query(x, rows[i].object, json_get_sv(c, "filter").p, "-id", 4);
            json_t *page = json_object_get(c, "page"),
                   *count = json_object_get(json_array_get(counts, k), "page");

            assert_true(json_equal(page, list(x, &q)));
            assert_true(json_equal(json_object_get(page, "total"), json_object_get(count, "total")));
            assert_int_equal(json_array_size(json_object_get(count, "items")), 0);
            assert_true(json_is_null(json_object_get(count, "next")));
            sum += json_get_i64(json_object_get(page, "total"), "count", -1);
        }
        snprintf(sql, sizeof sql, "select count(*) from \"o_%s\" where deleted_at is null and (%s)",
                 rows[i].object, rows[i].all);
        assert_int_equal(sum, query_i64(x->db, sql));
    }
}

static void
test_boards_of_members(void **state)
{
    struct fixture *x = *state;
    json_t *c, *columns;
    size_t k, n = 0;

    exec_ok(x->db, "update o_customer set owner = null where id % 2 = 0");
    columns = board(x, "customer", "owner", "", 0);
    json_array_foreach(columns, k, c) n +=
        (size_t)json_get_i64(json_object_get(json_object_get(c, "page"), "total"), "count", 0);
    assert_int_equal(n, CUSTOMERS - 1);
    assert_int_equal(json_array_size(columns) - 1,
                     query_i64(x->db, "select count(*) from o_user where active = 1 and deleted_at is null"));
    assert_true(json_get_sv(json_array_get(columns, 0), "title").n > 0);
    assert_true(
        json_is_null(json_object_get(json_array_get(columns, json_array_size(columns) - 1), "value")));
}

static void
test_boards_refused(void **state)
{
    static const struct {
        const char *by, *filter;
        enum err_code code;
        enum msg msg;
        const char *at;
    } rows[] = {
        {"name", "", ERR_BAD_REQUEST, MSG_BOARD_FIELD, NULL},
        {"", "", ERR_BAD_REQUEST, MSG_BOARD_FIELD, NULL},
        {"updated_by", "", ERR_BAD_REQUEST, MSG_BOARD_FIELD, NULL},
        {"role", "ctiy = 'x'", ERR_INVALID, MSG_EXPR_FIELD_NEAR, "1"},
        {"role", "city = 'x') or (city = 'y'", ERR_INVALID, MSG_EXPR_SYNTAX,
         "11"}, /* no way out of the brackets */
    };
    struct fixture *x = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct board_query q = {.object = fixture_object(x, "customer"),
                                .by = strv_of(rows[i].by),
                                .filter = strv_of(rows[i].filter),
                                .limit = 3};
        struct strbuf out = {0};
        struct err err = {0};

        assert_int_equal(record_board_json(&x->ctx, &q, &out, &err), rows[i].code);
        assert_int_equal(err.msg, rows[i].msg);
        if (rows[i].at)
            assert_string_equal(err_param(&err, "at"), rows[i].at);
        strbuf_release(&out);
    }
}

struct each {
    int64_t ids[200];
    size_t n, stop;
};
static bool
note_id(void *arg, int64_t id)
{
    struct each *e = arg;

    e->ids[e->n++] = id;
    return e->n < e->stop;
}

static void
test_each(void **state)
{
    struct fixture *x = *state;
    struct each e = {.stop = 100};
    struct err err = {0};

    must(record_each(&x->ctx, fixture_object(x, "customer"), STRV("city = '上海'"), note_id, &e, &err));
    assert_int_equal(
        e.n, query_i64(x->db, "select count(*) from o_customer where city = '上海' and deleted_at is null"));
    for (size_t i = 1; i < e.n; i++)
        assert_true(e.ids[i - 1] < e.ids[i]);
    e = (struct each){.stop = 3};
    must(record_each(&x->ctx, fixture_object(x, "customer"), STRV(""), note_id, &e, &err));
    assert_int_equal(e.n, 3);
    assert_int_equal(record_each(&x->ctx, fixture_object(x, "customer"), STRV("city ="), note_id, &e, &err),
                     ERR_INVALID);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(test_pages_of_every_sort),
        T(test_totals),
        T(test_capped),
        T(test_fields),
        T(test_refusals),
        T(test_forged_cursors),
        T(test_index_policy),
        T(test_no_list_scans),
        T(test_boards),
        T(test_boards_of_members),
        T(test_boards_refused),
        T(test_each),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
