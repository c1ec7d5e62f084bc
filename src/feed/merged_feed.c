/* Bars and actions of many symbols, merged. One symbol_stream per symbol pulls from its feed, resamples and cuts; a
 * heap holds the next item of each. */
#include "feed/merged_feed.h"

#include "base/list.h"
#include "feed/merged_feed_adjust.h"
#include "feed/merged_feed_watch.h"
#include "feed/repairs.h"
#include "market/holes.h"
#include "market/merge.h"
#include "market/resample.h"
#include "record/record.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

struct symbol_stream {
    const char *symbol;
    struct feed_stream *stream;
    bool stream_done;
    struct feed_item ahead; /* read from the stream, not used yet */
    bool has_ahead;
    size_t next_action; /* of the request's set */
    bool resampling;
    struct resample resample;
    struct holes holes; /* of the fine bars that are resampled */
    size_t gaps;
    int64_t newest; /* end of the last fine bar, TIME_NONE before the first */
    struct merged_feed_watch watch;
    size_t unfinished, early, late; /* bars that are not over, or before or behind the asked range */
    struct feed_item ready[8];
    int first_ready, ready_count;
    struct feed_item *kept; /* under `last`: all that comes out; without `from`: actions and the bar behind them */
    size_t kept_next, kept_count, kept_capacity, kept_bars;
    struct action_set kept_actions; /* what the kept actions' slices point into, the stream being gone */
    bool gave_bars, cut;            /* cut: bars before the kept ones were left out */
    struct feed_item current;       /* the one in the heap */
};

struct merged_feed {
    const struct merged_feed_request *request;
    void *source;
    struct symbol_stream *symbol_stream;
    size_t symbol_streams;
    struct merge merge;
    bool started;
};

static int64_t known_of(const struct feed_item *item)
{
    return item->type == RECORD_BAR       ? item->bar.end
           : item->type == RECORD_ANOMALY ? item->anomaly.time
           : item->type == RECORD_GAP     ? item->gap.time
                                          : item->action.time;
}

static void symbol_stream_clear(struct merged_feed *merged_feed, struct symbol_stream *symbol_stream)
{
    if (symbol_stream->stream != NULL)
        merged_feed->request->feed->stop(symbol_stream->stream);
    symbol_stream->stream = NULL;
    free(symbol_stream->kept);
    symbol_stream->kept = NULL;
    action_set_clear(&symbol_stream->kept_actions);
}

/* The request's own next action of this symbol, or NULL. */
static const struct action *extra_action(const struct merged_feed *merged_feed, struct symbol_stream *symbol_stream)
{
    struct action_set *set = merged_feed->request->actions;
    for (; set != NULL && symbol_stream->next_action < set->count; symbol_stream->next_action++) {
        const struct action *action = action_set_get(set, symbol_stream->next_action);
        if (strcmp(action->symbol, symbol_stream->symbol) == 0)
            return action;
    }
    return NULL;
}

static bool is_before(const struct action *action, const struct feed_item *ahead)
{
    return ahead->type == RECORD_ACTION ? action_compare(action, &ahead->action) <= 0 : action->time <= known_of(ahead);
}

/* The next item of the stream, with the repairs that the user has accepted: 1, 0, -1. */
static int stream_next(const struct merged_feed *merged_feed, struct symbol_stream *symbol_stream, struct error *error)
{
    const struct repairs *repairs = merged_feed->request->request->repairs;
    for (;;) {
        const int got = merged_feed->request->feed->next(symbol_stream->stream, &symbol_stream->ahead, error);
        if (got != 1 || repairs == NULL || repairs->count == 0)
            return got;
        bool changed = false;
        if (symbol_stream->ahead.type == RECORD_BAR ? repairs_bar(repairs, &symbol_stream->ahead.bar, &changed)
            : symbol_stream->ahead.type == RECORD_ACTION
                ? repairs_action(repairs, &symbol_stream->ahead.action, &changed)
                : 1)
            return 1;
    }
}

