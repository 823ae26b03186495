/* cmd_data.c - reading and judging the data: query, search, score, check, schema. */
#include <errno.h>
#include <stdlib.h>

#include "api/api.h"
#include "app/app.h"
#include "core/arena.h"
#include "core/json.h"
#include "domain/customer/customer.h"
#include "model/catalog.h"
#include "os/os.h"
#include "record/change.h"
#include "record/record.h"

static void
print_json(const struct cmd_io *io, const struct strbuf *b)
{
    fwrite(b->p ? b->p : "", 1, b->n, io->out);
    fputc('\n', io->out);
}

/* ---- query ---- */
struct page {
    struct strv next;
    int64_t printed;
};

/* One page of a list as JSON lines; the answer is {"items":[{..},..],"next":..}: items are split by the JSON
 * reader. */
static enum err_code
print_page(const struct cmd_io *io, struct ctx *ctx, const struct list_query *q, struct page *pg,
           int64_t limit, struct err *err)
{
    struct strbuf b = {0};
    json_t *j = NULL;
    static const struct json_limits lim = {.depth = 64, .keys = 1000000};
    if (record_list_json(ctx, q, &b, err) || json_read(ctx->arena, strbuf_view(&b), &lim, "", &j, err))
        goto done;
    json_t *items = json_object_get(j, "items");
    for (size_t i = 0; i < json_array_size(items) && pg->printed < limit; i++, pg->printed++) {
        char *line = json_dumps(json_array_get(items, i), JSON_COMPACT | JSON_PRESERVE_ORDER);
        fprintf(io->out, "%s\n", line ? line : "");
        free(line);
    }
    pg->next = arena_strv(ctx->arena, json_get_sv(j, "next"));
done:
    strbuf_release(&b);
    return err->code;
}

static int
run_query(struct owner *o, const struct cmd_io *io, const struct args *a)
{
    struct err err = {0};
    struct ctx ctx;
    owner_base_ctx(o, io, DOOR_CLI, &ctx);
    struct page pg = {0};
    int64_t limit = INT64_MAX;
    const char *lim = arg_get(a, "--limit"), *sort = arg_get(a, "--sort"), *fields = arg_get(a, "--fields");
    const struct object *obj = catalog_object(o->cat, strv_of(a->pos[0]));
    if (!obj) {
        const char *near = catalog_nearest_object(o->cat, strv_of(a->pos[0]));
        if (near)
            err_set(&err, MSG_OBJECT_UNKNOWN, "name", a->pos[0], "suggest", near, NULL);
        else
            err_set(&err, MSG_OBJECT_UNKNOWN0, "name", a->pos[0], NULL);
        return cmd_fail(io, &err);
    }
    if (lim && (!strv_i64(strv_of(lim), &limit) || limit < 1)) {
        err_set(&err, MSG_ARG_BAD_LIKE, "name", "--limit", "found", lim, "expected", "50", NULL);
        return cmd_fail(io, &err);
    }
    if (owner_read_ctx(o, &ctx, &err))
        return cmd_fail(io, &err);
    struct list_query q = {.object = obj,
                           .filter = strv_of(a->n_pos > 1 ? a->pos[1] : ""),
                           .sort = strv_of(sort),
                           .fields = strv_of(fields),
                           .limit = 200,
                           .count = COUNT_NONE};
    do {
        q.after = pg.next;
        if (print_page(io, &ctx, &q, &pg, limit, &err))
            break;
    } while (pg.next.n && pg.printed < limit && !cmd_cancelled(io));
    owner_ctx_close(&ctx);
    return err.code ? cmd_fail(io, &err) : 0;
}

static const struct opt QUERY_OPTS[] = {
    OPT_DATA,
    {"--sort", "FIELD", NULL, "排序字段，-FIELD 为降序", "sort field, -FIELD descending"},
    {"--fields", "A,B", NULL, "输出的字段", "fields to print"},
    {"--limit", "N", NULL, "最多 N 条", "at most N records"},
    OPT_JSON,
    {0}};
const struct cmd CMD_QUERY = {.name = "query",
                              .usage = "query OBJECT [EXPR] [--sort FIELD] [--fields A,B] [--limit N]",
                              .need = NEED_OWNER,
                              .check = cmd_needs_data,
                              .min_pos = 1,
                              .max_pos = 2,
                              .zh = "按表达式列出记录（每行一个 JSON）",
                              .en = "lists records by an expression, one JSON a line",
                              .opts = QUERY_OPTS,
                              .run = run_query};

/* ---- search ---- */
static bool
tell_building(void *arg, int64_t done, int64_t total)
{
    const struct cmd_io *io = arg;
    cmd_progress(io, total ? (double)done / (double)total : 1,
                 cmd_say(io, "正在更新搜索索引", "bringing the search index up to date"));
    return !cmd_cancelled(io);
}

static int
run_search(struct owner *o, const struct cmd_io *io, const struct args *a)
{
    struct err err = {0};
    struct ctx ctx;
    struct strbuf b = {0};
    owner_base_ctx(o, io, DOOR_CLI, &ctx);
    if (owner_build_search(o, tell_building, (void *)io, &err) || owner_read_ctx(o, &ctx, &err))
        return cmd_fail(io, &err);
    if (!record_search_json(&ctx, strv_of(a->pos[0]), NULL, 50, &b, &err))
        print_json(io, &b);
    strbuf_release(&b);
    owner_ctx_close(&ctx);
    return err.code ? cmd_fail(io, &err) : 0;
}

static const struct opt PLAIN_OPTS[] = {OPT_DATA, OPT_JSON, {0}};
const struct cmd CMD_SEARCH = {.name = "search",
                               .usage = "search TEXT",
                               .need = NEED_OWNER,
                               .check = cmd_needs_data,
                               .min_pos = 1,
                               .max_pos = 1,
                               .zh = "搜索记录",
                               .en = "searches all records",
                               .opts = PLAIN_OPTS,
                               .run = run_search};

