/* Several sources that are compared: -s alpaca,yahoo,stooq. */
#include "tn-quote/commands.h"

#include <stdio.h>

/* Does a name lead to a source? Nothing is opened. */
static bool is_source(const struct config *config, const char *name)
{
    char kind[ID_SIZE], path[PATH_MAX], folder[PATH_MAX];
    const size_t n = strcspn(name, ":");
    for (int i = 0; i < config_titles(config, "source"); i++)
        if (strcmp(config_title(config, "source", i), name) == 0)
            return true;
    if (n == 0 || n >= sizeof kind)
        return false;
    memcpy(kind, name, n);
    kind[n] = '\0';
    for (int i = 0; i < feed_count; i++)
        if (strcmp(feed_table[i]->name, kind) == 0)
            return true;
    return adapter_path(path, kind, rest_folder(config, folder));
}

/* Split a list; 0 when it is none: a path may have commas too. */
static int split(struct setup *setup, const char *text, struct error *error)
{
    size_t count = 0;
    for (const char *p = text; p != NULL; p = strchr(p, ',') == NULL ? NULL : strchr(p, ',') + 1) {
        const size_t n = strcspn(p, ",");
        if (count == AGREE_PARTS)
            return error_set(error, EXIT_USAGE, "more than %d sources", AGREE_PARTS);
        if (n == 0 || n >= ID_SIZE)
            return 0;
        memcpy(setup->names[count], p, n);
        setup->names[count++][n] = '\0';
    }
    for (size_t i = 1; i < count; i++) {
        if (!is_source(setup->config, setup->names[i]))
            return i == 1 ? 0 : error_set(error, EXIT_USAGE, "no source '%s'", setup->names[i]);
        for (size_t k = 0; k < i; k++)
            if (strcmp(setup->names[i], setup->names[k]) == 0)
                return error_set(error, EXIT_USAGE, "source '%s' is named twice", setup->names[i]);
    }
    return count < 2 ? 0 : (int)count;
}

/* The section that speaks of a source: its own, or that of its adapter. */
static const char *section_of(const struct config *config, const char *name)
{
    const size_t n = strcspn(name, ":");
    for (int i = 0; i < config_titles(config, "source"); i++) {
        const char *title = config_title(config, "source", i);
        if (strcmp(title, name) == 0 || (strlen(title) == n && strncmp(title, name, n) == 0))
            return title;
    }
    return "";
}

/* The heaviest first; of equal ones as they were named. */
static void put_in_order(struct setup *setup, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k > 0; k--) {
            const dec a =
                config_decimal(setup->config, "source", section_of(setup->config, setup->names[k - 1]), "weight");
            const dec b = config_decimal(setup->config, "source", section_of(setup->config, setup->names[k]), "weight");
            char name[ID_SIZE];
            if (b <= a)
                break;
            memcpy(name, setup->names[k], sizeof name);
            memcpy(setup->names[k], setup->names[k - 1], sizeof name);
            memcpy(setup->names[k - 1], name, sizeof name);
        }
}

static int on_status(void *context, const struct status *status, struct error *error)
{
    const struct setup *setup = context;
    say(setup->invocation, 0, "%s%s%s: %s: %s", status->symbol, status->symbol[0] == '\0' ? "" : ": ", status->source,
        stream_state_text(status->state), status->message);
    return flow_write(setup->flow, RECORD_STATUS, status, error);
}

int setup_sources(struct setup *setup, struct error *error)
{
    struct agree_sources *sources = &setup->agree;
    const char *text = setup->named != NULL || !option_given(setup->invocation, "source")
                           ? ""
                           : option_text(setup->invocation, "source", "");
    const bool wanted = option_known(setup->invocation, "agree");
    const int count = strchr(text, ',') == NULL ? 0 : split(setup, text, error);
    if (count < 0)
        return -1;
    if (count == 0 && wanted && option_given(setup->invocation, "agree")) {
        (void)error_set(error, EXIT_USAGE, "--agree compares several sources");
        error_hint(error, "-s alpaca,yahoo,stooq");
        return -1;
    }
    if (count == 0)
        return 0;
    if (!wanted)
        return error_set(error, EXIT_USAGE, "only bars are compared: name one source");
    put_in_order(setup, (size_t)count);
    for (size_t i = 0; i < (size_t)count; i++) {
        struct agree_source *source = &sources->source[i];
        source->name = setup->names[i];
        if (setup_find(setup, setup->names[i], &source->failure) < 0) {
            /* What the user can mend is no failure of the source. */
            if (source->failure.code == EXIT_USAGE || source->failure.code == EXIT_SYSTEM) {
                *error = source->failure;
                return -1;
            }
        }
        setup->part[i] = setup->rest;
        setup->section[i] = setup->source;
        source->feed = setup->merged_feed.feed;
        source->request = setup->request;
        source->knows_actions = setup->rest.adapter != NULL &&
                                (setup->rest.adapter->actions_in_bars || adapter_can(setup->rest.adapter, "actions"));
        if (i > 0)
            setup->rest = (struct rest){.feed = ""};
    }
    /* The first one's calendar counts; it stays in setup->rest until open_calendar has asked for it. */
    setup->rest = setup->part[0];
    setup->part[0] = (struct rest){.feed = ""};
    setup->source = setup->section[0];
    sources->count = (size_t)count;
    return 1;
}

int setup_parts(struct setup *setup, struct error *error)
{
    struct agree_sources *sources = &setup->agree;
    const struct feed_request whole = setup->request;
    dec tolerance = option_decimal(setup->invocation, "agree", DEC_ONE / 200);
    if (tolerance <= 0)
        return error_set(error, EXIT_USAGE, "--agree: above 0%%");
    sources->tolerance = dec_to_double(tolerance);
    sources->status = on_status;
    sources->context = setup;
    setup->part[0] = setup->rest;
    setup->rest = (struct rest){.feed = ""};
    for (size_t i = 0; i < sources->count; i++) {
        struct agree_source *source = &sources->source[i];
        const struct feed_request own = source->request;
        setup->source = setup->section[i];
        setup->request = whole;
        if (setup_request(setup, error) < 0)
            return -1;
        setup->request.name = own.name;
        setup->request.argument = own.argument;
        setup->request.rest = setup->part[i].adapter == NULL ? NULL : &setup->part[i];
        source->request = setup->request;
    }
    setup->request = whole;
    setup->source = "";
    setup->request.name = "";
    setup->request.argument = "";
    setup->request.rest = NULL;
    setup->request.agree = sources;
    setup->merged_feed.feed = &feed_agree;
    return 0;
}
