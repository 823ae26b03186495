/* cmd_demo.c - guanxi demo load|remove: the demo world in and out in one step each. */
#include "app/demo_cmd.h"
#include "core/arena.h"
#include "domain/demo/demo.h"
#include "os/os.h"

struct demo_arg {
    struct owner *owner;
    const struct cmd_io *io;
    const struct ctx *base;
};

static enum err_code
in_writer(void *arg, enum err_code (*fn)(struct ctx *, void *, bool *, struct err *), void *fn_arg, int64_t operation,
          struct err *err)
{
    struct demo_arg *d = arg;
    return owner_write(d->owner, d->base, true, operation, fn, fn_arg, err);
}

static void
show_progress(void *arg, double done)
{
    struct demo_arg *d = arg;
    cmd_progress(d->io, done, cmd_say(d->io, "演示数据", "demo data"));
}

static bool
is_cancelled(void *arg)
{
    struct demo_arg *d = arg;
    return cmd_cancelled(d->io);
}

enum err_code
demo_ensure(struct owner *o, const struct cmd_io *io, const char *name, struct err *err)
{
    struct ctx ctx;
    if (name[0] && strcmp(name, "shop") != 0)
        return err_set(err, MSG_ARG_BAD, "name", "--demo", "found", name, "expected", "shop", NULL);
    owner_base_ctx(o, io, DOOR_DEMO, &ctx);
    if (owner_read_ctx(o, &ctx, err))
        return err->code;
    struct demo_arg arg = {.owner = o, .io = io, .base = &ctx};
    struct demo_run run = {.arg = &arg, .in_writer = in_writer, .progress = show_progress, .cancelled = is_cancelled, .base = &ctx};
    bool there = false;
    if (demo_present(&ctx, &there, err) == ERR_OK && !there)
        (void)demo_shop_load(&run, err); /* err carries the result */
    owner_ctx_close(&ctx);
    return err->code;
}

static enum err_code
demo_take_out(struct owner *o, const struct cmd_io *io, int64_t *removed, struct err *err)
{
    struct ctx ctx;
    owner_base_ctx(o, io, DOOR_DEMO, &ctx);
    if (owner_read_ctx(o, &ctx, err))
        return err->code;
    struct demo_arg arg = {.owner = o, .io = io, .base = &ctx};
    struct demo_run run = {.arg = &arg, .in_writer = in_writer, .progress = show_progress, .cancelled = is_cancelled, .base = &ctx};
    enum err_code rc = demo_remove(&run, removed, err);
    owner_ctx_close(&ctx);
    return rc;
}

static int
run_demo(struct owner *o, const struct cmd_io *io, const struct args *a)
{
    struct err err = {0};
    int64_t removed = 0, t0 = os_mono_us();
    if (strcmp(a->pos[0], "load") == 0) {
        if (demo_ensure(o, io, "", &err))
            return cmd_fail(io, &err);
        fprintf(io->out, cmd_say(io, "演示数据已装入（%.1f 秒）\n", "demo data are in (%.1f s)\n"), (double)(os_mono_us() - t0) / 1e6);
        return 0;
    }
    if (strcmp(a->pos[0], "remove") != 0) {
        err_set(&err, MSG_ARG_BAD, "name", "demo", "found", a->pos[0], "expected", "load, remove", NULL);
        return cmd_fail(io, &err);
    }
    if (demo_take_out(o, io, &removed, &err))
        return cmd_fail(io, &err);
    fprintf(io->out, cmd_say(io, "已移除 %lld 条演示记录\n", "%lld demo records removed\n"), (long long)removed);
    return 0;
}

static const struct opt OPTS[] = {
    {"--data", "DIR", "GUANXI_DATA", "数据目录（默认 guanxi-data）", "data directory (default guanxi-data)"},
    {0},
};
const struct cmd CMD_DEMO = {.name = "demo", .usage = "demo load|remove", .need = NEED_OWNER, .min_pos = 1, .max_pos = 1,
                             .zh = "装入或移除演示数据", .en = "loads or removes the demo data", .opts = OPTS, .run = run_demo};