/* The next item of the stream and the request's actions together: 1, 0, -1. */
static int symbol_stream_read(const struct merged_feed *merged_feed, struct symbol_stream *symbol_stream,
                              struct feed_item *item, struct error *error)
{
    if (!symbol_stream->has_ahead && !symbol_stream->stream_done) {
        const int got = stream_next(merged_feed, symbol_stream, error);
        if (got < 0)
            return -1;
        symbol_stream->has_ahead = got == 1;
        symbol_stream->stream_done = got == 0;
    }
    const struct action *action = extra_action(merged_feed, symbol_stream);
    /* What a file's own column says too, under the same id, is one action. */
    while (action != NULL && symbol_stream->has_ahead && symbol_stream->ahead.type == RECORD_ACTION &&
           strcmp(action->id, symbol_stream->ahead.action.id) == 0) {
        symbol_stream->next_action++;
        action = extra_action(merged_feed, symbol_stream);
    }
    if (action != NULL && (!symbol_stream->has_ahead || is_before(action, &symbol_stream->ahead))) {
        *item = (struct feed_item){.type = RECORD_ACTION, .action = *action};
        symbol_stream->next_action++;
        return 1;
    }
    if (!symbol_stream->has_ahead)
        return 0;
    *item = symbol_stream->ahead;
    symbol_stream->has_ahead = false;
    return 1;
}

static struct feed_item *make_ready(struct symbol_stream *symbol_stream)
{
    require(symbol_stream->ready_count < (int)(sizeof symbol_stream->ready / sizeof *symbol_stream->ready));
    struct feed_item *item = &symbol_stream->ready[symbol_stream->ready_count++];
    item->type = RECORD_BAR;
    return item;
}

/* Time has come to a moment: a coarse bar may be complete. */
static void advance(struct symbol_stream *symbol_stream, int64_t moment)
{
    struct bar bar;
    if (symbol_stream->resampling && resample_advance(&symbol_stream->resample, moment, &bar) == 1)
        make_ready(symbol_stream)->bar = bar;
}

/* Bars that are missing within a session, before the bar that is made without them. */
static int find_gaps(const struct merged_feed *merged_feed, struct symbol_stream *symbol_stream, const struct bar *bar,
                     struct error *error)
{
    struct hole hole[2];
    if (interval_is_daily(bar->interval))
        return 0;
    if (symbol_stream->holes.calendar == NULL)
        holes_init(&symbol_stream->holes, merged_feed->request->request->calendar);
    const int count = holes_push(&symbol_stream->holes, bar, hole, error);
    for (int i = 0; i < count; i++) {
        struct feed_item *item = make_ready(symbol_stream);
        const bool over = hole[i].date != symbol_stream->holes.date; /* of the session before: known at its close */
        item->type = RECORD_GAP;
        item->begins = hole[i].from;
        record_blank(RECORD_GAP, &item->gap);
        item->gap.time = over ? hole[i].to : bar->end;
        item->gap.from = hole[i].from;
        item->gap.to = hole[i].to;
        item->gap.interval = bar->interval;
        item->gap.reason = STR("no bars within the session: what is made of it is not whole");
        (void)snprintf(item->gap.symbol, sizeof item->gap.symbol, "%s", symbol_stream->symbol);
        (void)snprintf(item->gap.source, sizeof item->gap.source, "%s", merged_feed->request->request->name);
    }
    return count < 0 ? -1 : 0;
}

static void warn_gap(const struct merged_feed *merged_feed, struct symbol_stream *symbol_stream, const struct gap *gap)
{
    const struct feed_request *request = merged_feed->request->request;
    char from[TIME_TEXT_MAX], to[TIME_TEXT_MAX], text[160];
    if (symbol_stream->gaps++ > 0) /* once a symbol; each is a record */
        return;
    from[time_format(from, gap->from)] = '\0';
    to[time_format(to, gap->to)] = '\0';
    (void)snprintf(text, sizeof text, "no bars from %s to %s, within a session: the bar made of it is not whole", from,
                   to);
    request->warn(request->context, symbol_stream->symbol, text,
                  "each such gap is a record; tn-quote doctor finds them all");
}

static int take_bar(const struct merged_feed *merged_feed, struct symbol_stream *symbol_stream,
                    const struct feed_item *given, struct error *error)
{
    const struct bar *bar = &given->bar;
    symbol_stream->newest = bar->end;
    struct anomaly anomaly;
    if (!merged_feed->request->unwatched &&
        merged_feed_watch_bar(&symbol_stream->watch, bar, merged_feed->request->request, &anomaly) == 1) {
        struct feed_item *item = make_ready(symbol_stream);
        item->type = RECORD_ANOMALY;
        item->begins = bar->time;
        item->anomaly = anomaly;
    }
    if (interval_equal(bar->interval, merged_feed->request->request->interval)) {
        *make_ready(symbol_stream) = *given;
        return 0;
    }
    if (!symbol_stream->resampling) {
        if (resample_init(&symbol_stream->resample, merged_feed->request->request->interval,
                          merged_feed->request->request->calendar, merged_feed->request->request->extended, error) < 0)
            return -1;
        symbol_stream->resampling = true;
    }
    if (!merged_feed->request->unwatched && find_gaps(merged_feed, symbol_stream, bar, error) < 0)
        return -1;
    struct bar out[2];
    const int count = resample_push(&symbol_stream->resample, bar, out, error);
    for (int i = 0; i < count; i++)
        make_ready(symbol_stream)->bar = out[i];
    return count < 0 ? -1 : 0;
}

