/* From a level to an order: what is wanted against what there is, sized, permitted and taken, or refused. */
#include "backtest/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A level is repeated every bar; why it is refused is said once. */
static int report_refusal(struct backtest *backtest, const struct refusal *refusal, const char *signal, size_t index,
                          struct error *error)
{
    if (index >= backtest->refused_count) {
        const size_t count = 2 * index + 8;
        struct last_refusal *list = realloc(backtest->refused, count * sizeof *list);
        if (list == NULL)
            return error_memory(error);
        memset(list + backtest->refused_count, 0, (count - backtest->refused_count) * sizeof *list);
        backtest->refused = list;
        backtest->refused_count = count;
    }
    struct last_refusal *last = &backtest->refused[index];
    if (strcmp(last->signal, signal) == 0 && strcmp(last->code, refusal->code) == 0)
        return 0;
    memcpy(last->signal, signal, sizeof last->signal);
    memcpy(last->code, refusal->code, sizeof last->code);
    return backtest_count_refusal(backtest, refusal, error);
}

int backtest_count_refusal(struct backtest *backtest, const struct refusal *refusal, struct error *error)
{
    tally_add(&backtest->outcome.refused, refusal->code, 1);
    if (backtest->refusal_count++ == 0)
        (void)snprintf(backtest->outcome.first_refusal, sizeof backtest->outcome.first_refusal, "%s: %.180s",
                       refusal->code, refusal->message);
    return backtest->options.orders && backtest->options.write != NULL
               ? backtest->options.write(backtest->options.context, RECORD_REFUSAL, refusal, error)
               : 0;
}

/* When a symbol's session that runs at a moment, or else the next one, closes. */
static int find_close(struct backtest *backtest, const char *symbol, int64_t time, int64_t *close, struct error *error)
{
    struct session session;
    struct session_close *known = &backtest->close;
    const struct calendar *calendar = backtest_calendar(backtest, symbol);
    if (calendar != backtest->options.calendar) {
        const int status = calendar_current_or_next(calendar, time, &session, error);
        *close = status == 0 ? session.close : TIME_NONE;
        return status;
    }
    if (backtest->options.closes != NULL)
        known = &backtest->options.closes[(uint64_t)time / (uint64_t)TIME_DAY % SESSION_CLOSES];
    if (time < known->asked || time >= known->close) {
        if (calendar_current_or_next(calendar, time, &session, error) != 0)
            return -1;
        *known = (struct session_close){.asked = time, .close = session.close};
    }
    *close = known->close;
    return 0;
}

/* An order that was decided right now. */
static int take_order(struct backtest *backtest, const struct order *order, int slot, int *holding, struct error *error)
{
    if (*holding < 0 && (*holding = ledger_add_holding(&backtest->ledger, order->strategy, slot, error)) < 0)
        return -1;
    backtest->order_count++;
    return orders_accept(&backtest->manager, order, slot, *holding, order->time, error);
}

