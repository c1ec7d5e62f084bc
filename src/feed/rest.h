/* A source asked over the network, as the feed that tn-quote bars reads: an adapter and the client that carries its
 * questions. */
#ifndef TN_FEED_REST_H
#define TN_FEED_REST_H

#include "adapter/fetch.h"
#include "feed/feed.h"

struct rest {
    struct adapter *adapter;
    struct http *http;
    const char *feed; /* "iex"; "" for the adapter's first */
};

extern const struct feed feed_rest;

/* The source's interval that bars of the request are made of, and the moments it is asked for: `from` is far enough
 * back for request->last bars. EXIT_USAGE when it has no such bars, or when nothing says how far back. */
int rest_range(const struct rest *rest, const struct feed_request *request, struct fetch_query *query,
               struct error *error);

#endif
