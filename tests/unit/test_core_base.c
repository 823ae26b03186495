/* test_core_base.c - arena, views, buffers, errors, hash maps. */
#include "unit.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/hash.h"
#include "core/text.h"

/* --- arena --- */

static void
push_letter(void *arg)
{
    char **end = arg;
    **end = (char)('0' + (*end)[-1] - '0' + 1);
    (*end)++;
}

static void
test_arena_blocks(void **state)
{
    static const size_t sizes[] = {0, 1, 15, 16, 17, 4095, 4096, 4097, 16384, 100000, 3, 2000000, 5};
    struct arena *a = arena_create();
    unsigned char *blocks[COUNT(sizes) * 8];
    size_t n = 0;
    (void)state;
    for (int round = 0; round < 8; round++)
        for (size_t i = 0; i < COUNT(sizes); i++, n++) {
            unsigned char *p = blocks[n] = arena_alloc(a, sizes[i]);
            assert_int_equal((uintptr_t)p % 16, 0);
            for (size_t k = 0; k < sizes[i]; k++)
                assert_int_equal(p[k], 0);
            memset(p, (int)(n + 1), sizes[i] ? sizes[i] : 1);
        }
    for (size_t i = 0; i < n; i++) /* nobody wrote into a neighbour */
        for (size_t k = 0, size = sizes[i % COUNT(sizes)]; k < size; k++)
            assert_int_equal(blocks[i][k], (unsigned char)(i + 1));
    assert_true(arena_used(a) >= 8 * 2100000);
    arena_free(a);
}

static void
test_arena_life(void **state)
{
    char text[8] = "a", *end = text + 1;
    struct arena *a = arena_create();
    (void)state;
    arena_defer(a, push_letter, &end);
    memset(arena_alloc(a, 64), 0xff, 64);
    memset(arena_alloc(a, 300000), 0xff, 300000);
    arena_defer(a, push_letter, &end);
    assert_string_equal(text, "a");
    arena_reset(a);
    assert_string_equal(text, "abc");
    assert_int_equal(arena_used(a), 0);
    const char *p = arena_alloc(a, 64);
    for (int i = 0; i < 64; i++) /* the kept chunk was dirty */
        assert_int_equal(p[i], 0);
    arena_defer(a, push_letter, &end);
    arena_free(a);
    assert_string_equal(text, "abcd");
    arena_free(NULL);
}

static void
test_arena_text(void **state)
{
    struct arena *a = arena_create();
    char longer[1000];
    (void)state;
    memset(longer, 'x', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    assert_string_equal(arena_strdup(a, "abcdef", 3), "abc");
    assert_string_equal(arena_strdup(a, NULL, 0), "");
    struct strv v = arena_strv(a, STRV("a\0b"));
    assert_memory_equal(v.p, "a\0b", 4);
    assert_string_equal(arena_printf(a, "%d-%s", 5, "x"), "5-x");
    assert_string_equal(arena_printf(a, "%s", longer), longer);
    arena_free(a);
}

/* Asks for more than any memory holds, in one of the ways there are. */
static void
ask_too_much(int way)
{
    struct arena *a = arena_create();
    if (way == 0)
        (void)arena_calloc(a, SIZE_MAX / 2, 3);
    else if (way == 1)
        (void)arena_alloc(a, SIZE_MAX - 3);
    else
        free(xcalloc(SIZE_MAX / 2, 3));
    arena_free(a);
}

/* Out of memory ends the process with a message; nothing gets NULL. */
static void
test_out_of_memory(void **state)
{
    (void)state;
    for (int way = 0; way < 3; way++) {
        int ends[2], status;
        char text[128] = "";
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0) {
            setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
            signal(SIGABRT, SIG_DFL);
            dup2(ends[1], STDERR_FILENO);
            ask_too_much(way);
            _exit(0);
        }
        close(ends[1]);
        assert_true(read(ends[0], text, sizeof(text) - 1) > 0);
        close(ends[0]);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
        assert_non_null(strstr(text, "out of memory"));
    }
}

/* --- views --- */

