/* Stops that follow the price. A trail is measured from the best price of what is over: the open of the first bar, then
 * the high (of one that sells; the low of one that buys) of each bar that the order has worked through. So within a bar
 * it is tested as it stood before, and moved after it; it never goes back. */
#include "order/internal.h"

#include <string.h>

/* Below a dollar prices are finer than a cent (SEC Rule 612). */
dec orders_tick_at(const struct instrument *instrument, dec price)
{
    const dec fine = DEC_ONE / 10000;
    return price < DEC_ONE && fine < instrument->tick_size ? fine : instrument->tick_size;
}

int orders_trail_from(const struct order *order, const struct instrument *instrument, dec best, dec *stop,
                      struct error *error)
{
    const int sign = side_sign(order->side); /* a sale's stop is below the price */
    dec distance = order->trail_amount, at;
    int failed = 0;
    if (order->trail_percent > 0)
        failed = dec_multiply_divide(&distance, best, order->trail_percent, 100 * DEC_ONE, ROUND_HALF_EVEN);
    else if (order->trail_atr > 0)
        failed = dec_multiply(&distance, order->trail_atr, order->atr, ROUND_HALF_EVEN);
    *stop = DEC_NONE;
    if (failed != 0 || dec_add(&at, best, sign * distance) != 0)
        return error_set(error, EXIT_STATE, "order %s: its trail is out of range", order->id);
    /* On a tick, and never nearer than asked for. One that would stand at nothing stops nothing. */
    if (at > 0 && dec_round(&at, at, orders_tick_at(instrument, at), sign < 0 ? ROUND_FLOOR : ROUND_CEILING) != 0)
        return error_set(error, EXIT_STATE, "order %s: its trail is out of range", order->id);
    if (at > 0)
        *stop = at;
    return 0;
}

static int move_stop(struct order_manager *manager, struct ticket *ticket, dec best, int64_t time, struct error *error)
{
    const struct instrument *instrument = manager->instrument(manager->context, ticket->order.symbol, error);
    dec stop;
    if (instrument == NULL || orders_trail_from(&ticket->order, instrument, best, &stop, error) != 0)
        return -1;
    const dec now = ticket->order.stop_price;
    const bool is_nearer = now == DEC_NONE || (side_sign(ticket->order.side) < 0 ? stop > now : stop < now);
    return stop == DEC_NONE || !is_nearer ? 0 : orders_move_stop(manager, ticket, stop, time, "trail", error);
}

int orders_start_trails(struct order_manager *manager, int slot, const struct bars *bar, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    for (struct ticket *ticket = ledger->slot[slot].ticket; ticket != NULL; ticket = ticket->next) {
        if (ticket->kind->trail && !ticket->sleeps && ticket->order.stop_price == DEC_NONE &&
            ticket->order.active_price <= 0 && ticket->from <= bar->opens[0] &&
            move_stop(manager, ticket, bar->open[0], bar->opens[0], error) != 0)
            return -1;
    }
    return 0;
}

int orders_move_trails(struct order_manager *manager, int slot, uint64_t before, const struct bars *bar,
                       struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    for (struct ticket *ticket = ledger->slot[slot].ticket; ticket != NULL; ticket = ticket->next) {
        if (!ticket->kind->trail || ticket->sleeps || !ticket_is_waiting(ticket))
            continue;
        const bool born = ticket->serial > before;
        if (!born && ticket->from > bar->opens[0])
            continue;
        /* Of a bar in whose course it came to be, what it has lived through for certain is the close. */
        const bool whole = !born || ticket->order.time == bar->opens[0];
        const dec best = !whole ? bar->close[0] : side_sign(ticket->order.side) < 0 ? bar->high[0] : bar->low[0];
        /* One that waits for a price begins when that was reached. */
        const dec active = ticket->order.stop_price == DEC_NONE ? ticket->order.active_price : DEC_NONE;
        if (active > 0 && (side_sign(ticket->order.side) < 0 ? best < active : best > active))
            continue;
        if (move_stop(manager, ticket, best, bar->end[0], error) != 0)
            return -1;
    }
    return 0;
}
