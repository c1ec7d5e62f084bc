/* Corporate actions on what is held and on working orders. The cash of a dividend is an event of its own. */
#include "ledger/internal.h"
#include "record/order_kinds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The minimum price increment of US stocks: a cent from one dollar on, else a hundredth of it (SEC Rule 612). */
static dec price_increment(dec price)
{
    return price >= DEC_ONE ? DEC_ONE / 100 : DEC_ONE / 10000;
}

/* What an action says of an order's price; prices that would not stay positive are left alone. */
static int adjust_price(dec *price, const struct action *action, bool reduced, struct error *error)
{
    if (*price == DEC_NONE)
        return 0;
    dec adjusted = *price;
    if (action->kind == ACTION_SPLIT) {
        if (dec_multiply_divide(&adjusted, *price, action->old_shares, action->new_shares, ROUND_HALF_EVEN) != 0 ||
            dec_round(&adjusted, adjusted, price_increment(adjusted), ROUND_HALF_EVEN) != 0)
            return ledger_overflow(error, "a split-adjusted price");
    } else if (reduced) {
        if (dec_subtract(&adjusted, *price, action->cash) != 0)
            return ledger_overflow(error, "a dividend-adjusted price");
        if (adjusted > 0 && dec_round(&adjusted, adjusted, price_increment(adjusted), ROUND_FLOOR) != 0)
            return ledger_overflow(error, "a dividend-adjusted price");
    }
    if (adjusted > 0)
        *price = adjusted;
    return 0;
}

/* A quantity after a split; one that there was does not vanish by rounding. */
static int scale(dec *quantity, const struct action *action, struct error *error)
{
    const dec before = *quantity;
    if (dec_multiply_divide(quantity, before, action->new_shares, action->old_shares, ROUND_HALF_EVEN) != 0)
        return ledger_overflow(error, "a split-adjusted quantity");
    if (*quantity == 0 && before != 0)
        *quantity = before > 0 ? 1 : -1;
    return 0;
}

/* Does a dividend lower the prices of such an order? Open buy limits and sell stops go down by it, other orders stay
 * (FINRA Rule 5330): those that wait below the price, on both sides. */
static bool is_below(enum order_type type, bool buys)
{
    const struct order_kind *kind = order_kind(type);
    return kind != NULL && kind->trigger == TRIGGER_STOPPED ? !buys : buys;
}

/* Distances, and prices at which something begins, go with the prices of a split; dividends leave them. */
static int adjust_all(dec *const *price, size_t count, const struct action *action, struct error *error)
{
    for (size_t i = 0; action->kind == ACTION_SPLIT && i < count; i++)
        if (*price[i] > 0 &&
            dec_multiply_divide(price[i], *price[i], action->old_shares, action->new_shares, ROUND_UP) != 0)
            return ledger_overflow(error, "a split-adjusted price");
    return 0;
}

static int adjust_leg(struct leg *leg, const struct action *action, bool buys, struct error *error)
{
    const bool lowered = is_below(leg->order_type, buys);
    dec unused = DEC_NONE, *const other[] = {&leg->trail_amount, &leg->atr, &leg->offset, &leg->active_price,
                                             leg->r > 0 ? &unused : &leg->fall};
    return adjust_price(&leg->limit_price, action, lowered, error) != 0 ||
                   adjust_price(&leg->stop_price, action, lowered, error) != 0
               ? -1
               : adjust_all(other, sizeof other / sizeof *other, action, error);
}

/* What was asked of its venue before is asked in the terms of now. */
static int adjust_wanted(struct open_order *open_order, const struct action *action, bool lowered, struct error *error)
{
    const bool scales = action->kind == ACTION_SPLIT && open_order->wanted.quantity > 0;
    return adjust_price(&open_order->wanted.limit_price, action, lowered, error) != 0 ||
                   adjust_price(&open_order->wanted.stop_price, action, lowered, error) != 0 ||
                   (scales && scale(&open_order->wanted.quantity, action, error) != 0)
               ? -1
               : 0;
}

static int adjust_order(struct open_order *open_order, const struct action *action, struct error *error)
{
    struct order *order = &open_order->order;
    dec *const other[] = {&order->trail_amount, &order->atr, &order->active_price, &order->even_price, &order->fall};
    const bool buys = side_sign(order->side) > 0, lowered = is_below(order->order_type, buys);
    if (adjust_price(&order->limit_price, action, lowered, error) != 0 ||
        adjust_price(&order->stop_price, action, lowered, error) != 0 ||
        adjust_price(&order->reference_price, action, true, error) != 0 ||
        adjust_all(other, sizeof other / sizeof *other, action, error) != 0)
        return -1;
    for (int i = 0; i < open_order->pasts; i++) {
        struct past_terms *past = &open_order->past[i];
        if (adjust_price(&past->limit_price, action, lowered, error) != 0 ||
            adjust_price(&past->stop_price, action, lowered, error) != 0 ||
            (action->kind == ACTION_SPLIT && scale(&past->quantity, action, error) != 0))
            return -1;
    }
    for (int i = 0; i < order->leg_count; i++) /* a leg is on the other side of its entry */
        if (adjust_leg(&order->legs[i], action, !buys, error) != 0)
            return -1;
    if (action->kind == ACTION_SPLIT &&
        (scale(&order->quantity, action, error) != 0 || scale(&open_order->filled, action, error) != 0))
        return -1;
    return open_order->request == REQUEST_REPLACE ? adjust_wanted(open_order, action, lowered, error) : 0;
}

