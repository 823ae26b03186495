/* files.c - whole files and directories. A file is replaced, never changed in place: readers see the old one
 * or the new one, also after a power cut. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/arena.h"
#include "os/os.h"

/* Bytes read, less than n only at the end of the file; -1 with errno. */
static ssize_t
read_all(int fd, char *p, size_t n)
{
    size_t done = 0;
    while (done < n) {
        ssize_t got = read(fd, p + done, n - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

/* Reads fd to its end: room first for what fstat promised, twice as much each time it turns out larger
 * (pipes, /proc, growing files), never beyond max + 1. */
static enum err_code
read_fd(struct arena *a, int fd, const char *path, size_t max, struct strv *out, struct err *err)
{
    struct stat st;
    char limit[24];
    if (max > SSIZE_MAX / 2)
        max = SSIZE_MAX / 2;
    if (fstat(fd, &st) != 0)
        return err_file(err, MSG_FILE_READ, path, errno);
    size_t room = S_ISREG(st.st_mode) && st.st_size > 0 ? (size_t)st.st_size + 1 : 4096, n = 0;
    char *p = NULL;
    for (;; room *= 2) {
        if (room > max + 1)
            room = max + 1;
        char *q = arena_alloc(a, room + 1);
        if (n)
            memcpy(q, p, n);
        p = q;
        ssize_t got = read_all(fd, p + n, room - n);
        if (got < 0)
            return err_file(err, MSG_FILE_READ, path, errno);
        n += (size_t)got;
        if (n > max)
            return err_set(err, MSG_TOO_LARGE, "what", path, "max", err_i64(limit, (int64_t)max), NULL);
        if (n < room)
            break;
    }
    p[n] = '\0';
    *out = (struct strv){p, n};
    return ERR_OK;
}

enum err_code
os_read_file(struct arena *a, const char *path, size_t max, struct strv *out, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_file(err, MSG_FILE_OPEN, path, errno);
    enum err_code rc = read_fd(a, fd, path, max, out, err);
    close(fd);
    return rc;
}

/* The directory part of path, into a buffer of PATH_MAX bytes; "." when there is none. */
static void
parent_of(const char *path, char dir[PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) : 0;
    if (!slash)
        snprintf(dir, PATH_MAX, ".");
    else
        snprintf(dir, PATH_MAX, "%.*s", n ? (int)n : 1, path);
}

/* The new name is on disk only when its directory is. 0 or an errno. */
static int
sync_parent(const char *path)
{
    char dir[PATH_MAX];
    parent_of(path, dir);
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno;
    int rc = fsync(fd) != 0 && errno != EINVAL ? errno : 0; /* EINVAL: a file system without it */
    close(fd);
    return rc;
}

/* 0 or an errno. */
static int
write_temp(int fd, struct strv bytes, unsigned mode)
{
    size_t done = 0;
    while (done < bytes.n) {
        ssize_t put = write(fd, bytes.p + done, bytes.n - done);
        if (put < 0 && errno != EINTR)
            return errno;
        done += put < 0 ? 0 : (size_t)put;
    }
    if (fchmod(fd, (mode_t)mode) != 0 || fsync(fd) != 0)
        return errno;
    return 0;
}

enum err_code
os_write_file(const char *path, struct strv bytes, unsigned mode, struct err *err)
{
    char temp[PATH_MAX], token[13];
    os_random_token(9, token);
    if ((size_t)snprintf(temp, sizeof(temp), "%s.%s.tmp", path, token) >= sizeof(temp))
        return err_file(err, MSG_FILE_WRITE, path, ENAMETOOLONG);
    int fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_file(err, MSG_FILE_WRITE, path, errno);
    int rc = write_temp(fd, bytes, mode);
    if (close(fd) != 0 && rc == 0)
        rc = errno;
    if (rc == 0 && rename(temp, path) != 0)
        rc = errno;
    if (rc != 0) {
        unlink(temp);
        return err_file(err, MSG_FILE_WRITE, path, rc);
    }
    rc = sync_parent(path);
    return rc ? err_file(err, MSG_FILE_WRITE, path, rc) : ERR_OK;
}

enum err_code
os_keep_file(const char *from, const char *to, struct err *err)
{
    int fd = open(from, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return err_file(err, MSG_FILE_OPEN, from, errno);
    int rc = fsync(fd) != 0 ? errno : 0;
    close(fd);
    if (rc == 0 && rename(from, to) != 0)
        rc = errno;
    if (rc == 0)
        rc = sync_parent(to);
    return rc ? err_file(err, MSG_FILE_WRITE, to, rc) : ERR_OK;
}

enum err_code
os_remove(const char *path, struct err *err)
{
    if (unlink(path) == 0 || errno == ENOENT)
        return ERR_OK;
    return err_file(err, MSG_FILE_WRITE, path, errno);
}

enum err_code
os_each_file(const char *dir, int64_t before, bool (*fn)(void *arg, const char *name), void *arg,
             struct err *err)
{
    DIR *d = opendir(dir);
    struct dirent *e;
    struct stat st;
    if (!d)
        return errno == ENOENT ? ERR_OK : err_file(err, MSG_FILE_OPEN, dir, errno);
    while ((e = readdir(d)) != NULL)
        if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
            (int64_t)st.st_mtime * 1000 < before && !fn(arg, e->d_name))
            break;
    closedir(d);
    return ERR_OK;
}

enum err_code
os_mkdirs(const char *path, unsigned mode, struct err *err)
{
    char part[PATH_MAX];
    struct stat st;
    size_t n = strlen(path);
    if (n == 0 || n >= sizeof(part))
        return err_file(err, MSG_FILE_WRITE, path, n ? ENAMETOOLONG : ENOENT);
    for (size_t i = 1; i <= n; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, (mode_t)mode) == 0)
            continue;
        int why = errno; /* EEXIST, but also EROFS or EACCES for one that is there already */
        if (stat(part, &st) != 0)
            return err_file(err, MSG_FILE_WRITE, part, why);
        if (!S_ISDIR(st.st_mode))
            return err_file(err, MSG_FILE_WRITE, part, ENOTDIR);
    }
    return ERR_OK;
}

bool
os_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

int64_t
os_free_bytes(const char *path)
{
    struct statvfs v;
    int64_t bytes;
    if (statvfs(path, &v) != 0)
        return -1;
    if (__builtin_mul_overflow(v.f_bavail, v.f_frsize, &bytes))
        return INT64_MAX;
    return bytes;
}

/* The pid in the lock file, as text; "?" when the owner has not written it yet. */
static void
read_owner(int fd, char pid[24])
{
    int64_t v;
    char text[24];
    ssize_t n = pread(fd, text, sizeof(text), 0);
    struct strv s = strv_trim((struct strv){text, n > 0 ? (size_t)n : 0});
    if (strv_i64(s, &v))
        err_i64(pid, v);
    else
        memcpy(pid, "?", 2);
}

static enum err_code
take_lock(int fd, const char *path, const char *dir, struct err *err)
{
    char pid[24];
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK)
            return err_file(err, MSG_FILE_OPEN, path, errno);
        read_owner(fd, pid);
        return err_set(err, MSG_DIR_OWNED, "path", dir, "pid", pid, NULL);
    }
    size_t n = strlen(err_i64(pid, (int64_t)getpid()));
    pid[n++] = '\n';
    if (ftruncate(fd, 0) != 0 || pwrite(fd, pid, n, 0) != (ssize_t)n)
        return err_file(err, MSG_FILE_WRITE, path, errno);
    return ERR_OK;
}

enum err_code
os_lock_dir(const char *dir, int *fd, struct err *err)
{
    char path[PATH_MAX];
    if ((size_t)snprintf(path, sizeof(path), "%s/guanxi.lock", dir) >= sizeof(path))
        return err_file(err, MSG_FILE_OPEN, dir, ENAMETOOLONG);
    int f = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (f < 0)
        return err_file(err, MSG_FILE_OPEN, path, errno);
    enum err_code rc = take_lock(f, path, dir, err);
    if (rc)
        close(f);
    else
        *fd = f;
    return rc;
}

void
os_unlock_dir(int fd)
{
    if (fd >= 0)
        close(fd); /* the lock goes with its only descriptor */
}
