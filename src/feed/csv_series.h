/* The rows of one symbol from a CSV file, put together: order, interval, sessions, corporate actions. */
#ifndef TN_FEED_CSV_SERIES_H
#define TN_FEED_CSV_SERIES_H

#include "feed/csv_file.h"
#include "feed/feed.h"

struct csv_entry {
    uint64_t line;
    struct csv_time time;
    int64_t start, end; /* after csv_series_finish: of the bar, ns UTC */
    int64_t date;       /* the session's */
    dec open, high, low, close, vwap;
    double volume, trades;
    dec dividend;
    int64_t new_shares, old_shares;
};

struct csv_series {
    struct csv_entry *entry;
    size_t count, capacity;
    int rounded;
    struct interval interval; /* of the file */
    bool finished;
};

void csv_series_clear(struct csv_series *series);
int csv_series_add(struct csv_series *series, const struct csv_row *row, struct error *error);
/* Turns the rows round when the file has the newest first, finds the interval, and keeps the rows that follow each
 * other in time and lie in a session of the request's calendar; the others go to request->bad. EXIT_INPUT when the
 * file's interval is coarser than the asked one, or when a split is in the file but not in its "raw" prices. */
int csv_series_finish(struct csv_series *series, const char *file, const char *symbol,
                      const struct feed_request *request, struct error *error);

#endif