static int take_action(struct symbol_stream *symbol_stream, const struct feed_item *item)
{
    advance(symbol_stream, item->action.time);
    merged_feed_watch_action(&symbol_stream->watch, &item->action);
    if (symbol_stream->resampling)
        resample_action(&symbol_stream->resample, &item->action);
    *make_ready(symbol_stream) = *item;
    return 0;
}

/* No more fine bars: a coarse bar that they do not fill is none. Of a day, or part of one, that is over by now this is
 * said, since its end is missing in the source. */
static void finish(const struct merged_feed *merged_feed, struct symbol_stream *symbol_stream)
{
    const struct feed_request *request = merged_feed->request->request;
    const struct resample *resample = &symbol_stream->resample;
    if (!symbol_stream->resampling || !resample->open || !resample->whole)
        return;
    symbol_stream->unfinished++;
    const bool within_day = !interval_is_daily(request->interval) || request->interval.unit == INTERVAL_DAY;
    if (!within_day || resample->bar.end > request->now || merged_feed->request->only_actions)
        return;
    char begin[TIME_TEXT_MAX], last[TIME_TEXT_MAX], end[TIME_TEXT_MAX], text[160];
    time_format(begin, resample->bar.time);
    time_format(last, symbol_stream->newest);
    time_format(end, resample->bar.end);
    (void)snprintf(text, sizeof text, "the bar of %s is left out: the source ends at %s, before its end at %s", begin,
                   last, end);
    request->warn(request->context, symbol_stream->symbol, text, NULL);
}

/* Fill `ready` from the stream: 1 when there is something, 0 at the end. */
static int symbol_stream_fill(const struct merged_feed *merged_feed, struct symbol_stream *symbol_stream,
                              struct error *error)
{
    const int64_t now = merged_feed->request->request->now;
    symbol_stream->first_ready = symbol_stream->ready_count = 0;
    while (symbol_stream->ready_count == 0) {
        struct feed_item item;
        const int got = symbol_stream_read(merged_feed, symbol_stream, &item, error);
        if (got < 0)
            return -1;
        if (got == 0 || known_of(&item) > now) { /* what comes after now is not known yet */
            symbol_stream->stream_done = true;
            symbol_stream->has_ahead = false;
            symbol_stream->next_action = SIZE_MAX;
            symbol_stream->unfinished += got == 1 && item.type == RECORD_BAR;
            finish(merged_feed, symbol_stream);
            return symbol_stream->ready_count > 0;
        }
        if (item.type == RECORD_ANOMALY)
            *make_ready(symbol_stream) = item;
        else if ((item.type == RECORD_BAR ? take_bar(merged_feed, symbol_stream, &item, error)
                                          : take_action(symbol_stream, &item)) < 0)
            return -1;
    }
    return 1;
}

/* The next item within the asked range. */
static int symbol_stream_pull(const struct merged_feed *merged_feed, struct symbol_stream *symbol_stream,
                              struct feed_item *item, struct error *error)
{
    const struct feed_request *request = merged_feed->request->request;
    for (;;) {
        if (symbol_stream->first_ready == symbol_stream->ready_count) {
            const int got =
                symbol_stream->stream_done && !symbol_stream->has_ahead && symbol_stream->next_action == SIZE_MAX
                    ? 0
                    : symbol_stream_fill(merged_feed, symbol_stream, error);
            if (got != 1)
                return got;
        }
        *item = symbol_stream->ready[symbol_stream->first_ready++];
        const int64_t time = item->type == RECORD_BAR      ? item->bar.time
                             : item->type != RECORD_ACTION ? item->begins
                                                           : item->action.time;
        if (request->to != TIME_NONE && time >= request->to) {
            if (item->type == RECORD_BAR) {
                symbol_stream->late++;
                return 0;
            }
            continue;
        }
        if (request->from != TIME_NONE && time < request->from) {
            symbol_stream->early += item->type == RECORD_BAR;
            continue;
        }
        symbol_stream->gave_bars |= item->type == RECORD_BAR;
        return 1;
    }
}

