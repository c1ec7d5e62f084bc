/* Bars and actions of many symbols, merged. One channel per symbol pulls from its stream, resamples and cuts; a heap
 * holds the next item of each. */
#include "feed/supply.h"

#include "base/list.h"
#include "feed/repairs.h"
#include "feed/supply_adjust.h"
#include "feed/supply_watch.h"
#include "market/holes.h"
#include "market/merge.h"
#include "market/resample.h"
#include "record/record.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

struct channel {
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
    struct supply_watch watch;
    size_t unfinished, early, late; /* bars that are not over, or before or behind the asked range */
    struct feed_item ready[8];
    int first_ready, ready_count;
    struct feed_item *kept; /* under `last`: all that comes out; without `from`: actions and the bar behind them */
    size_t kept_next, kept_count, kept_capacity, kept_bars;
    struct action_set kept_actions; /* what the kept actions' slices point into, the stream being gone */
    bool gave_bars, cut;            /* cut: bars before the kept ones were left out */
    struct feed_item current;       /* the one in the heap */
};

struct supply {
    const struct supply_request *request;
    void *source;
    struct channel *channel;
    size_t channels;
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

static void channel_clear(struct supply *supply, struct channel *channel)
{
    if (channel->stream != NULL)
        supply->request->feed->stop(channel->stream);
    channel->stream = NULL;
    free(channel->kept);
    channel->kept = NULL;
    action_set_clear(&channel->kept_actions);
}

/* The request's own next action of this symbol, or NULL. */
static const struct action *extra_action(const struct supply *supply, struct channel *channel)
{
    struct action_set *set = supply->request->actions;
    for (; set != NULL && channel->next_action < set->count; channel->next_action++) {
        const struct action *action = action_set_get(set, channel->next_action);
        if (strcmp(action->symbol, channel->symbol) == 0)
            return action;
    }
    return NULL;
}

static bool is_before(const struct action *action, const struct feed_item *ahead)
{
    return ahead->type == RECORD_ACTION ? action_compare(action, &ahead->action) <= 0 : action->time <= known_of(ahead);
}

/* The next item of the stream, with the repairs that the user has accepted: 1, 0, -1. */
static int stream_next(const struct supply *supply, struct channel *channel, struct error *error)
{
    const struct repairs *repairs = supply->request->request->repairs;
    for (;;) {
        const int got = supply->request->feed->next(channel->stream, &channel->ahead, error);
        if (got != 1 || repairs == NULL || repairs->count == 0)
            return got;
        bool changed = false;
        if (channel->ahead.type == RECORD_BAR      ? repairs_bar(repairs, &channel->ahead.bar, &changed)
            : channel->ahead.type == RECORD_ACTION ? repairs_action(repairs, &channel->ahead.action, &changed)
                                                   : 1)
            return 1;
    }
}

/* The next item of the stream and the request's actions together: 1, 0, -1. */
static int channel_read(const struct supply *supply, struct channel *channel, struct feed_item *item,
                        struct error *error)
{
    if (!channel->has_ahead && !channel->stream_done) {
        const int got = stream_next(supply, channel, error);
        if (got < 0)
            return -1;
        channel->has_ahead = got == 1;
        channel->stream_done = got == 0;
    }
    const struct action *action = extra_action(supply, channel);
    /* What a file's own column says too, under the same id, is one action. */
    while (action != NULL && channel->has_ahead && channel->ahead.type == RECORD_ACTION &&
           strcmp(action->id, channel->ahead.action.id) == 0) {
        channel->next_action++;
        action = extra_action(supply, channel);
    }
    if (action != NULL && (!channel->has_ahead || is_before(action, &channel->ahead))) {
        *item = (struct feed_item){.type = RECORD_ACTION, .action = *action};
        channel->next_action++;
        return 1;
    }
    if (!channel->has_ahead)
        return 0;
    *item = channel->ahead;
    channel->has_ahead = false;
    return 1;
}

static struct feed_item *make_ready(struct channel *channel)
{
    require(channel->ready_count < (int)(sizeof channel->ready / sizeof *channel->ready));
    struct feed_item *item = &channel->ready[channel->ready_count++];
    item->type = RECORD_BAR;
    return item;
}

/* Time has come to a moment: a coarse bar may be complete. */
static void advance(struct channel *channel, int64_t moment)
{
    struct bar bar;
    if (channel->resampling && resample_advance(&channel->resample, moment, &bar) == 1)
        make_ready(channel)->bar = bar;
}

/* Bars that are missing within a session, before the bar that is made without them. */
static int find_gaps(const struct supply *supply, struct channel *channel, const struct bar *bar, struct error *error)
{
    struct hole hole[2];
    if (interval_is_daily(bar->interval))
        return 0;
    if (channel->holes.calendar == NULL)
        holes_init(&channel->holes, supply->request->request->calendar);
    const int count = holes_push(&channel->holes, bar, hole, error);
    for (int i = 0; i < count; i++) {
        struct feed_item *item = make_ready(channel);
        const bool over = hole[i].date != channel->holes.date; /* of the session before: known at its close */
        item->type = RECORD_GAP;
        item->begins = hole[i].from;
        record_blank(RECORD_GAP, &item->gap);
        item->gap.time = over ? hole[i].to : bar->end;
        item->gap.from = hole[i].from;
        item->gap.to = hole[i].to;
        item->gap.interval = bar->interval;
        item->gap.reason = STR("no bars within the session: what is made of it is not whole");
        (void)snprintf(item->gap.symbol, sizeof item->gap.symbol, "%s", channel->symbol);
        (void)snprintf(item->gap.source, sizeof item->gap.source, "%s", supply->request->request->name);
    }
    return count < 0 ? -1 : 0;
}

static void warn_gap(const struct supply *supply, struct channel *channel, const struct gap *gap)
{
    const struct feed_request *request = supply->request->request;
    char from[TIME_TEXT_MAX], to[TIME_TEXT_MAX], text[160];
    if (channel->gaps++ > 0) /* once a symbol; each is a record */
        return;
    from[time_format(from, gap->from)] = '\0';
    to[time_format(to, gap->to)] = '\0';
    (void)snprintf(text, sizeof text, "no bars from %s to %s, within a session: the bar made of it is not whole", from,
                   to);
    request->warn(request->context, channel->symbol, text, "each such gap is a record; tn-quote doctor finds them all");
}

static int take_bar(const struct supply *supply, struct channel *channel, const struct feed_item *given,
                    struct error *error)
{
    const struct bar *bar = &given->bar;
    channel->newest = bar->end;
    struct anomaly anomaly;
    if (!supply->request->unwatched &&
        supply_watch_bar(&channel->watch, bar, supply->request->request, &anomaly) == 1) {
        struct feed_item *item = make_ready(channel);
        item->type = RECORD_ANOMALY;
        item->begins = bar->time;
        item->anomaly = anomaly;
    }
    if (interval_equal(bar->interval, supply->request->request->interval)) {
        *make_ready(channel) = *given;
        return 0;
    }
    if (!channel->resampling) {
        if (resample_init(&channel->resample, supply->request->request->interval, supply->request->request->calendar,
                          supply->request->request->extended, error) < 0)
            return -1;
        channel->resampling = true;
    }
    if (!supply->request->unwatched && find_gaps(supply, channel, bar, error) < 0)
        return -1;
    struct bar out[2];
    const int count = resample_push(&channel->resample, bar, out, error);
    for (int i = 0; i < count; i++)
        make_ready(channel)->bar = out[i];
    return count < 0 ? -1 : 0;
}

static int take_action(struct channel *channel, const struct feed_item *item)
{
    advance(channel, item->action.time);
    supply_watch_action(&channel->watch, &item->action);
    if (channel->resampling)
        resample_action(&channel->resample, &item->action);
    *make_ready(channel) = *item;
    return 0;
}

/* No more fine bars: a coarse bar that they do not fill is none. Of a day, or part of one, that is over by now this is
 * said, since its end is missing in the source. */
static void finish(const struct supply *supply, struct channel *channel)
{
    const struct feed_request *request = supply->request->request;
    const struct resample *resample = &channel->resample;
    if (!channel->resampling || !resample->open || !resample->whole)
        return;
    channel->unfinished++;
    const bool within_day = !interval_is_daily(request->interval) || request->interval.unit == INTERVAL_DAY;
    if (!within_day || resample->bar.end > request->now || supply->request->only_actions)
        return;
    char begin[TIME_TEXT_MAX], last[TIME_TEXT_MAX], end[TIME_TEXT_MAX], text[160];
    time_format(begin, resample->bar.time);
    time_format(last, channel->newest);
    time_format(end, resample->bar.end);
    (void)snprintf(text, sizeof text, "the bar of %s is left out: the source ends at %s, before its end at %s", begin,
                   last, end);
    request->warn(request->context, channel->symbol, text, NULL);
}

/* Fill `ready` from the stream: 1 when there is something, 0 at the end. */
static int channel_fill(const struct supply *supply, struct channel *channel, struct error *error)
{
    const int64_t now = supply->request->request->now;
    channel->first_ready = channel->ready_count = 0;
    while (channel->ready_count == 0) {
        struct feed_item item;
        const int got = channel_read(supply, channel, &item, error);
        if (got < 0)
            return -1;
        if (got == 0 || known_of(&item) > now) { /* what comes after now is not known yet */
            channel->stream_done = true;
            channel->has_ahead = false;
            channel->next_action = SIZE_MAX;
            channel->unfinished += got == 1 && item.type == RECORD_BAR;
            finish(supply, channel);
            return channel->ready_count > 0;
        }
        if (item.type == RECORD_ANOMALY)
            *make_ready(channel) = item;
        else if ((item.type == RECORD_BAR ? take_bar(supply, channel, &item, error) : take_action(channel, &item)) < 0)
            return -1;
    }
    return 1;
}

/* The next item within the asked range. */
static int channel_pull(const struct supply *supply, struct channel *channel, struct feed_item *item,
                        struct error *error)
{
    const struct feed_request *request = supply->request->request;
    for (;;) {
        if (channel->first_ready == channel->ready_count) {
            const int got = channel->stream_done && !channel->has_ahead && channel->next_action == SIZE_MAX
                                ? 0
                                : channel_fill(supply, channel, error);
            if (got != 1)
                return got;
        }
        *item = channel->ready[channel->first_ready++];
        const int64_t time = item->type == RECORD_BAR      ? item->bar.time
                             : item->type != RECORD_ACTION ? item->begins
                                                           : item->action.time;
        if (request->to != TIME_NONE && time >= request->to) {
            if (item->type == RECORD_BAR) {
                channel->late++;
                return 0;
            }
            continue;
        }
        if (request->from != TIME_NONE && time < request->from) {
            channel->early += item->type == RECORD_BAR;
            continue;
        }
        channel->gave_bars |= item->type == RECORD_BAR;
        return 1;
    }
}

/* Drop all before the last `last` bars and the actions right before the first of them: who holds the symbol since the
 * bar that is left out could not read its price without them. */
static void kept_cut(struct channel *channel, int64_t last)
{
    size_t begin = channel->kept_count;
    int64_t bars = 0;
    while (begin > 0 && bars < last)
        bars += channel->kept[--begin].type == RECORD_BAR;
    while (begin > 0 && channel->kept[begin - 1].type != RECORD_BAR)
        begin--;
    channel->cut |= begin > 0;
    if (begin == 0)
        return;
    memmove(channel->kept, channel->kept + begin, (channel->kept_count - begin) * sizeof *channel->kept);
    channel->kept_count -= begin;
    channel->kept_bars = (size_t)bars;
}

static int keep(struct channel *channel, const struct feed_item *item, struct error *error)
{
    if (list_grow(&channel->kept, &channel->kept_capacity, channel->kept_count, sizeof *channel->kept, error) != 0)
        return -1;
    channel->kept[channel->kept_count++] = *item;
    channel->kept_bars += item->type == RECORD_BAR;
    return 0;
}

/* Make an action outlive its stream. */
static int copy_action(const struct supply *supply, struct channel *channel, struct action *action, struct error *error)
{
    const struct calendar *calendar = supply->request->request->calendar;
    struct action_set *set = &channel->kept_actions;
    if (action_set_add(set, action, calendar_date(calendar, action->time), calendar, error) < 0)
        return -1;
    *action = *action_set_get(set, set->count - 1);
    return 0;
}

/* A file may tell of a share's whole life. What comes out of it begins on the day of the symbol's first bar, whose
 * prices show that day's actions already: the first of the kept items that does. */
static size_t kept_begin(const struct supply *supply, const struct channel *channel)
{
    const struct calendar *calendar = supply->request->request->calendar;
    size_t bar = 0, first = 0;
    while (bar < channel->kept_count && channel->kept[bar].type != RECORD_BAR)
        bar++;
    if (bar == channel->kept_count)
        return bar;
    const int64_t begin = calendar_midnight(calendar, calendar_date(calendar, channel->kept[bar].bar.time));
    while (first < bar && known_of(&channel->kept[first]) < begin)
        first++;
    return first;
}

/* Is all of a channel read at once? The last bars, and the basis of the prices, are known only at its end. */
static bool drains(const struct supply *supply)
{
    return supply->request->request->last > 0 || supply->request->request->wanted != ADJUSTED_NONE;
}

/* Then a channel runs to its end, and keeps only what is wanted. */
static int channel_drain(struct supply *supply, struct channel *channel, struct error *error)
{
    const int64_t last = supply->request->request->last;
    struct feed_item item;
    int got;
    while ((got = channel_pull(supply, channel, &item, error)) == 1) {
        if ((item.type == RECORD_ACTION && copy_action(supply, channel, &item.action, error) < 0) ||
            keep(channel, &item, error) < 0)
            return -1;
        if (last > 0 && channel->kept_bars >= 2 * (size_t)last + 256)
            kept_cut(channel, last);
    }
    if (!supply->request->only_actions && last > 0)
        kept_cut(channel, last);
    if (got == 0 && supply->request->request->wanted != ADJUSTED_NONE)
        got = supply_adjust(channel->kept, &channel->kept_count, supply->request->request->wanted, error);
    if (!channel->cut && supply->request->request->from == TIME_NONE)
        channel->kept_next = kept_begin(supply, channel);
    supply->request->feed->stop(channel->stream);
    channel->stream = NULL;
    return got;
}

/* The next bar and the actions before it; when no beginning is asked for, the symbol's bars decide which part of its
 * actions comes out, to the end of the last bar or to the end that is asked for. */
static int channel_gather(const struct supply *supply, struct channel *channel, struct error *error)
{
    const struct feed_request *request = supply->request->request;
    const bool first = !channel->gave_bars, ends = request->to == TIME_NONE;
    struct feed_item item;
    int got;
    channel->kept_next = channel->kept_count = 0;
    while ((got = channel_pull(supply, channel, &item, error)) == 1) {
        if (keep(channel, &item, error) < 0)
            return -1;
        if (item.type == RECORD_BAR || (!first && !ends))
            break;
    }
    if (got != 1) {
        channel->kept_count = 0;
        return got;
    }
    if (first)
        channel->kept_next = kept_begin(supply, channel);
    return 1;
}

static int channel_step(struct supply *supply, struct channel *channel, struct error *error)
{
    const struct feed_request *request = supply->request->request;
    if (!drains(supply) && request->from != TIME_NONE)
        return channel_pull(supply, channel, &channel->current, error);
    if (channel->kept_next == channel->kept_count) {
        const int got = drains(supply) ? 0 : channel_gather(supply, channel, error);
        if (got != 1)
            return got;
    }
    channel->current = channel->kept[channel->kept_next++];
    return 1;
}

static int channel_next(struct supply *supply, struct channel *channel, struct error *error)
{
    int got;
    do
        got = channel_step(supply, channel, error);
    while (got == 1 && supply->request->only_actions && channel->current.type != RECORD_ACTION);
    return got;
}

static struct merge_key key_of(const struct supply *supply, uint32_t index)
{
    const struct feed_item *item = &supply->channel[index].current;
    return (struct merge_key){
        .known = known_of(item),
        .type = item->type == RECORD_BAR ? RECORD_BAR : RECORD_ACTION, /* what a bar shows comes before it */
        .interval = item->type == RECORD_BAR ? item->bar.interval : (struct interval){INTERVAL_NONE, 0},
        .symbol = index,
        .input = index,
    };
}

/* A symbol ends with an error, or without having had a bar. */
static int channel_failed(struct supply *supply, struct channel *channel, struct error *error)
{
    const int result = supply->request->failed(supply->request->context, channel->symbol, error);
    channel_clear(supply, channel);
    return result;
}

static int channel_end(struct supply *supply, struct channel *channel, struct error *error)
{
    if (channel->gave_bars) {
        if (!drains(supply))
            channel_clear(supply, channel);
        return 0;
    }
    (void)error_set(error, EXIT_UNAVAILABLE, "no finished bars in the asked range: %s",
                    channel->early > 0 && channel->late > 0 ? "there are some before and behind it"
                    : channel->early > 0                    ? "all are before it"
                    : channel->late > 0                     ? "all are behind it"
                    : channel->unfinished > 0               ? "what there is was not over by then, or is not whole"
                                                            : "the source has none");
    return channel_failed(supply, channel, error);
}

static int channel_start(struct supply *supply, uint32_t index, struct error *error)
{
    struct channel *channel = &supply->channel[index];
    channel->symbol = supply->request->symbols->name[index];
    channel->newest = TIME_NONE;
    if (!feed_symbol_is_valid(str_of(channel->symbol))) {
        (void)error_set(error, EXIT_INPUT, "a symbol is 1 to 32 printable characters");
        return channel_failed(supply, channel, error);
    }
    channel->stream = supply->request->feed->start(supply->source, channel->symbol, error);
    if (channel->stream == NULL || (drains(supply) && channel_drain(supply, channel, error) < 0))
        return channel_failed(supply, channel, error);
    const int got = channel_next(supply, channel, error);
    if (got < 0)
        return channel_failed(supply, channel, error);
    if (got == 0)
        return channel_end(supply, channel, error);
    return merge_push(&supply->merge, key_of(supply, index), error);
}

/* Whoever reads repaired data is told so. */
static void tell_repairs(const struct supply *supply)
{
    const struct feed_request *request = supply->request->request;
    size_t count = 0;
    char text[PATH_MAX + 64];
    for (size_t i = 0; request->repairs != NULL && i < supply->request->symbols->count; i++)
        count += repairs_of(request->repairs, supply->request->symbols->name[i]);
    if (count == 0)
        return;
    (void)snprintf(text, sizeof text, "%zu %s of the overlay %s", count, count == 1 ? "repair" : "repairs",
                   request->repairs->path);
    request->warn(request->context, request->name, text, NULL);
}

struct supply *supply_open(const struct supply_request *request, struct error *error)
{
    struct supply *supply = calloc(1, sizeof *supply);
    if (supply == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    supply->request = request;
    merge_init(&supply->merge);
    if (request->feed->open(&supply->source, request->request, error) < 0) {
        supply->source = NULL;
        goto failed;
    }
    if (request->symbols->count == 0 && request->feed->symbols(supply->source, request->symbols, error) < 0)
        goto failed;
    tell_repairs(supply);
    if (request->feed->prepare != NULL && request->feed->prepare(supply->source, request->symbols, error) < 0)
        goto failed;
    supply->channels = request->symbols->count;
    supply->channel = calloc(supply->channels + 1, sizeof *supply->channel);
    if (supply->channel == NULL) {
        (void)error_memory(error);
        goto failed;
    }
    for (uint32_t i = 0; i < supply->channels; i++)
        if (channel_start(supply, i, error) < 0)
            goto failed;
    return supply;
failed:
    supply_close(supply);
    return NULL;
}

int supply_next(struct supply *supply, const struct feed_item **item, struct error *error)
{
    const struct merge_key *first = merge_first(&supply->merge);
    if (supply->started && first != NULL) {
        struct channel *channel = &supply->channel[first->input];
        const int got = channel_next(supply, channel, error);
        if (got == 1) {
            merge_replace(&supply->merge, key_of(supply, first->input));
        } else {
            merge_pop(&supply->merge);
            if ((got < 0 ? channel_failed(supply, channel, error) : channel_end(supply, channel, error)) < 0)
                return -1;
        }
        first = merge_first(&supply->merge);
    }
    supply->started = true;
    if (first == NULL)
        return 0;
    *item = &supply->channel[first->input].current;
    if ((*item)->type == RECORD_ANOMALY)
        supply_watch_warn(&(*item)->anomaly, supply->request->request);
    if ((*item)->type == RECORD_GAP)
        warn_gap(supply, &supply->channel[merge_first(&supply->merge)->input], &(*item)->gap);
    return 1;
}

void supply_close(struct supply *supply)
{
    if (supply == NULL)
        return;
    for (size_t i = 0; supply->channel != NULL && i < supply->channels; i++)
        channel_clear(supply, &supply->channel[i]);
    if (supply->source != NULL)
        supply->request->feed->close(supply->source);
    free(supply->channel);
    merge_clear(&supply->merge);
    free(supply);
}
