/* gen_han.c - runs at build time only: makes the tables of core/han.c from ICU and readings.txt.
 *
 * usage: gen_han readings.txt out.c. ICU is not linked into the program; what it knows about one character at
 * a time (reading, simplified form, compatibility form, is it a letter) becomes about 110 KB of const tables.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

enum {
    HAN_FROM = 0x3400,
    HAN_TO = 0x9fff,
    CODES = 0x30000,
    READINGS = 4,
    WORDS_MAX = 1000,
    SYLLABLES_MAX = 511
};

/* Characters beyond U+FFFF that stand in the table of generally used characters (2013) or are common in
 * names. */
static const char EXTRA[] = "𠄘𠅤𠙶𠳐𡐓𡎚𣗋𣲗𣲘𣸣𤧛𤩽𤫉𥔲𥕢𥖨𥻗𦈡𦒍𦙶𦝼𦭜𦰡𧿹𨐈𨙸𨚕𨟠𨭉𨱇𨱏𨱑𨱔𨺙𩽾𩾃𩾌";
enum { EXT_FROM = 0x2a700, EXT_TO = 0x2cea1 }; /* extensions C to E: simplified forms and place names */

struct word {
    UChar32 c[2];
    int syllable[2];
};

struct tables {
    char syllable[SYLLABLES_MAX + 1][8]; /* 0: none */
    int n_syllables;
    uint16_t reading[CODES][READINGS]; /* 0: none */
    UChar32 fold[CODES];               /* 0: itself */
    struct word words[WORDS_MAX];
    int n_words;
    UChar32 extra[100];
    int n_extra;
};

static void
die(const char *what, const char *detail)
{
    fprintf(stderr, "gen_han: %s: %s\n", what, detail);
    exit(1);
}

static void
ok(UErrorCode e, const char *what)
{
    if (U_FAILURE(e))
        die(what, u_errorName(e));
}

static UTransliterator *
rules(const char *id)
{
    UChar name[64];
    UErrorCode e = U_ZERO_ERROR;
    u_uastrcpy(name, id);
    UTransliterator *t = utrans_openU(name, -1, UTRANS_FORWARD, NULL, 0, NULL, &e);
    ok(e, id);
    return t;
}

/* What the rules make of one character, in UTF-16; its length. */
static int32_t
apply(const UTransliterator *t, UChar32 c, UChar *x, int32_t size)
{
    UErrorCode e = U_ZERO_ERROR;
    int32_t n = 0;
    U16_APPEND_UNSAFE(x, n, c);
    int32_t limit = n;
    x[n] = 0;
    utrans_transUChars(t, x, &n, size, 0, &limit, &e);
    ok(e, "transliterate");
    return n;
}

/* The one character it becomes, or 0. */
static UChar32
one_char(const UTransliterator *t, UChar32 c)
{
    UChar x[64];
    UChar32 to[2];
    UErrorCode e = U_ZERO_ERROR;
    int32_t k = 0, n = apply(t, c, x, 63);
    u_strToUTF32(to, 2, &k, x, n, &e);
    return U_SUCCESS(e) && k == 1 && to[0] != c ? to[0] : 0;
}

static int
syllable_id(struct tables *t, const char *s)
{
    for (int i = 1; i <= t->n_syllables; i++)
        if (!strcmp(t->syllable[i], s))
            return i;
    if (t->n_syllables == SYLLABLES_MAX || strlen(s) > 6)
        die("too many or too long syllables", s);
    memcpy(t->syllable[++t->n_syllables], s, strlen(s) + 1);
    return t->n_syllables;
}

/* Marked pinyin ("lǚ") as plain letters with v for the u with dots; 0 when it is no syllable. */
static int
plain_syllable(struct tables *t, const UTransliterator *decompose, UChar *x, int32_t n)
{
    char s[8];
    size_t k = 0;
    UErrorCode e = U_ZERO_ERROR;
    int32_t limit = n;
    utrans_transUChars(decompose, x, &n, 63, 0, &limit, &e);
    ok(e, "decompose");
    for (int32_t i = 0; i < n; i++) {
        if (x[i] == 0x308 && k && s[k - 1] == 'u')
            s[k - 1] = 'v';
        else if (x[i] >= 'a' && x[i] <= 'z' && k < 7)
            s[k++] = (char)x[i];
        else if (x[i] < 0x300 || x[i] > 0x36f)
            return 0;
    }
    s[k] = 0;
    return k && k <= 6 ? syllable_id(t, s) : 0;
}

static void
add_reading(struct tables *t, UChar32 c, int syllable)
{
    for (int i = 0; syllable && i < READINGS; i++) {
        if (t->reading[c][i] == syllable)
            return;
        if (t->reading[c][i])
            continue;
        t->reading[c][i] = (uint16_t)syllable;
        return;
    }
}

static bool
has_reading(const struct tables *t, UChar32 c)
{
    if ((c >= HAN_FROM && c <= HAN_TO) || c == 0x3007 || (c >= EXT_FROM && c <= EXT_TO))
        return u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC);
    for (int i = 0; i < t->n_extra; i++)
        if (t->extra[i] == c)
            return true;
    return false;
}

