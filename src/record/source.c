/* source.c - see source.h. One const table of codecs; the first whose magic fits reads the file.
 *
 * gzip files may have several members and zstd files several frames, one after the other. Windows of zstd
 * frames are limited to the library's default of 128 MiB, so a made-up frame cannot ask for more memory.
 */
#include "record/source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>
#include <zstd.h>

#include "core/arena.h"

enum { IN_SIZE = 128 * 1024 };

struct codec {
    const char *name;
    const char *magic;
    size_t magic_n;
    bool (*begin)(struct stream *s);
    /* Moves bytes from s->in to buf; *why is set when the data is damaged. */
    size_t (*decode)(struct stream *s, char *buf, size_t n, const char **why);
    void (*end)(struct stream *s);
};

struct stream {
    FILE *file;
    char *path;
    const struct codec *codec;
    int64_t size, taken; /* bytes of the file, and read from it */
    char *in;
    size_t in_at, in_n; /* unread bytes are in[in_at..in_n) */
    bool file_end;      /* the file has no more bytes */
    bool open_frame;    /* the archive may not end here */
    z_stream z;
    bool z_ready;
    ZSTD_DStream *zd;
    enum encoding encoding;
    struct transcoder *text; /* NULL: UTF-8 as it is */
    char *raw;               /* bytes to convert: raw[raw_at..raw_n) */
    size_t raw_at, raw_n;
    bool raw_end;
    char ahead[512]; /* peeked at: ahead[ahead_at..ahead_n) */
    size_t ahead_at, ahead_n;
};

static size_t
decode_plain(struct stream *s, char *buf, size_t n, const char **why)
{
    size_t have = s->in_n - s->in_at;
    size_t take = have < n ? have : n;

    (void)why;
    memcpy(buf, s->in + s->in_at, take);
    s->in_at += take;
    return take;
}

static bool
begin_gzip(struct stream *s)
{
    s->z_ready = inflateInit2(&s->z, 15 + 16) == Z_OK; /* +16: gzip header and checksum */
    return s->z_ready;
}

static size_t
decode_gzip(struct stream *s, char *buf, size_t n, const char **why)
{
    unsigned ask = n > (1u << 30) ? 1u << 30 : (unsigned)n;
    int rc;

    s->z.next_in = (Bytef *)(s->in + s->in_at);
    s->z.avail_in = (unsigned)(s->in_n - s->in_at);
    s->z.next_out = (Bytef *)buf;
    s->z.avail_out = ask;
    s->open_frame = true;
    rc = inflate(&s->z, Z_NO_FLUSH);
    s->in_at = s->in_n - s->z.avail_in;
    if (rc == Z_STREAM_END) {
        s->open_frame = false;
        if (inflateReset(&s->z) != Z_OK)
            *why = "gzip";
    } else if (rc != Z_OK && rc != Z_BUF_ERROR) {
        *why = s->z.msg ? s->z.msg : "gzip";
    }
    return ask - s->z.avail_out;
}

static void
end_gzip(struct stream *s)
{
    if (s->z_ready)
        (void)inflateEnd(&s->z);
}

static bool
begin_zstd(struct stream *s)
{
    s->zd = ZSTD_createDStream();
    return s->zd != NULL && !ZSTD_isError(ZSTD_initDStream(s->zd));
}

static size_t
decode_zstd(struct stream *s, char *buf, size_t n, const char **why)
{
    ZSTD_inBuffer in = {s->in, s->in_n, s->in_at};
    ZSTD_outBuffer out = {buf, n, 0};
    size_t left = ZSTD_decompressStream(s->zd, &out, &in);

    s->in_at = in.pos;
    if (ZSTD_isError(left))
        *why = ZSTD_getErrorName(left);
    else
        s->open_frame = left != 0;
    return out.pos;
}

static void
end_zstd(struct stream *s)
{
    (void)ZSTD_freeDStream(s->zd);
}

static bool
begin_plain(struct stream *s)
{
    (void)s;
    return true;
}

static void
end_plain(struct stream *s)
{
    (void)s;
}

