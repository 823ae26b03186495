/* fuzz_text.c - text helpers, numbers and dates on any bytes: no crash, and what is normal stays normal. */
#include "core/dates.h"
#include "core/money.h"
#include "core/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct strv s = {(const char *)data, size};
    struct strbuf a = {0}, b = {0}, t = {0};
    text_normalise(s, &a);
    text_normalise(strbuf_view(&a), &b);
    if (!strv_eq(strbuf_view(&a), strbuf_view(&b)) || !utf8_valid(strbuf_view(&a)))
        __builtin_trap();
    text_terms(s, &t);
    strbuf_clear(&t);
    text_query_terms(s, &t);
    strbuf_clear(&t);
    phone_normalise(s, "+86", &t);
    strbuf_clear(&t);
    email_normalise(s, &t);
    int64_t v;
    int32_t day;
    decimal_parse(s, 4, true, &v);
    date_parse(s, &day);
    datetime_parse(s, ZONE_UTC, &v);
    strbuf_release(&a);
    strbuf_release(&b);
    strbuf_release(&t);
    return 0;
}
