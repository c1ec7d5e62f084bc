/* The protective prices and the short switch that all strategies share. */
#include "strategy/protect.h"

#include <stdio.h>
#include <string.h>

static bool wants_range(double stop, double target)
{
    return stop > 0 || target > 0;
}

int protect_need(const double *parameter, struct need *need)
{
    if (!wants_range(parameter[PROTECT_STOP], parameter[PROTECT_TARGET]))
        return 0;
    (void)snprintf(need->indicator, sizeof need->indicator, "atr:%.0f", parameter[PROTECT_ATR]);
    return 1;
}

void protect_init(struct protect *protect, const double *parameter)
{
    protect->low = parameter[PROTECT_SHORT] != 0 ? WANT_SHORT : WANT_FLAT;
    protect->stop = parameter[PROTECT_STOP];
    protect->target = parameter[PROTECT_TARGET];
    protect->wanted = wants_range(protect->stop, protect->target);
}

static double price_or_none(double price)
{
    return price > 0 ? price : NAN;
}

void protect_price(const struct protect *protect, const double *close, const double *range, size_t count, int reason,
                   struct levels *levels)
{
    if (protect->wanted)
        memcpy(levels->reason[reason] + levels->count, range, count * sizeof *range);
    for (size_t i = 0; protect->wanted && i < count; i++) {
        const size_t row = levels->count + i;
        const enum want side = levels->side[row];
        const bool entered = side == WANT_LONG || side == WANT_SHORT;
        const double away = side == WANT_LONG ? range[i] : -range[i];
        levels->stop[row] = entered && protect->stop > 0 ? price_or_none(close[i] - protect->stop * away) : NAN;
        levels->target[row] = entered && protect->target > 0 ? price_or_none(close[i] + protect->target * away) : NAN;
    }
}
