/* sheet_xml.c - see sheet_xml.h. */
#include "record/sheet_xml.h"

#include <expat.h>
#include <minizip/unzip.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/arena.h"

enum { PARTS_MAX = 1000, DEPTH_MAX = 64, BLOCK = 64 * 1024, RATIO_MAX = 100, RATIO_FREE = 1 << 20 };
static const int64_t UNPACKED_MAX = 100 << 20;

struct part {
    struct strv name;
    unz64_file_pos at;
    int64_t packed;
};

struct zip_parts {
    int fd;
    int64_t size, at; /* of the file, and where we read */
    unzFile zip;
    struct arena *arena;
    struct part *parts;
    size_t n;
};

/* ---- minizip's files: our descriptor, by pread ---- */

static voidpf ZCALLBACK
file_open(voidpf opaque, const void *name, int mode)
{
    (void)name;
    return mode & ZLIB_FILEFUNC_MODE_WRITE ? NULL : opaque;
}

static uLong ZCALLBACK
file_read(voidpf opaque, voidpf stream, void *buf, uLong n)
{
    struct zip_parts *z = opaque;
    ssize_t got = pread(z->fd, buf, n, z->at);

    (void)stream;
    if (got <= 0)
        return 0;
    z->at += got;
    return (uLong)got;
}

static uLong ZCALLBACK
file_write(voidpf opaque, voidpf stream, const void *buf, uLong n)
{
    (void)opaque;
    (void)stream;
    (void)buf;
    (void)n;
    return 0;
}

static ZPOS64_T ZCALLBACK
file_tell(voidpf opaque, voidpf stream)
{
    (void)stream;
    return (ZPOS64_T)((struct zip_parts *)opaque)->at;
}

static long ZCALLBACK
file_seek(voidpf opaque, voidpf stream, ZPOS64_T offset, int origin)
{
    struct zip_parts *z = opaque;
    int64_t base = origin == ZLIB_FILEFUNC_SEEK_END ? z->size : origin == ZLIB_FILEFUNC_SEEK_CUR ? z->at : 0;

    (void)stream;
    if (offset > (ZPOS64_T)z->size || base + (int64_t)offset > z->size)
        return -1;
    z->at = base + (int64_t)offset;
    return 0;
}

static int ZCALLBACK
file_close(voidpf opaque, voidpf stream)
{
    (void)opaque;
    (void)stream;
    return 0;
}

static int ZCALLBACK
file_error(voidpf opaque, voidpf stream)
{
    (void)opaque;
    (void)stream;
    return 0;
}

/* ---- the directory ---- */

static enum err_code
damaged(struct strv part, struct err *err)
{
    char name[80];

    (void)snprintf(name, sizeof name, STRV_FMT, (int)(part.n < 70 ? part.n : 70), part.p);
    return err_set(err, MSG_SHEET_DAMAGED, "part", name, NULL);
}

static enum err_code
read_directory(struct zip_parts *z, struct err *err)
{
    unz_global_info64 all;
    int64_t unpacked = 0;
    char count[24];
    int rc = unzGetGlobalInfo64(z->zip, &all);

    if (rc != UNZ_OK)
        return damaged(STRV("zip"), err);
    if (all.number_entry > PARTS_MAX)
        return err_set(err, MSG_SHEET_ENTRIES, "found", err_i64(count, (int64_t)all.number_entry), NULL);
    z->parts = arena_array(z->arena, struct part, PARTS_MAX);
    for (rc = unzGoToFirstFile(z->zip); rc == UNZ_OK && z->n < PARTS_MAX; rc = unzGoToNextFile(z->zip)) {
        struct part *p = &z->parts[z->n];
        unz_file_info64 info;
        char name[512];

        if (unzGetCurrentFileInfo64(z->zip, &info, name, sizeof name - 1, NULL, 0, NULL, 0) != UNZ_OK ||
            unzGetFilePos64(z->zip, &p->at) != UNZ_OK)
            return damaged(STRV("zip"), err);
        name[sizeof name - 1] = 0;
        if (info.uncompressed_size > (ZPOS64_T)UNPACKED_MAX)
            return err_set(err, MSG_SHEET_LARGE, NULL);
        unpacked += (int64_t)info.uncompressed_size;
        if (unpacked > UNPACKED_MAX)
            return err_set(err, MSG_SHEET_LARGE, NULL);
        p->name = arena_strv(z->arena, strv_of(name));
        p->packed = info.compressed_size < (ZPOS64_T)z->size ? (int64_t)info.compressed_size : z->size;
        z->n++;
    }
    return rc == UNZ_END_OF_LIST_OF_FILE ? ERR_OK : damaged(STRV("zip"), err);
}

enum err_code
zip_open(int fd, int64_t size, struct zip_parts **out, struct err *err)
{
    struct zip_parts *z = xcalloc(1, sizeof *z);
    zlib_filefunc64_def io = {.zopen64_file = file_open,
                              .zread_file = file_read,
                              .zwrite_file = file_write,
                              .ztell64_file = file_tell,
                              .zseek64_file = file_seek,
                              .zclose_file = file_close,
                              .zerror_file = file_error,
                              .opaque = z};
    enum err_code rc;

    z->fd = fd;
    z->size = size;
    z->arena = arena_create();
    z->zip = unzOpen2_64("input", &io);
    rc = z->zip == NULL ? damaged(STRV("zip"), err) : read_directory(z, err);
    if (rc)
        zip_close(z);
    else
        *out = z;
    return rc;
}

