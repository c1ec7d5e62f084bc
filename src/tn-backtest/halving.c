/* Successive halving: all cells on few of the days, the best of them on more, and the last few on all (K. Jamieson and
 * A. Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization", AISTATS 2016). */
#include "base/progress.h"
#include "tn-backtest/sweep.h"

#include <math.h>
#include <stdlib.h>

struct round {
    struct sweep *sweep;
    struct history_part part;
    struct objective objective; /* early rounds have few trades */
    struct contender *contender;
};

/* A cell after a round. */
struct contender {
    uint64_t cell;
    double figure; /* NaN: none */
    bool tried;
    struct trial trial;
};

static int keep_trial(void *context, const struct result *result, struct error *error)
{
    struct contender *contender = context;
    struct trial *trial = &contender->trial;
    (void)error;
    record_blank(RECORD_TRIAL, trial);
    memcpy(trial->run, result->run, sizeof trial->run);
    memcpy(trial->strategy, result->strategy, sizeof trial->strategy);
    memcpy(trial->version, result->version, sizeof trial->version);
    trial->last = result->time;
    contender->tried = trial_from_metrics(trial, result->metrics) && result->time != TIME_NONE;
    return 0;
}

static int run_contender(void *context, uint64_t piece, struct buf *out, struct error *error)
{
    struct round *round = context;
    struct study *study = &round->sweep->study;
    struct contender contender = {.cell = round->contender[piece].cell, .figure = NAN};
    const struct result_sink sink = {.take = keep_trial, .context = &contender};
    double parameter[STRATEGY_PARAMS_MAX];
    struct strategy_use use;
    if (study_cell(study, contender.cell, parameter, error) < 0 ||
        subject_use(&study->subject, parameter, &use, error) != 0)
        return -1;
    struct backtest *backtest = subject_run(&study->terms, study->history, &use, &round->part, &sink, error);
    if (backtest == NULL)
        error_prefix(error, "%s", use.instance);
    else
        contender.figure = objective_of(&round->objective, backtest_metrics(backtest));
    buf_add(out, &contender, sizeof contender);
    backtest_free(backtest);
    strategy_use_clear(&use);
    return backtest == NULL ? -1 : 0;
}

static int take_contender(void *context, uint64_t piece, struct str result, struct error *error)
{
    struct round *round = context;
    (void)error;
    require(result.n == sizeof *round->contender);
    memcpy(&round->contender[piece], result.p, result.n);
    progress_step(round->sweep->progress, (int64_t)piece + 1);
    return 0;
}

/* The best first; those without a figure last; equal ones as the sweep has them. */
static int compare_contenders(const void *a, const void *b)
{
    const struct contender *x = a, *y = b;
    if (isnan(x->figure) != isnan(y->figure))
        return isnan(x->figure) ? 1 : -1;
    if (!isnan(x->figure) && x->figure != y->figure)
        return x->figure < y->figure ? 1 : -1;
    return (x->cell > y->cell) - (x->cell < y->cell);
}

static int compare_cells(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* One round: runs all that are left, and leaves `kept` of them. */
static int play_round(struct sweep *sweep, struct round *round, size_t kept, struct error *error)
{
    char symbols[1024];
    const struct pool_work work = {.workers = sweep->study.workers,
                                   .count = sweep->kept,
                                   .work = run_contender,
                                   .take = take_contender,
                                   .context = round};
    for (size_t i = 0; i < sweep->kept; i++)
        round->contender[i] = (struct contender){.cell = sweep->cell[i]};
    sweep->progress = flow_progress(input_flow(sweep->study.input), "cells of a round", (int64_t)sweep->kept);
    if (pool_run(&work, error) != 0)
        return -1;
    history_symbols(sweep->study.history, symbols, sizeof symbols);
    qsort(round->contender, sweep->kept, sizeof *round->contender, compare_contenders);
    for (size_t i = 0; i < sweep->kept; i++) {
        struct trial *trial = &round->contender[i].trial;
        trial->symbols = str_of(symbols);
        trial->first = history_first(sweep->study.history);
        /* What goes on is a trial when it has run on all days. */
        if (i >= kept && round->contender[i].tried && trials_add(&sweep->dropped, trial, error) < 0)
            return -1;
        trial->symbols = (struct str){NULL, 0};
    }
    for (size_t i = 0; i < kept; i++)
        sweep->cell[i] = round->contender[i].cell;
    qsort(sweep->cell, kept, sizeof *sweep->cell, compare_cells);
    sweep->kept = kept;
    return 0;
}

int sweep_halve(struct sweep *sweep, uint64_t share, struct error *error)
{
    const struct study *study = &sweep->study;
    struct round round = {.sweep = sweep, .objective = sweep->objective};
    int64_t *day = NULL;
    size_t days = 0, rounds = 0;
    uint64_t parts = 1;
    int status = history_days(study->history, study->account_terms.calendar.zone, &day, &days, error);
    round.objective.least_trades = 1;
    /* As many rounds as leave one cell or more for the last, on all days; the first has a day at least. */
    for (size_t left = sweep->kept; status == 0 && left >= share && parts * share <= days; left /= share, rounds++)
        parts *= share;
    round.contender = status == 0 ? calloc(sweep->kept, sizeof *round.contender) : NULL;
    if (status == 0 && round.contender == NULL)
        status = error_memory(error);
    for (; status == 0 && rounds > 0; rounds--, parts /= share) {
        round.part = (struct history_part){.from = TIME_NONE, .until = day[days / parts]};
        status = play_round(sweep, &round, (sweep->kept + share - 1) / share, error);
    }
    free(round.contender);
    free(day);
    return status;
}