int backtest_follow(struct backtest *backtest, const struct signal *signal, int slot, int *holding, size_t key,
                    struct error *error)
{
    struct risk_result *decided = &backtest->decided;
    decided->told = key < backtest->refused_count ? backtest->refused[key].signal : NULL;
    int64_t close;
    const struct instrument *instrument =
        backtest->options.instrument(backtest->options.instruments, signal->symbol, error);
    if (instrument == NULL || find_close(backtest, signal->symbol, signal->time, &close, error) != 0 ||
        risk_decide_at(&backtest->ledger, &backtest->manager.limits, instrument, backtest->manager.hash, signal, slot,
                       *holding, close, decided, error) != 0)
        return -1;
    for (int i = 0; i < decided->cancels; i++)
        if (orders_cancel(&backtest->manager, decided->cancel[i].order_id, signal->time, decided->cancel[i].reason,
                          error) < 0)
            return -1;
    if (decided->has_order && decided->order.role == ROLE_ENTRY &&
        anomalies_refuse(&backtest->anomalies, signal->symbol, signal->time)) {
        struct refusal refusal;
        anomalies_refusal(&refusal, signal);
        refusal.mode = backtest->ledger.terms.mode;
        memcpy(refusal.account, backtest->ledger.terms.account, sizeof refusal.account);
        memcpy(refusal.order_id, decided->order.id, sizeof refusal.order_id);
        return report_refusal(backtest, &refusal, signal->id, key, error);
    }
    if (decided->has_order) {
        backtest->outcome.entries += decided->order.role == ROLE_ENTRY;
        if (decided->clipped != NULL)
            tally_add(&backtest->outcome.cut, decided->clipped, 1);
        return take_order(backtest, &decided->order, slot, holding, error);
    }
    for (int i = 0; i < decided->replaces; i++) {
        struct refusal refusal;
        const int moved = orders_replace(&backtest->manager, &decided->replace[i], signal->time, &refusal, error);
        if (moved < 0 || (moved == 0 && report_refusal(backtest, &refusal, signal->id, key, error) != 0))
            return -1;
    }
    if (decided->has_refusal)
        return report_refusal(backtest, &decided->refusal, signal->id, key, error);
    return 0;
}

struct bar backtest_bar_of(const struct track *track, enum adjusted adjusted, const struct candle *candle)
{
    struct bar bar;
    record_blank(RECORD_BAR, &bar);
    bar.time = candle->time;
    bar.end = candle->end;
    bar.interval = track->interval;
    bar.open = candle->open;
    bar.high = candle->high;
    bar.low = candle->low;
    bar.close = candle->close;
    bar.volume = candle->volume;
    bar.adjusted = adjusted;
    memcpy(bar.symbol, track->symbol, sizeof bar.symbol);
    return bar;
}

static int explain(struct backtest *backtest, const struct track *track, const struct bars *from, int strategy,
                   size_t row, struct signal *signal, struct error *error)
{
    const struct candle candle = bars_at(from, 0);
    const struct bar bar = backtest_bar_of(track, track->adjusted, &candle);
    return runner_explain(backtest->runner[strategy], track->member[strategy].series, &backtest->levels[strategy], row,
                          &bar, signal, error);
}

/* Not within its caller, which every bar goes through: the records it makes are a kilobyte of stack. */
__attribute__((noinline)) static int follow_decision(struct backtest *backtest, int track, const struct bars *bar,
                                                     int strategy, size_t row, struct error *error)
{
    const struct track *of = &backtest->track[track];
    struct signal signal;
    if (runner_signal(backtest->runner[strategy], of->member[strategy].series, &backtest->levels[strategy], row,
                      bar->end[0], bar->close[0], &signal, error) != 0 ||
        (!backtest->decided.brief && explain(backtest, of, bar, strategy, row, &signal, error) != 0))
        return -1;
    return backtest_follow(backtest, &signal, of->slot, &of->member[strategy].holding,
                           (size_t)of->slot * (size_t)backtest->options.count + (size_t)strategy, error);
}

const struct holding *backtest_holding(struct backtest *backtest, int track, int strategy)
{
    const struct ledger *ledger = &backtest->ledger;
    const struct track *of = &backtest->track[track];
    struct member *member = &of->member[strategy];
    if (member->holding < 0)
        member->holding = ledger_find_holding(ledger, backtest->use[strategy].instance, of->slot);
    return member->holding < 0 ? NULL : &ledger->holding[member->holding];
}

int backtest_heed(struct backtest *backtest, int track, const struct bars *bar, int strategy, size_t row,
                  struct error *error)
{
    const enum want side = backtest->levels[strategy].side[row];
    if (side == WANT_NONE || (risk_is_settled(&backtest->ledger, backtest_holding(backtest, track, strategy),
                                              backtest->track[track].slot, side) &&
                              !runner_moves(backtest->runner[strategy], &backtest->levels[strategy], row)))
        return 0;
    return follow_decision(backtest, track, bar, strategy, row, error);
}
