/* tn-backtest walk: choose on some days, trade on those that follow, and go on. */
#include "tn-backtest/walk.h"
#include "base/list.h"
#include "base/progress.h"
#include "tn-backtest/commands.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

const struct option_spec walk_option_table[] = {
    {"train", 0, OPTION_COUNT, "DAYS", "days with bars on which values are chosen", NULL, 1, 1000000},
    {"test", 0, OPTION_COUNT, "DAYS", "days with bars on which they are then traded", NULL, 1, 1000000},
    {"anchored", 0, OPTION_FLAG, NULL, "choose on all days so far, not on the last ones", NULL, 0, 0},
    {"purge", 0, OPTION_COUNT, "DAYS", "days to leave out at the end of each choice (default: 0)", NULL, 0, 1000000},
    {"embargo", 0, OPTION_COUNT, "DAYS", "days to leave out before trading begins (default: 0)", NULL, 0, 1000000},
    {0},
};

/* The figures of a cell in a window, from a worker. */
struct finding {
    double figure, mean;
};

static struct history_part part_of(const struct walk *walk, size_t from, size_t until)
{
    return (struct history_part){.from = walk->day[from], .until = until < walk->days ? walk->day[until] : TIME_NONE};
}

static int list_cells(struct walk *walk, struct error *error)
{
    double parameter[STRATEGY_PARAMS_MAX];
    struct study *study = &walk->study;
    for (uint64_t i = 0; i < study->grid.cells; i++) {
        const int kept = study_cell(study, i, parameter, error);
        if (kept < 0)
            return -1;
        if (kept == 0)
            continue;
        if (list_grow(&walk->cell, &walk->cell_capacity, walk->cells, sizeof *walk->cell, error) != 0)
            return -1;
        walk->cell[walk->cells++] = i;
    }
    if (study_check_where(study, error) != 0)
        return -1;
    return walk->cells > 0 ? 0 : error_set(error, EXIT_USAGE, "no cell is left: the strategy or --where excludes all");
}

static int list_windows(struct walk *walk, struct error *error)
{
    const struct invocation *invocation = walk->study.invocation;
    const size_t train = (size_t)option_count(invocation, "train", 0),
                 test = (size_t)option_count(invocation, "test", 0),
                 purge = (size_t)option_count(invocation, "purge", 0),
                 embargo = (size_t)option_count(invocation, "embargo", 0);
    if (train == 0 || test == 0) {
        error_set(error, EXIT_USAGE, "walk: --train and --test are required");
        error_hint(error, "--train 500 --test 125 trains on two years and trades half a year");
        return -1;
    }
    if (purge >= train || embargo >= test)
        return error_set(error, EXIT_USAGE, "--%s leaves no days", purge >= train ? "purge" : "embargo");
    if (walk->days <= train + embargo) {
        error_set(error, EXIT_INPUT, "%zu days have bars: not enough for --train %zu and one more day", walk->days,
                  train);
        return -1;
    }
    walk->window = calloc((walk->days - train) / test + 1, sizeof *walk->window);
    if (walk->window == NULL)
        return error_memory(error);
    for (size_t at = train; at + embargo < walk->days; at += test)
        walk->window[walk->windows++] =
            (struct window){.train_from = option_flag(invocation, "anchored") ? 0 : at - train,
                            .train_until = at - purge,
                            .begin = at,
                            .test_from = at + embargo,
                            .test_until = at + test < walk->days ? at + test : walk->days,
                            .best = NAN};
    return 0;
}

static int use_cell(struct walk *walk, uint64_t cell, struct strategy_use *use, struct error *error)
{
    double parameter[STRATEGY_PARAMS_MAX];
    const int kept = study_cell(&walk->study, cell, parameter, error);
    require(kept != 0);
    return kept < 0 ? -1 : subject_use(&walk->study.subject, parameter, use, error);
}

static double mean_of(const struct metrics *metrics)
{
    return metrics->sample.mean * metrics->periods;
}

