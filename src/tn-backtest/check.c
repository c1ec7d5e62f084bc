/* tn-backtest check: does a result stand on its own feet? */
#include "tn-backtest/check.h"
#include "base/list.h"
#include "record/record.h"
#include "tn-backtest/commands.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define STARTS 5 /* later starts, each another twentieth of the days later */
#define BEST   5 /* trades that are taken away */

static int keep_record(void *context, enum record_type type, const void *value, struct error *error)
{
    struct outcome_of_run *run = context;
    if (type == RECORD_FILL)
        record_encode(&run->fills, type, value);
    if (type == RECORD_RESULT)
        record_encode(&run->result, type, value);
    return buf_check(&run->fills, error) != 0 ? -1 : buf_check(&run->result, error);
}

static int keep_trade(void *context, const struct metrics_trade *trade, struct error *error)
{
    struct outcome_of_run *run = context;
    if (list_grow(&run->pnl, &run->capacity, run->count, sizeof *run->pnl, error) != 0)
        return -1;
    require(run->pnl != NULL);
    run->pnl[run->count++] = dec_to_double(trade->pnl);
    return 0;
}

void check_run_init(struct outcome_of_run *run)
{
    *run = (struct outcome_of_run){.gain = NAN, .sharpe = NAN};
    buf_init(&run->fills, (size_t)1 << 32);
    buf_init(&run->result, RECORD_LINE_MAX + 1);
}

void check_run_clear(struct outcome_of_run *run)
{
    buf_clear(&run->fills);
    buf_clear(&run->result);
    free(run->pnl);
}

struct backtest_options check_options(const struct checker *checker, struct outcome_of_run *run)
{
    struct backtest_options options = checker->study.terms;
    options.strategies = checker->unit;
    options.count = checker->units;
    options.input = history_input(checker->study.history);
    options.write = keep_record;
    options.trade = keep_trade;
    options.context = run;
    return options;
}

void check_note_figures(struct outcome_of_run *run, const struct backtest *backtest)
{
    const struct metrics *metrics = backtest_metrics(backtest);
    run->gain = metric_find("return")->figure(metrics);
    run->sharpe = metric_find("sharpe")->figure(metrics);
    run->trades = metrics->trades;
}

int check_run_part(const struct checker *checker, const struct backtest_options *options,
                   const struct history_part *part, struct outcome_of_run *run, struct error *error)
{
    struct backtest *backtest = backtest_new(options, error);
    int status = -1;
    if (backtest != NULL && history_play(checker->study.history, backtest, part, error) == 0 &&
        backtest_finish(backtest, error) == 0) {
        check_note_figures(run, backtest);
        status = 0;
    }
    backtest_free(backtest);
    return status;
}

int check_write(struct checker *checker, const char *name, enum grade grade, double gain, double sharpe,
                const char *text, struct error *error)
{
    static const char *const grades[] = {"passed", "doubtful", "failed"};
    struct check_result record = {.time = history_last(checker->study.history),
                                  .return_before = checker->base.gain,
                                  .return_after = gain,
                                  .sharpe_before = checker->base.sharpe,
                                  .sharpe_after = sharpe};
    memcpy(record.strategy, checker->study.subject.use.instance, sizeof record.strategy);
    (void)snprintf(record.name, sizeof record.name, "%s", name);
    (void)snprintf(record.grade, sizeof record.grade, "%s", grades[grade]);
    record.text = str_of(text);
    checker->failed += grade == GRADE_FAILED;
    checker->doubtful += grade == GRADE_DOUBTFUL;
    say(checker->study.invocation, 0, "%s: %s: %s", name, grades[grade], text);
    return flow_write(input_flow(checker->study.input), RECORD_CHECK, &record, error);
}

/* The same twice. */
static int check_same(struct checker *checker, struct error *error)
{
    struct outcome_of_run again;
    check_run_init(&again);
    const struct backtest_options options = check_options(checker, &again);
    int status = check_run_part(checker, &options, NULL, &again, error);
    if (status == 0) {
        const bool same = str_equal(buf_str(&again.fills), buf_str(&checker->base.fills)) &&
                          str_equal(buf_str(&again.result), buf_str(&checker->base.result));
        status = check_write(checker, "determinism", same ? GRADE_PASSED : GRADE_FAILED, again.gain, again.sharpe,
                             same ? "two runs are the same, byte for byte" : "two runs of the same bars differ", error);
    }
    check_run_clear(&again);
    return status;
}

/* A result that needs its first day is luck. */
static int check_starts(struct checker *checker, struct error *error)
{
    double least = INFINITY, most = -INFINITY;
    int losses = 0, runs = 0;
    for (int i = 1; i <= STARTS; i++) {
        const size_t at = checker->days * (size_t)i / 20;
        struct outcome_of_run part;
        if (at == 0)
            continue;
        const struct history_part later = {.from = checker->day[at], .until = TIME_NONE};
        check_run_init(&part);
        const struct backtest_options options = check_options(checker, &part);
        const int status = check_run_part(checker, &options, &later, &part, error);
        check_run_clear(&part);
        if (status != 0)
            return -1;
        least = part.sharpe < least ? part.sharpe : least;
        most = part.sharpe > most ? part.sharpe : most;
        losses += !(part.gain > 0);
        runs++;
    }
    char text[256], ratios[64] = "no Sharpe ratio";
    const bool loses = losses > 0 && checker->base.gain > 0, known = least <= most;
    if (known)
        (void)snprintf(ratios, sizeof ratios, "Sharpe ratio %.2f to %.2f", least, most);
    (void)snprintf(text, sizeof text, "started up to a quarter of the days later, %d of %d runs lose money; %s", losses,
                   runs, ratios);
    return check_write(checker, "start date", loses ? GRADE_DOUBTFUL : GRADE_PASSED, NAN, known ? least : (double)NAN,
                       text, error);
}

