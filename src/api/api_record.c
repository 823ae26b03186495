/* api_record.c - records of any object: list, create, read, change, delete. */
#include "api/priv.h"

static const struct api_param LIST_QUERY[] = {
    {"filter", "{\"type\":\"string\"}", {"筛选表达式，例如 tier = 'vip'", "condition, such as tier = 'vip'"}},
    {"sort", "{\"type\":\"string\"}", {"排序字段；降序加 -", "field to sort by; - in front for descending"}},
    {"fields", "{\"type\":\"string\"}", {"要返回的字段，逗号分隔", "fields to return, separated by commas"}},
    {"limit",
     "{\"type\":\"integer\",\"minimum\":1,\"maximum\":200,\"default\":50}",
     {"每页条数", "records a page"}},
    {"after", "{\"type\":\"string\"}", {"上一页的 next", "next of the page before"}},
    {"count",
     "{\"type\":\"string\",\"enum\":[\"capped\",\"exact\",\"none\"],\"default\":\"capped\"}",
     {"总数：到 1000 为止、精确、不计", "total: up to 1,000, exact, none"}},
    {0}};

static const struct api_param BOARD_QUERY[] = {
    {"by",
     "{\"type\":\"string\"}",
     {"分列的字段：可选值或成员", "field whose values are the columns: a choice or a member"}},
    {"filter", "{\"type\":\"string\"}", {"筛选表达式", "condition"}},
    {"sort",
     "{\"type\":\"string\"}",
     {"每列的排序字段；降序加 -", "order within a column; - in front for descending"}},
    {"fields", "{\"type\":\"string\"}", {"要返回的字段，逗号分隔", "fields to return, separated by commas"}},
    {"limit",
     "{\"type\":\"integer\",\"minimum\":0,\"maximum\":50,\"default\":20}",
     {"每列条数；0 只计数", "records a column; 0: totals only"}},
    {0}};

static const int LIST_ERRORS[] = {403, 404, 422, 0};
static const int READ_ERRORS[] = {403, 404, 0};
static const int CREATE_ERRORS[] = {403, 404, 405, 409, 413, 415, 422, 507, 0};
static const int CHANGE_ERRORS[] = {403, 404, 405, 409, 412, 413, 415, 422, 428, 507, 0};
static const int DELETE_ERRORS[] = {403, 404, 405, 409, 412, 422, 428, 507, 0};

static enum err_code
count_mode(struct api_call *c, enum count_mode *out, struct err *err)
{
    struct strv v = http_query(c->req, "count");
    if (!v.p || strv_is(v, "capped"))
        *out = COUNT_CAPPED;
    else if (strv_is(v, "exact"))
        *out = COUNT_EXACT;
    else if (strv_is(v, "none"))
        *out = COUNT_NONE;
    else
        return err_field(err, MSG_API_QUERY_VALUE, "count", "name", "count", "expected",
                         "capped, exact, none", NULL);
    return ERR_OK;
}

static enum err_code
list(struct api_call *c, struct err *err)
{
    struct list_query q = {.object = c->object,
                           .filter = http_query(c->req, "filter"),
                           .sort = http_query(c->req, "sort"),
                           .fields = http_query(c->req, "fields"),
                           .after = http_query(c->req, "after")};
    if (api_query_int(c, "limit", 50, 1, 200, &q.limit, err) || count_mode(c, &q.count, err))
        return err->code;
    return record_list_json(c->ctx, &q, &c->resp->body, err);
}

static enum err_code
board(struct api_call *c, struct err *err)
{
    struct board_query q = {.object = c->object,
                            .by = http_query(c->req, "by"),
                            .filter = http_query(c->req, "filter"),
                            .sort = http_query(c->req, "sort"),
                            .fields = http_query(c->req, "fields")};
    if (api_query_int(c, "limit", 20, 0, 50, &q.limit, err))
        return err->code;
    return record_board_json(c->ctx, &q, &c->resp->body, err);
}

/* The record as it is now, with its ETag. Reactors run first, so that the answer shows what the next read
 * would. */
static enum err_code
answer(struct api_call *c, int64_t id, struct err *err)
{
    int64_t rev = 0;
    if (c->ctx->txn && txn_flush(c->ctx, err))
        return err->code;
    if (record_get_json(c->ctx, c->object, id, &c->resp->body, &rev, err))
        return err->code;
    api_header(c, "ETag", "%s", api_record_etag(c, rev));
    return ERR_OK;
}

