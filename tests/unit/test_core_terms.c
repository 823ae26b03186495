/* test_core_terms.c - readings of Han, search terms, queries, and where a query meets a text. */
#include "unit.h"

#include "core/arena.h"
#include "core/han.h"
#include "core/hash.h"
#include "core/terms.h"
#include "core/text.h"

/* " a b " holds the word. */
static bool
has(const struct strbuf *b, const char *word)
{
    size_t n = strlen(word);

    for (const char *p = b->p ? b->p : ""; (p = strstr(p, word)) != NULL; p++)
        if ((p == b->p || p[-1] == ' ') && (p[n] == ' ' || p[n] == 0))
            return true;
    return false;
}

static void
test_readings(void **state)
{
    static const struct {
        uint32_t cp, before, after;
        const char *want; /* first; then one that must be among the others */
        const char *also;
    } rows[] = {
        {0x5355, 0, 0x5c0f, "shan", "dan"},                                      /* 单 */
        {0x66fe, 0, 0x56fd, "zeng", "ceng"},                                     /* 曾 */
        {0x89e3, 0, 0x6653, "xie", "jie"},                                       /* 解 */
        {0x4ec7, 0, 0x548c, "qiu", "chou"},                                      /* 仇 */
        {0x533a, 0, 0x660e, "ou", "qu"},                                         /* 区 */
        {0x67e5, 0, 0x5c0f, "zha", "cha"},                                       /* 查 */
        {0x6734, 0, 0x4fe1, "piao", "pu"},                                       /* 朴 */
        {0x7f2a, 0, 0x6653, "miao", "mou"},                                      /* 缪 */
        {0x76d6, 0, 0x660e, "gai", "ge"},                                        /* 盖 */
        {0x5c39, 0, 0, "yin", NULL},                                             /* 尹 */
        {0x7fdf, 0, 0, "zhai", "di"},                                            /* 翟 */
        {0x8983, 0, 0, "qin", "tan"},                                            /* 覃 */
        {0x5415, 0, 0, "lv", "lu"},                                              /* 吕 */
        {0x5415, 0, 0, "lv", "lyu"},         {0x5973, 0, 0, "nv", "nu"},         /* 女 */
        {0x9577, 0, 0, "chang", "zhang"},                                        /* 長: as 长 */
        {0x5c09, 0, 0x8fdf, "yu", NULL},                                         /* 尉迟 */
        {0x8fdf, 0x5c09, 0, "chi", NULL},    {0x4e07, 0, 0x4fdf, "mo", NULL},    /* 万俟 */
        {0x4fdf, 0x4e07, 0, "qi", NULL},     {0x957f, 0, 0x5b59, "zhang", NULL}, /* 长孙 */
        {0x91cd, 0, 0x5e86, "chong", NULL},                                      /* 重庆 */
        {0x884c, 0x94f6, 0, "hang", NULL},                                       /* 银行 */
        {0x5f20, 0, 0, "zhang", NULL},                                           /* 张 */
        {0x3007, 0, 0, "ling", NULL},                                            /* 〇 */
        {0x2b386, 0, 0, NULL, NULL},         {'a', 0, 0, NULL, NULL},
    };
    const char *r[HAN_READINGS];
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        int n = han_readings(rows[i].cp, rows[i].before, rows[i].after, r);
        bool also = !rows[i].also;

        if (!rows[i].want)
            continue;
        CHECK_ROW(n > 0 && !strcmp(r[0], rows[i].want), i, rows[i].want);
        for (int k = 1; k < n; k++)
            also = also || !strcmp(r[k], rows[i].also);
        CHECK_ROW(also, i, rows[i].want);
    }
}

static void
test_han_fold(void **state)
{
    static const struct {
        const char *from, *to;
    } rows[] = {{"張", "张"}, {"偉", "伟"}, {"體", "体"}, {"峯", "峰"}, {"堃", "坤"},
                {"龍", "龙"}, {"國", "国"}, {"臺", "台"}, {"豈", "岂"}, {"①", "1"},
                {"ｱ", "ア"},  {"张", "张"}, {"a", "a"},   {"é", "é"}};
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct strv from = strv_of(rows[i].from), to = strv_of(rows[i].to);
        CHECK_ROW(han_fold(utf8_next(&from)) == utf8_next(&to), i, rows[i].from);
    }
}

