/* value.h - one field's value in memory, of any type.
 *
 * kind by field type: text longtext email phone url enum country -> VAL_TEXT; int bool ref user -> VAL_INT;
 * decimal -> VAL_INT scaled by 10^field->scale; date -> VAL_INT days since 1970-01-01 in the organisation's
 * zone; datetime -> VAL_INT UTC ms; money -> VAL_MONEY (minor units of cur, and base = minor units of the
 * base currency at the rate of the fact's date). An empty text is VAL_EMPTY, never "" . VAL_EMPTY is stored
 * as NULL.
 */
#ifndef MODEL_VALUE_H
#define MODEL_VALUE_H
#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"

enum value_kind { VAL_EMPTY, VAL_INT, VAL_TEXT, VAL_MONEY };

struct value {
    enum value_kind kind;
    char cur[4];   /* VAL_MONEY: ISO 4217 code */
    int64_t i;     /* VAL_INT, VAL_MONEY (minor units) */
    int64_t base;  /* VAL_MONEY: minor units of the base currency */
    struct strv s; /* VAL_TEXT; borrowed from the arena of whoever made it */
};

bool value_eq(const struct value *a, const struct value *b);
static inline struct value
value_int(int64_t i)
{
    return (struct value){.kind = VAL_INT, .i = i};
}
static inline struct value
value_text(struct strv s)
{
    return (struct value){.kind = s.n ? VAL_TEXT : VAL_EMPTY, .s = s};
}
#endif
