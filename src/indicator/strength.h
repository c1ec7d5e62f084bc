/* Wilder's relative strength: average gain as a share of average gain and loss, 0 to 100. */
#ifndef TN_INDICATOR_STRENGTH_H
#define TN_INDICATOR_STRENGTH_H

#include "indicator/indicator.h"
#include "indicator/smooth.h"

struct strength {
    struct smooth gain, loss;
    double before; /* the last value, NaN before the first */
};

static inline void strength_init(struct strength *strength, double n)
{
    smooth_init_wilder(&strength->gain, n);
    smooth_init_wilder(&strength->loss, n);
    strength->before = NAN;
}

/* What a column has gained and lost from value to value; NaN for the first of all. */
static inline void gains_run(double *before, const double *restrict value, size_t count, double *restrict gain,
                             double *restrict loss)
{
    changes_run(before, value, count, gain);
    for (size_t i = 0; i < count; i++) {
        const double change = gain[i];
        gain[i] = change < 0 ? 0 : change; /* NaN stays NaN */
        loss[i] = change > 0 ? 0 : -change;
    }
}

/* 100 up/(up + down), written as a share so that nothing down needs no exception (it gives 100, as Wilder's formula
 * does in the limit). Where there is neither the formula says nothing; 50, neither strong nor weak, is what this one
 * says (TA-Lib says 0 there, which would read as oversold). */
static inline double strength_share(double up, double down)
{
    const double both = up + down, share = up / both;
    return both != 0 ? 100 * share : 50; /* NaN stays NaN */
}

/* Of values that are all there. */
static inline void strength_run(struct strength *strength, const double *value, size_t count, double *out)
{
    double gain[COLUMNS_MAX] = {0}, loss[COLUMNS_MAX] = {0}; /* clang-tidy cannot follow who fills them */
    gains_run(&strength->before, value, count, gain, loss);
    const size_t first = isnan(gain[0]) ? 1u : 0u;
    smooth_run_two(&strength->gain, &strength->loss, gain + first, loss + first, count - first, gain + first,
                   loss + first);
    for (size_t i = 0; i < count; i++)
        out[i] = strength_share(gain[i], loss[i]);
}

#endif
