/* The inside of the feed of sources over the network, for the files that make it up; others use rest.h. */
#ifndef TN_FEED_REST_PARTS_H
#define TN_FEED_REST_PARTS_H

#include "feed/rest.h"

struct rest_series {
    struct bar *bar;
    size_t count, capacity;
    struct action_set actions;
    bool sorted;
    struct error failure; /* set: the symbol cannot be had */
    struct cache_series kept;
    struct cache_range done; /* asked for by this run; nothing when from is to */
    bool actions_done;
    bool bad; /* a record of the last answer made no sense */
};

struct rest_source {
    const struct feed_request *request;
    const struct rest *rest;
    struct names symbols; /* that were asked for */
    struct rest_series *series;
    struct interval interval;
    char name[ID_SIZE]; /* for `source`: "alpaca:iex" */
    size_t live;        /* rows left out */
};

/* Ask for a command's records of the query's symbols; they go to the symbols' series, behind what is there. */
int rest_fetch(struct rest_source *source, struct fetch_query *query, const char *command, struct error *error);
/* Are the corporate actions asked for by themselves? */
bool rest_asks_actions(const struct adapter *adapter);
/* Fill the series of all symbols, from the cache as far as it goes. *broken: the failure is the cache's. */
int rest_prepare_cached(struct rest_source *source, const struct fetch_query *query, bool *broken, struct error *error);

/* Bars in order of time, each time once. */
void rest_series_sort(struct rest_series *series);
/* As nothing had been asked. */
void rest_series_clear(struct rest_series *series);

#endif
