/* A table of answers: aligned text for a terminal, NDJSON, CSV or TSV for everything else.
 *
 *     static const struct column columns[] = {{"symbol", NULL, COLUMN_TEXT}, {"pnl", "P&L", COLUMN_DEC, .sign = true}};
 *     struct table *table = table_new("trade_result", columns, 2, error);
 *     table_text(table, "AAPL"); table_dec(table, pnl);                 … cell by cell, row by row
 *     table_show(table, &style, error);
 *     table_free(table);
 *
 * The keys are a promise (JSON keys and CSV headings, stable); titles and the look of the table are not. Adding never
 * fails: a table that ran out of memory remembers it and table_render says so. */
#ifndef TN_SHOW_TABLE_H
#define TN_SHOW_TABLE_H

#include "base/buf.h"
#include "base/dec.h"
#include "base/error.h"
#include "base/zone.h"
#include "show/style.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum column_kind {
    COLUMN_TEXT,
    COLUMN_RAW,      /* JSON text, carried as it is */
    COLUMN_DEC,      /* as many digits as the longest needs, at least `digits` */
    COLUMN_DOUBLE,   /* rounded to `digits` in the table, shortest exact form elsewhere */
    COLUMN_FRACTION, /* a double; 0.053 is shown as 5.3 % with digits = 1 */
    COLUMN_COUNT,    /* an integer */
    COLUMN_TIME,     /* ns; shown to the second in the style's zone, written as RFC 3339 Z */
    COLUMN_DATE      /* a time shown as the date in the style's zone */
};

struct column {
    const char *key;   /* JSON key and CSV heading */
    const char *title; /* in the table; NULL: the key with spaces for underscores */
    enum column_kind kind;
    int digits;     /* fraction digits, see above */
    bool sign;      /* + and - always shown, green and red */
    bool data_only; /* not in the table */
    bool optional;  /* in the table only when a cell of it is not empty */
    bool right;     /* text that is set to the right: figures of several units */
    /* Where the table is wider than the terminal: a folded text goes on a line of its own below the row; then columns
     * are left out, those of the highest rank first (9 … 1; 0: never), and times lose their hours. The foot says what
     * is missing. */
    bool fold;
    int rank;
};

enum tone { TONE_NONE, TONE_GOOD, TONE_BAD, TONE_WARNING, TONE_QUIET };

struct table;

/* `type` is the first field of every JSON line; NULL for none. The columns must outlive the table. */
struct table *table_new(const char *type, const struct column *columns, int count, struct error *error);
void table_free(struct table *table);
/* Where it is wider than the terminal: columns stand below each other, in groups, each beside the first column. */
void table_stack(struct table *table);

/* The next cell; its kind must be the column's (require). "" is an empty cell, as are DEC_NONE, NaN and TIME_NONE:
 * "–" in the table, null in JSON, nothing in CSV. Text is copied. */
void table_text(struct table *table, const char *text);
void table_str(struct table *table, struct str text);
void table_dec(struct table *table, dec value);
void table_double(struct table *table, double value);
void table_count(struct table *table, int64_t value);
void table_time(struct table *table, int64_t time);
void table_none(struct table *table);
/* Colour of the cell added last: never the only sign of what it says. */
void table_tone(struct table *table, enum tone tone);
size_t table_rows(const struct table *table);
/* -1 when memory ran out for some cell: rows are missing, table_rows counts those that are there. */
int table_check(const struct table *table, struct error *error);

/* Append the exact text of a dec with at least `digits` fraction digits, as in the cells of a column; `sign`: + too. */
void table_dec_add(struct buf *out, dec value, int digits, bool sign);

/* Append the table as the style says. A row that is not complete is a bug (require). */
int table_render(const struct table *table, const struct style *style, struct buf *out, struct error *error);
/* The same to standard output. */
int table_show(const struct table *table, const struct style *style, struct error *error);
/* The same, but to people a table without rows is this sentence; data have their head. */
int table_show_or(const struct table *table, const char *nothing, const struct style *style, struct error *error);

#endif
