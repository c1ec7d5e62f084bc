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
    double volume, trades, ticks, interest;
    dec dividend;
    int64_t new_shares, old_shares;
};

/* A line that is no bar, and why. */
struct csv_bad_line {
    uint64_t line;
    int64_t time; /* TIME_NONE: not known */
    char *text, *hint;
};

struct csv_series {
    struct csv_entry *entry;
    size_t count, capacity;
    struct csv_entry *action; /* of rows without prices */
    size_t actions, actions_capacity;
    struct csv_bad_line *bad;
    size_t bad_count, bad_capacity;
    size_t empty, repeated, outside, unfinished; /* rows left out that are no fault */
    int rounded;
    struct interval interval; /* of the file */
    enum adjusted adjusted;   /* what its prices are */
    bool at_end;              /* the file stamps bars with their end */
    bool as_written;          /* most of its times are midnights: dates */
    bool utc;                 /* local times are those of UTC, as all lie in sessions then */
    bool finished;
};

void csv_series_clear(struct csv_series *series);
int csv_series_add(struct csv_series *series, const struct csv_row *row, struct error *error);
/* Takes over what is wrong with a row; the error is cleared. -1 only when out of memory. */
int csv_series_add_bad(struct csv_series *series, const struct csv_row *row, const struct zone *zone,
                       struct error *error);

/* Turns the rows round when the file has the newest first, finds the interval and whether stamps are starts or ends,
 * and keeps the rows that follow each other in time and lie in a session of the request's calendar. The others, and the
 * bad ones, go to request->bad as far as they lie in the asked range. EXIT_INPUT when the file's interval is coarser
 * than the asked one, or when a split is in the file but not in its "raw" prices; EXIT_UNAVAILABLE, with the cause,
 * when no bar is left. */
int csv_series_finish(struct csv_series *series, const char *file, const char *symbol, const struct csv_facts *facts,
                      const struct feed_request *request, struct error *error);

#endif
