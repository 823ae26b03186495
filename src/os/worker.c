/* worker.c - see worker.h. */
#include "os/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

const char OS_WORKER_INPUT[] = "/proc/self/fd/0";

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED true
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

enum { EXIT_NO_WALL = 97 };

static enum err_code
cannot_start(int number, struct err *err)
{
    return err_file(err, MSG_FILE_OPEN, "/proc/self/exe", number);
}

static int
file_actions(posix_spawn_file_actions_t *fa, int in, int out)
{
    int rc = posix_spawn_file_actions_adddup2(fa, in, 0);

    if (!rc)
        rc = posix_spawn_file_actions_adddup2(fa, out, 1);
    if (!rc && !SANITIZED)
        rc = posix_spawn_file_actions_addopen(fa, 2, "/dev/null", O_WRONLY, 0);
    if (!rc)
        rc = posix_spawn_file_actions_addclosefrom_np(fa, 3);
    return rc;
}

enum err_code
os_worker_start(const char *name, int in, struct os_worker *out, struct err *err)
{
    char flag[] = "--worker", program[] = "guanxi", own[600];
    char *argv[] = {program, flag, own, NULL}, *envp[] = {NULL};
    posix_spawn_file_actions_t fa;
    posix_spawnattr_t at;
    int fds[2], rc;
    sigset_t none;

    (void)snprintf(own, sizeof own, "%s", name);
    if (pipe2(fds, O_CLOEXEC) != 0)
        return cannot_start(errno, err);
    if (posix_spawn_file_actions_init(&fa) != 0 || posix_spawnattr_init(&at) != 0) {
        (void)close(fds[0]);
        (void)close(fds[1]);
        return cannot_start(ENOMEM, err);
    }
    (void)sigemptyset(&none);
    (void)posix_spawnattr_setsigmask(&at, &none);
    (void)posix_spawnattr_setflags(&at, POSIX_SPAWN_SETSIGMASK);
    rc = file_actions(&fa, in, fds[1]);
    if (!rc)
        rc = posix_spawn(&out->pid, "/proc/self/exe", &fa, &at, argv, envp);
    (void)posix_spawn_file_actions_destroy(&fa);
    (void)posix_spawnattr_destroy(&at);
    (void)close(fds[1]);
    if (rc) {
        (void)close(fds[0]);
        return cannot_start(rc, err);
    }
    out->out = fds[0];
    return ERR_OK;
}

enum err_code
os_worker_read(struct os_worker *w, void *buf, size_t n, int ms, size_t *got, struct err *err)
{
    struct pollfd p = {.fd = w->out, .events = POLLIN};
    ssize_t r;
    int ready;

    *got = 0;
    do
        ready = poll(&p, 1, ms);
    while (ready < 0 && errno == EINTR);
    if (ready == 0)
        return err_set(err, MSG_WORKER_SLOW, NULL);
    do
        r = read(w->out, buf, n);
    while (r < 0 && errno == EINTR);
    if (r < 0)
        return err_file(err, MSG_FILE_READ, "worker", errno);
    *got = (size_t)r;
    return ERR_OK;
}

