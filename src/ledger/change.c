/* What a working order says may change: by a replace, by its position, by the price. What it said before a replace is
 * kept, for bars that opened before. */
#include "ledger/internal.h"

#include <string.h>

int ledger_resize(struct ledger *ledger, const struct ticket *ticket, dec quantity, struct error *error)
{
    if (quantity <= ticket->filled)
        return error_set(error, EXIT_STATE, "order %s: the new quantity is not above the quantity filled",
                         ticket->order.id);
    struct ticket *own = ledger->ticket[ledger_index_of(ledger, ticket)];
    own->order.quantity = quantity;
    ledger_recost(ledger, own);
    return 0;
}

/* Where bars have come to the end of what is kept, it goes; if there is too much all the same, the oldest holds longer.
 */
static void keep_past(struct ledger *ledger, struct ticket *ticket, int64_t until)
{
    const int64_t marked = ledger->slot[ticket->slot].marked;
    int gone = 0;
    while (gone < ticket->pasts && ticket->past[gone].until <= marked)
        gone++;
    ticket->pasts -= gone;
    memmove(ticket->past, ticket->past + gone, (size_t)ticket->pasts * sizeof *ticket->past);
    if (ticket->pasts == PASTS_KEPT) {
        ticket->past[0].until = ticket->past[1].until;
        ticket->pasts--;
        memmove(ticket->past + 1, ticket->past + 2, (PASTS_KEPT - 2) * sizeof *ticket->past);
    }
    ticket->past[ticket->pasts++] = (struct past_terms){.from = ticket->from,
                                                        .until = until,
                                                        .quantity = ticket->order.quantity,
                                                        .limit_price = ticket->order.limit_price,
                                                        .stop_price = ticket->order.stop_price};
}

const struct past_terms *ticket_past(const struct ledger *ledger, const struct ticket *ticket, int64_t opens)
{
    for (int i = 0; i < ticket->pasts; i++)
        if (opens < ticket->past[i].until)
            return opens >= ticket->past[i].from && ledger->slot[ticket->slot].marked < ticket->past[i].until
                       ? &ticket->past[i]
                       : NULL;
    return NULL;
}

int ledger_replace(struct ledger *ledger, const struct ticket *ticket, const struct replace *replace, int64_t time,
                   struct error *error)
{
    struct ticket *own = ledger->ticket[ledger_index_of(ledger, ticket)];
    if (time > own->from && !own->sleeps)
        keep_past(ledger, own, time);
    if (replace->quantity != DEC_NONE && ledger_resize(ledger, ticket, replace->quantity, error) != 0)
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

void ledger_ask_replace(struct ledger *ledger, const struct ticket *ticket, dec quantity, dec limit_price,
                        dec stop_price)
{
    struct ticket *own = ledger->ticket[ledger_index_of(ledger, ticket)];
    const bool more = own->request == REQUEST_REPLACE; /* what was asked before and is not answered stays asked */
    if (quantity > 0 || !more)
        own->wanted.quantity = quantity;
    if (limit_price > 0 || !more)
        own->wanted.limit_price = limit_price;
    if (stop_price > 0 || !more)
        own->wanted.stop_price = stop_price;
    own->request = REQUEST_REPLACE;
}

void ledger_move_stop(struct ledger *ledger, const struct ticket *ticket, dec stop_price)
{
    struct ticket *own = ledger->ticket[ledger_index_of(ledger, ticket)];
    if (stop_price == DEC_NONE)
        return;
    own->order.stop_price = stop_price;
    ledger_recost(ledger, own);
}

void ledger_move_limit(struct ledger *ledger, const struct ticket *ticket, dec limit_price)
{
    struct ticket *own = ledger->ticket[ledger_index_of(ledger, ticket)];
    own->order.limit_price = limit_price;
    ledger_recost(ledger, own);
}

void ledger_measure(struct ledger *ledger, const struct ticket *ticket, dec active_price, dec even_price, dec fall)
{
    struct order *order = &ledger->ticket[ledger_index_of(ledger, ticket)]->order;
    if (active_price > 0 && order->active_price > 0)
        order->active_price = active_price;
    if (even_price > 0 && order->even_price > 0)
        order->even_price = even_price;
    if (fall > 0 && order->fall > 0)
        order->fall = fall;
}

void ledger_trigger(struct ledger *ledger, const struct ticket *ticket, int64_t time)
{
    ledger->ticket[ledger_index_of(ledger, ticket)]->triggered = time;
}
