/* mail.h - mail that goes out: settings, queue, sending.
 *
 * A mail is a row of `mail`, added inside a write. Links are made when it goes out, so that no secret waits
 * in the table, and a link is as old as its mail. A server that is away is tried again (1, 5, 30 minutes, 2,
 * 6, 24 hours); what it refuses for good is given up at once. Both are seen in the list of mail.
 */
#ifndef DOMAIN_MAIL_MAIL_H
#define DOMAIN_MAIL_MAIL_H
#include <jansson.h>

#include "model/ctx.h"
#include "model/seal.h"
#include "os/smtp.h"

struct strbuf;

enum mail_rules {
    MAIL_RESET_MINUTES = 30,
    MAIL_INVITE_DAYS = 7,
    MAIL_RESETS = 3, /* to one address in 15 minutes */
    MAIL_RESETS_MS = 15 * 60 * 1000,
    MAIL_REMOTE = 60, /* asked for from one remote address in that time */
    MAIL_KEEP_DAYS = 90,
    MAIL_ATTEMPTS = 7,
    MAIL_BODY_MAX = 64 * 1024
};

/* ---- settings: one row "mail" of the table of settings ---- */
struct mail_config {
    bool set; /* there is a host */
    char host[256], user[256], from[256], name[128];
    char password[512]; /* opened */
    bool has_password;
    int port;
    enum smtp_security security;
};
ERR_CHECKED enum err_code mail_config_load(struct ctx *ctx, const struct seal *seal, struct mail_config *out,
                                           struct err *err);
/* {"host","port","security","user","from","name","password"?}: what is not given stays. Inside a write. */
ERR_CHECKED enum err_code mail_config_save(struct ctx *ctx, const struct seal *seal, const json_t *body,
                                           struct err_list *errs, struct err *err);
/* Appends the settings; never the password, only whether there is one. */
void mail_config_json(const struct mail_config *c, struct strbuf *out);

/* ---- queue, inside a write ---- */
/* kind "text" has subject and body; "invite" a member. */
struct mail_new {
    const char *kind;
    struct strv address;
    int64_t user; /* 0: none */
    enum lang lang;
    struct strv subject, body;
    struct strv remote; /* who asked for it; empty: ourselves */
};
ERR_CHECKED enum err_code mail_add(struct ctx *ctx, const struct mail_new *m, struct err *err);
/* A forgotten password: the same work whether the address is somebody's or not. ERR_TOO_MANY when this remote
 * address asked too often. */
ERR_CHECKED enum err_code mail_forgot(struct ctx *ctx, struct strv address, struct strv remote,
                                      enum lang lang, struct err *err);
/* A failed mail is tried again. ERR_NOT_FOUND. */
ERR_CHECKED enum err_code mail_retry(struct ctx *ctx, int64_t id, struct err *err);
/* {"items":[{id,kind,address,status,attempts,run_at,created_at,sent_at,answer}],"next":id|null}, newest
 * first; before: id of the last one of the page before, 0: from the newest. */
ERR_CHECKED enum err_code mail_list_json(struct ctx *ctx, int64_t before, int limit, struct strbuf *out,
                                         struct err *err);

/* ---- links ---- */
/* A new link of this kind ("reset", "invite") for a member, in place of older ones; inside a write. */
ERR_CHECKED enum err_code mail_link(struct ctx *ctx, const char *kind, int64_t user, const char *base_url,
                                    struct strv *url, struct err *err);
/* Whose link is it? ERR_INVALID (MSG_LINK_BAD) when it is unknown, used, too old, or the member is not who he
 * was. take: it is used up. */
struct mail_link {
    int64_t user, generation;
    struct strv email, name;
    bool invite;
};
ERR_CHECKED enum err_code mail_link_find(struct ctx *ctx, struct strv token, bool take, struct mail_link *out,
                                         struct err *err);

/* ---- sending ---- */
struct mail_env {
    const struct seal *seal;
    const char *base_url;
    bool allow_private;
    const volatile int *stop;                 /* not 0: stop soon */
    void (*base)(void *arg, struct ctx *out); /* catalogue, settings, now; no connection */
    /* A reading connection of the sender's own, and one write on the writer. */
    const char *db_url;
    enum err_code (*in_writer)(void *arg, enum err_code (*fn)(struct ctx *ctx, void *fn_arg, struct err *err),
                               void *fn_arg, struct err *err);
    void *arg;
};
/* Sends what is due, at most `most`; *sent: how many were handled (0: nothing was due). */
ERR_CHECKED enum err_code mail_send_due(const struct mail_env *env, int most, int *sent, struct err *err);
/* One mail at once, by the given settings: the test button. */
void mail_send_test(const struct mail_config *c, bool allow_private, struct strv to, enum lang lang,
                    int64_t now, struct smtp_result *out);
#endif
