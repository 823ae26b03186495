/* cmd_serve.c - guanxi serve: the HTTP server over one data directory, until SIGINT or SIGTERM.
 *
 * Start: owner (lock, database, packs), demo data when asked for, then HTTP, then the ready file. With no
 * administrator yet it prints a link by which one person becomes it; with --demo or --ready-file, where
 * nobody may be there to open it, it makes one (its random password is printed once). A thread works off what
 * time alone changes (state_due) each second.
 */
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

#include "api/api.h"
#include "api/auth.h"
#include "app/app.h"
#include "app/demo_cmd.h"
#include "app/network.h"
#include "app/serve_mail.h"
#include "core/arena.h"
#include "core/json.h"
#include "domain/customer/customer.h"
#include "os/os.h"
#include "record/jobs.h"
#include "record/notice.h"
#include "record/record.h"

#define ADMIN_EMAIL "admin@guanxi.local"

enum { TICK_MS = 1000, TICK_CUSTOMERS = 200, TOKEN_TEXT = 128 };

struct serve {
    struct owner *o;
    const struct cmd_io *io;
    struct api *api;
    struct http_server *http;
    struct network net;
    struct job_runner *jobs;
    char password[32]; /* "" when it is not known (made by an earlier start) */
    char email[128];
    char token[TOKEN_TEXT];
    char setup_token[48]; /* "": there is an administrator */
    bool make_admin;      /* when there is none */
    bool mail_private;
    int64_t admin;
    pthread_t sample;
    bool sampling;
    char sample_name[32];
};

/* ---- time ---- */
static enum err_code
tick_task(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    bool *left = arg;
    (void)more;
    return customer_tick(ctx, TICK_CUSTOMERS, left, err);
}

static void *
tick_thread(void *arg)
{
    struct serve *s = arg;
    while (!APP_STOP) {
        struct err err = {0};
        struct ctx base;
        bool left = false;
        owner_base_ctx(s->o, NULL, DOOR_SYSTEM, &base);
        if (owner_write(s->o, &base, false, 0, tick_task, &left, &err))
            os_log("error", "tick: %s", err_msg_key(err.msg));
        else
            owner_settle_again(s->o, &base);
        network_refresh(&s->net);
        for (int ms = 0; ms < (left ? 20 : TICK_MS) && !APP_STOP; ms += 20)
            usleep(20000);
    }
    return NULL;
}

/* ---- the search index, when it has to be made anew ---- */
static bool
tell_building(void *arg, int64_t done, int64_t total)
{
    int *tenth = arg, now = total ? (int)(done * 10 / total) : 10;
    if (now > *tenth)
        os_log("info", "search index: %lld of %lld records", (long long)done, (long long)total);
    *tenth = now;
    return !APP_STOP;
}

static void *
build_thread(void *arg)
{
    struct serve *s = arg;
    struct err err = {0};
    int tenth = -1;
    if (owner_build_search(s->o, tell_building, &tenth, &err))
        os_log("error", "search index: %s", err_msg_key(err.msg));
    else if (!APP_STOP)
        os_log("info", "search index: up to date");
    return NULL;
}

/* ---- the first administrator ---- */
static enum err_code
find_admin(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct serve *s = arg;
    struct db_stmt *st = NULL;
    bool row = false;
    (void)more;
    if (db_prepare(ctx->db, SQL_APP_FIRST_ADMIN, &st, err) || db_step(st, &row, err))
        goto done;
    if (row) {
        s->admin = db_col_i64(st, 0);
        snprintf(s->email, sizeof s->email, STRV_FMT, STRV_ARG(db_col_text(st, 1)));
    }
    db_release(st);
    st = NULL;
    if (row)
        goto done;
    if (!s->make_admin) {
        os_random_token(24, s->setup_token);
        goto done;
    }
    os_random_token(15, s->password);
    snprintf(s->email, sizeof s->email, ADMIN_EMAIL);
    struct strv name = ctx->lang == LANG_ZH ? STRV("管理员") : STRV("Administrator");
    if (auth_user_create(ctx, name, strv_of(s->email), strv_of(s->password), true, &s->admin, err))
        s->password[0] = 0;
done:
    db_release(st);
    return err->code;
}

static enum err_code
make_token(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct serve *s = arg;
    struct strv text;
    (void)more;
    if (auth_token_create(ctx, s->admin, STRV("ready-file"), &text, err))
        return err->code;
    snprintf(s->token, sizeof s->token, STRV_FMT, STRV_ARG(text));
    return ERR_OK;
}

/* The password of the demo's administrator is kept beside the demo data (0600), so that a second start can
 * print it. */
static enum err_code
demo_password(struct serve *s, struct err *err)
{
    char path[4200];
    snprintf(path, sizeof path, "%s/demo-password", s->o->dir);
    if (s->password[0])
        return os_write_file(path, strv_of(s->password), 0600, err);
    struct arena *a = arena_create();
    struct strv text;
    struct err none = {0};
    if (os_exists(path) && os_read_file(a, path, 64, &text, &none) == ERR_OK && text.n < sizeof s->password)
        snprintf(s->password, sizeof s->password, STRV_FMT, STRV_ARG(text));
    arena_free(a);
    return ERR_OK;
}