/* Drop all before the last `last` bars and the actions right before the first of them: who holds the symbol since the
 * bar that is left out could not read its price without them. */
static void kept_cut(struct symbol_stream *symbol_stream, int64_t last)
{
    size_t begin = symbol_stream->kept_count;
    int64_t bars = 0;
    while (begin > 0 && bars < last)
        bars += symbol_stream->kept[--begin].type == RECORD_BAR;
    while (begin > 0 && symbol_stream->kept[begin - 1].type != RECORD_BAR)
        begin--;
    symbol_stream->cut |= begin > 0;
    if (begin == 0)
        return;
    memmove(symbol_stream->kept, symbol_stream->kept + begin,
            (symbol_stream->kept_count - begin) * sizeof *symbol_stream->kept);
    symbol_stream->kept_count -= begin;
    symbol_stream->kept_bars = (size_t)bars;
}

static int keep(struct symbol_stream *symbol_stream, const struct feed_item *item, struct error *error)
{
    if (list_grow(&symbol_stream->kept, &symbol_stream->kept_capacity, symbol_stream->kept_count,
                  sizeof *symbol_stream->kept, error) != 0)
        return -1;
    symbol_stream->kept[symbol_stream->kept_count++] = *item;
    symbol_stream->kept_bars += item->type == RECORD_BAR;
    return 0;
}

/* Make an action outlive its stream. */
static int copy_action(const struct merged_feed *merged_feed, struct symbol_stream *symbol_stream,
                       struct action *action, struct error *error)
{
    const struct calendar *calendar = merged_feed->request->request->calendar;
    struct action_set *set = &symbol_stream->kept_actions;
    if (action_set_add(set, action, calendar_date(calendar, action->time), calendar, error) < 0)
        return -1;
    *action = *action_set_get(set, set->count - 1);
    return 0;
}

/* A file may tell of a share's whole life. What comes out of it begins on the day of the symbol's first bar, whose
 * prices show that day's actions already: the first of the kept items that does. */
static size_t kept_begin(const struct merged_feed *merged_feed, const struct symbol_stream *symbol_stream)
{
    const struct calendar *calendar = merged_feed->request->request->calendar;
    size_t bar = 0, first = 0;
    while (bar < symbol_stream->kept_count && symbol_stream->kept[bar].type != RECORD_BAR)
        bar++;
    if (bar == symbol_stream->kept_count)
        return bar;
    const int64_t begin = calendar_midnight(calendar, calendar_date(calendar, symbol_stream->kept[bar].bar.time));
    while (first < bar && known_of(&symbol_stream->kept[first]) < begin)
        first++;
    return first;
}

/* Is all of a channel read at once? The last bars, and the basis of the prices, are known only at its end. */
static bool drains(const struct merged_feed *merged_feed)
{
    return merged_feed->request->request->last > 0 || merged_feed->request->request->wanted != ADJUSTED_NONE;
}

/* Then a channel runs to its end, and keeps only what is wanted. */
static int symbol_stream_drain(struct merged_feed *merged_feed, struct symbol_stream *symbol_stream,
                               struct error *error)
{
    const int64_t last = merged_feed->request->request->last;
    struct feed_item item;
    int got;
    while ((got = symbol_stream_pull(merged_feed, symbol_stream, &item, error)) == 1) {
        if ((item.type == RECORD_ACTION && copy_action(merged_feed, symbol_stream, &item.action, error) < 0) ||
            keep(symbol_stream, &item, error) < 0)
            return -1;
        if (last > 0 && symbol_stream->kept_bars >= 2 * (size_t)last + 256)
            kept_cut(symbol_stream, last);
    }
    if (!merged_feed->request->only_actions && last > 0)
        kept_cut(symbol_stream, last);
    if (got == 0 && merged_feed->request->request->wanted != ADJUSTED_NONE)
        got = merged_feed_adjust(symbol_stream->kept, &symbol_stream->kept_count, merged_feed->request->request->wanted,
                                 error);
    if (!symbol_stream->cut && merged_feed->request->request->from == TIME_NONE)
        symbol_stream->kept_next = kept_begin(merged_feed, symbol_stream);
    merged_feed->request->feed->stop(symbol_stream->stream);
    symbol_stream->stream = NULL;
    return got;
}

