/* test_core_dates.c - calendar, zones, reading and writing of dates. Zone files are made here from their
 * format, so that the test does not depend on the system; test_os.c reads the real ones. */
#include "unit.h"

#include "core/dates.h"

/* Milliseconds of a UTC time. */
static int64_t
utc_ms(int32_t y, int m, int d, int hh, int mm)
{
    return days_from_civil(y, m, d) * MS_DAY + (hh * INT64_C(60) + mm) * 60000;
}

static void
test_calendar(void **state)
{
    int32_t day = days_from_civil(1, 1, 1);
    (void)state;
    assert_int_equal(days_from_civil(1970, 1, 1), 0);
    assert_int_equal(days_from_civil(2000, 3, 1), 11017);
    assert_int_equal(day, -719162);
    assert_int_equal(weekday_of(0), 3);  /* Thursday */
    assert_int_equal(weekday_of(-4), 6); /* Sunday, 28 December 1969 */
    /* every day of 9999 years follows the one before */
    for (int32_t y = 1; y <= 9999; y++)
        for (int m = 1; m <= 12; m++)
            for (int d = 1; civil_valid(y, m, d); d++, day++) {
                struct civil c = civil_from_days(day);
                if (c.year != y || c.month != m || c.day != d || days_from_civil(y, m, d) != day)
                    fail_msg("%d-%d-%d is not day %d", y, m, d, day);
            }
    assert_int_equal(day, days_from_civil(9999, 12, 31) + 1);
    assert_true(civil_valid(2000, 2, 29) && civil_valid(2024, 2, 29));
    assert_false(civil_valid(1900, 2, 29) || civil_valid(2023, 2, 29) || civil_valid(2023, 4, 31));
    assert_false(civil_valid(2023, 0, 1) || civil_valid(2023, 13, 1) || civil_valid(2023, 1, 0));
    assert_false(civil_valid(0, 1, 1) || civil_valid(10000, 1, 1) || civil_valid(2023, 1, 32));
}

static void
test_date_parse(void **state)
{
    static const struct {
        const char *in, *want; /* NULL: refused */
    } rows[] = {
        {"2024-03-01", "2024-03-01"},
        {"2024/3/1", "2024-03-01"},
        {"2024.3.1", "2024-03-01"},
        {"20240301", "2024-03-01"},
        {"2024年3月1日", "2024-03-01"},
        {" 2024年03月01日\n", "2024-03-01"},
        {"2024-3-1", "2024-03-01"},
        {"2024-02-29", "2024-02-29"},
        {"0001-01-01", "0001-01-01"},
        {"9999-12-31", "9999-12-31"},
        {"2023-02-29", NULL},
        {"2024-13-01", NULL},
        {"2024-00-10", NULL},
        {"2024-04-31", NULL},
        {"0000-01-01", NULL},
        {"2024-03/01", NULL},
        {"2024年3-1", NULL},
        {"2024年3月1", NULL},
        {"2024年3月1日x", NULL},
        {"24-03-01", NULL},
        {"12024-03-01", NULL},
        {"2024-03-011", NULL},
        {"202403011", NULL},
        {"2024031", NULL},
        {"2024-03", NULL},
        {"2024", NULL},
        {"", NULL},
        {"-2024-03-01", NULL},
        {"2024--3-1", NULL},
        {"2024- 3-1", NULL},
        {"2024-03-01T00:00", NULL},
        {"45352", NULL},
        {"２０２４-03-01", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int32_t day = 77;
        char text[16];
        CHECK_ROW(date_parse(strv_of(rows[i].in), &day) == (rows[i].want != NULL), i, rows[i].in);
        date_format(day, text);
        CHECK_ROW(rows[i].want ? strcmp(text, rows[i].want) == 0 : day == 77, i, text);
    }
}

/* --- made zone files --- */

static void
be(struct strbuf *b, int64_t v, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--)
        strbuf_addc(b, (char)(i < 8 ? (uint64_t)v >> (8 * i) & 0xff : 0));
}

static void
header(struct strbuf *b, char version, int leaps, int times, int types)
{
    strbuf_adds(b, "TZif");
    strbuf_addc(b, version);
    be(b, 0, 15);
    be(b, 0, 4);
    be(b, 0, 4);
    be(b, leaps, 4);
    be(b, times, 4);
    be(b, types, 4);
    be(b, 4, 4);
}

