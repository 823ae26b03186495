/* request.c - look-ups in a request, headers of an answer. */
#include "http/http.h"

static const struct strv ABSENT = {NULL, 0};

struct strv
http_query(const struct http_request *r, const char *name)
{
    for (size_t i = 0; i < r->n_query; i++)
        if (strv_is(r->query[i].name, name))
            return r->query[i].value;
    return ABSENT;
}

struct strv
http_header_get(const struct http_request *r, const char *name)
{
    for (size_t i = 0; i < r->n_headers; i++)
        if (strv_ieq(r->headers[i].name, strv_of(name)))
            return r->headers[i].value;
    return ABSENT;
}

struct strv
http_cookie(const struct http_request *r, const char *name)
{
    for (size_t i = 0; i < r->n_headers; i++) {
        if (!strv_ieq(r->headers[i].name, STRV("Cookie")))
            continue;
        struct strv rest = r->headers[i].value;
        while (rest.n) {
            struct strv value = strv_trim(strv_cut(&rest, ';'));
            struct strv key = strv_cut(&value, '=');
            if (strv_is(key, name) && value.p)
                return value;
        }
    }
    return ABSENT;
}

/* A line break in a value would let its author write headers of his own: such a header is left out. A name
 * that is set already gets the new value. */
void
http_set_header(struct http_response *resp, const char *name, struct strv value)
{
    const size_t max = sizeof resp->headers / sizeof resp->headers[0];
    size_t i = 0;
    for (size_t k = 0; k < value.n; k++)
        if ((unsigned char)value.p[k] < 0x20 && value.p[k] != '\t')
            return;
    while (i < resp->n_headers && !strv_ieq(resp->headers[i].name, strv_of(name)))
        i++;
    if (i == max)
        return;
    if (i == resp->n_headers)
        resp->n_headers++;
    resp->headers[i] = (struct http_header){strv_of(name), value};
}
