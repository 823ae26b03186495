/* smtp.h - hands one mail to a mail server. Each address the name resolves to is checked before it is
 * connected to, and it is the checked address that is connected to (S31).
 */
#ifndef OS_SMTP_H
#define OS_SMTP_H
#include <stdbool.h>

#include "core/str.h"

enum smtp_security { SMTP_STARTTLS, SMTP_TLS, SMTP_PLAIN };

struct smtp_mail {
    const char *host;
    int port;
    enum smtp_security security; /* the first two check the server's certificate */
    const char *user, *password; /* NULL or "": no sign-in */
    const char *from, *to;       /* bare addresses */
    struct strv message;         /* headers and body with CRLF line ends */
    bool allow_private;          /* addresses of loopback and local networks too */
    const volatile int *stop;    /* not 0: given up; may be NULL */
};

struct smtp_result {
    bool sent;
    bool permanent; /* the server said no for good (5xx): trying again will not help */
    int code;       /* the last reply code, 0 without one */
    char text[300]; /* what the server or the connection said last; never what we said */
};

/* Blocks for at most 30 s. */
void os_smtp_send(const struct smtp_mail *m, struct smtp_result *out);
/* Is this numeric address one of this machine or of a network that is not the open internet? */
bool os_address_private(const char *address);
#endif