/* The last row fits every file. */
static const struct codec CODECS[] = {
    {.name = "gzip",
     .magic = "\x1f\x8b",
     .magic_n = 2,
     .begin = begin_gzip,
     .decode = decode_gzip,
     .end = end_gzip},
    {.name = "zstd",
     .magic = "\x28\xb5\x2f\xfd",
     .magic_n = 4,
     .begin = begin_zstd,
     .decode = decode_zstd,
     .end = end_zstd},
    {.name = "plain",
     .magic = "",
     .magic_n = 0,
     .begin = begin_plain,
     .decode = decode_plain,
     .end = end_plain},
};

static enum err_code
check_file(const char *path, int64_t *size, struct err *err)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return err_file(err, MSG_FILE_OPEN, path, errno);
    if (S_ISDIR(st.st_mode))
        return err_set(err, MSG_IMPORT_FOLDER, "path", path, NULL);
    if (!S_ISREG(st.st_mode))
        return err_set(err, MSG_IMPORT_NOT_A_FILE, "path", path, NULL);
    if (st.st_size == 0)
        return err_set(err, MSG_IMPORT_EMPTY, "path", path, NULL);
    *size = st.st_size;
    return ERR_OK;
}

static enum err_code
fill(struct stream *s, struct err *err)
{
    if (s->in_at < s->in_n || s->file_end)
        return ERR_OK;
    s->in_at = 0;
    s->in_n = fread(s->in, 1, IN_SIZE, s->file);
    s->taken += (int64_t)s->in_n;
    if (s->in_n < IN_SIZE) {
        if (ferror(s->file))
            return err_file(err, MSG_FILE_READ, s->path, errno);
        s->file_end = true;
    }
    return ERR_OK;
}

enum err_code
stream_open(const char *path, struct stream **out, struct err *err)
{
    enum err_code rc;
    int64_t size = 0;
    struct stream *s = NULL;
    size_t i = 0;

    rc = check_file(path, &size, err);
    if (rc)
        return rc;
    s = xcalloc(1, sizeof *s);
    s->path = xstrdup(path);
    s->in = xmalloc(IN_SIZE);
    s->size = size;
    s->file = fopen(path, "rbe");
    if (s->file == NULL) {
        rc = err_file(err, MSG_FILE_OPEN, path, errno);
        goto done;
    }
    (void)setvbuf(s->file, NULL, _IONBF, 0); /* we read in big blocks ourselves */
    rc = fill(s, err);
    if (rc)
        goto done;
    while (s->in_n < CODECS[i].magic_n || memcmp(s->in, CODECS[i].magic, CODECS[i].magic_n) != 0)
        i++;
    s->codec = &CODECS[i];
    if (!s->codec->begin(s))
        rc = err_set(err, MSG_INTERNAL, "what", s->codec->name, NULL);
done:
    if (rc)
        stream_close(s);
    else
        *out = s;
    return rc;
}

/* Decompressed bytes as they are. */
static enum err_code
read_bytes(struct stream *s, char *buf, size_t n, size_t *got, struct err *err)
{
    const char *why = NULL;
    enum err_code rc;

    *got = 0;
    while (*got == 0) {
        bool last;

        rc = fill(s, err);
        if (rc)
            return rc;
        last = s->in_at == s->in_n; /* nothing more to feed; the codec may still hold output */
        if (last && !s->open_frame)
            return ERR_OK;
        *got = s->codec->decode(s, buf, n, &why);
        if (why == NULL && last && *got == 0)
            why = "unexpected end";
        if (why != NULL)
            return err_set(err, MSG_IMPORT_DAMAGED, "path", s->path, "reason", why, NULL);
    }
    return ERR_OK;
}

