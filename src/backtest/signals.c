/* A run of signals that others have made: each stands behind the bar it judges, and is followed when its moment is
 * complete, in the order in which it came, as the levels of strategies are. */
#include "backtest/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t keep_text(struct buf *texts, struct str text)
{
    const size_t at = texts->n;
    buf_add_str(texts, text);
    return at;
}

int backtest_keep_signal(struct backtest *backtest, const struct signal *signal, struct error *error)
{
    struct signals *signals = &backtest->signals;
    if (names_add(&signals->instances, str_of(signal->strategy), error) < 0 ||
        list_grow(&signals->list, &signals->capacity, signals->count, sizeof *signals->list, error) != 0)
        return -1;
    struct pending_signal *pending = &signals->list[signals->count];
    pending->signal = *signal;
    pending->reason = keep_text(&signals->texts, signal->reason);
    pending->basis = keep_text(&signals->texts, signal->basis);
    if (buf_check(&signals->texts, error) != 0)
        return -1;
    signals->count++;
    backtest->outcome.signals++;
    backtest->outcome.wanted |= signal->side == WANT_LONG || signal->side == WANT_SHORT;
    return 0;
}

static int follow(struct backtest *backtest, struct signal *signal, struct error *error)
{
    const struct ledger *ledger = &backtest->ledger;
    const int slot = ledger_find_slot(ledger, signal->symbol);
    char key[STRATEGY_SIZE + SYMBOL_SIZE + 1];
    (void)snprintf(key, sizeof key, "%s\n%s", signal->strategy, signal->symbol);
    const int64_t index = names_add(&backtest->signals.keys, str_of(key), error);
    if (index < 0)
        return -1;
    int holding = ledger_find_holding(ledger, signal->strategy, slot);
    if (signal->moves != 1 &&
        risk_is_settled(ledger, holding < 0 ? NULL : &ledger->holding[holding], slot, signal->side))
        return 0;
    return backtest_follow(backtest, signal, slot, &holding, (size_t)index, error);
}

int backtest_follow_signals(struct backtest *backtest, struct error *error)
{
    struct signals *signals = &backtest->signals;
    for (size_t i = 0; i < signals->count; i++) {
        struct pending_signal *pending = &signals->list[i];
        struct signal *signal = &pending->signal;
        signal->reason.p = signals->texts.p + pending->reason;
        signal->basis.p = signals->texts.p + pending->basis;
        if (signal->reason.n == 0)
            signal->reason.p = NULL;
        if (signal->basis.n == 0)
            signal->basis.p = NULL;
        if (follow(backtest, signal, error) != 0)
            return -1;
    }
    signals->count = 0;
    buf_reset(&signals->texts);
    return 0;
}
