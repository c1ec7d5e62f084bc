/* A moment: what ends with it, its bars, and what the account is worth after it. */
#include "order/internal.h"

#include <stdio.h>
#include <string.h>

static int expire(struct order_manager *manager, const struct open_order *open_order, int64_t until,
                  struct error *error)
{
    const int64_t end = open_order->order.valid_until;
    if (end == TIME_NONE || end > until)
        return 0;
    return orders_withdraw(manager, open_order, STATUS_EXPIRED, end > open_order->from ? end : open_order->from,
                           "not filled in time", error);
}

int orders_expire(struct order_manager *manager, int slot, int64_t until, struct error *error)
{
    struct ledger *ledger = manager->ledger;
    if (until < ledger->next_end)
        return 0;
    if (slot >= 0) {
        for (const struct open_order *open_order = ledger->symbol_state[slot].open_order, *next; open_order != NULL;
             open_order = next) {
            next = open_order->next;
            if (expire(manager, open_order, until, error) != 0)
                return -1;
        }
        return 0;
    }
    for (size_t i = 0; i < ledger->open_orders;) {
        const size_t before = ledger->open_orders;
        if (expire(manager, ledger->open_order[i], until, error) != 0)
            return -1;
        i += ledger->open_orders == before;
    }
    ledger_note_ends(ledger);
    return 0;
}

void orders_point(const struct order_manager *manager, int64_t known, const struct worth *worth, struct equity *point)
{
    const struct ledger *ledger = manager->ledger;
    point->time = known;
    point->equity = worth->equity;
    point->cash = ledger->cash;
    point->exposure = worth->exposure;
    point->marks = (struct str){NULL, 0};
    point->mode = ledger->terms.mode;
    memcpy(point->account, ledger->terms.account, sizeof point->account);
}

static int emit_point(struct order_manager *manager, int64_t known, const struct worth *worth, struct error *error)
{
    struct equity point;
    orders_point(manager, known, worth, &point);
    return orders_event(manager, RECORD_EQUITY, &point, error);
}

/* The same where nobody reads it. */
static int note_point(struct ledger *ledger, int64_t known, dec equity, struct error *error)
{
    return ledger_advance(ledger, known, error) != 0 ? -1 : ledger_note_equity(ledger, known, equity, error);
}

/* Once the day has lost what it may, what would enter does not go on working: an order that a morning gave would
 * otherwise enter in the afternoon what the limit refuses. */
static int obey_loss_limit(struct order_manager *manager, int64_t known, dec equity, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    if (ledger->open_orders == 0 || ledger->day_worst <= 0)
        return 0;
    const int lost = risk_day_is_lost(ledger, &manager->limits, equity, error);
    for (size_t i = ledger->open_orders; lost == 1 && i-- > 0;) {
        const struct open_order *open_order = ledger->open_order[i];
        if (!order_is_reducing(&open_order->order) &&
            orders_withdraw(manager, open_order, STATUS_CANCELED, known, "daily loss", error) != 0)
            return -1;
    }
    return lost < 0 ? -1 : 0;
}

int orders_finish(struct order_manager *manager, int64_t known, bool point, struct worth *worth, struct error *error)
{
    struct ledger *ledger = manager->ledger;
    if (known >= ledger->next_expiry && orders_settle_expired(manager, known, error) != 0)
        return -1;
    if ((ledger->open_orders > 0 && orders_expire(manager, -1, known, error) != 0) ||
        orders_wake(manager, error) != 0 || ledger_worth(ledger, worth, error) != 0)
        return -1;
    manager->limits.now = known;
    /* A symbol that was missing is caught up with: the curve has gone on without it and does not turn back. */
    if (!point || (manager->marks && known < ledger->point))
        return 0;
    if ((manager->marks ? emit_point(manager, known, worth, error) : note_point(ledger, known, worth->equity, error)) !=
        0)
        return -1;
    if (risk_may_be_called(&manager->limits, worth->equity, worth->exposure) &&
        orders_watch_margin(manager, known, worth, error) != 0)
        return -1;
    return obey_loss_limit(manager, known, worth->equity, error) == 0 ? orders_wake(manager, error) : -1;
}

int orders_before_bar(struct order_manager *manager, int slot, const struct bars *bar, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    if (!orders_concerns(ledger, slot))
        return ledger->symbol_state[slot].rates; /* it is a pair */
    if (bar->opens[0] >= ledger->next_expiry && orders_settle_expired(manager, bar->opens[0], error) != 0)
        return -1;
    /* What traded before a split has prices of before; orders and marks are of after it. */
    const int64_t split = ledger->symbol_state[slot].split;
    manager->before = ledger->orders;
    if (bar->end[0] <= split)
        return 0;
    if (ledger->symbol_state[slot].working == 0 || bar->opens[0] < split)
        return 1;
    return orders_expire(manager, slot, bar->opens[0], error) != 0 ? -1
           : ledger->symbol_state[slot].working > 0                ? 2
                                                                   : 1;
}

static int emit_mark(struct order_manager *manager, int slot, struct interval interval, const struct bars *bar,
                     struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    struct mark mark = {.time = bar->end[0], .interval = interval, .bar = bar->time[0], .price = bar->close[0]};
    memcpy(mark.symbol, ledger_symbol(ledger, slot), strlen(ledger_symbol(ledger, slot)) + 1);
    memcpy(mark.account, ledger->terms.account, sizeof mark.account);
    return orders_event(manager, RECORD_MARK, &mark, error);
}

int orders_after_bar(struct order_manager *manager, int slot, struct interval interval, const struct bars *bar,
                     bool filled, struct error *error)
{
    struct ledger *ledger = manager->ledger;
    if (filled && ledger->symbol_state[slot].aging > 0 && orders_age_legs(manager, slot, interval, bar, error) != 0)
        return -1;
    if ((manager->marks ? emit_mark(manager, slot, interval, bar, error)
                        : ledger_mark(ledger, slot, interval, bar->time[0], bar->end[0], bar->close[0], error)) != 0)
        return -1;
    if (ledger->symbol_state[slot].counting > 0 && orders_end_counted(manager, slot, bar->end[0], error) != 0)
        return -1;
    return orders_wake(manager, error);
}
