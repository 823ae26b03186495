/* pack_reader.c - strict reading of one pack file; see pack_reader.h. */
#include "model/pack_reader.h"

#include "core/arena.h"
#include "core/json.h"
#include "core/text.h"

/* ---- where a value stands in the text (which is known to be valid JSON) ---- */

struct scan {
    struct strv s;
    size_t i;
};

static void
scan_space(struct scan *c)
{
    while (c->i < c->s.n && strchr(" \t\r\n", c->s.p[c->i]))
        c->i++;
}

static struct strv
scan_string(struct scan *c)
{
    size_t start = ++c->i;
    while (c->i < c->s.n && c->s.p[c->i] != '"')
        c->i += c->s.p[c->i] == '\\' ? 2 : 1;
    struct strv v = {c->s.p + start, (c->i < c->s.n ? c->i : c->s.n) - start};
    c->i++;
    return v;
}

/* Skips one value of any kind. */
static void
scan_value(struct scan *c)
{
    int depth = 0;
    scan_space(c);
    do {
        char ch = c->i < c->s.n ? c->s.p[c->i] : '\0';
        if (ch == '"') {
            scan_string(c);
        } else if (ch == '{' || ch == '[') {
            depth++;
            c->i++;
        } else if (ch == '}' || ch == ']') {
            depth--;
            c->i++;
        } else {
            c->i++;
            while (depth == 0 && c->i < c->s.n && !strchr(",]} \t\r\n", c->s.p[c->i]))
                c->i++;
        }
    } while (depth > 0 && c->i < c->s.n);
}

/* Moves from the start of an object to its member: onto the key, and with `inside` onto the value. */
static bool
scan_member(struct scan *c, const char *key, bool inside)
{
    c->i++;
    for (;;) {
        scan_space(c);
        if (c->i >= c->s.n || c->s.p[c->i] != '"')
            return false;
        size_t at = c->i;
        struct strv k = scan_string(c);
        scan_space(c);
        c->i++; /* the colon */
        scan_space(c);
        if (strv_is(k, key)) {
            if (!inside)
                c->i = at;
            return true;
        }
        scan_value(c);
        scan_space(c);
        if (c->i >= c->s.n || c->s.p[c->i] != ',')
            return false;
        c->i++;
    }
}

static bool
scan_element(struct scan *c, size_t index)
{
    c->i++;
    for (size_t k = 0; k < index; k++) {
        scan_value(c);
        scan_space(c);
        if (c->i >= c->s.n || c->s.p[c->i] != ',')
            return false;
        c->i++;
    }
    scan_space(c);
    return c->i < c->s.n;
}

/* Line of the value named by the path, or of its member `key`. The line of the last step found. */
static int64_t
line_of(const struct pack_reader *r, const char *key)
{
    struct scan c = {r->text, 0};
    size_t at = 0;
    bool ok = true;
    scan_space(&c);
    for (int d = 0; d < r->depth && ok; d++) {
        at = c.i;
        ok = r->path[d].key ? scan_member(&c, r->path[d].key, true) : scan_element(&c, r->path[d].index);
    }
    if (ok) {
        at = c.i;
        if (key && c.i < c.s.n && c.s.p[c.i] == '{' && scan_member(&c, key, false))
            at = c.i;
    }
    int64_t line = 1;
    for (size_t i = 0; i < at && i < r->text.n; i++)
        line += r->text.p[i] == '\n';
    return line;
}

/* ---- faults ---- */

void
pack_enter(struct pack_reader *r, const char *key)
{
    if (r->depth < (int)(sizeof r->path / sizeof r->path[0]))
        r->path[r->depth++] = (struct pack_step){.key = key};
}

void
pack_enter_at(struct pack_reader *r, const char *key, size_t index)
{
    pack_enter(r, key);
    if (r->depth < (int)(sizeof r->path / sizeof r->path[0]))
        r->path[r->depth++] = (struct pack_step){.index = index};
}

void
pack_leave(struct pack_reader *r, int depth)
{
    r->depth = depth;
}

enum err_code
pack_fail(struct pack_reader *r, enum msg m, const char *key, ...)
{
    const char *p[8] = {0};
    size_t n = 0;
    char line[24];
    va_list ap;
    va_start(ap, key);
    for (const char *s = va_arg(ap, const char *); s && n < 8; s = va_arg(ap, const char *))
        p[n++] = s;
    va_end(ap);
    err_i64(line, line_of(r, key));
    /* the first NULL ends the list */
    return err_field(r->err, m, key ? key : "", "file", r->file, "line", line, "key", key ? key : "", p[0],
                     p[1], p[2], p[3], p[4], p[5], p[6], p[7], NULL);
}

const char *
pack_nearest(struct strv found, const char *const *names, size_t n)
{
    struct nearest near = {.found = found};
    const char *name = NULL;
    for (size_t i = 0; i < n; i++)
        if (nearest_is(&near, strv_of(names[i])))
            name = names[i];
    return name;
}

