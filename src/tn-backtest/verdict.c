/* The best of many cells, judged as that. */
#include "base/math.h"
#include "stat/bootstrap.h"
#include "stat/pbo.h"
#include "tn-backtest/ledger.h"
#include "tn-backtest/sweep.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define RESAMPLES 200

struct verdict {
    struct study *study;
    struct sweep_head head;
    struct buf texts; /* of the head */
    struct trials trials;
    struct bootstrap bootstrap;
    struct reality reality;
    struct pbo pbo;
    double *returns, *prefix, *mean; /* of a worker */
    bool checks_reality;
    struct trial_family family;
    struct trial best;
    bool judged;
};

static void keep_text(struct buf *texts, struct str *text, size_t *at)
{
    *at = texts->n;
    buf_add_str(texts, *text);
}

struct verdict *verdict_new(struct study *study, const struct sweep_head *head, struct error *error)
{
    struct verdict *verdict = calloc(1, sizeof *verdict);
    size_t symbols, assumptions;
    if (verdict == NULL) {
        error_memory(error);
        return NULL;
    }
    verdict->study = study;
    verdict->head = *head;
    trials_init(&verdict->trials);
    buf_init(&verdict->texts, RECORD_LINE_MAX);
    keep_text(&verdict->texts, &verdict->head.symbols, &symbols);
    keep_text(&verdict->texts, &verdict->head.assumptions, &assumptions);
    if (buf_check(&verdict->texts, error) != 0) {
        verdict_free(verdict);
        return NULL;
    }
    verdict->head.symbols.p = verdict->texts.p + symbols;
    verdict->head.assumptions.p = verdict->texts.p + assumptions;
    return verdict;
}

void verdict_free(struct verdict *verdict)
{
    if (verdict == NULL)
        return;
    trials_clear(&verdict->trials);
    bootstrap_clear(&verdict->bootstrap);
    reality_clear(&verdict->reality);
    pbo_clear(&verdict->pbo);
    buf_clear(&verdict->texts);
    free(verdict->returns);
    free(verdict->prefix);
    free(verdict->mean);
    free(verdict);
}

/* How many returns a cell has, by running it. */
static int count_returns(const struct verdict *verdict, uint64_t cell, size_t *count, struct error *error)
{
    struct study *study = verdict->study;
    double parameter[STRATEGY_PARAMS_MAX];
    struct strategy_use use;
    if (study_cell(study, cell, parameter, error) < 0 || subject_use(&study->subject, parameter, &use, error) != 0)
        return -1;
    struct backtest *backtest = subject_run(&study->terms, study->history, &use, NULL, NULL, error);
    if (backtest != NULL)
        *count = backtest_metrics(backtest)->returns;
    else
        error_prefix(error, "%s", use.instance);
    backtest_free(backtest);
    strategy_use_clear(&use);
    return backtest == NULL ? -1 : 0;
}

int verdict_prepare(struct verdict *verdict, uint64_t cell, bool partial, struct error *error)
{
    size_t n = 0;
    if (partial)
        return 0;
    if (count_returns(verdict, cell, &n, error) != 0)
        return -1;
    if (n < 20)
        return 0;
    /* The rule of thumb for blocks: the cube root of the number of returns. */
    if (bootstrap_init(&verdict->bootstrap, n, RESAMPLES, math_pow((double)n, 1.0 / 3.0), true, 1, error) != 0 ||
        reality_init(&verdict->reality, n, RESAMPLES, error) != 0 ||
        (n >= 2 * PBO_BLOCKS && pbo_init(&verdict->pbo, n, PBO_BLOCKS, error) != 0))
        return -1;
    verdict->returns = calloc(n, sizeof *verdict->returns);
    verdict->prefix = calloc(2 * n + 1, sizeof *verdict->prefix);
    verdict->mean = calloc(RESAMPLES + 1, sizeof *verdict->mean);
    if (verdict->returns == NULL || verdict->prefix == NULL || verdict->mean == NULL)
        return error_memory(error);
    verdict->checks_reality = true;
    return 0;
}

