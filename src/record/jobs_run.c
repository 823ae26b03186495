/* jobs_run.c - the runner: threads that look for due jobs, take one, run it and note how it ended.
 *
 * Each thread has a reading connection. All writes, the taking and ending of jobs too, are tasks of the
 * writer. Looking costs one probe of a partial index; only a hit goes to the writer.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/json.h"
#include "db/writer.h"
#include "model/access.h"
#include "os/os.h"
#include "record/jobs_priv.h"
#include "record/record_priv.h"
#include "record/unit.h"

enum { MAX_THREADS = 8, MAX_DUE = 20, DEFAULT_ATTEMPTS = 5, FIRST_WAIT_MS = 10 * 1000, SLEEP_US = 20 * 1000 };

struct job_runner {
    struct job_env env;
    pthread_t threads[MAX_THREADS];
    int n_threads;
    atomic_bool stop;
    atomic_int n_long; /* long ones running now */
};

/* What a run of a job needs beside what its handler sees. */
struct job_live {
    struct ctx ctx;
    struct strv label;
    struct strbuf result;
    atomic_int_fast64_t done, total; /* handlers may tell from the writer's thread */
    int64_t beat_us, looked_us;
    struct writer_task beat;
    atomic_bool beating; /* beat is in the hands of the writer */
    bool cancel;         /* somebody asked */
    bool bulk;           /* it wrote in bulk */
};

/* ---- writing ---- */
struct call {
    const struct job_env *env;
    const struct access *access;
    int64_t actor, operation;
    enum door door;
    bool bulk;
    enum err_code (*fn)(struct ctx *ctx, void *arg, bool *more, struct err *err);
    void *arg;
};

static enum err_code
call_task(struct db *db, void *arg, bool *more, struct err *err)
{
    const struct call *c = arg;
    struct ctx base = {0};

    c->env->base(c->env->arg, &base);
    base.actor = c->actor;
    base.access = c->access;
    base.door = c->door;
    return unit_run(db, &base, c->bulk, c->operation, c->env->reactors, c->fn, c->arg, more, err);
}

static enum err_code
write_system(const struct job_env *env,
             enum err_code (*fn)(struct ctx *ctx, void *arg, bool *more, struct err *err), void *arg,
             struct err *err)
{
    struct call c = {.env = env, .door = DOOR_SYSTEM, .fn = fn, .arg = arg};

    return writer_run(env->writer, false, call_task, &c, err);
}

enum err_code
job_write(struct job *j, bool bulk, int64_t operation,
          enum err_code (*fn)(struct ctx *ctx, void *arg, bool *more, struct err *err), void *arg,
          struct err *err)
{
    struct call c = {.env = &j->runner->env,
                     .actor = j->ctx->actor,
                     .access = j->ctx->access,
                     .operation = operation,
                     .door = j->ctx->door,
                     .bulk = bulk,
                     .fn = fn,
                     .arg = arg};

    j->live->bulk |= bulk;
    return writer_run(c.env->writer, bulk, call_task, &c, err);
}

enum err_code
job_in_writer(void *job, enum err_code (*fn)(struct ctx *ctx, void *fn_arg, bool *more, struct err *err),
              void *fn_arg, int64_t operation, struct err *err)
{
    return job_write(job, true, operation, fn, fn_arg, err);
}

/* ---- for handlers ---- */
void *
job_env_arg(const struct job *j)
{
    return j->runner->env.arg;
}

static enum err_code
beat_unit(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    const struct job *j = arg;

    (void)more;
    return job_beat(ctx, j->id, atomic_load(&j->live->done), atomic_load(&j->live->total), err);
}

static enum err_code
beat_task(struct db *db, void *arg, bool *more, struct err *err)
{
    struct job *j = arg;
    struct call c = {.env = &j->runner->env, .door = DOOR_SYSTEM, .fn = beat_unit, .arg = j};

    return call_task(db, &c, more, err);
}

static void
beat_done(void *arg, const struct err *err)
{
    struct job *j = arg;

    (void)err; /* the next one tells more */
    atomic_store(&j->live->beating, false);
}

