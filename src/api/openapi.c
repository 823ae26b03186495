/* openapi.c - the OpenAPI 3.1 document, from the same tables that route and from the catalogue. A route with
 * {object} becomes one path for each object, so that clients get types of their own fields. */
#include <stdio.h>

#include "api/priv.h"
#include "model/field_type.h"

#define SCHEMA_REF "{\"$ref\":\"#/components/schemas/"

static void
put_ref(struct strbuf *b, const char *name, const char *suffix)
{
    strbuf_addf(b, SCHEMA_REF "%s%s\"}", name, suffix);
}

static void
put_text(struct strbuf *b, const char *key, struct api_text t)
{
    struct strbuf both = {0};
    strbuf_addf(&both, "%s · %s", t.en, t.zh);
    j_kstr(b, key, strbuf_view(&both));
    strbuf_release(&both);
}

/* {"content":{type:{"schema":...}}} without the braces around. */
static void
open_content(struct strbuf *b, const char *type)
{
    j_key(b, "content");
    j_obj(b);
    j_key(b, type);
    j_obj(b);
    j_key(b, "schema");
}

static void
close_content(struct strbuf *b)
{
    j_obj_end(b);
    j_obj_end(b);
}

static void
put_status_key(struct strbuf *b, int status)
{
    char key[16];
    snprintf(key, sizeof key, "%d", status);
    j_key(b, key);
}

static void
put_problem(struct strbuf *b, int status)
{
    put_status_key(b, status);
    j_obj(b);
    j_kstr(b, "description", STRV("Problem"));
    open_content(b, "application/problem+json");
    put_ref(b, "Problem", "");
    close_content(b);
    j_obj_end(b);
}

static void
put_page(struct strbuf *b, const struct object *o)
{
    strbuf_adds(b, "{\"type\":\"object\",\"required\":[\"items\",\"next\"],\"properties\":{\"items\":{"
                   "\"type\":\"array\","
                   "\"items\":");
    put_ref(b, o->name, "");
    strbuf_adds(b, "},\"next\":{\"type\":[\"string\",\"null\"]},\"total\":{\"type\":\"object\","
                   "\"properties\":{\"count\":"
                   "{\"type\":\"integer\"},\"capped\":{\"type\":\"boolean\"}}}}}");
}

static void
put_success(struct strbuf *b, const struct api_route *r, const struct object *o)
{
    put_status_key(b, r->status);
    j_obj(b);
    put_text(b, "description", r->summary);
    if (r->response) {
        bool text = strcmp(r->response, "text") == 0;
        open_content(b, text ? "text/plain" : "application/json");
        if (text)
            strbuf_adds(b, "{\"type\":\"string\"}");
        else if (strcmp(r->response, "@") == 0)
            put_ref(b, o->name, "");
        else if (strcmp(r->response, "@list") == 0)
            put_page(b, o);
        else
            put_ref(b, r->response, "");
        close_content(b);
    }
    j_obj_end(b);
}

static void
put_parameter(struct strbuf *b, const char *name, const char *in, const char *schema, bool required)
{
    j_obj(b);
    j_kstr(b, "name", strv_of(name));
    j_kstr(b, "in", strv_of(in));
    if (required)
        j_kbool(b, "required", true);
    j_key(b, "schema");
    strbuf_adds(b, schema);
    j_obj_end(b);
}

static void
put_parameters(struct strbuf *b, const struct api_route *r)
{
    static const char text[] = "{\"type\":\"string\"}";
    j_key(b, "parameters");
    j_arr(b);
    if (strstr(r->pattern, "{id}"))
        put_parameter(b, "id", "path", "{\"type\":\"integer\",\"minimum\":1}", true);
    for (const struct api_param *p = r->query; p && p->name; p++) {
        j_obj(b);
        j_kstr(b, "name", strv_of(p->name));
        j_kstr(b, "in", STRV("query"));
        put_text(b, "description", p->text);
        j_key(b, "schema");
        strbuf_adds(b, p->schema);
        j_obj_end(b);
    }
    if (r->idempotent)
        put_parameter(b, "Idempotency-Key", "header", text, false);
    if (strstr(r->pattern, "{object}/{id}") &&
        (strcmp(r->method, "PATCH") == 0 || strcmp(r->method, "DELETE") == 0))
        put_parameter(b, "If-Match", "header", text, true);
    j_arr_end(b);
}

static void
put_request(struct strbuf *b, const struct api_route *r, const struct object *o)
{
    if (!r->request)
        return;
    j_key(b, "requestBody");
    j_obj(b);
    j_kbool(b, "required", true);
    if (route_takes_bytes(r)) {
        j_raw(b, STRV("\"content\":{\"application/octet-stream\":{}}"));
        j_obj_end(b);
        return;
    }
    open_content(b, "application/json");
    if (strcmp(r->request, "@") == 0)
        put_ref(b, o->name, "_write");
    else
        put_ref(b, r->request, "");
    close_content(b);
    j_obj_end(b);
}

