/* tn-stream live: options and configuration to a request, sources to connections. */
#include "tn-stream/live.h"
#include "feed/feed.h"
#include "feed/input.h"
#include "feed/watchlist.h"

#include <stdio.h>
#include <stdlib.h>

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
            result = error_set(error, EXIT_USAGE, "'%.40s' is not a symbol", word.p);
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
            (void)error_set(error, EXIT_USAGE, "--take: unknown word '%.*s'", n > 40 ? 40 : (int)n, p);
            error_hint(error, "trades quotes bars book news, separated by commas");
            return -1;
        }
        *channels |= 1u << i;
        p += n + (p[n] == ',');
    }
    return *channels == 0 ? error_set(error, EXIT_USAGE, "--take: the list is empty") : 0;
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
    request->official = option_count(invocation, "official", 900) * TIME_SECOND;
    request->quiet = option_count(invocation, "stale", 10) * TIME_SECOND;
    request->book_pause = option_count(invocation, "every", 100) * (TIME_SECOND / 1000);
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