/* Nobody waits for it: it may be called on the writer's thread, inside a slice. */
void
job_progress(struct job *j, int64_t done, int64_t total)
{
    struct job_live *l = j->live;
    int64_t now = os_mono_us();

    atomic_store(&l->done, done);
    atomic_store(&l->total, total);
    if (now - l->beat_us < JOB_BEAT_MS * 1000 || atomic_load(&l->beating))
        return;
    l->beat_us = now;
    atomic_store(&l->beating, true);
    l->beat = (struct writer_task){.fn = beat_task, .done = beat_done, .arg = j};
    if (!writer_submit(j->runner->env.writer, &l->beat))
        atomic_store(&l->beating, false);
}

static void
look_for_cancel(struct job *j)
{
    struct db_stmt *st = NULL;
    struct err err = {0};
    bool row = false;

    if (db_prepare(j->live->ctx.db, SQL_RECORD_JOB_WANTED, &st, &err))
        return;
    db_bind_i64(st, 1, j->id);
    if (db_step(st, &row, &err) == ERR_OK && row)
        j->live->cancel = db_col_i64(st, 0) != 0;
    db_release(st);
}

bool
job_cancelled(struct job *j)
{
    struct job_live *l = j->live;
    int64_t now = os_mono_us();

    if (!l->cancel && now - l->looked_us > JOB_BEAT_MS * 1000) {
        l->looked_us = now;
        look_for_cancel(j);
    }
    return l->cancel || atomic_load(&j->runner->stop);
}

const char *
job_files_dir(const struct job *j)
{
    return j->runner->env.files_dir;
}

void
job_result(struct job *j, struct strv json)
{
    strbuf_clear(&j->live->result);
    strbuf_addv(&j->live->result, json);
}

/* ---- one run ---- */
static void
drop_rights(void *access)
{
    access_free(access);
}

/* A job does what its actor may do at its beginning; a job of the system anything. */
static enum err_code
take_rights(struct job_live *l, struct err *err)
{
    struct access *a = NULL;

    if (access_load(l->ctx.db, l->ctx.cat, l->ctx.actor, &a, err))
        return err->code;
    arena_defer(l->ctx.arena, drop_rights, a);
    l->ctx.access = a;
    return ERR_OK;
}

static enum err_code
load(struct job *j, struct err *err)
{
    struct job_live *l = j->live;
    struct arena *a = l->ctx.arena;
    struct db_stmt *st = NULL;
    json_t *args = NULL, *state = NULL;

    if (db_prepare(l->ctx.db, SQL_RECORD_JOB_LOAD, &st, err))
        goto out;
    db_bind_i64(st, 1, j->id);
    if (db_step_one(st, err))
        goto out;
    l->label = arena_strv(a, db_col_text(st, 1));
    l->ctx.actor = db_col_i64(st, 4);
    j->attempt = (int)db_col_i64(st, 5);
    if (json_read(a, db_col_text(st, 2), &JSON_PACK_LIMITS, "job", &args, err) ||
        (!db_col_null(st, 3) && json_read(a, db_col_text(st, 3), &JSON_PACK_LIMITS, "job", &state, err)))
        goto out;
    j->args = args;
    j->state = state;
out:
    db_release(st);
    return err->code || l->ctx.actor == 0 ? err->code : take_rights(l, err);
}

/* Milliseconds before the next attempt: 10 s, 20 s, 40 s ... one hour. */
static int64_t
pause_before(int attempt)
{
    int64_t ms = FIRST_WAIT_MS;

    for (int i = 1; i < attempt && ms < 3600 * 1000; i++)
        ms *= 2;
    return ms < 3600 * 1000 ? ms : 3600 * 1000;
}

struct ending {
    const struct job *j;
    struct job_end end;
    bool tell;
};

static enum err_code
end_unit(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct ending *e = arg;
    const struct job_env *env = &e->j->runner->env;

    (void)more;
    e->end.run_at += ctx->now;
    if (job_end(ctx, &e->end, err))
        return err->code;
    e->end.run_at -= ctx->now; /* the unit may run twice */
    if (!e->tell || !env->failed)
        return ERR_OK;
    ctx->actor = e->j->ctx->actor;
    return env->failed(ctx, e->j->id, e->j->kind, e->j->live->label, err);
}

