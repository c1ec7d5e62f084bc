/* Resampling and White's reality check, against Monte Carlo values of another library and deterministic ones (White
 * 2000; Politis and White 2004; arch 8.0, whose m is another: 3.7749). The series come from a generator that needs no
 * library: x ← (1103515245 x + 12345) mod 2^31, z the sum of twelve x / 2^31 less 6. */
#include "stat/bootstrap.h"
#include "tap.h"

#include <math.h>
#include <stdlib.h>

static uint32_t state;

static double normal(void)
{
    double sum = 0;
    for (int i = 0; i < 12; i++) {
        state = (uint32_t)((UINT64_C(1103515245) * state + 12345) % 2147483648U);
        sum += (double)state / 2147483648.0;
    }
    return sum - 6;
}

static bool near(double got, double want, double within)
{
    const bool same = fabs(got - want) <= within;
    if (!same)
        printf("# got  %.17g\n# want %.17g\n", got, want);
    return same;
}

int main(void)
{
    static double series[500], trial[8][120];
    struct error error = {0};
    double stationary, circular, p = 0;
    state = 1;
    for (int i = 0; i < 500; i++) {
        p = .3 * p + .01 * normal();
        series[i] = .0005 + p;
    }
    check(near(series[0], -.012761374487, 1e-12) && near(series[499], -.004339589244, 1e-12), "series A");
    check(block_length(series, 500, &stationary, &circular, &error) == 0 && near(stationary, 3.5447143530, 1e-8) &&
              near(circular, 4.0576850058, 1e-8),
          "block lengths of series A");
    check(block_length(series, 3, &stationary, NULL, &error) == 0 && stationary == 1, "too few returns: 1");

    /* Var*(√n mean*) of the stationary bootstrap is known: .000163893399 with blocks of 10 on average. */
    struct bootstrap bootstrap;
    enum { MANY = 20000 };
    static double means[MANY], prefix[1001];
    check(bootstrap_init(&bootstrap, 500, MANY, 10, true, 1, &error) == 0, "resamples");
    bootstrap_means(&bootstrap, series, prefix, means);
    double mean = 0, squares = 0;
    for (int i = 0; i < MANY; i++)
        mean += means[i] / MANY;
    for (int i = 0; i < MANY; i++)
        squares += (means[i] - mean) * (means[i] - mean) / MANY;
    check(near(mean, .000626101248, 2e-5), "their mean is the series'");
    check(near(500 * squares / .000163893399, 1, .03), "their variance is that of Politis and Romano");
    bootstrap_clear(&bootstrap);

    /* Fixed blocks: of each resample all but the last block are whole. */
    check(bootstrap_init(&bootstrap, 500, 50, 7, false, 1, &error) == 0 && bootstrap.length[0] == 7 &&
              bootstrap.first[1] == 72 && bootstrap.length[71] == 500 - 71 * 7,
          "blocks of a fixed length");
    bootstrap_clear(&bootstrap);

    /* M: 120 × 8 of seed 7; the statistic and √n mean of each column are given. */
    static const double want[] = {.0096207612,  -.0046854573, -.0049358048, .0095068868,
                                  -.0024241075, .0007901105,  -.0242898465, .0119112448};
    struct reality reality;
    state = 7;
    for (int t = 0; t < 120; t++)
        for (int k = 0; k < 8; k++)
            trial[k][t] = .01 * normal() + (k == 3 ? .001 : 0);
    check(near(trial[0][0], .006562065193, 1e-12) && near(trial[7][119], -.010464376574, 1e-12), "matrix M");
    check(bootstrap_init(&bootstrap, 120, 10000, 5, true, 1, &error) == 0 &&
              reality_init(&reality, 120, 10000, &error) == 0 && isnan(reality_p(&reality)),
          "no strategy, no p");
    for (int k = 0; k < 8; k++) {
        double own = 0;
        for (int t = 0; t < 120; t++)
            own += trial[k][t] / 120;
        check(near(sqrt(120) * own, want[k], 1e-9), "column %d", k);
        bootstrap_means(&bootstrap, trial[k], prefix, means);
        reality_add(&reality, own, means);
    }
    check(near(reality.best, .0119112448, 1e-9), "the statistic");
    /* Not studentised, and all recentred: near arch's upper p of .5866 for the studentised one. */
    check(near(reality_p(&reality), .5866, .1), "p");
    /* A strategy that cannot be chance. */
    for (int t = 0; t < 120; t++)
        trial[0][t] = .01 + .001 * trial[1][t];
    bootstrap_means(&bootstrap, trial[0], prefix, means);
    reality_add(&reality, .01, means);
    check(reality_p(&reality) == 0, "what is no chance has a p of 0");
    reality_clear(&reality);
    bootstrap_clear(&bootstrap);
    return done();
}
