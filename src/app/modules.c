/* modules.c - the areas of this program: reactors in the order in which they are flushed, commands in the
 * order of help. */
#include "app/app.h"
#include "app/demo_cmd.h"
#include "domain/customer/customer.h"
#include "record/attached.h"
#include "record/bin.h"
#include "record/files.h"
#include "record/import_store.h"
#include "record/jobs.h"
#include "record/notice.h"
#include "record/undo.h"

const struct reactor *const APP_REACTORS[] = {&ORDER_REACTOR, &CUSTOMER_REACTOR, &ATTACHED_REACTOR,
                                              &NOTICE_REACTOR, NULL};

const struct job_kind *const APP_JOB_KINDS[] = {&JOB_UNDO,        &JOB_BIN,   &JOB_IMPORT,  &JOB_DEMO_LOAD,
                                                &JOB_DEMO_REMOVE, &JOB_FILES, &JOB_NOTICES, NULL};

const struct cmd *const COMMANDS[] = {&CMD_SERVE,  &CMD_IMPORT, &CMD_QUERY,    &CMD_SEARCH,
                                      &CMD_SCORE,  &CMD_USER,   &CMD_SETTINGS, &CMD_RATE,
                                      &CMD_SCHEMA, &CMD_DEMO,   &CMD_CHECK,    NULL};
