/* A strategy that is run with many values of its parameters, and one such run. */
#ifndef TN_BACKTEST_SUBJECT_H
#define TN_BACKTEST_SUBJECT_H

#include "backtest/history.h"
#include "base/buf.h"
#include "strategy/rules.h"

/* "sma-cross:stop=0" or "rules/orb.tn": what is named is what does not vary. Another program stands in `use` alone. */
struct subject {
    char *name;              /* of the strategy, or the path of its file; owned */
    bool in_file;            /* rules of a file, whose text is: */
    struct buf rules;        /* owned; kept, so that all runs are of one version of it */
    struct strategy_use use; /* as it was named */
};

int subject_open(struct subject *subject, const char *text, struct error *error);
void subject_close(struct subject *subject); /* harmless on a zeroed one */
/* Do these values fit each other (fast < slow)? */
bool subject_permits(const struct subject *subject, const double *parameter);
/* The instance with these values; strategy_use_clear gives back what it takes. */
int subject_use(const struct subject *subject, const double *parameter, struct strategy_use *use, struct error *error);

/* The instance with its units behind it, as a run takes them; gives their number, 0 on error. None is to be cleared. */
int subject_units(const struct strategy_use *use, struct strategy_use units[static RULE_UNITS_MAX],
                  struct error *error);

/* Where the result of a run goes; its texts live until it returns. */
struct result_sink {
    int (*take)(void *context, const struct result *result, struct error *error);
    int (*trade)(void *context, const struct metrics_trade *trade, struct error *error); /* may be NULL */
    void *context;
};

/* Runs an instance on the terms over a part of a history (NULL: all of it). The terms' strategies and outputs are
 * ignored; the sink may be NULL. The backtest has finished and is the caller's to free; NULL: error. */
struct backtest *subject_run(const struct backtest_options *terms, const struct history *history,
                             const struct strategy_use *use, const struct history_part *part,
                             const struct result_sink *sink, struct error *error);

#endif
