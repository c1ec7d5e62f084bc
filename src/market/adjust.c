/* Cumulative forward factors of splits and dividends. */
#include "market/adjust.h"

#include <math.h>

void adjust_init(struct adjust *adjust)
{
    *adjust = (struct adjust){1, 1};
}

bool adjust_action(struct adjust *adjust, const struct action *action, double *close)
{
    if (action->kind == ACTION_SPLIT && action->new_shares > 0 && action->old_shares > 0) {
        double new_shares = (double)action->new_shares, old_shares = (double)action->old_shares;
        adjust->price = adjust->price * new_shares / old_shares;
        adjust->volume = adjust->volume * old_shares / new_shares;
        *close = *close * old_shares / new_shares;
        return true;
    }
    if (action->kind == ACTION_DIVIDEND && action->cash != DEC_NONE && action->cash > 0) {
        double cash = dec_to_double(action->cash);
        if (!isfinite(*close) || *close <= cash)
            return false;
        adjust->price = adjust->price * *close / (*close - cash);
        *close -= cash;
        return true;
    }
    return false;
}
