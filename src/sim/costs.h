/* What trading costs: commissions by contract, slippage by assumption. */
#ifndef TN_SIM_COSTS_H
#define TN_SIM_COSTS_H

#include "ledger/ledger.h"
#include "market/instrument.h"

struct costs {
    dec per_share;      /* currency per unit of quantity */
    dec percent;        /* fraction of the amount */
    dec minimum;        /* per order; accrues over its fills */
    dec slippage_ticks; /* against us, on market and stop fills */
    dec slippage_bps;   /* basis points of the price, likewise */
};

static inline bool costs_slippage(const struct costs *costs)
{
    return costs->slippage_ticks != 0 || costs->slippage_bps != 0;
}

/* Commission of one more fill of an order: what the whole order costs so far, less what was charged, rounded half-even
 * to the settlement unit. `ticket` is the order before this fill; `amount` the fill's. */
int costs_commission(const struct costs *costs, const struct ledger *ledger, const struct ticket *ticket, dec quantity,
                     dec amount, dec *commission, struct error *error);
/* A market or stop price after slippage; on the tick, away from us, unless there is none. What is sold brings at least
 * one tick (or the price, when that is less). -1: out of range. */
int costs_slip(const struct costs *costs, const struct instrument *instrument, int sign, dec price, dec *slipped);

#endif
