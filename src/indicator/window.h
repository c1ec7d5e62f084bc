/* Sliding windows in O(1) amortised, without ever subtracting a value that leaves.
 *
 * The series is cut into blocks of n. A window is then the end of the last whole block and the beginning of the current
 * one: totals of every end of a block are computed once, when the block is complete, and a running total covers the
 * beginning (M. van Herk, Pattern Recognition Letters 13 (1992) 517; J. Gil and M. Werman, IEEE PAMI 15 (1993) 504, for
 * maxima; the same works for sums). Nothing accumulates over more than two blocks, so nothing drifts, however long the
 * series. Sums are of deviations from a value that is within the window (Chan, Golub and LeVeque, The American
 * Statistician 37 (1983) 242): on flat prices means are exact and variances exactly zero.
 *
 * The arrays live behind the struct, so a window is plain memory that may be copied as a whole. */
#ifndef TN_INDICATOR_WINDOW_H
#define TN_INDICATOR_WINDOW_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The end of the values from `from` on: the place of the next NaN, or n. */
static inline size_t values_end(const double *value, size_t from, size_t n)
{
    size_t missing = 0;
    for (size_t i = from; i < n; i++)
        missing += value[i] != value[i] ? 1u : 0u;
    while (missing > 0 && from < n && !isnan(value[from]))
        from++;
    return missing > 0 ? from : n;
}

/* Mean of the last n values. data[i] is a value of the current block for i < at, and for i >= at the total of the last
 * block from its i-th value on; data[n] is 0. */
struct window_mean {
    int64_t n, at;
    bool full; /* n values have been seen */
    double base, sum;
    double data[];
};

static inline size_t window_mean_size(double n)
{
    return sizeof(struct window_mean) + ((size_t)n + 1) * sizeof(double);
}

/* Where the next thing of a state may lie. */
static inline void *window_mean_end(struct window_mean *window)
{
    return (char *)window + window_mean_size((double)window->n);
}

static inline void window_mean_init(struct window_mean *window, double n)
{
    window->n = (int64_t)n;
    window->at = 0;
    window->full = false;
    window->base = NAN;
    window->sum = 0;
    for (int64_t i = 0; i <= window->n; i++)
        window->data[i] = 0;
}

static inline void window_mean_step(struct window_mean *window, double value)
{
    if (isnan(window->base))
        window->base = value;
    window->data[window->at++] = value;
    if (window->at < window->n) {
        window->sum += value - window->base;
        return;
    }
    double total = 0;
    for (int64_t i = window->n - 1; i >= 0; i--)
        window->data[i] = total += window->data[i] - value;
    window->base = value;
    window->sum = 0;
    window->at = 0;
    window->full = true;
}

/* Push a value; the mean of the last n, NaN before there are n. */
static inline double window_mean_push(struct window_mean *window, double value)
{
    window_mean_step(window, value);
    if (!window->full)
        return NAN;
    return window->base + (window->data[window->at] + window->sum) / (double)window->n;
}

/* Push values that are all there; the means. */
static inline void window_mean_values(struct window_mean *window, const double *restrict value, size_t count,
                                      double *restrict mean)
{
    for (size_t i = 0; i < count;) {
        const int64_t left = window->n - 1 - window->at; /* pushes until the one that completes the block */
        const size_t plain = window->full && left > 0 ? (size_t)left < count - i ? (size_t)left : count - i : 0;
        if (plain == 0) {
            mean[i] = window_mean_push(window, value[i]);
            i++;
            continue;
        }
        double *restrict data = window->data + window->at, sum = window->sum;
        const double base = window->base, n = (double)window->n;
        for (size_t j = 0; j < plain; j++) {
            sum += value[i + j] - base;
            data[j] = value[i + j];
            mean[i + j] = base + (data[j + 1] + sum) / n;
        }
        window->sum = sum;
        window->at += (int64_t)plain;
        i += plain;
    }
}

