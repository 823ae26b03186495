/* files.c - see files.h. */
#include "record/files.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>

#include "core/dates.h"
#include "os/os.h"
#include "record/attached.h"
#include "record/jobs.h"
#include "record/record_priv.h"

enum { READ_STEP = 64 * 1024, STORED_BYTES = 24 };

/* ---- types ---- */
static const struct {
    const char *magic;
    size_t n, at;
    const char *type;
    bool may_inline;
} TYPES[] = {
    {"\x89PNG\r\n\x1a\n", 8, 0, "image/png", true},
    {"\xff\xd8\xff", 3, 0, "image/jpeg", true},
    {"GIF87a", 6, 0, "image/gif", true},
    {"GIF89a", 6, 0, "image/gif", true},
    {"WEBPVP8", 7, 8, "image/webp", true},
    {"%PDF-", 5, 0, "application/pdf", false},
    {"PK\x03\x04", 4, 0, "application/zip", false},
};

const char *
file_type_of(struct strv head)
{
    for (size_t i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++)
        if (head.n >= TYPES[i].at + TYPES[i].n &&
            memcmp(head.p + TYPES[i].at, TYPES[i].magic, TYPES[i].n) == 0)
            return TYPES[i].type;
    return "application/octet-stream";
}

bool
file_may_inline(struct strv media_type)
{
    for (size_t i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++)
        if (TYPES[i].may_inline && strv_is(media_type, TYPES[i].type))
            return true;
    return false;
}

/* ---- in ---- */

/* Hash, size and type of the bytes at path. */
static enum err_code
measure(const char *path, struct file_new *f, struct err *err)
{
    crypto_generichash_state h;
    uint8_t hash[32];
    char buf[READ_STEP];
    FILE *in = fopen(path, "rb");
    size_t n;

    if (!in)
        return err_file(err, MSG_FILE_OPEN, path, errno);
    crypto_generichash_init(&h, NULL, 0, sizeof hash);
    while ((n = fread(buf, 1, sizeof buf, in)) > 0) {
        if (f->size == 0)
            f->media_type = file_type_of((struct strv){buf, n});
        crypto_generichash_update(&h, (const uint8_t *)buf, n);
        f->size += (int64_t)n;
    }
    if (ferror(in))
        err_file(err, MSG_FILE_READ, path, EIO);
    fclose(in);
    crypto_generichash_final(&h, hash, sizeof hash);
    sodium_bin2hex(f->hash, sizeof f->hash, hash, sizeof hash);
    return err->code;
}

static const char *
path_of(struct arena *a, const char *dir, const char *stored)
{
    return arena_printf(a, "%s/%s", dir, stored);
}

enum err_code
file_keep(struct ctx *ctx, const char *dir, const char *path, struct file_new *f, struct err *err)
{
    f->size = 0;
    if (measure(path, f, err))
        return err->code;
    if (f->size == 0)
        return err_set(err, MSG_FILE_NONE, NULL);
    os_random_token(STORED_BYTES, f->stored);
    return os_keep_file(path, path_of(ctx->arena, dir, f->stored), err);
}

void
file_drop(const char *dir, const struct file_new *f)
{
    char path[4400];
    struct err err = {0};

    snprintf(path, sizeof path, "%s/%s", dir, f->stored);
    if (os_remove(path, &err))
        os_log("error", "%s: not removed", path); /* the daily job will */
}

static const struct object *
file_object(const struct ctx *ctx)
{
    return catalog_object(ctx->cat, STRV("file"));
}

static enum err_code
check_quota(struct ctx *ctx, int64_t size, struct err *err)
{
    struct db_stmt *st = NULL;
    int64_t used = 0;

    if (db_prepare(ctx->db, SQL_RECORD_FILE_USED, &st, err))
        goto out;
    db_bind_i64(st, 1, ctx->actor);
    if (db_step_one(st, err) == ERR_OK)
        used = db_col_i64(st, 0);
    if (!err->code && used + size > FILE_QUOTA)
        err_set(err, MSG_FILE_QUOTA, "used", arena_printf(ctx->arena, "%lld MB", (long long)(used >> 20)),
                "max", arena_printf(ctx->arena, "%lld MB", (long long)(FILE_QUOTA >> 20)), NULL);
out:
    db_release(st);
    return err->code;
}

