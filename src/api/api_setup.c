/* api_setup.c - before anybody is signed in: the authority's certificate. */
#include "api/priv.h"
#include "os/os.h"

enum { CA_MAX = 64 * 1024 };

/* ---- the certificate of the local authority ---- */
static enum err_code
ca_get(struct api_call *c, struct err *err)
{
    struct strv pem;
    if (!c->api->env.ca_path)
        return err_set(err, MSG_API_ROUTE, "path", "/guanxi-ca.crt", NULL);
    if (os_read_file(c->arena, c->api->env.ca_path, CA_MAX, &pem, err))
        return err->code;
    strbuf_addv(&c->resp->body, pem);
    c->resp->content_type = "application/x-x509-ca-cert";
    http_set_header(c->resp, "Content-Disposition", STRV("attachment; filename=\"guanxi-ca.crt\""));
    return ERR_OK;
}

static const int CA_ERRORS[] = {404, 0};

static const struct api_route ROUTES[] = {
    {.method = "GET",
     .pattern = "/guanxi-ca.crt",
     .cls = HTTP_READ,
     .access = ACCESS_PUBLIC,
     .run = ca_get,
     .id = "ca_certificate",
     .summary = {"局域网根证书（--lan）", "The certificate authority of --lan, for devices to trust"},
     .status = 200,
     .response = "text",
     .errors = CA_ERRORS},
};
const struct api_table SETUP_ROUTES = {ROUTES, sizeof ROUTES / sizeof ROUTES[0]};