static void
test_strv(void **state)
{
    (void)state;
    assert_true(strv_cmp(STRV("a"), STRV("b")) < 0);
    assert_true(strv_cmp(STRV("a"), STRV("a\0")) < 0);
    assert_true(strv_cmp(STRV("é"), STRV("z")) > 0);
    assert_int_equal(strv_cmp(STRV(""), (struct strv){NULL, 0}), 0);
    assert_true(strv_ieq(STRV("AbC[é"), STRV("aBc[é")));
    assert_false(strv_ieq(STRV("@"), STRV("`")));
    assert_false(strv_ieq(STRV("a"), STRV("ab")));
    assert_true(strv_starts(STRV("abc"), STRV("ab")) && strv_starts(STRV(""), STRV("")));
    assert_false(strv_starts(STRV("a"), STRV("ab")));
    assert_true(strv_ends(STRV("abc"), STRV("bc")));
    assert_false(strv_ends(STRV("c"), STRV("bc")));
    assert_int_equal(strv_find(STRV("abcabc"), STRV("ca")), 2);
    assert_int_equal(strv_find(STRV("abc"), STRV("")), 0);
    assert_true(strv_find(STRV("abc"), STRV("abcd")) == (size_t)-1);
    assert_true(strv_is(strv_trim(STRV("\xe3\x80\x80\t a b\xc2\xa0\r\n\v\f ")), "a b"));
    assert_int_equal(strv_trim(STRV(" \xc2\xa0\xe3\x80\x80 ")).n, 0);
    assert_true(strv_is(strv_trim(STRV("\xa0x\x80")), "\xa0x\x80")); /* stray bytes are no white space */
    assert_int_equal(strv_of(NULL).n, 0);
}

static void
test_cut(void **state)
{
    static const struct {
        const char *in, *want; /* parts joined by '|' with one behind each */
    } rows[] = {{"a,b", "a|b|"}, {"a,", "a||"}, {",", "||"}, {"", "|"}, {"abc", "abc|"}};
    struct strbuf b = {0};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct strv rest = strv_of(rows[i].in);
        while (rest.p) {
            strbuf_addv(&b, strv_cut(&rest, ','));
            strbuf_addc(&b, '|');
        }
        assert_int_equal(rest.n, 0);
        assert_int_equal(strv_cut(&rest, ',').n, 0);
        CHECK_BUF(&b, rows[i].want);
    }
    strbuf_release(&b);
}

