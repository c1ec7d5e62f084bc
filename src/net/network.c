/* The HTTP client as the configuration wants it. */
#include "net/network.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>

static void on_trace(void *context, const char *line)
{
    say(context, 2, "%s", line);
}

static void on_warning(void *context, const char *text)
{
    say(context, 0, "%s", text);
}

static int fill(struct http_options *options, char **paths, const struct config *config, struct error *error)
{
    const char *state = config_folder(config, "state", error);
    const char *contact = config_text(config, "network", "", "contact", NULL);
    if (state == NULL)
        return -1;
    if (asprintf(&paths[0], contact == NULL ? "true-north/" TN_VERSION : "true-north/" TN_VERSION " (%s)",
                 contact == NULL ? "" : contact) == -1 ||
        asprintf(&paths[1], "%s/pace", state) == -1 || asprintf(&paths[2], "%s/requests.ndjson", state) == -1)
        return error_memory(error);
    if ((paths[3] = network_clock_file(config, error)) == NULL)
        return -1;
    options->agent = paths[0];
    options->pace = paths[1];
    options->clock = paths[3];
    options->log = config_flag(config, "network", "", "log_requests") ? paths[2] : NULL;
    options->proxy = config_text(config, "network", "", "proxy", NULL);
    if (options->ca_file == NULL)
        options->ca_file = config_text(config, "network", "", "ca_file", NULL);
    return folder_make(options->pace, error);
}

char *network_clock_file(const struct config *config, struct error *error)
{
    const char *state = config_folder(config, "state", error);
    char *path = NULL;
    if (state != NULL && asprintf(&path, "%s/clock", state) == -1) {
        error_memory(error);
        return NULL;
    }
    return path;
}

struct http *network_open(const struct config *config, const struct invocation *invocation, struct http_options options,
                          struct error *error)
{
    char *paths[4] = {NULL};
    struct http *http = NULL;
    options.context = (void *)(uintptr_t)invocation; /* say() takes it const */
    options.warn = on_warning;
    options.trace = invocation_verbosity(invocation) >= 2 ? on_trace : NULL;
    if (fill(&options, paths, config, error) == 0)
        http = http_open(&options, error);
    for (int i = 0; i < 4; i++)
        free(paths[i]);
    return http;
}
