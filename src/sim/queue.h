/* Where limit orders stand in the queue at their price, by the trades and quotes of their symbols.
 *
 * What is ahead of an order is the size that is shown at its price when it comes, all of it; nothing, where it is
 * better than what is shown. Trades at the price use it up, first come first served. What goes without a trade has been
 * cancelled, and as nobody knows by whom, it was ahead of us and behind us in proportion; what comes stands behind. A
 * price that is no longer shown, with the market beyond it, has no queue left. Of an order below the best bid (above
 * the best ask) nothing is known until its price is the best: all that is shown then is ahead. An order that is given
 * another price, or a larger quantity, begins anew. Sizes that are not said leave what is ahead unknown: only a trade
 * beyond the price shows then that it is gone. */
#ifndef TN_SIM_QUEUE_H
#define TN_SIM_QUEUE_H

#include "ledger/ledger.h"

/* The best price of a side. */
struct shown {
    dec price;     /* DEC_NONE: none is known */
    double size;   /* NaN: not said */
    double traded; /* at it since it was shown, … */
    double taken;  /* … and by our orders */
};

struct queue_book {
    struct shown bid, ask;
};

struct queue_place {
    int slot;
    uint64_t order; /* its serial */
    dec price, quantity;
    double ahead; /* NaN: not known */
    double share; /* of the trade that has come last: what is left for it; INFINITY: as much as it likes */
};

struct queues {
    struct queue_book *book; /* by slot */
    size_t books;
    struct queue_place *place;
    size_t places, capacity;
};

void queues_clear(struct queues *queues);
/* The market of a symbol. A price of DEC_NONE or 0: none on that side. */
int queues_quote(struct queues *queues, const struct ledger *ledger, int slot, const struct quote *quote,
                 struct error *error);
/* A trade, before the orders of its symbol meet it. */
int queues_trade(struct queues *queues, const struct ledger *ledger, int slot, dec price, dec quantity,
                 struct error *error);
/* What of the last trade is left for an order that waits at its limit; 0 without a place. */
double queues_share(const struct queues *queues, const struct open_order *open_order);
/* The other side of the market for who buys (sign 1) or sells (-1); NULL: none has been shown. */
struct shown *queues_other_side(const struct queues *queues, int slot, int sign);

#endif
