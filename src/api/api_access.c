/* api_access.c - roles and their rights, shares, masked data in full, and why somebody can or cannot. */
#include "api/priv.h"
#include "db/db.h"
#include "record/reveal.h"
#include "record/roles.h"
#include "record/scope.h"

static const int CREATE_ERRORS[] = {403, 409, 413, 415, 422, 507, 0};
static const int CHANGE_ERRORS[] = {403, 404, 409, 413, 415, 422, 507, 0};
static const int DELETE_ERRORS[] = {403, 404, 409, 507, 0};
static const int LIST_ERRORS[] = {403, 0};
static const int READ_ERRORS[] = {403, 404, 0};
static const int REVEAL_ERRORS[] = {403, 404, 405, 413, 415, 422, 429, 507, 0};
static const int SHARE_ERRORS[] = {403, 404, 405, 413, 415, 422, 507, 0};
static const struct api_param WHY_QUERY[] = {
    {"user", "{\"type\":\"integer\",\"minimum\":1}", {"成员编号", "number of the member"}}, {0}};

/* ---- roles ---- */
static enum err_code
role_json(struct api_call *c, struct db_stmt *st, struct err *err)
{
    struct strbuf *b = &c->resp->body;
    struct strv code = arena_strv(c->arena, db_col_text(st, 2));
    const struct role_def *d = catalog_role(c->ctx->cat, code);
    int64_t id = db_col_i64(st, 0);
    j_obj(b);
    j_kint(b, "id", id);
    j_kint(b, "rev", db_col_i64(st, 1));
    j_kstr(b, "code", code);
    j_kstr(b, "name", db_col_text(st, 3));
    j_key(b, "label");
    if (d) {
        j_obj(b);
        j_kstr(b, "zh-CN", strv_of(d->label.zh));
        j_kstr(b, "en", strv_of(d->label.en));
        j_obj_end(b);
    } else {
        j_null(b);
    }
    j_kstr(b, "note", db_col_text(st, 4));
    j_kbool(b, "admin", db_col_i64(st, 5) != 0);
    j_kbool(b, "custom", db_col_i64(st, 6) != 0 || !d);
    j_kbool(b, "pack", d != NULL);
    j_kint(b, "members", db_col_i64(st, 7));
    if (role_rights_json(c->ctx, id, b, err))
        return err->code;
    j_obj_end(b);
    return ERR_OK;
}

static void
names_json(struct strbuf *b, const char *key, const char *const *names, const struct label *labels, int n)
{
    j_key(b, key);
    j_arr(b);
    for (int i = 0; i < n; i++) {
        j_obj(b);
        j_kstr(b, "name", strv_of(names[i]));
        j_key(b, "label");
        j_obj(b);
        j_kstr(b, "zh-CN", strv_of(labels[i].zh));
        j_kstr(b, "en", strv_of(labels[i].en));
        j_obj_end(b);
        j_obj_end(b);
    }
    j_arr_end(b);
}

/* only: that role; 0: all. */
static enum err_code
list_roles(struct api_call *c, int64_t only, int *n, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;
    *n = 0;
    if (db_prepare(c->ctx->db, SQL_API_ROLES_LIST, &st, err))
        return err->code;
    while (db_step(st, &row, err) == ERR_OK && row) {
        if (only && db_col_i64(st, 0) != only)
            continue;
        if (role_json(c, st, err))
            break;
        (*n)++;
    }
    db_release(st);
    return err->code;
}

static enum err_code
roles(struct api_call *c, struct err *err)
{
    struct strbuf *b = &c->resp->body;
    int n;
    j_obj(b);
    j_key(b, "items");
    j_arr(b);
    if (list_roles(c, 0, &n, err))
        return err->code;
    j_arr_end(b);
    names_json(b, "actions", ACTION_NAMES, ACTION_LABELS, ACT_COUNT_);
    names_json(b, "scopes", SCOPE_NAMES, SCOPE_LABELS, SCOPE_COUNT_);
    names_json(b, "levels", LEVEL_NAMES, LEVEL_LABELS, LEVEL_COUNT_);
    names_json(b, "may", MAY_NAMES, MAY_LABELS, MAY_COUNT_);
    j_obj_end(b);
    return ERR_OK;
}

static enum err_code
answer_role(struct api_call *c, int64_t id, struct err *err)
{
    int n = 0;
    if (list_roles(c, id, &n, err))
        return err->code;
    return n ? ERR_OK : err_set(err, MSG_NOT_FOUND, "what", "Role", "what_zh", "角色", NULL);
}

