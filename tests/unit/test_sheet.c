/* test_sheet.c - spreadsheets through the child process that parses them: values, merged cells, sheets; files
 * made to do harm; the wall around the child. */
#include "unit.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/arena.h"
#include "os/worker.h"
#include "record/import.h"
#include "record/import_source.h"
#include "record/sheet.h"
#include "record/sheet_worker.h"
#include "xlsx_make.h"

static char path_buf[64];

static const char *
path(void)
{
    snprintf(path_buf, sizeof path_buf, "/tmp/guanxi-sheet-%d", (int)getpid());
    return path_buf;
}

/* Header and rows as in test_csv.c; an error as its key. */
static void
read_as(const char *file, struct import_options opt, struct strbuf *out)
{
    struct err err = {0};
    struct import_source *s = NULL;
    const struct strv *cells;
    size_t n;
    int64_t row;
    bool end = false;
    strbuf_clear(out);
    if (import_open_as(file, opt, &s, &err)) {
        strbuf_adds(out, err_msg_key(err.msg));
        return;
    }
    n = import_columns(s, &cells);
    for (;;) {
        for (size_t i = 0; i < n; i++)
            strbuf_addf(out, "%s" STRV_FMT, i ? "^" : "", STRV_ARG(cells[i]));
        if (import_next(s, &cells, &n, &row, &end, &err)) {
            strbuf_addf(out, "/!%s", err_msg_key(err.msg));
            break;
        }
        if (end)
            break;
        strbuf_addc(out, '/');
    }
    import_close(s);
}

static void
check_sheet(const char *name, const char *sheet, size_t n, const char *want)
{
    struct strbuf got = {0};
    assert_true(xlsx_write(path(), sheet, n));
    read_as(path(), (struct import_options){0}, &got);
    if (!strv_is(strbuf_view(&got), want))
        print_message("%s\n", name);
    assert_string_equal(got.p, want);
    strbuf_release(&got);
    (void)unlink(path());
}

#define HEAD                                                                                                 \
    "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\" "              \
    "t=\"s\"><v>2</v></c></row>"

static const struct {
    const char *name, *sheet, *want;
} SHEETS[] = {
    {"strings, dates, numbers",
     XLSX_SHEET(HEAD "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>3</v></c><c r=\"B2\" s=\"1\"><v>45352</v></c>"
                     "<c r=\"C2\" s=\"3\"><v>1234.5</v></c></row>"
                     "<row r=\"4\"><c r=\"A4\" t=\"inlineStr\"><is><t>乙</t></is></c><c r=\"B4\" "
                     "s=\"2\"><v>45352.5</v></c><c r=\"C4\"><f>1+1</f><v>0.1</v></c></row>",
                ""),
     "单号^日期^金额/A & B^2024-03-01^1234.5/乙^2024-03-01 12:00:00^0.1"},
    {"digits beyond fifteen are shown as lost, a binary fraction is not",
     XLSX_SHEET(HEAD "<row r=\"2\"><c><v>6.2284804025648896E+17</v></c><c><v>41.100000000000001</v></c>"
                     "<c><v>123456789012345</v></c></row>",
                ""),
     "单号^日期^金额/6.22848040256489E+17^41.1^123456789012345"},
    {"truth, errors, text of formulas, empty rows",
     XLSX_SHEET(HEAD "<row r=\"2\"><c t=\"b\"><v>1</v></c><c t=\"e\"><v>#N/A</v></c><c "
                     "t=\"str\"><v>x</v></c></row><row r=\"3\"><c s=\"1\"/></row><row r=\"4\"/>",
                ""),
     "单号^日期^金额/true^#N/A^x"},
    {"merged cells",
     XLSX_SHEET(HEAD
                "<row r=\"2\"><c r=\"A2\"><v>7</v></c><c r=\"B2\"><v>1</v></c><c r=\"C2\"><v>2</v></c></row>"
                "<row r=\"3\"><c r=\"A3\"/><c r=\"B3\"><v>3</v></c></row>"
                "<row r=\"4\"><c r=\"B4\"><v>5</v></c></row>",
                "<mergeCells><mergeCell ref=\"A2:A3\"/><mergeCell ref=\"C2:C4\"/></mergeCells>"),
     "单号^日期^金额/7^1^2/7^3^2/^5^2"},
    {"a title across a merged area, two rows of names",
     XLSX_SHEET(
         "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>月报</v></c></row>"
         "<row r=\"2\"><c r=\"A2\" t=\"str\"><v>单号</v></c><c r=\"B2\" t=\"str\"><v>买家</v></c></row>"
         "<row r=\"3\"><c r=\"B3\" t=\"str\"><v>姓名</v></c><c r=\"C3\" t=\"str\"><v>电话</v></c></row>"
         "<row r=\"4\"><c r=\"A4\" t=\"str\"><v>A1</v></c><c r=\"B4\" t=\"str\"><v>张三</v></c><c "
         "r=\"C4\"><v>138</v></c></row>"
         "<row r=\"5\"><c r=\"A5\" t=\"str\"><v>A2</v></c><c r=\"B5\" t=\"str\"><v>李四</v></c><c "
         "r=\"C5\"><v>139</v></c></row>",
         "<mergeCells><mergeCell ref=\"A1:C1\"/><mergeCell ref=\"A2:A3\"/><mergeCell "
         "ref=\"B2:C2\"/></mergeCells>"),
     "单号^姓名^电话/A1^张三^138/A2^李四^139"},
    {"more cells than names", XLSX_SHEET(HEAD "<row r=\"2\"><c r=\"E2\"><v>1</v></c></row>", ""),
     "单号^日期^金额^column4^column5/^^^^1"},
    {"no rows", XLSX_SHEET("", ""), "x/1"}, /* the next sheet with rows */
    {"a declaration of document type", "<!DOCTYPE x [<!ENTITY a \"b\">]>" XLSX_SHEET(HEAD, ""), "sheet.dtd"},
    {"entities that grow",
     "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><worksheet>&b;</worksheet>",
     "sheet.dtd"},
    {"an entity nobody declared", XLSX_SHEET("<row r=\"1\"><c t=\"str\"><v>&xxe;</v></c></row>", ""),
     "sheet.damaged"},
    {"XML cut off", "<worksheet><sheetData><row r=\"1\"><c t=\"str\"><v>a</v></c></row>", "sheet.damaged"},
    {"a row beyond the last", XLSX_SHEET("<row r=\"99999999999\"><c><v>1</v></c></row>", ""),
     "sheet.damaged"},
    {"a column beyond the last", XLSX_SHEET("<row r=\"1\"><c r=\"ZZZZ1\"><v>1</v></c></row>", ""),
     "sheet.damaged"},
    {"a string that is not there", XLSX_SHEET("<row r=\"1\"><c t=\"s\"><v>99</v></c></row>", ""),
     "sheet.damaged"},
};

