/* money.h - money is an int64 in minor units (cents, fen) of an ISO 4217 currency; decimals are scaled int64.
 *
 * No doubles in ledgers. Rounding is half away from zero, once, where a finer figure becomes minor units.
 */
#ifndef CORE_MONEY_H
#define CORE_MONEY_H
#include "core/err.h"
#include "core/str.h"

/* Number of minor digits of a currency: CNY 2, JPY 0, KWD 3; -1 when the code is not a known ISO 4217 code.
 */
int currency_digits(struct strv code);

/* 10^n for 0..18. */
int64_t pow10_i64(int n);

/* a * b / c rounded half away from zero with 128-bit arithmetic; false on overflow or c == 0. */
bool muldiv_i64(int64_t a, int64_t b, int64_t c, int64_t *out);

/* Text -> scaled integer. Accepts sign, digits, one decimal point, group commas between digits (1,234.50),
 * full-width digits, a leading currency sign (¥ ￥ $ € £) and accounting negatives "(1.5)". More decimals
 * than scale are rounded half away from zero when `round`, else refused. false: not a number, or does not
 * fit. */
bool decimal_parse(struct strv s, int scale, bool round, int64_t *out);
/* 12345, 3 -> "12.345"; keeps `min_decimals` decimals at least, drops further trailing zeros. */
void decimal_format(int64_t v, int scale, int min_decimals, struct strbuf *out);

/* Changes the scale: (12345, 4 -> 2) -> 123 (half away from zero); false on overflow. */
bool decimal_rescale(int64_t v, int from, int to, int64_t *out);

/* Amount in minor units of `from` -> base currency, rate = base units per unit of `from`, scaled by 10^8. */
bool money_to_base(int64_t minor, int from_digits, int64_t rate_e8, int base_digits, int64_t *out);
#endif
