/* base/time: RFC 3339 in and out, and the civil calendar. Expected seconds are python3's
 * `calendar.timegm` and `datetime.date.toordinal`. */
#include "base/time.h"

#include "tap.h"

#include <stdlib.h>
#include <time.h>

struct reading {
    const char *text;
    int64_t time;
    const char *written;
};

static const struct reading readings[] = {
    {"1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"},
    {"2026-11-20T09:30:00.5-05:00", 1795185000500000000, "2026-11-20T14:30:00.5Z"},
    {"2026-11-20T14:30:00z", 1795185000000000000, "2026-11-20T14:30:00Z"},
    {"2026-11-20t14:30:00.000000001Z", 1795185000000000001, "2026-11-20T14:30:00.000000001Z"},
    {"2026-11-20T14:30:00.123456789Z", 1795185000123456789, "2026-11-20T14:30:00.123456789Z"},
    {"2026-11-20T14:30:00.120000000Z", 1795185000120000000, "2026-11-20T14:30:00.12Z"},
    {"2026-11-20T14:30:00-00:00", 1795185000000000000, "2026-11-20T14:30:00Z"},
    {"2026-11-20T20:00:00+05:30", 1795185000000000000, "2026-11-20T14:30:00Z"},
    {"1969-12-31T19:00:00-05:00", 0, "1970-01-01T00:00:00Z"},
    {"1969-12-31T23:59:59.5Z", -500000000, "1969-12-31T23:59:59.5Z"},
    {"1950-12-11T15:00:00Z", -601376400000000000, "1950-12-11T15:00:00Z"},
    {"1900-01-01T00:00:00Z", -2208988800000000000, "1900-01-01T00:00:00Z"},
    {"2000-01-01T00:30:00+01:00", 946683000000000000, "1999-12-31T23:30:00Z"},
    {"2026-11-20", 1795132800000000000, "2026-11-20T00:00:00Z"},
    {"1994-04-27", 767404800000000000, "1994-04-27T00:00:00Z"},
    {"2262-04-11T23:47:16.854775807Z", INT64_MAX, "2262-04-11T23:47:16.854775807Z"},
    {"2262-04-12T05:17:16+05:30", 9223372036000000000, "2262-04-11T23:47:16Z"},
};

/* RFC 3339 §5.8's own example, and what must not break: fault 27. */
static const struct reading rough_days[] = {
    {"1990-12-31T23:59:60Z", 662688000000000000, "1991-01-01T00:00:00Z"},
    {"1990-12-31T15:59:60-08:00", 662688000000000000, "1991-01-01T00:00:00Z"},
    {"2016-12-31T23:59:60.75Z", 1483228800000000000, "2017-01-01T00:00:00Z"},
    {"2024-02-29T12:00:00Z", 1709208000000000000, "2024-02-29T12:00:00Z"},
    {"2000-02-29", 951782400000000000, "2000-02-29T00:00:00Z"},
    {"2025-12-31T23:59:59.999999999Z", 1767225599999999999, "2025-12-31T23:59:59.999999999Z"},
    {"2026-01-01T00:00:00Z", 1767225600000000000, "2026-01-01T00:00:00Z"},
    {"2038-01-19T03:14:07Z", 2147483647000000000, "2038-01-19T03:14:07Z"},
    {"2038-01-19T03:14:08Z", 2147483648000000000, "2038-01-19T03:14:08Z"},
    {"2106-02-07T06:28:16Z", 4294967296000000000, "2106-02-07T06:28:16Z"},
    {"2100-03-01", 4107542400000000000, "2100-03-01T00:00:00Z"},
};

static const char *const refusals[] = {
    "",
    "2026",
    "2026-11",
    "2026-11-2",
    "2026-1-20",
    "2026-13-01",
    "2026-00-01",
    "2026-11-00",
    "2026-11-31",
    "2023-02-29",
    "2100-02-29",
    "2026/11/20",
    "+026-11-20",
    "2026-11-20T",
    "2026-11-20 14:30:00Z",
    "2026-11-20T14:30Z",
    "2026-11-20T14:30:00",
    "2026-11-20T14:30:00 ",
    "2026-11-20T14:30:00ZZ",
    "2026-11-20T14:30:00Z ",
    " 2026-11-20T14:30:00Z",
    "2026-11-20T24:00:00Z",
    "2026-11-20T14:60:00Z",
    "2026-11-20T14:30:61Z",
    "2026-11-20T14:30:60Z", /* no leap second can be there */
    "2026-11-20T23:59:60+01:00",
    "2026-11-20T14:30:00.Z",
    "2026-11-20T14:30:00.1234567890Z",
    "2026-11-20T14:30:00,5Z",
    "2026-11-20T14:30:00+5:00",
    "2026-11-20T14:30:00+0500",
    "2026-11-20T14:30:00+24:00",
    "2026-11-20T14:30:00+05:60",
    "2026-11-20T14:30:00+05",
    "2026-11-20T1a:30:00Z",
    "2026-11-20T-1:30:00Z",
    "20261120T143000Z",
    "1899-12-31T23:59:59.999999999Z",
    "1900-01-01T00:00:00+00:01",
    "2262-04-11T23:47:16.854775808Z",
    "2262-04-11T23:47:17Z",
    "9999-12-31T23:59:59Z",
    "0000-00-00",
};

