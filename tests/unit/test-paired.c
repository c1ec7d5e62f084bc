/* The paired bootstrap against theory: independent differences have the interval mean -+ 1.96 deviation / sqrt(n). */
#include "base/random.h"
#include "stat/paired.h"
#include "tap.h"

#include <math.h>

int main(void)
{
    static double difference[1000];
    struct error error = {0};
    struct random random;
    struct paired paired;
    double sum = 0, squares = 0;
    random_init(&random, 5);
    for (int i = 0; i < 1000; i++) {
        difference[i] = 0.0005 + 0.01 * random_normal(&random);
        sum += difference[i];
        squares += difference[i] * difference[i];
    }
    const double mean = sum / 1000, half = 1.96 * sqrt((squares - sum * mean) / 999 / 1000);
    check(paired_difference(difference, 1000, &paired, &error) == 0 && paired.days == 1000, "a thousand days");
    check(fabs(paired.mean - mean) < 1e-15, "their mean");
    check(fabs(paired.low - (mean - half)) < 0.1 * half && fabs(paired.high - (mean + half)) < 0.1 * half,
          "the interval is that of independent differences, to a tenth");
    /* Normal: the resampled means are above 0 with probability Phi(mean / (half / 1.96)). */
    check(fabs(paired.probability - 0.5 * erfc(-mean / (half / 1.96) / sqrt(2))) < 0.03, "and so is the probability");
    const struct paired first = paired;
    check(paired_difference(difference, 1000, &paired, &error) == 0 && paired.low == first.low &&
              paired.probability == first.probability,
          "the same again");

    for (int i = 0; i < 1000; i++)
        difference[i] = 0.001;
    check(paired_difference(difference, 1000, &paired, &error) == 0 && fabs(paired.low - 0.001) < 1e-12 &&
              fabs(paired.high - 0.001) < 1e-12 && paired.probability == 1,
          "of differences that are all the same there is no doubt");
    check(paired_difference(difference, 19, &paired, &error) == 0 && fabs(paired.mean - 0.001) < 1e-12 &&
              isnan(paired.low) && isnan(paired.probability),
          "of 19 days only the mean is said");
    check(paired_difference(difference, 0, &paired, &error) == 0 && isnan(paired.mean) && paired.days == 0,
          "of none nothing");
    return done();
}
