/* Values day by day: expected figures are worked out by hand in the comments. */
#include "tap.h"

#include "base/time.h"
#include "stat/daily.h"

#include <math.h>

static struct error error;

static int64_t at(int year, int month, int day, int hour)
{
    return date_to_days((struct date){year, month, day}) * TIME_DAY + hour * TIME_HOUR;
}

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-12;
}

/* 100 → 110 → 99 (31 Jan) → 50 paid in, so 149 is 99 → 99 → 118.8 (× 1.2, as 178.8 of 149) → 59.4 … */
static void test_days(void)
{
    struct daily daily;
    daily_init(&daily, NULL);
    check(daily_point(&daily, at(2024, 1, 29, 21), 100, 0, &error) == 0, "the start");
    (void)daily_point(&daily, at(2024, 1, 30, 15), 105, 0, &error);
    (void)daily_point(&daily, at(2024, 1, 31, 0), 110, 0, &error); /* midnight: of the 30th */
    (void)daily_point(&daily, at(2024, 1, 31, 21), 99, 0, &error);
    (void)daily_point(&daily, at(2024, 2, 1, 21), 149, 50, &error);
    (void)daily_point(&daily, at(2024, 2, 2, 21), 178.8, 0, &error);
    (void)daily_point(&daily, at(2024, 3, 1, 21), 89.4, 0, &error);
    check(daily.count == 6, "a value a day and the start");
    check(near(daily_return(&daily, 1), 0.1) && near(daily_return(&daily, 2), -0.1), "110 of 100, 99 of 110");
    check(near(daily_return(&daily, 3), 0), "money paid in is no return");
    check(near(daily_return(&daily, 4), 0.2), "178.8 of 149");
    struct month_return month[4];
    check(daily_months(&daily, month, 4) == 3, "three months");
    check(near(month[0].value, -0.01) && month[0].month == 1, "January: 1.1 x 0.9");
    check(near(month[1].value, 0.2) && near(month[2].value, -0.5) && month[2].month == 3, "February and March");
    daily_clear(&daily);
}

/* 1, 2, 1 (−50 %), 2.5, 2 (−20 %), 2.2, 3, 2.7 (−10 %, still under way) */
static void test_dips(void)
{
    static const double equity[] = {1, 2, 1, 2.5, 2, 2.2, 3, 2.7};
    struct daily daily;
    daily_init(&daily, NULL);
    for (int i = 0; i < 8; i++)
        (void)daily_point(&daily, at(2024, 1, 1 + i, 21), equity[i], 0, &error);
    struct dip dip[5];
    check(daily_dips(&daily, dip, 5) == 3, "three dips");
    check(near(dip[0].depth, 0.5) && dip[0].peak == 1 && dip[0].lowest == 2 && dip[0].until == 3, "the deepest first");
    check(near(dip[1].depth, 0.2) && dip[1].peak == 3 && dip[1].lowest == 4 && dip[1].until == 6, "then the second");
    check(near(dip[2].depth, 0.1) && dip[2].peak == 6 && dip[2].until == 0, "the last one lasts");
    check(daily_dips(&daily, dip, 2) == 2 && near(dip[0].depth, 0.5) && near(dip[1].depth, 0.2), "only so many");
    daily_clear(&daily);
}

/* Returns +0.1, −0.1: mean 0, deviation √((0.01 + 0.01) / 1) = 0.1414…; × √4 sessions. +0.1, +0.3: mean 0.2,
 * deviation √(0.02) too, ratio 0.2 / 0.141421 × 2 = 2.828427. */
static void test_rolling(void)
{
    static const double equity[] = {100, 110, 99, 108.9, 141.57};
    struct daily daily;
    double gain[5], volatility[5], sharpe[5];
    daily_init(&daily, NULL);
    for (int i = 0; i < 5; i++)
        (void)daily_point(&daily, at(2024, 1, 1 + i, 21), equity[i], 0, &error);
    daily_rolling(&daily, 2, 4, gain, volatility, sharpe);
    check(isnan(gain[0]) && isnan(sharpe[1]), "nothing before the window is full");
    check(near(gain[2], -0.01) && fabs(volatility[2] - 2 * 0.1414213562) < 1e-9 && fabs(sharpe[2]) < 1e-9,
          "10 up, 10 down");
    check(near(gain[4], 0.43) && fabs(sharpe[4] - 2.8284271247) < 1e-9, "10 up, 30 up");
    check(isnan(sharpe_margin(1, 1, 252)) && fabs(sharpe_margin(0, 252, 252) - 1.96) < 1e-12,
          "a ratio of 0 after a year is uncertain by 1.96");
    /* s = 1 / √252: 1.96 √((1 + 1/504) / 504) √252 = 1.96 √(505 / 504 / 2) = 1.3873 */
    check(fabs(sharpe_margin(1, 504, 252) - 1.96 * sqrt(505.0 / 504 / 2)) < 1e-12, "of 1 after two years by 1.39");
    struct daily other;
    daily_init(&other, NULL);
    for (int i = 0; i < 5; i++)
        (void)daily_point(&other, at(2024, 1, 1 + i, 21), 2 * equity[i], 0, &error);
    check(near(daily_correlation(&daily, &other), 1), "the same returns have correlation 1");
    daily_clear(&daily);
    daily_clear(&other);
}

static void test_edges(void)
{
    struct daily daily;
    struct dip dip[1];
    struct month_return month[1];
    daily_init(&daily, NULL);
    check(daily_dips(&daily, dip, 1) == 0 && daily_months(&daily, month, 1) == 0, "of nothing there is nothing");
    (void)daily_point(&daily, at(2024, 1, 1, 21), 100, 0, &error);
    (void)daily_point(&daily, at(2024, 1, 2, 21), -5, 0, &error);
    (void)daily_point(&daily, at(2024, 1, 3, 21), 50, 0, &error);
    check(daily.count == 2 && daily.ruined, "after ruin there are no returns");
    daily_clear(&daily);
}

/* Returns .1 −.1 .2 and .2 −.1 .1 on the same days; the second has one more between them, of which the first knows
 * nothing. Less their means of 1/15: 1/30 −1/6 2/15 and 2/15 −1/6 1/30; (1/225 + 1/36 + 1/225) ÷ (1/900 + 1/36 + 4/225)
 * = 11/14. */
static void test_correlation(void)
{
    static const double one[] = {100, 110, 99, 118.8}, other[] = {100, 120, 108, 108 * 1.5, 108 * 1.5 * 1.1};
    static const int days[] = {1, 2, 3, 5};
    struct daily a, b;
    daily_init(&a, NULL);
    daily_init(&b, NULL);
    for (int i = 0; i < 4; i++)
        (void)daily_point(&a, at(2024, 1, days[i], 21), one[i], 0, &error);
    for (int i = 0; i < 3; i++)
        (void)daily_point(&b, at(2024, 1, 1 + i, 21), other[i], 0, &error);
    check(isnan(daily_correlation(&a, &b)), "two days in common are too few");
    (void)daily_point(&b, at(2024, 1, 4, 21), other[3], 0, &error);
    (void)daily_point(&b, at(2024, 1, 5, 21), other[4], 0, &error);
    check(near(daily_correlation(&a, &b), 11.0 / 14), "of the days that both have");
    check(near(daily_correlation(&a, &a), 1), "of a curve with itself");
    daily_clear(&a);
    daily_clear(&b);
}

int main(void)
{
    test_days();
    test_dips();
    test_correlation();
    test_rolling();
    test_edges();
    return done();
}
