/* parse.c - request heads. Every byte is looked at once by http_head_scan (shape of lines), once by
 * http_head_parse (meaning). */
#include "http/parse.h"

#include "core/text.h"

static bool
is_token(unsigned char c)
{
    static const char extra[] = "!#$%&'*+-.^_`|~";
    if ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
        return true;
    return c != 0 && strchr(extra, c) != NULL;
}

/* Which part of a head over the limit is the long one. */
static int
too_long(struct strv in, size_t n)
{
    const char *nl = memchr(in.p, '\n', n);
    size_t line = nl ? (size_t)(nl - in.p) : n;
    /* method and version take less than 64 bytes */
    return line > (size_t)HTTP_MAX_TARGET + 64 ? 414 : 431;
}

int
http_head_scan(struct strv in, size_t *scanned, size_t *end)
{
    size_t limit = in.n < HTTP_MAX_HEAD ? in.n : HTTP_MAX_HEAD;
    size_t i = *scanned;
    for (; i < limit; i++) {
        unsigned char c = (unsigned char)in.p[i];
        if (c == '\n') {
            if (i == 0 || in.p[i - 1] != '\r')
                return 400;
            if (i >= 3 && in.p[i - 2] == '\n') {
                *end = i + 1;
                *scanned = i + 1;
                return -1;
            }
        } else if (i > 0 && in.p[i - 1] == '\r') {
            return 400;
        } else if ((c < 0x20 && c != '\t' && c != '\r') || c == 0x7f) {
            return 400;
        }
    }
    *scanned = i;
    if (in.n >= HTTP_MAX_HEAD)
        return too_long(in, HTTP_MAX_HEAD);
    if (in.n > (size_t)HTTP_MAX_TARGET + 64 && !memchr(in.p, '\n', in.n))
        return 414;
    return 0;
}

static int
hex_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
        return (c | 0x20) - 'a' + 10;
    return -1;
}

