/* Values as JSON text at a pointer with room: the hot half of the writer. Each returns the end of what it wrote; it may
 * scribble up to PUT_SLACK bytes behind that. */
#ifndef TN_RECORD_PUT_H
#define TN_RECORD_PUT_H

#include "base/digits.h"
#include "base/num.h"
#include "record/types.h"

#include <math.h>

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

static inline char *put_dec(char *p, dec value)
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

/* The value must be finite. */
static inline char *put_double(char *p, double value)
{
    /* Up to 15 digits of which at most 8 stand behind the point: no other decimal as short reads back as this value. */
    if (value >= 1e-6 && value < 1e7) {
        const int64_t units = (int64_t)(value * 1e8 + 0.5);
        if ((double)units / 1e8 == value)
            return put_dec(p, units);
    }
    if (value >= 1e7 && value < 1e8 && value == (double)(uint32_t)value)
        return put_whole(p, (uint32_t)value);
    return p + num_format(p, value);
}

static inline char *put_two(char *p, uint32_t value)
{
    memcpy(p, digit_pairs + 2 * value, 2);
    return p + 2;
}

/* In quotes. */
static inline char *put_time(char *p, int64_t time)
{
    *p++ = '"';
    const uint64_t seconds = (uint64_t)time / (uint64_t)TIME_SECOND;
    if (time < 0 || (uint64_t)time % (uint64_t)TIME_SECOND != 0) {
        p += time_format(p, time);
    } else {
        const uint32_t days = (uint32_t)(seconds / 86400), second = (uint32_t)(seconds % 86400);
        const struct date date = date_from_days(days);
        p = put_two(p, (uint32_t)date.year / 100);
        p = put_two(p, (uint32_t)date.year % 100);
        *p++ = '-';
        p = put_two(p, (uint32_t)date.month);
        *p++ = '-';
        p = put_two(p, (uint32_t)date.day);
        *p++ = 'T';
        p = put_two(p, second / 3600);
        *p++ = ':';
        p = put_two(p, second / 60 % 60);
        *p++ = ':';
        p = put_two(p, second % 60);
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

#endif
