/* import_source.h - what the import knows of an open file beyond import.h. Private to the import. */
#ifndef RECORD_IMPORT_SOURCE_H
#define RECORD_IMPORT_SOURCE_H
#include "record/import.h"

struct import_options import_options(const struct import_source *s); /* as asked for */
/* What a mapping made for this file should say of it: what was found where it is not what any file has. */
struct import_options import_found(const struct import_source *s);
#endif
