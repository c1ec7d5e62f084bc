/* Runs of decimal digits, read and written several at a time, and the grammar of numbers: what dec.c and num.c share.
 */
#ifndef TN_BASE_DIGITS_H
#define TN_BASE_DIGITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static const char digit_pairs[201] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
                                     "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
                                     "8081828384858687888990919293949596979899";

/* 10^0 … 10^19. */
extern const uint64_t digits_power[20];

/* Writes a number in digits of base 32, 0-9 a-v, the lowest first; returns their end. Short to make, for names that
 * nobody reads. */
static inline char *digits_write_32(char *p, uint64_t value)
{
    do
        *p++ = "0123456789abcdefghijklmnopqrstuv"[value % 32];
    while ((value /= 32) != 0);
    return p;
}

/* The parts of a number in JSON's grammar (RFC 8259 §6). */
struct number {
    bool negative;
    const char *digits; /* the first digit; the point lies behind `whole` of them when there is a fraction */
    size_t whole;       /* digits before the point, at least one */
    size_t fraction;    /* digits after it */
    int64_t exponent;   /* at most ±999 999 999: beyond what the digits of a line can make up for */
};

/* False when the text as a whole is not a number. */
bool number_split(struct number *number, const char *text, size_t length);

/* Up to 8 bytes, the first in the lowest byte, missing ones 0; never reads past `n`. */
static inline uint64_t digits_load(const char *p, size_t n)
{
    uint64_t bytes = 0;
    if (n >= 8) {
        memcpy(&bytes, p, 8);
    } else if (n >= 4) {
        uint32_t low, high;
        memcpy(&low, p, 4);
        memcpy(&high, p + n - 4, 4);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        low = __builtin_bswap32(low);
        high = __builtin_bswap32(high);
#endif
        return low | (uint64_t)high << (8 * (n - 4));
    } else if (n > 0) {
        const uint64_t first = (unsigned char)p[0], middle = (unsigned char)p[n / 2], last = (unsigned char)p[n - 1];
        return first | middle << (8 * (n / 2)) | last << (8 * (n - 1));
    }
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bytes = __builtin_bswap64(bytes);
#endif
    return bytes;
}

/* Reads the digits at the start of up to 8 bytes: their number, 0 to 8, is returned, their value stored. */
static inline unsigned digits_read_8(const char *p, size_t n, uint64_t *value)
{
    const uint64_t bytes = digits_load(p, n);
    const uint64_t digits = bytes ^ UINT64_C(0x3030303030303030);
    /* A byte above 9 gets its high bit set by one of the two terms; carries only reach bytes after it. */
    const uint64_t others = ((digits + UINT64_C(0x7676767676767676)) | digits) & UINT64_C(0x8080808080808080);
    const unsigned count = others == 0 ? 8 : (unsigned)__builtin_ctzll(others) / 8;
    if (count == 0) {
        *value = 0;
        return 0;
    }
    /* Pairs, then fours, then eight; shorter runs are moved up, which puts zeros in front. */
    uint64_t v = digits << (64 - 8 * count);
    v = (v * 10) + (v >> 8);
    v = ((v & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x000F424000000064) +
         ((v >> 16) & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x0000271000000001)) >>
        32;
    *value = v & UINT64_C(0xFFFFFFFF);
    return count;
}

static inline unsigned digits_count(uint64_t value)
{
    unsigned count = 1;
    for (; value >= 10000; value /= 10000)
        count += 4;
    return count + (value >= 1000 ? 3 : value >= 100 ? 2 : value >= 10 ? 1 : 0);
}

/* Writes exactly `count` digits, zeros in front. */
static inline void digits_write(char *text, uint64_t value, unsigned count)
{
    char *p = text + count;
    for (; count >= 2; count -= 2, value /= 100)
        memcpy(p -= 2, digit_pairs + 2 * (value % 100), 2);
    if (count > 0)
        *--p = (char)('0' + value % 10);
}

#endif
