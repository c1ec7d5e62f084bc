/* Prices restated backwards. */
#include "market/restate.h"

#include <math.h>

bool restate_action(struct restate_step *step, const struct action *action, unsigned what, double close)
{
    *step = (struct restate_step){action->time, 1, 1};
    if (action->kind == ACTION_SPLIT && (what & RESTATE_SPLITS) != 0 && action->new_shares > 0 &&
        action->old_shares > 0) {
        step->price = (double)action->old_shares / (double)action->new_shares;
        step->volume = 1 / step->price;
        return true;
    }
    if (action->kind != ACTION_DIVIDEND || (what & RESTATE_DIVIDENDS) == 0 || action->cash == DEC_NONE)
        return false;
    const double cash = dec_to_double(action->cash);
    if (!(cash > 0 && cash < close)) /* false for NaN */
        return false;
    step->price = 1 - cash / close;
    return true;
}

void restate_factors(double *price, double *volume, const struct bar *bar, size_t bars,
                     const struct action *const *action, size_t actions, unsigned what, int64_t as_of)
{
    for (size_t i = 0; i < bars; i++)
        price[i] = volume[i] = 1;
    size_t at = 0;
    double split = 1; /* of splits of the same moment, which come before dividends: cash is per share after them */
    for (size_t k = 0; k < actions; k++) {
        struct restate_step step;
        if (as_of != TIME_NONE && action[k]->time > as_of)
            break;
        if (k > 0 && action[k]->time != action[k - 1]->time)
            split = 1;
        if (action[k]->kind == ACTION_SPLIT && action[k]->new_shares > 0 && action[k]->old_shares > 0)
            split *= (double)action[k]->old_shares / (double)action[k]->new_shares;
        while (at < bars && bar[at].time < action[k]->time)
            at++;
        const double close = at == 0 ? NAN : dec_to_double(bar[at - 1].close) * split;
        if (!restate_action(&step, action[k], what, close))
            continue;
        for (size_t i = 0; i < at; i++) {
            price[i] *= step.price;
            volume[i] *= step.volume;
        }
    }
}

/* What such prices have taken up. */
static unsigned taken(enum adjusted adjusted)
{
    switch (adjusted) {
    case ADJUSTED_TOTAL:
        return RESTATE_SPLITS | RESTATE_DIVIDENDS;
    case ADJUSTED_SPLIT:
        return RESTATE_SPLITS;
    case ADJUSTED_DIVIDEND:
        return RESTATE_DIVIDENDS;
    default:
        return 0;
    }
}

unsigned restate_missing(enum adjusted from, enum adjusted to)
{
    return taken(to) & ~taken(from);
}

static bool scale(dec *value, double factor)
{
    if (*value == DEC_NONE)
        return true;
    const double scaled = (double)*value * factor;
    if (!(scaled >= 0.5 && scaled < 9e18))
        return false;
    *value = (dec)nearbyint(scaled);
    return true;
}

bool restate_bar(struct bar *bar, double price, double volume)
{
    if (price == 1 && volume == 1)
        return true;
    bar->volume *= volume;
    return scale(&bar->open, price) && scale(&bar->high, price) && scale(&bar->low, price) &&
           scale(&bar->close, price) && scale(&bar->vwap, price);
}
