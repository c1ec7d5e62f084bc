/* Bars of one symbol put on the basis of the last of them. */
#ifndef TN_FEED_SUPPLY_ADJUST_H
#define TN_FEED_SUPPLY_ADJUST_H

#include "feed/feed.h"

/* Restate the bars among the items (one symbol's, in order) by the actions among them, and take out the actions that
 * are in the prices from then on. EXIT_USAGE when the prices are adjusted for more than is asked: that cannot be
 * undone. */
int merged_feed_adjust(struct feed_item *item, size_t *count, enum adjusted adjusted, struct error *error);

#endif
