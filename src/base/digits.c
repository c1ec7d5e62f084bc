/* The grammar of numbers, and the powers of ten that fit 64 bits. */
#include "base/digits.h"

const uint64_t digits_power[20] = {UINT64_C(1),
                                   UINT64_C(10),
                                   UINT64_C(100),
                                   UINT64_C(1000),
                                   UINT64_C(10000),
                                   UINT64_C(100000),
                                   UINT64_C(1000000),
                                   UINT64_C(10000000),
                                   UINT64_C(100000000),
                                   UINT64_C(1000000000),
                                   UINT64_C(10000000000),
                                   UINT64_C(100000000000),
                                   UINT64_C(1000000000000),
                                   UINT64_C(10000000000000),
                                   UINT64_C(100000000000000),
                                   UINT64_C(1000000000000000),
                                   UINT64_C(10000000000000000),
                                   UINT64_C(100000000000000000),
                                   UINT64_C(1000000000000000000),
                                   UINT64_C(10000000000000000000)};

static size_t digit_run(const char *p, const char *end)
{
    const char *start = p;
    while (p < end && *p >= '0' && *p <= '9')
        p++;
    return (size_t)(p - start);
}

bool number_split(struct number *number, const char *text, size_t length)
{
    const char *p = text, *end = text + length;
    *number = (struct number){.negative = p < end && *p == '-'};
    p += number->negative;
    number->digits = p;
    number->whole = digit_run(p, end);
    if (number->whole == 0 || (number->whole > 1 && *p == '0'))
        return false;
    p += number->whole;
    if (p < end && *p == '.') {
        number->fraction = digit_run(++p, end);
        if (number->fraction == 0)
            return false;
        p += number->fraction;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        const bool minus = p < end && *p == '-';
        if (p < end && (*p == '-' || *p == '+'))
            p++;
        const size_t count = digit_run(p, end);
        if (count == 0)
            return false;
        for (size_t i = 0; i < count; i++)
            if (number->exponent < 100000000)
                number->exponent = number->exponent * 10 + (p[i] - '0');
        if (minus)
            number->exponent = -number->exponent;
        p += count;
    }
    return p == end;
}
