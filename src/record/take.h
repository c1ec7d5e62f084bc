/* The common forms of values, read without a loop from a line that the fast path scanned: 16 bytes from the start of
 * each value can be read whatever its length. Each returns false for a form it leaves to the general reader; none
 * refuses anything. */
#ifndef TN_RECORD_TAKE_H
#define TN_RECORD_TAKE_H

#include "record/record.h"

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

static inline uint64_t take_load(const char *p)
{
    uint64_t bytes;
    memcpy(&bytes, p, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bytes = __builtin_bswap64(bytes);
#endif
    return bytes;
}

/* The value of eight digits given as 0 to 9, the first in the lowest byte. */
static inline uint32_t take_eight(uint64_t digits)
{
    digits = digits * 10 + (digits >> 8);
    return (uint32_t)(((digits & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x000f424000000064) +
                       ((digits >> 16) & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x0000271000000001)) >>
                      32);
}

/* An unsigned plain number of up to 8 digits before the point and up to 8 behind it: both as whole numbers, the
 * fraction as units of 1e-8. */
static inline bool take_plain(const struct field *field, uint32_t *whole, uint32_t *units)
{
    static const uint64_t zeros = UINT64_C(0x3030303030303030);
    const size_t before = field->whole, length = field->value.n;
    const size_t after = length - before; /* with the point */
    if (before - 1 > 7 || after > 9)
        return false;
    *whole = take_eight((take_load(field->value.p) ^ zeros) << (64 - 8 * before));
    *units = 0;
    if (after > 0) {
        const uint64_t digits = take_load(field->value.p + before + 1) ^ zeros;
        *units = take_eight(digits & ~UINT64_C(0) >> (72 - 8 * after));
    }
    return true;
}

static inline bool take_dec(const struct field *field, dec *value)
{
    uint32_t whole, units;
    if (!take_plain(field, &whole, &units))
        return false;
    *value = whole * DEC_ONE + units;
    return true;
}

static inline bool take_double(const struct field *field, double *value)
{
    uint32_t whole, units;
    if (!take_plain(field, &whole, &units))
        return false;
    const uint64_t all = whole * (uint64_t)DEC_ONE + units;
    if (units == 0)
        *value = whole;
    else if (all <= UINT64_C(1) << 53)
        *value = (double)all / 1e8; /* both exact, so rounded once */
    else
        return false;
    return true;
}

/* Digits of a date or time as 0 to 9 and its punctuation as 0: whether every place is within its limit. */
static inline bool take_within(uint64_t places, uint64_t limits)
{
    return (((places + limits) | places) & UINT64_C(0x8080808080808080)) == 0;
}

/* One to nine digits and `Z` as nanoseconds. */
static inline bool take_fraction(const char *p, size_t digits, int64_t *nanoseconds)
{
    const size_t first = digits < 8 ? digits : 8;
    const uint64_t places = (take_load(p) ^ UINT64_C(0x3030303030303030)) & ~UINT64_C(0) >> (64 - 8 * first);
    const unsigned ninth = digits == 9 ? (unsigned char)p[8] - (unsigned)'0' : 0;
    if (!take_within(places, UINT64_C(0x7676767676767676)) || ninth > 9 || p[digits] != 'Z')
        return false;
    *nanoseconds = (int64_t)take_eight(places) * 10 + ninth;
    return true;
}

/* Days since 1970 of "YYYY-MM-" and "DD", digits as 0 to 9 and '-' as 0, years 1970 to 2099. */
static inline bool take_days(uint64_t year_month, unsigned day, uint32_t *days)
{
    static const uint16_t days_before[16] = {0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    static const uint8_t days_in[16] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (!take_within(year_month, UINT64_C(0x7f76767f76767676)))
        return false;
    const uint64_t pairs = year_month * 10 + (year_month >> 8);
    const uint32_t year = (uint32_t)(pairs & 0xff) * 100 + (uint32_t)(pairs >> 16 & 0xff) - 1970;
    const uint32_t month = (uint32_t)(pairs >> 40 & 0xff);
    if (year > 2099 - 1970 || month - 1 > 11)
        return false;
    const bool leap = (year & 3) == 2;
    if (day - 1 >= (uint32_t)days_in[month] + (month == 2 && leap))
        return false;
    *days = year * 365 + (year + 1) / 4 + days_before[month] + (month > 2 && leap) + day - 1;
    return true;
}

static const uint64_t take_year_month = UINT64_C(0x2d30302d30303030); /* "0000-00-" */

/* "YYYY-MM-DD" with its quotes. */
static inline bool take_date(const struct field *field, int64_t *day)
{
    const char *const p = field->value.p + 1;
    const unsigned tens = (unsigned char)p[8] - (unsigned)'0', ones = (unsigned char)p[9] - (unsigned)'0';
    uint32_t days;
    if (field->value.n != 12 || tens > 9 || ones > 9 ||
        !take_days(take_load(p) ^ take_year_month, tens * 10 + ones, &days))
        return false;
    *day = days;
    return true;
}

/* "YYYY-MM-DDThh:mm:ssZ" with its quotes, with or without a fraction, years 1970 to 2099 and no leap second. */
static inline bool take_time(const struct field *field, int64_t *time)
{
    const char *const p = field->value.p + 1;
    const size_t length = field->value.n;
    int64_t fraction = 0;
    if (length == 22 ? p[19] != 'Z'
                     : length < 24 || length > 32 || p[19] != '.' || !take_fraction(p + 20, length - 23, &fraction))
        return false;
    const uint64_t rest = take_load(p + 8) ^ UINT64_C(0x30303a3030543030); /* "00T00:00" */
    const uint32_t tens = (uint32_t)(unsigned char)p[17] - '0', ones = (uint32_t)(unsigned char)p[18] - '0';
    if (!take_within(rest, UINT64_C(0x76767f76767f7676)) || p[16] != ':' || tens > 5 || ones > 9)
        return false;
    const uint64_t pairs = rest * 10 + (rest >> 8);
    const uint32_t hour = (uint32_t)(pairs >> 24 & 0xff), minute = (uint32_t)(pairs >> 48 & 0xff);
    uint32_t days;
    if (hour > 23 || minute > 59 || !take_days(take_load(p) ^ take_year_month, (unsigned)(pairs & 0xff), &days))
        return false;
    const uint32_t second = hour * 3600 + minute * 60 + tens * 10 + ones;
    *time = (int64_t)(days * UINT64_C(86400) + second) * TIME_SECOND + fraction;
    return true;
}

/* A count below 60 and one of s m h d w, with the quotes. */
static inline bool take_interval(const struct field *field, struct interval *interval)
{
    const char *const p = field->value.p;
    const size_t n = field->value.n;
    if (n != 4 && n != 5)
        return false;
    const unsigned first = (unsigned char)p[1] - (unsigned)'0', second = (unsigned char)p[2] - (unsigned)'0';
    if (first - 1 > (n == 5 ? 4 : 8) || (n == 5 && second > 9))
        return false;
    switch (p[n - 2]) {
    case 's':
        interval->unit = INTERVAL_SECOND;
        break;
    case 'm':
        interval->unit = INTERVAL_MINUTE;
        break;
    case 'h':
        interval->unit = INTERVAL_HOUR;
        break;
    case 'd':
        interval->unit = INTERVAL_DAY;
        break;
    case 'w':
        interval->unit = INTERVAL_WEEK;
        break;
    default:
        return false;
    }
    interval->count = n == 4 ? first : first * 10 + second;
    return true;
}

/* Printable text of 1 to 32 bytes into an array of at least 33. */
static inline bool take_text(const struct field *field, char *to)
{
    const size_t length = field->value.n - 2;
    const char *const p = field->value.p + 1;
    if (length - 1 > 31)
        return false;
#if defined(__x86_64__)
    static const unsigned char keep[48] = {255, 255, 255, 255, 255, 255, 255, 255,
                                           255, 255, 255, 255, 255, 255, 255, 255};
    const __m128i del = _mm_set1_epi8(0x7f);
    for (size_t at = 0; at < 32; at += 16) {
        const size_t left = length < at ? 0 : length - at;
        const __m128i mask = _mm_loadu_si128((const __m128i *)(const void *)(keep + 16 - (left < 16 ? left : 16)));
        const __m128i bytes = _mm_and_si128(_mm_loadu_si128((const __m128i *)(const void *)(p + at)), mask);
        if (_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, del)) != 0)
            return false;
        _mm_storeu_si128((__m128i *)(void *)(to + at), bytes);
    }
    to[32] = '\0';
    return true;
#else
    if (memchr(p, 0x7f, length) != NULL)
        return false;
    memcpy(to, p, length);
    to[length] = '\0';
    return true;
#endif
}

#endif
