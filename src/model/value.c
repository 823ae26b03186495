/* value.c - equality of values. */
#include "model/value.h"

bool
value_eq(const struct value *a, const struct value *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case VAL_EMPTY:
        return true;
    case VAL_INT:
        return a->i == b->i;
    case VAL_TEXT:
        return strv_eq(a->s, b->s);
    case VAL_MONEY:
        return a->i == b->i && a->base == b->base && memcmp(a->cur, b->cur, sizeof a->cur) == 0;
    }
    return false;
}
