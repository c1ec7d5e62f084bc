/* What a merged feed delivers, read whole and kept by symbol: for who must see all of it at once. */
#ifndef TN_FEED_GATHER_H
#define TN_FEED_GATHER_H

#include "feed/merged_feed.h"

struct gathered_series {
    struct bar *bar; /* in order of time */
    size_t count, capacity;
    struct action_set actions;
    struct error failure; /* set: the symbol cannot be had */
};

struct gathered {
    struct names symbols;
    struct gathered_series *series; /* by symbol */
    size_t capacity;
};

void gathered_init(struct gathered *gathered);
void gathered_clear(struct gathered *gathered);
/* Read everything; prices that jump are left as they are. `symbols` gets those of the source when it is empty. A symbol
 * that fails says so in its series; -1 when the source as a whole fails, or the machine. */
int gather(struct gathered *gathered, const struct feed *feed, const struct feed_request *request,
           struct names *symbols, struct action_set *actions, struct error *error);

#endif
