/* Live sources into one stream of records: merged as they become known, which is the order in which they are received;
 * duplicates dropped, gaps named and filled, states told, bars built, and a reader that is slow never waited for. */
#ifndef TN_STREAM_LIVE_H
#define TN_STREAM_LIVE_H

#include "base/names.h"
#include "market/calendar.h"
#include "record/record.h"
#include "stream/connection.h"

struct live_source {
    struct connection_terms terms;
    const char *quote_name; /* how tn-quote -s calls it, for what is missing; NULL: it cannot be asked */
};

struct live_request {
    const struct live_source *source;
    int sources;
    struct interval bars; /* INTERVAL_NONE: trades, quotes and books are written */
    const struct calendar *calendar;
    bool extended;
    int64_t grace;      /* ns that a bar waits for late trades */
    int64_t official;   /* ns that bars of a day wait for the official close, where the source tells it */
    int64_t book_pause; /* ns between two records of a symbol's book, at least */
    size_t queue;       /* bytes */
    bool conflate;
    int64_t quiet; /* ns without anything after which a symbol that is usually busy is stale, at least */
    /* The symbols of a source, at the start and at each SIGHUP: adds them to `symbols`. -1 with EXIT_INPUT keeps those
     * there are. */
    int (*symbols)(void *context, int source, struct names *symbols, struct error *error);
    /* Keeps a market record when it returns 1; NULL keeps all. */
    int (*where)(void *context, const struct record *record, struct error *error);
    void *where_context;
    void (*say)(void *context, int level, const char *text); /* 0: what the user should know; 1: with -v */
    void *context;
};

/* Until SIGINT or SIGTERM, or until no source is left. The exit code; `error` is set where nothing could go on. */
enum exit_code live_run(const struct live_request *request, struct error *error);

#endif
