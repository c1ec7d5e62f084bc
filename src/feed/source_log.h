/* How sources did, day by day: what they were asked, what failed, how fresh and how true it was. A small database of
 * the user's state; losing it loses no data. */
#ifndef TN_FEED_SOURCE_LOG_H
#define TN_FEED_SOURCE_LOG_H

#include "base/error.h"
#include "base/str.h"

#include <stdint.h>

/* Of one source: a run's, a day's or many days'. Counts but for `took` (ns of all requests) and `newest`. */
struct source_facts {
    struct str source; /* "alpaca:iex", or the title of its section */
    int64_t requests, attempts, failures, bytes, took;
    int64_t symbols, failed; /* asked for bars, and not had */
    int64_t bars, corrected;
    int64_t compared, outliers, missing; /* closes beside those of other sources; bars that two others had */
    int64_t newest;                      /* end of its newest bar; TIME_NONE without one */
    struct str failure;                  /* the last one, in words */
    int64_t days, first;                 /* read: on how many days, the first of them (days since 1970) */
};

/* Add a run's facts to those of a day (days since 1970). Another program's lock is waited for half a second. */
int source_log_add(const char *path, int64_t day, const struct source_facts *facts, size_t count, struct error *error);
/* The sums since a day, by source. A file that is not there has none. */
int source_log_read(const char *path, int64_t since,
                    int (*take)(void *context, const struct source_facts *facts, struct error *error), void *context,
                    struct error *error);

/* The same sums of all sources together, by day: `first` is the day; `source` and `failure` are "". */
int source_log_days(const char *path, int64_t since, int64_t until,
                    int (*take)(void *context, const struct source_facts *facts, struct error *error), void *context,
                    struct error *error);

#endif
