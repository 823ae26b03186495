/* test_access.c - rights in the record layer: scopes of lists, counts, reads and writes; hidden and masked
 * fields; shares; rights made anew after a write. */
#include "unit.h"

#include "core/json.h"
#include "model/access.h"
#include "record/roles.h"
#include "record/scope.h"
#include "record_fixture.h"

#define CANARY "Zzcanary"
#define done(error, call) assert_int_equal(shown((call), (error)), ERR_OK)

/* ---- the world: two teams under one, five members, customers of each ---- */
struct world {
    struct fixture x;
    int64_t head, east, west;
    int64_t ann, bob, cat, boss, ro, rep, admin;
    int64_t of_ann, of_bob, of_cat, of_none, order_ann, order_cat;
};

static int64_t
role(struct world *w, const char *code)
{
    int64_t id = 0;
    struct err err = {0};
    must(role_find(&w->x.ctx, strv_of(code), &id, &err));
    return id;
}

static int64_t
member(struct world *w, const char *name, int64_t role_id, int64_t team)
{
    char json[256];
    snprintf(json, sizeof json, "{\"name\":\"%s\",\"email\":\"%s@example.com\",\"role\":%lld%s%.0lld}", name,
             name, (long long)role_id, team ? ",\"team\":" : "", (long long)team);
    return fixture_put(&w->x, "user", json);
}

static enum err_code
seed(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    (void)arg;
    (void)more;
    return roles_seed(ctx, err);
}

struct rights_arg {
    struct world *w;
    int64_t role;
    const char *json;
};

static enum err_code
put_rights(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct rights_arg *r = arg;
    json_t *j = NULL;
    (void)more;
    if (json_read(ctx->arena, strv_of(r->json), &JSON_REQUEST_LIMITS, "", &j, err))
        return err->code;
    return role_rights_set(ctx, r->role, j, &r->w->x.errs, err);
}

static int64_t
customer(struct world *w, const char *name, int64_t owner)
{
    char json[256];
    snprintf(json, sizeof json,
             "{\"name\":\"%s\",\"code\":\"C-%s\",\"owner\":%s%.0lld,\"phone\":\"13800138%03d\",\"industry\":"
             "\"" CANARY "\",\"city\":\"Suzhou\"}",
             name, name, owner ? "" : "null", (long long)owner, (int)(name[0] * 7 % 1000));
    return fixture_put(&w->x, "customer", json);
}

static int64_t
order(struct world *w, const char *code, int64_t of)
{
    char json[256];
    snprintf(json, sizeof json,
             "{\"code\":\"%s\",\"customer\":%lld,\"ordered_at\":\"2024-04-01T00:00:00Z\",\"net\":100}", code,
             (long long)of);
    return fixture_put(&w->x, "order", json);
}

static void
world_open(struct world *w)
{
    char json[128];
    memset(w, 0, sizeof *w);
    fixture_open(&w->x);
    done(&w->x.err, fixture_unit(&w->x, seed, NULL));
    w->head = fixture_put(&w->x, "team", "{\"name\":\"head\"}");
    snprintf(json, sizeof json, "{\"name\":\"east\",\"parent\":%lld}", (long long)w->head);
    w->east = fixture_put(&w->x, "team", json);
    snprintf(json, sizeof json, "{\"name\":\"west\",\"parent\":%lld}", (long long)w->head);
    w->west = fixture_put(&w->x, "team", json);
    w->ann = member(w, "ann", role(w, "member"), w->east);
    w->bob = member(w, "bob", role(w, "member"), w->east);
    w->cat = member(w, "cat", role(w, "member"), w->west);
    w->boss = member(w, "boss", role(w, "manager"), w->head);
    w->ro = member(w, "ro", role(w, "read_only"), 0);
    w->admin = member(w, "adm", role(w, "administrator"), 0);
    int64_t own = fixture_put(&w->x, "role", "{\"code\":\"rep\",\"name\":\"rep\"}");
    struct rights_arg r = {
        w, own,
        "{\"rights\":{\"*\":{\"read\":\"all\"},\"customer\":{\"read\":\"shared\",\"create\":\"own\","
        "\"update\":\"shared\",\"delete\":\"own\",\"share\":\"own\"}},"
        "\"fields\":{\"customer\":{\"industry\":\"hidden\",\"city\":\"masked\",\"code\":\"read\"},"
        "\"order\":{\"cost\":\"hidden\"}}}"};
    done(&w->x.err, fixture_unit(&w->x, put_rights, &r));
    w->rep = member(w, "rep", own, 0);
    w->of_ann = customer(w, "Alpha", w->ann);
    w->of_bob = customer(w, "Beta", w->bob);
    w->of_cat = customer(w, "Gamma", w->cat);
    w->of_none = customer(w, "Delta", 0);
    w->order_ann = order(w, "O-ann", w->of_ann);
    w->order_cat = order(w, "O-cat", w->of_cat);
}

