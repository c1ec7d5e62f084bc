/* Sources that are asked over the network: from the configuration to an adapter with its secrets and a client. */
#include "base/file.h"
#include "net/network.h"
#include "tn-quote/commands.h"

#include <stdio.h>

const char *rest_folder(const struct config *config, char path[static PATH_MAX])
{
    (void)snprintf(path, PATH_MAX, "%s/feeds", config_folder_name(config, "config"));
    return path;
}

static int check_feed(const struct adapter *adapter, const char *feed, struct error *error)
{
    struct buf list;
    if (feed[0] == '\0')
        return 0;
    buf_init(&list, 1024);
    for (int i = 0; i < adapter->feeds; i++) {
        if (strcmp(adapter->feed[i], feed) == 0) {
            buf_clear(&list);
            return 0;
        }
        buf_printf(&list, "%s%s", i == 0 ? "" : " ", adapter->feed[i]);
    }
    (void)error_set(error, EXIT_USAGE, "%s has no feed '%.40s'", adapter->title, feed);
    error_hint(error, "its feeds: %s", list.n == 0 ? "none" : list.p);
    buf_clear(&list);
    return -1;
}

static const char *folder_option(const struct setup *setup, const char *name)
{
    return option_known(setup->invocation, name) ? option_text(setup->invocation, name, NULL) : NULL;
}

static int read_now(const char *path, int64_t *now, struct error *error)
{
    struct buf text;
    buf_init(&text, TIME_TEXT_MAX);
    int result = file_read(path, &text, error);
    if (result == 0)
        result = time_parse(now, text.p, strcspn(text.p, "\n"), error);
    buf_clear(&text);
    if (result < 0)
        error_recode(error, EXIT_UNAVAILABLE);
    return result;
}

int rest_now(const struct setup *setup, int64_t *now, struct error *error)
{
    const char *replay = folder_option(setup, "replay"), *record = folder_option(setup, "record");
    char path[PATH_MAX], text[TIME_TEXT_MAX + 1];
    const bool given = option_known(setup->invocation, "now") && option_given(setup->invocation, "now");
    if ((size_t)snprintf(path, sizeof path, "%s/now",
                         replay != NULL   ? replay
                         : record != NULL ? record
                                          : "") >= sizeof path)
        return error_set(error, EXIT_USAGE, "the path of the recording is too long");
    *now = given ? option_time(setup->invocation, "now", TIME_NONE) : time_now();
    if (replay != NULL && !given)
        return read_now(path, now, error);
    if (record == NULL)
        return 0;
    const size_t n = time_format(text, *now);
    text[n] = '\n';
    return folder_make(record, error) < 0 ? -1 : file_replace(path, text, n + 1, 0600, error);
}

int cache_path(const struct config *config, bool make, char path[static PATH_MAX], struct error *error)
{
    const char *folder = make ? config_folder(config, "cache", error) : config_folder_name(config, "cache");
    if (folder == NULL)
        return -1;
    return (size_t)snprintf(path, PATH_MAX, "%s/bars.db", folder) < PATH_MAX
               ? 0
               : error_set(error, EXIT_USAGE, "the path of the cache is too long");
}

/* Bars are kept, and read from where they are kept, unless the source's section says no or answers are recorded. */
static int open_cache(struct setup *setup, const char *section, struct error *error)
{
    const struct invocation *invocation = setup->invocation;
    struct rest *rest = &setup->rest;
    char path[PATH_MAX];
    if (!option_known(invocation, "offline"))
        return 0;
    rest->offline = option_flag(invocation, "offline");
    rest->fresh = option_flag(invocation, "fresh");
    rest->clock = time_now();
    if (rest->offline && rest->fresh)
        return error_set(error, EXIT_USAGE, "--offline and --fresh do not go together");
    const bool recording = folder_option(setup, "record") != NULL || folder_option(setup, "replay") != NULL;
    if (recording || !config_flag(setup->config, "source", section, "cache"))
        return !rest->offline
                   ? 0
                   : error_set(error, EXIT_USAGE, "--offline: %s",
                               recording ? "recordings do not use the cache" : "the source's section has cache = no");
    if (cache_path(setup->config, !rest->offline, path, error) == 0 &&
        (rest->cache = cache_open(path, rest->offline ? CACHE_READ : CACHE_WRITE, error)) != NULL)
        return 0;
    if (rest->offline)
        return -1;
    say(invocation, 0, "the cache cannot be used: %s", error->text);
    if (error->hint[0] != '\0')
        say(invocation, 0, "  hint: %s", error->hint);
    error_clear(error);
    return 0;
}

struct adapter_settings rest_settings(const struct config *config, const char *section, const char *kind,
                                      char folder[static PATH_MAX])
{
    const bool program = strcmp(kind, "exec") == 0;
    return (struct adapter_settings){
        .name = program ? section : kind,
        .folder = rest_folder(config, folder),
        .command = program ? config_text(config, "source", section, "command", NULL) : NULL,
        .url = config_text(config, "source", section, "url", NULL),
        .pace = config_text(config, "source", section, "pace", NULL),
        .secret_command = config_text(config, "source", section, "secret_command", NULL),
        .secret_file = config_text(config, "source", section, "secret_file", NULL),
    };
}

/* Where answers are kept with their versions; NULL for nowhere. */
static const char *keep_folder(const struct setup *setup, const char *section, char path[static PATH_MAX])
{
    const bool fits =
        (size_t)snprintf(path, PATH_MAX, "%s/answers", config_folder_name(setup->config, "cache")) < PATH_MAX;
    return fits && !setup->rest.fresh && config_flag(setup->config, "source", section, "cache") ? path : NULL;
}

int rest_setup(struct setup *setup, const char *section, const char *kind, const char *feed, struct error *error)
{
    const struct config *config = setup->config;
    char folder[PATH_MAX], answers[PATH_MAX];
    const struct adapter_settings settings = rest_settings(config, section, kind, folder);
    struct rest *rest = &setup->rest;
    if (strcmp(kind, "exec") == 0 && settings.command == NULL)
        return error_set(error, EXIT_USAGE, "source '%s': kind = exec needs a command", section);
    const char *replay = folder_option(setup, "replay"), *record = folder_option(setup, "record");
    setup->replays = replay != NULL;
    if (record != NULL && replay != NULL)
        return error_set(error, EXIT_USAGE, "--record and --replay do not go together");
    if (record != NULL && folder_make(record, error) < 0)
        return -1;
    if ((rest->adapter = adapter_open(&settings, error)) == NULL || check_feed(rest->adapter, feed, error) < 0 ||
        open_cache(setup, section, error) < 0 ||
        (replay != NULL || rest->offline ? adapter_feign(rest->adapter, error)
                                         : adapter_unlock(rest->adapter, &settings, error)) < 0)
        return -1;
    const struct http_options options = {.parallel = rest->adapter->parallel,
                                         .record = record,
                                         .replay = replay,
                                         .keep = keep_folder(setup, section, answers),
                                         .ca_file = config_text(config, "source", section, "ca_file", NULL)};
    rest->http = network_open(config, setup->invocation, options, error);
    if (rest->http == NULL)
        return -1;
    rest->feed = feed;
    setup->merged_feed.feed = &feed_rest;
    setup->request.rest = rest;
    setup->request.argument = feed;
    return 0;
}

void rest_clear(struct rest *rest)
{
    cache_close(rest->cache);
    http_close(rest->http);
    adapter_close(rest->adapter);
    *rest = (struct rest){.feed = ""};
}
