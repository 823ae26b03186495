/* fuzz_expr.c - libFuzzer entry: any bytes as a condition over customer, over order and over the columns of a
 * file.
 *
 * What compiles must also become SQL, evaluate on an empty row, and print to a text that compiles to the same
 * print.
 */
#include <assert.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/dates.h"
#include "expr/expr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct value
nothing(void *arg, const struct field *via, const struct field *f, size_t column)
{
    return (struct value){0};
}

static void
print_again(struct arena *a, const struct expr_scope *scope, const struct expr *e)
{
    struct expr_scope loose = *scope;
    struct expr *again = NULL;
    struct err err = {0};
    struct strbuf one = {0}, two = {0};
    loose.max_depth = 200; /* printing adds brackets */
    loose.max_nodes = 1000;
    expr_print(e, &one);
    enum err_code rc = expr_compile(a, &loose, strbuf_view(&one), &again, &err);
    assert(rc == ERR_OK);
    expr_print(again, &two);
    assert(strv_eq(strbuf_view(&one), strbuf_view(&two)));
    strbuf_release(&one);
    strbuf_release(&two);
}

static void
try_scope(const struct expr_scope *scope, struct strv text)
{
    struct arena *a = arena_create();
    const struct expr_env env = {.now = INT64_C(1709251200000), .today = 19783, .me = 1, .zone = ZONE_UTC};
    const struct expr_row row = {nothing, NULL};
    struct expr *e = NULL;
    struct err err = {0};
    enum err_code rc = expr_compile(a, scope, text, &e, &err);
    if (rc == ERR_OK && e) {
        struct sqlb b;
        (void)expr_test(e, &env, &row);
        (void)expr_bounded_by_index(e);
        sqlb_init(&b, a, DB_SQLITE);
        if (scope->object)
            rc = expr_to_sql(e, &env, &b, "t", &err);
        assert(rc == ERR_OK);
        sqlb_release(&b);
        print_again(a, scope, e);
    } else if (rc) {
        struct strbuf said = {0};
        err_render(&err, LANG_ZH, &said);
        assert(err_param(&err, "at"));
        strbuf_release(&said);
    }
    arena_free(a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct catalog *cat;
    static const struct strv columns[] = {{"InvoiceNo", 9}, {"Unit \"Price\"", 12}};
    struct err err = {0};
    if (!cat && catalog_parse(PACK_FILES, &cat, &err))
        abort();
    struct strv text = {(const char *)data, size};
    struct expr_scope scope = {.cat = cat, .zone = ZONE_UTC, .base_digits = 2};
    scope.object = catalog_object(cat, STRV("customer"));
    try_scope(&scope, text);
    scope.object = catalog_object(cat, STRV("order"));
    try_scope(&scope, text);
    scope.object = NULL;
    scope.columns = columns;
    scope.n_columns = 2;
    try_scope(&scope, text);
    return 0;
}
