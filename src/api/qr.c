/* qr.c - QR codes by libqrencode; see qr.h. */
#include "api/qr.h"

#include <qrencode.h>

enum { QUIET = 4 /* light modules around, as the standard asks */ };

static QRcode *
encode(const char *text)
{
    return QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
}

static bool
dark(const QRcode *q, int x, int y)
{
    return x >= 0 && y >= 0 && x < q->width && y < q->width && (q->data[y * q->width + x] & 1);
}

bool
qr_terminal(const char *text, bool ansi, struct strbuf *out)
{
    /* light modules are drawn: terminals are dark, or made so by the colour codes */
    static const char *const half[] = {"█", "▀", "▄", " "}; /* upper dark: +2, lower dark: +1 */
    QRcode *q = encode(text);
    if (!q)
        return false;
    for (int y = -QUIET / 2; y < q->width + QUIET / 2; y += 2) {
        strbuf_adds(out, ansi ? "  \033[97;40m" : "  ");
        for (int x = -QUIET / 2; x < q->width + QUIET / 2; x++)
            strbuf_adds(out, half[(dark(q, x, y) ? 2 : 0) + (dark(q, x, y + 1) ? 1 : 0)]);
        strbuf_adds(out, ansi ? "\033[0m\n" : "\n");
    }
    QRcode_free(q);
    return true;
}

bool
qr_svg(const char *text, struct strbuf *out)
{
    QRcode *q = encode(text);
    if (!q)
        return false;
    int size = q->width + 2 * QUIET;
    strbuf_addf(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">"
        "<path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path fill=\"#000\" d=\"",
        size, size, size, size);
    for (int y = 0; y < q->width; y++)
        for (int x = 0; x < q->width; x++)
            if (dark(q, x, y))
                strbuf_addf(out, "M%d %dh1v1h-1z", x + QUIET, y + QUIET);
    strbuf_adds(out, "\"/></svg>");
    QRcode_free(q);
    return true;
}
