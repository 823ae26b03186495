/* fuzz_http.c - request heads and chunked bodies from any bytes. What comes in pieces must mean the same as
 * what comes at once, and nothing accepted may hold what a proxy could read in another way. */
#include "core/arena.h"
#include "http/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_BODY = 5000 };

static void
check(bool ok)
{
    if (!ok)
        __builtin_trap();
}

/* The end of the head, found byte by byte. */
static int
scan_slowly(struct strv in, size_t *end)
{
    size_t scanned = 0;
    for (size_t n = 1; n <= in.n; n++) {
        int status = http_head_scan((struct strv){in.p, n}, &scanned, end);
        if (status)
            return status;
    }
    return 0;
}

static void
check_head(const struct http_head *h, struct strv head)
{
    size_t lengths = 0, hosts = 0;
    for (size_t i = 0; i < h->n_headers; i++) {
        const struct http_header *x = &h->headers[i];
        check(x->name.n > 0 && x->name.p >= head.p && x->value.p + x->value.n <= head.p + head.n);
        check(!memchr(x->value.p, '\n', x->value.n) && !memchr(x->value.p, '\r', x->value.n) &&
              !memchr(x->value.p, 0, x->value.n));
        lengths += strv_ieq(x->name, STRV("Content-Length"));
        hosts += strv_ieq(x->name, STRV("Host"));
    }
    check(lengths <= 1 && hosts <= 1 && (h->http_1_0 || hosts == 1));
    check(!(h->chunked && h->has_length) && (!h->has_length || lengths == 1));
    check(h->path.n > 0 && !memchr(h->path.p, 0, h->path.n));
}

static void
body(struct strv in)
{
    struct strbuf whole = {0}, parts = {0};
    struct http_chunks a, b;
    size_t used = 0, done = 0, piece = 1;
    int status = 0;
    http_chunks_init(&a, MAX_BODY);
    http_chunks_init(&b, MAX_BODY);
    int first = http_chunks_feed(&a, in, &used, &whole);
    while (status == 0 && done < in.n) {
        size_t n = in.n - done < piece ? in.n - done : piece, took = 0;
        status = http_chunks_feed(&b, (struct strv){in.p + done, n}, &took, &parts);
        done += took;
        piece = piece % 7 + 1;
    }
    check(status == first && strv_eq(strbuf_view(&whole), strbuf_view(&parts)) && whole.n <= MAX_BODY);
    check(first != -1 || done == used);
    strbuf_release(&whole);
    strbuf_release(&parts);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct strv in = {(const char *)data, size};
    size_t scanned = 0, end = 0, slow_end = 0;
    struct http_head h;
    struct arena *arena = arena_create();
    int status = http_head_scan(in, &scanned, &end);
    if (status == -1) {
        check(scan_slowly(in, &slow_end) == -1 && slow_end == end && end <= size);
        struct strv head = arena_strv(arena, (struct strv){in.p, end});
        if (http_head_parse(arena, head, &h) == 0)
            check_head(&h, head);
        body((struct strv){in.p + end, in.n - end});
    }
    body(in);
    arena_free(arena);
    return 0;
}
