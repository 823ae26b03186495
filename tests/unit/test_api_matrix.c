/* test_api_matrix.c - the permission matrix (G16): members of many roles call every route for every object
 * and field; no answer may hold a value that the role does not let them see, and two databases that differ in
 * such values only answer with the same bytes.
 *
 * The world is made from the catalogue, so new objects and fields are in it by themselves. Each field of each
 * record holds a value of its own, its canary. What a role may see is said here a second time, by the table
 * ROLES, in other words than the program's. A route that ROUTES does not name fails the test.
 */
#include "api_fixture.h"
#include "unit.h"

#include "api/priv.h"
#include "core/json.h"
#include "domain/customer/customer.h"
#include "os/os.h"
#include "record/roles.h"
#include "record/unit.h"

static const struct reactor *const REACTORS[] = {&ORDER_REACTOR, &CUSTOMER_REACTOR, NULL};
#define NOW INT64_C(1714554000000)

/* ---- which routes, and how each is called ---- */
enum call_kind {
    CALL_PLAIN = 1, /* as it stands */
    CALL_LIST,      /* with every field in filter, sort, fields */
    CALL_SEARCH,    /* with the canaries as words */
    CALL_RECORD,    /* {object}/{id} of every record */
    CALL_FIELD,     /* with a body that names each field of the record */
    CALL_ADMIN,     /* administrators only: refused to all others */
    CALL_OUTSIDE    /* no data of records; why is said beside it */
};
static const struct {
    const char *id;
    enum call_kind kind;
} ROUTES[] = {
    {"list", CALL_LIST},
    {"board", CALL_LIST},
    {"get", CALL_RECORD},
    {"create", CALL_FIELD},
    {"change", CALL_FIELD},
    {"delete", CALL_RECORD},
    {"search", CALL_SEARCH},
    {"schema", CALL_PLAIN},
    {"openapi", CALL_PLAIN},
    {"customer_state", CALL_RECORD},
    {"customer_timeline", CALL_RECORD},
    {"tiers", CALL_PLAIN},
    {"rfm", CALL_PLAIN},
    {"history", CALL_RECORD},
    {"undo", CALL_RECORD},
    {"bin", CALL_PLAIN},
    {"bin_list", CALL_LIST},
    {"restore", CALL_RECORD},
    {"shares", CALL_RECORD},
    {"share", CALL_FIELD},
    {"reveal", CALL_FIELD},
    {"session", CALL_PLAIN},
    {"jobs", CALL_PLAIN},
    {"job", CALL_RECORD},
    {"job_cancel", CALL_OUTSIDE},     /* one's own jobs */
    {"job_retry", CALL_OUTSIDE},      /* one's own jobs */
    {"session_change", CALL_OUTSIDE}, /* the caller's own language */
    {"sign_out", CALL_OUTSIDE},       /* ends the caller's session */
    {"files", CALL_RECORD},
    {"file_upload", CALL_OUTSIDE},   /* a body of bytes: test_api_files.c tries it on foreign records */
    {"file_download", CALL_OUTSIDE}, /* asked by its record: test_api_files.c */
    {"file_delete", CALL_OUTSIDE},   /* the same */
    {"imports", CALL_PLAIN},
    {"import_get", CALL_RECORD},
    {"import_errors", CALL_RECORD},
    {"import_add", CALL_OUTSIDE},      /* one's own uploads, written with one's own rights by the job */
    {"import_data", CALL_OUTSIDE},     /* the same */
    {"import_inspect", CALL_OUTSIDE},  /* the same */
    {"import_preview", CALL_OUTSIDE},  /* the same */
    {"import_start", CALL_OUTSIDE},    /* the same */
    {"import_drop", CALL_OUTSIDE},     /* the same */
    {"password_change", CALL_OUTSIDE}, /* the caller's own account */
    {"totp_start", CALL_OUTSIDE},      /* the same */
    {"totp_confirm", CALL_OUTSIDE},    /* the same */
    {"totp_off", CALL_OUTSIDE},        /* the same */
    {"security", CALL_OUTSIDE},        /* the caller's own account: passwords, codes */
    {"sessions", CALL_OUTSIDE},        /* the caller's own sessions, with the times of each world */
    {"sessions_end", CALL_OUTSIDE},    /* the same */
    {"notifications", CALL_PLAIN},
    {"notifications_settings", CALL_PLAIN},
    {"notifications_read", CALL_OUTSIDE}, /* one's own */
    {"notifications_mute", CALL_OUTSIDE}, /* one's own */
};

