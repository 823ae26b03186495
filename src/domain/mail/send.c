/* send.c - composing mail and handing it to the server. */
#include <sodium.h>
#include <stdio.h>

#include "core/arena.h"
#include "core/dates.h"
#include "core/text.h"
#include "db/db.h"
#include "domain/mail/mail.h"
#include "os/os.h"

struct letter {
    int64_t id, user;
    struct strv kind, address, subject, body;
    enum lang lang;
    int attempts;
};

/* ---- texts ---- */
static const struct words {
    const char *kind;
    const char *subject[2], *text[2]; /* zh, en; %s: name, company, link */
} WORDS[] = {
    {"reset",
     {"重设您的密码", "Set a new password"},
     {"%s，您好：\n\n有人为您在“%s”的账号申请重设密码。请在 30 分钟内打开下面的链接设置新密码：\n\n%s\n\n"
      "如果不是您本人申请，请忽略此邮件，您的密码不会改变。\n",
      "Hello %s,\n\nsomebody asked for a new password for your account at %s. Open this link within 30 "
      "minutes "
      "to set one:\n\n%s\n\nIf it was not you, do nothing: your password stays as it is.\n"}},
    {"invite",
     {"邀请您使用客户管理系统", "You are invited"},
     {"%s，您好：\n\n“%s”邀请您使用懂客客户管理系统。请在 7 天内打开下面的链接设置密码：\n\n%s\n",
      "Hello %s,\n\n%s invites you to Guanxi, its customer management. Open this link within 7 days to "
      "choose a "
      "password:\n\n%s\n"}},
};

static void
put_base64(struct strbuf *b, struct strv s, size_t line)
{
    char out[128];
    size_t step = line / 4 * 3;
    for (size_t i = 0; i < s.n; i += step) {
        size_t n = s.n - i < step ? s.n - i : step;
        sodium_bin2base64(out, sizeof out, (const uint8_t *)s.p + i, n, sodium_base64_VARIANT_ORIGINAL);
        strbuf_adds(b, out);
        strbuf_adds(b, "\r\n");
    }
}

/* RFC 2047: words of at most 45 bytes, never within a character. */
static void
put_encoded(struct strbuf *b, struct strv s)
{
    char out[128];
    bool first = true;
    while (s.n) {
        struct strv part = utf8_prefix(s, 42);
        if (!part.n)
            part = (struct strv){s.p, 1};
        sodium_bin2base64(out, sizeof out, (const uint8_t *)part.p, part.n, sodium_base64_VARIANT_ORIGINAL);
        strbuf_addf(b, "%s=?UTF-8?B?%s?=", first ? "" : "\r\n ", out);
        s = (struct strv){s.p + part.n, s.n - part.n};
        first = false;
    }
}

static void
put_date(struct strbuf *b, int64_t now)
{
    static const char days[] = "MonTueWedThuFriSatSun", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int32_t day = (int32_t)(now / MS_DAY);
    int64_t t = now % MS_DAY / 1000;
    struct civil c = civil_from_days(day);
    strbuf_addf(b, "Date: %.3s, %02d %.3s %04d %02d:%02d:%02d +0000\r\n", days + 3 * weekday_of(day), c.day,
                months + 3 * (c.month - 1), (int)c.year, (int)(t / 3600), (int)(t / 60 % 60), (int)(t % 60));
}

/* Everything from people is encoded, so no line break of theirs can begin a header or end the mail. */
static void
compose(struct strbuf *b, const struct mail_config *c, struct strv to, struct strv subject, struct strv text,
        int64_t now)
{
    char random[32];
    const char *at = strrchr(c->from, '@');
    os_random_token(15, random);
    strbuf_adds(b, "From: ");
    put_encoded(b, strv_of(c->name[0] ? c->name : "Guanxi"));
    strbuf_addf(b, " <%s>\r\nTo: <" STRV_FMT ">\r\nSubject: ", c->from, STRV_ARG(to));
    put_encoded(b, subject);
    strbuf_adds(b, "\r\n");
    put_date(b, now);
    strbuf_addf(b,
                "Message-ID: <%s@%s>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
                random, at ? at + 1 : "localhost");
    put_base64(b, text, 76);
}

