/* worker.h - a child process of our own program that parses a document behind a wall (S32).
 *
 * The child is /proc/self/exe started anew with the arguments "--worker NAME": it shares no memory with us.
 * Its standard input is the document, its standard output a pipe to us; it has no environment and no other
 * open file. os_confine then takes everything else away: no network, no file system, no new processes or
 * threads, no memory that can be executed, limits for memory and processor time; a call that is not on the
 * short list of allowed ones ends the child. A program that starts workers (main.c, the tests) asks
 * os_worker_name first thing in main.
 */
#ifndef OS_WORKER_H
#define OS_WORKER_H
#include <sys/types.h>

#include "core/err.h"

struct os_worker {
    pid_t pid;
    int out; /* what the child writes */
};

struct os_limits {
    int64_t memory; /* bytes of address space it may add to what it has */
    int64_t cpu_s;
};

enum os_worker_end {
    OS_WORKER_DONE,      /* exit code 0 */
    OS_WORKER_CPU,       /* used up its processor time */
    OS_WORKER_FORBIDDEN, /* did what it may not do */
    OS_WORKER_DIED       /* anything else */
};

/* Starts `--worker name`. in stays the caller's. */
ERR_CHECKED enum err_code os_worker_start(const char *name, int in, struct os_worker *out, struct err *err);
/* Up to n bytes from the child; *got 0 at its end. ERR_TIMEOUT when nothing came for ms milliseconds. */
ERR_CHECKED enum err_code os_worker_read(struct os_worker *w, void *buf, size_t n, int ms, size_t *got,
                                         struct err *err);
/* Ends the child (kill: at once; else it has closed its output and is about to end) and tells how it ended.
 */
enum os_worker_end os_worker_stop(struct os_worker *w, bool kill_it);

/* In main: the worker this process was started as, or NULL. */
const char *os_worker_name(int argc, char **argv);
/* In the child, before it looks at the document. can_reopen: OS_WORKER_INPUT, and only it, may be opened for
 * reading, for libraries that want a path. Ends the process when the wall cannot be built. */
void os_confine(const struct os_limits *limits, bool can_reopen);
extern const char OS_WORKER_INPUT[]; /* the document as a path; only this very pointer is let through */
#endif
