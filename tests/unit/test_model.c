/* test_model.c - packs, catalogue, DDL, field types, countries, settings, exchange rates. */
#include "unit.h"

#include <sys/stat.h>

#include "core/arena.h"
#include "core/dates.h"
#include "core/json.h"
#include "core/text.h"
#include "db/migrate.h"
#include "db_testing.h"
#include "model/countries.h"
#include "model/ddl.h"
#include "model/field_type.h"
#include "model/settings.h"

static const char HEAD[] =
    "{\"name\":\"thing\",\"label\":{\"en\":\"Thing\"},\"data_class\":\"descriptive\",\"title\":\"name\",\n";
static const char USER[] =
    "{\"name\":\"user\",\"label\":{\"en\":\"User\"},\"data_class\":\"descriptive\",\"title\":\"email\","
    "\"fields\":[{\"name\":\"email\",\"type\":\"email\",\"label\":{\"en\":\"E\"}}]}";

/* ---- faulty packs: the text behind HEAD, where and what the message says ---- */

static const struct {
    const char *name, *text;
    enum msg msg;
    const char *line, *part; /* part: a text the English sentence must hold */
} FAULTS[] = {
    {"no JSON", "\"fields\": [ }", MSG_PACK_SYNTAX, "2", "not valid"},
    {"unknown key, near", "\"feilds\":[]}", MSG_PACK_KEY_NEAR, "2", "Did you mean fields?"},
    {"unknown key, far", "\"colour_of_sky\":1}", MSG_PACK_KEY, "2", "Allowed: name, label"},
    {"missing key", "\"nav\":1}", MSG_PACK_MISSING, "1", "needs the key fields"},
    {"wrong type", "\"nav\":\"1\",\n\"fields\":[]}", MSG_PACK_TYPE, "2", "nav must be"},
    {"label language", "\"plural\":{\"de\":\"Dinge\"}}", MSG_PACK_TYPE, "2", "zh-CN"},
    {"no fields", "\"fields\":[]}", MSG_PACK_RULE, "2", "1..500"},
    {"unknown field key",
     "\"fields\":[\n{\"name\":\"name\",\"type\":\"text\",\"label\":{\"en\":\"N\"},\n\"requird\":true}]}",
     MSG_PACK_KEY_NEAR, "4", "Did you mean required?"},
    {"unknown type", "\"fields\":[\n{\"name\":\"name\",\"type\":\"txt\",\"label\":{\"en\":\"N\"}}]}",
     MSG_PACK_VALUE_NEAR, "3", "Did you mean text?"},
    {"duplicate field",
     "\"fields\":[{\"name\":\"name\",\"type\":\"text\",\"label\":{\"en\":\"N\"}},\n\n{\"name\":\"name\","
     "\"type\":\"int\",\"label\":{\"en\":\"N\"}}]}",
     MSG_PACK_DUPLICATE, "4", "name is there twice"},
    {"duplicate JSON key", "\"nav\":1,\n\"nav\":2}", MSG_PACK_SYNTAX, "3", "not valid"},
    {"reserved word", "\"fields\":[{\"name\":\"contains\",\"type\":\"text\",\"label\":{\"en\":\"N\"}}]}",
     MSG_PACK_RESERVED, "2", "contains is a reserved word"},
    {"system field", "\"fields\":[{\"name\":\"rev\",\"type\":\"int\",\"label\":{\"en\":\"N\"}}]}",
     MSG_PACK_RESERVED, "2", "rev"},
    {"money column", "\"fields\":[{\"name\":\"net_base\",\"type\":\"int\",\"label\":{\"en\":\"N\"}}]}",
     MSG_PACK_RESERVED, "2", "net_base"},
    {"bad name", "\"fields\":[{\"name\":\"Net Sum\",\"type\":\"int\",\"label\":{\"en\":\"N\"}}]}",
     MSG_PACK_VALUE, "2", "Net Sum; expected [a-z]"},
    {"title unknown", "\"fields\":[{\"name\":\"nam\",\"type\":\"text\",\"label\":{\"en\":\"N\"}}]}",
     MSG_PACK_VALUE_NEAR, "1", "Did you mean nam?"},
    {"ref unknown",
     "\"fields\":[{\"name\":\"name\",\"type\":\"ref\",\"label\":{\"en\":\"N\"},\n\"ref\":\"thng\"}]}",
     MSG_PACK_VALUE_NEAR, "3", "Did you mean thing?"},
    {"ref missing", "\"fields\":[{\"name\":\"name\",\"type\":\"ref\",\"label\":{\"en\":\"N\"}}]}",
     MSG_PACK_MISSING, "2", "ref"},
    {"default_from",
     "\"fields\":[{\"name\":\"name\",\"type\":\"text\",\"label\":{\"en\":\"N\"},\"default_from\":\"zzzzzz\"}]"
     "}",
     MSG_PACK_VALUE, "2", "a field of thing"},
    {"default_from itself",
     "\"fields\":[{\"name\":\"name\",\"type\":\"text\",\"label\":{\"en\":\"N\"},\"default_from\":\"name\"}]}",
     MSG_PACK_VALUE, "2", "another field"},
    {"currency_from type",
     "\"fields\":[{\"name\":\"name\",\"type\":\"int\",\"label\":{\"en\":\"N\"}},\n"
     "{\"name\":\"net\",\"type\":\"money\",\"label\":{\"en\":\"N\"},\"currency_from\":\"name\"}]}",
     MSG_PACK_VALUE, "3", "a text field"},
    {"rate_at unknown",
     "\"fields\":[{\"name\":\"name\",\"type\":\"money\",\"label\":{\"en\":\"N\"},\"rate_at\":\"created_on\"}]"
     "}",
     MSG_PACK_VALUE_NEAR, "2", "created_"},
    {"base_only and currency_from",
     "\"fields\":[{\"name\":\"name\",\"type\":\"money\",\"label\":{\"en\":\"N\"},\"base_only\":true,\"rate_"
     "at\":\"created_at\"}]}",
     MSG_PACK_RULE, "2", "base_only"},
    {"scale of text",
     "\"fields\":[{\"name\":\"name\",\"type\":\"text\",\"label\":{\"en\":\"N\"},\"scale\":2}]}",
     MSG_PACK_RULE, "2", "type decimal"},
    {"scale too large",
     "\"fields\":[{\"name\":\"name\",\"type\":\"decimal\",\"label\":{\"en\":\"N\"},\"scale\":9}]}",
     MSG_PACK_VALUE, "2", "0..6"},
    {"no scale", "\"fields\":[{\"name\":\"name\",\"type\":\"decimal\",\"label\":{\"en\":\"N\"}}]}",
     MSG_PACK_MISSING, "2", "scale"},
    {"min over max",
     "\"fields\":[{\"name\":\"name\",\"type\":\"int\",\"label\":{\"en\":\"N\"},\"min\":5,\"max\":4}]}",
     MSG_PACK_RULE, "2", "min <= max"},
    {"index name",
     "\"fields\":[{\"name\":\"name\",\"type\":\"text\",\"label\":{\"en\":\"N\"},\"index\":\"sorted\"}]}",
     MSG_PACK_VALUE_NEAR, "2", "Did you mean sort?"},
    {"unique bool",
     "\"fields\":[{\"name\":\"name\",\"type\":\"bool\",\"label\":{\"en\":\"N\"},\"index\":\"unique\"}]}",
     MSG_PACK_RULE, "2", "unique"},
    {"index of longtext",
     "\"fields\":[{\"name\":\"name\",\"type\":\"longtext\",\"label\":{\"en\":\"N\"},\"index\":\"sort\"}]}",
     MSG_PACK_RULE, "2", "longtext"},
    {"enum without options", "\"fields\":[{\"name\":\"name\",\"type\":\"enum\",\"label\":{\"en\":\"N\"}}]}",
     MSG_PACK_MISSING, "2", "options"},
    {"option twice",
     "\"fields\":[{\"name\":\"name\",\"type\":\"enum\",\"label\":{\"en\":\"N\"},\"options\":[\n"
     "{\"value\":\"a\",\"label\":{\"en\":\"A\"}},\n{\"value\":\"a\",\"label\":{\"en\":\"B\"}}]}]}",
     MSG_PACK_DUPLICATE, "4", "a is there twice"},
    {"option colour",
     "\"fields\":[{\"name\":\"name\",\"type\":\"enum\",\"label\":{\"en\":\"N\"},\"options\":[\n"
     "{\"value\":\"a\",\"label\":{\"en\":\"A\"},\"color\":\"grean\"}]}]}",
     MSG_PACK_VALUE_NEAR, "3", "Did you mean green?"},
    {"default no option",
     "\"fields\":[{\"name\":\"name\",\"type\":\"enum\",\"label\":{\"en\":\"N\"},\"default\":\"opne\","
     "\"options\":["
     "{\"value\":\"open\",\"label\":{\"en\":\"A\"}}]}]}",
     MSG_PACK_VALUE_NEAR, "2", "Did you mean open?"},
    {"default of datetime",
     "\"fields\":[{\"name\":\"name\",\"type\":\"datetime\",\"label\":{\"en\":\"N\"},\"default\":\"tomorrow\"}"
     "]}",
     MSG_PACK_VALUE, "2", "now"},
    {"default of bool",
     "\"fields\":[{\"name\":\"name\",\"type\":\"bool\",\"label\":{\"en\":\"N\"},\"default\":\"maybe\"}]}",
     MSG_PACK_VALUE, "2", "true, false"},
    {"default of int",
     "\"fields\":[{\"name\":\"name\",\"type\":\"int\",\"label\":{\"en\":\"N\"},\"default\":\"1.5\"}]}",
     MSG_PACK_VALUE, "2", "1.5"},
    {"derived and required",
     "\"fields\":[{\"name\":\"name\",\"type\":\"int\",\"label\":{\"en\":\"N\"},\"derived\":true,\"required\":"
     "true}]}",
     MSG_PACK_RULE, "2", "not derived"},
    {"search of a number",
     "\"fields\":[{\"name\":\"name\",\"type\":\"int\",\"label\":{\"en\":\"N\"},\"search\":true}]}",
     MSG_PACK_RULE, "2", "type text"},
    {"alias twice",
     "\"fields\":[{\"name\":\"name\",\"type\":\"text\",\"label\":{\"en\":\"N\"},\"aliases\":[\"Name\"]},\n"
     "{\"name\":\"other\",\"type\":\"text\",\"label\":{\"en\":\"N\"},\"aliases\":[\"name\"]}]}",
     MSG_PACK_DUPLICATE, "3", "name is there twice"},
    {"empty alias",
     "\"fields\":[{\"name\":\"name\",\"type\":\"text\",\"label\":{\"en\":\"N\"},\"aliases\":[\"\"]}]}",
     MSG_PACK_TYPE, "2", "aliases must be"},
    {"list names",
     "\"fields\":[{\"name\":\"name\",\"type\":\"text\",\"label\":{\"en\":\"N\"}}],\n\"list\":[\"name\","
     "\n\"nmae\"]}",
     MSG_PACK_VALUE_NEAR, "4", "Did you mean name?"},
    {"list twice",
     "\"fields\":[{\"name\":\"name\",\"type\":\"text\",\"label\":{\"en\":\"N\"}}],\n\"list\":[\"name\","
     "\"name\"]}",
     MSG_PACK_DUPLICATE, "3", "name"},
    {"form",
     "\"fields\":[{\"name\":\"name\",\"type\":\"text\",\"label\":{\"en\":\"N\"}}],\n\"form\":[{\"fields\":[]}"
     "]}",
     MSG_PACK_MISSING, "3", "label"},
    {"view sort",
     "\"fields\":[{\"name\":\"name\",\"type\":\"text\",\"label\":{\"en\":\"N\"}}],\n"
     "\"views\":[{\"name\":\"a\",\"label\":{\"en\":\"A\"},\n\"sort\":\"-size\"}]}",
     MSG_PACK_VALUE, "4", "size"},
    {"view twice",
     "\"fields\":[{\"name\":\"name\",\"type\":\"text\",\"label\":{\"en\":\"N\"}}],\n"
     "\"views\":[{\"name\":\"a\",\"label\":{\"en\":\"A\"}},\n{\"name\":\"a\",\"label\":{\"en\":\"A\"}}]}",
     MSG_PACK_DUPLICATE, "4", "a is there twice"},
    {"key not unique",
     "\"key\":\"name\",\"fields\":[{\"name\":\"name\",\"type\":\"text\",\"label\":{\"en\":\"N\"}}]}",
     MSG_PACK_VALUE, "2", "index unique"},
    {"customer no ref",
     "\"customer\":\"name\",\"fields\":[{\"name\":\"name\",\"type\":\"text\",\"label\":{\"en\":\"N\"}}]}",
     MSG_PACK_VALUE, "2", "ref to customer"},
    {"time no date",
     "\"time\":\"name\",\"fields\":[{\"name\":\"name\",\"type\":\"text\",\"label\":{\"en\":\"N\"}}]}",
     MSG_PACK_VALUE, "2", "date or datetime"},
    {"too deep, not too long", "\"icon\":\"\",\"fields\":[]}", MSG_PACK_TYPE, "2", "icon"},
};