static void
test_values(void **state)
{
    for (size_t i = 0; i < COUNT(SHEETS); i++)
        check_sheet(SHEETS[i].name, SHEETS[i].sheet, strlen(SHEETS[i].sheet), SHEETS[i].want);
}

static void
test_choice_of_sheet(void **state)
{
    static const char SHEET[] = XLSX_SHEET(HEAD "<row r=\"2\"><c><v>1</v></c></row>", "");
    struct strbuf got = {0};
    struct import_source *s;
    struct import_file about;
    struct err err = {0};
    assert_true(xlsx_write(path(), SHEET, strlen(SHEET)));
    read_as(path(), (struct import_options){.sheet = STRV("B")}, &got);
    assert_string_equal(got.p, "x/1");
    read_as(path(), (struct import_options){.sheet = STRV("说明")}, &got);
    assert_string_equal(got.p, "x/1");
    read_as(path(), (struct import_options){.sheet = STRV("C")}, &got);
    assert_string_equal(got.p, "sheet.none");
    assert_int_equal(import_open(path(), &s, &err), ERR_OK);
    import_about(s, &about);
    assert_int_equal(about.format, IMPORT_XLSX);
    assert_int_equal(about.n_sheets, 3);
    assert_true(strv_is(about.sheets[about.sheet], "订单"));
    import_close(s);
    strbuf_release(&got);
    (void)unlink(path());
}

/* ---- files made to do harm ---- */

static void
expect(const char *name, const char *want)
{
    struct strbuf got = {0};
    read_as(path(), (struct import_options){0}, &got);
    if (!strv_is(strbuf_view(&got), want))
        print_message("%s\n", name);
    assert_string_equal(got.p, want);
    strbuf_release(&got);
    (void)unlink(path());
}

