/* test_core_text.c - UTF-8, normal forms, folding, phones, mail addresses, edit distance. */
#include "unit.h"

#include "core/text.h"

static void
test_utf8_next(void **state)
{
    static const struct {
        struct strv in;
        uint32_t want[6];
    } rows[] = {
        {{"a\xc3\xa9\xe5\xae\xa2\xf0\xa0\x80\x80", 10}, {'a', 0xe9, 0x5ba2, 0x20000, (uint32_t)-1}},
        {{"\0", 1}, {0, (uint32_t)-1}},
        {{"\x80z", 2}, {0xfffd, 'z', (uint32_t)-1}},
        {{"\xc0\x80", 2}, {0xfffd, 0xfffd, (uint32_t)-1}},
        {{"\xc1\xbf", 2}, {0xfffd, 0xfffd, (uint32_t)-1}},
        {{"\xe0\x9f\xbf", 3}, {0xfffd, 0xfffd, 0xfffd, (uint32_t)-1}},
        {{"\xe0\xa0\x80", 3}, {0x800, (uint32_t)-1}},
        {{"\xed\x9f\xbf", 3}, {0xd7ff, (uint32_t)-1}},
        {{"\xed\xa0\x80", 3}, {0xfffd, 0xfffd, 0xfffd, (uint32_t)-1}},
        {{"\xf0\x8f\xbf\xbf", 4}, {0xfffd, 0xfffd, 0xfffd, 0xfffd, (uint32_t)-1}},
        {{"\xf4\x8f\xbf\xbf", 4}, {0x10ffff, (uint32_t)-1}},
        {{"\xf4\x90\x80\x80", 4}, {0xfffd, 0xfffd, 0xfffd, 0xfffd, (uint32_t)-1}},
        {{"\xf5", 1}, {0xfffd, (uint32_t)-1}},
        {{"\xe5\xae", 2}, {0xfffd, 0xfffd, (uint32_t)-1}},
        {{"\xe5z", 2}, {0xfffd, 'z', (uint32_t)-1}},
        {{"", 0}, {(uint32_t)-1}},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct strv s = rows[i].in;
        size_t k = 0;
        bool replaced = false;
        for (;; k++) {
            uint32_t cp = utf8_next(&s);
            CHECK_ROW(cp == rows[i].want[k], i, "code point");
            if (cp == (uint32_t)-1)
                break;
            replaced = replaced || cp == 0xfffd;
        }
        CHECK_ROW(utf8_length(rows[i].in) == k, i, "length");
        CHECK_ROW(utf8_valid(rows[i].in) == !replaced, i, "valid");
    }
    assert_true(utf8_valid(STRV("\xef\xbf\xbd")));
}

/* Every code point that exists comes back from its bytes. */
static void
test_utf8_put(void **state)
{
    struct strbuf b = {0};
    (void)state;
    for (uint32_t cp = 0; cp <= 0x110000; cp++) {
        bool exists = cp <= 0x10ffff && (cp < 0xd800 || cp > 0xdfff);
        strbuf_clear(&b);
        utf8_put(&b, cp);
        struct strv s = strbuf_view(&b);
        if (utf8_next(&s) != (exists ? cp : 0xfffd) || s.n != 0)
            fail_msg("U+%04X", cp);
    }
    strbuf_release(&b);
}

