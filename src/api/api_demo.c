/* api_demo.c - demo worlds for administrators: which there are, one in, out again. Loading and removing are
 * jobs (GET /jobs/{id} shows how far). */
#include "api/priv.h"
#include "core/dates.h"
#include "db/db.h"
#include "domain/demo/demo.h"
#include "record/jobs.h"

static const int NO_ERRORS[] = {403, 0};
static const int CHANGE_ERRORS[] = {403, 404, 409, 422, 507, 0};

/* The job that loads or removes now or soon; 0 none. */
static enum err_code
job_under_way(struct ctx *ctx, int64_t *id, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;
    *id = 0;
    if (db_prepare(ctx->db, SQL_API_DEMO_JOB, &st, err) == ERR_OK && db_step(st, &row, err) == ERR_OK && row)
        *id = db_col_i64(st, 0);
    db_release(st);
    return err->code;
}

static void
put_label(struct strbuf *b, const char *key, struct label l)
{
    j_key(b, key);
    j_obj(b);
    j_kstr(b, "zh-CN", strv_of(l.zh));
    j_kstr(b, "en", strv_of(l.en));
    j_obj_end(b);
}

static void
put_loaded(struct strbuf *b, const struct demo_status *now)
{
    char at[32];
    j_key(b, "loaded");
    if (!now->operation) {
        j_null(b);
        return;
    }
    datetime_format(now->loaded_at, at);
    j_obj(b);
    j_kstr(b, "world", strv_of(now->world ? now->world->name : ""));
    j_kint(b, "operation", now->operation);
    j_kstr(b, "at", strv_of(at));
    j_obj_end(b);
}

static enum err_code
list(struct api_call *c, struct err *err)
{
    struct strbuf *b = &c->resp->body;
    struct demo_status now;
    int64_t job;
    if (demo_status(c->ctx, &now, err) || job_under_way(c->ctx, &job, err))
        return err->code;
    j_obj(b);
    put_loaded(b, &now);
    j_kbool(b, "own", now.own);
    j_key(b, "job");
    if (job)
        j_int(b, job);
    else
        j_null(b);
    j_key(b, "worlds");
    j_arr(b);
    for (int i = 0; i < DEMO_WORLDS; i++) {
        const struct demo_about *w = demo_about(i);
        j_obj(b);
        j_kstr(b, "name", strv_of(w->name));
        put_label(b, "label", w->label);
        put_label(b, "about", w->about);
        j_kbool(b, "alone", w->alone);
        j_obj_end(b);
    }
    j_arr_end(b);
    j_obj_end(b);
    return ERR_OK;
}

/* args may be empty. */
static enum err_code
add_job(struct api_call *c, const char *kind, struct label label, struct strv args, struct err *err)
{
    struct job_new n = {.kind = kind, .label = strv_of(label_in(label, c->lang)), .args = args};
    int64_t id;
    if (job_under_way(c->ctx, &id, err))
        return err->code;
    if (id)
        return err_set(err, MSG_DEMO_BUSY, NULL);
    if (job_add(c->ctx, &n, &id, err))
        return err->code;
    j_obj(&c->resp->body);
    j_kint(&c->resp->body, "job", id);
    j_obj_end(&c->resp->body);
    c->resp->status = 202;
    return ERR_OK;
}

static void
put_lang(struct strbuf *b, enum lang lang)
{
    j_kstr(b, "lang", lang == LANG_EN ? STRV("en") : STRV("zh-CN"));
}

static enum err_code
load(struct api_call *c, struct err *err)
{
    const struct demo_about *world;
    struct strbuf args = {0};
    json_t *body = NULL;
    if (api_body(c, &body, err))
        return err->code;
    bool with_own = json_get_bool(body, "with_own", false);
    if (demo_world_by_name(json_get_sv(body, "world"), &world, err) ||
        demo_check(c->ctx, world, with_own, err))
        return err->code;
    j_obj(&args);
    j_kstr(&args, "world", strv_of(world->name));
    j_kbool(&args, "with_own", with_own);
    put_lang(&args, c->lang);
    j_obj_end(&args);
    enum err_code rc = add_job(c, "demo.load", world->label, strbuf_view(&args), err);
    strbuf_release(&args);
    return rc;
}

static enum err_code
take_out(struct api_call *c, struct err *err)
{
    struct demo_status now;
    struct strbuf args = {0};
    if (demo_status(c->ctx, &now, err))
        return err->code;
    if (!now.operation)
        return err_set(err, MSG_DEMO_NOT_LOADED, NULL);
    j_obj(&args);
    put_lang(&args, c->lang);
    j_obj_end(&args);
    enum err_code rc = add_job(c, "demo.remove", now.world ? now.world->label : (struct label){"", ""},
                               strbuf_view(&args), err);
    strbuf_release(&args);
    return rc;
}

static const struct api_route ROUTES[] = {
    {.method = "GET",
     .pattern = API_PREFIX "/demo",
     .cls = HTTP_READ,
     .access = ACCESS_ADMIN,
     .run = list,
     .id = "demo",
     .summary = {"可装入的演示数据，以及当前已装入的一套",
                 "The demo worlds there are, and the one that is loaded"},
     .status = 200,
     .response = "Demo",
     .errors = NO_ERRORS},
    {.method = "POST",
     .pattern = API_PREFIX "/demo",
     .cls = HTTP_WRITE,
     .access = ACCESS_ADMIN,
     .max_body = API_BODY_SESSION,
     .run = load,
     .id = "demo_load",
     .summary = {"装入一套演示数据（后台任务）", "Loads a demo world, as a job"},
     .request = "DemoLoad",
     .status = 202,
     .response = "JobAdded",
     .errors = CHANGE_ERRORS},
    {.method = "DELETE",
     .pattern = API_PREFIX "/demo",
     .cls = HTTP_WRITE,
     .access = ACCESS_ADMIN,
     .run = take_out,
     .id = "demo_remove",
     .summary = {"移除演示数据（后台任务）", "Removes the demo world, as a job"},
     .status = 202,
     .response = "JobAdded",
     .errors = CHANGE_ERRORS},
};
const struct api_table DEMO_ROUTES = {ROUTES, sizeof ROUTES / sizeof ROUTES[0]};
