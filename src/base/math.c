/* exp, log, pow, sin, cos, atan: table look-up, short polynomials, and pairs of doubles where one is not enough. */
#include "base/math.h"

#include "base/math_tables.h"

#include <math.h>
#include <stdbool.h>

/* a + b, exactly; |a| >= |b| or a = 0. */
static struct pair sum_fast(double a, double b)
{
    const double high = a + b;
    return (struct pair){high, b - (high - a)};
}

static struct pair sum(double a, double b)
{
    const double high = a + b, part = high - a;
    return (struct pair){high, (a - (high - part)) + (b - part)};
}

/* a × b, exactly, without a fused multiplication (Veltkamp's splitting). */
static inline struct pair product(double a, double b)
{
    const double split = 134217729; /* 2^27 + 1 */
    const double ta = split * a, tb = split * b;
    const double a1 = ta - (ta - a), b1 = tb - (tb - b), a2 = a - a1, b2 = b - b1;
    const double high = a * b;
    return (struct pair){high, ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2};
}

static struct pair pair_add(struct pair a, struct pair b)
{
    const struct pair s = sum(a.high, b.high);
    return sum_fast(s.high, s.low + (a.low + b.low));
}

static struct pair pair_multiply(struct pair a, double b)
{
    const struct pair p = product(a.high, b);
    return sum_fast(p.high, p.low + a.low * b);
}

static const struct pair ln2 = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};
static const struct pair half_pi = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54};

/* x × 2^n, n > -1991, also where that is subnormal: only the last multiplication rounds. */
static double scale(double x, int n)
{
    if (n > 1023) {
        x *= 0x1p1023;
        n -= 1023;
    } else if (n < -1022) {
        x *= 0x1p-969; /* 53 bits stay */
        n += 969;
    }
    union {
        uint64_t bits;
        double value;
    } power = {(uint64_t)(n + 1023) << 52};
    return x * power.value;
}

/* e^(x.high + x.low). */
static double exp_pair(struct pair x)
{
    /* ln 2 / 64 in two parts; the first has 33 bits, so that k times it is exact. */
    const double step = 0x1.62e42fef00000p-7, rest = 0x1.473de6af278edp-40;
    if (x.high > 709.79)
        return INFINITY;
    if (x.high < -745.2)
        return 0;
    const double k = nearbyint(x.high * 0x1.71547652b82fep+6);
    const int whole = (int)k, j = whole & 63, n = (whole - j) / 64;
    const struct pair r = sum(x.high - k * step, x.low - k * rest);
    const double h = r.high, hh = h * h; /* |h| < 0.0055 */
    const double tail = r.low + hh * (0.5 + h * (1.0 / 6 + h * (1.0 / 24 + h * (1.0 / 120 + h * (1.0 / 720)))));
    const struct pair of = math_exp_table[j];
    return scale(of.high + (of.low + of.high * (h + tail)), n);
}

double math_exp(double x)
{
    return isnan(x) ? x : exp_pair((struct pair){x, 0});
}

/* ln of a finite x > 0. */
static struct pair log_pair(double x)
{
    union {
        double value;
        uint64_t bits;
    } m = {x};
    int k = 0;
    if (x < 0x1p-1022) {
        m.value *= 0x1p54;
        k = -54;
    }
    k += (int)(m.bits >> 52) - 1023;
    m.bits = (m.bits & UINT64_C(0x000fffffffffffff)) | UINT64_C(0x3ff0000000000000);
    if (m.value > 1.42) {
        m.value /= 2;
        k++;
    }
    const struct log_entry *of = &math_log_table[(int)(m.value * 128 + 0.5) - 90];
    const struct pair p = product(m.value, of->inverse);
    const struct pair r = sum_fast(p.high - 1, p.low); /* |r| < 2^-7.4 */
    const double h = r.high;
    /* ln(1 + r) = r - r²/2 + r³/3 - …: the first two exactly, the rest is 2^-16 of the first. */
    const struct pair square = product(h, h);
    const double cube = h * h * h;
    const double rest =
        cube *
        (1.0 / 3 + h * (-1.0 / 4 + h * (1.0 / 5 + h * (-1.0 / 6 + h * (1.0 / 7 + h * (-1.0 / 8 + h * (1.0 / 9)))))));
    struct pair series = sum(h, -square.high / 2);
    series = sum_fast(series.high, series.low + (rest + (r.low - h * r.low - square.low / 2)));
    const struct pair part = {of->high, of->low};
    return pair_add(k == 0 ? part : pair_add(pair_multiply(ln2, k), part), series); /* mostly of ratios near 1 */
}

