/* pg_server.h - a PostgreSQL 15 server of the test's own: data and socket in a temporary folder, no TCP,
 * stopped by pid. */
#ifndef TESTS_PG_SERVER_H
#define TESTS_PG_SERVER_H
#include "db_testing.h"

#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "os/os.h"

#define PG_BIN "/usr/lib/postgresql/15/bin"

struct pg_server {
    char dir[64];
    char url[200];
    pid_t pid;
};

static inline bool
pg_installed(void)
{
    return access(PG_BIN "/initdb", X_OK) == 0 && access(PG_BIN "/postgres", X_OK) == 0;
}

/* The server refuses to run as root: then it runs as postgres, or nobody. */
static inline const struct passwd *
pg_other_user(void)
{
    const struct passwd *pw = NULL;

    if (geteuid() == 0) {
        pw = getpwnam("postgres");
        pw = pw ? pw : getpwnam("nobody");
    }
    return pw;
}

static inline pid_t
pg_spawn(const struct pg_server *s, const char *const *argv)
{
    const struct passwd *pw = pg_other_user();
    pid_t parent = getpid(), pid = fork();
    int null, log;
    char path[96];

    if (pid != 0) {
        return pid;
    }
    (void)snprintf(path, sizeof path, "%s/log", s->dir);
    null = open("/dev/null", O_RDONLY);
    log = open(path, O_WRONLY | O_CREAT | O_APPEND, 0644);
    if (null < 0 || log < 0 || dup2(null, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0 ||
        chdir(s->dir) != 0 ||
        (pw && (setgroups(0, NULL) != 0 || setgid(pw->pw_gid) != 0 || setuid(pw->pw_uid) != 0))) {
        _exit(126);
    }
    (void)prctl(PR_SET_PDEATHSIG, SIGINT); /* a test that crashes leaves no server behind */
    if (getppid() != parent) {
        _exit(126);
    }
    (void)execv(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

static inline bool
pg_start(struct pg_server *s)
{
    const struct passwd *pw = pg_other_user();
    const char *const init[] = {PG_BIN "/initdb", "-D", "data", "-U",         "guanxi", "-A",
                                "trust",          "-E", "UTF8", "--locale=C", NULL};
    const char *const serve[] = {PG_BIN "/postgres",
                                 "-D",
                                 "data",
                                 "-k",
                                 s->dir,
                                 "-c",
                                 "listen_addresses=",
                                 "-c",
                                 "shared_buffers=16MB",
                                 "-c",
                                 "max_connections=30",
                                 NULL};
    struct err err = {0};
    int status = -1;
    pid_t pid;

    (void)snprintf(s->dir, sizeof s->dir, "/tmp/guanxi-pg-XXXXXX");
    if (!mkdtemp(s->dir) || (pw && chown(s->dir, pw->pw_uid, pw->pw_gid) != 0)) {
        return false;
    }
    (void)snprintf(s->url, sizeof s->url, "postgres:///postgres?host=%s&user=guanxi", s->dir);
    pid = pg_spawn(s, init);
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) {
        return false;
    }
    s->pid = pg_spawn(s, serve);
    for (int i = 0; s->pid > 0 && i < 200; i++) {
        struct db *db = NULL;

        err_clear(&err);
        if (db_open(s->url, DB_READER, &db, &err) == ERR_OK) {
            db_close(db);
            return true;
        }
        (void)usleep(100000);
    }
    (void)shown(err.code, &err);
    return false;
}

static inline int
pg_unlink(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st;
    (void)flag;
    (void)ftw;
    return remove(path);
}

static inline void
pg_stop(struct pg_server *s)
{
    if (s->pid > 0) {
        (void)kill(s->pid, SIGINT); /* fast shutdown */
        (void)waitpid(s->pid, NULL, 0);
    }
    (void)nftw(s->dir, pg_unlink, 16, FTW_DEPTH | FTW_PHYS);
}
#endif
