/* Exponential smoothing with a seed, the recursion behind EMA, RSI and ATR.
 *
 * The first value is the plain average of the first n inputs; after that value += weight × (input − value). The weight
 * is 2/(n + 1) for an exponential moving average and 1/n for Wilder's smoothing (New Concepts in Technical Trading
 * Systems, 1978, p. 23). On constant input the value is exactly that input. */
#ifndef TN_INDICATOR_SMOOTH_H
#define TN_INDICATOR_SMOOTH_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
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

/* Inputs after the seed until it is forgotten, to nine digits: ln(10^9) / weight, a little more than it takes. */
static inline int smooth_memory(double weight)
{
    return weight < 1 ? (int)ceil(20.7233 / weight) : 0;
}

/* Is the seed complete? Then smooth_move says all. */
static inline bool smooth_is_seeded(const struct smooth *smooth)
{
    return smooth->seen >= smooth->n;
}

/* The value after `input`, once seeded. */
static inline double smooth_move(double value, double weight, double input)
{
    value += weight * (input - value);
    /* What only decays would end in denormal numbers, slow and without meaning: it is zero by then. A branch that is
     * never taken, not a choice that every bar would wait for. */
    if (__builtin_expect(fabs(value) < 1e-290, 0))
        return 0;
    return value;
}

/* Push an input; the smoothed value, NaN before there were n inputs. */
static inline double smooth_push(struct smooth *smooth, double input)
{
    if (smooth_is_seeded(smooth))
        return smooth->value = smooth_move(smooth->value, smooth->weight, input);
    if (smooth->seen++ == 0)
        smooth->base = input;
    smooth->sum += input - smooth->base;
    if (smooth->seen == smooth->n)
        smooth->value = smooth->base + smooth->sum / (double)smooth->n;
    return smooth->value;
}

/* What each value differs by from the one before; *before is the last one, NaN before the first of all. */
static inline void changes_run(double *before, const double *restrict value, size_t count, double *restrict change)
{
    change[0] = value[0] - *before;
    for (size_t i = 1; i < count; i++)
        change[i] = value[i] - value[i - 1];
    *before = value[count - 1];
}

/* Push a column; where an input is missing nothing is pushed and there is no value. */
static inline void smooth_run(struct smooth *smooth, const double *input, size_t count, double *out)
{
    size_t i = 0;
    for (; i < count && !smooth_is_seeded(smooth); i++)
        out[i] = isnan(input[i]) ? NAN : smooth_push(smooth, input[i]);
    double value = smooth->value;
    const double weight = smooth->weight;
    for (; i < count; i++) {
        if (__builtin_expect(isnan(input[i]), 0)) {
            out[i] = NAN;
            continue;
        }
        out[i] = value = smooth_move(value, weight, input[i]);
    }
    smooth->value = value;
}

/* Two columns at once, whose values are all there: neither waits for the other. Each may become its own result. */
static inline void smooth_run_two(struct smooth *first, struct smooth *second, const double *input, const double *other,
                                  size_t count, double *out, double *other_out)
{
    size_t i = 0;
    for (; i < count && !(smooth_is_seeded(first) && smooth_is_seeded(second)); i++) {
        out[i] = smooth_push(first, input[i]);
        other_out[i] = smooth_push(second, other[i]);
    }
    double a = first->value, b = second->value;
    for (; i < count; i++) {
        out[i] = a = smooth_move(a, first->weight, input[i]);
        other_out[i] = b = smooth_move(b, second->weight, other[i]);
    }
    first->value = a;
    second->value = b;
}

#endif
