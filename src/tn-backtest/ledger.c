/* The user's trial ledger. */
#include "tn-backtest/ledger.h"

#include <stdio.h>
#include <stdlib.h>

const char *ledger_path(const struct config *config, const struct invocation *invocation)
{
    static char path[4096];
    struct error error = {0};
    const char *folder = config_folder(config, "state", &error);
    if (folder == NULL) {
        say(invocation, 0, "the trial ledger cannot be written: %s", error.text);
        return NULL;
    }
    return (size_t)snprintf(path, sizeof path, "%s/trials.ndjson", folder) < sizeof path ? path : NULL;
}

void ledger_note(const struct config *config, const struct invocation *invocation, const struct trials *trials)
{
    struct error error = {0};
    const char *path = trials->count == 0 ? NULL : ledger_path(config, invocation);
    if (path != NULL && trials_append(path, trials, &error) != 0)
        say(invocation, 0, "the trial ledger cannot be written: %s", error.text);
}