double math_log(double x)
{
    if (isnan(x) || x < 0)
        return NAN;
    if (x == 0)
        return -INFINITY;
    return isinf(x) ? x : log_pair(x).high;
}

double math_log10(double x)
{
    const struct pair inverse = {0x1.bcb7b1526e50ep-2, 0x1.95355baaafad3p-57}; /* 1 / ln 10 */
    if (!(x > 0) || isinf(x))
        return math_log(x);
    const struct pair natural = log_pair(x);
    const struct pair p = product(natural.high, inverse.high);
    return p.high + (p.low + (natural.high * inverse.low + natural.low * inverse.high));
}

static bool is_odd(double y)
{
    return fabs(y) < 0x1p53 && nearbyint(y) == y && fmod(y, 2) != 0;
}

double math_pow(double x, double y)
{
    if (x == 1 || y == 0)
        return 1;
    if (isnan(x) || isnan(y))
        return NAN;
    const bool negative = signbit(x) && is_odd(y);
    if (isinf(y)) {
        if (fabs(x) == 1)
            return 1;
        return (fabs(x) > 1) == (y > 0) ? INFINITY : 0;
    }
    if (x == 0 || isinf(x)) {
        const double size = (x == 0) == (y > 0) ? 0 : INFINITY;
        return negative ? -size : size;
    }
    if (x < 0 && nearbyint(y) != y)
        return NAN;
    const struct pair natural = log_pair(fabs(x));
    double size;
    if (fabs(natural.high * y) > 1000) { /* and product() does not overflow below */
        size = natural.high * y > 0 ? INFINITY : 0;
    } else if (fabs(y) < 0x1p-900) {
        size = 1;
    } else {
        const struct pair p = product(natural.high, y);
        size = exp_pair(sum_fast(p.high, p.low + natural.low * y));
    }
    return negative ? -size : size;
}

/* 256 bits of 2/π from bit `at` on, the highest word first. */
static void bits_of_two_over_pi(int at, uint64_t word[4])
{
    const uint64_t *from = math_two_over_pi + at / 64;
    const int shift = at % 64;
    for (int i = 0; i < 4; i++)
        word[i] = shift == 0 ? from[i] : from[i] << shift | from[i + 1] >> (64 - shift);
}

/* |x| - n π/2 for the nearest n, whose last two bits are *quadrant. x is finite and not small. */
static struct pair reduce(double x, int *quadrant)
{
    union {
        double value;
        uint64_t bits;
    } of = {fabs(x)};
    const int exponent = (int)(of.bits >> 52) - 1075; /* |x| = mantissa × 2^exponent */
    const uint64_t mantissa = (of.bits & UINT64_C(0x000fffffffffffff)) | UINT64_C(0x0010000000000000);
    uint64_t word[4];
    __extension__ unsigned __int128 carry = 0;
    /* Bits whose product is a multiple of 4 are left out; what is left of it, modulo 4, has its point after two bits.
     */
    bits_of_two_over_pi(exponent - 2 + 64, word);
    for (int i = 3; i >= 0; i--) {
        carry += (unsigned __int128)word[i] * mantissa;
        word[i] = (uint64_t)carry;
        carry >>= 64;
    }
    *quadrant = (int)(word[0] >> 62);
    for (int i = 0; i < 4; i++)
        word[i] = word[i] << 2 | (i < 3 ? word[i + 1] >> 62 : 0);
    const bool above = word[0] >> 63 != 0; /* nearer to the next quarter: a negative rest */
    if (above) {
        *quadrant = (*quadrant + 1) & 3;
        for (int i = 0; i < 4; i++)
            word[i] = ~word[i];
    }
    int shift = 0;
    while (word[0] >> 63 == 0 && shift < 190) {
        for (int i = 0; i < 4; i++)
            word[i] = word[i] << 1 | (i < 3 ? word[i + 1] >> 63 : 0);
        shift++;
    }
    const double unit = scale(above ? -1 : 1, -64 - shift);
    const struct pair part = sum_fast((double)(word[0] & ~UINT64_C(0x7ff)) * unit,
                                      ((double)(word[0] & 0x7ff) + (double)(word[1] >> 11) * 0x1p-53) * unit);
    const struct pair p = product(part.high, half_pi.high);
    return sum_fast(p.high, p.low + (part.high * half_pi.low + part.low * half_pi.high));
}

