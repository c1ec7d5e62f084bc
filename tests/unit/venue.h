/* A bar of the venue that fills by bars through an order manager, as backtest and paper trading pass it. */
#ifndef TN_TESTS_VENUE_H
#define TN_TESTS_VENUE_H

#include "order/manager.h"
#include "sim/sim.h"

static inline int pass_bar(struct order_manager *manager, struct sim *sim, int slot, struct interval interval,
                           const struct bars *bars, struct error *error)
{
    struct bar_walk walk;
    int more = 0;
    sim->calendar = manager->calendar;
    sim->step = manager->limits.fractional ? RISK_FRACTION : 0;
    const int use = orders_before_bar(manager, slot, bars, error);
    if (use == 2)
        sim_bar(&walk, sim, slot, interval, bars);
    while (use == 2 && (more = sim_next(&walk, error)) == 1)
        if (orders_report(manager, &walk.report, error) != 0)
            return -1;
    if (use <= 0 || more != 0)
        return use < 0 ? use : more;
    return orders_after_bar(manager, slot, interval, bars, use == 2, error);
}

#endif