static void
faulty_packs_name_file_line_and_expectation(void **state)
{
    for (size_t i = 0; i < COUNT(FAULTS); i++) {
        struct strbuf text = {0}, said = {0};
        strbuf_adds(&text, HEAD);
        strbuf_adds(&text, FAULTS[i].text);
        const struct pack_file files[] = {
            {"t/objects/thing.json", strbuf_view(&text)}, {"t/objects/user.json", strv_of(USER)}, {0}};
        struct catalog *c = NULL;
        struct err err = {0};
        CHECK_ROW(catalog_parse(files, &c, &err) == ERR_INVALID, i, FAULTS[i].name);
        err_render(&err, LANG_EN, &said);
        if (err.msg != FAULTS[i].msg || !strstr(said.p, FAULTS[i].part) ||
            strcmp(err_param(&err, "line"), FAULTS[i].line) != 0)
            fail_msg("row %zu (%s): %s: %s", i, FAULTS[i].name, err_msg_key(err.msg), said.p);
        CHECK_ROW(strstr(said.p, "t/objects/thing.json") != NULL, i, FAULTS[i].name);
        CHECK_ROW(!strstr(said.p, "{file}") && !strstr(said.p, "{expected}") && !strstr(said.p, "{key}"), i,
                  said.p);
        strbuf_release(&text);
        strbuf_release(&said);
    }
}

