/* Corporate actions: what they mean for what is held and for what works. */
#include "order/internal.h"

#include <stdio.h>
#include <string.h>

static int pay_dividend(struct order_manager *manager, const struct action *action, const struct holding *holding,
                        struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    const char *code = action->currency[0] != '\0'
                           ? action->currency
                           : ledger_currency_code(ledger, ledger->symbol_state[holding->slot].currency);
    const int currency = ledger_add_currency(manager->ledger, code, error);
    if (currency < 0)
        return -1;
    struct cash cash = {.time = action->time,
                        .kind = CASH_DIVIDEND,
                        .rate = DEC_NONE,
                        .cross_rate = DEC_NONE,
                        .settlement_unit = DEC_NONE};
    memcpy(cash.symbol, action->symbol, sizeof cash.symbol);
    memcpy(cash.account, manager->ledger->terms.account, sizeof cash.account);
    memcpy(cash.strategy, holding->strategy, sizeof cash.strategy);
    (void)snprintf(cash.currency, sizeof cash.currency, "%s", code);
    const struct money_rate rate = ledger_rate_before(ledger, currency, action->time);
    ledger_say_rate(ledger, &rate, cash.pair, &cash.rate, cash.cross_pair, &cash.cross_rate);
    if (orders_name(manager, cash.id, "tc", action->id, holding->strategy, error) != 0)
        return -1;
    cash.reference = str_of(action->id);
    if (ledger_amount_in(ledger, currency, holding->quantity, action->cash, holding->multiplier, &cash.amount, error) !=
        0)
        return -1;
    return cash.amount == 0 ? 0 : orders_event(manager, RECORD_CASH, &cash, error);
}

/* The smallest quantity of a symbol that is traded; 0 on error. */
static dec step_of(const struct order_manager *manager, const char *symbol, struct error *error)
{
    const struct instrument *instrument = manager->instrument(manager->context, symbol, error);
    return instrument == NULL ? 0 : orders_step(manager, instrument);
}

/* What a split leaves below one lot is sold at the adjusted mark: cash in lieu. */
static int sell_fraction(struct order_manager *manager, const struct action *action, const struct holding *holding,
                         struct error *error)
{
    const dec step = step_of(manager, action->symbol, error);
    if (step == 0)
        return -1;
    const dec rest = holding->quantity % step;
    if (rest == 0)
        return 0;
    struct execution fill = {.slot = holding->slot,
                             .holding = (int)(holding - manager->ledger->holding),
                             .role = ROLE_EXIT,
                             .side = rest > 0 ? SIDE_SELL : SIDE_BUY_TO_COVER,
                             .time = action->time,
                             .quantity = rest > 0 ? rest : -rest,
                             .price = manager->ledger->symbol_state[holding->slot].mark,
                             .multiplier = holding->multiplier,
                             .slippage = DEC_NONE,
                             .lot = ""};
    char order_id[ID_SIZE];
    if (orders_name(manager, order_id, "tl", action->id, holding->strategy, error) != 0 ||
        ledger_amount(manager->ledger, fill.slot, fill.quantity, fill.price, fill.multiplier, &fill.amount, error) != 0)
        return -1;
    return orders_book(manager, &fill, order_id, error);
}

/* What a share brings that trades no more: what its holders get, else the last price. */
static dec price_of(const struct ledger *ledger, int slot, const struct action *action)
{
    return action->cash != DEC_NONE ? action->cash : ledger->symbol_state[slot].mark;
}

/* A position in what trades no more is closed, as if it were sold or covered. */
static int close_delisted(struct order_manager *manager, const struct action *action, int index, struct error *error)
{
    const struct holding *holding = &manager->ledger->holding[index];
    const bool longs = holding->quantity > 0;
    struct execution fill = {.slot = holding->slot,
                             .holding = index,
                             .role = ROLE_EXIT,
                             .side = longs ? SIDE_SELL : SIDE_BUY_TO_COVER,
                             .time = action->time,
                             .quantity = longs ? holding->quantity : -holding->quantity,
                             .price = price_of(manager->ledger, holding->slot, action),
                             .multiplier = holding->multiplier,
                             .slippage = DEC_NONE,
                             .lot = ""};
    char order_id[ID_SIZE];
    if (orders_name(manager, order_id, "tl", action->id, holding->strategy, error) != 0 ||
        ledger_amount(manager->ledger, fill.slot, fill.quantity, fill.price, fill.multiplier, &fill.amount, error) != 0)
        return -1;
    return orders_book(manager, &fill, order_id, error);
}

