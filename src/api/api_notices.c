/* api_notices.c - what the caller was told, and what not to be told. */
#include "api/priv.h"
#include "record/notice.h"

static const struct api_param LIST_QUERY[] = {
    {"unread", "{\"type\":\"boolean\",\"default\":false}", {"只看未读", "unread ones only"}},
    {"after", "{\"type\":\"integer\",\"minimum\":1}", {"上一页的 next", "next of the page before"}},
    {"limit",
     "{\"type\":\"integer\",\"minimum\":1,\"maximum\":50,\"default\":30}",
     {"每页条数", "notices a page"}},
    {0}};
static const int NO_ERRORS[] = {0};
static const int CHANGE_ERRORS[] = {403, 413, 415, 422, 507, 0};

static enum err_code
list(struct api_call *c, struct err *err)
{
    struct strv after = http_query(c->req, "after");
    int64_t before = 0;
    int limit = 0;
    if (after.p && (!strv_i64(after, &before) || before <= 0))
        return err_field(err, MSG_API_QUERY_VALUE, "after", "name", "after", "expected", "1, 2, 3 ...", NULL);
    if (api_query_int(c, "limit", 30, 1, 50, &limit, err))
        return err->code;
    return notices_json(c->ctx, before, strv_is(http_query(c->req, "unread"), "true"), limit, &c->resp->body,
                        err);
}

static enum err_code
read_some(struct api_call *c, struct err *err)
{
    json_t *body = NULL;
    if (api_body(c, &body, err) || notices_read(c->ctx, json_get_i64(body, "id", 0), err))
        return err->code;
    return notices_json(c->ctx, 0, true, 1, &c->resp->body, err);
}

static enum err_code
settings(struct api_call *c, struct err *err)
{
    bool muted[NOTICE_COUNT_];
    if (notices_muted(c->ctx, muted, err))
        return err->code;
    struct strbuf *b = &c->resp->body;
    j_obj(b);
    j_key(b, "muted");
    j_arr(b);
    for (int i = 0; i < NOTICE_COUNT_; i++)
        if (muted[i])
            j_cstr(b, NOTICE_NAMES[i]);
    j_arr_end(b);
    j_obj_end(b);
    return ERR_OK;
}

static enum err_code
mute(struct api_call *c, struct err *err)
{
    bool muted[NOTICE_COUNT_] = {false};
    json_t *body = NULL;
    if (api_body(c, &body, err))
        return err->code;
    const json_t *kinds = json_object_get(body, "muted");
    for (size_t i = 0; i < json_array_size(kinds); i++) {
        int k = notice_kind_by_name(json_sv(json_array_get(kinds, i)));
        if (k < 0)
            return err_field(err, MSG_API_QUERY_VALUE, "muted", "name", "muted", "expected",
                             "assigned, mention, due, job", NULL);
        muted[k] = true;
    }
    return notices_mute(c->ctx, muted, err) ? err->code : settings(c, err);
}

static const struct api_route ROUTES[] = {
    {.method = "GET",
     .pattern = API_PREFIX "/notifications",
     .cls = HTTP_READ,
     .access = ACCESS_SESSION,
     .right = RIGHT_OWN,
     .run = list,
     .id = "notifications",
     .summary = {"自己的提醒，最新在前", "Own notifications, newest first"},
     .query = LIST_QUERY,
     .status = 200,
     .response = "Notifications",
     .errors = NO_ERRORS},
    {.method = "POST",
     .pattern = API_PREFIX "/notifications/read",
     .cls = HTTP_WRITE,
     .access = ACCESS_SESSION,
     .right = RIGHT_OWN,
     .max_body = API_BODY_SESSION,
     .run = read_some,
     .id = "notifications_read",
     .summary = {"标为已读：一条（id）或全部", "Marks as read: one (id) or all"},
     .request = "NotificationsRead",
     .status = 200,
     .response = "Notifications",
     .errors = CHANGE_ERRORS},
    {.method = "GET",
     .pattern = API_PREFIX "/notifications/settings",
     .cls = HTTP_READ,
     .access = ACCESS_SESSION,
     .right = RIGHT_OWN,
     .run = settings,
     .id = "notifications_settings",
     .summary = {"已静音的提醒种类", "Kinds of notifications that are muted"},
     .status = 200,
     .response = "NotificationsSettings",
     .errors = NO_ERRORS},
    {.method = "PATCH",
     .pattern = API_PREFIX "/notifications/settings",
     .cls = HTTP_WRITE,
     .access = ACCESS_SESSION,
     .right = RIGHT_OWN,
     .max_body = API_BODY_SESSION,
     .run = mute,
     .id = "notifications_mute",
     .summary = {"静音若干种类的提醒", "Mutes kinds of notifications"},
     .request = "NotificationsSettings",
     .status = 200,
     .response = "NotificationsSettings",
     .errors = CHANGE_ERRORS},
};
const struct api_table NOTICES_ROUTES = {ROUTES, sizeof ROUTES / sizeof ROUTES[0]};
