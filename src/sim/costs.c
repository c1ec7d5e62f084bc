/* Commissions and slippage. */
#include "sim/costs.h"

int costs_commission(const struct costs *costs, const struct ledger *ledger, const struct ticket *ticket, dec quantity,
                     dec amount, dec *commission, struct error *error)
{
    dec filled, notional, by_share = 0, by_value = 0, total;
    if (dec_add(&filled, ticket->filled, quantity) != 0 || dec_add(&notional, ticket->notional, amount) != 0 ||
        (costs->per_share != 0 && dec_multiply(&by_share, filled, costs->per_share, ROUND_HALF_EVEN) != 0) ||
        (costs->percent != 0 && dec_multiply(&by_value, notional, costs->percent, ROUND_HALF_EVEN) != 0) ||
        dec_add(&total, by_share, by_value) != 0)
        return error_set(error, EXIT_STATE, "order %s: its commission is out of range", ticket->order.id);
    if (total < costs->minimum)
        total = costs->minimum;
    if (dec_round(&total, total, ledger->terms.settlement_unit, ROUND_HALF_EVEN) != 0 ||
        dec_subtract(commission, total, ticket->commission) != 0)
        return error_set(error, EXIT_STATE, "order %s: its commission is out of range", ticket->order.id);
    return 0;
}

int costs_slip(const struct costs *costs, const struct instrument *instrument, int sign, dec price, dec *slipped)
{
    if (!costs_slippage(costs)) {
        *slipped = price;
        return 0;
    }
    dec ticks, share = 0, moved;
    if (dec_multiply(&ticks, instrument->tick_size, costs->slippage_ticks, ROUND_UP) != 0 ||
        (costs->slippage_bps != 0 &&
         dec_multiply_divide(&share, price, costs->slippage_bps, 10000 * DEC_ONE, ROUND_UP) != 0) ||
        dec_add(&moved, ticks, share) != 0 || dec_add(&moved, price, sign * moved) != 0 ||
        dec_round(&moved, moved, instrument->tick_size, sign > 0 ? ROUND_CEILING : ROUND_FLOOR) != 0)
        return -1;
    const dec least = price < instrument->tick_size ? price : instrument->tick_size;
    *slipped = moved < least ? least : moved;
    return 0;
}
