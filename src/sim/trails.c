/* Stops that follow the price. A trail is measured from the best price of what is over: the open of the first bar, then
 * the high (of one that sells; the low of one that buys) of each bar that the order has worked through. So within a bar
 * it is tested as it stood before, and moved after it; it never goes back. */
#include "sim/walk.h"

/* A report that the stop has moved, if it has come nearer. */
static int report_stop(struct bar_walk *walk, struct open_order *open_order, dec best, int64_t time,
                       struct error *error)
{
    const struct sim *sim = walk->sim;
    const struct instrument *instrument = sim->instrument(sim->context, open_order->order.symbol, error);
    dec stop;
    if (instrument == NULL || order_trail_from(&open_order->order, instrument, best, &stop, error) != 0)
        return -1;
    const dec now = open_order->order.stop_price;
    const bool is_nearer = now == DEC_NONE || (side_sign(open_order->order.side) < 0 ? stop > now : stop < now);
    if (stop == DEC_NONE || !is_nearer)
        return 0;
    walk->report.stop_price = stop;
    return match_tell(walk, REPORT_TRAILED, open_order, time);
}

int match_start_trail(struct bar_walk *walk, struct error *error)
{
    const struct bars *bar = walk->bar;
    int found = 0;
    for (struct open_order *open_order = walk->sim->ledger->symbol_state[walk->slot].open_order;
         found == 0 && open_order != NULL; open_order = open_order->next) {
        if (open_order->serial <= walk->done)
            continue;
        walk->done = open_order->serial;
        if (open_order->kind->trail && !open_order->sleeps && open_order->order.stop_price == DEC_NONE &&
            open_order->order.active_price <= 0 && open_order->from <= bar->opens[0])
            found = report_stop(walk, open_order, bar->open[0], bar->opens[0], error);
    }
    return found;
}

/* Has the price come to where a trail begins, and is there a best price to measure it from? */
static bool has_best(const struct bar_walk *walk, const struct open_order *open_order, dec *best)
{
    const struct bars *bar = walk->bar;
    const bool born = open_order->serial > walk->before, sells = side_sign(open_order->order.side) < 0;
    if (!open_order->kind->trail || open_order->sleeps || !open_order_is_waiting(open_order) ||
        (!born && open_order->from > bar->opens[0]))
        return false;
    /* Of a bar in whose course it came to be, what it has lived through for certain is the close. */
    const bool whole = !born || open_order->order.time == bar->opens[0];
    *best = !whole ? bar->close[0] : sells ? bar->high[0] : bar->low[0];
    /* One that waits for a price begins when that was reached. */
    const dec active = open_order->order.stop_price == DEC_NONE ? open_order->order.active_price : DEC_NONE;
    return active <= 0 || (sells ? *best >= active : *best <= active);
}

int match_move_trail(struct bar_walk *walk, struct error *error)
{
    int found = 0;
    for (struct open_order *open_order = walk->sim->ledger->symbol_state[walk->slot].open_order;
         found == 0 && open_order != NULL; open_order = open_order->next) {
        dec best;
        if (open_order->serial <= walk->done)
            continue;
        walk->done = open_order->serial;
        if (has_best(walk, open_order, &best))
            found = report_stop(walk, open_order, best, walk->bar->end[0], error);
    }
    return found;
}
