/* change.c - appends to the log and verifies its chain.
 *
 * The bytes of a header that are hashed after the previous entry's hash (32 zero bytes before the first): the
 * integers seq, at, actor, door, operation, object, record_id, kind, each 8 bytes little-endian; the length
 * of `fields` (8 bytes) and its text; the length of payload_hash (8 bytes; 0 or 32) and its bytes. Never
 * change this: old entries must verify.
 *
 * Payload: a JSON object, key = field id, value = the value before the write as row_payload writes it.
 */
#include <sodium.h>

#include "core/json.h"
#include "os/os.h"
#include "record/change.h"
#include "record/record_priv.h"

struct header {
    int64_t seq, at, actor, door, operation, object, record_id, kind;
    struct strv fields, payload_hash;
};

static void
hash_i64(crypto_generichash_state *h, int64_t v)
{
    uint8_t b[8];
    uint64_t u = (uint64_t)v;

    for (int i = 0; i < 8; i++)
        b[i] = (uint8_t)(u >> (8 * i));
    crypto_generichash_update(h, b, sizeof b);
}

static void
hash_bytes_of(crypto_generichash_state *h, struct strv s)
{
    hash_i64(h, (int64_t)s.n);
    crypto_generichash_update(h, (const uint8_t *)s.p, s.n);
}

static void
header_hash(const uint8_t before[HASH_BYTES], const struct header *e, uint8_t out[HASH_BYTES])
{
    crypto_generichash_state h;
    const int64_t ints[] = {e->seq, e->at, e->actor, e->door, e->operation, e->object, e->record_id, e->kind};

    crypto_generichash_init(&h, NULL, 0, HASH_BYTES);
    crypto_generichash_update(&h, before, HASH_BYTES);
    for (size_t i = 0; i < sizeof ints / sizeof ints[0]; i++)
        hash_i64(&h, ints[i]);
    hash_bytes_of(&h, e->fields);
    hash_bytes_of(&h, e->payload_hash);
    crypto_generichash_final(&h, out, HASH_BYTES);
}

static void
payload_hash_of(struct strv salt, struct strv payload, uint8_t out[HASH_BYTES])
{
    crypto_generichash_state h;

    crypto_generichash_init(&h, NULL, 0, HASH_BYTES);
    crypto_generichash_update(&h, (const uint8_t *)salt.p, salt.n);
    crypto_generichash_update(&h, (const uint8_t *)payload.p, payload.n);
    crypto_generichash_final(&h, out, HASH_BYTES);
}

/* Reads the chain's head once per transaction. */
static enum err_code
load_head(struct ctx *ctx, struct err *err)
{
    struct txn *t = ctx->txn;
    struct db_stmt *st = NULL;
    bool row = false;

    if (t->have_head)
        return ERR_OK;
    if (db_prepare(ctx->db, SQL_RECORD_CHANGE_HEAD, &st, err) || db_step(st, &row, err))
        goto out;
    memset(t->last_hash, 0, sizeof t->last_hash);
    t->last_seq = 0;
    if (row) {
        struct strv hash = db_col_blob(st, 1);

        t->last_seq = db_col_i64(st, 0);
        if (hash.n != HASH_BYTES) {
            char seq[24];
            err_set(err, MSG_CHAIN_BROKEN, "seq", err_i64(seq, t->last_seq), NULL);
            goto out;
        }
        memcpy(t->last_hash, hash.p, HASH_BYTES);
    }
    t->have_head = true;
out:
    db_release(st);
    return err->code;
}

static enum err_code
add_payload(struct ctx *ctx, int64_t seq, struct strv salt, struct strv payload, struct err *err)
{
    struct db_stmt *st = NULL;

    if (db_prepare(ctx->db, SQL_RECORD_PAYLOAD_ADD, &st, err))
        goto out;
    db_bind_i64(st, 1, seq);
    db_bind_blob(st, 2, salt.p, salt.n);
    db_bind_text(st, 3, payload);
    in_err(db_run(st, err));
out:
    db_release(st);
    return err->code;
}

static enum err_code
add_header(struct ctx *ctx, const struct header *e, const uint8_t hash[HASH_BYTES], struct err *err)
{
    struct db_stmt *st = NULL;
    const int64_t ints[] = {e->seq, e->at, e->actor, e->door, e->operation, e->object, e->record_id, e->kind};

    if (db_prepare(ctx->db, SQL_RECORD_CHANGE_ADD, &st, err))
        goto out;
    for (int i = 0; i < 8; i++)
        db_bind_i64(st, i + 1, ints[i]);
    db_bind_text(st, 9, e->fields);
    db_bind_blob(st, 10, e->payload_hash.p, e->payload_hash.n);
    db_bind_blob(st, 11, hash, HASH_BYTES);
    in_err(db_run(st, err));
out:
    db_release(st);
    return err->code;
}

/* Appends an entry; payload with n == 0: none. e->seq, ->at, ->actor, ->door, ->operation and ->payload_hash
 * are filled in. */