static void
world_close(struct world *w)
{
    fixture_close(&w->x);
}

/* Acts as the member (0: as the system) until the next call. */
static void
as(struct world *w, int64_t user)
{
    struct access *a = NULL;
    struct err err = {0};
    w->x.ctx.access = NULL;
    w->x.ctx.actor = user;
    if (!user)
        return;
    must(access_load(w->x.db, w->x.cat, user, &a, &err));
    arena_defer(w->x.arena, (void (*)(void *))access_free, a);
    w->x.ctx.access = a;
}

static enum err_code
list(struct world *w, struct list_query q, struct strbuf *out, struct err *err)
{
    if (!q.limit)
        q.limit = 50;
    return record_list_json(&w->x.ctx, &q, out, err);
}

/* Names of the customers a member sees, and the total. */
static void
sees(struct world *w, int64_t user, const char *filter, const char *sort, const char *names)
{
    struct strbuf out = {0}, got = {0};
    struct err err = {0};
    json_t *j = NULL;
    as(w, user);
    struct list_query q = {.object = fixture_object(&w->x, "customer"),
                           .filter = strv_of(filter),
                           .sort = strv_of(sort),
                           .fields = STRV("name"),
                           .count = COUNT_EXACT};
    must(list(w, q, &out, &err));
    must(json_read(w->x.arena, strbuf_view(&out), &JSON_REQUEST_LIMITS, "", &j, &err));
    json_t *items = json_object_get(j, "items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        strbuf_adds(&got, got.n ? " " : "");
        strbuf_addv(&got, json_get_sv(json_array_get(items, i), "name"));
    }
    assert_string_equal(got.p ? got.p : "", names);
    assert_int_equal(json_get_i64(json_object_get(j, "total"), "count", -1), json_array_size(items));
    strbuf_release(&out);
    strbuf_release(&got);
}

static void
lists(void **state)
{
    struct world w;
    (void)state;
    world_open(&w);
    sees(&w, 0, "", "id", "Alpha Beta Gamma Delta");
    sees(&w, w.admin, "", "id", "Alpha Beta Gamma Delta");
    sees(&w, w.ro, "", "id", "Alpha Beta Gamma Delta");
    sees(&w, w.boss, "", "id", "Alpha Beta Gamma Delta");
    sees(&w, w.ann, "", "id", "Alpha Beta");
    sees(&w, w.ann, "", "-name", "Beta Alpha");
    sees(&w, w.ann, "", "-value_historical", "Beta Alpha");
    sees(&w, w.ann, "name = 'Gamma' or name = 'Beta'", "", "Beta");
    sees(&w, w.cat, "", "id", "Gamma");
    sees(&w, w.rep, "", "id", "");
    world_close(&w);
}

static enum err_code
get(struct world *w, const char *object, int64_t id, struct strbuf *out, struct err *err)
{
    int64_t rev;
    return record_get_json(&w->x.ctx, fixture_object(&w->x, object), id, out, &rev, err);
}

static void
reads(void **state)
{
    static const struct {
        const char *object;
        size_t id, who;
        bool found;
    } rows[] = {
        {"customer", offsetof(struct world, of_ann), offsetof(struct world, bob), true},
        {"customer", offsetof(struct world, of_cat), offsetof(struct world, bob), false},
        {"customer", offsetof(struct world, of_none), offsetof(struct world, bob), false},
        {"customer", offsetof(struct world, of_none), offsetof(struct world, boss), true},
        {"order", offsetof(struct world, order_ann), offsetof(struct world, bob), true},
        {"order", offsetof(struct world, order_cat), offsetof(struct world, bob), false},
        {"order", offsetof(struct world, order_cat), offsetof(struct world, rep), false},
        {"order", offsetof(struct world, order_cat), offsetof(struct world, ro), true},
    };
    struct world w;
    (void)state;
    world_open(&w);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct strbuf out = {0}, missing = {0}, refused = {0};
        struct err err = {0}, none = {0};
        int64_t id = *(int64_t *)((char *)&w + rows[i].id);
        as(&w, *(int64_t *)((char *)&w + rows[i].who));
        enum err_code rc = get(&w, rows[i].object, id, &out, &err);
        if (rc != (rows[i].found ? ERR_OK : ERR_NOT_FOUND))
            fail_msg("row %zu: %d", i, (int)rc);
        /* what is out of scope answers as what is not there */
        assert_int_equal(get(&w, rows[i].object, 999, &missing, &none), ERR_NOT_FOUND);
        assert_true(rows[i].found || err.msg == none.msg);
        strbuf_release(&out);
        strbuf_release(&missing);
        strbuf_release(&refused);
    }
    world_close(&w);
}

