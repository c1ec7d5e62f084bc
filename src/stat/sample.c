/* Moments, and the family of the Sharpe ratio. */
#include "stat/sample.h"

#include "base/math.h"
#include "stat/normal.h"

#include <math.h>

#define NOISE 1e-12 /* deviations below it are rounding: stat/metrics.c */
#define GAMMA 0.57721566490153286061
#define E     2.71828182845904523536

void sample_take(struct sample *sample, const double *returns, size_t n)
{
    double sum = 0, second = 0, third = 0, fourth = 0;
    *sample = (struct sample){.n = n, .mean = NAN, .deviation = NAN, .skewness = NAN, .kurtosis = NAN, .sharpe = NAN};
    if (n == 0)
        return;
    for (size_t i = 0; i < n; i++)
        sum += returns[i];
    sample->mean = sum / (double)n;
    for (size_t i = 0; i < n; i++) {
        const double off = returns[i] - sample->mean, square = off * off;
        second += square;
        third += square * off;
        fourth += square * square;
    }
    if (n < 2)
        return;
    sample->deviation = sqrt(second / (double)(n - 1));
    if (sample->deviation < NOISE) {
        sample->deviation = 0;
        return;
    }
    const double variance = second / (double)n;
    sample->skewness = third / (double)n / (variance * sqrt(variance));
    sample->kurtosis = fourth / (double)n / (variance * variance);
    sample->sharpe = sample->mean / sample->deviation;
}

/* (n − 1) times the variance of the ratio; above 0, since kurtosis ≥ skewness² + 1. */
static double spread(const struct sample *sample)
{
    const double s = sample->sharpe;
    return 1 - sample->skewness * s + (sample->kurtosis - 1) / 4 * s * s;
}

double sharpe_error(const struct sample *sample)
{
    const double width = spread(sample);
    return width >= 0 ? sqrt(width / (double)(sample->n - 1)) : NAN;
}

double sharpe_probability(const struct sample *sample, double than)
{
    const double error = sharpe_error(sample);
    return error > 0 ? normal_probability((sample->sharpe - than) / error) : NAN;
}

double sharpe_least_length(const struct sample *sample, double than, double sure)
{
    const double above = sample->sharpe - than, z = normal_quantile(sure) / above;
    return above > 0 ? 1 + spread(sample) * z * z : NAN;
}

double sharpe_expected_best(double trials, double variance)
{
    if (!(trials > 1))
        return 0;
    return sqrt(variance) *
           ((1 - GAMMA) * normal_quantile(1 - 1 / trials) + GAMMA * normal_quantile(1 - 1 / (trials * E)));
}

#define LAGS_AT_ONCE 8

/* Σ of what returns a lag apart are off their mean, multiplied, for eight lags from the first on. Each sum is added up
 * in the order of the returns, as if it were alone, and does not wait for the others. */
static void sum_lags(const double *returns, size_t n, double mean, size_t first, double sum[static LAGS_AT_ONCE])
{
    double earlier[LAGS_AT_ONCE] = {0}; /* off the mean, so many lags before: 0 before the first */
    for (size_t i = first; i < n; i++) {
        const double off = returns[i] - mean;
        for (size_t k = LAGS_AT_ONCE - 1; k > 0; k--)
            earlier[k] = earlier[k - 1];
        earlier[0] = returns[i - first] - mean;
        for (size_t k = 0; k < LAGS_AT_ONCE; k++)
            sum[k] += off * earlier[k];
    }
}

void autocorrelations(const double *returns, size_t n, size_t lags, double *autocorrelation)
{
    double mean = 0, own = 0;
    for (size_t i = 0; i < n; i++)
        mean += returns[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        own += (returns[i] - mean) * (returns[i] - mean);
    for (size_t k = 1; k <= lags;) {
        const size_t left = lags - k + 1, some = left < LAGS_AT_ONCE ? left : LAGS_AT_ONCE;
        double sum[LAGS_AT_ONCE] = {0};
        sum_lags(returns, n, mean, k, sum);
        for (size_t i = 0; i < some; i++, k++)
            autocorrelation[k - 1] = own > 0 && k < n ? sum[i] / own : NAN;
    }
}

double sharpe_scale(const double *autocorrelation, size_t lags, double periods)
{
    double sum = periods;
    for (size_t k = 1; k <= lags && (double)k < periods; k++)
        sum += 2 * (periods - (double)k) * autocorrelation[k - 1];
    return sum > 0 ? periods / sqrt(sum) : NAN;
}