static void
object_faults(void **state)
{
    static const char twice[] = "{\"name\":\"user\",\"label\":{\"en\":\"U\"},\"data_class\":\"none\","
                                "\"title\":\"email\",\"fields\":[]}";
    const struct pack_file two[] = {
        {"a/objects/user.json", strv_of(USER)}, {"b/objects/user.json", strv_of(USER)}, {0}};
    const struct pack_file name[] = {{"a/objects/member.json", strv_of(USER)}, {0}};
    const struct pack_file class[] = {{"a/objects/user.json", strv_of(twice)}, {0}};
    struct catalog *c = NULL;
    struct err err = {0};
    assert_int_equal(catalog_parse(two, &c, &err), ERR_INVALID);
    assert_int_equal(err.msg, MSG_PACK_DUPLICATE);
    assert_string_equal(err_param(&err, "file"), "b/objects/user.json");
    err_clear(&err);
    assert_int_equal(catalog_parse(name, &c, &err), ERR_INVALID);
    assert_int_equal(err.msg, MSG_PACK_RULE);
    err_clear(&err);
    assert_int_equal(catalog_parse(class, &c, &err), ERR_INVALID);
    assert_int_equal(err.msg, MSG_PACK_VALUE);
}

/* ---- the catalogue of packs/core ---- */

