/* import_store.c - see import_store.h. */
#include "record/import_store.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/dates.h"
#include "core/json.h"
#include "db/db.h"
#include "os/os.h"
#include "record/jobs.h"

static enum err_code
run_and_release(struct db_stmt *st, struct err *err)
{
    enum err_code rc = db_run(st, err);

    db_release(st);
    return rc;
}

static enum err_code
check_quota(struct ctx *ctx, int64_t size, const char *dir, struct err *err)
{
    struct db_stmt *st = NULL;
    int64_t used = 0, room = os_free_bytes(dir);
    enum err_code rc;

    if (size > IMPORT_FILE_MAX)
        return err_set(err, MSG_IMPORT_FILE_LARGE, "max", "200 MB", NULL);
    rc = db_prepare(ctx->db, SQL_RECORD_IMPORT_USED, &st, err);
    if (rc)
        return rc;
    db_bind_i64(st, 1, ctx->actor);
    rc = db_step_one(st, err);
    used = rc ? 0 : db_col_i64(st, 0);
    db_release(st);
    if (!rc && used + size > IMPORT_USER_MAX)
        return err_set(err, MSG_IMPORT_QUOTA, "max", "500 MB", NULL);
    if (!rc && room >= 0 && room < size * 3)
        return err_set(err, MSG_FILE_FULL, "path", dir, NULL);
    return rc;
}

enum err_code
import_upload_add(struct ctx *ctx, const char *dir, struct strv object, struct strv name, int64_t size,
                  int64_t *id, struct err *err)
{
    struct db_stmt *st = NULL;
    char token[32];
    struct strbuf path = {0};
    enum err_code rc = os_mkdirs(dir, 0700, err);

    if (!rc)
        rc = check_quota(ctx, size, dir, err);
    if (!rc)
        rc = db_prepare(ctx->db, SQL_RECORD_IMPORT_ADD, &st, err);
    if (rc)
        return rc;
    os_random_token(12, token);
    strbuf_addf(&path, "%s/%s", dir, token);
    db_bind_i64(st, 1, ctx->actor);
    db_bind_text(st, 2, object);
    db_bind_text(st, 3, name);
    db_bind_text(st, 4, strbuf_view(&path));
    db_bind_i64(st, 5, size);
    db_bind_i64(st, 6, ctx->now);
    rc = db_step_one(st, err);
    if (!rc)
        *id = db_col_i64(st, 0);
    db_release(st);
    strbuf_release(&path);
    return rc;
}

enum err_code
import_upload_get(struct ctx *ctx, int64_t id, struct import_upload *out, struct err *err)
{
    struct db_stmt *st = NULL;
    struct strv *texts[] = {&out->object, &out->name, NULL, NULL, &out->status, &out->map, &out->edits};
    enum err_code rc = db_prepare(ctx->db, SQL_RECORD_IMPORT_GET, &st, err);

    if (rc)
        return rc;
    db_bind_i64(st, 1, id);
    rc = db_step_one(st, err);
    if (!rc && ctx->actor != 0 && db_col_i64(st, 0) != ctx->actor)
        rc = err_set(err, MSG_NOT_FOUND, NULL);
    if (!rc) {
        *out = (struct import_upload){.id = id, .actor = db_col_i64(st, 0), .size = db_col_i64(st, 4)};
        for (int i = 0; i < 7; i++) {
            if (texts[i] != NULL)
                *texts[i] = arena_strv(ctx->arena, db_col_text(st, i + 1));
        }
        out->path = arena_strv(ctx->arena, db_col_text(st, 3)).p;
        out->job = db_col_i64(st, 8);
        out->operation = db_col_i64(st, 9);
        out->counts = arena_strv(ctx->arena, db_col_text(st, 10));
        out->created_at = db_col_i64(st, 11);
    }
    db_release(st);
    return rc;
}

const char *
import_upload_file(struct arena *a, const struct import_upload *u)
{
    return arena_printf(a, "%s.data", u->path);
}

const char *
import_upload_errors(struct arena *a, const struct import_upload *u)
{
    return arena_printf(a, "%s.errors.csv", u->path);
}

int64_t
import_upload_received(struct arena *a, const struct import_upload *u)
{
    struct stat st;

    return stat(import_upload_file(a, u), &st) == 0 ? st.st_size : 0;
}

enum err_code
import_upload_append(struct ctx *ctx, const struct import_upload *u, int64_t at, struct strv bytes,
                     struct err *err)
{
    const char *path = import_upload_file(ctx->arena, u);
    char have[24];
    struct stat st = {0};
    int fd;

    if (!strv_is(u->status, "uploading"))
        return err_set(err, MSG_IMPORT_STARTED, NULL);
    if (at + (int64_t)bytes.n > u->size)
        return err_set(err, MSG_IMPORT_FILE_LARGE, "max", err_i64(have, u->size), NULL);
    fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || fstat(fd, &st) != 0) {
        err_file(err, MSG_FILE_WRITE, path, errno);
    } else if (st.st_size != at) {
        err_set(err, MSG_IMPORT_NEXT_PART, "received", err_i64(have, st.st_size), NULL);
    } else {
        for (size_t done = 0; done < bytes.n && !err->code;) {
            ssize_t n = pwrite(fd, bytes.p + done, bytes.n - done, at + (int64_t)done);

            if (n < 0 && errno != EINTR)
                err_file(err, MSG_FILE_WRITE, path, errno);
            done += n > 0 ? (size_t)n : 0;
        }
    }
    if (fd >= 0)
        (void)close(fd);
    return err->code;
}

