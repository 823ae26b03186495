/* type_priv.h - the functions behind FIELD_TYPES, and what they share. Private to model. */
#ifndef MODEL_TYPE_PRIV_H
#define MODEL_TYPE_PRIV_H
#include "model/field_type.h"

#define VALUE_LIMIT (INT64_C(1) << 53) /* numbers stay exact in JSON and JavaScript */

#define TYPE_FUNCTIONS(t)                                                                                    \
    enum err_code t##_from_json(struct ctx *ctx, const struct field *f, const json_t *j, struct value *out,  \
                                struct err *err);                                                            \
    enum err_code t##_from_text(struct ctx *ctx, const struct field *f, struct strv s, struct value *out,    \
                                struct err *err);                                                            \
    void t##_to_json(const struct ctx *ctx, const struct field *f, const struct value *v,                    \
                     struct strbuf *out);                                                                    \
    void t##_to_text(const struct ctx *ctx, const struct field *f, const struct value *v,                    \
                     struct strbuf *out);                                                                    \
    void t##_schema(const struct field *f, struct strbuf *out);
TYPE_FUNCTIONS(text) /* text, longtext, phone, email, url: by f->type */
TYPE_FUNCTIONS(int)
TYPE_FUNCTIONS(decimal)
TYPE_FUNCTIONS(money)
TYPE_FUNCTIONS(bool)
TYPE_FUNCTIONS(date)
TYPE_FUNCTIONS(datetime)
TYPE_FUNCTIONS(enum)
TYPE_FUNCTIONS(ref) /* ref and user */
TYPE_FUNCTIONS(country)
#undef TYPE_FUNCTIONS

/* MSG_FIELD_TYPE: found is not an {expected}. */
enum err_code type_fail(struct ctx *ctx, const struct field *f, struct strv found, const char *en,
                        const char *zh, struct err *err);
/* The same for a JSON value: its text, cut short. */
enum err_code type_fail_json(struct ctx *ctx, const struct field *f, const json_t *j, const char *en,
                             const char *zh, struct err *err);
/* Against f->min and f->max, shown with `scale` decimals. */
ERR_CHECKED enum err_code type_bounds(struct ctx *ctx, const struct field *f, int64_t v, int scale,
                                      struct err *err);
/* A JSON number, or text, as decimal text in buf ("" when it is neither). */
struct strv type_number_text(const json_t *j, char buf[48]);
#endif