void
zip_close(struct zip_parts *z)
{
    if (z == NULL)
        return;
    if (z->zip != NULL)
        (void)unzClose(z->zip);
    arena_free(z->arena);
    free(z);
}

static const struct part *
find(const struct zip_parts *z, struct strv name)
{
    if (name.n > 0 && name.p[0] == '/')
        name = (struct strv){name.p + 1, name.n - 1};
    for (size_t i = 0; i < z->n; i++) {
        if (strv_ieq(z->parts[i].name, name))
            return &z->parts[i];
    }
    return NULL;
}

bool
zip_has(const struct zip_parts *z, struct strv name)
{
    return find(z, name) != NULL;
}

/* ---- XML ---- */

struct parse {
    XML_Parser xml;
    const struct xml_handler *h;
    struct err *err;
    enum err_code rc;
    int depth;
};

static const char *
local(const char *name)
{
    const char *colon = strrchr(name, ':');

    return colon ? colon + 1 : name;
}

static void
keep(struct parse *p, enum err_code rc)
{
    if (rc && !p->rc) {
        p->rc = rc;
        (void)XML_StopParser(p->xml, XML_FALSE);
    }
}

static void XMLCALL
on_start(void *arg, const XML_Char *name, const XML_Char **attributes)
{
    struct parse *p = arg;

    if (p->rc)
        return;
    if (++p->depth > DEPTH_MAX)
        keep(p, damaged(STRV("XML"), p->err));
    else
        keep(p, p->h->start(p->h->arg, local(name), attributes, p->err));
}

static void XMLCALL
on_end(void *arg, const XML_Char *name)
{
    struct parse *p = arg;

    p->depth--;
    if (!p->rc)
        keep(p, p->h->end(p->h->arg, local(name), p->err));
}

static void XMLCALL
on_text(void *arg, const XML_Char *text, int n)
{
    struct parse *p = arg;

    if (!p->rc && n > 0)
        keep(p, p->h->text(p->h->arg, (struct strv){text, (size_t)n}, p->err));
}

static void XMLCALL
on_doctype(void *arg, const XML_Char *name, const XML_Char *system, const XML_Char *public, int subset)
{
    struct parse *p = arg;

    (void)name;
    (void)system;
    (void)public;
    (void)subset;
    keep(p, err_set(p->err, MSG_SHEET_DTD, NULL));
}

static enum err_code
feed(struct zip_parts *z, const struct part *part, struct parse *p, struct err *err)
{
    char *buf = xmalloc(BLOCK);
    int64_t unpacked = 0;
    int got = 1;

    while (!p->rc && got > 0) {
        got = unzReadCurrentFile(z->zip, buf, BLOCK);
        if (got < 0) {
            p->rc = damaged(part->name, err);
            break;
        }
        unpacked += got;
        if (unpacked > UNPACKED_MAX)
            p->rc = err_set(err, MSG_SHEET_LARGE, NULL);
        else if (unpacked > RATIO_FREE && unpacked / RATIO_MAX > part->packed)
            p->rc = err_set(err, MSG_SHEET_RATIO, NULL);
        else if (XML_Parse(p->xml, buf, got, got == 0) != XML_STATUS_OK && !p->rc)
            p->rc = damaged(part->name, err);
    }
    free(buf);
    return p->rc;
}

enum err_code
zip_parse(struct zip_parts *z, struct strv name, const struct xml_handler *h, struct err *err)
{
    const struct part *part = find(z, name);
    struct parse p = {.h = h, .err = err};
    enum err_code rc;

    if (part == NULL || unzGoToFilePos64(z->zip, &part->at) != UNZ_OK || unzOpenCurrentFile(z->zip) != UNZ_OK)
        return damaged(name, err);
    p.xml = XML_ParserCreate(NULL);
    if (p.xml == NULL) {
        (void)unzCloseCurrentFile(z->zip);
        return damaged(name, err);
    }
    XML_SetUserData(p.xml, &p);
    (void)XML_SetHashSalt(p.xml, 0x5bd1e995); /* no more than a child that lives for one document needs */
    XML_SetElementHandler(p.xml, on_start, on_end);
    if (h->text != NULL)
        XML_SetCharacterDataHandler(p.xml, on_text);
    XML_SetStartDoctypeDeclHandler(p.xml, on_doctype);
    rc = feed(z, part, &p, err);
    XML_ParserFree(p.xml);
    if (unzCloseCurrentFile(z->zip) != UNZ_OK && !rc)
        rc = damaged(name, err); /* checksum */
    if (rc == ERR_CANCELLED) {
        err_clear(err);
        rc = ERR_OK;
    }
    return rc;
}

struct strv
xml_attribute(const char **attributes, const char *name)
{
    for (size_t i = 0; attributes[i] != NULL; i += 2) {
        if (strcmp(local(attributes[i]), name) == 0)
            return strv_of(attributes[i + 1]);
    }
    return STRV("");
}
