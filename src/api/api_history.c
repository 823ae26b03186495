/* api_history.c - the log used: history of a record, the audit list, undo, the bin. */
#include "api/priv.h"
#include "core/dates.h"
#include "record/bin.h"
#include "record/history.h"
#include "record/jobs.h"
#include "record/scope.h"
#include "record/undo.h"

#define ID_SCHEMA "{\"type\":\"integer\",\"minimum\":1}"
#define LIMIT_PARAM                                                                                          \
    {                                                                                                        \
        "limit", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":200,\"default\":50}",                      \
        {                                                                                                    \
            "每页条数", "lines a page"                                                                       \
        }                                                                                                    \
    }

static const struct api_param HISTORY_QUERY[] = {
    {"field", "{\"type\":\"string\"}", {"只看该字段的变更", "changes of this field only"}},
    {"after", ID_SCHEMA, {"上一页的 next", "next of the page before"}},
    LIMIT_PARAM,
    {0}};
static const struct api_param AUDIT_QUERY[] = {
    {"person",
     "{\"type\":\"integer\",\"minimum\":0}",
     {"操作人编号，0 为系统", "number of the person; 0: the system"}},
    {"object", "{\"type\":\"string\"}", {"对象名", "name of an object"}},
    {"id", ID_SCHEMA, {"与 object 一起：一条记录的全部变更", "with object: all changes of one record"}},
    {"operation", ID_SCHEMA, {"该操作的全部变更", "all changes of that operation"}},
    {"door",
     "{\"type\":\"string\",\"enum\":[\"api\",\"ui\",\"cli\",\"import\",\"rule\",\"system\",\"demo\"]}",
     {"入口", "the door it came by"}},
    {"from", "{\"type\":\"string\"}", {"自该日期或时间起", "from this date or time on"}},
    {"to", "{\"type\":\"string\"}", {"到该时间之前；日期则含当日", "before this time; a date is included"}},
    {"after", ID_SCHEMA, {"上一页的 next", "next of the page before"}},
    LIMIT_PARAM,
    {0}};
static const struct api_param BIN_QUERY[] = {
    {"after", "{\"type\":\"string\"}", {"上一页的 next", "next of the page before"}}, LIMIT_PARAM, {0}};

static const int READ_ERRORS[] = {403, 404, 0};
static const int AUDIT_ERRORS[] = {403, 404, 0};
static const int NO_ERRORS[] = {0};
static const int UNDO_ERRORS[] = {403, 404, 409, 413, 415, 422, 507, 0};
static const int RESTORE_ERRORS[] = {403, 404, 405, 409, 422, 507, 0};
static const int PURGE_ERRORS[] = {403, 404, 405, 409, 507, 0};

/* A query parameter as a number from `min` on; stays as it was when absent. */
static enum err_code
query_number(struct api_call *c, const char *name, int64_t min, int64_t *out, struct err *err)
{
    struct strv text = http_query(c->req, name);
    int64_t v = 0;
    if (!text.p)
        return ERR_OK;
    if (!strv_i64(text, &v) || v < min)
        return err_field(err, MSG_API_QUERY_VALUE, name, "name", name, "expected",
                         min ? "1, 2, 3 ..." : "0, 1, 2 ...", NULL);
    *out = v;
    return ERR_OK;
}

/* ---- history ---- */
static enum err_code
history_field(struct api_call *c, const struct field **out, struct err *err)
{
    struct strv name = http_query(c->req, "field");
    if (!name.p)
        return ERR_OK;
    *out = access_field(c->ctx->access, c->object, name);
    if (*out)
        return ERR_OK;
    const char *near = access_nearest_field(c->ctx->access, c->object, name);
    const char *text = arena_strdup(c->arena, name.p, name.n), *object = label_in(c->object->label, c->lang);
    return near ? err_field(err, MSG_LIST_FIELD_UNKNOWN, "field", "name", text, "object", object, "suggest",
                            near, NULL)
                : err_field(err, MSG_LIST_FIELD_UNKNOWN0, "field", "name", text, "object", object, NULL);
}

