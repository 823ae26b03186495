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

/* jansson's sentences by their beginning; "near ..." follows some of them. */
static const struct {
    const char *says, *en, *zh;
} syntax[] = {
    {"unexpected token near end of file", "it ends too early", "内容提前结束"},
    {"string or '}' expected near end of file", "it ends too early", "内容提前结束"},
    {"']' expected near end of file", "it ends too early", "内容提前结束"},
    {"'}' expected near end of file", "it ends too early", "内容提前结束"},
    {"':' expected near end of file", "it ends too early", "内容提前结束"},
    {"premature end of input", "it ends too early", "内容提前结束"},
    {"end of file expected", "there is more text after its end", "结尾之后还有多余内容"},
    {"duplicate object key", "a key stands twice in one object", "同一对象中键重复"},
    {"\\u0000 is not allowed", "\\u0000 is not allowed in a text", "文本中不允许 \\u0000"},
    {"NUL byte in object key", "\\u0000 is not allowed in a key", "键中不允许 \\u0000"},
    {"unable to decode byte", "it is not UTF-8 text", "不是 UTF-8 文本"},
    {"control character", "a text holds a control character; write it as \\n or \\u00XX",
     "文本中有控制字符，请写成 \\n 或 \\u00XX"},
    {"unexpected newline", "a text breaks off at the end of a line", "文本在行尾中断，缺少引号"},
    {"invalid escape", "an escape with a backslash is not valid", "反斜杠转义无效"},
    {"invalid Unicode", "a \\u escape is not valid", "\\u 转义无效"},
    {"too big", "an integer is too large", "整数过大"},
    {"real number overflow", "a number is too large", "数字过大"},
    {"string or '}' expected", "a key in double quotes or } is expected", "此处应为双引号括起的键或 }"},
    {"':' expected", "a colon is expected behind the key", "键的后面应为冒号"},
    {"']' expected", "a comma or ] is expected", "此处应为逗号或 ]"},
    {"'}' expected", "a comma or } is expected", "此处应为逗号或 }"},
    {"invalid token", "this is no value; texts stand in double quotes", "此处不是有效的值；文本须用双引号"},
    {"unexpected token", "a value is expected", "此处应为一个值"},
};

static void
syntax_reason(const char *text, const char **en, const char **zh)
{
    *en = text;
    *zh = "语法错误";
    for (size_t i = 0; i < sizeof syntax / sizeof syntax[0]; i++) {
        if (strv_starts(strv_of(text), strv_of(syntax[i].says))) {
            *en = syntax[i].en;
            *zh = syntax[i].zh;
            return;
        }
    }
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
        const char *en, *zh;
        bool named = source && *source;
        syntax_reason(je.text, &en, &zh);
        err_field(err, named ? MSG_JSON_SYNTAX_IN : MSG_JSON_SYNTAX, source, "line", err_i64(line, je.line),
                  "column", err_i64(column, je.column), "reason", en, "reason_zh", zh, "source",
                  named ? source : "", NULL);
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
