/* Bar intervals: "5m", "1d", "1mo", "tick:500", "range:0.25". */
#ifndef TN_RECORD_INTERVAL_H
#define TN_RECORD_INTERVAL_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum interval_unit {
    INTERVAL_NONE,
    INTERVAL_SECOND,
    INTERVAL_MINUTE,
    INTERVAL_HOUR,
    INTERVAL_DAY,
    INTERVAL_WEEK,
    INTERVAL_MONTH,
    INTERVAL_TICK,
    INTERVAL_VOLUME,
    INTERVAL_VALUE,
    INTERVAL_RANGE, /* high less low, in prices */
    INTERVAL_RENKO, /* the size of a brick, in prices */
    INTERVAL_UNITS
};

struct interval {
    enum interval_unit unit;
    int64_t count; /* 5 of "5m"; 1–1 000 000 000; of range and renko a dec, up to a million */
};

#define INTERVAL_TEXT_MAX 32

/* Accepts N s|m|h|d|w|mo and tick:N volume:N value:N range:PRICE renko:PRICE; whole text. Seconds and minutes become
 * the longest unit that holds them (60m is 1h), so that equal intervals have one text. */
int interval_parse(struct interval *result, const char *text, size_t length, struct error *error);
size_t interval_format(char text[static INTERVAL_TEXT_MAX], struct interval interval);
static inline bool interval_equal(struct interval a, struct interval b)
{
    return a.unit == b.unit && a.count == b.count;
}

/* Whether a count can be one of the unit: for what comes from outside. */
bool interval_count_is_valid(enum interval_unit unit, int64_t count);
/* Of ticks, volume, value or prices: bars of trades, of which several may start at the same time. */
bool interval_is_counted(struct interval interval);
/* 1d and longer: their bars belong to sessions. */
bool interval_is_daily(struct interval interval);
/* start + interval on the UTC time line (months by the calendar); start itself for bars of trades;
 * INT64_MAX when that is past the end of time. */
int64_t interval_end(struct interval interval, int64_t start);
/* -1, 0, 1: finer first; of kinds that cannot be compared, by unit. */
int interval_compare(struct interval a, struct interval b);

#endif
