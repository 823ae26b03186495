/* api_files.c - attachments: list, upload, download, delete (S08, S29). */
#include "api/priv.h"
#include "core/text.h"
#include "record/attached.h"
#include "record/files.h"
#include "record/scope.h"

static const struct api_param UPLOAD_QUERY[] = {
    {"name", "{\"type\":\"string\",\"maxLength\":200}", {"文件名", "name of the file"}}, {0}};
static const struct api_param DOWNLOAD_QUERY[] = {
    {"inline",
     "{\"type\":\"boolean\",\"default\":false}",
     {"图片可直接显示，其他类型始终下载", "pictures may be shown; other types are always saved"}},
    {0}};
static const struct api_param LIST_QUERY[] = {
    {"after", "{\"type\":\"string\"}", {"上一页的 next", "next of the page before"}}, {0}};
static const int READ_ERRORS[] = {403, 404, 0};
static const int UPLOAD_ERRORS[] = {403, 404, 405, 409, 413, 422, 507, 0};
static const int DELETE_ERRORS[] = {403, 404, 409, 507, 0};

static enum err_code
list(struct api_call *c, struct err *err)
{
    struct list_query q = {.object = catalog_object(c->ctx->cat, STRV("file")),
                           .sort = STRV("-id"),
                           .fields = STRV("name,size,media_type,owner,created_at"),
                           .after = http_query(c->req, "after"),
                           .limit = 100,
                           .count = COUNT_NONE};
    if (record_need(c->ctx, c->object, c->id, ACT_READ, err))
        return err->code;
    q.filter = strv_of(arena_printf(c->arena, "related_id = %lld and related_object = '%s'", (long long)c->id,
                                    c->object->name));
    return record_list_json(c->ctx, &q, &c->resp->body, err);
}

/* ---- upload ---- */
static enum err_code
write_row(struct api_call *c, void *arg, struct err *err)
{
    const struct file_new *f = arg;
    int64_t file = 0, rev = 0;
    strbuf_clear(&c->resp->body);
    if (file_write(c->ctx, f, &file, &c->errs, err) || txn_flush(c->ctx, err) ||
        record_get_json(c->ctx, catalog_object(c->ctx->cat, STRV("file")), file, &c->resp->body, &rev, err))
        return err->code;
    api_header(c, "X-Operation", "%lld", (long long)c->ctx->txn->operation);
    c->resp->status = 201;
    return ERR_OK;
}

static enum err_code
upload(struct api_call *c, struct err *err)
{
    const char *dir = c->api->env.files_dir;
    struct value *values = arena_array(c->arena, struct value, c->object->n_fields);
    struct file_new f = {.object = c->object, .id = c->id, .name = strv_trim(http_query(c->req, "name"))};
    if (!f.name.n || !utf8_valid(f.name) || utf8_length(f.name) > FILE_NAME_MAX)
        return err_field(err, MSG_FILE_NAME, "name", NULL);
    if (!c->req->body_path || !dir)
        return err_set(err, MSG_FILE_NONE, NULL);
    if (record_need(c->ctx, c->object, c->id, ACT_READ, err) ||
        record_load(c->ctx, c->object, c->id, false, values, err) ||
        file_keep(c->ctx, dir, c->req->body_path, &f, err))
        return err->code;
    if (api_write(c, true, write_row, &f, err))
        file_drop(dir, &f);
    return err->code;
}

/* ---- download ---- */

/* The name as RFC 5987 wants it. */
static const char *
percent_encoded(struct arena *a, struct strv s)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    static const char hex[] = "0123456789ABCDEF";
    char *out = arena_alloc(a, s.n * 3 + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        if (ch && strchr(plain, ch)) {
            out[n++] = (char)ch;
            continue;
        }
        out[n++] = '%';
        out[n++] = hex[ch >> 4];
        out[n++] = hex[ch & 15];
    }
    return out;
}

static enum err_code
download(struct api_call *c, struct err *err)
{
    struct file_row f;
    if (file_load(c->ctx, c->id, &f, err) || file_read(c->api->env.files_dir, &f, &c->resp->body, err))
        return err->code;
    bool shown = strv_is(http_query(c->req, "inline"), "true") && file_may_inline(f.media_type);
    c->resp->content_type = file_type_of(strbuf_view(&c->resp->body));
    http_set_header(c->resp, "Content-Disposition",
                    strv_of(arena_printf(c->arena, "%s; filename*=UTF-8''%s", shown ? "inline" : "attachment",
                                         percent_encoded(c->arena, f.name))));
    http_set_header(c->resp, "Cache-Control", STRV("private, no-store"));
    http_set_header(c->resp, "Cross-Origin-Resource-Policy", STRV("same-origin"));
    return ERR_OK;
}

static enum err_code
delete_file(struct api_call *c, struct err *err)
{
    struct file_row f;
    struct write w = {.kind = WRITE_DELETE, .object = catalog_object(c->ctx->cat, STRV("file")), .id = c->id};
    struct write_result r = {0};
    if (file_load(c->ctx, c->id, &f, err) || record_write(c->ctx, &w, &r, &c->errs, err))
        return err->code;
    c->resp->status = 204;
    return ERR_OK;
}

static const struct api_route ROUTES[] = {
    {.method = "GET",
     .pattern = API_PREFIX "/{object}/{id}/files",
     .cls = HTTP_READ,
     .access = ACCESS_SESSION,
     .right = RIGHT_OBJECT,
     .act = ACT_READ,
     .run = list,
     .id = "files",
     .summary = {"一条记录的附件", "Files of a record"},
     .query = LIST_QUERY,
     .status = 200,
     .response = "Any",
     .errors = READ_ERRORS},
    {.method = "POST",
     .pattern = API_PREFIX "/{object}/{id}/files",
     .cls = HTTP_SLOW,
     .access = ACCESS_SESSION,
     .right = RIGHT_OBJECT,
     .act = ACT_READ,
     .max_body = FILE_SIZE_MAX,
     .run = upload,
     .id = "file_upload",
     .summary = {"上传附件，请求内容即文件", "Uploads a file; the body is its bytes"},
     .query = UPLOAD_QUERY,
     .request = API_FILE,
     .status = 201,
     .response = "Any",
     .errors = UPLOAD_ERRORS},
    {.method = "GET",
     .pattern = API_PREFIX "/files/{id}",
     .cls = HTTP_SLOW,
     .access = ACCESS_SESSION,
     .right = RIGHT_FILTERED,
     .run = download,
     .id = "file_download",
     .summary = {"下载附件", "Downloads a file"},
     .query = DOWNLOAD_QUERY,
     .status = 200,
     .response = "text",
     .errors = READ_ERRORS},
    {.method = "DELETE",
     .pattern = API_PREFIX "/files/{id}",
     .cls = HTTP_WRITE,
     .access = ACCESS_SESSION,
     .right = RIGHT_FILTERED,
     .run = delete_file,
     .id = "file_delete",
     .summary = {"将附件移入回收站", "Moves a file to the bin"},
     .status = 204,
     .errors = DELETE_ERRORS},
};
const struct api_table FILES_ROUTES = {ROUTES, sizeof ROUTES / sizeof ROUTES[0]};
