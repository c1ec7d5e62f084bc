/* A source asked over the network. All symbols are asked for at once, before the first is started; what comes is kept
 * by symbol until its stream has given it. */
#include "base/list.h"
#include "feed/rest_parts.h"
#include "market/bar_times.h"

#include <stdio.h>
#include <stdlib.h>

struct feed_stream {
    struct rest_source *source;
    struct rest_series *series;
    size_t next_bar, next_action;
};

/* ---- which bars, from when ---- */

/* How long before `now` the last N bars surely begin: sessions are at least 4 days in 7 over any month, and a session
 * of an exchange is at least 3 hours long on its shortest day; the rest is a margin. */
static int64_t reach(struct interval interval, int64_t last, const struct calendar *calendar)
{
    const bool always = strcmp(calendar_name(calendar), "always") == 0;
    int64_t days;
    if (interval_is_daily(interval)) {
        const int64_t unit = interval.unit == INTERVAL_DAY ? 1 : interval.unit == INTERVAL_WEEK ? 7 : 31;
        days = last > 40000 ? 40000 : last * unit * interval.count;
        days = interval.unit == INTERVAL_DAY && !always ? days * 8 / 5 + 10 : days + unit * interval.count + 10;
    } else {
        const int64_t length = interval_end(interval, 0);
        const int64_t a_day = always ? TIME_DAY / length : 3 * TIME_HOUR / length;
        days = last / (a_day > 0 ? a_day : 1) + 1;
        days = always ? days + 1 : days * 8 / 5 + 6;
    }
    return days > 40000 ? 40000 * TIME_DAY : days * TIME_DAY;
}

int rest_range(const struct rest *rest, const struct feed_request *request, struct fetch_query *query,
               struct error *error)
{
    char text[INTERVAL_TEXT_MAX];
    (void)interval_format(text, request->interval);
    if (adapter_interval(rest->adapter, request->interval, &query->interval) == 0) {
        (void)error_set(error, EXIT_USAGE, "%s has no bars from which %s bars can be made", rest->adapter->title, text);
        error_hint(error, "tn-quote sources lists what each source can deliver");
        return -1;
    }
    query->now = request->now;
    query->to = request->to == TIME_NONE || request->to > request->now ? (request->now / TIME_SECOND + 1) * TIME_SECOND
                                                                       : request->to;
    query->from = request->from;
    if (query->from == TIME_NONE && request->last > 0)
        query->from = query->to - reach(request->interval, request->last, request->calendar);
    else if (query->from == TIME_NONE && interval_is_daily(query->interval))
        query->from = TIME_DAY; /* all there is; the first day, so that zones west of Greenwich stay after 1970 */
    if (query->from == TIME_NONE) {
        (void)error_set(error, EXIT_USAGE, "how far back? there are many %s bars", text);
        error_hint(error, "-n N, or --from TIME");
        return -1;
    }
    if (query->from < TIME_DAY)
        query->from = TIME_DAY;
    return query->from < query->to ? 0 : error_set(error, EXIT_USAGE, "--from is in the future");
}

/* ---- taking what comes ---- */

static struct rest_series *series_of(const struct rest_source *source, const char *symbol)
{
    const int64_t index = names_find(&source->symbols, str_of(symbol));
    return index < 0 ? NULL : &source->series[index];
}

/* Set start, end and session of a bar that the server dates in its own way: 1: keep it; 0: leave it out. */
static int place(struct rest_source *source, struct bar *bar, struct error *error)
{
    const struct feed_request *request = source->request;
    struct bar_slot slot;
    if (interval_is_daily(bar->interval)) {
        const int64_t date = bar->session == TIME_NONE ? calendar_date(request->calendar, bar->time) : bar->session;
        return bar_set_session(bar, request->calendar, date, error) < 0 ? -1 : 1;
    }
    const int found = bar_slot(request->calendar, bar->interval, request->extended, bar->time, &slot, error);
    if (found <= 0)
        return found;
    if (slot.start != bar->time) { /* a running price dressed as a bar */
        source->live++;
        return 0;
    }
    bar->end = slot.end;
    return 1;
}

