/* os.h - clock, files, random bytes, sockets' small change. The only room besides db, http and app that talks
 * to the operating system.
 */
#ifndef OS_OS_H
#define OS_OS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "core/str.h"

struct arena;
struct zone;

int64_t os_now_ms(void);           /* wall clock, UTC ms since 1970; only where ctx->now is made */
int64_t os_mono_us(void);          /* monotonic microseconds: durations, deadlines */
int64_t os_cpu_us(void);           /* CPU time of this thread, microseconds */
void os_random(void *p, size_t n); /* getrandom; ends the process when the kernel has none */
/* n random bytes as base64url text without padding; out needs 4*((n+2)/3)+1 bytes */
void os_random_token(size_t n, char *out);

/* Whole file into the arena, NUL-terminated; ERR_TOO_LARGE above max. */
ERR_CHECKED enum err_code os_read_file(struct arena *a, const char *path, size_t max, struct strv *out,
                                       struct err *err);
/* temp file, fsync, rename, directory fsync; mode e.g. 0600. */
ERR_CHECKED enum err_code os_write_file(const char *path, struct strv bytes, unsigned mode, struct err *err);
/* A file that is there already, e.g. an upload: fsync, rename to `to`, directory fsync (S08). Same file
 * system. */
ERR_CHECKED enum err_code os_keep_file(const char *from, const char *to, struct err *err);
ERR_CHECKED enum err_code os_mkdirs(const char *path, unsigned mode, struct err *err);
bool os_exists(const char *path);
/* Removes a file; one that is not there is no error. */
ERR_CHECKED enum err_code os_remove(const char *path, struct err *err);
/* Calls fn for each regular file of a folder that was last written before `before` (UTC ms); none when there
 * is no folder. fn returns false to stop. */
ERR_CHECKED enum err_code os_each_file(const char *dir, int64_t before,
                                       bool (*fn)(void *arg, const char *name), void *arg, struct err *err);
/* Free bytes for an unprivileged user on the file system of path; -1 unknown. */
int64_t os_free_bytes(const char *path);

/* Exclusive lock on DIR/guanxi.lock with our pid inside (flock). *fd stays open while owned. ERR_LOCKED with
 * the owner's pid in the message when another process has it. os_unlock_dir closes and removes nothing. */
ERR_CHECKED enum err_code os_lock_dir(const char *dir, int *fd, struct err *err);
void os_unlock_dir(int fd);

/* Unix stream socket at path with mode 0600 (an old file of a dead owner is replaced); -1 on error (err set).
 */
int os_listen_unix(const char *path, struct err *err);
int os_connect_unix(const char *path); /* -1 when nobody listens */

/* The machine's name, when it is one that can stand in an address. */
bool os_hostname(char *out, size_t size);
/* Addresses under which others may reach this machine, as text: no loopback, no link-local; how many. */
size_t os_addresses(char (*out)[48], size_t max);
/* The IPv4 address towards the rest of the network; false without one. */
bool os_main_address(char out[48]);

/* Loads a zone from the system's zoneinfo; the caller owns it. ERR_INVALID when unknown (names with .. are
 * refused). */
ERR_CHECKED enum err_code os_zone_load(const char *name, struct zone **out, struct err *err);

/* One line to stderr: RFC 3339 time, level, text. Never personal data. */
void os_log(const char *level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
#endif