/* ---- fields ---- */

static void
fields(void **state)
{
    const struct {
        struct list_query q;
        enum msg msg;
    } rows[] = {
        {{.filter = STRV("industry = '" CANARY "'")}, MSG_EXPR_FIELD},
        {{.filter = STRV("industri = 'x'")}, MSG_EXPR_FIELD},
        {{.filter = STRV("city = 'Suzhou'")}, MSG_ACCESS_MASKED},
        {{.filter = STRV("phone starts with '138'")}, MSG_ACCESS_MASKED},
        {{.sort = STRV("industry")}, MSG_LIST_SORT_UNKNOWN0},
        {{.sort = STRV("city")}, MSG_ACCESS_MASKED},
        {{.fields = STRV("name,industry")}, MSG_LIST_FIELD_UNKNOWN0},
        {{.filter = STRV("owner.email = 'a'")}, MSG_NONE},
    };
    struct world w;
    struct strbuf out = {0};
    struct err err = {0};
    (void)state;
    world_open(&w);
    char json[64];
    as(&w, 0);
    snprintf(json, sizeof json, "{\"owner\":%lld}", (long long)w.rep);
    fixture_set(&w.x, "customer", w.of_none, json);
    as(&w, w.rep);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct err e = {0};
        struct list_query q = rows[i].q;
        q.object = fixture_object(&w.x, "customer");
        strbuf_clear(&out);
        enum err_code rc = list(&w, q, &out, &e);
        if ((rc ? e.msg : MSG_NONE) != rows[i].msg)
            fail_msg("row %zu: %s", i, err_msg_key(e.msg));
        struct strbuf text = {0};
        err_render(&e, LANG_EN, &text);
        assert_null(text.p ? strstr(text.p, "mean industry") : NULL);
        strbuf_release(&text);
    }
    strbuf_clear(&out);
    must(list(&w, (struct list_query){.object = fixture_object(&w.x, "customer")}, &out, &err));
    assert_null(strstr(out.p, "industry"));
    assert_null(strstr(out.p, CANARY));
    assert_null(strstr(out.p, "Suzhou"));
    assert_null(strstr(out.p, "13800138"));
    assert_null(strstr(out.p, "value_historical")); /* made of order.cost, which is hidden */
    assert_non_null(strstr(out.p, "\"revenue\""));
    assert_non_null(strstr(out.p, "\"tier\"")); /* declassified */
    strbuf_clear(&out);
    must(get(&w, "customer", w.of_none, &out, &err));
    assert_null(strstr(out.p, CANARY));
    assert_null(strstr(out.p, "Suzhou"));
    assert_non_null(strstr(out.p, "13800138")); /* the owner calls: in full */
    strbuf_release(&out);
    world_close(&w);
}

static void
masks(void **state)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"+8613800138000", "+86****8000"},
        {"13800138000", "138****8000"},
        {"wang@example.com", "w****@example.com"},
        {"wanglei@example.com", "w****i@example.com"},
        {"ab", "****"},
        {"", "****"},
        {"微信号码很长", "微****长"},
        {"012-345", "0****5"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct strbuf b = {0};
        access_mask_text(strv_of(rows[i].in), &b);
        assert_string_equal(b.p, rows[i].out);
        strbuf_release(&b);
    }
}

/* ---- writing ---- */

