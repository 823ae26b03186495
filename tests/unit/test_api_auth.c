/* test_api_auth.c - signing in: right and wrong, how often, how long a session lives, what ends it. */
#include "api_fixture.h"
#include "unit.h"

#include <pthread.h>

#include "core/dates.h"
#include "os/os.h"
#include "record/record.h"
#include "record/unit.h"

#define SESSION "/api/v1/session"

static struct server S;

static int
sign_in(const char *email, const char *password, struct raw_answer *a)
{
    struct strbuf b = {0};
    strbuf_addf(&b, "{\"email\":\"%s\",\"password\":\"%s\"}", email, password);
    server_call(&S, "POST", SESSION, NOBODY, "", strbuf_view(&b), a);
    strbuf_release(&b);
    return a->status;
}

/* sign_in whose answer is not looked at. */
static int
try(const char *email, const char *password)
{
    struct raw_answer a;
    int status = sign_in(email, password, &a);
    raw_release(&a);
    return status;
}

typedef enum err_code unit_fn(struct ctx *ctx, void *arg, bool *more, struct err *err);
struct task {
    unit_fn *fn;
    void *arg;
};

static enum err_code
in_writer(struct db *db, void *arg, bool *more, struct err *err)
{
    const struct task *t = arg;
    struct ctx base = {
        .cat = S.cat, .set = atomic_load(&S.set), .now = os_now_ms(), .door = DOOR_SYSTEM, .lang = LANG_EN};
    (void)more;
    return unit_run(db, &base, false, 0, NULL, t->fn, t->arg, NULL, err);
}

static enum err_code
run(unit_fn *fn, void *arg, struct err *err)
{
    struct task t = {fn, arg};
    return writer_run(S.writer, false, in_writer, &t, err);
}

/* ---- tasks of the tests ---- */
static enum err_code
exec(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    (void)more;
    return db_exec(ctx->db, arg, err);
}

struct password {
    int64_t user;
    const char *text;
};
static enum err_code
set_password(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    const struct password *p = arg;
    (void)more;
    return auth_password_set(ctx, p->user, strv_of(p->text), err);
}

static enum err_code
deactivate(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct err_list errs = {.arena = ctx->arena};
    struct field_value v = {object_field(ctx->cat->user, STRV("active")), value_int(0)};
    struct write w = {
        .kind = WRITE_UPDATE, .object = ctx->cat->user, .id = *(int64_t *)arg, .values = &v, .n = 1};
    struct write_result r;
    (void)more;
    return record_write(ctx, &w, &r, &errs, err);
}

struct person {
    const char *email, *password;
};
static enum err_code
add_person(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    const struct person *p = arg;
    int64_t id;
    (void)more;
    return auth_user_create(ctx, STRV("P"), strv_of(p->email), strv_of(p->password), false, &id, err);
}

/* ---- tests ---- */
static void
test_sign_in(void **state)
{
    static const struct {
        const char *name, *body;
        int status;
        const char *has;
    } CASES[] = {
        {"right", "{\"email\":\"" ADMIN_EMAIL "\",\"password\":\"" ADMIN_PASSWORD "\"}", 200,
         "\"admin\":true"},
        {"address in other case", "{\"email\":\" li@SHOP.example \",\"password\":\"" ADMIN_PASSWORD "\"}",
         200, ADMIN_EMAIL},
        {"wrong password", "{\"email\":\"" ADMIN_EMAIL "\",\"password\":\"no\"}", 401, "auth.failed"},
        {"unknown address", "{\"email\":\"who@shop.example\",\"password\":\"no\"}", 401, "auth.failed"},
        {"no address at all", "{\"email\":\"' or 1=1 --\",\"password\":\"no\"}", 401, "auth.failed"},
        {"no password", "{\"email\":\"" ADMIN_EMAIL "\"}", 422, "\"/password\""},
        {"password is a number", "{\"email\":\"" ADMIN_EMAIL "\",\"password\":1}", 422, "\"/password\""},
        {"another member", "{\"email\":\"x\",\"password\":\"x\",\"admin\":true}", 422, "\"/admin\""},
    };
    struct raw_answer a, b;
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        server_call(&S, "POST", SESSION, NOBODY, "", strv_of(CASES[i].body), &a);
        CHECK_ROW(a.status == CASES[i].status, i, CASES[i].name);
        CHECK_ROW(answer_has(&a, CASES[i].has), i, CASES[i].name);
        CHECK_ROW((raw_header(&a, "Set-Cookie: ").n > 0) == (a.status == 200), i, CASES[i].name);
        CHECK_ROW(a.status != 200 || (answer_has(&a, "; HttpOnly; SameSite=Lax") && answer_has(&a, "Path=/")),
                  i, CASES[i].name);
        raw_release(&a);
    }
    /* nothing in the answer tells whether the address is known */
    assert_int_equal(sign_in(ADMIN_EMAIL, "wrong", &a), sign_in("nobody@shop.example", "wrong", &b));
    assert_true(strv_eq(strbuf_view(&a.body), strbuf_view(&b.body)));
    raw_release(&a);
    raw_release(&b);
    struct strbuf big = {0};
    strbuf_adds(&big, "{\"email\":\"");
    while (big.n < 5000)
        strbuf_addc(&big, 'a');
    strbuf_adds(&big, "\"}");
    server_call(&S, "POST", SESSION, NOBODY, "", strbuf_view(&big), &a);
    assert_int_equal(a.status, 413);
    raw_release(&a);
    strbuf_release(&big);
}

