/* Bars of many symbols built from one stream of trades, given out in order of their ends.
 *
 * Bars of time take trades as they come, each into its place. Bars of trades (ticks, volume, value, range, bricks) need
 * them in order: a trade waits until trade_bars_advance has come to its moment, so that they are those of sorted input
 * as long as trades are late by no more than what the caller holds time back.
 *
 * Bars of a day (not of extended hours) wait for the official close of the listing exchange, all that end together
 * until each has it, but no longer than they are told to.
 *
 * A trade that is taken back leaves its bar as long as that is open. When the bar is out already, or a trade comes
 * after its bar, the caller is told what the bar should have been; the trades of the last bars are kept for that. */
#ifndef TN_FEED_TRADE_BARS_H
#define TN_FEED_TRADE_BARS_H

#include "base/buf.h"
#include "market/bar_builder.h"

struct trade_bars;

struct trade_bars_calls {
    /* A bar that is over. */
    int (*give)(void *context, const struct bar *bar, struct error *error);
    /* A trade came late, or was taken back (`canceled` is 1), or it is the official close (its `effect`), and its bar
     * is out: what it should have been, NULL where that cannot be told, `volume` 0 when nothing is left of it. NULL:
     * nobody wants to know. */
    int (*amend)(void *context, const struct trade *trade, const struct bar *bar, struct error *error);
    void *context;
};

struct trade_bars_counts {
    uint64_t used, reordered, late, outside;
    uint64_t canceled; /* taken back in time */
    uint64_t kept;     /* taken back when their bar was out */
    uint64_t unknown;  /* taken back without having been there */
    uint64_t official; /* official closes that came when their bar was out, with another close */
};

/* `wait`: ns that bars of a day wait for the official close. */
struct trade_bars *trade_bars_new(struct interval interval, const struct calendar *calendar, bool extended,
                                  int64_t wait, const struct trade_bars_calls *calls, struct error *error);
void trade_bars_free(struct trade_bars *bars); /* NULL is allowed */
/* A trade, or that one is taken back, of the symbol with this number (small whole numbers from 0). */
int trade_bars_push(struct trade_bars *bars, uint32_t symbol, const struct trade *trade, struct error *error);
/* Time has come to a moment: what waits until then is taken, every bar that ends by it is given, by end and then
 * symbol. */
int trade_bars_advance(struct trade_bars *bars, int64_t moment, struct error *error);
/* Take what waits; bars of time stay open. */
int trade_bars_flush(struct trade_bars *bars, struct error *error);
/* The anomaly that says what `amend` was told, as of `time`; `text` holds a part of it. */
void trade_bars_amended(struct anomaly *anomaly, struct buf *text, const struct trade *trade, const struct bar *bar,
                        int64_t time);
/* The end of the bars that are over by a moment and wait for their official close; INT64_MAX: none do. */
int64_t trade_bars_waiting(const struct trade_bars *bars, int64_t moment);
/* How many bars are begun. */
uint64_t trade_bars_open(const struct trade_bars *bars);
const struct trade_bars_counts *trade_bars_counts(const struct trade_bars *bars);

#endif