/* The next bar and the actions before it; when no beginning is asked for, the symbol's bars decide which part of its
 * actions comes out, to the end of the last bar or to the end that is asked for. */
static int symbol_stream_gather(const struct merged_feed *merged_feed, struct symbol_stream *symbol_stream,
                                struct error *error)
{
    const struct feed_request *request = merged_feed->request->request;
    const bool first = !symbol_stream->gave_bars, ends = request->to == TIME_NONE;
    struct feed_item item;
    int got;
    symbol_stream->kept_next = symbol_stream->kept_count = 0;
    while ((got = symbol_stream_pull(merged_feed, symbol_stream, &item, error)) == 1) {
        if (keep(symbol_stream, &item, error) < 0)
            return -1;
        if (item.type == RECORD_BAR || (!first && !ends))
            break;
    }
    if (got != 1) {
        symbol_stream->kept_count = 0;
        return got;
    }
    if (first)
        symbol_stream->kept_next = kept_begin(merged_feed, symbol_stream);
    return 1;
}

static int symbol_stream_step(struct merged_feed *merged_feed, struct symbol_stream *symbol_stream, struct error *error)
{
    const struct feed_request *request = merged_feed->request->request;
    if (!drains(merged_feed) && request->from != TIME_NONE)
        return symbol_stream_pull(merged_feed, symbol_stream, &symbol_stream->current, error);
    if (symbol_stream->kept_next == symbol_stream->kept_count) {
        const int got = drains(merged_feed) ? 0 : symbol_stream_gather(merged_feed, symbol_stream, error);
        if (got != 1)
            return got;
    }
    symbol_stream->current = symbol_stream->kept[symbol_stream->kept_next++];
    return 1;
}

static int symbol_stream_next(struct merged_feed *merged_feed, struct symbol_stream *symbol_stream, struct error *error)
{
    int got;
    do
        got = symbol_stream_step(merged_feed, symbol_stream, error);
    while (got == 1 && merged_feed->request->only_actions && symbol_stream->current.type != RECORD_ACTION);
    return got;
}

static struct merge_key key_of(const struct merged_feed *merged_feed, uint32_t index)
{
    const struct feed_item *item = &merged_feed->symbol_stream[index].current;
    return (struct merge_key){
        .known = known_of(item),
        .type = item->type == RECORD_BAR ? RECORD_BAR : RECORD_ACTION, /* what a bar shows comes before it */
        .interval = item->type == RECORD_BAR ? item->bar.interval : (struct interval){INTERVAL_NONE, 0},
        .symbol = index,
        .input = index,
    };
}

/* A symbol ends with an error, or without having had a bar. */
static int symbol_stream_failed(struct merged_feed *merged_feed, struct symbol_stream *symbol_stream,
                                struct error *error)
{
    const int result = merged_feed->request->failed(merged_feed->request->context, symbol_stream->symbol, error);
    symbol_stream_clear(merged_feed, symbol_stream);
    return result;
}

static int symbol_stream_end(struct merged_feed *merged_feed, struct symbol_stream *symbol_stream, struct error *error)
{
    if (symbol_stream->gave_bars) {
        if (!drains(merged_feed))
            symbol_stream_clear(merged_feed, symbol_stream);
        return 0;
    }
    (void)error_set(error, EXIT_UNAVAILABLE, "no finished bars in the requested range: %s",
                    symbol_stream->early > 0 && symbol_stream->late > 0 ? "there are some before and after it"
                    : symbol_stream->early > 0                          ? "all are before it"
                    : symbol_stream->late > 0                           ? "all are after it"
                    : symbol_stream->unfinished > 0                     ? "the only bars are unfinished or incomplete"
                                                                        : "the source has none");
    return symbol_stream_failed(merged_feed, symbol_stream, error);
}

