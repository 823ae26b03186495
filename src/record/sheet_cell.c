/* sheet_cell.c - see sheet.h. Pure. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/dates.h"
#include "record/sheet.h"

void
sheet_number(double v, struct strbuf *out)
{
    char text[64];

    if (!isfinite(v))
        return;
    if (v == 0)
        v = 0; /* no "-0" */
    if (fabs(v) >= 1e15 || (v != 0 && fabs(v) < 1e-9))
        (void)snprintf(text, sizeof text, "%.15G", v);
    else if (v != 0 && fabs(v) < 1e-4)
        (void)snprintf(text, sizeof text, "%.15f", v);
    else
        (void)snprintf(text, sizeof text, "%.15g", v);
    if (strchr(text, 'E') == NULL && strchr(text, '.') != NULL && fabs(v) < 1e-4) {
        size_t n = strlen(text);
        while (n > 2 && text[n - 1] == '0')
            text[--n] = 0;
    }
    strbuf_adds(out, text);
}

bool
sheet_date(double serial, bool since_1904, struct strbuf *out)
{
    int64_t ms;
    int32_t days;
    int h, m, s;

    if (!isfinite(serial) || serial < 0 || serial > 2958465.99999)
        return false;
    ms = llround(serial * 86400.0) * 1000;
    days = (int32_t)(ms / MS_DAY);
    s = (int)(ms % MS_DAY / 1000);
    h = s / 3600;
    m = s / 60 % 60;
    s %= 60;
    if (days > 0 || serial == 0) {
        /* the 1900 system counts a 29 February 1900 that never was: days from 60 on are one too high */
        int32_t epoch =
            since_1904 ? days_from_civil(1904, 1, 1) : days_from_civil(1899, 12, days >= 60 ? 30 : 31);
        struct civil c = civil_from_days(epoch + days);

        strbuf_addf(out, "%04d-%02d-%02d", (int)c.year, c.month, c.day);
        if (h || m || s)
            strbuf_addc(out, ' ');
    }
    if (h || m || s)
        strbuf_addf(out, "%02d:%02d:%02d", h, m, s);
    return true;
}

/* What of a format's code counts: not what stands in quotes or brackets or behind a backslash. */
static bool
code_is_date(struct strv code)
{
    bool quoted = false, bracket = false, letters = false;

    for (size_t i = 0; i < code.n; i++) {
        char c = code.p[i];

        if (c == '"') {
            quoted = !quoted;
        } else if (quoted) {
            continue;
        } else if (c == '\\' || c == '_' || c == '*') {
            i++;
        } else if (c == '[') {
            /* [h] counts hours; [Red] and [$-804] say nothing */
            bracket = !(i + 1 < code.n && strchr("hHmMsS", code.p[i + 1]));
        } else if (c == ']') {
            bracket = false;
        } else if (bracket) {
            continue;
        } else if (c == ';') {
            break; /* the first section is that of positive numbers */
        } else if (c == '0' || c == '#' || c == '?') {
            if (!letters)
                return false;
        } else if (strchr("yYmMdDhHsS", c)) {
            letters = true;
        } else if (c == 'G' || c == 'E') {
            return false; /* General, exponents */
        }
    }
    return letters;
}

bool
sheet_format_is_date(int id, struct strv code)
{
    if (code.n > 0)
        return code_is_date(code);
    return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
           (id >= 50 && id <= 58);
}
