/* Exact decimals: prices, quantities, cash, P&L.
 *
 * A `dec` is a count of 1e-8 in an int64, so 1.5 is 150000000. The range is ±92 233 720 368.54775807; INT64_MIN is
 * DEC_NONE, "not known", and is never the result of arithmetic. Products and quotients go through 128 bits and are
 * rounded once, as the caller says. Every function that can leave the range returns -1 then, or when an operand is
 * DEC_NONE, and leaves *result alone.
 */
#ifndef TN_BASE_DEC_H
#define TN_BASE_DEC_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

typedef int64_t dec;
__extension__ typedef unsigned __int128 dec_wide; /* the size of a product of two */

#define DEC_ONE      INT64_C(100000000)
#define DEC_NONE     INT64_MIN
#define DEC_MAX      INT64_MAX
#define DEC_TEXT_MAX 24 /* bytes dec_format may write, its NUL included */

enum rounding {
    ROUND_HALF_EVEN, /* the default: IEEE 754-2019 §4.3.1 roundTiesToEven */
    ROUND_HALF_UP,   /* ties away from zero */
    ROUND_DOWN,      /* towards zero */
    ROUND_UP,        /* away from zero */
    ROUND_FLOOR,     /* towards minus infinity */
    ROUND_CEILING,   /* towards plus infinity */
};

/* Parse the JSON number grammar (plain or exponent form), whole text, exactly: a value with more than 8 fraction digits
 * that are not zero, or out of range, is refused (EXIT_INPUT). `error` may be NULL where only the outcome matters. */
int dec_parse(dec *result, const char *text, size_t length, struct error *error);
/* The same, but rounds half-even at the eighth digit and says whether it had to: for prices of foreign sources. */
int dec_parse_rounded(dec *result, bool *rounded, const char *text, size_t length, struct error *error);
/* Shortest plain form ("0.00000001", "-12.5", "3") of a value that is known; returns the length without the NUL. */
size_t dec_format(char text[static DEC_TEXT_MAX], dec value);

__attribute__((warn_unused_result)) static inline int dec_add(dec *result, dec a, dec b)
{
    dec sum;
    if (a == DEC_NONE || b == DEC_NONE || __builtin_add_overflow(a, b, &sum) || sum == DEC_NONE)
        return -1;
    *result = sum;
    return 0;
}

__attribute__((warn_unused_result)) static inline int dec_subtract(dec *result, dec a, dec b)
{
    dec difference;
    if (a == DEC_NONE || b == DEC_NONE || __builtin_sub_overflow(a, b, &difference) || difference == DEC_NONE)
        return -1;
    *result = difference;
    return 0;
}

int dec_multiply_any(dec *result, dec a, dec b, enum rounding rounding) __attribute__((warn_unused_result));

/* The same, short where b is one: most multipliers are. */
__attribute__((warn_unused_result)) static inline int dec_multiply(dec *result, dec a, dec b, enum rounding rounding)
{
    if (b != DEC_ONE || a == DEC_NONE)
        return dec_multiply_any(result, a, b, rounding);
    *result = a;
    return 0;
}

/* a × b to the nearest multiple of `increment` (> 0), half-even, rounded once: amounts of money. -1 also where only the
 * rounding would bring the product back into range. */
int dec_multiply_round(dec *result, dec a, dec b, dec increment) __attribute__((warn_unused_result));
/* -1 also when b is zero. */
int dec_divide(dec *result, dec a, dec b, enum rounding rounding) __attribute__((warn_unused_result));
/* a × b ÷ c, rounded once. -1 also when c is zero. */
int dec_multiply_divide(dec *result, dec a, dec b, dec c, enum rounding rounding) __attribute__((warn_unused_result));
/* n ÷ 1e8 for n < 2^90, and what remains: 1e8 is 2^8 × 390625, and two 64-bit divisions by a constant are
 * multiplications. */
static inline uint64_t dec_whole(dec_wide n, uint64_t *rest)
{
    if (n <= UINT64_MAX) {
        *rest = (uint64_t)n % (uint64_t)DEC_ONE;
        return (uint64_t)n / (uint64_t)DEC_ONE;
    }
    const uint64_t high = (uint64_t)(n >> 40), low = (uint64_t)(n >> 8) & UINT32_MAX;
    const uint64_t whole = ((high / 390625) << 32) + ((high % 390625) << 32 | low) / 390625;
    *rest = (uint64_t)n - whole * (uint64_t)DEC_ONE;
    return whole;
}

/* A sum of products, a count of 1e-16, rounded half-even to a decimal. */
__attribute__((warn_unused_result)) static inline int dec_narrow(dec *result, __int128 products)
{
    const dec_wide n = products < 0 ? 0 - (dec_wide)products : (dec_wide)products;
    if (n >> 90 != 0) /* 2^63 × 1e8 is less */
        return -1;
    uint64_t rest;
    const uint64_t whole = dec_whole(n, &rest);
    const uint64_t size = whole + (rest + (whole & 1) > (uint64_t)DEC_ONE / 2);
    if (size > (uint64_t)DEC_MAX)
        return -1;
    *result = products < 0 ? -(dec)size : (dec)size;
    return 0;
}

/* The multiple of `increment` (> 0) chosen by `rounding`: ticks, lots, cents. */
int dec_round(dec *result, dec value, dec increment, enum rounding rounding) __attribute__((warn_unused_result));
/* The nearest decimal of a finite double, by its exact binary value; -1 for NaN, infinity and out of range. */
int dec_from_double(dec *result, double value, enum rounding rounding) __attribute__((warn_unused_result));
/* The double nearest to any decimal; DEC_NONE gives NaN. */
double dec_to_double_any(dec value);

/* The same, short for what a double holds exactly: then so is the divisor, and the one rounding is the right one. */
static inline double dec_to_double(dec value)
{
    const int64_t exact = INT64_C(1) << 53;
    return value >= -exact && value <= exact ? (double)value / (double)DEC_ONE : dec_to_double_any(value);
}

#endif
