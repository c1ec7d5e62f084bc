/* What is kept of service and of sources, by day: added up, read by day, remembered, and a crash keeps nothing of it.
 */
#include "base/time.h"
#include "feed/feed_watch.h"
#include "feed/service_log.h"
#include "feed/source_log.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/test-service.XXXXXX";
static char seen[1024];

static int take(void *context, int64_t day, const struct service_count *count, struct error *error)
{
    (void)context, (void)error;
    const size_t n = strlen(seen);
    (void)snprintf(seen + n, sizeof seen - n, "%d %s %s %d/%d %d %d; ", (int)day, count->measure, count->subject,
                   (int)count->bad, (int)count->n, (int)count->total, (int)count->worst);
    return 0;
}

static int take_sources(void *context, const struct source_facts *facts, struct error *error)
{
    (void)context, (void)error;
    const size_t n = strlen(seen);
    (void)snprintf(seen + n, sizeof seen - n, "%d %.*s %d/%d %d/%d; ", (int)facts->first, (int)facts->source.n,
                   facts->source.n == 0 ? "" : facts->source.p, (int)facts->failures, (int)facts->requests,
                   (int)facts->outliers, (int)facts->compared);
    return 0;
}

static void test_service(const char *path)
{
    struct error error = {0};
    int64_t value;
    check(service_log_read(path, 0, 100, take, NULL, &error) == 0 && seen[0] == '\0',
          "a file that is not there is empty");
    struct service_log *log = service_log_open(path, &error);
    require(log != NULL);
    const struct service_count up = {.measure = "up", .subject = "", .n = 300, .bad = 60},
                               job = {.measure = "job", .subject = "backup", .n = 1, .total = 5, .worst = 5};
    check(service_log_count(log, 7, &up, &error) == 0 && service_log_count(log, 7, &up, &error) == 0 &&
              service_log_count(log, 8, &up, &error) == 0 && service_log_count(log, 7, &job, &error) == 0 &&
              service_log_remember(log, "well", 1, &error) == 0 && service_log_commit(log, &error) == 0,
          "counts are added");
    service_log_close(log);
    log = service_log_open(path, &error);
    require(log != NULL);
    check(service_log_recall(log, "well", &value, &error) == 0 && value == 1, "what was remembered is known");
    check(service_log_recall(log, "ill", &value, &error) == 0 && value == TIME_NONE, "what never was is not");
    require(service_log_count(log, 9, &up, &error) == 0);
    service_log_close(log);
    const struct flow_times times = {.limit = 1, .turns = 4, .late = 1, .total = 9, .worst = 6};
    const int64_t today = time_now() / TIME_DAY;
    check(service_log_times(path, SERVICE_ORDERS, &times, &error) == 0, "times are of today");
    check(service_log_read(path, 7, 9, take, NULL, &error) == 0, "days are read");
    check_text(seen, "7 job backup 0/1 5 5; 7 up  120/600 0 0; 8 up  60/300 0 0; ",
               "by day, added up, without what was not committed and without later days");
    seen[0] = '\0';
    check(service_log_read(path, today - 1, today + 2, take, NULL, &error) == 0 &&
              strstr(seen, " orders  1/4 9 6; ") != NULL,
          "turns, late ones, their sum and the worst");
}

/* Two feeds: one is away for 10 of 60 s, and one of its symbols stale for 20 others; the other is well for 30 s. */
static void test_feeds(const char *path)
{
    static const struct {
        int second;
        const char *source, *symbol;
        enum stream_state state;
    } said[] = {
        {0, "a", "", STREAM_STATE_CONNECTED},   {10, "a", "", STREAM_STATE_RECONNECTING},
        {20, "a", "", STREAM_STATE_CONNECTED},  {30, "a", "X", STREAM_STATE_STALE},
        {30, "b", "", STREAM_STATE_CONNECTED},  {40, "a", "Y", STREAM_STATE_STALE},
        {45, "a", "X", STREAM_STATE_CONNECTED}, {50, "a", "Y", STREAM_STATE_CONNECTED},
    };
    struct error error = {0};
    struct feed_watch *watch = calloc(1, sizeof *watch);
    require(watch != NULL);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        struct status status = {.state = said[i].state};
        (void)snprintf(status.source, sizeof status.source, "%s", said[i].source);
        (void)snprintf(status.symbol, sizeof status.symbol, "%s", said[i].symbol);
        feed_watch_take(watch, &status, 1000 * TIME_SECOND + said[i].second * TIME_SECOND);
    }
    check(feed_watch_keep(watch, path, 40, 1060 * TIME_SECOND, &error) == 0, "feeds are kept");
    check(feed_watch_keep(watch, path, 40, 1060 * TIME_SECOND, &error) == 0, "once");
    seen[0] = '\0';
    require(service_log_read(path, 40, 41, take, NULL, &error) == 0);
    check_text(seen, "40 feed a 30/60 0 0; 40 feed b 0/30 0 0; ", "seconds in which they were not fresh");
    free(watch);
}

static void test_sources(const char *path)
{
    struct error error = {0};
    const struct source_facts
        a = {.source = STR("a"), .requests = 30, .failures = 1, .compared = 100, .outliers = 1, .newest = TIME_NONE},
        b = {.source = STR("b"), .requests = 20, .compared = 100, .outliers = 3, .newest = TIME_NONE};
    require(source_log_add(path, 7, &a, 1, &error) == 0 && source_log_add(path, 7, &b, 1, &error) == 0 &&
            source_log_add(path, 9, &b, 1, &error) == 0);
    seen[0] = '\0';
    check(source_log_days(path, 7, 9, take_sources, NULL, &error) == 0, "days of sources");
    check_text(seen, "7  1/50 4/200; ", "all sources together, until a day");
    seen[0] = '\0';
    check(source_log_read(path, 8, take_sources, NULL, &error) == 0, "sources since a day");
    check_text(seen, "9 b 0/20 3/100; ", "each by itself");
}

int main(void)
{
    char path[64];
    require(mkdtemp(folder) != NULL);
    (void)snprintf(path, sizeof path, "%s/service.db", folder);
    test_service(path);
    test_feeds(path);
    (void)snprintf(path, sizeof path, "%s/sources.db", folder);
    test_sources(path);
    for (const char *const *name = (const char *const[]){"service.db", "sources.db", NULL}; *name != NULL; name++) {
        static const char *const tails[] = {"", "-wal", "-shm"};
        for (int i = 0; i < 3; i++) {
            (void)snprintf(path, sizeof path, "%s/%s%s", folder, *name, tails[i]);
            (void)unlink(path);
        }
    }
    (void)rmdir(folder);
    return done();
}
