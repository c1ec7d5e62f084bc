/* The table behind num_format: 10^k for k = POWER_LOW … POWER_HIGH as floor(10^k / 2^r) + 1, with r such that bit 127
 * is the highest one set. */
#ifndef TN_BASE_POWERS_H
#define TN_BASE_POWERS_H

#include <stdint.h>

#define POWER_LOW  (-292)
#define POWER_HIGH 324

struct power {
    uint64_t high, low;
};

extern const struct power powers_of_ten[POWER_HIGH - POWER_LOW + 1];

#endif
