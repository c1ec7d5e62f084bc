/* Strategies in files: NAME.tn, rules over bars (tn-strategies(7), RULE FILES).
 *
 *     param fast = 10 in 5..50
 *     let trend = close > sma(200)
 *     enter long: ema(fast) crosses above ema(30) and trend
 *     exit long: ema(fast) crosses below ema(30)
 *     stop: close - 2 * atr(14)
 *
 * A strategy made of a file is one like any other, for runner and backtest. */
#ifndef TN_STRATEGY_RULES_H
#define TN_STRATEGY_RULES_H

#include "strategy/strategy.h"

#define RULE_FILE_MAX (64 << 10) /* bytes */

struct rule_set;

/* The instance of a file: `name` is its path, `text` what it holds, `parameters` "fast=5,slow=20" or "". EXIT_USAGE
 * names file and line. strategy_use_clear gives back what it takes. */
int strategy_use_rules(struct strategy_use *use, const char *name, struct str text, const char *parameters,
                       struct error *error);
/* Is "NAME.tn" or "NAME.tn:PARAMETERS" meant, and how long is the name? */
bool rules_are_named(const char *text, size_t *length);

/* For strategy_use: what it does for a strategy of the table. */
void rule_set_free(struct rule_set *set);
int rule_set_lookback(const struct rule_set *set);
size_t rule_set_size(const struct rule_set *set);
void rule_set_init(const struct rule_set *set, void *state);
void rule_set_run(struct rule_set *set, void *state, const struct columns *in, struct levels *levels);

#endif