/* A title, terms that must be there, terms that must not. */
static void
test_title_terms(void **state)
{
    static const struct {
        const char *title, *with, *without;
    } rows[] = {
        {"张伟", "n张 n张伟 n伟 nzhangwei nwei nzw nz s张伟", "nw nzhang"},
        {"張偉", "n张 n张伟 nzhangwei nzw s张伟", "n張 n張偉"},
        {"单小明", "nshanxiaoming ndanxiaoming nsxm nxiaoming nxm nming nshanxm", "nxxm"},
        {"尉迟恭", "nyuchigong nycg nyucg", "nweichigong"},
        {"重庆银行", "nchongqingyin nyinhang", "nzhongqingyi nyinxing"},
        {"吕布", "nlvbu nlubu nlyubu nlb", ""},
        {"A股开户", "na n股 nagukaihu nagkh nkaihu", ""},
        {"张·伟", "nzhangwei nzw n张 n伟", "n张伟"},
        {"张\xe2\x80\x8b伟", "n张伟 nzhangwei", ""},
        {"Zurich Trading", "nzurich ntrading szurich nz nzu ntr vhciruz", "nzurichtrading"},
        {"ＡＢ客户", "nab n客 n客户 nkh nabkehu", ""},
        {"привет", "nпривет sпривет", ""},
        {"茶🍵", "n茶 n🍵 n茶🍵", ""},
        {"カナ", "nカ nカナ nナ", ""},
        {"سلام", "nسلام", ""},
        {"한국", "n한국", ""},
        {"PO20260316-42", "npo20260316 npo n0316 n2026 n42", "n20260316"},
        {"", "", ""},
        {" ,.!", "", ""},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct strbuf b = {0};
        struct terms t;
        struct strv with = strv_of(rows[i].with), without = strv_of(rows[i].without);
        char word[100];

        terms_begin(&t, &b);
        terms_title(&t, strv_of(rows[i].title));
        terms_end(&t);
        while (with.p && with.n) {
            struct strv w = strv_cut(&with, ' ');
            snprintf(word, sizeof word, STRV_FMT, STRV_ARG(w));
            if (!has(&b, word))
                fail_msg("%s: no %s in %s", rows[i].title, word, b.p ? b.p : "");
        }
        while (without.p && without.n) {
            struct strv w = strv_cut(&without, ' ');
            snprintf(word, sizeof word, STRV_FMT, STRV_ARG(w));
            if (has(&b, word))
                fail_msg("%s: %s in %s", rows[i].title, word, b.p);
        }
        strbuf_release(&b);
    }
}

