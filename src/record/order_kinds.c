/* The types of orders. */
#include "record/order_kinds.h"

#define LASTING ((1U << TIF_DAY) | (1U << TIF_GTC) | (1U << TIF_GTD))
/* What waits for a trigger has nothing to do at once, nor in an auction. */
#define ANY (LASTING | (1U << TIF_IOC) | (1U << TIF_FOK) | (1U << TIF_OPG) | (1U << TIF_CLS))

const struct order_kind *order_kind(enum order_type type)
{
    static const struct order_kind kinds[] = {
        [ORDER_MARKET] = {.times_in_force = ANY},
        [ORDER_LIMIT] = {.limit = true, .times_in_force = ANY},
        [ORDER_STOP] = {.stop = true, .trigger = TRIGGER_STOPPED, .times_in_force = LASTING},
        [ORDER_STOP_LIMIT] = {.limit = true, .stop = true, .trigger = TRIGGER_STOPPED, .times_in_force = LASTING},
        [ORDER_TRAILING_STOP] = {.trail = true, .trigger = TRIGGER_STOPPED, .times_in_force = LASTING},
        [ORDER_MARKET_IF_TOUCHED] = {.stop = true, .trigger = TRIGGER_TOUCHED, .times_in_force = LASTING},
        [ORDER_LIMIT_IF_TOUCHED] = {.limit = true, .stop = true, .trigger = TRIGGER_TOUCHED, .times_in_force = LASTING},
    };
    return type > ORDER_NONE && (size_t)type < sizeof kinds / sizeof *kinds ? &kinds[type] : NULL;
}

int order_modernize(struct order *order)
{
    if (order->order_type != ORDER_MARKET_ON_OPEN && order->order_type != ORDER_MARKET_ON_CLOSE)
        return 0;
    const enum time_in_force tif = order->order_type == ORDER_MARKET_ON_OPEN ? TIF_OPG : TIF_CLS;
    if (order->time_in_force != TIF_NONE && order->time_in_force != TIF_DAY && order->time_in_force != tif)
        return -1;
    order->order_type = ORDER_MARKET;
    order->time_in_force = tif;
    return 0;
}

bool order_kind_lasts(const struct order_kind *kind, enum time_in_force tif)
{
    return tif == TIF_NONE || (kind->times_in_force >> (unsigned)tif & 1) != 0;
}
