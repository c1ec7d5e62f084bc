/* Ranks sources of signals by their outcomes.
 *
 * Outcomes count that were entered and left; what is still open or was missed is counted apart. A source is ranked by
 * the low end of the interval around its figure, so that few outcomes rank low: by r or return, that of the mean
 * (Student), by hit, that of the share of outcomes above zero (Wilson); see stat/confidence.h. Sources without an
 * interval come last; equal ones by name. The result is the same in whatever order the outcomes came. Pure. */
#ifndef TN_STRATEGY_LEADERS_H
#define TN_STRATEGY_LEADERS_H

#include "record/types.h"

#define LEADERS_ENOUGH 30 /* outcomes, below which a source's figures are too few to judge */

enum leaders_by { LEADERS_BY_R, LEADERS_BY_RETURN, LEADERS_BY_HIT };

struct leaders_terms {
    enum leaders_by by;
    double confidence; /* of the intervals, 0.95 */
    double cost;       /* of a round trip, as a fraction of the entry: taken off every outcome */
};

struct leaders;

struct leaders *leaders_new(const struct leaders_terms *terms, struct error *error);
void leaders_free(struct leaders *leaders);
int leaders_add(struct leaders *leaders, const struct signal_outcome *outcome, struct error *error);
/* Every source, the best first. */
int leaders_rank(struct leaders *leaders, int (*each)(void *context, const struct leader *leader, struct error *error),
                 void *context, struct error *error);

/* The return of an outcome after costs; its R likewise, NaN without a stop. NaN both where it does not count. */
double outcome_return(const struct signal_outcome *outcome, double cost);
double outcome_r(const struct signal_outcome *outcome, double cost);

#endif
