/* clock.c - clocks, random bytes and the log line. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "core/dates.h"
#include "os/os.h"

static int64_t
read_clock(clockid_t id, int64_t per_second)
{
    struct timespec t;
    if (clock_gettime(id, &t) != 0)
        abort(); /* these clocks exist on every Linux */
    return (int64_t)t.tv_sec * per_second + t.tv_nsec / (INT64_C(1000000000) / per_second);
}

int64_t
os_now_ms(void)
{
    return read_clock(CLOCK_REALTIME, 1000);
}

int64_t
os_mono_us(void)
{
    return read_clock(CLOCK_MONOTONIC, 1000000);
}

int64_t
os_cpu_us(void)
{
    return read_clock(CLOCK_THREAD_CPUTIME_ID, 1000000);
}

void
os_random(void *p, size_t n)
{
    unsigned char *q = p;
    while (n > 0) {
        ssize_t got = getrandom(q, n, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            fprintf(stderr, "guanxi: the kernel gives no random bytes\n");
            abort();
        }
        q += got;
        n -= (size_t)got;
    }
}

void
os_random_token(size_t n, char *out)
{
    static const char abc[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    unsigned char b[3];
    while (n > 0) {
        size_t k = n < 3 ? n : 3;
        b[1] = b[2] = 0;
        os_random(b, k);
        uint32_t v = (uint32_t)b[0] << 16 | (uint32_t)b[1] << 8 | b[2];
        for (size_t i = 0; i <= k; i++)
            *out++ = abc[v >> (18 - 6 * i) & 63];
        n -= k;
    }
    *out = '\0';
}

void
os_log(const char *level, const char *fmt, ...)
{
    char line[2048], time[32];
    va_list ap;
    datetime_format(os_now_ms(), time);
    int n = snprintf(line, sizeof(line) - 1, "%s %s ", time, level);
    size_t at = n < 0 ? 0 : (size_t)n < sizeof(line) - 1 ? (size_t)n : sizeof(line) - 2;
    va_start(ap, fmt);
    n = vsnprintf(line + at, sizeof(line) - 1 - at, fmt, ap);
    va_end(ap);
    size_t room = sizeof(line) - 2 - at, end = at + (n < 0 ? 0 : (size_t)n < room ? (size_t)n : room);
    for (size_t i = at; i < end; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
            line[i] = ' '; /* one line stays one line, whatever the text holds */
    line[end++] = '\n';
    /* One write, so that lines of several threads do not mix; a log that cannot be written has nobody to
     * tell. */
    ssize_t ignored = write(STDERR_FILENO, line, end);
    (void)ignored;
}
