/* Exact decimals: text, checked arithmetic, one rounding at the end. */
#include "base/dec.h"

#include "base/digits.h"

#include <math.h>
#include <stdbool.h>

static uint64_t magnitude(dec value)
{
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

static int signed_result(dec *result, dec_wide size, bool negative)
{
    if (size > (dec_wide)DEC_MAX)
        return -1;
    *result = negative ? -(dec)size : (dec)size;
    return 0;
}

/* Whether a truncated magnitude goes one up. `against_half` compares what was cut off with half a unit: -1, 0, 1;
 * `exact` is true when nothing was cut off. */
static bool goes_up(enum rounding rounding, bool negative, bool odd, bool exact, int against_half)
{
    if (exact)
        return false;
    switch (rounding) {
    case ROUND_HALF_EVEN:
        return against_half > 0 || (against_half == 0 && odd);
    case ROUND_HALF_UP:
        return against_half >= 0;
    case ROUND_DOWN:
        return false;
    case ROUND_UP:
        return true;
    case ROUND_FLOOR:
        return negative;
    default:
        require(rounding == ROUND_CEILING);
        return !negative;
    }
}

static int quotient(dec *result, dec_wide n, uint64_t d, bool negative, enum rounding rounding)
{
    dec_wide whole;
    uint64_t rest;
    if (n <= UINT64_MAX) {
        whole = (uint64_t)n / d;
        rest = (uint64_t)n % d;
    } else {
        whole = n / d;
        rest = (uint64_t)(n - whole * d);
    }
    const uint64_t other_half = d - rest;
    const int against_half = rest > other_half ? 1 : rest == other_half ? 0 : -1;
    if (goes_up(rounding, negative, (whole & 1) != 0, rest == 0, against_half))
        whole++;
    return signed_result(result, whole, negative);
}

int dec_multiply_any(dec *result, dec a, dec b, enum rounding rounding)
{
    if (a == DEC_NONE || b == DEC_NONE)
        return -1;
    const dec_wide n = (dec_wide)magnitude(a) * magnitude(b);
    const bool negative = (a ^ b) < 0;
    if (n >> 90 != 0) /* 2^63 × 1e8 is less */
        return -1;
    uint64_t rest, whole = dec_whole(n, &rest);
    if (rest != 0) {
        const uint64_t half = (uint64_t)DEC_ONE / 2;
        const int against_half = rest > half ? 1 : rest == half ? 0 : -1;
        whole += goes_up(rounding, negative, (whole & 1) != 0, false, against_half);
    }
    return signed_result(result, whole, negative);
}

int dec_multiply_round(dec *result, dec a, dec b, dec increment)
{
    require(increment > 0);
    if (a == DEC_NONE || b == DEC_NONE)
        return -1;
    const dec_wide n = (dec_wide)magnitude(a) * magnitude(b);
    if (n >> 90 != 0)
        return -1;
    uint64_t cut;
    const uint64_t whole = dec_whole(n, &cut), step = (uint64_t)increment;
    uint64_t count = whole / step;
    /* Against half a step: whole units left over, and a fraction of one, `cut`. */
    const uint64_t twice = 2 * (whole - count * step), half = (uint64_t)DEC_ONE / 2;
    const bool odd = (count & 1) != 0;
    count += twice > step || (twice == step && (cut > 0 || odd)) ||
             (twice + 1 == step && (cut > half || (cut == half && odd)));
    return signed_result(result, (dec_wide)count * step, (a ^ b) < 0);
}

int dec_divide(dec *result, dec a, dec b, enum rounding rounding)
{
    return dec_multiply_divide(result, a, DEC_ONE, b, rounding);
}

int dec_multiply_divide(dec *result, dec a, dec b, dec c, enum rounding rounding)
{
    if (a == DEC_NONE || b == DEC_NONE || c == DEC_NONE || c == 0)
        return -1;
    const bool negative = (a ^ b ^ c) < 0;
    return quotient(result, (dec_wide)magnitude(a) * magnitude(b), magnitude(c), negative, rounding);
}

int dec_round(dec *result, dec value, dec increment, enum rounding rounding)
{
    require(increment > 0);
    if (value == DEC_NONE)
        return -1;
    const uint64_t size = magnitude(value), step = (uint64_t)increment, rest = size % step, other_half = step - rest;
    if (rest == 0) {
        *result = value;
        return 0;
    }
    const int against_half = rest > other_half ? 1 : rest == other_half ? 0 : -1;
    const bool up = goes_up(rounding, value < 0, (size / step & 1) != 0, false, against_half);
    return signed_result(result, (dec_wide)(size - rest) + (up ? step : 0), value < 0);
}

int dec_from_double(dec *result, double value, enum rounding rounding)
{
    if (!isfinite(value))
        return -1;
    int exponent;
    const double fraction = frexp(fabs(value), &exponent); /* |value| = fraction × 2^exponent, 0.5 <= fraction < 1 */
    if (exponent > 37)                                     /* 2^37 is above the range */
        return -1;
    const dec_wide n = (dec_wide)(uint64_t)ldexp(fraction, 53) * (uint64_t)DEC_ONE;
    const int shift = 53 - exponent; /* |value| = n / 1e8 / 2^shift, exactly; n < 2^80 */
    dec_wide whole = 0, rest = n;
    int against_half = -1;
    if (shift < 100) {
        const dec_wide half = (dec_wide)1 << (shift - 1);
        whole = n >> shift;
        rest = n & (half * 2 - 1);
        against_half = rest > half ? 1 : rest == half ? 0 : -1;
    }
    if (goes_up(rounding, value < 0, (whole & 1) != 0, rest == 0, against_half))
        whole++;
    return signed_result(result, whole, value < 0);
}

double dec_to_double_any(dec value)
{
    if (value == DEC_NONE)
        return NAN;
    const uint64_t size = magnitude(value);
    /* There may be more bits than a double has: a long quotient whose last bit stands for the rest, rounded once. */
    const dec_wide n = (dec_wide)size << 64;
    const dec_wide whole = n / (uint64_t)DEC_ONE;
    const double rounded = ldexp((double)(whole | (dec_wide)(n % (uint64_t)DEC_ONE != 0)), -64);
    return value < 0 ? -rounded : rounded;
}

size_t dec_format(char text[static DEC_TEXT_MAX], dec value)
{
    require(value != DEC_NONE);
    char *p = text;
    if (value < 0)
        *p++ = '-';
    const uint64_t size = magnitude(value);
    const uint64_t whole = size / (uint64_t)DEC_ONE, fraction = size % (uint64_t)DEC_ONE;
    const unsigned count = digits_count(whole);
    digits_write(p, whole, count);
    p += count;
    if (fraction != 0) {
        *p++ = '.';
        if (fraction % 1000000 == 0) {
            memcpy(p, digit_pairs + 2 * (fraction / 1000000), 2);
            p += 2;
        } else if (fraction % 10000 == 0) {
            digits_write(p, fraction / 10000, 4);
            p += 4;
        } else {
            digits_write(p, fraction, 8);
            p += 8;
        }
        while (p[-1] == '0')
            p--;
    }
    *p = '\0';
    return (size_t)(p - text);
}

static int refuse(const char *text, size_t length, const char *why, struct error *error)
{
    if (error == NULL)
        return -1;
    const int shown = length > 40 ? 40 : (int)length;
    return error_set(error, EXIT_INPUT, "'%.*s%s' %s", shown, text, length > 40 ? "…" : "", why);
}

/* Every form the grammar has, digit by digit. */
static int parse_any(dec *result, bool *rounded, const char *text, size_t length, struct error *error)
{
    struct number parts;
    if (!number_split(&parts, text, length))
        return refuse(text, length, "is not a number", error);
    if (rounded == NULL && parts.exponent == 0 && parts.fraction > 8 && text[length - 1] != '0')
        return refuse(text, length, "has more than 8 fraction digits", error);
    /* The digits stand for units of 1e-8 once the point is moved `keep` digits behind the first. */
    const int64_t keep = (int64_t)parts.whole + parts.exponent + 8;
    const int64_t count = (int64_t)(parts.whole + parts.fraction);
    const char *p = parts.digits;
    uint64_t units = 0;
    int first_cut = 0;
    bool more_cut = false;
    for (int64_t i = 0; i < count; i++, p++) {
        if (*p == '.')
            p++;
        const int digit = *p - '0';
        if (i < keep) {
            if (__builtin_mul_overflow(units, UINT64_C(10), &units) ||
                __builtin_add_overflow(units, (uint64_t)digit, &units))
                return refuse(text, length, "is out of range", error);
        } else if (i == keep) {
            first_cut = digit;
        } else {
            more_cut |= digit != 0;
        }
    }
    for (int64_t i = count; i < keep && units != 0; i++)
        if (__builtin_mul_overflow(units, UINT64_C(10), &units))
            return refuse(text, length, "is out of range", error);
    const bool exact = first_cut == 0 && !more_cut;
    if (!exact && rounded == NULL)
        return refuse(text, length, "has more than 8 fraction digits", error);
    if (rounded != NULL)
        *rounded = !exact;
    const int against_half = first_cut > 5 || (first_cut == 5 && more_cut) ? 1 : first_cut == 5 ? 0 : -1;
    const dec_wide size =
        (dec_wide)units + goes_up(ROUND_HALF_EVEN, parts.negative, (units & 1) != 0, exact, against_half);
    if (signed_result(result, size, parts.negative) != 0)
        return refuse(text, length, "is out of range", error);
    return 0;
}

/* The plain form with at most 8 digits on either side of the point: nearly all prices there are. */
static bool parse_plain(dec *result, const char *text, size_t length)
{
    const char *p = text, *end = text + length;
    const bool negative = length > 0 && *p == '-';
    p += negative;
    uint64_t whole, fraction;
    const unsigned count = digits_read_8(p, (size_t)(end - p), &whole);
    if (count == 0 || (*p == '0' && count > 1))
        return false;
    p += count;
    uint64_t units = whole * (uint64_t)DEC_ONE;
    if (p < end) {
        if (*p++ != '.')
            return false;
        const unsigned places = digits_read_8(p, (size_t)(end - p), &fraction);
        if (places == 0 || p + places != end)
            return false;
        units += fraction * digits_power[8 - places];
    }
    *result = negative ? -(dec)units : (dec)units;
    return true;
}

int dec_parse(dec *result, const char *text, size_t length, struct error *error)
{
    return parse_plain(result, text, length) ? 0 : parse_any(result, NULL, text, length, error);
}

int dec_parse_rounded(dec *result, bool *rounded, const char *text, size_t length, struct error *error)
{
    *rounded = false;
    return parse_plain(result, text, length) ? 0 : parse_any(result, rounded, text, length, error);
}
