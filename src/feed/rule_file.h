/* Opening a strategy that a user names: one of the table, a rule file, or another program. */
#ifndef TN_FEED_RULE_FILE_H
#define TN_FEED_RULE_FILE_H

#include "base/command.h"
#include "base/config.h"
#include "strategy/strategy.h"

/* Calls `each` with the names of the rule files that come with the programs ("pair.tn"), sorted, until it fails. */
int strategy_each_file(int (*each)(void *context, const char *name, struct error *error), void *context,
                       struct error *error);

/* "sma-cross:fast=20", or "rules/orb.tn:minutes=30", which is read; a bare name that
 * is no file here is one of those. strategy_use_clear gives back what it takes. */
int strategy_open(struct strategy_use *use, const char *text, struct error *error);

/* The same text with the path of its rule file, where that is one of those; NULL: out of memory. The caller frees it.
 */
char *strategy_locate(const char *text);

/* Several of them, each with its units behind it. EXIT_USAGE for an instance that is named twice. */
struct strategies {
    struct strategy_use *use;
    int count;
    size_t capacity;
};
int strategies_open(struct strategies *strategies, char *const *text, int count, struct error *error);
/* One that is open, with its units: theirs from now on, also when it is refused. */
int strategies_add(struct strategies *strategies, struct strategy_use *use, struct error *error);
/* Harmless on a zeroed one. */
void strategies_close(struct strategies *strategies);
/* --exec and --answer-within, for commands that run strategies. */
extern const struct option_spec strategy_exec_options[];
/* How many programs --exec names. */
int strategy_execs(const struct invocation *invocation);
/* The index-th of them. The time it has is that of --answer-within, or of the setting. */
int strategy_open_exec(struct strategy_use *use, const struct invocation *invocation, int index,
                       const struct config *config, struct error *error);
/* All of them, behind those that are open. */
int strategies_open_execs(struct strategies *strategies, const struct invocation *invocation,
                          const struct config *config, struct error *error);

#endif
