/* import_forms.h - ways in which spreadsheets and people write numbers and dates, turned into the forms that
 * field types read. Pure. Private to the import. */
#ifndef RECORD_IMPORT_FORMS_H
#define RECORD_IMPORT_FORMS_H
#include "core/str.h"

struct arena;

/* Of 3/4/2024: which comes first. DATES_ASK: the file does not tell, a person must. */
enum date_order { DATES_ANY, DATES_DMY, DATES_MDY, DATES_ASK };
extern const char *const DATE_ORDERS[4]; /* "", "dmy", "mdy", "ask" */

/* Trimmed; ="123" and '123 are 123; a quote that our own exports put before = + - @ (S30) is taken off. */
struct strv form_cell(struct strv s);
/* Is it 6.22E+17: a number whose last digits a spreadsheet has thrown away? */
bool form_digits_lost(struct strv s);
/* 3.5万 -> 35000, 1.2亿, 350元, 1.5E+3 -> 1500, full-width; anything else as it is. */
struct strv form_number(struct arena *a, struct strv s);
/* Full-width forms, a spreadsheet's serial day (45352, 45352.5), "2024-03-01 08:26:00 +0800", and 3/4/2024 in
 * the given order; anything else as it is. */
struct strv form_date(struct arena *a, struct strv s, enum date_order order);
/* The orders in which a text like 3/4/2024 is a date: bit 1 << DATES_DMY, 1 << DATES_MDY; 0: not such a text.
 */
unsigned form_date_orders(struct strv s);
#endif