/* ---- HTTP ---- */
static const struct settings *
current_settings(void *arg)
{
    struct serve *s = arg;
    return atomic_load(&s->o->set);
}

static enum err_code
settings_changed(void *arg, struct err *err)
{
    struct serve *s = arg;
    struct ctx base;
    if (owner_reload_settings(s->o, err))
        return err->code;
    owner_base_ctx(s->o, NULL, DOOR_SYSTEM, &base);
    owner_settle(s->o, &base, err); /* margin rate, zone, basis ...: state is remade */
    return err->code;
}

/* ---- sample worlds ---- */
static void *
sample_thread(void *arg)
{
    struct serve *s = arg;
    struct err err = {0};
    if (demo_ensure(s->o, s->io, s->sample_name, &err))
        os_log("error", "sample: %s", err_msg_key(err.msg));
    return NULL;
}

/* Once in the life of a data directory: called by the first start's route only. */
static void
sample_load(void *arg, const char *name)
{
    struct serve *s = arg;
    if (s->sampling)
        return;
    snprintf(s->sample_name, sizeof s->sample_name, "%s", name);
    s->sampling = pthread_create(&s->sample, NULL, sample_thread, s) == 0;
}

static enum err_code
start_http(struct serve *s, struct err *err)
{
    struct api_env env = {.cat = s->o->cat,
                          .settings = current_settings,
                          .settings_changed = settings_changed,
                          .arg = s,
                          .writer = s->o->writer,
                          .reactors = s->o->reactors,
                          .job_kinds = APP_JOB_KINDS,
                          .imports_dir = s->o->imports_dir,
                          .files_dir = s->o->files_dir,
                          .db_url = s->o->db_path,
                          .public_url = s->net.base_url,
                          .tls = s->net.https,
                          .cert = s->net.tls,
                          .hsts = s->net.mode == NET_CERT || s->net.mode == NET_PROXY,
                          .ca_path = s->net.mode == NET_LAN ? s->net.ca.ca : NULL,
                          .seal = &s->o->seal,
                          .mail_private = s->mail_private,
                          .setup_token = s->setup_token[0] ? s->setup_token : NULL,
                          .sample_known = demo_known,
                          .sample_load = sample_load,
                          .assets = API_ASSETS};
    struct http_config cfg = {.address = s->net.address,
                              .port = s->net.port,
                              .http_threads = 1,
                              .read_workers = 2,
                              .slow_workers = 2,
                              .max_connections = 2000,
                              .max_per_address = 2000,
                              .tls = s->net.tls,
                              .trusted = s->net.trusted,
                              .n_trusted = s->net.n_trusted,
                              .only_trusted = s->net.mode == NET_PROXY};
    if (api_create(&env, &s->api, err))
        return err->code;
    api_http_config(s->api, &cfg);
    if (http_start(&cfg, &s->http, err))
        return err->code;
    api_set_server(s->api, s->http);
    network_bound(&s->net, http_port(s->http));
    return ERR_OK;
}

/* ---- jobs ---- */
static void
job_base(void *arg, struct ctx *out)
{
    owner_base_ctx(arg, NULL, DOOR_SYSTEM, out);
}

static enum err_code
job_settle(void *arg, struct err *err)
{
    struct owner *o = arg;
    struct ctx base;
    owner_base_ctx(o, NULL, DOOR_SYSTEM, &base);
    owner_settle(o, &base, err);
    return err->code;
}

static enum err_code
start_jobs(struct serve *s, struct err *err)
{
    struct job_env env = {.db_url = s->o->db_path,
                          .files_dir = s->o->files_dir,
                          .writer = s->o->writer,
                          .reactors = s->o->reactors,
                          .kinds = APP_JOB_KINDS,
                          .base = job_base,
                          .failed = notice_job_failed,
                          .settle = job_settle,
                          .arg = s->o,
                          .threads = 2};
    return jobs_start(&env, &s->jobs, err);
}

/* ---- telling ---- */
static enum err_code
write_ready_file(struct serve *s, const char *path, struct err *err)
{
    char buf[4096];
    struct strbuf b = {0};
    j_obj(&b);
    j_kstr(&b, "url", strv_of(s->net.local_url));
    j_kstr(&b, "email", strv_of(s->email));
    j_key(&b, "password");
    j_cstr(&b, s->password[0] ? s->password : NULL);
    j_kstr(&b, "token", strv_of(s->token));
    j_obj_end(&b);
    strbuf_addc(&b, '\n');
    enum err_code rc = os_write_file(cmd_path(s->io, path, buf, sizeof buf), strbuf_view(&b), 0600, err);
    strbuf_release(&b);
    return rc;
}

