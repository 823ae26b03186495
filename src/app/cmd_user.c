/* cmd_user.c - members from the command line: who is there, new ones, forgotten passwords, who leaves. */
#include <sodium.h>
#include <unistd.h>

#include "api/auth.h"
#include "app/app.h"
#include "core/arena.h"
#include "core/json.h"
#include "core/text.h"
#include "os/os.h"
#include "record/record.h"

struct user_arg {
    struct strv email, name, password;
    bool admin, active;
    int64_t id;
};

static enum err_code
find_member(struct ctx *ctx, struct user_arg *u, struct err *err)
{
    struct err none = {0};
    struct strbuf clean = {0};
    bool ok = email_normalise(u->email, &clean);
    struct value v = value_text(arena_strv(ctx->arena, ok ? strbuf_view(&clean) : u->email));
    strbuf_release(&clean);
    enum err_code rc = record_find(ctx, object_field(ctx->cat->user, STRV("email")), &v, &u->id, &none);
    if (rc == ERR_NOT_FOUND)
        return err_set(err, MSG_AUTH_NO_MEMBER, "email", arena_strdup(ctx->arena, u->email.p, u->email.n),
                       NULL);
    if (rc)
        *err = none;
    return rc;
}

static enum err_code
user_add(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct user_arg *u = arg;
    (void)more;
    return auth_user_create(ctx, u->name, u->email, u->password, u->admin, &u->id, err);
}

/* A new password; one-time codes go too, since the phone may be what was lost. */
static enum err_code
user_reset(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct user_arg *u = arg;
    (void)more;
    if (find_member(ctx, u, err) || auth_totp_drop(ctx, u->id, err))
        return err->code;
    return auth_password_set(ctx, u->id, u->password, err);
}

static enum err_code
user_active(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct user_arg *u = arg;
    struct err_list errs = {.arena = ctx->arena};
    struct write_result r;
    bool admins = false;
    (void)more;
    if (find_member(ctx, u, err))
        return err->code;
    struct field_value v = {object_field(ctx->cat->user, STRV("active")), value_int(u->active)};
    struct write w = {.kind = WRITE_UPDATE, .object = ctx->cat->user, .id = u->id, .values = &v, .n = 1};
    if (record_write(ctx, &w, &r, &errs, err) || u->active)
        return err->code;
    if (auth_sessions_drop(ctx, u->id, err) || auth_admin_exists(ctx, &admins, err))
        return err->code;
    return admins ? ERR_OK : err_set(err, MSG_AUTH_LAST_ADMIN, NULL);
}

/* ---- list ---- */
static void
put_member(const struct cmd_io *io, struct strbuf *b, struct db_stmt *st)
{
    struct strv email = db_col_text(st, 1), name = db_col_text(st, 2), role = db_col_text(st, 3);
    bool active = db_col_i64(st, 4) != 0, password = db_col_i64(st, 5) != 0, totp = db_col_i64(st, 6) != 0;
    if (io->json) {
        j_obj(b);
        j_kint(b, "id", db_col_i64(st, 0));
        j_kstr(b, "email", email);
        j_kstr(b, "name", name);
        j_kstr(b, "role", role);
        j_kbool(b, "active", active);
        j_kbool(b, "password", password);
        j_kbool(b, "totp", totp);
        j_obj_end(b);
        return;
    }
    fprintf(io->out, "%-36.*s %-10s %-8s " STRV_FMT " (" STRV_FMT ")\n", (int)email.n, email.p,
            !active     ? cmd_say(io, "已停用", "disabled")
            : !password ? cmd_say(io, "已邀请", "invited")
                        : cmd_say(io, "启用", "active"),
            totp ? cmd_say(io, "验证码", "codes") : "-", STRV_ARG(name), STRV_ARG(role));
}

