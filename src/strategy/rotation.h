/* Relative strength of symbols against a benchmark, at the last bar of each.
 *
 * return: close / close[lookback] − 1, by which symbols are ranked (M. Faber, "Relative Strength Strategies for
 * Investing", SSRN 1585517, 2010: sectors by their return of 1 to 12 months). excess: less the benchmark's return over
 * the same bars. ratio: 100 + z(RS, n), with RS = close / close of the benchmark; momentum: 100 + z(ratio / ratio[m] −
 * 1, n), where z(x, n) = (x − mean of the last n) / their standard deviation (÷ n). These two and the four quadrants
 * they make are an approximation that is in public use: the formulas of J. de Kempenaer's relative rotation graphs are
 * not published. Bars count that both have, by their ends; prices are adjusted for splits and dividends. Pure. */
#ifndef TN_STRATEGY_ROTATION_H
#define TN_STRATEGY_ROTATION_H

#include "record/types.h"

struct rotation_terms {
    const char *against; /* the benchmark; lives as long */
    int lookback;        /* bars of the return */
    int n, m;            /* of ratio and momentum */
};

struct rotations;

struct rotations *rotations_new(const struct rotation_terms *terms, struct error *error);
void rotations_free(struct rotations *rotations);
int rotations_bar(struct rotations *rotations, const struct bar *bar, struct error *error);
int rotations_action(struct rotations *rotations, const struct action *action, struct error *error);

/* What became of the symbols. */
struct rotation_counts {
    size_t symbols, ranked, old, young; /* without the newest bar; with too few bars in common */
    bool against;                       /* the benchmark had bars */
};

/* Those of the newest bar of the benchmark that have a return, the highest first, equal ones by symbol; per interval.
 */
int rotations_rank(struct rotations *rotations,
                   int (*each)(void *context, const struct rotation *rotation, struct error *error), void *context,
                   struct rotation_counts *counts, struct error *error);

#endif