static struct catalog *
core_catalog(void)
{
    struct catalog *c = NULL;
    struct err err = {0};
    assert_int_equal(shown(catalog_parse(PACK_FILES, &c, &err), &err), ERR_OK);
    return c;
}

static void
core_pack(void **state)
{
    struct catalog *c = core_catalog();
    const struct object *customer = catalog_object(c, STRV("customer")),
                        *order = catalog_object(c, STRV("order"));
    assert_int_equal(c->n_objects, 19);
    assert_non_null(customer);
    assert_string_equal(customer->table, "o_customer");
    assert_string_equal(customer->title->name, "name");
    assert_string_equal(customer->key->name, "code");
    assert_ptr_equal(c->user, catalog_object(c, STRV("user")));
    assert_true(c->user->internal);
    assert_null(catalog_object(c, STRV("custome")));
    assert_string_equal(catalog_nearest_object(c, STRV("custome")), "customer");
    assert_string_equal(object_nearest_field(customer, STRV("contry")), "country");
    assert_null(object_nearest_field(customer, STRV("zzzzzzzz")));
    assert_ptr_equal(catalog_object_by_id(c, customer->id), customer);
    const struct field *net = object_field(order, STRV("net"));
    assert_string_equal(net->column, "net");
    assert_string_equal(net->base_column, "net_base");
    assert_string_equal(net->cur_column, "net_cur");
    assert_string_equal(net->rate_at, "ordered_at");
    assert_ptr_equal(object_field_by_id(order, net->id), net);
    assert_ptr_equal(object_field(order, STRV("customer"))->ref, customer);
    assert_int_equal(object_field(order, STRV("owner"))->index, INDEX_FILTER);
    assert_ptr_equal(order->customer, object_field(order, STRV("customer")));
    assert_ptr_equal(order->time, object_field(order, STRV("ordered_at")));
    const struct field *revenue = object_field(customer, STRV("revenue"));
    assert_true(revenue->derived && revenue->readonly && revenue->base_only && revenue->locked);
    assert_string_equal(revenue->base_column, "revenue");
    assert_string_equal(
        label_in(field_option(object_field(customer, STRV("tier")), STRV("vip"))->label, LANG_ZH),
        "S · 战略");
    for (int i = 0; i < 6; i++) {
        assert_int_equal(customer->fields[i].id, i + 1);
        assert_true(customer->fields[i].system && customer->fields[i].readonly);
    }
    for (size_t i = 0; i < c->n_objects; i++)
        for (size_t k = 0; k < c->objects[i].n_fields; k++) {
            assert_int_equal(c->objects[i].fields[k].pos, k);
            assert_ptr_equal(c->objects[i].fields[k].object, &c->objects[i]);
            assert_true(k < 6 || c->objects[i].fields[k].id >= 100);
        }
    catalog_free(c);
}

