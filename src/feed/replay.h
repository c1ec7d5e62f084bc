/* Recorded records played again: several files merged by the moment their records became known, and bars built from
 * their trades on the way. */
#ifndef TN_FEED_REPLAY_H
#define TN_FEED_REPLAY_H

#include "feed/trade_bars.h"
#include "market/calendar.h"
#include "record/flow.h"

struct replay_request {
    char *const *files;              /* NULL-terminated; "-" is standard input; recordings too (record/reader.h) */
    struct interval bars;            /* INTERVAL_NONE: trades are passed on; else bars come in their place */
    const struct calendar *calendar; /* for bars */
    bool extended;                   /* include bars before and after the session */
    int64_t from, to;                /* only what became known from <= moment < to; TIME_NONE: no bound */
    double speed;                    /* times as fast as it was; 0: as fast as it can be read */
    int64_t grace;                   /* ns that bars wait for trades that come late */
    int64_t official;                /* ns that bars of a day wait for the official close */
    bool complete;                   /* the files hold all there is: their end ends the last bars */
    /* Keeps a record when it returns 1, drops it on 0; -1: the record is bad. NULL keeps all. Control records and
     * corporate actions are always kept. */
    int (*where)(void *context, const struct record *record, struct error *error);
    void *where_context;
};

/* What became of the trades. */
struct replay_counts {
    uint64_t trades, unfinished;
    struct trade_bars_counts bars;
};

/* Writes to `flow` (a producer). Records of one file must be in order; one that is not is passed on where it stands and
 * named as failed. `end` records are taken: a bad status or a failure in one fails this run too. Without --complete and
 * without an `end` at the end of every file, bars that no later record ends are left out (`unfinished`).
 * -1: cannot go on. */
int replay_run(const struct replay_request *request, struct flow *flow, struct replay_counts *counts,
               struct error *error);

#endif
