/* The standard normal distribution, by base/math.h alone: the same bits on every machine. */
#ifndef TN_STAT_NORMAL_H
#define TN_STAT_NORMAL_H

/* The probability of at most z, to about 1e-15 (relative in the lower tail too): by the series of G. Marsaglia,
 * "Evaluating the Normal Distribution", Journal of Statistical Software 11(4), 2004, and beyond five deviations by
 * Laplace's continued fraction. */
double normal_probability(double z);
/* Its inverse for 0 < p < 1, to about 1e-15: M. Wichura, algorithm AS 241, Applied Statistics 37 (1988) 477. NaN
 * elsewhere. */
double normal_quantile(double p);

#endif
