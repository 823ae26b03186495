/* sqlb.c - the builder of SQL text; see sqlb.h. */
#include "expr/sqlb.h"

#include <assert.h>

#include "core/arena.h"

#define MAX_JOINS (sizeof((struct sqlb *)0)->joins / sizeof(struct sqlb_join))

void
sqlb_init(struct sqlb *b, struct arena *a, enum db_engine engine)
{
    *b = (struct sqlb){.arena = a, .engine = engine};
}

void
sqlb_known(struct sqlb *b, struct strv text)
{
    b->known = text;
}

void
sqlb_release(struct sqlb *b)
{
    strbuf_release(&b->text);
}

void
sqlb_add(struct sqlb *b, const char *literal)
{
    if (b->known.p)
        return;
    strbuf_adds(&b->text, literal);
}

void
sqlb_ident(struct sqlb *b, const char *name)
{
    size_t n = 0;
    if (b->known.p)
        return;
    assert((name[0] >= 'a' && name[0] <= 'z') || name[0] == '_');
    for (; name[n]; n++)
        assert((name[n] >= 'a' && name[n] <= 'z') || (name[n] >= '0' && name[n] <= '9') || name[n] == '_');
    strbuf_addc(&b->text, '"');
    strbuf_add(&b->text, name, n);
    strbuf_addc(&b->text, '"');
}

void
sqlb_col(struct sqlb *b, const char *alias, const struct field *f)
{
    sqlb_add(b, alias);
    sqlb_add(b, ".");
    sqlb_ident(b, f->column);
}

static struct sqlb_bind *
bind(struct sqlb *b)
{
    if (b->n_binds == b->size_binds) {
        size_t size = b->size_binds ? b->size_binds * 2 : 16;
        struct sqlb_bind *grown = arena_array(b->arena, struct sqlb_bind, size);
        if (b->n_binds)
            memcpy(grown, b->binds, b->n_binds * sizeof *grown);
        b->binds = grown;
        b->size_binds = size;
    }
    b->n_binds++;
    if (!b->known.p) {
        strbuf_addc(&b->text, '?');
        strbuf_addi(&b->text, (int64_t)b->n_binds);
    }
    return &b->binds[b->n_binds - 1];
}

void
sqlb_i64(struct sqlb *b, int64_t v)
{
    *bind(b) = (struct sqlb_bind){.i = v};
}

void
sqlb_number(struct sqlb *b, unsigned n)
{
    strbuf_addi(&b->text, n);
}

void
sqlb_text(struct sqlb *b, struct strv v)
{
    *bind(b) = (struct sqlb_bind){.is_text = true, .s = v};
}

void
sqlb_null(struct sqlb *b)
{
    *bind(b) = (struct sqlb_bind){.is_null = true};
}

void
sqlb_value(struct sqlb *b, const struct value *v)
{
    switch (v->kind) {
    case VAL_EMPTY:
        sqlb_null(b);
        return;
    case VAL_INT:
        sqlb_i64(b, v->i);
        return;
    case VAL_TEXT:
        sqlb_text(b, v->s);
        return;
    case VAL_MONEY:
        sqlb_i64(b, v->base);
        return;
    }
}

const char *
sqlb_join(struct sqlb *b, const struct field *via)
{
    static const char *const alias[] = {"j0", "j1", "j2",  "j3",  "j4",  "j5",  "j6",  "j7",
                                        "j8", "j9", "j10", "j11", "j12", "j13", "j14", "j15"};
    for (size_t k = 0; k < b->n_joins; k++)
        if (b->joins[k].via == via)
            return alias[k];
    if (b->n_joins == MAX_JOINS)
        return NULL;
    struct sqlb_join *j = &b->joins[b->n_joins++];
    *j = (struct sqlb_join){.via = via};
    if (b->join_on) {
        size_t start = b->text.n;
        sqlb_add(b, "");
        b->join_on(b->join_arg, b, via, alias[j - b->joins]);
        if (b->text.n > start)
            j->on = arena_strdup(b->arena, b->text.p + start, b->text.n - start);
        b->text.n = start;
        if (b->text.p)
            b->text.p[start] = '\0';
    }
    return alias[j - b->joins];
}

void
sqlb_add_joins(struct sqlb *b, const struct sqlb *from, const char *root)
{
    for (size_t k = 0; k < from->n_joins; k++) {
        const struct field *via = from->joins[k].via;
        strbuf_adds(&b->text, " LEFT JOIN ");
        sqlb_ident(b, via->ref->table);
        strbuf_addf(&b->text, " j%zu ON j%zu.\"id\" = ", k, k);
        sqlb_col(b, root, via);
        strbuf_adds(&b->text, from->joins[k].on ? from->joins[k].on : "");
    }
}

enum err_code
sqlb_prepare(struct sqlb *b, struct db *db, struct db_stmt **out, struct err *err)
{
    struct db_stmt *st = NULL;
    if (strbuf_failed(&b->text))
        return err_set(err, MSG_INTERNAL, "what", "sqlb: the statement is too long", NULL);
    enum err_code rc = db_prepare_text(db, b->known.p ? b->known : strbuf_view(&b->text), &st, err);
    if (rc)
        return rc;
    for (size_t k = 0; k < b->n_binds; k++) {
        const struct sqlb_bind *v = &b->binds[k];
        if (v->is_null)
            db_bind_null(st, (int)k + 1);
        else if (v->is_text)
            db_bind_text(st, (int)k + 1, v->s);
        else
            db_bind_i64(st, (int)k + 1, v->i);
    }
    *out = st;
    return ERR_OK;
}
