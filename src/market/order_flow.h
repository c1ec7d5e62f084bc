/* Who traded how much at which price, and how wide and deep the market was meanwhile: trades, quotes and books of one
 * symbol, interval after interval of a calendar.
 *
 * The side of a trade is the aggressor's where the venue says it; else by Lee and Ready ("Inferring Trade Direction
 * from Intraday Data", Journal of Finance 46, 1991): above the middle of the last quote bought, below it sold, at it
 * (and without a quote) as the last change of price went. A trade that is still undecided is in neither.
 *
 * The profile counts volume by rows of `tick`. The point of control is the row with the most volume; of equal ones that
 * nearest to the middle of the range, then the lower. The value area grows from it by the larger of the two rows above
 * and the two below, the upper where they are equal, until it holds `area` of the volume; rows without
 * trades are passed over (Steidlmayer's Market Profile:
 * Chicago Board of Trade, "CBOT Market Profile", 1991). Spreads and depths are weighted by the time they stood. */
#ifndef TN_MARKET_ORDER_FLOW_H
#define TN_MARKET_ORDER_FLOW_H

#include "base/buf.h"
#include "market/bar_times.h"
#include "record/types.h"

#define FLOW_ROWS_MAX 100000

struct flow_terms {
    struct interval interval; /* of time: 1s to 24h, or 1d */
    const struct calendar *calendar;
    bool extended;
    dec tick;    /* height of a row */
    dec large;   /* a trade of at least this quantity is large; 0: none is */
    double area; /* share of the volume in the value area: 0.7 */
};

struct flow_row {
    int64_t row; /* price / tick, rounded down */
    dec_wide buy, sell, other;
};

/* A figure that stands until the next one. */
struct flow_level {
    double value;        /* NAN: unknown */
    double weighted, ns; /* sum of value times ns, and of these */
    double low, high;
};

struct flow_meter {
    struct flow_terms terms;
    char symbol[SYMBOL_SIZE];
    struct bar_slot slot;
    bool open;     /* the interval has begun */
    int64_t until; /* intervals that ended by then are out */
    int64_t day;   /* of the session of `session_delta` */
    dec_wide session_buy, session_sell;
    struct flow_row *row; /* by rising price */
    size_t rows, capacity;
    dec_wide buy, sell, volume, value, large;
    dec largest;
    int64_t trades, larges, quotes;
    /* since when the levels stand, and what they are */
    int64_t since;
    struct flow_level spread, bid, ask, imbalance;
    double effective; /* sum of twice the distance from the middle times quantity */
    double effective_quantity;
    dec mid2;       /* twice the middle of the last quote, DEC_NONE before the first */
    dec last_price; /* and the direction of its last change */
    int direction;
};

enum flow_fate { FLOW_USED, FLOW_LATE, FLOW_OUTSIDE };

/* EXIT_USAGE for an interval that is not of time, or longer than a day. */
int flow_init(struct flow_meter *flow, const struct flow_terms *terms, const char *symbol, struct error *error);
void flow_clear(struct flow_meter *flow);
/* What comes; time must have been advanced to it. -1: a date that the calendar does not know, or sums too large
 * (EXIT_INPUT). */
int flow_trade(struct flow_meter *flow, const struct trade *trade, enum flow_fate *fate, struct error *error);
/* The best prices and what stands at them; of a book the sums of its levels. DEC_NONE or NAN: unknown, nothing
 * stands. */
int flow_quote(struct flow_meter *flow, int64_t time, dec bid, double bid_size, dec ask, double ask_size,
               enum flow_fate *fate, struct error *error);
/* Time has come to a moment: 1 when that ends the interval; *out is what was in it. 0: not yet, or there was nothing.
 * INT64_MAX ends it. */
int flow_advance(struct flow_meter *flow, int64_t moment, struct order_flow *out);
/* Append [[price, bought, sold, undecided], …] of the rows of the interval that ended last, by falling price. */
void flow_rows(const struct flow_meter *flow, struct buf *out);

#endif
