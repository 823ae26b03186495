/* import_guess.h - the sample a guess looks at, and the guess under way. Private to the import.
 *
 * import_sample.c  the first rows, and what the cells of a column look like
 * import_match.c   which column goes to which field, by names and values
 * import_guess.c   which objects a file holds, their keys, conditions and references
 */
#ifndef RECORD_IMPORT_GUESS_H
#define RECORD_IMPORT_GUESS_H
#include "record/import_map.h"

enum { SAMPLE_ROWS = 1000 };

struct sample {
    const struct strv *rows[SAMPLE_ROWS]; /* cells, trimmed; ragged rows are left out */
    size_t n_rows, n_columns;
    const struct strv *compact; /* names of columns, see name_compact */
};

struct guess {
    struct ctx *ctx;
    struct import_map *m;
    struct sample sample;
    bool *used; /* by column */
    struct strbuf *notes;
};

/* ---- import_sample.c ---- */
ERR_CHECKED enum err_code sample_read(struct guess *g, struct import_source *s, struct err *err);
/* Share of non-empty cells that are a value of the field; 1 when all are empty. */
double sample_accepts(struct guess *g, const struct field *f, size_t column);
/* Of a column of texts like 3/4/2024: the only order that fits all, or DATES_ASK; DATES_ANY: no such texts.
 */
enum date_order sample_date_order(const struct sample *s, size_t column);
size_t sample_filled(const struct sample *s, size_t column);
bool sample_all_different(const struct sample *s, size_t column); /* and none is empty */
/* Every non-empty cell is digits and ".0": a number that went through a spreadsheet or a data frame. */
bool sample_dot_zero(const struct sample *s, size_t column);
/* The letter with which keys begin whose rows all have negative amounts, while others begin otherwise; 0
 * none. */
char sample_negative_prefix(const struct sample *s, size_t key, size_t amount);

/* ---- import_match.c ---- */
/* Adds to the definitions the columns that fit; definitions in order of preference. */
void match_columns(struct guess *g);
/* Best column for one field by name alone: score, or 0. */
int match_best(struct guess *g, const struct field *f, size_t *column);
struct map_field *map_def_field(struct map_def *d, const struct field *f);
struct map_field *map_def_add(struct guess *g, struct map_def *d, const struct field *f, size_t column);
/* {a} and {b} in the sentence of the ctx's language are filled in. */
void guess_note(struct guess *g, const char *en, const char *zh, struct strv a, struct strv b);
#endif