static enum err_code
append(struct ctx *ctx, struct header *e, struct strv payload, struct err *err)
{
    struct txn *t = ctx->txn;
    uint8_t salt[SALT_BYTES], ph[HASH_BYTES], hash[HASH_BYTES];
    struct strv salt_v = {(const char *)salt, sizeof salt};

    if (load_head(ctx, err))
        return err->code;
    e->seq = t->last_seq + 1;
    e->at = ctx->now;
    e->actor = ctx->actor;
    e->door = (int64_t)ctx->door;
    e->operation = t->operation ? t->operation : e->seq;
    e->payload_hash = (struct strv){"", 0};
    if (payload.n) {
        os_random(salt, sizeof salt);
        payload_hash_of(salt_v, payload, ph);
        e->payload_hash = (struct strv){(const char *)ph, sizeof ph};
        if (add_payload(ctx, e->seq, salt_v, payload, err))
            return err->code;
    }
    header_hash(t->last_hash, e, hash);
    if (add_header(ctx, e, hash, err))
        return err->code;
    memcpy(t->last_hash, hash, sizeof hash);
    t->last_seq = e->seq;
    t->operation = e->operation;
    if (!t->first_seq)
        t->first_seq = e->seq;
    return ERR_OK;
}

static void
fields_json(struct strbuf *out, const struct field *const *changed, size_t n)
{
    j_arr(out);
    for (size_t i = 0; i < n; i++)
        j_int(out, changed[i]->id);
    j_arr_end(out);
}

static void
payload_json(struct strbuf *out, const struct field *const *changed, size_t n, const struct value *before)
{
    char key[24];

    j_obj(out);
    for (size_t i = 0; i < n; i++) {
        j_key(out, err_i64(key, changed[i]->id));
        row_payload(out, &before[changed[i]->pos]);
    }
    j_obj_end(out);
}

enum err_code
change_append(struct ctx *ctx, enum write_kind kind, const struct object *o, int64_t id,
              const struct field *const *changed, size_t n_changed, const struct value *before, int64_t *seq,
              struct err *err)
{
    struct strbuf fields = {0}, payload = {0};
    struct header e = {.object = o->id, .record_id = id, .kind = (int64_t)kind};
    bool wants =
        before && n_changed && (kind == WRITE_UPDATE || (kind == WRITE_PURGE && ctx->door != DOOR_DEMO));

    fields_json(&fields, changed, n_changed);
    if (wants)
        payload_json(&payload, changed, n_changed, before);
    if (strbuf_failed(&fields) || strbuf_failed(&payload))
        err_set(err, MSG_TOO_LARGE, "what", o->name, "max", "64 MiB", NULL);
    e.fields = strbuf_view(&fields);
    if (err->code == ERR_OK && append(ctx, &e, strbuf_view(&payload), err) == ERR_OK && seq)
        *seq = e.seq;
    strbuf_release(&fields);
    strbuf_release(&payload);
    return err->code;
}

enum err_code
operation_begin(struct ctx *ctx, const char *kind, struct strv label, int64_t *id, struct err *err)
{
    struct header e = {.kind = CHANGE_OPERATION, .fields = STRV("[]")};
    struct db_stmt *st = NULL;

    ctx->txn->operation = 0; /* the entry is the first of its own operation */
    if (append(ctx, &e, (struct strv){"", 0}, err) || db_prepare(ctx->db, SQL_RECORD_OPERATION_ADD, &st, err))
        goto out;
    db_bind_i64(st, 1, e.seq);
    db_bind_text(st, 2, strv_of(kind));
    db_bind_text(st, 3, label);
    db_bind_i64(st, 4, ctx->actor);
    db_bind_i64(st, 5, (int64_t)ctx->door);
    db_bind_i64(st, 6, ctx->now);
    if (db_run(st, err) == ERR_OK)
        *id = e.seq;
out:
    db_release(st);
    return err->code;
}

enum err_code
operation_finish(struct ctx *ctx, int64_t id, const char *status, struct strv summary_json, struct err *err)
{
    struct db_stmt *st = NULL;

    if (db_prepare(ctx->db, SQL_RECORD_OPERATION_FINISH, &st, err))
        goto out;
    db_bind_i64(st, 1, id);
    db_bind_text(st, 2, strv_of(status));
    db_bind_i64(st, 3, ctx->now);
    if (summary_json.n)
        db_bind_text(st, 4, summary_json);
    else
        db_bind_null(st, 4);
    in_err(db_run(st, err));
out:
    db_release(st);
    return err->code;
}

