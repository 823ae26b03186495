/* priv.h - the inside of the api: routes, calls, the gate. */
#ifndef API_PRIV_H
#define API_PRIV_H
#include <stdatomic.h>

#include "api/api.h"
#include "core/arena.h"
#include "core/json.h"
#include "db/writer.h"
#include "model/access.h"
#include "model/catalog.h"
#include "record/record.h"

#define API_PREFIX "/api/v1"
#define API_LINK_OPENAPI API_PREFIX "/openapi.json"

enum api_sizes {
    API_BODY_RECORD = 10 * 1024 * 1024, /* S13 */
    API_BODY_SETTINGS = 64 * 1024,
    API_BODY_SESSION = 4 * 1024,
    API_READ_MS = 2000, /* longest read statement */
    API_SEGMENTS = 8    /* of a path */
};

/* Who may call. Zero is no kind: a route without one does not pass the tests of the tables. */
enum api_access {
    ACCESS_PUBLIC = 1,
    ACCESS_SESSION, /* cookie or token */
    ACCESS_ADMIN,   /* the same, of an administrator */
    ACCESS_SETUP,   /* anybody, until there is an administrator; afterwards there is no such address */
    ACCESS_LOCAL    /* from this machine, not through a proxy */
};

/* What a route of ACCESS_SESSION needs, asked before its handler runs. Zero is refused: a route without one
 * does not pass the tests of the tables. */
enum api_right {
    RIGHT_OWN = 1,  /* nothing of records: the caller's session, descriptions */
    RIGHT_FILTERED, /* answers for many objects, each asked for by the record layer */
    RIGHT_OBJECT,   /* act on {object}; records and fields are the record layer's */
    RIGHT_CUSTOMER, /* may read the customer {id} */
    RIGHT_MAY       /* the right `may` */
};

/* The caller, known after authentication. */
struct api_who {
    int64_t user; /* 0: nobody */
    bool admin, bearer, has_lang;
    enum lang lang;
    struct strv name, email; /* in the request's arena */
    int64_t seen_at;
};

struct api_call {
    struct api *api;
    struct ctx *ctx;
    struct arena
        *arena; /* the request's: lives until the answer is sent. ctx->arena may die with the transaction */
    const struct http_request *req;
    struct http_response *resp;
    const struct api_route *route;
    struct strv seg[API_SEGMENTS]; /* of the path, without the prefix's empty first part */
    size_t n_seg;
    const struct object *object; /* {object} */
    int64_t id;                  /* {id} */
    struct api_who who;
    struct err_list errs;
    enum lang lang;
};

struct api_text {
    const char *zh, *en;
};
struct api_param {
    const char *name;   /* of the query; NULL ends the table */
    const char *schema; /* JSON schema */
    struct api_text text;
};

typedef enum err_code api_handler(struct api_call *c, struct err *err);

struct api_route {
    const char *method, *pattern; /* "/api/v1/{object}/{id}" */
    enum http_class cls;
    enum api_access access;
    enum api_right right;
    enum action act; /* RIGHT_OBJECT */
    enum may may;    /* RIGHT_MAY */
    size_t max_body;
    bool idempotent; /* honours Idempotency-Key */
    api_handler *run;
    /* documentation, part of the row so that it cannot be forgotten */
    const char *id; /* operation id; {object} routes get _<object> behind it */
    struct api_text summary;
    const struct api_param *query; /* NULL: none is taken */
    const char *request;  /* component schema; "@" = the object's write schema; API_FILE: bytes; NULL none */
    int status;           /* of success */
    const char *response; /* component schema; "@" = the object, "@list" = a page of it; "text"; NULL none */
    const int *errors;    /* statuses beside 400, 401, 503; ends with 0 */
};

/* The body is a file: it goes to the files' folder, not to memory. */
#define API_FILE "file"
#define API_BYTES "bytes" /* a part of one: in memory, not JSON */
static inline bool
route_takes_bytes(const struct api_route *r)
{
    return r->request && (strcmp(r->request, API_FILE) == 0 || strcmp(r->request, API_BYTES) == 0);
}
static inline bool
route_takes_file(const struct api_route *r)
{
    return r->request && strcmp(r->request, API_FILE) == 0;
}