bool
http_decode(struct arena *a, struct strv in, bool plus_is_space, struct strv *out)
{
    char *p = arena_alloc(a, in.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < in.n; i++) {
        char c = in.p[i];
        if (c == '%') {
            int hi = i + 1 < in.n ? hex_of(in.p[i + 1]) : -1;
            int lo = i + 2 < in.n ? hex_of(in.p[i + 2]) : -1;
            if (hi < 0 || lo < 0)
                return false;
            c = (char)(hi * 16 + lo);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        unsigned char u = (unsigned char)c;
        if (u == 0x7f || (u < 0x20 && !(plus_is_space && (u == '\t' || u == '\n' || u == '\r'))))
            return false;
        p[n++] = c;
    }
    *out = (struct strv){p, n};
    return utf8_valid(*out);
}

static int
parse_query(struct arena *a, struct strv q, struct http_head *h)
{
    size_t max = q.n ? 1 : 0;
    for (size_t i = 0; i < q.n; i++)
        max += q.p[i] == '&';
    if (max > HTTP_MAX_QUERY)
        return 400;
    h->query = arena_array(a, struct http_header, max);
    while (q.n) {
        struct strv value = strv_cut(&q, '&');
        if (!value.n)
            continue;
        struct strv name = strv_cut(&value, '=');
        struct http_header *pair = &h->query[h->n_query];
        if (http_decode(a, name, true, &pair->name) && http_decode(a, value, true, &pair->value))
            h->n_query++;
        else if (!h->bad_query.p)
            h->bad_query = name; /* refused after the headers, in the language they ask for */
    }
    return 0;
}

/* origin-form, or absolute-form whose scheme and authority are dropped, or * for OPTIONS. */
static int
parse_target(struct arena *a, struct strv target, struct http_head *h)
{
    if (target.n > HTTP_MAX_TARGET)
        return 414;
    for (size_t i = 0; i < target.n; i++)
        if ((unsigned char)target.p[i] <= 0x20 || (unsigned char)target.p[i] >= 0x7f || target.p[i] == '#')
            return 400;
    size_t scheme = strv_starts(target, STRV("http://")) ? 7 : strv_starts(target, STRV("https://")) ? 8 : 0;
    if (scheme) {
        while (scheme < target.n && target.p[scheme] != '/' && target.p[scheme] != '?')
            scheme++;
        target = (struct strv){target.p + scheme, target.n - scheme};
        if (!target.n)
            target = STRV("/");
    }
    if (strv_is(target, "*")) {
        h->path = target;
        return strv_is(h->method, "OPTIONS") ? 0 : 400;
    }
    if (target.p[0] != '/')
        return 400;
    struct strv query = target;
    struct strv path = strv_cut(&query, '?');
    if (!http_decode(a, path, false, &h->path))
        return 400;
    return parse_query(a, query, h);
}

static int
parse_request_line(struct arena *a, struct strv line, struct http_head *h)
{
    struct strv rest = line;
    h->method = strv_cut(&rest, ' ');
    if (!h->method.n || h->method.n > 32)
        return 400;
    for (size_t i = 0; i < h->method.n; i++)
        if (!is_token((unsigned char)h->method.p[i]))
            return 400;
    struct strv target = strv_cut(&rest, ' ');
    if (!target.n)
        return 400;
    if (strv_is(rest, "HTTP/1.0"))
        h->http_1_0 = true;
    else if (!strv_is(rest, "HTTP/1.1"))
        return strv_starts(rest, STRV("HTTP/")) && rest.n == 8 ? 505 : 400;
    return parse_target(a, target, h);
}

static struct strv
trim_ows(struct strv s)
{
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
        s = (struct strv){s.p + 1, s.n - 1};
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
        s.n--;
    return s;
}

static bool
parse_length(struct strv v, uint64_t *out)
{
    uint64_t n = 0;
    if (!v.n || v.n > 18)
        return false;
    for (size_t i = 0; i < v.n; i++) {
        if (v.p[i] < '0' || v.p[i] > '9')
            return false;
        n = n * 10 + (uint64_t)(v.p[i] - '0');
    }
    *out = n;
    return true;
}

static bool
host_valid(struct strv v)
{
    for (size_t i = 0; i < v.n; i++) {
        unsigned char c = (unsigned char)v.p[i];
        bool plain = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
        if (!plain && !strchr(".-_:[]%~", c))
            return false;
    }
    return v.n <= 255;
}

/* A token of a comma list, letters folded. */
static bool
list_has(struct strv list, const char *token)
{
    while (list.n) {
        struct strv item = trim_ows(strv_cut(&list, ','));
        if (strv_ieq(item, strv_of(token)))
            return true;
    }
    return false;
}

struct seen {
    int host, length, coding;
    bool close, keep;
};

/* Headers that decide about framing and the connection. */
static int
note_header(struct http_head *h, const struct http_header *x, struct seen *seen)
{
    if (strv_ieq(x->name, STRV("Host"))) {
        h->host = x->value;
        return seen->host++ || !host_valid(x->value) ? 400 : 0;
    }
    if (strv_ieq(x->name, STRV("Content-Length"))) {
        h->has_length = true;
        return seen->length++ || !parse_length(x->value, &h->length) ? 400 : 0;
    }
    if (strv_ieq(x->name, STRV("Transfer-Encoding"))) {
        h->chunked = true;
        if (seen->coding++)
            return 400;
        return strv_ieq(x->value, STRV("chunked")) ? 0 : 501;
    }
    if (strv_ieq(x->name, STRV("Connection"))) {
        seen->close |= list_has(x->value, "close");
        seen->keep |= list_has(x->value, "keep-alive");
    } else if (strv_ieq(x->name, STRV("Expect"))) {
        if (!strv_ieq(x->value, STRV("100-continue")))
            return 417;
        h->expect_100 = true;
    }
    return 0;
}

static int
parse_header(struct strv line, struct http_header *out)
{
    size_t colon = 0;
    while (colon < line.n && is_token((unsigned char)line.p[colon]))
        colon++;
    if (colon == 0 || colon == line.n || line.p[colon] != ':')
        return 400; /* also a folded line and white space before the colon */
    out->name = (struct strv){line.p, colon};
    out->value = trim_ows((struct strv){line.p + colon + 1, line.n - colon - 1});
    for (size_t i = 0; i < out->value.n; i++)
        if (((unsigned char)out->value.p[i] < 0x20 && out->value.p[i] != '\t') || out->value.p[i] == 0x7f)
            return 400;
    return 0;
}

/* The next line without its CRLF; *in moves behind it. */
static struct strv
next_line(struct strv *in)
{
    struct strv line = strv_cut(in, '\n');
    if (line.n && line.p[line.n - 1] == '\r')
        line.n--;
    return line;
}

static int
check_framing(struct http_head *h, const struct seen *seen)
{
    if (h->chunked && (h->has_length || h->http_1_0))
        return 400;
    if (!h->http_1_0 && seen->host == 0)
        return 400;
    h->keep_alive = h->http_1_0 ? seen->keep && !seen->close : !seen->close;
    if (h->http_1_0)
        h->expect_100 = false;
    return 0;
}

int
http_head_parse(struct arena *a, struct strv head, struct http_head *h)
{
    struct seen seen = {0};
    struct strv rest = head;
    *h = (struct http_head){0};
    int status = parse_request_line(a, next_line(&rest), h);
    if (status)
        return status;
    h->headers = arena_array(a, struct http_header, HTTP_MAX_HEADERS);
    for (struct strv line = next_line(&rest); line.n; line = next_line(&rest)) {
        if (h->n_headers == HTTP_MAX_HEADERS)
            return 431;
        struct http_header *x = &h->headers[h->n_headers++];
        status = parse_header(line, x);
        if (status)
            return status;
        status = note_header(h, x, &seen);
        if (status == 501)
            break;
        if (status)
            return status;
    }
    /* A coding this server does not know beside Content-Length is an attack, not a wish: 400 wins over 501.
     */
    for (struct strv line = next_line(&rest); status == 501 && line.n; line = next_line(&rest)) {
        struct http_header x;
        if (parse_header(line, &x) || strv_ieq(x.name, STRV("Content-Length")))
            status = 400;
    }
    if (status == 501 && h->has_length)
        status = 400;
    if (!status)
        status = check_framing(h, &seen);
    if (status)
        h->bad_query.p = NULL; /* the refusal has another reason */
    return status || !h->bad_query.p ? status : 400;
}
