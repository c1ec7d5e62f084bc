/* Renko bricks: prices in steps of one size, whatever the time (Nison, "Beyond Candlesticks", 1994, chapter 8). A brick
 * follows in the same direction when the price has gone one size beyond the last one's edge, and in the other when it
 * has gone one size beyond its other edge, so that a turn takes two sizes. Edges are multiples of the size: the first
 * price is rounded to one, half up. */
#ifndef TN_MARKET_RENKO_H
#define TN_MARKET_RENKO_H

#include "base/dec.h"

#include <stdbool.h>

struct renko {
    dec size;
    dec low, high; /* edges of the last brick; both the beginning before the first one; 0 before the first price */
};

/* How many bricks a price completes: above zero rising, below zero falling. The first price begins the count. */
int64_t renko_count(struct renko *renko, dec price);
/* The next brick in a direction. */
void renko_step(struct renko *renko, bool rising, dec *open, dec *close);

#endif