static void
hand_over(const struct mail_config *c, bool allow_private, const volatile int *stop, struct strv to,
          struct strv subject, struct strv text, int64_t now, struct smtp_result *out)
{
    struct strbuf message = {0}, clean = {0};
    struct smtp_mail m = {.host = c->host,
                          .port = c->port,
                          .security = c->security,
                          .user = c->user,
                          .password = c->password,
                          .from = c->from,
                          .allow_private = allow_private,
                          .stop = stop};
    bool ok = email_normalise(to, &clean);
    strbuf_addc(&clean, 0);
    if (ok && !strbuf_failed(&clean) && !strpbrk(clean.p, "<>\r\n \t")) {
        compose(&message, c, strv_of(clean.p), subject, text, now);
        m.to = clean.p;
        m.message = strbuf_view(&message);
        os_smtp_send(&m, out);
    } else {
        *out = (struct smtp_result){.permanent = true};
        snprintf(out->text, sizeof out->text, "not an address");
    }
    strbuf_release(&message);
    strbuf_release(&clean);
}

void
mail_send_test(const struct mail_config *c, bool allow_private, struct strv to, enum lang lang, int64_t now,
               struct smtp_result *out)
{
    bool zh = lang == LANG_ZH;
    hand_over(c, allow_private, NULL, to, zh ? STRV("懂客测试邮件") : STRV("Test mail of Guanxi"),
              zh ? STRV("外发邮件设置正确。\n") : STRV("Outgoing mail works.\n"), now, out);
}

/* ---- one mail ---- */
static enum err_code
next_due(struct ctx *ctx, struct letter *l, bool *found, struct err *err)
{
    struct db_stmt *st = NULL;
    if (db_prepare(ctx->db, SQL_MAIL_DUE, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "now"), ctx->now);
    if (db_step(st, found, err) == ERR_OK && *found) {
        l->id = db_col_i64(st, 0);
        l->kind = arena_strv(ctx->arena, db_col_text(st, 1));
        l->address = arena_strv(ctx->arena, db_col_text(st, 2));
        l->user = db_col_i64(st, 3);
        l->lang = strv_starts(db_col_text(st, 4), STRV("en")) ? LANG_EN : LANG_ZH;
        l->subject = arena_strv(ctx->arena, db_col_text(st, 5));
        l->body = arena_strv(ctx->arena, db_col_text(st, 6));
        l->attempts = (int)db_col_i64(st, 7);
    }
    db_release(st);
    return err->code;
}

struct making {
    const struct mail_env *env;
    struct letter *l;
    struct arena *arena; /* of the sender: outlives the write */
    bool nobody;
};

/* The member a mail goes to; nobody when there is none any more (or never was). */
static enum err_code
find_member(struct ctx *ctx, struct making *m, struct strv *name, struct err *err)
{
    struct db_stmt *st = NULL;
    struct letter *l = m->l;
    bool row = false, by_id = l->user > 0;
    if (db_prepare(ctx->db, by_id ? SQL_MAIL_MEMBER_BY_ID : SQL_MAIL_MEMBER, &st, err))
        return err->code;
    if (by_id)
        db_bind_i64(st, db_param(st, "user"), l->user);
    else
        db_bind_text(st, db_param(st, "email"), l->address);
    if (db_step(st, &row, err) == ERR_OK && row) {
        struct strv lang = db_col_text(st, 2);
        *name = arena_strv(m->arena, db_col_text(st, 1));
        if (by_id)
            l->address = arena_strv(m->arena, db_col_text(st, 0));
        else
            l->user = db_col_i64(st, 0);
        if (lang.n)
            l->lang = strv_starts(lang, STRV("en")) ? LANG_EN : LANG_ZH;
        /* who was invited and has no password yet gets no reset; who has one needs no invitation */
        bool has = db_col_i64(st, 3) > 0;
        m->nobody = strv_is(l->kind, "invite") ? has : !has;
    } else {
        m->nobody = true;
    }
    db_release(st);
    return err->code;
}

/* Mail with a link: the link is made now. */
static enum err_code
make_link(struct ctx *ctx, void *arg, struct err *err)
{
    struct making *m = arg;
    struct letter *l = m->l;
    struct strv name = {"", 0}, url;
    char kind[16];
    const struct words *w = NULL;
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (strv_is(l->kind, WORDS[i].kind))
            w = &WORDS[i];
    if (!w || find_member(ctx, m, &name, err) || m->nobody)
        return err->code;
    snprintf(kind, sizeof kind, STRV_FMT, STRV_ARG(l->kind));
    if (mail_link(ctx, kind, l->user, m->env->base_url, &url, err))
        return err->code;
    int k = l->lang == LANG_ZH ? 0 : 1;
    const char *company = ctx->set->company[0] ? ctx->set->company : k ? "Guanxi" : "懂客";
    const char *who = arena_strdup(ctx->arena, name.p, name.n),
               *link = arena_strdup(ctx->arena, url.p, url.n);
    /* the formats are the constants above */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    l->body = strv_of(arena_printf(m->arena, w->text[k], who, company, link));
#pragma GCC diagnostic pop
    l->subject = strv_of(arena_printf(m->arena, "%s: %s", company, w->subject[k]));
    return ERR_OK;
}

