/* cmd_demo.c - guanxi demo load|remove|list, and the same as jobs: a demo world in and out in one step each.
 */
#include "app/demo_cmd.h"
#include "core/arena.h"
#include "core/json.h"
#include "domain/demo/demo.h"
#include "os/os.h"
#include "record/jobs.h"

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

static enum err_code
put_in(struct owner *o, const struct cmd_io *io, const struct demo_about *world, bool with_own,
       struct err *err)
{
    struct ctx ctx;
    struct demo_arg arg;
    struct demo_runner run;
    struct demo_counts counts = {0};
    if (runner_open(o, io, &ctx, &arg, &run, err))
        return err->code;
    enum err_code rc = demo_load(&run, world, with_own, &counts, err);
    owner_settle(o, &ctx, err);
    owner_ctx_close(&ctx);
    return rc ? rc : err->code;
}

bool
demo_known(const char *name)
{
    const struct demo_about *world;
    struct err none = {0};
    return demo_world_by_name(strv_of(name), &world, &none) == ERR_OK;
}

/* What is there decides: nothing, the world asked for, another one, own data. */
static enum err_code
look(struct owner *o, const struct cmd_io *io, struct demo_status *now, struct err *err)
{
    struct ctx ctx;
    owner_base_ctx(o, io, DOOR_DEMO, &ctx);
    if (owner_read_ctx(o, &ctx, err))
        return err->code;
    enum err_code rc = demo_status(&ctx, now, err);
    owner_ctx_close(&ctx);
    return rc;
}

