/* What tn-quote bars delivers: bars and corporate actions of many symbols from one source, resampled, cut to the range,
 * without unfinished bars, merged by the moment they became known (market/merge.h). */
#ifndef TN_FEED_SUPPLY_H
#define TN_FEED_SUPPLY_H

#include "feed/actions.h"
#include "feed/feed.h"

struct merged_feed_request {
    const struct feed *feed;
    const struct feed_request *request;
    struct names *symbols;      /* in the order they were named; when empty, all that the source has are added */
    struct action_set *actions; /* beside those of the source; NULL for none */
    bool unwatched;             /* prices that jump are no anomaly */
    bool only_actions;          /* bars are left out of what comes out */
    /* A symbol that cannot be had, or not to its end: 0 to go on with the others (the error is cleared then), or -1 to
     * stop everything with this error. */
    int (*failed)(void *context, const char *symbol, struct error *error);
    void *context;
};

struct merged_feed;

/* The requests must outlive it. */
struct merged_feed *merged_feed_open(const struct merged_feed_request *request, struct error *error);
/* 1: *item is the next one, valid until the next call; 0: no more; -1: stopped. */
int merged_feed_next(struct merged_feed *merged_feed, const struct feed_item **item, struct error *error);
void merged_feed_close(struct merged_feed *merged_feed); /* NULL is allowed */

#endif
