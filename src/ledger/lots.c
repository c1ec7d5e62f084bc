/* Fills: which lots they close, what that realises, what they open. */
#include "ledger/internal.h"

#include <stdio.h>
#include <string.h>

enum lot_order lot_order_find(const char *word)
{
    for (int i = LOTS_FIFO; i <= LOTS_HIGHEST_COST; i++)
        if (strcmp(lot_order_text((enum lot_order)i), word) == 0)
            return (enum lot_order)i;
    return LOTS_NONE;
}

static dec magnitude(dec value)
{
    return value < 0 ? -value : value;
}

/* The part of a signed amount that falls to `take` of `whole`; all of it when they are the same. */
static int part(dec *result, dec amount, dec take, dec whole)
{
    if (take == whole || amount == DEC_NONE) {
        *result = amount;
        return 0;
    }
    return dec_multiply_divide(result, amount, take, whole, ROUND_HALF_EVEN);
}

/* Room for one more lot, as the youngest. */
static struct lot *add_lot(struct holding *holding, struct error *error)
{
    if (list_grow(&holding->lot, &holding->lot_capacity, holding->lots, sizeof *holding->lot, error) != 0)
        return NULL;
    return &holding->lot[holding->lots++];
}

/* Has a share of one lot cost more than one of another? Proceeds of a short sale are a cost below zero. */
static bool is_dearer(const struct lot *a, const struct lot *b)
{
    return (__int128)a->cost * magnitude(b->quantity) > (__int128)b->cost * magnitude(a->quantity);
}

/* Of two lots of a holding, does a fill close the first before the second? */
static bool goes_first(const struct ledger *ledger, const struct lot *a, const struct lot *b, const char *named)
{
    if (named[0] != '\0' && (strcmp(a->fill, named) == 0 || strcmp(b->fill, named) == 0))
        return strcmp(a->fill, named) == 0;
    if (ledger->terms.lot_order == LOTS_LIFO)
        return a > b;
    if (ledger->terms.lot_order == LOTS_HIGHEST_COST && (is_dearer(a, b) || is_dearer(b, a)))
        return is_dearer(a, b);
    return a < b;
}

const struct lot *ledger_lot_after(const struct ledger *ledger, const struct holding *holding, const char *named,
                                   const struct lot *last)
{
    const struct lot *next = NULL;
    for (const struct lot *lot = holding->lot; lot < holding->lot + holding->lots; lot++)
        if (lot != last && (last == NULL || goes_first(ledger, last, lot, named)) &&
            (next == NULL || goes_first(ledger, lot, next, named)))
            next = lot;
    return next;
}

/* The lot that is closed next, of those that are not yet: the one that was named, else by the account's lot order. */
static struct lot *next_lot(const struct ledger *ledger, const struct holding *holding, const char *named)
{
    struct lot *next = NULL;
    for (size_t i = 0; i < holding->lots; i++) {
        struct lot *lot = &holding->lot[i];
        if (lot->quantity != 0 && (next == NULL || goes_first(ledger, lot, next, named)))
            next = lot;
        if (next != NULL && named[0] == '\0' && ledger->terms.lot_order <= LOTS_FIFO)
            return next;
    }
    require(next != NULL);
    return next;
}

static void drop_closed(struct holding *holding)
{
    size_t kept = 0;
    for (size_t i = 0; i < holding->lots; i++)
        if (holding->lot[i].quantity != 0 && kept++ != i)
            holding->lot[kept - 1] = holding->lot[i];
    holding->lots = kept;
}

/* a − b where both are known, else DEC_NONE. */
static int subtract_known(dec *result, dec a, dec b)
{
    *result = DEC_NONE;
    return a == DEC_NONE || b == DEC_NONE ? 0 : dec_subtract(result, a, b);
}

static int add_known(dec *result, dec a, dec b)
{
    *result = DEC_NONE;
    return a == DEC_NONE || b == DEC_NONE ? 0 : dec_add(result, a, b);
}

