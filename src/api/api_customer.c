/* api_customer.c - what is known about customers: state, timeline, tiers, RFM. */
#include "api/priv.h"
#include "domain/customer/customer.h"

static const struct api_param TIMELINE_QUERY[] = {
    {"kinds",
     "{\"type\":\"string\"}",
     {"对象名，逗号分隔", "names of objects, separated by commas: order, return, payment, interaction"}},
    {"after", "{\"type\":\"string\"}", {"上一页的 next", "next of the page before"}},
    {"limit",
     "{\"type\":\"integer\",\"minimum\":1,\"maximum\":200,\"default\":50}",
     {"每页条数", "entries a page"}},
    {0}};
static const int NOT_FOUND_ERRORS[] = {403, 404, 0};
static const int INSIGHT_ERRORS[] = {403, 0};

static enum err_code
state(struct api_call *c, struct err *err)
{
    return customer_state_json(c->ctx, c->id, &c->resp->body, err);
}

static enum err_code
timeline(struct api_call *c, struct err *err)
{
    int limit = 0;
    if (api_query_int(c, "limit", 50, 1, 200, &limit, err))
        return err->code;
    return customer_timeline_json(c->ctx, c->id, http_query(c->req, "kinds"), http_query(c->req, "after"),
                                  limit, &c->resp->body, err);
}

static enum err_code
tiers(struct api_call *c, struct err *err)
{
    return tiers_json(c->ctx, &c->resp->body, err);
}

static enum err_code
rfm(struct api_call *c, struct err *err)
{
    return rfm_json(c->ctx, &c->resp->body, err);
}

static const struct api_route ROUTES[] = {
    {.method = "GET",
     .pattern = API_PREFIX "/customer/{id}/state",
     .cls = HTTP_READ,
     .access = ACCESS_SESSION,
     .right = RIGHT_CUSTOMER,
     .run = state,
     .id = "customer_state",
     .summary = {"客户的价值、级别、阶段及理由", "Value, tier and stage of a customer, with the reasons"},
     .status = 200,
     .response = "CustomerState",
     .errors = NOT_FOUND_ERRORS},
    {.method = "GET",
     .pattern = API_PREFIX "/customer/{id}/timeline",
     .cls = HTTP_READ,
     .access = ACCESS_SESSION,
     .right = RIGHT_CUSTOMER,
     .run = timeline,
     .id = "customer_timeline",
     .summary = {"客户的往来，最新在前", "What happened with a customer, newest first"},
     .query = TIMELINE_QUERY,
     .status = 200,
     .response = "Timeline",
     .errors = NOT_FOUND_ERRORS},
    {.method = "GET",
     .pattern = API_PREFIX "/tiers",
     .cls = HTTP_READ,
     .access = ACCESS_SESSION,
     .right = RIGHT_MAY,
     .may = MAY_INSIGHT_ALL,
     .run = tiers,
     .id = "tiers",
     .summary = {"客户金字塔与集中度", "The pyramid of customers and its concentration"},
     .status = 200,
     .response = "Tiers",
     .errors = INSIGHT_ERRORS},
    {.method = "GET",
     .pattern = API_PREFIX "/rfm",
     .cls = HTTP_READ,
     .access = ACCESS_SESSION,
     .right = RIGHT_MAY,
     .may = MAY_INSIGHT_ALL,
     .run = rfm,
     .id = "rfm",
     .summary = {"最近购买、频次、金额的分组", "Groups by recency, frequency and money"},
     .status = 200,
     .response = "Rfm",
     .errors = INSIGHT_ERRORS},
};
const struct api_table CUSTOMER_ROUTES = {ROUTES, sizeof ROUTES / sizeof ROUTES[0]};
