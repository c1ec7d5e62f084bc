/* Prices that jump between sessions as no market does. */
#include "market/jump.h"

#include <math.h>

#define MISPRINT 5

bool jump_is_misprint(dec price, dec near)
{
    if (price <= 0 || near <= 0)
        return false;
    return price / MISPRINT >= near || near / MISPRINT >= price;
}

bool jump_find(struct jump *jump, dec before, dec open)
{
    static const int64_t split[] = {2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 40, 50};
    if (before <= 0 || open <= 0)
        return false;
    const double ratio = dec_to_double(open) / dec_to_double(before);
    if (ratio > 0.55 && ratio < 1.8) /* nearly all there are */
        return false;
    const bool falls = ratio < 1;
    const double times = falls ? 1 / ratio : ratio;
    if (times >= 75 && times <= 125) {
        *jump = (struct jump){ANOMALY_UNIT, falls ? 100 : 1, falls ? 1 : 100};
        return true;
    }
    int64_t best = 0;
    double nearest = INFINITY;
    for (size_t i = 0; i < sizeof split / sizeof *split; i++) {
        const double away = fabs(times / (double)split[i] - 1);
        if (away <= (split[i] < 4 ? 1.0 / 16 : 1.0 / 8) && away < nearest) {
            best = split[i];
            nearest = away;
        }
    }
    if (best == 0)
        return false;
    *jump = (struct jump){best == 10 && !falls ? ANOMALY_UNIT : ANOMALY_SPLIT, falls ? best : 1, falls ? 1 : best};
    return true;
}
