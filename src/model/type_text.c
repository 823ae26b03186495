/* type_text.c - text, longtext, phone, email, url. Texts are kept in their normal form (core/text.h). */
#include "core/arena.h"
#include "core/json.h"
#include "core/text.h"
#include "model/type_priv.h"

enum text_limits { TEXT_MAX = 500, LONGTEXT_MAX = 100000, PHONE_MAX = 40, EMAIL_MAX = 254, URL_MAX = 2000 };

static int64_t
max_chars(const struct field *f)
{
    static const int64_t by_type[TYPE_COUNT_] = {[TYPE_TEXT] = TEXT_MAX,
                                                 [TYPE_LONGTEXT] = LONGTEXT_MAX,
                                                 [TYPE_PHONE] = PHONE_MAX,
                                                 [TYPE_EMAIL] = EMAIL_MAX,
                                                 [TYPE_URL] = URL_MAX};
    return f->has_max && f->max > 0 ? f->max : by_type[f->type];
}

/* http and https only; a bare host gets https://. */
static bool
url_normalise(struct strv s, struct strbuf *out)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || strchr("<>\"", s.p[i]))
            return false;
    size_t colon = strv_find(s, STRV("://"));
    if (colon == (size_t)-1) {
        size_t dot = strv_find(s, STRV(".")), any = strv_find(s, STRV(":"));
        if (dot == (size_t)-1 || dot == 0 || dot + 1 == s.n || any != (size_t)-1)
            return false;
        strbuf_adds(out, "https://");
    } else if (!strv_ieq((struct strv){s.p, colon}, STRV("http")) &&
               !strv_ieq((struct strv){s.p, colon}, STRV("https"))) {
        return false;
    } else if (colon + 3 == s.n) {
        return false;
    }
    strbuf_addv(out, s);
    return true;
}

/* The form kept; what is wrong with it in *en and *zh when false. */
static bool
keep_form(struct ctx *ctx, const struct field *f, struct strv s, struct strbuf *out, const char **en,
          const char **zh)
{
    switch (f->type) {
    case TYPE_PHONE:
        *en = "a phone number with 5 to 15 digits";
        *zh = "电话号码（5 至 15 位数字）";
        return phone_normalise(s, ctx->set ? ctx->set->phone_prefix : "+86", out);
    case TYPE_EMAIL:
        *en = "an e-mail address such as name@example.com";
        *zh = "邮箱地址（如 name@example.com）";
        return email_normalise(s, out);
    case TYPE_URL:
        *en = "a web address such as https://example.com";
        *zh = "网址（如 https://example.com）";
        return url_normalise(s, out);
    default:
        strbuf_addv(out, s);
        return true;
    }
}

static enum err_code
too_long(struct ctx *ctx, const struct field *f, size_t n, struct err *err)
{
    char found[24], max[24];
    return err_field(err, MSG_FIELD_LENGTH, f->name, "label", label_in(f->label, ctx->lang), "found",
                     err_i64(found, (int64_t)n), "max", err_i64(max, max_chars(f)), NULL);
}

enum err_code
text_from_text(struct ctx *ctx, const struct field *f, struct strv s, struct value *out, struct err *err)
{
    struct strbuf norm = {0}, form = {0};
    const char *en = "", *zh = "";
    enum err_code rc = ERR_OK;
    *out = (struct value){0};
    if (f->type == TYPE_LONGTEXT)
        text_normalise(s, &norm);
    else
        text_normalise_line(s, &norm);
    struct strv text = strbuf_view(&norm);
    if (text.n == 0)
        goto done;
    if (!keep_form(ctx, f, text, &form, &en, &zh)) {
        rc = type_fail(ctx, f, text, en, zh, err);
        goto done;
    }
    size_t n = utf8_length(strbuf_view(&form));
    if ((int64_t)n > max_chars(f)) {
        rc = too_long(ctx, f, n, err);
        goto done;
    }
    *out = value_text(arena_strv(ctx->arena, strbuf_view(&form)));
done:
    strbuf_release(&norm);
    strbuf_release(&form);
    return rc;
}

enum err_code
text_from_json(struct ctx *ctx, const struct field *f, const json_t *j, struct value *out, struct err *err)
{
    *out = (struct value){0};
    if (json_is_null(j))
        return ERR_OK;
    if (!json_is_string(j))
        return type_fail_json(ctx, f, j, "a text in quotes", "文本（带引号）", err);
    return text_from_text(ctx, f, json_sv(j), out, err);
}

void
text_to_json(const struct ctx *ctx, const struct field *f, const struct value *v, struct strbuf *out)
{
    j_str(out, v->s);
}

void
text_to_text(const struct ctx *ctx, const struct field *f, const struct value *v, struct strbuf *out)
{
    strbuf_addv(out, v->s);
}

void
text_schema(const struct field *f, struct strbuf *out)
{
    j_obj(out);
    j_kstr(out, "type", STRV("string"));
    if (f->type == TYPE_EMAIL || f->type == TYPE_URL)
        j_kstr(out, "format", f->type == TYPE_EMAIL ? STRV("email") : STRV("uri"));
    j_kint(out, "maxLength", max_chars(f));
    j_obj_end(out);
}
