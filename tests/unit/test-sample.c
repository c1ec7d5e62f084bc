/* The family of the Sharpe ratio, against published values: Bailey and López de Prado 2012 and 2014, Lo 2002, Bacon's
 * 24 months. Where a comment says nothing else, values are those of the papers or were computed from their formulas in
 * another language. */
#include "base/checksum.h"
#include "stat/normal.h"
#include "stat/sample.h"
#include "tap.h"

#include <math.h>

/* Bacon, Practical Portfolio Performance Measurement and Attribution, 2008: portfolio returns of 24 months. */
static const double bacon[] = {.003, .026,  .011,  -.010, .015,  .025,  .016, .067, -.014, .040, -.005, .081,
                               .040, -.037, -.061, .017,  -.049, -.022, .070, .058, -.065, .024, -.005, -.009};

static bool near(double got, double want, double within)
{
    const bool same = fabs(got - want) <= within;
    if (!same)
        printf("# got  %.17g\n# want %.17g\n", got, want);
    return same;
}

static void test_normal(void)
{
    /* Φ and its inverse as in tables; the tail at −10 is 7.619853024160527e−24 (Abramowitz and Stegun 26.2). */
    check(near(normal_probability(0), 0.5, 0), "half is below the mean");
    check(near(normal_probability(1.96), 0.97500210485177952, 2e-16), "1.96");
    check(near(normal_probability(-3), 0.0013498980316300946, 1e-18), "-3");
    check(near(normal_probability(-10) / 7.619853024160527e-24, 1, 1e-13), "a tail keeps its digits");
    check(normal_probability(50) == 1 && normal_probability(-50) == 0 && isnan(normal_probability(NAN)), "far out");
    check(near(normal_quantile(0.975), 1.9599639845400545, 1e-15), "quantile of 0.975");
    check(near(normal_quantile(1e-10), -6.3613409024040562, 1e-14), "quantile of 1e-10");
    check(isnan(normal_quantile(0)) && isnan(normal_quantile(1)), "none of 0 and 1");
    bool back = true;
    for (double z = -8; z < 5; z += 0.37)
        back = back && near(normal_quantile(normal_probability(z)), z, 1e-9);
    check(back, "one is the inverse of the other");
}

static void test_bacon(void)
{
    struct sample sample;
    sample_take(&sample, bacon, 24);
    check(near(sample.sharpe, .2275684557, 1e-10), "ratio of a month");
    check(near(sharpe_error(&sample), .2123711247, 1e-10), "its standard error");
    check(near(sharpe_probability(&sample, 0), .8580412026, 1e-10), "probability above 0; with excess kurtosis .8626");
    check(near(sharpe_probability(&sample, .1), .7259755751, 1e-10), "and above .1");
    check(near(sharpe_least_length(&sample, 0, .95), 55.1937444, 1e-6), "returns needed");
    const double best = sharpe_expected_best(10, .02);
    check(near(best, .2226818273, 1e-10), "best of ten without skill");
    check(near(sharpe_probability(&sample, best), .5091787933, 1e-10), "deflated");
    double correlation[11];
    autocorrelations(bacon, 24, 11, correlation);
    check(near(correlation[0], -.05256574, 1e-8) && near(correlation[1], -.16700951, 1e-8) &&
              near(correlation[3], .02340579, 1e-8),
          "autocorrelations");
    check(near(sharpe_scale(correlation, 11, 12), 5.0323098857, 1e-9), "eta(12) by all eleven lags");
    sample_take(&sample, bacon, 1);
    check(isnan(sample.sharpe), "one return has no ratio");
    sample_take(&sample, (const double[]){.01, .01, .01}, 3);
    check(isnan(sample.sharpe) && sample.deviation == 0, "returns that do not vary have none");
}

/* A sample as a paper gives it. */
static struct sample paper(double sharpe, size_t n, double skewness, double kurtosis)
{
    return (struct sample){.n = n, .sharpe = sharpe, .skewness = skewness, .kurtosis = kurtosis};
}

static void test_papers(void)
{
    struct sample sample = paper(.458, 24, 0, 3);
    check(near(sharpe_probability(&sample, 0), .98167, 1e-5), "2012: normal");
    check(near(sharpe_least_length(&sample, 0, .95), 15.25, .005), "2012: its length");
    sample = paper(.458, 24, -2.448, 10.164);
    check(near(sharpe_probability(&sample, 0), .91336, 1e-5), "2012: not normal");
    check(near(sharpe_probability(&sample, .1), .85643, 1e-5), "2012: above .1");
    check(near(sharpe_least_length(&sample, 0, .95), 34.56, .005), "2012: its length");
    /* 2014: 2.5 a year of 250 days, 1250 days, variance of the trials 1/2 a year, skewness −3, kurtosis 10. */
    sample = paper(2.5 / sqrt(250), 1250, -3, 10);
    const double best = sharpe_expected_best(100, .5 / 250);
    check(near(best, .1131720019, 1e-9), "2014: best of 100");
    check(near(sharpe_probability(&sample, best), .9003968344, 1e-9), "2014: deflated");
    check(near(sharpe_probability(&sample, sharpe_expected_best(46, .5 / 250)), .9505017, 1e-7), "2014: of 46");
    check(near(sharpe_expected_best(45, 1), 2.2356402, 1e-7), "45 trials need five years");
    check(sharpe_expected_best(1, 1) == 0, "one trial is no choice");
}

static void test_lo(void)
{
    /* Lo 2002, table 2: AR(1), rho_k = rho^k. */
    const double want[][2] = {{.5, 2.1212880}, {.2, 2.8788487}, {0, 3.4641016}, {-.2, 4.1708480}};
    for (size_t i = 0; i < 4; i++) {
        double rho[11];
        for (int k = 1; k <= 11; k++)
            rho[k - 1] = pow(want[i][0], k);
        check(near(sharpe_scale(rho, 11, 12), want[i][1], 1e-6), "Lo: rho %g", want[i][0]);
    }
}

/* The test vectors of XXH64's specification and of its ports. */
static void test_checksum(void)
{
    check(checksum("", 0) == UINT64_C(0xef46db3751d8e999), "XXH64 of nothing");
    check(checksum("a", 1) == UINT64_C(0xd24ec4f1a98c6e5b), "of a");
    check(checksum("abc", 3) == UINT64_C(0x44bc2cf5ad770999), "of abc");
    check(checksum("Nobody inspects the spammish repetition", 39) == UINT64_C(0xfbcea83c8a378bf1), "of 39 bytes");
    check(checksum("Call me Ishmael. Some years ago--never mind how long precisely-", 63) ==
              UINT64_C(0x02a2e85470d6fd96),
          "of 63 bytes");
}

int main(void)
{
    test_normal();
    test_bacon();
    test_papers();
    test_lo();
    test_checksum();
    return done();
}
