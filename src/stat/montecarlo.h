/* What could have come of the same trades and the same days in another order, or with some of them missing. Pure; a
 * path is a function of its seed and its number alone, to the last bit. */
#ifndef TN_STAT_MONTECARLO_H
#define TN_STAT_MONTECARLO_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum path_method {
    PATH_SHUFFLE,    /* the trades in a random order: the end is the same, the way there is not */
    PATH_MISSED,     /* each trade left out with a probability */
    PATH_BLOCK,      /* the days in blocks of a fixed length, with repetition (circular) */
    PATH_STATIONARY, /* in blocks of random length (Politis and Romano 1994) */
    PATH_JITTER,     /* the strategy again, with values of its parameters nearby: not by path_make */
    PATH_METHODS
};
extern const char *const path_method_names[PATH_METHODS];

/* What is drawn from. */
struct path_source {
    double start; /* money */
    const double *pnl;
    size_t trades;
    const double *returns;
    size_t days;
    double missed;            /* probability */
    double block, stationary; /* lengths */
    double ruin;              /* loss of the start, as a fraction, at which a path is ruined */
    uint64_t seed;
};

/* Return and deepest drawdown, as fractions; did it lose so much of its start at some time? */
struct path {
    double gain, drawdown;
    bool ruined;
};

/* `order` has room for trades. */
void path_make(const struct path_source *source, enum path_method method, uint64_t number, uint32_t *order,
               struct path *path);

/* Sorted: by linear interpolation between ranks (type 7 of Hyndman and Fan). */
double sorted_quantile(const double *sorted, size_t count, double share);

#endif