struct ending {
    const struct letter *l;
    const char *status;
    int attempts;
    int64_t run_at, sent_at;
    struct strv answer;
};

static enum err_code
write_end(struct ctx *ctx, void *arg, struct err *err)
{
    const struct ending *e = arg;
    struct db_stmt *st = NULL;
    if (db_prepare(ctx->db, SQL_MAIL_END, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "id"), e->l->id);
    db_bind_text(st, db_param(st, "status"), strv_of(e->status));
    db_bind_text(st, db_param(st, "address"), e->l->address);
    db_bind_i64(st, db_param(st, "attempts"), e->attempts);
    db_bind_i64(st, db_param(st, "run_at"), e->run_at);
    if (e->sent_at)
        db_bind_i64(st, db_param(st, "sent_at"), e->sent_at);
    else
        db_bind_null(st, db_param(st, "sent_at"));
    db_bind_text(st, db_param(st, "answer"), e->answer);
    (void)!db_run(st, err);
    db_release(st);
    if (err->code || db_prepare(ctx->db, SQL_MAIL_PRUNE, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "before"), ctx->now - MAIL_KEEP_DAYS * MS_DAY);
    (void)!db_run(st, err);
    db_release(st);
    return err->code;
}

/* What became of it. */
static void
judge(const struct letter *l, const struct smtp_result *r, int64_t now, struct ending *e)
{
    static const int minutes[] = {1, 5, 30, 120, 360, 1440};
    enum { WAITS = sizeof minutes / sizeof minutes[0] };
    *e = (struct ending){.l = l, .attempts = l->attempts + 1, .run_at = now, .answer = strv_of(r->text)};
    if (r->sent) {
        e->status = "sent";
        e->sent_at = now;
    } else if (r->permanent || e->attempts >= MAIL_ATTEMPTS) {
        e->status = "failed";
    } else {
        e->status = "waiting";
        e->run_at = now + (int64_t)minutes[e->attempts - 1 < WAITS ? e->attempts - 1 : WAITS - 1] * 60000;
    }
}

static enum err_code
send_one(const struct mail_env *env, struct ctx *ctx, const struct mail_config *c, struct letter *l,
         struct err *err)
{
    struct making m = {.env = env, .l = l, .arena = ctx->arena};
    struct smtp_result r = {0};
    struct ending e;
    if (!strv_is(l->kind, "text") && env->in_writer(env->arg, make_link, &m, err))
        return err->code;
    if (m.nobody) {
        e = (struct ending){.l = l, .status = "dropped", .run_at = ctx->now};
        return env->in_writer(env->arg, write_end, &e, err);
    }
    hand_over(c, env->allow_private, env->stop, l->address, l->subject, l->body, ctx->now, &r);
    if (!r.sent && env->stop && *env->stop)
        return ERR_OK; /* the program ends: it stays due */
    judge(l, &r, os_now_ms(), &e);
    return env->in_writer(env->arg, write_end, &e, err);
}

enum err_code
mail_send_due(const struct mail_env *env, int most, int *sent, struct err *err)
{
    struct ctx ctx;
    struct mail_config c;
    *sent = 0;
    env->base(env->arg, &ctx);
    if (db_open(env->db_url, DB_READER, &ctx.db, err))
        return err->code;
    ctx.arena = arena_create();
    while (*sent < most && !(env->stop && *env->stop)) {
        struct letter l = {0};
        bool found = false;
        ctx.now = os_now_ms();
        if (mail_config_load(&ctx, env->seal, &c, err) || !c.set || next_due(&ctx, &l, &found, err) ||
            !found || send_one(env, &ctx, &c, &l, err))
            break;
        ++*sent;
    }
    sodium_memzero(&c, sizeof c);
    arena_free(ctx.arena);
    db_close(ctx.db);
    return err->code;
}
