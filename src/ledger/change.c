/* What a working order says may change: by a replace, by its position, by the price. What it said before a replace is
 * kept, for bars that opened before. */
#include "ledger/internal.h"

#include <string.h>

int ledger_resize(struct ledger *ledger, const struct open_order *open_order, dec quantity, struct error *error)
{
    if (quantity <= open_order->filled)
        return error_set(error, EXIT_STATE, "order %s: the new quantity is not above the quantity filled",
                         open_order->order.id);
    struct open_order *own = ledger->open_order[ledger_index_of(ledger, open_order)];
    own->order.quantity = quantity;
    ledger_recost(ledger, own);
    return 0;
}

/* Where bars have come to the end of what is kept, it goes; if there is too much all the same, the oldest holds longer.
 */
static void keep_past(struct ledger *ledger, struct open_order *open_order, int64_t until)
{
    const int64_t marked = ledger->symbol_state[open_order->slot].marked;
    int gone = 0;
    while (gone < open_order->pasts && open_order->past[gone].until <= marked)
        gone++;
    open_order->pasts -= gone;
    memmove(open_order->past, open_order->past + gone, (size_t)open_order->pasts * sizeof *open_order->past);
    if (open_order->pasts == PASTS_KEPT) {
        open_order->past[0].until = open_order->past[1].until;
        open_order->pasts--;
        memmove(open_order->past + 1, open_order->past + 2, (PASTS_KEPT - 2) * sizeof *open_order->past);
    }
    open_order->past[open_order->pasts++] = (struct past_terms){.from = open_order->from,
                                                                .until = until,
                                                                .quantity = open_order->order.quantity,
                                                                .limit_price = open_order->order.limit_price,
                                                                .stop_price = open_order->order.stop_price};
}

const struct past_terms *open_order_past(const struct ledger *ledger, const struct open_order *open_order,
                                         int64_t opens)
{
    for (int i = 0; i < open_order->pasts; i++)
        if (opens < open_order->past[i].until)
            return opens >= open_order->past[i].from &&
                           ledger->symbol_state[open_order->slot].marked < open_order->past[i].until
                       ? &open_order->past[i]
                       : NULL;
    return NULL;
}

int ledger_replace(struct ledger *ledger, const struct open_order *open_order, const struct replace *replace,
                   int64_t time, struct error *error)
{
    struct open_order *own = ledger->open_order[ledger_index_of(ledger, open_order)];
    if (time > own->from && !own->sleeps)
        keep_past(ledger, own, time);
    if (replace->quantity != DEC_NONE && ledger_resize(ledger, open_order, replace->quantity, error) != 0)
        return -1;
    if (replace->limit_price != DEC_NONE)
        own->order.limit_price = replace->limit_price;
    if (replace->stop_price != DEC_NONE)
        own->order.stop_price = replace->stop_price;
    own->revision++;
    if (own->request == REQUEST_REPLACE)
        own->request = REQUEST_NONE;
    if (time > own->from)
        own->from = time;
    ledger_recost(ledger, own);
    return 0;
}

void ledger_ask_replace(struct ledger *ledger, const struct open_order *open_order, dec quantity, dec limit_price,
                        dec stop_price)
{
    struct open_order *own = ledger->open_order[ledger_index_of(ledger, open_order)];
    const bool more = own->request == REQUEST_REPLACE; /* what was asked before and is not answered stays asked */
    if (quantity > 0 || !more)
        own->wanted.quantity = quantity;
    if (limit_price > 0 || !more)
        own->wanted.limit_price = limit_price;
    if (stop_price > 0 || !more)
        own->wanted.stop_price = stop_price;
    own->request = REQUEST_REPLACE;
}

void ledger_move_stop(struct ledger *ledger, const struct open_order *open_order, dec stop_price)
{
    struct open_order *own = ledger->open_order[ledger_index_of(ledger, open_order)];
    if (stop_price == DEC_NONE)
        return;
    own->order.stop_price = stop_price;
    ledger_recost(ledger, own);
}

void ledger_move_limit(struct ledger *ledger, const struct open_order *open_order, dec limit_price)
{
    struct open_order *own = ledger->open_order[ledger_index_of(ledger, open_order)];
    own->order.limit_price = limit_price;
    ledger_recost(ledger, own);
}

void ledger_measure(struct ledger *ledger, const struct open_order *open_order, dec active_price, dec even_price,
                    dec fall)
{
    struct order *order = &ledger->open_order[ledger_index_of(ledger, open_order)]->order;
    if (active_price > 0 && order->active_price > 0)
        order->active_price = active_price;
    if (even_price > 0 && order->even_price > 0)
        order->even_price = even_price;
    if (fall > 0 && order->fall > 0)
        order->fall = fall;
}

void ledger_trigger(struct ledger *ledger, const struct open_order *open_order, int64_t time)
{
    ledger->open_order[ledger_index_of(ledger, open_order)]->triggered = time;
}
