/* Checks that a market record makes sense in itself; the messages name the figures. */
#ifndef TN_MARKET_VALIDATE_H
#define TN_MARKET_VALIDATE_H

#include "record/types.h"

/* -1 with EXIT_INPUT: "high 101.2 is below low 103.4". Prices must be there and above zero, high the highest and low
 * the lowest of them, volume and number of trades not negative (they may be absent), the volume-weighted price, if any,
 * above zero, and the end after the time (tick, volume and value bars: not before it). */
int bar_validate(const struct bar *bar, struct error *error);
/* Price and quantity must be there and above zero. */
int trade_validate(const struct trade *trade, struct error *error);

/* Have prices that are adjusted so taken up an action of that kind already? */
bool action_is_in_prices(enum adjusted adjusted, enum action_kind kind);

#endif
