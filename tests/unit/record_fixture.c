/* record_fixture.c - see record_fixture.h. */
#include "record_fixture.h"

#include "core/json.h"
#include "db/migrate.h"
#include "record/unit.h"

static enum err_code
add_user(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    const struct object *user = ctx->cat->user;
    const struct field_value values[] = {
        {object_field(user, STRV("email")), value_text(STRV("li@example.com"))},
        {object_field(user, STRV("name")), value_text(STRV("李雷"))},
    };
    struct write w = {.kind = WRITE_CREATE, .object = user, .values = values, .n = 2};
    struct write_result out;

    (void)arg;
    (void)more;
    return record_write(ctx, &w, &out, NULL, err);
}

void
fixture_open(struct fixture *x)
{
    struct err err = {0};

    *x = (struct fixture){.db = NULL};
    tmpdb_make(&x->tmp);
    x->db = open_db(x->tmp.path, DB_WRITER);
    must(db_migrate(x->db, FIXTURE_NOW, &err));
    must(catalog_load(x->db, PACK_FILES, FIXTURE_NOW, &x->cat, &err));
    must(settings_load(x->db, &x->set, &err));
    x->arena = arena_create();
    x->ctx = (struct ctx){.db = x->db,
                          .arena = x->arena,
                          .cat = x->cat,
                          .set = x->set,
                          .now = FIXTURE_NOW,
                          .door = DOOR_API,
                          .lang = LANG_EN};
    must(db_begin(x->db, &err));
    must(fixture_unit(x, add_user, NULL));
    x->ctx.actor = FIXTURE_USER;
}

void
fixture_close(struct fixture *x)
{
    db_rollback(x->db);
    db_close(x->db);
    arena_free(x->arena);
    settings_free(x->set);
    catalog_free(x->cat);
    tmpdb_remove(&x->tmp);
}

const struct object *
fixture_object(const struct fixture *x, const char *name)
{
    const struct object *o = catalog_object(x->cat, strv_of(name));

    assert_non_null(o);
    return o;
}

const struct field *
fixture_field(const struct fixture *x, const char *object, const char *field)
{
    const struct field *f = object_field(fixture_object(x, object), strv_of(field));

    assert_non_null(f);
    return f;
}

enum err_code
fixture_unit(struct fixture *x, enum err_code (*fn)(struct ctx *, void *, bool *, struct err *), void *arg)
{
    struct err err = {0};

    x->err = (struct err){0};
    must(db_savepoint(x->db, &err));
    if (unit_run(x->db, &x->ctx, false, 0, x->reactors, fn, arg, NULL, &x->err) != ERR_OK) {
        db_rollback_savepoint(x->db);
        return x->err.code;
    }
    must(db_release_savepoint(x->db, &err));
    return ERR_OK;
}

struct json_write {
    struct fixture *x;
    enum write_kind kind;
    const struct object *object;
    int64_t id, if_rev;
    json_t *body;
    struct write_result *out;
};

static enum err_code
do_write(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct json_write *w = arg;

    (void)more;
    return record_write_json(ctx, w->kind, w->object, w->id, w->if_rev, w->body, w->out, &w->x->errs, err);
}

enum err_code
fixture_write(struct fixture *x, enum write_kind kind, const char *object, int64_t id, int64_t if_rev,
              const char *json, struct write_result *out)
{
    struct err err = {0};
    struct write_result own;
    struct json_write w = {x, kind, fixture_object(x, object), id, if_rev, NULL, out ? out : &own};

    x->errs = (struct err_list){.arena = x->arena};
    if (json)
        must(json_read(x->arena, strv_of(json), &JSON_REQUEST_LIMITS, "", &w.body, &err));
    return fixture_unit(x, do_write, &w);
}

static void
must_succeed(struct fixture *x, enum err_code code)
{
    if (code == ERR_OK)
        return;
    for (size_t i = 0; i < x->errs.n; i++) {
        print_message("%s: ", x->errs.v[i].field);
        (void)shown(ERR_INVALID, &x->errs.v[i]);
    }
    (void)shown(code, &x->err);
    fail();
}

int64_t
fixture_put(struct fixture *x, const char *object, const char *json)
{
    struct write_result out;

    must_succeed(x, fixture_write(x, WRITE_CREATE, object, 0, 0, json, &out));
    return out.id;
}

void
fixture_set(struct fixture *x, const char *object, int64_t id, const char *json)
{
    must_succeed(x, fixture_write(x, WRITE_UPDATE, object, id, 0, json, NULL));
}

json_t *
fixture_get(struct fixture *x, const char *object, int64_t id)
{
    struct err err = {0};
    struct strbuf out = {0};
    json_t *j = NULL;
    int64_t rev;

    must(record_get_json(&x->ctx, fixture_object(x, object), id, &out, &rev, &err));
    must(json_read(x->arena, strbuf_view(&out), &JSON_REQUEST_LIMITS, "", &j, &err));
    assert_int_equal(json_get_i64(j, "rev", -1), rev);
    strbuf_release(&out);
    return j;
}

enum msg
fixture_error(const struct fixture *x, const char *field)
{
    for (size_t i = 0; i < x->errs.n; i++) {
        if (strcmp(x->errs.v[i].field, field) == 0)
            return x->errs.v[i].msg;
    }
    return MSG_NONE;
}
