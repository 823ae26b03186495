/* cursor.c - where a list page ended, as text that only we can write.
 *
 * base64url without padding of: version 1, flags, object id, sort field id (4 bytes each), hash of the filter
 * (8), last id (8), last sort value (kind, then 8 bytes or the text to the end), MAC (16 bytes, BLAKE2b keyed
 * with settings.secret). Integers are little-endian. A cursor is no secret: it holds the last row's sort
 * value, which its reader has seen.
 */
#include <sodium.h>

#include "record/record_priv.h"

enum { VERSION = 1, HEAD = 2 + 4 + 4 + 8 + 8 + 1, MAC = 16, MAX_TEXT = 8192 };
enum { FLAG_DESC = 1, FLAG_EMPTIES = 2, FLAG_FEW = 4 };

static void
put_int(uint8_t *p, int64_t v, int n)
{
    for (int i = 0; i < n; i++)
        p[i] = (uint8_t)((uint64_t)v >> (8 * i));
}

static int64_t
get_int(const uint8_t *p, int n)
{
    uint64_t u = 0;

    for (int i = 0; i < n; i++)
        u |= (uint64_t)p[i] << (8 * i);
    return (int64_t)u;
}

static void
mac_of(const struct ctx *ctx, const uint8_t *p, size_t n, uint8_t out[MAC])
{
    crypto_generichash(out, MAC, p, n, ctx->set->secret, sizeof ctx->set->secret);
}

void
cursor_filter_hash(struct strv filter, uint8_t out[8])
{
    uint8_t full[16];

    filter = strv_trim(filter);
    crypto_generichash(full, sizeof full, (const uint8_t *)filter.p, filter.n, NULL, 0);
    memcpy(out, full, 8);
}

void
cursor_write(const struct ctx *ctx, const struct cursor *c, struct strbuf *out)
{
    struct strv text = c->last.kind == VAL_TEXT ? c->last.s : (struct strv){"", 0};
    size_t n = HEAD + (c->last.kind == VAL_TEXT ? text.n : 8),
           size = sodium_base64_encoded_len(n + MAC, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    uint8_t *b = arena_alloc(ctx->arena, n + MAC);
    char *base64 = arena_alloc(ctx->arena, size);
    int flags = (c->desc ? FLAG_DESC : 0) | (c->empties ? FLAG_EMPTIES : 0) | (c->few ? FLAG_FEW : 0);

    b[0] = VERSION;
    b[1] = (uint8_t)flags;
    put_int(b + 2, c->object_id, 4);
    put_int(b + 6, c->sort_id, 4);
    memcpy(b + 10, c->filter, 8);
    put_int(b + 18, c->last_id, 8);
    b[26] = (uint8_t)c->last.kind;
    if (c->last.kind == VAL_TEXT)
        memcpy(b + HEAD, text.p, text.n);
    else
        put_int(b + HEAD, c->last.kind == VAL_MONEY ? c->last.base : c->last.i, 8);
    mac_of(ctx, b, n, b + n);
    sodium_bin2base64(base64, size, b, n + MAC, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    strbuf_adds(out, base64);
}

/* Bytes of a whole and genuine cursor; their number without the MAC in *n. NULL otherwise. */
static const uint8_t *
decode(struct ctx *ctx, struct strv text, size_t *n)
{
    uint8_t *b, mac[MAC];
    size_t len = 0;

    if (text.n == 0 || text.n > MAX_TEXT * 2)
        return NULL;
    b = arena_alloc(ctx->arena, text.n);
    if (sodium_base642bin(b, text.n, text.p, text.n, NULL, &len, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        len < HEAD + MAC)
        return NULL;
    *n = len - MAC;
    mac_of(ctx, b, *n, mac);
    return sodium_memcmp(mac, b + *n, MAC) == 0 ? b : NULL;
}

enum err_code
cursor_read(struct ctx *ctx, struct strv text, struct cursor *c, struct err *err)
{
    size_t n = 0;
    const uint8_t *b = decode(ctx, text, &n);

    if (!b || b[0] != VERSION || (b[26] != VAL_TEXT && n != HEAD + 8) || b[26] > VAL_MONEY)
        return err_set(err, MSG_CURSOR_BAD, NULL);
    *c = (struct cursor){.object_id = (int32_t)get_int(b + 2, 4),
                         .sort_id = (int32_t)get_int(b + 6, 4),
                         .desc = b[1] & FLAG_DESC,
                         .empties = b[1] & FLAG_EMPTIES,
                         .few = b[1] & FLAG_FEW,
                         .last_id = get_int(b + 18, 8),
                         .last.kind = (enum value_kind)b[26]};
    memcpy(c->filter, b + 10, 8);
    if (c->last.kind == VAL_TEXT)
        c->last.s = (struct strv){(const char *)b + HEAD, n - HEAD};
    else
        c->last.i = c->last.base = get_int(b + HEAD, 8);
    return ERR_OK;
}