struct made {
    int n, types;
    int64_t at[4];
    int type[4];
    int32_t offset[3];
    const char *footer;
};

/* Version 1 block empty but for one type, as slim files have it. */
static void
make(const struct made *m, struct strbuf *b)
{
    strbuf_clear(b);
    header(b, '2', 0, 0, 1);
    be(b, 0, 6);
    strbuf_add(b, "UTC\0", 4);
    header(b, '2', 0, m->n, m->types);
    for (int i = 0; i < m->n; i++)
        be(b, m->at[i], 8);
    for (int i = 0; i < m->n; i++)
        be(b, m->type[i], 1);
    for (int i = 0; i < m->types; i++) {
        be(b, m->offset[i], 4);
        be(b, 0, 2);
    }
    strbuf_add(b, "LMT\0", 4);
    strbuf_addf(b, "\n%s\n", m->footer);
}

static struct zone *
zone_of(const struct made *m)
{
    struct strbuf b = {0};
    make(m, &b);
    struct zone *z = zone_parse(b.p, b.n, "Test/Zone");
    strbuf_release(&b);
    return z;
}

static struct zone *
zone_posix(const char *footer)
{
    return zone_of(&(struct made){.types = 1, .footer = footer});
}

static void
test_posix_rules(void **state)
{
    static const struct {
        const char *rule;
        int32_t y;
        int mo, d, hh, mm;
        int32_t minutes; /* east */
    } rows[] = {
        {"CST-8", 2024, 7, 1, 0, 0, 480},
        {"<+0545>-5:45", 2024, 7, 1, 0, 0, 345},
        {"GMT0BST,M3.5.0/1,M10.5.0", 2024, 3, 31, 0, 59, 0},
        {"GMT0BST,M3.5.0/1,M10.5.0", 2024, 3, 31, 1, 0, 60},
        {"GMT0BST,M3.5.0/1,M10.5.0", 2024, 10, 27, 0, 59, 60},
        {"GMT0BST,M3.5.0/1,M10.5.0", 2024, 10, 27, 1, 0, 0},
        {"EST5EDT,M3.2.0,M11.1.0", 2050, 3, 13, 6, 59, -300},
        {"EST5EDT,M3.2.0,M11.1.0", 2050, 3, 13, 7, 0, -240},
        {"EST5EDT,M3.2.0,M11.1.0", 2050, 11, 6, 5, 59, -240},
        {"EST5EDT,M3.2.0,M11.1.0", 2050, 11, 6, 6, 0, -300},
        {"EST5EDT,M3.2.0,M11.1.0", 9999, 7, 1, 0, 0, -240},
        {"EST5EDT,M3.2.0,M11.1.0", 1, 7, 1, 0, 0, -240},
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", 2024, 1, 15, 0, 0, 660}, /* southern: over new year */
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", 2024, 7, 15, 0, 0, 600},
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", 2024, 12, 31, 23, 59, 660},
        {"IST-1GMT0,M10.5.0,M3.5.0/1", 2024, 1, 1, 0, 0, 0}, /* daylight time that goes back (Dublin) */
        {"IST-1GMT0,M10.5.0,M3.5.0/1", 2024, 7, 1, 0, 0, 60},
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2024, 3, 31, 0, 59, -120}, /* Nuuk: Saturday 23:00 */
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2024, 3, 31, 1, 0, -60},
        {"XXX3EDT4,0/0,J365/23", 2024, 1, 1, 3, 0, -240}, /* daylight time all year */
        {"XXX3EDT4,0/0,J365/23", 2024, 12, 31, 23, 59, -240},
        {"AAA0BBB,J60,J61", 2024, 3, 1, 2, 0, 60}, /* J60 is 1 March also in leap years */
        {"AAA0BBB,J60,J61", 2023, 3, 1, 2, 0, 60},
        {"AAA0BBB,J60,J61", 2024, 2, 29, 2, 0, 0},
        {"AAA0BBB,59,60", 2024, 2, 29, 2, 0, 60}, /* day 59 counts 29 February */
        {"AAA0BBB,59,60", 2023, 3, 1, 2, 0, 60},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct zone *z = zone_posix(rows[i].rule);
        CHECK_ROW(z != NULL, i, rows[i].rule);
        int64_t ms = utc_ms(rows[i].y, rows[i].mo, rows[i].d, rows[i].hh, rows[i].mm);
        CHECK_ROW(zone_offset_s(z, ms) == rows[i].minutes * 60, i, rows[i].rule);
        zone_free(z);
    }
}

