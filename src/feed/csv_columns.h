/* Which column of a CSV file is what. */
#ifndef TN_FEED_CSV_COLUMNS_H
#define TN_FEED_CSV_COLUMNS_H

#include "feed/csv_rows.h"

enum csv_column {
    COLUMN_NONE, /* unknown, or known and not used */
    COLUMN_TIME,
    COLUMN_TIME_OF_DAY, /* beside a date column */
    COLUMN_SYMBOL,
    COLUMN_OPEN,
    COLUMN_HIGH,
    COLUMN_LOW,
    COLUMN_CLOSE,
    COLUMN_ADJUSTED_CLOSE, /* not read, but held against the close; a row may end before it */
    COLUMN_VWAP,
    COLUMN_VOLUME,
    COLUMN_TICKS, /* MetaTrader's count of price changes: the volume where there is no other */
    COLUMN_TRADES,
    COLUMN_INTEREST,
    COLUMN_DIVIDEND,
    COLUMN_SPLIT,
    CSV_COLUMNS
};

struct csv_columns {
    int at[CSV_COLUMNS]; /* the position of each, -1 when it is not there */
    int count;           /* columns of the header */
    int needed;          /* up to and including the last one that is used */
    bool utc;            /* the header says that its times are those of UTC */
};

/* The name as it is compared: letters and digits, lower case, without the number in front and what is in brackets
 * behind; "" when it has none, or more than 31. */
void csv_plain_name(char plain[static 32], struct str name);

/* Is it the name of some column? */
bool csv_columns_know(struct str name);

/* Time, open, high, low and close must be there, and nothing twice. Capitals, blanks, punctuation and leading numbers
 * of the names do not count: "Adj Close", "adj_close" and "5. adjusted close" are one. */
int csv_columns_find(struct csv_columns *columns, const struct str *header, int count, struct error *error);
/* The same from a list such as "time,open,high,low,close,-,volume", by place; EXIT_USAGE. */
int csv_columns_name(struct csv_columns *columns, const char *list, struct error *error);

#endif
