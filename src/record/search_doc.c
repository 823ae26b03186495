/* search_doc.c - the search terms of a record: its title, its natural key, the fields flagged search, its
 * owner.
 *
 * A record in the bin has none, so that a search never meets it.
 */
#include "core/terms.h"
#include "model/field_type.h"
#include "record/search_priv.h"

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

/* Whose it is: what terms TERM_OWNER stand for. */
static bool
is_owner(const struct field *f)
{
    return f->type == TYPE_USER && !strcmp(f->name, "owner");
}

bool
search_depends(const struct object *o, const struct field *f)
{
    return search_reads(o, f) || is_owner(f);
}

enum term_class
search_class(const struct object *o, const struct field *f)
{
    if (f == o->title)
        return TERM_NAME;
    if (f->reading)
        return TERM_READING;
    if (f == o->key)
        return TERM_NUMBER;
    if (f->type == TYPE_PHONE)
        return TERM_PHONE;
    if (f->type == TYPE_EMAIL)
        return TERM_ADDRESS;
    return f->personal || f->sensitive ? TERM_PRIVATE : TERM_TEXT;
}

static void
doc_field(struct ctx *ctx, const struct object *o, const struct field *f, const struct value *v,
          struct terms *t)
{
    struct strbuf text = {0};
    struct strv s = v->s;

    if (v->kind != VAL_TEXT) {
        field_type(f)->to_text(ctx, f, v, &text);
        s = strbuf_view(&text);
    }
    if (f == o->title)
        terms_title(t, s);
    else if (f->reading)
        terms_reading(t, s);
    else
        terms_text(t, search_class(o, f), s);
    strbuf_release(&text);
}

static void
doc_terms(struct ctx *ctx, const struct object *o, const struct value *values, struct strbuf *out)
{
    struct terms t;

    terms_begin(&t, out);
    for (size_t i = 0; i < o->n_fields; i++) {
        const struct field *f = &o->fields[i];
        const struct value *v = &values[f->pos];

        if (v->kind == VAL_EMPTY)
            continue;
        if (search_reads(o, f))
            doc_field(ctx, o, f, v, &t);
        else if (is_owner(f))
            terms_number(&t, TERM_OWNER, v->i);
    }
    terms_end(&t);
}

enum err_code
search_put(struct ctx *ctx, const struct object *o, int64_t id, const struct value *values, struct err *err)
{
    struct strbuf terms = {0};
    struct db_stmt *st = NULL;

    doc_terms(ctx, o, values, &terms);
    if (terms.n == 0 || db_prepare(ctx->db, SQL_RECORD_SEARCH_PUT, &st, err))
        goto out;
    db_bind_i64(st, 1, o->id);
    db_bind_i64(st, 2, id);
    db_bind_text(st, 3, strbuf_view(&terms));
    in_err(db_run(st, err));
out:
    db_release(st);
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
