/* Text of doubles. Writing is Schubfach (R. Giulietti, "The Schubfach way to render doubles", 2021); reading is exact
 * in 64 or 128 bits for nearly all numbers there are, and the C library's strtod for the rest. */
#include "base/num.h"

#include "base/digits.h"
#include "base/powers.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>

__extension__ typedef unsigned __int128 wide;

/* digits × 10^exponent */
struct decimal {
    uint64_t digits;
    int exponent;
};

/* floor of g × cp / 2^128, its last bit set when something was cut off: rounding to odd (paper, §9.9). What g is too
 * large by shows in the lowest bit of the middle word only. */
static uint64_t round_to_odd(struct power g, uint64_t cp)
{
    const wide low = (wide)g.low * cp;
    const wide sum = (wide)g.high * cp + (uint64_t)(low >> 64);
    return (uint64_t)(sum >> 64) | ((uint64_t)sum > 1);
}

/* The shortest decimal inside the rounding interval of c × 2^q, the nearest of those (paper, §8 and §9). */
static struct decimal shortest(uint64_t c, int q)
{
    /* The interval is one-sided narrower at powers of two, the smallest exponent aside. */
    const bool regular = c != UINT64_C(1) << 52 || q == -1074;
    const uint64_t open = c & 1; /* ends of the interval belong to it for even c only */
    /* floor(log10(2^q)) and floor(log10(3/4 × 2^q)), then floor(log2(10^-k)), by multiplication */
    const int k = (q * 1262611 - (regular ? 0 : 524031)) >> 22;
    const int shift = q + ((-k * 1741647) >> 19) + 1;
    const struct power g = powers_of_ten[-k - POWER_LOW];
    const uint64_t lower = round_to_odd(g, (4 * c - (regular ? 2 : 1)) << shift) + open;
    const uint64_t value = round_to_odd(g, (4 * c) << shift);
    const uint64_t upper = round_to_odd(g, (4 * c + 2) << shift) - open;

    const uint64_t s = value / 4;
    if (s >= 10) {
        const uint64_t tens = s / 10;
        const bool below = lower <= 40 * tens, above = 40 * tens + 40 <= upper;
        if (below != above)
            return (struct decimal){tens + above, k + 1};
    }
    const bool below = lower <= 4 * s, above = 4 * s + 4 <= upper;
    if (below != above)
        return (struct decimal){s + above, k};
    const uint64_t middle = 4 * s + 2;
    return (struct decimal){s + (value > middle || (value == middle && (s & 1) != 0)), k};
}

static struct decimal without_zeros(struct decimal d)
{
    if (d.digits % 100000000 == 0) {
        d.digits /= 100000000;
        d.exponent += 8;
    }
    while (d.digits % 100 == 0) {
        d.digits /= 100;
        d.exponent += 2;
    }
    if (d.digits % 10 == 0) {
        d.digits /= 10;
        d.exponent++;
    }
    return d;
}

static char *write_decimal(char *p, struct decimal d)
{
    const unsigned count = digits_count(d.digits);
    const int point = (int)count + d.exponent; /* the value is 0.DIGITS × 10^point */
    if (d.exponent >= 0 && point <= 21) {
        digits_write(p, d.digits, count);
        memset(p + count, '0', (size_t)d.exponent);
        return p + point;
    }
    if (point > 0 && point <= 21) {
        digits_write(p + 1, d.digits, count);
        memmove(p, p + 1, (size_t)point);
        p[point] = '.';
        return p + count + 1;
    }
    if (point > -6 && point <= 0) {
        *p++ = '0';
        *p++ = '.';
        memset(p, '0', (size_t)-point);
        p -= point;
        digits_write(p, d.digits, count);
        return p + count;
    }
    digits_write(p + 1, d.digits, count);
    p[0] = p[1];
    p[1] = '.';
    p += count > 1 ? count + 1 : 1;
    *p++ = 'e';
    if (point - 1 < 0)
        *p++ = '-';
    const unsigned exponent = (unsigned)abs(point - 1), places = digits_count(exponent);
    digits_write(p, exponent, places);
    return p + places;
}

size_t num_format(char text[static NUM_TEXT_MAX], double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    const uint64_t fraction = bits & ((UINT64_C(1) << 52) - 1);
    const int exponent = (int)(bits >> 52 & 0x7ff);
    require(exponent != 0x7ff);
    char *p = text;
    if (bits >> 63 != 0)
        *p++ = '-';
    const double size = fabs(value);
    if (size < 0x1p53 && size == (double)(uint64_t)size) {
        const unsigned count = digits_count((uint64_t)size);
        digits_write(p, (uint64_t)size, count);
        p += count;
    } else if (exponent != 0) {
        p = write_decimal(p, without_zeros(shortest(fraction | UINT64_C(1) << 52, exponent - 1075)));
    } else {
        p = write_decimal(p, without_zeros(shortest(fraction, -1074)));
    }
    *p = '\0';
    return (size_t)(p - text);
}

