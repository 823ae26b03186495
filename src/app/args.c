/* args.c - command lines by table: one row per option serves parsing, environment and help. */
#include <stdlib.h>

#include "app/app.h"
#include "core/arena.h"
#include "core/text.h"

static int
opt_index(const struct opt *opts, struct strv name)
{
    for (int i = 0; opts[i].name; i++)
        if (strv_is(name, opts[i].name))
            return i;
    return -1;
}

static const char *
opt_nearest(const struct opt *opts, struct strv name)
{
    struct nearest n = {.found = name};
    const char *near = NULL;
    for (int i = 0; opts[i].name; i++)
        if (nearest_is(&n, strv_of(opts[i].name)))
            near = opts[i].name;
    return near;
}

const char *
arg_get(const struct args *a, const char *name)
{
    int i = opt_index(a->opts, strv_of(name));
    return i < 0 ? NULL : a->val[i];
}

/* One option at argv[*i]; moves *i over a separate value. */
static enum err_code
take_option(const struct cmd *c, int argc, const char *const *argv, int *i, struct args *a, struct err *err)
{
    struct strv name = strv_of(argv[*i]);
    const char *eq = strchr(argv[*i], '=');
    if (eq)
        name.n = (size_t)(eq - argv[*i]);
    int k = opt_index(c->opts, name);
    if (k < 0) {
        char shown[80];
        snprintf(shown, sizeof shown, STRV_FMT, STRV_ARG(name));
        const char *near = opt_nearest(c->opts, name);
        return near ? err_set(err, MSG_ARG_UNKNOWN, "name", shown, "suggest", near, "command", c->name, NULL)
                    : err_set(err, MSG_ARG_UNKNOWN0, "name", shown, "command", c->name, NULL);
    }
    const char *v = "";
    bool optional = c->opts[k].value && c->opts[k].value[0] == '[';
    if (eq)
        v = eq + 1;
    else if (c->opts[k].value && !optional) {
        if (*i + 1 >= argc)
            return err_set(err, MSG_ARG_VALUE, "name", c->opts[k].name, "value", c->opts[k].value, NULL);
        v = argv[++*i];
    }
    if (eq && !c->opts[k].value)
        return err_set(err, MSG_ARG_NO_VALUE, "name", c->opts[k].name, NULL);
    if (!a->val[k]) /* given again: the first counts */
        a->val[k] = v;
    return ERR_OK;
}

enum err_code
args_parse(const struct cmd *c, int argc, const char *const *argv, struct args *a, struct err *err)
{
    static const char *const none[1] = {NULL};
    *a = (struct args){.opts = c->opts, .pos = none};
    const char **pos = NULL;
    bool only_pos = false;
    for (int i = 1; i < argc; i++) {
        if (!only_pos && strcmp(argv[i], "--") == 0) {
            only_pos = true;
        } else if (!only_pos && argv[i][0] == '-' && argv[i][1]) {
            if (take_option(c, argc, argv, &i, a, err))
                goto fail;
        } else {
            if (a->n_pos >= c->max_pos) {
                err_set(err, MSG_ARG_TOO_MANY, "found", argv[i], "usage", c->usage, NULL);
                goto fail;
            }
            pos = xrealloc(pos, sizeof *pos * (size_t)(a->n_pos + 1));
            pos[a->n_pos++] = argv[i];
            a->pos = pos;
        }
    }
    for (int k = 0; c->opts[k].name; k++)
        if (!a->val[k] && c->opts[k].env)
            a->val[k] = getenv(c->opts[k].env);
    if (a->n_pos < c->min_pos) {
        err_set(err, MSG_ARG_MISSING, "usage", c->usage, NULL);
        goto fail;
    }
    return ERR_OK;
fail:
    free(pos);
    a->pos = none;
    a->n_pos = 0;
    return err->code;
}

void
cmd_help(const struct cmd *c, FILE *f, enum lang lang)
{
    fprintf(f, "%s: guanxi %s\n\n%s\n", lang == LANG_ZH ? "用法" : "usage", c->usage,
            lang == LANG_ZH ? c->zh : c->en);
    if (c->opts[0].name)
        fprintf(f, "\n%s\n", lang == LANG_ZH ? "选项" : "options");
    for (int i = 0; c->opts[i].name; i++) {
        char head[64];
        snprintf(head, sizeof head, "%s %s", c->opts[i].name, c->opts[i].value ? c->opts[i].value : "");
        fprintf(f, "  %-28s %s", head, lang == LANG_ZH ? c->opts[i].zh : c->opts[i].en);
        if (c->opts[i].env)
            fprintf(f, " (%s)", c->opts[i].env);
        fputc('\n', f);
    }
}
