/* Finer bars of one symbol in, coarser ones out: 1m to 5m, 15m, 1h, 4h, 1d; 1d to 1w and 1mo; any that fit.
 *
 * Coarse bars lie in the slots of the calendar: intraday ones are anchored at the session's open and cut at its close,
 * days take the regular session only, weeks and months the sessions of their dates. Only complete bars come out: with
 * the fine bar that ends them, or, when that one is missing, with the next one or resample_advance. The first coarse
 * bar of all is left out when the input begins within it. So the output for the first part of an input is always the
 * first part of the output for all of it.
 *
 * Volume and trades are sums (unknown when one of them is); vwap is weighted by volume and known when it is in all
 * parts. `adjusted` and `source` are those of the first part. */
#ifndef TN_MARKET_RESAMPLE_H
#define TN_MARKET_RESAMPLE_H

#include "market/bar_times.h"

struct resample {
    struct interval interval;
    const struct calendar *calendar; /* the caller's */
    bool extended;                   /* intraday: bars outside of the session count, in slots of their own */
    bool open;                       /* `bar` has parts */
    bool whole;                      /* and its beginning was seen */
    int64_t newest;                  /* end of the last fine bar, INT64_MIN before the first */
    struct bar bar;
    double weighted; /* sum of vwap × volume */
};

/* EXIT_USAGE for an interval that has no place in the calendar (tick:N, 5d). */
int resample_init(struct resample *resample, struct interval interval, const struct calendar *calendar, bool extended,
                  struct error *error);
/* How many complete bars came out into out[]: 0, 1 or 2. -1 (EXIT_INPUT) for a bar that is not finer, does not fit into
 * one coarse bar, is out of order, or lies where the calendar has no session. */
int resample_push(struct resample *resample, const struct bar *bar, struct bar out[static 2], struct error *error);
/* A split between two parts of one coarse bar: what is in it so far is put on the basis of the new shares (prices
 * rounded half-even), so that the bar's prices belong together. Other actions change nothing. */
void resample_action(struct resample *resample, const struct action *action);
/* Time has come to a moment: 1 when that completes the open bar. */
int resample_advance(struct resample *resample, int64_t moment, struct bar *out);

#endif
