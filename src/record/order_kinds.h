/* What each type of order names, what sets it off, and how long it may work: one row a type. Whoever asks what an order
 * is like asks here, not by its type. */
#ifndef TN_RECORD_ORDER_KINDS_H
#define TN_RECORD_ORDER_KINDS_H

#include "record/types.h"

#include <stdbool.h>

enum order_trigger {
    TRIGGER_NONE,    /* may trade at once */
    TRIGGER_STOPPED, /* once the price is at its stop_price or beyond, against the one who waits: a buy's above, a
                        sale's below */
    TRIGGER_TOUCHED, /* once the price is at its stop_price or better: a buy's below, a sale's above */
};

struct order_kind {
    bool limit; /* names a limit_price, and trades as a limit order once it may trade; else at the market */
    bool stop;  /* names a stop_price */
    bool trail; /* names a trail; its stop_price, which it may name too, follows the price */
    enum order_trigger trigger;
    unsigned times_in_force; /* bits 1 << TIF_… */
};

/* NULL for the two old words of an order at an open or a close, which are read as a market order (order_modernize) and
 * stand for none. */
const struct order_kind *order_kind(enum order_type type);
/* market_on_open and market_on_close, as which an order at the market was once written, become opg and cls. -1: the
 * order says another time in force. */
int order_modernize(struct order *order);
/* May an order of this type work for so long? TIF_NONE may always. */
bool order_kind_lasts(const struct order_kind *kind, enum time_in_force tif);

#endif