/* What a part of a lot cost and brings in the account's currency. *flow is what is left of the cash, and is lowered. */
static int close_own(const struct ledger *ledger, struct holding *holding, struct lot *lot, dec take, dec left,
                     struct lot_close *lot_close, dec *flow)
{
    const dec held = magnitude(lot->quantity);
    lot_close->currency = ledger->symbol_state[holding->slot].currency;
    if (lot_close->currency == 0) {
        lot_close->own_cost = lot_close->cost;
        lot_close->own_proceeds = lot_close->proceeds;
        lot_close->own_realized = lot_close->realized;
        lot_close->own_dividends = lot_close->dividends;
        return 0;
    }
    return part(&lot_close->own_cost, lot->own_cost, take, held) == 0 &&
                   part(&lot_close->own_dividends, lot->own_dividends, take, held) == 0 &&
                   part(&lot_close->own_proceeds, *flow, take, left) == 0 &&
                   subtract_known(&lot_close->own_realized, lot_close->own_proceeds, lot_close->own_cost) == 0 &&
                   add_known(&holding->own_realized, holding->own_realized, lot_close->own_realized) == 0 &&
                   subtract_known(&lot->own_cost, lot->own_cost, lot_close->own_cost) == 0 &&
                   subtract_known(&lot->own_dividends, lot->own_dividends, lot_close->own_dividends) == 0 &&
                   subtract_known(flow, *flow, lot_close->own_proceeds) == 0
               ? 0
               : -1;
}

/* Close `quantity` (> 0) of a holding for `flow` of signed cash, `own` in the account's currency. */
static int close_lots(struct ledger *ledger, struct holding *holding, const struct execution *fill, dec quantity,
                      dec flow, dec own, struct error *error)
{
    dec left = quantity, flow_left = flow;
    while (left > 0) {
        struct lot *lot = next_lot(ledger, holding, fill->lot);
        const dec held = magnitude(lot->quantity), take = held < left ? held : left;
        dec cost, proceeds, gain, total, dividends;
        if (part(&cost, lot->cost, take, held) != 0 || part(&dividends, lot->dividends, take, held) != 0 ||
            part(&proceeds, flow_left, take, left) != 0 || dec_subtract(&gain, proceeds, cost) != 0 ||
            dec_add(&total, holding->realized, gain) != 0)
            return ledger_overflow(error, "realised profit");
        const dec signed_take = lot->quantity < 0 ? -take : take;
        if (ledger->on_close != NULL || ledger->symbol_state[holding->slot].currency != 0) {
            struct lot_close lot_close = {.strategy = holding->strategy,
                                          .symbol = ledger_symbol(ledger, holding->slot),
                                          .opening = lot->number,
                                          .whole = take == held,
                                          .quantity = signed_take,
                                          .opened = lot->opened,
                                          .closed = fill->time,
                                          .cost = cost,
                                          .proceeds = proceeds,
                                          .realized = gain,
                                          .dividends = dividends,
                                          .opening_fill = lot->fill,
                                          .closing_fill = fill->id,
                                          .closing_order = fill->order_id};
            if (close_own(ledger, holding, lot, take, left, &lot_close, &own) != 0)
                return ledger_overflow(error, "realised profit");
            if (ledger->on_close != NULL && ledger->on_close(ledger->context, &lot_close, error) != 0)
                return -1;
        }
        holding->realized = total;
        lot->quantity -= signed_take;
        lot->cost -= cost;
        lot->dividends -= dividends;
        left -= take;
        flow_left -= proceeds;
    }
    drop_closed(holding);
    return 0;
}

static int fill_open_order(struct ledger *ledger, const struct execution *fill, struct error *error)
{
    struct open_order *open_order = fill->open_order;
    dec filled, notional, charged;
    if (open_order->slot != fill->slot || open_order->holding != fill->holding)
        return error_set(error, EXIT_STATE, "order %s: filled for another symbol or strategy", open_order->order.id);
    if (dec_add(&filled, open_order->filled, fill->quantity) != 0 || filled > open_order->order.quantity)
        return error_set(error, EXIT_STATE, "order %s: more filled than ordered", open_order->order.id);
    if (side_sign(open_order->order.side) != side_sign(fill->side))
        return error_set(error, EXIT_STATE, "order %s: filled on the opposite side", open_order->order.id);
    if (dec_add(&notional, open_order->notional, fill->amount) != 0 ||
        dec_add(&charged, open_order->commission, fill->commission) != 0)
        return ledger_overflow(error, "an order's fills");
    open_order->filled = filled;
    open_order->notional = notional;
    open_order->price += (__int128)fill->quantity * fill->price;
    open_order->commission = charged;
    open_order->fills++;
    ledger_recost(ledger, open_order);
    return 0;
}