/* A symbol trades no more: its orders end, its positions are closed. */
static int delist(struct order_manager *manager, const struct action *action, int slot, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    for (const struct open_order *open_order = ledger->symbol_state[slot].open_order, *next; open_order != NULL;
         open_order = next) {
        next = open_order->next;
        if (orders_update(manager, open_order, STATUS_CANCELED, action->time, "delisted", error) != 0)
            return -1;
    }
    for (int i = 0; i < ledger->symbol_state[slot].holdings; i++) {
        const int index = ledger->symbol_state[slot].holding[i];
        if (ledger->holding[index].quantity != 0 && close_delisted(manager, action, index, error) != 0)
            return -1;
    }
    return orders_wake(manager, error);
}

/* Entries whose quantity a split has left at a fraction of a lot: they may not be bought as they are. */
static int cancel_fractions(struct order_manager *manager, const struct action *action, int slot, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    const dec step = step_of(manager, action->symbol, error);
    if (step == 0)
        return -1;
    for (const struct open_order *open_order = ledger->symbol_state[slot].open_order, *next; open_order != NULL;
         open_order = next) {
        next = open_order->next;
        if (!order_is_reducing(&open_order->order) && open_order->order.time < action->time &&
            (open_order->order.quantity - open_order->filled) % step != 0 &&
            orders_withdraw(manager, open_order, STATUS_CANCELED, action->time, "split", error) != 0)
            return -1;
    }
    return 0;
}

/* Holds what the action is about since before it; what was marked or filled later is beyond its reach. */
static bool is_entitled(const struct holding *holding, const struct action *action)
{
    return holding->quantity != 0 && holding->touched < action->time;
}

int orders_warn(struct order_manager *manager, const char *symbol, int64_t time, const char *cause, const char *title,
                const char *text, struct error *error)
{
    struct alert alert = {.time = time, .level = ALERT_WARNING, .mode = manager->ledger->terms.mode};
    (void)snprintf(alert.symbol, sizeof alert.symbol, "%s", symbol);
    memcpy(alert.account, manager->ledger->terms.account, sizeof alert.account);
    (void)snprintf(alert.cause, sizeof alert.cause, "%s", cause);
    alert.title = str_of(title);
    alert.text = str_of(text);
    if (orders_name(manager, alert.id, "tw", cause, "", error) != 0)
        return -1;
    return orders_emit(manager, RECORD_ALERT, &alert, error);
}

/* Says what an action means for the account and nobody has done about it. */
static int warn(struct order_manager *manager, const struct action *action, const char *text, struct error *error)
{
    return orders_warn(manager, action->symbol, action->time, action->id, "corporate action not applied", text, error);
}

/* Is anything held or working in its symbol from before the action? `late`: only positions that have seen later prices
 * without it. */
static bool is_older(const struct ledger *ledger, int slot, const struct action *action, bool late)
{
    for (int i = 0; i < ledger->symbol_state[slot].holdings; i++) {
        const struct holding *holding = &ledger->holding[ledger->symbol_state[slot].holding[i]];
        if (holding->quantity != 0 && holding->lot[0].opened < action->time &&
            (!late || holding->touched >= action->time))
            return true;
    }
    const struct open_order *open_order = late ? NULL : ledger->symbol_state[slot].open_order;
    while (open_order != NULL && open_order->order.time >= action->time)
        open_order = open_order->next;
    return open_order != NULL;
}

/* Is all that is held and works in a symbol of before the action? */
static bool is_all_older(const struct ledger *ledger, int slot, const struct action *action)
{
    const struct ledger_symbol_state *at = &ledger->symbol_state[slot];
    for (int i = 0; i < at->holdings; i++) {
        const struct holding *holding = &ledger->holding[at->holding[i]];
        if (holding->quantity != 0 && holding->touched >= action->time)
            return false;
    }
    for (const struct open_order *open_order = at->open_order; open_order != NULL; open_order = open_order->next)
        if (open_order->order.time >= action->time)
            return false;
    return true;
}

/* Can a rename or a delisting be carried out? Not in part: what is of later may know of it. */
static bool moves(const struct ledger *ledger, int slot, const struct action *action)
{
    return is_all_older(ledger, slot, action) &&
           (action->kind == ACTION_RENAME
                ? ledger_can_rename(ledger, slot, action->new_symbol)
                : action->kind == ACTION_DELIST && price_of(ledger, slot, action) != DEC_NONE);
}