/* c[0] + z (c[1] + z (…)). */
static double polynomial(const double *c, int count, double z)
{
    double value = c[count - 1];
    for (int i = count - 2; i >= 0; i--)
        value = c[i] + z * value;
    return value;
}

/* Of |r| <= π/4. x³/6 is a pair: it is a tenth of x at most, and its error would show. */
static double sine(struct pair r)
{
    static const double fifth[] = {0x1.1111111111111p-7,   -0x1.a01a01a01a01ap-13, 0x1.71de3a556c734p-19,
                                   -0x1.ae64567f544e4p-26, 0x1.6124613a86d09p-33,  -0x1.ae7f3e733b81fp-41,
                                   0x1.952c77030ad4ap-49,  -0x1.2f49b46814157p-57};
    const double x = r.high, z = x * x;
    const struct pair square = product(x, x), cube = product(x, square.high), sixth = product(cube.high, -1.0 / 6);
    const double small = x * z * z * polynomial(fifth, 8, z) - cube.high * 0x1.5555555555555p-57 -
                         (cube.low + x * square.low) / 6 + sixth.low + r.low * (1 - z / 2);
    const struct pair first = sum(x, sixth.high);
    return first.high + (first.low + small);
}

static double cosine(struct pair r)
{
    static const double fourth[] = {0x1.5555555555555p-5,   -0x1.6c16c16c16c17p-10, 0x1.a01a01a01a01ap-16,
                                    -0x1.27e4fb7789f5cp-22, 0x1.1eed8eff8d898p-29,  -0x1.93974a8c07c9dp-37,
                                    0x1.ae7f3e733b81fp-45,  -0x1.6827863b97d97p-53};
    const double x = r.high;
    const struct pair z = product(x, x), first = sum(1, -z.high / 2);
    const double series = z.high * z.high * polynomial(fourth, 8, z.high);
    return first.high + (first.low + (series - z.low / 2 - x * r.low));
}

double math_sin(double x)
{
    if (!isfinite(x))
        return NAN;
    if (fabs(x) < 0x1p-30)
        return x;
    if (fabs(x) <= 0.785)
        return sine((struct pair){x, 0});
    int quadrant;
    const struct pair r = reduce(x, &quadrant);
    const double size = quadrant % 2 == 0 ? sine(r) : cosine(r);
    return (quadrant >= 2) != (x < 0) ? -size : size;
}

double math_cos(double x)
{
    if (!isfinite(x))
        return NAN;
    if (fabs(x) <= 0.785)
        return cosine((struct pair){x, 0});
    int quadrant;
    const struct pair r = reduce(x, &quadrant);
    const double size = quadrant % 2 == 0 ? cosine(r) : sine(r);
    return quadrant == 1 || quadrant == 2 ? -size : size;
}

/* Of 0 <= x <= 1: atan(c) + atan((x - c) / (1 + x c)), c the nearest eighth. */
static struct pair arctangent(struct pair x)
{
    const int k = x.high < 0.1875 ? 0 : (int)(x.high * 8 + 0.5);
    struct pair t = x;
    if (k > 0) {
        const double c = k / 8.0;
        const struct pair over = sum(x.high - c, x.low), xc = {x.high * c, x.low * c};
        const struct pair under =
            sum(1, xc.high); /* c is a power of two or has two bits: the product is nearly exact */
        const struct pair exact = product(x.high, c);
        const double low = under.low + exact.low + xc.low, quotient = over.high / under.high;
        const struct pair back = product(quotient, under.high);
        t = sum_fast(quotient, ((over.high - back.high) - back.low + over.low - quotient * low) / under.high);
    }
    const double z = t.high * t.high;
    double series = 0;
    for (int i = 33; i >= 3; i -= 2)
        series = (i % 4 == 1 ? 1.0 : -1.0) / i + z * series;
    const struct pair first = sum(math_atan_table[k].high, t.high);
    return sum_fast(first.high, first.low + (math_atan_table[k].low + t.low * (1 - z) + t.high * z * series));
}

double math_atan(double x)
{
    if (isnan(x))
        return x;
    const double size = fabs(x);
    struct pair result;
    if (size < 0x1p-30)
        return x;
    if (size > 0x1p60) {
        result = half_pi;
    } else if (size > 1) {
        const double quotient = 1 / size;
        const struct pair back = product(quotient, size);
        const struct pair part = arctangent((struct pair){quotient, ((1 - back.high) - back.low) / size});
        result = pair_add(half_pi, (struct pair){-part.high, -part.low});
    } else {
        result = arctangent((struct pair){size, 0});
    }
    return x < 0 ? -result.high : result.high;
}
