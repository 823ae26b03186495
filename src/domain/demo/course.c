/* course.c - the demo course: packs/course/demo/course.json, records with the figures of the textbook's
 * examples and exercises about them.
 *
 * {"lists":{"family":{"zh-CN":[...],"en":[...]}},"records":[{"object","as","repeat","values":{field:value}}]}
 * Value i of a repeated record (0, 1, ...): a text ("{i}" the number i + 1 in four digits, "{family}" an
 * entry of a list), {"zh-CN","en"}, a number, {"from","step"} = from + step * i, "@as" the record of that
 * name (the same i, or the only one), true or false. A number of a date or datetime field counts days from
 * today.
 */
#include <math.h>
#include <string.h>

#include "core/arena.h"
#include "core/dates.h"
#include "core/json.h"
#include "core/money.h"
#include "domain/demo/draft.h"
#include "model/field_type.h"

#define COURSE_FILE "course/demo/course.json"
enum { NOON_MS = 12 * 3600 * 1000 };

struct group {
    const json_t *record, *values;
    const char *as; /* "" none */
    size_t n;
    int64_t *ids;
};
struct course {
    const json_t *lists;
    int32_t today;
    bool en;
    struct group *groups;
    size_t n_groups, n_records;
};

/* A text of both languages, or one for both. */
static const char *
pick_text(const struct course *c, const json_t *j)
{
    const char *text = json_string_value(json_is_object(j) ? json_object_get(j, c->en ? "en" : "zh-CN") : j);

    return text ? text : "";
}

/* {family} takes every entry in turn, {given} the next one after a whole turn of the list before it in the
 * file. */
static const char *
from_list(const struct course *c, struct strv name, size_t i)
{
    const char *key;
    json_t *list;
    size_t turn = i;

    json_object_foreach((json_t *)(uintptr_t)c->lists, key, list)
    {
        const json_t *v = json_object_get(list, c->en ? "en" : "zh-CN");
        size_t n = json_array_size(v);

        if (n == 0)
            continue;
        if (strv_is(name, key))
            return json_string_value(json_array_get(v, turn % n));
        turn /= n;
    }
    return "";
}

static const char *
expand(const struct course *c, struct arena *a, const char *text, size_t i)
{
    struct strbuf b = {0};
    const char *out, *open, *close;

    while ((open = strchr(text, '{')) != NULL && (close = strchr(open, '}')) != NULL) {
        struct strv name = {open + 1, (size_t)(close - open - 1)};

        strbuf_addv(&b, (struct strv){text, (size_t)(open - text)});
        if (strv_is(name, "i"))
            strbuf_addf(&b, "%04zu", i + 1);
        else
            strbuf_adds(&b, from_list(c, name, i));
        text = close + 1;
    }
    strbuf_adds(&b, text);
    out = arena_strdup(a, b.p, b.n);
    strbuf_release(&b);
    return out;
}

static double
number_at(const json_t *j, size_t i)
{
    if (!json_is_object(j))
        return json_number_value(j);
    return json_number_value(json_object_get(j, "from")) +
           json_number_value(json_object_get(j, "step")) * (double)i;
}

static int64_t
ref_of(const struct course *c, const char *name, size_t i)
{
    for (size_t g = 0; g < c->n_groups; g++)
        if (strcmp(c->groups[g].as, name) == 0)
            return c->groups[g].ids[c->groups[g].n == 1 ? 0 : i < c->groups[g].n ? i : 0];
    return 0;
}

static enum err_code
put_value(const struct course *c, struct draft *d, const struct field *f, const json_t *j, size_t i,
          struct err *err)
{
    const struct ctx *ctx = d->ctx;
    double x = number_at(j, i);
    int32_t day = c->today + (int32_t)lround(x);