static void
test_utf8_prefix(void **state)
{
    static const struct {
        const char *in;
        size_t n, want;
    } rows[] = {
        {"abc", 2, 2},
        {"abc", 9, 3},
        {"客户", 0, 0},
        {"客户", 2, 0},
        {"客户", 3, 3},
        {"客户", 5, 3},
        {"客户", 6, 6},
        {"a\xf0\xa0\x80\x80", 4, 1},
        {"a\xf0\xa0\x80\x80", 5, 5},
        {"\x80\x80\x80\x80\x80", 3, 3},
        {"\xe5\x80", 1, 1},
        {"", 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_ROW(utf8_prefix(strv_of(rows[i].in), rows[i].n).n == rows[i].want, i, rows[i].in);
    assert_true(is_han(0x4e00) && is_han(0x9fff) && is_han(0x3007) && is_han(0x20000) && is_han(0x3400));
    assert_false(is_han('a') || is_han(0x3042) || is_han(0xac00) || is_han(0xff0c) || is_han(0x3001));
}

/* Runs a text -> buffer function over rows. */
static void
run_rows(const struct strv (*rows)[2], size_t n, void (*fn)(struct strv, struct strbuf *))
{
    struct strbuf b = {0};
    for (size_t i = 0; i < n; i++) {
        strbuf_clear(&b);
        fn(rows[i][0], &b);
        if (!strv_eq(strbuf_view(&b), rows[i][1]))
            fail_msg("row %zu: '" STRV_FMT "' is not '" STRV_FMT "'", i, STRV_ARG(strbuf_view(&b)),
                     STRV_ARG(rows[i][1]));
    }
    strbuf_release(&b);
}

static void
test_normalise(void **state)
{
    const struct strv rows[][2] = {
        {STRV(""), STRV("")},
        {STRV("  客户\t名 "), STRV("客户\t名")},
        {STRV("a\r\nb\rc\nd\r"), STRV("a\nb\nc\nd")},
        {STRV("a\r\r\nb"), STRV("a\n\nb")},
        {STRV("\x01 \0 x\x1b[0m\0y \x02"), STRV("x[0my")},
        {STRV("a\xff"
              "b\xe5\xae"),
         STRV("a\xef\xbf\xbd"
              "b\xef\xbf\xbd\xef\xbf\xbd")},
        {STRV("\x7f\xc2\x85"), STRV("\x7f\xc2\x85")},
        {STRV("\xe3\x80\x80 \x01 \xc2\xa0"), STRV("")},
        /* nothing to be seen: U+200B, U+200F, U+2060, U+FEFF, U+00AD, U+202E, U+2069 */
        {STRV("\xe2\x80\x8b \xe2\x80\x8f\xe2\x81\xa0\n\xef\xbb\xbf\xc2\xad\xe2\x80\xae\xe2\x81\xa9"),
         STRV("")},
        /* beside a letter they stay: U+200D joins emoji and Indic letters */
        {STRV("a\xe2\x80\x8d"
              "b"),
         STRV("a\xe2\x80\x8d"
              "b")},
        {STRV("a\xe2\x80\xae"
              "b"),
         STRV("a\xe2\x80\xae"
              "b")},
    };
    const struct strv lines[][2] = {
        {STRV("a\nb\tc\r\nd\re"), STRV("a b c d e")},
        {STRV("\na\n"), STRV("a")},
        /* U+202A, U+202E, U+2066, U+2069 go; U+200E and U+206A are none of them */
        {STRV("\xe2\x80\xaa"
              "a\xe2\x80\xae\xe2\x81\xa6"
              "b\xe2\x81\xa9"),
         STRV("ab")},
        {STRV("a\xe2\x80\x8e\xe2\x81\xaa"
              "b"),
         STRV("a\xe2\x80\x8e\xe2\x81\xaa"
              "b")},
        {STRV("\xe2\x80\xae"), STRV("")},
    };
    struct strbuf b = {0};
    (void)state;
    run_rows(rows, COUNT(rows), text_normalise);
    run_rows(lines, COUNT(lines), text_normalise_line);
    strbuf_adds(&b, " before ");
    text_normalise(STRV(" x "), &b);
    CHECK_BUF(&b, " before x"); /* only what was added is trimmed */
    strbuf_release(&b);
    strbuf_init(&b, 2);
    text_normalise(STRV("  abc"), &b);
    assert_true(strbuf_failed(&b));
    strbuf_release(&b);
}

static void
test_fold(void **state)
{
    const struct strv rows[][2] = {
        {STRV("ABCxyz019[`{"), STRV("abcxyz019[`{")},
        {STRV("ＡＢｃ１２３！～"), STRV("abc123!~")},
        {STRV("a\xe3\x80\x80"
              "b"),
         STRV("a b")},
        {STRV("ÀÉÎõüÿÇñÅ"), STRV("aeiouycna")},
        {STRV("ŁódŹ ŐŰ Șț İı"), STRV("lodz ou st ii")},
        {STRV("Straße Æsop Œuvre Þór Ǆ ẞ"), STRV("strasse aesop oeuvre thor dz ss")},
        {STRV("Nguyễn Đức"), STRV("nguyen duc")},
        {STRV("lǚ nǎi"), STRV("lu nai")},
        {STRV("e\xcc\x81\xcc\x82x"), STRV("ex")},
        {STRV("×÷"), STRV("×÷")},
        {STRV("ΑΒΓΔΣς Ά Έ Ό Ύ Ώ Ϊ"), STRV("αβγδσσ ά έ ό ύ ώ ϊ")},
        {STRV("ЖЯЁЀ Ѡ Ӂ Ӏ Ԁ Ґ"), STRV("жяёѐ ѡ ӂ ӏ ԁ ґ")},
        {STRV("客戶カナ한"), STRV("客戶カナ한")},
        {STRV("\xffZ"), STRV("\xef\xbf\xbdz")},
    };
    (void)state;
    run_rows(rows, COUNT(rows), text_fold);
}

static void
test_phone(void **state)
{
    static const struct {
        const char *in, *prefix, *want; /* want NULL: refused */
    } rows[] = {
        {"13812345678", "+86", "+8613812345678"},
        {" 138 1234-5678 ", "+86", "+8613812345678"},
        {"１３８１２３４５６７８", "+86", "+8613812345678"},
        {"+86 138-1234-5678", "+86", "+8613812345678"},
        {"＋86（138）12345678", "+1", "+8613812345678"},
        {"008613812345678", "+86", "+8613812345678"},
        {"8613812345678", "+86", "+8613812345678"},
        {"010-65529988", "+86", "+861065529988"},
        {"(0512) 6552 9988", "86", "+8651265529988"},
        {"95588", "+86", "+8695588"},
        {"+44 (0)20 7946 0958", "+86", "+442079460958"},
        {"12025550123", "+1", "+12025550123"},
        {"202.555.0123", "+1", "+12025550123"},
        {"13812345678", "", "13812345678"},
        {"1234", "+86", NULL},
        {"1234567890123456", "+86", NULL},
        {"123456789012345", "+86", NULL},
        {"+123456789012345", "+86", "+123456789012345"},
        {"138x12345678", "+86", NULL},
        {"010-65529988转801", "+86", NULL},
        {"++8613812345678", "+86", NULL},
        {"138+12345678", "+86", NULL},
        {"", "+86", NULL},
        {"-----", "+86", NULL},
        {"138\xff"
         "12345678",
         "+86", NULL},
        {"00123", "+86", NULL},
    };
    struct strbuf b = {0};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        CHECK_ROW(phone_normalise(strv_of(rows[i].in), rows[i].prefix, &b) == (rows[i].want != NULL), i,
                  rows[i].in);
        CHECK_BUF(&b, rows[i].want ? rows[i].want : "");
    }
    strbuf_release(&b);
}

static void
test_email(void **state)
{
    static const struct {
        const char *in, *want;
    } rows[] = {
        {" Li.Ming@Example.COM ", "Li.Ming@example.com"},
        {"a+b@x.co", "a+b@x.co"},
        {"李@例子.公司", "李@例子.公司"},
        {"a@b", NULL},
        {"@b.co", NULL},
        {"a@", NULL},
        {"a", NULL},
        {"", NULL},
        {"a@b@c.co", NULL},
        {"a b@c.co", NULL},
        {"a@b..co", NULL},
        {"a@.b.co", NULL},
        {"a@b.co.", NULL},
        {".a@b.co", NULL},
        {"a.@b.co", NULL},
        {"a..b@b.co", NULL},
        {"a@-b.co", NULL},
        {"a@b-.co", NULL},
        {"a@b_c.co", NULL},
        {"a@b c.co", NULL},
        {"<a@b.co>", NULL},
        {"a,b@c.co", NULL},
        {"a\n@b.co", NULL},
        {"a@b.co\xff", NULL},
        {"\xff@b.co", NULL},
        {"a@b.co\r\nBcc: x@y.z", NULL},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b.co", NULL},
        {"a@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.co", NULL},
    };
    struct strbuf b = {0};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        CHECK_ROW(email_normalise(strv_of(rows[i].in), &b) == (rows[i].want != NULL), i, rows[i].in);
        CHECK_BUF(&b, rows[i].want ? rows[i].want : "");
    }
    strbuf_release(&b);
}