static void
test_field_terms(void **state)
{
    static const struct {
        enum term_class c;
        const char *text, *want;
    } rows[] = {
        {TERM_TEXT, "上海客户", "b上 b上海 b海 b海客 b客 b客户 b户"},
        {TERM_TEXT, "上 海", "b上 b海"},
        {TERM_TEXT, "人人人", "b人 b人人"},
        {TERM_TEXT, "Hello, hello WORLD", "bhello bworld"},
        {TERM_PHONE, "13812345678", "h1381 h3812 h8123 h1234 h2345 h3456 h4567 h5678"},
        {TERM_PHONE, "138-1234 5678", "h138 h1234 h5678 h1381 h3812 h8123 h2345 h3456 h4567"},
        {TERM_PHONE, "１３８１", "h1381"},
        {TERM_TEXT, "138,1234", "b138 b1234"},
        {TERM_NUMBER, "SO-00123", "kso k0012 k0123"},
        {TERM_NUMBER, "A12B", "ka12b k12b k12 kb"},
        {TERM_ADDRESS, "li.lei@Example.com", "eli elei eexample ecom"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct strbuf b = {0};
        struct terms t;

        terms_begin(&t, &b);
        terms_text(&t, rows[i].c, strv_of(rows[i].text));
        terms_end(&t);
        if (strcmp(b.p ? b.p : "", rows[i].want) != 0)
            fail_msg("%s: %s, not %s", rows[i].text, b.p, rows[i].want);
        strbuf_release(&b);
    }
}

static void
test_long_title(void **state)
{
    struct strbuf in = {0}, out = {0};
    struct terms t;
    (void)state;

    for (int i = 0; i < 10000; i++)
        utf8_put(&in, 0x4e00 + (uint32_t)(i * 7 % 20000));
    terms_begin(&t, &out);
    terms_title(&t, strbuf_view(&in));
    terms_end(&t);
    assert_true(out.n > 100000 && out.n < 400000);
    strbuf_clear(&in);
    strbuf_clear(&out);
    for (int i = 0; i < 10000; i++)
        strbuf_addc(&in, 'x');
    terms_begin(&t, &out);
    terms_title(&t, strbuf_view(&in));
    terms_end(&t);
    assert_true(out.n < 200);
    strbuf_release(&in);
    strbuf_release(&out);
}

/* "[zhang w]ei": the text with brackets around the spans, which are of ASCII and BMP text here. */
static void
show(struct strv text, const struct text_match *m, struct strbuf *out)
{
    uint32_t at = 0;
    int k = 0;

    strbuf_clear(out);
    while (text.n) {
        const char *p = text.p;
        uint32_t cp = utf8_next(&text);

        if (k < m->n_spans && m->span[k].from == at)
            strbuf_addc(out, '[');
        strbuf_add(out, p, (size_t)(text.p - p));
        at += cp > 0xffff ? 2 : 1;
        if (k < m->n_spans && m->span[k].to == at) {
            strbuf_addc(out, ']');
            k++;
        }
    }
}

static void
test_match(void **state)
{
    static const struct {
        const char *q, *text;
        enum text_role role;
        bool all;
        enum match_how how;
        enum match_place place;
        const char *shown;
    } rows[] = {
        {"张伟", "张伟", TEXT_TITLE, true, HOW_EXACT, PLACE_WHOLE, "[张伟]"},
        {"张伟", "張偉", TEXT_TITLE, true, HOW_EXACT, PLACE_WHOLE, "[張偉]"},
        {"張偉", "小张伟", TEXT_TITLE, true, HOW_EXACT, PLACE_INSIDE, "小[张伟]"},
        {"zhangwei", "張偉", TEXT_TITLE, true, HOW_PINYIN, PLACE_WHOLE, "[張偉]"},
        {"zhangw", "张伟民", TEXT_TITLE, true, HOW_PINYIN, PLACE_START, "[张伟]民"},
        {"ZhangW", "张伟民", TEXT_TITLE, true, HOW_PINYIN, PLACE_START, "[张伟]民"},
        {"zhang wei", "张伟", TEXT_TITLE, true, HOW_PINYIN, PLACE_WHOLE, "[张伟]"},
        {"zw", "张伟", TEXT_TITLE, true, HOW_INITIALS, PLACE_WHOLE, "[张伟]"},
        {"张w", "张伟", TEXT_TITLE, true, HOW_INITIALS, PLACE_WHOLE, "[张伟]"},
        {"z伟", "张伟", TEXT_TITLE, true, HOW_INITIALS, PLACE_WHOLE, "[张伟]"},
        {"张wei", "张伟", TEXT_TITLE, true, HOW_PINYIN, PLACE_WHOLE, "[张伟]"},
        {"zhangxm", "张小明", TEXT_TITLE, true, HOW_INITIALS, PLACE_WHOLE, "[张小明]"},
        {"shan", "单小明", TEXT_TITLE, true, HOW_PINYIN, PLACE_START, "[单]小明"},
        {"lv", "吕布", TEXT_TITLE, true, HOW_PINYIN, PLACE_START, "[吕]布"},
        {"lü", "吕布", TEXT_TITLE, true, HOW_PINYIN, PLACE_START, "[吕]布"},
        {"moqi", "万俟雪", TEXT_TITLE, true, HOW_PINYIN, PLACE_START, "[万俟]雪"},
        {"ouyangxm", "欧阳·小明", TEXT_TITLE, true, HOW_INITIALS, PLACE_WHOLE, "[欧阳·小明]"},
        {"zhangwei", "张伟", TEXT_PLAIN, false, HOW_EXACT, PLACE_INSIDE, "张伟"},
        {"trad zur", "Zurich Trading", TEXT_TITLE, true, HOW_EXACT, PLACE_WORD, "[Zur]ich [Trad]ing"},
        {"rich", "Zurich", TEXT_TITLE, false, HOW_EXACT, PLACE_INSIDE, "Zurich"},
        {"cafe", "Café Zürich", TEXT_TITLE, true, HOW_EXACT, PLACE_START, "[Café] Zürich"},
        {"strasse", "Hauptstraße Straße", TEXT_PLAIN, true, HOW_EXACT, PLACE_WORD, "Hauptstraße [Straße]"},
        {"5678", "138 1234 5678", TEXT_PLAIN, true, HOW_EXACT, PLACE_WORD, "138 1234 [5678]"},
        {"2345", "+86 138-1234-5678", TEXT_PLAIN, true, HOW_EXACT, PLACE_INSIDE, "+86 138-1[234-5]678"},
        {"+86 138 1234 5678", "13812345678", TEXT_PLAIN, true, HOW_EXACT, PLACE_WHOLE, "[13812345678]"},
        {"138 1234 5678", "+8613812345678", TEXT_PLAIN, true, HOW_EXACT, PLACE_INSIDE, "+86[13812345678]"},
        {"0316", "PO20260316", TEXT_PLAIN, true, HOW_EXACT, PLACE_INSIDE, "PO2026[0316]"},
        {"１２３４", "a1234", TEXT_PLAIN, true, HOW_EXACT, PLACE_INSIDE, "a[1234]"},
        {"手机", "🎁手机", TEXT_TITLE, true, HOW_EXACT, PLACE_INSIDE, "🎁[手机]"},
        {"shan mei", "shan mei", TEXT_READING, true, HOW_PINYIN, PLACE_WHOLE, "shan mei"},
        {"sm", "shan mei", TEXT_READING, true, HOW_INITIALS, PLACE_WHOLE, "shan mei"},
        {"shanm", "Shàn Měi", TEXT_READING, true, HOW_PINYIN, PLACE_WHOLE, "Shàn Měi"},
        {"סל", "סלים", TEXT_TITLE, true, HOW_EXACT, PLACE_START, "[סל]ים"},
        {"云帆公司", "云帆贸易公司", TEXT_TITLE, false, HOW_EXACT, PLACE_INSIDE, "云帆贸易公司"},
        {"云帆 公司", "云帆贸易公司", TEXT_TITLE, true, HOW_EXACT, PLACE_START, "[云帆]贸易[公司]"},
    };
    struct strbuf shown = {0};
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *a = arena_create();
        struct text_query q;
        struct text_match m;

        CHECK_ROW(text_query_parse(a, strv_of(rows[i].q), &q), i, rows[i].q);
        text_match(&q, strv_of(rows[i].text), rows[i].role, &m);
        show(strv_of(rows[i].text), &m, &shown);
        if (strcmp(shown.p, rows[i].shown) != 0)
            fail_msg("row %zu: %s in %s: %s", i, rows[i].q, rows[i].text, shown.p);
        CHECK_ROW((m.tokens == text_query_all(&q)) == rows[i].all, i, rows[i].q);
        CHECK_ROW(m.how == rows[i].how, i, rows[i].q);
        CHECK_ROW(!rows[i].all || m.place == rows[i].place, i, rows[i].q);
        arena_free(a);
    }
    strbuf_release(&shown);
}

