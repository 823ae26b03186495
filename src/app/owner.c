/* owner.c - opening and closing a data directory, and running work in it.
 *
 * Order at start: lock, database (WAL, synchronous=FULL are asserted by db_open), quick check, migrations,
 * packs, settings, a re-rank if a crash left the pyramid dirty, then the writer thread. Nothing is served
 * before all of it succeeded. The file guanxi.clean says that the owner before ended in good order; only
 * without it the whole file is checked (S06), which takes about a second for 300 MB.
 */
#include "app/app.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/arena.h"
#include "db/migrate.h"
#include "domain/customer/customer.h"
#include "model/catalog.h"
#include "model/settings.h"
#include "os/os.h"
#include "record/roles.h"
#include "record/search_build.h"
#include "record/unit.h"

static enum err_code
rerank_if_dirty(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    (void)arg;
    (void)more;
    return customer_rerank_if_dirty(ctx, err);
}

static enum err_code
make_ready(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    return rerank_if_dirty(ctx, arg, more, err) ? err->code : roles_seed(ctx, err);
}

static void
clean_mark_path(const struct owner *o, char *buf, size_t size)
{
    snprintf(buf, size, "%s/guanxi.clean", o->dir);
}

/* Was the last end a good one? The mark is taken away: this run has to earn its own. */
static bool
take_clean_mark(const struct owner *o)
{
    char path[4200];
    clean_mark_path(o, path, sizeof path);
    return unlink(path) == 0;
}

static void
leave_clean_mark(const struct owner *o)
{
    char path[4200];
    struct err err = {0};
    clean_mark_path(o, path, sizeof path);
    if (os_write_file(path, STRV("ended in good order\n"), 0600, &err))
        os_log("error", "guanxi.clean: %s",
               err_msg_key(err.msg)); /* the next start checks the file, no more */
}

static enum err_code
mark_search(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    (void)more;
    return search_build_mark(ctx, arg, err);
}

static enum err_code
open_database(struct owner *o, struct db **out, struct err *err)
{
    struct db *db = NULL;
    int64_t now = os_now_ms();
    struct settings *set = NULL;
    bool clean = take_clean_mark(o);
    if (db_open(o->db_path, DB_WRITER, &db, err) || (!clean && db_check(db, true, err)) ||
        db_migrate(db, now, err) || catalog_load(db, PACK_FILES, now, &o->cat, err) ||
        settings_load(db, &set, err))
        goto fail;
    atomic_store(&o->set, set);
    struct ctx base;
    owner_base_ctx(o, NULL, DOOR_SYSTEM, &base);
    bool more = false;
    if (db_begin(db, err))
        goto fail;
    if (unit_run(db, &base, false, 0, o->reactors, make_ready, NULL, &more, err) ||
        unit_run(db, &base, false, 0, o->reactors, mark_search, &o->search_stale, &more, err) ||
        db_commit(db, err)) {
        db_rollback(db);
        goto fail;
    }
    *out = db;
    return ERR_OK;
fail:
    db_close(db);
    return err->code;
}

enum err_code
owner_open(const char *dir, struct owner **out, struct err *err)
{
    struct owner *o = xcalloc(1, sizeof *o);
    struct db *db = NULL;
    o->lock_fd = -1;
    o->reactors = APP_REACTORS;
    if (os_mkdirs(dir, 0700, err))
        goto fail;
    char real[PATH_MAX];
    snprintf(o->dir, sizeof o->dir, "%s", realpath(dir, real) ? real : dir);
    snprintf(o->imports_dir, sizeof o->imports_dir, "%s/imports", o->dir);
    snprintf(o->db_path, sizeof o->db_path, "%s/guanxi.db", o->dir);
    snprintf(o->files_dir, sizeof o->files_dir, "%s/files", o->dir);
    if (os_lock_dir(o->dir, &o->lock_fd, err) || os_mkdirs(o->files_dir, 0700, err) ||
        seal_load(o->dir, &o->seal, err) || open_database(o, &db, err))
        goto fail;
    if (writer_start(db, &o->writer, err)) {
        db_close(db);
        goto fail;
    }
    *out = o;
    return ERR_OK;
fail:
    owner_close(o);
    return err->code;
}

