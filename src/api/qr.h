/* qr.h - QR codes for the terminal and for pages. */
#ifndef API_QR_H
#define API_QR_H
#include <stdbool.h>

#include "core/str.h"

/* Two modules a character by half blocks, light on dark with colour codes when ansi is set. False: too long.
 */
bool qr_terminal(const char *text, bool ansi, struct strbuf *out);
/* A black and white SVG image with its quiet zone. */
bool qr_svg(const char *text, struct strbuf *out);
#endif
