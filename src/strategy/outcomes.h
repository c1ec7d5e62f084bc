/* Follows signals to their outcomes: what would have become of each, traded or not, had it been taken at the first
 * open that it could be taken at.
 *
 *     outcomes_signal(outcomes, &signal, error);    … early or in its place among the bars
 *     outcomes_bar(outcomes, &bar, error);          … calls `emit` with each outcome that is complete
 *     outcomes_finish(outcomes, error);             … and with what is still open
 *
 * The rules are those of fills in order/manager.h, of one unit and without costs. A signal that wants a position is an
 * opportunity; it is entered at the open of the first bar that opens at its time or later, if that opens before the
 * close of the first session that ends after the signal, and neither that open nor the signal's own price is beyond
 * the stop. It is left
 *     at the open when its source, in its symbol, wanted flat or the other side at that moment or before; else
 *     at the open when that is at the stop or beyond it, or better than the target; else
 *     at the stop when the bar touches it: first, when the bar holds both, as nobody knows which came first; else
 *     at the target when the bar trades through it, not in the bar of the entry; else
 *     at the close of the last bar that it may last.
 * A level is repeated under one id: the first record counts, with its stop and target.
 *
 * Excursions are of the bars from the entry to the exit. Of the bar of the exit only what surely was before it counts
 * in favour, and all that may have been counts against: after a stop its open and the stop; after a target the target
 * and its low (of a short, high); after an exit at the open, the open.
 *
 * Splits keep entry, stop and target in the basis of the signal's day. Dividends are paid to a long position and by a
 * short one, and lower the stop of a long and the target of a short one by their cash (FINRA Rule 5330). Bars that say
 * they are adjusted are taken as they are. Pure. */
#ifndef TN_STRATEGY_OUTCOMES_H
#define TN_STRATEGY_OUTCOMES_H

#include "market/symbol_calendars.h"
#include "record/types.h"

#define OUTCOMES_AFTER_MAX 8
#define OUTCOMES_BARS_MAX  100000

struct outcome_terms {
    const struct calendar *calendar;          /* lives as long, … */
    const struct symbol_calendars *calendars; /* … as do those of symbols that have one of their own; NULL: none has */
    struct interval interval;                 /* of the bars to measure by; INTERVAL_NONE: the signal's own, and of one
                                                 without the first that its symbol has */
    int64_t most;                             /* bars; the exit is at the close of that one. 0: no limit */
    int64_t after[OUTCOMES_AFTER_MAX];        /* R after so many bars, rising */
    int afters;
    int (*emit)(void *context, const struct signal_outcome *outcome, struct error *error);
    void *context;
};

struct outcomes;

struct outcomes *outcomes_new(const struct outcome_terms *terms, struct error *error);
void outcomes_free(struct outcomes *outcomes);
/* EXIT_INPUT for one of before the last bar of its symbol: it comes too late. */
int outcomes_signal(struct outcomes *outcomes, const struct signal *signal, struct error *error);
int outcomes_action(struct outcomes *outcomes, const struct action *action, struct error *error);
/* EXIT_INPUT for a bar that is not after the last one of its symbol and interval. */
int outcomes_bar(struct outcomes *outcomes, const struct bar *bar, struct error *error);
/* What is not complete, by symbol, then in the order of the signals. */
int outcomes_finish(struct outcomes *outcomes, struct error *error);
/* How many that were; and of them, how many no bar was measured by. */
uint64_t outcomes_open(const struct outcomes *outcomes, uint64_t *unseen);

#endif
