/* How the desk did, day by day: how long it was well, what checks found, how soon signals and orders followed their
 * records. service.db is a small database of the user's state; losing it loses no trade. Days are of UTC. */
#ifndef TN_FEED_SERVICE_LOG_H
#define TN_FEED_SERVICE_LOG_H

#include "base/error.h"
#include "base/str.h"
#include "record/flow.h"

#include <stdint.h>

#define SERVICE_LOG_FILE  "service.db" /* in the folder of the user's state */
#define SERVICE_SIGNALS   "signals"
#define SERVICE_ORDERS    "orders"
#define SERVICE_FEED      "feed"
#define SIGNALS_LATE      (INT64_C(1000000000)) /* ns: what is slower than this is late */
#define ORDERS_LATE       (INT64_C(100000000))
#define SERVICE_NAME_SIZE 160

/* Of one measure and subject, on one day. What `n` and the others count is the measure's:
 *     up               seconds that were watched; bad: of these the desk was not well, or nobody looked
 *     check            subject: the check; how often it was made; bad: it failed
 *     trouble          subject: the check and what it is about; how often it began to fail
 *     limit            subject: account and limit; how often it was looked at; bad: all of it was used
 *     breach           subject: account and limit; how often all of it began to be used
 *     job              subject: job and account; runs; bad: runs that failed
 *     feed             subject: the source of a live feed; seconds; bad: it was away, or a symbol of it stale
 *     signals, orders  turns; bad: late ones; total and worst in ns */
struct service_count {
    const char *measure, *subject;
    int64_t n, bad, total, worst;
};

struct service_log;

/* Makes the file when it is not there, and begins a transaction; another program's lock is waited for half a second. */
struct service_log *service_log_open(const char *path, struct error *error);
/* Without a commit nothing of it is kept. NULL is allowed. */
void service_log_close(struct service_log *log);
int service_log_commit(struct service_log *log, struct error *error);
/* Added to the counts of a day (days since 1970). */
int service_log_count(struct service_log *log, int64_t day, const struct service_count *count, struct error *error);
/* A number that is remembered from one run to the next; TIME_NONE when it never was. */
int service_log_recall(struct service_log *log, const char *name, int64_t *value, struct error *error);
int service_log_remember(struct service_log *log, const char *name, int64_t value, struct error *error);

/* Every count of the days since ≤ day < until, by day. A file that is not there has none. */
int service_log_read(const char *path, int64_t since, int64_t until,
                     int (*take)(void *context, int64_t day, const struct service_count *count, struct error *error),
                     void *context, struct error *error);

/* What a filter's turns took, added to the counts of today. Nothing where there were none. */
int service_log_times(const char *path, const char *measure, const struct flow_times *times, struct error *error);

#endif
