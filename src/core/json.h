/* json.h - JSON in (jansson, with limits) and out (appended straight to a strbuf, ~15 times cheaper).
 *
 * The writer keeps no state: the j_* functions append one token; commas are the business of j_sep, which adds
 * a comma unless the text so far ends in '{', '[' or ':' or is empty. Text is escaped as RFC 8259 asks;
 * invalid UTF-8 becomes U+FFFD; U+2028/2029 and '<' are escaped too.
 */
#ifndef CORE_JSON_H
#define CORE_JSON_H
#include <jansson.h>

#include "core/err.h"
#include "core/str.h"

struct arena;

struct json_limits {
    int depth;    /* 64 for requests (S13) */
    int64_t keys; /* 10,000 for requests */
};
extern const struct json_limits JSON_REQUEST_LIMITS;
extern const struct json_limits JSON_PACK_LIMITS;

/* Parses one JSON text (UTF-8, duplicate keys refused, nothing after it but white space). *out belongs to the
 * arena (decref is deferred). ERR_BAD_REQUEST with line and column otherwise. `source` names the text in pack
 * errors, or "". */
ERR_CHECKED enum err_code json_read(struct arena *a, struct strv text, const struct json_limits *lim,
                                    const char *source, json_t **out, struct err *err);

/* Text of a JSON string as a view (borrowed from j); the empty view for anything else. */
struct strv json_sv(const json_t *j);
/* Member `key` of an object as text / bool / int, or the default when absent or of another type. */
struct strv json_get_sv(const json_t *obj, const char *key);
bool json_get_bool(const json_t *obj, const char *key, bool dflt);
int64_t json_get_i64(const json_t *obj, const char *key, int64_t dflt);

void j_sep(struct strbuf *b);
void j_obj(struct strbuf *b); /* sep + { */
void j_obj_end(struct strbuf *b);
void j_arr(struct strbuf *b); /* sep + [ */
void j_arr_end(struct strbuf *b);
void j_key(struct strbuf *b, const char *key);  /* sep + "key": ; key is plain ASCII, not escaped */
void j_keyv(struct strbuf *b, struct strv key); /* the same, escaped */
void j_str(struct strbuf *b, struct strv s);    /* sep + "s" */
void j_cstr(struct strbuf *b, const char *s);   /* NULL -> null */
void j_int(struct strbuf *b, int64_t v);
void j_bool(struct strbuf *b, bool v);
void j_null(struct strbuf *b);
void j_raw(struct strbuf *b, struct strv json); /* sep + text that already is JSON */
/* scaled integer as a JSON number: v=12345, scale=3 -> 12.345 (trailing zeros dropped) */
void j_dec(struct strbuf *b, int64_t v, int scale);
/* key + value in one call */
void j_kstr(struct strbuf *b, const char *key, struct strv s);
void j_kint(struct strbuf *b, const char *key, int64_t v);
void j_kbool(struct strbuf *b, const char *key, bool v);
#endif
