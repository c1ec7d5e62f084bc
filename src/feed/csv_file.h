/* One CSV file of bars, read row by row in one format, which is decided for the whole file: prices exact, bad rows
 * reported with their line. What the rows mean together (order, interval, sessions) is left to csv_series.h. */
#ifndef TN_FEED_CSV_FILE_H
#define TN_FEED_CSV_FILE_H

#include "base/dec.h"
#include "feed/csv_format.h"
#include "market/calendar.h"

struct csv_row {
    uint64_t line; /* from 1, the header's included */
    bool has_time; /* false in a bad row whose time is not known */
    struct csv_time time;
    struct str symbol;                      /* "" without such a column; lives as long as the text */
    dec open, high, low, close, vwap;       /* all DEC_NONE: no bar, the row has no prices */
    double volume, trades, ticks, interest; /* NaN when absent */
    dec dividend;                           /* cash per share; 0 for none */
    int64_t new_shares, old_shares;         /* of a split; 0 for none */
    int rounded;                            /* how many of its prices had more than 8 digits */
};

struct csv_reading {
    struct csv_options options;
    const struct calendar *calendar; /* decides between orders of day and month that are both possible */
    const struct zone *zone;         /* of local times */
    /* Called in order. -1 with an error stops the reading. */
    int (*row)(void *context, const struct csv_row *row, struct error *error);
    /* A row that does not hold together; 0 to go on (after clearing the error), -1 to stop. */
    int (*bad)(void *context, const struct csv_row *row, struct error *error);
    /* All that was reported was read in the wrong format and comes again. */
    void (*restart)(void *context);
    void *context;
};

/* What there is to say about a file that was read. */
struct csv_facts {
    struct csv_format format;
    char zone[64];          /* that its times name; "" when they name none */
    bool exact;             /* times have offsets, or are epoch counts */
    int remarks;            /* lines of text among the rows */
    bool close_adjusted;    /* an adjusted close beside the close is another price */
    bool dates_by_sessions; /* the order of day and month is the one under which every date is a session */
};

/* 0 when the whole file was read; EXIT_INPUT when it is no CSV file of bars, or when nothing in it says how its dates
 * or numbers are to be read. */
int csv_file_read(struct str text, const struct csv_reading *reading, struct csv_facts *facts, struct error *error);

/* "7", "7.0", "7:1", "0.5", "3/2" as new and old shares; 0, 1 and "" are no split (both 0). */
int csv_split_parse(int64_t *new_shares, int64_t *old_shares, struct str text, struct error *error);

#endif