struct api_table {
    const struct api_route *routes;
    size_t n;
};
extern const struct api_table *const API_TABLES[]; /* routes.c; ends with NULL */
extern const struct api_table SESSION_ROUTES, SETUP_ROUTES, ACCOUNT_ROUTES, MAIL_ROUTES, RECORD_ROUTES,
    CUSTOMER_ROUTES, SYSTEM_ROUTES;
extern const struct api_table HISTORY_ROUTES, IMPORT_ROUTES, JOBS_ROUTES, DEMO_ROUTES, FILES_ROUTES,
    USERS_ROUTES, ACCESS_ROUTES, NOTICES_ROUTES;
extern const struct api_route STATIC_ROUTE;
/* Component schemas written by hand; name NULL ends. */
struct api_component {
    const char *name, *schema;
};
extern const struct api_component API_COMPONENTS[]; /* components.c */

struct api {
    struct api_env env;
    struct access_cache *access;        /* compiled rights of members */
    struct http_server *_Atomic server; /* for /metrics; NULL until api_set_server */
    atomic_bool setup_open;             /* there is no administrator yet */
    char setup_token[64];
    char dummy_hash[128]; /* argon2id of random bytes: the work done for unknown accounts */
};

/* ---- routes.c ---- */
/* The route of method and path; NULL when there is none. allow gets the methods of the path ("GET, HEAD,
 * OPTIONS"); it stays empty for an unknown path. HEAD finds GET. */
const struct api_route *route_find(struct strv method, struct strv path, struct strbuf *allow);
/* Splits the path and fills c->seg. */
void route_split(struct strv path, struct strv seg[API_SEGMENTS], size_t *n);
/* Query parameters are those of the route's table, each at most once. */
ERR_CHECKED enum err_code route_check_query(struct arena *a, const struct api_route *r,
                                            const struct http_request *req, struct err *err);

/* ---- problem.c ---- */
enum lang problem_lang(const struct http_request *req_or_null, const struct api_who *who);
/* Replaces the answer by a problem. status 0: that of the error's code. */
void problem_render(struct http_response *resp, int status, const struct err *err,
                    const struct err_list *errs, enum lang lang);

/* ---- session.c: who is calling ---- */
struct strv session_cookie(const struct api *a, const struct http_request *req); /* p NULL when absent */
struct strv session_bearer(const struct http_request *req);
void session_csrf(struct strv cookie, char out[48]);
/* The cookie of a new session; seconds 0 removes it. */
void session_set_cookie(struct api_call *c, struct strv text, int64_t seconds);
/* Looks up cookie or token in ctx->db and fills c->who and ctx->actor. ERR_UNAUTHENTICATED when it is not
 * valid. */
ERR_CHECKED enum err_code session_authenticate(struct api_call *c, struct err *err);
/* Is the Host ours: a loopback name or address (any port: forwarded ports), or that of public_url? A page of
 * another name that resolves to this machine (DNS rebinding) is not. Absent (HTTP/1.0): no browser. */
bool session_host_ok(const struct api *a, const struct http_request *req);
/* What can be refused from the head alone: missing credentials, Origin, CSRF token, place. */
ERR_CHECKED enum err_code session_precheck(const struct api *a, const struct api_route *r,
                                           const struct http_request *req, struct err *err);
/* Notes that the session was used (at most once an hour), later, on the writer. */
void session_touch(struct api_call *c);
void session_hash(struct strv text, uint8_t out[32]);
/* Verifies against hash, or against the dummy when hash is empty: the same work either way. */
bool auth_verify(const struct api *a, struct strv hash, struct strv password);
ERR_CHECKED enum err_code auth_hash(struct strv password, char out[128], struct err *err);
bool auth_needs_rehash(const char *hash);

