/* api_import.c - importing through the wizard: upload in parts, look at the file, try, start; the rest is a
 * job (api_jobs.c) and an operation (undo: api_history.c). */
#include "api/priv.h"
#include "core/json.h"
#include "model/access.h"
#include "os/os.h"
#include "record/import.h"
#include "record/import_store.h"

enum { SAMPLES = 5, PREVIEW_ROWS = 200, PREVIEW_MAX = 1000, LIST_MAX = 50 };

static const struct api_param DATA_QUERY[] = {
    {"at", "{\"type\":\"integer\",\"minimum\":0}", {"该部分的起始字节", "where the part begins, in bytes"}},
    {0}};
static const int NO_ERRORS[] = {0};
static const int READ_ERRORS[] = {404, 0};
static const int ADD_ERRORS[] = {403, 404, 413, 415, 422, 507, 0};
static const int DATA_ERRORS[] = {403, 404, 409, 413, 507, 0};
static const int LOOK_ERRORS[] = {403, 404, 409, 413, 415, 422, 0};
static const int DROP_ERRORS[] = {403, 404, 409, 0};

static enum err_code
find_object(struct api_call *c, struct strv name, const struct object **out, struct err *err)
{
    const struct object *o = catalog_object(c->ctx->cat, name);

    if (o == NULL || o->internal)
        return err_set(err, MSG_OBJECT_UNKNOWN, "name", arena_strv(c->arena, name).p, "suggest", "customer",
                       NULL);
    *out = o;
    return access_need(c->ctx, o, ACT_IMPORT, err);
}

/* The upload of {id}, and its object, which the caller may still import. */
static enum err_code
upload_of(struct api_call *c, struct import_upload *u, const struct object **o, struct err *err)
{
    enum err_code rc = import_upload_get(c->ctx, c->id, u, err);

    return rc ? rc : find_object(c, u->object, o, err);
}

static enum err_code
answer(struct api_call *c, int64_t id, struct err *err)
{
    struct import_upload u;
    enum err_code rc = import_upload_get(c->ctx, id, &u, err);

    if (!rc)
        import_upload_json(c->ctx, &u, &c->resp->body);
    return rc;
}

static enum err_code
add(struct api_call *c, struct err *err)
{
    const struct object *o;
    json_t *body;
    int64_t id = 0, size;
    struct strv name;

    if (api_body(c, &body, err) || find_object(c, json_get_sv(body, "object"), &o, err))
        return err->code;
    name = json_get_sv(body, "name");
    size = json_get_i64(body, "size", 0);
    if (name.n == 0 || name.n > 255)
        return err_field(err, MSG_API_QUERY_VALUE, "name", "name", "name", "expected", "a.xlsx", NULL);
    if (size <= 0)
        return err_set(err, MSG_IMPORT_EMPTY, "path", arena_strv(c->arena, name).p, NULL);
    if (import_upload_add(c->ctx, c->api->env.imports_dir, strv_of(o->name), name, size, &id, err))
        return err->code;
    c->resp->status = 201;
    return answer(c, id, err);
}

static enum err_code
data(struct api_call *c, struct err *err)
{
    struct import_upload u;
    const struct object *o;
    int64_t at = 0;
    struct strv text = http_query(c->req, "at");

    if (text.p && (!strv_i64(text, &at) || at < 0))
        return err_field(err, MSG_API_QUERY_VALUE, "at", "name", "at", "expected", "0, 1, 2 ...", NULL);
    if (upload_of(c, &u, &o, err) || import_upload_append(c->ctx, &u, at, c->req->body, err))
        return err->code;
    import_upload_json(c->ctx, &u, &c->resp->body);
    return ERR_OK;
}

static enum err_code
get(struct api_call *c, struct err *err)
{
    return answer(c, c->id, err);
}

static enum err_code
list(struct api_call *c, struct err *err)
{
    return import_uploads_json(c->ctx, LIST_MAX, &c->resp->body, err);
}

/* ---- looking at the file ---- */

