/* What a sweep varies: ranges of a strategy's parameters, and the cells that they make.
 *
 *     grid_init(&grid, strategy, GRID_ALL, 0, seed);
 *     grid_add(&grid, "fast=5..50/5", error); grid_add(&grid, "source=close,hl2", error);
 *     grid_begin(&grid, error);
 *     grid_values(&grid, cell, attempt, parameter);
 *     grid_clear(&grid);
 *
 * The values of a cell follow from its number, the seed and the ranges alone, so that any part of the cells can be
 * worked out anywhere. A step is exact: 0.1..0.5/0.1 has 0.3 and not 0.30000000000000004. Pure. */
#ifndef TN_STRATEGY_GRID_H
#define TN_STRATEGY_GRID_H

#include "base/buf.h"
#include "base/dec.h"
#include "strategy/strategy.h"

#define GRID_CELLS_MAX    10000000
#define GRID_VALUES_MAX   1000000 /* of one range */
#define GRID_ATTEMPTS_MAX 1000    /* drawings for a random cell that a constraint lets through */

enum grid_method {
    GRID_ALL,    /* every combination; the last range changes first */
    GRID_RANDOM, /* each cell drawn by itself */
    GRID_LATIN   /* a Latin hypercube: each range is cut into as many parts as there are cells, and each part is used
                    once (M. McKay, R. Beckman and W. Conover, Technometrics 21, 1979) */
};

/* LOW..HIGH/STEP, or a list of values. */
struct range {
    int parameter;      /* of the strategy */
    dec low, step;      /* where `value` is NULL: low + k × step */
    double *value;      /* owned */
    uint64_t count;     /* values */
    uint32_t *place;    /* GRID_LATIN: the part that each cell has; owned */
    char text[64 + 16]; /* as it was given, behind the '=' */
};

struct grid {
    const struct strategy *strategy;
    enum grid_method method;
    uint64_t seed, cells; /* GRID_ALL: worked out by grid_begin */
    struct range range[STRATEGY_PARAMS_MAX];
    int ranges;
};

/* The strategy must outlive it. `cells`: how many are drawn; GRID_ALL has as many as there are. */
void grid_init(struct grid *grid, const struct strategy *strategy, enum grid_method method, uint64_t cells,
               uint64_t seed);
void grid_clear(struct grid *grid);
/* Does a word look like a range: NAME=…? */
bool grid_is_range(const char *text);
/* "fast=5..50/5", "fast=5..50" (steps of 1 where the parameter is whole; where values are drawn, of a thousandth of the
 * width or less), "fast=5,10,20", "source=close,hl2". EXIT_USAGE says what is wrong. */
int grid_add(struct grid *grid, const char *text, struct error *error);
/* The ranges of all parameters that say in which they are meaningful to be swept: those of a rule file, `param fast =
 * 10 in 5..50 step 5`. */
int grid_add_own(struct grid *grid, struct error *error);
/* All ranges are there. */
int grid_begin(struct grid *grid, struct error *error);
/* Sets the parameters that vary. `attempt` counts from 0 where a random cell is drawn again; elsewhere it is 0. */
void grid_values(const struct grid *grid, uint64_t cell, uint64_t attempt, double *parameter);
/* {"fast":"5..50/5","slow":"20..200/10"} */
void grid_json(const struct grid *grid, struct buf *out);

#endif
