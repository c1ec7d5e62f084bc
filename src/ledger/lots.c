/* Fills: which lots they close, what that realises, what they open. */
#include "ledger/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static dec magnitude(dec value)
{
    return value < 0 ? -value : value;
}

/* The part of a signed amount that falls to `take` of `whole`; all of it when they are the same. */
static int part(dec *result, dec amount, dec take, dec whole)
{
    if (take == whole) {
        *result = amount;
        return 0;
    }
    return dec_multiply_divide(result, amount, take, whole, ROUND_HALF_EVEN);
}

static int add_lot(struct holding *holding, const struct lot *lot, struct error *error)
{
    if (holding->lots == holding->lot_capacity) {
        const size_t capacity = holding->lot_capacity == 0 ? 4 : 2 * holding->lot_capacity;
        struct lot *list = realloc(holding->lot, capacity * sizeof *list);
        if (list == NULL)
            return error_memory(error);
        holding->lot = list;
        holding->lot_capacity = capacity;
    }
    holding->lot[holding->lots++] = *lot;
    return 0;
}

/* Close `quantity` (> 0) of a holding, oldest lots first, for `flow` of signed cash. */
static int close_lots(struct ledger *ledger, struct holding *holding, const struct fill *fill, dec quantity, dec flow,
                      struct error *error)
{
    dec left = quantity, flow_left = flow;
    size_t gone = 0;
    while (left > 0) {
        require(gone < holding->lots);
        struct lot *lot = &holding->lot[gone];
        const dec held = magnitude(lot->quantity), take = held < left ? held : left;
        dec cost, proceeds, gain, total;
        if (part(&cost, lot->cost, take, held) != 0 || part(&proceeds, flow_left, take, left) != 0 ||
            dec_subtract(&gain, proceeds, cost) != 0 || dec_add(&total, holding->realized, gain) != 0)
            return ledger_overflow(error, "realised profit");
        const dec signed_take = lot->quantity < 0 ? -take : take;
        if (ledger->on_close != NULL) {
            const struct closing closing = {.strategy = holding->strategy,
                                            .symbol = fill->symbol,
                                            .quantity = signed_take,
                                            .opened = lot->opened,
                                            .closed = fill->time,
                                            .cost = cost,
                                            .proceeds = proceeds,
                                            .realized = gain,
                                            .opening_fill = lot->fill,
                                            .closing_fill = fill->id,
                                            .closing_order = fill->order_id};
            if (ledger->on_close(ledger->context, &closing, error) != 0)
                return -1;
        }
        holding->realized = total;
        lot->quantity -= signed_take;
        lot->cost -= cost;
        left -= take;
        flow_left -= proceeds;
        if (lot->quantity == 0)
            gone++;
    }
    memmove(holding->lot, holding->lot + gone, (holding->lots - gone) * sizeof *holding->lot);
    holding->lots -= gone;
    return 0;
}

static int fill_ticket(struct ledger *ledger, const struct fill *fill, dec amount, dec commission, struct error *error)
{
    struct ticket *ticket = ledger_ticket(ledger, fill->order_id);
    if (ticket == NULL)
        return 0;
    dec filled, notional, charged;
    if (strcmp(ticket->order.symbol, fill->symbol) != 0 || strcmp(ticket->order.strategy, fill->strategy) != 0)
        return error_set(error, EXIT_STATE, "order %s: filled for another symbol or strategy", fill->order_id);
    if (dec_add(&filled, ticket->filled, fill->quantity) != 0 || filled > ticket->order.quantity)
        return error_set(error, EXIT_STATE, "order %s: more filled than ordered", fill->order_id);
    if (side_sign(ticket->order.side) != side_sign(fill->side))
        return error_set(error, EXIT_STATE, "order %s: filled on the other side", fill->order_id);
    if (dec_add(&notional, ticket->notional, amount) != 0 || dec_add(&charged, ticket->commission, commission) != 0)
        return ledger_overflow(error, "an order's fills");
    ticket->filled = filled;
    ticket->notional = notional;
    ticket->price += (__int128)fill->quantity * fill->price;
    ticket->commission = charged;
    ticket->fills++;
    return 0;
}

int ledger_apply_fill(struct ledger *ledger, const struct fill *fill, struct error *error)
{
    const dec multiplier = fill->multiplier == DEC_NONE ? DEC_ONE : fill->multiplier;
    const dec commission = fill->commission == DEC_NONE ? 0 : fill->commission;
    const dec fees = fill->fees == DEC_NONE ? 0 : fill->fees;
    const int slot = ledger_slot(ledger, fill->symbol, error);
    struct holding *holding = slot < 0 ? NULL : ledger_make_holding(ledger, fill->strategy, slot, multiplier, error);
    if (holding == NULL)
        return -1;
    if (holding->multiplier != multiplier && holding->quantity != 0)
        return error_set(error, EXIT_STATE, "%s: the multiplier changed while a position was open", fill->symbol);
    holding->multiplier = multiplier;

    const int sign = side_sign(fill->side);
    if (ledger_advance(ledger, fill->time, error) != 0)
        return -1;
    dec amount, costs, flow, cash, all_commission, all_fees;
    if (ledger_amount(ledger, fill->quantity, fill->price, multiplier, &amount, error) != 0)
        return -1;
    if (dec_add(&costs, commission, fees) != 0 || dec_subtract(&flow, -sign * amount, costs) != 0 ||
        dec_add(&cash, ledger->cash, flow) != 0 || dec_add(&all_commission, ledger->commission, commission) != 0 ||
        dec_add(&all_fees, ledger->fees, fees) != 0)
        return ledger_overflow(error, "cash");
    if (fill_ticket(ledger, fill, amount, commission, error) != 0)
        return -1;

    const bool opposite = holding->quantity != 0 && (holding->quantity > 0) != (sign > 0);
    dec closed = 0, closed_flow = 0;
    if (opposite) {
        closed = magnitude(holding->quantity) < fill->quantity ? magnitude(holding->quantity) : fill->quantity;
        if (part(&closed_flow, flow, closed, fill->quantity) != 0)
            return ledger_overflow(error, "cash");
        if (close_lots(ledger, holding, fill, closed, closed_flow, error) != 0)
            return -1;
    }
    if (closed < fill->quantity) {
        struct lot lot = {
            .quantity = sign * (fill->quantity - closed), .cost = -(flow - closed_flow), .opened = fill->time};
        memcpy(lot.fill, fill->id, sizeof lot.fill);
        if (add_lot(holding, &lot, error) != 0)
            return -1;
    }
    struct ledger_slot *at = &ledger->slot[slot];
    if (at->mark == DEC_NONE) {
        if (ledger_set_mark(ledger, at, fill->price, error) != 0)
            return -1;
        at->marked = fill->time;
    }
    if (ledger_move(ledger, holding, sign * fill->quantity, error) != 0)
        return -1;
    if ((holding->touched == TIME_NONE || holding->touched < fill->time) && fill->time != at->split)
        holding->touched = fill->time;
    if (fill->time > ledger->late_time)
        ledger->late_cash = 0;
    if (fill->time >= ledger->late_time) {
        ledger->late_time = fill->time;
        ledger->late_cash += flow > 0 ? flow : 0; /* a part of the cash, which is in range */
    }
    ledger->cash = cash;
    ledger->commission = all_commission;
    ledger->fees = all_fees;
    return 0;
}
