/* search_priv.h - what the files of the search share. Not for other files of this room. */
#ifndef RECORD_SEARCH_PRIV_H
#define RECORD_SEARCH_PRIV_H
#include "core/terms.h"
#include "record/record_priv.h"

enum {
    SEARCH_IDS = 1000, /* ids taken from the index for one question */
    SEARCH_READ = 100, /* of them read and ranked, of one object */
    SEARCH_MAX = 50    /* given out */
};

struct hit {
    const struct object *o;
    int64_t id;
    int score, nav; /* lower is better */
    bool picked;
    enum match_how how;
    struct strv title, subtitle, match;
    const struct field *field; /* that match is of, NULL: only the title */
    struct text_match title_at, match_at;
};
/* Hits of one object; capped: there may be more. */
struct hit_group {
    const struct object *o;
    size_t count;
    bool capped;
};
struct search {
    struct ctx *ctx;
    struct text_query q;
    struct query_clause clause[QUERY_CLAUSES];
    int n_clauses;
    struct hit *v;
    size_t n, size;
    struct hit_group *group; /* by index of the object in the catalogue */
};

/* ---- search_access.c: what the actor may search and see ---- */
/* May the field's text decide whether a record is found? */
bool search_may(const struct ctx *ctx, const struct field *f);
/* Is the field shown at all (perhaps masked)? */
bool search_shows(const struct ctx *ctx, const struct field *f);
/* Members are searched only when asked for as such (pickers); other internal objects never. */
bool search_may_object(const struct ctx *ctx, const struct object *o);
/* Classes of terms the actor may ask for in an object, as characters ending with 0; a class of which one
 * field is not readable is left out. Returns their number. */
enum { SEARCH_CLASSES = 12 };
int search_classes(const struct ctx *ctx, const struct object *o, char out[SEARCH_CLASSES]);
/* Ids of owners whose records the actor sees, when that is all that limits the object's records: *n of them
 * in ids, for the index. false: not so limited; every hit must be asked for (search_scope). */
enum { SEARCH_OWNERS = 64 };
bool search_owners(const struct ctx *ctx, const struct object *o, int64_t ids[SEARCH_OWNERS], int *n);
/* Are all records of the object within the actor's scope? */
bool search_whole(const struct ctx *ctx, const struct object *o);
/* Appends " and <alias t is within the scope>", or nothing. */
void search_scope(const struct ctx *ctx, struct sqlb *b, const struct object *o);
/* The text as the actor may see it; NULL or the text itself when it is not masked, "" when it is hidden. */
struct strv search_shown(struct ctx *ctx, const struct field *f, struct strv s, bool *changed);

/* ---- search_doc.c ---- */
enum term_class search_class(const struct object *o, const struct field *f);

/* ---- search_hit.c ---- */
/* Reads records by their ids, drops what the query does not mean, ranks the rest. */
ERR_CHECKED enum err_code hits_read(struct search *s, const struct object *o, const int64_t *ids, size_t n,
                                    struct err *err);
void hits_json(struct search *s, int limit, struct strbuf *out);
#endif
