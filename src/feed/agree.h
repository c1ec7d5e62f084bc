/* Several sources as one feed: each is read whole, their closes are compared (market/agree.h), and what comes out is
 * the bars of one of them, an anomaly for each that is not believed, and a status for each source that fails. */
#ifndef TN_FEED_AGREE_H
#define TN_FEED_AGREE_H

#include "feed/gather.h"
#include "market/agree.h"

/* One of them, in the order of preference. */
struct agree_source {
    const char *name; /* as the user named it */
    const struct feed *feed;
    struct feed_request request;
    bool knows_actions;         /* it says all splits and dividends that are not in its prices */
    struct action_set *actions; /* beside its own; NULL for none */
    struct error failure;       /* it cannot be had at all */
};

/* How a source did for all symbols of a run. */
struct agree_tally {
    size_t symbols, failed, unfit, behind; /* asked for; not had; not believed; ended before others did */
    size_t compared, outliers, missing;    /* bars */
};

struct agree_sources {
    struct agree_source source[AGREE_PARTS];
    size_t count;
    double tolerance; /* 0.005 is half a percent */
    struct agree_tally tally[AGREE_PARTS];
    /* A status record, at once. */
    int (*status)(void *context, const struct status *status, struct error *error);
    void *context;
};

extern const struct feed feed_agree;

#endif