/* What a fill that brought `flow` in cash, `own` in the account's currency, does to its holding's lots: it closes the
 * opposite ones, the rest of it opens one. */
static int move_lots(struct ledger *ledger, struct holding *holding, const struct execution *fill, dec flow, dec own,
                     struct error *error)
{
    const int sign = side_sign(fill->side);
    dec closed = 0, closed_flow = 0, closed_own = 0;
    if (holding->quantity != 0 && (holding->quantity > 0) != (sign > 0)) {
        closed = magnitude(holding->quantity) < fill->quantity ? magnitude(holding->quantity) : fill->quantity;
        if (part(&closed_flow, flow, closed, fill->quantity) != 0 ||
            part(&closed_own, own, closed, fill->quantity) != 0)
            return ledger_overflow(error, "cash");
        if (close_lots(ledger, holding, fill, closed, closed_flow, closed_own, error) != 0)
            return -1;
    }
    if (closed == fill->quantity)
        return 0;
    struct lot *lot = add_lot(holding, error);
    if (lot == NULL)
        return -1;
    lot->quantity = sign * (fill->quantity - closed);
    lot->cost = -(flow - closed_flow);
    lot->own_cost = own == DEC_NONE ? DEC_NONE : -(own - closed_own);
    lot->dividends = lot->own_dividends = 0;
    lot->opened = fill->time;
    lot->number = fill->number;
    memcpy(lot->fill, fill->id, strlen(fill->id) + 1);
    return 0;
}

/* With one more lot of so much, do the costs of the lots have a sum, whichever of them are closed first? */
static bool costs_fit(const struct holding *holding, dec flow, dec own)
{
    __int128 cost = magnitude(flow), own_cost = own == DEC_NONE ? 0 : magnitude(own);
    for (size_t i = 0; i < holding->lots; i++) {
        const struct lot *lot = &holding->lot[i];
        cost += magnitude(lot->cost);
        own_cost += lot->own_cost == DEC_NONE ? 0 : magnitude(lot->own_cost);
    }
    return cost <= DEC_MAX && own_cost <= DEC_MAX;
}

/* What the short position in a symbol takes from buying power. */
static dec short_margin(const struct ledger_symbol_state *at)
{
    dec margin = 0;
    const __int128 value = at->quantity < 0 ? -at->value : 0;
    return value == 0 || dec_narrow(&margin, value + value / 2) == 0 ? margin : DEC_MAX;
}

/* In the account's currency; where there never was a rate there is no buying power either. */
static __int128 own_gain(const struct ledger *ledger, int currency, __int128 gain)
{
    struct error ignored = {0};
    dec own = 0;
    if (gain <= 0)
        return 0;
    if (ledger_convert(ledger, currency, gain < DEC_MAX ? (dec)gain : DEC_MAX, 1, ROUND_UP, &own, &ignored) != 0)
        return DEC_MAX;
    return own == DEC_NONE ? 0 : own;
}

/* Buying power that a fill brings: the money of a sale, or the margin that a cover frees less its price. */
static void note_late(struct ledger *ledger, int64_t time, __int128 gain)
{
    if (time > ledger->late_time)
        ledger->late_power = 0;
    if (time < ledger->late_time)
        return;
    ledger->late_time = time;
    gain = ledger->late_power + (gain > 0 ? gain : 0);
    ledger->late_power = gain < DEC_MAX ? (dec)gain : DEC_MAX;
}

/* The cash of a fill in the account's currency, at the rate of the day. */
static int own_flow(const struct ledger *ledger, const struct execution *fill, int currency, dec flow, dec *own,
                    struct error *error)
{
    *own = 0;
    if (currency == 0)
        return 0;
    const struct rate rate = fill->rate != NULL ? *fill->rate : ledger_rate_before(ledger, currency, fill->time).rate;
    return rate_convert(&rate, flow, ledger->terms.settlement_unit, ROUND_HALF_EVEN, own) == 0
               ? 0
               : ledger_overflow(error, "cash");
}