static void
print_account(const struct serve *s)
{
    FILE *f = s->io->out;
    if (s->setup_token[0]) {
        fprintf(f,
                cmd_say(s->io, "\n  首次使用，请打开此链接完成设置（仅此一次有效）：\n  %s/setup#%s\n\n",
                        "\n  first start: open this link once, to make your account:\n  %s/setup#%s\n\n"),
                s->net.base_url, s->setup_token);
        return;
    }
    fprintf(f, "  %s  %s\n", cmd_say(s->io, "账号", "sign in "), s->email);
    if (s->password[0])
        fprintf(f, "  %s  %s\n", cmd_say(s->io, "密码", "password"), s->password);
    else
        fprintf(f,
                cmd_say(s->io, "  忘记密码：guanxi user reset %s\n",
                        "  forgotten password: guanxi user reset %s\n"),
                s->email);
}

static void
print_address(const struct serve *s)
{
    FILE *f = s->io->out;
    fprintf(f, "\n  %s\n\n", cmd_say(s->io, "懂客 Guanxi 已启动", "Guanxi is running"));
    fprintf(f, "  %s  %s\n", cmd_say(s->io, "地址", "address "), s->net.base_url);
    print_account(s);
    fprintf(f, "  %s  %s\n\n  %s\n", cmd_say(s->io, "数据", "data    "), s->o->dir,
            cmd_say(s->io, "按 Ctrl+C 停止", "Ctrl+C stops it"));
    network_print(&s->net, s->io);
    fflush(f);
}

static enum err_code
prepare(struct serve *s, const struct args *a, struct err *err)
{
    struct ctx base;
    const char *demo = arg_get(a, "--demo");
    if (network_parse(&s->net, a, s->io, err) || network_tls(&s->net, s->o->dir, err))
        return err->code;
    s->mail_private = arg_get(a, "--mail-private") != NULL;
    s->make_admin = demo || arg_get(a, "--ready-file");
    owner_base_ctx(s->o, s->io, DOOR_SYSTEM, &base);
    if (owner_write(s->o, &base, false, 0, find_admin, s, err) ||
        (arg_get(a, "--ready-file") && owner_write(s->o, &base, false, 0, make_token, s, err)))
        return err->code;
    if (demo && (demo_password(s, err) || demo_ensure(s->o, s->io, demo, err)))
        return err->code;
    return ERR_OK;
}

/* What the words alone refuse, before a data directory is made. */
static enum err_code
check_serve(const struct cmd_io *io, const struct args *a, struct err *err)
{
    struct network *n = xcalloc(1, sizeof *n);
    enum err_code rc = network_parse(n, a, io, err);
    network_free(n);
    free(n);
    return rc;
}

static int
run_serve(struct owner *o, const struct cmd_io *io, const struct args *a)
{
    struct err err = {0};
    struct serve *s = xcalloc(1, sizeof *s);
    s->o = o;
    s->io = io;
    pthread_t tick, build;
    int code = 0;
    if (prepare(s, a, &err) || start_jobs(s, &err) || start_http(s, &err))
        goto done;
    struct serve_mail *mail = serve_mail_start(o, s->net.base_url, s->mail_private);
    bool ticking = pthread_create(&tick, NULL, tick_thread, s) == 0;
    bool building = o->search_stale && pthread_create(&build, NULL, build_thread, s) == 0;
    const char *ready = arg_get(a, "--ready-file");
    if (ready && write_ready_file(s, ready, &err))
        APP_STOP = 1;
    else
        print_address(s);
    while (!APP_STOP)
        usleep(50000);
    fprintf(io->out, "%s\n", cmd_say(io, "正在停止 …", "stopping ..."));
    if (ticking)
        pthread_join(tick, NULL);
    if (building)
        pthread_join(build, NULL);
    serve_mail_stop(mail);
done:
    if (err.code)
        code = cmd_fail(io, &err);
    if (s->http)
        http_stop(s->http);
    jobs_stop(s->jobs);
    if (s->sampling)
        pthread_join(s->sample, NULL);
    api_free(s->api);
    network_free(&s->net);
    sodium_memzero(s->password, sizeof s->password);
    free(s);
    return code;
}

static const struct opt OPTS[] = {
    OPT_DATA,
    NETWORK_OPTS,
    {"--mail-private", NULL, "GUANXI_MAIL_PRIVATE", "允许邮件服务器位于本机或局域网",
     "the mail server may be on this machine or in the local network"},
    {"--demo", "[=WORLD]", NULL, "首次启动时装入演示数据：shop、factory 或 course",
     "loads demo data at the first start: shop, factory or course"},
    {"--ready-file", "FILE", NULL, "就绪后写入 {\"url\",\"email\",\"password\",\"token\"}",
     "writes {\"url\",\"email\",\"password\",\"token\"} once it answers"},
    {0},
};
const struct cmd CMD_SERVE = {
    .name = "serve",
    .usage = "serve [--data DIR] [--listen ADDR:PORT] [--lan | --tls-cert FILE "
             "--tls-key FILE | --behind-proxy URL "
             "--trusted-proxy CIDR] [--base-url URL] [--demo[=WORLD]] [--ready-file FILE]",
    .need = NEED_SERVE,
    .check = check_serve,
    .zh = "启动服务",
    .en = "starts the server",
    .opts = OPTS,
    .run = run_serve};
