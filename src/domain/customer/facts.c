/* facts.c - what a written record means for a customer: orders, returns and interactions as facts, and their
 * deltas. */
#include "domain/customer/state.h"

static const char *const RANKED_ROLES[] = {"customer", "distributor", "partner"};

bool
role_ranked(struct strv role)
{
    for (size_t i = 0; i < sizeof RANKED_ROLES / sizeof *RANKED_ROLES; i++)
        if (strv_is(role, RANKED_ROLES[i]))
            return true;
    return role.n == 0; /* an empty role is the default: customer */
}

static void
fact_fields_of(struct fact_fields *ff, const struct catalog *cat, const char *object, const char *at,
               const char *net)
{
    *ff = (struct fact_fields){.object = catalog_object(cat, strv_of(object))};
    if (!ff->object)
        return;
    ff->customer = object_field(ff->object, STRV("customer"));
    ff->at = object_field(ff->object, strv_of(at));
    ff->status = object_field(ff->object, STRV("status"));
    ff->net = net ? object_field(ff->object, strv_of(net)) : NULL;
    ff->cost = object_field(ff->object, STRV("cost"));
}

static void
customer_fields_of(struct customer_fields *cf, const struct catalog *cat)
{
    *cf = (struct customer_fields){.object = catalog_object(cat, STRV("customer"))};
    if (!cf->object)
        return;
    const struct {
        const struct field **to;
        const char *name;
    } names[] = {{&cf->role, "role"},
                 {&cf->credit, "credit"},
                 {&cf->pin, "tier_pin"},
                 {&cf->pin_reason, "tier_pin_reason"},
                 {&cf->acquisition, "acquisition_cost"},
                 {&cf->tier, "tier"},
                 {&cf->tier_since, "tier_since"},
                 {&cf->stage, "stage"},
                 {&cf->stage_since, "stage_since"},
                 {&cf->purchases, "purchase_count"},
                 {&cf->first_at, "first_purchase_at"},
                 {&cf->last_at, "last_purchase_at"},
                 {&cf->revenue, "revenue"},
                 {&cf->historical, "value_historical"},
                 {&cf->current, "value_current"},
                 {&cf->interaction_at, "last_interaction_at"},
                 {&cf->bought, "purchase_total"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        *names[i].to = object_field(cf->object, strv_of(names[i].name));
}

void
fact_fields_find(struct book *b, const struct catalog *cat)
{
    if (b->have_fields)
        return;
    fact_fields_of(&b->order, cat, "order", "ordered_at", "net");
    fact_fields_of(&b->ret, cat, "return", "returned_at", "amount");
    fact_fields_of(&b->interaction, cat, "interaction", "at", NULL);
    customer_fields_of(&b->cf, cat);
    b->have_fields = true;
}

void
fact_from_values(const struct fact_fields *ff, bool is_return, const struct value *v,
                 struct customer_fact *out)
{
    *out = (struct customer_fact){.is_return = is_return};
    if (!v)
        return;
    const struct value *at = &v[ff->at->pos], *customer = &v[ff->customer->pos], *net = &v[ff->net->pos];
    const struct value *cost = &v[ff->cost->pos];
    struct strv status = v[ff->status->pos].kind == VAL_TEXT ? v[ff->status->pos].s : STRV("");
    out->customer = customer->kind == VAL_INT ? customer->i : 0;
    out->at = at->kind == VAL_INT ? at->i : NO_TIME;
    out->net = net->kind == VAL_MONEY ? net->base : 0;
    out->cost_known = cost->kind == VAL_MONEY;
    out->cost = out->cost_known ? cost->base : 0;
    bool in_force = is_return ? strv_is(status, "done")
                              : !strv_is(status, "draft") && !strv_is(status, "cancelled") && out->net > 0;
    out->counts = in_force && out->customer && out->at != NO_TIME;
}

struct sums
fact_sums(const struct customer_fact *f)
{
    int64_t sign = f->is_return ? -1 : 1;
    return (struct sums){.net = sign * f->net,
                         .unknown = f->cost_known ? 0 : sign * f->net,
                         .cost = f->cost_known ? sign * f->cost : 0};
}

/* The list of the newest purchases: an added one takes its place, a taken one from within asks for a probe.
 */
static void
purchase_apply(struct cust *c, int64_t at, int64_t sign)
{
    if (sign < 0) {
        int kept = c->purchases < 4 ? (int)c->purchases : 4;
        if (kept == 0 || at >= c->last[kept - 1])
            c->probe_last = true;
        if (at <= c->first_at || c->first_at == NO_TIME)
            c->probe_first = true;
        c->purchases--;
        return;
    }
    c->purchases++;
    c->first_at = c->first_at == NO_TIME || at < c->first_at ? at : c->first_at;
    for (int i = 0; i < 4; i++) {
        if (c->last[i] != NO_TIME && c->last[i] >= at)
            continue;
        for (int k = 3; k > i; k--)
            c->last[k] = c->last[k - 1];
        c->last[i] = at;
        break;
    }
}

void
fact_apply(const struct ctx *ctx, struct cust *c, const struct customer_fact *f, int64_t sign, bool dates)
{
    const struct zone *z = ctx->set->zone;
    struct sums s = fact_sums(f);
    struct windows w = windows_at(z, c->day);
    if (f->is_return) {
        struct sums r = {-s.net, -s.unknown, -s.cost};
        sums_add(&c->returned, &r, sign);
        c->return_count += dates ? sign : 0;
    } else {
        sums_add(&c->bought, &s, sign);
        if (dates)
            purchase_apply(c, f->at, sign);
    }
    if (f->at >= w.lo12 && f->at < w.hi)
        sums_add(&c->w, &s, sign);
    else if (f->at >= w.lo24 && f->at < w.lo12)
        sums_add(&c->p, &s, sign);
    c->facts_changed = true;
    if (!dates)
        return;
    int64_t next = window_next(z, f->at, c->day);
    if (sign > 0)
        c->due_window = time_min(c->due_window, next);
    else if (next != NO_TIME && next == c->due_window)
        c->probe_window = true;
}