static int take_bar(struct rest_source *source, const struct record *record, struct error *error)
{
    struct bar bar;
    const struct field *name = record_field(record, "symbol");
    if (record_decode(record, &bar, error) < 0) {
        error_prefix(error, STR_FMT, (int)name->value.n - 2, name->value.p + 1);
        return -1;
    }
    struct rest_series *series = series_of(source, bar.symbol);
    if (!interval_equal(bar.interval, source->interval))
        return error_set(error, EXIT_INPUT, "%s: a bar of another interval than requested", bar.symbol);
    const int placed = place(source, &bar, error);
    if (placed <= 0) {
        error_prefix(error, "%s", bar.symbol);
        return placed;
    }
    require(series != NULL); /* fetch.c has seen that it was asked for */
    if (bar.adjusted == ADJUSTED_NONE)
        bar.adjusted = source->rest->adapter->adjusted;
    (void)snprintf(bar.source, sizeof bar.source, "%s", source->name);
    if (list_grow(&series->bar, &series->capacity, series->count, sizeof *series->bar, error) != 0)
        return -1;
    if (series->count > 0 && series->bar[series->count - 1].time >= bar.time)
        series->sorted = false;
    series->bar[series->count++] = bar;
    return 0;
}

static int take_action(struct rest_source *source, struct record *record, struct error *error)
{
    struct action action;
    struct date date;
    const struct field *ex_date = record_field(record, "ex_date");
    struct str text;
    if (ex_date == NULL || ex_date->kind != VALUE_STRING || record_text(record, ex_date, &text, error) < 0 ||
        date_parse(&date, text.p, text.n, error) < 0)
        return error_set(error, EXIT_INPUT, "a corporate action without an ex_date");
    if (record_decode(record, &action, error) < 0)
        return -1;
    struct rest_series *series = series_of(source, action.symbol);
    require(series != NULL);
    action.id[0] = '\0'; /* the same action is the same one, whoever tells of it: the id is made of what it says */
    /* A split is in split-adjusted prices already, and everything is in total-adjusted ones. */
    const enum adjusted adjusted = source->rest->adapter->adjusted;
    if (adjusted == ADJUSTED_TOTAL || (adjusted == ADJUSTED_SPLIT && action.kind != ACTION_DIVIDEND))
        return 0;
    return action_set_add(&series->actions, &action, date_to_days(date), source->request->calendar, error);
}

/* What a bad record stood for is not known: the cache must not take it for a time without a bar. */
static void mark_bad(struct rest_source *source, const struct record *record)
{
    const struct field *name = record == NULL ? NULL : record_field(record, "symbol");
    char symbol[SYMBOL_SIZE] = "";
    if (name != NULL && name->kind == VALUE_STRING && name->value.n - 2 < sizeof symbol)
        memcpy(symbol, name->value.p + 1, name->value.n - 2);
    struct rest_series *series = series_of(source, symbol);
    if (series != NULL) {
        series->bad = true;
        return;
    }
    for (size_t i = 0; source->series != NULL && i < source->symbols.count; i++)
        source->series[i].bad = true;
}

static int on_record(void *context, const struct record *record, struct error *error)
{
    struct rest_source *source = context;
    struct record copy = *record;
    const int result = record->type == RECORD_BAR      ? take_bar(source, record, error)
                       : record->type == RECORD_ACTION ? take_action(source, &copy, error)
                                                       : 0;
    if (result == 0 || error->code != EXIT_INPUT)
        return result;
    mark_bad(source, record);
    return source->request->bad(source->request->context, source->rest->adapter->name, 0, error);
}

static int on_bad(void *context, struct error *error)
{
    struct rest_source *source = context;
    mark_bad(source, NULL);
    return source->request->bad(source->request->context, source->rest->adapter->name, 0, error);
}

