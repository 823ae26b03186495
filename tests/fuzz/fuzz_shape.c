/* fuzz_shape.c - the search for the header among first rows: lines of the input are rows, bars part cells. */
#include "core/arena.h"
#include "record/shape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create();
    struct strv rest = {(const char *)data, size};
    struct shape_row rows[SHAPE_ROWS];
    struct strv *names;
    size_t n = 0, width;
    struct shape s;
    for (; n < SHAPE_ROWS && rest.n > 0; n++) {
        struct strv line = strv_cut(&rest, '\n');
        struct strv *cells = arena_array(a, struct strv, 64);
        size_t k = 0;
        while (k < 64 && line.n > 0)
            cells[k++] = strv_cut(&line, '|');
        rows[n] = (struct shape_row){cells, k};
    }
    if (n > 0) {
        s = shape_find(rows, n);
        if (s.header + s.header_rows > n || s.header_rows < 1 || s.header_rows > 2)
            __builtin_trap();
        width = shape_width(rows, s);
        names = arena_array(a, struct strv, width + 1);
        shape_names(a, rows, s, names, width);
        for (size_t i = 0; i < n; i++)
            (void)shape_is_total(rows[i].cells, rows[i].n);
    }
    arena_free(a);
    return 0;
}
