/* What trading costs: commissions by contract, slippage by assumption. */
#ifndef TN_COST_COSTS_H
#define TN_COST_COSTS_H

#include "cost/fees.h"
#include "ledger/ledger.h"
#include "market/instrument.h"

struct costs {
    dec per_share;                    /* currency per unit of quantity */
    dec percent;                      /* fraction of the amount */
    dec minimum;                      /* per order; accrues over its fills */
    dec slippage_ticks;               /* against us, on market and stop fills */
    dec slippage_bps;                 /* basis points of the price, likewise */
    const struct fee_schedule *fees;  /* added to the commission; NULL: none */
    const struct fee_schedule *carry; /* what holding costs; NULL: nothing */
    struct fee_state *state;          /* of the account; not NULL where there are fees */
    int fee_times;                    /* so many times, 0 is once; what they bring in, once in any case */
};

static inline bool costs_slippage(const struct costs *costs)
{
    return costs->slippage_ticks != 0 || costs->slippage_bps != 0;
}

/* Commission of one more fill of an order: what the whole order costs so far, less what was charged, rounded half-even
 * to the smallest amount of its symbol's currency. `open order` is the order before this fill; `amount` the fill's. */
int costs_commission(const struct costs *costs, const struct ledger *ledger, const struct open_order *open_order,
                     dec quantity, dec amount, dec *commission, struct error *error);
/* A fill as a schedule of fees looks at it: a working order's that is about to be booked. `zone` is that of the
 * exchange, NULL: UTC. */
struct fee_trade costs_trade(const struct ledger *ledger, const struct execution *fill, enum fee_liquidity liquidity,
                             const struct zone *zone);
/* Adds what the schedule takes of it to the fill's commission and fees. */
int costs_fees(const struct costs *costs, const struct fee_trade *trade, struct execution *fill, struct error *error);
/* A market or stop price after slippage; on the tick, away from us, unless there is none. What is sold brings at least
 * one tick (or the price, when that is less). -1: out of range. */
int costs_slip(const struct costs *costs, const struct instrument *instrument, int sign, dec price, dec *slipped);

#endif
