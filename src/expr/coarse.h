/* STEP_AT: what an inner program says over the coarser bars that a series' own bars make (`sma(200)@1d`).
 *
 * Coarse bars lie in the calendar as those of market/resample.h do: intraday ones from the session's open on, days of
 * the regular session, weeks and months of the sessions of their dates. A coarse bar is seen from the bar on that ends
 * with it, or, where that one is missing, from the next one on; a first one that was not seen from its beginning is
 * left out. A moment that the calendar does not know belongs to none. */
#ifndef TN_EXPR_COARSE_H
#define TN_EXPR_COARSE_H

#include "expr/program.h"

/* Bytes of state; it comes zeroed to coarse_init. */
size_t coarse_size(const struct program *inner);
void coarse_init(const struct program *inner, void *state);
/* The last figure known at the end of each bar, NaN before there is one. `in` has time, prices and, where the inner
 * program asks for them, volumes. */
void coarse_run(struct program *inner, struct interval interval, void *state, const struct columns *in, double *out);

#endif