/* ---- roles, in words of this test ---- */
enum sight { SEES_NOTHING, SEES_OWN, SEES_ALL };
static const struct {
    const char *name, *pack; /* pack: a role of the pack; else of rights */
    const char *rights;
    enum sight sight;
    const char *hides; /* "object.field" with blanks around, and what is made of them */
} ROLES[] = {
    {"administrator", "administrator", NULL, SEES_ALL, " "},
    {"manager", "manager", NULL, SEES_ALL, " "},
    {"member", "member", NULL, SEES_OWN, " "},
    {"read_only", "read_only", NULL, SEES_ALL, " "},
    {"nothing", NULL, "{\"rights\":{}}", SEES_NOTHING, " "},
    {"own", NULL,
     "{\"rights\":{\"*\":{\"read\":\"own\",\"create\":\"own\",\"update\":\"own\",\"delete\":\"own\","
     "\"reveal\":\"own\","
     "\"share\":\"own\"}}}",
     SEES_OWN, " "},
    {"hidden", NULL,
     "{\"rights\":{\"*\":{\"read\":\"all\",\"update\":\"all\",\"create\":\"all\"}},\"fields\":{\"customer\":{"
     "\"note\":"
     "\"hidden\",\"industry\":\"hidden\",\"email\":\"hidden\",\"acquisition_cost\":\"hidden\"},"
     "\"order\":{\"cost\":\"hidden\",\"code\":\"hidden\"},"
     "\"contact\":{\"name\":\"hidden\"},\"interaction\":{\"body\":\"hidden\",\"subject\":\"hidden\"}}}",
     SEES_ALL,
     " customer.note customer.industry customer.email customer.acquisition_cost customer.value_historical "
     "order.cost "
     "order.code customer.value_current contact.name interaction.body interaction.subject "},
    {"masked", NULL,
     "{\"rights\":{\"*\":{\"read\":\"all\",\"update\":\"all\"}},\"fields\":{\"customer\":{\"name\":"
     "\"masked\",\"city\":"
     "\"masked\",\"note\":\"masked\"},\"product\":{\"name\":\"masked\"},\"order\":{\"net\":\"masked\"}}}",
     SEES_ALL, " customer.name customer.city customer.note product.name order.net customer.revenue "},
};
enum { N_ROLES = sizeof ROLES / sizeof ROLES[0], MAX_OBJECTS = 60 };

struct world {
    struct server s;
    char token[N_ROLES][96];
    int64_t user[N_ROLES];
    int64_t in[MAX_OBJECTS],
        out[MAX_OBJECTS]; /* a record of each object: of role OWNER's member, of the administrator */
    int role;             /* whose world: its member owns the records `in` */
    int other;            /* 1: other values where that role may not look */
    char fault[160];
};

/* ---- canaries ---- */
static bool
sees_field(int role, const struct field *f)
{
    char name[128];
    snprintf(name, sizeof name, " %s.%s ", f->object->name, f->name);
    return strstr(ROLES[role].hides, name) == NULL;
}

static bool
is_owned(const struct object *o)
{
    return o->customer != NULL || strcmp(o->name, "customer") == 0;
}

static bool
sees_record(int role, const struct object *o, bool in)
{
    return ROLES[role].sight == SEES_ALL || (ROLES[role].sight == SEES_OWN && (in || !is_owned(o)));
}

static bool
sees(int role, const struct field *f, bool in)
{
    return sees_record(role, f->object, in) && sees_field(role, f);
}

/* Unique by object, field, record; another one in the other world where the role may not look. */
static void
canary(const struct world *w, const struct field *f, bool in, char out[40])
{
    bool other = w->other && !sees(w->role, f, in);
    long long n = (long long)(f->object - w->s.cat->objects) * 100 + f->pos;
    if (f->type == TYPE_INT || f->type == TYPE_DECIMAL || f->type == TYPE_MONEY)
        snprintf(out, 40, "%d%05lld%d", other ? 97 : 98, n, in ? 1 : 2);
    else
        snprintf(out, 40, "%s%05lld%c", other ? "Yq" : "Zq", n, in ? 'i' : 'o');
}

