/* How long the bars of a file are: concluded from all its times, so that an odd row does not decide. */
#ifndef TN_FEED_CSV_INTERVAL_H
#define TN_FEED_CSV_INTERVAL_H

#include "record/interval.h"

struct csv_grid {
    struct interval interval;
    int64_t length;      /* of an intraday bar, ns; 0 for days and longer */
    int64_t time_of_day; /* of days and longer: at which nearly all rows are, ns */
    int64_t phase;       /* intraday: what nearly all times leave when divided by the length */
};

/* `local`: wall-clock nanoseconds in the order of the file, `moment`: the same in UTC, so that a change of the clock is
 * no odd distance. INTERVAL_NONE where one row, or none, leaves it open.
 *
 * Days and longer: nearly all rows have one time of day. Weeks, months, quarters and years: nearly all distances are
 * such, rows of days behind the last one aside. Else the most frequent distance that divides most of them, and if there
 * is none the longest usual interval that divides nearly all. Fewer than five rows leave no room for an odd one. */
struct csv_grid csv_grid_find(const int64_t *local, const int64_t *moment, size_t count);

#endif
