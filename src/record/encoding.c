/* encoding.c - see encoding.h. */
#include "record/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#include "core/arena.h"

static const struct {
    const char *name, *iconv;
} ENCODINGS[] = {
    [ENC_AUTO] = {"", NULL},
    [ENC_UTF8] = {"UTF-8", NULL},
    [ENC_GB18030] = {"GB18030", "GB18030"},
    [ENC_UTF16LE] = {"UTF-16LE", "UTF-16LE"},
    [ENC_UTF16BE] = {"UTF-16BE", "UTF-16BE"},
    [ENC_WINDOWS_1252] = {"Windows-1252", "CP1252"},
};

static const struct {
    const char *name; /* lower case, without '-' and '_' */
    enum encoding e;
} ALIASES[] = {
    {"utf8", ENC_UTF8},
    {"utf8sig", ENC_UTF8},
    {"utf8bom", ENC_UTF8},
    {"gb18030", ENC_GB18030},
    {"gbk", ENC_GB18030},
    {"gb2312", ENC_GB18030},
    {"cp936", ENC_GB18030},
    {"utf16", ENC_UTF16LE},
    {"utf16le", ENC_UTF16LE},
    {"utf16be", ENC_UTF16BE},
    {"windows1252", ENC_WINDOWS_1252},
    {"cp1252", ENC_WINDOWS_1252},
    {"latin1", ENC_WINDOWS_1252},
    {"iso88591", ENC_WINDOWS_1252},
};

const char *
encoding_name(enum encoding e)
{
    return ENCODINGS[e].name;
}

bool
encoding_by_name(struct strv name, enum encoding *out)
{
    char flat[24];
    size_t n = 0;

    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];

        if (c == '-' || c == '_' || c == ' ')
            continue;
        if (n == sizeof flat)
            return false;
        flat[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    for (size_t i = 0; i < sizeof ALIASES / sizeof ALIASES[0]; i++) {
        if (strv_is((struct strv){flat, n}, ALIASES[i].name)) {
            *out = ALIASES[i].e;
            return true;
        }
    }
    return false;
}

/* ---- finding out ---- */

/* Bytes of one UTF-8 character at p (n left): 2..4, 0 none, -1 cut off by the end. */
static int
utf8_at(const unsigned char *p, size_t n)
{
    int len = p[0] >= 0xF0 && p[0] <= 0xF4 ? 4 : p[0] >= 0xE0 ? 3 : p[0] >= 0xC2 && p[0] < 0xE0 ? 2 : 0;

    if (p[0] > 0xF4)
        return 0;
    for (int i = 1; i < len; i++) {
        if ((size_t)i == n)
            return -1;
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    }
    return len;
}

static bool
is_utf8(struct strv s)
{
    size_t good = 0, bad = 0;

    for (size_t i = 0; i < s.n;) {
        const unsigned char *p = (const unsigned char *)s.p + i;
        int len;

        if (*p < 0x80) {
            i++;
            continue;
        }
        len = utf8_at(p, s.n - i);
        if (len < 0)
            break;
        good += len > 0;
        bad += len == 0;
        i += len > 0 ? (size_t)len : 1;
    }
    return bad == 0 || good > 20 * bad;
}

/* Zero bytes at every second place: 0 none, else the encoding. */
static enum encoding
is_utf16(struct strv s)
{
    size_t zeros[2] = {0, 0}, pairs = s.n / 2;

    for (size_t i = 0; i < pairs * 2; i++)
        zeros[i & 1] += s.p[i] == 0;
    /* delimiters, digits and line breaks of any table have one */
    if (zeros[1] > 1 && zeros[1] * 8 >= pairs && zeros[0] * 20 < zeros[1])
        return ENC_UTF16LE;
    if (zeros[0] > 1 && zeros[0] * 8 >= pairs && zeros[1] * 20 < zeros[0])
        return ENC_UTF16BE;
    return ENC_AUTO;
}

static bool
is_gb18030(struct strv s)
{
    size_t common = 0, rare = 0, bad = 0;

    for (size_t i = 0; i < s.n;) {
        const unsigned char *p = (const unsigned char *)s.p + i;
        size_t left = s.n - i;

        if (*p < 0x80) {
            i++;
            continue;
        }
        if (left < 2)
            break;
        if (p[0] == 0x80 || p[0] == 0xFF) {
            bad++;
            i++;
        } else if (p[1] >= '0' && p[1] <= '9') {
            bool four = left >= 4 && p[2] >= 0x81 && p[2] <= 0xFE && p[3] >= '0' && p[3] <= '9';
            rare += four;
            bad += !four && left >= 4;
            i += four ? 4 : 1;
        } else if (p[1] >= 0x40 && p[1] != 0x7F && p[1] != 0xFF) {
            bool han = (p[0] >= 0xB0 && p[0] <= 0xF7 && p[1] >= 0xA1) ||
                       (p[0] >= 0xA1 && p[0] <= 0xA3 && p[1] >= 0xA1);
            common += han;
            rare += !han;
            i += 2;
        } else {
            bad++;
            i++;
        }
    }
    return common > 0 && bad * 50 <= common && common >= 2 * rare;
}

static bool
is_windows_1252(struct strv s)
{
    size_t high = 0, text = 0;

    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (c == 0x81 || c == 0x8D || c == 0x8F || c == 0x90 || c == 0x9D ||
            (c < 0x20 && !strchr("\t\r\n\f", c)))
            return false;
        high += c >= 0x80;
        text += (c | 32) >= 'a' && (c | 32) <= 'z';
    }
    return high * 3 <= text;
}

enum encoding
encoding_detect(struct strv s, bool first)
{
    enum encoding e;

    if (first && strv_starts(s, STRV("\xef\xbb\xbf")))
        return ENC_UTF8;
    if (first && strv_starts(s, STRV("\xff\xfe")))
        return ENC_UTF16LE;
    if (first && strv_starts(s, STRV("\xfe\xff")))
        return ENC_UTF16BE;
    e = first ? is_utf16(s) : ENC_AUTO;
    if (e != ENC_AUTO)
        return e;
    if (is_utf8(s))
        return ENC_UTF8;
    if (is_gb18030(s))
        return ENC_GB18030;
    return is_windows_1252(s) ? ENC_WINDOWS_1252 : ENC_AUTO;
}

/* ---- converting ---- */

struct transcoder {
    iconv_t cd;
};

struct transcoder *
transcoder_open(enum encoding e)
{
    struct transcoder *t;
    iconv_t cd = ENCODINGS[e].iconv ? iconv_open("UTF-8", ENCODINGS[e].iconv) : (iconv_t)-1;

    if (cd == (iconv_t)-1)
        return NULL;
    t = xcalloc(1, sizeof *t);
    t->cd = cd;
    return t;
}

void
transcoder_close(struct transcoder *t)
{
    if (t == NULL)
        return;
    (void)iconv_close(t->cd);
    free(t);
}

size_t
transcoder_run(struct transcoder *t, const char *in, size_t *at, size_t n, bool eof, char *out, size_t room)
{
    char *o = out;
    size_t left = room;

    while (*at < n) {
        char *p = (char *)in + *at;
        size_t more = n - *at;
        size_t rc = iconv(t->cd, &p, &more, &o, &left);
        int why = rc == (size_t)-1 ? errno : 0;

        *at = n - more;
        if (why == E2BIG || (why == EINVAL && !eof))
            break;
        if (why == EILSEQ || why == EINVAL) {
            if (left == 0)
                break;
            *o++ = (char)0xFF;
            left--;
            ++*at;
        }
    }
    return room - left;
}