static enum err_code
history(struct api_call *c, struct err *err)
{
    struct history_query q = {.object = c->object, .id = c->id};
    struct err gone = {0};
    if (api_query_int(c, "limit", 50, 1, 200, &q.limit, err) || query_number(c, "after", 1, &q.before, err) ||
        history_field(c, &q.field, err))
        return err->code;
    /* of what is gone for good, administrators see what the log kept */
    if (record_need(c->ctx, c->object, c->id, ACT_READ, &gone) &&
        (gone.code != ERR_NOT_FOUND || !c->who.admin)) {
        *err = gone;
        return err->code;
    }
    if (record_history_json(c->ctx, &q, &c->resp->body, err))
        return err->code;
    if (gone.code && strv_starts(strbuf_view(&c->resp->body), STRV("{\"items\":[]")))
        *err = gone; /* there never was such a record */
    return err->code;
}

/* ---- audit ---- */
static enum err_code
query_time(struct api_call *c, const char *name, bool whole_day, bool *has, int64_t *out, struct err *err)
{
    struct strv text = http_query(c->req, name);
    int32_t day;
    *has = text.p != NULL;
    if (!text.p)
        return ERR_OK;
    if (date_parse(text, &day)) {
        *out = zone_day_start(c->ctx->set->zone, whole_day ? day + 1 : day);
        return ERR_OK;
    }
    if (datetime_parse(text, c->ctx->set->zone, out))
        return ERR_OK;
    return err_field(err, MSG_API_QUERY_VALUE, name, "name", name, "expected", "2024-03-01", NULL);
}

static enum err_code
audit_filter(struct api_call *c, struct audit_query *q, struct err *err)
{
    struct strv object = http_query(c->req, "object"), door = http_query(c->req, "door");
    if (object.p) {
        q->object = catalog_object(c->ctx->cat, object);
        if (!q->object)
            return err_field(err, MSG_API_OBJECT0, "object", "name",
                             arena_strdup(c->arena, object.p, object.n), NULL);
    }
    if (door.p) {
        q->door = door_by_name(door);
        if (q->door < 0)
            return err_field(err, MSG_API_QUERY_VALUE, "door", "name", "door", "expected",
                             "api, ui, cli, import, rule, system, demo", NULL);
    }
    return ERR_OK;
}

static enum err_code
audit(struct api_call *c, struct err *err)
{
    struct audit_query q = {.actor = -1, .door = -1};
    if (api_query_int(c, "limit", 50, 1, 200, &q.limit, err) || query_number(c, "after", 1, &q.before, err) ||
        query_number(c, "person", 0, &q.actor, err) || query_number(c, "operation", 1, &q.operation, err) ||
        query_number(c, "id", 1, &q.id, err) || query_time(c, "from", false, &q.has_from, &q.from, err) ||
        query_time(c, "to", true, &q.has_to, &q.to, err) || audit_filter(c, &q, err))
        return err->code;
    return audit_json(c->ctx, &q, &c->resp->body, err);
}

/* ---- undo ---- */
static enum err_code
undo_as_job(struct api_call *c, struct err *err)
{
    struct strbuf args = {0};
    int64_t id = 0;
    j_obj(&args);
    j_kint(&args, "operation", c->id);
    j_obj_end(&args);
    struct job_new n = {.kind = JOB_UNDO.name,
                        .label = strv_of(arena_printf(c->arena, "%lld", (long long)c->id)),
                        .args = strbuf_view(&args)};
    if (job_add(c->ctx, &n, &id, err) == ERR_OK) {
        j_obj(&c->resp->body);
        j_kint(&c->resp->body, "job", id);
        j_obj_end(&c->resp->body);
        c->resp->status = 202;
    }
    strbuf_release(&args);
    return err->code;
}

static enum err_code
undo(struct api_call *c, struct err *err)
{
    struct undo_report report = {.arena = c->arena};
    json_t *body = NULL;
    int n = 0;
    if (api_body(c, &body, err) || undo_size(c->ctx, c->id, UNDO_AT_ONCE, &n, err))
        return err->code;
    bool dry = json_get_bool(body, "dry_run", false);
    if (n > UNDO_AT_ONCE && !dry)
        return undo_as_job(c, err);
    if (undo_operation(c->ctx, c->id, dry, &report, err))
        return err->code;
    undo_json(c->ctx, &report, &c->resp->body);
    return ERR_OK;
}

/* ---- the bin ---- */
static enum err_code
bin_objects(struct api_call *c, struct err *err)
{
    return bin_objects_json(c->ctx, &c->resp->body, err);
}

