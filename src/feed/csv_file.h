/* One CSV file of bars, read row by row: header names in any usual spelling, prices exact, bad rows reported with their
 * line. What the rows mean together (order, interval, sessions) is left to csv.c. */
#ifndef TN_FEED_CSV_FILE_H
#define TN_FEED_CSV_FILE_H

#include "base/dec.h"
#include "base/str.h"
#include "feed/csv_time.h"

struct csv_row {
    uint64_t line; /* from 1, the header's included */
    struct csv_time time;
    struct str symbol; /* "" without such a column; lives until the next row */
    dec open, high, low, close, vwap;
    double volume, trades;          /* NaN when absent */
    dec dividend;                   /* cash per share; 0 for none */
    int64_t new_shares, old_shares; /* of a split; 0 for none */
    int rounded;                    /* how many of its prices had more than 8 digits */
};

struct csv_reading {
    /* Called in order. -1 with an error stops the reading. */
    int (*row)(void *context, const struct csv_row *row, struct error *error);
    /* A row that does not hold together; 0 to go on (after clearing the error), -1 to stop. */
    int (*bad)(void *context, uint64_t line, struct error *error);
    void *context;
};

/* 0 when the whole file was read; EXIT_UNAVAILABLE when it is not there, EXIT_INPUT when it is no CSV file of bars. */
int csv_file_read(const char *path, const struct csv_reading *reading, struct error *error);
/* Does its header have a symbol column? 1, 0, or -1 as csv_file_read. */
int csv_file_has_symbols(const char *path, struct error *error);

/* "7", "7.0", "7:1", "0.5", "3/2" as new and old shares; 0, 1 and "" are no split (both 0). */
int csv_split_parse(int64_t *new_shares, int64_t *old_shares, struct str text, struct error *error);

#endif
