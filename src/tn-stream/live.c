/* tn-stream live: options and configuration to a request, sources to connections. */
#include "stream/live.h"
#include "adapter/question.h"
#include "exchange/exchange.h"
#include "expr/expr.h"
#include "feed/feed.h"
#include "feed/input.h"
#include "feed/watchlist.h"
#include "net/network.h"
#include "tn-stream/commands.h"

#include <stdio.h>
#include <stdlib.h>

enum { SOURCES_MAX = 16 };

/* A source as it was named: "alpaca:iex". */
struct named {
    char *text; /* owned */
    char name[ID_SIZE], kind[ID_SIZE], variant[64];
    const char *section; /* of the configuration, "" for none */
    struct adapter *adapter;
    struct http *http;
    bool around_the_clock;
};

struct setup {
    struct invocation *invocation;
    struct config *config;
    struct http *http;
    struct exchange exchange;
    struct expr *where;
    struct named named[SOURCES_MAX];
    struct live_source source[SOURCES_MAX];
    int sources;
    char agent[160];
    struct live_request request;
};

/* ---- symbols ---- */

static int on_bad(void *context, const char *path, uint64_t line, struct error *error)
{
    const struct setup *setup = context;
    say(setup->invocation, 0, "%s: line %llu: %s", path, (unsigned long long)line, error->text);
    error_clear(error);
    return 0;
}

/* "kraken=BTC/USD" is for one source. Where some sources trade around the clock and others do not, a pair goes to the
 * former and a plain symbol to the latter. */
static const char *symbol_for(const struct setup *setup, int source, const char *symbol)
{
    const struct named *named = &setup->named[source];
    const char *equals = strchr(symbol, '=');
    if (equals != NULL)
        for (int i = 0; i < setup->sources; i++) {
            const size_t n = strlen(setup->named[i].name);
            if ((size_t)(equals - symbol) == n && memcmp(symbol, setup->named[i].name, n) == 0)
                return i == source ? equals + 1 : NULL;
        }
    bool mixed = false;
    for (int i = 0; i < setup->sources; i++)
        mixed |= setup->named[i].around_the_clock != named->around_the_clock;
    return mixed && (strchr(symbol, '/') != NULL) != named->around_the_clock ? NULL : symbol;
}

static int read_symbols(void *context, int source, struct names *symbols, struct error *error)
{
    struct setup *setup = context;
    const struct invocation *invocation = setup->invocation;
    struct names all;
    int result = 0;
    names_init(&all);
    for (int i = 0; i < invocation_operands(invocation) && result == 0; i++) {
        const struct str word = str_of(invocation_operand_list(invocation)[i]);
        if (!feed_symbol_is_valid(word))
            result = error_set(error, EXIT_USAGE, "'%.40s' is no symbol", word.p);
        else
            result = names_add(&all, word, error) < 0 ? -1 : 0;
    }
    if (result == 0 && option_given(invocation, "watchlist"))
        result = watchlist_read(&all, option_text(invocation, "watchlist", ""), on_bad, setup, error);
    for (size_t i = 0; i < all.count && result == 0; i++) {
        const char *symbol = symbol_for(setup, source, all.name[i]);
        if (symbol != NULL && names_add(symbols, str_of(symbol), error) < 0)
            result = -1;
    }
    names_clear(&all);
    return result;
}

/* ---- sources ---- */

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
    (void)snprintf(named->kind, sizeof named->kind, "%s", kind);
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
        return error_set(error, EXIT_USAGE, "%s has nothing of what --take asks for", feed->title);
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