enum err_code
file_write(struct ctx *ctx, const struct file_new *f, int64_t *file, struct err_list *errs, struct err *err)
{
    const struct object *o = file_object(ctx);
    const struct {
        const char *name;
        struct value value;
    } rows[] = {{"name", value_text(f->name)},
                {"related_object", value_text(strv_of(f->object->name))},
                {"related_id", value_int(f->id)},
                {"size", value_int(f->size)},
                {"media_type", value_text(strv_of(f->media_type))},
                {"stored", value_text(strv_of(f->stored))},
                {"hash", value_text(strv_of(f->hash))}};
    struct field_value v[sizeof rows / sizeof rows[0]];
    struct write w = {.kind = WRITE_CREATE, .object = o, .values = v, .n = sizeof rows / sizeof rows[0]};
    struct write_result r;

    for (size_t i = 0; i < w.n; i++)
        v[i] = (struct field_value){object_field(o, strv_of(rows[i].name)), rows[i].value};
    if (check_quota(ctx, f->size, err) || record_write(ctx, &w, &r, errs, err))
        return err->code;
    *file = r.id;
    return ERR_OK;
}

/* ---- out ---- */
static struct value
value_of(const struct object *o, const struct value *values, const char *name)
{
    return values[object_field(o, strv_of(name))->pos];
}

enum err_code
file_load(struct ctx *ctx, int64_t file, struct file_row *out, struct err *err)
{
    const struct object *o = file_object(ctx);
    struct value *v = arena_array(ctx->arena, struct value, o->n_fields);
    enum ref_state state = REF_MISSING;

    if (record_need(ctx, o, file, ACT_READ, err) || record_load(ctx, o, file, false, v, err))
        return err->code;
    *out = (struct file_row){.name = value_of(o, v, "name").s,
                             .media_type = value_of(o, v, "media_type").s,
                             .stored = value_of(o, v, "stored").s,
                             .hash = value_of(o, v, "hash").s,
                             .size = value_of(o, v, "size").i};
    attached_to(ctx, o, v, &out->object, &out->id);
    if (!out->object || row_state(ctx, out->object, out->id, &state, err) || state != REF_LIVE)
        return err->code ? err->code : record_missing(o, file, err);
    return record_need(ctx, out->object, out->id, ACT_READ, err);
}

enum err_code
file_read(const char *dir, const struct file_row *f, struct strbuf *out, struct err *err)
{
    struct arena *a = arena_create();
    struct err e = {0};
    struct strv bytes;
    uint8_t hash[32];
    char hex[65] = "";

    if (os_read_file(a, path_of(a, dir, arena_strdup(a, f->stored.p, f->stored.n)), (size_t)FILE_SIZE_MAX,
                     &bytes, &e) == ERR_OK) {
        crypto_generichash(hash, sizeof hash, (const uint8_t *)bytes.p, bytes.n, NULL, 0);
        sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    }
    if (!strv_is(f->hash, hex))
        err_set(err, MSG_FILE_DAMAGED, "name", arena_strdup(a, f->name.p, f->name.n), NULL);
    else
        strbuf_addv(out, bytes);
    arena_free(a);
    return err->code;
}

/* ---- orphans ---- */
struct sweep {
    struct job *j;
    const char *dir;
    int64_t removed;
    struct err err;
};

/* Any record, also one in the bin, keeps its bytes. */
static enum err_code
is_named(struct ctx *ctx, const char *stored, bool *yes, struct err *err)
{
    struct db_stmt *st = NULL;

    if (db_prepare(ctx->db, SQL_RECORD_FILE_NAMED, &st, err))
        goto out;
    db_bind_text(st, 1, strv_of(stored));
    in_err(db_step(st, yes, err));
out:
    db_release(st);
    return err->code;
}

static bool
sweep_one(void *arg, const char *name)
{
    struct sweep *s = arg;
    bool named = false;
    char path[4400];

    if (job_cancelled(s->j)) {
        err_set(&s->err, MSG_CMD_CANCELLED, NULL);
        return false;
    }
    if (is_named(s->j->ctx, name, &named, &s->err))
        return false;
    if (named)
        return true;
    snprintf(path, sizeof path, "%s/%s", s->dir, name);
    if (os_remove(path, &s->err))
        return false;
    s->removed++;
    return true;
}

static enum err_code
run_files(struct job *j, struct err *err)
{
    struct sweep s = {.j = j, .dir = job_files_dir(j)};

    if (!s.dir)
        return ERR_OK;
    if (os_each_file(s.dir, j->ctx->now - MS_DAY, sweep_one, &s, err))
        return err->code;
    *err = s.err;
    job_result(j, strv_of(arena_printf(j->ctx->arena, "{\"files\":%lld}", (long long)s.removed)));
    return err->code;
}

const struct job_kind JOB_FILES = {.name = "files.orphans",
                                   .label = {"清理无主附件", "Removing orphaned files"},
                                   .run = run_files,
                                   .every_ms = MS_DAY};