/* Push a column; where a value is missing nothing is pushed and there is no mean. */
static inline void window_mean_run(struct window_mean *window, const double *value, size_t count, double *mean)
{
    for (size_t i = 0, end; i < count; i = end) {
        end = values_end(value, i, count);
        window_mean_values(window, value + i, end - i, mean + i);
        for (; end < count && isnan(value[end]); end++)
            mean[end] = NAN;
    }
}

/* Mean and population variance of the last n values; data as above, then the totals of squares. */
struct window_moments {
    int64_t n, at;
    bool full;
    double base, sum, squares;
    double data[];
};

static inline size_t window_moments_size(double n)
{
    return sizeof(struct window_moments) + 2 * ((size_t)n + 1) * sizeof(double);
}

/* Where the next thing of a state may lie. */
static inline void *window_moments_end(struct window_moments *window)
{
    return (char *)window + window_moments_size((double)window->n);
}

static inline void window_moments_init(struct window_moments *window, double n)
{
    window->n = (int64_t)n;
    window->at = 0;
    window->full = false;
    window->base = NAN;
    window->sum = window->squares = 0;
    for (int64_t i = 0; i < 2 * (window->n + 1); i++)
        window->data[i] = 0;
}

static inline void window_moments_push(struct window_moments *window, double value, double *mean, double *variance)
{
    double *square = window->data + window->n + 1;
    if (isnan(window->base))
        window->base = value;
    window->data[window->at++] = value;
    if (window->at == window->n) {
        double total = 0, total_square = 0;
        for (int64_t i = window->n - 1; i >= 0; i--) {
            const double deviation = window->data[i] - value;
            window->data[i] = total += deviation;
            square[i] = total_square += deviation * deviation;
        }
        window->base = value;
        window->sum = window->squares = 0;
        window->at = 0;
        window->full = true;
    } else {
        const double deviation = value - window->base;
        window->sum += deviation;
        window->squares += deviation * deviation;
    }
    if (!window->full) {
        *mean = *variance = NAN;
        return;
    }
    const double n = (double)window->n;
    const double shift = (window->data[window->at] + window->sum) / n;
    const double raw = (square[window->at] + window->squares) / n - shift * shift;
    *mean = window->base + shift;
    *variance = raw > 0 ? raw : 0;
}

/* Push values that are all there; the means and the standard deviations. */
static inline void window_moments_values(struct window_moments *window, const double *restrict value, size_t count,
                                         double *restrict mean, double *restrict deviation)
{
    for (size_t i = 0; i < count;) {
        const int64_t left = window->n - 1 - window->at;
        const size_t plain = window->full && left > 0 ? (size_t)left < count - i ? (size_t)left : count - i : 0;
        if (plain == 0) {
            double variance;
            window_moments_push(window, value[i], &mean[i], &variance);
            deviation[i++] = sqrt(variance);
            continue;
        }
        double *restrict data = window->data + window->at, *restrict square = data + window->n + 1;
        double sum = window->sum, squares = window->squares;
        const double base = window->base, n = (double)window->n;
        for (size_t j = 0; j < plain; j++) {
            const double away = value[i + j] - base;
            sum += away;
            squares += away * away;
            data[j] = value[i + j];
            mean[i + j] = data[j + 1] + sum;
            deviation[i + j] = square[j + 1] + squares;
        }
        for (size_t j = i; j < i + plain; j++) {
            const double shift = mean[j] / n, raw = deviation[j] / n - shift * shift;
            mean[j] = base + shift;
            deviation[j] = sqrt(raw > 0 ? raw : 0);
        }
        window->sum = sum;
        window->squares = squares;
        window->at += (int64_t)plain;
        i += plain;
    }
}

/* Push a column; where a value is missing nothing is pushed and there is neither. */
static inline void window_moments_run(struct window_moments *window, const double *value, size_t count, double *mean,
                                      double *deviation)
{
    for (size_t i = 0, end; i < count; i = end) {
        end = values_end(value, i, count);
        window_moments_values(window, value + i, end - i, mean + i, deviation + i);
        for (; end < count && isnan(value[end]); end++)
            mean[end] = deviation[end] = NAN;
    }
}

