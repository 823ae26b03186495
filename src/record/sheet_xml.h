/* sheet_xml.h - the parts of an .xlsx (a zip of XML files), read within limits. Private to sheet_xlsx.c.
 *
 * At most 1,000 parts, 100 MB unpacked in all and 100 times its packed size each (counted while unpacking, as
 * the directory of a zip may lie), 64 levels of XML; a document type declaration ends the reading.
 */
#ifndef RECORD_SHEET_XML_H
#define RECORD_SHEET_XML_H
#include "core/err.h"

struct zip_parts;

ERR_CHECKED enum err_code zip_open(int fd, int64_t size, struct zip_parts **out, struct err *err);
void zip_close(struct zip_parts *z);
/* Case aside, with or without a leading '/'. */
bool zip_has(const struct zip_parts *z, struct strv name);

struct xml_handler {
    void *arg;
    /* Names come without their prefix. An error ends the reading. */
    enum err_code (*start)(void *arg, const char *name, const char **attributes, struct err *err);
    enum err_code (*end)(void *arg, const char *name, struct err *err);
    enum err_code (*text)(void *arg, struct strv text, struct err *err); /* may be NULL */
};
/* ERR_CANCELLED from a handler stops early without being an error. */
ERR_CHECKED enum err_code zip_parse(struct zip_parts *z, struct strv name, const struct xml_handler *h,
                                    struct err *err);
/* The value of an attribute (prefix aside), or "". */
struct strv xml_attribute(const char **attributes, const char *name);
#endif
