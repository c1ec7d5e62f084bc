/* Bars of many symbols built from one stream of trades, given out in order of their ends. */
#ifndef TN_FEED_TRADE_BARS_H
#define TN_FEED_TRADE_BARS_H

#include "market/bar_builder.h"

struct trade_bars;

/* `give` gets every bar that is over; its context comes first. */
struct trade_bars *trade_bars_new(struct interval interval, const struct calendar *calendar, bool extended,
                                  int (*give)(void *context, const struct bar *bar, struct error *error), void *context,
                                  struct error *error);
void trade_bars_free(struct trade_bars *bars); /* NULL is allowed */
/* A trade of the symbol with this number (small whole numbers from 0). */
int trade_bars_push(struct trade_bars *bars, uint32_t symbol, const struct trade *trade, enum trade_fate *fate,
                    struct error *error);
/* Time has come to a moment: every bar that ends by it is given, by end and then symbol. */
int trade_bars_advance(struct trade_bars *bars, int64_t moment, struct error *error);
/* How many bars are begun. */
uint64_t trade_bars_open(const struct trade_bars *bars);

#endif
