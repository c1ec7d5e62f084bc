/* The check of one bar's delay. */
#include "base/list.h"
#include "strategy/known.h"
#include "tn-backtest/check.h"

#include <stdio.h>
#include <stdlib.h>

/* Each decision one bar late: what a strategy wants after a bar is told behind the next one. */
struct late_signals {
    struct backtest *backtest;
    struct runner *runner[RULE_UNITS_MAX];
    int runners;
    struct bar *bar; /* of the moment that is not complete */
    size_t bars, bar_capacity;
    int64_t clock;     /* the end of the last bar */
    struct names keys; /* "SYMBOL INTERVAL UNIT", an index of what is held back */
    struct signal *held;
    bool *has;
    size_t capacity, flags_capacity;
};

/* Where the decision of a runner for a series is held back; -1: out of memory. */
static int64_t find_held(struct late_signals *late, const struct bar *bar, int unit, struct error *error)
{
    char key[SYMBOL_SIZE + INTERVAL_TEXT_MAX + 16];
    size_t n = (size_t)snprintf(key, sizeof key, "%s %d ", bar->symbol, unit);
    n += interval_format(key + n, bar->interval);
    const size_t known = late->keys.count;
    if (list_grow(&late->held, &late->capacity, known, sizeof *late->held, error) != 0 ||
        list_grow(&late->has, &late->flags_capacity, known, sizeof *late->has, error) != 0)
        return -1;
    const int64_t index = names_add(&late->keys, (struct str){key, n}, error);
    require(late->has != NULL && late->held != NULL);
    if (late->keys.count > known)
        late->has[index] = false;
    return index;
}

static int tell_held(struct late_signals *late, const struct bar *bar, int unit, struct error *error)
{
    const struct str none = {NULL, 0};
    const int64_t index = find_held(late, bar, unit, error);
    if (index < 0)
        return -1;
    struct signal *signal = &late->held[index];
    if (!late->has[index])
        return 0;
    if (signal->age == 0)
        signal->decided = bar->end; /* it is fresh now, as it was then */
    signal->time = bar->end;
    signal->price = bar->close;
    signal->reason = signal->basis = signal->horizon = none;
    late->has[index] = false;
    return backtest_signal(late->backtest, signal, none, error);
}

static int judge(struct late_signals *late, const struct bar *bar, int unit, struct error *error)
{
    struct signal next;
    const int said = runner_bar(late->runner[unit], bar, &next, error);
    if (said <= 0)
        return said;
    const int64_t index = find_held(late, bar, unit, error);
    if (index < 0)
        return -1;
    next.reason = next.basis = (struct str){NULL, 0};
    late->held[index] = next;
    late->has[index] = true;
    return 0;
}

/* All bars of the moment have come. */
static int close_moment(struct late_signals *late, struct error *error)
{
    const size_t bars = late->bars;
    late->bars = 0;
    for (int u = 0; u < late->runners; u++) {
        if (bars > 0 && runner_waits(late->runner[u]) && runner_moment(late->runner[u], error) != 0)
            return -1;
        for (size_t i = 0; i < bars; i++)
            if (judge(late, &late->bar[i], u, error) != 0)
                return -1;
    }
    return 0;
}

static int pass_late(struct late_signals *late, const struct bar *bar, struct error *error)
{
    const struct str none = {NULL, 0};
    if ((late->bars > 0 && bar->end != late->bar[0].end && close_moment(late, error) != 0) ||
        backtest_bar(late->backtest, bar, none, error) != 0)
        return -1;
    for (int u = 0; u < late->runners; u++)
        if (tell_held(late, bar, u, error) != 0 ||
            (runner_waits(late->runner[u]) && runner_note(late->runner[u], bar, error) != 0))
            return -1;
    if (list_grow(&late->bar, &late->bar_capacity, late->bars, sizeof *late->bar, error) != 0)
        return -1;
    late->bar[late->bars++] = *bar;
    late->clock = bar->end;
    return 0;
}

static int take_late(void *context, enum record_type type, const void *value, struct error *error)
{
    struct late_signals *late = context;
    const struct str none = {NULL, 0};
    if (type == RECORD_BAR)
        return pass_late(late, value, error);
    if (type == RECORD_ANOMALY)
        return backtest_anomaly(late->backtest, value, error);
    if (type == RECORD_EVENT) {
        struct known_event event = *(const struct known_event *)value;
        event.after = late->clock;
        for (int u = 0; u < late->runners; u++)
            if (runner_event(late->runner[u], &event, error) != 0)
                return -1;
        return 0;
    }
    if (close_moment(late, error) != 0 || backtest_action(late->backtest, value, none, error) != 0)
        return -1;
    for (int u = 0; u < late->runners; u++)
        if (runner_action(late->runner[u], value, error) != 0)
            return -1;
    return 0;
}

static int open_runners(struct late_signals *late, const struct checker *checker, struct error *error)
{
    const int units = strategy_units(&checker->study.subject.use);
    for (; late->runners < units; late->runners++) {
        struct runner *runner = runner_new(&checker->unit[late->runners], error);
        if ((late->runner[late->runners] = runner) == NULL)
            return -1;
        if (runner_wants_calendar(runner) && runner_set_calendar(runner, &checker->study.account_terms.calendar,
                                                                 checker->study.account_terms.calendars, error) != 0) {
            late->runners++;
            return -1;
        }
    }
    return 0;
}

int check_delay(struct checker *checker, struct error *error)
{
    struct outcome_of_run run;
    check_run_init(&run);
    struct late_signals late = {.clock = TIME_NONE};
    names_init(&late.keys);
    struct backtest_options options = check_options(checker, &run);
    options.strategies = NULL;
    options.count = 0;
    late.backtest = backtest_new(&options, error);
    int status = late.backtest == NULL || open_runners(&late, checker, error) != 0 ||
                         history_each(checker->study.history, take_late, &late, error) != 0 ||
                         backtest_finish(late.backtest, error) != 0
                     ? -1
                     : 0;
    if (status == 0) {
        char text[256];
        check_note_figures(&run, late.backtest);
        (void)snprintf(text, sizeof text, "with every decision one bar later the return is %.2f %% instead of %.2f %%",
                       100 * run.gain, 100 * checker->base.gain);
        status =
            check_write(checker, "delay", checker->base.gain > 0 && !(run.gain > 0) ? GRADE_DOUBTFUL : GRADE_PASSED,
                        run.gain, run.sharpe, text, error);
    }
    backtest_free(late.backtest);
    for (int u = 0; u < late.runners; u++)
        runner_free(late.runner[u]);
    free(late.bar);
    names_clear(&late.keys);
    free(late.held);
    free(late.has);
    check_run_clear(&run);
    return status;
}
