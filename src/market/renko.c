/* Renko bricks. */
#include "market/renko.h"

int64_t renko_count(struct renko *renko, dec price)
{
    const dec size = renko->size;
    if (renko->high == 0) {
        const dec below = price / size * size;
        const bool up = price - below >= size - size / 2 && below <= DEC_MAX - size;
        renko->low = renko->high = below == 0 || up ? below + size : below;
    }
    if (price >= renko->high)
        return (price - renko->high) / size;
    return price <= renko->low ? -((renko->low - price) / size) : 0;
}

void renko_step(struct renko *renko, bool rising, dec *open, dec *close)
{
    *open = rising ? renko->high : renko->low;
    *close = rising ? *open + renko->size : *open - renko->size;
    renko->low = rising ? *open : *close;
    renko->high = rising ? *close : *open;
}
