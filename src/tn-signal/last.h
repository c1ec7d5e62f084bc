/* Of all levels the last one of each strategy, symbol and interval, for tn-signal run --latest. */
#ifndef TN_SIGNAL_LAST_H
#define TN_SIGNAL_LAST_H

#include "record/flow.h"
#include "strategy/strategy.h"

struct last_levels;

struct last_levels *last_levels_new(struct error *error);
void last_levels_free(struct last_levels *last); /* NULL is allowed */
/* A bar for the number-th strategy. 0, or -1 as runner_bar. */
int last_levels_bar(struct last_levels *last, int number, struct runner *runner, const struct bar *bar,
                    struct error *error);
/* Before an action: what a bar of its symbol has led to is put into words while it can be. */
int last_levels_action(struct last_levels *last, const struct action *action, struct error *error);
/* Writes them, in the order of their bars. */
int last_levels_write(struct last_levels *last, struct flow *flow, struct error *error);

#endif
