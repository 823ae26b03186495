/* app.h - the program: commands, the owner of a data directory, the server.
 *
 * A data directory has one owner process (DESIGN section 5): it holds the lock, the writer and guanxi.sock. A
 * command that needs the data is sent to the owner over that socket together with the caller's stdout and
 * stderr; with no owner the process becomes one for as long as the command runs. So each command is one
 * function that never asks which case it is.
 */
#ifndef APP_APP_H
#define APP_APP_H
#include <stdatomic.h>
#include <stdio.h>

#include "db/writer.h"
#include "model/ctx.h"
#include "model/seal.h"
#include "record/txn.h"

/* ---- owner ---- */
struct owner {
    char dir[4096]; /* data directory, absolute */
    char db_path[4200];
    char imports_dir[4200];
    char files_dir[4200];
    int lock_fd;
    struct seal seal; /* DIR/seal.key */
    struct writer *writer;
    struct catalog *cat;
    struct settings *_Atomic set; /* newest snapshot; older ones stay until the owner closes */
    struct settings *old_sets[64];
    size_t n_old_sets;
    const struct reactor *const *reactors;
    struct owner_socket *socket;
    atomic_bool demo_busy; /* demo data are being loaded or removed (cmd_demo.c) */
    atomic_bool unsettled; /* ranks could not be made anew after bulk work (disk full): to be tried again */
    bool search_stale;     /* search terms were to be made anew when it was opened */
};

extern const struct reactor *const APP_REACTORS[];   /* modules.c */
extern const struct job_kind *const APP_JOB_KINDS[]; /* modules.c; ends with NULL */

/* Locks the directory (made when absent), opens, checks, migrates, loads packs and settings, starts the
 * writer. ERR_LOCKED when another process owns it. */
ERR_CHECKED enum err_code owner_open(const char *dir, struct owner **out, struct err *err);
void owner_close(struct owner *o);
/* A reading connection of one's own with a fresh arena; ctx_close ends both. */
ERR_CHECKED enum err_code owner_read_ctx(struct owner *o, struct ctx *ctx, struct err *err);
void owner_ctx_close(struct ctx *ctx);

/* Runs fn as one writer task inside a unit (arena, ctx, txn, flush); waits until it is durable. bulk: sliced
 * by *more. */
typedef enum err_code (*owner_fn)(struct ctx *ctx, void *arg, bool *more, struct err *err);
ERR_CHECKED enum err_code owner_write(struct owner *o, const struct ctx *base, bool bulk, int64_t operation,
                                      owner_fn fn, void *arg, struct err *err);
/* After bulk work, whole or broken off: ranks and cuts that it left dirty are made anew. Keeps the first
 * error. */
void owner_settle(struct owner *o, const struct ctx *base, struct err *err);
/* The same again when it failed before; cheap otherwise. Called by the tick of serve. */
void owner_settle_again(struct owner *o, const struct ctx *base);
/* Makes search terms anew where that is due, in slices of bulk work; tell (may be NULL) is called between
 * them and ends it with false. Another call goes on where one stopped. */
ERR_CHECKED enum err_code owner_build_search(struct owner *o,
                                             bool (*tell)(void *arg, int64_t done, int64_t total), void *arg,
                                             struct err *err);
/* Reads the settings again after they changed. */
ERR_CHECKED enum err_code owner_reload_settings(struct owner *o, struct err *err);

/* ---- commands ---- */
struct cmd_io {
    FILE *in, *out, *err;
    bool tty;  /* progress bars */
    bool json; /* --json */
    enum lang lang;
    const char *cwd; /* relative file names are relative to this */
    int peer;        /* socket of the caller, or -1 */
};
/* The caller went away (closed socket) or SIGINT came. */
bool cmd_cancelled(const struct cmd_io *io);
/* Absolute path of a file argument; in buf. */
const char *cmd_path(const struct cmd_io *io, const char *path, char *buf, size_t size);
/* Prints the error in the caller's language and gives its exit code. */
int cmd_fail(const struct cmd_io *io, const struct err *err);
/* Progress line on a terminal; done 0..1. */
void cmd_progress(const struct cmd_io *io, double done, const char *text);
/* Asks yes or no (default yes) when the caller's stdin is a terminal; true without one. */
bool cmd_ask(const struct cmd_io *io, const char *question);
/* A zh/en pair in the caller's language. */
const char *cmd_say(const struct cmd_io *io, const char *zh, const char *en);

struct opt {
    const char *name;    /* "--data" */
    const char *value;   /* "DIR", or NULL for a flag */
    const char *env;     /* environment variable, or NULL */
    const char *zh, *en; /* help */
};
/* Options that most commands have. */
#define OPT_DATA                                                                                             \
    {                                                                                                        \
        "--data", "DIR", "GUANXI_DATA", "数据目录（默认 guanxi-data）",                                      \
            "data directory (default guanxi-data)"                                                           \
    }
#define OPT_JSON                                                                                             \
    {                                                                                                        \
        "--json", NULL, NULL, "以 JSON 输出", "print JSON"                                                   \
    }

struct args {
    const char *const *pos; /* positional */
    int n_pos;
    const struct opt *opts; /* of the command; ends with name NULL */
    const char *val[24];    /* by option index: text, "" for a given flag, NULL absent */
};
const char *arg_get(const struct args *a, const char *name);

enum cmd_need { NEED_NOTHING, NEED_OWNER, NEED_DIR /* opens the file itself, read-only */, NEED_SERVE };
struct cmd {
    const char *name, *usage;
    const char *zh, *en; /* one line */
    enum cmd_need need;
    int min_pos, max_pos;
    const struct opt *opts;
    int (*run)(struct owner *o, const struct cmd_io *io, const struct args *a);
    /* Before a data directory is made or opened: what can be refused from the words alone. May be NULL. */
    enum err_code (*check)(const struct cmd_io *io, const struct args *a, struct err *err);
};
/* A check: the data directory is there. */
ERR_CHECKED enum err_code cmd_needs_data(const struct cmd_io *io, const struct args *a, struct err *err);
extern const struct cmd CMD_SERVE, CMD_IMPORT, CMD_QUERY, CMD_SCORE, CMD_USER, CMD_SETTINGS, CMD_RATE,
    CMD_SCHEMA, CMD_CHECK, CMD_DEMO, CMD_SEARCH;
extern const struct cmd *const COMMANDS[]; /* ends with NULL */

/* Fills a from argv (argv[0] is the command's name). ERR_USAGE with a suggestion. */
ERR_CHECKED enum err_code args_parse(const struct cmd *c, int argc, const char *const *argv, struct args *a,
                                     struct err *err);
void cmd_help(const struct cmd *c, FILE *f, enum lang lang);
/* Finds the command, parses, runs with or through the owner; the exit code. */
int cmd_main(int argc, const char *const *argv);
/* Runs an already transported command line in the owner. */
int cmd_run_in_owner(struct owner *o, const struct cmd_io *io, int argc, const char *const *argv);

/* ---- owner socket ---- */
ERR_CHECKED enum err_code owner_socket_start(struct owner *o, struct err *err);
void owner_socket_stop(struct owner *o);
/* Sends a command line to the owner of dir. false: nobody listens. *code: its exit code. */
bool owner_socket_call(const char *dir, int argc, const char *const *argv, const struct cmd_io *io,
                       int *code);

/* base ctx of a command: actor 0 = the local administrator; now = os_now_ms(). */
void owner_base_ctx(struct owner *o, const struct cmd_io *io, enum door door, struct ctx *ctx);
extern volatile int APP_STOP; /* set by SIGINT/SIGTERM; main.c */
#endif
