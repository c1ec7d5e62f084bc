/* Prices restated backwards: on the basis of the last bar, as adjusted closes are (market/adjust.h goes forwards).
 *
 * A split of `new` for `old` multiplies what was before by old/new, and volumes by new/old; a cash dividend multiplies
 * it by 1 − cash/close, close being that of the last bar before the ex-date, on the basis of that date (the multipliers
 * of CRSP that Yahoo documents under "What is the adjusted close?"). */
#ifndef TN_MARKET_RESTATE_H
#define TN_MARKET_RESTATE_H

#include "record/types.h"

#include <stddef.h>

enum { RESTATE_SPLITS = 1, RESTATE_DIVIDENDS = 2 };

/* What the prices, and the volume, of bars that begin before the time of an action are multiplied by for its sake. */
struct restate_step {
    int64_t time;
    double price, volume;
};

/* The step of an action: true; false when it changes nothing, since it is of another kind than `what` asks for, or its
 * figures are no whole ones. `close` is that of the last bar before it, on the basis of its date; NaN when there is
 * none. */
bool restate_action(struct restate_step *step, const struct action *action, unsigned what, double close);

/* For each bar, what its prices are multiplied by, given the actions of its symbol; both in order of time. Actions
 * after `as_of` are not known yet (TIME_NONE: all are). */
void restate_factors(double *price, double *volume, const struct bar *bar, size_t bars,
                     const struct action *const *action, size_t actions, unsigned what, int64_t as_of);

/* What is still to be done to prices that are adjusted so before they are adjusted thus. */
unsigned restate_missing(enum adjusted from, enum adjusted to);
/* Multiply the prices of a bar, each rounded half to even; false when one leaves the range of decimals or becomes 0. */
bool restate_bar(struct bar *bar, double price, double volume);

#endif
