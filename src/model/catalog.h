/* catalog.h - what objects and fields exist: one immutable structure in memory, made from packs.
 *
 * packs/<pack>/objects/<object>.json -> loader (strict: an unknown key stops with file, line and what was
 * expected) -> wanted catalogue -> diff against the tables meta_object / meta_field -> typed actions -> DDL
 * in one transaction (ddl.h). Ids of objects and fields are given once and kept in those tables. A catalogue
 * is never changed; a new one replaces it. Borrowed pointers into it stay valid as long as the catalogue.
 *
 * Every object has the system fields id, rev, created_at, created_by, updated_at, updated_by (flag system;
 * read-only) and the column deleted_at (in the bin when not null; every list statement and index carries
 * `deleted_at IS NULL`). Table: o_<object>. Columns: the field's name; money adds <name>_cur and <name>_base
 * unless base_only.
 */
#ifndef MODEL_CATALOG_H
#define MODEL_CATALOG_H
#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "core/str.h"
#include "model/value.h"

struct arena;
struct db;
struct object;
struct role_def;
struct field_type;

struct label {
    const char *zh, *en; /* never NULL; falls back to the other language, then the name */
};
static inline const char *
label_in(struct label l, enum lang lang)
{
    return lang == LANG_EN ? l.en : l.zh;
}

enum type_id {
    TYPE_TEXT,
    TYPE_LONGTEXT,
    TYPE_INT,
    TYPE_DECIMAL,
    TYPE_MONEY,
    TYPE_BOOL,
    TYPE_DATE,
    TYPE_DATETIME,
    TYPE_ENUM,
    TYPE_REF,
    TYPE_USER,
    TYPE_PHONE,
    TYPE_EMAIL,
    TYPE_URL,
    TYPE_COUNTRY,
    TYPE_COUNT_
};

enum index_kind { INDEX_NONE, INDEX_SORT, INDEX_FILTER, INDEX_UNIQUE };

/* What is shown with its middle replaced by stars. MASK_CONTACT: phones and social ids, to all but those who
 * work with the record, and in every list; MASK_ALWAYS: identity and bank numbers, to everyone. */
enum mask_kind { MASK_NONE, MASK_CONTACT, MASK_ALWAYS };

struct option {
    const char *value;
    struct label label;
    const char *color; /* a token name (green, amber ...) or "" */
    bool archived;
};

struct field {
    int32_t id;         /* kept in meta_field; > 0 (system fields: 1..9 of every object) */
    int pos;            /* index in object->fields, and in arrays of values of a record */
    const char *name;   /* API name */
    const char *column; /* SQL column; always written in double quotes ("order" is one) */
    const char
        *base_column; /* money: column of the base amount, what sums, filters and sorts use; others: column */
    const char *cur_column; /* money: column of the currency; NULL for base_only and other types */
    enum type_id type;
    struct label label, help;
    const struct object *object;  /* the object it belongs to */
    const struct object *ref;     /* TYPE_REF: target; TYPE_USER: the user object */
    const struct option *options; /* TYPE_ENUM */
    size_t n_options;
    int scale; /* TYPE_DECIMAL: decimals kept, 0..6 */
    int64_t min,
        max; /* int, decimal (scaled), money: bounds; text: max characters in max (0 = type's default) */
    bool has_min, has_max;
    enum index_kind index; /* in force: refs and users are INDEX_FILTER, dates not derived INDEX_SORT unless
                              the pack says none */
    const char
        *dflt; /* default as import text, or NULL; "now" for datetime, "today" for date, "actor" for user */
    const char *default_from;  /* name of another field whose text fills it when a record is made without it,
                                  or NULL */
    const char *currency_from; /* money: name of the text field with the currency, or NULL (currency comes
                                  with the value) */
    const char
        *rate_at; /* money: name of the date(time) field whose day picks the exchange rate, or NULL (today) */
    enum mask_kind mask;
    const struct field *const *inputs; /* derived: what it is made of, n_inputs */
    size_t n_inputs;
    bool declassified; /* derived: shown whatever the inputs' levels are */
    bool required, readonly, derived, system, locked, base_only, personal, sensitive, search;
    bool reading;               /* how the title is read (pinyin): found and matched as the title is */
    const char *group;          /* field group in forms, "" none */
    const char *const *aliases; /* column names an import recognises (folded compare); n_aliases */
    size_t n_aliases;
};

