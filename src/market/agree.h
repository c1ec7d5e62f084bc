/* What several sources say of one symbol, and whom to believe.
 *
 * The closes of a bar, put on one basis of splits and dividends, are compared: their median is the consensus, and a
 * close that is farther from it than the tolerance is an outlier. Of two that differ nobody knows which is wrong.
 * Highs, lows and volumes differ between feeds and are not compared. Which source the bars come from is decided by the
 * order of the parts; the consensus is never written into a bar. */
#ifndef TN_MARKET_AGREE_H
#define TN_MARKET_AGREE_H

#include "record/types.h"

#include <stddef.h>

enum { AGREE_PARTS = 8 };

/* What one source gave: bars and actions in order of time, of the same interval. */
struct agree_part {
    enum adjusted adjusted;
    const struct bar *bar;
    size_t bars;
    const struct action *const *action;
    size_t actions;
    bool knows_actions; /* there are no others between its bars */
};

enum agreed_how {
    AGREED_YES,      /* the bar of the chosen source, which agrees with the others, or is the only one */
    AGREED_REPLACED, /* the chosen source's close is an outlier: the bar of the next source that agrees */
    AGREED_FILLED,   /* the chosen source has no bar, at least two others have and agree */
    AGREED_WITHHELD  /* nobody knows what is true, or no other bar stands on the same basis */
};

struct agreed {
    enum agreed_how how;
    size_t part;               /* whose bar it is; of a withheld one the chosen source, or who has it */
    const struct bar *bar;     /* the part's */
    const struct bar *refused; /* the chosen source's, when another stands in its place or it is withheld */
    double consensus;          /* the median, on the basis of the chosen source's bar */
    double delta[AGREE_PARTS]; /* close / median − 1 of each part; NaN: it has no bar, or none that can be compared */
    bool outlier[AGREE_PARTS];
};

/* Of one part: how it did. */
struct agree_score {
    size_t compared, outliers, missing; /* missing: bars that at least two others have */
    size_t behind;                      /* of these, after its own last bar */
};

struct agreement {
    struct agreed *row; /* by time */
    size_t rows, capacity;
    struct agree_score score[AGREE_PARTS];
    size_t chosen;   /* AGREE_PARTS: none can be believed */
    size_t doubtful; /* rows where nobody knows what is true */
};

/* Parts in the order of preference; those without a bar count as absent. Fails only for want of memory. The bars must
 * stay as long as the agreement. */
int agree(struct agreement *agreement, const struct agree_part *part, size_t parts, double tolerance,
          struct error *error);
void agreement_clear(struct agreement *agreement);
/* More than one in twenty closes, and more than one, is an outlier. */
bool agree_is_unfit(const struct agree_score *score);

#endif
