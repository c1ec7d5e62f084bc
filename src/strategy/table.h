/* The strategies there are: what each file gives to table.c. */
#ifndef TN_STRATEGY_TABLE_H
#define TN_STRATEGY_TABLE_H

#include "strategy/strategy.h"

extern const struct strategy strategy_sma_cross;
extern const struct strategy strategy_momentum;
extern const struct strategy strategy_mean_reversion;

#endif