static bool is_free(const struct costs *costs)
{
    return costs->per_share == 0 && costs->percent == 0 && costs->minimum == 0 && costs->slippage_ticks == 0 &&
           costs->slippage_bps == 0 && costs->fees == NULL;
}

static int check_costs(struct checker *checker, struct error *error)
{
    struct outcome_of_run run;
    check_run_init(&run);
    struct backtest_options options = check_options(checker, &run);
    struct costs *costs = &options.costs;
    const bool free_of_costs = is_free(costs);
    dec *const each[] = {&costs->per_share, &costs->percent, &costs->minimum, &costs->slippage_ticks,
                         &costs->slippage_bps};
    for (size_t i = 0; i < sizeof each / sizeof *each; i++)
        if (dec_add(each[i], *each[i], *each[i]) != 0)
            *each[i] = DEC_MAX / 4;
    costs->fee_times = 2;
    if (free_of_costs)
        costs->slippage_bps = 5 * DEC_ONE;
    int status = check_run_part(checker, &options, NULL, &run, error);
    if (status == 0) {
        char text[256];
        (void)snprintf(text, sizeof text, "%s the return is %.2f %% instead of %.2f %%",
                       free_of_costs ? "there are no costs; at 5 basis points per side" : "at twice the costs",
                       100 * run.gain, 100 * checker->base.gain);
        status =
            check_write(checker, "costs", checker->base.gain > 0 && !(run.gain > 0) ? GRADE_DOUBTFUL : GRADE_PASSED,
                        run.gain, run.sharpe, text, error);
    }
    check_run_clear(&run);
    return status;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int check_best(struct checker *checker, struct error *error)
{
    struct outcome_of_run *base = &checker->base;
    char text[256];
    double left = 0;
    if (base->count == 0)
        return check_write(checker, "best trades", GRADE_DOUBTFUL, NAN, NAN, "there are no trades", error);
    qsort(base->pnl, base->count, sizeof *base->pnl, compare_doubles);
    const size_t taken = base->count < BEST ? base->count : BEST;
    double sum = 0;
    for (size_t i = 0; i < base->count; i++)
        sum += base->pnl[i];
    left = sum;
    for (size_t i = 0; i < taken; i++)
        left -= base->pnl[base->count - 1 - i];
    (void)snprintf(text, sizeof text, "without its %zu best trades of %zu, the profit is %.2f instead of %.2f", taken,
                   base->count, left, sum);
    return check_write(checker, "best trades", sum > 0 && !(left > 0) ? GRADE_DOUBTFUL : GRADE_PASSED, NAN, NAN, text,
                       error);
}

static int write_verdict(struct checker *checker, struct error *error)
{
    const struct outcome_of_run *base = &checker->base;
    const char *text = checker->failed > 0     ? "do not trust this result: it looks ahead or cannot be repeated"
                       : !(base->gain > 0)     ? "it loses money"
                       : base->trades < 30     ? "too few trades to tell skill from luck"
                       : checker->doubtful > 0 ? "it earns money, but not in all checks: see those that are doubtful"
                                               : "it passed all checks; walk and montecarlo test it further";
    const enum grade grade = checker->failed > 0                                               ? GRADE_FAILED
                             : checker->doubtful > 0 || !(base->gain > 0) || base->trades < 30 ? GRADE_DOUBTFUL
                                                                                               : GRADE_PASSED;
    return check_write(checker, "verdict", grade, base->gain, base->sharpe, text, error);
}

static int check_all(struct checker *checker, struct error *error)
{
    struct study *study = &checker->study;
    if (study->ranges[0] != NULL)
        return error_set(error, EXIT_USAGE, "check tests one set of values: give '%s' with the strategy, %s:%s",
                         study->ranges[0], study->subject.use.strategy->name, study->ranges[0]);
    if (study_read(study, error) != 0 ||
        history_days(study->history, study->account_terms.calendar.zone, &checker->day, &checker->days, error) != 0)
        return -1;
    if ((checker->units = subject_units(&checker->study.subject.use, checker->unit, error)) == 0)
        return -1;
    const struct backtest_options options = check_options(checker, &checker->base);
    if (check_run_part(checker, &options, NULL, &checker->base, error) != 0 || check_prefixes(checker, error) != 0 ||
        check_same(checker, error) != 0 || check_starts(checker, error) != 0 || check_costs(checker, error) != 0 ||
        check_delay(checker, error) != 0 || check_best(checker, error) != 0)
        return -1;
    return write_verdict(checker, error);
}

enum exit_code backtest_check(struct invocation *invocation, struct error *error)
{
    struct checker checker = {.failed = 0};
    check_run_init(&checker.base);
    if (study_open(&checker.study, invocation, error) == 0)
        (void)check_all(&checker, error);
    if (!error_is_set(error) && checker.failed > 0)
        flow_failed(input_flow(checker.study.input), "check", EXIT_NO, "the result cannot be trusted");
    check_run_clear(&checker.base);
    free(checker.day);
    return study_close(&checker.study, error);
}
