/* The dates and times that people put into CSV files, read as what they say and no more. */
#ifndef TN_FEED_CSV_TIME_H
#define TN_FEED_CSV_TIME_H

#include "base/error.h"
#include "base/str.h"
#include "base/zone.h"

#include <stddef.h>
#include <stdint.h>

#define CSV_YEAR_FIRST 1900
#define CSV_YEAR_LAST  2261

enum csv_time_kind {
    CSV_DATE,  /* a date alone */
    CSV_LOCAL, /* date and time of day, of a zone that is not written, or only named */
    CSV_EXACT  /* with an offset, or an epoch count: one moment */
};

/* In which order a date of three numbers is written; a set of them is what a text can be. */
enum csv_dates {
    DATES_ANY = 0, /* decide by the text: day first with dots, else month first, whatever makes a date */
    DATES_MDY = 1,
    DATES_DMY = 2,
    DATES_YMD = 4, /* of years with two digits; four digits first need no order */
};

struct csv_time {
    enum csv_time_kind kind;
    unsigned char orders; /* the set under which the text is a date; 0 when it leaves no choice */
    bool dotted;          /* 28.6.2024: day first, unless another row proves otherwise */
    int64_t local;        /* as written, as if it were UTC, ns */
    int64_t time;         /* CSV_EXACT: the moment, ns UTC */
    struct str zone;      /* CSV_LOCAL: a zone's name behind it, as in 09:30:00 US/Eastern; "" without */
};

/* Reads, whole text, blanks around it allowed:
 *     2026-11-20  2026/11/20  20261120  11/20/2026  11/20/26  20.11.2026  20-11-2026  20-Nov-2026  20 November 2026
 *     Nov 20, 2026  Fri, 20 Nov 2026
 *     any of them with a time (`T`, blanks, a comma or a semicolon between): 9:30  09:30:00  09:30:00.123456789  0930
 *     093000  930  9:30 PM
 *     and any of those with an offset, Z  UTC  GMT  +09:00  -0500  +1  EST  EDT, or a zone's name
 *     20261120093000  202611200930  seconds, ms, µs or ns since 1970 (9–10, 11–13, 14–16, 17–19 digits), seconds also
 *     with a fraction
 * Months are named in English, German, French or Spanish; years of two digits are 1970–2069. A date that does not exist
 * under `dates` is refused. */
int csv_time_parse(struct csv_time *result, const char *text, size_t length, enum csv_dates dates, struct error *error);

/* The moment it means, local times in `zone`. */
int64_t csv_time_moment(const struct csv_time *time, const struct zone *zone);
/* Wall-clock nanoseconds in `zone`. `as_written`: a midnight with an offset is that date's, whatever zone it is of: so
 * libraries write days. */
int64_t csv_time_local(const struct csv_time *time, const struct zone *zone, bool as_written);
/* The date of that (days since 1970), a midnight as written. */
int64_t csv_time_date(const struct csv_time *time, const struct zone *zone);
/* Is it a local time that `zone` never shows, in the hour that is left out in spring? */
bool csv_time_is_skipped(const struct csv_time *time, const struct zone *zone);

/* "MDY", "day/month/year" and the like for messages. */
const char *csv_dates_text(enum csv_dates dates);

#endif
