/* What a run adds to the record of how sources do (tn-report sources). */
#include "feed/source_log.h"
#include "tn-quote/commands.h"

#include <stdio.h>

/* The section's title, or the adapter with its feed. */
static struct str name_of(char text[static ID_SIZE * 2], const char *section, const struct rest *rest)
{
    const char *feed = rest->feed[0] == '\0' && rest->adapter->feeds > 0 ? rest->adapter->feed[0] : rest->feed;
    if (section != NULL && section[0] != '\0')
        return str_of(section);
    (void)snprintf(text, ID_SIZE * 2, "%s%s%s", rest->adapter->name, feed[0] == '\0' ? "" : ":", feed);
    return str_of(text);
}

static struct source_facts facts_of(const struct rest *rest, struct str source)
{
    const struct adapter_tally *tally = &rest->adapter->tally;
    return (struct source_facts){
        .source = source,
        .requests = tally->requests,
        .attempts = tally->attempts,
        .failures = tally->failures,
        .bytes = tally->bytes,
        .took = tally->took,
        .symbols = tally->symbols,
        .failed = tally->failed,
        .bars = tally->bars,
        .corrected = tally->corrected,
        .newest = tally->newest == 0 ? TIME_NONE : tally->newest,
        .failure = str_of(tally->failure),
    };
}

void account_sources(const struct setup *setup)
{
    struct source_facts facts[AGREE_PARTS];
    char name[AGREE_PARTS][ID_SIZE * 2], path[PATH_MAX];
    size_t count = 0;
    struct error error;
    error_clear(&error);
    if (setup->config == NULL || setup->replays)
        return;
    if (setup->rest.adapter != NULL && setup->rest.adapter->tally.requests > 0) {
        facts[0] = facts_of(&setup->rest, name_of(name[0], setup->source, &setup->rest));
        count = 1;
    }
    for (size_t i = 0; i < setup->agree.count; i++) {
        const struct rest *rest = &setup->part[i];
        const struct agree_tally *tally = &setup->agree.tally[i];
        if (rest->adapter == NULL || (rest->adapter->tally.requests == 0 && tally->compared == 0))
            continue;
        facts[count] = facts_of(rest, name_of(name[count], setup->section[i], rest));
        facts[count].compared = (int64_t)tally->compared;
        facts[count].outliers = (int64_t)tally->outliers;
        facts[count].missing = (int64_t)tally->missing;
        count++;
    }
    if (count == 0)
        return;
    /* What a run has delivered stands, whether this is kept or not. */
    const char *folder = config_folder(setup->config, "state", &error);
    if (folder == NULL || (size_t)snprintf(path, sizeof path, "%s/sources.db", folder) >= sizeof path ||
        source_log_add(path, time_now() / TIME_DAY, facts, count, &error) < 0)
        say(setup->invocation, 1, "the performance of the sources cannot be recorded: %s", error.text);
}