static int open_sources(struct setup *setup, unsigned channels, struct error *error)
{
    char *list = NULL, *rest = NULL;
    if (!option_given(setup->invocation, "source") && config_titles(setup->config, "source") != 1) {
        (void)error_set(error, EXIT_USAGE, "which source?");
        error_hint(error, "-s alpaca, -s kraken,coinbase … or one of the configuration");
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

/* ---- options ---- */

static int read_channels(const char *text, unsigned *channels, struct error *error)
{
    static const char *const word[STREAM_CHANNELS] = {"trades", "quotes", "bars", "book", "news"};
    *channels = 0;
    for (const char *p = text; *p != '\0';) {
        const size_t n = strcspn(p, ",");
        int i = 0;
        while (i < STREAM_CHANNELS && !(strlen(word[i]) == n && memcmp(word[i], p, n) == 0))
            i++;
        if (i == STREAM_CHANNELS) {
            (void)error_set(error, EXIT_USAGE, "--take: '%.*s' is none of what there is", n > 40 ? 40 : (int)n, p);
            error_hint(error, "trades quotes bars book news, with commas between");
            return -1;
        }
        *channels |= 1u << i;
        p += n + (p[n] == ',');
    }
    return *channels == 0 ? error_set(error, EXIT_USAGE, "--take: what?") : 0;
}

static void on_say(void *context, int level, const char *text)
{
    const struct setup *setup = context;
    say(setup->invocation, level, "%s", text);
}

static int fill_request(struct setup *setup, unsigned channels, struct error *error)
{
    const struct invocation *invocation = setup->invocation;
    const char *bars = option_text(invocation, "bars", NULL), *where = option_text(invocation, "where", NULL);
    struct live_request *request = &setup->request;
    const bool all_day = setup->named[0].around_the_clock;
    if (exchange_open(&setup->exchange, option_text(invocation, "calendar", all_day ? "always" : "nyse"), error) != 0)
        return -1;
    if (bars != NULL && interval_parse(&request->bars, bars, strlen(bars), error) < 0) {
        error_recode(error, EXIT_USAGE);
        return -1;
    }
    if (bars != NULL && (channels & STREAM_TRADES) == 0)
        return error_set(error, EXIT_USAGE, "--bars are built from trades: --take trades,…");
    if (where != NULL && (setup->where = expr_parse(where, error)) == NULL)
        return -1;
    for (int i = 0; i < setup->sources; i++) { /* what is missing can be asked for only where there are such bars */
        const struct adapter *adapter = setup->named[i].adapter;
        const struct interval minute = {INTERVAL_MINUTE, 1};
        struct interval use;
        if (!adapter_can(adapter, "bars") ||
            adapter_interval(adapter, bars == NULL ? minute : request->bars, &use) == 0)
            setup->source[i].quote_name = NULL;
    }
    request->source = setup->source;
    request->sources = setup->sources;
    request->calendar = &setup->exchange.calendar;
    request->extended = option_flag(invocation, "extended");
    request->grace = option_count(invocation, "grace", 1000) * (TIME_SECOND / 1000);
    request->quiet = option_count(invocation, "stale", 10) * TIME_SECOND;
    request->queue = (size_t)option_count(invocation, "memory", 16) << 20;
    request->conflate = option_flag(invocation, "conflate");
    request->symbols = read_symbols;
    request->say = on_say;
    request->context = setup;
    request->where = setup->where == NULL ? NULL : expr_where;
    request->where_context = setup->where;
    return 0;
}

static void clear(struct setup *setup)
{
    for (int i = 0; i < setup->sources; i++) {
        adapter_close(setup->named[i].adapter);
        free(setup->named[i].text);
    }
    http_close(setup->http);
    where_close(setup->invocation, setup->where);
    exchange_close(&setup->exchange);
    config_free(setup->config);
}

enum exit_code stream_live(struct invocation *invocation, struct error *error)
{
    struct setup *setup = calloc(1, sizeof *setup);
    enum exit_code code;
    unsigned channels;
    if (setup == NULL)
        return error_memory(error), error->code;
    setup->invocation = invocation;
    setup->request.bars = (struct interval){INTERVAL_NONE, 0};
    setup->config = config_open(error);
    const char *usual = option_given(invocation, "bars") ? "trades" : "trades,quotes";
    if (setup->config == NULL || read_channels(option_text(invocation, "take", usual), &channels, error) < 0)
        goto out;
    const char *contact = config_text(setup->config, "network", "", "contact", NULL);
    (void)snprintf(setup->agent, sizeof setup->agent,
                   contact == NULL ? "true-north/" TN_VERSION : "true-north/" TN_VERSION " (%s)",
                   contact == NULL ? "" : contact);
    setup->http = network_open(setup->config, invocation, (struct http_options){.parallel = 0}, error);
    if (setup->http == NULL || open_sources(setup, channels, error) < 0 || fill_request(setup, channels, error) < 0)
        goto out;
    code = live_run(&setup->request, error);
    clear(setup);
    free(setup);
    return code;
out:
    code = error->code;
    clear(setup);
    free(setup);
    return code;
}
