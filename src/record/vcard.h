/* vcard.h - vCard 2.1, 3.0 and 4.0 as rows: one card a row, the columns always the same. Private to the
 * import.
 *
 * Folded lines, escapes, quoted-printable with a character set of its own, and groups ("item1.TEL") are
 * understood; properties that have no column (pictures, keys) are passed over. Libraries for vCard in Debian
 * read calendars only (libical 3), hence this small reader.
 */
#ifndef RECORD_VCARD_H
#define RECORD_VCARD_H
#include "record/source.h"

struct vcard;

struct vcard *vcard_open(struct stream *in); /* borrows the stream */
void vcard_close(struct vcard *v);
size_t vcard_columns(const struct strv **names);
/* The next card. A card without END:VCARD is ERR_INVALID with its number. */
ERR_CHECKED enum err_code vcard_next(struct vcard *v, const struct strv **cells, size_t *n, bool *end,
                                     struct err *err);
#endif
