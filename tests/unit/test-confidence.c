/* Intervals: quantiles from the printed tables, shares and means worked out by hand in the comments. */
#include "stat/confidence.h"
#include "tap.h"

#include <math.h>

static bool near(double a, double b, double by)
{
    return fabs(a - b) <= by;
}

/* Percentage points of the t distribution as every table prints them (Pearson and Hartley, Biometrika Tables for
 * Statisticians, table 12): two-sided 95 % and 99 %. */
static void test_student(void)
{
    static const struct {
        uint64_t freedom;
        double p95, p99;
    } table[] = {{1, 12.706, 63.657}, {2, 4.303, 9.925},  {3, 3.182, 5.841},  {4, 2.776, 4.604},
                 {5, 2.571, 4.032},   {9, 2.262, 3.250},  {10, 2.228, 3.169}, {29, 2.045, 2.756},
                 {30, 2.042, 2.750},  {60, 2.000, 2.660}, {120, 1.980, 2.617}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        check(near(student_two_sided(0.95, table[i].freedom), table[i].p95, 0.0005) &&
                  near(student_two_sided(0.99, table[i].freedom), table[i].p99, 0.0005),
              "t of %d degrees of freedom", (int)table[i].freedom);
    check(near(student_two_sided(0.95, 500), 1.9647, 0.00005), "500 degrees: 1.9647");
    check(near(student_two_sided(0.95, 501), student_two_sided(0.95, 500), 2e-5), "the expansion goes on from there");
    check(near(student_two_sided(0.95, 100000000), 1.959963984540, 1e-7), "many degrees: the normal distribution");
    check(near(normal_two_sided(0.95), 1.959963984540, 1e-11), "z of 95 %%: 1.959963984540");
    check(near(normal_two_sided(0.99), 2.575829303549, 1e-11), "z of 99 %%: 2.575829303549");
    check(near(normal_two_sided(0.682689492137), 1, 1e-10), "68.27 %% are within one deviation");
}

static void test_shares(void)
{
    /* 12 of 20 at z 1.96: (0.6 + 0.09604) / 1.19208 ± 1.96 / 1.19208 √(0.012 + 0.0024010) = 0.5839 ± 0.1973. */
    struct confidence got = wilson_interval(12, 20, 0.95);
    check(near(got.low, 0.3866, 0.0001) && near(got.high, 0.7812, 0.0001), "12 of 20: 0.3866 to 0.7812");
    got = wilson_interval(0, 10, 0.95); /* z² / (n + z²) = 3.8415 / 13.8415 */
    check(got.low == 0 && near(got.high, 0.27754, 0.00001), "none of 10: 0 to 0.2775");
    got = wilson_interval(10, 10, 0.95);
    check(near(got.low, 0.72246, 0.00001) && got.high == 1, "all of 10: the mirror image");
    check(isnan(wilson_interval(0, 0, 0.95).low), "none of none: nothing is known");
}

/* −1 −1 2.5 −1 1 3 −0.5 −1 4 1.5: mean 0.75, s 1.9184774 (SQN's example), t of 9 degrees 2.262157: half 1.372394. */
static void test_means(void)
{
    static const double r[] = {-1, -1, 2.5, -1, 1, 3, -0.5, -1, 4, 1.5};
    double mean;
    const struct confidence got = mean_interval(r, 10, 0.95, &mean);
    check(mean == 0.75, "a mean of 0.75");
    check(near(got.low, -0.622394, 1e-5) && near(got.high, 2.122394, 1e-5), "0.75 - 1.3724 to 0.75 + 1.3724");
    check(isnan(mean_interval(r, 1, 0.95, &mean).low) && mean == -1, "one value has a mean and no interval");
    (void)mean_interval(r, 0, 0.95, &mean);
    check(isnan(mean), "none has none");
}

int main(void)
{
    test_student();
    test_shares();
    test_means();
    return done();
}