static void
test_bad_rules(void **state)
{
    static const char *const rows[] = {
        "C8",
        "CST",
        "<CST-8",
        "<>-8",
        "CST-25",
        "CST-8x",
        "CST-8CDT",
        "CST-8CDT,M3.2.0",
        "CST-8CDT,M13.1.0,M3.1.0",
        "CST-8CDT,M3.6.0,M4.1.0",
        "CST-8CDT,M3.0.0,M4.1.0",
        "CST-8CDT,M3.1.7,M4.1.0",
        "CST-8CDT,J0,J5",
        "CST-8CDT,J366,J5",
        "CST-8CDT,366,5",
        "CST-8CDT,M3.1.0/168,M4.1.0",
        "CST-8CDT,M3.1.0,M4.1.0,",
        "CST-8:60",
        "CST--8",
        " CST-8",
        "CST-99999999999999999999",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_ROW(zone_posix(rows[i]) == NULL, i, rows[i]);
}

static const struct made BERLIN_LIKE = {
    .n = 2,
    .types = 3,
    .at = {-1000, 1000},
    .type = {1, 2},
    .offset = {3208, 3600, 7200},
    .footer = "",
};

static void
test_transitions(void **state)
{
    struct zone *z = zone_of(&BERLIN_LIKE);
    (void)state;
    assert_non_null(z);
    assert_string_equal(zone_name(z), "Test/Zone");
    assert_int_equal(zone_offset_s(z, INT64_MIN), 3208);
    assert_int_equal(zone_offset_s(z, -1000001), 3208);
    assert_int_equal(zone_offset_s(z, -1000000), 3600);
    assert_int_equal(zone_offset_s(z, 999999), 3600);
    assert_int_equal(zone_offset_s(z, 1000000), 7200);
    assert_int_equal(zone_offset_s(z, INT64_MAX), 7200); /* empty footer: the last type holds */
    zone_free(z);
    zone_free(NULL);
    assert_int_equal(zone_offset_s(ZONE_UTC, 0), 0);
    assert_string_equal(zone_name(ZONE_UTC), "UTC");
    assert_int_equal(zone_day(ZONE_UTC, -1), -1);
    assert_int_equal(zone_day(ZONE_UTC, INT64_MIN), INT32_MIN);
    assert_int_equal(zone_day(ZONE_UTC, INT64_MAX), INT32_MAX);
    assert_int_equal(zone_day_start(ZONE_UTC, 1), MS_DAY);
    assert_int_equal(zone_instant(ZONE_UTC, -1, 5), 5 - MS_DAY);
}

/* Every file cut short and every single byte changed: NULL or a zone that answers, never a fault. */
static void
test_hostile_files(void **state)
{
    static const unsigned char bytes[] = {0x00, 0xff, 0x7f, 0x80, '9', '\n'};
    struct made m = BERLIN_LIKE;
    struct strbuf b = {0};
    size_t whole = 0;
    (void)state;
    m.footer = "CET-1CEST,M3.5.0,M10.5.0/3";
    make(&m, &b);
    for (size_t n = 0; n <= b.n; n++) {
        char *copy = test_malloc(n ? n : 1); /* exact size, so that a read behind it is seen */
        memcpy(copy, b.p, n);
        struct zone *z = zone_parse(copy, n, "x");
        whole += z != NULL;
        zone_free(z);
        test_free(copy);
    }
    assert_int_equal(whole, 1); /* only the complete file */
    for (size_t i = 0; i < b.n; i++)
        for (size_t k = 0; k < COUNT(bytes); k++) {
            char was = b.p[i];
            b.p[i] = (char)bytes[k];
            struct zone *z = zone_parse(b.p, b.n, "x");
            if (z) {
                int64_t at = zone_instant(z, zone_day(z, 0), 0);
                assert_true(at > -30 * 3600000 - MS_DAY && at < 30 * 3600000 + MS_DAY);
            }
            zone_free(z);
            b.p[i] = was;
        }
    m.offset[2] = 27 * 3600;
    assert_null(zone_of(&m));
    m.offset[2] = 7200;
    m.at[1] = -1000; /* not ascending */
    assert_null(zone_of(&m));
    m.at[1] = 1000;
    m.type[1] = 3; /* no such type */
    assert_null(zone_of(&m));
    strbuf_release(&b);
}

static void
test_local_times(void **state)
{
    static const struct {
        const char *rule;
        int32_t y;
        int mo, d, hh, mm; /* local */
        const char *want;  /* UTC */
    } rows[] = {
        {"EST5EDT,M3.2.0,M11.1.0", 2040, 3, 11, 1, 59, "2040-03-11T06:59:00Z"},
        {"EST5EDT,M3.2.0,M11.1.0", 2040, 3, 11, 2, 0, "2040-03-11T07:00:00Z"},  /* gap: 03:00 EDT */
        {"EST5EDT,M3.2.0,M11.1.0", 2040, 3, 11, 2, 30, "2040-03-11T07:30:00Z"}, /* gap: 03:30 EDT */
        {"EST5EDT,M3.2.0,M11.1.0", 2040, 3, 11, 3, 0, "2040-03-11T07:00:00Z"},
        {"EST5EDT,M3.2.0,M11.1.0", 2040, 11, 4, 1, 30, "2040-11-04T05:30:00Z"}, /* fold: the first */
        {"EST5EDT,M3.2.0,M11.1.0", 2040, 11, 4, 2, 0, "2040-11-04T07:00:00Z"},
        {"CST-8", 2024, 3, 1, 8, 26, "2024-03-01T00:26:00Z"},
        {"AAA3BBB,M10.3.0/0,M2.3.0/0", 2024, 10, 20, 0, 30, "2024-10-20T03:30:00Z"}, /* midnight left out */
    };
    char text[32];
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct zone *z = zone_posix(rows[i].rule);
        int32_t day = days_from_civil(rows[i].y, rows[i].mo, rows[i].d);
        datetime_format(zone_instant(z, day, (rows[i].hh * 60 + rows[i].mm) * INT64_C(60000)), text);
        CHECK_ROW(strcmp(text, rows[i].want) == 0, i, text);
        zone_free(z);
    }
}