/* ---- api_session.c ---- */
/* Makes a session for the member in c->who, sets its cookie and fills the answer; inside a write. */
ERR_CHECKED enum err_code session_begin(struct api_call *c, int64_t user, struct err *err);
/* Counts a try of an account (keyed hash of its address) and refuses when there were too many; forgets them.
 * Inside a write. */
void session_account(const struct api_call *c, struct strv email, uint8_t out[32]);
ERR_CHECKED enum err_code session_try(struct api_call *c, const uint8_t account[32], struct err *err);
ERR_CHECKED enum err_code session_tries_clear(struct api_call *c, const uint8_t account[32], struct err *err);
/* Members of the body that are texts; others than those named are refused. names ends with NULL; a name that
 * begins with ? may be absent (empty view). */
ERR_CHECKED enum err_code api_texts(struct api_call *c, const char *const *names, struct strv *out,
                                    struct err *err);

/* ---- totp.c: one-time codes (RFC 6238: SHA-1, 6 digits, 30 s) ---- */
enum { TOTP_CODES = 10, TOTP_SECRET = 20 };
/* Is there a confirmed secret? */
ERR_CHECKED enum err_code totp_on(struct ctx *ctx, int64_t user, bool *on, struct err *err);
/* A new, unconfirmed secret: otpauth URL and its base32 text. Inside a write. */
ERR_CHECKED enum err_code totp_begin(struct api_call *c, struct strv *url, struct strv *secret,
                                     struct err *err);
/* Takes a code: confirmed false: of the secret that waits for it, which it confirms. A right code serves
 * once; a recovery code too is taken when confirmed. *ok false: wrong. Inside a write. */
ERR_CHECKED enum err_code totp_take(struct api_call *c, int64_t user, struct strv code, bool confirmed,
                                    bool *ok, struct err *err);
/* New recovery codes in place of the old; [TOTP_CODES] in the request's arena. Inside a write. */
ERR_CHECKED enum err_code totp_recovery(struct api_call *c, struct strv *codes, struct err *err);

/* ---- gate.c ---- */
/* For handlers of class SLOW: runs fn(c, arg) on the writer in a unit; c->ctx is the unit's meanwhile.
 * authenticated: the caller is checked again in that transaction. */
ERR_CHECKED enum err_code api_write(struct api_call *c, bool authenticated,
                                    enum err_code (*fn)(struct api_call *c, void *arg, struct err *err),
                                    void *arg, struct err *err);
/* Runs a statement without rows and gives it back. */
ERR_CHECKED enum err_code api_run(struct db_stmt *st, struct err *err);
/* A header whose value is made with printf, in the request's arena. */
void api_header(struct api_call *c, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The body as a JSON object with the request's limits. */
ERR_CHECKED enum err_code api_body(struct api_call *c, json_t **out, struct err *err);
/* Sets ETag and turns the answer into 304 when If-None-Match has it. */
void api_etag(struct api_call *c, const char *etag);
/* The ETag of a record whose JSON is the answer's body: "<rev>.<hash of the body>". Derived fields and titles
 * of references change without a new rev, so the rev alone would not tell that the answer is another. */
const char *api_record_etag(struct api_call *c, int64_t rev);
/* If-Match: the ETag as it was read, "3" or *; *rev 0 for *. Absent: ERR_PRECONDITION_REQUIRED when needed,
 * else 0. */
ERR_CHECKED enum err_code api_if_match(struct api_call *c, bool needed, int64_t *rev, struct err *err);
/* ERR_CONFLICT when the statement (parameter id) counts any members. */
ERR_CHECKED enum err_code api_refuse_used(struct ctx *ctx, enum sql_id count, int64_t id, struct err *err);
/* A query parameter as a number within bounds; dflt when absent. */
ERR_CHECKED enum err_code api_query_int(struct api_call *c, const char *name, int dflt, int min, int max,
                                        int *out, struct err *err);

/* ---- api_static.c ---- */
void static_serve(const struct api *a, const struct http_request *req, struct http_response *resp);
#endif
