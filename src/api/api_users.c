/* api_users.c - members and teams, for administrators. A member is made without a password: the invitation,
 * which gives one, is the business of sign-in. */
#include "api/priv.h"
#include "core/dates.h"
#include "db/db.h"
#include "record/refs.h"

static const int CREATE_ERRORS[] = {403, 409, 413, 415, 422, 507, 0};
static const int CHANGE_ERRORS[] = {403, 404, 409, 413, 415, 422, 507, 0};
static const int DELETE_ERRORS[] = {403, 404, 409, 507, 0};
static const int LIST_ERRORS[] = {403, 0};
static const struct api_param LIST_QUERY[] = {
    {"after", "{\"type\":\"integer\",\"minimum\":0}", {"上一页的 next", "next of the page before"}}, {0}};

enum { PAGE = 200, EXTRA_MAX = 20 };

/* ---- members: reading ---- */
struct extra {
    int64_t user, id;
    struct strv name;
};
struct extras {
    struct extra *v;
    size_t n;
};

static enum err_code
load_extras(struct ctx *ctx, enum sql_id sql, int64_t lo, int64_t hi, struct extras *out, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;
    out->v = arena_array(ctx->arena, struct extra, PAGE * EXTRA_MAX);
    if (db_prepare(ctx->db, sql, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "lo"), lo);
    db_bind_i64(st, db_param(st, "hi"), hi);
    while (out->n < PAGE * EXTRA_MAX && db_step(st, &row, err) == ERR_OK && row)
        out->v[out->n++] =
            (struct extra){db_col_i64(st, 0), db_col_i64(st, 1), arena_strv(ctx->arena, db_col_text(st, 2))};
    db_release(st);
    return err->code;
}

static void
ref_json(struct strbuf *b, const char *key, struct db_stmt *st, int col)
{
    j_key(b, key);
    if (db_col_null(st, col)) {
        j_null(b);
        return;
    }
    j_obj(b);
    j_kint(b, "id", db_col_i64(st, col));
    j_kstr(b, "title", db_col_text(st, col + 1));
    j_obj_end(b);
}

static void
extras_json(struct strbuf *b, const char *key, const struct extras *x, int64_t user)
{
    j_key(b, key);
    j_arr(b);
    for (size_t i = 0; i < x->n; i++) {
        if (x->v[i].user != user)
            continue;
        j_obj(b);
        j_kint(b, "id", x->v[i].id);
        j_kstr(b, "title", x->v[i].name);
        j_obj_end(b);
    }
    j_arr_end(b);
}

static void
user_json(struct strbuf *b, struct db_stmt *st, const struct extras *roles, const struct extras *teams)
{
    char at[32];
    int64_t id = db_col_i64(st, 0);
    j_obj(b);
    j_kint(b, "id", id);
    j_kint(b, "rev", db_col_i64(st, 1));
    j_kstr(b, "name", db_col_text(st, 2));
    j_kstr(b, "email", db_col_text(st, 3));
    j_kbool(b, "active", db_col_i64(st, 4) != 0);
    j_key(b, "lang");
    db_col_null(st, 5) ? j_null(b) : j_str(b, db_col_text(st, 5));
    ref_json(b, "role", st, 6);
    j_kbool(b, "admin", db_col_i64(st, 9) != 0);
    ref_json(b, "team", st, 10);
    extras_json(b, "roles", roles, id);
    extras_json(b, "teams", teams, id);
    j_key(b, "seen_at");
    if (db_col_null(st, 12)) {
        j_null(b);
    } else {
        datetime_format(db_col_i64(st, 12), at);
        j_cstr(b, at);
    }
    j_kint(b, "sessions", db_col_i64(st, 13));
    j_kbool(b, "has_password", db_col_i64(st, 14) != 0);
    j_obj_end(b);
}

