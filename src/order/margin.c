/* What a broker asks for positions, and what he does when it is not there. */
#include "order/internal.h"
#include "record/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Says it, once a trading day. */
static int warn(struct order_manager *manager, int64_t known, dec equity, dec margin, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    struct alert alert = {.time = known, .level = ALERT_CRITICAL, .mode = ledger->terms.mode};
    char day[40], text[200], has[DEC_TEXT_MAX], needed[DEC_TEXT_MAX];
    has[dec_format(has, equity)] = '\0';
    needed[dec_format(needed, margin)] = '\0';
    (void)snprintf(text, sizeof text, "equity %s, maintenance margin of the positions %s: %s", has, needed,
                   manager->liquidates ? "positions are closed at the next open"
                                       : "nothing is entered; a broker would close positions");
    (void)snprintf(day, sizeof day, "margin-%lld", (long long)ledger->day_ends);
    memcpy(alert.account, ledger->terms.account, sizeof alert.account);
    alert.title = STR("equity at or below the maintenance margin");
    alert.text = str_of(text);
    if (orders_name(manager, alert.id, "tm", day, "", error) != 0)
        return -1;
    return orders_emit(manager, RECORD_ALERT, &alert, error);
}

/* What closing a holding at its mark would bring, in the account's currency. */
static dec unrealised(const struct ledger *ledger, const struct holding *holding)
{
    const struct ledger_symbol_state *at = &ledger->symbol_state[holding->slot];
    struct error ignored = {0};
    dec value, own;
    if (ledger_amount(ledger, holding->slot, holding->quantity, at->mark, holding->multiplier, &value, &ignored) != 0 ||
        dec_subtract(&value, value, holding_cost(holding)) != 0 ||
        ledger_convert(ledger, at->currency, value, 1, ROUND_HALF_EVEN, &own, &ignored) != 0)
        return 0;
    return own;
}

/* How much of it exits at the market will close already: without a sign. */
static dec leaving(const struct ledger *ledger, int index)
{
    const struct holding *holding = &ledger->holding[index];
    const struct open_order *open_order = ledger->symbol_state[holding->slot].open_order;
    const dec held = holding->quantity < 0 ? -holding->quantity : holding->quantity;
    dec left = held;
    for (; open_order != NULL; open_order = open_order->next) {
        const dec rest = open_order->order.quantity - open_order->filled;
        if (open_order->holding == index && order_is_reducing(&open_order->order) &&
            open_order->order.order_type == ORDER_MARKET && !open_order->sleeps)
            left -= rest < left ? rest : left;
    }
    return held - left;
}

/* The margin that a part of a holding needs, in the account's currency. */
static int margin_of(const struct order_manager *manager, int index, dec quantity, dec *margin, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    const struct holding *holding = &ledger->holding[index];
    const struct ledger_symbol_state *at = &ledger->symbol_state[holding->slot];
    if (ledger_amount(ledger, holding->slot, quantity, at->mark, holding->multiplier, margin, error) != 0 ||
        dec_multiply(margin, *margin, manager->limits.maintenance[holding->quantity < 0], ROUND_DOWN) != 0)
        return -1;
    return ledger_convert(ledger, at->currency, *margin, 1, ROUND_FLOOR, margin, error);
}

/* The position that has lost most, of those that are not left already; -1: there is none. */
static int find_worst(const struct ledger *ledger, const bool *left)
{
    int worst = -1;
    dec most = 0;
    for (size_t i = 0; i < ledger->holdings; i++) {
        if (ledger->holding[i].quantity == 0 || left[i])
            continue;
        const dec result = unrealised(ledger, &ledger->holding[i]);
        if (worst < 0 || result < most) {
            worst = (int)i;
            most = result;
        }
    }
    return worst;
}

static int leave(struct order_manager *manager, int index, int64_t known, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    const struct holding *holding = &ledger->holding[index];
    const bool longs = holding->quantity > 0;
    char what[SYMBOL_SIZE + 48];
    struct order order;
    record_blank(RECORD_ORDER, &order);
    order.time = known;
    order.role = ROLE_EXIT;
    order.side = longs ? SIDE_SELL : SIDE_BUY_TO_COVER;
    order.quantity = longs ? holding->quantity : -holding->quantity;
    order.order_type = ORDER_MARKET;
    order.time_in_force = TIF_GTC;
    order.mode = ledger->terms.mode;
    (void)snprintf(order.symbol, sizeof order.symbol, "%s", ledger_symbol(ledger, holding->slot));
    memcpy(order.strategy, holding->strategy, sizeof order.strategy);
    memcpy(order.account, ledger->terms.account, sizeof order.account);
    (void)snprintf(order.cause, sizeof order.cause, "margin call");
    (void)snprintf(what, sizeof what, "margin %lld %s", (long long)known, order.symbol);
    if (orders_name(manager, order.id, "tq", what, holding->strategy, error) != 0)
        return -1;
    if (manager->hash == NULL) /* ids of those that work differ all the same */
        (void)snprintf(order.id, sizeof order.id, "tq%d.%lld", index, (long long)known);
    manager->liquidated++;
    return orders_accept(manager, &order, holding->slot, index, known, error);
}

/* Positions are left, the one with the largest loss first, until the rest of them would need no more than there is:
 * what is being left already needs nothing of it, though its symbol may have had no bar since. */
static int liquidate(struct order_manager *manager, int64_t known, dec equity, dec margin, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    bool *left = calloc(ledger->holdings + 1, sizeof *left);
    if (left == NULL)
        return error_memory(error);
    int status = 0;
    dec freed = 0;
    for (size_t i = 0; status == 0 && i < ledger->holdings; i++) {
        const dec quantity = leaving(ledger, (int)i);
        left[i] = quantity > 0;
        status = left[i] ? margin_of(manager, (int)i, quantity, &freed, error) : 0;
        margin -= left[i] && status == 0 ? freed : 0;
    }
    for (int at; status == 0 && equity <= margin && (at = find_worst(ledger, left)) >= 0;) {
        const dec quantity = ledger->holding[at].quantity;
        left[at] = true;
        status = leave(manager, at, known, error) != 0 ||
                         margin_of(manager, at, quantity < 0 ? -quantity : quantity, &freed, error) != 0
                     ? -1
                     : 0;
        margin -= status == 0 ? freed : 0;
    }
    free(left);
    return status;
}

int orders_watch_margin(struct order_manager *manager, int64_t known, const struct worth *worth, struct error *error)
{
    dec margin;
    if (risk_maintenance(manager->ledger, &manager->limits, &margin, error) != 0)
        return -1;
    if (margin == DEC_NONE || worth->equity > margin)
        return 0;
    manager->margin_calls++;
    if (warn(manager, known, worth->equity, margin, error) != 0)
        return -1;
    return manager->liquidates ? liquidate(manager, known, worth->equity, margin, error) : 0;
}
