/* import_runner.h - runs imports and the demo on a fixture: each slice in a savepoint of its own, with the
 * reactors of the program. Slices can be lost after they ran, as when a commit fails. */
#ifndef TESTS_IMPORT_RUNNER_H
#define TESTS_IMPORT_RUNNER_H
#include "record_fixture.h"

#include <string.h>

#include "db/writer.h"
#include "domain/customer/customer.h"
#include "os/os.h"
#include "record/import.h"
#include "record/unit.h"

struct runner {
    struct fixture *x;
    int lose_every; /* every n-th slice is undone after it ran, and fn is called again; 0 never */
    bool commit;    /* really commit each slice */
    int64_t slices, lost, longest_us;
    int cancel_after; /* cancelled() is true after so many questions; 0 never */
    int asked;
    double progress;
};

static const struct reactor *const RUNNER_REACTORS[] = {&ORDER_REACTOR, &CUSTOMER_REACTOR, NULL};

static inline enum err_code
runner_in_writer(void *arg, enum err_code (*fn)(struct ctx *, void *, bool *, struct err *), void *fn_arg,
                 int64_t operation, struct err *out)
{
    struct runner *r = arg;
    struct err err = {0};
    bool more = true;
    while (more) {
        int64_t from = os_mono_us(), took;
        more = false;
        must(db_savepoint(r->x->db, &err));
        if (unit_run(r->x->db, &r->x->ctx, true, operation, RUNNER_REACTORS, fn, fn_arg, &more, out)) {
            db_rollback_savepoint(r->x->db);
            return out->code;
        }
        took = os_mono_us() - from;
        if (took > r->longest_us)
            r->longest_us = took;
        r->slices++;
        if (r->lose_every && more && r->slices % r->lose_every == 0) {
            db_rollback_savepoint(r->x->db);
            r->lost++;
            continue; /* the writer calls fn again as if nothing had happened */
        }
        must(db_release_savepoint(r->x->db, &err));
        if (r->commit) {
            must(db_commit(r->x->db, &err));
            must(db_begin(r->x->db, &err));
        }
    }
    return ERR_OK;
}

static inline bool
runner_cancelled(void *arg)
{
    struct runner *r = arg;
    return r->cancel_after > 0 && ++r->asked > r->cancel_after;
}

static inline void
runner_progress(void *arg, double done, const struct import_counts *c)
{
    struct runner *r = arg;
    assert_true(done >= r->progress && done <= 1.0);
    assert_int_equal(c->imported + c->set_aside + c->failed, c->rows);
    r->progress = done;
}

static inline int64_t
runner_sql(struct fixture *x, const char *sql)
{
    struct db_stmt *st;
    struct err err = {0};
    int64_t v;
    must(db_prepare_text(x->db, strv_of(sql), &st, &err));
    must(db_step_one(st, &err));
    v = db_col_i64(st, 0);
    db_release(st);
    return v;
}

static inline const char *
runner_text(struct fixture *x, const char *sql)
{
    struct db_stmt *st;
    struct err err = {0};
    struct strv v;
    must(db_prepare_text(x->db, strv_of(sql), &st, &err));
    must(db_step_one(st, &err));
    v = arena_strv(x->arena, db_col_text(st, 0));
    db_release(st);
    return v.p;
}

static inline void
runner_reason(const struct err *e)
{
    struct strbuf b = {0};
    err_render(e, LANG_EN, &b);
    print_message("%s\n", b.p);
    strbuf_release(&b);
}
#endif