/* By which a mapping is found again: a hash of the columns' names. */
static void
header_of(const struct import_source *s, char out[32])
{
    crypto_generichash_state h;
    unsigned char sum[16];
    const struct strv *names;
    size_t n = import_columns(s, &names);

    (void)crypto_generichash_init(&h, NULL, 0, sizeof sum);
    for (size_t i = 0; i < n; i++) {
        uint64_t len = names[i].n;
        (void)crypto_generichash_update(&h, (const unsigned char *)&len, sizeof len);
        (void)crypto_generichash_update(&h, (const unsigned char *)names[i].p, names[i].n);
    }
    (void)crypto_generichash_final(&h, sum, sizeof sum);
    (void)sodium_bin2base64(out, 32, sum, sizeof sum, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

enum err_code
import_map_used(struct ctx *ctx, const struct object *o, const struct import_source *s, struct strv *map,
                struct err *err)
{
    struct db_stmt *st = NULL;
    char header[32];
    bool row = false;
    enum err_code rc = db_prepare(ctx->db, SQL_RECORD_IMPORT_MAP_GET, &st, err);

    *map = STRV("");
    if (rc)
        return rc;
    header_of(s, header);
    db_bind_text(st, 1, strv_of(o->name));
    db_bind_text(st, 2, strv_of(header));
    rc = db_step(st, &row, err);
    if (!rc && row)
        *map = arena_strv(ctx->arena, db_col_text(st, 0));
    db_release(st);
    return rc;
}

static enum err_code
remember(struct ctx *ctx, const struct import_upload *u, struct strv map, const struct import_source *s,
         struct err *err)
{
    struct db_stmt *st = NULL;
    char header[32];
    enum err_code rc = db_prepare(ctx->db, SQL_RECORD_IMPORT_MAP_PUT, &st, err);

    if (rc)
        return rc;
    header_of(s, header);
    db_bind_text(st, 1, u->object);
    db_bind_text(st, 2, strv_of(header));
    db_bind_text(st, 3, map);
    db_bind_i64(st, 4, ctx->now);
    return run_and_release(st, err);
}

enum err_code
import_upload_start(struct ctx *ctx, const struct import_upload *u, struct strv map, struct strv edits,
                    const struct import_source *s, int64_t *job, struct err *err)
{
    struct db_stmt *st = NULL;
    struct job_new n = {.kind = JOB_IMPORT.name,
                        .key = strv_of(arena_printf(ctx->arena, "import:%lld", (long long)u->id)),
                        .label = u->name,
                        .args = strv_of(arena_printf(ctx->arena, "{\"import\":%lld}", (long long)u->id))};
    enum err_code rc;

    if (!strv_is(u->status, "uploading"))
        return err_set(err, MSG_IMPORT_STARTED, NULL);
    rc = job_add(ctx, &n, job, err);
    if (!rc)
        rc = remember(ctx, u, map, s, err);
    if (!rc)
        rc = db_prepare(ctx->db, SQL_RECORD_IMPORT_START, &st, err);
    if (rc)
        return rc;
    db_bind_i64(st, 1, u->id);
    db_bind_text(st, 2, map);
    db_bind_text(st, 3, edits);
    db_bind_i64(st, 4, *job);
    return run_and_release(st, err);
}

enum err_code
import_upload_drop(struct ctx *ctx, const struct import_upload *u, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc;

    if (strv_is(u->status, "ready"))
        return err_set(err, MSG_IMPORT_STARTED, NULL);
    rc = db_prepare(ctx->db, SQL_RECORD_IMPORT_DROP, &st, err);
    if (rc)
        return rc;
    db_bind_i64(st, 1, u->id);
    return run_and_release(st, err);
}

void
import_upload_json(struct ctx *ctx, const struct import_upload *u, struct strbuf *out)
{
    char at[32];

    datetime_format(u->created_at, at);
    j_obj(out);
    j_kint(out, "id", u->id);
    j_kstr(out, "object", u->object);
    j_kstr(out, "name", u->name);
    j_kint(out, "size", u->size);
    j_kint(out, "received", import_upload_received(ctx->arena, u));
    j_kstr(out, "status", u->status);
    j_key(out, "job");
    u->job ? j_int(out, u->job) : j_null(out);
    j_key(out, "operation");
    u->operation ? j_int(out, u->operation) : j_null(out);
    j_key(out, "counts");
    if (u->counts.n)
        j_raw(out, u->counts);
    else
        j_null(out);
    j_kbool(out, "errors", os_exists(import_upload_errors(ctx->arena, u)));
    j_kstr(out, "created_at", strv_of(at));
    j_obj_end(out);
}

enum err_code
import_uploads_json(struct ctx *ctx, int limit, struct strbuf *out, struct err *err)
{
    struct db_stmt *st = NULL;
    int64_t *ids = arena_array(ctx->arena, int64_t, (size_t)limit);
    int n = 0;
    bool row = true;
    enum err_code rc = db_prepare(ctx->db, SQL_RECORD_IMPORT_LIST, &st, err);

    if (rc)
        return rc;
    db_bind_i64(st, 1, ctx->actor);
    db_bind_i64(st, 2, INT64_MAX);
    db_bind_i64(st, 3, limit);
    while (!rc && n < limit && !(rc = db_step(st, &row, err)) && row)
        ids[n++] = db_col_i64(st, 0);
    db_release(st);
    j_obj(out);
    j_key(out, "items");
    j_arr(out);
    for (int i = 0; i < n && !rc; i++) {
        struct import_upload u;

        rc = import_upload_get(ctx, ids[i], &u, err);
        if (!rc)
            import_upload_json(ctx, &u, out);
    }
    j_arr_end(out);
    j_obj_end(out);
    return rc;
}
