/* err.c - the error object and the tables behind it.
 *
 * Parameters lie in err.params as name NUL value NUL ... NUL; an empty name ends the walk. When they do not
 * fit, every value is cut to the same largest length that does, so that a long one never pushes out the
 * others.
 */
#include "core/err.h"

#include <assert.h>
#include <errno.h>

#include "core/arena.h"
#include "core/text.h"

static const struct {
    int status;
    const char *type;
} codes[] = {
#define X(name, status_, type_) [ERR_##name] = {.status = (status_), .type = (type_)},
#include "core/err.def"
#undef X
};

static const struct {
    enum err_code code;
    const char *key;
    const char *text[2]; /* by enum lang */
} messages[] = {
#define X(name, code_, key_, en_, zh_)                                                                       \
    [MSG_##name] = {.code = ERR_##code_, .key = (key_), .text = {[LANG_EN] = (en_), [LANG_ZH] = (zh_)}},
#include "core/messages.def"
#undef X
};

/* Copies at most size - 1 bytes, cut at a character border, and a NUL. Returns the bytes copied. */
static size_t
copy_cut(char *to, size_t size, const char *from)
{
    struct strv s = utf8_prefix(strv_of(from), size - 1);
    memcpy(to, s.p, s.n);
    to[s.n] = '\0';
    return s.n;
}

/* Bytes the pairs need when no value is longer than longest. */
static size_t
params_size(va_list ap, size_t longest)
{
    size_t need = 1;
    va_list walk;
    va_copy(walk, ap);
    for (const char *name; (name = va_arg(walk, const char *)) != NULL;) {
        size_t n = strv_of(va_arg(walk, const char *)).n;
        need += strlen(name) + 1 + (n < longest ? n : longest) + 1;
    }
    va_end(walk);
    return need;
}

static void
set_params(struct err *e, va_list ap)
{
    size_t longest = sizeof(e->params), at = 0;
    while (longest > 4 && params_size(ap, longest) > sizeof(e->params))
        longest -= 4;
    for (const char *name; (name = va_arg(ap, const char *)) != NULL;) {
        const char *value = va_arg(ap, const char *);
        size_t n = strlen(name), room = sizeof(e->params) - at;
        assert(n > 0);
        if (n + 3 > room)
            break;
        memcpy(e->params + at, name, n + 1);
        at += n + 1;
        room -= n + 2; /* the last byte stays for the final NUL */
        at += copy_cut(e->params + at, room < longest + 1 ? room : longest + 1, value ? value : "") + 1;
    }
    e->params[at] = '\0';
}

static void
fill(struct err *e, enum msg m, const char *field, va_list ap)
{
    assert(m > MSG_NONE && m < MSG_COUNT_);
    e->code = messages[m].code;
    e->msg = m;
    copy_cut(e->field, sizeof(e->field), field);
    set_params(e, ap);
}

enum err_code
err_set(struct err *e, enum msg m, ...)
{
    if (e->code != ERR_OK)
        return e->code;
    va_list ap;
    va_start(ap, m);
    fill(e, m, "", ap);
    va_end(ap);
    return e->code;
}

enum err_code
err_field(struct err *e, enum msg m, const char *field, ...)
{
    if (e->code != ERR_OK)
        return e->code;
    va_list ap;
    va_start(ap, field);
    fill(e, m, field ? field : "", ap);
    va_end(ap);
    return e->code;
}

/* The commonest reasons; the system's own words are English in every language. */
static const struct {
    int number;
    const char *en, *zh;
} reasons[] = {
    {ENOENT, "there is no such file or folder", "文件或文件夹不存在"},
    {EACCES, "access is denied", "没有访问权限"},
    {EPERM, "this is not permitted", "不允许此操作"},
    {EISDIR, "it is a folder", "这是一个文件夹"},
    {ENOTDIR, "a part of the path is not a folder", "路径中有一部分不是文件夹"},
    {EEXIST, "it exists already", "已存在"},
    {EROFS, "the disk is read only", "磁盘为只读"},
    {ENAMETOOLONG, "the name is too long", "名称过长"},
    {EMFILE, "too many files are open", "打开的文件过多"},
    {EIO, "the disk reports an error", "磁盘读写出错"},
};

enum err_code
err_file(struct err *e, enum msg m, const char *path, int number)
{
    char text[128];
    const char *en = NULL, *zh = NULL;
    if (m == MSG_FILE_WRITE && (number == ENOSPC || number == EDQUOT))
        return err_set(e, MSG_FILE_FULL, "path", path, NULL);
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i].number == number) {
            en = reasons[i].en;
            zh = reasons[i].zh;
        }
    if (!en)
        en = zh = strerror_r(number, text, sizeof text);
    return err_set(e, m, "path", path, "reason", en, "reason_zh", zh, NULL);
}

