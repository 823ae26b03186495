/* serve_mail.c - see serve_mail.h. */
#include "app/serve_mail.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/arena.h"
#include "domain/mail/mail.h"
#include "os/os.h"

enum { LOOK_MS = 1000, AT_ONCE = 20 };

struct serve_mail {
    struct owner *owner;
    pthread_t thread;
    struct mail_env env;
};

static void
base(void *arg, struct ctx *out)
{
    struct serve_mail *m = arg;
    owner_base_ctx(m->owner, NULL, DOOR_SYSTEM, out);
}

struct call {
    enum err_code (*fn)(struct ctx *ctx, void *arg, struct err *err);
    void *arg;
};

static enum err_code
run_call(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    const struct call *c = arg;
    (void)more;
    return c->fn(ctx, c->arg, err);
}

static enum err_code
in_writer(void *arg, enum err_code (*fn)(struct ctx *ctx, void *fn_arg, struct err *err), void *fn_arg,
          struct err *err)
{
    struct serve_mail *m = arg;
    struct ctx ctx;
    struct call c = {fn, fn_arg};
    owner_base_ctx(m->owner, NULL, DOOR_SYSTEM, &ctx);
    return owner_write(m->owner, &ctx, false, 0, run_call, &c, err);
}

static void *
thread_main(void *arg)
{
    struct serve_mail *m = arg;
    while (!APP_STOP) {
        struct err err = {0};
        int sent = 0;
        if (mail_send_due(&m->env, AT_ONCE, &sent, &err))
            os_log("error", "mail: %s", err_msg_key(err.msg));
        for (int ms = 0; ms < (sent == AT_ONCE ? 20 : LOOK_MS) && !APP_STOP; ms += 20)
            usleep(20000);
    }
    return NULL;
}

struct serve_mail *
serve_mail_start(struct owner *o, const char *base_url, bool allow_private)
{
    struct serve_mail *m = xcalloc(1, sizeof *m);
    m->owner = o;
    m->env = (struct mail_env){.seal = &o->seal,
                               .base_url = base_url,
                               .allow_private = allow_private,
                               .stop = &APP_STOP,
                               .base = base,
                               .db_url = o->db_path,
                               .in_writer = in_writer,
                               .arg = m};
    if (pthread_create(&m->thread, NULL, thread_main, m) == 0)
        return m;
    os_log("error", "mail: no thread");
    free(m);
    return NULL;
}

void
serve_mail_stop(struct serve_mail *m)
{
    if (m)
        pthread_join(m->thread, NULL);
    free(m);
}
