/* cmd_admin.c - settings from the command line: settings, rate. */
#include "app/app.h"
#include "core/arena.h"
#include "core/dates.h"
#include "core/json.h"
#include "core/money.h"
#include "model/settings.h"

static const struct opt PLAIN_OPTS[] = {OPT_DATA, OPT_JSON, {0}};

/* ---- settings ---- */
struct pair {
    struct strv key, value;
};

static enum err_code
set_one(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    const struct pair *p = arg;
    (void)more;
    return settings_set(ctx, p->key, p->value, err);
}

static int
list_settings(struct owner *o, const struct cmd_io *io)
{
    struct err err = {0};
    struct ctx ctx;
    struct strbuf b = {0};
    json_t *j = NULL;
    owner_base_ctx(o, io, DOOR_CLI, &ctx);
    if (owner_read_ctx(o, &ctx, &err))
        return cmd_fail(io, &err);
    if (settings_json(&ctx, &b, &err) ||
        json_read(ctx.arena, strbuf_view(&b), &JSON_PACK_LIMITS, "", &j, &err))
        goto done;
    if (io->json) {
        fprintf(io->out, STRV_FMT "\n", STRV_ARG(strbuf_view(&b)));
        goto done;
    }
    for (size_t i = 0; i < json_array_size(j); i++) {
        json_t *s = json_array_get(j, i);
        struct strv key = json_get_sv(s, "key"), value = json_get_sv(s, "value");
        struct strv label = json_get_sv(json_object_get(s, "label"), io->lang == LANG_ZH ? "zh-CN" : "en");
        fprintf(io->out, "%-20.*s %-24.*s " STRV_FMT "\n", (int)key.n, key.p, (int)value.n, value.p,
                STRV_ARG(label));
    }
done:
    strbuf_release(&b);
    owner_ctx_close(&ctx);
    return err.code ? cmd_fail(io, &err) : 0;
}

static int
run_settings(struct owner *o, const struct cmd_io *io, const struct args *a)
{
    struct err err = {0};
    struct ctx base;
    if (a->n_pos == 0)
        return list_settings(o, io);
    for (int i = 0; i < a->n_pos; i++) {
        const char *eq = strchr(a->pos[i], '=');
        if (!eq) {
            err_set(&err, MSG_ARG_BAD_LIKE, "name", "settings", "found", a->pos[i], "expected",
                    "margin_bp=3000", NULL);
            return cmd_fail(io, &err);
        }
        struct pair p = {{a->pos[i], (size_t)(eq - a->pos[i])}, strv_of(eq + 1)};
        owner_base_ctx(o, io, DOOR_CLI, &base);
        if (owner_write(o, &base, false, 0, set_one, &p, &err) || owner_reload_settings(o, &err))
            return cmd_fail(io, &err);
    }
    owner_base_ctx(o, io, DOOR_CLI, &base);
    owner_settle(o, &base, &err); /* margin rate, zone, basis ...: state is remade */
    if (err.code)
        return cmd_fail(io, &err);
    return list_settings(o, io);
}
const struct cmd CMD_SETTINGS = {.name = "settings",
                                 .usage = "settings [KEY=VALUE ...]",
                                 .need = NEED_OWNER,
                                 .max_pos = 20,
                                 .zh = "查看或修改设置",
                                 .en = "shows or changes settings",
                                 .opts = PLAIN_OPTS,
                                 .run = run_settings};

/* ---- rate ---- */
struct rate_arg {
    struct strv currency;
    int32_t day;
    int64_t e8;
};

static enum err_code
set_rate(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    const struct rate_arg *r = arg;
    (void)more;
    return fx_rate_set(ctx, r->currency, r->day, r->e8, err);
}

static int
run_rate(struct owner *o, const struct cmd_io *io, const struct args *a)
{
    struct err err = {0};
    struct ctx base;
    struct rate_arg r = {.currency = strv_of(a->pos[0])};
    if (!decimal_parse(strv_of(a->pos[1]), 8, true, &r.e8) || r.e8 <= 0)
        err_set(&err, MSG_ARG_BAD_LIKE, "name", "RATE", "found", a->pos[1], "expected", "9.1", NULL);
    else if (!date_parse(strv_of(a->n_pos > 2 ? a->pos[2] : "1970-01-01"), &r.day))
        err_set(&err, MSG_ARG_BAD_LIKE, "name", "DATE", "found", a->pos[2], "expected", "2024-03-01", NULL);
    owner_base_ctx(o, io, DOOR_CLI, &base);
    if (err.code || owner_write(o, &base, false, 0, set_rate, &r, &err))
        return cmd_fail(io, &err);
    char day[16];
    date_format(r.day, day);
    fprintf(io->out, "1 %s = %s %s (%s →)\n", a->pos[0], a->pos[1], base.set->base_currency, day);
    return 0;
}
const struct cmd CMD_RATE = {.name = "rate",
                             .usage = "rate CURRENCY RATE [DATE]",
                             .need = NEED_OWNER,
                             .min_pos = 2,
                             .max_pos = 3,
                             .zh = "设置汇率：1 单位外币合多少本位币，自某日起",
                             .en = "sets an exchange rate: base currency per unit, from a day on",
                             .opts = PLAIN_OPTS,
                             .run = run_rate};