/* Known and unknown addresses must cost the same work; a tenth of the time for one of them would show a short
 * cut. */
static void
test_same_work(void **state)
{
    int64_t known = 0, unknown = 0;
    (void)state;
    for (int i = 0; i < 4; i++) {
        int64_t t0 = os_mono_us();
        assert_int_equal(try(MEMBER_EMAIL, "wrong"), 401);
        int64_t t1 = os_mono_us();
        assert_int_equal(try("stranger@shop.example", "wrong"), 401);
        known += t1 - t0;
        unknown += os_mono_us() - t1;
    }
    assert_true(unknown * 3 > known && known * 3 > unknown);
}

static void
test_too_many(void **state)
{
    struct raw_answer a;
    struct err err = {0};
    struct person p = {"slow@shop.example", "slow and steady wins"};
    (void)state;
    assert_int_equal(run(add_person, &p, &err), ERR_OK);
    for (int i = 0; i < AUTH_TRIES; i++)
        assert_int_equal(try(p.email, "wrong"), 401);
    assert_int_equal(sign_in(p.email, p.password, &a), 429);
    assert_true(answer_has(&a, "auth.too_many"));
    int64_t seconds = 0;
    assert_true(strv_i64(raw_header(&a, "Retry-After: "), &seconds) && seconds >= 1 && seconds <= 30);
    raw_release(&a);
    /* the same for an address nobody has; another account from the same place is not touched */
    for (int i = 0; i < AUTH_TRIES; i++)
        assert_int_equal(try("ghost@shop.example", "wrong"), 401);
    assert_int_equal(try("ghost@shop.example", "wrong"), 429);
    assert_int_equal(try(ADMIN_EMAIL, ADMIN_PASSWORD), 200);
    /* after the delay the owner comes in, and the count begins anew */
    assert_int_equal(run(exec, (void *)(uintptr_t) "update login_attempt set at = at - 31000", &err), ERR_OK);
    assert_int_equal(try(p.email, p.password), 200);
    assert_int_equal(try(p.email, "wrong"), 401);
    assert_int_equal(try(p.email, p.password), 200);
}

static enum err_code
many_failures(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    (void)more;
    for (int i = 0; i < *(int *)arg; i++)
        if (db_exec(ctx->db,
                    "insert into login_attempt (account_hash, remote, at) "
                    "select randomblob(32), '127.0.0.1', cast(unixepoch('subsec') * 1000 as integer)",
                    err))
            return err->code;
    return ERR_OK;
}

/* Many accounts tried from one address: those that failed themselves wait, the others do not notice. */
static void
test_remote(void **state)
{
    struct err err = {0};
    struct person p = {"near@shop.example", "also a long password"};
    int n = AUTH_REMOTE_TRIES;
    (void)state;
    assert_int_equal(run(add_person, &p, &err), ERR_OK);
    assert_int_equal(run(exec, (void *)(uintptr_t) "delete from login_attempt", &err), ERR_OK);
    assert_int_equal(try(p.email, "wrong"), 401);
    assert_int_equal(try(p.email, "wrong"), 401); /* below the limit a second try is free */
    assert_int_equal(run(many_failures, &n, &err), ERR_OK);
    assert_int_equal(try(p.email, p.password), 429);
    assert_int_equal(try(ADMIN_EMAIL, ADMIN_PASSWORD), 200);
    assert_int_equal(run(exec, (void *)(uintptr_t) "update login_attempt set at = at - 31000", &err), ERR_OK);
    assert_int_equal(try(p.email, p.password), 200);
    assert_int_equal(run(exec, (void *)(uintptr_t) "delete from login_attempt", &err), ERR_OK);
}

