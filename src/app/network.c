/* network.c - the network options of serve; see network.h. */
#include "app/network.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/qr.h"
#include "core/arena.h"
#include "http/tls.h"
#include "os/os.h"

#define DEFAULT_PORT ":8300"
enum { LOOK_MS = 60 * 1000 };

/* ---- options ---- */
static bool
is_loopback(const char *address)
{
    struct in_addr v4;
    if (inet_pton(AF_INET, address, &v4) == 1)
        return (ntohl(v4.s_addr) >> 24) == 127;
    return strcmp(address, "::1") == 0;
}

static enum err_code
parse_listen(struct network *n, const char *listen, struct err *err)
{
    const char *colon = strrchr(listen, ':');
    int64_t port = 0;
    struct strv host = {listen, colon ? (size_t)(colon - listen) : 0};
    struct in6_addr raw;
    if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
        host = (struct strv){host.p + 1, host.n - 2};
    bool ok = host.n && host.n < sizeof n->address && strv_i64(strv_of(colon + 1), &port) && port >= 0 &&
              port <= 65535;
    if (ok) {
        snprintf(n->address, sizeof n->address, STRV_FMT, STRV_ARG(host));
        if (strcmp(n->address, "localhost") == 0)
            snprintf(n->address, sizeof n->address, "127.0.0.1");
        n->port = (uint16_t)port;
        ok = inet_pton(AF_INET, n->address, &raw) == 1 || inet_pton(AF_INET6, n->address, &raw) == 1;
    }
    return ok ? ERR_OK
              : err_set(err, MSG_ARG_BAD_LIKE, "name", "--listen", "found", listen, "expected",
                        "127.0.0.1:8300", NULL);
}

/* "https://name[:port]", a slash at the end is dropped. plain: http is allowed too. */
static enum err_code
parse_url(const char *name, const char *text, bool plain, char *out, size_t size, struct err *err)
{
    size_t n = strlen(text), skip = strncmp(text, "https://", 8) == 0 ? 8 : 0;
    if (plain && strncmp(text, "http://", 7) == 0)
        skip = 7;
    if (n && text[n - 1] == '/')
        n--;
    bool ok = skip && n > skip && n < size &&
              strspn(text + skip, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]") ==
                  n - skip;
    if (!ok)
        return err_set(err, MSG_ARG_BAD_LIKE, "name", name, "found", text, "expected",
                       "https://crm.example.com", NULL);
    memcpy(out, text, n);
    out[n] = 0;
    return ERR_OK;
}

static enum err_code
parse_trusted(struct network *n, const char *text, struct err *err)
{
    struct strv rest = strv_of(text);
    while (rest.p) {
        struct strv one = strv_trim(strv_cut(&rest, ','));
        if (n->n_trusted == NET_TRUSTED || !http_net_parse(one, &n->trusted[n->n_trusted]))
            return err_set(err, MSG_ARG_BAD_LIKE, "name", "--trusted-proxy", "found", text, "expected",
                           "10.0.0.0/8,192.168.1.7", NULL);
        n->n_trusted++;
    }
    return ERR_OK;
}

static enum err_code
parse_proxy(struct network *n, const struct args *a, struct err *err)
{
    const char *trusted = arg_get(a, "--trusted-proxy");
    if (parse_url("--behind-proxy", arg_get(a, "--behind-proxy"), false, n->base_url, sizeof n->base_url,
                  err))
        return err->code;
    n->https = true;
    if (!trusted && !is_loopback(n->address))
        return err_set(err, MSG_LISTEN_TRUST, "address", n->address, NULL);
    return parse_trusted(n, trusted ? trusted : "127.0.0.0/8,::1", err);
}

static enum err_code
parse_mode(struct network *n, const struct args *a, struct err *err)
{
    const char *cert = arg_get(a, "--tls-cert"), *key = arg_get(a, "--tls-key");
    bool lan = arg_get(a, "--lan") != NULL, proxy = arg_get(a, "--behind-proxy") != NULL;
    if (lan + proxy + (cert || key ? 1 : 0) > 1)
        return err_set(err, MSG_LISTEN_ONE, NULL);
    if (!cert != !key)
        return err_set(err, MSG_LISTEN_PAIR, NULL);
    if (!proxy && arg_get(a, "--trusted-proxy"))
        return err_set(err, MSG_LISTEN_PROXY, NULL);
    n->mode = lan ? NET_LAN : proxy ? NET_PROXY : cert ? NET_CERT : NET_LOOPBACK;
    n->https = n->mode != NET_LOOPBACK;
    return ERR_OK;
}