/* Fields whose canary is only shown with its middle starred: it must not be there whole. */
static bool
is_starred(const struct field *f)
{
    return f->mask != MASK_NONE;
}

static void
find_canaries(struct world *w, int role, const char *what, const struct raw_answer *a)
{
    for (size_t i = 0; i < w->s.cat->n_objects; i++) {
        const struct object *o = &w->s.cat->objects[i];
        for (size_t k = 0; k < o->n_fields && !o->internal; k++)
            for (int in = 0; in < 2; in++) {
                char c[40];
                canary(w, &o->fields[k], in, c);
                if (!o->fields[k].system && !sees(role, &o->fields[k], in) && answer_has(a, c))
                    fail_msg("%s reads %s.%s of the record %s by %s:\n" STRV_FMT, ROLES[role].name, o->name,
                             o->fields[k].name, in ? "in" : "out", what,
                             (int)(a->body.n < 3000 ? a->body.n : 3000), a->body.p);
            }
    }
}

/* ---- the world ---- */
static bool
is_text(const struct field *f)
{
    return f->type == TYPE_TEXT || f->type == TYPE_LONGTEXT;
}

static void
add_value(const struct world *w, const struct field *f, bool in, json_t *body)
{
    char c[40], text[64];
    canary(w, f, in, c);
    if (is_text(f) && strcmp(f->name, "currency") != 0 && (f->max == 0 || f->max > 10))
        json_object_set_new(body, f->name, json_string(c));
    else if (f->type == TYPE_PHONE) {
        snprintf(text, sizeof text, "+861398%lld%d", 100000LL + f->pos, in);
        json_object_set_new(body, f->name, json_string(text));
    } else if (f->type == TYPE_EMAIL) {
        snprintf(text, sizeof text, "%s@x.example", c);
        json_object_set_new(body, f->name, json_string(text));
    } else if (f->type == TYPE_URL) {
        snprintf(text, sizeof text, "https://x.example/%s", c);
        json_object_set_new(body, f->name, json_string(text));
    } else if (strcmp(f->name, "quantity") == 0)
        json_object_set_new(body, f->name, json_string("1")); /* times the price must stay a figure */
    else if ((f->type == TYPE_MONEY || f->type == TYPE_DECIMAL || f->type == TYPE_INT) && f->has_max)
        return; /* too narrow for a canary */
    else if (f->type == TYPE_MONEY || f->type == TYPE_DECIMAL || f->type == TYPE_INT)
        json_object_set_new(body, f->name, json_string(c));
    else if (f->type == TYPE_ENUM && f->required)
        json_object_set_new(body, f->name, json_string(f->options[0].value));
    else if (f->type == TYPE_USER)
        json_object_set_new(body, f->name, json_integer(in ? w->user[w->role] : w->s.admin));
    else if (f->type == TYPE_REF && f->ref != f->object) {
        const struct object *r = f->ref;
        int64_t id = (in ? w->in : w->out)[r - w->s.cat->objects];
        if (id)
            json_object_set_new(body, f->name, json_integer(id));
    } else if (f->type == TYPE_DATETIME)
        json_object_set_new(body, f->name, json_string("2024-03-01T00:00:00Z"));
}

static enum err_code
put(struct world *w, struct ctx *ctx, const struct object *o, bool in, struct err *err)
{
    struct write_result r = {0};
    struct err_list errs = {.arena = ctx->arena};
    json_t *body = json_object();
    for (size_t k = 0; k < o->n_fields; k++) {
        const struct field *f = &o->fields[k];
        if (!f->system && !f->derived && !f->readonly)
            add_value(w, f, in, body);
    }
    /* an order line belongs to an order or to a return */
    if (json_object_get(body, "order") && json_object_get(body, "return") &&
        strcmp(o->name, "order_line") == 0)
        json_object_del(body, "return");
    enum err_code rc = record_write_json(ctx, WRITE_CREATE, o, 0, 0, body, &r, &errs, err);
    if (rc)
        snprintf(w->fault, sizeof w->fault, "%s: %s %s", o->name, errs.n ? errs.v[0].field : "",
                 err_msg_key(errs.n ? errs.v[0].msg : err->msg));
    json_decref(body);
    (in ? w->in : w->out)[o - w->s.cat->objects] = r.id;
    return rc;
}