static void
put_operation(struct strbuf *b, const struct api_route *r, const struct object *o)
{
    struct strbuf id = {0};
    char method[8] = "";
    for (size_t i = 0; r->method[i] && i + 1 < sizeof method; i++)
        method[i] = (char)(r->method[i] | 0x20);
    strbuf_addf(&id, "%s%s%s", r->id, o ? "_" : "", o ? o->name : "");
    j_key(b, method);
    j_obj(b);
    j_kstr(b, "operationId", strbuf_view(&id));
    put_text(b, "summary", r->summary);
    put_parameters(b, r);
    put_request(b, r, o);
    j_key(b, "responses");
    j_obj(b);
    put_success(b, r, o);
    put_problem(b, 400);
    if (r->access == ACCESS_SESSION || r->access == ACCESS_ADMIN || strcmp(r->id, "sign_in") == 0)
        put_problem(b, 401);
    for (const int *e = r->errors; *e; e++)
        put_problem(b, *e);
    put_problem(b, 503);
    j_obj_end(b);
    if (r->access == ACCESS_PUBLIC || r->access == ACCESS_LOCAL || r->access == ACCESS_SETUP) {
        j_key(b, "security");
        j_arr(b);
        j_arr_end(b);
    }
    j_obj_end(b);
    strbuf_release(&id);
}

/* All operations of one pattern, for one object or for none. */
static void
put_path(struct strbuf *b, const char *pattern, const struct object *o)
{
    struct strbuf path = {0};
    const char *hole = strstr(pattern, "{object}");
    if (hole)
        strbuf_addf(&path, "%.*s%s%s", (int)(hole - pattern), pattern, o->name, hole + strlen("{object}"));
    else
        strbuf_adds(&path, pattern);
    j_keyv(b, strbuf_view(&path));
    j_obj(b);
    for (const struct api_table *const *t = API_TABLES; *t; t++)
        for (size_t i = 0; i < (*t)->n; i++) {
            const struct api_route *r = &(*t)->routes[i];
            bool read_only = o && o->internal && strcmp(r->method, "GET") != 0;
            if (strcmp(r->pattern, pattern) == 0 && !read_only)
                put_operation(b, r, o);
        }
    j_obj_end(b);
    strbuf_release(&path);
}

static void
put_paths(struct strbuf *b, const struct catalog *cat)
{
    j_key(b, "paths");
    j_obj(b);
    for (const struct api_table *const *t = API_TABLES; *t; t++)
        for (size_t i = 0; i < (*t)->n; i++) {
            const char *pattern = (*t)->routes[i].pattern;
            size_t first = 0;
            while (strcmp((*t)->routes[first].pattern, pattern) != 0)
                first++;
            if (first < i)
                continue; /* its path is written already */
            if (!strstr(pattern, "{object}"))
                put_path(b, pattern, NULL);
            for (size_t k = 0; strstr(pattern, "{object}") && k < cat->n_objects; k++)
                put_path(b, pattern, &cat->objects[k]);
        }
    j_obj_end(b);
}

static void
put_object_schema(struct strbuf *b, const struct object *o, bool writing)
{
    struct strbuf name = {0};
    strbuf_addf(&name, "%s%s", o->name, writing ? "_write" : "");
    j_keyv(b, strbuf_view(&name));
    strbuf_release(&name);
    j_obj(b);
    j_kstr(b, "type", STRV("object"));
    j_kstr(b, "title", strv_of(o->label.en));
    if (writing)
        j_kbool(b, "additionalProperties", false);
    j_key(b, "properties");
    j_obj(b);
    for (size_t i = 0; i < o->n_fields; i++) {
        const struct field *f = &o->fields[i];
        if (writing && (f->system || f->derived || f->readonly))
            continue;
        j_key(b, f->name);
        strbuf_adds(b, "{\"anyOf\":[");
        field_type(f)->json_schema(f, b);
        strbuf_adds(b, ",{\"type\":\"null\"}]");
        j_kstr(b, "description", strv_of(f->label.en));
        strbuf_addc(b, '}');
    }
    j_obj_end(b);
    j_obj_end(b);
}

void
openapi_json(const struct catalog *cat, struct strbuf *b)
{
    j_obj(b);
    j_kstr(b, "openapi", STRV("3.1.0"));
    j_key(b, "info");
    j_obj(b);
    j_kstr(b, "title", STRV("Guanxi"));
    j_kstr(b, "version", STRV(GUANXI_VERSION));
    j_kstr(b, "description",
           STRV("Money is in minor units; datetimes are UTC ISO 8601; empty fields are null."));
    j_obj_end(b);
    j_key(b, "security");
    strbuf_adds(b, "[{\"cookie\":[],\"csrf\":[]},{\"token\":[]}]");
    put_paths(b, cat);
    j_key(b, "components");
    j_obj(b);
    j_key(b, "securitySchemes");
    strbuf_adds(
        b,
        "{\"cookie\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"guanxi_session\"},\"csrf\":{\"type\":"
        "\"apiKey\",\"in\":\"header\",\"name\":\"X-CSRF-Token\"},\"token\":{\"type\":\"http\",\"scheme\":"
        "\"bearer\"}}");
    j_key(b, "schemas");
    j_obj(b);
    for (const struct api_component *c = API_COMPONENTS; c->name; c++) {
        j_key(b, c->name);
        strbuf_adds(b, c->schema);
    }
    for (size_t i = 0; i < cat->n_objects; i++) {
        put_object_schema(b, &cat->objects[i], false);
        if (!cat->objects[i].internal)
            put_object_schema(b, &cat->objects[i], true);
    }
    j_obj_end(b);
    j_obj_end(b);
    j_obj_end(b);
}