enum err_code
demo_ensure(struct owner *o, const struct cmd_io *io, const char *name, struct err *err)
{
    const struct demo_about *world;
    struct demo_status now;
    if (demo_world_by_name(strv_of(name), &world, err) || look(o, io, &now, err))
        return err->code;
    if (now.operation && (!name[0] || now.world == world))
        return ERR_OK;
    if (now.operation)
        return err_set(err, MSG_DEMO_LOADED, "world", now.world ? label_in(now.world->label, io->lang) : "?",
                       NULL);
    if (now.own) {
        fprintf(io->out,
                cmd_say(io, "已有您自己的客户，未装入演示数据（需要时：guanxi demo load %s --with-own）\n",
                        "there are customers of your own: no demo data are loaded (if you want them: guanxi "
                        "demo load %s --with-own)\n"),
                world->name);
        return ERR_OK;
    }
    if (take_turn(o, err))
        return err->code;
    enum err_code rc = put_in(o, io, world, false, err);
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
load(struct owner *o, const struct cmd_io *io, const struct args *a)
{
    struct err err = {0};
    const struct demo_about *world;
    int64_t t0 = os_mono_us();
    if (demo_world_by_name(strv_of(a->n_pos > 1 ? a->pos[1] : ""), &world, &err) ||
        put_in(o, io, world, arg_get(a, "--with-own") != NULL, &err))
        return cmd_fail(io, &err);
    fprintf(io->out,
            cmd_say(io, "演示数据“%s”已装入（%.1f 秒）\n", "the demo world \"%s\" is loaded (%.1f s)\n"),
            label_in(world->label, io->lang), (double)(os_mono_us() - t0) / 1e6);
    return 0;
}

static int
list(struct owner *o, const struct cmd_io *io)
{
    struct err err = {0};
    struct demo_status now;
    if (look(o, io, &now, &err))
        return cmd_fail(io, &err);
    for (int i = 0; i < DEMO_WORLDS; i++) {
        const struct demo_about *w = demo_about(i);
        fprintf(io->out, "%c %-8s %s: %s\n", now.operation && now.world == w ? '*' : ' ', w->name,
                label_in(w->label, io->lang), label_in(w->about, io->lang));
    }
    if (now.operation)
        fputs(cmd_say(io, "* 已装入\n", "* loaded\n"), io->out);
    return 0;
}

/* Before anything is opened: a mistyped word makes no data directory. */
static enum err_code
check_demo(const struct cmd_io *io, const struct args *a, struct err *err)
{
    const struct demo_about *world;
    bool in = strcmp(a->pos[0], "load") == 0, known = in;
    known |= strcmp(a->pos[0], "remove") == 0 || strcmp(a->pos[0], "list") == 0;
    if (!known || (!in && a->n_pos > 1))
        return err_set(err, MSG_ARG_BAD, "name", "demo", "found", a->pos[known], "expected",
                       "load [WORLD], remove, list", NULL);
    if (in)
        return demo_world_by_name(strv_of(a->n_pos > 1 ? a->pos[1] : ""), &world, err);
    return cmd_needs_data(io, a, err);
}

static int
run_demo(struct owner *o, const struct cmd_io *io, const struct args *a)
{
    struct err err = {0};
    bool in = strcmp(a->pos[0], "load") == 0;
    int code;
    if (check_demo(io, a, &err))
        return cmd_fail(io, &err);
    if (strcmp(a->pos[0], "list") == 0)
        return list(o, io);
    if (take_turn(o, &err))
        return cmd_fail(io, &err);
    code = in ? load(o, io, a) : take_out(o, io);
    atomic_store(&o->demo_busy, false);
    return code;
}

static const struct opt OPTS[] = {
    OPT_DATA,
    {"--with-own", NULL, NULL, "load：已有自己的客户时也装入", "load: also beside customers of your own"},
    {0},
};
const struct cmd CMD_DEMO = {.name = "demo",
                             .usage =
                                 "demo load [shop|factory|course] [--with-own] | demo remove | demo list",
                             .need = NEED_OWNER,
                             .check = check_demo,
                             .min_pos = 1,
                             .max_pos = 2,
                             .zh = "装入或移除演示数据",
                             .en = "loads or removes demo data",
                             .opts = OPTS,
                             .run = run_demo};

/* ---- as jobs ---- */
static void
job_shows(void *arg, double done, int64_t records)
{
    struct job *j = arg;
    (void)records;
    job_progress(j, (int64_t)(done * 1000), 1000);
}

static bool
job_stops(void *arg)
{
    return job_cancelled(arg);
}

static void
job_runner_of(struct job *j, struct demo_runner *run)
{
    j->ctx->door = DOOR_DEMO;
    j->ctx->lang = strv_is(json_get_sv(j->args, "lang"), "en") ? LANG_EN : LANG_ZH;
    *run = (struct demo_runner){
        .base = j->ctx, .arg = j, .in_writer = job_in_writer, .progress = job_shows, .cancelled = job_stops};
}

/* A job that was broken off by the end of the program runs again: what it had loaded is removed first. */
static enum err_code
job_load(struct job *j, struct err *err)
{
    struct owner *o = job_env_arg(j);
    const struct demo_about *world;
    struct demo_runner run;
    struct demo_counts counts = {0};
    struct strbuf b = {0};
    job_runner_of(j, &run);
    if (demo_world_by_name(json_get_sv(j->args, "world"), &world, err) || take_turn(o, err))
        return err->code;
    enum err_code rc = demo_load(&run, world, json_get_bool(j->args, "with_own", false), &counts, err);
    atomic_store(&o->demo_busy, false);
    if (rc)
        return rc;
    j_obj(&b);
    j_kstr(&b, "world", strv_of(world->name));
    j_kint(&b, "records", demo_counts_sum(&counts));
    j_kint(&b, "customers", counts.customers);
    j_kint(&b, "orders", counts.orders);
    j_obj_end(&b);
    job_result(j, strbuf_view(&b));
    strbuf_release(&b);
    return ERR_OK;
}

static enum err_code
job_remove(struct job *j, struct err *err)
{
    struct owner *o = job_env_arg(j);
    struct demo_runner run;
    struct demo_removal r = {0};
    struct strbuf report = {0}, b = {0};
    job_runner_of(j, &run);
    if (take_turn(o, err))
        return err->code;
    enum err_code rc = demo_remove(&run, &r, &report, err);
    atomic_store(&o->demo_busy, false);
    if (!rc) {
        j_obj(&b);
        j_kint(&b, "removed", r.removed);
        j_kint(&b, "kept", r.kept);
        j_kstr(&b, "report", strbuf_view(&report));
        j_obj_end(&b);
        job_result(j, strbuf_view(&b));
    }
    strbuf_release(&b);
    strbuf_release(&report);
    return rc;
}

const struct job_kind JOB_DEMO_LOAD = {.name = "demo.load",
                                       .label = {"装入演示数据", "Load demo data"},
                                       .run = job_load,
                                       .is_long = true,
                                       .max_attempts = 3};
const struct job_kind JOB_DEMO_REMOVE = {.name = "demo.remove",
                                         .label = {"移除演示数据", "Remove demo data"},
                                         .run = job_remove,
                                         .is_long = true,
                                         .max_attempts = 3};
