/* How long live feeds were fresh: what their status records say, for service.db. A feed is fresh while it is connected
 * and none of its symbols is stale. Times are of the monotonic clock. */
#ifndef TN_FEED_FEED_WATCH_H
#define TN_FEED_FEED_WATCH_H

#include "record/types.h"

#include <stdbool.h>

#define FEEDS_WATCHED   16
#define SYMBOLS_WATCHED 256 /* that are stale at a time; what is more changes nothing */

struct watched_feed {
    char source[ID_SIZE];
    bool away;          /* reconnecting or down */
    int64_t since;      /* what came before is counted */
    int64_t total, bad; /* ns, of which not all are kept yet */
};

struct stale_symbol {
    int feed;
    char symbol[SYMBOL_SIZE];
};

struct feed_watch {
    struct watched_feed feed[FEEDS_WATCHED];
    int feeds;
    struct stale_symbol stale[SYMBOLS_WATCHED];
    int stales;
};

void feed_watch_take(struct feed_watch *watch, const struct status *status, int64_t now);
/* Adds the whole seconds until now to the counts of a day (feed/service_log.h, SERVICE_FEED). */
int feed_watch_keep(struct feed_watch *watch, const char *path, int64_t day, int64_t now, struct error *error);

#endif
