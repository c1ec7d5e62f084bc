/* The tables behind base/math.c; scripts/dev/make-math writes them. */
#ifndef TN_BASE_MATH_TABLES_H
#define TN_BASE_MATH_TABLES_H

#include <stdint.h>

/* A value as the sum of two doubles, the second at most half a unit in the last place of the first. */
struct pair {
    double high, low;
};

struct log_entry {
    double inverse, high, low; /* of j/128, rounded; -ln of that double */
};

extern const struct pair math_exp_table[];      /* 2^(j/64), j = 0 … 63 */
extern const struct log_entry math_log_table[]; /* j = 90 … 182 */
extern const struct pair math_atan_table[];     /* atan(k/8), k = 0 … 8 */
extern const uint64_t math_two_over_pi[];       /* a word of zeros, then 1344 bits of 2/π */

#endif
