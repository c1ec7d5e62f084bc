/* Which column of a CSV header is what. */
#ifndef TN_FEED_CSV_COLUMNS_H
#define TN_FEED_CSV_COLUMNS_H

#include "feed/csv_rows.h"

enum csv_column {
    COLUMN_NONE, /* known and not used, or unknown */
    COLUMN_TIME,
    COLUMN_TIME_OF_DAY, /* beside a date column */
    COLUMN_SYMBOL,
    COLUMN_OPEN,
    COLUMN_HIGH,
    COLUMN_LOW,
    COLUMN_CLOSE,
    COLUMN_VWAP,
    COLUMN_VOLUME,
    COLUMN_TRADES,
    COLUMN_DIVIDEND,
    COLUMN_SPLIT,
    CSV_COLUMNS
};

struct csv_columns {
    enum csv_column column[CSV_FIELDS_MAX]; /* by position */
    int at[CSV_COLUMNS];                    /* the position of each, -1 when it is not there */
    int count;                              /* columns of the header */
    int needed;                             /* up to and including the last one that is used */
};

/* The name as it is compared: letters and digits, lower case, without the number in front; "" when it has none, or more
 * than 31. */
void csv_plain_name(char plain[static 32], struct str name);

/* Time, open, high, low and close must be there, and nothing twice. Capitals, blanks, punctuation and leading numbers
 * of the names do not count: "Adj Close", "adj_close" and "5. adjusted close" are one. */
int csv_columns_find(struct csv_columns *columns, const struct str *header, int count, struct error *error);

#endif
