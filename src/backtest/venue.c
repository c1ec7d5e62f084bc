/* The venue of a backtest: bars fill orders, and quotes say the spread where the fill model goes by it. */
#include "backtest/internal.h"

#include <stdlib.h>

static dec half_spread(void *context, int slot)
{
    const struct backtest *backtest = context;
    return (size_t)slot < backtest->half_spreads ? backtest->half_spread[slot] : DEC_NONE;
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
                                 .step = options->limits.fractional ? RISK_FRACTION : 0,
                                 .instrument = find_instrument,
                                 .half_spread = half_spread,
                                 .context = backtest};
}

int backtest_quote(struct backtest *backtest, const struct quote *quote, struct error *error)
{
    if (!fill_model_is_quoted(fill_model_of(&backtest->options.fills)) || quote->bid == DEC_NONE ||
        quote->ask == DEC_NONE || quote->bid <= 0 || quote->ask < quote->bid)
        return 0;
    if (backtest_flush(backtest, error) != 0) /* bars that came before it go by the one before */
        return -1;
    const int slot = ledger_slot(&backtest->ledger, quote->symbol, error);
    if (slot < 0)
        return -1;
    if ((size_t)slot >= backtest->half_spreads) {
        const size_t count = 2 * (size_t)slot + 8;
        dec *list = realloc(backtest->half_spread, count * sizeof *list);
        if (list == NULL)
            return error_memory(error);
        for (size_t i = backtest->half_spreads; i < count; i++)
            list[i] = DEC_NONE;
        backtest->half_spread = list;
        backtest->half_spreads = count;
    }
    backtest->half_spread[slot] = (quote->ask - quote->bid) / 2;
    return 0;
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