/* run_at is relative to now here; end_unit adds it. */
static void
decide(const struct job *j, const struct err *why, struct ending *e)
{
    const struct job_kind *k = j->kind;
    int max = k->max_attempts ? k->max_attempts : DEFAULT_ATTEMPTS;

    e->j = j;
    e->end = (struct job_end){.id = j->id,
                              .status = "done",
                              .finished = true,
                              .attempts = j->attempt,
                              .done = atomic_load(&j->live->done),
                              .total = atomic_load(&j->live->total),
                              .result = strbuf_view(&j->live->result)};
    if (why->code == ERR_CANCELLED && atomic_load(&j->runner->stop) && !j->live->cancel) {
        e->end.status = "waiting";
        e->end.finished = false;
        e->end.attempts = j->attempt - 1;
        return;
    }
    if (why->code == ERR_CANCELLED) {
        e->end.status = "cancelled";
    } else if (why->code) {
        bool again = !slices_fault_of_data(why->code) && j->attempt < max;

        e->end.why = why;
        e->end.status = again ? "waiting" : "failed";
        e->end.finished = !again;
        e->end.run_at = again ? pause_before(j->attempt) : 0;
        e->tell = !again;
    }
    if (k->every_ms && e->end.finished) { /* it goes on, whatever came of this time */
        e->end.status = "waiting";
        e->end.attempts = 0;
        e->end.run_at = k->every_ms;
    }
}

static void
log_end(const struct job *j, const struct err *why)
{
    struct strbuf b = {0};

    if (!why->code || why->code == ERR_CANCELLED)
        return;
    err_render(why, LANG_EN, &b);
    os_log("error", "job %lld %s: " STRV_FMT, (long long)j->id, j->kind->name, STRV_ARG(strbuf_view(&b)));
    strbuf_release(&b);
}

static void
run_job(struct job_runner *r, struct db *db, const struct job_kind *k, int64_t id)
{
    struct job_live live = {.looked_us = os_mono_us()};
    struct job j = {.id = id, .kind = k, .runner = r, .live = &live, .ctx = &live.ctx};
    struct ending e = {0};
    struct err why = {0}, err = {0};

    r->env.base(r->env.arg, &live.ctx);
    live.ctx.db = db;
    live.ctx.arena = arena_create();
    live.ctx.door = DOOR_SYSTEM;
    if (load(&j, &why) == ERR_OK)
        in_err(k->run(&j, &why));
    if (live.bulk && r->env.settle)
        in_err(r->env.settle(r->env.arg, &why));
    log_end(&j, &why);
    decide(&j, &why, &e);
    if (write_system(&r->env, end_unit, &e, &err))
        log_end(&j, &err);
    while (atomic_load(&live.beating))
        usleep(SLEEP_US);
    strbuf_release(&live.result);
    arena_free(live.ctx.arena);
}

/* ---- looking for work ---- */
static const struct job_kind *
find_kind(const struct job_env *env, struct strv name)
{
    for (const struct job_kind *const *k = env->kinds; *k; k++)
        if (strv_is(name, (*k)->name))
            return *k;
    return NULL;
}

struct due {
    int64_t id;
    const struct job_kind *kind;
    bool taken;
};

static enum err_code
read_due(const struct job_env *env, struct db *db, struct due *v, int *n, struct err *err)
{
    struct db_stmt *st = NULL;
    struct ctx base = {0};
    bool row = false;

    *n = 0;
    env->base(env->arg, &base);
    if (db_prepare(db, SQL_RECORD_JOB_DUE, &st, err))
        goto out;
    db_bind_i64(st, 1, base.now);
    while (*n < MAX_DUE && db_step(st, &row, err) == ERR_OK && row) {
        v[*n] = (struct due){db_col_i64(st, 0), find_kind(env, db_col_text(st, 1)), false};
        *n += v[*n].kind != NULL;
    }
out:
    db_release(st);
    return err->code;
}

