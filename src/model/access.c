/* access.c - names, questions, masks. See access.h. */
#include "model/access.h"

#include "core/arena.h"
#include "core/text.h"

const char *const ACTION_NAMES[ACT_COUNT_] = {
    [ACT_READ] = "read",     [ACT_CREATE] = "create", [ACT_UPDATE] = "update",
    [ACT_DELETE] = "delete", [ACT_ASSIGN] = "assign", [ACT_SHARE] = "share",
    [ACT_EXPORT] = "export", [ACT_IMPORT] = "import", [ACT_REVEAL] = "reveal",
};
const char *const SCOPE_NAMES[SCOPE_COUNT_] = {
    [SCOPE_NONE] = "none", [SCOPE_OWN] = "own",   [SCOPE_SHARED] = "shared",
    [SCOPE_TEAM] = "team", [SCOPE_TREE] = "tree", [SCOPE_ALL] = "all",
};
const char *const LEVEL_NAMES[LEVEL_COUNT_] = {
    [LEVEL_HIDDEN] = "hidden",
    [LEVEL_MASKED] = "masked",
    [LEVEL_READ] = "read",
    [LEVEL_WRITE] = "write",
};
const char *const MAY_NAMES[MAY_COUNT_] = {[MAY_INSIGHT_ALL] = "insight.all"};

const struct label ACTION_LABELS[ACT_COUNT_] = {
    [ACT_READ] = {"查看", "view"},
    [ACT_CREATE] = {"新建", "create"},
    [ACT_UPDATE] = {"更改", "change"},
    [ACT_DELETE] = {"删除", "delete"},
    [ACT_ASSIGN] = {"转交", "assign"},
    [ACT_SHARE] = {"共享", "share"},
    [ACT_EXPORT] = {"导出", "export"},
    [ACT_IMPORT] = {"导入", "import"},
    [ACT_REVEAL] = {"查看完整联系方式", "show full contact data"},
};
const struct label SCOPE_LABELS[SCOPE_COUNT_] = {
    [SCOPE_NONE] = {"无", "none"},
    [SCOPE_OWN] = {"本人负责", "own"},
    [SCOPE_SHARED] = {"本人及共享", "own and shared"},
    [SCOPE_TEAM] = {"本团队", "own team"},
    [SCOPE_TREE] = {"本团队及下级", "own team and those below"},
    [SCOPE_ALL] = {"全部", "all"},
};
const struct label LEVEL_LABELS[LEVEL_COUNT_] = {
    [LEVEL_HIDDEN] = {"隐藏", "hidden"},
    [LEVEL_MASKED] = {"掩码", "masked"},
    [LEVEL_READ] = {"可查看", "may be read"},
    [LEVEL_WRITE] = {"可更改", "may be changed"},
};
const struct label MAY_LABELS[MAY_COUNT_] = {
    [MAY_INSIGHT_ALL] = {"查看全公司客户分析", "see figures over all customers"}};

int
access_name(const char *const *names, int n, struct strv name)
{
    for (int i = 0; i < n; i++)
        if (strv_is(name, names[i]))
            return i;
    return -1;
}

static const struct access_object *
object_of(const struct access *a, const struct object *o)
{
    return &a->objects[o - a->cat->objects];
}

enum scope
access_scope(const struct access *a, const struct object *o, enum action act)
{
    return a ? (enum scope)object_of(a, o)->scope[act] : SCOPE_ALL;
}

enum field_level
access_level(const struct access *a, const struct field *f)
{
    return a ? (enum field_level)object_of(a, f->object)->level[f->pos] : LEVEL_WRITE;
}

bool
access_compares(const struct access *a, const struct field *f)
{
    return !a || (access_level(a, f) >= LEVEL_READ && (a->admin || f->mask == MASK_NONE));
}

bool
access_may(const struct access *a, enum may m)
{
    return !a || a->may[m];
}

bool
ids_have(struct access_ids ids, int64_t id)
{
    size_t lo = 0, hi = ids.n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (ids.v[mid] == id)
            return true;
        if (ids.v[mid] < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return false;
}

const struct field *
access_field(const struct access *a, const struct object *o, struct strv name)
{
    const struct field *f = object_field(o, name);
    return f && access_shows(a, f) ? f : NULL;
}

const char *
access_nearest_field(const struct access *a, const struct object *o, struct strv name)
{
    struct nearest n = {.found = name};
    const char *near = NULL;
    for (size_t i = 0; i < o->n_fields; i++)
        if (access_shows(a, &o->fields[i]) && nearest_is(&n, strv_of(o->fields[i].name)))
            near = o->fields[i].name;
    return near;
}

enum err_code
access_need(const struct ctx *ctx, const struct object *o, enum action act, struct err *err)
{
    if (access_can(ctx->access, o, act))
        return ERR_OK;
    return err_set(err, MSG_ACCESS_DENIED, "action", ACTION_LABELS[act].en, "action_zh",
                   ACTION_LABELS[act].zh, "object", o->plural.en, "object_zh", o->plural.zh, NULL);
}

enum err_code
access_need_may(const struct ctx *ctx, enum may m, struct err *err)
{
    if (access_may(ctx->access, m))
        return ERR_OK;
    return err_set(err, MSG_ACCESS_MAY, "may", MAY_LABELS[m].en, "may_zh", MAY_LABELS[m].zh, NULL);
}

bool
object_is_child(const struct object *o)
{
    return o->customer != NULL;
}

const struct field *
object_owner(const struct object *o)
{
    const struct field *f = o->customer ? NULL : object_field(o, STRV("owner"));
    return f && f->type == TYPE_USER ? f : NULL;
}

/* Digits keep the first three and last four; other text its first and last character; what is short loses
 * all. An address keeps what stands behind the @. */
void
access_mask_text(struct strv s, struct strbuf *out)
{
    size_t at = strv_find(s, STRV("@")), end = at == (size_t)-1 ? s.n : at;
    struct strv name = {s.p, end};
    size_t chars = utf8_length(name), digits = 0;
    for (size_t i = 0; i < end; i++)
        digits += s.p[i] >= '0' && s.p[i] <= '9';
    bool number = digits >= 7 && chars == end;
    size_t head = number ? 3 : chars > 2 ? 1 : 0, tail = number ? 4 : chars > 4 ? 1 : 0;
    struct strv first = utf8_prefix(name, 0);
    for (size_t n = 0, i = 0; n < head && i < end; n++) {
        for (i++; i < end && ((unsigned char)s.p[i] & 0xC0) == 0x80;)
            i++;
        first = (struct strv){s.p, i};
    }
    size_t back = end;
    for (size_t n = 0; n < tail && back > first.n; n++)
        for (back--; back > first.n && ((unsigned char)s.p[back] & 0xC0) == 0x80;)
            back--;
    strbuf_addv(out, first);
    strbuf_adds(out, "****");
    strbuf_add(out, s.p + back, s.n - back);
}
