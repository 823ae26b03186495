/* search_doc.c - the search terms of a record: its title, its natural key and the fields flagged search.
 *
 * A record in the bin has none, so that a search never meets it.
 */
#include "core/text.h"
#include "model/field_type.h"
#include "record/record_priv.h"

bool
search_reads(const struct object *o, const struct field *f)
{
    return f == o->title || f == o->key || f->search;
}

bool
search_has_doc(const struct object *o)
{
    for (size_t i = 0; i < o->n_fields; i++) {
        if (o->fields[i].search)
            return true;
    }
    return false;
}

static void
doc_text(struct ctx *ctx, const struct object *o, const struct value *values, struct strbuf *out)
{
    for (size_t i = 0; i < o->n_fields; i++) {
        const struct field *f = &o->fields[i];

        if (!search_reads(o, f) || values[f->pos].kind == VAL_EMPTY)
            continue;
        if (values[f->pos].kind == VAL_TEXT)
            strbuf_addv(out, values[f->pos].s);
        else
            field_type(f)->to_text(ctx, f, &values[f->pos], out);
        strbuf_addc(out, '\n'); /* keeps words and numbers of two fields apart */
    }
}

enum err_code
search_put(struct ctx *ctx, const struct object *o, int64_t id, const struct value *values, struct err *err)
{
    struct strbuf text = {0}, terms = {0};
    struct db_stmt *st = NULL;

    doc_text(ctx, o, values, &text);
    text_terms(strbuf_view(&text), &terms);
    if (terms.n == 0 || db_prepare(ctx->db, SQL_RECORD_SEARCH_PUT, &st, err))
        goto out;
    db_bind_i64(st, 1, o->id);
    db_bind_i64(st, 2, id);
    db_bind_text(st, 3, strbuf_view(&terms));
    in_err(db_run(st, err));
out:
    db_release(st);
    strbuf_release(&text);
    strbuf_release(&terms);
    return err->code;
}

enum err_code
search_drop(struct ctx *ctx, const struct object *o, int64_t id, struct err *err)
{
    struct db_stmt *st = NULL;

    if (db_prepare(ctx->db, SQL_RECORD_SEARCH_DROP, &st, err))
        goto out;
    db_bind_i64(st, 1, o->id);
    db_bind_i64(st, 2, id);
    in_err(db_run(st, err));
out:
    db_release(st);
    return err->code;
}