/* only: that member; 0: a page of all after `after`. *last: the last id when there are more. */
static enum err_code
users_json(struct ctx *ctx, int64_t only, int64_t after, struct strbuf *b, int64_t *last, int *n,
           struct err *err)
{
    struct extras roles = {0}, teams = {0};
    struct db_stmt *st = NULL;
    bool row = false;
    int64_t id = 0;
    *n = 0;
    *last = 0;
    if (load_extras(ctx, SQL_API_USER_ROLES_OF, only ? only : after, only ? only : INT64_MAX, &roles, err) ||
        load_extras(ctx, SQL_API_USER_TEAMS_OF, only ? only : after, only ? only : INT64_MAX, &teams, err) ||
        db_prepare(ctx->db, SQL_API_USERS_LIST, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "now"), ctx->now);
    db_bind_i64(st, db_param(st, "after"), after);
    db_bind_i64(st, db_param(st, "only"), only);
    db_bind_i64(st, db_param(st, "max"), PAGE + 1);
    while (db_step(st, &row, err) == ERR_OK && row) {
        if (*n == PAGE) {
            *last = id;
            break;
        }
        id = db_col_i64(st, 0);
        user_json(b, st, &roles, &teams);
        (*n)++;
    }
    db_release(st);
    return err->code;
}

static enum err_code
users(struct api_call *c, struct err *err)
{
    struct strbuf *b = &c->resp->body;
    int after = 0, n = 0;
    int64_t last = 0;
    if (api_query_int(c, "after", 0, 0, INT32_MAX, &after, err))
        return err->code;
    j_obj(b);
    j_key(b, "items");
    j_arr(b);
    if (users_json(c->ctx, 0, after, b, &last, &n, err))
        return err->code;
    j_arr_end(b);
    j_key(b, "next");
    last ? j_int(b, last) : j_null(b);
    j_obj_end(b);
    return ERR_OK;
}

static enum err_code
answer_user(struct api_call *c, int64_t id, struct err *err)
{
    int n = 0;
    int64_t last = 0;
    if (users_json(c->ctx, id, 0, &c->resp->body, &last, &n, err))
        return err->code;
    return n ? ERR_OK : err_set(err, MSG_NOT_FOUND, "what", "Member", "what_zh", "成员", NULL);
}

/* ---- members: writing ---- */
static enum err_code
run_for(struct ctx *ctx, enum sql_id sql, int64_t user, int64_t id, struct err *err)
{
    struct db_stmt *st = NULL;
    if (db_prepare(ctx->db, sql, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "user"), user);
    if (id)
        db_bind_i64(st, db_param(st, "id"), id);
    return api_run(st, err);
}

/* The member "roles" or "teams" of the body: all of them, in place of those before. */
static enum err_code
set_extras(struct ctx *ctx, const json_t *list, const char *name, int64_t user, enum sql_id drop,
           enum sql_id add, struct err *err)
{
    bool roles = name[0] == 'r';
    if (!list)
        return ERR_OK;
    if (run_for(ctx, drop, user, 0, err))
        return err->code;
    for (size_t i = 0; i < json_array_size(list) && i < EXTRA_MAX; i++) {
        int64_t id = json_integer_value(json_array_get(list, i));
        if (id > 0 && run_for(ctx, add, user, id, err))
            return err->code;
        if (id <= 0 || db_changes(ctx->db) != 1)
            return err_field(err, MSG_USER_LIST, name, "name", name, "what", roles ? "roles" : "teams",
                             "what_zh", roles ? "角色" : "团队", NULL);
    }
    if (!json_is_array(list) || json_array_size(list) > EXTRA_MAX)
        return err_field(err, MSG_USER_LIST, name, "name", name, "what", roles ? "roles" : "teams", "what_zh",
                         roles ? "角色" : "团队", NULL);
    return access_bump(ctx->db, err);
}

static enum err_code
need_admin_left(struct ctx *ctx, struct err *err)
{
    struct db_stmt *st = NULL;
    int64_t n = 0;
    if (db_prepare(ctx->db, SQL_API_ADMINS_COUNT, &st, err))
        return err->code;
    if (db_step_one(st, err) == ERR_OK)
        n = db_col_i64(st, 0);
    db_release(st);
    return err->code || n > 0 ? err->code : err_set(err, MSG_USER_LAST_ADMIN, NULL);
}

