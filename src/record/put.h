/* Values as JSON text at a pointer with room: the hot half of the writer. Each returns the end of what it wrote; it may
 * scribble up to PUT_SLACK bytes behind that. */
#ifndef TN_RECORD_PUT_H
#define TN_RECORD_PUT_H

#include "base/digits.h"
#include "base/num.h"
#include "record/types.h"

#include <math.h>

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

enum { PUT_SLACK = 32 };

/* Eight decimal digits of a value below 1e8, the first in the lowest byte, each 0 to 9: split in halves three times,
 * the halves side by side in one word. */
static inline uint64_t put_split(uint32_t value)
{
    const uint64_t fours = value / 10000 | (uint64_t)(value % 10000) << 32;
    const uint64_t hundreds = fours * 10486 >> 20 & UINT64_C(0x7f0000007f);
    const uint64_t twos = hundreds | (fours - 100 * hundreds) << 16;
    const uint64_t tens = twos * 103 >> 10 & UINT64_C(0x000f000f000f000f);
    return tens | (twos - 10 * tens) << 8;
}

static inline char *put_bytes(char *p, uint64_t digits, unsigned count)
{
    digits |= UINT64_C(0x3030303030303030);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    digits = __builtin_bswap64(digits);
#endif
    memcpy(p, &digits, 8);
    return p + count;
}

/* A whole number below 1e8. */
static inline char *put_whole(char *p, uint32_t value)
{
    const uint64_t digits = put_split(value);
    const unsigned zeros = (unsigned)__builtin_ctzll(digits | UINT64_C(1) << 56) / 8;
    return put_bytes(p, digits >> 8 * zeros, 8 - zeros);
}

/* Two digits of a value below 100. */
static inline const char *put_pair(size_t value)
{
    return digit_pairs + 2 * value;
}

/* A whole number below 10 000. */
static inline char *put_small(char *p, uint32_t value)
{
    const uint32_t high = value * 10486 >> 20;
    uint16_t first, second; /* put together in a register: a load of two stores would wait for both */
    memcpy(&first, put_pair(high), 2);
    memcpy(&second, put_pair(value - 100 * high), 2);
    const unsigned zeros = 3u - (value > 9) - (value > 99) - (value > 999);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    const uint32_t word = ((uint32_t)first << 16 | second) << 8 * zeros;
#else
    const uint32_t word = (first | (uint32_t)second << 16) >> 8 * zeros;
#endif
    memcpy(p, &word, 4);
    return p + 4 - zeros;
}

/* Any decimal. */
static __attribute__((noinline, unused)) char *put_dec_any(char *p, dec value)
{
    const uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    const uint64_t whole = size / (uint64_t)DEC_ONE;
    const uint32_t fraction = (uint32_t)(size - whole * (uint64_t)DEC_ONE);
    if (whole >= 100000000)
        return p + dec_format(p, value);
    *p = '-';
    p = put_whole(p + (value < 0), (uint32_t)whole);
    if (fraction == 0)
        return p;
    const uint64_t digits = put_split(fraction);
    *p = '.';
    return put_bytes(p + 1, digits, 8 - (unsigned)__builtin_clzll(digits) / 8);
}

/* Whole cents below 10 000 are by far the most common; their length is worked out, not branched upon. */
static inline char *put_dec(char *p, dec value)
{
    const uint64_t cents = (uint64_t)value / 1000000;
    if (cents >= 1000000 || cents * 1000000 != (uint64_t)value)
        return put_dec_any(p, value);
    const uint32_t whole = (uint32_t)cents / 100, rest = (uint32_t)cents % 100;
    p = put_small(p, whole);
    *p = '.';
    memcpy(p + 1, put_pair(rest), 2);
    return p + ((rest != 0) + (rest != 0) + (rest % 10 != 0));
}

/* Any finite double. */
static __attribute__((noinline, unused)) char *put_double_any(char *p, double value)
{
    /* Up to 15 digits of which at most 8 stand behind the point: no other decimal as short reads back as this value. */
    if (value >= 1e-6 && value < 1e7) {
        const int64_t units = (int64_t)(value * 1e8 + 0.5);
        if ((double)units / 1e8 == value)
            return put_dec_any(p, units);
    }
    return p + num_format(p, value);
}

/* The value must be finite. Volumes are mostly whole. */
static inline char *put_double(char *p, double value)
{
    if (value >= 1 && value < 1e8) {
        const uint32_t whole = (uint32_t)value;
        if ((double)whole == value)
            return put_whole(p, whole);
    }
    return put_double_any(p, value);
}

