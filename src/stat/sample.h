/* What a sample of returns says of the strategy that made it, and how surely. Pure; base/math.h alone, so the bits are
 * the same everywhere.
 *
 * Returns are simple, of equal periods; a Sharpe ratio here is that of one period (mean ÷ deviation, risk-free rate
 * 0), to be multiplied by √(periods a year). Moments are those of the sample as a population, the deviation has n − 1;
 * the kurtosis is the raw one, 3 for a normal distribution. NaN where something is undefined. */
#ifndef TN_STAT_SAMPLE_H
#define TN_STAT_SAMPLE_H

#include <stddef.h>

struct sample {
    size_t n;
    double mean, deviation, skewness, kurtosis;
    double sharpe;
};

void sample_take(struct sample *sample, const double *returns, size_t n);

/* Standard error of a Sharpe ratio, whatever the distribution (E. Mertens 2002; J. Opdyke, Journal of Asset Management
 * 8(5), 2007): √((1 − g3 S + (g4 − 1)/4 S²) / (n − 1)). */
double sharpe_error(const struct sample *sample);
/* The probability that the true ratio is above `than` (D. Bailey and M. López de Prado, "The Sharpe ratio efficient
 * frontier", Journal of Risk 15(2), 2012). */
double sharpe_probability(const struct sample *sample, double than);
/* How many returns it takes to be so sure (0.95) that it is above `than` (the same). NaN when it is not above. */
double sharpe_least_length(const struct sample *sample, double than, double sure);
/* The best ratio to be expected of so many trials without any skill, whose ratios vary so (the same, "The deflated
 * Sharpe ratio", Journal of Portfolio Management 40(5), 2014): √V ((1 − γ) Z(1 − 1/N) + γ Z(1 − 1/(N e))). 0 for one.
 */
double sharpe_expected_best(double trials, double variance);
/* How far a yearly ratio is off because returns depend on each other: the factor η that stands for √q with q periods a
 * year, by the first `lags` autocorrelations (A. Lo, "The statistics of Sharpe ratios", FAJ 58(4), 2002, eq. 20). */
double sharpe_scale(const double *autocorrelation, size_t lags, double periods);
/* of lags 1 … `lags`: covariances by 1/n around one mean. */
void autocorrelations(const double *returns, size_t n, size_t lags, double *autocorrelation);

#endif