/* ---- score ---- */
struct score_arg {
    int64_t after;
};

static enum err_code
score_slice(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct score_arg *s = arg;
    if (customer_score_slice(ctx, &s->after, 100, err))
        return err->code;
    *more = s->after != 0;
    return ERR_OK;
}

static enum err_code
score_finish(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    (void)arg;
    (void)more;
    if (customer_rerank(ctx, err) || rfm_recut(ctx, err))
        return err->code;
    return ERR_OK;
}

static int
score_verify(struct owner *o, const struct cmd_io *io)
{
    struct err err = {0};
    struct ctx ctx;
    struct strbuf report = {0};
    int64_t checked = 0, differences = 0;
    owner_base_ctx(o, io, DOOR_CLI, &ctx);
    if (owner_read_ctx(o, &ctx, &err))
        return cmd_fail(io, &err);
    if (db_begin_read(ctx.db, &err))
        goto done;
    if (!customer_verify(&ctx, &checked, &differences, &report, &err)) {
        if (io->json)
            fprintf(io->out, "{\"checked\":%lld,\"differences\":%lld}\n", (long long)checked,
                    (long long)differences);
        else
            fprintf(io->out,
                    cmd_say(io, "已核对 %lld 行，差异 %lld 处\n", "%lld rows checked, %lld differences\n"),
                    (long long)checked, (long long)differences);
        if (report.n && !io->json)
            print_json(io, &report);
    }
    db_end_read(ctx.db);
done:
    strbuf_release(&report);
    owner_ctx_close(&ctx);
    return err.code ? cmd_fail(io, &err) : differences ? 1 : 0;
}

static int
run_score(struct owner *o, const struct cmd_io *io, const struct args *a)
{
    struct err err = {0};
    struct ctx base;
    if (arg_get(a, "--verify"))
        return score_verify(o, io);
    owner_base_ctx(o, io, DOOR_CLI, &base);
    struct score_arg s = {0};
    if (owner_write(o, &base, true, 0, score_slice, &s, &err) ||
        owner_write(o, &base, false, 0, score_finish, &s, &err))
        return cmd_fail(io, &err);
    fputs(cmd_say(io, "已由事实重算全部客户状态\n",
                  "the state of all customers was recomputed from the facts\n"),
          io->out);
    return 0;
}

static const struct opt SCORE_OPTS[] = {
    OPT_DATA,
    {"--verify", NULL, NULL, "只核对：由事实重算并比较", "only verify: recompute from the facts and compare"},
    OPT_JSON,
    {0}};
const struct cmd CMD_SCORE = {.name = "score",
                              .usage = "score [--verify]",
                              .need = NEED_OWNER,
                              .check = cmd_needs_data,
                              .zh = "重算或核对客户状态",
                              .en = "recomputes or verifies the state of all customers",
                              .opts = SCORE_OPTS,
                              .run = run_score};

/* ---- schema ---- */
static int
run_schema(struct owner *o, const struct cmd_io *io, const struct args *a)
{
    struct strbuf b = {0};
    struct err err = {0};
    const char *what = a->n_pos ? a->pos[0] : "show";
    if (strcmp(what, "openapi") == 0)
        openapi_json(o->cat, &b);
    else if (strcmp(what, "show") == 0)
        catalog_json(o->cat, NULL, &b);
    else
        err_set(&err, MSG_ARG_BAD, "name", "schema", "found", what, "expected", "show, openapi", NULL);
    if (!err.code)
        print_json(io, &b);
    strbuf_release(&b);
    return err.code ? cmd_fail(io, &err) : 0;
}
const struct cmd CMD_SCHEMA = {.name = "schema",
                               .usage = "schema [show|openapi]",
                               .need = NEED_OWNER,
                               .max_pos = 1,
                               .zh = "输出对象与字段，或 OpenAPI 文档",
                               .en = "prints objects and fields, or the OpenAPI document",
                               .opts = PLAIN_OPTS,
                               .run = run_schema};

/* ---- check: opens the file itself, read-only, also while it is served ---- */
static int
run_check(struct owner *none, const struct cmd_io *io, const struct args *a)
{
    (void)none;
    const char *dir = arg_get(a, "--data");
    char path[4200];
    struct err err = {0};
    struct ctx ctx = {.now = os_now_ms(), .lang = io->lang};
    int64_t n = 0;
    snprintf(path, sizeof path, "%s/guanxi.db", dir && dir[0] ? dir : "guanxi-data");
    if (!os_exists(path)) {
        err_file(&err, MSG_FILE_OPEN, path, ENOENT);
        return cmd_fail(io, &err);
    }
    ctx.arena = arena_create();
    if (db_open(path, DB_READER, &ctx.db, &err) || db_check(ctx.db, false, &err) ||
        change_verify(&ctx, &n, &err))
        goto done;
    if (io->json)
        fprintf(io->out, "{\"ok\":true,\"changes\":%lld}\n", (long long)n);
    else
        fprintf(io->out,
                cmd_say(io, "数据库完好；%lld 条变更记录的链条完整\n",
                        "the database is sound; the chain of %lld changes is whole\n"),
                (long long)n);
done:
    db_close(ctx.db);
    arena_free(ctx.arena);
    return err.code ? cmd_fail(io, &err) : 0;
}
const struct cmd CMD_CHECK = {.name = "check",
                              .usage = "check",
                              .need = NEED_DIR,
                              .zh = "检查数据库与变更链（只读）",
                              .en = "checks the database and the chain of changes, read-only",
                              .opts = PLAIN_OPTS,
                              .run = run_check};
