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
in_writer(void *arg, enum err_code (*fn)(struct ctx *, void *, bool *, struct err *), void *fn_arg,
          int64_t operation, struct err *err)
{
    struct demo_arg *d = arg;
    return owner_write(d->owner, d->base, true, operation, fn, fn_arg, err);
}

static void
show_progress(void *arg, double done, int64_t records)
{
    struct demo_arg *d = arg;
    char text[64];
    snprintf(text, sizeof text, cmd_say(d->io, "演示数据 %lld 条", "demo data, %lld records"),
             (long long)records);
    cmd_progress(d->io, done, text);
}

static bool
is_cancelled(void *arg)
{
    struct demo_arg *d = arg;
    return cmd_cancelled(d->io);
}

/* A reading ctx and the runner over it; ends with owner_ctx_close(ctx). */
static enum err_code
runner_open(struct owner *o, const struct cmd_io *io, struct ctx *ctx, struct demo_arg *arg,
            struct demo_runner *run, struct err *err)
{
    owner_base_ctx(o, io, DOOR_DEMO, ctx);
    *arg = (struct demo_arg){.owner = o, .io = io, .base = ctx};
    *run = (struct demo_runner){.base = ctx,
                                .arg = arg,
                                .in_writer = in_writer,
                                .progress = show_progress,
                                .cancelled = is_cancelled};
    return owner_read_ctx(o, ctx, err);
}

/* One at a time: a second load would take the first one's records for the rest of a broken one. */
static enum err_code
take_turn(struct owner *o, struct err *err)
{
    if (atomic_exchange(&o->demo_busy, true))
        return err_set(err, MSG_DEMO_BUSY, NULL);
    return ERR_OK;
}

/* again: demo data that are there are an error; else nothing is to be done then. */
static enum err_code
put_in(struct owner *o, const struct cmd_io *io, bool again, struct err *err)
{
    struct ctx ctx;
    struct demo_arg arg;
    struct demo_runner run;
    struct demo_counts counts = {0};
    int64_t there = 0;
    if (runner_open(o, io, &ctx, &arg, &run, err))
        return err->code;
    enum err_code rc = demo_find(&ctx, &there, err);
    if (!rc && (!there || again))
        rc = demo_shop_load(&run, &counts, err);
    owner_settle(o, &ctx, err);
    owner_ctx_close(&ctx);
    return rc ? rc : err->code;
}

bool
demo_known(const char *name)
{
    return strcmp(name, "shop") == 0;
}

enum err_code
demo_ensure(struct owner *o, const struct cmd_io *io, const char *name, struct err *err)
{
    enum err_code rc;
    if (name[0] && !demo_known(name))
        return err_set(err, MSG_ARG_BAD, "name", "--demo", "found", name, "expected", "shop", NULL);
    if (take_turn(o, err))
        return err->code;
    rc = put_in(o, io, false, err);
    atomic_store(&o->demo_busy, false);
    return rc;
}

static int
take_out(struct owner *o, const struct cmd_io *io)
{
    struct err err = {0};
    struct ctx ctx;
    struct demo_arg arg;
    struct demo_runner run;
    struct demo_removal r = {0};
    struct strbuf report = {0};
    if (runner_open(o, io, &ctx, &arg, &run, &err))
        return cmd_fail(io, &err);
    if (!demo_remove(&run, &r, &report, &err)) {
        fprintf(io->out, cmd_say(io, "已移除 %lld 条演示记录\n", "%lld demo records removed\n"),
                (long long)r.removed);
        if (r.kept)
            fprintf(io->out,
                    cmd_say(io, "保留 %lld 条，因为您自己的记录引用了它们：\n" STRV_FMT,
                            "%lld stay because records of yours point to them:\n" STRV_FMT),
                    (long long)r.kept, STRV_ARG(strbuf_view(&report)));
    }
    owner_settle(o, &ctx, &err);
    strbuf_release(&report);
    owner_ctx_close(&ctx);
    return err.code ? cmd_fail(io, &err) : 0;
}

static int
load(struct owner *o, const struct cmd_io *io)
{
    struct err err = {0};
    int64_t t0 = os_mono_us();
    if (put_in(o, io, true, &err))
        return cmd_fail(io, &err);
    fprintf(io->out, cmd_say(io, "演示数据已装入（%.1f 秒）\n", "demo data are in (%.1f s)\n"),
            (double)(os_mono_us() - t0) / 1e6);
    return 0;
}

static enum err_code
check_demo(const struct cmd_io *io, const struct args *a, struct err *err)
{
    bool in = strcmp(a->pos[0], "load") == 0;
    if (!in && strcmp(a->pos[0], "remove") != 0)
        return err_set(err, MSG_ARG_BAD, "name", "demo", "found", a->pos[0], "expected", "load, remove",
                       NULL);
    return in ? ERR_OK : cmd_needs_data(io, a, err);
}

static int
run_demo(struct owner *o, const struct cmd_io *io, const struct args *a)
{
    struct err err = {0};
    bool in = strcmp(a->pos[0], "load") == 0;
    int code;
    if (check_demo(io, a, &err))
        return cmd_fail(io, &err);
    if (take_turn(o, &err))
        return cmd_fail(io, &err);
    code = in ? load(o, io) : take_out(o, io);
    atomic_store(&o->demo_busy, false);
    return code;
}

static const struct opt OPTS[] = {
    OPT_DATA,
    {0},
};
const struct cmd CMD_DEMO = {.name = "demo",
                             .usage = "demo load|remove",
                             .need = NEED_OWNER,
                             .check = check_demo,
                             .min_pos = 1,
                             .max_pos = 1,
                             .zh = "装入或移除演示数据",
                             .en = "loads or removes the demo data",
                             .opts = OPTS,
                             .run = run_demo};
