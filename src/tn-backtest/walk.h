/* Walking forward: its windows, and its result. */
#ifndef TN_BACKTEST_WALK_H
#define TN_BACKTEST_WALK_H

#include "tn-backtest/study.h"

/* One choice and what came of it; windows are days, from ≤ d < until. */
struct window {
    size_t train_from, train_until, begin, test_from, test_until; /* from `begin` to test_from nothing is traded */
    double best;                                                  /* of the objective */
    uint64_t cell;                                                /* that has it */
    double train_mean;                                            /* return of a period, as chosen */
};

struct walk {
    struct study study;
    struct objective objective;
    int64_t *day; /* the first moment of each day with bars */
    size_t days;
    uint64_t *cell;
    size_t cells, cell_capacity;
    struct window *window;
    size_t windows;
    struct progress *progress;
    char id[ID_SIZE];
    struct metrics metrics;     /* of all days traded, one after the other */
    double test_sum, train_sum; /* of the yearly means, for the efficiency */
    size_t compared;
    struct buf figures[2]; /* metrics of the window that is being told */
};

/* walk_result.c: the `params` object of its result / its name, by all that decides its output / the result of all days
 * traded. */
void walk_add_params(const struct walk *walk, struct buf *out);
int walk_name(struct walk *walk, struct str params, struct error *error);
int walk_write_result(struct walk *walk, struct error *error);
/* In words, on standard error. */
void walk_tell(const struct walk *walk);

#endif
