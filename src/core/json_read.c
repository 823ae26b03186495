/* json_read.c - reading JSON with jansson.
 *
 * The limits are checked on the text before anything is built: brackets and colons outside strings are
 * counted, so a hostile text costs one pass over its bytes and no memory. jansson itself refuses duplicate
 * keys, invalid UTF-8, NUL in strings, numbers out of range and text after the value.
 */
#include "core/json.h"

#include "core/arena.h"

const struct json_limits JSON_REQUEST_LIMITS = {.depth = 64, .keys = 10000};
const struct json_limits JSON_PACK_LIMITS = {.depth = 64, .keys = 1000000};

static void
decref(void *j)
{
    json_decref(j);
}

/* Position behind the string that starts at s[i] == '"'; the end of the text when it is not closed. */
static size_t
skip_string(struct strv s, size_t i)
{
    for (i++; i < s.n && s.p[i] != '"'; i++)
        if (s.p[i] == '\\')
            i++;
    return i < s.n ? i + 1 : s.n;
}

static enum err_code
check_limits(struct strv s, const struct json_limits *lim, const char *source, struct err *err)
{
    char max[24];
    int depth = 0;
    int64_t keys = 0;
    for (size_t i = 0; i < s.n;) {
        char c = s.p[i];
        if (c == '"') {
            i = skip_string(s, i);
            continue;
        }
        if ((c == '{' || c == '[') && ++depth > lim->depth)
            return err_field(err, MSG_JSON_DEPTH, source, "max", err_i64(max, lim->depth), NULL);
        if (c == '}' || c == ']')
            depth--;
        if (c == ':' && ++keys > lim->keys)
            return err_field(err, MSG_JSON_KEYS, source, "max", err_i64(max, lim->keys), NULL);
        i++;
    }
    return ERR_OK;
}

enum err_code
json_read(struct arena *a, struct strv text, const struct json_limits *lim, const char *source, json_t **out,
          struct err *err)
{
    if (check_limits(text, lim, source, err))
        return err->code;
    json_error_t je;
    json_t *j = json_loadb(text.n ? text.p : "", text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &je);
    if (!j) {
        char line[24], column[24];
        bool named = source && *source;
        err_field(err, named ? MSG_JSON_SYNTAX_IN : MSG_JSON_SYNTAX, source, "line", err_i64(line, je.line),
                  "column", err_i64(column, je.column), "reason", je.text, "source", named ? source : "",
                  NULL);
        return err->code;
    }
    arena_defer(a, decref, j);
    *out = j;
    return ERR_OK;
}

struct strv
json_sv(const json_t *j)
{
    if (!json_is_string(j))
        return STRV("");
    return (struct strv){json_string_value(j), json_string_length(j)};
}

struct strv
json_get_sv(const json_t *obj, const char *key)
{
    return json_sv(json_object_get(obj, key));
}

bool
json_get_bool(const json_t *obj, const char *key, bool dflt)
{
    const json_t *j = json_object_get(obj, key);
    return json_is_boolean(j) ? json_is_true(j) : dflt;
}

int64_t
json_get_i64(const json_t *obj, const char *key, int64_t dflt)
{
    const json_t *j = json_object_get(obj, key);
    return json_is_integer(j) ? (int64_t)json_integer_value(j) : dflt;
}