enum { PEOPLE = 60 };
struct crowd {
    pthread_t thread;
    struct person who;
    char email[32];
    int status;
};

static void *
come_in(void *arg)
{
    struct crowd *c = arg;
    struct strbuf b = {0};
    struct raw_answer a;
    strbuf_addf(&b, "{\"email\":\"%s\",\"password\":\"%s\"}", c->who.email, c->who.password);
    struct strbuf head = {0};
    strbuf_addf(&head,
                "POST " SESSION " HTTP/1.1\r\nHost: localhost:8300\r\nContent-Type: "
                "application/json\r\nContent-Length: %zu\r\n\r\n%s",
                b.n, b.p);
    int fd = raw_connect(http_port(S.http));
    raw_send(fd, strbuf_view(&head));
    raw_receive(fd, false, 20000, &a);
    c->status = a.status;
    close(fd);
    raw_release(&a);
    strbuf_release(&b);
    strbuf_release(&head);
    return NULL;
}

/* An office behind one address: 60 people in the morning. (The 10 s of S16 hold for a release build;
 * sanitizers take longer.) */
static void
test_office(void **state)
{
    static struct crowd crowd[PEOPLE];
    (void)state;
    for (int i = 0; i < PEOPLE; i++) {
        struct err err = {0};
        snprintf(crowd[i].email, sizeof crowd[i].email, "p%d@shop.example", i);
        crowd[i].who = (struct person){crowd[i].email, "everybody has one"};
        assert_int_equal(run(add_person, &crowd[i].who, &err), ERR_OK);
    }
    for (int i = 0; i < PEOPLE; i++)
        assert_int_equal(pthread_create(&crowd[i].thread, NULL, come_in, &crowd[i]), 0);
    for (int i = 0; i < PEOPLE; i++) {
        pthread_join(crowd[i].thread, NULL);
        CHECK_ROW(crowd[i].status == 200, i, crowd[i].email);
    }
}

static int
status_of(const char *path, enum who who)
{
    struct raw_answer a;
    server_call(&S, "GET", path, who, "", STRV(""), &a);
    raw_release(&a);
    return a.status;
}

static void
test_session_ends(void **state)
{
    static const struct {
        const char *name, *sql;
        int status;
    } CASES[] = {
        {"used today", "update session set seen_at = seen_at - 80000000", 200},
        {"not used for 8 days", "update session set seen_at = seen_at - 700000000", 401},
        {"30 days old", "update session set expires_at = 1", 401},
    };
    struct err err = {0};
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        server_sign_in(&S);
        assert_int_equal(status_of(SESSION, COOKIE), 200);
        assert_int_equal(run(exec, (void *)(uintptr_t)CASES[i].sql, &err), ERR_OK);
        CHECK_ROW(status_of(SESSION, COOKIE) == CASES[i].status, i, CASES[i].name);
    }
    /* a new password ends every session and token of the member, and no other */
    struct password p = {S.admin, "a quite different one"};
    server_sign_in(&S);
    assert_int_equal(status_of(SESSION, TOKEN), 200);
    assert_int_equal(run(set_password, &p, &err), ERR_OK);
    assert_int_equal(status_of(SESSION, COOKIE), 401);
    assert_int_equal(status_of(SESSION, TOKEN), 401);
    assert_int_equal(status_of(SESSION, MEMBER_TOKEN), 200);
    assert_int_equal(try(ADMIN_EMAIL, ADMIN_PASSWORD), 401);
    p.text = ADMIN_PASSWORD;
    assert_int_equal(run(set_password, &p, &err), ERR_OK);
    assert_int_equal(try(ADMIN_EMAIL, ADMIN_PASSWORD), 200);
}

struct token {
    int64_t user;
    const char *name;
    char *text; /* 96 bytes */
};
static enum err_code
make_token(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct token *t = arg;
    struct strv text;
    (void)more;
    if (auth_token_create(ctx, t->user, strv_of(t->name), &text, err) == ERR_OK)
        snprintf(t->text, 96, STRV_FMT, STRV_ARG(text));
    return err->code;
}

/* A program that asks at each start has one token, not one for each start. */
static void
test_token_of_a_name(void **state)
{
    struct err err = {0};
    char old[96], other[96];
    struct token t = {S.admin, "ready-file", old}, o = {S.admin, "other", other};
    (void)state;
    assert_int_equal(run(make_token, &o, &err), ERR_OK);
    assert_int_equal(run(make_token, &t, &err), ERR_OK);
    memcpy(S.token, old, sizeof old);
    assert_int_equal(status_of(SESSION, TOKEN), 200);
    t.text = S.token;
    assert_int_equal(run(make_token, &t, &err), ERR_OK);
    assert_int_equal(status_of(SESSION, TOKEN), 200);
    memcpy(S.token, old, sizeof old);
    assert_int_equal(status_of(SESSION, TOKEN), 401);
    memcpy(S.token, other, sizeof other);
    assert_int_equal(status_of(SESSION, TOKEN), 200);
    assert_int_equal(status_of(SESSION, MEMBER_TOKEN), 200); /* of another member */
}