static enum err_code
take_unit(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct due *d = arg;

    (void)more;
    return job_take(ctx, d->id, &d->taken, err);
}

/* A long job leaves one thread free for others. */
static bool
enter(struct job_runner *r, const struct job_kind *k)
{
    int most = r->n_threads > 1 ? r->n_threads - 1 : 1;

    if (!k->is_long)
        return true;
    if (atomic_fetch_add(&r->n_long, 1) < most)
        return true;
    atomic_fetch_sub(&r->n_long, 1);
    return false;
}

/* Runs one due job. *ran false: there was none. */
static enum err_code
step(struct job_runner *r, struct db *db, bool *ran, struct err *err)
{
    struct due v[MAX_DUE];
    int n = 0;

    *ran = false;
    if (read_due(&r->env, db, v, &n, err))
        return err->code;
    for (int i = 0; i < n && !*ran; i++) {
        if (!enter(r, v[i].kind))
            continue;
        if (write_system(&r->env, take_unit, &v[i], err) == ERR_OK && v[i].taken) {
            run_job(r, db, v[i].kind, v[i].id);
            *ran = true;
        }
        if (v[i].kind->is_long)
            atomic_fetch_sub(&r->n_long, 1);
        if (err->code)
            break;
    }
    return err->code;
}

static void *
main_loop(void *arg)
{
    struct job_runner *r = arg;
    struct db *db = NULL;
    struct err err = {0};
    bool open = db_open(r->env.db_url, DB_READER, &db, &err) == ERR_OK;

    if (!open)
        os_log("error", "jobs: %s", err_msg_key(err.msg));
    while (open && !atomic_load(&r->stop)) {
        bool ran = false;

        err = (struct err){0};
        if (step(r, db, &ran, &err) && err.code != ERR_BUSY)
            os_log("error", "jobs: %s", err_msg_key(err.msg));
        for (int ms = 0; !ran && ms < JOB_POLL_MS && !atomic_load(&r->stop); ms += SLEEP_US / 1000)
            usleep(SLEEP_US);
    }
    db_close(db);
    return NULL;
}

/* ---- life ---- */
static enum err_code
begin_unit(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    const struct job_env *env = arg;

    (void)more;
    if (job_reclaim(ctx, db_engine(ctx->db) == DB_SQLITE, err))
        return err->code;
    for (const struct job_kind *const *k = env->kinds; *k; k++) {
        struct job_new n = {
            .kind = (*k)->name, .key = strv_of((*k)->name), .run_at = ctx->now + FIRST_WAIT_MS};

        if ((*k)->every_ms && job_add(ctx, &n, NULL, err))
            return err->code;
    }
    return job_prune(ctx, err);
}

enum err_code
jobs_start(const struct job_env *env, struct job_runner **out, struct err *err)
{
    struct job_runner *r;
    int want = env->threads < MAX_THREADS ? env->threads : MAX_THREADS;

    if (write_system(env, begin_unit, (void *)(uintptr_t)env, err))
        return err->code;
    r = xcalloc(1, sizeof *r);
    r->env = *env;
    r->n_threads = want; /* before the threads, which read it */
    for (int i = 0; i < want; i++)
        if (pthread_create(&r->threads[i], NULL, main_loop, r) != 0) {
            r->n_threads = i;
            jobs_stop(r);
            return err_set(err, MSG_INTERNAL, "what", "no thread for jobs", NULL);
        }
    *out = r;
    return ERR_OK;
}

void
jobs_stop(struct job_runner *r)
{
    if (!r)
        return;
    atomic_store(&r->stop, true);
    for (int i = 0; i < r->n_threads; i++)
        pthread_join(r->threads[i], NULL);
    free(r);
}

enum err_code
jobs_run_due(const struct job_env *env, int *n, struct err *err)
{
    struct job_runner r = {.env = *env};
    struct db *db = NULL;
    bool ran = true;

    *n = 0;
    if (db_open(env->db_url, DB_READER, &db, err))
        return err->code;
    while (ran && step(&r, db, &ran, err) == ERR_OK)
        *n += ran;
    db_close(db);
    return err->code;
}
