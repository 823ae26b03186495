/* import_names.h - how well a column's name fits a field. Pure. Private to the import. */
#ifndef RECORD_IMPORT_NAMES_H
#define RECORD_IMPORT_NAMES_H
#include "model/catalog.h"

struct arena;

/* Only letters and digits, folded: "Customer ID", "customer_id" and "CustomerID" are "customerid". */
struct strv name_compact(struct arena *a, struct strv name);
/* 0 (no likeness) .. 100 (the same) for a compact column name. */
int name_score(struct arena *a, const struct catalog *cat, const struct field *f, struct strv column);
/* Is it a word for the object itself (compact): "customer", "buyer"? */
bool name_is_object(struct arena *a, const struct object *o, struct strv column);
/* Is it a name for the given name / the family name of a person (compact)? */
bool name_is_given(struct strv column);
bool name_is_family(struct strv column);

enum {
    NAME_SAME = 100,
    NAME_QUALIFIED = 98,
    NAME_KEY = 97,
    NAME_TIME = 95,
    NAME_NUMBERED = 92,
    NAME_NEAR = 80,
    NAME_PART = 75
};
#endif
