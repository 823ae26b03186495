/* han.h - readings and forms of Han characters, from tables made at build time out of ICU (tools/han).
 */
#ifndef CORE_HAN_H
#define CORE_HAN_H
#include <stdint.h>

enum { HAN_READINGS = 4 };

/* The form that stands for a character in searches: simplified for traditional, the common one for a variant,
 * the plain one for compatibility characters (circled digits, half-width kana). Others stand for themselves.
 */
uint32_t han_fold(uint32_t cp);

/* The syllables a character can have, the likeliest in a name first; v for the u with dots ("lv"), and "lu"
 * and "lyu" beside it. Their number, 0 when it has none. before and after: its neighbours (folded), 0 for
 * none: in a word like 重庆 or a surname like 尉迟 only the reading it has there counts. */
int han_readings(uint32_t cp, uint32_t before, uint32_t after, const char *out[HAN_READINGS]);
#endif
