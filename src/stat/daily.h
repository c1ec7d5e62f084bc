/* The value of a run day by day, money paid in or out taken out of it, and what a report reads from that.
 *
 *     daily_init(&daily, zone);
 *     daily_point(&daily, time, equity, paid, error);     … one per moment, in time order
 *     daily_dips(&daily, dip, 5); daily_months(&daily, …); daily_rolling(&daily, …);
 *     daily_clear(&daily);
 *
 * Days are those of stat/day.h, the value of one is its last point's; the first point is where everything starts. Pure.
 */
#ifndef TN_STAT_DAILY_H
#define TN_STAT_DAILY_H

#include "base/error.h"
#include "base/zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct daily {
    const struct zone *zone; /* in which days are cut */
    int64_t *day;            /* since 1970-01-01; owned */
    double *value;           /* 1 at the first point; owned */
    size_t count, capacity;
    double equity; /* of the last point */
    bool ruined;   /* a point of zero or less: what comes after has no return */
};

/* Zone NULL: UTC. It must live as long. */
void daily_init(struct daily *daily, const struct zone *zone);
void daily_clear(struct daily *daily);
/* Equity after `paid` came in (negative: went out) since the point before. */
int daily_point(struct daily *daily, int64_t time, double equity, double paid, struct error *error);
/* value[i] / value[i − 1] − 1; i from 1. */
double daily_return(const struct daily *daily, size_t i);

struct month_return {
    int year, month; /* month 0: of the whole year */
    double value;
};
/* The return of every calendar month that has a day, in order, at most `most`: how many. */
size_t daily_months(const struct daily *daily, struct month_return *month, size_t most);

/* From a high to the day on which that was reached again. */
struct dip {
    size_t peak, lowest;
    size_t until; /* 0 while it lasts */
    double depth; /* positive: 0.2 is a loss of 20 % */
};
/* The deepest, at most `most`, deepest first: how many. Dips do not overlap. */
size_t daily_dips(const struct daily *daily, struct dip *dip, size_t most);

/* Over the last `window` returns before and at each day: compound return, yearly volatility, Sharpe ratio (risk-free
 * rate 0); NaN where there are fewer, or no variation. Each array has daily->count places; NULL is left out. */
void daily_rolling(const struct daily *daily, size_t window, double sessions, double *gain, double *volatility,
                   double *sharpe);
/* Half the width of the 95 % interval around a yearly Sharpe ratio that `returns` daily ones gave, as if they were
 * independent: 1.96 √((1 + s²/2) / T) √sessions with s the daily ratio (A. Lo, "The Statistics of Sharpe Ratios",
 * Financial Analysts Journal 58(4), 2002, eq. 9). NaN below two returns. */
double sharpe_margin(double sharpe, uint64_t returns, double sessions);
/* Pearson's correlation of the returns of days that both have; NaN below 3 of them or without variation. */
double daily_correlation(const struct daily *a, const struct daily *b);

#endif
