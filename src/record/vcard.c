/* vcard.c - see vcard.h. */
#include "record/vcard.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/text.h"
#include "record/csv.h"
#include "record/lines.h"

enum column {
    C_NAME,
    C_FAMILY,
    C_GIVEN,
    C_COMPANY,
    C_DEPARTMENT,
    C_TITLE,
    C_MOBILE,
    C_PHONE,
    C_PHONE2,
    C_FAX,
    C_EMAIL,
    C_EMAIL2,
    C_WEBSITE,
    C_COUNTRY,
    C_REGION,
    C_CITY,
    C_STREET,
    C_POSTCODE,
    C_BIRTHDAY,
    C_NOTE,
    C_CATEGORIES,
    C_WECHAT,
    C_UID,
    C_COUNT_
};

static const struct strv COLUMNS[] = {
    [C_NAME] = {"Name", 4},
    [C_FAMILY] = {"N family", 8},
    [C_GIVEN] = {"N given", 7},
    [C_COMPANY] = {"Company", 7},
    [C_DEPARTMENT] = {"Department", 10},
    [C_TITLE] = {"Job title", 9},
    [C_MOBILE] = {"Mobile", 6},
    [C_PHONE] = {"Phone", 5},
    [C_PHONE2] = {"Phone 2", 7},
    [C_FAX] = {"Fax", 3},
    [C_EMAIL] = {"Email", 5},
    [C_EMAIL2] = {"Email 2", 7},
    [C_WEBSITE] = {"Website", 7},
    [C_COUNTRY] = {"Country", 7},
    [C_REGION] = {"Region", 6},
    [C_CITY] = {"City", 4},
    [C_STREET] = {"Address", 7},
    [C_POSTCODE] = {"Postcode", 8},
    [C_BIRTHDAY] = {"Birthday", 8},
    [C_NOTE] = {"Note", 4},
    [C_CATEGORIES] = {"Categories", 10},
    [C_WECHAT] = {"WeChat", 6},
    [C_UID] = {"UID", 3},
};

struct vcard {
    struct lines lines;
    struct arena *arena;       /* of the card */
    struct strbuf logical;     /* a line with its continuations */
    struct strbuf pushed_text; /* a line read ahead */
    bool has_pushed;
    struct strv cells[C_COUNT_];
    int64_t card;
};

struct property {
    struct strv name, params, value;
    bool quoted_printable;
};

struct vcard *
vcard_open(struct stream *in)
{
    struct vcard *v = xcalloc(1, sizeof *v);

    v->lines.in = in;
    v->arena = arena_create();
    return v;
}

void
vcard_close(struct vcard *v)
{
    if (v == NULL)
        return;
    lines_free(&v->lines);
    strbuf_release(&v->logical);
    strbuf_release(&v->pushed_text);
    arena_free(v->arena);
    free(v);
}

size_t
vcard_columns(const struct strv **names)
{
    *names = COLUMNS;
    return C_COUNT_;
}

static bool
upper_find(struct strv s, const char *word)
{
    size_t n = strlen(word);

    for (size_t i = 0; i + n <= s.n; i++) {
        if (strv_ieq((struct strv){s.p + i, n}, strv_of(word)))
            return true;
    }
    return false;
}

static enum err_code
physical_line(struct vcard *v, struct strv *line, bool *end, struct err *err)
{
    *end = false;
    if (v->has_pushed) {
        v->has_pushed = false;
        *line = strbuf_view(&v->pushed_text);
        return ERR_OK;
    }
    return lines_next(&v->lines, v->card, line, end, err);
}

/* A line and those that continue it: they begin with a blank; after quoted-printable, the line before ends in
 * '='. */
static enum err_code
logical_line(struct vcard *v, struct strv *out, bool *end, struct err *err)
{
    struct strv line;
    enum err_code rc = physical_line(v, &line, end, err);
    bool qp;

    if (rc || *end)
        return rc;
    strbuf_clear(&v->logical);
    strbuf_addv(&v->logical, line);
    qp = upper_find(line, "QUOTED-PRINTABLE");
    for (;;) {
        bool soft = qp && v->logical.n > 0 && v->logical.p[v->logical.n - 1] == '=', last;

        rc = physical_line(v, &line, &last, err);
        if (rc)
            return rc;
        if (last)
            break;
        if (soft) {
            v->logical.n--;
            strbuf_addv(&v->logical, line);
        } else if (line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t')) {
            strbuf_add(&v->logical, line.p + 1, line.n - 1);
        } else {
            strbuf_clear(&v->pushed_text);
            strbuf_addv(&v->pushed_text, line);
            v->has_pushed = true;
            break;
        }
        if (v->logical.n > CSV_ROW_MAX) {
            char row[24];
            return err_set(err, MSG_IMPORT_ROW_LARGE, "row", err_i64(row, v->card), NULL);
        }
    }
    *out = strbuf_view(&v->logical);
    return ERR_OK;
}

