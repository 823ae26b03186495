/* api_jobs.c - jobs: what runs, what waits, what failed; stop and try again. */
#include "api/priv.h"
#include "record/jobs.h"

static const struct api_param LIST_QUERY[] = {
    {"status",
     "{\"type\":\"string\",\"enum\":[\"waiting\",\"running\",\"done\",\"failed\",\"cancelled\"]}",
     {"状态", "state"}},
    {"mine", "{\"type\":\"boolean\",\"default\":false}", {"只看自己的任务", "own jobs only"}},
    {"after", "{\"type\":\"integer\",\"minimum\":1}", {"上一页的 next", "next of the page before"}},
    {"limit",
     "{\"type\":\"integer\",\"minimum\":1,\"maximum\":200,\"default\":50}",
     {"每页条数", "jobs a page"}},
    {0}};
static const int NO_ERRORS[] = {0};
static const int READ_ERRORS[] = {404, 0};
static const int CHANGE_ERRORS[] = {403, 404, 409, 507, 0};

/* Whose jobs the caller may see: an administrator everybody's (0), others their own. */
static int64_t
whose(const struct api_call *c)
{
    return c->who.admin && !strv_is(http_query(c->req, "mine"), "true") ? 0 : c->who.user;
}

static enum err_code
list(struct api_call *c, struct err *err)
{
    static const char *const states[] = {"waiting", "running", "done", "failed", "cancelled"};
    struct job_list q = {
        .kinds = c->api->env.job_kinds, .actor = whose(c), .status = http_query(c->req, "status")};
    struct strv after = http_query(c->req, "after");
    bool known = !q.status.p;
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        known |= strv_is(q.status, states[i]);
    if (!known)
        return err_field(err, MSG_API_QUERY_VALUE, "status", "name", "status", "expected",
                         "waiting, running, done, failed, cancelled", NULL);
    if (after.p && (!strv_i64(after, &q.before) || q.before <= 0))
        return err_field(err, MSG_API_QUERY_VALUE, "after", "name", "after", "expected", "1, 2, 3 ...", NULL);
    if (api_query_int(c, "limit", 50, 1, 200, &q.limit, err))
        return err->code;
    return jobs_json(c->ctx, &q, &c->resp->body, err);
}

static enum err_code
get(struct api_call *c, struct err *err)
{
    return job_json(c->ctx, c->api->env.job_kinds, c->id, whose(c), &c->resp->body, err);
}

/* The job as it was before also says whether the caller may touch it. */
static enum err_code
change(struct api_call *c, enum err_code (*fn)(struct ctx *, int64_t, struct err *), struct err *err)
{
    if (get(c, err))
        return err->code;
    strbuf_clear(&c->resp->body);
    return fn(c->ctx, c->id, err) ? err->code : get(c, err);
}

static enum err_code
cancel(struct api_call *c, struct err *err)
{
    return change(c, job_cancel, err);
}

static enum err_code
retry(struct api_call *c, struct err *err)
{
    return change(c, job_retry, err);
}

static const struct api_route ROUTES[] = {
    {.method = "GET",
     .pattern = API_PREFIX "/jobs",
     .cls = HTTP_READ,
     .access = ACCESS_SESSION,
     .right = RIGHT_OWN,
     .run = list,
     .id = "jobs",
     .summary = {"后台任务，最新在前", "Jobs, newest first"},
     .query = LIST_QUERY,
     .status = 200,
     .response = "Jobs",
     .errors = NO_ERRORS},
    {.method = "GET",
     .pattern = API_PREFIX "/jobs/{id}",
     .cls = HTTP_READ,
     .access = ACCESS_SESSION,
     .right = RIGHT_OWN,
     .run = get,
     .id = "job",
     .summary = {"一个后台任务的进度与结果", "Progress and result of a job"},
     .status = 200,
     .response = "Job",
     .errors = READ_ERRORS},
    {.method = "POST",
     .pattern = API_PREFIX "/jobs/{id}/cancel",
     .cls = HTTP_WRITE,
     .access = ACCESS_SESSION,
     .right = RIGHT_OWN,
     .run = cancel,
     .id = "job_cancel",
     .summary = {"取消任务", "Asks a job to stop"},
     .status = 200,
     .response = "Job",
     .errors = CHANGE_ERRORS},
    {.method = "POST",
     .pattern = API_PREFIX "/jobs/{id}/retry",
     .cls = HTTP_WRITE,
     .access = ACCESS_SESSION,
     .right = RIGHT_OWN,
     .run = retry,
     .id = "job_retry",
     .summary = {"重试失败或已取消的任务", "Lets a failed or cancelled job run again"},
     .status = 200,
     .response = "Job",
     .errors = CHANGE_ERRORS},
};
const struct api_table JOBS_ROUTES = {ROUTES, sizeof ROUTES / sizeof ROUTES[0]};