static void
test_queries_without_terms(void **state)
{
    static const char *const rows[] = {"", " ", "-", "。，", "\"'()*", "\xe2\x80\x8b"};
    struct arena *a = arena_create();
    struct text_query q;
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_ROW(!text_query_parse(a, strv_of(rows[i]), &q), i, rows[i]);
    arena_free(a);
}

/* Does a document with these terms meet all clauses (of titles)? */
static bool
meets(const struct strbuf *terms, const struct query_clause *c, int n)
{
    for (int i = 0; i < n; i++) {
        bool met = false;
        for (int k = 0; k < c[i].n && !met; k++) {
            struct strbuf w = {0};
            strbuf_addc(&w, TERM_NAME);
            strbuf_addv(&w, c[i].alt[k].term);
            for (const char *p = terms->p; !met && p && (p = strstr(p, w.p)) != NULL; p++)
                met = (p == terms->p || p[-1] == ' ') &&
                      ((c[i].alt[k].prefix && !c[i].alt[k].begin) || p[w.n] == ' ' || p[w.n] == 0);
            strbuf_release(&w);
        }
        if (!met)
            return false;
    }
    return true;
}

static void
check_found(struct strv title, const struct strbuf *query)
{
    struct arena *a = arena_create();
    struct strbuf terms = {0};
    struct query_clause *c = arena_array(a, struct query_clause, QUERY_CLAUSES);
    struct text_query q;
    struct text_match m;
    struct terms t;

    terms_begin(&t, &terms);
    terms_title(&t, title);
    terms_end(&t);
    assert_true(text_query_parse(a, strbuf_view(query), &q));
    if (!meets(&terms, c, text_query_clauses(&q, c)))
        fail_msg(STRV_FMT " by %s: not in the index: %s", STRV_ARG(title), query->p, terms.p);
    text_match(&q, title, TEXT_TITLE, &m);
    if (m.tokens != text_query_all(&q))
        fail_msg(STRV_FMT " by %s: found, but does not match", STRV_ARG(title), query->p);
    strbuf_release(&terms);
    arena_free(a);
}

