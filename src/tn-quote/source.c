/* Which source is meant: a feed with its argument, or a section of the configuration that says both. */
#include "tn-quote/commands.h"

#include "base/words.h"
const char *setup_text(const struct setup *setup, const char *option, const char *setting, const char *standard)
{
    if (option_known(setup->invocation, option) && option_given(setup->invocation, option))
        return option_text(setup->invocation, option, standard);
    const char *text =
        setup->source[0] == '\0' ? NULL : config_text(setup->config, "source", setup->source, setting, NULL);
    return text == NULL ? standard : text;
}

static bool is_configured(const struct config *config, const char *title)
{
    for (int i = 0; i < config_titles(config, "source"); i++)
        if (strcmp(config_title(config, "source", i), title) == 0)
            return true;
    return false;
}

static int configured_source(struct setup *setup, const char *title, struct error *error)
{
    const char *kind = config_text(setup->config, "source", title, "kind", NULL), *argument;
    char file[PATH_MAX], folder[PATH_MAX];
    setup->source = title;
    setup->request.name = title;
    if (strcmp(kind, "exec") == 0 || adapter_path(file, kind, rest_folder(setup->config, folder))) {
        const char *feed = config_text(setup->config, "source", title, "feed", NULL);
        return rest_setup(setup, title, kind, feed == NULL ? "" : feed, error);
    }
    setup->merged_feed.feed = feed_find(kind, &argument, error);
    if (setup->merged_feed.feed == NULL)
        return -1;
    const char *path = config_text(setup->config, "source", title, "path", NULL);
    setup->request.argument = path == NULL ? "" : path;
    return 0;
}

/* An operand that is the name of a CSV file; NULL when there is none. */
static const char *named_file(const struct invocation *invocation)
{
    char *const *operand = invocation_operand_list(invocation);
    for (int i = 0; i < invocation_operands(invocation); i++) {
        const size_t n = strlen(operand[i]);
        if (n > 4 && strcmp(operand[i] + n - 4, ".csv") == 0)
            return operand[i];
    }
    return NULL;
}

/* "alpaca:iex", without a section of the configuration or with one of that name: true when there is such an adapter. */
static bool named_adapter(struct setup *setup, const char *text, struct error *error)
{
    char name[ID_SIZE], path[PATH_MAX], folder[PATH_MAX];
    const size_t n = strcspn(text, ":");
    if (n == 0 || n >= sizeof name)
        return false;
    memcpy(name, text, n);
    name[n] = '\0';
    const bool configured = is_configured(setup->config, name);
    const char *kind = configured ? config_text(setup->config, "source", name, "kind", NULL) : name;
    if (!(configured && strcmp(kind, "exec") == 0) && !adapter_path(path, kind, rest_folder(setup->config, folder)))
        return false;
    for (int i = 0; configured && i < config_titles(setup->config, "source"); i++)
        if (strcmp(config_title(setup->config, "source", i), name) == 0)
            setup->source = config_title(setup->config, "source", i);
    setup->request.name = text;
    (void)rest_setup(setup, setup->source, kind, text[n] == ':' ? text + n + 1 : "", error);
    return true;
}

/* A source by its name: a section, an adapter, or a feed with its argument. */
static int find_source(struct setup *setup, const char *text, struct error *error)
{
    if (is_configured(setup->config, text))
        return configured_source(setup, text, error);
    if (named_adapter(setup, text, error))
        return error_is_set(error) ? -1 : 0;
    setup->merged_feed.feed = feed_find(text, &setup->request.argument, error);
    if (setup->merged_feed.feed == NULL)
        return -1;
    setup->request.name = setup->merged_feed.feed->name;
    return 0;
}

int setup_source(struct setup *setup, struct error *error)
{
    const struct config *config = setup->config;
    setup->source = "";
    if (setup->named == NULL && !option_given(setup->invocation, "source")) {
        if (config_titles(config, "source") == 1)
            return configured_source(setup, config_title(config, "source", 0), error);
        const int count = config_titles(config, "source");
        const char *file = named_file(setup->invocation);
        char word[SHELL_WORD_MAX];
        (void)(count == 0 ? error_set(error, EXIT_USAGE, "which source? none is configured")
                          : error_set(error, EXIT_USAGE, "which source? the configuration has %d", count));
        if (file != NULL)
            error_hint(error, "name a file with -s csv:%s", shell_word(word, file));
        else
            error_hint(error, "-s csv:PATH, -s sim, or -s and the name of a configured one");
        return -1;
    }
    const char *text = setup->named != NULL ? setup->named : option_text(setup->invocation, "source", "");
    return find_source(setup, text, error);
}

int setup_find(struct setup *setup, const char *text, struct error *error)
{
    setup->source = "";
    setup->request.rest = NULL;
    setup->request.argument = "";
    setup->rest = (struct rest){.feed = ""};
    return find_source(setup, text, error);
}
