/* order.h - the working state of ORDER_REACTOR (declared in domain/customer/customer.h). Private to this
 * area. */
#ifndef DOMAIN_ORDER_ORDER_H
#define DOMAIN_ORDER_ORDER_H
#include "core/hash.h"
#include "domain/customer/customer.h"

/* The largest amount or total of lines, at 4 decimals: what JSON can carry exactly. */
#define LINES_MAX ((INT64_C(1) << 53) - 1)
enum { AMOUNT_SCALE = 4, PARENT_ORDER = 0, PARENT_RETURN = 1 };

/* An order or return whose lines, date, currency or customer changed. */
struct parent {
    int64_t id, total_delta, count_delta;
    int64_t customer; /* after it was loaded at flush; 0 none */
    int kind;
    bool moved; /* its lines must follow its customer */
};
struct line {
    int64_t id, amount;
    size_t parent;
    int64_t has_amount, has_customer; /* as stored; INT64_MIN empty */
    bool live;
};
struct line_fields {
    const struct object *object;
    const struct field *parent[2], *customer, *quantity, *price, *amount;
};
struct parent_fields {
    const struct object *object;
    const struct field *customer, *at, *currency, *net, *lines_total, *line_count;
};
struct order_state {
    struct intmap *parent_index, *line_index;
    struct parent *parents;
    struct line *lines;
    size_t parents_size, lines_size;
    bool have_fields;
    struct line_fields lf;
    struct parent_fields pf[2];
};

ERR_CHECKED enum err_code order_flush(struct ctx *ctx, struct order_state *s, struct err *err);
#endif
