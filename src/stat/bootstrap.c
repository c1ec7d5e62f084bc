/* Resampling in blocks. */
#include "stat/bootstrap.h"

#include "base/list.h"
#include "base/math.h"

#include <math.h>
#include <stdlib.h>

/* A stream of numbers for each resample, so that any of them can be drawn alone. */
void draw_init(struct draw *draw, size_t n, double block, bool stationary, uint64_t seed, uint64_t number)
{
    struct random random;
    random_init(&random, seed);
    const uint64_t base = random_next(&random);
    *draw = (struct draw){.n = n, .mean = block < 1 ? 1 : block, .stationary = stationary};
    random_init(&draw->random, base ^ (number + 1) * UINT64_C(0x9e3779b97f4a7c15));
}

size_t draw_next(struct draw *draw)
{
    if (draw->left > 0) {
        draw->left--;
        draw->place = draw->place + 1 == draw->n ? 0 : draw->place + 1;
        return draw->place;
    }
    draw->place = (size_t)random_below(&draw->random, draw->n);
    if (!draw->stationary) {
        draw->left = (size_t)(draw->mean + 0.5) - 1;
        return draw->place;
    }
    /* After each return a new block begins with probability 1 / mean: a geometric length, by its inverse. */
    const double go_on = 1 - 1 / draw->mean;
    const double uniform = 1 - random_uniform(&draw->random); /* above 0 */
    const double length = go_on > 0 ? math_log(uniform) / math_log(go_on) : 0;
    draw->left = length < (double)draw->n ? (size_t)length : draw->n;
    return draw->place;
}

int bootstrap_init(struct bootstrap *bootstrap, size_t n, size_t count, double block, bool stationary, uint64_t seed,
                   struct error *error)
{
    *bootstrap = (struct bootstrap){.n = n, .count = count};
    require(n > 0 && n < UINT32_MAX);
    if ((bootstrap->first = calloc(count + 1, sizeof *bootstrap->first)) == NULL)
        return error_memory(error);
    for (size_t b = 0; b < count; b++) {
        struct draw draw;
        draw_init(&draw, n, block, stationary, seed, b);
        for (size_t taken = 0; taken < n;) {
            const size_t k = bootstrap->blocks, place = draw_next(&draw), rest = n - taken;
            if (list_grow(&bootstrap->from, &bootstrap->from_capacity, k, sizeof *bootstrap->from, error) != 0 ||
                list_grow(&bootstrap->length, &bootstrap->length_capacity, k, sizeof *bootstrap->length, error) != 0)
                return -1;
            const size_t length = draw.left + 1 < rest ? draw.left + 1 : rest;
            bootstrap->from[k] = (uint32_t)place;
            bootstrap->length[k] = (uint32_t)length;
            bootstrap->blocks++;
            taken += length;
            draw.left = 0;
        }
        bootstrap->first[b + 1] = bootstrap->blocks;
    }
    return 0;
}

void bootstrap_clear(struct bootstrap *bootstrap)
{
    free(bootstrap->first);
    free(bootstrap->from);
    free(bootstrap->length);
    *bootstrap = (struct bootstrap){.n = 0};
}

void bootstrap_means(const struct bootstrap *bootstrap, const double *returns, double *prefix, double *mean)
{
    const size_t n = bootstrap->n;
    prefix[0] = 0;
    for (size_t i = 0; i < 2 * n; i++) /* twice around: a block may pass the end */
        prefix[i + 1] = prefix[i] + returns[i < n ? i : i - n];
    for (size_t b = 0; b < bootstrap->count; b++) {
        double sum = 0;
        for (size_t k = bootstrap->first[b]; k < bootstrap->first[b + 1]; k++)
            sum += prefix[bootstrap->from[k] + bootstrap->length[k]] - prefix[bootstrap->from[k]];
        mean[b] = sum / (double)n;
    }
}