static void check_readings(const struct reading *reading, size_t count, const char *what)
{
    for (size_t i = 0; i < count; i++) {
        struct error error = {0};
        int64_t time = TIME_NONE;
        char text[TIME_TEXT_MAX];
        int status = time_parse(&time, reading[i].text, strlen(reading[i].text), &error);
        check(status == 0 && time == reading[i].time, "%s: reads %s", what, reading[i].text);
        size_t length = time_format(text, time);
        check(strcmp(text, reading[i].written) == 0 && length == strlen(text), "%s: writes %s", what,
              reading[i].written);
    }
}

static void test_refusals(void)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct error error = {0};
        int64_t time = 77;
        int status = time_parse(&time, refusals[i], strlen(refusals[i]), &error);
        check(status == -1 && error.code == EXIT_INPUT && time == 77, "refuses '%s'", refusals[i]);
    }
    struct error error = {0};
    int64_t time;
    check(time_parse(&time, "2026-11-20\0", 11, &error) == -1, "refuses a NUL after a date");
    error_clear(&error);
    time_parse(&time, "2023-02-29", 10, &error);
    check_text(error.text, "'2023-02-29' is not a time: there is no such day in that month", "the message says why");
}

static void test_dates(void)
{
    bool round = true, weekdays = true, order = true;
    struct date last = {0, 0, 0};
    /* 0001-01-01 to 9999-12-31; 0001-01-01 was a Monday. */
    for (int64_t days = -719162; days <= 2932896; days++) {
        struct date date = date_from_days(days);
        round &= date_is_valid(date) && date_to_days(date) == days;
        weekdays &= date_weekday(days) == (days + 719162 + 1) % 7;
        order &= date.year * 10000 + date.month * 100 + date.day > last.year * 10000 + last.month * 100 + last.day;
        last = date;
    }
    check(round && order, "fault-027: every date of the years 1 to 9999 goes to days and back, in order");
    check(weekdays, "every weekday of the years 1 to 9999");
    check(last.year == 9999 && last.month == 12 && last.day == 31, "the last of them is 9999-12-31");
    check(date_to_days((struct date){2000, 3, 1}) == 11017, "2000-03-01 is day 11017");
    check(date_to_days((struct date){1900, 1, 1}) == -25567, "1900-01-01 is day -25567");
    check(date_days_in_month(1900, 2) == 28 && date_days_in_month(2000, 2) == 29 && date_days_in_month(2024, 2) == 29 &&
              date_days_in_month(2026, 2) == 28 && date_days_in_month(2026, 11) == 30,
          "days in a month");

    struct error error = {0};
    struct date date = {0, 0, 0};
    char text[TIME_TEXT_MAX];
    check(date_parse(&date, "2026-11-20", 10, &error) == 0 && date.year == 2026 && date.month == 11 && date.day == 20,
          "a date is read");
    check(date_format(text, date) == 10 && strcmp(text, "2026-11-20") == 0, "and written");
    check(date_parse(&date, "2026-11-20T", 11, &error) == -1, "more than a date is refused");
    error_clear(&error);
    check(date_parse(&date, "2026-02-29", 10, &error) == -1 && error.code == EXIT_INPUT, "and a date that is not");
    check(!date_is_valid((struct date){2026, 0, 1}) && !date_is_valid((struct date){2026, 13, 1}) &&
              !date_is_valid((struct date){2026, 4, 31}) && date_is_valid((struct date){2026, 4, 30}),
          "validity of dates");
}

/* Every text that is written is read back as the same moment. */
static void test_round_trip(void)
{
    uint64_t seed = 20261120;
    bool same = true;
    for (int i = 0; i < 200000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        int64_t time = (int64_t)(seed >> 1);
        if (i % 3 == 0)
            time -= time % 1000000;
        if (i % 3 == 1)
            time -= time % TIME_SECOND;
        char text[TIME_TEXT_MAX];
        struct error error = {0};
        int64_t read = TIME_NONE;
        size_t length = time_format(text, time);
        same &= time_parse(&read, text, length, &error) == 0 && read == time && length < TIME_TEXT_MAX;
    }
    check(same, "200 000 random moments are written and read back");
}

static void test_tz(void)
{
    static const char *const zones[] = {"America/New_York", "Asia/Kolkata", "right/UTC", "nonsense:::", ""};
    bool same = true;
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        setenv("TZ", zones[i], 1);
        tzset();
        struct error error = {0};
        int64_t time = TIME_NONE;
        char text[TIME_TEXT_MAX];
        same &= time_parse(&time, "2026-07-01T12:00:00-04:00", 25, &error) == 0 && time == 1782921600000000000;
        time_format(text, time);
        same &= strcmp(text, "2026-07-01T16:00:00Z") == 0;
    }
    unsetenv("TZ");
    check(same, "fault-028: TZ does not change how times are read and written");
}

int main(void)
{
    check_readings(readings, sizeof readings / sizeof *readings, "RFC 3339");
    check_readings(rough_days, sizeof rough_days / sizeof *rough_days, "fault-027");
    test_refusals();
    test_dates();
    test_round_trip();
    test_tz();
    int64_t a = time_monotonic(), b = time_monotonic();
    check(b >= a && time_now() > 1700000000000000000, "the clocks run");
    return done();
}