static enum err_code
put_people(struct world *w, struct ctx *ctx, struct err *err)
{
    for (int i = 0; i < N_ROLES; i++) {
        char mail[64], text[256];
        struct strv token;
        struct write_result r = {0};
        struct err_list errs = {.arena = ctx->arena};
        struct ctx today = *ctx; /* tokens are valid for a year */
        int64_t role = 0;
        json_t *j = NULL;
        today.now = os_now_ms();
        snprintf(mail, sizeof mail, "r%d@x.example", i);
        if (auth_user_create(ctx, strv_of(ROLES[i].name), strv_of(mail), STRV("a long enough one"), false,
                             &w->user[i], err) ||
            auth_token_create(&today, w->user[i], STRV("matrix"), &token, err))
            return err->code;
        snprintf(w->token[i], sizeof w->token[i], STRV_FMT, STRV_ARG(token));
        if (ROLES[i].pack && role_find(ctx, strv_of(ROLES[i].pack), &role, err))
            return err->code;
        if (!ROLES[i].pack) {
            snprintf(text, sizeof text, "{\"code\":\"own_%s\",\"name\":\"%s\"}", ROLES[i].name,
                     ROLES[i].name);
            if (json_read(ctx->arena, strv_of(text), &JSON_REQUEST_LIMITS, "", &j, err) ||
                record_write_json(ctx, WRITE_CREATE, catalog_object(ctx->cat, STRV("role")), 0, 0, j, &r,
                                  &errs, err) ||
                json_read(ctx->arena, strv_of(ROLES[i].rights), &JSON_REQUEST_LIMITS, "", &j, err) ||
                role_rights_set(ctx, r.id, j, &errs, err))
                return err->code;
            role = r.id;
        }
        snprintf(text, sizeof text, "{\"role\":%lld}", (long long)role);
        if (json_read(ctx->arena, strv_of(text), &JSON_REQUEST_LIMITS, "", &j, err) ||
            record_write_json(ctx, WRITE_UPDATE, ctx->cat->user, w->user[i], 0, j, &r, &errs, err))
            return err->code;
    }
    return ERR_OK;
}

/* Objects whose references are there already come first. */
static enum err_code
put_records(struct world *w, struct ctx *ctx, struct err *err)
{
    bool done[MAX_OBJECTS] = {false};
    for (size_t round = 0; round < ctx->cat->n_objects; round++)
        for (size_t i = 0; i < ctx->cat->n_objects; i++) {
            const struct object *o = &ctx->cat->objects[i];
            bool ready = !done[i] && !o->internal;
            for (size_t k = 0; k < o->n_fields && ready; k++)
                ready = o->fields[k].type != TYPE_REF || o->fields[k].ref == o ||
                        o->fields[k].ref->internal || done[o->fields[k].ref - ctx->cat->objects];
            if (!ready)
                continue;
            done[i] = true;
            if (put(w, ctx, o, false, err) || put(w, ctx, o, true, err))
                return err->code;
        }
    return ERR_OK;
}

static enum err_code
build(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct world *w = arg;
    (void)more;
    return put_people(w, ctx, err) ? err->code : put_records(w, ctx, err);
}

static enum err_code
build_task(struct db *db, void *arg, bool *more, struct err *err)
{
    struct world *w = arg;
    struct ctx base = {
        .cat = w->s.cat, .set = atomic_load(&w->s.set), .now = NOW, .door = DOOR_SYSTEM, .lang = LANG_EN};
    (void)more;
    return unit_run(db, &base, false, 0, REACTORS, build, w, NULL, err);
}

static void
world_open(struct world *w, int role, int other)
{
    struct err err = {0};
    memset(w, 0, sizeof *w);
    server_open(&w->s, NULL);
    assert_true(w->s.cat->n_objects <= MAX_OBJECTS);
    w->role = role;
    w->other = other;
    enum err_code rc = writer_run(w->s.writer, false, build_task, w, &err);
    if (rc)
        fail_msg("the world: %s (%s)", err_msg_key(err.msg), w->fault);
}

