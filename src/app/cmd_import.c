/* cmd_import.c - guanxi import OBJECT FILE: rows of a file into records, in slices, with a report. */
#include <stdlib.h>

#include "app/app.h"
#include "core/arena.h"
#include "core/json.h"
#include "model/catalog.h"
#include "os/os.h"
#include "record/import.h"

struct run_arg {
    struct owner *owner;
    const struct cmd_io *io;
    const struct ctx *base;
};

static enum err_code
in_writer(void *arg, enum err_code (*fn)(struct ctx *, void *, bool *, struct err *), void *fn_arg,
          int64_t operation, struct err *err)
{
    struct run_arg *r = arg;
    return owner_write(r->owner, r->base, true, operation, fn, fn_arg, err);
}

static void
show_progress(void *arg, double done, const struct import_counts *c)
{
    struct run_arg *r = arg;
    char text[96];
    snprintf(text, sizeof text, cmd_say(r->io, "已读 %lld 行", "%lld rows"), (long long)c->rows);
    cmd_progress(r->io, done, text);
}

static bool
is_cancelled(void *arg)
{
    struct run_arg *r = arg;
    return cmd_cancelled(r->io);
}

static void
print_counts(const struct cmd_io *io, const struct import_counts *c, bool dry, int64_t ms)
{
    FILE *f = io->out;
    bool zh = io->lang == LANG_ZH;
    fprintf(f,
            zh ? "%s%lld 行已读，%lld 行已导入，%lld 行未采用，%lld 行有错误（%.1f 秒）\n"
               : "%s%lld rows read, %lld imported, %lld set aside, %lld with errors (%.1f s)\n",
            dry ? (zh ? "试运行，未写入：" : "dry run, nothing written: ") : "", (long long)c->rows,
            (long long)c->imported, (long long)c->set_aside, (long long)c->failed, (double)ms / 1000.0);
    for (size_t i = 0; i < c->n_per; i++)
        fprintf(f,
                zh ? "  %-24s 新建 %lld，更新 %lld，未变 %lld\n"
                   : "  %-24s %lld created, %lld updated, %lld unchanged\n",
                label_in(c->per[i].object->label, io->lang), (long long)c->per[i].created,
                (long long)c->per[i].updated, (long long)c->per[i].unchanged);
    for (size_t i = 0; i < c->n_reasons; i++)
        fprintf(f, zh ? "  %lld 行：%s\n" : "  %lld rows: %s\n", (long long)c->reasons[i].n,
                c->reasons[i].reason);
}

static void
print_counts_json(const struct cmd_io *io, const struct import_counts *c, bool dry)
{
    struct strbuf b = {0};
    j_obj(&b);
    j_kbool(&b, "dry_run", dry);
    j_kint(&b, "rows", c->rows);
    j_kint(&b, "imported", c->imported);
    j_kint(&b, "set_aside", c->set_aside);
    j_kint(&b, "failed", c->failed);
    j_key(&b, "objects");
    j_obj(&b);
    for (size_t i = 0; i < c->n_per; i++) {
        j_key(&b, c->per[i].object->name);
        j_obj(&b);
        j_kint(&b, "created", c->per[i].created);
        j_kint(&b, "updated", c->per[i].updated);
        j_kint(&b, "unchanged", c->per[i].unchanged);
        j_obj_end(&b);
    }
    j_obj_end(&b);
    j_key(&b, "reasons");
    j_arr(&b);
    for (size_t i = 0; i < c->n_reasons; i++) {
        j_obj(&b);
        j_kstr(&b, "reason", strv_of(c->reasons[i].reason));
        j_kint(&b, "rows", c->reasons[i].n);
        j_obj_end(&b);
    }
    j_arr_end(&b);
    j_obj_end(&b);
    fprintf(io->out, STRV_FMT "\n", STRV_ARG(strbuf_view(&b)));
    strbuf_release(&b);
}

