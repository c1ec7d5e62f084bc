/* Drawing paths, and telling what came of them. */
#ifndef TN_BACKTEST_MONTECARLO_H
#define TN_BACKTEST_MONTECARLO_H

#include "stat/montecarlo.h"
#include "tn-backtest/study.h"

struct montecarlo {
    struct study study;
    struct path_source source;
    double *pnl, *returns;
    size_t pnl_capacity;
    char run_id[ID_SIZE];
    double gain, drawdown, jitter, goal;
    uint64_t paths;
    enum path_method method; /* that is being drawn */
    struct path *path;
    uint32_t *order;
    struct progress *progress;
    uint64_t done;
    bool wanted[PATH_METHODS];
};

/* The record of the paths of one method, all drawn, and a line about them. */
int montecarlo_write(struct montecarlo *all, struct error *error);

#endif
