/* api.h - HTTP and JSON around record and domain: one table of routes, one dispatcher.
 *
 * A request: plan (HTTP thread, no database: route, limits, what can be refused from the head alone) -> run
 * on a reader, on the writer inside a unit, or on a slow worker -> answer. The gate (gate.c) is the only
 * caller of handlers: it authenticates in the same snapshot or transaction the handler uses. A route without
 * class, access kind and documentation does not pass the test of the tables, and the OpenAPI document is made
 * from the same rows (openapi.c).
 */
#ifndef API_API_H
#define API_API_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "http/http.h"
#include "model/ctx.h"
#include "record/txn.h"

struct api;
struct catalog;
struct job_kind;
struct writer;
struct seal;

/* One embedded file of the web application; the table is made by tools/embed_web.py, sorted by path. */
struct asset {
    const char *path;   /* "/assets/index-abc.js" */
    const char *type;   /* Content-Type */
    struct strv br, gz; /* compressed bytes; gz is always there, br may be empty */
    size_t raw_size;
    const char *etag; /* with its quotes */
    bool immutable;   /* the name holds a hash of the content */
};
extern const struct asset API_ASSETS[]; /* ends with path NULL */

/* What the application gives. Everything lives longer than the api. Functions are called from any thread. */
struct api_env {
    const struct catalog *cat;
    const struct settings *(*settings)(void *arg);                 /* the newest snapshot */
    enum err_code (*settings_changed)(void *arg, struct err *err); /* after a commit that changed settings */
    void *arg;
    struct writer *writer;
    const struct reactor *const *reactors;
    const struct job_kind *const *job_kinds; /* for their names; may be NULL */
    const char *imports_dir;                 /* files to import wait here */
    const char *files_dir;                   /* attachments; NULL: none are taken */
    const char *db_url;
    /* The one address that links use, "https://crm.example.com"; it may be filled after api_create, before
     * the server answers. NULL or empty: Origin is compared with Host alone. */
    const char *public_url;
    struct http_tls *cert;   /* its names are ours too; NULL without TLS of our own */
    const char *ca_path;     /* PEM file of the authority that devices may install; NULL: none */
    bool tls;                /* browsers reach us by https: Secure cookie with the prefix __Host- */
    const struct seal *seal; /* opens and closes what is secret at rest */
    bool mail_private;       /* the mail server may stand in the local network */
    /* The first start: the key in the link on the console; NULL when there is an administrator. Copied. */
    const char *setup_token;
    /* Sample worlds (may be NULL): is there one of this name; begin to load it, later and elsewhere. */
    bool (*sample_known)(const char *name);
    void (*sample_load)(void *arg, const char *name);
    bool hsts; /* browsers may keep to https from now on (not where devices must learn to trust us first) */
    bool access_log;
    const struct asset *assets; /* API_ASSETS, or a test's own */
};

ERR_CHECKED enum err_code api_create(const struct api_env *env, struct api **out, struct err *err);
void api_free(struct api *a); /* after http_stop */
/* Fills arg and all callbacks of cfg; address, port, threads and connection limits are the caller's. */
void api_http_config(struct api *a, struct http_config *cfg);
/* The server whose figures /metrics shows; call once after http_start. */
void api_set_server(struct api *a, struct http_server *s);

/* The OpenAPI 3.1 document of the routes and the catalogue, appended to out. */
struct strbuf;
void openapi_json(const struct catalog *cat, struct strbuf *out);
#endif
