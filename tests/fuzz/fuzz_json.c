/* fuzz_json.c - the JSON reader on any bytes; what it accepts is written again and read again. */
#include "core/arena.h"
#include "core/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create();
    struct err err = {0};
    json_t *j = NULL;
    if (json_read(a, (struct strv){(const char *)data, size}, &JSON_REQUEST_LIMITS, "", &j, &err) == ERR_OK &&
        json_is_string(j)) {
        struct strbuf b = {0};
        json_t *again = NULL;
        j_str(&b, json_sv(j));
        if (json_read(a, strbuf_view(&b), &JSON_REQUEST_LIMITS, "", &again, &err) ||
            !strv_eq(json_sv(j), json_sv(again)))
            __builtin_trap();
        strbuf_release(&b);
    }
    arena_free(a);
    return 0;
}
