/* One signal followed through the bars after it; the rules are in outcomes.h. */
#ifndef TN_STRATEGY_OPPORTUNITY_H
#define TN_STRATEGY_OPPORTUNITY_H

#include "base/buf.h"
#include "strategy/outcomes.h"

/* Prices are counts of 1e-8 in the basis of the signal's day: raw price × factor. */
struct opportunity {
    struct signal_outcome outcome; /* what is known so far */
    struct opportunity *next;
    int source;
    enum { OPPORTUNITY_WAITING, OPPORTUNITY_IN, OPPORTUNITY_LEFT } stage;
    int64_t time;        /* of the signal */
    int64_t expires;     /* not entered at this moment or later */
    int64_t ends;        /* since when its source wants something else; TIME_NONE */
    double factor, paid; /* shares for one of the signal's day; dividends of such a share since the entry */
    double price, entry, stop, target; /* the first is what the signal was decided on; NaN where there is none */
    double risk;                       /* from the entry to the stop as it was then; NaN without one */
    double favour, against;            /* the furthest moves from the entry, >= 0 */
    double worth;                      /* of the share and its dividends at the exit, or at the last close */
    int64_t bars;                      /* since the entry, its own included */
    double after[OUTCOMES_AFTER_MAX];  /* worth - entry, signed by the side */
};

/* One bar, and when its trading opened. */
struct opportunity_bar {
    int64_t opens, end;
    dec open, high, low, close;
    bool split; /* a split came within it: high and low are of both bases */
};

void opportunity_init(struct opportunity *opportunity, const struct signal *signal, int64_t expires);
/* True when nothing more is to be learned: the outcome is complete. */
bool opportunity_step(struct opportunity *opportunity, const struct opportunity_bar *bar,
                      const struct outcome_terms *terms);
void opportunity_split(struct opportunity *opportunity, int64_t new_shares, int64_t old_shares);
void opportunity_dividend(struct opportunity *opportunity, dec cash);
/* Ends what was not left yet, at a last close (DEC_NONE: none) known at `time`. */
void opportunity_end(struct opportunity *opportunity, enum outcome_end ended, dec close, int64_t time);
/* Works the outcome's figures out; its objects are written into `text`, and live as long as that. */
int opportunity_finish(struct opportunity *opportunity, const struct outcome_terms *terms, struct buf *text,
                       struct error *error);

#endif
