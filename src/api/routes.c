/* routes.c - all routes, and which one a request means. */
#include "api/priv.h"
#include "core/text.h"

/* A pattern of fewer placeholders wins: /api/v1/search is never taken for an object named search. */
/* one a line */
/* clang-format off */
const struct api_table *const API_TABLES[] = {
    &SESSION_ROUTES, &SETUP_ROUTES, &ACCOUNT_ROUTES, &MAIL_ROUTES, &SYSTEM_ROUTES, &CUSTOMER_ROUTES, &HISTORY_ROUTES, &IMPORT_ROUTES, &JOBS_ROUTES, &DEMO_ROUTES, &FILES_ROUTES, &USERS_ROUTES, &ACCESS_ROUTES, &NOTICES_ROUTES, &RECORD_ROUTES, NULL};
/* clang-format on */

void
route_split(struct strv path, struct strv seg[API_SEGMENTS], size_t *n)
{
    struct strv rest = path;
    *n = 0;
    (void)strv_cut(&rest, '/');
    while (rest.p && *n < API_SEGMENTS)
        seg[(*n)++] = strv_cut(&rest, '/');
    if (rest.p)
        *n = 0; /* deeper than any route */
}

/* Number of placeholders when the path has the pattern's shape, else -1. */
static int
match(const char *pattern, const struct strv *seg, size_t n)
{
    struct strv rest = strv_of(pattern);
    int holes = 0;
    size_t i = 0;
    (void)strv_cut(&rest, '/');
    for (; rest.p && i < n; i++) {
        struct strv want = strv_cut(&rest, '/');
        if (want.n && want.p[0] == '{') {
            if (!seg[i].n)
                return -1;
            holes++;
        } else if (!strv_eq(want, seg[i])) {
            return -1;
        }
    }
    return !rest.p && i == n ? holes : -1;
}

/* The pattern that fits best. */
static const char *
best_pattern(const struct strv *seg, size_t n)
{
    const char *best = NULL;
    int fewest = API_SEGMENTS + 1;
    for (const struct api_table *const *t = API_TABLES; *t; t++)
        for (size_t i = 0; i < (*t)->n; i++) {
            int holes = match((*t)->routes[i].pattern, seg, n);
            if (holes >= 0 && holes < fewest) {
                fewest = holes;
                best = (*t)->routes[i].pattern;
            }
        }
    return best;
}

static void
add_method(struct strbuf *b, const char *method)
{
    if (b->n)
        strbuf_adds(b, ", ");
    strbuf_adds(b, method);
}

const struct api_route *
route_find(struct strv method, struct strv path, struct strbuf *allow)
{
    struct strv seg[API_SEGMENTS];
    size_t n = 0;
    const struct api_route *found = NULL;
    struct strv wanted = strv_is(method, "HEAD") ? STRV("GET") : method;
    route_split(path, seg, &n);
    const char *pattern = best_pattern(seg, n);
    if (!pattern)
        return NULL;
    for (const struct api_table *const *t = API_TABLES; *t; t++)
        for (size_t i = 0; i < (*t)->n; i++) {
            const struct api_route *r = &(*t)->routes[i];
            if (strcmp(r->pattern, pattern) != 0)
                continue;
            if (strv_is(wanted, r->method))
                found = r;
            add_method(allow, r->method);
            if (strcmp(r->method, "GET") == 0)
                add_method(allow, "HEAD");
        }
    add_method(allow, "OPTIONS");
    return found;
}

static const char *
nearest_param(const struct api_route *r, struct strv name)
{
    const char *best = NULL;
    struct nearest n = {.found = name};
    for (const struct api_param *p = r->query; p && p->name; p++)
        if (nearest_is(&n, strv_of(p->name)))
            best = p->name;
    return best;
}

enum err_code
route_check_query(struct arena *a, const struct api_route *r, const struct http_request *req, struct err *err)
{
    for (size_t i = 0; i < req->n_query; i++) {
        struct strv name = req->query[i].name;
        const struct api_param *p = r->query;
        const char *text = arena_strdup(a, name.p, name.n);
        while (p && p->name && !strv_is(name, p->name))
            p++;
        if (!p || !p->name) {
            const char *near = nearest_param(r, name);
            return near ? err_field(err, MSG_API_QUERY_UNKNOWN, text, "name", text, "suggest", near, NULL)
                        : err_field(err, MSG_API_QUERY_UNKNOWN0, text, "name", text, NULL);
        }
        for (size_t k = 0; k < i; k++)
            if (strv_eq(req->query[k].name, name))
                return err_field(err, MSG_API_QUERY_TWICE, text, "name", text, NULL);
    }
    return ERR_OK;
}