int reality_init(struct reality *reality, size_t n, size_t count, struct error *error)
{
    *reality = (struct reality){.n = n, .count = count, .best = NAN, .worst = calloc(count + 1, sizeof(double))};
    return reality->worst == NULL ? error_memory(error) : 0;
}

void reality_clear(struct reality *reality)
{
    free(reality->worst);
    *reality = (struct reality){.best = NAN};
}

void reality_add(struct reality *reality, double mean, const double *resampled)
{
    const double root = sqrt((double)reality->n);
    const bool first = isnan(reality->best);
    if (first || root * mean > reality->best)
        reality->best = root * mean;
    for (size_t b = 0; b < reality->count; b++) {
        const double chance = root * (resampled[b] - mean);
        if (first || chance > reality->worst[b])
            reality->worst[b] = chance;
    }
}

double reality_p(const struct reality *reality)
{
    size_t as_well = 0;
    if (isnan(reality->best) || reality->count == 0)
        return NAN;
    for (size_t b = 0; b < reality->count; b++)
        as_well += reality->worst[b] >= reality->best;
    return (double)as_well / (double)reality->count;
}

static double covariance(const double *returns, size_t n, double mean, size_t lag)
{
    double sum = 0;
    for (size_t i = lag; i < n; i++)
        sum += (returns[i] - mean) * (returns[i - lag] - mean);
    return sum / (double)n;
}

/* The smallest lag that is followed by so many insignificant ones; the largest significant one where there is none. */
static size_t last_lag(const double *covariances, size_t lags, size_t in_a_row, double bound)
{
    size_t quiet = 0, last = 0;
    for (size_t k = 1; k <= lags; k++) {
        quiet = fabs(covariances[k] / covariances[0]) < bound ? quiet + 1 : 0;
        if (quiet == 0)
            last = k;
        if (quiet == in_a_row)
            return k - in_a_row;
    }
    return last;
}

int block_length(const double *returns, size_t n, double *stationary, double *circular, struct error *error)
{
    const double size = (double)n, log_n = n < 2 ? 0 : math_log10(size);
    const size_t in_a_row = log_n > 25 ? (size_t)ceil(sqrt(log_n)) : 5;
    size_t most = (size_t)ceil(sqrt(size)) + in_a_row;
    *stationary = 1;
    if (circular != NULL)
        *circular = 1;
    most = most < n ? most : n == 0 ? 0 : n - 1;
    double mean = 0, *g = calloc(most + 1, sizeof *g);
    if (g == NULL)
        return error_memory(error);
    for (size_t i = 0; i < n; i++)
        mean += returns[i] / size;
    for (size_t k = 0; n > 0 && k <= most; k++)
        g[k] = covariance(returns, n, mean, k);
    if (n >= 10 && g[0] > 0) {
        size_t m = last_lag(g, most, in_a_row, 2 * sqrt(log_n / size));
        m = m == 0 ? 1 : m;
        const size_t lags = 2 * m < most ? 2 * m : most;
        double spectrum = g[0], slope = 0;
        for (size_t k = 1; k <= lags; k++) {
            const double t = (double)k / (double)lags, weight = t <= 0.5 ? 1 : 2 * (1 - t);
            spectrum += 2 * weight * g[k];
            slope += 2 * weight * (double)k * g[k];
        }
        const double cube = math_pow(size, 1.0 / 3.0), cap = ceil(fmin(3 * sqrt(size), size / 3));
        const double square = spectrum * spectrum;
        const double by_mean = square > 0 ? math_pow(2 * slope * slope / (2 * square), 1.0 / 3.0) * cube : cap;
        const double fixed = square > 0 ? math_pow(2 * slope * slope / (4.0 / 3.0 * square), 1.0 / 3.0) * cube : cap;
        *stationary = fmax(1, fmin(by_mean, cap));
        if (circular != NULL)
            *circular = fmax(1, fmin(fixed, cap));
    }
    free(g);
    return 0;
}
