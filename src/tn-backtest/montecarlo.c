/* tn-backtest montecarlo: the range around one curve. */
#include "tn-backtest/montecarlo.h"
#include "base/list.h"
#include "base/progress.h"
#include "stat/bootstrap.h"
#include "tn-backtest/commands.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define CHUNK 100 /* paths of a piece of work */

const struct option_spec montecarlo_option_table[] = {
    {"method", 0, OPTION_LIST, "NAME", "shuffle, missed, block, stationary or jitter (default: all)", NULL, 0, 0},
    {"paths", 0, OPTION_COUNT, "N", "paths of each method (default: 10000)", NULL, 1, 10000000},
    {"block", 0, OPTION_COUNT, "DAYS", "length of blocks (default: estimated from the returns)", NULL, 1, 1000000},
    {"missed", 0, OPTION_PERCENT, "SHARE", "probability that a trade is missed (default: 10%)", NULL, 0, 0},
    {"jitter", 0, OPTION_PERCENT, "SHARE", "how far parameters are changed, up or down (default: 10%)", NULL, 0, 0},
    {"ruin", 0, OPTION_PERCENT, "SHARE", "loss of opening cash that counts as ruin (default: 50%)", NULL, 0, 0},
    {"goal", 0, OPTION_PERCENT, "SHARE", "return to reach (default: 0%, no loss)", NULL, 0, 0},
    {"seed", 0, OPTION_COUNT, "N", "random seed (default: 0)", NULL, 0, INT64_MAX},
    {0},
};

static int read_options(struct montecarlo *all, struct error *error)
{
    const struct invocation *invocation = all->study.invocation;
    int count;
    const char *const *list = option_list(invocation, "method", &count);
    for (int i = 0; i < PATH_METHODS; i++)
        all->wanted[i] = count == 0;
    for (int i = 0; i < count; i++) {
        int k = 0;
        while (k < PATH_METHODS && strcmp(list[i], path_method_names[k]) != 0)
            k++;
        if (k == PATH_METHODS) {
            const char *near = nearest_word(list[i], path_method_names, PATH_METHODS);
            error_set(error, EXIT_USAGE, "--method: there is no '%s'", list[i]);
            error_hint(error, near != NULL ? "did you mean %s?" : "shuffle, missed, block, stationary, jitter", near);
            return -1;
        }
        all->wanted[k] = true;
    }
    all->paths = (uint64_t)option_count(invocation, "paths", 10000);
    all->jitter = dec_to_double(option_decimal(invocation, "jitter", DEC_ONE / 10));
    all->goal = dec_to_double(option_decimal(invocation, "goal", 0));
    all->source.missed = dec_to_double(option_decimal(invocation, "missed", DEC_ONE / 10));
    all->source.ruin = dec_to_double(option_decimal(invocation, "ruin", DEC_ONE / 2));
    all->source.seed = (uint64_t)option_count(invocation, "seed", 0);
    return 0;
}

static int keep_result(void *context, const struct result *result, struct error *error)
{
    struct montecarlo *all = context;
    (void)error;
    memcpy(all->run_id, result->run, sizeof all->run_id);
    return 0;
}

static int keep_trade(void *context, const struct metrics_trade *trade, struct error *error)
{
    struct montecarlo *all = context;
    if (list_grow(&all->pnl, &all->pnl_capacity, all->source.trades, sizeof *all->pnl, error) != 0)
        return -1;
    require(all->pnl != NULL);
    all->pnl[all->source.trades++] = dec_to_double(trade->pnl);
    return 0;
}

static int take_returns(struct montecarlo *all, const struct metrics *metrics, struct error *error)
{
    const size_t count = metrics->returns;
    double *returns = calloc(count + 1, sizeof *returns);
    if (returns == NULL)
        return error_memory(error);
    for (size_t i = 0; i < count; i++)
        returns[i] = metrics->daily[i + 1] / metrics->daily[i] - 1;
    all->returns = returns;
    all->source.days = count;
    all->gain = metric_find("return")->figure(metrics);
    all->drawdown = metric_find("max_drawdown")->figure(metrics);
    return 0;
}

/* What is still open at the end is one more trade: with it the trades are all that was earned. */
static int add_open(struct montecarlo *all, const struct metrics *metrics, struct error *error)
{
    double left = metric_find("net_profit")->figure(metrics);
    for (size_t i = 0; i < all->source.trades; i++)
        left -= all->pnl[i];
    if (!(fabs(left) >= 0.005))
        return 0;
    const struct metrics_trade open = {.pnl = (dec)nearbyint(left * 100) * (DEC_ONE / 100)};
    return keep_trade(all, &open, error);
}

/* The run that all is drawn from. */
static int run_once(struct montecarlo *all, struct error *error)
{
    const struct study *study = &all->study;
    const struct result_sink sink = {.take = keep_result, .trade = keep_trade, .context = all};
    struct backtest *backtest = subject_run(&study->terms, study->history, &study->subject.use, NULL, &sink, error);
    const int status = backtest == NULL || take_returns(all, backtest_metrics(backtest), error) != 0
                           ? -1
                           : add_open(all, backtest_metrics(backtest), error);
    backtest_free(backtest);
    if (status != 0)
        return -1;
    if (all->source.trades == 0)
        return error_set(error, EXIT_NO, "%s makes no trades on these bars: there is nothing to resample",
                         study->subject.use.instance);
    all->order = calloc(all->source.trades, sizeof *all->order);
    all->path = calloc(all->paths, sizeof *all->path);
    return all->order == NULL || all->path == NULL ? error_memory(error) : 0;
}

