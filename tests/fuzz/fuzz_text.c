/* fuzz_text.c - text helpers, numbers and dates on any bytes: no crash, and what is normal stays normal. */
#include "core/arena.h"
#include "core/dates.h"
#include "core/money.h"
#include "core/terms.h"
#include "core/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first line is a query, all of it a title: terms hold nothing that is syntax of an engine, spans are in
 * order and within the text. */
static void
search_terms(struct strv s)
{
    struct arena *a = arena_create();
    struct strbuf out = {0};
    struct strv rest = s, first = strv_cut(&rest, '\n');
    struct terms t;
    terms_begin(&t, &out);
    terms_title(&t, s);
    terms_reading(&t, first);
    terms_text(&t, TERM_TEXT, s);
    terms_end(&t);
    for (size_t i = 0; i < out.n; i++) {
        char c = out.p[i];
        if (!(c == ' ' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80)))
            __builtin_trap();
    }
    struct text_query q;
    if (text_query_parse(a, first, &q)) {
        struct query_clause *c = arena_array(a, struct query_clause, QUERY_CLAUSES);
        struct text_match m;
        for (enum text_role role = TEXT_PLAIN; role <= TEXT_READING; role++) {
            text_match(&q, s, role, &m);
            for (int i = 0; i < m.n_spans; i++)
                if (m.span[i].from >= m.span[i].to || m.span[i].to > s.n ||
                    (i && m.span[i - 1].to > m.span[i].from))
                    __builtin_trap();
        }
        if (text_query_clauses(&q, c) < 1)
            __builtin_trap();
    }
    strbuf_release(&out);
    arena_free(a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct strv s = {(const char *)data, size};
    struct strbuf a = {0}, b = {0}, t = {0};
    text_normalise(s, &a);
    text_normalise(strbuf_view(&a), &b);
    if (!strv_eq(strbuf_view(&a), strbuf_view(&b)) || !utf8_valid(strbuf_view(&a)))
        __builtin_trap();
    search_terms(s);
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