static enum err_code
check_whole(struct api_call *c, const struct import_upload *u, struct err *err)
{
    int64_t have = import_upload_received(c->arena, u);
    char a[24], b[24];

    if (have >= u->size)
        return ERR_OK;
    return err_set(err, MSG_IMPORT_PARTIAL, "received", err_i64(a, have), "size", err_i64(b, u->size), NULL);
}

static enum err_code
read_options(struct api_call *c, const json_t *body, struct import_options *opt, struct err *err)
{
    struct strv e = json_get_sv(body, "encoding");
    int64_t row = json_get_i64(body, "header_row", 0), rows = json_get_i64(body, "header_rows", 0);

    opt->sheet = arena_strv(c->arena, json_get_sv(body, "sheet"));
    opt->header_row = row > 0 && row <= 16 ? (int)row : 0;
    opt->header_rows = rows > 0 && rows <= 2 ? (int)rows : 0;
    if (e.n && !encoding_by_name(e, &opt->encoding))
        return err_field(err, MSG_API_QUERY_VALUE, "encoding", "name", "encoding", "expected",
                         "UTF-8, GB18030, UTF-16LE, UTF-16BE, Windows-1252", NULL);
    return ERR_OK;
}

static void
file_json(const struct import_source *s, struct strbuf *out)
{
    static const char *const FORMATS[] = {[IMPORT_CSV] = "csv",
                                          [IMPORT_JSONL] = "jsonl",
                                          [IMPORT_VCARD] = "vcard",
                                          [IMPORT_XLSX] = "xlsx",
                                          [IMPORT_XLS] = "xls"};
    struct import_file f;

    import_about(s, &f);
    j_key(out, "file");
    j_obj(out);
    j_kstr(out, "format", strv_of(FORMATS[f.format]));
    j_kstr(out, "encoding", strv_of(f.encoding));
    j_kstr(out, "delimiter", (struct strv){&f.delimiter, f.delimiter ? 1 : 0});
    j_kint(out, "title_rows", (int64_t)f.title_rows);
    j_kint(out, "header_rows", (int64_t)f.header_rows);
    j_key(out, "sheets");
    j_arr(out);
    for (size_t i = 0; i < f.n_sheets; i++)
        j_str(out, f.sheets[i]);
    j_arr_end(out);
    j_kstr(out, "sheet", f.n_sheets ? f.sheets[f.sheet] : STRV(""));
    j_obj_end(out);
}

/* Columns with the first texts that stand in them. */
static enum err_code
columns_json(struct api_call *c, struct import_source *s, struct strbuf *out, struct err *err)
{
    const struct strv *names, *cells;
    size_t n = import_columns(s, &names), k;
    struct strv *samples = arena_array(c->arena, struct strv, n * SAMPLES);
    size_t *have = arena_array(c->arena, size_t, n);
    bool end = false;
    int64_t row;

    for (int i = 0; i < PREVIEW_ROWS && !end; i++) {
        if (import_next(s, &cells, &k, &row, &end, err))
            return err->code;
        for (size_t col = 0; !end && col < k && col < n; col++) {
            struct strv text = strv_trim(cells[col]);
            if (text.n && have[col] < SAMPLES)
                samples[col * SAMPLES + have[col]++] = arena_strv(c->arena, text);
        }
    }
    j_key(out, "columns");
    j_arr(out);
    for (size_t col = 0; col < n; col++) {
        j_obj(out);
        j_kstr(out, "name", names[col]);
        j_key(out, "samples");
        j_arr(out);
        for (size_t i = 0; i < have[col]; i++)
            j_str(out, samples[col * SAMPLES + i]);
        j_arr_end(out);
        j_obj_end(out);
    }
    j_arr_end(out);
    return ERR_OK;
}

/* The mapping used before for these columns, else a guess. */
static enum err_code
propose(struct api_call *c, const struct object *o, const struct import_source *s, struct import_options opt,
        struct strbuf *out, struct err *err)
{
    struct import_map *map = NULL;
    struct strbuf notes = {0};
    struct strv used;
    struct err stale = {0};
    bool before;

