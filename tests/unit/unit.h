/* unit.h - what every unit test includes: cmocka with the headers it needs, and checks that name the row of a
 * table. */
#ifndef UNIT_H
#define UNIT_H
/* The order matters to cmocka 1.1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "core/str.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Fails with the row's number and text when ok is false. */
#define CHECK_ROW(ok, row, what)                                                                             \
    do {                                                                                                     \
        if (!(ok))                                                                                           \
            fail_msg("row %zu (%s): not so: %s", (size_t)(row), (what), #ok);                                \
    } while (0)

/* The buffer holds exactly the text; it is emptied after. */
#define CHECK_BUF(buf, want)                                                                                 \
    do {                                                                                                     \
        assert_string_equal((buf)->p ? (buf)->p : "", (want));                                               \
        assert_int_equal((buf)->n, strlen(want));                                                            \
        strbuf_clear(buf);                                                                                   \
    } while (0)
#endif