/* One cell on the days of one choice. */
static int try_cell(void *context, uint64_t piece, struct buf *out, struct error *error)
{
    struct walk *walk = context;
    const struct window *window = &walk->window[piece / walk->cells];
    const struct history_part part = part_of(walk, window->train_from, window->train_until);
    struct strategy_use use;
    struct finding finding = {NAN, NAN};
    if (use_cell(walk, walk->cell[piece % walk->cells], &use, error) != 0)
        return -1;
    struct backtest *backtest = subject_run(&walk->study.terms, walk->study.history, &use, &part, NULL, error);
    if (backtest == NULL) {
        error_prefix(error, "%s", use.instance);
    } else {
        const struct metrics *metrics = backtest_metrics(backtest);
        finding = (struct finding){objective_of(&walk->objective, metrics), mean_of(metrics)};
        buf_add(out, &finding, sizeof finding);
    }
    backtest_free(backtest);
    strategy_use_clear(&use);
    return backtest == NULL ? -1 : 0;
}

static int take_finding(void *context, uint64_t piece, struct str result, struct error *error)
{
    struct walk *walk = context;
    struct window *window = &walk->window[piece / walk->cells];
    struct finding finding;
    (void)error;
    require(result.n == sizeof finding);
    memcpy(&finding, result.p, sizeof finding);
    if (!isnan(finding.figure) && (isnan(window->best) || finding.figure > window->best)) {
        window->best = finding.figure;
        window->cell = walk->cell[piece % walk->cells];
        window->train_mean = finding.mean;
    }
    progress_step(walk->progress, (int64_t)piece + 1);
    return 0;
}

static int keep_metrics(void *context, const struct result *result, struct error *error)
{
    struct buf *out = context;
    buf_reset(out);
    buf_add_str(out, result->metrics);
    return buf_check(out, error);
}

/* What a traded window writes: its equity, which all of them share, and at the end its figures. */
static int write_point(void *context, enum record_type type, const void *value, struct error *error)
{
    struct walk *walk = context;
    if (type == RECORD_RESULT)
        return keep_metrics(&walk->figures[1], value, error);
    if (type != RECORD_EQUITY)
        return 0;
    const struct equity *point = value;
    return metrics_equity(&walk->metrics, point->time, point->equity, point->exposure, error) != 0
               ? -1
               : flow_write(input_flow(walk->study.input), RECORD_EQUITY, point, error);
}

static int64_t last_moment(const struct walk *walk, size_t until)
{
    return until < walk->days ? walk->day[until] : history_last(walk->study.history);
}

static int write_fold(struct walk *walk, const struct window *window, const char *instance, struct error *error)
{
    const size_t number = (size_t)(window - walk->window);
    struct fold fold = {.fold = (int64_t)number,
                        .train_from = walk->day[window->train_from],
                        .train_until = last_moment(walk, window->train_until),
                        .test_from = walk->day[window->test_from],
                        .test_until = last_moment(walk, window->test_until),
                        .cells = (int64_t)walk->cells,
                        .best = walk->objective.least ? -window->best : window->best,
                        .train = buf_str(&walk->figures[0]),
                        .test = buf_str(&walk->figures[1])};
    memcpy(fold.walk, walk->id, sizeof fold.walk);
    (void)snprintf(fold.strategy, sizeof fold.strategy, "%s", instance);
    return flow_write(input_flow(walk->study.input), RECORD_FOLD, &fold, error);
}

/* Days of the walk on which nothing is traded: the money lies there, and they count. */
static int pass_days(struct walk *walk, size_t from, size_t until, dec cash, struct error *error)
{
    const struct history_part part = part_of(walk, from, until);
    struct backtest_options options = walk->study.terms;
    if (from >= until)
        return 0;
    options.cash = cash;
    options.input = history_input(walk->study.history);
    options.write = write_point;
    options.context = walk;
    struct backtest *backtest = backtest_new(&options, error);
    const int status = backtest == NULL || history_play(walk->study.history, backtest, &part, error) != 0 ||
                               backtest_finish(backtest, error) != 0
                           ? -1
                           : 0;
    backtest_free(backtest);
    return status;
}

/* Trades the days of a window with a strategy, from the money that is there; another window follows unless it is the
 * last, and begins with what is left when everything is sold. */