enum err_code
network_parse(struct network *n, const struct args *a, const struct cmd_io *io, struct err *err)
{
    const char *listen = arg_get(a, "--listen"), *base = arg_get(a, "--base-url");
    if (parse_mode(n, a, err))
        return err->code;
    bool open = n->mode == NET_LAN || n->mode == NET_CERT;
    if (!listen || !listen[0])
        listen = open ? "0.0.0.0" DEFAULT_PORT : "127.0.0.1" DEFAULT_PORT;
    if (parse_listen(n, listen, err))
        return err->code;
    if (n->mode == NET_LOOPBACK && !is_loopback(n->address))
        return err_set(err, MSG_LISTEN_NOT_LOOPBACK, "address", n->address, "listen", listen, NULL);
    if (n->mode == NET_PROXY && parse_proxy(n, a, err))
        return err->code;
    if (n->mode == NET_CERT) {
        char buf[4096];
        snprintf(n->cert, sizeof n->cert, "%s", cmd_path(io, arg_get(a, "--tls-cert"), buf, sizeof buf));
        snprintf(n->key, sizeof n->key, "%s", cmd_path(io, arg_get(a, "--tls-key"), buf, sizeof buf));
    }
    n->base_given = base && base[0];
    return n->base_given ? parse_url("--base-url", base, !n->https, n->base_url, sizeof n->base_url, err)
                         : ERR_OK;
}

/* ---- the certificate ---- */
static int64_t
file_stamp(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (int64_t)st.st_mtim.tv_sec : 0;
}

/* The names of a certificate for the local network: the machine's name, as it is and as .local, and every
 * address it has now. */
static size_t
lan_names(char (*names)[256], size_t max)
{
    char addresses[NET_NAMES][48], host[200];
    size_t n = 0, n_addresses = os_addresses(addresses, max - 6);
    if (os_hostname(host, sizeof host)) {
        snprintf(names[n++], 256, "%s", host);
        if (!strchr(host, '.'))
            snprintf(names[n++], 256, "%.199s.local", host);
    }
    snprintf(names[n++], 256, "localhost");
    snprintf(names[n++], 256, "127.0.0.1");
    snprintf(names[n++], 256, "::1");
    for (size_t i = 0; i < n_addresses; i++)
        snprintf(names[n++], 256, "%.47s", addresses[i]);
    return n;
}

/* With --base-url its name belongs to them too. */
static enum err_code
ensure_lan(struct network *n, bool *renewed, struct err *err)
{
    char(*names)[256] = xcalloc(NET_NAMES, sizeof *names);
    const char *list[NET_NAMES];
    size_t count = lan_names(names, NET_NAMES - 1);
    if (n->base_given) {
        const char *host = strstr(n->base_url, "://") + 3;
        size_t len = host[0] == '[' ? strcspn(host, "]") - 1 : strcspn(host, ":");
        snprintf(names[count++], 256, "%.*s", (int)len, host[0] == '[' ? host + 1 : host);
    }
    for (size_t i = 0; i < count; i++)
        list[i] = names[i];
    enum err_code rc = tls_ca_ensure(n->ca_dir, os_now_ms(), list, count, renewed, err);
    free(names);
    return rc;
}

enum err_code
network_tls(struct network *n, const char *data_dir, struct err *err)
{
    bool renewed = false;
    if (n->mode != NET_LAN && n->mode != NET_CERT)
        return ERR_OK;
    if (n->mode == NET_LAN) {
        snprintf(n->ca_dir, sizeof n->ca_dir, "%s/tls", data_dir);
        tls_ca_paths(n->ca_dir, &n->ca);
        snprintf(n->cert, sizeof n->cert, "%s", n->ca.leaf);
        snprintf(n->key, sizeof n->key, "%s", n->ca.leaf_key);
        if (ensure_lan(n, &renewed, err))
            return err->code;
    }
    n->cert_stamp = file_stamp(n->cert);
    n->looked_at = os_now_ms();
    return http_tls_create(n->cert, n->key, &n->tls, err);
}

