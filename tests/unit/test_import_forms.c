/* test_import_forms.c - numbers and dates as spreadsheets and people write them; headers and totals. */
#include "unit.h"

#include "core/arena.h"
#include "record/import_forms.h"
#include "record/shape.h"

static const struct {
    const char *in, *want;
} CELLS[] = {{"=\"0012\"", "0012"}, {" '123 ", "123"}, {"'=1", "=1"},
             {"'tis", "'tis"},      {"=1", "=1"},      {"=\"", "=\""}},
  NUMBERS[] = {{"3.5万", "35000"},      {"1.2亿", "120000000"},   {"1,234.5 万元", "12345000"},
               {"350元", "350"},        {"1.5E+3", "1500"},       {"-2.5e2", "-250"},
               {"１２３．５", "123.5"}, {"0.00015万", "00001.5"}, {"万", "万"},
               {"12百", "12百"},        {"1.5E-3", "1.5E-3"},     {"6E+20", "6E+20"}},
  LOST[] = {{"6.22E+17", "y"}, {"6.22848E+17", "y"}, {"1.38E+10", "n"}, {"1.5E+3", "n"},
            {"E+17", "n"},     {"12E", "n"},         {"6.22E+", "n"}},
  DATES[] = {{"45352", "2024-03-01"},
             {"45352.5", "2024-03-01 12:00:00"},
             {"20240301", "20240301"},
             {"12345", "12345"},
             {"２０２４年３月１日", "2024年3月1日"},
             {"2024-03-01 08:26:00 +0800", "2024-03-01T08:26:00+08:00"},
             {"2024-03-01 08:26:00 UTC", "2024-03-01T08:26:00Z"},
             {"3/4/2024", "3/4/2024"}};
static const struct {
    const char *in;
    unsigned orders;
    const char *dmy, *mdy;
} ORDERS[] = {
    {"3/4/2024", 6, "2024-04-03", "2024-03-04"},
    {"13/4/24", 2, "2024-04-13", "2024-13-04"},
    {"4.13.2024 8:26", 4, "2024-13-04 8:26", "2024-04-13 8:26"},
    {"31-02-2024", 0, "2024-02-31", "2024-31-02"},
    {"2024/3/4", 0, "2024/3/4", "2024/3/4"},
    {"3/4-2024", 0, "3/4-2024", "3/4-2024"},
    {"1.234.567", 0, "1.234.567", "1.234.567"},
};

static void
test_forms(void **state)
{
    struct arena *a = arena_create();
    for (size_t i = 0; i < COUNT(CELLS); i++)
        CHECK_ROW(strv_is(form_cell(strv_of(CELLS[i].in)), CELLS[i].want), i, CELLS[i].in);
    for (size_t i = 0; i < COUNT(NUMBERS); i++)
        CHECK_ROW(strv_is(form_number(a, strv_of(NUMBERS[i].in)), NUMBERS[i].want), i, NUMBERS[i].in);
    for (size_t i = 0; i < COUNT(LOST); i++)
        CHECK_ROW(form_digits_lost(strv_of(LOST[i].in)) == (LOST[i].want[0] == 'y'), i, LOST[i].in);
    for (size_t i = 0; i < COUNT(DATES); i++)
        CHECK_ROW(strv_is(form_date(a, strv_of(DATES[i].in), DATES_ANY), DATES[i].want), i, DATES[i].in);
    arena_free(a);
}

static void
test_orders(void **state)
{
    struct arena *a = arena_create();
    for (size_t i = 0; i < COUNT(ORDERS); i++) {
        struct strv s = strv_of(ORDERS[i].in);
        CHECK_ROW(form_date_orders(s) == ORDERS[i].orders, i, ORDERS[i].in);
        CHECK_ROW(strv_is(form_date(a, s, DATES_DMY), ORDERS[i].dmy), i, ORDERS[i].in);
        CHECK_ROW(strv_is(form_date(a, s, DATES_MDY), ORDERS[i].mdy), i, ORDERS[i].in);
    }
    arena_free(a);
}

static void
test_totals(void **state)
{
    const struct {
        struct strv cells[4];
        bool total;
    } ROWS[] = {
        {{STRV("合计"), STRV(""), STRV("12.5"), STRV("3")}, true},
        {{STRV(""), STRV("总计："), STRV("1,200"), STRV("")}, true},
        {{STRV("Grand total"), STRV(""), STRV(""), STRV("5")}, true},
        {{STRV("Total"), STRV("Paris"), STRV("12"), STRV("")}, false}, /* the company */
        {{STRV("A1"), STRV("合计"), STRV("12"), STRV("")}, false},
        {{STRV("1"), STRV("2"), STRV("3"), STRV("4")}, false},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++)
        CHECK_ROW(shape_is_total(ROWS[i].cells, 4) == ROWS[i].total, i, ROWS[i].cells[0].p);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_orders),
        cmocka_unit_test(test_totals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