/* ---- the calls ---- */
struct seen { /* all answers of one role, for the comparison of two worlds */
    struct strbuf text;
};

static void
call(struct world *w, int role, const char *method, const char *path, const char *body, struct seen *seen)
{
    struct raw_answer a;
    char headers[200], what[700];
    snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\nIf-Match: *\r\n", w->token[role]);
    snprintf(what, sizeof what, "%s %s %s", method, path, body);
    server_call(&w->s, method, path, NOBODY, headers, strv_of(body), &a);
    if (a.status >= 500 || a.status <= 0)
        fail_msg("%s: %d by %s\n" STRV_FMT, ROLES[role].name, a.status, what, (int)a.body.n,
                 a.body.p ? a.body.p : "");
    find_canaries(w, role, what, &a);
    if (seen && strcmp(method, "GET") == 0) {
        strbuf_addf(&seen->text, "%s %d ", what, a.status);
        strbuf_addv(&seen->text, strbuf_view(&a.body));
        strbuf_addc(&seen->text, '\n');
    }
    raw_release(&a);
}

/* {object} and {id} filled in. */
static void
fill(const char *pattern, const char *object, int64_t id, char out[200])
{
    size_t n = 0;
    for (const char *p = pattern; *p && n < 160;) {
        if (strncmp(p, "{object}", 8) == 0) {
            n += (size_t)snprintf(out + n, 200 - n, "%s", object);
            p += 8;
        } else if (strncmp(p, "{id}", 4) == 0) {
            n += (size_t)snprintf(out + n, 200 - n, "%lld", (long long)id);
            p += 4;
        } else {
            out[n++] = *p++;
        }
    }
    out[n] = 0;
}

/* A filter that is true or false by the value of the field. */
static void
list_calls(struct world *w, int role, const struct api_route *r, const struct object *o, struct seen *seen)
{
    char path[300], base[200];
    fill(r->pattern, o->name, 1, base);
    call(w, role, "GET", base, "", seen);
    for (size_t k = 0; k < o->n_fields && strcmp(r->id, "board") == 0; k++) {
        snprintf(path, sizeof path, "%s?by=%s", base, o->fields[k].name);
        call(w, role, "GET", path, "", seen);
    }
    for (size_t k = 0; k < o->n_fields && r->query && strcmp(r->id, "list") == 0; k++) {
        const char *f = o->fields[k].name;
        bool text = is_text(&o->fields[k]);
        snprintf(path, sizeof path, "%s?limit=200&count=exact&filter=%s%%20%s", base, f,
                 text ? "starts%20with%20'Zq'" : "is%20not%20empty");
        call(w, role, "GET", path, "", seen);
        snprintf(path, sizeof path, "%s?limit=200&sort=%s", base, f);
        call(w, role, "GET", path, "", seen);
        snprintf(path, sizeof path, "%s?limit=1&sort=-%s&fields=id", base, f);
        call(w, role, "GET", path, "", NULL); /* the cursor is signed with a secret of each world */
        snprintf(path, sizeof path, "%s?limit=200&fields=%s", base, f);
        call(w, role, "GET", path, "", seen);
        if (!o->fields[k].ref)
            continue;
        for (size_t n = 0; n < o->fields[k].ref->n_fields; n++) {
            const struct field *g = &o->fields[k].ref->fields[n];
            snprintf(path, sizeof path, "%s?limit=200&filter=%s.%s%%20%s", base, f, g->name,
                     is_text(g) ? "starts%20with%20'Zq'" : "is%20not%20empty");
            call(w, role, "GET", path, "", seen);
        }
    }
}

static void
record_calls(struct world *w, int role, const struct api_route *r, const struct object *o, struct seen *seen)
{
    size_t i = (size_t)(o - w->s.cat->objects);
    const int64_t ids[] = {w->out[i], w->in[i], 999};
    for (size_t k = 0; k < 3; k++) {
        char path[200];
        fill(r->pattern, o->name, ids[k], path);
        call(w, role, r->method, path, r->request ? "{\"dry_run\":true}" : "", seen);
    }
}

