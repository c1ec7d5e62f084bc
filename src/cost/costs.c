/* Commissions and slippage. */
#include "cost/costs.h"

#include "base/time.h"

/* What an order has cost that has filled so much. */
static int commission_of(const struct costs *costs, const struct ledger *ledger, int slot, dec filled, dec notional,
                         dec *total)
{
    dec by_share = 0, by_value = 0;
    if ((costs->per_share != 0 && dec_multiply(&by_share, filled, costs->per_share, ROUND_HALF_EVEN) != 0) ||
        (costs->percent != 0 && dec_multiply(&by_value, notional, costs->percent, ROUND_HALF_EVEN) != 0) ||
        dec_add(total, by_share, by_value) != 0)
        return -1;
    if (*total < costs->minimum)
        *total = costs->minimum;
    return dec_round(total, *total, ledger_unit(ledger, ledger->symbol_state[slot].currency), ROUND_HALF_EVEN);
}

int costs_commission(const struct costs *costs, const struct ledger *ledger, const struct open_order *open_order,
                     dec quantity, dec amount, dec *commission, struct error *error)
{
    dec filled, notional, total, before = open_order->commission;
    /* With fees the open order's commission is not ours alone. */
    if (dec_add(&filled, open_order->filled, quantity) != 0 || dec_add(&notional, open_order->notional, amount) != 0 ||
        commission_of(costs, ledger, open_order->slot, filled, notional, &total) != 0 ||
        (costs->fees != NULL && open_order->filled > 0 &&
         commission_of(costs, ledger, open_order->slot, open_order->filled, open_order->notional, &before) != 0) ||
        dec_subtract(commission, total, before) != 0)
        return error_set(error, EXIT_STATE, "order %s: its commission is out of range", open_order->order.id);
    return 0;
}

struct fee_trade costs_trade(const struct ledger *ledger, const struct execution *fill, enum fee_liquidity liquidity,
                             const struct zone *zone)
{
    const int64_t local = zone == NULL ? fill->time : zone_to_local(zone, fill->time);
    const struct open_order *open_order = fill->open_order;
    return (struct fee_trade){.symbol = ledger_symbol(ledger, fill->slot),
                              .buys = side_sign(fill->side) > 0,
                              .opens = open_order == NULL || !order_is_reducing(&open_order->order),
                              .liquidity = liquidity,
                              .day = local / TIME_DAY - (local % TIME_DAY < 0),
                              .quantity = fill->quantity,
                              .price = fill->price,
                              .amount = fill->amount,
                              .filled = open_order == NULL ? 0 : open_order->filled,
                              .notional = open_order == NULL ? 0 : open_order->notional};
}

int costs_fees(const struct costs *costs, const struct fee_trade *trade, struct execution *fill, struct error *error)
{
    struct fee_charge charge;
    if (fee_charge(costs->fees, costs->state, trade, &charge, error) != 0)
        return -1;
    for (int i = 0; i < (costs->fee_times == 0 ? 1 : costs->fee_times); i++)
        if (dec_add(&fill->commission, fill->commission, i > 0 && charge.commission < 0 ? 0 : charge.commission) != 0 ||
            dec_add(&fill->fees, fill->fees, i > 0 && charge.fees < 0 ? 0 : charge.fees) != 0)
            return error_set(error, EXIT_STATE, "%s: the fees of a fill are out of range", trade->symbol);
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