static void
test_bombs(void **state)
{
    static const char SHEET[] = XLSX_SHEET(HEAD, "");
    size_t big = 8 << 20;
    char *blank = malloc(big + 1);
    zipFile z;
    FILE *f;
    char part[32];

    memset(blank, ' ', big);
    memcpy(blank, "<worksheet>", 11);
    assert_true(xlsx_write(path(), blank, big));
    expect("8 MB that pack into 8 kB", "sheet.ratio");
    free(blank);

    z = zipOpen(path(), APPEND_STATUS_CREATE);
    for (int i = 0; i < 1001; i++) {
        snprintf(part, sizeof part, "p%d", i);
        assert_true(xlsx_add(z, part, "x", 1, true));
    }
    assert_int_equal(zipClose(z, NULL), ZIP_OK);
    expect("1,001 parts", "sheet.entries");

    z = zipOpen(path(), APPEND_STATUS_CREATE);
    assert_true(xlsx_add(z, "readme.txt", "hello", 5, true));
    assert_int_equal(zipClose(z, NULL), ZIP_OK);
    expect("an archive that is no spreadsheet", "sheet.not_xlsx");

    assert_true(xlsx_write(path(), SHEET, strlen(SHEET)));
    assert_int_equal(truncate(path(), 700), 0);
    expect("cut off", "sheet.damaged");

    f = fopen(path(), "wb");
    fputs("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and then nothing of the kind", f);
    fclose(f);
    expect("not an .xls", "sheet.damaged");
}

/* A sheet whose one part says 200 MB in the directory. */
static void
test_directory_that_lies(void **state)
{
    static const char SHEET[] = XLSX_SHEET(HEAD, "");
    char *bytes = malloc(1 << 16);
    FILE *f;
    size_t n, changed = 0;
    assert_true(xlsx_write(path(), SHEET, strlen(SHEET)));
    f = fopen(path(), "rb");
    n = fread(bytes, 1, 1 << 16, f);
    fclose(f);
    for (size_t i = 0; i + 46 < n; i++) {
        if (memcmp(bytes + i, "PK\1\2", 4) == 0 && ++changed)
            memcpy(bytes + i + 24, "\0\0\0\x0c", 4); /* 201,326,592 */
    }
    assert_true(changed > 3);
    f = fopen(path(), "wb");
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    fclose(f);
    free(bytes);
    expect("200 MB by the directory", "sheet.large");
}

/* ---- the wall ---- */

static void
forbidden(int no)
{
    char buf[16] = "";
    struct sockaddr_in to = {.sin_family = AF_INET};
    switch (no) {
    case 0:
        (void)syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);
        break;
    case 1:
        (void)syscall(SYS_connect, 0, &to, sizeof to);
        break;
    case 2:
        (void)syscall(SYS_fork);
        break;
    case 3:
        (void)syscall(SYS_vfork);
        break;
    case 4:
        (void)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
        break;
    case 5:
        (void)syscall(SYS_execve, "/bin/true", NULL, NULL);
        break;
    case 6:
        (void)syscall(SYS_unlink, "/tmp/x");
        break;
    case 7:
        (void)syscall(SYS_rename, "/tmp/x", "/tmp/y");
        break;
    case 8:
        (void)syscall(SYS_mkdir, "/tmp/x", 0700);
        break;
    case 9:
        (void)syscall(SYS_kill, getppid(), 0);
        break;
    case 10:
        (void)syscall(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0);
        break;
    case 11:
        (void)syscall(SYS_setuid, 0);
        break;
    case 12:
        (void)syscall(SYS_chmod, "/tmp", 0777);
        break;
    case 13:
        (void)syscall(SYS_mount, "a", "/mnt", "tmpfs", 0, NULL);
        break;
    case 14:
        (void)syscall(SYS_mmap, NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        break;
    case 15:
        (void)syscall(SYS_dup, 1);
        break;
    case 16:
        (void)syscall(SYS_getdents64, 0, buf, sizeof buf);
        break;
    case 17:
        (void)syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0);
        break;
    case 18:
        (void)syscall(SYS_memfd_create, "x", 0);
        break;
    case 19:
        (void)syscall(SYS_io_uring_setup, 1, buf);
        break;
    case 20:
        (void)syscall(SYS_bpf, 0, buf, sizeof buf);
        break;
    default:
        _exit(0);
    }
    _exit(0);
}

/* The answer no: the file system, except the document itself. */
static void
look_around(void)
{
    bool shut = open("/etc/passwd", O_RDONLY) < 0 && open("/proc/self/fd/0", O_RDONLY) < 0;
    _exit(shut && open(OS_WORKER_INPUT, O_RDONLY) >= 0 ? 0 : 9);
}

static int
test_worker(const char *name)
{
    struct os_limits limits = {.memory = 256 << 20, .cpu_s = 1};
    bool look = strcmp(name, "look") == 0, change = strcmp(name, "change") == 0;
    os_confine(&limits, look || change);
    if (change)
        _exit(open(OS_WORKER_INPUT, O_RDWR) >= 0 ? 9 : 0);
    if (look)
        look_around();
    if (strcmp(name, "spin") == 0) {
        for (volatile uint64_t i = 0;; i++)
            continue;
    }
    forbidden((int)strtol(name, NULL, 10));
    return 0;
}