    if (import_map_used(c->ctx, o, s, &used, err))
        return err->code;
    before = used.n > 0 && import_map_parse(c->ctx, o, used, s, &map, &stale) == ERR_OK;
    if (!before && import_map_guess_as(c->ctx, o, import_path_of(s), opt, &map, &notes, err)) {
        if (err->msg != MSG_IMPORT_NO_GUESS) {
            strbuf_release(&notes);
            return err->code;
        }
        err_clear(err); /* a person says what the columns are */
    }
    j_kbool(out, "used_before", before);
    j_key(out, "map");
    if (map != NULL)
        import_map_json(map, out);
    else
        j_null(out);
    j_kstr(out, "notes", strbuf_view(&notes));
    strbuf_release(&notes);
    return ERR_OK;
}

static enum err_code
inspect(struct api_call *c, struct err *err)
{
    struct strbuf *out = &c->resp->body;
    struct import_options opt = {0};
    struct import_source *s = NULL;
    struct import_upload u;
    const struct object *o;
    json_t *body;

    if (api_body(c, &body, err) || upload_of(c, &u, &o, err) || check_whole(c, &u, err) ||
        read_options(c, body, &opt, err) || import_open_as(import_upload_file(c->arena, &u), opt, &s, err))
        return err->code;
    j_obj(out);
    file_json(s, out);
    if (columns_json(c, s, out, err) == ERR_OK)
        (void)propose(c, o, s, opt, out, err);
    j_obj_end(out);
    import_close(s);
    return err->code;
}

/* ---- trying ---- */

static void
row_json(void *arg, int64_t row, const struct strv *cells, size_t n, const char *state, struct strv reason,
         const struct import_counts *of_row)
{
    struct strbuf *out = arg;
    int64_t created = 0, updated = 0, unchanged = 0;

    for (size_t i = 0; i < of_row->n_per; i++) {
        created += of_row->per[i].created;
        updated += of_row->per[i].updated;
        unchanged += of_row->per[i].unchanged;
    }
    j_obj(out);
    j_kint(out, "row", row);
    j_kstr(out, "state", strv_of(state));
    j_kstr(out, "reason", reason);
    j_kint(out, "created", created);
    j_kint(out, "updated", updated);
    j_kint(out, "unchanged", unchanged);
    j_key(out, "cells");
    j_arr(out);
    for (size_t i = 0; i < n; i++)
        j_str(out, cells[i]);
    j_arr_end(out);
    j_obj_end(out);
}

/* The mapping of a request, checked against the file. */
static enum err_code
take_map(struct api_call *c, const struct import_upload *u, const struct object *o, const json_t *body,
         struct import_map **map, struct import_source **s, struct err *err)
{
    char *text = json_dumps(json_object_get(body, "map"), JSON_COMPACT);
    struct strv json = arena_strv(c->arena, strv_of(text ? text : "{}"));

    free(text);
    if (check_whole(c, u, err) || import_open(import_upload_file(c->arena, u), s, err))
        return err->code;
    return import_map_parse(c->ctx, o, json, *s, map, err);
}

static enum err_code
preview(struct api_call *c, struct err *err)
{
    struct import_counts *counts = arena_new(c->arena, struct import_counts);
    struct strbuf rows = {0};
    struct import_run run = {.dry_run = true, .arg = &rows, .row = row_json, .base = c->ctx};
    struct import_source *s = NULL;
    struct import_map *map = NULL;
    struct import_upload u;
    const struct object *o;
    json_t *body;

    if (api_body(c, &body, err) || upload_of(c, &u, &o, err) || take_map(c, &u, o, body, &map, &s, err))
        goto done;
    run.map = map;
    run.path = import_upload_file(c->arena, &u);
    run.max_rows = json_get_i64(body, "rows", PREVIEW_ROWS);
    run.max_rows = run.max_rows < 1 || run.max_rows > PREVIEW_MAX ? PREVIEW_MAX : run.max_rows;
    run.edits = json_object_get(body, "edits");
    c->ctx->door = DOOR_IMPORT;
    if (import_execute(&run, counts, err))
        goto done;
    j_obj(&c->resp->body);
    j_key(&c->resp->body, "rows");
    j_raw(&c->resp->body, strv_of(arena_printf(c->arena, "[" STRV_FMT "]", STRV_ARG(strbuf_view(&rows)))));
    j_key(&c->resp->body, "counts");
    import_counts_json(counts, &c->resp->body);
    j_obj_end(&c->resp->body);
done:
    import_close(s);
    strbuf_release(&rows);
    return err->code;
}

