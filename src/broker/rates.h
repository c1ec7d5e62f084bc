/* The last bars of the pairs by which an account's currencies have rates. They become events only when they are needed:
 * a pair goes on all day, and most of it concerns nobody. */
#ifndef TN_BROKER_RATES_H
#define TN_BROKER_RATES_H

#include "ledger/ledger.h"

struct rate_bars {
    struct names symbols;
    struct bar *bar; /* by index in `symbols` */
    bool *fresh;     /* no event tells of it yet */
    size_t capacity, fresh_capacity;
    size_t waiting; /* how many are fresh */
};

void rate_bars_init(struct rate_bars *bars);
void rate_bars_clear(struct rate_bars *bars);
/* Is it a pair of the account's currency with one that it has, or that its instruments trade in; or a part of the way
 * from one to the other, where there is no such pair? */
bool rate_bars_want(const struct rate_bars *bars, const struct ledger *ledger, const char *symbol);
int rate_bars_keep(struct rate_bars *bars, const struct bar *bar, struct error *error);
/* The next that no event tells of; NULL: there is none. It counts as told from now on. One of two pairs of a cross rate
 * waits for the other, unless this is the last chance to tell it: the other may come with the next input. */
const struct bar *rate_bars_next(struct rate_bars *bars, const struct ledger *ledger, bool last);

#endif
