/* pack_reader.h - strict reading of one pack file: every key is known, every value has its type, every fault
 * has a place.
 *
 * The reader keeps the path of the value being looked at (keys and indexes); a fault scans the text along
 * that path for its line. Private to model.
 */
#ifndef MODEL_PACK_READER_H
#define MODEL_PACK_READER_H
#include <jansson.h>

#include "model/catalog.h"

struct pack_step {
    const char *key; /* NULL: index */
    size_t index;
};

struct pack_reader {
    struct arena *arena;
    const char *file;
    struct strv text;
    struct pack_step path[12];
    int depth;
    struct err *err;
};

enum pack_kind {
    PACK_TEXT, /* text, not empty */
    PACK_BOOL,
    PACK_INT,
    PACK_NUMBER,  /* number, or text with one */
    PACK_LABEL,   /* {"zh-CN": text, "en": text}, one of them at least */
    PACK_TEXTS,   /* [text, ...] */
    PACK_OBJECTS, /* [{...}, ...] */
};

struct pack_key {
    const char *key;
    enum pack_kind kind;
    bool required;
};

void pack_enter(struct pack_reader *r, const char *key);
void pack_enter_at(struct pack_reader *r, const char *key, size_t index); /* member key, element index */
void pack_leave(struct pack_reader *r, int depth);                        /* back to that depth */

/* Sets the fault with file and line of member `key` of the value the path names (NULL: of that value itself).
 * The other parameters are pairs of C strings ended by NULL, at most four pairs. */
enum err_code pack_fail(struct pack_reader *r, enum msg m, const char *key, ...) __attribute__((sentinel));
/* MSG_PACK_VALUE, or MSG_PACK_VALUE_NEAR when one of the n names is near. */
enum err_code pack_fail_choice(struct pack_reader *r, const char *key, struct strv found,
                               const char *const *names, size_t n);

/* Checks the members of obj against the table. `where` says what obj is: "object", "field" ... */
ERR_CHECKED enum err_code pack_check(struct pack_reader *r, const json_t *obj, const char *where,
                                     const struct pack_key *keys, size_t n);

struct label pack_label(const json_t *obj, const char *key, const char *fallback);
/* Text of a member, or NULL; borrowed from obj. */
const char *pack_text(const json_t *obj, const char *key);
/* List of texts of a member; *n 0 when absent. */
const char *const *pack_texts(struct pack_reader *r, const json_t *obj, const char *key, size_t *n);

/* The nearest of n names for "did you mean", or NULL. */
const char *pack_nearest(struct strv found, const char *const *names, size_t n);
#endif