/* Every label of the pack in both languages, and no English word in the place of the Chinese one. */
static void
core_labels(void **state)
{
    struct catalog *c = core_catalog();
    for (size_t i = 0; i < c->n_objects; i++) {
        const struct object *o = &c->objects[i];
        for (size_t k = 0; k < o->n_fields; k++) {
            struct strv zh = strv_of(o->fields[k].label.zh);
            assert_true(is_han(utf8_next(&zh)));
            assert_true(strlen(o->fields[k].label.en) > 0 && (unsigned char)o->fields[k].label.en[0] < 0x80);
        }
        assert_true(!o->internal == (o->n_views > 0));
    }
    catalog_free(c);
}

static void
schema_json(void **state)
{
    struct catalog *c = core_catalog();
    struct arena *a = arena_create();
    struct strbuf out = {0};
    json_t *j = NULL;
    struct err err = {0};
    catalog_json(c, NULL, &out);
    assert_int_equal(shown(json_read(a, strbuf_view(&out), &JSON_PACK_LIMITS, "", &j, &err), &err), ERR_OK);
    const json_t *objects = json_object_get(j, "objects");
    assert_int_equal(json_array_size(objects), 19);
    for (size_t i = 0; i < json_array_size(objects); i++) {
        const json_t *o = json_array_get(objects, i);
        if (!strv_is(json_get_sv(o, "name"), "order"))
            continue;
        assert_true(strv_is(json_get_sv(o, "time_field"), "ordered_at"));
        assert_true(strv_is(json_get_sv(json_object_get(o, "label"), "zh-CN"), "订单"));
        assert_int_equal(json_array_size(json_object_get(json_object_get(o, "layouts"), "form")), 3);
        const json_t *f = json_array_get(json_object_get(o, "fields"), 9);
        assert_true(strv_is(json_get_sv(f, "name"), "status"));
        assert_true(strv_is(json_get_sv(f, "index"), "filter"));
        assert_true(strv_is(json_string_value(json_array_get(json_object_get(f, "operators"), 0)) ? STRV("=")
                                                                                                  : STRV(""),
                            "="));
        assert_int_equal(json_array_size(json_object_get(f, "options")), 5);
    }
    strbuf_release(&out);
    arena_free(a);
    catalog_free(c);
}