static void
test_tokens(void **state)
{
    struct err err = {0};
    (void)state;
    assert_int_equal(status_of("/api/v1/customer", MEMBER_TOKEN), 200);
    assert_int_equal(run(deactivate, &S.member, &err), ERR_OK);
    assert_int_equal(status_of("/api/v1/customer", MEMBER_TOKEN), 401);
    assert_int_equal(try(MEMBER_EMAIL, "another long one"), 401);
    assert_int_equal(status_of("/api/v1/customer", TOKEN), 200);
    assert_int_equal(run(exec, (void *)(uintptr_t) "update api_token set revoked_at = 1", &err), ERR_OK);
    assert_int_equal(status_of("/api/v1/customer", TOKEN), 401);
    assert_int_equal(
        run(exec, (void *)(uintptr_t) "update api_token set revoked_at = null, expires_at = 1", &err),
        ERR_OK);
    assert_int_equal(status_of("/api/v1/customer", TOKEN), 401);
}

static void
test_rules(void **state)
{
    static const struct {
        const char *email, *password;
        enum msg msg;
    } CASES[] = {
        {"a@shop.example", "123456789", MSG_AUTH_PASSWORD_SHORT},
        {"a@shop.example", "", MSG_AUTH_PASSWORD_SHORT},
        {"a@shop.example", "六个字不够", MSG_AUTH_PASSWORD_SHORT},
        {"abc@shop.example", "ABC@shop.example", MSG_AUTH_PASSWORD_SAME},
        {"no address", "long enough for all", MSG_AUTH_EMAIL},
        {"a@shop.example", "十个汉字就足够做密码", MSG_NONE},
        {"b@shop.example", "1234567890", MSG_NONE},
    };
    char longest[AUTH_PASSWORD_MAX + 2];
    struct person p = {"c@shop.example", longest};
    struct err err = {0};
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct person who = {CASES[i].email, CASES[i].password};
        err = (struct err){0};
        enum err_code rc = run(add_person, &who, &err);
        CHECK_ROW((rc == ERR_OK) == (CASES[i].msg == MSG_NONE), i, CASES[i].password);
        CHECK_ROW(rc == ERR_OK || err.msg == CASES[i].msg, i, CASES[i].password);
    }
    memset(longest, 'x', sizeof longest);
    longest[AUTH_PASSWORD_MAX + 1] = 0;
    err = (struct err){0};
    assert_int_equal(run(add_person, &p, &err), ERR_INVALID);
    assert_int_equal(err.msg, MSG_AUTH_PASSWORD_LONG);
    longest[AUTH_PASSWORD_MAX] = 0;
    err = (struct err){0};
    assert_int_equal(run(add_person, &p, &err), ERR_OK);
    /* an address has one member */
    err = (struct err){0};
    assert_int_equal(run(add_person, &p, &err), ERR_CONFLICT);
}

static enum err_code
find_secrets(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    static const char sql[] =
        "select password_hash from user_secret where password_hash not like '$argon2id$%m=19456,t=2,p=1$%'";
    struct db_stmt *st = NULL;
    bool *odd = arg;
    (void)more;
    if (db_prepare_text(ctx->db, strv_of(sql), &st, err) || db_step(st, odd, err))
        return err->code;
    db_release(st);
    return ERR_OK;
}

static void
test_parameters(void **state)
{
    bool odd = true;
    struct err err = {0};
    (void)state;
    assert_int_equal(run(find_secrets, &odd, &err), ERR_OK);
    assert_false(odd);
}

static int
set_up(void **state)
{
    (void)state;
    server_open(&S, NULL);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    server_close(&S);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sign_in),         cmocka_unit_test(test_same_work),
        cmocka_unit_test(test_too_many),        cmocka_unit_test(test_office),
        cmocka_unit_test(test_session_ends),    cmocka_unit_test(test_rules),
        cmocka_unit_test(test_parameters),      cmocka_unit_test(test_remote),
        cmocka_unit_test(test_token_of_a_name), cmocka_unit_test(test_tokens),
    };
    return cmocka_run_group_tests_name("api_auth", tests, set_up, tear_down);
}
