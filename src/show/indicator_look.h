/* How indicators are drawn: over the candles or in a panel, between which bounds, as bars. */
#ifndef TN_SHOW_INDICATOR_LOOK_H
#define TN_SHOW_INDICATOR_LOOK_H

#include "indicator/indicator.h"

#include <stdbool.h>

enum indicator_place { PLACE_BY_VALUES, PLACE_OVER, PLACE_PANEL }; /* BY_VALUES: over the candles where it fits there */

struct indicator_look {
    enum indicator_place place;
    const double *bound; /* lines that its panel always has */
    int bounds;
    bool histogram;
    int band; /* how many outputs further on its partner is, which encloses an area with it; 0: none */
};

struct indicator_look indicator_look(const struct indicator *indicator, int output);

#endif
