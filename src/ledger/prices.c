/* Prices that an order's rules lead to, on its instrument's ticks. */
#include "ledger/ledger.h"

/* Below a dollar prices are finer than a cent (SEC Rule 612). */
dec order_tick_at(const struct instrument *instrument, dec price)
{
    const dec fine = DEC_ONE / 10000;
    return price < DEC_ONE && fine < instrument->tick_size ? fine : instrument->tick_size;
}

int order_trail_from(const struct order *order, const struct instrument *instrument, dec best, dec *stop,
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
    if (at > 0 && dec_round(&at, at, order_tick_at(instrument, at), sign < 0 ? ROUND_FLOOR : ROUND_CEILING) != 0)
        return error_set(error, EXIT_STATE, "order %s: its trail is out of range", order->id);
    if (at > 0)
        *stop = at;
    return 0;
}
