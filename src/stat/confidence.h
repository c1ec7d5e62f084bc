/* How far a figure of a few observations can be trusted: intervals around a share and around a mean.
 *
 * Both take the observations as independent. Trades of one strategy in many symbols on one day are not: their interval
 * is too narrow. Pure. */
#ifndef TN_STAT_CONFIDENCE_H
#define TN_STAT_CONFIDENCE_H

#include <stddef.h>
#include <stdint.h>

struct confidence {
    double low, high; /* NaN where there are too few observations */
};

/* z with P(|Z| <= z) = level, Z standard normal; level within (0, 1). By bisection of Abramowitz and Stegun, Handbook
 * of Mathematical Functions (1964), 26.2.11. */
double normal_two_sided(double level);
/* t with P(|T| <= t) = level, T of Student's distribution with `freedom` (>= 1) degrees of freedom. By bisection of
 * the finite sums 26.7.3 and 26.7.4 there; above 500 degrees by the expansion 26.7.5. */
double student_two_sided(double level, uint64_t freedom);

/* Around a share of `hits` of `count`: the score interval of E. B. Wilson, "Probable Inference, the Law of Succession,
 * and Statistical Inference", Journal of the American Statistical Association 22 (1927) 209. NaN for a count of 0. */
struct confidence wilson_interval(uint64_t hits, uint64_t count, double level);
/* Around a mean: mean ± t s / √n with n − 1 degrees of freedom, s² = Σ(x − mean)² / (n − 1); Student, "The Probable
 * Error of a Mean", Biometrika 6 (1908) 1. *mean is set, NaN for a count of 0; the interval is NaN below 2 values. */
struct confidence mean_interval(const double *value, size_t count, double level, double *mean);

#endif
