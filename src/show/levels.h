/* Where prices turned more than once: proposals for support and resistance.
 *
 * A turn is a bar whose high (low) is the highest (lowest) of the bars up to LEVEL_REACH before and after it. Turns
 * whose prices lie within half a mean true range of each other are one level, at their mean (J. Murphy, "Technical
 * Analysis of the Financial Markets", 1999, ch. 4: the more often and the later it was touched, the more it counts). */
#ifndef TN_SHOW_LEVELS_H
#define TN_SHOW_LEVELS_H

#include "base/error.h"
#include "show/chart.h"

#define LEVEL_REACH 5

struct level {
    double price;
    int touches;  /* at least 2 */
    int64_t last; /* start of the bar that touched it last */
    bool support; /* below the last close */
};

/* The levels that were touched most, the later the better, at most `most`, from the highest price to the lowest: how
 * many, or -1 when out of memory. */
int levels_find(const struct chart_bar *bar, size_t bars, struct level *level, int most, struct error *error);

#endif
