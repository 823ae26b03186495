/* import_map.h - a mapping in memory. Private to the import; import.h describes its JSON.
 */
#ifndef RECORD_IMPORT_MAP_H
#define RECORD_IMPORT_MAP_H
#include "core/hash.h"
#include "expr/expr.h"
#include "record/import_forms.h"
#include "record/import_source.h"

enum { MAP_DEFS_MAX = 16, MAP_SKIPS_MAX = 16, MAP_JOIN_MAX = 8 };

enum map_kind { MAP_COLUMN, MAP_CONST, MAP_ROW };

/* Where a value comes from and what is done to it on the way. */
struct map_source {
    enum map_kind kind;
    size_t columns[MAP_JOIN_MAX]; /* MAP_COLUMN: one or several, joined */
    size_t n_columns;
    struct strv join;        /* between them; empty cells are left out */
    struct strv constant;    /* MAP_CONST */
    struct strv drop_suffix; /* cut off the end of the text when it is there */
    const json_t *map;       /* text -> text; NULL none; texts that are not in it stay */
    enum date_order dates;   /* of texts like 3/4/2024 */
    bool wrong_empty;        /* a text that is no value leaves the field empty instead of failing the row */
};

struct map_field {
    const struct field *f;
    struct map_source src;
};

struct map_ref {
    const struct field *f;
    size_t def; /* index of the definition whose record it points to */
};

struct map_def {
    const struct object *o;
    struct strv name;      /* by which refs speak of it: the object's name unless "as" is given */
    struct strv when_text; /* "" always */
    struct expr *when;
    bool allow_update;
    int key; /* index in fields, -1: every row makes a record */
    struct map_field *fields;
    size_t n_fields;
    struct map_ref *refs;
    size_t n_refs;
};

struct map_skip {
    struct strv when_text, reason;
    struct expr *when;
};

struct import_map {
    const struct object *main;
    struct import_options file;
    char currency_code[8];
    struct strv currency; /* view of it: of money that no column gives a currency; "" the base currency */
    struct strv source;   /* "$row" becomes source:row; "": see import_row.c */
    const struct strv *columns;
    size_t n_columns;
    struct map_skip skips[MAP_SKIPS_MAX];
    size_t n_skips;
    struct map_def defs[MAP_DEFS_MAX];
    size_t n_defs;
};

/* Copies column names of s into the arena and sets m->columns. */
void import_map_columns(struct arena *a, const struct import_source *s, struct import_map *m);
/* Compiles the conditions of m (when_text -> when). */
ERR_CHECKED enum err_code import_map_compile(struct ctx *ctx, struct import_map *m, struct err *err);

/* The text a source gives for a row: trimmed, mapped; "" when there is none. May be made in the arena. */
struct strv import_text(struct arena *a, const struct import_map *m, const struct map_source *src,
                        const struct strv *cells, int64_t row);
/* Text -> value of the field; refs and users are not looked up here (VAL_TEXT). currency: of the record, or
 * "". */
ERR_CHECKED enum err_code import_value(struct ctx *ctx, const struct field *f, struct strv text,
                                       struct strv currency, struct value *out, struct err *err);
/* ERR_INVALID when the amount bears the sign of another currency than `currency`. */
ERR_CHECKED enum err_code import_check_sign(struct ctx *ctx, const struct field *f, struct strv text,
                                            struct strv currency, struct err *err);
/* The currency of a definition's money fields in this row: its own column or constant, else the mapping's. */
struct strv import_currency(struct arena *a, const struct import_map *m, const struct map_def *d,
                            const struct field *money, const struct strv *cells, int64_t row);
#endif
