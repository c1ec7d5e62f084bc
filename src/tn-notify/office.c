/* Opening what every command of tn-notify needs, and one pass over the queue. */
#include "tn-notify/commands.h"

#include "base/lock.h"
#include "base/time.h"
#include "net/http.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define LOCK_WAIT (60 * TIME_SECOND)
#define KEEP      (90 * TIME_DAY)

static char *state_path(const struct config *config, const char *name, struct error *error)
{
    const char *folder = config_folder(config, "state", error);
    char *path = NULL;
    if (folder != NULL && asprintf(&path, "%s/%s", folder, name) < 0) {
        error_memory(error);
        return NULL;
    }
    return path;
}

int office_open(struct office *office, const struct invocation *invocation, struct error *error)
{
    *office = (struct office){.config = config_open(error)};
    if (office->config == NULL || channels_open(&office->channels, office->config, error) != 0)
        return -1;
    office->opened = true;
    office->courier = (struct courier){.config = office->config, .invocation = invocation};
    office->rules = rules_open(office->config, error);
    char *path = office->rules == NULL ? NULL : state_path(office->config, "notify.db", error);
    office->queue = path == NULL ? NULL : queue_open(path, error);
    free(path);
    return office->queue == NULL ? -1 : 0;
}

void office_close(struct office *office)
{
    queue_close(office->queue);
    rules_close(office->rules);
    if (office->opened)
        channels_close(&office->channels);
    http_close(office->courier.http);
    config_free(office->config);
}

enum exit_code office_deliver(struct office *office, const struct invocation *invocation, struct error *error)
{
    struct delivery_counts counts = {0};
    enum exit_code worst = EXIT_DONE;
    const int64_t now = time_now();
    char *path = state_path(office->config, "notify.lock", error);
    struct lock *lock = path == NULL ? NULL : lock_take(path, "the delivery of messages", LOCK_WAIT, error);
    free(path);
    if (lock == NULL)
        return EXIT_DONE;
    if (deliver_due(office->queue, &office->channels, &office->courier, now, &counts, &worst, error) == 0 &&
        queue_trim(office->queue, now - KEEP, error) == 0) {
        if (counts.sent > 0)
            say(invocation, 1, "%" PRId64 " delivered", counts.sent);
        if (counts.waiting > 0)
            say(invocation, 1, "%" PRId64 " waiting: tn-notify queue lists them", counts.waiting);
    }
    lock_free(lock);
    return worst;
}
