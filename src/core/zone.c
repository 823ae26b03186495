/* zone.c - time zones from TZif files (RFC 8536), version 2 and later.
 *
 * The transitions of the 64-bit block are used as they stand; after the last one the footer, a POSIX TZ rule,
 * goes on for ever. Files with leap seconds ("right/...") are refused: our instants do not count them. A
 * struct zone does not change after zone_parse, so threads share it without locks.
 */
#include <assert.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/dates.h"

#define SECONDS_DAY INT64_C(86400)
#define DAYS_400_YEARS INT64_C(146097)

/* One end of daylight saving time in a POSIX rule. */
struct rule {
    char kind;             /* 'J' day 1..365 without 29 February, 'N' day 0..365, 'M' month.week.weekday */
    int day;               /* J, N */
    int month, week, wday; /* M: week 5 = the last; wday 0 = Sunday */
    int32_t time;          /* seconds after local midnight, -167..167 hours */
};

struct posix {
    bool set, has_dst;
    int32_t std_off, dst_off; /* seconds east of UTC */
    struct rule start, end;
};

struct zone {
    char *name;
    int64_t *at;         /* seconds since 1970, ascending */
    unsigned char *type; /* by transition */
    size_t n;
    int32_t offsets[256]; /* by type */
    struct posix footer;
};

static const struct zone utc = {.name = (char[]){"UTC"}};
const struct zone *const ZONE_UTC = &utc;

/* --- the POSIX rule --- */

static bool
take(struct strv *s, char c)
{
    if (!s->n || s->p[0] != c)
        return false;
    s->p++;
    s->n--;
    return true;
}

static bool
take_int(struct strv *s, int lo, int hi, int *out)
{
    int v = 0, n = 0;
    for (; s->n && s->p[0] >= '0' && s->p[0] <= '9' && n < 4; s->p++, s->n--, n++)
        v = v * 10 + (s->p[0] - '0');
    *out = v;
    return n > 0 && v >= lo && v <= hi;
}

/* "CST" or "<+08>" */
static bool
take_name(struct strv *s)
{
    size_t n = 0;
    if (take(s, '<')) {
        const char *close = s->n ? memchr(s->p, '>', s->n) : NULL;
        if (!close)
            return false;
        n = (size_t)(close - s->p) + 1;
        s->p += n;
        s->n -= n;
        return n > 1;
    }
    for (; s->n && ((s->p[0] | 32) >= 'a' && (s->p[0] | 32) <= 'z'); s->p++, s->n--)
        n++;
    return n >= 3;
}

/* [+-]hh[:mm[:ss]] in seconds */
static bool
take_time(struct strv *s, int max_hours, int32_t *out)
{
    bool minus = take(s, '-');
    int h, m = 0, sec = 0;
    if (!minus)
        take(s, '+');
    if (!take_int(s, 0, max_hours, &h))
        return false;
    if (take(s, ':') && !take_int(s, 0, 59, &m))
        return false;
    if (take(s, ':') && !take_int(s, 0, 59, &sec))
        return false;
    *out = (h * 3600 + m * 60 + sec) * (minus ? -1 : 1);
    return true;
}

static bool
take_rule(struct strv *s, struct rule *r)
{
    bool ok;
    *r = (struct rule){.time = 2 * 3600};
    if (!take(s, ','))
        return false;
    if (take(s, 'M')) {
        r->kind = 'M';
        ok = take_int(s, 1, 12, &r->month) && take(s, '.') && take_int(s, 1, 5, &r->week) && take(s, '.') &&
             take_int(s, 0, 6, &r->wday);
    } else if (take(s, 'J')) {
        r->kind = 'J';
        ok = take_int(s, 1, 365, &r->day);
    } else {
        r->kind = 'N';
        ok = take_int(s, 0, 365, &r->day);
    }
    return ok && (!take(s, '/') || take_time(s, 167, &r->time));
}

