/* spool.c - bodies that go to a file instead of memory (uploads).
 *
 * The file is made in the plan's folder under a random name, readable by us only. It is the handler's while
 * it runs (it may rename it away); what is still there when the job ends is removed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "http/priv.h"
#include "os/os.h"

bool
http_spool_begin(struct http_job *j)
{
    char token[28];

    if (!j->plan.spool_dir)
        return true;
    os_random_token(18, token);
    j->spool_path = arena_printf(j->arena, "%s/%s.part", j->plan.spool_dir, token);
    j->spool_fd = open(j->spool_path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (j->spool_fd < 0) {
        os_log("error", "%s: errno %d", j->spool_path, errno);
        j->spool_path = NULL;
        return false;
    }
    j->spooling = true;
    return true;
}

bool
http_spool_take(struct http_job *j)
{
    size_t done = 0;

    if (!j->spooling)
        return true;
    while (done < j->body.n) {
        ssize_t n = write(j->spool_fd, j->body.p + done, j->body.n - done);

        if (n < 0 && errno != EINTR)
            return false;
        done += n < 0 ? 0 : (size_t)n;
    }
    j->req.body_size += j->body.n;
    strbuf_clear(&j->body);
    return true;
}

void
http_spool_ready(struct http_job *j)
{
    if (j->spooling)
        j->req.body_path = j->spool_path;
}

void
http_spool_end(struct http_job *j)
{
    if (!j->spooling)
        return;
    close(j->spool_fd);
    (void)unlink(j->spool_path); /* gone already when the handler took it */
    j->spooling = false;
}
