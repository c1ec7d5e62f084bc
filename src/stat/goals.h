/* What a trader wants of an account, and how sure it is that it does that: each goal beside the figure and its 95 %
 * interval. Pure.
 *
 * Goals are yearly return and Sharpe ratio (at least), maximum drawdown (at most), winning trades (at least), costs a
 * year as a part of the mean equity (at most). */
#ifndef TN_STAT_GOALS_H
#define TN_STAT_GOALS_H

#include "stat/metrics.h"

enum goal { GOAL_RETURN, GOAL_SHARPE, GOAL_DRAWDOWN, GOAL_WIN_RATE, GOAL_COSTS, GOALS };

enum goal_state {
    GOAL_UNKNOWN, /* there is no figure yet */
    GOAL_OPEN,    /* the interval holds the goal: chance may decide */
    GOAL_MET,     /* all of the interval is on the right side */
    GOAL_MISSED,  /* none of it is */
};

struct goal_view {
    enum goal goal;
    double wanted;    /* a fraction, or the ratio */
    double measured;  /* NaN: unknown */
    double low, high; /* NaN: there is no interval */
    enum goal_state state;
};

extern const char *const goal_names[GOALS];  /* "return" …: goal_NAME is the setting */
extern const char *const goal_titles[GOALS]; /* "yearly return, at least" */
const char *goal_state_text(enum goal_state state);
bool goal_is_ratio(enum goal goal); /* not a fraction */

/* The goals whose `wanted` is not NaN, in order: how many. `measured` are the figures of a book, which may know more
 * than its metrics (by NaN they do not); the intervals are of the metrics, after metrics_finish:
 *     return     e^(log(1 + r) ± m t s / √n), s of the n logarithmic returns, m returns a year, Student's t
 *     Sharpe     ± 1.96 standard errors (Mertens)
 *     drawdown   2.5 % and 97.5 % of 1,000 histories as long, of days drawn by the stationary bootstrap of Politis
 *                and Romano (JASA 89, 1994), blocks of the length of Politis and White
 *     win rate   Wilson's
 *     costs      none: they were paid
 * -1: out of memory. */
int goals_judge(const double wanted[static GOALS], const double measured[static GOALS], const struct metrics *metrics,
                struct goal_view view[static GOALS], struct error *error);
/* Costs a year, as a part of the mean equity; NaN below a day. */
double goal_yearly_costs(const struct metrics *metrics, double costs);

#endif