/* ---- DDL ---- */

static struct db *
fresh_db(struct tmpdb *t)
{
    struct db *db = NULL;
    struct err err = {0};
    tmpdb_make(t);
    assert_int_equal(shown(db_open(t->path, DB_WRITER, &db, &err), &err), ERR_OK);
    assert_int_equal(shown(db_migrate(db, 1, &err), &err), ERR_OK);
    return db;
}

static int64_t
count_of(struct db *db, const char *sql)
{
    struct db_stmt *st = NULL;
    struct err err = {0};
    assert_int_equal(shown(db_prepare_text(db, strv_of(sql), &st, &err), &err), ERR_OK);
    assert_int_equal(shown(db_step_one(st, &err), &err), ERR_OK);
    int64_t n = db_col_i64(st, 0);
    db_release(st);
    return n;
}

static void
ddl_as_text(void **state)
{
    static const char thing[] =
        "\"key\":\"name\",\"fields\":[{\"name\":\"name\",\"type\":\"text\",\"label\":{\"en\":\"N\"},"
        "\"index\":\"unique\"},"
        "{\"name\":\"net\",\"type\":\"money\",\"label\":{\"en\":\"N\"},\"index\":\"sort\"},"
        "{\"name\":\"owner\",\"type\":\"user\",\"label\":{\"en\":\"N\"}},"
        "{\"name\":\"order\",\"type\":\"date\",\"label\":{\"en\":\"N\"},\"index\":\"none\"}]}";
    struct strbuf text = {0}, out = {0};
    strbuf_adds(&text, HEAD);
    strbuf_adds(&text, thing);
    const struct pack_file files[] = {
        {"t/objects/thing.json", strbuf_view(&text)}, {"t/objects/user.json", strv_of(USER)}, {0}};
    struct catalog *c = NULL;
    struct err err = {0};
    assert_int_equal(shown(catalog_parse(files, &c, &err), &err), ERR_OK);
    struct ddl_present_object object = {7, "thing"}, gone = {8, "widget"};
    struct ddl_present_object objects[] = {object, gone};
    struct ddl_present_field fields[] = {{.id = 120, .object_id = 7, .name = "name", .type = "text"},
                                         {.id = 121, .object_id = 7, .name = "old", .type = "int"}};
    const char *indexes[] = {"u_thing_name"};
    struct ddl_present have = {objects, 2, fields, 2, indexes, 1};
    struct ddl_plan plan;
    assert_int_equal(shown(ddl_diff(c->arena, c, &have, &plan, &err), &err), ERR_OK);
    for (size_t i = 0; i < plan.n; i++)
        ddl_text(&plan.v[i], DB_SQLITE, &out);
    CHECK_BUF(
        &out,
        "ALTER TABLE \"o_thing\" ADD COLUMN \"net\" INTEGER;\n"
        "ALTER TABLE \"o_thing\" ADD COLUMN \"net_cur\" TEXT;\n"
        "ALTER TABLE \"o_thing\" ADD COLUMN \"net_base\" INTEGER;\n"
        "ALTER TABLE \"o_thing\" ADD COLUMN \"owner\" INTEGER;\n"
        "ALTER TABLE \"o_thing\" ADD COLUMN \"order\" INTEGER;\n"
        "CREATE TABLE \"o_user\" (\n  \"id\" INTEGER PRIMARY KEY,\n  \"rev\" INTEGER NOT NULL,\n"
        "  \"created_at\" INTEGER NOT NULL,\n  \"created_by\" INTEGER,\n  \"updated_at\" INTEGER NOT NULL,\n"
        "  \"updated_by\" INTEGER,\n  \"deleted_at\" INTEGER,\n  \"email\" TEXT\n) STRICT;\n"
        "CREATE INDEX \"b_thing\" ON \"o_thing\" (\"deleted_at\", \"id\") WHERE \"deleted_at\" IS NOT NULL;\n"
        "CREATE INDEX \"i_thing_net\" ON \"o_thing\" (\"net_base\", \"id\", \"deleted_at\") WHERE "
        "\"deleted_at\" IS NULL;\n"
        "CREATE INDEX \"i_thing_owner\" ON \"o_thing\" (\"owner\", \"id\", \"deleted_at\") WHERE "
        "\"deleted_at\" IS NULL;\n"
        "CREATE INDEX \"b_user\" ON \"o_user\" (\"deleted_at\", \"id\") WHERE \"deleted_at\" IS NOT NULL;\n");
    const struct ddl_action *last = &plan.v[plan.n - 1], *before = &plan.v[plan.n - 2];
    assert_int_equal(before->kind, DDL_KEPT_FIELD);
    assert_string_equal(before->name, "old");
    assert_int_equal(last->kind, DDL_KEPT_OBJECT);
    assert_string_equal(last->name, "widget");
    assert_int_equal(object_field(catalog_object(c, STRV("thing")), STRV("name"))->id, 120);
    assert_int_equal(object_field(catalog_object(c, STRV("thing")), STRV("net"))->id, 122);
    ddl_text(&plan.v[0], DB_POSTGRES, &out);
    CHECK_BUF(&out, "ALTER TABLE \"o_thing\" ADD COLUMN \"net\" bigint;\n"
                    "ALTER TABLE \"o_thing\" ADD COLUMN \"net_cur\" text COLLATE \"C\";\n"
                    "ALTER TABLE \"o_thing\" ADD COLUMN \"net_base\" bigint;\n");
    fields[0].type = "int";
    assert_int_equal(ddl_diff(c->arena, c, &have, &plan, &err), ERR_INVALID);
    assert_int_equal(err.msg, MSG_PACK_CHANGED);
    strbuf_release(&text);
    strbuf_release(&out);
    catalog_free(c);
}

