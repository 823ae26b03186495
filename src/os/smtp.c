/* smtp.c - SMTP by libcurl; see smtp.h. */
#include "os/smtp.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "os/os.h"

enum { CONNECT_MS = 10 * 1000, TOTAL_MS = 30 * 1000 };

struct state {
    const struct smtp_mail *mail;
    struct smtp_result *out;
    size_t at; /* of the message */
    bool refused;
    bool said_no; /* a 4xx or 5xx came: what follows it (221 bye) says less */
};

/* first address, bits: what is not the open internet (RFC 6890) */
static const struct net4 {
    uint32_t net;
    int bits;
} NETS4[] = {
    {0x00000000, 8},  {0x0A000000, 8},  {0x64400000, 10}, {0x7F000000, 8},  {0xA9FE0000, 16},
    {0xAC100000, 12}, {0xC0000000, 24}, {0xC0000200, 24}, {0xC0A80000, 16}, {0xC6120000, 15},
    {0xC6336400, 24}, {0xCB007100, 24}, {0xE0000000, 4},  {0xF0000000, 4},
};

static bool
private4(uint32_t a)
{
    for (size_t i = 0; i < sizeof NETS4 / sizeof NETS4[0]; i++)
        if ((a ^ NETS4[i].net) >> (32 - NETS4[i].bits) == 0)
            return true;
    return false;
}

/* Only 2000::/3 is the open internet; within it, what carries an IPv4 address (6to4, Teredo) is judged as
 * closed, documentation too. */
static bool
private6(const uint8_t a[16])
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    static const uint8_t nat64[12] = {0x00, 0x64, 0xff, 0x9b};
    if (memcmp(a, mapped, 12) == 0 || memcmp(a, nat64, 12) == 0)
        return private4((uint32_t)a[12] << 24 | (uint32_t)a[13] << 16 | (uint32_t)a[14] << 8 | a[15]);
    if ((a[0] & 0xe0) != 0x20)
        return true;
    return (a[0] == 0x20 && a[1] == 0x02) || (a[0] == 0x20 && a[1] == 0x01 && a[2] < 0x02) ||
           (a[0] == 0x20 && a[1] == 0x01 && a[2] == 0x0d && a[3] == 0xb8);
}

static bool
private_sockaddr(const struct sockaddr *sa)
{
    if (sa->sa_family == AF_INET)
        return private4(ntohl(((const struct sockaddr_in *)(const void *)sa)->sin_addr.s_addr));
    if (sa->sa_family == AF_INET6)
        return private6(((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr.s6_addr);
    return true;
}

bool
os_address_private(const char *address)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, address, &v4) == 1)
        return private4(ntohl(v4.s_addr));
    return inet_pton(AF_INET6, address, &v6) != 1 || private6(v6.s6_addr);
}