static void
field_calls(struct world *w, int role, const struct api_route *r, const struct object *o)
{
    size_t i = (size_t)(o - w->s.cat->objects);
    const int64_t ids[] = {w->out[i], w->in[i]};
    for (size_t k = 0; k < o->n_fields; k++)
        for (size_t n = 0; n < 2; n++) {
            char path[200], body[200];
            fill(r->pattern, o->name, ids[n], path);
            if (strcmp(r->id, "reveal") == 0)
                snprintf(body, sizeof body, "{\"field\":\"%s\"}", o->fields[k].name);
            else if (strcmp(r->id, "share") == 0)
                snprintf(body, sizeof body, "{\"user\":%lld,\"level\":\"none\"}", (long long)w->s.admin);
            else
                snprintf(body, sizeof body, "{\"%s\":\"x\\u0000\"}",
                         o->fields[k].name); /* never right: nothing changes */
            call(w, role, r->method, path, body, NULL);
        }
}

static void
search_calls(struct world *w, int role, struct seen *seen)
{
    for (size_t i = 0; i < w->s.cat->n_objects; i++)
        for (size_t k = 0; k < w->s.cat->objects[i].n_fields; k++) {
            const struct field *f = &w->s.cat->objects[i].fields[k];
            char c[40], path[120];
            for (int in = 0; in < 2 && f->search; in++) {
                /* the words of the first world, in both */
                struct world first = *w;
                first.other = 0;
                canary(&first, f, in, c);
                c[strlen(c) - 1] = 0; /* the answer may repeat the words, but not the whole */
                snprintf(path, sizeof path, "/api/v1/search?q=%s", c);
                call(w, role, "GET", path, "", seen);
            }
        }
    call(w, role, "GET", "/api/v1/search?q=Zq&limit=50", "", seen);
}

static enum call_kind
kind_of(const struct api_route *r)
{
    for (size_t i = 0; i < sizeof ROUTES / sizeof ROUTES[0]; i++)
        if (strcmp(ROUTES[i].id, r->id) == 0)
            return ROUTES[i].kind;
    if (r->access == ACCESS_ADMIN)
        return CALL_ADMIN;
    if (r->access == ACCESS_PUBLIC || r->access == ACCESS_LOCAL || r->access == ACCESS_SETUP)
        return CALL_OUTSIDE;
    fail_msg("the route %s has no entry in the permission matrix: add it to ROUTES", r->id);
    return CALL_OUTSIDE;
}

static void
admin_call(struct world *w, int role, const struct api_route *r)
{
    char path[200], headers[200];
    struct raw_answer a;
    if (strcmp(ROLES[role].name, "administrator") == 0)
        return;
    fill(r->pattern, "customer", 1, path);
    snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\nIf-Match: *\r\n", w->token[role]);
    server_call(&w->s, r->method, path, NOBODY, headers, r->request ? STRV("{}") : STRV(""), &a);
    if (a.status != 403)
        fail_msg("%s: %d by %s %s", ROLES[role].name, a.status, r->method, path);
    raw_release(&a);
}

static void
route_calls(struct world *w, int role, const struct api_route *r, bool reads_only, struct seen *seen)
{
    enum call_kind kind = kind_of(r);
    bool each = strstr(r->pattern, "{object}") != NULL;
    if (reads_only && strcmp(r->method, "GET") != 0)
        return;
    if (kind == CALL_PLAIN)
        call(w, role, r->method, r->pattern, "", strcmp(r->id, "session") ? seen : NULL);
    if (kind == CALL_SEARCH)
        search_calls(w, role, seen);
    if (kind == CALL_ADMIN)
        admin_call(w, role, r);
    for (size_t i = 0; i < w->s.cat->n_objects; i++) {
        const struct object *o = &w->s.cat->objects[i];
        if (!each && strcmp(o->name, "customer") != 0)
            continue;
        /* members and roles are as old as the server of each world */
        struct seen *kept = o->internal ? NULL : seen;
        if (kind == CALL_LIST)
            list_calls(w, role, r, o, kept);
        if (kind == CALL_RECORD)
            record_calls(w, role, r, o, kept);
        if (kind == CALL_FIELD)
            field_calls(w, role, r, o);
    }
}

