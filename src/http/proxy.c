/* proxy.c - networks, and who calls through a trusted proxy. */
#include <arpa/inet.h>
#include <netinet/in.h>

#include "http/priv.h"

/* 16 bytes, IPv4 mapped; false: not an address. */
static bool
parse_address(struct strv s, uint8_t out[16])
{
    char text[64];
    struct in_addr v4;
    if (s.n >= 2 && s.p[0] == '[' && s.p[s.n - 1] == ']')
        s = (struct strv){s.p + 1, s.n - 2};
    if (!s.n || s.n >= sizeof text)
        return false;
    memcpy(text, s.p, s.n);
    text[s.n] = 0;
    if (inet_pton(AF_INET, text, &v4) == 1) {
        memset(out, 0, 10);
        out[10] = out[11] = 0xff;
        memcpy(out + 12, &v4, 4);
        return true;
    }
    return inet_pton(AF_INET6, text, out) == 1;
}

static bool
is_mapped(const uint8_t a[16])
{
    static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};
    return memcmp(a, prefix, sizeof prefix) == 0;
}

bool
http_net_parse(struct strv text, struct http_net *out)
{
    int64_t bits = -1;
    struct strv rest = text, address = strv_cut(&rest, '/');
    if (!parse_address(address, out->addr))
        return false;
    bool v4 = is_mapped(out->addr) && memchr(address.p, ':', address.n) == NULL;
    int most = v4 ? 32 : 128;
    if (!rest.p)
        bits = most;
    else if (!strv_i64(rest, &bits) || bits < 0 || bits > most)
        return false;
    out->bits = (int)bits + (v4 ? 96 : 0);
    return true;
}

static bool
within(const struct http_net *net, const uint8_t a[16])
{
    int whole = net->bits / 8, rest = net->bits % 8;
    if (memcmp(net->addr, a, (size_t)whole) != 0)
        return false;
    return !rest || ((net->addr[whole] ^ a[whole]) >> (8 - rest)) == 0;
}

bool
http_net_has(const struct http_net *net, struct strv address)
{
    uint8_t a[16];
    return parse_address(address, a) && within(net, a);
}

static bool
trusted(const struct http_config *cfg, struct strv address)
{
    for (size_t i = 0; i < cfg->n_trusted; i++)
        if (http_net_has(&cfg->trusted[i], address))
            return true;
    return false;
}

/* The last element of a comma list; shortens it. */
static struct strv
cut_last(struct strv *list)
{
    size_t at = list->n;
    while (at > 0 && list->p[at - 1] != ',')
        at--;
    struct strv last = strv_trim((struct strv){list->p + at, list->n - at});
    list->n = at > 0 ? at - 1 : 0;
    return last;
}

void
http_forwarded(struct http_conn *c)
{
    const struct http_config *cfg = &c->io->srv->cfg;
    struct http_request *r = &c->job->req;
    if (!cfg->n_trusted || !trusted(cfg, r->remote))
        return;
    /* from the last line and element backwards: what a proxy of ours did not write itself is not believed */
    for (size_t i = r->n_headers; i-- > 0;) {
        if (!strv_ieq(r->headers[i].name, STRV("X-Forwarded-For")))
            continue;
        struct strv list = r->headers[i].value;
        while (list.n) {
            uint8_t a[16];
            struct strv address = cut_last(&list);
            if (!parse_address(address, a))
                return;
            r->remote = address;
            if (!trusted(cfg, address))
                return;
        }
    }
}

bool
http_may_connect(const struct http_config *cfg, struct strv address)
{
    return !cfg->only_trusted || strv_starts(address, STRV("127.")) || strv_is(address, "::1") ||
           trusted(cfg, address);
}
