/* err.h - one error object, one list of codes, one list of sentences.
 *
 * The caller passes a struct err on its stack; it stays untouched on success; the first cause wins, so calls
 * chain with ||. Functions return the code and are marked ERR_CHECKED. A sentence (enum msg, messages.def)
 * carries named parameters and is put into words (zh-CN or en) only at the border: CLI, HTTP reply, log.
 * assert is for our own bugs and stays on in release.
 */
#ifndef CORE_ERR_H
#define CORE_ERR_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/str.h"

struct arena;

/* X(name, HTTP status, problem type) - err.def */
enum err_code {
#define X(name, status, type) ERR_##name,
#include "core/err.def"
#undef X
    ERR_COUNT_
};

/* X(NAME, CODE, "key.dotted", "English sentence with {param}.", "中文句子 {param}。") - messages.def */
enum msg {
#define X(name, code, key, en, zh) MSG_##name,
#include "core/messages.def"
#undef X
    MSG_COUNT_
};

enum lang { LANG_ZH = 0, LANG_EN = 1 };

#define ERR_CHECKED __attribute__((warn_unused_result))

struct err {
    enum err_code code; /* ERR_OK while nothing failed */
    enum msg msg;
    char field[64];   /* field or option the error is about; "" if none */
    char params[448]; /* name NUL value NUL ... NUL; cut at a character border when too long */
};

/* All field errors of one record, at once. Grows in the arena. */
struct err_list {
    struct arena *arena;
    struct err *v;
    size_t n, size;
};

/* Sets code (from the message's row) and parameters, unless an error is set already. Then pairs of C strings
 * (name, value) ended by NULL. Returns e->code, so that `return err_set(...)` reads well. */
enum err_code err_set(struct err *e, enum msg m, ...) __attribute__((sentinel));
/* The same, with the field it is about. */
enum err_code err_field(struct err *e, enum msg m, const char *field, ...) __attribute__((sentinel));
/* A file error (MSG_FILE_OPEN, _READ, _WRITE) with the reason of errno in both languages; a full disk becomes
 * MSG_FILE_FULL. */
enum err_code err_file(struct err *e, enum msg m, const char *path, int number);
void err_clear(struct err *e);

/* Appends the sentence in the language, parameters filled in. */
void err_render(const struct err *e, enum lang lang, struct strbuf *out);
/* The value of a parameter or NULL; borrowed from e. */
const char *err_param(const struct err *e, const char *name);
/* Walks the parameters: *pos starts at 0; false at the end. */
bool err_next_param(const struct err *e, size_t *pos, const char **name, const char **value);

const char *err_msg_key(enum msg m);           /* "filter.unknown_field" */
int err_http_status(enum err_code c);          /* 404 */
const char *err_problem_type(enum err_code c); /* "not-found" */
int err_exit_code(enum err_code c);            /* CLI exit code 0..; documented in docs/administration.md */
const char *msg_text(enum msg m, enum lang lang);

void err_list_add(struct err_list *l, const struct err *e);
/* int64 as text for a parameter: writes to buf (>= 24 bytes) and returns it. */
const char *err_i64(char buf[24], int64_t v);
#endif