static enum os_worker_end
run_worker(const char *name)
{
    struct os_worker w;
    struct err err = {0};
    char byte;
    size_t got;
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    assert_int_equal(os_worker_start(name, fd, &w, &err), ERR_OK);
    (void)close(fd);
    assert_int_equal(os_worker_read(&w, &byte, 1, 20000, &got, &err), ERR_OK);
    assert_int_equal(got, 0);
    return os_worker_stop(&w, false);
}

static void
test_wall(void **state)
{
    char name[8];
    for (int i = 0; i <= 20; i++) {
        snprintf(name, sizeof name, "%d", i);
        if (run_worker(name) != OS_WORKER_FORBIDDEN)
            fail_msg("call %d was let through", i);
    }
    assert_int_equal(run_worker("look"), OS_WORKER_DONE);
    assert_int_equal(run_worker("change"), OS_WORKER_FORBIDDEN);
    assert_int_equal(run_worker("spin"), OS_WORKER_CPU);
}

static void
test_xls(void **state)
{
    struct strbuf got = {0};
    struct stat st;
    if (stat(DATA_DIR "/rfm/consumption_data.xls", &st) != 0) {
        print_message("skipped: no %s\n", DATA_DIR "/rfm/consumption_data.xls");
        skip();
    }
    read_as(DATA_DIR "/rfm/consumption_data.xls", (struct import_options){0}, &got);
    assert_true(strv_starts(strbuf_view(&got), STRV("Id^R^F^M/1^27^6^232.61/2^3^5^1507.11/")));
    size_t rows = 0;
    for (size_t i = 0; i < got.n; i++)
        rows += got.p[i] == '/';
    assert_int_equal(rows, 940);
    strbuf_release(&got);
}

static void
test_cells(void **state)
{
    static const struct {
        double v;
        const char *want;
    } NUMBERS[] = {{0, "0"},           {-0.0, "0"},        {1, "1"},
                   {1234.5, "1234.5"}, {0.1 + 0.2, "0.3"}, {999999999999999, "999999999999999"},
                   {1e15, "1E+15"},    {-2.5, "-2.5"},     {0.00001, "0.00001"}};
    static const struct {
        double v;
        bool later;
        const char *want;
    } DATES[] = {{1, false, "1900-01-01"},
                 {59, false, "1900-02-28"},
                 {61, false, "1900-03-01"},
                 {45352, false, "2024-03-01"},
                 {43890, true, "2024-03-01"},
                 {0.25, false, "06:00:00"},
                 {45352.999, false, "2024-03-01 23:58:34"}};
    struct strbuf b = {0};
    for (size_t i = 0; i < COUNT(NUMBERS); i++) {
        sheet_number(NUMBERS[i].v, &b);
        CHECK_BUF(&b, NUMBERS[i].want);
    }
    for (size_t i = 0; i < COUNT(DATES); i++) {
        assert_true(sheet_date(DATES[i].v, DATES[i].later, &b));
        CHECK_BUF(&b, DATES[i].want);
    }
    assert_false(sheet_date(-1, false, &b));
    assert_false(sheet_date(1e9, false, &b));
    assert_true(sheet_format_is_date(14, STRV("")));
    assert_false(sheet_format_is_date(2, STRV("")));
    assert_true(sheet_format_is_date(164, STRV("[$-804]yyyy\"年\"m\"月\"")));
    assert_true(sheet_format_is_date(164, STRV("[h]:mm:ss")));
    assert_false(sheet_format_is_date(164, STRV("\"day\" 0.00")));
    assert_false(sheet_format_is_date(164, STRV("General")));
    assert_false(sheet_format_is_date(164, STRV("#,##0.00_ ;[Red]\\-#,##0.00\\ ")));
    strbuf_release(&b);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values), cmocka_unit_test(test_choice_of_sheet),
        cmocka_unit_test(test_bombs),  cmocka_unit_test(test_directory_that_lies),
        cmocka_unit_test(test_wall),   cmocka_unit_test(test_xls),
        cmocka_unit_test(test_cells),
    };
    const char *name = os_worker_name(argc, argv);
    if (name != NULL && strchr(name, ':') == NULL)
        return test_worker(name);
    int worker = sheet_worker_main(argc, argv);
    return worker >= 0 ? worker : cmocka_run_group_tests(tests, NULL, NULL);
}
