/* import_source.h - what the import knows of an open file beyond import.h. Private to the import. */
#ifndef RECORD_IMPORT_SOURCE_H
#define RECORD_IMPORT_SOURCE_H
#include "record/import.h"

struct import_options {
    char delimiter; /* 0: found out */
    bool no_header; /* the first row is data; columns are named column1, column2 ... */
};

ERR_CHECKED enum err_code import_open_as(const char *path, struct import_options opt,
                                         struct import_source **out, struct err *err);
const char *import_path(const struct import_source *s);
struct import_options import_options(const struct import_source *s); /* as asked for */
char import_delimiter(const struct import_source *s);                /* as found or asked for */
/* Of the bytes read so far, decompressed; of the content when all rows are read. The file's name is no part
 * of it. */
void import_fingerprint(const struct import_source *s, char *out, size_t size);
#endif