static inline char *put_two(char *p, uint32_t value)
{
    memcpy(p, put_pair(value), 2);
    return p + 2;
}

enum { PUT_DAYS = 47482 }; /* 2100-01-01 */

/* "YYYY-MM-DD" without quotes of days since 1970, below PUT_DAYS. */
static inline char *put_days(char *p, uint32_t days)
{
    /* Counted from 1900-03-01, from where to 2100-02-28 every fourth year is a leap year. Month and day by one
     * multiplication: C. Neri and L. Schneider, "Euclidean affine functions and their application to calendar
     * algorithms", 2022. */
    const uint32_t quarter = 4 * (days + 25508) + 3;
    const uint32_t year = quarter / 1461, day_of_year = quarter % 1461 / 4;
    const uint32_t month_day = 2141 * day_of_year + 197913;
    const uint32_t late = day_of_year >= 306; /* January and February end a year that starts in March */
    const uint32_t century = year + late >= 100;
    put_two(p, 19 + century);
    put_two(p + 2, year + late - 100 * century);
    p[4] = '-';
    put_two(p + 5, (month_day >> 16) - 12 * late);
    p[7] = '-';
    put_two(p + 8, (month_day & 0xffff) / 2141 + 1);
    return p + 10;
}

/* In quotes. */
static inline char *put_time(char *p, int64_t time)
{
    const uint64_t seconds = (uint64_t)time / (uint64_t)TIME_SECOND;
    const uint32_t days = (uint32_t)(seconds / 86400), second = (uint32_t)(seconds % 86400);
    *p++ = '"';
    if (time < 0 || days >= PUT_DAYS) {
        p += time_format(p, time);
    } else {
        p = put_days(p, days);
        *p = 'T';
        put_two(p + 1, second / 3600);
        p[3] = ':';
        put_two(p + 4, second / 60 % 60);
        p[6] = ':';
        put_two(p + 7, second % 60);
        p += 9;
        const uint32_t nanoseconds = (uint32_t)((uint64_t)time - seconds * (uint64_t)TIME_SECOND);
        if (nanoseconds != 0) {
            const uint64_t digits = put_split(nanoseconds / 10);
            const uint32_t ninth = nanoseconds % 10;
            *p = '.';
            p = put_bytes(p + 1, digits, ninth != 0 ? 8 : 8 - (unsigned)__builtin_clzll(digits) / 8);
            *p = (char)('0' + ninth);
            p += ninth != 0;
        }
        *p++ = 'Z';
    }
    *p++ = '"';
    return p;
}

/* In quotes. */
static inline char *put_interval(char *p, struct interval interval)
{
    static const char letter[] = {[INTERVAL_SECOND] = 's',
                                  [INTERVAL_MINUTE] = 'm',
                                  [INTERVAL_HOUR] = 'h',
                                  [INTERVAL_DAY] = 'd',
                                  [INTERVAL_WEEK] = 'w'};
    *p++ = '"';
    if (interval.count > 0 && interval.count < 60 && interval.unit <= INTERVAL_WEEK) {
        p = put_whole(p, (uint32_t)interval.count);
        *p++ = letter[interval.unit];
    } else {
        p += interval_format(p, interval);
    }
    *p++ = '"';
    return p;
}

/* The text of an array of `size` bytes, in quotes; NULL when it needs escapes or more than plain ASCII, or is long. */
static inline char *put_text(char *p, const char *text, size_t size)
{
    *p++ = '"';
#if defined(__x86_64__)
    for (size_t at = 0; at + 16 <= size; at += 16, p += 16) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(text + at));
        const __m128i odd = _mm_or_si128(
            _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20)),
            _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))));
        const unsigned found = (unsigned)_mm_movemask_epi8(odd);
        _mm_storeu_si128((__m128i *)(void *)p, bytes);
        if (found == 0)
            continue;
        const unsigned first = (unsigned)__builtin_ctz(found);
        if (text[at + first] != '\0')
            return NULL;
        p[first] = '"';
        return p + first + 1;
    }
#else
    for (size_t at = 0; at < size; at++) {
        if (text[at] == '\0') {
            *p++ = '"';
            return p;
        }
        if ((signed char)text[at] < 0x20 || text[at] == '"' || text[at] == '\\')
            return NULL;
        *p++ = text[at];
    }
#endif
    return NULL;
}

#endif
