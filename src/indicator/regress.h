/* Sliding sums of products: weighted averages and straight lines through the last n values, and two series beside each
 * other. As in window.h the series is cut into blocks, a window is the end of one and the beginning of the next,
 * nothing is ever subtracted, and sums are of deviations from a value within the window. */
#ifndef TN_INDICATOR_REGRESS_H
#define TN_INDICATOR_REGRESS_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Three arrays of n + 1 follow: values of the current block up to `at`, from there on totals over the end of the last
 * block; totals of the same times their place within it; totals of squares. */
struct window_line {
    int64_t n, at;
    bool full;
    double base, sum, placed, squares;
    double data[];
};

/* With d the deviation from base and j = 0 … n − 1 the place within the window, oldest first. */
struct line_sums {
    double base, sum, placed, squares; /* Σd, Σjd, Σd² */
};

static inline size_t window_line_size(double n)
{
    return sizeof(struct window_line) + 3 * ((size_t)n + 1) * sizeof(double);
}

static inline void *window_line_end(struct window_line *window)
{
    return (char *)window + window_line_size((double)window->n);
}

static inline void window_line_init(struct window_line *window, double n)
{
    window->n = (int64_t)n;
    window->at = 0;
    window->full = false;
    window->base = NAN;
    window->sum = window->placed = window->squares = 0;
    for (int64_t i = 0; i < 3 * (window->n + 1); i++)
        window->data[i] = 0;
}

/* Push a value that is there; false before there are n. */
static inline bool window_line_push(struct window_line *window, double value, struct line_sums *sums)
{
    const int64_t n = window->n;
    double *total = window->data, *placed = total + n + 1, *squares = placed + n + 1;
    if (isnan(window->base))
        window->base = value;
    total[window->at++] = value;
    if (window->at == n) {
        double a = 0, b = 0, q = 0;
        for (int64_t i = n - 1; i >= 0; i--) {
            const double d = total[i] - value;
            placed[i] = b += a;
            total[i] = a += d;
            squares[i] = q += d * d;
        }
        window->base = value;
        window->sum = window->placed = window->squares = 0;
        window->at = 0;
        window->full = true;
    } else {
        const double d = value - window->base;
        window->placed += (double)(window->at - 1) * d;
        window->sum += d;
        window->squares += d * d;
    }
    if (!window->full)
        return false;
    const int64_t at = window->at;
    sums->base = window->base;
    sums->sum = total[at] + window->sum;
    sums->placed = placed[at] + ((double)(n - at) * window->sum + window->placed);
    sums->squares = squares[at] + window->squares;
    return true;
}

/* Weights 1 … n, the newest the heaviest. */
static inline double line_weighted_mean(const struct line_sums *sums, double n)
{
    return sums->base + (sums->placed + sums->sum) / (n * (n + 1) / 2);
}

static inline void window_line_run(struct window_line *window, const double *value, size_t count, double *weighted)
{
    for (size_t i = 0; i < count; i++) {
        struct line_sums sums;
        const bool known = !isnan(value[i]) && window_line_push(window, value[i], &sums);
        weighted[i] = known ? line_weighted_mean(&sums, (double)window->n) : NAN;
    }
}

/* Of the last n pairs; five arrays of n + 1 follow. */
struct window_pair {
    int64_t n, at;
    bool full;
    double base_x, base_y, x, y, xx, yy, xy;
    double data[];
};

/* Population moments. */
struct pair_moments {
    double variance_x, variance_y, covariance;
};

static inline size_t window_pair_size(double n)
{
    return sizeof(struct window_pair) + 5 * ((size_t)n + 1) * sizeof(double);
}

static inline void window_pair_init(struct window_pair *window, double n)
{
    window->n = (int64_t)n;
    window->at = 0;
    window->full = false;
    window->base_x = window->base_y = NAN;
    window->x = window->y = window->xx = window->yy = window->xy = 0;
    for (int64_t i = 0; i < 5 * (window->n + 1); i++)
        window->data[i] = 0;
}

static inline void window_pair_close(struct window_pair *window, double x, double y)
{
    const int64_t n = window->n;
    double *sx = window->data, *sy = sx + n + 1, *sxx = sy + n + 1, *syy = sxx + n + 1, *sxy = syy + n + 1;
    double a = 0, b = 0, aa = 0, bb = 0, ab = 0;
    for (int64_t i = n - 1; i >= 0; i--) {
        const double dx = sx[i] - x, dy = sy[i] - y;
        sx[i] = a += dx;
        sy[i] = b += dy;
        sxx[i] = aa += dx * dx;
        syy[i] = bb += dy * dy;
        sxy[i] = ab += dx * dy;
    }
    window->base_x = x;
    window->base_y = y;
    window->x = window->y = window->xx = window->yy = window->xy = 0;
    window->at = 0;
    window->full = true;
}

static inline double not_negative(double value)
{
    return value > 0 ? value : 0;
}

/* Push two values that are there; false before there are n. */
static inline bool window_pair_push(struct window_pair *window, double x, double y, struct pair_moments *moments)
{
    const int64_t n = window->n;
    double *sx = window->data, *sy = sx + n + 1, *sxx = sy + n + 1, *syy = sxx + n + 1, *sxy = syy + n + 1;
    if (isnan(window->base_x)) {
        window->base_x = x;
        window->base_y = y;
    }
    sx[window->at] = x;
    sy[window->at++] = y;
    if (window->at == n) {
        window_pair_close(window, x, y);
    } else {
        const double dx = x - window->base_x, dy = y - window->base_y;
        window->x += dx;
        window->y += dy;
        window->xx += dx * dx;
        window->yy += dy * dy;
        window->xy += dx * dy;
    }
    if (!window->full)
        return false;
    const int64_t at = window->at;
    const double count = (double)n, mean_x = (sx[at] + window->x) / count, mean_y = (sy[at] + window->y) / count;
    moments->variance_x = not_negative((sxx[at] + window->xx) / count - mean_x * mean_x);
    moments->variance_y = not_negative((syy[at] + window->yy) / count - mean_y * mean_y);
    moments->covariance = (sxy[at] + window->xy) / count - mean_x * mean_y;
    return true;
}

#endif