/* Reads first, then what could change something. */
static void
all_calls(struct world *w, int role, bool reads_only, struct seen *seen)
{
    for (int pass = 0; pass < 2; pass++)
        for (const struct api_table *const *t = API_TABLES; *t; t++)
            for (size_t i = 0; i < (*t)->n; i++) {
                const struct api_route *r = &(*t)->routes[i];
                if ((pass == 0) == (strcmp(r->method, "GET") == 0))
                    route_calls(w, role, r, reads_only, seen);
            }
}

static void
test_canaries(void **state)
{
    (void)state;
    for (int role = 0; role < N_ROLES; role++) {
        struct world w;
        world_open(&w, role, 0);
        all_calls(&w, role, false, NULL);
        server_close(&w.s);
    }
}

/* The canaries are there to be found: an administrator reads them. */
static void
test_the_test(void **state)
{
    (void)state;
    struct world w;
    struct raw_answer a;
    char headers[200], c[40];
    world_open(&w, 2, 0);
    snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\n", w.token[0]);
    server_call(&w.s, "GET", "/api/v1/customer?limit=200", NOBODY, headers, STRV(""), &a);
    const struct object *o = catalog_object(w.s.cat, STRV("customer"));
    for (int in = 0; in < 2; in++) {
        canary(&w, object_field(o, STRV("city")), in, c);
        assert_true(answer_has(&a, c));
    }
    raw_release(&a);
    /* starred, for him too */
    server_call(&w.s, "GET", "/api/v1/customer?fields=phone", NOBODY, headers, STRV(""), &a);
    assert_true(answer_has(&a, "+86****"));
    assert_false(answer_has(&a, "+861398"));
    assert_true(is_starred(object_field(o, STRV("phone"))));
    raw_release(&a);
    server_close(&w.s);
}

static void
differ(const struct strbuf *a, const struct strbuf *b, int role)
{
    size_t i = 0, from;
    while (i < a->n && i < b->n && a->p[i] == b->p[i])
        i++;
    from = i > 300 ? i - 300 : 0;
    fail_msg("%s: the answers differ:\n%.*s\n---\n%.*s", ROLES[role].name, 600, a->p + from, 600,
             b->p + from);
}

static void
test_equal_bytes(void **state)
{
    static const char *const roles[] = {"member", "own", "nothing", "hidden"};
    (void)state;
    for (int role = 0; role < N_ROLES; role++) {
        struct seen seen[2] = {{{.cap = 256 << 20}}, {{.cap = 256 << 20}}};
        bool wanted = false;
        for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++)
            wanted |= strcmp(ROLES[role].name, roles[i]) == 0;
        if (!wanted)
            continue;
        for (int other = 0; other < 2; other++) {
            struct world w;
            world_open(&w, role, other);
            all_calls(&w, role, true, &seen[other]);
            server_close(&w.s);
        }
        assert_true(seen[0].text.n > 10000);
        if (!strv_eq(strbuf_view(&seen[0].text), strbuf_view(&seen[1].text)))
            differ(&seen[0].text, &seen[1].text, role);
        strbuf_release(&seen[0].text);
        strbuf_release(&seen[1].text);
    }
}

/* ---- members, teams, roles, reveal: what they do ---- */
struct step {
    const char *method, *path;
    int role; /* whose token */
    const char *body;
    int status;
    const char *has; /* in the answer, or NULL */
};

static void
run_steps(struct world *w, const struct step *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct raw_answer a;
        char headers[200], path[200], body[300];
        snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\nIf-Match: *\r\n", w->token[v[i].role]);
        fill(v[i].path, "customer", w->user[2], path);
        fill(v[i].body, "customer", w->user[2], body);
        server_call(&w->s, v[i].method, path, NOBODY, headers, strv_of(body), &a);
        if (a.status != v[i].status || (v[i].has && !answer_has(&a, v[i].has)))
            fail_msg("step %zu: %s %s %s: %d\n" STRV_FMT, i, v[i].method, path, body, a.status, (int)a.body.n,
                     a.body.p ? a.body.p : "");
        raw_release(&a);
    }
}

