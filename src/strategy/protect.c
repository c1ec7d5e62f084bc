/* The protective prices and the short switch that all strategies share. */
#include "strategy/protect.h"

static bool wants_range(double stop, double target)
{
    return stop > 0 || target > 0;
}

int protect_lookback(const double *parameter)
{
    return wants_range(parameter[PROTECT_STOP], parameter[PROTECT_TARGET]) ? (int)parameter[PROTECT_ATR] : 0;
}

void protect_init(struct protect *protect, const double *parameter)
{
    protect->may_short = parameter[PROTECT_SHORT] != 0;
    protect->stop = parameter[PROTECT_STOP];
    protect->target = parameter[PROTECT_TARGET];
    average_range_init(&protect->range, parameter[PROTECT_ATR]);
}

bool protect_step(struct protect *protect, const struct sample *sample)
{
    if (!wants_range(protect->stop, protect->target))
        return true;
    return !isnan(average_range_push(&protect->range, sample->high, sample->low, sample->close));
}

static double price_or_none(double price)
{
    return price > 0 ? price : NAN;
}

void protect_finish(const struct protect *protect, const struct sample *sample, struct decision *decision)
{
    if (decision->side == WANT_SHORT && !protect->may_short)
        decision->side = WANT_FLAT;
    if (!wants_range(protect->stop, protect->target))
        return;
    const double range = protect->range.smooth.value;
    decision_reason(decision, "atr", range, 1);
    if (decision->side != WANT_LONG && decision->side != WANT_SHORT)
        return;
    const double away = decision->side == WANT_LONG ? range : -range;
    if (protect->stop > 0)
        decision->stop = price_or_none(sample->close - protect->stop * away);
    if (protect->target > 0)
        decision->target = price_or_none(sample->close + protect->target * away);
}
