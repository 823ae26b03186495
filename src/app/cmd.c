/* cmd.c - finds the command, decides where it runs: here, here as the owner, or in the process that owns the
 * directory. */
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/app.h"
#include "core/arena.h"
#include "core/text.h"
#include "os/os.h"

const char *
cmd_say(const struct cmd_io *io, const char *zh, const char *en)
{
    return io->lang == LANG_ZH ? zh : en;
}

bool
cmd_cancelled(const struct cmd_io *io)
{
    if (APP_STOP)
        return true;
    if (io->peer < 0)
        return false;
    struct pollfd p = {.fd = io->peer, .events = POLLRDHUP};
    return poll(&p, 1, 0) > 0 && (p.revents & (POLLRDHUP | POLLHUP | POLLERR));
}

const char *
cmd_path(const struct cmd_io *io, const char *path, char *buf, size_t size)
{
    if (path[0] == '/')
        return path;
    snprintf(buf, size, "%s/%s", io->cwd, path);
    return buf;
}

int
cmd_fail(const struct cmd_io *io, const struct err *err)
{
    struct strbuf b = {0};
    err_render(err, io->lang, &b);
    fprintf(io->err, "guanxi: " STRV_FMT "\n", STRV_ARG(strbuf_view(&b)));
    strbuf_release(&b);
    return err_exit_code(err->code);
}

void
cmd_progress(const struct cmd_io *io, double done, const char *text)
{
    if (!io->tty)
        return;
    int bar = (int)(done * 24 + 0.5);
    fprintf(io->err, "\r[%.*s%.*s] %3d %%  %s\033[K", bar, "########################", 24 - bar,
            "........................", (int)(done * 100 + 0.5), text);
    if (done >= 1)
        fputc('\n', io->err);
    fflush(io->err);
}

bool
cmd_ask(const struct cmd_io *io, const char *question)
{
    if (!isatty(fileno(io->in)))
        return true;
    fprintf(io->err, "%s [Y/n] ", question);
    fflush(io->err);
    char line[16];
    if (!fgets(line, sizeof line, io->in))
        return false;
    return line[0] == '\n' || line[0] == 'y' || line[0] == 'Y' || strncmp(line, "是", 3) == 0;
}

static const struct cmd *
find_command(const char *name)
{
    for (size_t i = 0; COMMANDS[i]; i++)
        if (strcmp(COMMANDS[i]->name, name) == 0)
            return COMMANDS[i];
    return NULL;
}

static void
main_help(FILE *f, enum lang lang)
{
    bool zh = lang == LANG_ZH;
    fprintf(f, "Guanxi (懂客) %s\n%s: guanxi %s\n\n", GUANXI_VERSION, zh ? "用法" : "usage",
            zh ? "命令 [参数]" : "COMMAND [ARGUMENTS]");
    for (size_t i = 0; COMMANDS[i]; i++)
        fprintf(f, "  %-10s %s\n", COMMANDS[i]->name, zh ? COMMANDS[i]->zh : COMMANDS[i]->en);
    fputs(zh ? "\n各命令的说明：guanxi 命令 --help\n"
             : "\nEach command explains itself: guanxi COMMAND --help\n",
          f);
}

static enum lang
lang_of_env(void)
{
    static const char *const names[] = {"GUANXI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *v = getenv(names[i]);
        if (v && v[0])
            return strncmp(v, "zh", 2) == 0 ? LANG_ZH : LANG_EN;
    }
    return LANG_EN;
}

static const char *
data_dir(const struct args *a)
{
    const char *d = arg_get(a, "--data");
    return d && d[0] ? d : "guanxi-data";
}

enum err_code
cmd_needs_data(const struct cmd_io *io, const struct args *a, struct err *err)
{
    (void)io;
    return os_exists(data_dir(a)) ? ERR_OK : err_set(err, MSG_CMD_NO_DATA, "path", data_dir(a), NULL);
}

/* The owner's side of a transported command line. */
int
cmd_run_in_owner(struct owner *o, const struct cmd_io *io, int argc, const char *const *argv)
{
    struct err err = {0};
    struct args a;
    const struct cmd *c = find_command(argv[0]);
    if (!c || c->need != NEED_OWNER) {
        err_set(&err, MSG_CMD_UNKNOWN, "name", argv[0], "suggest", "help", NULL);
        return cmd_fail(io, &err);
    }
    if (args_parse(c, argc, argv, &a, &err))
        return cmd_fail(io, &err);
    struct cmd_io mine = *io;
    mine.json = arg_get(&a, "--json") != NULL;
    int code = c->run(o, &mine, &a);
    if (a.n_pos)
        free((void *)(uintptr_t)a.pos);
    return code;
}

static int
run_with_owner(const struct cmd *c, const struct cmd_io *io, const struct args *a, int argc,
               const char *const *argv)
{
    int code = 1;
    struct owner *o = NULL;
    struct err err = {0};
    if (c->need == NEED_OWNER && owner_socket_call(data_dir(a), argc, argv, io, &code))
        return code;
    if ((c->check && c->check(io, a, &err)) || owner_open(data_dir(a), &o, &err))
        return cmd_fail(io, &err);
    if (owner_socket_start(o, &err))
        code = cmd_fail(io, &err);
    else
        code = c->run(o, io, a);
    owner_close(o);
    return code;
}

static int
unknown_command(const struct cmd_io *io, const char *name)
{
    struct nearest n = {.found = strv_of(name)};
    const char *near = nearest_is(&n, STRV("help")) ? "help" : NULL;
    for (size_t i = 0; COMMANDS[i]; i++)
        if (nearest_is(&n, strv_of(COMMANDS[i]->name)))
            near = COMMANDS[i]->name;
    struct err err = {0};
    if (near)
        err_set(&err, MSG_CMD_UNKNOWN, "name", name, "suggest", near, NULL);
    else
        err_set(&err, MSG_CMD_UNKNOWN0, "name", name, NULL);
    return cmd_fail(io, &err);
}

int
cmd_main(int argc, const char *const *argv)
{
    char cwd[4096] = "/";
    struct cmd_io io = {.in = stdin,
                        .out = stdout,
                        .err = stderr,
                        .tty = isatty(STDERR_FILENO),
                        .lang = lang_of_env(),
                        .peer = -1};
    io.cwd = getcwd(cwd, sizeof cwd) ? cwd : "/";
    bool help = argc == 0 || strcmp(argv[0], "help") == 0 || strcmp(argv[0], "--help") == 0 ||
                strcmp(argv[0], "-h") == 0;
    if (help && argc < 2) {
        main_help(stdout, io.lang);
        return 0;
    }
    if (strcmp(argv[0], "--version") == 0 || strcmp(argv[0], "version") == 0) {
        puts("guanxi " GUANXI_VERSION);
        return 0;
    }
    const struct cmd *c = find_command(help ? argv[1] : argv[0]);
    if (!c)
        return unknown_command(&io, help ? argv[1] : argv[0]);
    for (int i = 1; i < argc && !help; i++)
        help = strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0;
    if (help) {
        cmd_help(c, stdout, io.lang);
        return 0;
    }
    struct err err = {0};
    struct args a;
    if (args_parse(c, argc, argv, &a, &err))
        return cmd_fail(&io, &err);
    io.json = arg_get(&a, "--json") != NULL;
    int code = c->need == NEED_OWNER || c->need == NEED_SERVE ? run_with_owner(c, &io, &a, argc, argv)
                                                              : c->run(NULL, &io, &a);
    if (a.n_pos)
        free((void *)(uintptr_t)a.pos);
    return code;
}