int ledger_adjust_late(struct ledger *ledger, struct open_order *open_order, struct error *error)
{
    const struct applied_actions *applied = ledger->symbol_state[open_order->slot].actions;
    for (int i = 0; applied != NULL && i < applied->count; i++) {
        const struct applied_action *past = &applied->action[(applied->oldest + i) % ACTIONS_KEPT];
        const struct action action = {.kind = past->kind, .cash = past->cash};
        if (past->kind == ACTION_DIVIDEND && !past->held && open_order->order.time < past->time &&
            adjust_order(open_order, &action, error) != 0)
            return -1;
    }
    if (applied != NULL)
        ledger_recost(ledger, open_order);
    return 0;
}

/* To what a lot cost and was paid in the account's currency, as far as that is known. */
static int add_own(struct lot *lot, dec cost, dec dividends)
{
    if (cost == DEC_NONE || lot->own_cost == DEC_NONE)
        lot->own_cost = DEC_NONE;
    else if (dec_add(&lot->own_cost, lot->own_cost, cost) != 0)
        return -1;
    if (dividends == DEC_NONE || lot->own_dividends == DEC_NONE)
        lot->own_dividends = DEC_NONE;
    else if (dec_add(&lot->own_dividends, lot->own_dividends, dividends) != 0)
        return -1;
    return 0;
}

static int split_holding(struct ledger *ledger, struct holding *holding, const struct action *action,
                         struct error *error)
{
    /* The whole is scaled, and each lot gets what its share adds to it: three lots of one share are one share after
     * 1:3, not 0.99999999. A lot too small for a quantity of its own gives its cost and dividends to the next. */
    dec before = 0, done = 0, orphan = 0, unpaid = 0, own_orphan = 0, own_unpaid = 0, change;
    size_t kept = 0;
    for (size_t i = 0; i < holding->lots; i++) {
        struct lot lot = holding->lot[i];
        if (dec_add(&before, before, lot.quantity) != 0 || dec_add(&lot.cost, lot.cost, orphan) != 0 ||
            dec_add(&lot.dividends, lot.dividends, unpaid) != 0 || add_own(&lot, own_orphan, own_unpaid) != 0)
            return ledger_overflow(error, "a split-adjusted quantity");
        dec after = before;
        if (scale(&after, action, error) != 0)
            return -1;
        lot.quantity = after - done;
        done = after;
        orphan = lot.quantity == 0 ? lot.cost : 0;
        unpaid = lot.quantity == 0 ? lot.dividends : 0;
        own_orphan = lot.quantity == 0 ? lot.own_cost : 0;
        own_unpaid = lot.quantity == 0 ? lot.own_dividends : 0;
        if (lot.quantity != 0)
            holding->lot[kept++] = lot;
    }
    require(kept > 0);
    holding->lots = kept;
    struct lot *last = &holding->lot[kept - 1];
    if (dec_add(&last->cost, last->cost, orphan) != 0 || dec_add(&last->dividends, last->dividends, unpaid) != 0 ||
        add_own(last, own_orphan, own_unpaid) != 0 || dec_subtract(&change, done, holding->quantity) != 0)
        return ledger_overflow(error, "a split-adjusted quantity");
    return ledger_move(ledger, holding, change, error);
}

const struct applied_action *ledger_find_action(const struct ledger *ledger, int slot, const char *id)
{
    const struct applied_actions *applied = slot < 0 ? NULL : ledger->symbol_state[slot].actions;
    for (int i = 0; applied != NULL && i < applied->count; i++)
        if (strcmp(applied->action[i].id, id) == 0)
            return &applied->action[i];
    return NULL;
}

bool ledger_knows_action(const struct ledger *ledger, int slot, const struct action *action)
{
    const struct applied_actions *applied = slot < 0 ? NULL : ledger->symbol_state[slot].actions;
    if (applied == NULL)
        return false;
    for (int i = 0; i < applied->count; i++)
        if (strcmp(applied->action[i].id, action->id) == 0)
            return !applied->action[i].held;
    return action->time <= applied->forgotten;
}

