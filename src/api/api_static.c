/* api_static.c - the web application, from the files embedded at build (tools/embed_web.py).
 *
 * Files are kept compressed only; the rare client that takes neither brotli nor gzip gets the bytes inflated
 * from gzip. A path without a dot is a page of the application: it gets index.html, if text/html is wanted.
 */
#include <zlib.h>

#include "api/priv.h"

const struct api_route STATIC_ROUTE = {
    .method = "GET", .pattern = "/", .cls = HTTP_INLINE, .access = ACCESS_PUBLIC};

static const struct asset *
find(const struct asset *list, struct strv path)
{
    size_t lo = 0, hi = 0;
    while (list && list[hi].path)
        hi++;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int order = strv_cmp(path, strv_of(list[mid].path));
        if (order == 0)
            return &list[mid];
        if (order < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return NULL;
}

/* The client takes this coding: named, and not with q=0. */
static bool
accepts(const struct http_request *req, const char *coding)
{
    struct strv list = http_header_get(req, "Accept-Encoding");
    while (list.n) {
        struct strv params = strv_cut(&list, ',');
        struct strv name = strv_trim(strv_cut(&params, ';'));
        struct strv q = strv_trim(params);
        if (strv_ieq(name, strv_of(coding)))
            return !(strv_starts(q, STRV("q=0")) && strv_find(q, STRV("1")) == (size_t)-1 &&
                     strv_find(q, STRV("5")) == (size_t)-1);
    }
    return false;
}

static bool
inflate_all(struct strv gz, size_t size, struct strbuf *out)
{
    char block[16384];
    z_stream z = {.next_in = (Bytef *)(uintptr_t)gz.p, .avail_in = (uInt)gz.n};
    if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
        return false;
    int rc = Z_OK;
    while (rc == Z_OK) {
        z.next_out = (Bytef *)block;
        z.avail_out = sizeof block;
        rc = inflate(&z, Z_NO_FLUSH);
        strbuf_add(out, block, sizeof block - z.avail_out);
    }
    inflateEnd(&z);
    return rc == Z_STREAM_END && out->n == size;
}

static void
serve(const struct asset *f, const struct http_request *req, struct http_response *resp)
{
    struct strv wanted = http_header_get(req, "If-None-Match");
    resp->status = 200;
    resp->content_type = f->type;
    http_set_header(resp, "ETag", strv_of(f->etag));
    http_set_header(resp, "Vary", STRV("Accept-Encoding"));
    http_set_header(resp, "Cache-Control",
                    f->immutable ? STRV("public, max-age=31536000, immutable") : STRV("no-cache"));
    if (wanted.n && strv_find(wanted, strv_of(f->etag)) != (size_t)-1) {
        resp->status = 304;
    } else if (f->br.n && accepts(req, "br")) {
        http_set_header(resp, "Content-Encoding", STRV("br"));
        resp->static_body = f->br;
    } else if (accepts(req, "gzip")) {
        http_set_header(resp, "Content-Encoding", STRV("gzip"));
        resp->static_body = f->gz;
    } else if (!inflate_all(f->gz, f->raw_size, &resp->body)) {
        struct err err = {0};
        err_set(&err, MSG_INTERNAL, "what", "embedded file", NULL);
        problem_render(resp, 0, &err, NULL, problem_lang(req, NULL));
    }
}

static bool
is_page(const struct http_request *req)
{
    struct strv accept = http_header_get(req, "Accept");
    bool html = !accept.p || strv_find(accept, STRV("text/html")) != (size_t)-1 ||
                strv_find(accept, STRV("*/*")) != (size_t)-1;
    return html && memchr(req->path.p, '.', req->path.n) == NULL;
}

/* The program was built without the web application. */
static void
no_pages(struct http_response *resp)
{
    resp->status = 200;
    resp->content_type = "text/html; charset=utf-8";
    strbuf_adds(&resp->body,
                "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>Guanxi</title>"
                "<h1>Guanxi</h1><p>本程序未包含网页应用，接口可用；凭令牌读取 " API_LINK_OPENAPI
                " 查看全部地址。</p>"
                "<p lang=\"en\">The web application is not in this build. The API works: with a "
                "token, " API_LINK_OPENAPI " lists all addresses.</p></html>\n");
}

void
static_serve(const struct api *a, const struct http_request *req, struct http_response *resp)
{
    const struct asset *f = find(a->env.assets, req->path);
    struct err err = {0};
    if (!f && is_page(req)) {
        f = find(a->env.assets, STRV("/index.html"));
        if (!f) {
            no_pages(resp);
            return;
        }
    }
    if (f) {
        serve(f, req, resp);
        return;
    }
    err_set(&err, MSG_API_ROUTE, "path", arena_strdup(req->arena, req->path.p, req->path.n), NULL);
    problem_render(resp, 0, &err, NULL, problem_lang(req, NULL));
}