/* What this version leaves undone, NULL for nothing. */
static const char *undone(const struct ledger *ledger, int slot, const struct action *action)
{
    const bool applies = action->kind == ACTION_SPLIT || action->kind == ACTION_DIVIDEND;
    if (moves(ledger, slot, action) || !is_older(ledger, slot, action, applies))
        return NULL;
    switch (action->kind) {
    case ACTION_SPLIT:
        return "the split arrived after later prices: the position and its orders are not adjusted";
    case ACTION_DIVIDEND:
        return "the dividend arrived after later prices: it was not paid";
    case ACTION_RENAME:
        return ledger_can_rename(ledger, slot, action->new_symbol)
                   ? "the rename arrived after later prices or orders: the position and its orders keep the old symbol"
                   : "a rename to a symbol that already has a position or orders: the position keeps the old symbol";
    case ACTION_DELIST:
        return "the delisting arrived after later prices or orders, or there is no price to sell at: the position "
               "stays open";
    case ACTION_ROLL:
        return "a roll in prices that are not joined: the jump to the new contract counts as a profit or loss";
    default:
        return "a spin-off: the new shares are not booked";
    }
}

/* The symbol has another name, or trades no more. */
static int move(struct order_manager *manager, const struct action *action, int slot, struct error *error)
{
    struct action happened = *action;
    memcpy(happened.account, manager->ledger->terms.account, sizeof happened.account);
    if (orders_event(manager, RECORD_ACTION, &happened, error) != 0)
        return -1;
    return action->kind == ACTION_DELIST ? delist(manager, action, slot, error) : 0;
}

static int carry_out(struct order_manager *manager, const struct action *action, int slot, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    if (action->kind == ACTION_DIVIDEND && ledger_find_currency(ledger, action->currency) < 0 &&
        ledger_rate(ledger, action->currency, TIME_NONE).rate.price == DEC_NONE)
        return error_set(
            error, EXIT_INPUT,
            "%s: a dividend in %s, but the account in %s has neither a balance nor a rate in that currency",
            action->symbol, action->currency, ledger->terms.currency);
    const dec step = action->kind == ACTION_SPLIT ? step_of(manager, action->symbol, error) : 0;
    if (action->kind == ACTION_SPLIT && step == 0)
        return -1;
    struct action happened = *action;
    memcpy(happened.account, ledger->terms.account, sizeof happened.account);
    if (orders_event(manager, RECORD_ACTION, &happened, error) != 0)
        return -1;
    if (manager->remote && orders_doubt_all(manager, slot, action->time, error) != 0)
        return -1;
    for (int i = 0; i < ledger->symbol_state[slot].holdings; i++) {
        const int index = ledger->symbol_state[slot].holding[i];
        const struct holding *holding = &ledger->holding[index];
        if (!is_entitled(holding, action))
            continue;
        if (action->kind == ACTION_DIVIDEND ? pay_dividend(manager, action, holding, error) != 0
                                            : sell_fraction(manager, action, holding, error) != 0)
            return -1;
        if (orders_fit(manager, index, step, action->time, error) != 0)
            return -1;
    }
    if (action->kind == ACTION_SPLIT && cancel_fractions(manager, action, slot, error) != 0)
        return -1;
    return orders_wake(manager, error);
}

int orders_action(struct order_manager *manager, const struct action *action, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    const int slot = ledger_find_slot(ledger, action->symbol);
    if (slot < 0 || !orders_concerns(ledger, slot) || ledger_knows_action(ledger, slot, action))
        return 0;
    const char *text = undone(ledger, slot, action);
    if (text != NULL && warn(manager, action, text, error) != 0)
        return -1;
    if (action->kind == ACTION_RENAME || action->kind == ACTION_DELIST)
        return moves(ledger, slot, action) ? move(manager, action, slot, error) : 0;
    if (action->kind != ACTION_SPLIT && action->kind != ACTION_DIVIDEND)
        return 0;
    bool any = false;
    for (const struct open_order *open_order = ledger->symbol_state[slot].open_order; !any && open_order != NULL;
         open_order = open_order->next)
        any = open_order->order.time < action->time;
    for (int i = 0; !any && i < ledger->symbol_state[slot].holdings; i++)
        any = is_entitled(&ledger->holding[ledger->symbol_state[slot].holding[i]], action);
    return any ? carry_out(manager, action, slot, error) : 0;
}
