/* import_names.c - see import_names.h.
 *
 * A column is compared with the field's name, its labels and the aliases of the pack, alone and with a word
 * for the object in front ("invoice" + "no"). The words for objects below are those found in exports of
 * shops, accounts and other CRMs.
 */
#include "record/import_names.h"

#include <string.h>

#include "core/arena.h"
#include "core/text.h"

struct words {
    const char *object;
    const char *words[10]; /* compact; ends with NULL */
};

static const struct words NOUNS[] = {
    {.object = "customer",
     .words = {"client", "account", "buyer", "cust", "member", "会员", "买家", "用户", NULL}},
    {.object = "product",
     .words = {"item", "stock", "sku", "article", "goods", "货品", "产品", "货号", NULL}},
    {.object = "order",
     .words = {"invoice", "sale", "sales", "transaction", "salesorder", "单据", "发票", "交易", NULL}},
    {.object = "order_line", .words = {"line", "item", "orderitem", "明细", NULL}},
    {.object = "return", .words = {"refund", "creditnote", "退款", NULL}},
    {.object = "payment", .words = {"receipt", "收款", "回款", NULL}},
    {.object = "interaction", .words = {"activity", "call", "互动", NULL}},
};

static const char *const KEY_WORDS[] = {"id",   "no",   "code", "number", "num", "nr",
                                        "编号", "编码", "代码", "号码",   "号",  NULL};
static const char *const TIME_WORDS[] = {"date", "time", "datetime", "timestamp", "日期", "时间", NULL};
static const char *const GIVEN[] = {"firstname", "givenname", "forename", "first", "名", "名字", NULL};
static const char *const FAMILY[] = {"lastname", "surname", "familyname", "last", "姓", "姓氏", NULL};

struct strv
name_compact(struct arena *a, struct strv name)
{
    struct strbuf folded = {0}, kept = {0};
    struct strv rest, out;
    uint32_t cp;

    text_fold(name, &folded);
    rest = strbuf_view(&folded);
    while ((cp = utf8_next(&rest)) != (uint32_t)-1) {
        bool word = cp >= 0x80 ? cp != 0xFFFD && (cp < 0x2000 || cp >= 0x3040)
                               : (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z');
        if (word)
            utf8_put(&kept, cp);
    }
    out = arena_strv(a, strbuf_view(&kept));
    strbuf_release(&folded);
    strbuf_release(&kept);
    return out;
}

static bool
in_list(const char *const *list, struct strv s)
{
    for (size_t i = 0; list[i] != NULL; i++) {
        if (strv_is(s, list[i]))
            return true;
    }
    return false;
}

bool
name_is_given(struct strv column)
{
    return in_list(GIVEN, column);
}

bool
name_is_family(struct strv column)
{
    return in_list(FAMILY, column);
}

/* Does the column begin with a word for the object? *rest is what follows. The longest word counts. */
static bool
cut_noun(struct arena *a, const struct object *o, struct strv column, struct strv *rest)
{
    struct strv words[16];
    size_t n = 0, best = 0;

    words[n++] = name_compact(a, strv_of(o->name));
    words[n++] = name_compact(a, strv_of(o->label.en));
    words[n++] = name_compact(a, strv_of(o->label.zh));
    for (size_t i = 0; i < sizeof NOUNS / sizeof NOUNS[0]; i++) {
        if (strcmp(NOUNS[i].object, o->name) != 0)
            continue;
        for (size_t k = 0; NOUNS[i].words[k] != NULL; k++)
            words[n++] = strv_of(NOUNS[i].words[k]);
    }
    for (size_t i = 0; i < n; i++) {
        if (words[i].n > best && strv_starts(column, words[i]))
            best = words[i].n;
    }
    *rest = (struct strv){column.p + best, column.n - best};
    return best > 0;
}

bool
name_is_object(struct arena *a, const struct object *o, struct strv column)
{
    struct strv rest;

    return cut_noun(a, o, column, &rest) && rest.n == 0;
}

static bool
is_word_of_other(struct arena *a, const struct catalog *cat, const struct object *o, struct strv prefix)
{
    if (strv_is(prefix, "sale") || strv_is(prefix, "sales")) /* "sales price" is no order's price */
        return false;
    for (size_t i = 0; i < cat->n_objects; i++) {
        struct strv rest;

        if (&cat->objects[i] != o && cut_noun(a, &cat->objects[i], prefix, &rest) && rest.n == 0)
            return true;
    }
    return false;
}

/* Likeness of a column with one name of the field. after: the column behind a word for the object, or empty.
 */
static int
score_one(struct arena *a, const struct catalog *cat, const struct field *f, struct strv name,
          struct strv column, struct strv after)
{
    struct strv base = column;

    if (name.n == 0)
        return 0;
    if (strv_eq(name, column))
        return NAME_SAME;
    if (after.n && strv_eq(name, after))
        return NAME_QUALIFIED;
    while (base.n > 1 && base.p[base.n - 1] >= '0' && base.p[base.n - 1] <= '9')
        base.n--;
    if (base.n < column.n && strv_eq(name, base)) /* "phone1": the lower number fits better */
        return NAME_NUMBERED - (column.p[column.n - 1] - '0') % 5;
    if (name.n >= 5 && column.n >= 5 && edit_distance(name, column, 1) <= 1)
        return NAME_NEAR;
    if (name.n >= 5 && column.n > name.n && strv_ends(column, name) &&
        !is_word_of_other(a, cat, f->object, (struct strv){column.p, column.n - name.n}))
        return NAME_PART;
    return 0;
}

static int
best_of(int a, int b)
{
    return a > b ? a : b;
}

/* The object's word alone or with "id", "no": its key or title; with "date": its time. */
static int
score_role(const struct field *f, bool noun, struct strv column, struct strv after)
{
    const struct object *o = f->object;

    if (f == o->key && noun && in_list(KEY_WORDS, after))
        return NAME_KEY;
    if (f == o->key && in_list(KEY_WORDS, column))
        return NAME_PART;
    if (f == o->title && noun && after.n == 0)
        return NAME_NEAR;
    if (f == o->time && noun && in_list(TIME_WORDS, after))
        return NAME_TIME;
    if (f == o->time && in_list(TIME_WORDS, column))
        return NAME_NEAR;
    return 0;
}

int
name_score(struct arena *a, const struct catalog *cat, const struct field *f, struct strv column)
{
    struct strv after = {"", 0};
    bool noun = cut_noun(a, f->object, column, &after);
    int best = score_role(f, noun, column, after);

    if (!noun)
        after.n = 0;
    best = best_of(best, score_one(a, cat, f, name_compact(a, strv_of(f->name)), column, after));
    best = best_of(best, score_one(a, cat, f, name_compact(a, strv_of(f->label.en)), column, after));
    best = best_of(best, score_one(a, cat, f, name_compact(a, strv_of(f->label.zh)), column, after));
    for (size_t i = 0; i < f->n_aliases; i++)
        best = best_of(best, score_one(a, cat, f, name_compact(a, strv_of(f->aliases[i])), column, after));
    return best;
}