struct view {
    const char *name;
    struct label label;
    const char *filter; /* expression or "" */
    const char *sort;   /* "-last_purchase_at" or "" */
    const char *const *columns;
    size_t n_columns;
};

struct section {
    struct label label;
    const char *const *fields;
    size_t n_fields;
};

struct object {
    int32_t id;
    const char *name, *table, *pack, *icon;
    struct label label, plural;
    struct field *fields; /* system fields first */
    size_t n_fields;
    const struct field *const *by_name; /* the same, sorted by name */
    const struct field *title;          /* shown as the record's name */
    const struct field *key;            /* natural key for upsert (INDEX_UNIQUE), or NULL */
    const struct field *customer;       /* the field that says whose it is (ref to customer), or NULL */
    const struct field *time;           /* when it happened, for timelines; or NULL */
    const struct view *views;
    size_t n_views;
    const struct section *form;
    size_t n_form;
    const char *const *list; /* default list columns */
    size_t n_list;
    int nav;                /* position in the menu, 0 = not in the menu */
    const char *data_class; /* descriptive behavioural attitudinal interaction */
    bool internal;          /* not offered by the record routes (user, role keep their own rules) */
};

struct catalog {
    int64_t version;
    const struct object *objects;
    size_t n_objects;
    const struct object *user;    /* o_user */
    const struct role_def *roles; /* of the packs (access.h) */
    size_t n_roles;
    struct arena *arena;
    const void *private_; /* hash tables */
};

const struct object *catalog_object(const struct catalog *c, struct strv name); /* NULL when absent */
const struct object *catalog_object_by_id(const struct catalog *c, int32_t id);
const struct field *object_field(const struct object *o, struct strv name); /* NULL when absent */
const struct field *object_field_by_id(const struct object *o, int32_t id);
/* The name nearest to a misspelt one, for "did you mean", or NULL. */
const char *object_nearest_field(const struct object *o, struct strv name);
const char *catalog_nearest_object(const struct catalog *c, struct strv name);
const struct option *field_option(const struct field *f, struct strv value);

/* One embedded or given pack file: path inside packs ("core/objects/customer.json") and its bytes. */
struct pack_file {
    const char *path;
    struct strv text;
};
extern const struct pack_file
    PACK_FILES[]; /* embedded at build (tools/embed_packs.py); ends with path NULL */
/* Records of demo worlds, packs/<pack>/demo/<world>.json (domain/demo); ends with path NULL. */
extern const struct pack_file PACK_DEMOS[];

/* Reads packs, compares with the database, applies what is new in one transaction on a writing connection,
 * and returns the catalogue (owner: the caller, catalog_free). Locked fields named in the table
 * CATALOG_LOCKED of catalog.c must exist with their types, else ERR_CORRUPT naming them. ERR_INVALID for a
 * faulty pack: file, line, expectation. */
ERR_CHECKED enum err_code catalog_load(struct db *db, const struct pack_file *files, int64_t now_ms,
                                       struct catalog **out, struct err *err);
/* Only parses (tests, lint): no database; ids are counted from 100. */
ERR_CHECKED enum err_code catalog_parse(const struct pack_file *files, struct catalog **out, struct err *err);
void catalog_free(struct catalog *c);
/* JSON of GET /api/v1/schema (ui.md section 3) appended to out, as far as the actor sees it (NULL: all): no
 * hidden fields, no views that need them, and what may be done with each object. */
struct strbuf;
struct access;
void catalog_json(const struct catalog *c, const struct access *a, struct strbuf *out);
#endif