static void
test_members(void **state)
{
    enum { ADMIN, MANAGER, MEMBER };
    static const struct step steps[] = {
        {"GET", "/api/v1/users", ADMIN, "", 200, "\"title\":\"Member\""},
        {"POST", "/api/v1/users", ADMIN, "{\"name\":\"Neu\",\"email\":\"neu@x.example\",\"roles\":[1]}", 201,
         "Neu"},
        {"POST", "/api/v1/users", ADMIN, "{\"name\":\"X\",\"email\":\"x1@x.example\",\"roles\":[999]}", 422,
         "user.list"},
        {"POST", "/api/v1/users", ADMIN, "{\"name\":\"X\"}", 422, "email"},
        {"POST", "/api/v1/teams", ADMIN, "{\"name\":\"A\"}", 201, "\"id\":1"},
        {"POST", "/api/v1/teams", ADMIN, "{\"name\":\"B\",\"parent\":1}", 201, "\"id\":2"},
        {"PATCH", "/api/v1/teams/1", ADMIN, "{\"parent\":2}", 422, "team.ring"},
        {"PATCH", "/api/v1/users/{id}", ADMIN, "{\"team\":2,\"teams\":[1]}", 200, "\"title\":\"B\""},
        {"DELETE", "/api/v1/teams/2", ADMIN, "", 409, NULL},
        {"GET", "/api/v1/roles", ADMIN, "", 200, "\"code\":\"read_only\""},
        {"POST", "/api/v1/roles", ADMIN,
         "{\"code\":\"own_x\",\"name\":\"X\",\"rights\":{\"customer\":{\"read\":\"own\"}}}", 201,
         "\"read\":\"own\""},
        {"POST", "/api/v1/roles", ADMIN,
         "{\"code\":\"own_y\",\"name\":\"Y\",\"rights\":{\"customer\":{\"read\":\"some\"}}}", 422,
         "rights.customer.read"},
        {"POST", "/api/v1/roles", ADMIN, "{\"code\":\"own_z\",\"name\":\"Z\",\"admin\":true}", 422, NULL},
        {"PATCH", "/api/v1/roles/1", ADMIN, "{\"rights\":{}}", 409, "role.admin"},
        {"DELETE", "/api/v1/roles/1", ADMIN, "", 409, "role.pack"},
        /* re-righted by the next request, out by deactivation */
        {"GET", "/api/v1/tiers", MEMBER, "", 403, "access.may"},
        {"PATCH", "/api/v1/roles/3", ADMIN,
         "{\"rights\":{\"customer\":{\"read\":\"all\"}},\"may\":[\"insight.all\"]}", 200, "insight.all"},
        {"GET", "/api/v1/tiers", MEMBER, "", 200, NULL},
        {"GET", "/api/v1/order", MEMBER, "", 403, "access.denied"},
        {"PATCH", "/api/v1/users/{id}", ADMIN, "{\"active\":false}", 200, "\"active\":false"},
        {"GET", "/api/v1/tiers", MEMBER, "", 401, NULL},
        /* reveal: logged; not without the right */
        {"POST", "/api/v1/customer/1/reveal", MANAGER, "{\"field\":\"phone\"}", 403, NULL},
        {"POST", "/api/v1/customer/1/reveal", ADMIN, "{\"field\":\"phone\"}", 200, "+861398"},
        {"POST", "/api/v1/customer/1/reveal", ADMIN, "{\"field\":\"city\"}", 422, "reveal.field"},
        {"GET", "/api/v1/audit?limit=1", ADMIN, "", 200, "reveal"},
        {"GET", "/api/v1/customer/1/access?user=3", ADMIN, "", 200, "\"allowed\":true"},
        {"GET", "/api/v1/customer/1/access?user={id}", ADMIN, "", 200, "\"why\":{\"zh-CN\""},
    };
    struct world w;
    (void)state;
    world_open(&w, MEMBER, 0);
    run_steps(&w, steps, sizeof steps / sizeof steps[0]);
    server_close(&w.s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_test),
        cmocka_unit_test(test_canaries),
        cmocka_unit_test(test_equal_bytes),
        cmocka_unit_test(test_members),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
