/* What a venue says of a working order. Whoever keeps the orders (order/manager.h) makes of it what it means for the
 * account; a venue knows nothing of that. */
#ifndef TN_LEDGER_REPORT_H
#define TN_LEDGER_REPORT_H

#include "ledger/ledger.h"

enum report_kind {
    REPORT_ACCEPTED, /* it works */
    REPORT_REJECTED,
    REPORT_FILL,
    REPORT_CANCELLED,
    REPORT_CANCEL_REJECTED,
    REPORT_REPLACED, /* it works with other terms, which the report says */
    REPORT_REPLACE_REJECTED,
    REPORT_EXPIRED,
    REPORT_TRIGGERED, /* its stop_price has set it off */
    REPORT_TRAILED,   /* its stop_price has followed the price */
    REPORT_NO_ANSWER, /* none came in time */
    REPORT_STANDING,  /* the answer to a question: it works, or has filled, with the terms that the report says */
    REPORT_NOT_FOUND, /* the answer to a question: the venue knows no such order */
    REPORT_BUST,      /* a fill is taken back */
    REPORTS,
    REPORT_PLACE_OVER = REPORTS, /* of no order: all that a place of a bar decides has been told */
};

struct report {
    enum report_kind kind;
    struct open_order *open_order; /* the order, NULL: it is looked for … */
    const char *order_id;          /* … by its id, which venues elsewhere say */
    int64_t time;
    const char *reason; /* never NULL */
    dec filled;         /* how much of it has filled in all, as far as a venue that answers later says; DEC_NONE */
    int64_t question;   /* which one it answers, 0: none; what answers another than the last is old news */
    /* What trailed, or the terms that a REPLACED or STANDING says (DEC_NONE: as they are). */
    dec stop_price, limit_price, new_quantity;
    /* Of a fill elsewhere, and of one that is taken back: it counts once. NULL: it is named after its order. */
    const char *fill_id;
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