static int
hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

static struct strv
decode_quoted(struct arena *a, struct strv s, enum encoding e)
{
    char *raw = arena_alloc(a, s.n + 1), *out = arena_alloc(a, s.n * 4 + 16);
    struct transcoder *t = e == ENC_UTF8 || e == ENC_AUTO ? NULL : transcoder_open(e);
    size_t n = 0, at = 0, made;

    for (size_t i = 0; i < s.n; i++) {
        int hi = i + 2 < s.n && s.p[i] == '=' ? hex(s.p[i + 1]) : -1, lo = hi >= 0 ? hex(s.p[i + 2]) : -1;

        if (lo >= 0) {
            raw[n++] = (char)(hi * 16 + lo);
            i += 2;
        } else {
            raw[n++] = s.p[i];
        }
    }
    if (t == NULL)
        return (struct strv){raw, n};
    made = transcoder_run(t, raw, &at, n, true, out, s.n * 4 + 16);
    transcoder_close(t);
    return (struct strv){out, made};
}

/* "item1.TEL;TYPE=CELL:138..." */
static bool
split(struct vcard *v, struct strv line, struct property *p)
{
    bool quoted = false;
    size_t colon = 0, semi;
    struct strv name;

    while (colon < line.n && (quoted || line.p[colon] != ':')) {
        quoted ^= line.p[colon] == '"';
        colon++;
    }
    if (colon == line.n)
        return false;
    name = (struct strv){line.p, colon};
    p->value = (struct strv){line.p + colon + 1, line.n - colon - 1};
    for (semi = 0; semi < name.n && name.p[semi] != ';'; semi++)
        continue;
    p->params = (struct strv){name.p + semi, name.n - semi};
    p->name = (struct strv){name.p, semi};
    for (size_t i = 0; i < p->name.n; i++) {
        if (p->name.p[i] == '.') {
            p->name = (struct strv){p->name.p + i + 1, p->name.n - i - 1};
            break;
        }
    }
    p->quoted_printable = upper_find(p->params, "QUOTED-PRINTABLE");
    if (p->quoted_printable) {
        enum encoding e = upper_find(p->params, "CHARSET=GB")         ? ENC_GB18030
                          : upper_find(p->params, "CHARSET=ISO-8859") ? ENC_WINDOWS_1252
                                                                      : ENC_UTF8;
        p->value = decode_quoted(v->arena, p->value, e);
    }
    return true;
}

/* The i-th component between unescaped ';', with \n \, \; undone. i < 0: the whole value. */
static struct strv
component(struct vcard *v, struct strv value, int i)
{
    struct strbuf b = {0};
    struct strv out;

    for (size_t k = 0; k < value.n; k++) {
        char c = value.p[k];

        if (c == '\\' && k + 1 < value.n) {
            c = value.p[++k];
            if (i <= 0)
                strbuf_addc(&b, c == 'n' || c == 'N' ? '\n' : c);
        } else if (c == ';' && i >= 0) {
            if (i-- == 0)
                break;
        } else if (i <= 0) {
            strbuf_addc(&b, c);
        }
    }
    out = strv_trim(arena_strv(v->arena, strbuf_view(&b)));
    strbuf_release(&b);
    return out;
}

static void
set(struct vcard *v, enum column c, struct strv text)
{
    if (text.n > 0 && v->cells[c].n == 0)
        v->cells[c] = text;
}

/* The first free of several columns. */
static void
set_next(struct vcard *v, enum column a, enum column b, struct strv text)
{
    set(v, v->cells[a].n == 0 ? a : b, text);
}

static void
set_phone(struct vcard *v, const struct property *p)
{
    struct strv number = component(v, p->value, -1);

    if (strv_starts(number, STRV("tel:")))
        number = (struct strv){number.p + 4, number.n - 4};
    if (upper_find(p->params, "FAX"))
        set(v, C_FAX, number);
    else if (upper_find(p->params, "CELL") && v->cells[C_MOBILE].n == 0)
        set(v, C_MOBILE, number);
    else
        set_next(v, C_PHONE, C_PHONE2, number);
}