/* A copy of the core pack with one text of one file replaced. */
static struct pack_file *
changed_pack(struct arena *a, const char *path, const char *from, const char *to)
{
    size_t n = 0;
    while (PACK_FILES[n].path)
        n++;
    struct pack_file *files = arena_array(a, struct pack_file, n + 1);
    for (size_t i = 0; i < n; i++) {
        files[i] = PACK_FILES[i];
        if (strcmp(files[i].path, path) != 0)
            continue;
        size_t at = strv_find(files[i].text, strv_of(from));
        assert_true(at != (size_t)-1);
        struct strbuf b = {0};
        strbuf_add(&b, files[i].text.p, at);
        strbuf_adds(&b, to);
        strbuf_add(&b, files[i].text.p + at + strlen(from), files[i].text.n - at - strlen(from));
        files[i].text = arena_strv(a, strbuf_view(&b));
        strbuf_release(&b);
    }
    return files;
}

static void
load_into_a_database(void **state)
{
    struct tmpdb t;
    struct db *db = fresh_db(&t);
    struct arena *a = arena_create();
    struct catalog *c = NULL, *again = NULL, *more = NULL, *less = NULL;
    struct err err = {0};
    assert_int_equal(shown(catalog_load(db, PACK_FILES, 1000, &c, &err), &err), ERR_OK);
    assert_int_equal(c->version, 1);
    assert_int_equal(
        count_of(db,
                 "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'o#_%' ESCAPE '#' AND type = 'table'"),
        19);
    assert_int_equal(
        count_of(db,
                 "SELECT count(*) FROM sqlite_schema WHERE name = 't_order_customer' AND sql LIKE "
                 "'%(\"customer\", \"ordered_at\", \"id\", \"deleted_at\") WHERE \"deleted_at\" IS NULL'"),
        1);
    assert_int_equal(
        count_of(db, "SELECT count(*) FROM meta_index"),
        count_of(db, "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND sql LIKE '%deleted_at%'"));
    int64_t before = count_of(db, "SELECT total_changes()");
    assert_int_equal(shown(catalog_load(db, PACK_FILES, 2000, &again, &err), &err), ERR_OK);
    assert_int_equal(again->version, 1);
    assert_int_equal(count_of(db, "SELECT total_changes()"), before);
    assert_int_equal(object_field(catalog_object(again, STRV("order")), STRV("net"))->id,
                     object_field(catalog_object(c, STRV("order")), STRV("net"))->id);

    struct pack_file *added = changed_pack(a, "core/objects/product.json", "{\"name\": \"category\"",
                                           "{\"name\": \"weight_g\", \"type\": \"int\", \"label\": {\"en\": "
                                           "\"W\"}, \"index\": \"sort\"},\n{\"name\": \"category\"");
    assert_int_equal(shown(catalog_load(db, added, 3000, &more, &err), &err), ERR_OK);
    assert_int_equal(more->version, 2);
    assert_int_equal(
        count_of(db, "SELECT count(*) FROM pragma_table_info('o_product') WHERE name = 'weight_g'"), 1);
    assert_int_equal(count_of(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'i_product_weight_g'"), 1);
    assert_int_equal(shown(catalog_load(db, PACK_FILES, 4000, &less, &err), &err), ERR_OK);
    assert_int_equal(less->version, 3); /* the files changed */
    assert_int_equal(
        count_of(db, "SELECT count(*) FROM pragma_table_info('o_product') WHERE name = 'weight_g'"), 1);
    catalog_free(c);
    catalog_free(again);
    catalog_free(more);
    catalog_free(less);
    arena_free(a);
    db_close(db);
    tmpdb_remove(&t);
}

static void
locked_fields_must_stay(void **state)
{
    struct tmpdb t;
    struct db *db = fresh_db(&t);
    struct arena *a = arena_create();
    struct catalog *c = NULL;
    struct err err = {0};
    struct pack_file *files = changed_pack(a, "core/objects/customer.json", "\"name\": \"value_current\"",
                                           "\"name\": \"value_now\"");
    /* the views name it too: the loader finds that first, so the text is changed everywhere */
    assert_int_equal(catalog_load(db, files, 1, &c, &err), ERR_INVALID);
    err_clear(&err);
    struct pack_file *type =
        changed_pack(a, "core/objects/interaction.json", "\"name\": \"direction\", \"type\": \"enum\"",
                     "\"name\": \"direktion\", \"type\": \"enum\"");
    assert_int_equal(catalog_load(db, type, 1, &c, &err), ERR_INVALID);
    err_clear(&err);
    struct pack_file *role = changed_pack(a, "core/objects/role.json", "\"admin\", \"type\": \"bool\"",
                                          "\"admin\", \"type\": \"text\"");
    assert_int_equal(catalog_load(db, role, 1, &c, &err), ERR_CORRUPT);
    assert_int_equal(err.msg, MSG_CATALOG_LOCKED);
    assert_string_equal(err_param(&err, "object"), "role");
    assert_string_equal(err_param(&err, "field"), "admin");
    assert_int_equal(count_of(db, "SELECT count(*) FROM meta_object"), 0);
    arena_free(a);
    db_close(db);
    tmpdb_remove(&t);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faulty_packs_name_file_line_and_expectation),
        cmocka_unit_test(object_faults),
        cmocka_unit_test(core_pack),
        cmocka_unit_test(core_labels),
        cmocka_unit_test(schema_json),
        cmocka_unit_test(ddl_as_text),
        cmocka_unit_test(load_into_a_database),
        cmocka_unit_test(locked_fields_must_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
