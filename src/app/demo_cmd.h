/* demo_cmd.h - demo worlds in and out: at serve, by the command `demo`, and as jobs. */
#ifndef APP_DEMO_CMD_H
#define APP_DEMO_CMD_H
#include "app/app.h"

struct job_kind;

/* At the start of serve: loads the world ("" = the shop) when the workspace has neither a demo world nor
 * customers. Own customers: says so and loads nothing. Another world than the one named: MSG_DEMO_LOADED.
 * Progress on a terminal. */
ERR_CHECKED enum err_code demo_ensure(struct owner *o, const struct cmd_io *io, const char *name,
                                      struct err *err);
/* Is there a demo world of this name? */
bool demo_known(const char *name);

/* args {"world":"factory","with_own":false,"lang":"en"}; added by the route /demo. */
extern const struct job_kind JOB_DEMO_LOAD, JOB_DEMO_REMOVE;
#endif
