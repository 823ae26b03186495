/* demo_cmd.h - loading and removing the demo world, for serve and the command `demo`. */
#ifndef APP_DEMO_CMD_H
#define APP_DEMO_CMD_H
#include "app/app.h"

/* Loads the demo world `name` ("" = shop) unless it is there already. Progress on a terminal. */
ERR_CHECKED enum err_code demo_ensure(struct owner *o, const struct cmd_io *io, const char *name,
                                      struct err *err);
/* Is there a demo world of this name? */
bool demo_known(const char *name);
#endif
