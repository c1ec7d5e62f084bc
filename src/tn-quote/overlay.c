/* Repairs that the user has accepted: which overlay is whose. */
#include "base/file.h"
#include "tn-quote/commands.h"

#include <stdio.h>
#include <stdlib.h>

int overlay_folder(const struct config *config, char path[static PATH_MAX], struct error *error)
{
    if ((size_t)snprintf(path, PATH_MAX, "%s/overlays", config_folder_name(config, "data")) >= PATH_MAX)
        return error_set(error, EXIT_USAGE, "the path of the overlays is too long");
    return 0;
}

int repairs_source(char name[static PATH_MAX], const struct feed *feed, const struct feed_request *request,
                   struct error *error)
{
    char *real = strcmp(feed->name, "csv") == 0 ? realpath(request->argument, NULL) : NULL;
    int n;
    if (request->rest != NULL)
        n = snprintf(name, PATH_MAX, "%s%s%s", request->rest->adapter->name, request->rest->feed[0] == '\0' ? "" : ":",
                     request->rest->feed);
    else
        n = snprintf(name, PATH_MAX, "%s:%s", feed->name, real != NULL ? real : request->argument);
    free(real);
    return n < PATH_MAX ? 0 : error_set(error, EXIT_USAGE, "the name of the source is too long");
}

static int read_one(struct setup *setup, size_t at, const struct feed *feed, struct feed_request *request,
                    struct error *error)
{
    char folder[PATH_MAX], name[PATH_MAX];
    /* An adapter's first feed is meant when none is named. */
    if (overlay_folder(setup->config, folder, error) < 0 || repairs_source(name, feed, request, error) < 0 ||
        repairs_read(&setup->repairs[at], folder, name, error) < 0)
        return -1;
    request->repairs = &setup->repairs[at];
    return 0;
}

int setup_repairs(struct setup *setup, struct error *error)
{
    if (setup->agree.count == 0)
        return read_one(setup, 0, setup->merged_feed.feed, &setup->request, error);
    for (size_t i = 0; i < setup->agree.count; i++) {
        struct agree_source *source = &setup->agree.source[i];
        if (error_is_set(&source->failure))
            continue;
        if (read_one(setup, i, source->feed, &source->request, error) < 0 ||
            repairs_add_splits(&setup->repairs[i], &setup->calendar, &setup->splits[i], error) < 0)
            return -1;
        source->actions = setup->splits[i].count > 0 ? &setup->splits[i] : NULL;
    }
    return 0;
}
