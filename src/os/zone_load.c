/* zone_load.c - time zones of the system. Names go into a path, so only what zone names consist of is let
 * through. */
#include <stdio.h>

#include "core/arena.h"
#include "core/dates.h"
#include "os/os.h"

#define ZONE_DIR "/usr/share/zoneinfo/"
#define ZONE_FILE_MAX ((size_t)256 * 1024)

/* Asia/Shanghai, Etc/GMT+8, America/Port-au-Prince: no empty part, none that starts with a dot or a dash. */
static bool
name_ok(struct strv s)
{
    char before = '/';
    if (s.n == 0 || s.n > 64 || s.p[s.n - 1] == '/')
        return false;
    for (size_t i = 0; i < s.n; before = s.p[i++]) {
        char c = s.p[i];
        bool word = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        if (!word && (before == '/' || (c != '-' && c != '+' && c != '/')))
            return false;
    }
    return true;
}

enum err_code
os_zone_load(const char *name, struct zone **out, struct err *err)
{
    char path[sizeof(ZONE_DIR) + 64];
    struct strv bytes;
    struct err why = {.code = ERR_OK};
    struct zone *z = NULL;
    struct arena *a = arena_create();
    if (name_ok(strv_of(name))) {
        snprintf(path, sizeof(path), "%s%s", ZONE_DIR, name);
        if (os_read_file(a, path, ZONE_FILE_MAX, &bytes, &why) == ERR_OK)
            z = zone_parse(bytes.p, bytes.n, name);
    }
    arena_free(a);
    if (!z)
        return err_set(err, MSG_ZONE_UNKNOWN, "name", name, NULL);
    *out = z;
    return ERR_OK;
}