/* digits × 10^exponent, correctly rounded, or false when it takes more than two machine words to know. */
static bool decimal_to_double(double *result, struct decimal d)
{
    static const double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (d.digits == 0) {
        *result = 0;
        return true;
    }
    /* Both exact, so one rounding (W. D. Clinger, "How to read floating point numbers accurately", 1990). */
    if (d.digits <= UINT64_C(1) << 53 && d.exponent >= -22 && d.exponent <= 22) {
        *result = d.exponent < 0 ? (double)d.digits / power[-d.exponent] : (double)d.digits * power[d.exponent];
        return true;
    }
    if (d.exponent >= 0 && d.exponent <= 19) {
        *result = (double)((wide)d.digits * digits_power[d.exponent]);
        return true;
    }
    if (d.exponent < 0 && d.exponent >= -19) {
        /* At least 63 bits of the quotient, the last one standing for the rest. */
        const int room = __builtin_clzll(d.digits);
        const wide n = (wide)(d.digits << room) << 63;
        const uint64_t divisor = digits_power[-d.exponent];
        const wide whole = n / divisor;
        *result = ldexp((double)(whole | (wide)(whole * divisor != n)), -63 - room);
        return true;
    }
    return false;
}

/* Up to 19 digits in all and a plain or small exponent form; false leaves the text to parse_any. */
static bool parse_short(double *result, const char *text, size_t length)
{
    const char *p = text, *end = text + length;
    const bool negative = length > 0 && *p == '-';
    p += negative;
    struct decimal d = {0};
    uint64_t chunk;
    unsigned count, total = 0;
    const char *start = p;
    while ((count = digits_read_8(p, (size_t)(end - p), &chunk)) > 0) {
        if ((total += count) > 19)
            return false;
        d.digits = d.digits * digits_power[count] + chunk;
        p += count;
    }
    if (total == 0 || (total > 1 && *start == '0'))
        return false;
    if (p < end && *p == '.') {
        start = ++p;
        while ((count = digits_read_8(p, (size_t)(end - p), &chunk)) > 0) {
            if ((total += count) > 19)
                return false;
            d.digits = d.digits * digits_power[count] + chunk;
            p += count;
        }
        if (p == start)
            return false;
        d.exponent = -(int)(p - start);
    }
    if (p != end || !decimal_to_double(result, d))
        return false;
    if (negative)
        *result = -*result;
    return true;
}

static int refuse(const char *text, size_t length, const char *why, struct error *error)
{
    const int shown = length > 40 ? 40 : (int)length;
    return error_set(error, EXIT_INPUT, "'%.*s%s' %s", shown, text, length > 40 ? "…" : "", why);
}

/* No double, and no point halfway between two, has more significant digits than this (it is 767, and one to spare). */
#define DIGITS_MAX 768

static int parse_any(double *result, const char *text, size_t length, struct error *error)
{
    struct number number;
    if (!number_split(&number, text, length))
        return refuse(text, length, "is not a number", error);
    /* DIGITS e EXPONENT for strtod: leading zeros dropped, what is past the maximum replaced by a 1 when not zero. */
    char plain[DIGITS_MAX + 40];
    size_t kept = 0, cut = 0;
    bool more = false;
    const char *p = number.digits;
    for (size_t i = 0; i < number.whole + number.fraction; i++, p++) {
        if (*p == '.')
            p++;
        if (kept == 0 && *p == '0')
            continue;
        if (kept < DIGITS_MAX) {
            plain[kept++] = *p;
        } else {
            cut++;
            more |= *p != '0';
        }
    }
    int64_t exponent = number.exponent - (int64_t)number.fraction + (int64_t)cut;
    if (more) {
        plain[kept++] = '1';
        exponent--;
    }
    double value = 0;
    if (kept > 0) {
        plain[kept++] = 'e';
        if (exponent < 0)
            plain[kept++] = '-';
        const uint64_t size = (uint64_t)llabs(exponent);
        const unsigned places = digits_count(size);
        digits_write(plain + kept, size, places);
        plain[kept + places] = '\0';
        locale_t locale = newlocale(LC_ALL_MASK, "C", NULL); /* glibc's own constant: nothing is made or read */
        if (locale == NULL)
            return error_memory(error);
        value = strtod_l(plain, NULL, locale);
        freelocale(locale);
    }
    if (isinf(value))
        return refuse(text, length, "is too large", error);
    *result = number.negative ? -value : value;
    return 0;
}

int num_parse(double *result, const char *text, size_t length, struct error *error)
{
    return parse_short(result, text, length) ? 0 : parse_any(result, text, length, error);
}

int num_parse_int(int64_t *result, const char *text, int64_t low, int64_t high, struct error *error)
{
    const char *p = text;
    const bool negative = *p == '-';
    p += negative;
    int64_t value = 0;
    bool fits = true;
    const char *start = p;
    for (; *p >= '0' && *p <= '9'; p++) {
        const int digit = *p - '0';
        fits = fits && !__builtin_mul_overflow(value, 10, &value) &&
               !__builtin_add_overflow(value, negative ? -digit : digit, &value);
    }
    if (p == start || *p != '\0')
        return error_set(error, EXIT_USAGE, "'%.40s' is not a whole number", text);
    if (!fits || value < low || value > high)
        return error_set(error, EXIT_USAGE, "%.40s is not between %lld and %lld", text, (long long)low,
                         (long long)high);
    *result = value;
    return 0;
}
