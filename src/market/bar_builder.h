/* Trades of one symbol in, closed bars out.
 *
 * Bars of time (1s to 24h, and 1d) lie in the slots of the calendar (bar_slot): anchored at the open, cut at the close,
 * with trades at [start, end). A bar without trades does not exist. It comes out when something later shows that it is
 * over: a trade at or after its end, or bar_builder_advance. Trades outside of the session are left out unless
 * `extended`; they still tell the time. The auction prints after the close are such trades.
 *
 * Bars of trades (tick:N), of volume (volume:N), of value (value:N, price × quantity) and of range (range:P, high less
 * low) come out with the trade that fills them; that trade is not divided. Their time is the first trade's, their end
 * the last one's (1 ns after the end of the bar before it where that is not later), and they run on over the night.
 * Renko bricks (renko:P, market/renko.h) are the same, but their prices are the edges of the brick and one trade may
 * complete several, the first of which has the volume. For all of them trades must come in the order of time.
 *
 * Prices and the volume-weighted price are exact (the latter rounded half-even to 1e-8). */
#ifndef TN_MARKET_BAR_BUILDER_H
#define TN_MARKET_BAR_BUILDER_H

#include "market/bar_times.h"
#include "market/renko.h"

enum trade_fate {
    TRADE_USED,
    TRADE_REORDERED, /* older than the trade before it, and still in time: the bar is as from sorted trades */
    TRADE_LATE,      /* its bar is out already, or it is of a bar of trades and out of order: left out */
    TRADE_OUTSIDE,   /* no session then, or outside its hours: left out */
};

struct bar_builder {
    struct interval interval;
    const struct calendar *calendar; /* the caller's */
    bool extended;
    bool open;
    int64_t newest;       /* the latest trade seen */
    int64_t closed_until; /* the end of the last bar that came out */
    struct slot slot;
    struct bar bar;
    int64_t first, last; /* moments of the trades that gave open and close */
    int64_t count;
    __int128 quantity, value; /* sums, in 1e-8 and 1e-16 */
    struct renko renko;
    int64_t bricks; /* that are complete and not given yet, below zero falling */
};

/* EXIT_USAGE for a week or month: those are resampled. */
int bar_builder_init(struct bar_builder *builder, struct interval interval, const struct calendar *calendar,
                     bool extended, struct error *error);
/* 1: *closed is a bar that is over; 0: none is. *fate says what became of the trade, in both cases. -1: a date the
 * calendar does not know, or a sum too large (EXIT_INPUT); the trade is as if it had not been. It must be valid
 * (trade_validate) and its symbol always the same. */
int bar_builder_push(struct bar_builder *builder, const struct trade *trade, struct bar *closed, enum trade_fate *fate,
                     struct error *error);
/* 1: *closed is one more bar that the last trade has completed (bricks); 0: there is none. */
int bar_builder_next(struct bar_builder *builder, struct bar *closed);
/* Time has come to a moment: 1 when that closes the open bar. At the end of input a caller that knows it to be complete
 * says INT64_MAX; bars of trades that are not full never come out. */
int bar_builder_advance(struct bar_builder *builder, int64_t moment, struct bar *closed);

#endif
