/* import_store.h - files uploaded to be imported, the job that imports one, and mappings used before.
 *
 * An upload is a row of import_file and two files: <path>.data and, after a run, <path>.errors.csv. Bytes
 * come in parts, each at the end of what is there. The job journals with every slice how far it came, in the
 * slice's own transaction: after a crash, a pause or a stop it goes on behind the last row that is in.
 */
#ifndef RECORD_IMPORT_STORE_H
#define RECORD_IMPORT_STORE_H
#include "record/import.h"

struct job_kind;

enum { IMPORT_PART_MAX = 4 << 20 };
#define IMPORT_FILE_MAX (INT64_C(200) << 20)
#define IMPORT_USER_MAX (INT64_C(500) << 20) /* of files that wait, for one person */

struct import_upload {
    int64_t id, actor, size, job, operation, created_at;
    struct strv object, name, status, map, edits, counts; /* JSON or "" */
    const char *path;                                     /* without its ending */
};

/* In a write: a new upload of `size` bytes by ctx->actor, below dir. ERR_TOO_LARGE beyond the quotas. */
ERR_CHECKED enum err_code import_upload_add(struct ctx *ctx, const char *dir, struct strv object,
                                            struct strv name, int64_t size, int64_t *id, struct err *err);
/* ERR_NOT_FOUND also when it is somebody else's. Texts in ctx->arena. */
ERR_CHECKED enum err_code import_upload_get(struct ctx *ctx, int64_t id, struct import_upload *out,
                                            struct err *err);
const char *import_upload_file(struct arena *a, const struct import_upload *u);   /* <path>.data */
const char *import_upload_errors(struct arena *a, const struct import_upload *u); /* <path>.errors.csv */
int64_t import_upload_received(struct arena *a, const struct import_upload *u);   /* bytes */
/* Appends bytes that start at `at`; ERR_CONFLICT when that is not the end, ERR_TOO_LARGE beyond size. */
ERR_CHECKED enum err_code import_upload_append(struct ctx *ctx, const struct import_upload *u, int64_t at,
                                               struct strv bytes, struct err *err);
/* In a write: keeps mapping and edits, remembers the mapping for files with these columns, adds the job. */
ERR_CHECKED enum err_code import_upload_start(struct ctx *ctx, const struct import_upload *u, struct strv map,
                                              struct strv edits, const struct import_source *s, int64_t *job,
                                              struct err *err);
/* In a write: forgets the upload; its files go after. ERR_CONFLICT while its job runs. */
ERR_CHECKED enum err_code import_upload_drop(struct ctx *ctx, const struct import_upload *u, struct err *err);
/* {"id":1,"object":"customer","name":"a.xlsx","size":9,"received":9,"status":"done","job":3,"operation":7,
 * "counts":{...},"errors":true,"created_at":"..."} */
void import_upload_json(struct ctx *ctx, const struct import_upload *u, struct strbuf *out);
/* The person's uploads, newest first. */
ERR_CHECKED enum err_code import_uploads_json(struct ctx *ctx, int limit, struct strbuf *out,
                                              struct err *err);
/* The mapping last used for these columns, or "". */
ERR_CHECKED enum err_code import_map_used(struct ctx *ctx, const struct object *o,
                                          const struct import_source *s, struct strv *map, struct err *err);

extern const struct job_kind JOB_IMPORT;
#endif
