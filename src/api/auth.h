/* auth.h - users' passwords, sessions and API tokens.
 *
 * Passwords: argon2id (libsodium), 19 MiB, 2 passes, hashed again at sign-in when these figures rise. Session
 * ids and tokens are 32 random bytes; only their BLAKE2b-256 is stored. The CSRF token of a session is a
 * keyed hash of its id: it needs no storage and cannot be guessed from what is stored. No account and no
 * password exists until somebody makes one.
 */
#ifndef API_AUTH_H
#define API_AUTH_H
#include "core/err.h"
#include "core/str.h"
#include "model/ctx.h"

enum auth_rules {
    AUTH_PASSWORD_MIN = 10,         /* characters */
    AUTH_PASSWORD_MAX = 1024,       /* bytes */
    AUTH_TRIES = 10,                /* failures of one account ... */
    AUTH_TRIES_MS = 15 * 60 * 1000, /* ... in this time, then one try each AUTH_DELAY_MS */
    AUTH_DELAY_MS = 30 * 1000,
    AUTH_REMOTE_TRIES = 100, /* failures from one address in AUTH_TRIES_MS, then an account that failed at
                              * all gets one try each AUTH_DELAY_MS */
    AUTH_TOKEN_DAYS = 365
};

/* These three run on the writer with ctx->txn set. The password is hashed there (about 30 ms): not for bulk
 * use. */
/* A member with a password. ERR_INVALID naming email, name or password; ERR_CONFLICT when the email address
 * is taken. */
ERR_CHECKED enum err_code auth_user_create(struct ctx *ctx, struct strv name, struct strv email,
                                           struct strv password, bool admin, int64_t *id, struct err *err);
/* Sets a password and ends all sessions and tokens of the member. */
ERR_CHECKED enum err_code auth_password_set(struct ctx *ctx, int64_t user_id, struct strv password,
                                            struct err *err);
/* The same in two steps, for callers that hash on a thread of their own: auth_password_check and auth_hash
 * anywhere, then auth_password_store on the writer. email: it must not be the password. */
ERR_CHECKED enum err_code auth_password_check(struct strv password, struct strv email, struct err *err);
ERR_CHECKED enum err_code auth_password_store(struct ctx *ctx, int64_t user_id, const char *hash,
                                              struct err *err);
/* A member without a password, who comes in by an invitation. */
ERR_CHECKED enum err_code auth_user_invite(struct ctx *ctx, struct strv name, struct strv email, bool admin,
                                           int64_t *id, struct err *err);
/* One-time codes and recovery codes of the member are gone. */
ERR_CHECKED enum err_code auth_totp_drop(struct ctx *ctx, int64_t user_id, struct err *err);
/* Ends all sessions of the member. */
ERR_CHECKED enum err_code auth_sessions_drop(struct ctx *ctx, int64_t user_id, struct err *err);
/* Is there an administrator who may sign in? */
ERR_CHECKED enum err_code auth_admin_exists(struct ctx *ctx, bool *yes, struct err *err);
/* A token for programs, valid AUTH_TOKEN_DAYS, in place of the member's token of the same name; its text (in
 * ctx->arena) cannot be read again later. */
ERR_CHECKED enum err_code auth_token_create(struct ctx *ctx, int64_t user_id, struct strv name,
                                            struct strv *token, struct err *err);
#endif
