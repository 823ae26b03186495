/* network.h - where `serve` listens, by which certificate, and what its address is for others.
 *
 * Loopback speaks HTTP. Any other address needs one of: --lan (a certificate of an authority of our own in
 * DIR/tls), --tls-cert with --tls-key, --behind-proxy. base_url is the one address that links use.
 */
#ifndef APP_NETWORK_H
#define APP_NETWORK_H
#include "app/app.h"
#include "http/http.h"
#include "http/tls_ca.h"

enum network_mode { NET_LOOPBACK, NET_LAN, NET_CERT, NET_PROXY };
enum { NET_NAMES = 40, NET_TRUSTED = 16 };

struct network {
    enum network_mode mode;
    char address[64];
    uint16_t port;
    char base_url[300];  /* "https://crm.example.com", no slash at the end; final after network_bound */
    char local_url[120]; /* for programs on this machine */
    bool base_given;
    bool https; /* browsers come by https */
    struct http_net trusted[NET_TRUSTED];
    size_t n_trusted;
    struct http_tls *tls;
    char cert[4200], key[4200];
    struct tls_ca_paths ca; /* NET_LAN */
    char ca_dir[4200];
    int64_t looked_at;  /* os_now_ms of the last look at the certificate */
    int64_t cert_stamp; /* NET_CERT: when the file was last changed */
};

/* The options; refuses what would send passwords in the clear, with the lines to use instead. */
ERR_CHECKED enum err_code network_parse(struct network *n, const struct args *a, const struct cmd_io *io,
                                        struct err *err);
/* The certificate: made or renewed under data_dir (--lan), or read. */
ERR_CHECKED enum err_code network_tls(struct network *n, const char *data_dir, struct err *err);
/* The port is known: the addresses are final. */
void network_bound(struct network *n, uint16_t port);
/* For others: address, QR code, fingerprint, how to trust. Nothing on loopback. */
void network_print(const struct network *n, const struct cmd_io *io);
/* Now and then, from one thread: renews the certificate of --lan, takes up a changed file of --tls-cert. */
void network_refresh(struct network *n);
void network_free(struct network *n);

/* The rows of the options, for serve's table. */
#define NETWORK_OPTS                                                                                         \
    {"--listen", "ADDR:PORT", "GUANXI_LISTEN", "监听地址（默认 127.0.0.1:8300，端口 0 为任意空闲端口）",     \
     "address (default 127.0.0.1:8300; port 0: any free one)"},                                              \
        {"--lan", NULL, NULL, "供局域网使用：自建证书，HTTPS，打印地址和二维码",                             \
         "for the local network: own certificate, HTTPS, prints address and QR code"},                       \
        {"--tls-cert", "FILE", "GUANXI_TLS_CERT", "证书链（PEM）", "certificate chain (PEM)"},               \
        {"--tls-key", "FILE", "GUANXI_TLS_KEY", "证书的私钥（PEM）", "its key (PEM)"},                       \
        {"--behind-proxy", "URL", "GUANXI_BEHIND_PROXY", "位于反向代理之后；URL 为对外地址",                 \
         "behind a proxy that speaks TLS; URL: its public address"},                                         \
        {"--trusted-proxy", "CIDR[,CIDR]", "GUANXI_TRUSTED_PROXY",                                           \
         "代理的地址，只相信来自这里的 X-Forwarded-For",                                                     \
         "address of the proxy; X-Forwarded-For counts only from there"},                                    \
    {                                                                                                        \
        "--base-url", "URL", "GUANXI_BASE_URL", "邮件等链接使用的地址",                                      \
            "address used in links, for example in mail"                                                     \
    }
#endif