/* ---- starting ---- */

struct start {
    struct import_upload *u;
    struct strv map, edits;
    const struct import_source *source;
    int64_t job;
};

static enum err_code
start_write(struct api_call *c, void *arg, struct err *err)
{
    struct start *s = arg;
    struct import_upload now;

    if (import_upload_get(c->ctx, s->u->id, &now, err))
        return err->code;
    return import_upload_start(c->ctx, &now, s->map, s->edits, s->source, &s->job, err);
}

static enum err_code
start(struct api_call *c, struct err *err)
{
    struct import_source *s = NULL;
    struct import_map *map = NULL;
    struct import_upload u;
    struct strbuf text = {0};
    const struct object *o;
    const json_t *edits;
    json_t *body;

    if (api_body(c, &body, err) || upload_of(c, &u, &o, err) || take_map(c, &u, o, body, &map, &s, err) ||
        import_map_ready(map, c->lang, err))
        goto done;
    import_map_json(map, &text);
    edits = json_object_get(body, "edits");
    char *dump = json_is_object(edits) ? json_dumps(edits, JSON_COMPACT) : NULL;
    struct start st = {.u = &u, .map = strbuf_view(&text), .edits = strv_of(dump), .source = s};
    if (api_write(c, true, start_write, &st, err) == ERR_OK) {
        c->resp->status = 202;
        (void)answer(c, u.id, err);
    }
    free(dump);
done:
    import_close(s);
    strbuf_release(&text);
    return err->code;
}

/* ---- after it ---- */

static enum err_code
errors(struct api_call *c, struct err *err)
{
    struct import_upload u;
    const struct object *o;
    struct strv bytes;

    if (upload_of(c, &u, &o, err) ||
        os_read_file(c->arena, import_upload_errors(c->arena, &u), 64 << 20, &bytes, err))
        return err->code;
    c->resp->content_type = "text/csv; charset=utf-8";
    http_set_header(c->resp, "Content-Disposition", STRV("attachment; filename=\"errors.csv\""));
    strbuf_adds(&c->resp->body, "\xef\xbb\xbf"); /* spreadsheets take it for UTF-8 by this */
    strbuf_addv(&c->resp->body, bytes);
    return ERR_OK;
}

static enum err_code
drop_write(struct api_call *c, void *arg, struct err *err)
{
    return import_upload_drop(c->ctx, arg, err);
}

static enum err_code
drop(struct api_call *c, struct err *err)
{
    struct import_upload u;

    if (import_upload_get(c->ctx, c->id, &u, err) || api_write(c, true, drop_write, &u, err))
        return err->code;
    (void)remove(import_upload_file(c->arena, &u));
    (void)remove(import_upload_errors(c->arena, &u));
    c->resp->status = 204;
    return ERR_OK;
}

