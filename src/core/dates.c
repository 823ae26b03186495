/* dates.c - the Gregorian calendar, reading and writing of dates and instants.
 *
 * Calendar arithmetic after H. Hinnant, "chrono-compatible low-level date algorithms": years begin in March,
 * eras of 400 years. Reading is strict: a date that does not exist is refused, never moved. Fractions of a
 * second are cut to milliseconds.
 */
#include "core/dates.h"

#include <assert.h>

int32_t
days_from_civil(int32_t year, int month, int day)
{
    int64_t y = (int64_t)year - (month <= 2 ? 1 : 0);
    int64_t era = (y >= 0 ? y : y - 399) / 400, yoe = y - era * 400;
    int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return (int32_t)(era * 146097 + doe - 719468);
}

struct civil
civil_from_days(int32_t days)
{
    int64_t z = (int64_t)days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    return (struct civil){
        .year = (int32_t)(yoe + era * 400 + (month <= 2 ? 1 : 0)),
        .month = month,
        .day = (int)(doy - (153 * mp + 2) / 5 + 1),
    };
}

bool
civil_valid(int32_t year, int month, int day)
{
    static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= length[month - 1] + (month == 2 && leap ? 1 : 0);
}

int
weekday_of(int32_t days)
{
    return (int)((((int64_t)days + 3) % 7 + 7) % 7);
}

/* --- reading --- */

static bool
eat(struct strv *s, struct strv what)
{
    if (!strv_starts(*s, what))
        return false;
    s->p += what.n;
    s->n -= what.n;
    return true;
}

/* lo..hi digits as a number. */
static bool
digits(struct strv *s, int lo, int hi, int *out)
{
    int n = 0, v = 0;
    for (; n < hi && s->n && s->p[0] >= '0' && s->p[0] <= '9'; s->p++, s->n--, n++)
        v = v * 10 + (s->p[0] - '0');
    *out = v;
    return n >= lo;
}

/* A date at the front of s, in any of the forms of the header. */
static bool
eat_date(struct strv *s, int32_t *day)
{
    static const char *const forms[][3] = {
        {"-", "-", ""},
        {"/", "/", ""},
        {".", ".", ""},
        {"年", "月", "日"},
    };
    struct strv t = *s;
    int y, m, d;
    if (!digits(&t, 4, 4, &y))
        return false;
    struct strv after_year = t;
    bool ok = digits(&t, 2, 2, &m) && digits(&t, 2, 2, &d); /* 20240301 */
    for (size_t i = 0; !ok && i < sizeof(forms) / sizeof(forms[0]); i++) {
        t = after_year;
        ok = eat(&t, strv_of(forms[i][0])) && digits(&t, 1, 2, &m) && eat(&t, strv_of(forms[i][1])) &&
             digits(&t, 1, 2, &d) && eat(&t, strv_of(forms[i][2]));
    }
    if (!ok || (t.n && t.p[0] >= '0' && t.p[0] <= '9') || !civil_valid(y, m, d))
        return false;
    *day = days_from_civil(y, m, d);
    *s = t;
    return true;
}

bool
date_parse(struct strv s, int32_t *day)
{
    int32_t d;
    s = strv_trim(s);
    if (!eat_date(&s, &d) || s.n)
        return false;
    *day = d;
    return true;
}

/* HH:MM[:SS[.fraction]] */
static bool
eat_time(struct strv *s, int64_t *ms)
{
    int h, m, sec = 0, frac = 0;
    if (!digits(s, 2, 2, &h) || !eat(s, STRV(":")) || !digits(s, 2, 2, &m) || h > 23 || m > 59)
        return false;
    if (eat(s, STRV(":"))) {
        if (!digits(s, 2, 2, &sec) || sec > 59)
            return false;
        if (eat(s, STRV("."))) {
            size_t n = s->n;
            if (!digits(s, 1, 3, &frac))
                return false;
            for (n -= s->n; n < 3; n++)
                frac *= 10;
            for (int more; digits(s, 1, 1, &more);)
                ;
        }
    }
    *ms = ((h * INT64_C(60) + m) * 60 + sec) * 1000 + frac;
    return true;
}