void
owner_close(struct owner *o)
{
    if (!o)
        return;
    owner_socket_stop(o);
    if (o->writer) {
        writer_stop(o->writer);
        leave_clean_mark(o);
    }
    for (size_t i = 0; i < o->n_old_sets; i++)
        settings_free(o->old_sets[i]);
    settings_free(atomic_load(&o->set));
    catalog_free(o->cat);
    if (o->lock_fd >= 0)
        os_unlock_dir(o->lock_fd);
    free(o);
}

void
owner_base_ctx(struct owner *o, const struct cmd_io *io, enum door door, struct ctx *ctx)
{
    *ctx = (struct ctx){.cat = o->cat,
                        .set = atomic_load(&o->set),
                        .now = os_now_ms(),
                        .door = door,
                        .lang = io ? io->lang : LANG_EN};
}

enum err_code
owner_read_ctx(struct owner *o, struct ctx *ctx, struct err *err)
{
    if (db_open(o->db_path, DB_READER, &ctx->db, err))
        return err->code;
    ctx->arena = arena_create();
    return ERR_OK;
}

void
owner_ctx_close(struct ctx *ctx)
{
    db_close(ctx->db);
    arena_free(ctx->arena);
    ctx->db = NULL;
    ctx->arena = NULL;
}

struct write_call {
    const struct ctx *base;
    const struct reactor *const *reactors;
    bool bulk;
    int64_t operation;
    owner_fn fn;
    void *arg;
};

static enum err_code
write_task(struct db *db, void *arg, bool *more, struct err *err)
{
    const struct write_call *c = arg;
    struct ctx base = *c->base;
    bool none = false;
    base.now = os_now_ms();
    return unit_run(db, &base, c->bulk, c->operation, c->reactors, c->fn, c->arg, more ? more : &none, err);
}

enum err_code
owner_write(struct owner *o, const struct ctx *base, bool bulk, int64_t operation, owner_fn fn, void *arg,
            struct err *err)
{
    struct write_call c = {
        .base = base, .reactors = o->reactors, .bulk = bulk, .operation = operation, .fn = fn, .arg = arg};
    return writer_run(o->writer, bulk, write_task, &c, err);
}

struct build_call {
    bool (*tell)(void *arg, int64_t done, int64_t total);
    void *arg;
};

static enum err_code
build_slice(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    const struct build_call *c = arg;
    struct search_progress p;

    if (search_build_slice(ctx, more, err) || search_progress(ctx, &p, err))
        return err->code;
    if (*more && c->tell && !c->tell(c->arg, p.done, p.total))
        *more = false;
    return ERR_OK;
}

enum err_code
owner_build_search(struct owner *o, bool (*tell)(void *arg, int64_t done, int64_t total), void *arg,
                   struct err *err)
{
    struct build_call c = {tell, arg};
    struct ctx base;

    if (!o->search_stale)
        return ERR_OK;
    owner_base_ctx(o, NULL, DOOR_SYSTEM, &base);
    return owner_write(o, &base, true, 0, build_slice, &c, err);
}

void
owner_settle(struct owner *o, const struct ctx *base, struct err *err)
{
    struct err mine = {0};
    bool failed = owner_write(o, base, true, 0, rerank_if_dirty, NULL, &mine) != ERR_OK;
    atomic_store(&o->unsettled, failed);
    if (failed && err->code == ERR_OK)
        *err = mine;
}

void
owner_settle_again(struct owner *o, const struct ctx *base)
{
    struct err err = {0};
    if (atomic_load(&o->unsettled))
        owner_settle(o, base, &err);
}

enum err_code
owner_reload_settings(struct owner *o, struct err *err)
{
    struct db *db = NULL;
    struct settings *set = NULL;
    if (db_open(o->db_path, DB_READER, &db, err) || settings_load(db, &set, err))
        goto done;
    if (o->n_old_sets == sizeof o->old_sets / sizeof o->old_sets[0]) {
        settings_free(o->old_sets[0]); /* 64 changes ago: no request is that old */
        memmove(o->old_sets, o->old_sets + 1, sizeof o->old_sets[0] * --o->n_old_sets);
    }
    o->old_sets[o->n_old_sets++] = atomic_exchange(&o->set, set);
done:
    db_close(db);
    return err->code;
}
