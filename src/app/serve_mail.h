/* serve_mail.h - the thread of serve that sends the mail which is due. */
#ifndef APP_SERVE_MAIL_H
#define APP_SERVE_MAIL_H
#include "app/app.h"

struct serve_mail;
/* base_url lives as long as the thread; allow_private: the mail server may stand in the local network. NULL
 * when no thread could be started. */
struct serve_mail *serve_mail_start(struct owner *o, const char *base_url, bool allow_private);
/* After APP_STOP. */
void serve_mail_stop(struct serve_mail *m);
#endif
