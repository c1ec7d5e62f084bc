/* The dates and times of CSV files. Expected moments were worked out with python3's datetime and zoneinfo. */
#include "base/time.h"
#include "feed/csv_time.h"
#include "tap.h"

static const struct {
    const char *text;
    enum csv_time_kind kind;
    const char *moment; /* in New York when no offset is written */
    const char *session;
} good[] = {
    {"2026-11-20", CSV_DATE, "2026-11-20T05:00:00Z", "2026-11-20"},
    {" 2026-11-20 ", CSV_DATE, "2026-11-20T05:00:00Z", "2026-11-20"},
    {"2026/7/4", CSV_DATE, "2026-07-04T04:00:00Z", "2026-07-04"},
    {"20261120", CSV_DATE, "2026-11-20T05:00:00Z", "2026-11-20"},
    {"11/20/2026", CSV_DATE, "2026-11-20T05:00:00Z", "2026-11-20"},
    {"1/3/2017", CSV_DATE, "2017-01-03T05:00:00Z", "2017-01-03"},
    {"01/03/17", CSV_DATE, "2017-01-03T05:00:00Z", "2017-01-03"},
    {"12/31/99", CSV_DATE, "1999-12-31T05:00:00Z", "1999-12-31"},
    {"20.11.2026", CSV_DATE, "2026-11-20T05:00:00Z", "2026-11-20"},
    {"20-Nov-2026", CSV_DATE, "2026-11-20T05:00:00Z", "2026-11-20"},
    {"2-JAN-98", CSV_DATE, "1998-01-02T05:00:00Z", "1998-01-02"},
    {"29/02/2024", CSV_DATE, "2024-02-29T05:00:00Z", "2024-02-29"}, /* there is no 29th month */
    {"13/01/2017", CSV_DATE, "2017-01-13T05:00:00Z", "2017-01-13"},
    {"Nov-20-2026", CSV_DATE, "2026-11-20T05:00:00Z", "2026-11-20"},
    {"Nov 20, 2026", CSV_DATE, "2026-11-20T05:00:00Z", "2026-11-20"},
    {"Fri, 20 Nov 2026", CSV_DATE, "2026-11-20T05:00:00Z", "2026-11-20"},
    {"28. Juni 2024", CSV_DATE, "2024-06-28T04:00:00Z", "2024-06-28"},
    {"1 f\xc3\xa9vr. 2024", CSV_DATE, "2024-02-01T05:00:00Z", "2024-02-01"},
    {"3 ene. 2024", CSV_DATE, "2024-01-03T05:00:00Z", "2024-01-03"},
    {"1969-12-31", CSV_DATE, "1969-12-31T05:00:00Z", "1969-12-31"},
    {"1962-01-02", CSV_DATE, "1962-01-02T05:00:00Z", "1962-01-02"},
    {"1970-01-01T00:00:00+01:00", CSV_EXACT, "1969-12-31T23:00:00Z", "1970-01-01"},
    {"20240301 93000", CSV_LOCAL, "2024-03-01T14:30:00Z", "2024-03-01"},
    {"03/01/2024 931", CSV_LOCAL, "2024-03-01T14:31:00Z", "2024-03-01"},
    {"2024-07-01 09:30 EDT", CSV_EXACT, "2024-07-01T13:30:00Z", "2024-07-01"},
    {"02/29/2024", CSV_DATE, "2024-02-29T05:00:00Z", "2024-02-29"},
    {"2014-06-09T09:30:00", CSV_LOCAL, "2014-06-09T13:30:00Z", "2014-06-09"},
    {"2014-06-09 9:30", CSV_LOCAL, "2014-06-09T13:30:00Z", "2014-06-09"},
    {"20140609 093000", CSV_LOCAL, "2014-06-09T13:30:00Z", "2014-06-09"},
    {"20140609 0930", CSV_LOCAL, "2014-06-09T13:30:00Z", "2014-06-09"},
    {"20140609093000", CSV_LOCAL, "2014-06-09T13:30:00Z", "2014-06-09"},
    {"201406090930", CSV_LOCAL, "2014-06-09T13:30:00Z", "2014-06-09"},
    {"06/09/2014, 9:30 AM", CSV_LOCAL, "2014-06-09T13:30:00Z", "2014-06-09"},
    {"06/09/2014 12:05 am", CSV_LOCAL, "2014-06-09T04:05:00Z", "2014-06-09"},
    {"06/09/2014 3:59:59 PM", CSV_LOCAL, "2014-06-09T19:59:59Z", "2014-06-09"},
    {"2013-10-11T08:11:15.725", CSV_LOCAL, "2013-10-11T12:11:15.725Z", "2013-10-11"},
    {"2026-11-20T00:00:00.1234567899Z", CSV_EXACT, "2026-11-20T00:00:00.123456789Z", "2026-11-19"},
    {"2026-11-20T09:30:00-05:00", CSV_EXACT, "2026-11-20T14:30:00Z", "2026-11-20"},
    {"2026-11-20T09:30:00 -0500", CSV_EXACT, "2026-11-20T14:30:00Z", "2026-11-20"},
    {"1990-01-02 00:00:00+00:00", CSV_EXACT, "1990-01-02T00:00:00Z", "1990-01-02"},
    {"2022-01-04 00:00:00+09:00", CSV_EXACT, "2022-01-03T15:00:00Z", "2022-01-04"},
    {"2022-01-04T05:00:00Z", CSV_EXACT, "2022-01-04T05:00:00Z", "2022-01-04"},
    {"2022-01-04T03:00:00Z", CSV_EXACT, "2022-01-04T03:00:00Z", "2022-01-03"},
    {"2022-01-04 14:30 UTC", CSV_EXACT, "2022-01-04T14:30:00Z", "2022-01-04"},
    {"1577836800", CSV_EXACT, "2020-01-01T00:00:00Z", "2020-01-01"},
    {"1577975400.5", CSV_EXACT, "2020-01-02T14:30:00.5Z", "2020-01-02"},
    {"946684800", CSV_EXACT, "2000-01-01T00:00:00Z", "2000-01-01"},
    {"1577975400000", CSV_EXACT, "2020-01-02T14:30:00Z", "2020-01-02"},
    {"946737000000", CSV_EXACT, "2000-01-01T14:30:00Z", "2000-01-01"},
    {"1577975400000001", CSV_EXACT, "2020-01-02T14:30:00.000001Z", "2020-01-02"},
    {"1577975400000000001", CSV_EXACT, "2020-01-02T14:30:00.000000001Z", "2020-01-02"},
};