/* ---- readings.txt ---- */

/* Its characters; max + 1 when there are more or it is no UTF-8. */
static int
characters(const char *s, UChar32 *out, int max)
{
    UChar x[256];
    UErrorCode e = U_ZERO_ERROR;
    int32_t n = 0, k = 0;
    u_strFromUTF8(x, 256, &n, s, -1, &e);
    u_strToUTF32(out, max, &k, x, n, &e);
    return U_SUCCESS(e) ? k : max + 1;
}

static void
read_line(struct tables *t, char *line)
{
    char *part[8], *save = NULL;
    int n = 0;
    UChar32 c[3], to[2];
    for (char *p = strtok_r(line, " \n", &save); p && n < 8; p = strtok_r(NULL, " \n", &save))
        part[n++] = p;
    if (n == 0 || part[0][0] == '#')
        return;
    int k = characters(part[0], c, 2);
    if (k == 1 && n == 3 && !strcmp(part[1], "=") && characters(part[2], to, 1) == 1) {
        t->fold[c[0]] = to[0];
    } else if (k == 1 && n >= 2 && n <= READINGS + 1) {
        for (int i = 1; i < n; i++)
            add_reading(t, c[0], syllable_id(t, part[i]));
    } else if (k == 2 && n == 3 && t->n_words < WORDS_MAX) {
        t->words[t->n_words++] =
            (struct word){{c[0], c[1]}, {syllable_id(t, part[1]), syllable_id(t, part[2])}};
    } else {
        die("a line of readings.txt", part[0]);
    }
}

static void
read_own(struct tables *t, const char *path)
{
    char line[256];
    FILE *f = fopen(path, "r");
    if (!f)
        die("cannot read", path);
    while (fgets(line, sizeof line, f))
        read_line(t, line);
    fclose(f);
}

/* ---- from ICU ---- */

static void
from_icu(struct tables *t)
{
    UTransliterator *names = rules("Han-Latin/Names"), *plain = rules("Han-Latin"), *split = rules("NFD"),
                    *simple = rules("Traditional-Simplified"), *compat = rules("NFKC");
    UChar x[64];
    for (UChar32 c = 0x80; c < CODES; c++) {
        if (!u_isdefined(c) || (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xd800 && c <= 0xf8ff))
            continue;
        if (has_reading(t, c)) {
            int32_t n = apply(names, c, x, 63);
            add_reading(t, c, plain_syllable(t, split, x, n));
            n = apply(plain, c, x, 63);
            add_reading(t, c, plain_syllable(t, split, x, n));
        }
        UChar32 k = c > 0x2000 ? one_char(compat, c) : 0; /* Latin letters are folded by text_fold.c */
        UChar32 s = u_hasBinaryProperty(k ? k : c, UCHAR_IDEOGRAPHIC) ? one_char(simple, k ? k : c) : 0;
        if (!t->fold[c])
            t->fold[c] = s ? s : k;
    }
    utrans_close(names);
    utrans_close(plain);
    utrans_close(split);
    utrans_close(simple);
    utrans_close(compat);
}

/* Chains of forms end at once; lu and lyu also stand for lv; a traditional form is read like the simplified.
 */
static void
complete(struct tables *t)
{
    for (UChar32 c = 0; c < CODES; c++) {
        for (int i = 0; i < 4 && t->fold[c] && t->fold[t->fold[c]]; i++)
            t->fold[c] = t->fold[t->fold[c]];
        if (t->fold[c] == c)
            t->fold[c] = 0;
    }
    for (UChar32 c = 0; c < CODES; c++) {
        UChar32 f = t->fold[c];
        uint16_t own[READINGS];
        if (!f || !t->reading[c][0])
            continue;
        memcpy(own, t->reading[c], sizeof own);
        memcpy(t->reading[c], t->reading[f], sizeof own);
        for (int i = 0; i < READINGS; i++)
            add_reading(t, c, own[i]);
    }
    for (UChar32 c = 0; c < CODES; c++) {
        for (int i = 0; i < READINGS && t->reading[c][i]; i++) {
            char other[8];
            const char *s = t->syllable[t->reading[c][i]];
            if ((s[0] != 'l' && s[0] != 'n') || s[1] != 'v')
                continue;
            (void)snprintf(other, sizeof other, "%cu%s", s[0], s + 2);
            add_reading(t, c, syllable_id(t, other));
            if (s[2])
                continue;
            (void)snprintf(other, sizeof other, "%cyu", s[0]);
            add_reading(t, c, syllable_id(t, other));
        }
    }
}

/* ---- writing ---- */