static int choose_blocks(struct montecarlo *all, struct error *error)
{
    struct path_source *source = &all->source;
    const int64_t block = option_count(all->study.invocation, "block", 0);
    double stationary, fixed;
    source->start = dec_to_double(all->study.terms.cash);
    source->pnl = all->pnl;
    source->returns = all->returns;
    if (block_length(all->returns, source->days, &stationary, &fixed, error) != 0)
        return -1;
    source->stationary = block > 0 ? (double)block : stationary;
    source->block = block > 0 ? (double)block : nearbyint(fixed);
    return 0;
}

/* Values nearby, whole where they must be, within what is permitted. */
static void move_values(const struct montecarlo *all, uint64_t number, double *parameter)
{
    const struct subject *subject = &all->study.subject;
    const struct strategy *strategy = subject->use.strategy;
    struct random random;
    random_init(&random, all->source.seed);
    const uint64_t base = random_next(&random);
    random_init(&random, base ^ (number + 1) * UINT64_C(0x9e3779b97f4a7c15));
    for (int attempt = 0; attempt < 1000; attempt++) {
        for (int i = 0; i < strategy->parameters; i++) {
            const struct parameter *of = &strategy->parameter[i];
            const double standard = subject->use.parameter[i], share = 2 * random_uniform(&random) - 1;
            double value = of->word != NULL ? standard : standard * (1 + all->jitter * share);
            if (of->whole || (of->ranged && of->step == 1))
                value = nearbyint(value);
            value = value < of->low ? of->low : value > of->high ? of->high : value;
            parameter[i] = of->word != NULL ? standard : value;
        }
        if (subject_permits(subject, parameter))
            return;
    }
    memcpy(parameter, subject->use.parameter, sizeof subject->use.parameter);
}

static int run_nearby(const struct montecarlo *all, uint64_t number, struct path *path, struct error *error)
{
    const struct study *study = &all->study;
    double parameter[STRATEGY_PARAMS_MAX];
    struct strategy_use use;
    move_values(all, number, parameter);
    if (subject_use(&study->subject, parameter, &use, error) != 0)
        return -1;
    struct backtest *backtest = subject_run(&study->terms, study->history, &use, NULL, NULL, error);
    if (backtest != NULL) {
        const struct metrics *metrics = backtest_metrics(backtest);
        const double lowest = metrics->days == 0 ? 0 : metrics->daily[0];
        double least = lowest;
        for (size_t i = 0; i < metrics->days; i++)
            least = metrics->daily[i] < least ? metrics->daily[i] : least;
        *path = (struct path){.gain = metric_find("return")->figure(metrics),
                              .drawdown = metric_find("max_drawdown")->figure(metrics),
                              .ruined = least <= lowest * (1 - all->source.ruin)};
    }
    backtest_free(backtest);
    strategy_use_clear(&use);
    return backtest == NULL ? -1 : 0;
}

static int make_paths(void *context, uint64_t piece, struct buf *out, struct error *error)
{
    struct montecarlo *all = context;
    for (uint64_t i = piece * CHUNK; i < (piece + 1) * CHUNK && i < all->paths; i++) {
        struct path path = {.gain = NAN};
        if (all->method != PATH_JITTER)
            path_make(&all->source, all->method, i, all->order, &path);
        else if (run_nearby(all, i, &path, error) != 0)
            return -1;
        buf_add(out, &path, sizeof path);
    }
    return 0;
}

static int take_paths(void *context, uint64_t piece, struct str result, struct error *error)
{
    struct montecarlo *all = context;
    (void)error;
    memcpy(&all->path[piece * CHUNK], result.p, result.n);
    all->done += result.n / sizeof(struct path);
    progress_step(all->progress, (int64_t)all->done);
    return 0;
}

static int draw_all(struct montecarlo *all, struct error *error)
{
    struct study *study = &all->study;
    if (study->ranges[0] != NULL)
        return error_set(error, EXIT_USAGE, "montecarlo runs one set of values: give '%s' with the strategy, %s:%s",
                         study->ranges[0], study->subject.use.strategy->name, study->ranges[0]);
    if (read_options(all, error) != 0 || study_read(study, error) != 0 || run_once(all, error) != 0 ||
        choose_blocks(all, error) != 0)
        return -1;
    int methods = 0;
    for (int i = 0; i < PATH_METHODS; i++)
        methods += all->wanted[i];
    all->progress = flow_progress(input_flow(study->input), "paths", (int64_t)all->paths * methods);
    for (int i = 0; i < PATH_METHODS; i++) {
        const struct pool_work work = {.workers = study->workers,
                                       .count = (all->paths + CHUNK - 1) / CHUNK,
                                       .work = make_paths,
                                       .take = take_paths,
                                       .context = all};
        all->method = (enum path_method)i;
        if (all->wanted[i] && (pool_run(&work, error) != 0 || montecarlo_write(all, error) != 0))
            return -1;
    }
    return 0;
}

enum exit_code backtest_montecarlo(struct invocation *invocation, struct error *error)
{
    struct montecarlo all = {.gain = NAN};
    if (study_open(&all.study, invocation, error) == 0)
        (void)draw_all(&all, error);
    free(all.pnl);
    free(all.returns);
    free(all.order);
    free(all.path);
    return study_close(&all.study, error);
}