enum os_worker_end
os_worker_stop(struct os_worker *w, bool kill_it)
{
    int status = 0;
    pid_t got;

    if (w->pid <= 0)
        return OS_WORKER_DONE;
    (void)close(w->out);
    if (kill_it)
        (void)kill(w->pid, SIGKILL);
    do
        got = waitpid(w->pid, &status, 0);
    while (got < 0 && errno == EINTR);
    *w = (struct os_worker){.out = -1};
    if (got > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return OS_WORKER_DONE;
    if (got > 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
        return OS_WORKER_CPU;
    if (got > 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
        return OS_WORKER_FORBIDDEN;
    return OS_WORKER_DIED;
}

const char *
os_worker_name(int argc, char **argv)
{
    return argc == 3 && strcmp(argv[1], "--worker") == 0 ? argv[2] : NULL;
}

/* Calls that reading one descriptor, writing another and asking for memory need. */
static const int ALLOWED[] = {
    SCMP_SYS(read),
    SCMP_SYS(pread64),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(lseek),
    SCMP_SYS(close),
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(getrandom),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(fstat),
    SCMP_SYS(restart_syscall),
};

/* Asked for by libraries in passing; they live with the answer no. */
static const int REFUSED[] = {
    SCMP_SYS(openat),     SCMP_SYS(open),  SCMP_SYS(newfstatat), SCMP_SYS(access),    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat), SCMP_SYS(ioctl), SCMP_SYS(mprotect),   SCMP_SYS(prlimit64), SCMP_SYS(sysinfo),
};

static int
allow_if(scmp_filter_ctx f, int call, const struct scmp_arg_cmp *args, unsigned n)
{
    return seccomp_rule_add_array(f, SCMP_ACT_ALLOW, call, n, args);
}

/* Only our own pointer, only for reading; any other path gets the answer no. */
static int
allow_reopen(scmp_filter_ctx f)
{
    const scmp_datum_t path = (scmp_datum_t)(uintptr_t)OS_WORKER_INPUT;
    const struct scmp_arg_cmp own[] = {
        {.arg = 1, .op = SCMP_CMP_EQ, .datum_a = path, .datum_b = 0},
        {.arg = 2, .op = SCMP_CMP_MASKED_EQ, .datum_a = O_ACCMODE | O_CREAT | O_TRUNC, .datum_b = O_RDONLY}};
    const struct scmp_arg_cmp other[] = {{.arg = 1, .op = SCMP_CMP_NE, .datum_a = path, .datum_b = 0}};
    int rc = allow_if(f, SCMP_SYS(openat), own, 2);

    return rc ? rc : seccomp_rule_add_array(f, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(openat), 1, other);
}

static int
add_rules(scmp_filter_ctx f, bool can_reopen)
{
    const struct scmp_arg_cmp no_code[] = {
        {.arg = 2, .op = SCMP_CMP_MASKED_EQ, .datum_a = PROT_EXEC, .datum_b = 0}};
    int rc = 0;

    for (size_t i = 0; i < sizeof ALLOWED / sizeof ALLOWED[0] && !rc; i++)
        rc = allow_if(f, ALLOWED[i], NULL, 0);
    for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0] && !rc; i++) {
        if (!can_reopen || REFUSED[i] != SCMP_SYS(openat))
            rc = seccomp_rule_add_array(f, SCMP_ACT_ERRNO(EACCES), REFUSED[i], 0, NULL);
    }
    if (!rc && SANITIZED) /* asked for by the sanitizer before the process ends */
        rc = allow_if(f, SCMP_SYS(sigaltstack), NULL, 0);
    if (!rc) /* memory to read and write, never to execute */
        rc = allow_if(f, SCMP_SYS(mmap), no_code, 1);
    if (!rc && can_reopen)
        rc = allow_reopen(f);
    return rc;
}

static bool
limit(__rlimit_resource_t what, int64_t value)
{
    struct rlimit r = {(rlim_t)value, (rlim_t)value};

    return setrlimit(what, &r) == 0;
}

static bool
set_limits(const struct os_limits *l)
{
    struct rlimit cpu = {(rlim_t)l->cpu_s, (rlim_t)l->cpu_s + 1}; /* SIGXCPU first, then SIGKILL */

    if (setrlimit(RLIMIT_CPU, &cpu) != 0 || !limit(RLIMIT_CORE, 0) || !limit(RLIMIT_FSIZE, 0))
        return false;
    return SANITIZED || limit(RLIMIT_AS, l->memory); /* a sanitizer's shadow is terabytes */
}

void
os_confine(const struct os_limits *limits, bool can_reopen)
{
    scmp_filter_ctx f = NULL;
    bool good = prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;

    if (!can_reopen) /* else /proc/self/fd would be root's */
        good = good && prctl(PR_SET_DUMPABLE, 0) == 0;
    f = good ? seccomp_init(SCMP_ACT_KILL_PROCESS) : NULL;
    good = f != NULL && add_rules(f, can_reopen) == 0 && set_limits(limits) && seccomp_load(f) == 0;
    if (f != NULL)
        seccomp_release(f);
    if (!good)
        _exit(EXIT_NO_WALL);
}