static int on_failed(void *context, const char *const *symbol, size_t symbols, const struct error *failure,
                     struct error *error)
{
    struct rest_source *source = context;
    (void)error;
    for (size_t i = 0; i < symbols; i++) {
        struct rest_series *series = series_of(source, symbol[i]);
        if (series != NULL && !error_is_set(&series->failure))
            series->failure = *failure;
    }
    return 0;
}

static void on_note(void *context, const char *const *symbol, size_t symbols, const char *text)
{
    const struct rest_source *source = context;
    for (size_t i = 0; i < symbols; i++)
        source->request->warn(source->request->context, symbol[i], text, NULL);
}

/* ---- the feed ---- */

static void rest_close(void *opened)
{
    struct rest_source *source = opened;
    for (size_t i = 0; source->series != NULL && i < source->symbols.count; i++) {
        free(source->series[i].bar);
        action_set_clear(&source->series[i].actions);
    }
    free(source->series);
    names_clear(&source->symbols);
    free(source);
}

static int rest_open(void **opened, const struct feed_request *request, struct error *error)
{
    struct rest_source *source = calloc(1, sizeof *source);
    if (source == NULL)
        return error_memory(error);
    source->request = request;
    source->rest = request->rest;
    names_init(&source->symbols);
    const char *feed = source->rest->feed[0] == '\0' && source->rest->adapter->feeds > 0
                           ? source->rest->adapter->feed[0]
                           : source->rest->feed;
    (void)snprintf(source->name, sizeof source->name, "%.31s%s%.31s", source->rest->adapter->name,
                   feed[0] == '\0' ? "" : ":", feed);
    *opened = source;
    return 0;
}

static int rest_symbols(void *opened, struct names *symbols, struct error *error)
{
    const struct rest_source *source = opened;
    (void)symbols;
    return error_set(error, EXIT_USAGE, "which symbols? %s has too many for all of them", source->rest->adapter->title);
}

int rest_fetch(struct rest_source *source, struct fetch_query *query, const char *command, struct error *error)
{
    const struct fetch_sink sink = {
        .record = on_record, .failed = on_failed, .bad = on_bad, .note = on_note, .context = source};
    query->command = command;
    return fetch_all(source->rest->adapter, source->rest->http, query, &sink, error);
}

/* What is known of the source's health, for tn-report sources. */
static void count_series(const struct rest_source *source)
{
    struct adapter_tally *tally = &source->rest->adapter->tally;
    for (size_t i = 0; i < source->symbols.count; i++) {
        const struct rest_series *series = &source->series[i];
        tally->symbols++;
        tally->failed += error_is_set(&series->failure) ? 1 : 0;
        tally->bars += (int64_t)series->count;
        for (size_t k = 0; k < series->count; k++)
            if (series->bar[k].end > tally->newest && series->bar[k].end <= source->request->now)
                tally->newest = series->bar[k].end;
    }
}

static int prepare(struct rest_source *source, const struct names *symbols, struct error *error)
{
    const struct adapter *adapter = source->rest->adapter;
    struct fetch_query query = {.feed = source->rest->feed, .text = "", .calendar = source->request->calendar};
    if (rest_range(source->rest, source->request, &query, error) < 0)
        return -1;
    source->interval = query.interval;
    for (size_t i = 0; i < symbols->count; i++)
        if (feed_symbol_is_valid(str_of(symbols->name[i])) &&
            names_add(&source->symbols, str_of(symbols->name[i]), error) < 0)
            return -1;
    source->series = calloc(source->symbols.count + 1, sizeof *source->series);
    if (source->series == NULL)
        return error_memory(error);
    for (size_t i = 0; i < source->symbols.count; i++) {
        source->series[i].sorted = true;
        action_set_init(&source->series[i].actions);
    }
    query.symbol = (const char *const *)source->symbols.name;
    query.symbols = source->symbols.count;
    if (query.symbols == 0)
        return 0;
    if (source->rest->cache != NULL) {
        bool broken = false;
        if (rest_prepare_cached(source, &query, &broken, error) == 0)
            return 0;
        if (!broken || source->rest->offline)
            return -1;
        char text[600];
        (void)snprintf(text, sizeof text, "the cache cannot be used: %s", error->text);
        source->request->warn(source->request->context, adapter->name, text,
                              error->hint[0] == '\0' ? NULL : error->hint);
        error_clear(error);
        for (size_t i = 0; i < source->symbols.count; i++)
            rest_series_clear(&source->series[i]);
    }
    if (rest_fetch(source, &query, "bars", error) < 0)
        return -1;
    return rest_asks_actions(adapter) ? rest_fetch(source, &query, "actions", error) : 0;
}

