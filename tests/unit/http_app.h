/* http_app.h - a small program on the server, for the tests of http: its routes, its handlers, its start. */
#ifndef TESTS_HTTP_APP_H
#define TESTS_HTTP_APP_H
#include "unit.h"

#include <pthread.h>
#include <stdatomic.h>

#include "http/http.h"
#include "http/parse.h"
#include "os/os.h"
#include "raw_http.h"

/* A text with its length, for tables (it may hold NUL). */
#define BYTES(lit)                                                                                           \
    {                                                                                                        \
        "" lit, sizeof(lit) - 1                                                                              \
    }

struct app {
    struct http_server *server;
    atomic_int gate;    /* handlers of /wait return when it is 1 */
    atomic_int waiting; /* handlers inside /wait */
    atomic_int ran, finished;
};

static const struct row {
    const char *path;
    enum http_class cls;
    size_t max_body;
} ROUTES[] = {
    {"/inline", HTTP_INLINE, 0}, {"/echo", HTTP_READ, 1000},  {"/wait", HTTP_READ, 0},
    {"/slow", HTTP_SLOW, 100},   {"/write", HTTP_WRITE, 100}, {"/big", HTTP_READ, 0},
    {"/nothing", HTTP_READ, 10},
};

static void
on_plan(void *arg, const struct http_request *req, struct http_plan *plan, struct http_response *resp)
{
    (void)arg;
    for (size_t i = 0; i < COUNT(ROUTES); i++)
        if (strv_is(req->path, ROUTES[i].path)) {
            plan->route = &ROUTES[i];
            plan->cls = ROUTES[i].cls;
            plan->max_body = ROUTES[i].max_body;
            return;
        }
    resp->status = 404;
    strbuf_adds(&resp->body, "no such page");
}

static void
on_handle(void *arg, void *local, const struct http_plan *plan, const struct http_request *req,
          struct http_response *resp)
{
    struct app *app = arg;
    const struct row *row = plan->route;
    (void)local;
    atomic_fetch_add(&app->ran, 1);
    resp->content_type = "text/plain";
    if (strcmp(row->path, "/wait") == 0) {
        atomic_fetch_add(&app->waiting, 1);
        while (!atomic_load(&app->gate))
            usleep(1000);
        strbuf_adds(&resp->body, "waited");
    } else if (strcmp(row->path, "/big") == 0) {
        for (int i = 0; i < 300000; i++)
            strbuf_adds(&resp->body, "0123456789");
    } else if (strcmp(row->path, "/nothing") == 0) {
        resp->status = 204;
    } else {
        struct strv q = http_query(req, "q"), cookie = http_cookie(req, "b");
        strbuf_addv(&resp->body, req->method);
        strbuf_adds(&resp->body, " body=");
        strbuf_addv(&resp->body, req->body);
        strbuf_adds(&resp->body, " q=");
        strbuf_addv(&resp->body, q);
        strbuf_adds(&resp->body, " b=");
        strbuf_addv(&resp->body, cookie);
    }
}

static void *
write_thread(void *arg)
{
    struct http_job *j = arg;
    usleep(2000);
    strbuf_adds(&http_job_response(j)->body, "written ");
    strbuf_addv(&http_job_response(j)->body, http_job_request(j)->body);
    http_job_done(j);
    return NULL;
}

static bool
on_write(void *arg, struct http_job *j)
{
    pthread_t t;
    (void)arg;
    if (strv_is(http_job_request(j)->body, "refuse"))
        return false;
    if (pthread_create(&t, NULL, write_thread, j) != 0)
        return false;
    pthread_detach(t);
    return true;
}

static void
on_refuse(void *arg, int status, const struct http_request *req, struct http_response *resp)
{
    (void)arg, (void)req;
    strbuf_addf(&resp->body, "refused %d", status);
}

static void
on_finish(void *arg, const struct http_request *req, struct http_response *resp, int64_t us)
{
    struct app *app = arg;
    (void)req;
    assert_true(us >= 0);
    http_set_header(resp, "X-Checked", STRV("yes"));
    http_set_header(resp, "X-Broken", STRV("a\r\nSet-Cookie: x"));
    atomic_fetch_add(&app->finished, 1);
}

typedef void handler(void *arg, void *local, const struct http_plan *plan, const struct http_request *req,
                     struct http_response *resp);

static inline void
start_with(struct app *app, struct http_config *extra, handler *handle)
{
    struct err err = {0};
    struct http_config cfg = extra ? *extra : (struct http_config){0};
    *app = (struct app){0};
    cfg.address = "127.0.0.1";
    cfg.http_threads = 2;
    cfg.read_workers = cfg.read_workers ? cfg.read_workers : 2;
    cfg.slow_workers = 1;
    cfg.arg = app;
    cfg.plan = on_plan;
    cfg.handle = handle;
    cfg.dispatch_write = on_write;
    cfg.refuse = on_refuse;
    cfg.finish = on_finish;
    assert_int_equal(http_start(&cfg, &app->server, &err), ERR_OK);
}

static inline void
start(struct app *app, struct http_config *extra)
{
    start_with(app, extra, on_handle);
}

#define HOST "Host: a.example\r\n"
#endif
