/* tn-backtest run --fills range: the same run under two more fill models, one that hopes and one that fears. */
#ifndef TN_BACKTEST_RANGE_H
#define TN_BACKTEST_RANGE_H

#include "backtest/history.h"

/* The runs beside the one that writes its records. */
struct range {
    const struct fill_model *base;
    struct backtest *low, *high; /* pessimistic, optimistic; NULL: no range was asked for */
    struct buf text;
};

/* `options` are those of the base; what these runs do nobody hears of. range_clear also after a failure. */
int range_open(struct range *range, const struct backtest_options *options, struct error *error);
void range_clear(struct range *range);
/* Something that the base has taken: `take` does it to each of the two. What one of them refuses, though the base did
 * not, ends the run. */
int range_take(struct range *range, int (*take)(struct backtest *backtest, void *context, struct error *error),
               void *context, struct error *error);
/* Both are finished, the base's figures too: the `range` object of its result. The text lives until range_clear. */
int range_write(struct range *range, const struct metrics *base, struct str *text, struct error *error);

#endif
