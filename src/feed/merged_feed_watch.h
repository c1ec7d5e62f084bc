/* Watches the bars of a symbol for jumps that no action explains. */
#ifndef TN_FEED_SUPPLY_WATCH_H
#define TN_FEED_SUPPLY_WATCH_H

#include "feed/feed.h"

struct merged_feed_watch {
    dec close;    /* of the last bar, on the basis of the actions since; 0 before the first */
    int64_t date; /* of its session */
};

/* A corporate action: what it does to prices is expected from the next bar on. */
void merged_feed_watch_action(struct merged_feed_watch *watch, const struct action *action);
/* The next bar: 1 when its open jumps from the session before as by a split or another unit, or its high or low is no
 * price of the bar, and the user has not accepted that; *anomaly says so. 0: it does not. */
int merged_feed_watch_bar(struct merged_feed_watch *watch, const struct bar *bar, const struct feed_request *request,
                          struct anomaly *anomaly);
/* Tells the user, with what can be done. */
void merged_feed_watch_warn(const struct anomaly *anomaly, const struct feed_request *request);

#endif