static void
test_day_start(void **state)
{
    static const struct {
        const char *rule;
        int32_t y;
        int mo, d;
        const char *want;
    } rows[] = {
        {"CST-8", 2024, 3, 1, "2024-02-29T16:00:00Z"},
        {"AAA3BBB,M10.3.0/0,M2.3.0/0", 2024, 10, 20, "2024-10-20T03:00:00Z"}, /* starts at 01:00 */
        {"AAA3BBB,M10.3.0/0,M2.3.0/0", 2024, 2, 18,
         "2024-02-18T03:00:00Z"}, /* 00:00 -> 23:00 the day before */
        {"AAA5BBB,M3.5.0/-0:30,M10.5.0", 2024, 3, 31,
         "2024-03-31T04:30:00Z"}, /* 23:30 -> 00:30: starts there */
        {"AAA5BBB,M3.2.0,M11.1.0/0:30", 2024, 11, 3,
         "2024-11-03T04:00:00Z"}, /* 00:30 -> 23:30: the first 00:00 */
        {"AAA5BBB,M3.2.0,M11.1.0/1", 2024, 11, 3, "2024-11-03T04:00:00Z"}, /* 00:00 twice: the first */
    };
    char text[32];
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct zone *z = zone_posix(rows[i].rule);
        int32_t day = days_from_civil(rows[i].y, rows[i].mo, rows[i].d);
        int64_t start = zone_day_start(z, day);
        datetime_format(start, text);
        CHECK_ROW(strcmp(text, rows[i].want) == 0, i, text);
        CHECK_ROW(zone_day(z, start) == day && zone_day(z, start - 1) == day - 1, i, text);
        zone_free(z);
    }
}