static void
set_address(struct vcard *v, struct strv value)
{
    struct strv box = component(v, value, 0), more = component(v, value, 1), street = component(v, value, 2);

    if (more.n || box.n)
        street = strv_of(arena_printf(v->arena, STRV_FMT "%s" STRV_FMT "%s" STRV_FMT, STRV_ARG(street),
                                      more.n ? " " : "", STRV_ARG(more), box.n ? " " : "", STRV_ARG(box)));
    set(v, C_STREET, strv_trim(street));
    set(v, C_CITY, component(v, value, 3));
    set(v, C_REGION, component(v, value, 4));
    set(v, C_POSTCODE, component(v, value, 5));
    set(v, C_COUNTRY, component(v, value, 6));
}

static const struct {
    const char *name;
    enum column column;
} SIMPLE[] = {{"FN", C_NAME},   {"TITLE", C_TITLE}, {"URL", C_WEBSITE},           {"BDAY", C_BIRTHDAY},
              {"NOTE", C_NOTE}, {"UID", C_UID},     {"CATEGORIES", C_CATEGORIES}, {"X-WECHAT", C_WECHAT}};

static void
take(struct vcard *v, const struct property *p)
{
    for (size_t i = 0; i < sizeof SIMPLE / sizeof SIMPLE[0]; i++) {
        if (strv_ieq(p->name, strv_of(SIMPLE[i].name)))
            set(v, SIMPLE[i].column, component(v, p->value, -1));
    }
    if (strv_ieq(p->name, STRV("N"))) {
        set(v, C_FAMILY, component(v, p->value, 0));
        set(v, C_GIVEN, component(v, p->value, 1));
    } else if (strv_ieq(p->name, STRV("ORG"))) {
        set(v, C_COMPANY, component(v, p->value, 0));
        set(v, C_DEPARTMENT, component(v, p->value, 1));
    } else if (strv_ieq(p->name, STRV("TEL"))) {
        set_phone(v, p);
    } else if (strv_ieq(p->name, STRV("EMAIL"))) {
        set_next(v, C_EMAIL, C_EMAIL2, component(v, p->value, -1));
    } else if (strv_ieq(p->name, STRV("ADR"))) {
        set_address(v, p->value);
    }
}

/* A card without FN is called by its N, or its company. */
static void
complete_name(struct vcard *v)
{
    struct strv family = v->cells[C_FAMILY], given = v->cells[C_GIVEN], first = family;
    bool han = family.n > 0 && is_han(utf8_next(&first));

    if (v->cells[C_NAME].n == 0 && (family.n || given.n))
        v->cells[C_NAME] =
            strv_trim(strv_of(arena_printf(v->arena, STRV_FMT "%s" STRV_FMT, STRV_ARG(han ? family : given),
                                           han ? "" : " ", STRV_ARG(han ? given : family))));
    set(v, C_NAME, v->cells[C_COMPANY]);
}

static enum err_code
check_cells(const struct vcard *v, struct err *err)
{
    char row[24];

    for (size_t i = 0; i < C_COUNT_; i++) {
        if (v->cells[i].n > CSV_CELL_MAX)
            return err_set(err, MSG_IMPORT_CELL_LARGE, "row", err_i64(row, v->card), NULL);
        if (v->cells[i].n && (memchr(v->cells[i].p, 0, v->cells[i].n) || !utf8_valid(v->cells[i])))
            return err_set(err, MSG_IMPORT_BAD_TEXT, "row", err_i64(row, v->card), "encoding", "UTF-8", NULL);
    }
    return ERR_OK;
}

enum err_code
vcard_next(struct vcard *v, const struct strv **cells, size_t *n, bool *end, struct err *err)
{
    struct property p = {0};
    struct strv line;
    bool inside = false;
    char row[24];
    enum err_code rc;

    arena_reset(v->arena);
    for (size_t i = 0; i < C_COUNT_; i++)
        v->cells[i] = STRV("");
    for (;;) {
        rc = logical_line(v, &line, end, err);
        if (rc)
            return rc;
        if (*end && inside)
            return err_set(err, MSG_IMPORT_VCARD, "row", err_i64(row, v->card), NULL);
        if (*end)
            return ERR_OK;
        if (arena_used(v->arena) > 4 * (size_t)CSV_ROW_MAX)
            return err_set(err, MSG_IMPORT_ROW_LARGE, "row", err_i64(row, v->card), NULL);
        line = arena_strv(v->arena, strv_trim(line));
        if (strv_ieq(line, STRV("BEGIN:VCARD"))) {
            if (inside) /* the card before has no end */
                return err_set(err, MSG_IMPORT_VCARD, "row", err_i64(row, v->card), NULL);
            inside = true;
            v->card++;
        } else if (strv_ieq(line, STRV("END:VCARD")) && inside) {
            break;
        } else if (inside && split(v, line, &p)) {
            take(v, &p);
        }
    }
    complete_name(v);
    *cells = v->cells;
    *n = C_COUNT_;
    return check_cells(v, err);
}
