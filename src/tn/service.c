/* What tn health keeps of each look at the desk: service.db, by which tn-report service knows how long it was well. */
#include "tn/checks.h"

#include "base/time.h"
#include "feed/service_log.h"

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* The timer looks every five minutes: who did not look for longer than two of these does not know how it was. */
#define LOOK_LATE (11 * TIME_MINUTE)
#define DAYS_MOST 3660 /* that a desk was off, and is counted */

struct keeper {
    struct service_log *log;
    const struct checks *checks;
    int64_t day;
};

static int count(const struct keeper *keeper, const char *measure, const char *subject, int64_t n, int64_t bad,
                 struct error *error)
{
    const struct service_count one = {.measure = measure, .subject = subject, .n = n, .bad = bad};
    return service_log_count(keeper->log, keeper->day, &one, error);
}

/* The time since the last look, day by day: as well as the desk was then, where that was not long ago. */
static int keep_time(struct keeper *keeper, int64_t last, int64_t well, struct error *error)
{
    const int64_t now = keeper->checks->now, until = now / TIME_SECOND;
    const bool bad = now - last > LOOK_LATE || well != 1;
    int64_t from = last / TIME_SECOND;
    const int64_t earliest = until - DAYS_MOST * (TIME_DAY / TIME_SECOND);
    from = from < earliest ? earliest : from;
    while (from < until) {
        const int64_t day = from / (TIME_DAY / TIME_SECOND), ends = (day + 1) * (TIME_DAY / TIME_SECOND);
        const int64_t seconds = (until < ends ? until : ends) - from;
        const struct service_count up = {.measure = "up", .subject = "", .n = seconds, .bad = bad ? seconds : 0};
        if (service_log_count(keeper->log, day, &up, error) != 0)
            return -1;
        from += seconds;
    }
    return 0;
}

/* Something begins: it is so now, and was not when it was looked at before. */
static int keep_beginning(const struct keeper *keeper, const char *measure, const char *subject, bool now,
                          struct error *error)
{
    char name[2 * SERVICE_NAME_SIZE];
    int64_t before;
    (void)snprintf(name, sizeof name, "%s %s", measure, subject);
    if (service_log_recall(keeper->log, name, &before, error) != 0)
        return -1;
    if (now && before != 1 && count(keeper, measure, subject, 1, 0, error) != 0)
        return -1;
    return before == (now ? 1 : 0) ? 0 : service_log_remember(keeper->log, name, now, error);
}

static int keep_finding(const struct keeper *keeper, const struct finding *finding, struct error *error)
{
    char subject[SERVICE_NAME_SIZE];
    const bool failed = finding->state == CHECK_FAIL;
    if (!isnan(finding->used) && (count(keeper, "limit", finding->subject, 1, finding->used >= 1, error) != 0 ||
                                  keep_beginning(keeper, "breach", finding->subject, finding->used >= 1, error) != 0))
        return -1;
    (void)snprintf(subject, sizeof subject, "%s%s%.120s", finding->check, finding->subject[0] == '\0' ? "" : " ",
                   finding->subject);
    return count(keeper, "check", finding->check, 1, failed, error) != 0 ||
                   keep_beginning(keeper, "trouble", subject, failed, error) != 0
               ? -1
               : 0;
}

/* A job's status says how often it ran and failed in all: what is more than at the last look is new. A file that was
 * begun anew counts from its beginning. */
static int keep_job(const struct keeper *keeper, const struct job_run *job, struct error *error)
{
    char subject[SERVICE_NAME_SIZE], name[2 * SERVICE_NAME_SIZE];
    int64_t runs, failures;
    if (job->runs <= 0)
        return 0;
    (void)snprintf(subject, sizeof subject, "%.60s%s%.60s", job->name, job->account[0] == '\0' ? "" : " ",
                   job->account);
    (void)snprintf(name, sizeof name, "runs %s", subject);
    if (service_log_recall(keeper->log, name, &runs, error) != 0 ||
        service_log_remember(keeper->log, name, job->runs, error) != 0)
        return -1;
    (void)snprintf(name, sizeof name, "failures %s", subject);
    const int64_t failed = job->failures > 0 ? job->failures : 0;
    if (service_log_recall(keeper->log, name, &failures, error) != 0 ||
        service_log_remember(keeper->log, name, failed, error) != 0)
        return -1;
    if (runs == TIME_NONE || runs > job->runs)
        runs = 0;
    if (failures == TIME_NONE || failures > failed)
        failures = 0;
    return job->runs == runs ? 0 : count(keeper, "job", subject, job->runs - runs, failed - failures, error);
}

static int keep_all(struct keeper *keeper, struct error *error)
{
    const struct checks *checks = keeper->checks;
    int64_t last, well;
    if (service_log_recall(keeper->log, "looked", &last, error) != 0 ||
        service_log_recall(keeper->log, "well", &well, error) != 0)
        return -1;
    if (last != TIME_NONE && checks->now <= last)
        return 0;
    if ((last != TIME_NONE && keep_time(keeper, last, well, error) != 0) ||
        service_log_remember(keeper->log, "looked", checks->now, error) != 0 ||
        service_log_remember(keeper->log, "well", checks_worst(checks) != CHECK_FAIL, error) != 0)
        return -1;
    for (size_t i = 0; i < checks->findings; i++)
        if (keep_finding(keeper, &checks->finding[i], error) != 0)
            return -1;
    for (size_t i = 0; i < checks->jobs; i++)
        if (keep_job(keeper, &checks->job[i], error) != 0)
            return -1;
    return service_log_commit(keeper->log, error);
}

int checks_keep(const struct checks *checks, struct error *error)
{
    char path[PATH_MAX];
    const char *folder = config_folder(checks->config, "state", error);
    if (folder == NULL)
        return -1;
    if (snprintf(path, sizeof path, "%s/" SERVICE_LOG_FILE, folder) >= (int)sizeof path)
        return error_set(error, EXIT_USAGE, "the path of the state folder is too long");
    struct keeper keeper = {.log = service_log_open(path, error), .checks = checks, .day = checks->now / TIME_DAY};
    const int result = keeper.log == NULL ? -1 : keep_all(&keeper, error);
    service_log_close(keeper.log);
    return result;
}
