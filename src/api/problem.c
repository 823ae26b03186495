/* problem.c - errors as application/problem+json (RFC 9457), in the reader's language. */
#include <stdio.h>

#include "api/priv.h"

/* Short titles by error code; the sentence is in detail. */
static const enum msg TITLES[ERR_COUNT_] = {
    [ERR_INTERNAL] = MSG_TITLE_INTERNAL,     [ERR_USAGE] = MSG_TITLE_BAD_REQUEST,
    [ERR_INVALID] = MSG_TITLE_INVALID,       [ERR_BAD_REQUEST] = MSG_TITLE_BAD_REQUEST,
    [ERR_NOT_FOUND] = MSG_TITLE_NOT_FOUND,   [ERR_UNAUTHENTICATED] = MSG_TITLE_UNAUTHENTICATED,
    [ERR_FORBIDDEN] = MSG_TITLE_FORBIDDEN,   [ERR_CONFLICT] = MSG_TITLE_CONFLICT,
    [ERR_STALE] = MSG_TITLE_STALE,           [ERR_PRECONDITION_REQUIRED] = MSG_TITLE_PRECONDITION,
    [ERR_TOO_LARGE] = MSG_TITLE_TOO_LARGE,   [ERR_LIMIT] = MSG_TITLE_LIMIT,
    [ERR_TOO_MANY] = MSG_TITLE_TOO_MANY,     [ERR_METHOD] = MSG_TITLE_METHOD,
    [ERR_MEDIA_TYPE] = MSG_TITLE_MEDIA_TYPE, [ERR_BUSY] = MSG_TITLE_BUSY,
    [ERR_DB] = MSG_TITLE_INTERNAL,           [ERR_FULL] = MSG_TITLE_FULL,
    [ERR_IO] = MSG_TITLE_INTERNAL,           [ERR_CANCELLED] = MSG_TITLE_BUSY,
    [ERR_LOCKED] = MSG_TITLE_CONFLICT,       [ERR_TIMEOUT] = MSG_TITLE_BUSY,
    [ERR_CORRUPT] = MSG_TITLE_INTERNAL,      [ERR_UNSUPPORTED] = MSG_TITLE_UNSUPPORTED,
};

/* q of a language range in thousandths; 1000 when it is not given. */
static int
quality(struct strv params)
{
    struct strv q = strv_trim(params);
    if (!strv_starts(q, STRV("q=")))
        return 1000;
    int v = 0, digits = 0;
    for (size_t i = 2; i < q.n; i++) {
        if (q.p[i] == '.')
            continue;
        if (q.p[i] < '0' || q.p[i] > '9' || digits == 4)
            break;
        v = v * 10 + (q.p[i] - '0');
        digits++;
    }
    for (; digits < 4; digits++)
        v *= 10;
    return v;
}

enum lang
problem_lang(const struct http_request *req, const struct api_who *who)
{
    enum lang lang = who && who->has_lang ? who->lang : LANG_ZH;
    int best = 0;
    struct strv list = req ? http_header_get(req, "Accept-Language") : (struct strv){"", 0};
    while (list.n) {
        struct strv params = strv_cut(&list, ',');
        struct strv range = strv_trim(strv_cut(&params, ';'));
        struct strv primary = strv_cut(&range, '-');
        bool zh = strv_ieq(primary, STRV("zh")), en = strv_ieq(primary, STRV("en"));
        int q = quality(params);
        if ((zh || en) && q > best) {
            best = q;
            lang = zh ? LANG_ZH : LANG_EN;
        }
    }
    return lang;
}

static void
put_params(struct strbuf *b, const struct err *e)
{
    size_t pos = 0;
    const char *name, *value;
    j_key(b, "params");
    j_obj(b);
    while (err_next_param(e, &pos, &name, &value)) {
        j_keyv(b, strv_of(name));
        j_cstr(b, value);
    }
    j_obj_end(b);
}

static void
put_sentence(struct strbuf *b, const char *key, const struct err *e, enum lang lang)
{
    struct strbuf text = {0};
    err_render(e, lang, &text);
    j_kstr(b, key, strbuf_view(&text));
    strbuf_release(&text);
}

static void
put_pointer(struct strbuf *b, const char *field)
{
    struct strbuf p = {0};
    strbuf_addc(&p, '/');
    for (const char *s = field; *s; s++) {
        if (*s == '~')
            strbuf_adds(&p, "~0");
        else if (*s == '/')
            strbuf_adds(&p, "~1");
        else
            strbuf_addc(&p, *s);
    }
    j_kstr(b, "pointer", strbuf_view(&p));
    strbuf_release(&p);
}

static void
put_field_error(struct strbuf *b, const struct err *e, enum lang lang)
{
    j_obj(b);
    put_pointer(b, e->field);
    j_kstr(b, "code", strv_of(err_msg_key(e->msg)));
    put_sentence(b, "detail", e, lang);
    put_params(b, e);
    j_obj_end(b);
}

void
problem_render(struct http_response *resp, int status, const struct err *err, const struct err_list *errs,
               enum lang lang)
{
    struct strbuf *b = &resp->body;
    strbuf_release(b);
    *resp = (struct http_response){.status = status ? status : err_http_status(err->code),
                                   .content_type = "application/problem+json"};
    if (resp->status == 499)
        resp->status = 503;
    char type[64];
    snprintf(type, sizeof type, "/problems/%s", err_problem_type(err->code));
    j_obj(b);
    j_kstr(b, "type", strv_of(type));
    j_kstr(b, "title", strv_of(msg_text(TITLES[err->code], lang)));
    j_kint(b, "status", resp->status);
    j_kstr(b, "code", strv_of(err_msg_key(err->msg)));
    put_sentence(b, "detail", err, lang);
    put_params(b, err);
    j_key(b, "errors");
    j_arr(b);
    for (size_t i = 0; errs && i < errs->n; i++)
        put_field_error(b, &errs->v[i], lang);
    if ((!errs || errs->n == 0) && err->field[0])
        put_field_error(b, err, lang);
    j_arr_end(b);
    j_obj_end(b);
    http_set_header(resp, "Content-Language", lang == LANG_EN ? STRV("en") : STRV("zh-CN"));
}
