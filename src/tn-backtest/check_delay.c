/* The check of one bar's delay. */
#include "base/list.h"
#include "tn-backtest/check.h"

#include <stdio.h>
#include <stdlib.h>

/* Each decision one bar late: what a strategy wants after a bar is told behind the next one. */
struct late_signals {
    struct backtest *backtest;
    struct runner *runner;
    struct names keys; /* "SYMBOL INTERVAL", an index of what is held back */
    struct signal *held;
    bool *has;
    size_t capacity, flags_capacity;
};

static int pass_late(struct late_signals *late, const struct bar *bar, struct error *error)
{
    char key[SYMBOL_SIZE + INTERVAL_TEXT_MAX + 1];
    const struct str none = {NULL, 0};
    size_t n = (size_t)snprintf(key, sizeof key, "%s ", bar->symbol);
    n += interval_format(key + n, bar->interval);
    const size_t known = late->keys.count;
    if (list_grow(&late->held, &late->capacity, known, sizeof *late->held, error) != 0 ||
        list_grow(&late->has, &late->flags_capacity, known, sizeof *late->has, error) != 0)
        return -1;
    const int64_t index = names_add(&late->keys, (struct str){key, n}, error);
    if (index < 0)
        return -1;
    require(late->has != NULL && late->held != NULL);
    if (late->keys.count > known)
        late->has[index] = false;
    if (backtest_bar(late->backtest, bar, none, error) != 0)
        return -1;
    if (late->has[index]) {
        struct signal *signal = &late->held[index];
        if (signal->age == 0)
            signal->decided = bar->end; /* it is fresh now, as it was then */
        signal->time = bar->end;
        signal->price = bar->close;
        signal->reason = signal->basis = signal->horizon = none;
        if (backtest_signal(late->backtest, signal, none, error) != 0)
            return -1;
        late->has[index] = false;
    }
    struct signal next;
    const int said = runner_bar(late->runner, bar, &next, error);
    if (said < 0)
        return -1;
    if (said == 1) {
        next.reason = next.basis = none;
        late->held[index] = next;
        late->has[index] = true;
    }
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
    return backtest_action(late->backtest, value, none, error) != 0 || runner_action(late->runner, value, error) != 0
               ? -1
               : 0;
}

int check_delay(struct checker *checker, struct error *error)
{
    struct outcome_of_run run;
    check_run_init(&run);
    struct late_signals late = {.held = NULL};
    names_init(&late.keys);
    struct backtest_options options = check_options(checker, &run);
    options.strategies = NULL;
    options.count = 0;
    late.backtest = backtest_new(&options, error);
    late.runner = runner_new(&checker->study.subject.use, error);
    int status = late.backtest == NULL || late.runner == NULL ||
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
    runner_free(late.runner);
    names_clear(&late.keys);
    free(late.held);
    free(late.has);
    check_run_clear(&run);
    return status;
}
