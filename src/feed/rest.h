/* A source asked over the network, as the feed that tn-quote bars reads: an adapter and the client that carries its
 * questions. */
#ifndef TN_FEED_REST_H
#define TN_FEED_REST_H

#include "adapter/fetch.h"
#include "feed/cache.h"

struct rest {
    struct adapter *adapter;
    struct http *http;
    const char *feed;    /* "iex"; "" for the adapter's first */
    struct cache *cache; /* NULL: nothing is kept, all is asked for */
    bool offline;        /* only what the cache has; nobody is asked */
    bool fresh;          /* all is asked for again, and compared with what is kept */
    int64_t clock;       /* the wall clock, which may be another moment than the request's present */
};

extern const struct feed feed_rest;

/* The source's interval that bars of the request are made of, and the moments it is asked for: `from` is far enough
 * back for request->last bars. EXIT_USAGE when it has no such bars, or when nothing says how far back. */
int rest_range(const struct rest *rest, const struct feed_request *request, struct fetch_query *query,
               struct error *error);

#endif