/* Z, +08:00, +0800, +08: milliseconds east of UTC. */
static bool
eat_offset(struct strv *s, int64_t *ms)
{
    int h, m = 0;
    *ms = 0;
    if (eat(s, STRV("Z")) || eat(s, STRV("z")))
        return true;
    bool minus = eat(s, STRV("-"));
    if (!minus && !eat(s, STRV("+")))
        return false;
    if (!digits(s, 2, 2, &h) || h > 23)
        return false;
    if ((eat(s, STRV(":")) || s->n) && (!digits(s, 2, 2, &m) || m > 59))
        return false;
    *ms = (h * INT64_C(60) + m) * 60000 * (minus ? -1 : 1);
    return true;
}

/* The rest of a date and time after the date: "T08:26:00Z", " 08:26", nothing. */
static bool
eat_rest(struct strv s, const struct zone *z, int32_t day, int64_t *ms)
{
    int64_t time, offset;
    if (s.n == 0) {
        *ms = zone_day_start(z, day);
        return true;
    }
    if (!eat(&s, STRV("T")) && !eat(&s, STRV("t"))) {
        size_t n = s.n;
        while (eat(&s, STRV(" ")))
            ;
        if (s.n == n)
            return false;
    }
    if (!eat_time(&s, &time))
        return false;
    if (s.n == 0) {
        *ms = zone_instant(z, day, time);
        return true;
    }
    if (!eat_offset(&s, &offset) || s.n)
        return false;
    *ms = day * MS_DAY + time - offset;
    return true;
}

bool
datetime_parse(struct strv s, const struct zone *z, int64_t *ms)
{
    int32_t day;
    int64_t v;
    s = strv_trim(s);
    if (!eat_date(&s, &day) || !eat_rest(s, z, day, &v))
        return false;
    struct civil c = civil_from_days(zone_day(ZONE_UTC, v));
    if (c.year < 1 || c.year > 9999) /* the offset moved it out of the calendar */
        return false;
    *ms = v;
    return true;
}

/* --- writing --- */

/* v >= 0 with at least `width` digits; returns the end. */
static char *
put(char *p, int64_t v, int width)
{
    char t[20];
    int n = 0;
    do
        t[n++] = (char)('0' + v % 10);
    while ((v /= 10) > 0);
    while (n < width)
        t[n++] = '0';
    while (n > 0)
        *p++ = t[--n];
    return p;
}

static char *
put_date(char *p, int32_t day)
{
    struct civil c = civil_from_days(day);
    if (c.year < 0)
        *p++ = '-';
    p = put(p, c.year < 0 ? -(int64_t)c.year : c.year, 4);
    *p++ = '-';
    p = put(p, c.month, 2);
    *p++ = '-';
    return put(p, c.day, 2);
}

static char *
put_hm(char *p, int64_t seconds_of_day)
{
    p = put(p, seconds_of_day / 3600, 2);
    *p++ = ':';
    return put(p, seconds_of_day / 60 % 60, 2);
}

void
date_format(int32_t day, char out[16])
{
    *put_date(out, day) = '\0';
}

void
datetime_format(int64_t ms, char out[32])
{
    int64_t of_day = (ms % MS_DAY + MS_DAY) % MS_DAY;
    char *p = put_date(out, zone_day(ZONE_UTC, ms));
    *p++ = 'T';
    p = put_hm(p, of_day / 1000);
    *p++ = ':';
    p = put(p, of_day / 1000 % 60, 2);
    if (of_day % 1000) {
        *p++ = '.';
        p = put(p, of_day % 1000, 3);
    }
    *p++ = 'Z';
    *p = '\0';
}

void
datetime_format_local(int64_t ms, const struct zone *z, char out[32])
{
    int64_t of_day = (ms % MS_DAY + MS_DAY + zone_offset_s(z, ms) * INT64_C(1000) + MS_DAY) % MS_DAY;
    char *p = put_date(out, zone_day(z, ms));
    *p++ = ' ';
    *put_hm(p, of_day / 1000) = '\0';
}