static void
test_datetime_parse(void **state)
{
    static const struct {
        const char *in, *want; /* zone: UTC+8 */
    } rows[] = {
        {"2024-03-01T08:26:00.123Z", "2024-03-01T08:26:00.123Z"},
        {"2024-03-01t08:26:00z", "2024-03-01T08:26:00Z"},
        {"2024-03-01T08:26:00+08:00", "2024-03-01T00:26:00Z"},
        {"2024-03-01T08:26:00-0330", "2024-03-01T11:56:00Z"},
        {"2024-03-01T08:26+08", "2024-03-01T00:26:00Z"},
        {"2024-03-01T08:26:00.5", "2024-03-01T00:26:00.500Z"},
        {"2024-03-01 08:26", "2024-03-01T00:26:00Z"},
        {"2024-03-01 08:26:59", "2024-03-01T00:26:59Z"},
        {"2024-03-01 08:26:59.9999999", "2024-03-01T00:26:59.999Z"},
        {"2024-03-01 08:26:00.01", "2024-03-01T00:26:00.010Z"},
        {"2024-03-01", "2024-02-29T16:00:00Z"},
        {"2024年3月1日", "2024-02-29T16:00:00Z"},
        {"2024/3/1 08:26", "2024-03-01T00:26:00Z"},
        {"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
        {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
        {"9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"},
        {"0001-01-01T00:00:00+00:01", NULL},
        {"9999-12-31T23:59:59-00:01", NULL},
        {"0001-01-01", NULL}, /* in UTC it is year 0 */
        {"2024-03-01T24:00:00Z", NULL},
        {"2024-03-01T08:60:00Z", NULL},
        {"2024-03-01T08:00:60Z", NULL},
        {"2024-03-01T8:00:00Z", NULL},
        {"2024-03-01T08Z", NULL},
        {"2024-03-01T", NULL},
        {"2024-03-01Z", NULL},
        {"2024-03-01T08:26:00.Z", NULL},
        {"2024-03-01T08:26:00+24:00", NULL},
        {"2024-03-01T08:26:00+08:60", NULL},
        {"2024-03-01T08:26:00+08:", NULL},
        {"2024-03-01T08:26:00+8", NULL},
        {"2024-03-01T08:26:00Zx", NULL},
        {"2024-03-01T08:26:00 +08:00", NULL},
        {"2024-02-30T08:26:00Z", NULL},
        {"2024-03-0108:26", NULL},
        {"08:26", NULL},
        {"", NULL},
    };
    struct zone *z = zone_posix("CST-8");
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t ms = 77;
        char text[32];
        CHECK_ROW(datetime_parse(strv_of(rows[i].in), z, &ms) == (rows[i].want != NULL), i, rows[i].in);
        datetime_format(ms, text);
        CHECK_ROW(rows[i].want ? strcmp(text, rows[i].want) == 0 : ms == 77, i, text);
    }
    char text[32];
    datetime_format_local(utc_ms(2024, 3, 1, 16, 30), z, text);
    assert_string_equal(text, "2024-03-02 00:30");
    datetime_format_local(-1, z, text);
    assert_string_equal(text, "1970-01-01 07:59");
    zone_free(z);
}

static void
test_format_extremes(void **state)
{
    char text[32], date[16];
    (void)state;
    datetime_format(INT64_MIN, text);
    assert_true(strlen(text) < 32 && text[0] == '-');
    datetime_format(INT64_MAX, text);
    assert_true(strlen(text) < 32);
    date_format(INT32_MIN, date);
    assert_true(strlen(date) < 16 && date[0] == '-');
    date_format(INT32_MAX, date);
    assert_string_equal(date, "5881580-07-11");
    datetime_format(0, text);
    assert_string_equal(text, "1970-01-01T00:00:00Z");
    datetime_format(-1, text);
    assert_string_equal(text, "1969-12-31T23:59:59.999Z");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calendar),       cmocka_unit_test(test_date_parse),
        cmocka_unit_test(test_posix_rules),    cmocka_unit_test(test_bad_rules),
        cmocka_unit_test(test_transitions),    cmocka_unit_test(test_hostile_files),
        cmocka_unit_test(test_local_times),    cmocka_unit_test(test_day_start),
        cmocka_unit_test(test_datetime_parse), cmocka_unit_test(test_format_extremes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
