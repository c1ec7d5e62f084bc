/* What every strategy has in common: the `short` switch and the protective prices.
 *
 * A strategy's parameter table ends with PROTECT_PARAMETERS; protect_* take a pointer to the first of these four
 * values. Stop and target lie `stop` and `target` average true ranges (Wilder, over `atr` bars) from the close of every
 * bar: they belong to an entry made on that bar, and whoever holds a position keeps those of its entry. */
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
/* clang-format on */

struct protect {
    bool may_short;
    double stop, target; /* in average ranges, 0 for none */
    struct average_range range;
};

/* Bars before the average range is known; 0 when neither stop nor target wants it. */
int protect_lookback(const double *parameter);
void protect_init(struct protect *protect, const double *parameter);
/* Take in a bar; the range is followed only where it is wanted. False while the average range is wanted and not known
 * yet: nothing can be decided then. */
bool protect_step(struct protect *protect, const struct sample *sample);
/* Complete a decision: WANT_SHORT becomes WANT_FLAT where short positions are not allowed; stop and target are set for
 * long and short, with the average range as a reason. A price that would not be positive is left out. */
void protect_finish(const struct protect *protect, const struct sample *sample, struct decision *decision);

/* No side, no prices, no reasons. */
static inline void decision_clear(struct decision *decision)
{
    decision->side = WANT_NONE;
    decision->strength = decision->stop = decision->target = NAN;
    decision->reasons = 0;
}

static inline void decision_reason(struct decision *decision, const char *name, double value, int price_power)
{
    require(decision->reasons < STRATEGY_REASONS_MAX);
    decision->reason[decision->reasons++] = (struct reason){name, value, price_power};
}

#endif
