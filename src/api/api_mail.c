/* api_mail.c - outgoing mail for administrators: settings, a test, what was sent and what was not. */
#include <sodium.h>

#include "api/priv.h"
#include "domain/mail/mail.h"

static enum err_code
put_settings(struct api_call *c, struct err *err)
{
    struct mail_config mail;
    if (mail_config_load(c->ctx, c->api->env.seal, &mail, err) == ERR_OK)
        mail_config_json(&mail, &c->resp->body);
    sodium_memzero(&mail, sizeof mail);
    return err->code;
}

static enum err_code
settings_change(struct api_call *c, struct err *err)
{
    static const char known[] = " host port security user password from name ";
    json_t *body = NULL, *value;
    const char *key;
    if (api_body(c, &body, err))
        return err->code;
    json_object_foreach(body, key, value)
    {
        if (!strstr(known, arena_printf(c->arena, " %s ", key)))
            return err_field(err, MSG_API_BODY_UNKNOWN, key, "name", key, "expected",
                             "host, port, security, user, password, from, name", NULL);
    }
    c->errs.n = 0;
    if (mail_config_save(c->ctx, c->api->env.seal, body, &c->errs, err))
        return err->code;
    return put_settings(c, err);
}

static enum err_code
test(struct api_call *c, struct err *err)
{
    static const char *const names[] = {"to", NULL};
    struct strv to;
    struct mail_config mail;
    struct smtp_result r = {0};
    struct strbuf *b = &c->resp->body;
    if (api_texts(c, names, &to, err) || mail_config_load(c->ctx, c->api->env.seal, &mail, err))
        return err->code;
    if (mail.set)
        mail_send_test(&mail, c->api->env.mail_private, to, c->lang, c->ctx->now, &r);
    else
        err_set(err, MSG_MAIL_NOT_SET, NULL);
    sodium_memzero(&mail, sizeof mail);
    if (err->code)
        return err->code;
    j_obj(b);
    j_kbool(b, "sent", r.sent);
    j_kint(b, "code", r.code);
    j_kstr(b, "answer", strv_of(r.text));
    j_obj_end(b);
    return ERR_OK;
}

static enum err_code
list(struct api_call *c, struct err *err)
{
    int limit = 0, after = 0;
    if (api_query_int(c, "limit", 50, 1, 200, &limit, err) ||
        api_query_int(c, "after", 0, 0, 0x7fffffff, &after, err))
        return err->code;
    return mail_list_json(c->ctx, after, limit, &c->resp->body, err);
}

static enum err_code
retry(struct api_call *c, struct err *err)
{
    c->resp->status = 204;
    return mail_retry(c->ctx, c->id, err);
}

static const struct api_param LIST_QUERY[] = {
    {"limit", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":200,\"default\":50}", {"条数", "how many"}},
    {"after", "{\"type\":\"integer\"}", {"上一页的 next", "next of the page before"}},
    {0}};
static const int ADMIN_ERRORS[] = {403, 0};
static const int CHANGE_ERRORS[] = {403, 409, 413, 415, 422, 0};
static const int RETRY_ERRORS[] = {403, 404, 0};

static const struct api_route ROUTES[] = {
    {.method = "GET",
     .pattern = API_PREFIX "/mail/settings",
     .cls = HTTP_READ,
     .access = ACCESS_ADMIN,
     .run = put_settings,
     .id = "mail_settings",
     .summary = {"外发邮件设置", "Settings of outgoing mail"},
     .status = 200,
     .response = "MailSettings",
     .errors = ADMIN_ERRORS},
    {.method = "PATCH",
     .pattern = API_PREFIX "/mail/settings",
     .cls = HTTP_WRITE,
     .access = ACCESS_ADMIN,
     .max_body = API_BODY_SESSION,
     .run = settings_change,
     .id = "mail_settings_change",
     .summary = {"更改外发邮件设置", "Changes the settings of outgoing mail"},
     .request = "MailSettingsChange",
     .status = 200,
     .response = "MailSettings",
     .errors = CHANGE_ERRORS},
    {.method = "POST",
     .pattern = API_PREFIX "/mail/test",
     .cls = HTTP_SLOW,
     .access = ACCESS_ADMIN,
     .max_body = API_BODY_SESSION,
     .run = test,
     .id = "mail_test",
     .summary = {"发送测试邮件", "Sends a test mail and tells what the server said"},
     .request = "MailTest",
     .status = 200,
     .response = "MailResult",
     .errors = CHANGE_ERRORS},
    {.method = "GET",
     .pattern = API_PREFIX "/mail",
     .cls = HTTP_READ,
     .access = ACCESS_ADMIN,
     .run = list,
     .id = "mail_list",
     .summary = {"已发和待发的邮件", "Mail sent, waiting and given up"},
     .query = LIST_QUERY,
     .status = 200,
     .response = "MailList",
     .errors = ADMIN_ERRORS},
    {.method = "POST",
     .pattern = API_PREFIX "/mail/{id}/retry",
     .cls = HTTP_WRITE,
     .access = ACCESS_ADMIN,
     .run = retry,
     .id = "mail_retry",
     .summary = {"重发失败的邮件", "Tries a failed mail again"},
     .status = 204,
     .errors = RETRY_ERRORS},
};
const struct api_table MAIL_ROUTES = {ROUTES, sizeof ROUTES / sizeof ROUTES[0]};
