/* Bars and actions in a file of columns, which is mapped instead of read: what a run takes most time for is done once.
 *
 * The file: a header; the series; the order of the records, as runs of bars of one series, with actions and anomalies
 * between them as lines; a checksum for each PACK_BLOCK values of each column; the columns. All numbers are little
 * endian, times ns UTC, prices counts of 1e-8, volumes doubles. `vwap`, `trades` and `source` of bars are not kept, no
 * strategy reads them. */
#ifndef TN_BACKTEST_PACK_H
#define TN_BACKTEST_PACK_H

#include "backtest/history.h"

#define PACK_VERSION 1
#define PACK_BLOCK   65536 /* values */

/* What the flow of records said that the file was made of. */
struct pack_source {
    bool complete; /* it came to its `end` */
};

/* Is it one? No: also where it cannot be read. */
bool pack_is(const char *path);
/* Writes what a history holds, after history_end; the file appears when all of it is there. */
int pack_write(const struct history *history, const struct pack_source *source, const char *path, struct error *error);
/* A history of the file, as if its records had been read, on these terms. NULL: EXIT_STATE: damaged, or of another
 * version; EXIT_INPUT: its bars do not fit the calendar. */
struct history *pack_open(const char *path, const struct backtest_options *terms, struct pack_source *source,
                          struct error *error);

#endif