static bool
posix_parse(struct strv s, struct posix *p)
{
    int32_t west;
    *p = (struct posix){.set = true};
    if (!take_name(&s) || !take_time(&s, 24, &west))
        return false;
    p->std_off = -west;
    if (s.n == 0)
        return true;
    p->has_dst = true;
    p->dst_off = p->std_off + 3600;
    if (!take_name(&s))
        return false;
    if (s.n && s.p[0] != ',') {
        if (!take_time(&s, 24, &west))
            return false;
        p->dst_off = -west;
    }
    return take_rule(&s, &p->start) && take_rule(&s, &p->end) && s.n == 0;
}

/* Local seconds since 1970 at which the rule strikes in the year. */
static int64_t
rule_at(const struct rule *r, int32_t year)
{
    int32_t first = days_from_civil(year, 1, 1), day;
    bool leap = civil_valid(year, 2, 29);
    if (r->kind == 'M') {
        int32_t month1 = days_from_civil(year, r->month, 1);
        int32_t next =
            r->month == 12 ? days_from_civil(year + 1, 1, 1) : days_from_civil(year, r->month + 1, 1);
        int sunday0 = (weekday_of(month1) + 1) % 7;
        day = month1 + (r->wday - sunday0 + 7) % 7 + 7 * (r->week - 1);
        if (day >= next)
            day -= 7;
    } else {
        day = first + (r->kind == 'J' ? r->day - 1 + (leap && r->day >= 60 ? 1 : 0) : r->day);
    }
    return day * SECONDS_DAY + r->time;
}

static int64_t
floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

static int32_t
posix_offset(const struct posix *p, int64_t sec)
{
    if (!p->has_dst)
        return p->std_off;
    /* The calendar repeats every 400 years; that keeps any instant inside the years civil dates cover. */
    sec -= floor_div(sec, DAYS_400_YEARS * SECONDS_DAY) * DAYS_400_YEARS * SECONDS_DAY;
    int32_t year = civil_from_days((int32_t)floor_div(sec + p->std_off, SECONDS_DAY)).year;
    int64_t start = rule_at(&p->start, year) - p->std_off, end = rule_at(&p->end, year) - p->dst_off;
    bool dst = start < end ? sec >= start && sec < end : !(sec >= end && sec < start);
    return dst ? p->dst_off : p->std_off;
}

/* --- the file --- */

struct header {
    size_t isut, isstd, leap, time, type, chars;
};

static uint32_t
be32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t
be64(const unsigned char *p)
{
    return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}

/* Reads a header at *pos, moves behind it, and tells the size of its data block for times of `width` bytes.
 */
static bool
read_header(const unsigned char *p, size_t n, size_t *pos, size_t width, struct header *h, size_t *block)
{
    if (n < 44 || *pos > n - 44 || memcmp(p + *pos, "TZif", 4) != 0 || p[*pos + 4] < '2')
        return false;
    const unsigned char *q = p + *pos + 20;
    *h = (struct header){be32(q), be32(q + 4), be32(q + 8), be32(q + 12), be32(q + 16), be32(q + 20)};
    *pos += 44;
    /* Six 32-bit counts times small widths: no overflow in 64 bits. */
    *block = h->time * (width + 1) + h->type * 6 + h->chars + h->leap * (width + 4) + h->isstd + h->isut;
    return *block <= n - *pos;
}

static bool
read_block(struct zone *z, const struct header *h, const unsigned char *p)
{
    if (h->leap != 0 || h->type < 1 || h->type > 256)
        return false;
    const unsigned char *types = p + h->time * 8, *infos = types + h->time;
    for (size_t i = 0; i < h->type; i++) {
        uint32_t raw = be32(infos + 6 * i);
        int32_t off = (int32_t)raw;
        if (off < -25 * 3600 || off > 26 * 3600)
            return false;
        z->offsets[i] = off;
    }
    z->n = h->time;
    z->at = xcalloc(z->n, sizeof(*z->at));
    z->type = xcalloc(z->n, 1);
    for (size_t i = 0; i < z->n; i++) {
        z->at[i] = be64(p + 8 * i);
        z->type[i] = types[i];
        if (z->type[i] >= h->type || (i > 0 && z->at[i] <= z->at[i - 1]))
            return false;
    }
    return true;
}