/* Greatest of the last n values (for the least, push negated values). data[i] is a value for i < at, and for i >= at
 * the greatest of the last block from its i-th value on; data[n] is minus infinity. */
struct window_maximum {
    int64_t n, at;
    bool full;
    double maximum;
    double data[];
};

static inline size_t window_maximum_size(double n)
{
    return sizeof(struct window_maximum) + ((size_t)n + 1) * sizeof(double);
}

/* Where the next thing of a state may lie. */
static inline void *window_maximum_end(struct window_maximum *window)
{
    return (char *)window + window_maximum_size((double)window->n);
}

static inline void window_maximum_init(struct window_maximum *window, double n)
{
    window->n = (int64_t)n;
    window->at = 0;
    window->full = false;
    window->maximum = -INFINITY;
    for (int64_t i = 0; i <= window->n; i++)
        window->data[i] = -INFINITY;
}

static inline double window_maximum_push(struct window_maximum *window, double value)
{
    window->data[window->at++] = value;
    if (window->at == window->n) {
        double greatest = -INFINITY;
        for (int64_t i = window->n - 1; i >= 0; i--) {
            greatest = window->data[i] > greatest ? window->data[i] : greatest;
            window->data[i] = greatest;
        }
        window->maximum = -INFINITY;
        window->at = 0;
        window->full = true;
    } else {
        window->maximum = value > window->maximum ? value : window->maximum;
    }
    if (!window->full)
        return NAN;
    const double before = window->data[window->at];
    return before > window->maximum ? before : window->maximum;
}

/* Push values that are all there, each times `sign`; the greatest, again times `sign`: with -1 the least. */
static inline void window_maximum_values(struct window_maximum *window, const double *restrict value, size_t count,
                                         double sign, double *restrict extreme)
{
    for (size_t i = 0; i < count;) {
        const int64_t left = window->n - 1 - window->at;
        const size_t plain = window->full && left > 0 ? (size_t)left < count - i ? (size_t)left : count - i : 0;
        if (plain == 0) {
            extreme[i] = sign * window_maximum_push(window, sign * value[i]);
            i++;
            continue;
        }
        double *restrict data = window->data + window->at, maximum = window->maximum;
        for (size_t j = 0; j < plain; j++) {
            const double now = sign * value[i + j];
            maximum = now > maximum ? now : maximum;
            data[j] = now;
            extreme[i + j] = sign * (data[j + 1] > maximum ? data[j + 1] : maximum);
        }
        window->maximum = maximum;
        window->at += (int64_t)plain;
        i += plain;
    }
}

/* Push a column; where a value is missing nothing is pushed and there is no extreme. */
static inline void window_maximum_run(struct window_maximum *window, const double *value, size_t count, double sign,
                                      double *extreme)
{
    for (size_t i = 0, end; i < count; i = end) {
        end = values_end(value, i, count);
        window_maximum_values(window, value + i, end - i, sign, extreme + i);
        for (; end < count && isnan(value[end]); end++)
            extreme[end] = NAN;
    }
}

/* The value of n pushes ago. */
struct window_delay {
    int64_t n, at;
    double data[];
};

static inline size_t window_delay_size(double n)
{
    return sizeof(struct window_delay) + ((size_t)n + 1) * sizeof(double);
}

static inline void *window_delay_end(struct window_delay *window)
{
    return (char *)window + window_delay_size((double)window->n);
}

static inline void window_delay_init(struct window_delay *window, double n)
{
    window->n = (int64_t)n;
    window->at = 0;
    for (int64_t i = 0; i <= window->n; i++)
        window->data[i] = NAN;
}

/* Push a value; the one pushed n pushes before it (itself for n = 0), NaN when there was none. */
static inline double window_delay_push(struct window_delay *window, double value)
{
    window->data[window->at] = value;
    window->at = window->at == window->n ? 0 : window->at + 1;
    return window->data[window->at];
}

/* Push a column, missing values too; those of n pushes ago. */
static inline void window_delay_run(struct window_delay *window, const double *value, size_t count, double *before)
{
    for (size_t i = 0; i < count; i++)
        before[i] = window_delay_push(window, value[i]);
}

#endif
