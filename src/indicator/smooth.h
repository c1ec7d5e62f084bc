/* Exponential smoothing with a seed, the recursion behind EMA, RSI and ATR.
 *
 * The first value is the plain average of the first n inputs; after that value += weight × (input − value). The weight
 * is 2/(n + 1) for an exponential moving average and 1/n for Wilder's smoothing (New Concepts in Technical Trading
 * Systems, 1978, p. 23). On constant input the value is exactly that input. */
#ifndef TN_INDICATOR_SMOOTH_H
#define TN_INDICATOR_SMOOTH_H

#include <math.h>
#include <stdint.h>

struct smooth {
    double weight, value;
    double base, sum; /* of the seed: the first input, and what the others deviate from it */
    int64_t n, seen;
};

static inline void smooth_init(struct smooth *smooth, double n, double weight)
{
    *smooth = (struct smooth){.weight = weight, .value = NAN, .n = (int64_t)n};
}

static inline void smooth_init_exponential(struct smooth *smooth, double n)
{
    smooth_init(smooth, n, 2.0 / (n + 1.0));
}

static inline void smooth_init_wilder(struct smooth *smooth, double n)
{
    smooth_init(smooth, n, 1.0 / n);
}

/* Push an input; the smoothed value, NaN before there were n inputs. */
static inline double smooth_push(struct smooth *smooth, double input)
{
    if (smooth->seen >= smooth->n) {
        const double value = smooth->value + smooth->weight * (input - smooth->value);
        /* What only decays would end in denormal numbers, slow and without meaning: it is zero by then. A branch that
         * is never taken, not a choice that every bar would wait for. */
        if (__builtin_expect(fabs(value) < 1e-290, 0))
            return smooth->value = 0;
        return smooth->value = value;
    }
    if (smooth->seen++ == 0)
        smooth->base = input;
    smooth->sum += input - smooth->base;
    if (smooth->seen == smooth->n)
        smooth->value = smooth->base + smooth->sum / (double)smooth->n;
    return smooth->value;
}

/* Wilder's true range, from the second bar on (it needs the close before), and its average. */
struct average_range {
    struct smooth smooth;
    double close; /* the last bar's, NaN before the first */
};

static inline void average_range_init(struct average_range *range, double n)
{
    smooth_init_wilder(&range->smooth, n);
    range->close = NAN;
}

static inline double average_range_push(struct average_range *range, double high, double low, double close)
{
    const double before = range->close;
    range->close = close;
    if (isnan(before))
        return NAN;
    const double top = high > before ? high : before;
    const double bottom = low < before ? low : before;
    return smooth_push(&range->smooth, top - bottom);
}

/* Wilder's relative strength: average gain as a share of average gain and loss, 0–100. */
struct relative_strength {
    struct smooth gain, loss;
    double close;
};

static inline void relative_strength_init(struct relative_strength *strength, double n)
{
    smooth_init_wilder(&strength->gain, n);
    smooth_init_wilder(&strength->loss, n);
    strength->close = NAN;
}

static inline double relative_strength_push(struct relative_strength *strength, double close)
{
    const double change = close - strength->close;
    strength->close = close;
    if (isnan(change))
        return NAN;
    const double gain = smooth_push(&strength->gain, change > 0 ? change : 0);
    const double loss = smooth_push(&strength->loss, change < 0 ? -change : 0);
    if (isnan(gain))
        return NAN;
    const double both = gain + loss;
    return both > 0 ? 100 * (gain / both) : 50;
}

#endif