    switch (f->type) {
    case TYPE_REF:
        draft_ref(d, f->name, ref_of(c, json_is_string(j) ? json_string_value(j) + 1 : "", i));
        break;
    case TYPE_BOOL:
        draft_int(d, f->name, json_is_true(j));
        break;
    case TYPE_INT:
        draft_int(d, f->name, llround(x));
        break;
    case TYPE_DECIMAL:
        draft_int(d, f->name, llround(x * (double)pow10_i64(f->scale)));
        break;
    case TYPE_MONEY:
        draft_money(d, f->name, llround(x * (double)pow10_i64(ctx->set->base_digits)),
                    ctx->set->base_currency);
        break;
    case TYPE_DATE:
        draft_int(d, f->name, day);
        break;
    case TYPE_DATETIME:
        draft_int(d, f->name, zone_instant(ctx->set->zone, day, NOON_MS));
        break;
    case TYPE_TEXT:
    case TYPE_LONGTEXT:
    case TYPE_ENUM:
    case TYPE_PHONE:
    case TYPE_EMAIL:
    case TYPE_URL:
    case TYPE_COUNTRY:
        draft_text(d, f->name, expand(c, ctx->arena, pick_text(c, j), i));
        break;
    default:
        return err_set(err, MSG_INTERNAL, "what", f->name, NULL);
    }
    return ERR_OK;
}

static enum err_code
write_record(struct ctx *ctx, struct demo_writing *wr, struct group *g, size_t i, struct err *err)
{
    const struct course *c = wr->world;
    struct draft d = draft_of(wr, ctx, json_string_value(json_object_get(g->record, "object")));
    const char *key;
    json_t *j;

    json_object_foreach((json_t *)(uintptr_t)g->values, key, j)
    {
        const struct field *f = d.o ? object_field(d.o, strv_of(key)) : NULL;

        if (f == NULL)
            return err_set(err, MSG_INTERNAL, "what", key, NULL);
        if (put_value(c, &d, f, j, i, err))
            return err->code;
    }
    return draft_create(&d, &g->ids[i], err);
}

/* ---- the kind ---- */

static size_t
steps(const void *world)
{
    const struct course *c = world;

    return c->n_records;
}

static enum err_code
step(struct ctx *ctx, struct demo_writing *wr, size_t i, struct err *err)
{
    struct course *c = wr->world;

    for (size_t g = 0; g < c->n_groups; g++) {
        if (i < c->groups[g].n)
            return write_record(ctx, wr, &c->groups[g], i, err);
        i -= c->groups[g].n;
    }
    return err_set(err, MSG_INTERNAL, "what", "demo step", NULL);
}

static enum err_code
make(struct arena *a, const struct ctx *ctx, void **world, struct err *err)
{
    struct course *c = arena_new(a, struct course);
    const struct pack_file *file = PACK_DEMOS;
    const json_t *list;
    json_t *j;

    while (file->path != NULL && strcmp(file->path, COURSE_FILE) != 0)
        file++;
    if (file->path == NULL)
        return err_set(err, MSG_NOT_FOUND, "what", COURSE_FILE, NULL);
    if (json_read(a, file->text, &JSON_PACK_LIMITS, COURSE_FILE, &j, err))
        return err->code;
    list = json_object_get(j, "records");
    *c = (struct course){.lists = json_object_get(j, "lists"), .en = ctx->lang == LANG_EN};
    c->today = zone_day(ctx->set->zone, ctx->now);
    c->n_groups = json_array_size(list);
    c->groups = arena_array(a, struct group, c->n_groups + 1);
    for (size_t g = 0; g < c->n_groups; g++) {
        const json_t *r = json_array_get(list, g);
        const char *as = json_string_value(json_object_get(r, "as"));
        size_t n = (size_t)json_get_i64(r, "repeat", 1);

        c->groups[g] = (struct group){.record = r,
                                      .values = json_object_get(r, "values"),
                                      .as = as ? as : "",
                                      .n = n,
                                      .ids = arena_array(a, int64_t, n + 1)};
        c->n_records += n;
    }
    *world = c;
    return ERR_OK;
}

const struct demo_kind DEMO_COURSE = {
    .about =
        {.name = "course",
         .label = {"教学", "Course"},
         .about =
             {"1,000 位客户，数字与教材例题一致，附练习（客户价值、分级、集中度、生命周期、RFM 等）。",
              "1,000 customers whose figures are those of the textbook's examples, with exercises on value, "
              "tiers, concentration, lifecycle, RFM and more."},
         .alone = true},
    .make = make,
    .steps = steps,
    .step = step};