/* One entry of the walk against the one before it: MSG_NONE when it is whole, else what is wrong. */
static enum msg
entry_fault(struct db_stmt *st, int64_t seq_before, uint8_t head[HASH_BYTES])
{
    struct header e = {.seq = db_col_i64(st, 0),
                       .at = db_col_i64(st, 1),
                       .actor = db_col_i64(st, 2),
                       .door = db_col_i64(st, 3),
                       .operation = db_col_i64(st, 4),
                       .object = db_col_i64(st, 5),
                       .record_id = db_col_i64(st, 6),
                       .kind = db_col_i64(st, 7),
                       .fields = db_col_text(st, 8),
                       .payload_hash = db_col_blob(st, 9)};
    struct strv stored = db_col_blob(st, 10);
    uint8_t hash[HASH_BYTES], ph[HASH_BYTES];

    if (e.seq != seq_before + 1)
        return MSG_CHAIN_MISSING;
    header_hash(head, &e, hash);
    if (stored.n != HASH_BYTES || memcmp(stored.p, hash, HASH_BYTES) != 0)
        return MSG_CHAIN_BROKEN;
    if (!db_col_null(st, 11)) {
        payload_hash_of(db_col_blob(st, 11), db_col_text(st, 12), ph);
        if (e.payload_hash.n != HASH_BYTES || memcmp(e.payload_hash.p, ph, HASH_BYTES) != 0)
            return MSG_CHAIN_VALUES;
    }
    memcpy(head, hash, HASH_BYTES);
    return MSG_NONE;
}

/* The end of the chain was cut off, but not all that belonged to it. */
static enum err_code
find_stray(struct ctx *ctx, struct err *err)
{
    struct db_stmt *st = NULL;
    char seq[24];

    if (db_prepare(ctx->db, SQL_RECORD_PAYLOAD_STRAY, &st, err) || db_step_one(st, err))
        goto out;
    if (!db_col_null(st, 0))
        err_set(err, MSG_CHAIN_MISSING, "seq", err_i64(seq, db_col_i64(st, 0)), NULL);
out:
    db_release(st);
    return err->code;
}

enum err_code
change_verify(struct ctx *ctx, int64_t *n, struct err *err)
{
    struct db_stmt *st = NULL;
    uint8_t head[HASH_BYTES] = {0};
    int64_t last = 0;
    bool row = false;
    char seq[24];

    *n = 0;
    if (db_prepare(ctx->db, SQL_RECORD_CHANGE_WALK, &st, err))
        goto out;
    db_bind_i64(st, 1, 0);
    while (db_step(st, &row, err) == ERR_OK && row) {
        enum msg fault = entry_fault(st, last, head);

        if (fault != MSG_NONE) {
            err_set(err, fault, "seq", err_i64(seq, db_col_i64(st, 0)), NULL);
            goto out;
        }
        last = db_col_i64(st, 0);
        ++*n;
    }
out:
    db_release(st);
    return err->code ? err->code : find_stray(ctx, err);
}

enum err_code
change_last_seq(struct ctx *ctx, int64_t *seq, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;

    *seq = 0;
    if (ctx->txn && ctx->txn->have_head) {
        *seq = ctx->txn->last_seq;
        return ERR_OK;
    }
    if (db_prepare(ctx->db, SQL_RECORD_CHANGE_HEAD, &st, err) == ERR_OK && db_step(st, &row, err) == ERR_OK &&
        row)
        *seq = db_col_i64(st, 0);
    db_release(st);
    return err->code;
}

enum err_code
change_operation_end(struct ctx *ctx, int64_t operation, int64_t *last, bool *running, struct err *err)
{
    struct db_stmt *st = NULL;
    char text[24];
    bool row = false, bulk = false;

    if (db_prepare(ctx->db, SQL_RECORD_UNDO_RANGE, &st, err))
        goto out;
    db_bind_i64(st, 1, operation);
    if (db_step(st, &row, err))
        goto out;
    if (!row) {
        err_set(err, MSG_UNDO_NONE, "id", err_i64(text, operation), NULL);
        goto out;
    }
    bulk = !db_col_null(st, 1);
    *running = bulk && strv_is(db_col_text(st, 1), "running");
    *last = bulk && !db_col_null(st, 2) ? db_col_i64(st, 2) : db_col_i64(st, 3);
    db_release(st);
    st = NULL;
    if (bulk || db_prepare(ctx->db, SQL_RECORD_UNDO_NEXT, &st, err))
        goto out;
    db_bind_i64(st, 1, operation);
    if (db_step(st, &row, err) == ERR_OK && row)
        *last = db_col_i64(st, 0) - 1;
out:
    db_release(st);
    return err->code;
}

enum err_code
change_event(struct ctx *ctx, const char *event, const struct object *o, int64_t id, struct strv details,
             int64_t *seq, struct err *err)
{
    struct header e = {.object = o ? o->id : 0, .record_id = id, .kind = CHANGE_EVENT, .fields = STRV("[]")};
    struct strbuf b = {0};

    j_obj(&b);
    j_kstr(&b, "event", strv_of(event));
    if (details.n) {
        j_key(&b, "details");
        j_raw(&b, details);
    }
    j_obj_end(&b);
    if (append(ctx, &e, strbuf_view(&b), err) == ERR_OK && seq)
        *seq = e.seq;
    strbuf_release(&b);
    return err->code;
}