/* Moves the members of rights from the body to a body of their own; NULL when there are none. */
static json_t *
take_rights(struct api_call *c, json_t *body)
{
    static const char *const names[] = {"rights", "fields", "may"};
    json_t *out = NULL;
    for (size_t i = 0; i < 3; i++) {
        json_t *v = json_object_get(body, names[i]);
        if (!v)
            continue;
        if (!out)
            out = json_object();
        json_object_set(out, names[i], v);
        json_object_del(body, names[i]);
    }
    if (out)
        arena_defer(c->arena, (void (*)(void *))json_decref, out);
    return out;
}

/* What administrators are is not for sale: neither flag is written here. */
static enum err_code
refuse_flags(const json_t *body, struct err *err)
{
    static const char *const names[] = {"admin", "custom"};
    for (size_t i = 0; i < 2; i++)
        if (json_object_get(body, names[i]))
            return err_field(err, MSG_API_BODY_UNKNOWN, names[i], "name", names[i], "expected",
                             "code, name, note, rights, fields, may", NULL);
    return ERR_OK;
}

static enum err_code
put_role(struct api_call *c, int64_t id, struct err *err)
{
    const struct object *o = catalog_object(c->ctx->cat, STRV("role"));
    json_t *body = NULL;
    struct write_result r = {.id = id};
    int64_t rev = 0;
    if (api_body(c, &body, err) || refuse_flags(body, err) || api_if_match(c, id != 0, &rev, err))
        return err->code;
    json_t *rights = take_rights(c, body);
    if ((!id || json_object_size(body)) &&
        record_write_json(c->ctx, id ? WRITE_UPDATE : WRITE_CREATE, o, id, rev, body, &r, &c->errs, err))
        return err->code;
    if (rights && role_rights_set(c->ctx, r.id, rights, &c->errs, err))
        return err->code;
    return answer_role(c, r.id, err);
}

static enum err_code
role_create(struct api_call *c, struct err *err)
{
    if (put_role(c, 0, err) == ERR_OK)
        c->resp->status = 201;
    return err->code;
}

static enum err_code
role_change(struct api_call *c, struct err *err)
{
    return put_role(c, c->id, err);
}

static enum err_code
role_delete(struct api_call *c, struct err *err)
{
    const struct object *o = catalog_object(c->ctx->cat, STRV("role"));
    struct value *v = arena_array(c->ctx->arena, struct value, o->n_fields);
    struct write w = {.kind = WRITE_DELETE, .object = o, .id = c->id};
    struct write_result r = {0};
    if (record_load(c->ctx, o, c->id, false, v, err))
        return err->code;
    if (catalog_role(c->ctx->cat, v[object_field(o, STRV("code"))->pos].s))
        return err_set(err, MSG_ROLE_PACK, NULL);
    if (api_refuse_used(c->ctx, SQL_API_ROLE_USED, c->id, err) || record_write(c->ctx, &w, &r, &c->errs, err))
        return err->code;
    c->resp->status = 204;
    return ERR_OK;
}

/* ---- shares ---- */
static enum err_code
shares(struct api_call *c, struct err *err)
{
    return record_shares_json(c->ctx, c->object, c->id, &c->resp->body, err);
}

static enum err_code
share(struct api_call *c, struct err *err)
{
    json_t *body = NULL;
    if (api_body(c, &body, err))
        return err->code;
    int64_t user = json_get_i64(body, "user", 0), team = json_get_i64(body, "team", 0);
    struct strv level = json_get_sv(body, "level");
    int n = strv_is(level, "read") ? 1 : strv_is(level, "write") ? 2 : strv_is(level, "none") ? 0 : -1;
    if (n < 0)
        return err_field(err, MSG_API_BODY_VALUE, "level", "name", "level", "expected", "read, write, none",
                         NULL);
    if ((user > 0) == (team > 0) || user < 0 || team < 0)
        return err_field(err, MSG_API_BODY_VALUE, "user", "name", "user", "expected", "user | team", NULL);
    if (record_share(c->ctx, c->object, c->id, user ? user : -team, n, err))
        return err->code;
    return record_shares_json(c->ctx, c->object, c->id, &c->resp->body, err);
}