static struct backtest *trade_days(struct walk *walk, const struct window *window, const struct strategy_use *use,
                                   dec *cash, struct error *error)
{
    const struct study *study = &walk->study;
    const struct history_part test = part_of(walk, window->test_from, window->test_until);
    struct strategy_use units[RULE_UNITS_MAX];
    struct backtest_options options = study->terms;
    options.strategies = units;
    options.cash = *cash;
    options.input = history_input(study->history);
    options.write = write_point;
    options.context = walk;
    if ((options.count = subject_units(use, units, error)) == 0)
        return NULL;
    struct backtest *backtest = backtest_new(&options, error);
    if (backtest != NULL && history_play(study->history, backtest, &test, error) == 0 &&
        (window->test_until == walk->days || backtest_close_out(backtest, cash, error) == 0) &&
        backtest_finish(backtest, error) == 0)
        return backtest;
    backtest_free(backtest);
    return NULL;
}

/* What a choice brings on the days that follow it. */
static int trade_window(struct walk *walk, const struct window *window, dec *cash, struct error *error)
{
    const struct study *study = &walk->study;
    const struct history_part train = part_of(walk, window->train_from, window->train_until);
    const struct result_sink sink = {.take = keep_metrics, .context = &walk->figures[0]};
    struct strategy_use use = {.rules = NULL};
    const size_t until = isnan(window->best) ? window->test_until : window->test_from;
    if (pass_days(walk, window->begin, until, *cash, error) != 0)
        return -1;
    buf_reset(&walk->figures[0]);
    buf_reset(&walk->figures[1]);
    if (isnan(window->best))
        return write_fold(walk, window, "", error); /* nothing was good enough */
    if (use_cell(walk, window->cell, &use, error) != 0)
        return -1;
    int status = -1;
    struct backtest *chosen = subject_run(&study->terms, study->history, &use, &train, &sink, error);
    struct backtest *backtest = chosen == NULL ? NULL : trade_days(walk, window, &use, cash, error);
    if (backtest != NULL) {
        const struct metrics *metrics = backtest_metrics(backtest);
        metrics_add_trades(&walk->metrics, metrics);
        if (isfinite(mean_of(metrics)) && isfinite(window->train_mean)) {
            walk->test_sum += mean_of(metrics);
            walk->train_sum += window->train_mean;
            walk->compared++;
        }
        status = write_fold(walk, window, use.instance, error);
    }
    backtest_free(chosen);
    backtest_free(backtest);
    strategy_use_clear(&use);
    return status;
}

static int run_walk(struct walk *walk, struct error *error)
{
    struct study *study = &walk->study;
    struct buf params;
    if (study_objective(study, &walk->objective, error) != 0 || study_grid(study, error) != 0 ||
        list_cells(walk, error) != 0 || study_read(study, error) != 0 ||
        history_days(study->history, study->account_terms.calendar.zone, &walk->day, &walk->days, error) != 0 ||
        list_windows(walk, error) != 0)
        return -1;
    buf_init(&params, 65536);
    walk_add_params(walk, &params);
    int status = buf_check(&params, error) != 0 ? -1 : walk_name(walk, buf_str(&params), error);
    buf_clear(&params);
    if (status != 0)
        return -1;
    const struct pool_work work = {.workers = study->workers,
                                   .count = walk->windows * walk->cells,
                                   .work = try_cell,
                                   .take = take_finding,
                                   .context = walk};
    walk->progress = flow_progress(input_flow(study->input), "choices", (int64_t)work.count);
    if (pool_run(&work, error) != 0)
        return -1;
    dec cash = study->terms.cash;
    const struct metrics_options sessions = {.sessions = calendar_sessions(&study->account_terms.calendar),
                                             .zone = study->account_terms.calendar.zone};
    metrics_init(&walk->metrics, &sessions);
    for (size_t i = 0; i < walk->windows; i++)
        if (trade_window(walk, &walk->window[i], &cash, error) != 0)
            return -1;
    return walk_write_result(walk, error);
}

enum exit_code backtest_walk_forward(struct invocation *invocation, struct error *error)
{
    struct walk walk = {.days = 0};
    buf_init(&walk.figures[0], 65536);
    buf_init(&walk.figures[1], 65536);
    const bool done = study_open(&walk.study, invocation, error) == 0 && run_walk(&walk, error) == 0;
    const enum exit_code code = study_close(&walk.study, error);
    if (done)
        walk_tell(&walk);
    metrics_clear(&walk.metrics);
    buf_clear(&walk.figures[0]);
    buf_clear(&walk.figures[1]);
    free(walk.window);
    free(walk.cell);
    free(walk.day);
    return code;
}
