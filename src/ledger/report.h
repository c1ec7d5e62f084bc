/* What a venue says of a working order. Whoever keeps the orders (order/manager.h) makes of it what it means for the
 * account; a venue knows nothing of that. */
#ifndef TN_LEDGER_REPORT_H
#define TN_LEDGER_REPORT_H

#include "ledger/ledger.h"

enum report_kind {
    REPORT_ACCEPTED,
    REPORT_REJECTED,
    REPORT_FILL,
    REPORT_CANCELLED,
    REPORT_EXPIRED,
    REPORT_TRIGGERED,  /* its stop_price has set it off */
    REPORT_TRAILED,    /* its stop_price has followed the price */
    REPORT_PLACE_OVER, /* of no order: all that a place of a bar decides has been told */
};

struct report {
    enum report_kind kind;
    struct ticket *ticket; /* the order */
    int64_t time;
    const char *reason; /* never NULL where an order ends */
    dec stop_price;     /* of what trailed */
    /* A fill: its quantity and price, the volume of its bar and, where it is not assumed, its costs. */
    struct execution fill;
    const struct instrument *instrument;
    int64_t complete; /* the end of the bar that it is of, from which on its legs take part; else its time */
    int liquidity;    /* enum fee_liquidity */
    /* A fill by assumption: what the account has to say to it, and what it costs, is still open. */
    bool assumed;
    bool slips;    /* … with slippage, so that the fill says what that took, … */
    dec unslipped; /* … from this price */
    bool last;     /* there is nothing left to reduce after it */
};

#endif
