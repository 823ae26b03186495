/* fuzz_xlsx.c - the reader of .xlsx, as it runs inside the child: the bytes are the file when they begin as a
 * zip, else the XML of a sheet (up to the first 0xFF) and of the shared strings. No crash; rows within
 * limits, texts UTF-8. */
#include <sys/mman.h>
#include <unistd.h>

#include "../unit/xlsx_make.h"
#include "core/text.h"
#include "record/csv.h"
#include "record/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum err_code
book(void *arg, const struct strv *names, size_t n, size_t chosen, int64_t rows, struct err *err)
{
    (void)arg;
    (void)names;
    (void)rows;
    (void)err;
    if (n == 0 || n > SHEETS_MAX || chosen >= n)
        __builtin_trap();
    return ERR_OK;
}

static enum err_code
row(void *arg, const struct strv *cells, size_t n, struct err *err)
{
    (void)arg;
    (void)err;
    if (n == 0 || n > CSV_CELLS_MAX)
        __builtin_trap();
    for (size_t i = 0; i < n; i++) {
        if (cells[i].n > CSV_CELL_MAX || !utf8_valid(cells[i]))
            __builtin_trap();
    }
    return ERR_OK;
}

static void
pack(const char *path, const uint8_t *data, size_t size)
{
    const uint8_t *cut = memchr(data, 0xFF, size);
    size_t n = cut ? (size_t)(cut - data) : size;
    zipFile z = zipOpen(path, APPEND_STATUS_CREATE);
    if (z == NULL)
        __builtin_trap();
    (void)xlsx_add(z, "xl/workbook.xml", XLSX_WORKBOOK, strlen(XLSX_WORKBOOK), true);
    (void)xlsx_add(z, "xl/_rels/workbook.xml.rels", XLSX_RELS, strlen(XLSX_RELS), true);
    (void)xlsx_add(z, "xl/styles.xml", XLSX_STYLES, strlen(XLSX_STYLES), true);
    if (cut)
        (void)xlsx_add(z, "xl/sharedStrings.xml", (const char *)cut + 1, size - n - 1, true);
    (void)xlsx_add(z, "xl/worksheets/sheet1.xml", (const char *)data, n, true);
    (void)zipClose(z, NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sheet_sink sink = {NULL, book, row};
    struct err err = {0};
    char path[64];
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    if (fd < 0)
        __builtin_trap();
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (size >= 2 && memcmp(data, "PK", 2) == 0) {
        if (write(fd, data, size) != (ssize_t)size)
            __builtin_trap();
    } else if (size > 0) {
        pack(path, data, size);
    }
    (void)xlsx_read(fd, lseek(fd, 0, SEEK_END), STRV(""), &sink, &err);
    (void)close(fd);
    return 0;
}