static bool
read_footer(struct zone *z, const unsigned char *p, size_t n)
{
    if (n < 2 || p[0] != '\n')
        return false;
    const unsigned char *end = memchr(p + 1, '\n', n - 1);
    if (!end)
        return false;
    struct strv rule = {(const char *)p + 1, (size_t)(end - p - 1)};
    return rule.n == 0 || posix_parse(rule, &z->footer); /* an empty footer: the last type holds */
}

struct zone *
zone_parse(const void *bytes, size_t n, const char *name)
{
    const unsigned char *p = bytes;
    struct header h;
    size_t pos = 0, block;
    if (!read_header(p, n, &pos, 4, &h, &block))
        return NULL;
    pos += block;
    if (!read_header(p, n, &pos, 8, &h, &block))
        return NULL;
    struct zone *z = xcalloc(1, sizeof(*z));
    z->name = xstrdup(name);
    if (!read_block(z, &h, p + pos) || !read_footer(z, p + pos + block, n - pos - block)) {
        zone_free(z);
        return NULL;
    }
    return z;
}

const char *
zone_name(const struct zone *z)
{
    return z->name;
}

void
zone_free(struct zone *z)
{
    if (!z || z == ZONE_UTC)
        return;
    free(z->name);
    free(z->at);
    free(z->type);
    free(z);
}

/* --- instants --- */

/* Seconds east of UTC at a moment given in seconds. */
static int32_t
offset_at(const struct zone *z, int64_t sec)
{
    if (z->n == 0 || sec < z->at[0])
        return z->n == 0 && z->footer.set ? posix_offset(&z->footer, sec) : z->offsets[0];
    if (sec >= z->at[z->n - 1] && z->footer.set)
        return posix_offset(&z->footer, sec);
    size_t lo = 0, hi = z->n; /* at[lo] <= sec < at[hi] */
    while (hi - lo > 1) {
        size_t mid = lo + (hi - lo) / 2;
        if (z->at[mid] <= sec)
            lo = mid;
        else
            hi = mid;
    }
    return z->offsets[z->type[lo]];
}

int32_t
zone_offset_s(const struct zone *z, int64_t ms)
{
    return offset_at(z, floor_div(ms, 1000));
}

int32_t
zone_day(const struct zone *z, int64_t ms)
{
    int64_t sec = floor_div(ms, 1000), day = floor_div(sec + offset_at(z, sec), SECONDS_DAY);
    return day < INT32_MIN ? INT32_MIN : day > INT32_MAX ? INT32_MAX : (int32_t)day;
}

/* Local seconds -> instant in seconds. The offsets a day before and after frame any transition near it; in a
 * gap neither fits and the one before is used, which gives the same distance after the gap's start. *gap: its
 * length. */
static int64_t
instant_of(const struct zone *z, int64_t local, int32_t *gap)
{
    int32_t before = offset_at(z, local - SECONDS_DAY), after = offset_at(z, local + SECONDS_DAY);
    int64_t a = local - before, b = local - after;
    *gap = 0;
    bool fits_a = offset_at(z, a) == before, fits_b = offset_at(z, b) == after;
    if (fits_a && fits_b)
        return a < b ? a : b;
    if (fits_a || fits_b)
        return fits_a ? a : b;
    *gap = after > before ? after - before : 0;
    return a;
}

int64_t
zone_instant(const struct zone *z, int32_t day, int64_t ms_of_day)
{
    int32_t gap;
    int64_t local = day * MS_DAY + ms_of_day, sec = floor_div(local, 1000);
    return instant_of(z, sec, &gap) * 1000 + (local - sec * 1000);
}

int64_t
zone_day_start(const struct zone *z, int32_t day)
{
    int32_t gap;
    int64_t hi = instant_of(z, day * SECONDS_DAY, &gap);
    if (gap == 0)
        return hi * 1000;
    /* Midnight is left out: the day begins where the offset changes, in (hi - gap, hi]. */
    int64_t lo = hi - gap;
    int32_t after = offset_at(z, hi);
    while (hi - lo > 1) {
        int64_t mid = lo + (hi - lo) / 2;
        if (offset_at(z, mid) == after)
            hi = mid;
        else
            lo = mid;
    }
    return hi * 1000;
}
