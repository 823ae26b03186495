/* test_csv.c - rows of delimited text: quotes, line breaks, delimiters, encodings, damaged archives, bombs.
 */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "core/arena.h"
#include "record/csv.h"
#include "record/import.h"

static char path_buf[64];

static const char *
file_of(const void *bytes, size_t n)
{
    snprintf(path_buf, sizeof path_buf, "/tmp/guanxi-csv-%d", (int)getpid());
    FILE *f = fopen(path_buf, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
    return path_buf;
}

/* The whole file as text: header and rows as cells joined by '^', rows by '/'; an error as its key. */
static void
read_all(const char *path, struct strbuf *out)
{
    struct err err = {0};
    struct import_source *s = NULL;
    const struct strv *cells;
    size_t n;
    int64_t row = 0, want = 1;
    bool end = false;
    if (import_open(path, &s, &err)) {
        strbuf_adds(out, err_msg_key(err.msg));
        return;
    }
    n = import_columns(s, &cells);
    for (;;) {
        for (size_t i = 0; i < n; i++)
            strbuf_addf(out, "%s" STRV_FMT, i ? "^" : "", STRV_ARG(cells[i]));
        if (import_next(s, &cells, &n, &row, &end, &err)) {
            strbuf_addf(out, "/!%s %s", err_msg_key(err.msg), err_param(&err, "row"));
            break;
        }
        if (end)
            break;
        assert_int_equal(row, want++);
        strbuf_addc(out, '/');
    }
    import_close(s);
}

static void
check(const char *name, const void *bytes, size_t n, const char *want)
{
    struct strbuf got = {0};
    read_all(file_of(bytes, n), &got);
    if (!strv_is(strbuf_view(&got), want))
        print_message("%s\n", name);
    assert_string_equal(got.p, want);
    strbuf_release(&got);
    (void)unlink(path_buf);
}

#define CASE(name, text, want)                                                                               \
    {                                                                                                        \
        name, text, sizeof(text) - 1, want                                                                   \
    }

static const struct {
    const char *name, *text;
    size_t n;
    const char *want;
} CASES[] = {
    CASE("plain", "a,b\n1,2\n3,4\n", "a^b/1^2/3^4"),
    CASE("no last line break", "a,b\n1,2", "a^b/1^2"),
    CASE("crlf", "a,b\r\n1,2\r\n", "a^b/1^2"),
    CASE("cr", "a,b\r1,2\r3,4", "a^b/1^2/3^4"),
    CASE("mixed ends", "a,b\r\n1,2\n3,4\r5,6", "a^b/1^2/3^4/5^6"),
    CASE("byte order mark",
         "\xef\xbb\xbf"
         "a,b\n1,2\n",
         "a^b/1^2"),
    CASE("quotes", "a,b\n\"x, y\",\"say \"\"hi\"\"\"\n", "a^b/x, y^say \"hi\""),
    CASE("line breaks in quotes", "a,b\n\"1\n2\r\n3\",4\n5,6\n", "a^b/1\n2\r\n3^4/5^6"),
    CASE("empty quotes", "a,b\n\"\",\"\"\n", "a^b/^"),
    CASE("only doubled quotes", "a,b\n\"\"\"\",2\n", "a^b/\"^2"),
    CASE("quote in the middle", "a,b\n5\" pipe,2\n", "a^b/5\" pipe^2"),
    CASE("text after the quotes", "a,b\n\"x\"y,2\n", "a^b/xy^2"),
    CASE("empty cells", "a,b,c\n,,\n1,,3\n", "a^b^c/^^/1^^3"),
    CASE("delimiter at the very end", "a,b\n1,", "a^b/1^"),
    CASE("empty lines are no rows", "\n\na,b\n\n1,2\n\r\n\n3,4\n\n", "a^b/1^2/3^4"),
    CASE("ragged", "a,b\n1\n1,2,3\n", "a^b/1/1^2^3"),
    CASE("semicolon", "a;b;c\n1,5;2;3\n1,6;2;3\n", "a^b^c/1,5^2^3/1,6^2^3"),
    CASE("tab", "a\tb\n1, one\t2\n", "a^b/1, one^2"),
    CASE("bar", "a|b|c\n1|2|3\n", "a^b^c/1^2^3"),
    CASE("delimiter only in quotes", "\"a;x\",b\n\"1;y\",2\n", "a;x^b/1;y^2"),
    CASE("one column", "a\n1\n2\n", "a/1/2"),
    CASE("header names", "a,,a, b \n1,2,3,4\n", "a^column2^a (3)^b/1^2^3^4"),
    CASE("header only", "a,b\n", "a^b"),
    CASE("only line breaks", "\n\n\r\n", "import.no_header"),
    CASE("Chinese", "姓名,城市\n张伟,上海\n", "姓名^城市/张伟^上海"),
    CASE("GB18030", "a,b\n1,2\n\xd6\xd0,2\n", "a^b/1^2/中^2"),
    CASE("GB18030, four bytes", "a,b\n\xb9\xd8\xcf\xb5\xd6\xd0,\x81\x39\xef\x30\n\xd6\xd0\xce\xc4,2\n",
         "a^b/关系中^㐁/中文^2"),
    CASE("Windows-1252", "name,b\nM\xfcller,2\n\x80 cent,\x93x\x94\n", "name^b/Müller^2/€ cent^“x”"),
    CASE("in no encoding", "a,b\n\xff\x81\xff\x8d\n", "import.encoding"),
    CASE("UTF-8 with one damaged byte", "a,b\n客户名称电话地址城市备注等级来源跟进时间负责人,2\n1\xff,2\n",
         "a^b/客户名称电话地址城市备注等级来源跟进时间负责人^2/!import.not_utf8 2"),
    CASE("overlong UTF-8",
         "a,b\n客户名称电话地址城市备注等级来源跟进时间负责人客户名称电话地址城市备注等级来源跟进时间负责人,"
         "2\n\xc0\xaf,2\n",
         "a^b/客户名称电话地址城市备注等级来源跟进时间负责人客户名称电话地址城市备注等级来源跟进时间负责人^2/"
         "!import.not_utf8 2"),
    CASE("GB18030 with one damaged byte",
         "a,"
         "b\n\xd6\xd0\xb9\xfa\xcf\xfa\xca\xdb\xd6\xd0\xb9\xfa\xcf\xfa\xca\xdb\xd6\xd0\xb9\xfa\xcf\xfa\xca\xdb"
         "\xd6\xd0\xb9\xfa\xcf\xfa\xca\xdb\xd6\xd0\xb9\xfa\xcf\xfa\xca\xdb\xd6\xd0\xb9\xfa\xcf\xfa\xca\xdb"
         "\xd6\xd0\xb9\xfa\xcf\xfa\xca\xdb\xd6\xd0\xb9\xfa\xcf\xfa\xca\xdb\xd6\xd0\xb9\xfa\xcf\xfa\xca\xdb"
         "\xd6\xd0\xb9\xfa\xcf\xfa\xca\xdb\xd6\xd0\xb9\xfa\xcf\xfa\xca\xdb\xd6\xd0\xb9\xfa\xcf\xfa\xca\xdb"
         "\xd6\xd0\xb9\xfa\xcf\xfa\xca\xdb,2\n\xff,2\n",
         "a^b/"
         "中国销售中国销售中国销售中国销售中国销售中国销售中国销售中国销售中国销售中国销售中国销售中国销售中"
         "国销售^2/!import.bad_text 2"),
    CASE("UTF-16LE with mark",
         "\xff\xfe"
         "a\0,\0b\0\n\0",
         "a^b"),
    CASE("UTF-16BE with mark", "\xfe\xff\0a\0,\0b\0\n\x4e\x2d\0,", "a^b/中^"),
    CASE("UTF-16LE without mark", "a\0,\0b\0\n\0\x2d\x4e,\0\x31\0\n\0", "a^b/中^1"),
    CASE("title rows above the header",
         "订单明细表,,,\n导出时间：2024-03-01,,,\n单号,客户,商品,金额\nA1,张三,茶,12.5\nA2,李四,壶,8\n",
         "单号^客户^商品^金额/A1^张三^茶^12.5/A2^李四^壶^8"),
    CASE("two header rows",
         "单号,收货人,,商品,\n,姓名,电话,名称,数量\nA1,张三,13800000000,茶,2\nA2,李四,13900000000,壶,1\n",
         "单号^姓名^电话^名称^数量/A1^张三^13800000000^茶^2/A2^李四^13900000000^壶^1"),
    CASE("two header rows, names that come twice",
         "单号,买家,,收货人,\n,姓名,电话,姓名,电话\nA1,张三,1,李四,2\nA2,王五,3,赵六,4\n",
         "单号^买家 姓名^买家 电话^收货人 姓名^收货人 电话/A1^张三^1^李四^2/A2^王五^3^赵六^4"),
    CASE("no second header row", "a,,c\nx,y,z\n1,2,3\n", "a^column2^c/x^y^z/1^2^3"),
    CASE("JSON lines",
         "{\"name\":\"张伟\",\"n\":2,\"a\":{\"city\":\"上海\"}}\n\n{\"tags\":[\"x\",\"y\"],\"name\":\"B\","
         "\"ok\":true,\"f\":1.5}\n",
         "name^n^a.city^tags^ok^f/张伟^2^上海^^^/B^^^x, y^true^1.5"),
    CASE("JSON lines, a line that is none", "{\"a\":1}\n{\"a\":2\n{\"a\":3}\n", "a/1/!import.json_line 2"),
    CASE(
        "vCard cut off", "BEGIN:VCARD\r\nFN:A\r\n",
        "Name^N family^N given^Company^Department^Job title^Mobile^Phone^Phone 2^Fax^Email^Email "
        "2^Website^Country^Region^City^Address^Postcode^Birthday^Note^Categories^WeChat^UID/!import.vcard 1"),
    CASE("vCard",
         "BEGIN:VCARD\r\nVERSION:3.0\r\nN:张;伟;;;\r\nORG:苏州\\, 机械;销售\r\nitem1.TEL;TYPE=CELL:138 0000 "
         "0000\r\n"
         "TEL;TYPE=WORK:0512-1\r\nEMAIL:a@b.\r\n cn\r\nADR;TYPE=WORK:;;人民路 "
         "1;苏州;江苏;215000;中国\r\nEND:VCARD\r\n"
         "BEGIN:VCARD\nVERSION:2.1\nFN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:=E6=9D=\n=8E=E5=9B=9B\nNOTE:"
         "a\\nb\nEND:VCARD\n",
         "Name^N family^N given^Company^Department^Job title^Mobile^Phone^Phone 2^Fax^Email^Email "
         "2^Website^Country^Region^City^Address^Postcode^Birthday^Note^Categories^WeChat^UID"
         "/张伟^张^伟^苏州, 机械^销售^^138 0000 0000^0512-1^^^a@b.cn^^^中国^江苏^苏州^人民路 1^215000^^^^^"
         "/李四^^^^^^^^^^^^^^^^^^^a\nb^^^"),
    CASE("NUL byte", "a,b\n1,2\n1\0,2\n", "a^b/1^2/!import.nul 2"),
    CASE("open quote", "a,b\n1,2\n\"3,4\n5,6\n", "a^b/1^2/!import.quote 2"),
    CASE("quote ends the file", "a,b\n1,\"2\"", "a^b/1^2"),
    CASE("open quote at the end", "a,b\n1,\"", "a^b/!import.quote 1"),
};

static void
test_forms(void **state)
{
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        check(CASES[i].name, CASES[i].text, CASES[i].n, CASES[i].want);
}

/* Rows across the borders of blocks, read as they were written: plain, gzip and zstd, also with several
 * members. */
static void
test_blocks_and_archives(void **state)
{
    enum { ROWS = 60000 };
    struct strbuf text = {0};
    strbuf_adds(&text, "no,text,more\r\n");
    for (int i = 1; i <= ROWS; i++)
        strbuf_addf(&text, "%d,\"line %d\r\nsays \"\"%.*s\"\"\",茶\r\n", i, i, i % 97,
                    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghij"
                    "klmnopqrstuvwxyz");
    size_t cap = compressBound(text.n) + 1000 + ZSTD_compressBound(text.n), half = text.n / 2;
    char *packed = malloc(cap);
    for (int form = 0; form < 5; form++) {
        size_t n = 0;
        for (int part = 0; part < 2 && form > 0; part++) {
            const char *from = text.p + (part ? half : 0);
            size_t len = form % 2 ? (part ? 0 : text.n) : (part ? text.n - half : half);
            if (len == 0)
                continue;
            if (form <= 2) {
                z_stream z = {0};
                assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
                z.next_in = (Bytef *)from;
                z.avail_in = (unsigned)len;
                z.next_out = (Bytef *)packed + n;
                z.avail_out = (unsigned)(cap - n);
                assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
                n = cap - z.avail_out;
                deflateEnd(&z);
            } else {
                size_t k = ZSTD_compress(packed + n, cap - n, from, len, 1);
                assert_false(ZSTD_isError(k));
                n += k;
            }
        }
        struct err err = {0};
        struct import_source *s;
        const char *path = form ? file_of(packed, n) : file_of(text.p, text.n);
        assert_int_equal(import_open(path, &s, &err), ERR_OK);
        for (int i = 1; i <= ROWS; i++) {
            const struct strv *c;
            size_t cells;
            int64_t row, no;
            bool end;
            assert_int_equal(import_next(s, &c, &cells, &row, &end, &err), ERR_OK);
            assert_false(end);
            assert_int_equal(row, i);
            assert_int_equal(cells, 3);
            assert_true(strv_i64(c[0], &no) && no == i);
            struct strv said = {c[1].p + c[1].n - 1 - (size_t)(i % 97), (size_t)(i % 97)};
            assert_true(
                strv_starts(said, (struct strv){"abcdefghijklmnopqrstuvwxyz", said.n < 26 ? said.n : 26}));
            assert_true(strv_is(c[2], "茶"));
        }
        assert_true(import_progress(s) > 0.9 && import_progress(s) <= 1.0);
        import_close(s);
        if (form > 0) { /* cut off in the middle: told, not taken for the end */
            struct strbuf got = {0};
            read_all(file_of(packed, n / 3), &got);
            assert_true(strv_ends(strbuf_view(&got), STRV("/!import.damaged (null)")));
            strbuf_release(&got);
        }
    }
    free(packed);
    strbuf_release(&text);
    (void)unlink(path_buf);
}

static void
expect_open(const char *path, const char *key)
{
    struct err err = {0};
    struct import_source *s;
    assert_int_not_equal(import_open(path, &s, &err), ERR_OK);
    assert_string_equal(err_msg_key(err.msg), key);
}

static void
test_files(void **state)
{
    expect_open("/tmp", "import.folder");
    expect_open("/tmp/no-such-file-here", "file.open");
    expect_open("/dev/null", "import.not_a_file");
    expect_open(file_of("", 0), "import.empty");
    expect_open(file_of("\x1f\x8b\x08garbage", 10), "import.damaged");
    expect_open(file_of("\x28\xb5\x2f\xfdgarbage-garbage", 19), "import.damaged");
    if (geteuid() != 0) {
        assert_int_equal(chmod(file_of("a,b\n", 4), 0), 0);
        expect_open(path_buf, "file.open");
    }
    (void)unlink(path_buf);
}

static long
peak_kb(void)
{
    struct rusage u;
    assert_int_equal(getrusage(RUSAGE_SELF, &u), 0);
    return u.ru_maxrss;
}

/* A gzip file of some MB whose one line has 2 GB: refused at 10 MB, in memory that does not depend on it. */
static void
test_endless_line(void **state)
{
    static char block[1 << 20];
    struct strbuf got = {0};
    long before;
    file_of("", 0);
    gzFile gz = gzopen(path_buf, "wb1");
    assert_non_null(gz);
    assert_int_equal(gzwrite(gz, "a,b\n1,2\n", 8), 8);
    memset(block, 'x', sizeof block);
    for (int i = 0; i < 2048; i++)
        assert_int_equal(gzwrite(gz, block, sizeof block), sizeof block);
    assert_int_equal(gzclose(gz), Z_OK);
    before = peak_kb();
    read_all(path_buf, &got);
    assert_string_equal(got.p, "a^b/1^2/!import.row_large 2");
    assert_true(peak_kb() - before < 64 * 1024);
    strbuf_release(&got);
    (void)unlink(path_buf);
}

static void
test_limits(void **state)
{
    struct strbuf text = {0}, want = {0};
    strbuf_adds(&text, "a,b\n");
    for (unsigned i = 0; i < CSV_CELL_MAX + 1; i++)
        strbuf_addc(&text, 'x');
    strbuf_adds(&text, ",1\n");
    check("cell above 1 MB", text.p, text.n, "a^b/!import.cell_large 1");
    strbuf_clear(&text);
    strbuf_adds(&text, "a,b\n");
    for (unsigned i = 0; i < CSV_CELLS_MAX; i++)
        strbuf_addc(&text, ',');
    check("many cells", text.p, text.n, "a^b/!import.many_cells 1");
    strbuf_clear(&text); /* a row just below the limits */
    strbuf_adds(&text, "a,b\n");
    strbuf_adds(&want, "a^b/");
    for (unsigned c = 0; c < 9; c++) {
        for (unsigned i = 0; i < CSV_CELL_MAX; i++) {
            strbuf_addc(&text, (char)('a' + c));
            strbuf_addc(&want, (char)('a' + c));
        }
        if (c < 8) {
            strbuf_addc(&text, ',');
            strbuf_addc(&want, '^');
        }
    }
    check("nine cells of 1 MB", text.p, text.n, want.p);
    strbuf_release(&text);
    strbuf_release(&want);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),  cmocka_unit_test(test_blocks_and_archives),
        cmocka_unit_test(test_files),  cmocka_unit_test(test_endless_line),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
