/* Is one run better than another on the same days? The mean of the differences of their daily returns, with an interval
 * by the stationary bootstrap of D. Politis and J. Romano (JASA 89, 1994): the pairs stay together, and so do days that
 * follow each other. Pure; the same bits on every machine. */
#ifndef TN_STAT_PAIRED_H
#define TN_STAT_PAIRED_H

#include "base/error.h"

#include <stddef.h>

#define PAIRED_RESAMPLES 2000
#define PAIRED_MIN       20 /* days below which nothing is said */

struct paired {
    size_t days;
    double mean;        /* of the differences */
    double low, high;   /* the 95 % interval: quantiles of the resampled means; NaN with too few days */
    double probability; /* share of the resampled means above 0; NaN likewise */
};

/* -1: out of memory. */
int paired_difference(const double *difference, size_t days, struct paired *paired, struct error *error);

#endif