static int rest_prepare(void *opened, const struct names *symbols, struct error *error)
{
    struct rest_source *source = opened;
    const int result = prepare(source, symbols, error);
    if (result == 0)
        count_series(source);
    return result;
}

bool rest_asks_actions(const struct adapter *adapter)
{
    /* Raw prices cannot be read without the actions between them. */
    return adapter->adjusted != ADJUSTED_TOTAL && !adapter->actions_in_bars && adapter_can(adapter, "actions");
}

void rest_series_clear(struct rest_series *series)
{
    series->count = 0;
    series->sorted = true;
    series->bad = false;
    action_set_clear(&series->actions);
    error_clear(&series->failure);
}

static int compare_bars(const void *a, const void *b)
{
    const struct bar *x = a, *y = b;
    return (x->time > y->time) - (x->time < y->time);
}

/* In order of time; of bars of the same time (pages that overlap, a live row) the one with the larger volume. */
void rest_series_sort(struct rest_series *series)
{
    size_t kept = 0;
    if (series->sorted)
        return;
    qsort(series->bar, series->count, sizeof *series->bar, compare_bars);
    for (size_t i = 0; i < series->count; i++) {
        struct bar *last = kept == 0 ? NULL : &series->bar[kept - 1];
        if (last == NULL || last->time != series->bar[i].time)
            series->bar[kept++] = series->bar[i];
        else if (!(series->bar[i].volume < last->volume))
            *last = series->bar[i];
    }
    series->count = kept;
    series->sorted = true;
}

static struct feed_stream *rest_start(void *opened, const char *symbol, struct error *error)
{
    struct rest_source *source = opened;
    struct rest_series *series = series_of(source, symbol);
    require(series != NULL);
    if (error_is_set(&series->failure)) {
        *error = series->failure;
        return NULL;
    }
    struct feed_stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    rest_series_sort(series);
    *stream = (struct feed_stream){.source = source, .series = series};
    if (source->live > 0) {
        source->request->note(source->request->context, symbol, "incomplete bars were left out");
        source->live = 0;
    }
    return stream;
}

static int rest_next(struct feed_stream *stream, struct feed_item *item, struct error *error)
{
    struct rest_series *series = stream->series;
    const struct bar *bar = stream->next_bar < series->count ? &series->bar[stream->next_bar] : NULL;
    (void)error;
    if (stream->next_action < series->actions.count) {
        const struct action *action = action_set_get(&series->actions, stream->next_action);
        if (bar == NULL || action->time <= bar->time) {
            *item = (struct feed_item){.type = RECORD_ACTION, .action = *action};
            stream->next_action++;
            return 1;
        }
    }
    if (bar == NULL)
        return 0;
    *item = (struct feed_item){.type = RECORD_BAR, .bar = *bar};
    stream->next_bar++;
    return 1;
}

static void rest_stop(struct feed_stream *stream)
{
    free(stream);
}

const struct feed feed_rest = {
    .name = "rest",
    .summary = "a source asked over the network",
    .open = rest_open,
    .close = rest_close,
    .symbols = rest_symbols,
    .prepare = rest_prepare,
    .start = rest_start,
    .next = rest_next,
    .stop = rest_stop,
};
