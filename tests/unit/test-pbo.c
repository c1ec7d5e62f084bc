/* The probability of backtest overfitting against values of another program (shared facts, metrics.md 7): 120 returns
 * of 8 trials from the generator G, seed 7, times 0.01; the fourth earns 0.001 more; six blocks. */
#include "base/math.h"
#include "stat/pbo.h"
#include "tap.h"

#include <math.h>

static uint64_t x = 7;

/* The sum of twelve uniform deviates less 6. */
static double draw(void)
{
    double sum = 0;
    for (int i = 0; i < 12; i++) {
        x = (1103515245u * x + 12345u) % 2147483648u;
        sum += (double)x / 2147483648.0;
    }
    return sum - 6;
}

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-9;
}

int main(void)
{
    static double returns[8][120];
    struct error error = {0};
    struct pbo pbo;
    struct pbo_result result;
    double sums[12];
    for (int t = 0; t < 120; t++)
        for (int k = 0; k < 8; k++)
            returns[k][t] = 0.01 * draw() + (k == 3 ? 0.001 : 0);
    check(fabs(returns[0][0] - 0.006562065193) < 1e-12 && fabs(returns[7][119] + 0.010464376574) < 1e-12,
          "the made returns");
    require(pbo_init(&pbo, 120, 6, &error) == 0);
    pbo_work_out(&pbo, &result);
    check(result.splits == 0 && isnan(result.probability), "of nothing it is not known");
    for (int k = 0; k < 8; k++) {
        pbo_sum(&pbo, returns[k], 120, sums);
        require(pbo_add(&pbo, sums, &error) == 0);
    }
    pbo_work_out(&pbo, &result);
    check(result.splits == 20, "20 splits of 6 blocks");
    check(near(result.probability, 0.75), "probability of overfitting");
    check(near(result.logit, -0.5546064290), "mean logit");
    check(near(result.slope, -0.8170668775) && near(result.intercept, 0.1180145340), "degradation");
    check(near(result.loss, 0.6), "probability of a loss");
    pbo_clear(&pbo);

    /* The same trial twice, and one that never moves: ratios 1, 1 and 0 in every split; the best is the first, and one
       is worse: rank 2 of 3, w = 2/4, logit 0, which counts as overfitting. */
    require(pbo_init(&pbo, 9, 2, &error) == 0);
    const double rising[9] = {9, 1, 2, 1, 2, 1, 2, 1, 2}, still[9] = {0};
    pbo_sum(&pbo, rising, 9, sums);
    check(sums[0] == 6 && sums[1] == 10, "what is left over at the beginning is left out");
    require(pbo_add(&pbo, sums, &error) == 0 && pbo_add(&pbo, sums, &error) == 0);
    pbo_sum(&pbo, still, 9, sums);
    require(pbo_add(&pbo, sums, &error) == 0);
    pbo_work_out(&pbo, &result);
    check(result.splits == 2 && result.probability == 1 && result.logit == 0 && result.loss == 0, "ties");
    pbo_clear(&pbo);
    check(pbo_init(&pbo, 11, 6, &error) == -1 && error.code == EXIT_USAGE, "too few returns");
    return done();
}
