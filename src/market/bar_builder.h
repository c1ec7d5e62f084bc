/* Trades of one symbol in, closed bars out.
 *
 * Bars of time (1s to 24h, and 1d) lie in the slots of the calendar (bar_slot): anchored at the open, cut at the close,
 * with trades at [start, end). A bar without trades does not exist. It comes out when something later shows that it is
 * over: a trade at or after its end, or bar_builder_advance. Trades outside of the session are left out unless
 * `extended`; they still tell the time. The auction prints after the close are such trades.
 *
 * A trade does to a bar what its `effect` says. Of the trades that set no last price one may open and close a bar, as
 * long as there is no other; a bar of trades that set no price at all does not exist. With `wait` a bar of a day (not
 * `extended`) stays open so long behind its end, for its closing auction and its official close; those of a bar without
 * it come too late.
 *
 * Bars of trades (tick:N), of volume (volume:N), of value (value:N, price × quantity) and of range (range:P, high less
 * low) come out with the trade that fills them; that trade is not divided. Their time is the first trade's, their end
 * the last one's (1 ns after the end of the bar before it where that is not later), and they run on over the night.
 * Renko bricks (renko:P, market/renko.h) are the same, but their prices are the edges of the brick and one trade may
 * complete several, the first of which has the volume. For all of them trades must come in the order of time, and such
 * that set no price are left out.
 *
 * Prices and the volume-weighted price are exact (the latter of the trades that set prices, rounded half-even to 1e-8).
 */
#ifndef TN_MARKET_BAR_BUILDER_H
#define TN_MARKET_BAR_BUILDER_H

#include "market/bar_times.h"
#include "market/renko.h"

enum trade_fate {
    TRADE_USED,
    TRADE_REORDERED, /* older than the trade before it, and still in time: the bar is as from sorted trades */
    TRADE_LATE,      /* its bar is out already, or it is of a bar of trades and out of order: left out */
    TRADE_OUTSIDE,   /* no session then, or outside its hours: left out */
    TRADE_PRICELESS, /* by its effect: left out of bars of trades, or nothing that could be added */
};

struct bar_builder {
    struct interval interval;
    const struct calendar *calendar; /* the caller's */
    bool extended;
    int64_t wait; /* ns; 0 */
    bool open;
    int64_t newest;       /* the latest trade seen */
    int64_t closed_until; /* the end of the last bar that came out */
    struct bar_slot slot;
    struct bar bar;
    bool priced, lasting; /* a trade has set a price; one has set open and close */
    dec official;         /* the official close, DEC_NONE as long as it has not come */
    int64_t first, last;  /* moments of the trades that gave open and close */
    int64_t count;
    __int128 quantity;               /* sum, in 1e-8 */
    __int128 priced_quantity, value; /* of the trades that set prices, in 1e-8 and 1e-16 */
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
/* The official close of the day whose bar is open: false when it is of another day or no such bar. */
bool bar_builder_close_at(struct bar_builder *builder, int64_t moment, dec price);
/* Does the open bar wait, behind its end, for what is still to come? */
bool bar_builder_waits(const struct bar_builder *builder, int64_t moment);
/* Put an official close into a bar; its high and low hold it. */
void bar_set_official(struct bar *bar, dec price);
/* Time has come to a moment: 1 when that closes the open bar. At the end of input a caller that knows it to be complete
 * says INT64_MAX; bars of trades that are not full never come out. */
int bar_builder_advance(struct bar_builder *builder, int64_t moment, struct bar *closed);

#endif