static enum err_code
read_options(const struct args *a, struct import_options *opt, struct err *err)
{
    const char *encoding = arg_get(a, "--encoding");
    opt->sheet = strv_of(arg_get(a, "--sheet"));
    if (encoding && !encoding_by_name(strv_of(encoding), &opt->encoding))
        return err_set(err, MSG_ARG_BAD, "name", "--encoding", "found", encoding, "expected",
                       "UTF-8, GB18030, UTF-16LE, UTF-16BE, Windows-1252", NULL);
    return ERR_OK;
}

/* The mapping: given, saved beside the data for this object and these columns, or guessed. */
static enum err_code
get_map(const struct cmd_io *io, const struct args *a, struct ctx *ctx, const struct object *obj,
        const char *path, struct import_map **map, struct err *err)
{
    const char *file = arg_get(a, "--map");
    struct strbuf notes = {0};
    struct import_source *src = NULL;
    char buf[4096];
    if (file) {
        struct strv text;
        if (os_read_file(ctx->arena, cmd_path(io, file, buf, sizeof buf), 1 << 20, &text, err) ||
            import_open(path, &src, err) || import_map_parse(ctx, obj, text, src, map, err)) {
            fprintf(io->err, "%s: ", file);
            goto done;
        }
    } else {
        struct import_options opt = {0};
        if (read_options(a, &opt, err) || import_map_guess_as(ctx, obj, path, opt, map, &notes, err))
            goto done;
        if (!io->json)
            fprintf(io->out, STRV_FMT, STRV_ARG(strbuf_view(&notes)));
    }
done:
    import_close(src);
    strbuf_release(&notes);
    return err->code;
}

static enum err_code
save_map(const struct cmd_io *io, const struct args *a, const struct import_map *map, struct err *err)
{
    const char *file = arg_get(a, "--save-map");
    if (!file)
        return ERR_OK;
    char buf[4096];
    struct strbuf b = {0};
    import_map_json(map, &b);
    strbuf_addc(&b, '\n');
    enum err_code rc = os_write_file(cmd_path(io, file, buf, sizeof buf), strbuf_view(&b), 0644, err);
    strbuf_release(&b);
    return rc;
}

/* --dates dmy|mdy, --sheet, --encoding. */
static enum err_code
set_dates(const struct args *a, struct import_map *map, struct err *err)
{
    const char *order = arg_get(a, "--dates");
    if (!order)
        return ERR_OK;
    if (strcmp(order, DATE_ORDERS[DATES_DMY]) != 0 && strcmp(order, DATE_ORDERS[DATES_MDY]) != 0)
        return err_set(err, MSG_ARG_BAD, "name", "--dates", "found", order, "expected", "dmy, mdy", NULL);
    import_map_set_dates(map, strcmp(order, DATE_ORDERS[DATES_DMY]) == 0 ? DATES_DMY : DATES_MDY);
    return ERR_OK;
}

static const struct object *
find_object(struct owner *o, const char *name, struct err *err)
{
    const struct object *obj = catalog_object(o->cat, strv_of(name));
    if (!obj || obj->internal) {
        const char *near = catalog_nearest_object(o->cat, strv_of(name));
        if (near)
            err_set(err, MSG_OBJECT_UNKNOWN, "name", name, "suggest", near, NULL);
        else
            err_set(err, MSG_OBJECT_UNKNOWN0, "name", name, NULL);
        return NULL;
    }
    return obj;
}

