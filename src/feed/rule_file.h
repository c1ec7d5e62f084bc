/* Opening a strategy that a user names: one of the table, or a rule file. */
#ifndef TN_FEED_RULE_FILE_H
#define TN_FEED_RULE_FILE_H

#include "strategy/strategy.h"

/* "sma-cross:fast=20", or "rules/orb.tn:minutes=30", which is read. strategy_use_clear gives back what it takes. */
int strategy_open(struct strategy_use *use, const char *text, struct error *error);

#endif
