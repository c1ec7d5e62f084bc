/* Goals and their intervals. */
#include "stat/goals.h"

#include "base/math.h"
#include "base/time.h"
#include "stat/bootstrap.h"
#include "stat/confidence.h"

#include <math.h>
#include <stdlib.h>

#define LEVEL     0.95
#define HISTORIES 1000
#define SEED      1
#define DAYS_MIN  20 /* below them a history says nothing of its drawdowns */

const char *const goal_names[GOALS] = {"return", "sharpe", "drawdown", "win_rate", "costs"};
const char *const goal_titles[GOALS] = {"yearly return, at least", "Sharpe ratio, at least",
                                        "maximum drawdown, at most", "winning trades, at least",
                                        "costs a year, at most"};

const char *goal_state_text(enum goal_state state)
{
    static const char *const text[] = {"unknown", "open", "met", "missed"};
    return text[state];
}

bool goal_is_ratio(enum goal goal)
{
    return goal == GOAL_SHARPE;
}

static bool is_most(enum goal goal)
{
    return goal == GOAL_DRAWDOWN || goal == GOAL_COSTS;
}

double goal_yearly_costs(const struct metrics *metrics, double costs)
{
    if (metrics->points < 2 || !(metrics->mean_equity > 0))
        return NAN;
    const double years = (double)(metrics->last_time - metrics->first_time) / (365.25 * (double)TIME_DAY);
    return years * 365.25 < 1 ? NAN : costs / metrics->mean_equity / years;
}

static double return_of(const struct metrics *metrics, size_t i)
{
    return metrics->daily[i + 1] / metrics->daily[i] - 1;
}

static int interval_of_return(const struct metrics *metrics, size_t n, struct goal_view *view, struct error *error)
{
    double *logs = calloc(n + 1, sizeof *logs), mean;
    if (logs == NULL)
        return error_memory(error);
    for (size_t i = 0; i < n; i++)
        logs[i] = math_log(metrics->daily[i + 1] / metrics->daily[i]);
    const struct confidence around = mean_interval(logs, n, LEVEL, &mean);
    const double middle = math_log(1 + view->measured);
    view->low = math_exp(middle + metrics->periods * (around.low - mean)) - 1;
    view->high = math_exp(middle + metrics->periods * (around.high - mean)) - 1;
    free(logs);
    return 0;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The deepest drawdown of one history that might as well have been. */
static double drawdown_of(const double *returns, struct draw *draw, size_t n)
{
    double value = 1, peak = 1, deepest = 0;
    for (size_t i = 0; i < n; i++) {
        value *= 1 + returns[draw_next(draw)];
        peak = value > peak ? value : peak;
        deepest = 1 - value / peak > deepest ? 1 - value / peak : deepest;
    }
    return deepest;
}

static int interval_of_drawdown(const struct metrics *metrics, size_t n, struct goal_view *view, struct error *error)
{
    double *returns = calloc(n + HISTORIES, sizeof *returns), *deepest, block;
    if (returns == NULL)
        return error_memory(error);
    deepest = returns + n;
    for (size_t i = 0; i < n; i++)
        returns[i] = return_of(metrics, i);
    const int result = block_length(returns, n, &block, NULL, error);
    for (size_t i = 0; i < HISTORIES && result == 0; i++) {
        struct draw draw;
        draw_init(&draw, n, block, true, SEED, i);
        deepest[i] = drawdown_of(returns, &draw, n);
    }
    if (result == 0) {
        qsort(deepest, HISTORIES, sizeof *deepest, compare);
        view->low = deepest[HISTORIES / 40 - 1];
        view->high = deepest[HISTORIES - HISTORIES / 40];
    }
    free(returns);
    return result;
}

static int interval(struct goal_view *view, const struct metrics *metrics, struct error *error)
{
    const size_t n = metrics->ruined || metrics->days < 2 ? 0 : metrics->days - 1;
    bool whole = n > 0; /* of an account that was emptied there are days without a value */
    for (size_t i = 0; i <= n && whole; i++)
        whole = metrics->daily[i] > 0;
    switch (view->goal) {
    case GOAL_RETURN:
        return whole && n > 1 ? interval_of_return(metrics, n, view, error) : 0;
    case GOAL_SHARPE:
        if (metrics->sample.n >= 3) {
            const double margin = 1.96 * sharpe_error(&metrics->sample) * sqrt(metrics->periods);
            view->low = view->measured - margin;
            view->high = view->measured + margin;
        }
        return 0;
    case GOAL_DRAWDOWN:
        return whole && n >= DAYS_MIN ? interval_of_drawdown(metrics, n, view, error) : 0;
    case GOAL_WIN_RATE:
        if (metrics->trades > 0) {
            const struct confidence share = wilson_interval(metrics->wins, metrics->trades, LEVEL);
            view->low = share.low;
            view->high = share.high;
        }
        return 0;
    default:
        view->low = view->high = view->measured;
        return 0;
    }
}

static enum goal_state judge(const struct goal_view *view)
{
    const bool most = is_most(view->goal);
    if (isnan(view->measured))
        return GOAL_UNKNOWN;
    if (isnan(view->low) || isnan(view->high))
        return GOAL_OPEN;
    const bool low = most ? view->low <= view->wanted : view->low >= view->wanted;
    const bool high = most ? view->high <= view->wanted : view->high >= view->wanted;
    return low && high ? GOAL_MET : low || high ? GOAL_OPEN : GOAL_MISSED;
}

int goals_judge(const double wanted[static GOALS], const double measured[static GOALS], const struct metrics *metrics,
                struct goal_view view[static GOALS], struct error *error)
{
    int count = 0;
    for (int i = 0; i < GOALS; i++) {
        if (isnan(wanted[i]))
            continue;
        view[count] = (struct goal_view){
            .goal = (enum goal)i, .wanted = wanted[i], .measured = measured[i], .low = NAN, .high = NAN};
        if (!isnan(measured[i]) && interval(&view[count], metrics, error) != 0)
            return -1;
        view[count].state = judge(&view[count]);
        if (i == GOAL_COSTS)
            view[count].low = view[count].high = NAN;
        count++;
    }
    return count;
}
