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
    struct bar *bar; /* of the moment */
    size_t bars, bar_capacity;
};

/* The place of a bar's series among what is held back. */
static int64_t find_held(struct late_signals *late, const struct bar *bar, struct error *error)
{
    char key[SYMBOL_SIZE + INTERVAL_TEXT_MAX + 1];
    size_t n = (size_t)snprintf(key, sizeof key, "%s ", bar->symbol);
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

/* The moment is complete: what the strategy wants after each of its bars is kept. */
static int judge_moment(struct late_signals *late, struct error *error)
{
    const bool waits = runner_waits(late->runner);
    const size_t bars = late->bars;
    late->bars = 0;
    for (size_t i = 0; waits && i < bars; i++)
        if (runner_note(late->runner, &late->bar[i], error) != 0)
            return -1;
    if (waits && bars > 0 && runner_moment(late->runner, error) != 0)
        return -1;
    for (size_t i = 0; i < bars; i++) {
        struct signal next;
        const int64_t index = find_held(late, &late->bar[i], error);
        const int said = index < 0 ? -1 : runner_bar(late->runner, &late->bar[i], &next, error);
        if (said < 0)
            return -1;
        if (said == 0)
            continue;
        next.reason = next.basis = next.horizon = (struct str){NULL, 0};
        late->held[index] = next;
        late->has[index] = true;
    }
    return 0;
}

static int pass_late(struct late_signals *late, const struct bar *bar, struct error *error)
{
    const struct str none = {NULL, 0};
    if ((late->bars > 0 && late->bar[0].end != bar->end && judge_moment(late, error) != 0) ||
        list_grow(&late->bar, &late->bar_capacity, late->bars, sizeof *late->bar, error) != 0)
        return -1;
    late->bar[late->bars++] = *bar;
    const int64_t index = find_held(late, bar, error);
    if (index < 0 || backtest_bar(late->backtest, bar, none, error) != 0)
        return -1;
    if (!late->has[index])
        return 0;
    struct signal *signal = &late->held[index];
    if (signal->age == 0)
        signal->decided = bar->end; /* it is fresh now, as it was then */
    signal->time = bar->end;
    signal->price = bar->close;
    late->has[index] = false;
    return backtest_signal(late->backtest, signal, none, error);
}

static int take_late(void *context, enum record_type type, const void *value, struct error *error)
{
    struct late_signals *late = context;
    const struct str none = {NULL, 0};
    if (type == RECORD_BAR)
        return pass_late(late, value, error);
    if (type == RECORD_ANOMALY)
        return backtest_anomaly(late->backtest, value, error);
    return judge_moment(late, error) != 0 || backtest_action(late->backtest, value, none, error) != 0 ||
                   runner_action(late->runner, value, error) != 0
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
                         runner_set_calendar(late.runner, &checker->study.desk.calendar, error) != 0 ||
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
    free(late.bar);
    check_run_clear(&run);
    return status;
}
