/* What every strategy has in common: the `short` switch and the protective prices.
 *
 * A strategy's parameter table ends with PROTECT_PARAMETERS; protect_* take a pointer to the first of these four
 * values, and its reasons end with PROTECT_REASONS. Stop and target lie `stop` and `target` average true ranges
 * (Wilder, over `atr` bars) from the close of every bar: they belong to an entry made on that bar, and whoever holds a
 * position keeps those of its entry. */
#ifndef TN_STRATEGY_PROTECT_H
#define TN_STRATEGY_PROTECT_H

#include "indicator/smooth.h"
#include "strategy/strategy.h"

enum protect_parameter { PROTECT_SHORT, PROTECT_ATR, PROTECT_STOP, PROTECT_TARGET, PROTECT_COUNT };

/* clang-format off */
#define PROTECT_PARAMETERS                                \
    {"short", 0, 0, 1, true},                             \
    {"atr", 14, 1, INDICATOR_WINDOW_MAX, true},           \
    {"stop", 2, 0, 1000, false},                          \
    {"target", 0, 0, 1000, false}
#define PROTECT_REASONS {"atr", 1, 0}
/* clang-format on */

struct protect {
    bool wanted;   /* stop or target is */
    enum want low; /* what to want of a price that should fall: WANT_SHORT where that is allowed, else WANT_FLAT */
    double stop, target; /* in average ranges, 0 for none */
    struct average_range range;
};

/* Bars before the average range is known; 0 when neither stop nor target wants it. */
int protect_lookback(const double *parameter);
void protect_init(struct protect *protect, const double *parameter);
/* Before the sides are decided: the average range after each of the samples, NaN before it is known; where neither stop
 * nor target wants it nothing is written. */
void protect_follow(struct protect *protect, const struct samples *samples, double *range);

/* Can anything be decided on a bar? Not while the average range is wanted and not known yet. */
static inline bool protect_is_ready(const struct protect *protect, double range)
{
    return !protect->wanted || !isnan(range);
}

/* After the sides are decided: stop and target of the rows from levels->count on, for the positions they want. A price
 * that would not be positive is left out. */
void protect_price(const struct protect *protect, const double *close, const double *range, size_t count,
                   struct levels *levels);

#endif
