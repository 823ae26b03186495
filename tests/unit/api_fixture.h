/* api_fixture.h - the whole server over a temporary database with packs/core, an administrator, a member and
 * their tokens. */
#ifndef TESTS_API_FIXTURE_H
#define TESTS_API_FIXTURE_H
#include "db_testing.h"

#include <stdatomic.h>

#include "api/api.h"
#include "api/auth.h"
#include "db/writer.h"
#include "model/catalog.h"
#include "model/seal.h"
#include "model/settings.h"
#include "raw_http.h"

#define ADMIN_EMAIL "li@shop.example"
#define ADMIN_PASSWORD "correct horse battery"
#define MEMBER_EMAIL "wang@shop.example"

enum who {
    NOBODY,
    COOKIE /* no CSRF token, no Origin */,
    BROWSER /* cookie, Origin, CSRF token */,
    TOKEN,
    MEMBER_TOKEN
};

struct server {
    struct tmpdb tmp;
    char files[96]; /* folder of attachments */
    struct writer *writer;
    struct catalog *cat;
    struct settings *_Atomic set;
    struct settings *old_sets[16];
    int n_old;
    struct seal seal; /* all zero: as good as any here */
    char base_url[64], setup_token[48];
    struct api *api;
    struct http_server *http;
    int64_t admin, member;
    char token[96], member_token[96];
    char cookie[64], csrf[64];
    char location[128], cursor[512], etag[64]; /* of the answers so far */
};

/* assets: NULL for a build without pages. reactors as in the application. */
void server_open(struct server *s, const struct asset *assets);
void server_close(struct server *s);
/* One call, in English and to a Host of ours unless the headers say otherwise. In path and headers $L is the
 * last Location, $C the last cursor (encoded by itself), $E the last ETag. */
void server_call(struct server *s, const char *method, const char *path, enum who who, const char *headers,
                 struct strv body, struct raw_answer *a);
/* Signs in as the administrator and keeps cookie and CSRF token. */
void server_sign_in(struct server *s);
bool answer_has(const struct raw_answer *a, const char *text);
#endif