static void
put_readings(FILE *f, const struct tables *t)
{
    fprintf(f, "const char HAN_SYLLABLES[][8] = {\"\"");
    for (int i = 1; i <= t->n_syllables; i++)
        fprintf(f, ",%s\"%s\"", i % 12 ? " " : "\n    ", t->syllable[i]);
    fprintf(f, "};\nconst uint16_t HAN_FIRST[] = {");
    for (UChar32 c = HAN_FROM; c <= HAN_TO; c++)
        fprintf(f, "%s%d,", c % 16 ? " " : "\n    ",
                t->reading[c][0] | (t->reading[c][1] ? 0x200 : 0) | (t->fold[c] ? 0x400 : 0));
    fprintf(f, "\n};\nconst struct han_more HAN_MORE[] = {\n");
    int n = 0;
    for (UChar32 c = 0; c < CODES; c++) {
        const uint16_t *r = t->reading[c];
        if (!r[0] || (!r[1] && c >= HAN_FROM && c <= HAN_TO))
            continue;
        fprintf(f, "    {0x%x, {%d, %d, %d, %d}},\n", (unsigned)c, r[0], r[1], r[2], r[3]);
        n++;
    }
    fprintf(f, "};\nconst size_t HAN_MORE_COUNT = %d;\n", n);
}

static void
put_folds(FILE *f, const struct tables *t)
{
    int n = 0;
    fprintf(f, "const struct han_fold HAN_FOLDS[] = {");
    for (UChar32 c = 0; c <= 0xffff; c++) {
        if (!t->fold[c] || t->fold[c] > 0xffff)
            continue;
        fprintf(f, "%s{0x%x, 0x%x},", n++ % 8 ? " " : "\n    ", (unsigned)c, (unsigned)t->fold[c]);
    }
    fprintf(f, "\n};\nconst size_t HAN_FOLD_COUNT = %d;\n", n);
}

static int
by_word(const void *a, const void *b)
{
    const struct word *x = a, *y = b;
    return x->c[0] != y->c[0] ? (x->c[0] < y->c[0] ? -1 : 1) : (x->c[1] > y->c[1]) - (x->c[1] < y->c[1]);
}

static void
put_words(FILE *f, struct tables *t)
{
    int n = 0;
    qsort(t->words, (size_t)t->n_words, sizeof t->words[0], by_word);
    fprintf(f, "const struct han_word HAN_WORDS[] = {\n");
    for (int i = 0; i < t->n_words; i++) {
        const struct word *w = &t->words[i];
        if (i && !by_word(w, w - 1))
            continue;
        fprintf(f, "    {0x%x, 0x%x, {%d, %d}},\n", (unsigned)w->c[0], (unsigned)w->c[1], w->syllable[0],
                w->syllable[1]);
        n++;
    }
    fprintf(f, "};\nconst size_t HAN_WORD_COUNT = %d;\n", n);
}

/* '-' none, 'l' letter of a script with spaces between words, 'd' digit, 'i' stands for itself (kana, Thai,
 * symbols), 'z' not there for a search (joiners, vowel points), 'h' Han. */
static char
kind_of(UChar32 c)
{
    int type = u_charType(c), block = (int)ublock_getCode(c);
    UErrorCode e = U_ZERO_ERROR;
    if (u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC))
        return 'h';
    if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) || (c >= 0x300 && c <= 0x36f))
        return 'z';
    if (type == U_NON_SPACING_MARK && (block == UBLOCK_ARABIC || block == UBLOCK_HEBREW))
        return 'z';
    if (type == U_OTHER_SYMBOL || type == U_MODIFIER_SYMBOL)
        return 'i';
    if (!u_isalnum(c) && type != U_NON_SPACING_MARK && type != U_COMBINING_SPACING_MARK)
        return '-';
    switch (uscript_getScript(c, &e)) {
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
    case USCRIPT_BOPOMOFO:
        return 'i';
    default:
        return 'l';
    }
}

static void
put_kinds(FILE *f)
{
    int n = 0;
    char last = '-';
    fprintf(f, "const struct text_range TEXT_RANGES[] = {");
    for (UChar32 c = 0x80; c <= 0xe01ff; c++) {
        if (!u_isdefined(c) || (c >= 0xd800 && c <= 0xf8ff))
            continue;
        char kind = kind_of(c);
        if (kind == last)
            continue;
        fprintf(f, "%s{0x%x, '%c'},", n++ % 6 ? " " : "\n    ", (unsigned)c, kind);
        last = kind;
    }
    fprintf(f, "\n};\nconst size_t TEXT_RANGE_COUNT = %d;\n", n);
}

int
main(int argc, char **argv)
{
    struct tables *t = calloc(1, sizeof *t);
    if (argc != 3 || !t)
        die("usage", "gen_han readings.txt out.c");
    t->n_extra = characters(EXTRA, t->extra, 100);
    read_own(t, argv[1]);
    from_icu(t);
    complete(t);
    FILE *f = fopen(argv[2], "w");
    if (!f)
        die("cannot write", argv[2]);
    fprintf(
        f,
        "/* Made by tools/han/gen_han.c from ICU %s and readings.txt. */\n#include \"core/han_priv.h\"\n\n",
        U_ICU_VERSION);
    put_readings(f, t);
    put_folds(f, t);
    put_words(f, t);
    put_kinds(f);
    if (fclose(f))
        die("cannot write", argv[2]);
    free(t);
    return 0;
}