void
err_clear(struct err *e)
{
    *e = (struct err){.code = ERR_OK};
}

bool
err_next_param(const struct err *e, size_t *pos, const char **name, const char **value)
{
    if (*pos >= sizeof(e->params) || e->params[*pos] == '\0')
        return false;
    *name = e->params + *pos;
    *value = *name + strlen(*name) + 1;
    *pos = (size_t)(*value - e->params) + strlen(*value) + 1;
    return true;
}

const char *
err_param(const struct err *e, const char *name)
{
    const char *n, *v;
    for (size_t pos = 0; err_next_param(e, &pos, &n, &v);)
        if (strcmp(n, name) == 0)
            return v;
    return NULL;
}

/* The value for {name}: the parameter, for {x_zh} without one of its own that of {x}, for {field} the field;
 * NULL when there is none. */
static const char *
value_of(const struct err *e, struct strv name)
{
    const char *n, *v, *plain = NULL;
    struct strv stem = {name.p, name.n > 3 && memcmp(name.p + name.n - 3, "_zh", 3) == 0 ? name.n - 3 : 0};
    for (size_t pos = 0; err_next_param(e, &pos, &n, &v);) {
        if (strv_is(name, n))
            return v;
        if (stem.n && strv_is(stem, n))
            plain = v;
    }
    if (plain)
        return plain;
    return strv_is(name, "field") && e->field[0] ? e->field : NULL;
}

void
err_render(const struct err *e, enum lang lang, struct strbuf *out)
{
    const char *p = msg_text(e->msg, lang);
    for (const char *open; (open = strchr(p, '{')) != NULL;) {
        const char *close = strchr(open, '}');
        if (!close)
            break;
        struct strv name = {open + 1, (size_t)(close - open - 1)};
        const char *value = value_of(e, name);
        strbuf_add(out, p, (size_t)(open - p));
        if (value)
            strbuf_adds(out, value);
        else
            strbuf_add(out, open, name.n + 2); /* a forgotten parameter is seen, not swallowed */
        p = close + 1;
    }
    strbuf_adds(out, p);
}

const char *
err_msg_key(enum msg m)
{
    assert(m < MSG_COUNT_);
    return messages[m].key;
}

int
err_http_status(enum err_code c)
{
    assert(c < ERR_COUNT_);
    return codes[c].status;
}

const char *
err_problem_type(enum err_code c)
{
    assert(c < ERR_COUNT_);
    return codes[c].type;
}

int
err_exit_code(enum err_code c)
{
    assert(c < ERR_COUNT_);
    return (int)c;
}

const char *
msg_text(enum msg m, enum lang lang)
{
    assert(m < MSG_COUNT_ && (lang == LANG_ZH || lang == LANG_EN));
    return messages[m].text[lang];
}

void
err_list_add(struct err_list *l, const struct err *e)
{
    if (l->n == l->size) {
        size_t size = l->size ? l->size * 2 : 4;
        struct err *v = arena_array(l->arena, struct err, size);
        if (l->n)
            memcpy(v, l->v, l->n * sizeof(*v));
        l->v = v;
        l->size = size;
    }
    l->v[l->n++] = *e;
}

const char *
err_i64(char buf[24], int64_t v)
{
    char *p = buf + 23;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    *p = '\0';
    do
        *--p = (char)('0' + u % 10);
    while ((u /= 10) > 0);
    if (v < 0)
        *--p = '-';
    memmove(buf, p, (size_t)(buf + 24 - p));
    return buf;
}
