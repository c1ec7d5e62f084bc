/* Signals and orders that others have made, as they come into a run: each is of the open moment, and kept until that is
 * complete. */
#include "backtest/internal.h"

#include <stdio.h>
#include <string.h>

static int check_moment(const struct backtest *backtest, const struct signal *signal, struct error *error)
{
    char time[TIME_TEXT_MAX], moment[TIME_TEXT_MAX];
    if (ledger_find_slot(&backtest->ledger, signal->symbol) < 0)
        return error_set(error, EXIT_INPUT, "%s: a signal before any bar", signal->symbol);
    if (signal->time == backtest->moment)
        return 0;
    time[time_format(time, signal->time)] = '\0';
    moment[time_format(moment, backtest->moment)] = '\0';
    error_set(error, EXIT_INPUT, "%s: a signal of %s after the bars of %s", signal->symbol, time, moment);
    if (signal->time < backtest->moment)
        error_hint(error,
                   "a signal must follow the bar on which it is based; 'tn-stream replay BARS SIGNALS' merges them");
    else
        error_hint(error, "the time of a signal must be the end of the bar on which it is based");
    return -1;
}

int backtest_signal(struct backtest *backtest, const struct signal *signal, struct str line, struct error *error)
{
    struct signal whole = *signal;
    if (backtest_flush(backtest, error) != 0 || check_moment(backtest, signal, error) != 0 ||
        risk_complete_signal(backtest_calendar(backtest, signal->symbol), &whole, error) != 0 ||
        backtest_keep_signal(backtest, &whole, error) != 0)
        return -1;
    return backtest_hash_line(backtest, line, error);
}

/* An order by hand comes when it is decided: behind the bars of its moment, or between them and the next ones. */
static int reach_moment(struct backtest *backtest, int64_t time, const char *what, const char *id, struct error *error)
{
    char text[TIME_TEXT_MAX], moment[TIME_TEXT_MAX];
    if (backtest_release(backtest, time, error) != 0 || backtest_flush(backtest, error) != 0)
        return -1;
    if (backtest->moment == TIME_NONE)
        return error_set(error, EXIT_INPUT, "%s: %s before any bar", id, what);
    if (time >= backtest->moment) {
        backtest->last = time;
        return backtest_reach(backtest, time, error);
    }
    text[time_format(text, time)] = '\0';
    moment[time_format(moment, backtest->moment)] = '\0';
    error_set(error, EXIT_INPUT, "%s: %s of %s after the bars of %s", id, what, text, moment);
    error_hint(error, "it must follow the bars of its moment; 'tn-stream replay BARS ORDERS' merges them");
    return -1;
}

static int add_order(struct backtest *backtest, const struct order *order, int64_t at, struct error *error)
{
    struct pending_order *pending = backtest_keep_order(backtest, RECORD_ORDER, at, error);
    if (pending == NULL)
        return -1;
    pending->order = *order;
    pending->order.risk = pending->order.basis = (struct str){NULL, 0};
    pending->order.mode = backtest->ledger.terms.mode;
    memcpy(pending->order.account, backtest->ledger.terms.account, sizeof pending->order.account);
    backtest->outcome.wanted |= !order_is_reducing(order);
    if (orders_find_end(backtest_calendar(backtest, order->symbol), &pending->order, error) == 0)
        return 0;
    backtest->orders.count--;
    return -1;
}

int backtest_order(struct backtest *backtest, const struct order *order, struct str line, struct error *error)
{
    const struct instrument *instrument =
        backtest->options.instrument(backtest->options.instruments, order->symbol, error);
    return instrument == NULL || order_check_tick(order, instrument->tick_size, error) != 0 ||
                   reach_moment(backtest, order->time, "an order", order->id, error) != 0 ||
                   add_order(backtest, order, order->time, error) != 0
               ? -1
               : backtest_hash_line(backtest, line, error);
}

int backtest_replace(struct backtest *backtest, const struct replace *replace, struct str line, struct error *error)
{
    if (reach_moment(backtest, replace->time, "a replace", replace->order_id, error) != 0)
        return -1;
    struct pending_order *pending = backtest_keep_order(backtest, RECORD_REPLACE, replace->time, error);
    if (pending == NULL)
        return -1;
    pending->replace = *replace;
    return backtest_hash_line(backtest, line, error);
}

int backtest_cancel(struct backtest *backtest, const struct cancel *cancel, struct str line, struct error *error)
{
    if (reach_moment(backtest, cancel->time, "a cancel", cancel->order_id, error) != 0)
        return -1;
    struct pending_order *pending = backtest_keep_order(backtest, RECORD_CANCEL, cancel->time, error);
    if (pending == NULL)
        return -1;
    pending->cancel = *cancel;
    return backtest_hash_line(backtest, line, error);
}

int backtest_by_hand(struct backtest *backtest, enum record_type type, const void *value, int64_t now,
                     struct error *error)
{
    if (backtest_release(backtest, now, error) != 0 || backtest_flush(backtest, error) != 0)
        return -1;
    require(backtest->moment == TIME_NONE || now >= backtest->moment);
    backtest->last = now;
    if (backtest_reach(backtest, now, error) != 0)
        return -1;
    if (type == RECORD_ORDER)
        return add_order(backtest, value, now, error);
    struct pending_order *pending = backtest_keep_order(backtest, type, now, error);
    if (pending == NULL)
        return -1;
    if (type == RECORD_REPLACE)
        pending->replace = *(const struct replace *)value;
    else if (type == RECORD_CANCEL)
        pending->cancel = *(const struct cancel *)value;
    else
        pending->cash = *(const struct cash *)value;
    return 0;
}
