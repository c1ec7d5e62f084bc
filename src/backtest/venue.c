/* The venue of a backtest: bars fill orders, and quotes say the spread where the fill model goes by it. */
#include "backtest/internal.h"

#include <stdlib.h>

static dec half_spread(void *context, int slot)
{
    const struct backtest *backtest = context;
    const struct shown *ask = queues_other_side(&backtest->queues, slot, 1),
                       *bid = queues_other_side(&backtest->queues, slot, -1);
    return ask == NULL || bid == NULL ? DEC_NONE : (ask->price - bid->price) / 2;
}

static const struct instrument *find_instrument(void *context, const char *symbol, struct error *error)
{
    const struct backtest *backtest = context;
    return backtest->options.instrument(backtest->options.instruments, symbol, error);
}

void backtest_open_venue(struct backtest *backtest)
{
    const struct backtest_options *options = &backtest->options;
    backtest->sim = (struct sim){.ledger = &backtest->ledger,
                                 .fills = options->fills,
                                 .costs = &backtest->manager.costs,
                                 .calendar = options->calendar,
                                 .calendars = options->calendars,
                                 .step = options->limits.fractional ? RISK_FRACTION : 0,
                                 .instrument = find_instrument,
                                 .half_spread = half_spread,
                                 .queues = &backtest->queues,
                                 .context = backtest};
}

int backtest_fill(struct backtest *backtest, int slot, struct interval interval, const struct bars *bar,
                  struct error *error)
{
    struct bar_walk walk;
    int more;
    sim_bar(&walk, &backtest->sim, slot, interval, bar);
    while ((more = sim_next(&walk, error)) == 1)
        if (orders_report(&backtest->manager, &walk.report, error) != 0)
            return -1;
    return more;
}