static int
run_import(struct owner *o, const struct cmd_io *io, const struct args *a)
{
    struct err err = {0};
    struct ctx ctx;
    struct import_map *map = NULL;
    struct import_counts *counts = xcalloc(1, sizeof *counts);
    char path_buf[4096], err_buf[4200];
    int64_t t0 = os_mono_us();
    int code = 0;
    owner_base_ctx(o, io, DOOR_IMPORT, &ctx);
    const struct object *obj = find_object(o, a->pos[0], &err);
    const char *path = cmd_path(io, a->pos[1], path_buf, sizeof path_buf);
    if (!obj || owner_read_ctx(o, &ctx, &err))
        goto done;
    const char *currency = arg_get(a, "--currency");
    if (get_map(io, a, &ctx, obj, path, &map, &err) ||
        (currency && import_map_set_currency(map, strv_of(currency), &err)) || set_dates(a, map, &err) ||
        save_map(io, a, map, &err))
        goto done;
    if (!arg_get(a, "--map") && !arg_get(a, "--yes") && !arg_get(a, "--dry-run") &&
        !cmd_ask(io, cmd_say(io, "按此映射导入？", "Import with this mapping?")))
        goto done;
    const char *error_path = arg_get(a, "--errors");
    if (!error_path) {
        const char *slash = strrchr(path, '/');
        snprintf(err_buf, sizeof err_buf, "%s/%s.errors.csv", io->cwd, slash ? slash + 1 : path);
        error_path = err_buf;
    } else {
        error_path = cmd_path(io, error_path, err_buf, sizeof err_buf);
    }
    bool dry = arg_get(a, "--dry-run") != NULL;
    struct run_arg ra = {.owner = o, .io = io, .base = &ctx};
    struct import_run run = {.map = map,
                             .path = path,
                             .error_path = dry ? NULL : error_path,
                             .dry_run = dry,
                             .arg = &ra,
                             .in_writer = in_writer,
                             .progress = show_progress,
                             .cancelled = is_cancelled,
                             .base = &ctx};
    enum err_code rc = import_execute(&run, counts, &err);
    if (!dry)
        owner_settle(o, &ctx, &err);
    if (io->json)
        print_counts_json(io, counts, dry);
    else
        print_counts(io, counts, dry, (os_mono_us() - t0) / 1000);
    if (!dry && counts->set_aside + counts->failed > 0 && !io->json)
        fprintf(io->out, "%s %s\n", cmd_say(io, "未导入的行及原因见", "rows not imported, with reasons:"),
                error_path);
    if (rc && rc != ERR_CANCELLED && !dry && counts->imported > 0) {
        struct err part = {0};
        char rows[24];
        err_set(&part, MSG_IMPORT_PART, "rows", err_i64(rows, counts->imported), NULL);
        (void)cmd_fail(io, &part);
    }
done:
    if (err.code)
        code = cmd_fail(io, &err);
    else if (counts->failed > 0)
        code = err_exit_code(ERR_INVALID);
    if (ctx.arena)
        owner_ctx_close(&ctx);
    free(counts);
    return code;
}

static const struct opt OPTS[] = {
    OPT_DATA,
    {"--map", "FILE", NULL, "使用此映射文件", "use this mapping file"},
    {"--save-map", "FILE", NULL, "把映射保存到文件", "save the mapping to a file"},
    {"--currency", "CODE", NULL, "没有币种列时金额的币种（默认本位币）",
     "currency of amounts without a currency column (default: base)"},
    {"--dates", "ORDER", NULL, "3/4/2024 这类日期：dmy 日在前，mdy 月在前",
     "dates like 3/4/2024: dmy day first, mdy month first"},
    {"--sheet", "NAME", NULL, "表格文件中的工作表（默认第一个有数据的）",
     "sheet of a spreadsheet (default: the first with rows)"},
    {"--encoding", "NAME", NULL, "文字编码（默认自动识别）", "encoding of the text (default: found out)"},
    {"--errors", "FILE", NULL, "未导入的行写到此文件（默认当前目录下 文件名.errors.csv）",
     "rows not imported go there (default NAME.errors.csv in this folder)"},
    {"--dry-run", NULL, NULL, "只检查，不写入", "check only, write nothing"},
    {"--yes", NULL, NULL, "不询问", "do not ask"},
    {"--json", NULL, NULL, "以 JSON 输出结果", "print the result as JSON"},
    {0},
};
const struct cmd CMD_IMPORT = {.name = "import",
                               .usage =
                                   "import OBJECT FILE [--map FILE] [--currency CODE] [--dry-run] [--yes]",
                               .need = NEED_OWNER,
                               .min_pos = 2,
                               .max_pos = 2,
                               .zh = "导入文件：CSV、TSV、XLSX、XLS、JSON 行、vCard",
                               .en = "imports a file: CSV, TSV, XLSX, XLS, JSON lines, vCard",
                               .opts = OPTS,
                               .run = run_import};