static int note_applied(struct ledger *ledger, struct ledger_symbol_state *state, const struct action *action,
                        struct error *error)
{
    if (state->actions == NULL && (state->actions = calloc(1, sizeof *state->actions)) == NULL)
        return error_memory(error);
    struct applied_actions *applied = state->actions;
    if (applied->count == 0)
        applied->forgotten = TIME_NONE;
    int at = applied->count;
    if (applied->count == ACTIONS_KEPT) {
        at = applied->oldest;
        applied->oldest = (at + 1) % ACTIONS_KEPT;
        if (applied->action[at].time > applied->forgotten)
            applied->forgotten = applied->action[at].time;
    } else {
        applied->count++;
    }
    applied->action[at] = (struct applied_action){.kind = action->kind,
                                                  .time = action->time,
                                                  .new_shares = action->new_shares,
                                                  .old_shares = action->old_shares,
                                                  .cash = action->cash,
                                                  .held = action->corrects[0] != '\0'};
    (void)snprintf(applied->action[at].id, ID_SIZE, "%s", action->id);
    ledger->actions += !applied->action[at].held;
    return 0;
}

void ledger_apply_adjustment(struct ledger *ledger, const struct adjustment *adjustment)
{
    struct applied_actions *applied = NULL;
    const int slot = ledger_find_slot(ledger, adjustment->symbol);
    if (slot >= 0)
        applied = ledger->symbol_state[slot].actions;
    for (int i = 0; applied != NULL && i < applied->count; i++)
        if (applied->action[i].held && strcmp(applied->action[i].id, adjustment->cause) == 0) {
            applied->action[i].held = false;
            ledger->actions++;
        }
}

bool ledger_can_rename(const struct ledger *ledger, int slot, const char *symbol)
{
    const int other = ledger_find_slot(ledger, symbol);
    return symbol[0] != '\0' && other != slot &&
           (other < 0 || (ledger->symbol_state[other].open == 0 && ledger->symbol_state[other].working == 0));
}

/* What a slot has is now of its symbol. */
static void take_over(struct ledger *ledger, int slot)
{
    struct ledger_symbol_state *at = &ledger->symbol_state[slot];
    for (int i = 0; i < at->holdings; i++)
        ledger->holding[at->holding[i]].slot = slot;
    for (struct open_order *open_order = at->open_order; open_order != NULL; open_order = open_order->next) {
        open_order->slot = slot;
        (void)snprintf(open_order->order.symbol, sizeof open_order->order.symbol, "%s", ledger_symbol(ledger, slot));
    }
}

/* Positions, orders and all that was seen go to the new symbol; what that had, nothing open, to the old. */
static int rename_slot(struct ledger *ledger, int slot, const char *symbol, struct error *error)
{
    if (!ledger_can_rename(ledger, slot, symbol))
        return 0;
    const int other = ledger_slot(ledger, symbol, error);
    if (other < 0)
        return -1;
    const struct ledger_symbol_state moved = ledger->symbol_state[slot];
    ledger->symbol_state[slot] = ledger->symbol_state[other];
    ledger->symbol_state[other] = moved;
    take_over(ledger, slot);
    take_over(ledger, other);
    return 0;
}

int ledger_apply_action(struct ledger *ledger, const struct action *action, struct error *error)
{
    if (action->kind == ACTION_SPINOFF || action->kind == ACTION_ROLL)
        return 0;
    const int index = ledger_find_slot(ledger, action->symbol);
    if (ledger_knows_action(ledger, index, action))
        return 0;
    if (ledger_advance(ledger, action->time, error) != 0)
        return -1;
    if (index < 0)
        return 0;
    struct ledger_symbol_state *state = &ledger->symbol_state[index];
    if (action->corrects[0] != '\0' && ledger_find_action(ledger, index, action->id) != NULL)
        return 0;
    if (note_applied(ledger, state, action, error) != 0)
        return -1;
    /* Money of another currency than the prices takes nothing off them. */
    struct action priced = *action;
    if (action->kind == ACTION_DIVIDEND && action->currency[0] != '\0' &&
        ledger_find_currency(ledger, action->currency) != state->currency)
        priced.cash = 0;
    action = &priced;
    if (action->corrects[0] != '\0' || action->kind == ACTION_DELIST) /* what is sold for it are fills */
        return 0;
    if (action->kind == ACTION_RENAME)
        return rename_slot(ledger, index, action->new_symbol, error);
    for (int i = 0; action->kind == ACTION_SPLIT && i < state->holdings; i++) {
        struct holding *holding = &ledger->holding[state->holding[i]];
        if (holding->quantity != 0 && holding->touched < action->time &&
            split_holding(ledger, holding, action, error) != 0)
            return -1;
    }
    for (struct open_order *open_order = state->open_order; open_order != NULL; open_order = open_order->next) {
        if (open_order->order.time < action->time && adjust_order(open_order, action, error) != 0)
            return -1;
        ledger_recost(ledger, open_order);
    }
    if (state->mark != DEC_NONE && state->marked != TIME_NONE && state->marked < action->time) {
        dec mark = state->mark;
        if (action->kind == ACTION_SPLIT
                ? dec_multiply_divide(&mark, mark, action->old_shares, action->new_shares, ROUND_HALF_EVEN) != 0
                : dec_subtract(&mark, mark, action->cash) != 0)
            return ledger_overflow(error, "an adjusted mark");
        if (mark > 0 && ledger_set_mark(ledger, state, mark, error) != 0)
            return -1;
    }
    if (action->kind == ACTION_SPLIT)
        state->split = action->time;
    return 0;
}