/* The same as UTF-8. */
static enum err_code
read_text(struct stream *s, char *buf, size_t n, size_t *got, struct err *err)
{
    enum err_code rc;

    if (s->text == NULL)
        return read_bytes(s, buf, n, got, err);
    for (*got = 0; *got == 0;) {
        size_t more;

        *got = transcoder_run(s->text, s->raw, &s->raw_at, s->raw_n, s->raw_end, buf, n);
        if (*got > 0 || s->raw_end)
            return ERR_OK;
        memmove(s->raw, s->raw + s->raw_at, s->raw_n - s->raw_at);
        s->raw_n -= s->raw_at;
        s->raw_at = 0;
        rc = read_bytes(s, s->raw + s->raw_n, IN_SIZE - s->raw_n, &more, err);
        if (rc)
            return rc;
        s->raw_n += more;
        s->raw_end = more == 0;
    }
    return ERR_OK;
}

enum err_code
stream_read(struct stream *s, char *buf, size_t n, size_t *got, struct err *err)
{
    enum err_code rc = ERR_OK;

    *got = s->ahead_n - s->ahead_at;
    if (*got > 0) {
        *got = *got < n ? *got : n;
        memcpy(buf, s->ahead + s->ahead_at, *got);
        s->ahead_at += *got;
    } else {
        rc = read_text(s, buf, n, got, err);
    }
    return rc;
}

enum err_code
stream_peek(struct stream *s, struct strv *out, struct err *err)
{
    enum err_code rc = ERR_OK;

    if (s->ahead_n == 0)
        rc = read_text(s, s->ahead, sizeof s->ahead, &s->ahead_n, err);
    *out = (struct strv){s->ahead + s->ahead_at, s->ahead_n - s->ahead_at};
    return rc;
}

enum encoding
stream_encoding(const struct stream *s)
{
    return s->encoding;
}

/* ---- encodings ---- */

static size_t
plain_prefix(const char *p, size_t n)
{
    size_t i = 0;

    while (i < n && p[i] != 0 && (unsigned char)p[i] < 0x80)
        i++;
    return i;
}

/* Looks at the first bytes that tell something: the beginning, or what follows plain ASCII. */
static enum err_code
sniff(struct stream *s, enum encoding *out, struct err *err)
{
    char *buf = xmalloc(IN_SIZE);
    size_t n = 0, got = 1, plain = 0;
    bool first = true;
    enum err_code rc = ERR_OK;

    while (!rc && got > 0 && n < IN_SIZE) {
        if (plain == n && n > 0) { /* nothing but ASCII so far */
            n = plain = 0;
            first = false;
        }
        rc = read_bytes(s, buf + n, IN_SIZE - n, &got, err);
        n += got;
        if (plain < n)
            plain += plain_prefix(buf + plain, n - plain);
    }
    *out = plain == n ? ENC_UTF8 : encoding_detect((struct strv){buf, n}, first);
    free(buf);
    return rc;
}

enum err_code
stream_open_as(const char *path, enum encoding e, struct stream **out, struct err *err)
{
    struct stream *s = NULL;
    enum err_code rc = ERR_OK;

    if (e == ENC_AUTO) {
        rc = stream_open(path, &s, err);
        if (rc)
            return rc;
        rc = sniff(s, &e, err);
        stream_close(s);
        s = NULL;
        if (!rc && e == ENC_AUTO)
            rc = err_set(err, MSG_IMPORT_ENCODING, "path", path, NULL);
    }
    if (!rc)
        rc = stream_open(path, &s, err);
    if (rc)
        return rc;
    s->encoding = e;
    if (e != ENC_UTF8) {
        s->text = transcoder_open(e);
        s->raw = xmalloc(IN_SIZE);
        if (s->text == NULL)
            rc = err_set(err, MSG_INTERNAL, "what", encoding_name(e), NULL);
    }
    if (rc)
        stream_close(s);
    else
        *out = s;
    return rc;
}

double
stream_progress(const struct stream *s)
{
    double done = (double)(s->taken - (int64_t)(s->in_n - s->in_at)) / (double)s->size;

    return done > 1.0 ? 1.0 : done;
}

void
stream_close(struct stream *s)
{
    if (s == NULL)
        return;
    if (s->codec != NULL)
        s->codec->end(s);
    if (s->file != NULL)
        (void)fclose(s->file);
    transcoder_close(s->text);
    free(s->raw);
    free(s->in);
    free(s->path);
    free(s);
}