static int
list_members(struct owner *o, const struct cmd_io *io)
{
    struct err err = {0};
    struct ctx ctx;
    struct db_stmt *st = NULL;
    struct strbuf b = {0};
    bool row = false;
    owner_base_ctx(o, io, DOOR_CLI, &ctx);
    if (owner_read_ctx(o, &ctx, &err))
        return cmd_fail(io, &err);
    if (io->json)
        j_arr(&b);
    if (db_prepare(ctx.db, SQL_APP_USER_LIST, &st, &err) == ERR_OK)
        while (db_step(st, &row, &err) == ERR_OK && row)
            put_member(io, &b, st);
    db_release(st);
    if (io->json) {
        j_arr_end(&b);
        fprintf(io->out, STRV_FMT "\n", STRV_ARG(strbuf_view(&b)));
    }
    strbuf_release(&b);
    owner_ctx_close(&ctx);
    return err.code ? cmd_fail(io, &err) : 0;
}

/* ---- the command ---- */
static void
tell_password(const struct cmd_io *io, const struct user_arg *u)
{
    if (!io->json) {
        fprintf(io->out,
                cmd_say(io, "账号 " STRV_FMT " 的密码（只显示这一次）：" STRV_FMT "\n",
                        "password of " STRV_FMT " (shown this once): " STRV_FMT "\n"),
                STRV_ARG(u->email), STRV_ARG(u->password));
        return;
    }
    struct strbuf b = {0};
    j_obj(&b);
    j_kint(&b, "id", u->id);
    j_kstr(&b, "email", u->email);
    j_kstr(&b, "password", u->password);
    j_obj_end(&b);
    fprintf(io->out, STRV_FMT "\n", STRV_ARG(strbuf_view(&b)));
    strbuf_release(&b);
}

static const struct action {
    const char *name;
    owner_fn fn;
    bool password, active;
} ACTIONS[] = {
    {"add", user_add, true, true},
    {"reset", user_reset, true, true},
    {"disable", user_active, false, false},
    {"enable", user_active, false, true},
};

static const struct action *
find_action(const char *name)
{
    for (size_t i = 0; i < sizeof ACTIONS / sizeof ACTIONS[0]; i++)
        if (strcmp(ACTIONS[i].name, name) == 0)
            return &ACTIONS[i];
    return NULL;
}

static int
run_user(struct owner *o, const struct cmd_io *io, const struct args *a)
{
    struct err err = {0};
    struct ctx base;
    char password[32];
    if (strcmp(a->pos[0], "list") == 0 && a->n_pos == 1)
        return list_members(o, io);
    const struct action *act = find_action(a->pos[0]);
    if (!act || a->n_pos != 2) {
        err_set(&err, MSG_ARG_BAD, "name", "user", "found", a->pos[0], "expected",
                "list, add EMAIL, reset EMAIL, disable EMAIL, enable EMAIL", NULL);
        return cmd_fail(io, &err);
    }
    const char *name = arg_get(a, "--name");
    struct user_arg u = {.email = strv_of(a->pos[1]),
                         .name = strv_of(name ? name : a->pos[1]),
                         .admin = arg_get(a, "--admin") != NULL,
                         .active = act->active};
    os_random_token(15, password);
    u.password = strv_of(password);
    owner_base_ctx(o, io, DOOR_CLI, &base);
    if (owner_write(o, &base, false, 0, act->fn, &u, &err))
        return cmd_fail(io, &err);
    if (act->fn == user_reset) {
        char kept[4200];
        snprintf(kept, sizeof kept, "%s/demo-password", o->dir);
        (void)unlink(kept); /* what serve --demo kept to print again is no longer true */
    }
    if (act->password)
        tell_password(io, &u);
    sodium_memzero(password, sizeof password);
    return 0;
}

static const struct opt USER_OPTS[] = {OPT_DATA,
                                       {"--name", "NAME", NULL, "姓名", "name"},
                                       {"--admin", NULL, NULL, "管理员", "administrator"},
                                       OPT_JSON,
                                       {0}};
const struct cmd CMD_USER = {.name = "user",
                             .usage = "user list | add|reset|disable|enable EMAIL [--name NAME] [--admin]",
                             .need = NEED_OWNER,
                             .min_pos = 1,
                             .max_pos = 2,
                             .zh = "成员：列出、新增、重设密码、停用、启用",
                             .en = "members: list, add, new password, disable, enable",
                             .opts = USER_OPTS,
                             .run = run_user};