static const char *const bad[] = {
    "",
    " ",
    "date",
    "2026-02-29",
    "2026-13-01",
    "13/13/2017",
    "2026-11-20x",
    "2026-11-20T",
    "2026-11-20T25:00",
    "2026-11-20T09:60",
    "2026-11-20T09:30:00+25:00",
    "2026-11-20T09:30:00+05:0",
    "2026-11-20 09:30 XM",
    "2026-11-20 13:30 PM",
    "1899-12-31",
    "9999-01-01",
    "12",
    "1234567",
    "12345678901234567890",
    "9999999999999999999",
    "-1577836800",
    "2026-11",
    "20261320",
    "Jui-20-2026",
    "20-Foo-2026",
    "2026-11-20\n",
    "$(date)",
};

int main(void)
{
    struct error error = {0};
    struct zone *zone = zone_open("America/New_York", &error);
    if (!check(zone != NULL, "New York is known"))
        return done();
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct csv_time time;
        error_clear(&error);
        const int got = csv_time_parse(&time, good[i].text, strlen(good[i].text), DATES_ANY, &error);
        char moment[TIME_TEXT_MAX] = "", session[TIME_TEXT_MAX] = "";
        if (got == 0) {
            time_format(moment, csv_time_moment(&time, zone));
            date_format(session, date_from_days(csv_time_date(&time, zone)));
        }
        if (!check(got == 0 && time.kind == good[i].kind && strcmp(moment, good[i].moment) == 0 &&
                       strcmp(session, good[i].session) == 0,
                   "'%s' is %s, session %s", good[i].text, good[i].moment, good[i].session))
            printf("# got %s, session %s (%s)\n", moment, session, error.text);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct csv_time time;
        error_clear(&error);
        check(csv_time_parse(&time, bad[i], strlen(bad[i]), DATES_ANY, &error) == -1 && error.code == EXIT_INPUT,
              "bad input %zu is refused", i + 1);
    }
    zone_free(zone);
    return done();
}
