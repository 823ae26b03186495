/* fuzz_csv.c - the import's readers of text (plain, gzip, zstd; all encodings; CSV, TSV, JSON lines, vCard)
 * on any bytes: no crash, cells are UTF-8 and within limits. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/text.h"
#include "record/csv.h"
#include "record/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = {0};
    struct import_source *s = NULL;
    char path[64];
    int fd;
    if (size >= 2 && (memcmp(data, "PK", 2) == 0 || memcmp(data, "\xd0\xcf", 2) == 0))
        return 0; /* spreadsheets start a child: see fuzz_xlsx.c */
    fd = memfd_create("fuzz", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        __builtin_trap();
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (import_open(path, &s, &err) == ERR_OK) {
        const struct strv *cells;
        size_t n;
        int64_t row, last = 0;
        bool end = false;
        if (import_columns(s, &cells) == 0)
            __builtin_trap();
        while (import_next(s, &cells, &n, &row, &end, &err) == ERR_OK && !end) {
            if (row != ++last || n == 0 || n > CSV_CELLS_MAX)
                __builtin_trap();
            for (size_t i = 0; i < n; i++) {
                if (cells[i].n > CSV_CELL_MAX || !utf8_valid(cells[i]))
                    __builtin_trap();
            }
        }
        import_close(s);
    }
    (void)close(fd);
    return 0;
}