static const char *
join_names(struct arena *a, const char *const *names, size_t n)
{
    struct strbuf b = {0};
    for (size_t i = 0; i < n; i++) {
        strbuf_adds(&b, i ? ", " : "");
        strbuf_adds(&b, names[i]);
    }
    const char *text = arena_strdup(a, b.p ? b.p : "", b.n);
    strbuf_release(&b);
    return text;
}

enum err_code
pack_fail_choice(struct pack_reader *r, const char *key, struct strv found, const char *const *names,
                 size_t n)
{
    const char *f = arena_strdup(r->arena, found.p, found.n);
    const char *near = pack_nearest(found, names, n);
    if (near)
        return pack_fail(r, MSG_PACK_VALUE_NEAR, key, "found", f, "suggest", near, NULL);
    return pack_fail(r, MSG_PACK_VALUE, key, "found", f, "expected", join_names(r->arena, names, n), NULL);
}

/* ---- checking ---- */

static const char *const KIND_TEXT[] = {
    [PACK_TEXT] = "\"text\"",
    [PACK_BOOL] = "true | false",
    [PACK_INT] = "0, 1, 2 ...",
    [PACK_NUMBER] = "12.5 | \"12.5\"",
    [PACK_LABEL] = "{\"zh-CN\": \"...\", \"en\": \"...\"}",
    [PACK_TEXTS] = "[\"...\", \"...\"]",
    [PACK_OBJECTS] = "[{...}, {...}]",
};

static bool
all_are(const json_t *list, json_type type)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (json_typeof(json_array_get(list, i)) != type ||
            (type == JSON_STRING && !json_sv(json_array_get(list, i)).n))
            return false;
    return json_is_array(list);
}

static bool
is_label(const json_t *j)
{
    const char *key;
    json_t *v;
    if (!json_is_object(j) || json_object_size(j) == 0)
        return false;
    json_object_foreach((json_t *)(uintptr_t)j, key, v)
    {
        if ((strcmp(key, "zh-CN") && strcmp(key, "en")) || !json_sv(v).n)
            return false;
    }
    return true;
}

static bool
kind_ok(const json_t *v, enum pack_kind kind)
{
    switch (kind) {
    case PACK_TEXT:
        return json_sv(v).n > 0;
    case PACK_BOOL:
        return json_is_boolean(v);
    case PACK_INT:
        return json_is_integer(v) && json_integer_value(v) >= 0;
    case PACK_NUMBER:
        return json_is_number(v) || json_sv(v).n > 0;
    case PACK_LABEL:
        return is_label(v);
    case PACK_TEXTS:
        return all_are(v, JSON_STRING);
    case PACK_OBJECTS:
        return all_are(v, JSON_OBJECT);
    }
    return false;
}

static enum err_code
unknown_key(struct pack_reader *r, const char *found, const char *where, const struct pack_key *keys,
            size_t n)
{
    const char **names = arena_array(r->arena, const char *, n);
    for (size_t i = 0; i < n; i++)
        names[i] = keys[i].key;
    const char *near = pack_nearest(strv_of(found), names, n);
    if (near)
        return pack_fail(r, MSG_PACK_KEY_NEAR, found, "found", found, "where", where, "suggest", near, NULL);
    return pack_fail(r, MSG_PACK_KEY, found, "found", found, "where", where, "expected",
                     join_names(r->arena, names, n), NULL);
}

enum err_code
pack_check(struct pack_reader *r, const json_t *obj, const char *where, const struct pack_key *keys, size_t n)
{
    const char *key;
    json_t *v;
    json_object_foreach((json_t *)(uintptr_t)obj, key, v)
    {
        size_t k = 0;
        while (k < n && strcmp(keys[k].key, key))
            k++;
        if (k == n)
            return unknown_key(r, key, where, keys, n);
        if (!kind_ok(v, keys[k].kind))
            return pack_fail(r, MSG_PACK_TYPE, key, "expected", KIND_TEXT[keys[k].kind], NULL);
    }
    for (size_t k = 0; k < n; k++)
        if (keys[k].required && !json_object_get(obj, keys[k].key))
            return pack_fail(r, MSG_PACK_MISSING, keys[k].key, "where", where, "expected",
                             KIND_TEXT[keys[k].kind], NULL);
    return ERR_OK;
}

/* ---- taking ---- */

const char *
pack_text(const json_t *obj, const char *key)
{
    return json_string_value(json_object_get(obj, key));
}

struct label
pack_label(const json_t *obj, const char *key, const char *fallback)
{
    const json_t *j = json_object_get(obj, key);
    const char *zh = pack_text(j, "zh-CN"), *en = pack_text(j, "en");
    return (struct label){.zh = zh ? zh : en ? en : fallback, .en = en ? en : zh ? zh : fallback};
}

const char *const *
pack_texts(struct pack_reader *r, const json_t *obj, const char *key, size_t *n)
{
    const json_t *j = json_object_get(obj, key);
    *n = json_array_size(j);
    const char **out = arena_array(r->arena, const char *, *n ? *n : 1);
    for (size_t i = 0; i < *n; i++)
        out[i] = json_string_value(json_array_get(j, i));
    return out;
}