/* Writes the record and the lists of the body. id 0: a new member. */
static enum err_code
put_user(struct api_call *c, int64_t *id, struct err *err)
{
    struct ctx *ctx = c->ctx;
    json_t *body = NULL;
    struct write_result r = {0};
    int64_t rev = 0;
    if (api_body(c, &body, err) || api_if_match(c, *id != 0, &rev, err))
        return err->code;
    json_t *roles = json_incref(json_object_get(body, "roles")),
           *teams = json_incref(json_object_get(body, "teams"));
    const json_t *active = json_object_get(body, "active");
    json_object_del(body, "roles");
    json_object_del(body, "teams");
    bool ends = json_is_false(active);
    enum err_code rc = ERR_OK;
    if (*id == 0 || json_object_size(body))
        rc = record_write_json(ctx, *id ? WRITE_UPDATE : WRITE_CREATE, ctx->cat->user, *id, rev, body, &r,
                               &c->errs, err);
    if (rc == ERR_OK && *id == 0)
        *id = r.id;
    if (rc == ERR_OK)
        rc = set_extras(ctx, roles, "roles", *id, SQL_API_USER_ROLE_DROP, SQL_API_USER_ROLE_ADD, err);
    if (rc == ERR_OK)
        rc = set_extras(ctx, teams, "teams", *id, SQL_API_USER_TEAM_DROP, SQL_API_USER_TEAM_ADD, err);
    json_decref(roles);
    json_decref(teams);
    /* who is deactivated is out at once, by session or token (S18) */
    if (rc == ERR_OK && ends)
        rc = run_for(ctx, SQL_API_SESSION_DROP_USER, *id, 0, err)
                 ? err->code
                 : run_for(ctx, SQL_API_TOKEN_DROP_USER, *id, 0, err);
    return rc ? rc : need_admin_left(ctx, err);
}

static enum err_code
user_create(struct api_call *c, struct err *err)
{
    int64_t id = 0;
    if (put_user(c, &id, err) || answer_user(c, id, err))
        return err->code;
    c->resp->status = 201;
    return ERR_OK;
}

static enum err_code
user_change(struct api_call *c, struct err *err)
{
    int64_t id = c->id;
    return put_user(c, &id, err) ? err->code : answer_user(c, id, err);
}

/* ---- teams ---- */
static enum err_code
teams(struct api_call *c, struct err *err)
{
    struct strbuf *b = &c->resp->body;
    struct db_stmt *st = NULL;
    bool row = false;
    j_obj(b);
    j_key(b, "items");
    j_arr(b);
    if (db_prepare(c->ctx->db, SQL_API_TEAMS_LIST, &st, err))
        return err->code;
    while (db_step(st, &row, err) == ERR_OK && row) {
        j_obj(b);
        j_kint(b, "id", db_col_i64(st, 0));
        j_kint(b, "rev", db_col_i64(st, 1));
        j_kstr(b, "name", db_col_text(st, 2));
        j_key(b, "parent");
        db_col_null(st, 3) ? j_null(b) : j_int(b, db_col_i64(st, 3));
        ref_json(b, "manager", st, 4);
        j_kint(b, "members", db_col_i64(st, 6));
        j_obj_end(b);
    }
    j_arr_end(b);
    j_obj_end(b);
    db_release(st);
    return err->code;
}

/* A team must not come to be below itself. */
static enum err_code
refuse_ring(struct ctx *ctx, const struct object *o, int64_t id, struct err *err)
{
    const struct field *parent = object_field(o, STRV("parent"));
    int64_t at = id;
    for (int steps = 0; at; steps++) {
        struct value *v = arena_array(ctx->arena, struct value, o->n_fields);
        if (record_load(ctx, o, at, false, v, err))
            return err->code;
        at = v[parent->pos].kind == VAL_EMPTY ? 0 : v[parent->pos].i;
        if (at == id || steps > 100)
            return err_field(err, MSG_TEAM_RING, "parent", NULL);
    }
    return ERR_OK;
}

static enum err_code
put_team(struct api_call *c, int64_t id, struct err *err)
{
    const struct object *o = catalog_object(c->ctx->cat, STRV("team"));
    json_t *body = NULL;
    struct write_result r = {0};
    int64_t rev = 0;
    if (api_body(c, &body, err) || api_if_match(c, id != 0, &rev, err) ||
        record_write_json(c->ctx, id ? WRITE_UPDATE : WRITE_CREATE, o, id, rev, body, &r, &c->errs, err) ||
        refuse_ring(c->ctx, o, r.id, err))
        return err->code;
    return record_get_json(c->ctx, o, r.id, &c->resp->body, &rev, err);
}