/* Money of a sale that may not be spent yet. Where there is no room it waits for the latest of the others. */
static int note_unsettled(struct ledger *ledger, const struct execution *fill, dec flow)
{
    int kept = 0;
    for (int i = 0; i < ledger->unsettleds; i++)
        if (ledger->unsettled[i].settles > fill->time)
            ledger->unsettled[kept++] = ledger->unsettled[i];
    ledger->unsettleds = kept;
    struct unsettled *last = kept == 0 ? NULL : &ledger->unsettled[kept - 1];
    if (last == NULL || (last->settles < fill->settles && kept < UNSETTLED_KEPT)) {
        last = &ledger->unsettled[ledger->unsettleds++];
        *last = (struct unsettled){.settles = fill->settles};
    } else if (last->settles < fill->settles) {
        last->settles = fill->settles;
    }
    return dec_add(&last->amount, last->amount, flow);
}

int ledger_book(struct ledger *ledger, const struct execution *fill, struct error *error)
{
    struct holding *holding = &ledger->holding[fill->holding];
    struct ledger_symbol_state *at = &ledger->symbol_state[fill->slot];
    const int sign = side_sign(fill->side);
    const dec margin = short_margin(at);
    struct money *money = at->currency == 0 ? NULL : &ledger->money[at->currency - 1];
    if (holding->multiplier != fill->multiplier && holding->quantity != 0)
        return error_set(error, EXIT_STATE, "%s: the multiplier changed while a position was open",
                         ledger_symbol(ledger, fill->slot));
    holding->multiplier = fill->multiplier;
    dec *const cash = money == NULL ? &ledger->cash : &money->cash;
    dec costs, flow, own, total, all_commission, all_fees;
    /* At the roll itself, once the day's last point is taken: a fill at the open that follows is the next day's. */
    const bool opens = fill->time == ledger->day_ends && fill->time == ledger->point;
    if (opens ? ledger_roll(ledger, fill->time, error) != 0 : ledger_advance(ledger, fill->time, error) != 0)
        return -1;
    if (dec_add(&costs, fill->commission, fill->fees) != 0 || dec_subtract(&flow, -sign * fill->amount, costs) != 0 ||
        dec_add(&total, *cash, flow) != 0 ||
        dec_add(&all_commission, money == NULL ? ledger->commission : money->commission, fill->commission) != 0 ||
        dec_add(&all_fees, money == NULL ? ledger->fees : money->fees, fill->fees) != 0)
        return ledger_overflow(error, "cash");
    if (own_flow(ledger, fill, at->currency, flow, &own, error) != 0)
        return -1;
    const bool adds = holding->lots > 0 && (holding->quantity > 0) == (sign > 0);
    if (adds && !costs_fit(holding, flow, own))
        return ledger_overflow(error, "the cost of the position");
    if ((fill->open_order != NULL && fill_open_order(ledger, fill, error) != 0) ||
        move_lots(ledger, holding, fill, flow, own, error) != 0)
        return -1;
    if (at->mark == DEC_NONE || at->open == 0) { /* bars of what is not held are passed over: its mark is of any age */
        if (ledger_set_mark(ledger, at, fill->price, error) != 0)
            return -1;
        at->marked = fill->time;
    }
    if (ledger_move(ledger, holding, sign * fill->quantity, error) != 0)
        return -1;
    ledger_note_traded(ledger, fill->time);
    if (holding->touched < fill->time && fill->time != at->split)
        holding->touched = fill->time;
    const dec paid = at->currency == 0 ? flow : own;
    const bool settles = fill->settles > fill->time && paid > 0; /* TIME_NONE and DEC_NONE are below all */
    if (settles && note_unsettled(ledger, fill, paid) != 0)
        return ledger_overflow(error, "unsettled cash");
    const __int128 gain = (settles ? 0 : (__int128)flow) + margin - short_margin(at);
    note_late(ledger, fill->time, at->currency == 0 ? gain : own_gain(ledger, at->currency, gain));
    *(money == NULL ? &ledger->commission : &money->commission) = all_commission;
    *(money == NULL ? &ledger->fees : &money->fees) = all_fees;
    *cash = total;
    if (money != NULL)
        ledger_note_exposed(ledger, at->currency);
    return 0;
}

