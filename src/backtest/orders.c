/* A run of orders that others have made, as tn-order run takes them: each stands behind the bars of the moment that
 * decided it. They are taken when that moment is complete, in the order in which they came, after its signals. */
#include "backtest/internal.h"

#include <stdio.h>
#include <string.h>

static int check_moment(const struct backtest *backtest, int64_t time, const char *what, const char *id,
                        struct error *error)
{
    char text[TIME_TEXT_MAX], moment[TIME_TEXT_MAX];
    if (backtest->moment == TIME_NONE)
        return error_set(error, EXIT_INPUT, "%s: %s, but no bar has come", id, what);
    if (time == backtest->moment)
        return 0;
    text[time_format(text, time)] = '\0';
    moment[time_format(moment, backtest->moment)] = '\0';
    error_set(error, EXIT_INPUT, "%s: %s of %s among the bars of %s", id, what, text, moment);
    error_hint(error, "it follows the bars of its moment; 'tn-stream replay BARS ORDERS' puts them in order");
    return -1;
}

static struct pending_order *add(struct backtest *backtest, struct error *error)
{
    struct pending_orders *orders = &backtest->orders;
    if (list_grow(&orders->list, &orders->capacity, orders->count, sizeof *orders->list, error) != 0)
        return NULL;
    /* Their legs have ids of what their sender has called them, which may be long: they are hashed. */
    backtest->manager.hash = backtest->options.hash;
    backtest->outcome.signals++;
    return &orders->list[orders->count];
}

int backtest_order(struct backtest *backtest, const struct order *order, struct str line, struct error *error)
{
    if (backtest_flush(backtest, error) != 0 || check_moment(backtest, order->time, "an order", order->id, error) != 0)
        return -1;
    struct pending_order *pending = add(backtest, error);
    if (pending == NULL)
        return -1;
    pending->type = RECORD_ORDER;
    pending->order = *order;
    pending->order.risk = pending->order.basis = (struct str){NULL, 0};
    pending->order.mode = backtest->ledger.terms.mode;
    memcpy(pending->order.account, backtest->ledger.terms.account, sizeof pending->order.account);
    if (orders_find_end(backtest->options.calendar, &pending->order, error) != 0)
        return -1;
    backtest->orders.count++;
    backtest->outcome.wanted |= !order_is_reducing(order);
    return backtest_hash_line(backtest, line, error);
}

int backtest_replace(struct backtest *backtest, const struct replace *replace, struct str line, struct error *error)
{
    if (backtest_flush(backtest, error) != 0 ||
        check_moment(backtest, replace->time, "a replace", replace->order_id, error) != 0)
        return -1;
    struct pending_order *pending = add(backtest, error);
    if (pending == NULL)
        return -1;
    pending->type = RECORD_REPLACE;
    pending->replace = *replace;
    backtest->orders.count++;
    return backtest_hash_line(backtest, line, error);
}

int backtest_cancel(struct backtest *backtest, const struct cancel *cancel, struct str line, struct error *error)
{
    if (backtest_flush(backtest, error) != 0 ||
        check_moment(backtest, cancel->time, "a cancel", cancel->order_id, error) != 0)
        return -1;
    struct pending_order *pending = add(backtest, error);
    if (pending == NULL)
        return -1;
    pending->type = RECORD_CANCEL;
    pending->cancel = *cancel;
    backtest->orders.count++;
    return backtest_hash_line(backtest, line, error);
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

static int take(struct backtest *backtest, const struct order *order, struct error *error)
{
    struct refusal refusal;
    const size_t known = backtest->orders.ids.count;
    if (names_add(&backtest->orders.ids, str_of(order->id), error) < 0)
        return -1;
    if (backtest->orders.ids.count == known)
        return refuse(backtest, order, &refusal, "DUPLICATE", "another order of this id has come", error);
    if (order->valid_until != TIME_NONE && order->valid_until <= order->time)
        return refuse(backtest, order, &refusal, "STALE_PRICE",
                      "it can only expire: what it was valid until has passed", error);
    const int taken = orders_submit(&backtest->manager, order, order->time, &refusal, error);
    if (taken == 0)
        return refuse(backtest, order, &refusal, NULL, NULL, error);
    backtest->order_count += taken == 1;
    backtest->outcome.entries += taken == 1 && order->role == ROLE_ENTRY;
    return taken == 1 ? 0 : -1;
}

static int change(struct backtest *backtest, const struct replace *replace, struct error *error)
{
    struct refusal refusal;
    const int changed = orders_replace(&backtest->manager, replace, replace->time, &refusal, error);
    return changed == 0 ? backtest_count_refusal(backtest, &refusal, error) : changed;
}

int backtest_take_orders(struct backtest *backtest, struct error *error)
{
    struct pending_orders *orders = &backtest->orders;
    for (size_t i = 0; i < orders->count; i++) {
        const struct pending_order *pending = &orders->list[i];
        const struct cancel *cancel = &pending->cancel;
        const int done = pending->type == RECORD_ORDER ? take(backtest, &pending->order, error)
                         : pending->type == RECORD_REPLACE
                             ? change(backtest, &pending->replace, error)
                             : orders_cancel(&backtest->manager, cancel->order_id, cancel->time, cancel->reason, error);
        if (done < 0)
            return -1;
    }
    orders->count = 0;
    return 0;
}
