/* Moments and civil dates.
 *
 * A time is an int64 count of nanoseconds since 1970-01-01T00:00:00Z, years 1900 to 2262; TIME_NONE is "not known".
 * The civil calendar is the proleptic Gregorian one (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
#ifndef TN_BASE_TIME_H
#define TN_BASE_TIME_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define TIME_NONE     INT64_MIN
#define TIME_SECOND   INT64_C(1000000000)
#define TIME_MINUTE   (60 * TIME_SECOND)
#define TIME_HOUR     (60 * TIME_MINUTE)
#define TIME_DAY      (24 * TIME_HOUR)
#define TIME_FIRST    (-25567 * TIME_DAY) /* 1900-01-01 */
#define TIME_TEXT_MAX 32

struct date {
    int year, month, day; /* month and day from 1 */
};

/* Days since 1970-01-01 of a civil date (which must be valid), and back. */
int64_t date_to_days(struct date date);
struct date date_from_days(int64_t days);
bool date_is_valid(struct date date);
int date_weekday(int64_t days); /* 0 is Sunday */
int date_days_in_month(int year, int month);
/* "YYYY-MM-DD", whole text. */
int date_parse(struct date *result, const char *text, size_t length, struct error *error);
size_t date_format(char text[static TIME_TEXT_MAX], struct date date);

/* RFC 3339 with any offset ("2026-11-20T09:30:00.5-05:00", lower-case t and z too), up to 9 fraction digits, or a bare
 * date, which means its midnight UTC. A second of 60 (after 23:59:59 UTC only) is the first moment of the next minute.
 * Errors are EXIT_INPUT and leave *result alone. */
int time_parse(int64_t *result, const char *text, size_t length, struct error *error);
/* Does each of the times, which are known, come after the one before it? */
static inline bool times_rise(const int64_t *time, size_t count)
{
    int64_t down = -1; /* its sign is that of all differences; in one go, which the compiler does several at a time */
    for (size_t i = 1; i < count; i++)
        down &= time[i - 1] - time[i];
    return down < 0;
}

/* With `Z` and as many fraction digits as needed; returns the length without the NUL. Not for TIME_NONE. */
size_t time_format(char text[static TIME_TEXT_MAX], int64_t time);

int64_t time_now(void);       /* wall clock: for programs, never for pure layers */
int64_t time_monotonic(void); /* for time-outs and measuring */

#endif