/* Every title is found by itself, by any begin of it, by its pinyin typed as far as one likes, and by its
 * initials. */
static void
test_found_by_itself(void **state)
{
    static const char *const pool[] = {"张",    "伟", "單", "曾", "长", "重", "行", "吕", "女", "乐", "公",
                                       "司",    "云", "帆", "儿", "鄂", "安", "西", "a",  "B2", "é",  "7",
                                       "12345", " ",  "-",  "·",  "茶", "🍵",  "龘", "尉", "迟", "ß"};
    struct rng rng = {42};
    (void)state;

    for (int round = 0; round < 3000; round++) {
        struct strbuf title = {0}, pinyin = {0}, initials = {0};
        uint32_t cps[64];
        int n = (int)rng_range(&rng, 1, 12), han = 0;

        for (int i = 0; i < n; i++)
            strbuf_adds(&title, pool[rng_range(&rng, 0, (int64_t)COUNT(pool) - 1)]);
        struct arena *a = arena_create();
        struct text_query q;
        if (text_query_parse(a, strbuf_view(&title), &q))
            check_found(strbuf_view(&title), &title);
        arena_free(a);
        strbuf_clear(&title);
        n = (int)rng_range(&rng, 1, 12);
        for (int i = 0; i < n; i++) {
            struct strv s = strv_of(pool[rng_range(&rng, 0, 17)]);
            strbuf_addv(&title, s);
            cps[han++] = utf8_next(&s);
        }
        for (int i = 0; i < han; i++) {
            const char *r[HAN_READINGS];
            int k =
                han_readings(cps[i], i ? han_fold(cps[i - 1]) : 0, i + 1 < han ? han_fold(cps[i + 1]) : 0, r);
            assert_true(k > 0);
            strbuf_adds(&pinyin, r[0]);
            strbuf_addc(&initials, r[0][0]);
        }
        if (pinyin.n > 1)
            pinyin.n = (size_t)rng_range(&rng, 2, (int64_t)pinyin.n);
        pinyin.p[pinyin.n] = 0;
        check_found(strbuf_view(&title), &pinyin);
        check_found(strbuf_view(&title), &initials);
        strbuf_release(&title);
        strbuf_release(&pinyin);
        strbuf_release(&initials);
    }
}

static void
test_typos(void **state)
{
    static const struct {
        const char *a, *b;
        bool near;
    } rows[] = {{"jonson", "johnson", true},
                {"zurch", "zurich", true},
                {"jhon", "john", true},
                {"jon", "john", false},
                {"lauar", "laura", true},
                {"peter", "maria", false},
                {"tradnig", "trading", true},
                {"intrenatonal", "international", true},
                {"elctronix", "electronics", false},
                {"elctroniks", "electronics", true}};
    char range[4];
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_ROW(terms_typo_near(strv_of(rows[i].a), strv_of(rows[i].b)) == rows[i].near, i, rows[i].a);
    assert_int_equal(terms_typo_range(STRV("zurich"), true, range), 3);
    assert_string_equal(range, "vhc");
    assert_int_equal(terms_typo_range(STRV("john"), false, range), 2);
    assert_string_equal(range, "nj");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_readings),
        cmocka_unit_test(test_han_fold),
        cmocka_unit_test(test_title_terms),
        cmocka_unit_test(test_field_terms),
        cmocka_unit_test(test_long_title),
        cmocka_unit_test(test_match),
        cmocka_unit_test(test_queries_without_terms),
        cmocka_unit_test(test_found_by_itself),
        cmocka_unit_test(test_typos),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
