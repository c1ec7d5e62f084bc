/* The probability of backtest overfitting: how often the best of many trials on one half of the days is below the
 * median of them on the other half (D. Bailey, J. Borwein, M. Lopez de Prado and J. Zhu, "The Probability of Backtest
 * Overfitting", Journal of Computational Finance 20, 2017: combinatorially symmetric cross-validation). Pure.
 *
 * The returns are cut into an even number of blocks of one length; what is left over at the beginning is left out.
 * Every half of the blocks is once what one chooses by, the highest Sharpe ratio (n - 1, no risk-free rate), and the
 * others are what comes of it. A trial's rank there is one more than the trials that are worse. */
#ifndef TN_STAT_PBO_H
#define TN_STAT_PBO_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define PBO_BLOCKS 12 /* 924 splits */

/* What is kept of a trial: the sum and the sum of squares of each block, one after the other. */
struct pbo {
    size_t blocks, length; /* of a block, in returns */
    size_t trials, capacity;
    double *sums; /* 2 × blocks a trial */
};

struct pbo_result {
    uint64_t splits;
    double probability;      /* share of the splits whose logit is 0 or less; NaN with less than two trials */
    double logit;            /* mean of ln(w / (1 - w)), w the chosen one's rank / (trials + 1) */
    double slope, intercept; /* of its ratio outside by that inside */
    double loss;             /* share of the splits in which it loses outside */
};

/* `n` returns a trial; -1 with EXIT_USAGE where that is less than two a block. */
int pbo_init(struct pbo *pbo, size_t n, size_t blocks, struct error *error);
void pbo_clear(struct pbo *pbo); /* harmless on a zeroed one */
/* The sums of n returns: 2 × blocks numbers. */
void pbo_sum(const struct pbo *pbo, const double *returns, size_t n, double *sums);
int pbo_add(struct pbo *pbo, const double *sums, struct error *error);
void pbo_work_out(const struct pbo *pbo, struct pbo_result *result);

#endif
