/* A run of orders that others have made, as tn-order run takes them: each stands behind the bars of the moment that
 * decided it. They are taken when that moment is complete, in the order in which they came, before its signals, which
 * tn-risk sizes when the moment is over. */
#include "backtest/internal.h"

#include <stdio.h>
#include <string.h>

struct pending_order *backtest_keep_order(struct backtest *backtest, enum record_type type, int64_t at,
                                          struct error *error)
{
    struct pending_orders *orders = &backtest->orders;
    if (list_grow(&orders->list, &orders->capacity, orders->count, sizeof *orders->list, error) != 0)
        return NULL;
    /* Their legs have ids of what their sender has called them, which may be long: they are hashed. */
    backtest->manager.hash = backtest->options.hash;
    backtest->outcome.signals += type != RECORD_CASH;
    struct pending_order *pending = &orders->list[orders->count++];
    pending->type = type;
    pending->at = at;
    return pending;
}

static int refuse(struct backtest *backtest, const struct order *order, struct refusal *refusal, const char *code,
                  const char *message, struct error *error)
{
    if (code != NULL) {
        *refusal = (struct refusal){
            .time = order->time, .limit = DEC_NONE, .observed = DEC_NONE, .mode = backtest->ledger.terms.mode};
        memcpy(refusal->symbol, order->symbol, sizeof refusal->symbol);
        memcpy(refusal->account, order->account, sizeof refusal->account);
        memcpy(refusal->strategy, order->strategy, sizeof refusal->strategy);
        memcpy(refusal->order_id, order->id, sizeof refusal->order_id);
        (void)snprintf(refusal->code, sizeof refusal->code, "%s", code);
        (void)snprintf(refusal->message, sizeof refusal->message, "%s", message);
    }
    return backtest_count_refusal(backtest, refusal, error);
}

static int take(struct backtest *backtest, const struct order *order, int64_t now, struct error *error)
{
    struct refusal refusal;
    const size_t known = backtest->orders.ids.count;
    if (names_add(&backtest->orders.ids, str_of(order->id), error) < 0)
        return -1;
    if (backtest->orders.ids.count == known)
        return refuse(backtest, order, &refusal, "DUPLICATE", "another order with this id came before", error);
    if (order->valid_until != TIME_NONE && order->valid_until <= order->time)
        return refuse(backtest, order, &refusal, "STALE_PRICE", "it can only expire: its valid_until has passed",
                      error);
    const int taken = orders_submit(&backtest->manager, order, now, &refusal, error);
    if (taken == 0)
        return refuse(backtest, order, &refusal, NULL, NULL, error);
    backtest->order_count += taken == 1;
    backtest->outcome.entries += taken == 1 && order->role == ROLE_ENTRY;
    return taken == 1 ? 0 : -1;
}

static int change(struct backtest *backtest, const struct replace *replace, int64_t now, struct error *error)
{
    struct refusal refusal;
    const int changed = orders_replace(&backtest->manager, replace, now, &refusal, error);
    return changed == 0 ? backtest_count_refusal(backtest, &refusal, error) : changed;
}

/* Money that is paid in or out is no gain. */
static int pay(struct backtest *backtest, const struct cash *cash, struct error *error)
{
    if (backtest->options.write != NULL &&
        backtest->options.write(backtest->options.context, RECORD_CASH, cash, error) != 0)
        return -1;
    struct ledger *ledger = &backtest->ledger;
    const int currency = ledger_add_currency(ledger, cash->currency, error);
    dec own = 0;
    if (currency < 0 || ledger_convert(ledger, currency, cash->amount, ledger->terms.settlement_unit, ROUND_HALF_EVEN,
                                       &own, error) != 0)
        return -1;
    if (own == DEC_NONE)
        return error_set(error, EXIT_USAGE, "cash in %s, but no earlier bar of its pair with %s", cash->currency,
                         ledger->terms.currency);
    return metrics_flow(&backtest->metrics, own, error) != 0 ? -1 : ledger_apply(ledger, RECORD_CASH, cash, error);
}

static int take_pending(struct backtest *backtest, const struct pending_order *pending, struct error *error)
{
    const struct cancel *cancel = &pending->cancel;
    switch (pending->type) {
    case RECORD_ORDER:
        return take(backtest, &pending->order, pending->at, error);
    case RECORD_REPLACE:
        return change(backtest, &pending->replace, pending->at, error);
    case RECORD_CASH:
        return pay(backtest, &pending->cash, error);
    default:
        return orders_cancel(&backtest->manager, cancel->order_id, pending->at, cancel->reason, error) < 0 ? -1 : 0;
    }
}

int backtest_take_orders(struct backtest *backtest, struct error *error)
{
    struct pending_orders *orders = &backtest->orders;
    for (size_t i = 0; i < orders->count; i++)
        if (take_pending(backtest, &orders->list[i], error) < 0)
            return -1;
    orders->count = 0;
    return 0;
}
