/* ctx.h - what every function of the rooms above gets: who, when, where, with which catalogue.
 *
 * One ctx per request, job or slice, on the stack of its runner. `now` is the only clock. Nothing in it is
 * owned.
 */
#ifndef MODEL_CTX_H
#define MODEL_CTX_H
#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"

struct access;
struct arena;
struct catalog;
struct db;
struct txn;
struct zone;

enum door { DOOR_API, DOOR_UI, DOOR_CLI, DOOR_IMPORT, DOOR_RULE, DOOR_SYSTEM, DOOR_DEMO };

/* Settings of the workspace, an immutable snapshot (settings.h reads and writes them). */
struct settings {
    char company[120];
    char base_currency[4]; /* ISO 4217 */
    int base_digits;
    const struct zone *zone; /* the organisation's */
    int32_t margin_bp;       /* margin rate where cost is unknown, basis points of net sales; default 3000 */
    bool tier_by_revenue;    /* basis: false profit (margin), true revenue */
    bool tier_window_12m;    /* window: false all facts, true trailing 12 months */
    bool tier_by_threshold;  /* thresholds instead of share cuts */
    int64_t tier_threshold[3]; /* base minor units: vip, main, ordinary at least */
    char phone_prefix[8];      /* put before national phone numbers: "+86" */
    char profile[32];          /* profile.h */
    uint8_t secret[32];        /* signs cursors */
};

struct ctx {
    struct db *db;
    struct arena *arena;
    const struct catalog *cat;
    const struct settings *set;
    struct txn *txn;             /* inside a write; NULL when reading */
    int64_t now;                 /* UTC ms */
    const struct access *access; /* what the actor may do (access.h); NULL: the system, everything */
    int64_t actor;               /* user id; 0 = the system, the local administrator on the command line */
    enum door door;
    enum lang lang;
    bool trying; /* values are only tried (guessing a map): errors need no suggestions */
};
#endif