static void
writes(void **state)
{
    struct world w;
    (void)state;
    world_open(&w);
    const struct {
        int64_t who;
        enum write_kind kind;
        const char *object;
        int64_t id;
        const char *json;
        enum msg msg;
    } rows[] = {
        {w.ann, WRITE_UPDATE, "customer", w.of_ann, "{\"city\":\"X\"}", MSG_NONE},
        {w.ann, WRITE_UPDATE, "customer", w.of_bob, "{\"city\":\"X\"}", MSG_ACCESS_RECORD},
        {w.ann, WRITE_UPDATE, "customer", w.of_cat, "{\"city\":\"X\"}", MSG_NOT_FOUND},
        {w.ann, WRITE_DELETE, "customer", w.of_cat, NULL, MSG_NOT_FOUND},
        {w.ann, WRITE_CREATE, "contact", 0, "{\"name\":\"N\",\"customer\":$CAT}", MSG_RECORD_INVALID},
        {w.ann, WRITE_CREATE, "contact", 0, "{\"name\":\"N\",\"customer\":$ANN}", MSG_NONE},
        {w.ann, WRITE_CREATE, "contact", 0, "{\"name\":\"N\",\"customer\":$BOB}", MSG_ACCESS_PLACE},
        {w.ann, WRITE_CREATE, "product", 0, "{\"code\":\"P\",\"name\":\"N\"}", MSG_ACCESS_DENIED},
        {w.ann, WRITE_CREATE, "customer", 0, "{\"name\":\"mine\"}", MSG_NONE},
        {w.ann, WRITE_CREATE, "customer", 0, "{\"name\":\"to bob\",\"owner\":$bob}", MSG_NONE},
        {w.ann, WRITE_CREATE, "customer", 0, "{\"name\":\"to cat\",\"owner\":$cat}", MSG_ACCESS_OWNER},
        {w.ann, WRITE_CREATE, "customer", 0, "{\"name\":\"twice\",\"code\":\"C-Gamma\"}",
         MSG_RECORD_UNIQUE_UNSEEN},
        {w.ann, WRITE_CREATE, "user", 0, "{\"name\":\"x\",\"email\":\"x@example.com\"}", MSG_ACCESS_DENIED},
        {w.ro, WRITE_UPDATE, "customer", w.of_ann, "{\"city\":\"X\"}", MSG_ACCESS_DENIED},
        {w.boss, WRITE_UPDATE, "customer", w.of_cat, "{\"city\":\"X\"}", MSG_NONE},
        {w.boss, WRITE_UPDATE, "customer", w.of_none, "{\"city\":\"X\"}", MSG_ACCESS_RECORD},
        {w.rep, WRITE_CREATE, "customer", 0, "{\"name\":\"r\",\"industry\":\"x\"}", MSG_RECORD_INVALID},
        {w.rep, WRITE_CREATE, "customer", 0, "{\"name\":\"r\",\"code\":\"x\"}", MSG_RECORD_INVALID},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char json[256] = "";
        const char *from = rows[i].json;
        for (size_t n = 0; from && *from && n < sizeof json - 24;) {
            const struct {
                const char *name;
                int64_t id;
            } names[] = {
                {"$CAT", w.of_cat}, {"$ANN", w.of_ann}, {"$BOB", w.of_bob}, {"$bob", w.bob}, {"$cat", w.cat}};
            size_t k = 0;
            while (k < 5 && strncmp(from, names[k].name, 4) != 0)
                k++;
            if (k < 5) {
                n += (size_t)snprintf(json + n, 24, "%lld", (long long)names[k].id);
                from += 4;
            } else {
                json[n++] = *from++;
            }
        }
        as(&w, rows[i].who);
        enum err_code rc = fixture_write(&w.x, rows[i].kind, rows[i].object, rows[i].id, 0,
                                         rows[i].json ? json : NULL, NULL);
        if ((rc ? w.x.err.msg : MSG_NONE) != rows[i].msg)
            fail_msg("row %zu: %s instead of %s", i, rc ? err_msg_key(w.x.err.msg) : "ok",
                     err_msg_key(rows[i].msg));
    }
    world_close(&w);
}

/* ---- titles, paths, search ---- */

