/* How a CSV file is written: what a look at its first lines tells, and what the user says. */
#ifndef TN_FEED_CSV_FORMAT_H
#define TN_FEED_CSV_FORMAT_H

#include "feed/csv_columns.h"
#include "feed/csv_time.h"

/* What the user says about a file; all of it may be left open. */
struct csv_options {
    const char *columns;  /* names by place, NULL: the file's header, or its shape */
    enum csv_dates dates; /* DATES_ANY: the file decides */
    char decimal;         /* '.' or ',', '\0': the file decides */
};

struct csv_format {
    char separator;
    char decimal;
    bool decimal_sure; /* said by the user, or proved by a number */
    bool headerless;
    bool history;         /* yfinance's Ticker.history(): dividends and splits without an adjusted close beside them */
    bool download;        /* yfinance's download(): three lines of header */
    bool adjusted_beside; /* an adjusted close is there */
    enum csv_dates dates; /* of all rows; DATES_ANY: no date needs an order, or it is not decided yet */
    bool month_first;     /* the header is of a vendor that writes the month first */
    int skip;             /* rows before the first bar */
    struct csv_columns columns;
};

/* Looks at the first rows. EXIT_INPUT when they are not those of bars. The text must not be empty. */
int csv_format_find(struct csv_format *format, struct str text, const struct csv_options *options, struct error *error);

/* "comma", "semicolon" … */
const char *csv_separator_name(char separator);
/* The separator of a text, from its first line that says one. */
char csv_separator_find(struct str text);

#endif
