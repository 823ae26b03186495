/* han_priv.h - the tables made at build time by tools/han/gen_han.c. Only han.c and text_elems.c read them.
 */
#ifndef CORE_HAN_PRIV_H
#define CORE_HAN_PRIV_H
#include <stddef.h>
#include <stdint.h>

struct han_more {
    uint32_t cp;
    uint16_t syllable[4]; /* 0: no more */
};
struct han_fold {
    uint16_t from, to;
};
struct han_word {
    uint32_t a, b;
    uint16_t syllable[2];
};
struct text_range {
    uint32_t from; /* up to the next range */
    char kind;     /* see kind_of in gen_han.c */
};

enum { HAN_TABLE_FROM = 0x3400, HAN_TABLE_TO = 0x9fff };
/* HAN_FIRST: the first reading, and whether there are more, and whether another form stands for it. */
enum { HAN_SYLLABLE = 0x1ff, HAN_HAS_MORE = 0x200, HAN_HAS_FOLD = 0x400 };

extern const char HAN_SYLLABLES[][8];
extern const uint16_t HAN_FIRST[];
extern const struct han_more HAN_MORE[];
extern const size_t HAN_MORE_COUNT;
extern const struct han_fold HAN_FOLDS[];
extern const size_t HAN_FOLD_COUNT;
extern const struct han_word HAN_WORDS[];
extern const size_t HAN_WORD_COUNT;
extern const struct text_range TEXT_RANGES[];
extern const size_t TEXT_RANGE_COUNT;
#endif
