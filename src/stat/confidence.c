/* Intervals around shares and means. */
#include "stat/confidence.h"

#include "base/error.h"
#include "base/math.h"

#include <math.h>

#define PI           3.14159265358979323846
#define FREEDOM_SUMS 500 /* above: the expansion, whose next term is below 1e-9 there */

/* P(|Z| <= x). */
static double normal_inside(double x)
{
    double term = x, sum = x;
    for (int k = 1; fabs(term) > 1e-17 * fabs(sum) && k < 1000; k++)
        sum += term *= x * x / (2 * k + 1);
    return 2 * sum * math_exp(-x * x / 2) / sqrt(2 * PI);
}

/* P(|T| <= t). */
static double student_inside(double t, uint64_t freedom)
{
    const double n = (double)freedom, angle = math_atan(t / sqrt(n)), c = 1 / sqrt(1 + t * t / n);
    const double s = t / sqrt(n) * c;
    double term = 1, sum = 0;
    if (freedom % 2 == 0) {
        for (uint64_t k = 0; k < freedom; k += 2) {
            sum += term;
            term *= (double)(k + 1) / (double)(k + 2) * c * c;
        }
        return s * sum;
    }
    term = c;
    for (uint64_t k = 1; k < freedom; k += 2) {
        sum += term;
        term *= (double)(k + 1) / (double)(k + 2) * c * c;
    }
    return 2 / PI * (angle + s * sum);
}

/* The x at which a rising function reaches the level. */
static double find_level(double (*inside)(double x, uint64_t freedom), uint64_t freedom, double level)
{
    double low = 0, high = 1;
    while (inside(high, freedom) < level && high < 1e9)
        high *= 2;
    for (int i = 0; i < 200 && high - low > 1e-15 * high; i++) {
        const double middle = low + (high - low) / 2;
        if (inside(middle, freedom) < level)
            low = middle;
        else
            high = middle;
    }
    return low + (high - low) / 2;
}

static double normal_of(double x, uint64_t freedom)
{
    (void)freedom;
    return normal_inside(x);
}

double normal_two_sided(double level)
{
    require(level > 0 && level < 1);
    return find_level(normal_of, 0, level);
}

double student_two_sided(double level, uint64_t freedom)
{
    require(level > 0 && level < 1 && freedom >= 1);
    if (freedom <= FREEDOM_SUMS)
        return find_level(student_inside, freedom, level);
    const double x = normal_two_sided(level), n = (double)freedom, y = x * x;
    const double first = x * (y + 1) / 4, second = x * ((5 * y + 16) * y + 3) / 96;
    const double third = x * (((3 * y + 19) * y + 17) * y - 15) / 384;
    return x + first / n + second / (n * n) + third / (n * n * n);
}

struct confidence wilson_interval(uint64_t hits, uint64_t count, double level)
{
    if (count == 0)
        return (struct confidence){(double)NAN, (double)NAN};
    const double z = normal_two_sided(level), n = (double)count, share = (double)hits / n;
    const double middle = (share + z * z / (2 * n)) / (1 + z * z / n);
    const double half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n));
    return (struct confidence){hits == 0 ? 0 : middle - half, hits == count ? 1 : middle + half};
}

struct confidence mean_interval(const double *value, size_t count, double level, double *mean)
{
    double sum = 0, squares = 0;
    *mean = (double)NAN;
    if (count == 0)
        return (struct confidence){(double)NAN, (double)NAN};
    for (size_t i = 0; i < count; i++)
        sum += value[i];
    *mean = sum / (double)count;
    if (count < 2)
        return (struct confidence){(double)NAN, (double)NAN};
    for (size_t i = 0; i < count; i++)
        squares += (value[i] - *mean) * (value[i] - *mean);
    const double error = sqrt(squares / (double)(count - 1) / (double)count);
    const double half = student_two_sided(level, count - 1) * error;
    return (struct confidence){*mean - half, *mean + half};
}