int ledger_apply_fill(struct ledger *ledger, const struct fill *record, struct error *error)
{
    const int slot = ledger_slot(ledger, record->symbol, error);
    const int holding = slot < 0 ? -1 : ledger_add_holding(ledger, record->strategy, slot, error);
    const int currency = holding < 0 ? -1 : ledger_add_currency(ledger, record->currency, error);
    if (currency < 0 || (record->currency[0] != '\0' && ledger_set_currency(ledger, slot, currency, error) != 0))
        return -1;
    const int trades_in = ledger->symbol_state[slot].currency;
    const struct rate rate = trades_in == 0
                                 ? RATE_NONE
                                 : rate_of_pairs(ledger_currency_code(ledger, trades_in), ledger->terms.currency,
                                                 record->pair, record->rate, record->cross_pair, record->cross_rate);
    struct execution fill = {.number = ++ledger->fills,
                             .open_order = ledger_open_order(ledger, record->order_id),
                             .slot = slot,
                             .holding = holding,
                             .role = record->role,
                             .side = record->side,
                             .time = record->time,
                             .quantity = record->quantity,
                             .price = record->price,
                             .multiplier = record->multiplier == DEC_NONE ? DEC_ONE : record->multiplier,
                             .commission = record->commission == DEC_NONE ? 0 : record->commission,
                             .fees = record->fees == DEC_NONE ? 0 : record->fees,
                             .slippage = record->slippage,
                             .settles = record->settles,
                             .rate = rate.price != DEC_NONE ? &rate : NULL,
                             .lot = record->lot,
                             .id = record->id,
                             .order_id = record->order_id};
    if (ledger_amount(ledger, slot, fill.quantity, fill.price, fill.multiplier, &fill.amount, error) != 0)
        return -1;
    return ledger_book(ledger, &fill, error);
}

/* Shares an amount among the lots that were there before a moment. */
static int share(struct holding *holding, int64_t time, dec amount, bool own)
{
    dec quantity = 0, left = amount;
    for (size_t i = 0; i < holding->lots; i++)
        if (holding->lot[i].opened < time && dec_add(&quantity, quantity, holding->lot[i].quantity) != 0)
            return -1;
    for (size_t i = 0; quantity != 0 && i < holding->lots; i++) {
        struct lot *lot = &holding->lot[i];
        dec *const total = own ? &lot->own_dividends : &lot->dividends;
        dec of_lot;
        if (lot->opened >= time)
            continue;
        if (part(&of_lot, left, lot->quantity, quantity) != 0 || add_known(total, *total, of_lot) != 0)
            return -1;
        left = left == DEC_NONE ? DEC_NONE : left - of_lot;
        quantity -= lot->quantity;
    }
    return 0;
}

int ledger_share_dividend(struct ledger *ledger, const struct cash *cash, struct error *error)
{
    const int slot = ledger_find_slot(ledger, cash->symbol), currency = ledger_find_currency(ledger, cash->currency);
    struct holding *holding = ledger_holding(ledger, cash->strategy, slot);
    const struct rate said = rate_of_pairs(cash->currency, ledger->terms.currency, cash->pair, cash->rate,
                                           cash->cross_pair, cash->cross_rate);
    const struct rate rate = said.price != DEC_NONE ? said : ledger_rate_before(ledger, currency, cash->time).rate;
    dec own = cash->amount;
    if (holding == NULL)
        return 0;
    const int trades_in = ledger->symbol_state[slot].currency;
    if ((currency != 0 &&
         rate_convert(&rate, cash->amount, ledger->terms.settlement_unit, ROUND_HALF_EVEN, &own) != 0) ||
        (trades_in == currency && share(holding, cash->time, cash->amount, false) != 0) ||
        (trades_in != 0 && share(holding, cash->time, own, true) != 0) ||
        (trades_in == 0 && currency != 0 && own != DEC_NONE && share(holding, cash->time, own, false) != 0))
        return ledger_overflow(error, "a dividend");
    return 0;
}
