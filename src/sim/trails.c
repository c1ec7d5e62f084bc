/* Stops that follow the price. A trail is measured from the best price of what is over: the open of the first bar, then
 * the high (of one that sells; the low of one that buys) of each bar that the order has worked through. So within a bar
 * it is tested as it stood before, and moved after it; it never goes back. */
#include "sim/walk.h"

/* A report that the stop has moved, if it has come nearer. */
static int report_stop(struct bar_walk *walk, struct ticket *ticket, dec best, int64_t time, struct error *error)
{
    const struct sim *sim = walk->sim;
    const struct instrument *instrument = sim->instrument(sim->context, ticket->order.symbol, error);
    dec stop;
    if (instrument == NULL || order_trail_from(&ticket->order, instrument, best, &stop, error) != 0)
        return -1;
    const dec now = ticket->order.stop_price;
    const bool is_nearer = now == DEC_NONE || (side_sign(ticket->order.side) < 0 ? stop > now : stop < now);
    if (stop == DEC_NONE || !is_nearer)
        return 0;
    walk->report.stop_price = stop;
    return match_tell(walk, REPORT_TRAILED, ticket, time);
}

int match_start_trail(struct bar_walk *walk, struct error *error)
{
    const struct bars *bar = walk->bar;
    int found = 0;
    for (struct ticket *ticket = walk->sim->ledger->slot[walk->slot].ticket; found == 0 && ticket != NULL;
         ticket = ticket->next) {
        if (ticket->serial <= walk->done)
            continue;
        walk->done = ticket->serial;
        if (ticket->kind->trail && !ticket->sleeps && ticket->order.stop_price == DEC_NONE &&
            ticket->order.active_price <= 0 && ticket->from <= bar->opens[0])
            found = report_stop(walk, ticket, bar->open[0], bar->opens[0], error);
    }
    return found;
}

/* Has the price come to where a trail begins, and is there a best price to measure it from? */
static bool has_best(const struct bar_walk *walk, const struct ticket *ticket, dec *best)
{
    const struct bars *bar = walk->bar;
    const bool born = ticket->serial > walk->before, sells = side_sign(ticket->order.side) < 0;
    if (!ticket->kind->trail || ticket->sleeps || !ticket_is_waiting(ticket) || (!born && ticket->from > bar->opens[0]))
        return false;
    /* Of a bar in whose course it came to be, what it has lived through for certain is the close. */
    const bool whole = !born || ticket->order.time == bar->opens[0];
    *best = !whole ? bar->close[0] : sells ? bar->high[0] : bar->low[0];
    /* One that waits for a price begins when that was reached. */
    const dec active = ticket->order.stop_price == DEC_NONE ? ticket->order.active_price : DEC_NONE;
    return active <= 0 || (sells ? *best >= active : *best <= active);
}

int match_move_trail(struct bar_walk *walk, struct error *error)
{
    int found = 0;
    for (struct ticket *ticket = walk->sim->ledger->slot[walk->slot].ticket; found == 0 && ticket != NULL;
         ticket = ticket->next) {
        dec best;
        if (ticket->serial <= walk->done)
            continue;
        walk->done = ticket->serial;
        if (has_best(walk, ticket, &best))
            found = report_stop(walk, ticket, best, walk->bar->end[0], error);
    }
    return found;
}