static void
test_i64(void **state)
{
    static const struct {
        const char *in;
        bool ok;
        int64_t want;
    } rows[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"+5", true, 5},
        {"007", true, 7},
        {"", false, 0},
        {"-", false, 0},
        {"+", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
        {"1.0", false, 0},
        {"0x1", false, 0},
        {"--1", false, 0},
        {"9223372036854775807", true, INT64_MAX},
        {"9223372036854775808", false, 0},
        {"-9223372036854775808", true, INT64_MIN},
        {"-9223372036854775809", false, 0},
        {"99999999999999999999999999", false, 0},
        {"１", false, 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t v = 77;
        CHECK_ROW(strv_i64(strv_of(rows[i].in), &v) == rows[i].ok, i, rows[i].in);
        CHECK_ROW(v == (rows[i].ok ? rows[i].want : 77), i, rows[i].in);
    }
    int64_t v;
    assert_false(strv_i64(STRV("1\0"), &v));
}

/* --- buffers --- */

static void
test_strbuf_cap(void **state)
{
    struct strbuf b;
    (void)state;
    strbuf_init(&b, 5);
    strbuf_adds(&b, "abc");
    strbuf_adds(&b, "de");
    assert_false(strbuf_failed(&b)); /* the cap itself is allowed */
    assert_string_equal(b.p, "abcde");
    strbuf_addc(&b, 'f');
    assert_true(strbuf_failed(&b));
    assert_string_equal(b.p, "abcde");
    strbuf_add(&b, "", 0);
    assert_int_equal(b.n, 5);
    strbuf_clear(&b);
    assert_false(strbuf_failed(&b));
    strbuf_addf(&b, "%d", 123456);
    assert_true(strbuf_failed(&b));
    assert_int_equal(b.n, 0);
    assert_string_equal(b.p, "");
    strbuf_adds(&b, "x"); /* sticky */
    assert_int_equal(b.n, 0);
    strbuf_release(&b);
    assert_false(strbuf_failed(&b));
    assert_null(b.p);
    strbuf_addf(&b, "%s", "12345");
    assert_string_equal(b.p, "12345");
    strbuf_release(&b);
    strbuf_add(&b, "x", SIZE_MAX); /* no overflow of the sum */
    assert_true(strbuf_failed(&b));
    strbuf_release(&b);
}

static void
test_strbuf_add(void **state)
{
    struct strbuf b = {0};
    (void)state;
    assert_int_equal(strbuf_view(&b).n, 0);
    for (int i = 0; i < 100000; i++)
        strbuf_addf(&b, "%d,", i % 10);
    assert_int_equal(b.n, 200000);
    assert_int_equal(b.p[199998], '9');
    assert_int_equal(b.p[b.n], 0);
    strbuf_clear(&b);
    strbuf_addf(&b, "%s", "");
    CHECK_BUF(&b, "");
    strbuf_addv(&b, STRV("a\0b"));
    assert_int_equal(b.n, 3);
    strbuf_release(&b);
}

static void
test_strbuf_addi(void **state)
{
    static const int64_t edges[] = {0,    9,         10,        99,        100, 101, 999,
                                    1000, 123456789, INT64_MAX, INT64_MIN, -1,  -10, -100};
    struct strbuf b = {0};
    struct rng r = {.s = 1};
    char want[32], text[24];
    (void)state;
    for (size_t i = 0; i < 2000; i++) {
        int64_t v = i < COUNT(edges) ? edges[i] : (int64_t)rng_next(&r) >> (i % 64);
        snprintf(want, sizeof(want), "%lld", (long long)v);
        strbuf_addi(&b, v);
        CHECK_BUF(&b, want);
        assert_string_equal(err_i64(text, v), want);
    }
    strbuf_release(&b);
}

/* --- errors --- */

static void
test_err_set(void **state)
{
    struct err e = {0};
    struct strbuf b = {0};
    (void)state;
    assert_int_equal(err_field(&e, MSG_ZONE_UNKNOWN, "zone", "name", "Mars/Base", NULL), ERR_INVALID);
    assert_int_equal(err_set(&e, MSG_NOT_FOUND, "what", "x", NULL), ERR_INVALID); /* the first cause wins */
    assert_int_equal(e.msg, MSG_ZONE_UNKNOWN);
    assert_string_equal(e.field, "zone");
    assert_string_equal(err_param(&e, "name"), "Mars/Base");
    assert_null(err_param(&e, "nam"));
    err_render(&e, LANG_EN, &b);
    CHECK_BUF(&b, "There is no time zone Mars/Base. Use a name such as Asia/Shanghai.");
    err_render(&e, LANG_ZH, &b);
    CHECK_BUF(&b, "没有名为 Mars/Base 的时区。请使用 Asia/Shanghai 这样的名称。");
    err_clear(&e);
    assert_int_equal(e.code, ERR_OK);
    err_set(&e, MSG_JSON_SYNTAX, "line", "1", "column", NULL, NULL); /* a NULL value counts as empty */
    assert_string_equal(err_param(&e, "column"), "");
    err_render(&e, LANG_EN, &b);
    CHECK_BUF(&b, "The JSON is not valid at line 1, column : {reason}.");
    strbuf_release(&b);
}

static void
test_err_long(void **state)
{
    struct err e = {0};
    struct strbuf b = {0};
    const char *name, *value;
    size_t pos = 0, n = 0;
    (void)state;
    for (int i = 0; i < 400; i++)
        strbuf_adds(&b, "客");
    err_field(&e, MSG_JSON_SYNTAX, b.p, "reason", b.p, "line", "12", "column", b.p, NULL);
    assert_true(strlen(e.field) == 63 && utf8_valid(strv_of(e.field)));
    while (err_next_param(&e, &pos, &name, &value)) {
        assert_true(utf8_valid(strv_of(value)));
        n++;
    }
    assert_int_equal(n, 3);
    assert_string_equal(err_param(&e, "line"), "12");
    assert_true(strlen(err_param(&e, "reason")) > 150);
    assert_true(strlen(err_param(&e, "column")) > 150);
    strbuf_release(&b);
}

static enum err_code
code_of(int m)
{
    struct err e = {0};
    return m == MSG_NONE ? ERR_OK : err_set(&e, (enum msg)m, NULL);
}

/* Every message has a key, two sentences and the same parameters in both. */
static void
test_messages(void **state)
{
    (void)state;
    for (int m = 0; m < MSG_COUNT_; m++) {
        const char *en = msg_text((enum msg)m, LANG_EN), *zh = msg_text((enum msg)m, LANG_ZH);
        const char *key = err_msg_key((enum msg)m);
        CHECK_ROW(en && *en && zh && *zh && key && *key, m, key ? key : "?");
        CHECK_ROW(utf8_valid(strv_of(zh)), m, key);
        for (const char *p = en; (p = strchr(p, '{')) != NULL; p++) {
            char zh_own[64]; /* {expected} may have its own {expected_zh} */
            struct strv param = {p, (size_t)(strcspn(p, "}") + 1)};
            snprintf(zh_own, sizeof(zh_own), "%.*s_zh}", (int)param.n - 1, p);
            CHECK_ROW(strv_find(strv_of(zh), param) != (size_t)-1 || strstr(zh, zh_own), m, key);
        }
        for (int k = 0; k < m; k++) /* a key may have several sentences, but means one kind of error */
            CHECK_ROW(strcmp(key, err_msg_key((enum msg)k)) != 0 || code_of(m) == code_of(k), m, key);
    }
    assert_int_equal(err_http_status(ERR_NOT_FOUND), 404);
    assert_string_equal(err_problem_type(ERR_NOT_FOUND), "not-found");
    assert_int_equal(err_exit_code(ERR_OK), 0);
    assert_int_equal(err_exit_code(ERR_INTERNAL), 1);
}

static void
test_err_list(void **state)
{
    struct arena *a = arena_create();
    struct err_list l = {.arena = a};
    (void)state;
    for (int i = 0; i < 100; i++) {
        struct err e = {0};
        char text[24];
        err_field(&e, MSG_NOT_FOUND, err_i64(text, i), "what", text, NULL);
        err_list_add(&l, &e);
    }
    assert_int_equal(l.n, 100);
    assert_string_equal(l.v[0].field, "0");
    assert_string_equal(err_param(&l.v[99], "what"), "99");
    arena_free(a);
}

/* --- hash --- */

static void
test_strmap(void **state)
{
    struct strmap *m = strmap_create();
    char key[32];
    int64_t v;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        int n = snprintf(key, sizeof(key), "k%d", i % 10000);
        strmap_put(m, (struct strv){key, (size_t)n}, i);
    }
    assert_int_equal(strmap_count(m), 10000);
    for (int i = 0; i < 10000; i++) {
        snprintf(key, sizeof(key), "k%d", i);
        assert_true(strmap_get(m, strv_of(key), &v));
        assert_int_equal(v, i + 10000);
    }
    assert_false(strmap_get(m, STRV("k10000"), &v));
    assert_false(strmap_get(m, STRV(""), &v));
    strmap_put(m, STRV(""), -1);
    strmap_put(m, STRV("a\0b"), -2);
    assert_true(strmap_get(m, (struct strv){NULL, 0}, &v) && v == -1);
    assert_true(strmap_get(m, STRV("a\0b"), &v) && v == -2);
    assert_false(strmap_get(m, STRV("a"), &v));
    strmap_free(m);
    strmap_free(NULL);
}

