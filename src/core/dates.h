/* dates.h - instants are int64 milliseconds since 1970-01-01T00:00Z; days are int32 days since 1970-01-01 in
 * a zone.
 *
 * A struct zone is a parsed TZif file (RFC 8536), immutable, shared by all threads; os/zone.h loads it.
 */
#ifndef CORE_DATES_H
#define CORE_DATES_H
#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"

#define MS_DAY INT64_C(86400000)

struct zone;

struct civil {
    int32_t year; /* 1..9999 */
    int month;    /* 1..12 */
    int day;      /* 1..31 */
};

int32_t days_from_civil(int32_t year, int month, int day); /* proleptic Gregorian */
struct civil civil_from_days(int32_t days);
bool civil_valid(int32_t year, int month, int day);
/* 0 = Monday .. 6 = Sunday */
int weekday_of(int32_t days);

/* Parses TZif bytes (version 2+, with footer). NULL when malformed. The caller owns it: zone_free. */
struct zone *zone_parse(const void *bytes, size_t n, const char *name);
const char *zone_name(const struct zone *z);
void zone_free(struct zone *z);
extern const struct zone *const ZONE_UTC;

int32_t zone_offset_s(const struct zone *z, int64_t ms);   /* seconds east of UTC at that instant */
int32_t zone_day(const struct zone *z, int64_t ms);        /* the day an instant falls on in the zone */
int64_t zone_day_start(const struct zone *z, int32_t day); /* first instant of that day */
/* Local wall time (day + ms since midnight) -> instant; in a gap the time after, in a fold the first. */
int64_t zone_instant(const struct zone *z, int32_t day, int64_t ms_of_day);

/* "2024-03-01"; also 2024/3/1, 2024.3.1, 20240301, 2024年3月1日. false when it is no date. */
bool date_parse(struct strv s, int32_t *day);
/* ISO 8601 / RFC 3339 "2024-03-01T08:26:00.123Z" or with offset; without offset, or "YYYY-MM-DD
 * HH:MM[:SS[.mmm]]" and the date forms above (time 00:00), it is local time of the zone. */
bool datetime_parse(struct strv s, const struct zone *z, int64_t *ms);
void date_format(int32_t day, char out[16]);    /* 2024-03-01 */
void datetime_format(int64_t ms, char out[32]); /* 2024-03-01T08:26:00.123Z (milliseconds only when not 0) */
/* the same in the zone for people: 2024-03-01 16:26 */
void datetime_format_local(int64_t ms, const struct zone *z, char out[32]);
#endif
