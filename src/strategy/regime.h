/* The regime of a market after each closed bar: bull, bear or sideways, calm or volatile, by three rules of tn-expr(7).
 *
 * Bull where the first holds, bear where the second does and the first does not, sideways where neither does; volatile
 * where the third holds, else calm. Nothing is said while one of them is not known. The defaults: the close above a
 * rising average of 200 bars, or below a falling one (after M. Faber, "A Quantitative Approach to Tactical Asset
 * Allocation", Journal of Wealth Management 9:4 (2007) 69, who uses ten months); volatile where the volatility of 20
 * bars is among the highest fourth of the last 252. Pure. */
#ifndef TN_STRATEGY_REGIME_H
#define TN_STRATEGY_REGIME_H

#include "base/buf.h"
#include "market/calendar.h"
#include "record/types.h"

#define REGIME_BULL     "close > sma(200) and sma(200) > sma(200)[20]"
#define REGIME_BEAR     "close < sma(200) and sma(200) < sma(200)[20]"
#define REGIME_VOLATILE "percentrank(hv(20), 252) >= 75"

struct regimes;

/* EXIT_USAGE when a rule cannot be read, or looks at other symbols. The calendar, which may be NULL, lives as long. */
struct regimes *regimes_new(const char *bull, const char *bear, const char *is_volatile,
                            const struct calendar *calendar, struct error *error);
void regimes_free(struct regimes *regimes);
/* 1: *regime is that of the bar, its figures live until the next call; 0: not known yet; -1: error (EXIT_INPUT: the
 * bar). */
int regimes_bar(struct regimes *regimes, const struct bar *bar, struct regime *regime, struct error *error);
int regimes_action(struct regimes *regimes, const struct action *action, struct error *error);
/* Bars a symbol needs before the first regime. */
int regimes_lookback(const struct regimes *regimes);

#endif
