/* tn-quote watch: the latest quotes in a table that is drawn anew, until it is interrupted. */
#include "tn-quote/commands.h"

#include "tn-quote/watch_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

const struct option_spec watch_options[] = {
    {"watchlist", 'w', OPTION_FILE, "FILE", "read symbols from a file, one per line, # for comments", NULL, 0, 0},
    {"every", 0, OPTION_COUNT, "SECONDS", "time between updates (default 5)", NULL, 1, 86400},
    {"rounds", 0, OPTION_COUNT, "N", "stop after this many updates (default: when interrupted)", NULL, 1, 1000000},
    {0},
};

struct watch {
    struct setup *setup;
    struct watched *list; /* by index of the symbol */
};

static struct watched *watched_of(const struct watch *watch, const char *symbol)
{
    const int64_t index = names_find(&watch->setup->symbols, str_of(symbol));
    return index < 0 ? NULL : &watch->list[index];
}

static int on_record(void *context, const struct record *record, struct error *error)
{
    const struct watch *watch = context;
    struct quote quote;
    if (record->type != RECORD_QUOTE)
        return 0;
    if (record_decode(record, &quote, error) < 0)
        return -1;
    struct watched *watched = watched_of(watch, quote.symbol);
    if (watched == NULL)
        return 0;
    watched->quote = quote;
    watched->trouble[0] = '\0';
    if (isnan(watched->first))
        watched->first = watch_middle(&quote);
    return 0;
}

/* What fails stays in the table, with its last quote: an old price must look like one. */
static int on_failed(void *context, const char *const *symbol, size_t symbols, const struct error *failure,
                     struct error *error)
{
    const struct watch *watch = context;
    (void)error;
    for (size_t i = 0; i < symbols; i++) {
        struct watched *watched = watched_of(watch, symbol[i]);
        if (watched != NULL)
            (void)snprintf(watched->trouble, sizeof watched->trouble, "%.127s", failure->text);
    }
    return 0;
}

static int on_bad(void *context, struct error *error)
{
    const struct watch *watch = context;
    say(watch->setup->invocation, 1, "%s", error->text);
    error_clear(error);
    return 0;
}

static int draw(const struct watch *watch, bool again, struct error *error)
{
    return watch_table_show(watch->list, watch->setup->symbols.count, watch->setup->invocation, again, error);
}

static int look(struct watch *watch, struct error *error)
{
    struct setup *setup = watch->setup;
    const int64_t now = time_now();
    const struct fetch_query query = {
        .command = "quotes",
        .symbol = (const char *const *)setup->symbols.name,
        .symbols = setup->symbols.count,
        .from = now - TIME_DAY,
        .to = now + 1,
        .now = now,
        .feed = setup->rest.feed,
        .text = "",
        .calendar = &setup->calendar,
    };
    const struct fetch_sink sink = {.record = on_record, .failed = on_failed, .bad = on_bad, .context = watch};
    return fetch_all(setup->rest.adapter, setup->rest.http, &query, &sink, error);
}

static int watch_on(struct watch *watch, int64_t every, int64_t rounds, struct error *error)
{
    for (int64_t i = 0; rounds == 0 || i < rounds; i++) {
        if (look(watch, error) < 0 || draw(watch, i > 0 || rounds == 0, error) < 0)
            return -1;
        if (i + 1 == rounds)
            return 0;
        const struct timespec pause = {.tv_sec = every};
        (void)nanosleep(&pause, NULL);
    }
    return 0;
}

static bool has_failed(const struct watch *watch)
{
    for (size_t i = 0; i < watch->setup->symbols.count; i++)
        if (watch->list[i].trouble[0] != '\0')
            return true;
    return false;
}

enum exit_code quote_watch(struct invocation *invocation, struct error *error)
{
    struct setup setup;
    struct watch watch = {.setup = &setup};
    if (setup_open_named(&setup, invocation, option_text(invocation, "source", NULL), error) < 0)
        return error->code;
    int result = setup_read(&setup, error);
    if (result == 0 && (setup.rest.adapter == NULL || !adapter_can(setup.rest.adapter, "quotes"))) {
        result = error_set(error, EXIT_USAGE, "%s has no quotes", setup.request.name);
        error_hint(error, "tn-quote sources lists what each source can deliver");
    }
    if (result == 0 && setup.symbols.count == 0)
        result = error_set(error, EXIT_USAGE, "which symbols?");
    watch.list = calloc(setup.symbols.count + 1, sizeof *watch.list);
    if (watch.list == NULL)
        result = error_memory(error);
    for (size_t i = 0; watch.list != NULL && i < setup.symbols.count; i++)
        watch.list[i] = (struct watched){.symbol = setup.symbols.name[i], .quote.time = TIME_NONE, .first = NAN};
    if (result == 0)
        result = watch_on(&watch, option_count(invocation, "every", 5), option_count(invocation, "rounds", 0), error);
    const bool failed = watch.list != NULL && result == 0 && has_failed(&watch);
    free(watch.list);
    setup_close(&setup);
    return result < 0 ? error->code : failed ? EXIT_UNAVAILABLE : EXIT_DONE;
}
