/* files.h - attachments: bytes in a folder under random names, one record of the object `file` each (S08,
 * S29).
 *
 * The bytes come first: temp file, fsync, rename, directory fsync; then the record. So a record never names
 * bytes that are not there; bytes without a record are removed by a daily job. The type is told from the
 * bytes, never from the name; the hash is checked at each read.
 */
#ifndef RECORD_FILES_H
#define RECORD_FILES_H
#include "record/record.h"

struct job_kind;

enum { FILE_NAME_MAX = 200 };
#define FILE_SIZE_MAX ((int64_t)25 * 1024 * 1024)    /* of one */
#define FILE_QUOTA ((int64_t)2 * 1024 * 1024 * 1024) /* of one person */

/* The media type told by the first bytes: image/png image/jpeg image/gif image/webp application/pdf
 * application/zip, else application/octet-stream. Static. */
const char *file_type_of(struct strv head);
/* May a browser show it by itself? Pictures only: SVG and HTML never. */
bool file_may_inline(struct strv media_type);

struct file_new {
    const struct object *object; /* the record it hangs on */
    int64_t id;
    struct strv name; /* as people named it */
    char stored[48], hash[65];
    const char *media_type;
    int64_t size;
};
/* Takes over the bytes at `path` (same file system): fills stored, hash, media_type, size. */
ERR_CHECKED enum err_code file_keep(struct ctx *ctx, const char *dir, const char *path, struct file_new *f,
                                    struct err *err);
/* Inside a write: quota, then the record; *file is its id. When the write fails for good, file_drop the
 * bytes. */
ERR_CHECKED enum err_code file_write(struct ctx *ctx, const struct file_new *f, int64_t *file,
                                     struct err_list *errs, struct err *err);
void file_drop(const char *dir, const struct file_new *f);

struct file_row {
    struct strv name, media_type, stored, hash;
    const struct object *object;
    int64_t id, size;
};
/* A file whose record, and the record it hangs on, are not in the bin. */
ERR_CHECKED enum err_code file_load(struct ctx *ctx, int64_t file, struct file_row *out, struct err *err);
/* Its bytes; ERR_CORRUPT when they are not those that were stored. */
ERR_CHECKED enum err_code file_read(const char *dir, const struct file_row *f, struct strbuf *out,
                                    struct err *err);
/* Removes bytes that no record names, a day old or more. */
extern const struct job_kind JOB_FILES;
#endif
