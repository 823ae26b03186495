/* shape.c - see shape.h. */
#include "record/shape.h"

#include "core/arena.h"
#include "core/dates.h"
#include "core/money.h"

static struct strv
cell(const struct shape_row *r, size_t i)
{
    return i < r->n ? strv_trim(r->cells[i]) : STRV("");
}

static size_t
filled(const struct shape_row *r)
{
    size_t n = 0;

    for (size_t i = 0; i < r->n; i++)
        n += cell(r, i).n > 0;
    return n;
}

/* Texts that differ from the one before: a text across a merged area counts once. */
static size_t
distinct(const struct shape_row *r)
{
    struct strv last = {"", 0};
    size_t n = 0;

    for (size_t i = 0; i < r->n; i++) {
        struct strv c = cell(r, i);

        if (c.n == 0 || strv_eq(c, last))
            continue;
        n++;
        last = c;
    }
    return n;
}

static bool
is_figure(struct strv s)
{
    int64_t v, at;

    return s.n > 0 && (decimal_parse(s, 6, true, &v) || datetime_parse(s, ZONE_UTC, &at));
}

static size_t
figures(const struct shape_row *r)
{
    size_t n = 0;

    for (size_t i = 0; i < r->n; i++)
        n += is_figure(cell(r, i));
    return n;
}

/* Widths as most rows have them: the largest that two rows reach. */
static size_t
usual_width(const struct shape_row *rows, size_t n)
{
    size_t best = 0, second = 0;

    for (size_t i = 0; i < n; i++) {
        size_t w = filled(&rows[i]);

        if (w > best) {
            second = best;
            best = w;
        } else if (w > second) {
            second = w;
        }
    }
    return n > 2 ? second : best;
}

static size_t
find_header(const struct shape_row *rows, size_t n)
{
    size_t width = usual_width(rows, n);

    if (width < 3)
        return 0;
    for (size_t i = 0; i + 1 < n; i++) {
        size_t w = filled(&rows[i]);

        if (w * 10 >= width * 6 && distinct(&rows[i]) * 2 > w)
            return figures(&rows[i]) == 0 ? i : 0;
        if (distinct(&rows[i]) > 2 || (distinct(&rows[i]) == 2 && width < 6))
            return 0; /* neither names nor a title */
    }
    return 0;
}

/* Does a group begin at column i of the upper row: its text goes on to the right, over names of their own? */
static size_t
group_width(const struct shape_row *top, const struct shape_row *low, size_t i, size_t width)
{
    struct strv text = cell(top, i);
    size_t n = 1;

    if (text.n == 0)
        return 1;
    while (i + n < width && (cell(top, i + n).n == 0 || strv_eq(cell(top, i + n), text)) &&
           cell(low, i + n).n)
        n++;
    return n;
}

static bool
has_two_rows(const struct shape_row *rows, size_t n, size_t h)
{
    const struct shape_row *top = &rows[h], *low = &rows[h + 1];
    size_t width = top->n > low->n ? top->n : low->n, groups = 0, singles = 0;

    if (h + 2 >= n || figures(low) > 0 || figures(&rows[h + 2]) == 0)
        return false;
    for (size_t i = 0; i < width;) {
        size_t span = group_width(top, low, i, width);

        if (span > 1) {
            if (cell(low, i).n == 0)
                return false;
            groups++;
        } else {
            struct strv t = cell(top, i), l = cell(low, i);

            if (t.n == 0 || (l.n > 0 && !strv_eq(t, l)))
                return false;
            singles++;
        }
        i += span;
    }
    return groups > 1 || (groups == 1 && singles > 0);
}

struct shape
shape_find(const struct shape_row *rows, size_t n)
{
    struct shape s = {.header = n > 1 ? find_header(rows, n) : 0, .header_rows = 1};

    /* a row of groups may be narrow: look one row up as well */
    if (s.header > 0 && has_two_rows(rows, n, s.header - 1))
        return (struct shape){s.header - 1, 2};
    if (n > s.header + 2 && has_two_rows(rows, n, s.header))
        s.header_rows = 2;
    return s;
}

size_t
shape_width(const struct shape_row *rows, struct shape s)
{
    const struct shape_row *r = &rows[s.header];
    size_t n = r->n;

    if (s.header_rows == 2 && r[1].n > n)
        n = r[1].n;
    return n;
}

void
shape_names(struct arena *a, const struct shape_row *rows, struct shape s, struct strv *out, size_t width)
{
    const struct shape_row *top = &rows[s.header], *low = top + 1;
    struct strv group = {"", 0};

    for (size_t i = 0; i < width; i++) {
        struct strv t = cell(top, i), l = s.header_rows == 2 ? cell(low, i) : STRV("");
        bool twice = false;

        group = t.n > 0 ? t : group;
        for (size_t k = 0; k < width && l.n > 0; k++)
            twice = twice || (k != i && strv_eq(cell(low, k), l));
        if (s.header_rows == 1 || l.n == 0 || strv_eq(l, t))
            out[i] = t;
        else if (twice)
            out[i] = strv_of(arena_printf(a, STRV_FMT " " STRV_FMT, STRV_ARG(group), STRV_ARG(l)));
        else
            out[i] = l;
    }
}

static const char *const TOTALS[] = {"合计",  "总计",   "小计",        "共计",     "汇总",
                                     "Total", "Totals", "Grand total", "Subtotal", "Sum"};

bool
shape_is_total(const struct strv *cells, size_t n)
{
    bool word = false;
    size_t others = 0;

    for (size_t i = 0; i < n; i++) {
        struct strv c = strv_trim(cells[i]);

        if (c.n == 0 || is_figure(c))
            continue;
        if (strv_ends(c, STRV(":")))
            c.n--;
        else if (strv_ends(c, STRV("：")))
            c.n -= 3;
        c = strv_trim(c);
        bool is_word = false;
        for (size_t k = 0; k < sizeof TOTALS / sizeof TOTALS[0]; k++)
            is_word = is_word || strv_ieq(c, strv_of(TOTALS[k]));
        word = word || is_word;
        others += !is_word;
    }
    return word && others == 0 && n > 1;
}