/* ---- masked data ---- */
static enum err_code
reveal(struct api_call *c, struct err *err)
{
    json_t *body = NULL;
    if (api_body(c, &body, err))
        return err->code;
    http_set_header(c->resp, "Cache-Control", STRV("no-store"));
    return record_reveal(c->ctx, c->object, c->id, json_get_sv(body, "field"), json_get_sv(body, "reason"),
                         &c->resp->body, err);
}

/* ---- why ---- */
static enum err_code
why(struct api_call *c, struct err *err)
{
    int user = 0;
    if (api_query_int(c, "user", (int)c->who.user, 1, INT32_MAX, &user, err))
        return err->code;
    return access_explain_json(c->ctx, c->object, c->id, user, &c->resp->body, err);
}

static const struct api_route ROUTES[] = {
    {.method = "GET",
     .pattern = API_PREFIX "/roles",
     .cls = HTTP_READ,
     .access = ACCESS_ADMIN,
     .run = roles,
     .id = "roles",
     .summary = {"角色及其权限", "Roles and their rights"},
     .status = 200,
     .response = "Roles",
     .errors = LIST_ERRORS},
    {.method = "POST",
     .pattern = API_PREFIX "/roles",
     .cls = HTTP_WRITE,
     .access = ACCESS_ADMIN,
     .max_body = API_BODY_SETTINGS,
     .run = role_create,
     .id = "role_create",
     .summary = {"新建自定义角色", "Creates a role of one's own"},
     .request = "RoleWrite",
     .status = 201,
     .response = "Role",
     .errors = CREATE_ERRORS},
    {.method = "PATCH",
     .pattern = API_PREFIX "/roles/{id}",
     .cls = HTTP_WRITE,
     .access = ACCESS_ADMIN,
     .max_body = API_BODY_SETTINGS,
     .run = role_change,
     .id = "role_change",
     .summary = {"修改角色及其权限", "Changes a role and its rights"},
     .request = "RoleWrite",
     .status = 200,
     .response = "Role",
     .errors = CHANGE_ERRORS},
    {.method = "DELETE",
     .pattern = API_PREFIX "/roles/{id}",
     .cls = HTTP_WRITE,
     .access = ACCESS_ADMIN,
     .run = role_delete,
     .id = "role_delete",
     .summary = {"删除没有成员的自定义角色", "Deletes a role of one's own without members"},
     .status = 204,
     .errors = DELETE_ERRORS},
    {.method = "GET",
     .pattern = API_PREFIX "/{object}/{id}/shares",
     .cls = HTTP_READ,
     .access = ACCESS_SESSION,
     .right = RIGHT_OBJECT,
     .act = ACT_READ,
     .run = shares,
     .id = "shares",
     .summary = {"记录已共享给谁", "With whom a record is shared"},
     .status = 200,
     .response = "Shares",
     .errors = READ_ERRORS},
    {.method = "POST",
     .pattern = API_PREFIX "/{object}/{id}/shares",
     .cls = HTTP_WRITE,
     .access = ACCESS_SESSION,
     .right = RIGHT_OBJECT,
     .act = ACT_SHARE,
     .max_body = API_BODY_SESSION,
     .run = share,
     .id = "share",
     .summary = {"共享记录，或取消共享", "Shares a record, or no longer"},
     .request = "ShareWrite",
     .status = 200,
     .response = "Shares",
     .errors = SHARE_ERRORS},
    {.method = "POST",
     .pattern = API_PREFIX "/{object}/{id}/reveal",
     .cls = HTTP_WRITE,
     .access = ACCESS_SESSION,
     .right = RIGHT_OBJECT,
     .act = ACT_REVEAL,
     .max_body = API_BODY_SESSION,
     .run = reveal,
     .id = "reveal",
     .summary = {"查看带掩码的完整联系方式（计数并记入日志）",
                 "Shows masked contact data in full; counted and logged"},
     .request = "RevealRequest",
     .status = 200,
     .response = "Reveal",
     .errors = REVEAL_ERRORS},
    {.method = "GET",
     .pattern = API_PREFIX "/{object}/{id}/access",
     .cls = HTTP_READ,
     .access = ACCESS_ADMIN,
     .run = why,
     .id = "access",
     .summary = {"某成员能否查看或更改此记录，及原因", "What a member can do with the record, and why"},
     .query = WHY_QUERY,
     .status = 200,
     .response = "AccessWhy",
     .errors = READ_ERRORS},
};
const struct api_table ACCESS_ROUTES = {ROUTES, sizeof ROUTES / sizeof ROUTES[0]};
