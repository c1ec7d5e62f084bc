/* tn-stream live: sources by name, from the configuration to a feed with its server and keys. */
#include "tn-stream/live.h"

#include <stdio.h>
#include <stdlib.h>

static int ask(void *context, const struct stream_question *question, struct buf *body, struct error *error)
{
    const struct named *named = context;
    struct http_response response = {.status = 0};
    int result =
        question_ask(named->adapter, named->http, question->method, buf_str(&question->path), &response, error);
    if (result == 0 && response.status != 200) {
        const bool keys = response.status == 401 || response.status == 403;
        result = error_set(error, keys ? EXIT_CREDENTIALS : EXIT_UNAVAILABLE, "%s answers with status %d",
                           named->adapter->title, response.status);
    }
    if (result == 0)
        buf_add_str(body, buf_str(&response.body));
    http_response_clear(&response);
    return result == 0 ? buf_check(body, error) : -1;
}

static bool is_configured(const struct config *config, const char *title)
{
    for (int i = 0; i < config_titles(config, "source"); i++)
        if (strcmp(config_title(config, "source", i), title) == 0)
            return true;
    return false;
}

/* "alpaca:iex": a section of the configuration or an adapter, and which of its feeds. */
static int split_name(const struct setup *setup, struct named *named, struct error *error)
{
    const size_t n = strcspn(named->text, ":");
    if (n == 0 || n >= sizeof named->name || strlen(named->text) >= sizeof named->variant + n)
        return error_set(error, EXIT_USAGE, "'%.40s' is no source", named->text);
    (void)snprintf(named->name, sizeof named->name, "%.*s", (int)n, named->text);
    const bool configured = is_configured(setup->config, named->name);
    const char *kind = configured ? config_text(setup->config, "source", named->name, "kind", NULL) : named->name;
    const char *feed = configured ? config_text(setup->config, "source", named->name, "feed", NULL) : NULL;
    if (named->text[n] == ':')
        feed = named->text + n + 1;
    named->section = configured ? named->name : "";
    const size_t length = strnlen(kind, sizeof named->kind - 1);
    memcpy(named->kind, kind, length);
    named->kind[length] = '\0';
    (void)snprintf(named->variant, sizeof named->variant, "%s", feed == NULL ? "" : feed);
    return 0;
}

static int no_feed(const struct named *named, struct error *error)
{
    struct buf list;
    const char *names[32];
    for (int i = 0; i < stream_count; i++)
        names[i] = stream_table[i]->name;
    const char *nearest = nearest_word(named->kind, names, stream_count);
    buf_init(&list, 1024);
    for (int i = 0; i < stream_count; i++)
        buf_printf(&list, "%s%s", i == 0 ? "" : " ", names[i]);
    (void)error_set(error, EXIT_USAGE, "'%s' has no live stream", named->kind);
    if (nearest != NULL)
        error_hint(error, "nearest: '%s'", nearest);
    else
        error_hint(error, "these have: %s", list.p);
    buf_clear(&list);
    return -1;
}

static int open_source(struct setup *setup, int index, unsigned channels, struct error *error)
{
    struct named *named = &setup->named[index];
    struct live_source *source = &setup->source[index];
    char folder[PATH_MAX];
    if (split_name(setup, named, error) < 0)
        return -1;
    const struct stream_feed *feed = stream_feed_find(named->kind);
    if (feed == NULL)
        return no_feed(named, error);
    if ((feed->channels & channels) == 0)
        return error_set(error, EXIT_USAGE, "%s has none of the data in --take", feed->title);
    (void)snprintf(folder, sizeof folder, "%s/feeds", config_folder_name(setup->config, "config"));
    const char *section = named->section;
    const struct adapter_settings settings = {
        .name = named->kind,
        .folder = folder,
        .url = config_text(setup->config, "source", section, "url", NULL),
        .pace = config_text(setup->config, "source", section, "pace", NULL),
        .secret_command = config_text(setup->config, "source", section, "secret_command", NULL),
        .secret_file = config_text(setup->config, "source", section, "secret_file", NULL),
    };
    named->adapter = adapter_open(&settings, error);
    if (named->adapter == NULL ||
        (feed->credentials[0] != '\0' && adapter_unlock(named->adapter, &settings, error) < 0))
        return -1;
    named->http = setup->http;
    named->around_the_clock =
        strcmp(feed->calendar, "always") == 0 || (feed->calendar[0] == 'n' && strcmp(named->variant, "crypto") == 0);
    const char *url = config_text(setup->config, "source", section, "stream_url", NULL);
    source->quote_name = named->text;
    source->terms = (struct connection_terms){
        .feed = feed,
        .source = named->name,
        .variant = named->variant,
        .url = url,
        .configured = url != NULL,
        .secrets = &named->adapter->secrets,
        .agent = setup->agent,
        .proxy = config_text(setup->config, "network", "", "proxy", NULL),
        .ca_file = config_text(setup->config, "network", "", "ca_file", NULL),
        .channels = channels,
        .depth = option_count(setup->invocation, "depth", 10),
        .ask = ask,
        .ask_context = named,
    };
    return 0;
}

int open_sources(struct setup *setup, unsigned channels, struct error *error)
{
    char *list = NULL, *rest = NULL;
    if (!option_given(setup->invocation, "source") && config_titles(setup->config, "source") != 1) {
        (void)error_set(error, EXIT_USAGE, "which source?");
        error_hint(error, "-s alpaca, -s kraken,coinbase … or a configured source");
        return -1;
    }
    list = strdup(option_text(setup->invocation, "source", config_title(setup->config, "source", 0)));
    if (list == NULL)
        return error_memory(error);
    int result = 0;
    for (char *word = list; word != NULL && result == 0; word = rest) {
        rest = strchr(word, ',');
        if (rest != NULL)
            *rest++ = '\0';
        if (setup->sources == SOURCES_MAX) {
            result = error_set(error, EXIT_USAGE, "more than %d sources", SOURCES_MAX);
            break;
        }
        setup->named[setup->sources].text = strdup(word);
        if (setup->named[setup->sources].text == NULL)
            result = error_memory(error);
        else
            result = open_source(setup, setup->sources++, channels, error);
    }
    free(list);
    return result;
}