static void
test_intmap(void **state)
{
    struct intmap *m = intmap_create();
    bool added;
    size_t index;
    (void)state;
    for (int round = 0; round < 2; round++) {
        for (int64_t i = 0; i < 5000; i++) {
            assert_int_equal(intmap_index(m, i * -1000003, &added), i);
            assert_true(added);
        }
        assert_int_equal(intmap_index(m, -1000003, &added), 1);
        assert_false(added);
        assert_int_equal(intmap_index(m, INT64_MIN, &added), 5000);
        assert_int_equal(intmap_count(m), 5001);
        assert_int_equal(intmap_key(m, 5000), INT64_MIN);
        assert_true(intmap_find(m, 0, &index) && index == 0);
        assert_false(intmap_find(m, 1, &index));
        intmap_clear(m);
        assert_int_equal(intmap_count(m), 0);
        assert_false(intmap_find(m, 0, &index));
    }
    intmap_free(m);
    intmap_free(NULL);
}

static void
test_rng(void **state)
{
    struct rng r = {.s = 1234567};
    bool lo = false, hi = false;
    (void)state;
    /* the published first outputs of splitmix64 for this seed */
    assert_true(rng_next(&r) == UINT64_C(6457827717110365317));
    assert_true(rng_next(&r) == UINT64_C(3203168211198807973));
    for (int i = 0; i < 10000; i++) {
        int64_t v = rng_range(&r, -3, 3);
        double u = rng_unit(&r);
        assert_true(v >= -3 && v <= 3 && u >= 0 && u < 1);
        lo = lo || v == -3;
        hi = hi || v == 3;
    }
    assert_true(lo && hi);
    assert_int_equal(rng_range(&r, 5, 5), 5);
    (void)rng_range(&r, INT64_MIN, INT64_MAX);
    assert_true(hash_bytes("ab", 2) != hash_bytes("ab\0", 3));
    assert_true(hash_bytes("a", 1) != hash_bytes("b", 1));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena_blocks), cmocka_unit_test(test_arena_life),
        cmocka_unit_test(test_arena_text),   cmocka_unit_test(test_out_of_memory),
        cmocka_unit_test(test_strv),         cmocka_unit_test(test_cut),
        cmocka_unit_test(test_i64),          cmocka_unit_test(test_strbuf_cap),
        cmocka_unit_test(test_strbuf_add),   cmocka_unit_test(test_strbuf_addi),
        cmocka_unit_test(test_err_set),      cmocka_unit_test(test_err_long),
        cmocka_unit_test(test_messages),     cmocka_unit_test(test_err_list),
        cmocka_unit_test(test_strmap),       cmocka_unit_test(test_intmap),
        cmocka_unit_test(test_rng),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