static enum err_code
get(struct api_call *c, struct err *err)
{
    int64_t rev = 0;
    if (record_get_json(c->ctx, c->object, c->id, &c->resp->body, &rev, err))
        return err->code;
    api_etag(c, api_record_etag(c, rev));
    return ERR_OK;
}

static enum err_code
create(struct api_call *c, struct err *err)
{
    json_t *body = NULL;
    struct write_result r = {0};
    if (api_body(c, &body, err) ||
        record_write_json(c->ctx, WRITE_CREATE, c->object, 0, 0, body, &r, &c->errs, err) ||
        answer(c, r.id, err))
        return err->code;
    c->resp->status = 201;
    api_header(c, "Location", API_PREFIX "/%s/%lld", c->object->name, (long long)r.id);
    return ERR_OK;
}

static enum err_code
change(struct api_call *c, struct err *err)
{
    json_t *body = NULL;
    int64_t rev = 0;
    struct write_result r = {0};
    if (api_if_match(c, true, &rev, err) || api_body(c, &body, err) ||
        record_write_json(c->ctx, WRITE_UPDATE, c->object, c->id, rev, body, &r, &c->errs, err))
        return err->code;
    return answer(c, c->id, err);
}

static enum err_code
delete_one(struct api_call *c, struct err *err)
{
    struct write w = {.kind = WRITE_DELETE, .object = c->object, .id = c->id};
    struct write_result r = {0};
    if (api_if_match(c, true, &w.if_rev, err) || record_write(c->ctx, &w, &r, &c->errs, err))
        return err->code;
    c->resp->status = 204;
    return ERR_OK;
}

static const struct api_route ROUTES[] = {
    {.method = "GET",
     .pattern = API_PREFIX "/{object}",
     .cls = HTTP_READ,
     .access = ACCESS_SESSION,
     .right = RIGHT_OBJECT,
     .act = ACT_READ,
     .run = list,
     .id = "list",
     .summary = {"列出记录", "Lists records"},
     .query = LIST_QUERY,
     .status = 200,
     .response = "@list",
     .errors = LIST_ERRORS},
    {.method = "GET",
     .pattern = API_PREFIX "/{object}/board",
     .cls = HTTP_READ,
     .access = ACCESS_SESSION,
     .right = RIGHT_OBJECT,
     .act = ACT_READ,
     .run = board,
     .id = "board",
     .summary = {"按可选字段的取值分列列出记录", "Lists records in a column for each value of a choice"},
     .query = BOARD_QUERY,
     .status = 200,
     .response = "Board",
     .errors = LIST_ERRORS},
    {.method = "POST",
     .pattern = API_PREFIX "/{object}",
     .cls = HTTP_WRITE,
     .access = ACCESS_SESSION,
     .max_body = API_BODY_RECORD,
     .idempotent = true,
     .right = RIGHT_OBJECT,
     .act = ACT_CREATE,
     .run = create,
     .id = "create",
     .summary = {"新建记录", "Creates a record"},
     .request = "@",
     .status = 201,
     .response = "@",
     .errors = CREATE_ERRORS},
    {.method = "GET",
     .pattern = API_PREFIX "/{object}/{id}",
     .cls = HTTP_READ,
     .access = ACCESS_SESSION,
     .right = RIGHT_OBJECT,
     .act = ACT_READ,
     .run = get,
     .id = "get",
     .summary = {"读取记录", "Reads a record"},
     .status = 200,
     .response = "@",
     .errors = READ_ERRORS},
    {.method = "PATCH",
     .pattern = API_PREFIX "/{object}/{id}",
     .cls = HTTP_WRITE,
     .access = ACCESS_SESSION,
     .max_body = API_BODY_RECORD,
     .right = RIGHT_OBJECT,
     .act = ACT_UPDATE,
     .run = change,
     .id = "change",
     .summary = {"修改记录的给定字段", "Changes the given fields of a record"},
     .request = "@",
     .status = 200,
     .response = "@",
     .errors = CHANGE_ERRORS},
    {.method = "DELETE",
     .pattern = API_PREFIX "/{object}/{id}",
     .cls = HTTP_WRITE,
     .access = ACCESS_SESSION,
     .right = RIGHT_OBJECT,
     .act = ACT_DELETE,
     .run = delete_one,
     .id = "delete",
     .summary = {"将记录移入回收站", "Moves a record to the bin"},
     .status = 204,
     .errors = DELETE_ERRORS},
};
const struct api_table RECORD_ROUTES = {ROUTES, sizeof ROUTES / sizeof ROUTES[0]};