static void
test_edit_distance(void **state)
{
    static const struct {
        const char *a, *b;
        int max, want;
    } rows[] = {
        {"", "", 2, 0},
        {"abc", "abc", 2, 0},
        {"abc", "", 5, 3},
        {"", "abc", 2, 3},
        {"kitten", "sitting", 3, 3},
        {"kitten", "sitting", 2, 3},
        {"ab", "ba", 2, 1},
        {"ca", "abc", 5, 3},
        {"custmoer", "customer", 2, 1},
        {"abcdef", "ghijkl", 2, 3},
        {"abcdef", "ghijkl", 9, 6},
        {"a", "b", 0, 1},
    };
    char longer[200] = "";
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        CHECK_ROW(edit_distance(strv_of(rows[i].a), strv_of(rows[i].b), rows[i].max) == rows[i].want, i,
                  rows[i].a);
        CHECK_ROW(edit_distance(strv_of(rows[i].b), strv_of(rows[i].a), rows[i].max) == rows[i].want, i,
                  rows[i].b);
    }
    memset(longer, 'a', 150);
    struct strv a = {longer, 150}, b = {longer, 148};
    assert_int_equal(edit_distance(a, b, 3), 2);
    assert_int_equal(edit_distance(a, (struct strv){longer, 63}, 90), 87);
    assert_int_equal(edit_distance(a, (struct strv){longer, 64}, 90), 86);

    static const struct {
        const char *found, *name;
        bool near;
    } names[] = {{"frob", "help", false},   {"--bogus", "--yes", false},   {"nope", "role", false},
                 {"nope", "zone", false},   {"custmer", "customer", true}, {"contry", "country", true},
                 {"nmae", "name", true},    {"id", "ip", false},           {"", "id", false},
                 {"industri", "ind", false}};
    for (size_t i = 0; i < COUNT(names); i++) {
        struct nearest n = {.found = strv_of(names[i].found)};
        CHECK_ROW(nearest_is(&n, strv_of(names[i].name)) == names[i].near, i, names[i].found);
        CHECK_ROW(!nearest_is(&n, strv_of(names[i].name)), i, "not nearer than itself");
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8_next),     cmocka_unit_test(test_utf8_put),
        cmocka_unit_test(test_utf8_prefix),   cmocka_unit_test(test_normalise),
        cmocka_unit_test(test_fold),

        cmocka_unit_test(test_phone),         cmocka_unit_test(test_email),
        cmocka_unit_test(test_edit_distance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
