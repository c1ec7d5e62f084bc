/* tn-quote sources: what can be asked, and for what. */
#include "tn-quote/commands.h"

#include "tn-quote/listing.h"

/* What each can do comes first: where the terminal is narrow, what stands behind is left out. */
static const char *const keys[] = {"source", "commands", "configured", "adjusted", "credentials", "intervals",
                                   "feeds",  "-title",   "-calendar",  "-server",  NULL};

static void add_word(struct buf *text, const char *word)
{
    buf_printf(text, "%s%s", text->n == 0 ? "" : " ", word);
}

/* The sections of the configuration that are of this kind. */
static void add_sections(struct buf *text, const struct config *config, const char *kind)
{
    for (int i = 0; i < config_titles(config, "source"); i++) {
        const char *title = config_title(config, "source", i);
        const char *its = config_text(config, "source", title, "kind", NULL);
        if (its != NULL && strcmp(its, kind) == 0)
            add_word(text, title);
    }
}

static int put(struct listing *list, struct buf *text, struct error *error)
{
    if (text->n == 0)
        listing_cell(list, "");
    else
        listing_cell(list, text->p);
    const int result = buf_check(text, error);
    buf_reset(text);
    return result;
}

static int add_builtin(struct listing *list, struct buf *text, const struct config *config, const struct feed *feed,
                       struct error *error)
{
    listing_cell(list, feed->name);
    listing_cell(list, feed == &feed_sim ? "bars actions chain" : "bars actions");
    add_sections(text, config, feed->name);
    if (put(list, text, error) < 0)
        return -1;
    for (int i = 0; i < 4; i++)
        listing_cell(list, "");
    listing_cell(list, feed->summary);
    listing_cell(list, "");
    listing_cell(list, "");
    return 0;
}

static int add_adapter(struct listing *list, struct buf *text, const struct config *config,
                       const struct adapter *adapter, struct error *error)
{
    static const char *const how[] = {"", "raw", "split", "total"};
    listing_cell(list, adapter->name);
    for (int i = 0; i < adapter->commands; i++)
        add_word(text, adapter->command[i]);
    if (put(list, text, error) < 0)
        return -1;
    add_sections(text, config, adapter->name);
    if (put(list, text, error) < 0)
        return -1;
    listing_cell(list, how[adapter->adjusted]);
    buf_printf(text, "%s%s", adapter->credentials, adapter->credentials_optional ? " (optional)" : "");
    if (put(list, text, error) < 0)
        return -1;
    for (int i = 0; i < adapter->intervals; i++) {
        char interval[INTERVAL_TEXT_MAX];
        (void)interval_format(interval, adapter->interval[i]);
        add_word(text, interval);
    }
    if (put(list, text, error) < 0)
        return -1;
    for (int i = 0; i < adapter->feeds; i++)
        add_word(text, adapter->feed[i]);
    if (put(list, text, error) < 0)
        return -1;
    listing_cell(list, adapter->title);
    listing_cell(list, adapter->calendar);
    listing_cell(list, adapter->origin);
    return 0;
}

/* A file that is no adapter is named and left out; the exit code is then 2. */
static int add_adapters(struct listing *list, struct buf *text, const struct config *config,
                        const struct invocation *invocation, enum exit_code *code, struct error *error)
{
    char folder[PATH_MAX];
    struct names names;
    int result;
    names_init(&names);
    (void)rest_folder(config, folder);
    result = adapter_names(&names, folder, error);
    for (size_t i = 0; result == 0 && i < names.count; i++) {
        struct error why;
        error_clear(&why);
        struct adapter *adapter =
            adapter_open(&(struct adapter_settings){.name = names.name[i], .folder = folder}, &why);
        if (adapter == NULL) {
            say_error(invocation, &why);
            *code = exit_worst(*code, why.code);
            continue;
        }
        result = add_adapter(list, text, config, adapter, error);
        adapter_close(adapter);
    }
    names_clear(&names);
    return result;
}

enum exit_code quote_sources(struct invocation *invocation, struct error *error)
{
    struct buf text;
    enum exit_code code = EXIT_DONE;
    struct config *config = config_open(error);
    struct listing *list = config == NULL ? NULL : listing_open(keys, invocation, error);
    int result = list == NULL ? -1 : 0;
    buf_init(&text, 4096);
    for (int i = 0; result == 0 && i < feed_count; i++)
        result = add_builtin(list, &text, config, feed_table[i], error);
    if (result == 0 && add_adapters(list, &text, config, invocation, &code, error) == 0)
        (void)listing_show(list, error);
    listing_close(list);
    buf_clear(&text);
    config_free(config);
    return exit_worst(code, error->code);
}
