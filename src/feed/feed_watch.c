/* The seconds in which live feeds were fresh and were not. */
#include "feed/feed_watch.h"

#include "base/time.h"
#include "feed/service_log.h"

#include <stdio.h>
#include <string.h>

/* -1: it is new, and there is no room. */
static int feed_of(struct feed_watch *watch, const char *source, int64_t now)
{
    int at = 0;
    while (at < watch->feeds && strcmp(watch->feed[at].source, source) != 0)
        at++;
    if (at == FEEDS_WATCHED)
        return -1;
    if (at == watch->feeds) {
        watch->feed[at] = (struct watched_feed){.since = now};
        (void)snprintf(watch->feed[at].source, ID_SIZE, "%s", source);
        watch->feeds++;
    }
    return at;
}

static void count_until(struct feed_watch *watch, int at, int64_t now)
{
    struct watched_feed *feed = &watch->feed[at];
    bool is_bad = feed->away;
    for (int i = 0; i < watch->stales && !is_bad; i++)
        is_bad = watch->stale[i].feed == at;
    const int64_t took = now > feed->since ? now - feed->since : 0;
    feed->total += took;
    feed->bad += is_bad ? took : 0;
    feed->since = now;
}

/* Its stale symbol of that name is stale no more; "": none is. */
static void forget(struct feed_watch *watch, int at, const char *symbol)
{
    int kept = 0;
    for (int i = 0; i < watch->stales; i++)
        if (watch->stale[i].feed != at || (symbol[0] != '\0' && strcmp(watch->stale[i].symbol, symbol) != 0))
            watch->stale[kept++] = watch->stale[i];
    watch->stales = kept;
}

void feed_watch_take(struct feed_watch *watch, const struct status *status, int64_t now)
{
    const int at = status->source[0] == '\0' ? -1 : feed_of(watch, status->source, now);
    if (at < 0)
        return;
    count_until(watch, at, now);
    forget(watch, at, status->symbol);
    const bool is_bad = status->state != STREAM_STATE_CONNECTED;
    if (status->symbol[0] == '\0') {
        watch->feed[at].away = is_bad;
    } else if (is_bad && watch->stales < SYMBOLS_WATCHED) {
        watch->stale[watch->stales] = (struct stale_symbol){.feed = at};
        (void)snprintf(watch->stale[watch->stales++].symbol, SYMBOL_SIZE, "%s", status->symbol);
    }
}

int feed_watch_keep(struct feed_watch *watch, const char *path, int64_t day, int64_t now, struct error *error)
{
    if (watch->feeds == 0)
        return 0;
    struct service_log *log = service_log_open(path, error);
    int result = log == NULL ? -1 : 0;
    for (int i = 0; i < watch->feeds && result == 0; i++) {
        struct watched_feed *feed = &watch->feed[i];
        count_until(watch, i, now);
        const struct service_count count = {.measure = SERVICE_FEED,
                                            .subject = feed->source,
                                            .n = feed->total / TIME_SECOND,
                                            .bad = feed->bad / TIME_SECOND};
        if (count.n > 0)
            result = service_log_count(log, day, &count, error);
        feed->total -= count.n * TIME_SECOND;
        feed->bad -= count.bad * TIME_SECOND;
    }
    if (result == 0)
        result = service_log_commit(log, error);
    service_log_close(log);
    return result;
}