void verdict_add_chance(struct verdict *verdict, const struct metrics *metrics, struct buf *out)
{
    const size_t n = metrics->returns;
    if (!verdict->checks_reality || n != verdict->bootstrap.n)
        return; /* a ruined cell has fewer */
    for (size_t i = 0; i < n; i++)
        verdict->returns[i] = metrics->daily[i + 1] / metrics->daily[i] - 1;
    bootstrap_means(&verdict->bootstrap, verdict->returns, verdict->prefix, verdict->mean);
    verdict->mean[RESAMPLES] = metrics->mean;
    buf_add(out, verdict->mean, (RESAMPLES + 1) * sizeof *verdict->mean);
    double sums[2 * PBO_BLOCKS];
    if (verdict->pbo.blocks > 0) {
        pbo_sum(&verdict->pbo, verdict->returns, n, sums);
        buf_add(out, sums, sizeof sums);
    }
}

int verdict_take_chance(struct verdict *verdict, struct str chance, struct error *error)
{
    double mean[RESAMPLES + 1], sums[2 * PBO_BLOCKS];
    const size_t more = verdict->pbo.blocks > 0 ? sizeof sums : 0;
    if (chance.n != sizeof mean + more)
        return 0;
    memcpy(mean, chance.p, sizeof mean);
    reality_add(&verdict->reality, mean[RESAMPLES], mean);
    if (more == 0)
        return 0;
    memcpy(sums, chance.p + sizeof mean, sizeof sums);
    return pbo_add(&verdict->pbo, sums, error);
}

int verdict_add(struct verdict *verdict, const struct trials *trials, struct error *error)
{
    for (size_t i = 0; i < trials->count; i++)
        if (trials_add(&verdict->trials, &trials->list[i], error) < 0)
            return -1;
    return 0;
}

int verdict_cell(struct verdict *verdict, const struct sweep_cell *cell, struct error *error)
{
    struct trial trial;
    if (!trial_from_cell(&trial, &verdict->head, cell))
        return 0; /* without a ratio: it did nothing */
    return trials_add(&verdict->trials, &trial, error) < 0 ? -1 : 0;
}

void verdict_reach(struct verdict *verdict, const char *best_run)
{
    struct error error = {0};
    struct trials *trials = &verdict->trials;
    const struct invocation *invocation = verdict->study->invocation;
    const struct trial *best = trials_find(trials, best_run);
    const char *path = ledger_path(verdict->study->config, invocation);
    if (best != NULL) {
        struct trial *of = &trials->list[best - trials->list];
        struct pbo_result pbo = {.probability = NAN};
        if (verdict->pbo.blocks > 0)
            pbo_work_out(&verdict->pbo, &pbo);
        of->reality_p = verdict->checks_reality ? reality_p(&verdict->reality) : NAN;
        of->overfitting = pbo.probability;
        verdict->best = *best;
    }
    ledger_note(verdict->study->config, invocation, trials);
    if (best == NULL || path == NULL || trials_load(trials, path, &error) != 0)
        return;
    trials_judge(trials, &verdict->best, &verdict->family);
    verdict->judged = true;
}

void verdict_tell(const struct verdict *verdict, const struct invocation *invocation)
{
    const struct trial_family *family = &verdict->family;
    char reality[96] = "", overfitting[128] = "";
    if (!verdict->judged)
        return;
    if (verdict->checks_reality && isfinite(verdict->best.reality_p))
        (void)snprintf(reality, sizeof reality, "; White's reality check of the cells: p %.3f",
                       verdict->best.reality_p);
    if (isfinite(verdict->best.overfitting))
        (void)snprintf(overfitting, sizeof overfitting, "; probability of overfitting (PBO): %.1f %%",
                       100 * verdict->best.overfitting);
    say(invocation, 0,
        "as the best of %llu trials of %s so far, its Sharpe ratio is above that of luck (%.2f) with a probability of "
        "%.1f %%%s%s",
        (unsigned long long)family->trials, verdict->head.strategy, family->expected * sqrt(verdict->best.periods),
        100 * family->deflated, reality, overfitting);
}