static const struct api_route ROUTES[] = {
    {.method = "POST",
     .pattern = API_PREFIX "/import",
     .cls = HTTP_WRITE,
     .access = ACCESS_SESSION,
     .right = RIGHT_FILTERED,
     .max_body = API_BODY_SESSION,
     .run = add,
     .id = "import_add",
     .summary = {"登记待上传的导入文件", "Announces a file to import"},
     .request = "ImportAdd",
     .status = 201,
     .response = "Import",
     .errors = ADD_ERRORS},
    {.method = "GET",
     .pattern = API_PREFIX "/import",
     .cls = HTTP_READ,
     .access = ACCESS_SESSION,
     .right = RIGHT_OWN,
     .run = list,
     .id = "imports",
     .summary = {"自己的导入文件，最新在前", "Own files to import, newest first"},
     .status = 200,
     .response = "Imports",
     .errors = NO_ERRORS},
    {.method = "GET",
     .pattern = API_PREFIX "/import/{id}",
     .cls = HTTP_READ,
     .access = ACCESS_SESSION,
     .right = RIGHT_OWN,
     .run = get,
     .id = "import_get",
     .summary = {"一个导入文件的状态与结果", "State and result of a file to import"},
     .status = 200,
     .response = "Import",
     .errors = READ_ERRORS},
    {.method = "PUT",
     .pattern = API_PREFIX "/import/{id}/data",
     .cls = HTTP_SLOW,
     .access = ACCESS_SESSION,
     .right = RIGHT_OWN,
     .max_body = IMPORT_PART_MAX,
     .run = data,
     .id = "import_data",
     .summary = {"上传文件的下一部分（每次最多 4 MB）", "Uploads the next part of the file (4 MB at most)"},
     .query = DATA_QUERY,
     .request = API_BYTES,
     .status = 200,
     .response = "Import",
     .errors = DATA_ERRORS},
    {.method = "POST",
     .pattern = API_PREFIX "/import/{id}/inspect",
     .cls = HTTP_SLOW,
     .access = ACCESS_SESSION,
     .right = RIGHT_FILTERED,
     .max_body = API_BODY_SETTINGS,
     .run = inspect,
     .id = "import_inspect",
     .summary = {"查看文件：工作表、编码、列、示例与建议的映射",
                 "Looks at the file: sheets, encoding, columns, samples, a mapping"},
     .request = "ImportOptions",
     .status = 200,
     .response = "ImportLook",
     .errors = LOOK_ERRORS},
    {.method = "POST",
     .pattern = API_PREFIX "/import/{id}/preview",
     .cls = HTTP_SLOW,
     .access = ACCESS_SESSION,
     .right = RIGHT_FILTERED,
     .max_body = API_BODY_RECORD,
     .run = preview,
     .id = "import_preview",
     .summary = {"试运行前若干行，不写入", "Tries the first rows, writes nothing"},
     .request = "ImportTry",
     .status = 200,
     .response = "ImportPreview",
     .errors = LOOK_ERRORS},
    {.method = "POST",
     .pattern = API_PREFIX "/import/{id}/start",
     .cls = HTTP_SLOW,
     .access = ACCESS_SESSION,
     .right = RIGHT_FILTERED,
     .max_body = API_BODY_RECORD,
     .run = start,
     .id = "import_start",
     .summary = {"开始导入（后台任务）", "Starts the import, as a job"},
     .request = "ImportTry",
     .status = 202,
     .response = "Import",
     .errors = LOOK_ERRORS},
    {.method = "GET",
     .pattern = API_PREFIX "/import/{id}/errors",
     .cls = HTTP_SLOW,
     .access = ACCESS_SESSION,
     .right = RIGHT_FILTERED,
     .run = errors,
     .id = "import_errors",
     .summary = {"未导入的行及原因（CSV）", "Rows that were not imported, with reasons, as CSV"},
     .status = 200,
     .response = "text",
     .errors = READ_ERRORS},
    {.method = "DELETE",
     .pattern = API_PREFIX "/import/{id}",
     .cls = HTTP_SLOW,
     .access = ACCESS_SESSION,
     .right = RIGHT_OWN,
     .run = drop,
     .id = "import_drop",
     .summary = {"删除导入文件（已导入的记录不变）", "Removes the file; imported records stay"},
     .status = 204,
     .errors = DROP_ERRORS},
};
const struct api_table IMPORT_ROUTES = {ROUTES, sizeof ROUTES / sizeof ROUTES[0]};
