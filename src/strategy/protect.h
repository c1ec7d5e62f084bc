/* What every strategy has in common: the `short` switch and the protective prices.
 *
 * A strategy's parameter table ends with PROTECT_PARAMETERS; protect_* take a pointer to the first of these four
 * values, its last need is protect_need, and its reasons end with PROTECT_REASONS. Stop and target lie `stop` and
 * `target` average true ranges (Wilder, over `atr` bars) from the close of every bar: they belong to an entry made on
 * that bar, and whoever holds a position keeps those of its entry. */
#ifndef TN_STRATEGY_PROTECT_H
#define TN_STRATEGY_PROTECT_H

#include "strategy/strategy.h"

#include <math.h>

enum protect_parameter { PROTECT_SHORT, PROTECT_ATR, PROTECT_STOP, PROTECT_TARGET, PROTECT_COUNT };

/* clang-format off */
#define PROTECT_PARAMETERS                                \
    PARAMETER_COUNT("short", 0, 0, 1),                    \
    PARAMETER_WINDOW("atr", 14, 1),                       \
    PARAMETER_NUMBER("stop", 2, 0, 1000),                 \
    PARAMETER_NUMBER("target", 0, 0, 1000)
#define PROTECT_REASONS {"atr", 1}
/* clang-format on */

struct protect {
    bool wanted;   /* stop or target is */
    enum want low; /* what to want of a price that should fall: WANT_SHORT where that is allowed, else WANT_FLAT */
    double stop, target; /* in average ranges, 0 for none */
};

/* The average range, where stop or target wants it: writes the need and gives 1, else 0. */
int protect_need(const double *parameter, struct need *need);
void protect_init(struct protect *protect, const double *parameter);

/* Can anything be decided on the i-th bar? Not while the average range, whose column is `range`, is not known yet; NULL
 * where it is not wanted. */
static inline bool protect_is_ready(const double *range, size_t i)
{
    return range == NULL || !isnan(range[i]);
}

/* After the sides are decided: stop and target of the rows from levels->count on, for the positions they want, and the
 * range as their reason number `reason`. A price that would not be positive is left out. */
void protect_price(const struct protect *protect, const double *close, const double *range, size_t count, int reason,
                   struct levels *levels);

#endif
