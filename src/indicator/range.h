/* Wilder's true range, from the second bar on: the first has no close before it. */
#ifndef TN_INDICATOR_RANGE_H
#define TN_INDICATOR_RANGE_H

#include "indicator/indicator.h"
#include "indicator/smooth.h"

struct true_range {
    double close; /* the last bar's, NaN before the first */
};

static inline void true_range_init(struct true_range *range)
{
    range->close = NAN;
}

/* NaN without a close before it. */
static inline double true_range(double high, double low, double before)
{
    const double top = high > before ? high : before, bottom = low < before ? low : before;
    return top - bottom;
}

/* The range of each bar; NaN for the first of all. */
static inline void true_range_run(struct true_range *range, const struct columns *in, double *restrict out)
{
    out[0] = true_range(in->high[0], in->low[0], range->close);
    for (size_t i = 1; i < in->n; i++)
        out[i] = true_range(in->high[i], in->low[i], in->close[i - 1]);
    range->close = in->close[in->n - 1];
}

#endif
