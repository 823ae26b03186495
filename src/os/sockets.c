/* sockets.c - the Unix socket over which commands reach the owner of a data directory.
 *
 * A socket address holds 107 bytes of path. A longer path is reached through its opened directory
 * (/proc/self/fd/N/name), so that data directories may lie as deep as they like.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "os/os.h"

/* Fills the address. *dir_fd: a directory to close after use, or -1. Returns 0 or an errno. */
static int
address_of(const char *path, struct sockaddr_un *sa, int *dir_fd)
{
    char dir[PATH_MAX];
    size_t n = strlen(path);
    *sa = (struct sockaddr_un){.sun_family = AF_UNIX};
    *dir_fd = -1;
    if (n == 0)
        return ENOENT;
    if (n < sizeof(sa->sun_path)) {
        memcpy(sa->sun_path, path, n);
        return 0;
    }
    const char *slash = strrchr(path, '/');
    if (!slash || n >= sizeof(dir))
        return ENAMETOOLONG;
    size_t k = slash == path ? 1 : (size_t)(slash - path);
    memcpy(dir, path, k);
    dir[k] = '\0';
    *dir_fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (*dir_fd < 0)
        return errno;
    int len = snprintf(sa->sun_path, sizeof(sa->sun_path), "/proc/self/fd/%d/%s", *dir_fd, slash + 1);
    if (len < 0 || (size_t)len >= sizeof(sa->sun_path)) {
        close(*dir_fd);
        *dir_fd = -1;
        return ENAMETOOLONG;
    }
    return 0;
}

static int
connect_to(const struct sockaddr_un *sa)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, (const struct sockaddr *)sa, sizeof(*sa)) != 0) {
        int why = errno;
        close(fd);
        errno = why;
        return -1;
    }
    return fd;
}

int
os_connect_unix(const char *path)
{
    struct sockaddr_un sa;
    int dir, fd, why = address_of(path, &sa, &dir);
    if (why) {
        errno = why;
        return -1;
    }
    fd = connect_to(&sa);
    if (dir >= 0)
        close(dir);
    return fd;
}

static int
fail(struct err *err, const char *path, int number)
{
    err_file(err, MSG_FILE_OPEN, path, number);
    return -1;
}

/* Removes the socket of a dead owner. False (err set) when somebody listens there or it is another kind of
 * file. */
static bool
clear_old(const char *path, const struct sockaddr_un *sa, struct err *err)
{
    struct stat st;
    if (lstat(path, &st) != 0) {
        if (errno != ENOENT)
            fail(err, path, errno);
        return err->code == ERR_OK;
    }
    if (!S_ISSOCK(st.st_mode)) {
        fail(err, path, EEXIST);
        return false;
    }
    int fd = connect_to(sa);
    if (fd >= 0 || errno == EAGAIN) { /* EAGAIN: its queue is full, so it lives */
        if (fd >= 0)
            close(fd);
        err_set(err, MSG_SOCKET_OWNED, "path", path, NULL);
        return false;
    }
    if (errno != ECONNREFUSED || unlink(path) != 0)
        fail(err, path, errno);
    return err->code == ERR_OK;
}

int
os_listen_unix(const char *path, struct err *err)
{
    struct sockaddr_un sa;
    int dir, fd = -1, why = address_of(path, &sa, &dir);
    if (why)
        return fail(err, path, why);
    if (!clear_old(path, &sa, err))
        goto done;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    /* The mode is set before the name exists: nobody can slip in between. */
    if (fd < 0 || fchmod(fd, 0600) != 0 || bind(fd, (const struct sockaddr *)&sa, sizeof(sa)) != 0 ||
        chmod(path, 0600) != 0 || listen(fd, 64) != 0) {
        fail(err, path, errno);
        if (fd >= 0)
            close(fd);
        fd = -1;
    }
done:
    if (dir >= 0)
        close(dir);
    return fd;
}