static enum err_code
team_create(struct api_call *c, struct err *err)
{
    if (put_team(c, 0, err) == ERR_OK)
        c->resp->status = 201;
    return err->code;
}

static enum err_code
team_change(struct api_call *c, struct err *err)
{
    return put_team(c, c->id, err);
}

static enum err_code
team_delete(struct api_call *c, struct err *err)
{
    const struct object *o = catalog_object(c->ctx->cat, STRV("team"));
    struct write w = {.kind = WRITE_DELETE, .object = o, .id = c->id};
    struct write_result r = {0};
    if (api_refuse_used(c->ctx, SQL_API_TEAM_USED, c->id, err) || record_write(c->ctx, &w, &r, &c->errs, err))
        return err->code;
    c->resp->status = 204;
    return ERR_OK;
}

static const struct api_route ROUTES[] = {
    {.method = "GET",
     .pattern = API_PREFIX "/users",
     .cls = HTTP_READ,
     .access = ACCESS_ADMIN,
     .run = users,
     .id = "users",
     .summary = {"成员及其角色、团队和登录", "Members with roles, teams and sign-ins"},
     .query = LIST_QUERY,
     .status = 200,
     .response = "Users",
     .errors = LIST_ERRORS},
    {.method = "POST",
     .pattern = API_PREFIX "/users",
     .cls = HTTP_WRITE,
     .access = ACCESS_ADMIN,
     .max_body = API_BODY_SESSION,
     .idempotent = true,
     .run = user_create,
     .id = "user_create",
     .summary = {"新增成员（尚无密码）", "Adds a member, without a password yet"},
     .request = "UserWrite",
     .status = 201,
     .response = "User",
     .errors = CREATE_ERRORS},
    {.method = "PATCH",
     .pattern = API_PREFIX "/users/{id}",
     .cls = HTTP_WRITE,
     .access = ACCESS_ADMIN,
     .max_body = API_BODY_SESSION,
     .run = user_change,
     .id = "user_change",
     .summary = {"修改成员：角色、团队、启用", "Changes a member: roles, teams, active"},
     .request = "UserWrite",
     .status = 200,
     .response = "User",
     .errors = CHANGE_ERRORS},
    {.method = "GET",
     .pattern = API_PREFIX "/teams",
     .cls = HTTP_READ,
     .access = ACCESS_ADMIN,
     .run = teams,
     .id = "teams",
     .summary = {"团队及上级", "Teams and what they are below"},
     .status = 200,
     .response = "Teams",
     .errors = LIST_ERRORS},
    {.method = "POST",
     .pattern = API_PREFIX "/teams",
     .cls = HTTP_WRITE,
     .access = ACCESS_ADMIN,
     .max_body = API_BODY_SESSION,
     .run = team_create,
     .id = "team_create",
     .summary = {"新建团队", "Creates a team"},
     .request = "TeamWrite",
     .status = 201,
     .response = "Any",
     .errors = CREATE_ERRORS},
    {.method = "PATCH",
     .pattern = API_PREFIX "/teams/{id}",
     .cls = HTTP_WRITE,
     .access = ACCESS_ADMIN,
     .max_body = API_BODY_SESSION,
     .run = team_change,
     .id = "team_change",
     .summary = {"修改团队", "Changes a team"},
     .request = "TeamWrite",
     .status = 200,
     .response = "Any",
     .errors = CHANGE_ERRORS},
    {.method = "DELETE",
     .pattern = API_PREFIX "/teams/{id}",
     .cls = HTTP_WRITE,
     .access = ACCESS_ADMIN,
     .run = team_delete,
     .id = "team_delete",
     .summary = {"删除没有成员的团队", "Deletes a team without members"},
     .status = 204,
     .errors = DELETE_ERRORS},
};
const struct api_table USERS_ROUTES = {ROUTES, sizeof ROUTES / sizeof ROUTES[0]};