static int symbol_stream_start(struct merged_feed *merged_feed, uint32_t index, struct error *error)
{
    struct symbol_stream *symbol_stream = &merged_feed->symbol_stream[index];
    symbol_stream->symbol = merged_feed->request->symbols->name[index];
    symbol_stream->newest = TIME_NONE;
    if (!feed_symbol_is_valid(str_of(symbol_stream->symbol))) {
        (void)error_set(error, EXIT_INPUT, "a symbol has 1 to 32 printable characters");
        return symbol_stream_failed(merged_feed, symbol_stream, error);
    }
    symbol_stream->stream = merged_feed->request->feed->start(merged_feed->source, symbol_stream->symbol, error);
    if (symbol_stream->stream == NULL ||
        (drains(merged_feed) && symbol_stream_drain(merged_feed, symbol_stream, error) < 0))
        return symbol_stream_failed(merged_feed, symbol_stream, error);
    const int got = symbol_stream_next(merged_feed, symbol_stream, error);
    if (got < 0)
        return symbol_stream_failed(merged_feed, symbol_stream, error);
    if (got == 0)
        return symbol_stream_end(merged_feed, symbol_stream, error);
    return merge_push(&merged_feed->merge, key_of(merged_feed, index), error);
}

/* Whoever reads repaired data is told so. */
static void tell_repairs(const struct merged_feed *merged_feed)
{
    const struct feed_request *request = merged_feed->request->request;
    size_t count = 0;
    char text[PATH_MAX + 64];
    for (size_t i = 0; request->repairs != NULL && i < merged_feed->request->symbols->count; i++)
        count += repairs_of(request->repairs, merged_feed->request->symbols->name[i]);
    if (count == 0)
        return;
    (void)snprintf(text, sizeof text, "%zu %s of the overlay %s", count, count == 1 ? "repair" : "repairs",
                   request->repairs->path);
    request->warn(request->context, request->name, text, NULL);
}

struct merged_feed *merged_feed_open(const struct merged_feed_request *request, struct error *error)
{
    struct merged_feed *merged_feed = calloc(1, sizeof *merged_feed);
    if (merged_feed == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    merged_feed->request = request;
    merge_init(&merged_feed->merge);
    if (request->feed->open(&merged_feed->source, request->request, error) < 0) {
        merged_feed->source = NULL;
        goto failed;
    }
    if (request->symbols->count == 0 && request->feed->symbols(merged_feed->source, request->symbols, error) < 0)
        goto failed;
    tell_repairs(merged_feed);
    if (request->feed->prepare != NULL && request->feed->prepare(merged_feed->source, request->symbols, error) < 0)
        goto failed;
    merged_feed->symbol_streams = request->symbols->count;
    merged_feed->symbol_stream = calloc(merged_feed->symbol_streams + 1, sizeof *merged_feed->symbol_stream);
    if (merged_feed->symbol_stream == NULL) {
        (void)error_memory(error);
        goto failed;
    }
    for (uint32_t i = 0; i < merged_feed->symbol_streams; i++)
        if (symbol_stream_start(merged_feed, i, error) < 0)
            goto failed;
    return merged_feed;
failed:
    merged_feed_close(merged_feed);
    return NULL;
}

int merged_feed_next(struct merged_feed *merged_feed, const struct feed_item **item, struct error *error)
{
    const struct merge_key *first = merge_first(&merged_feed->merge);
    if (merged_feed->started && first != NULL) {
        struct symbol_stream *symbol_stream = &merged_feed->symbol_stream[first->input];
        const int got = symbol_stream_next(merged_feed, symbol_stream, error);
        if (got == 1) {
            merge_replace(&merged_feed->merge, key_of(merged_feed, first->input));
        } else {
            merge_pop(&merged_feed->merge);
            if ((got < 0 ? symbol_stream_failed(merged_feed, symbol_stream, error)
                         : symbol_stream_end(merged_feed, symbol_stream, error)) < 0)
                return -1;
        }
        first = merge_first(&merged_feed->merge);
    }
    merged_feed->started = true;
    if (first == NULL)
        return 0;
    *item = &merged_feed->symbol_stream[first->input].current;
    if ((*item)->type == RECORD_ANOMALY)
        merged_feed_watch_warn(&(*item)->anomaly, merged_feed->request->request);
    if ((*item)->type == RECORD_GAP)
        warn_gap(merged_feed, &merged_feed->symbol_stream[merge_first(&merged_feed->merge)->input], &(*item)->gap);
    return 1;
}

void merged_feed_close(struct merged_feed *merged_feed)
{
    if (merged_feed == NULL)
        return;
    for (size_t i = 0; merged_feed->symbol_stream != NULL && i < merged_feed->symbol_streams; i++)
        symbol_stream_clear(merged_feed, &merged_feed->symbol_stream[i]);
    if (merged_feed->source != NULL)
        merged_feed->request->feed->close(merged_feed->source);
    free(merged_feed->symbol_stream);
    merge_clear(&merged_feed->merge);
    free(merged_feed);
}