static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
    struct state *s = arg;
    (void)purpose;
    if (!s->mail->allow_private && private_sockaddr(&a->addr)) {
        s->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static size_t
give(char *buf, size_t size, size_t n, void *arg)
{
    struct state *s = arg;
    size_t left = s->mail->message.n - s->at, room = size * n;
    if (left > room)
        left = room;
    if (left)
        memcpy(buf, s->mail->message.p + s->at, left);
    s->at += left;
    return left;
}

/* Keeps the last line of the server ("550 5.1.1 no such user"), printable characters only. */
static int
watch(CURL *h, curl_infotype type, char *data, size_t n, void *arg)
{
    struct state *s = arg;
    struct smtp_result *out = s->out;
    size_t k = 0;
    (void)h;
    if (type != CURLINFO_HEADER_IN)
        return 0;
    bool no = n > 3 && (data[0] == '4' || data[0] == '5');
    bool bye = n > 3 && memcmp(data, "221", 3) == 0;
    if ((s->said_no && !no) || bye)
        return 0;
    s->said_no |= no;
    while (n && (data[n - 1] == '\r' || data[n - 1] == '\n'))
        n--;
    for (size_t i = 0; i < n && k < sizeof out->text - 1; i++)
        out->text[k++] = (unsigned char)data[i] < 0x20 || (unsigned char)data[i] >= 0x7f ? ' ' : data[i];
    out->text[k] = 0;
    return 0;
}

static int
beat(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct state *s = arg;
    (void)a, (void)b, (void)c, (void)d;
    return s->mail->stop && *s->mail->stop;
}

static bool
set_options(CURL *h, struct state *s, const char *url, const char *from, struct curl_slist *to)
{
    const struct smtp_mail *m = s->mail;
    bool ok = curl_easy_setopt(h, CURLOPT_URL, url) == CURLE_OK &&
              curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "smtp,smtps") == CURLE_OK &&
              curl_easy_setopt(h, CURLOPT_PROXY, "") == CURLE_OK &&
              curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
              curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS) == CURLE_OK &&
              curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, (long)TOTAL_MS) == CURLE_OK &&
              curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
              curl_easy_setopt(h, CURLOPT_OPENSOCKETDATA, s) == CURLE_OK &&
              curl_easy_setopt(h, CURLOPT_MAIL_FROM, from) == CURLE_OK &&
              curl_easy_setopt(h, CURLOPT_MAIL_RCPT, to) == CURLE_OK &&
              curl_easy_setopt(h, CURLOPT_READFUNCTION, give) == CURLE_OK &&
              curl_easy_setopt(h, CURLOPT_READDATA, s) == CURLE_OK &&
              curl_easy_setopt(h, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
              curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
              curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, beat) == CURLE_OK &&
              curl_easy_setopt(h, CURLOPT_XFERINFODATA, s) == CURLE_OK &&
              curl_easy_setopt(h, CURLOPT_VERBOSE, 1L) == CURLE_OK &&
              curl_easy_setopt(h, CURLOPT_DEBUGFUNCTION, watch) == CURLE_OK &&
              curl_easy_setopt(h, CURLOPT_DEBUGDATA, s) == CURLE_OK &&
              curl_easy_setopt(h, CURLOPT_USE_SSL,
                               m->security == SMTP_STARTTLS ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_NONE) ==
                  CURLE_OK;
    if (ok && m->user && m->user[0])
        ok = curl_easy_setopt(h, CURLOPT_USERNAME, m->user) == CURLE_OK &&
             curl_easy_setopt(h, CURLOPT_PASSWORD, m->password ? m->password : "") == CURLE_OK;
    return ok;
}

void
os_smtp_send(const struct smtp_mail *m, struct smtp_result *out)
{
    struct state s = {.mail = m, .out = out};
    char url[400], from[400], to[400], error[CURL_ERROR_SIZE] = "";
    long code = 0;
    *out = (struct smtp_result){0};
    snprintf(url, sizeof url, "%s://%s:%d/guanxi", m->security == SMTP_TLS ? "smtps" : "smtp", m->host,
             m->port);
    snprintf(from, sizeof from, "<%s>", m->from);
    snprintf(to, sizeof to, "<%s>", m->to);
    CURL *h = curl_easy_init();
    struct curl_slist *list = curl_slist_append(NULL, to);
    CURLcode rc = h && list && curl_easy_setopt(h, CURLOPT_ERRORBUFFER, error) == CURLE_OK &&
                          set_options(h, &s, url, from, list)
                      ? curl_easy_perform(h)
                      : CURLE_FAILED_INIT;
    if (h && curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &code) == CURLE_OK)
        out->code = (int)code;
    out->sent = rc == CURLE_OK;
    out->permanent = !out->sent && out->code >= 500 && out->code < 600;
    if (s.refused)
        snprintf(out->text, sizeof out->text, "private address");
    else if (!out->sent && (rc != CURLE_SEND_ERROR || !out->text[0]) && out->code < 400)
        snprintf(out->text, sizeof out->text, "%.290s", error[0] ? error : curl_easy_strerror(rc));
    curl_slist_free_all(list);
    curl_easy_cleanup(h);
}