void
network_refresh(struct network *n)
{
    struct err err = {0};
    bool renewed = false;
    int64_t now = os_now_ms();
    if (!n->tls || now - n->looked_at < LOOK_MS)
        return;
    n->looked_at = now;
    if (n->mode == NET_LAN) {
        if (ensure_lan(n, &renewed, &err))
            os_log("error", "tls: %s", err_msg_key(err.msg));
    } else {
        int64_t stamp = file_stamp(n->cert);
        renewed = stamp != n->cert_stamp;
        n->cert_stamp = stamp;
    }
    if (!renewed || err.code)
        return;
    if (http_tls_reload(n->tls, n->cert, n->key, &err)) {
        os_log("error", "tls: %s; the certificate before stays in use", err_msg_key(err.msg));
        n->cert_stamp = 0; /* looked at again in a minute */
    } else {
        os_log("info", "tls: a new certificate is in use");
    }
}

void
network_free(struct network *n)
{
    http_tls_free(n->tls);
    n->tls = NULL;
}

/* ---- addresses ---- */
static void
put_url(char *out, size_t size, bool https, const char *host, uint16_t port)
{
    bool v6 = strchr(host, ':') != NULL;
    snprintf(out, size, "%s://%s%s%s", https ? "https" : "http", v6 ? "[" : "", host, v6 ? "]" : "");
    if (port != (https ? 443 : 80))
        snprintf(out + strlen(out), size - strlen(out), ":%u", (unsigned)port);
}

void
network_bound(struct network *n, uint16_t port)
{
    char host[256];
    bool any = strcmp(n->address, "0.0.0.0") == 0 || strcmp(n->address, "::") == 0;
    n->port = port;
    put_url(n->local_url, sizeof n->local_url, n->tls != NULL, any ? "127.0.0.1" : n->address, port);
    if (n->base_url[0])
        return;
    snprintf(host, sizeof host, "%s", n->address);
    if (n->mode == NET_CERT)
        (void)http_tls_name(n->tls, host, sizeof host); /* else the address */
    else if (any && !os_main_address(host) && !os_hostname(host, sizeof host))
        snprintf(host, sizeof host, "127.0.0.1");
    put_url(n->base_url, sizeof n->base_url, n->https, host, port);
}

void
network_print(const struct network *n, const struct cmd_io *io)
{
    char print[96];
    struct err err = {0};
    struct strbuf qr = {0};
    FILE *f = io->out;
    if (n->mode != NET_LAN || tls_fingerprint(n->ca.ca, print, &err))
        return;
    if (qr_terminal(n->base_url, isatty(fileno(f)), &qr))
        fprintf(f, "\n" STRV_FMT "\n", STRV_ARG(strbuf_view(&qr)));
    strbuf_release(&qr);
    fprintf(
        f,
        cmd_say(
            io,
            "  首次打开时浏览器会提示证书未知。在每台设备上安装一次本系统的根证书即可：\n"
            "    %s/guanxi-ca.crt\n"
            "  安装前请核对指纹（SHA-256）：\n    %s\n"
            "  Windows：双击，安装到“受信任的根证书颁发机构” · macOS：钥匙串访问，设为始终信任\n"
            "  iOS：设置 > 已下载描述文件，再到 关于本机 > 证书信任设置 打开 · Android：设置 > 安全 > 安装 "
            "CA 证书\n",
            "  At first browsers do not know the certificate. Install the authority once on each device:\n"
            "    %s/guanxi-ca.crt\n"
            "  Compare its fingerprint (SHA-256) before you do:\n    %s\n"
            "  Windows: open it, install into Trusted Root Certification Authorities · macOS: Keychain "
            "Access, Always Trust\n"
            "  iOS: Settings > Profile Downloaded, then About > Certificate Trust Settings · Android: "
            "Settings > Security > Install a CA certificate\n"),
        n->base_url, print);
}
