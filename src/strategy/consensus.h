/* Many sources of signals into one.
 *
 * Of each symbol the latest level of every source is kept. After each moment in which a source spoke, they vote: a
 * level counts for long, short or flat with weight w × d. w is the source's, by its outcomes known at that moment: with
 * n of them and a mean figure m (R, or the return) it is w = (1 − s) + s × max(m, 0) / M,    s = 0 for n <= 30, else 1
 * − 30 / n M being the mean of max(m, 0) over the sources of the symbol that have more than 30: the weights are equal
 * until there is a record to go by, and turn to it as that grows. Where no source has made anything, they stay equal. d
 * is ½ for each half-life since the level was decided; a vote whose d is below 1/16 is given no more.
 *
 * With L, S and F the sums of the weights, and T = L + S + F, the side with more weight, long or short, is wanted where
 *     net        |L − S| / T        reaches the agreement
 *     majority   max(L, S) / T      does
 *     veto       as majority, and nobody is on the other side
 * else flat; nothing is said while fewer sources than the quorum have a vote. Pure. */
#ifndef TN_STRATEGY_CONSENSUS_H
#define TN_STRATEGY_CONSENSUS_H

#include "record/types.h"

enum conflict_rule { CONFLICT_MAJORITY, CONFLICT_NET, CONFLICT_VETO };
enum weight_rule { WEIGHT_BY_R, WEIGHT_BY_RETURN, WEIGHT_EQUAL };

struct consensus_terms {
    const char *name;  /* the strategy of what comes out; lives as long */
    double agreement;  /* a share, (0, 1] */
    int64_t quorum;    /* sources */
    int64_t half_life; /* nanoseconds; 0: levels do not age */
    enum conflict_rule conflict;
    enum weight_rule weight;
    int (*emit)(void *context, const struct signal *signal, struct error *error);
    void *context;
};

struct consensus;

struct consensus *consensus_new(const struct consensus_terms *terms, struct error *error);
void consensus_free(struct consensus *consensus);
/* Signals come in the order of their times (EXIT_INPUT else). Those of `name` itself are left out. */
int consensus_signal(struct consensus *consensus, const struct signal *signal, struct error *error);
/* Outcomes count from their time on, in whatever order they come. */
int consensus_outcome(struct consensus *consensus, const struct signal_outcome *outcome, struct error *error);
/* Time has come to a moment: all of before it is complete, and is voted on, by symbol. INT64_MAX at the end. */
int consensus_advance(struct consensus *consensus, int64_t time, struct error *error);
/* Votes that fewer sources than the quorum took part in. */
uint64_t consensus_silent(const struct consensus *consensus);

#endif
