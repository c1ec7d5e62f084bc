/* The dates and times that people put into CSV files, read as what they say and no more. */
#ifndef TN_FEED_CSV_TIME_H
#define TN_FEED_CSV_TIME_H

#include "base/error.h"
#include "base/zone.h"

#include <stddef.h>
#include <stdint.h>

enum csv_time_kind {
    CSV_DATE,  /* a date alone */
    CSV_LOCAL, /* date and time of day, of a zone that is not written */
    CSV_EXACT  /* with an offset, or an epoch count: one moment */
};

struct csv_time {
    enum csv_time_kind kind;
    int64_t local; /* as written, as if it were UTC, ns */
    int64_t time;  /* CSV_EXACT: the moment, ns UTC */
};

/* Reads, whole text, blanks around it allowed:
 *     2026-11-20  2026/11/20  20261120  11/20/2026  11/20/26  20.11.2026  20-Nov-2026
 *     any of them with a time (`T`, blanks or a comma between): 9:30  09:30:00  09:30:00.123456789  0930  093000  9:30
 * PM and any of those with an offset: Z  UTC  +09:00  -0500  +1 20261120093000  202611200930 seconds, ms, µs or ns
 * since 1970 (9–10, 11–13, 14–16, 17–19 digits), seconds also with a fraction Slashes mean month first, dots day first;
 * two-digit years are 1970–2069. A date that does not exist is refused. */
int csv_time_parse(struct csv_time *result, const char *text, size_t length, struct error *error);

/* The moment it means, local times in `zone`. */
int64_t csv_time_moment(const struct csv_time *time, const struct zone *zone);
/* The session date it means (days since 1970): the date as written when it is a midnight or a bare date, else the date
 * in `zone` at that moment. */
int64_t csv_time_date(const struct csv_time *time, const struct zone *zone);

#endif
