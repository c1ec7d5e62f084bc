/* Which exits an entry may have. */
#include "record/schema.h"
#include "risk/risk.h"

const char *order_legs_fault(const struct order *order)
{
    int stops = 0, trails = 0, wholes = 0;
    dec shares = 0;
    bool multiples = false;
    struct error unfit;
    if (order->leg_count > 0 && order_is_reducing(order))
        return "an order that reduces a position has no legs";
    for (int i = 0; i < order->leg_count; i++) {
        const struct leg *leg = &order->legs[i];
        error_clear(&unfit);
        if (leg_check(leg, &unfit) != 0)
            return "a leg is not a stop, a target or an exit at a time, or has too many or too few fields";
        stops += leg->role == ROLE_STOP && leg->order_type != ORDER_TRAILING_STOP;
        trails += leg->order_type == ORDER_TRAILING_STOP;
        wholes += leg->role == ROLE_TARGET && leg->share == DEC_NONE;
        shares += leg->share != DEC_NONE ? leg->share : 0;
        multiples |= leg->r != DEC_NONE || leg->active_r != DEC_NONE || leg->even_r != DEC_NONE;
        if ((leg->bars > 0 || leg->fall != DEC_NONE) && order->interval.unit == INTERVAL_NONE)
            return "a leg counts bars, and the order has no interval";
    }
    if (stops > 1 || trails > 1 || wholes > 1 || shares > DEC_ONE)
        return "an entry may have one fixed and one trailing stop, one target without a share, and shares that add up "
               "to 1";
    if (multiples && stops == 0 && trails == 0)
        return "a multiple of R needs a stop";
    return NULL;
}