static void
doors(void **state)
{
    struct world w;
    struct strbuf out = {0};
    struct err err = {0};
    char json[64];
    (void)state;
    world_open(&w);
    as(&w, 0);
    /* an order that ann sees points to a contact of a customer she does not see: by another reference */
    snprintf(json, sizeof json, "{\"name\":\"" CANARY "\",\"customer\":%lld}", (long long)w.of_cat);
    int64_t contact = fixture_put(&w.x, "contact", json);
    char talk[160];
    snprintf(talk, sizeof talk, "{\"subject\":\"s\",\"customer\":%lld,\"contact\":%lld}", (long long)w.of_ann,
             (long long)contact);
    int64_t t = fixture_put(&w.x, "interaction", talk);
    as(&w, w.ann);
    must(get(&w, "interaction", t, &out, &err));
    assert_null(strstr(out.p, CANARY));
    strbuf_clear(&out);
    struct list_query q = {.object = fixture_object(&w.x, "interaction"),
                           .filter = STRV("contact.name = '" CANARY "'"),
                           .count = COUNT_EXACT};
    must(list(&w, q, &out, &err));
    assert_non_null(strstr(out.p, "\"count\":0"));
    /* search: gamma is cat's; the industry is hidden from rep */
    strbuf_clear(&out);
    must(record_search_json(&w.x.ctx, STRV("Gamma"), NULL, 20, &out, &err));
    assert_null(strstr(out.p, "Gamma"));
    strbuf_clear(&out);
    must(record_search_json(&w.x.ctx, STRV("Beta"), NULL, 20, &out, &err));
    assert_non_null(strstr(out.p, "Beta"));
    strbuf_release(&out);
    world_close(&w);
}

struct share_arg {
    int64_t id, principal;
    int level;
};

static enum err_code
share(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    const struct share_arg *s = arg;
    (void)more;
    return record_share(ctx, catalog_object(ctx->cat, STRV("customer")), s->id, s->principal, s->level, err);
}

static void
shares(void **state)
{
    struct world w;
    (void)state;
    world_open(&w);
    struct share_arg a = {w.of_ann, w.rep, 1}, team = {w.of_bob, -w.west, 2}, foreign = {w.of_cat, w.rep, 1};
    as(&w, w.ann);
    done(&w.x.err, fixture_unit(&w.x, share, &a));
    assert_int_equal(fixture_unit(&w.x, share, &foreign), ERR_NOT_FOUND);
    assert_int_equal(fixture_unit(&w.x, share, &team), ERR_FORBIDDEN); /* bob's */
    as(&w, w.bob);
    done(&w.x.err, fixture_unit(&w.x, share, &team));
    sees(&w, w.rep, "", "id", "Alpha");
    sees(&w, w.cat, "", "id", "Beta Gamma");
    as(&w, w.rep);
    assert_int_equal(fixture_write(&w.x, WRITE_UPDATE, "customer", w.of_ann, 0, "{\"name\":\"A\"}", NULL),
                     ERR_FORBIDDEN);
    as(&w, w.ann);
    a.level = 2;
    done(&w.x.err, fixture_unit(&w.x, share, &a));
    as(&w, w.rep);
    done(&w.x.err, fixture_write(&w.x, WRITE_UPDATE, "customer", w.of_ann, 0, "{\"name\":\"A\"}", NULL));
    struct strbuf out = {0};
    struct err err = {0};
    must(get(&w, "order", w.order_ann, &out, &err)); /* a child goes with its customer */
    strbuf_release(&out);
    as(&w, w.ann);
    a.level = 0;
    done(&w.x.err, fixture_unit(&w.x, share, &a));
    sees(&w, w.rep, "", "id", "");
    world_close(&w);
}

/* ---- the cache ---- */

static void
re_righted(void **state)
{
    struct world w;
    struct access_cache *c = access_cache_create();
    const struct access *a = NULL, *b = NULL;
    struct err err = {0};
    struct arena *arena = arena_create();
    char json[64];
    (void)state;
    world_open(&w);
    const struct object *o = fixture_object(&w.x, "customer");
    must(access_get(c, w.x.db, w.x.cat, w.ann, false, arena, &a, &err));
    must(access_get(c, w.x.db, w.x.cat, w.ann, false, arena, &b, &err));
    assert_ptr_equal(a, b);
    assert_int_equal(access_scope(a, o, ACT_UPDATE), SCOPE_OWN);
    snprintf(json, sizeof json, "{\"role\":%lld}", (long long)role(&w, "read_only"));
    fixture_set(&w.x, "user", w.ann, json);
    must(access_get(c, w.x.db, w.x.cat, w.ann, false, arena, &b, &err));
    assert_ptr_not_equal(a, b);
    assert_int_equal(access_scope(b, o, ACT_UPDATE), SCOPE_NONE);
    assert_int_equal(access_scope(a, o, ACT_UPDATE), SCOPE_OWN); /* whoever holds the old ones keeps them */
    arena_free(arena);
    access_cache_free(c);
    world_close(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists),  cmocka_unit_test(reads),      cmocka_unit_test(fields),
        cmocka_unit_test(masks),  cmocka_unit_test(writes),     cmocka_unit_test(doors),
        cmocka_unit_test(shares), cmocka_unit_test(re_righted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
