/* Sources that are asked over the network: from the configuration to an adapter with its secrets and a client. */
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

int rest_setup(struct setup *setup, const char *section, const char *kind, const char *feed, struct error *error)
{
    const struct config *config = setup->config;
    char folder[PATH_MAX];
    const struct adapter_settings settings = {
        .name = kind,
        .folder = rest_folder(config, folder),
        .url = config_text(config, "source", section, "url", NULL),
        .pace = config_text(config, "source", section, "pace", NULL),
        .secret_command = config_text(config, "source", section, "secret_command", NULL),
        .secret_file = config_text(config, "source", section, "secret_file", NULL),
    };
    struct rest *rest = &setup->rest;
    if ((rest->adapter = adapter_open(&settings, error)) == NULL || check_feed(rest->adapter, feed, error) < 0 ||
        adapter_unlock(rest->adapter, &settings, error) < 0)
        return -1;
    const struct http_options options = {.parallel = rest->adapter->parallel};
    rest->http = network_open(config, setup->invocation, options, error);
    if (rest->http == NULL)
        return -1;
    rest->feed = feed;
    setup->supply.feed = &feed_rest;
    setup->request.rest = rest;
    setup->request.argument = feed;
    return 0;
}

void rest_clear(struct rest *rest)
{
    http_close(rest->http);
    adapter_close(rest->adapter);
    *rest = (struct rest){.feed = ""};
}