static enum err_code
bin_list(struct api_call *c, struct err *err)
{
    int limit = 0;
    if (api_query_int(c, "limit", 50, 1, 200, &limit, err))
        return err->code;
    return bin_list_json(c->ctx, c->object, http_query(c->req, "after"), limit, &c->resp->body, err);
}

static enum err_code
restore(struct api_call *c, struct err *err)
{
    struct write w = {.kind = WRITE_RESTORE, .object = c->object, .id = c->id};
    struct write_result r = {0};
    int64_t rev = 0;
    if (record_write(c->ctx, &w, &r, &c->errs, err) || txn_flush(c->ctx, err) ||
        record_get_json(c->ctx, c->object, c->id, &c->resp->body, &rev, err))
        return err->code;
    api_header(c, "ETag", "%s", api_record_etag(c, rev));
    return ERR_OK;
}

static enum err_code
purge(struct api_call *c, struct err *err)
{
    if (bin_purge(c->ctx, c->object, c->id, err))
        return err->code;
    c->resp->status = 204;
    return ERR_OK;
}

static const struct api_route ROUTES[] = {
    {.method = "GET",
     .pattern = API_PREFIX "/{object}/{id}/history",
     .cls = HTTP_READ,
     .access = ACCESS_SESSION,
     .right = RIGHT_OBJECT,
     .act = ACT_READ,
     .run = history,
     .id = "history",
     .summary = {"一条记录的变更历史，最新在前", "History of a record, newest first"},
     .query = HISTORY_QUERY,
     .status = 200,
     .response = "History",
     .errors = READ_ERRORS},
    {.method = "GET",
     .pattern = API_PREFIX "/audit",
     .cls = HTTP_READ,
     .access = ACCESS_ADMIN,
     .run = audit,
     .id = "audit",
     .summary = {"操作日志，最新在前", "The log of operations, newest first"},
     .query = AUDIT_QUERY,
     .status = 200,
     .response = "Audit",
     .errors = AUDIT_ERRORS},
    {.method = "POST",
     .pattern = API_PREFIX "/operations/{id}/undo",
     .cls = HTTP_WRITE,
     .access = ACCESS_SESSION,
     .max_body = API_BODY_SESSION,
     .right = RIGHT_FILTERED,
     .run = undo,
     .id = "undo",
     .summary = {"撤销一次操作；涉及记录过多时作为任务进行（202）",
                 "Undoes an operation; one of many records as a job (202)"},
     .request = "UndoRequest",
     .status = 200,
     .response = "Undo",
     .errors = UNDO_ERRORS},
    {.method = "GET",
     .pattern = API_PREFIX "/bin",
     .cls = HTTP_READ,
     .access = ACCESS_SESSION,
     .right = RIGHT_FILTERED,
     .run = bin_objects,
     .id = "bin",
     .summary = {"回收站中各对象的记录数", "How many records of each object are in the bin"},
     .status = 200,
     .response = "Bin",
     .errors = NO_ERRORS},
    {.method = "GET",
     .pattern = API_PREFIX "/bin/{object}",
     .cls = HTTP_READ,
     .access = ACCESS_SESSION,
     .right = RIGHT_OBJECT,
     .act = ACT_READ,
     .run = bin_list,
     .id = "bin_list",
     .summary = {"回收站中某对象的记录，最近删除的在前", "Deleted records of an object, the last ones first"},
     .query = BIN_QUERY,
     .status = 200,
     .response = "BinList",
     .errors = READ_ERRORS},
    {.method = "DELETE",
     .pattern = API_PREFIX "/bin/{object}/{id}",
     .cls = HTTP_WRITE,
     .access = ACCESS_ADMIN,
     .run = purge,
     .id = "purge",
     .summary = {"彻底删除回收站中的记录", "Deletes a record in the bin for good"},
     .status = 204,
     .errors = PURGE_ERRORS},
    {.method = "POST",
     .pattern = API_PREFIX "/{object}/{id}/restore",
     .cls = HTTP_WRITE,
     .access = ACCESS_SESSION,
     .right = RIGHT_OBJECT,
     .act = ACT_DELETE,
     .run = restore,
     .id = "restore",
     .summary = {"将记录从回收站恢复", "Brings a record back from the bin"},
     .status = 200,
     .response = "@",
     .errors = RESTORE_ERRORS},
};
const struct api_table HISTORY_ROUTES = {ROUTES, sizeof ROUTES / sizeof ROUTES[0]};
