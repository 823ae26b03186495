/* fuzz_pack.c - libFuzzer entry: any bytes as an object of a pack, beside the object user. A fault must name
 * file and line; what loads must come out as JSON. */
#include <assert.h>

#include "core/arena.h"
#include "model/catalog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char user[] =
        "{\"name\":\"user\",\"label\":{\"en\":\"U\"},\"data_class\":\"descriptive\",\"title\":\"email\","
        "\"fields\":[{\"name\":\"email\",\"type\":\"email\",\"label\":{\"en\":\"E\"}}]}";
    const struct pack_file files[] = {
        {"t/objects/thing.json", {(const char *)data, size}}, {"t/objects/user.json", strv_of(user)}, {0}};
    struct catalog *c = NULL;
    struct err err = {0};
    if (catalog_parse(files, &c, &err)) {
        assert(err.code == ERR_INVALID && err_param(&err, "file") && err_param(&err, "line"));
        return 0;
    }
    struct strbuf out = {0};
    catalog_json(c, NULL, &out);
    assert(out.n > 0);
    strbuf_release(&out);
    catalog_free(c);
    return 0;
}
