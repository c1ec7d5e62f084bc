/* The trial ledger: every run and every cell of a sweep, so that the best of many is judged as the best of many.
 *
 * A file of `trial` records, appended under a lock. A run that is in it already is none; nothing that a run writes
 * depends on it. Trials are of one family when they are of one strategy and their symbols and their dates overlap. */
#ifndef TN_BACKTEST_TRIALS_H
#define TN_BACKTEST_TRIALS_H

#include "base/names.h"
#include "record/types.h"
#include "stat/sample.h"

struct trials {
    struct trial *list;
    size_t count, capacity;
    struct names runs; /* an index of the list */
    struct buf *texts; /* of their symbols, one buffer a piece; owned */
    size_t text_count, text_capacity;
    uint64_t bad; /* lines that are no trials */
};

void trials_init(struct trials *trials);
void trials_clear(struct trials *trials);
/* Adds one, unless its run is there: 1 added, 0 known, -1. */
int trials_add(struct trials *trials, const struct trial *trial, struct error *error);
/* Adds those of a file; one that is not there has none. */
int trials_load(struct trials *trials, const char *path, struct error *error);
/* Appends those that the file does not have. Waits for its lock at most some seconds: EXIT_UNAVAILABLE. */
int trials_append(const char *path, const struct trials *trials, struct error *error);
/* The trial of a run, or NULL. */
const struct trial *trials_find(const struct trials *trials, const char *run);

/* From the `metrics` of a result or cell; false: it has no Sharpe ratio, and so is no trial. */
bool trial_from_metrics(struct trial *trial, struct str metrics);

/* A cell of a sweep as a trial, whose symbols are the head's; false as above. */
bool trial_from_cell(struct trial *trial, const struct sweep_head *head, const struct sweep_cell *cell);

struct trial_family {
    uint64_t trials;
    double variance; /* of their ratios, a period */
    double expected; /* the best ratio that so many without skill would have */
    double deflated; /* the probability that this one is above that */
};
void trials_judge(const struct trials *trials, const struct trial *of, struct trial_family *family);

#endif
