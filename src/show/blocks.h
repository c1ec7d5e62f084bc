/* A report as its reader wants it: a text file, a block a line.
 *
 *     # Friday
 *     title The week of the breakout
 *     period week
 *     note What went wrong this week:
 *       losses of more than one R.
 *     table trades where r < -1
 *     chart equity vs SPY
 *
 * Lines that begin with blanks go on with the note above them. What a block is, is read here; tn-report page makes it.
 */
#ifndef TN_SHOW_BLOCKS_H
#define TN_SHOW_BLOCKS_H

#include "base/buf.h"
#include "base/error.h"
#include "record/types.h"

#define BLOCKS_BYTES_MAX ((size_t)1 << 20)
#define BLOCKS_MAX       200

enum page_what {
    PAGE_NOTE,
    PAGE_VERDICT,
    PAGE_GOALS,
    PAGE_FIGURES,
    PAGE_ASSUMPTIONS,
    PAGE_TRADES, /* table … */
    PAGE_ORDERS,
    PAGE_POSITIONS,
    PAGE_DRAWDOWNS,
    PAGE_EQUITY, /* chart … */
    PAGE_MONTHS,
    PAGE_ROLLING,
    PAGE_DISTRIBUTION,
    PAGE_GROUPS,
    PAGE_ALLOCATION,
    PAGE_COSTS,
    PAGE_CALENDAR,
    PAGE_CANDLES,
};

struct page_block {
    enum page_what what;
    size_t line;              /* of the file */
    char symbol[SYMBOL_SIZE]; /* of candles, or the benchmark of equity; "" for none */
    char *where;              /* of trades and orders; owned, NULL for all */
    char *text;               /* of a note; owned */
};

enum page_span { PAGE_SPAN_NONE, PAGE_SPAN_ALL, PAGE_SPAN_DAY, PAGE_SPAN_WEEK, PAGE_SPAN_MONTH, PAGE_SPAN_YEAR };

struct page {
    char title[160];
    enum page_span span;
    int64_t from, to; /* days since 1970, both of the page; INT64_MIN, INT64_MAX where it does not say */
    struct page_block *block;
    size_t blocks, capacity;
};

/* EXIT_USAGE names the line by `name` and its number; of a file without a block too. A page to be cleared whatever
 * comes. */
int page_parse(struct page *page, struct str text, const char *name, struct error *error);
int page_read(struct page *page, const char *file, struct error *error);
void page_clear(struct page *page);

#endif
