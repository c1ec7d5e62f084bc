/* The strategies there are: what each file gives to table.c. */
#ifndef TN_STRATEGY_TABLE_H
#define TN_STRATEGY_TABLE_H

#include "strategy/strategy.h"

extern const struct strategy strategy_sma_cross;
extern const struct strategy strategy_momentum;
extern const struct strategy strategy_mean_reversion;
extern const struct strategy strategy_rsi2;
extern const struct strategy strategy_breakout;
extern const struct strategy strategy_volume_breakout; /* in breakout.c */
extern const struct strategy strategy_bollinger_breakout;

#endif
