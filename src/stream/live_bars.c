/* Bars of a live stream, and what becomes of those that a gap has damaged: they are never written as they are, but held
 * with all that follow until the source's REST server has given the true ones. */
#include "stream/live_parts.h"

#include "base/list.h"
#include "base/time.h"
#include "market/bar_times.h"

#include <stdio.h>
#include <stdlib.h>

#define SUBSCRIBING TIME_SECOND       /* until what was subscribed comes, at most */
#define SETTLE      (2 * TIME_SECOND) /* until a REST server has the last bar */
#define TRIES       4
#define AGAIN       (5 * TIME_SECOND)
#define HELD_MAX    200000

static int write_bar(struct live_part *part, const struct bar *bar, struct error *error)
{
    part->written = bar->end > part->written ? bar->end : part->written;
    return live_write_record(part->live, RECORD_BAR, bar, error);
}

/* The bars that are written: built here, or the source's own of a minute. */
static struct interval interval_of(const struct live_part *part)
{
    const struct interval minute = {INTERVAL_MINUTE, 1};
    return part->live->request->bars.unit == INTERVAL_NONE && (part->source->terms.channels & STREAM_BARS) != 0
               ? minute
               : part->live->request->bars;
}

/* Is it the source's REST server that can fill the gap? */
static bool can_ask(const struct live_part *part)
{
    const struct interval bars = interval_of(part);
    return part->source->quote_name != NULL && bars.unit != INTERVAL_NONE && bars.unit <= INTERVAL_DAY;
}

static bool overlaps(const struct bar *bar, int64_t from, int64_t to)
{
    return bar->interval.unit <= INTERVAL_MONTH && bar->end > from && bar->time <= to;
}

/* The bar in which a symbol was given up has half its trades. */
static bool is_given_up(const struct live_part *part, const char *name)
{
    for (size_t i = 0; i < part->symbols; i++)
        if (!part->symbol[i].wanted && strcmp(connection_stream(part->connection)->symbol[i].name, name) == 0)
            return true;
    return false;
}

int live_bar(struct live_part *part, const struct bar *bar, struct error *error)
{
    struct live_gap *gap = &part->gap;
    if (is_given_up(part, bar->symbol))
        return 0;
    if (gap->lost_to != 0 && overlaps(bar, gap->lost_from, gap->lost_to)) /* told, and nobody has a better one */
        return 0;
    if (!gap->open || bar->end <= gap->from || !can_ask(part))
        return write_bar(part, bar, error);
    if (overlaps(bar, gap->from, gap->to - 1))
        return 0;
    if (gap->held_count >= HELD_MAX)
        return error_set(error, EXIT_UNAVAILABLE, "%s: too many bars are waiting for a gap to be filled",
                         part->source->terms.source);
    if (list_grow(&gap->held, &gap->held_capacity, gap->held_count, sizeof *gap->held, error) < 0)
        return -1;
    gap->held[gap->held_count++] = *bar;
    return 0;
}

int live_amend(struct live_part *part, const struct trade *trade, const struct bar *bar, struct error *error)
{
    const struct live_gap *gap = &part->gap;
    struct anomaly anomaly;
    if (bar != NULL && ((gap->lost_to != 0 && overlaps(bar, gap->lost_from, gap->lost_to)) ||
                        (gap->open && overlaps(bar, gap->from, gap->to - 1)) || bar->end > part->written))
        return 0; /* it was not written, or the source's own takes its place */
    trade_bars_amended(&anomaly, &part->live->scratch, trade, bar, loop_now(part->live->loop));
    return live_write_record(part->live, RECORD_ANOMALY, &anomaly, error);
}

/* A bar that is out already was another: an anomaly has the true one. */
static int tell_again(struct live_part *part, const struct bar *bar, const char *why, struct error *error)
{
    struct anomaly anomaly;
    struct buf *text = &part->live->scratch;
    record_blank(RECORD_ANOMALY, &anomaly);
    anomaly.time = loop_now(part->live->loop);
    memcpy(anomaly.symbol, bar->symbol, sizeof anomaly.symbol);
    anomaly.check = ANOMALY_LATE;
    anomaly.observed = bar->close;
    (void)snprintf(anomaly.message, sizeof anomaly.message, "%s tells the bar again, %s", part->source->terms.source,
                   why);
    buf_reset(text);
    record_encode(text, RECORD_BAR, bar);
    if (buf_check(text, error) < 0)
        return -1;
    anomaly.bar = (struct str){text->p, text->n - 1};
    return live_write_record(part->live, RECORD_ANOMALY, &anomaly, error);
}

int live_bar_again(struct live_part *part, const struct bar *bar, struct error *error)
{
    const struct live_gap *gap = &part->gap;
    if ((gap->lost_to != 0 && overlaps(bar, gap->lost_from, gap->lost_to)) ||
        (gap->open && overlaps(bar, gap->from, gap->to - 1)) || bar->end > part->written)
        return live_bar(part, bar, error); /* it was not written */
    return tell_again(part, bar, "after late trades", error);
}

/* ---- the record ---- */

static int write_gap(struct live_part *part, int healed, const char *more, struct error *error)
{
    struct live_gap *gap = &part->gap;
    struct gap record;
    char reason[320];
    record_blank(RECORD_GAP, &record);
    record.time = loop_now(part->live->loop);
    record.from = gap->from;
    record.to = gap->to == INT64_MAX ? record.time : gap->to;
    record.interval = interval_of(part);
    (void)snprintf(reason, sizeof reason, "%s%s%s", gap->reason, more[0] == '\0' ? "" : "; ", more);
    record.reason = str_of(reason);
    (void)snprintf(record.source, sizeof record.source, "%s", part->source->terms.source);
    record.healed = healed;
    return live_write_record(part->live, RECORD_GAP, &record, error);
}

static void cancel_timer(struct live_part *part)
{
    if (part->gap.timer > 0)
        loop_cancel(part->live->loop, part->gap.timer);
    part->gap.timer = 0;
}

/* The true bars and those that waited, in order; then the record of the gap. */
static int close_gap(struct live_part *part, const struct bar *bar, size_t bars, int healed, const char *more,
                     struct error *error)
{
    struct live_gap *gap = &part->gap;
    size_t i = 0, j = 0;
    while (i < bars || j < gap->held_count) {
        const bool true_one = i < bars && (j == gap->held_count || bar[i].end <= gap->held[j].end);
        struct bar next = true_one ? bar[i++] : gap->held[j++];
        if (!true_one && overlaps(&next, gap->bars_from, gap->bars_to - 1))
            continue; /* the gap has grown over what was held */
        (void)snprintf(next.source, sizeof next.source, "%s", part->source->terms.source);
        if (true_one && next.end <= gap->floor) { /* out before the silence was found */
            if (next.end > gap->bars_from && tell_again(part, &next, "after a gap that had touched it", error) < 0)
                return -1;
            continue;
        }
        if (write_bar(part, &next, error) < 0)
            return -1;
    }
    gap->held_count = 0;
    cancel_timer(part);
    gap->lost_from = gap->bars_from; /* a day's bar that waits for its official close comes behind the true one */
    gap->lost_to = gap->bars_to - 1;
    gap->open = false;
    return write_gap(part, healed, more, error);
}

/* ---- filling ---- */

static int fill(void *context, int64_t now, struct error *error);

static int on_filled(void *context, const struct bar *bar, size_t bars, const struct error *failure,
                     struct error *error)
{
    struct live_part *part = context;
    struct live_gap *gap = &part->gap;
    int result = 0;
    if (gap->to == INT64_MAX) {
        /* the connection was lost again: later, all of it */
    } else if (!error_is_set(failure)) {
        result = close_gap(part, bar, bars, 1, "", error);
    } else if (++gap->tries >= TRIES) {
        live_say(part->live, 0, "%s: the gap remains: %s", part->source->terms.source, failure->text);
        result = close_gap(part, bar, bars, 0, failure->text, error);
    } else {
        gap->timer = loop_timer(part->live->loop, time_monotonic() + AGAIN, fill, part, error);
        result = gap->timer < 0 ? -1 : 0;
    }
    backfill_free(gap->backfill);
    gap->backfill = NULL;
    return result;
}

static int fill(void *context, int64_t now, struct error *error)
{
    struct live_part *part = context;
    struct live_gap *gap = &part->gap;
    const struct live_request *request = part->live->request;
    const struct stream *stream = connection_stream(part->connection);
    const char **symbol = calloc(part->symbols + 1, sizeof *symbol);
    struct error failure = {0};
    size_t count = 0;
    (void)now;
    gap->timer = 0;
    if (symbol == NULL)
        return error_memory(error);
    for (uint32_t i = 0; i < part->symbols; i++)
        if (part->symbol[i].wanted && !part->symbol[i].refused)
            symbol[count++] = stream->symbol[i].name;
    const struct backfill_request what = {
        .source = part->source->quote_name,
        .interval = interval_of(part),
        .from = gap->bars_from,
        .to = gap->bars_to,
        .extended = request->extended,
        .calendar = calendar_name(request->calendar),
        .symbol = symbol,
        .symbols = count,
    };
    int result = 0;
    if (count == 0)
        result = close_gap(part, NULL, 0, 1, "", error);
    else if ((gap->backfill = backfill_start(part->live->loop, &what, on_filled, part, &failure)) == NULL)
        result =
            failure.code == EXIT_SYSTEM ? -1 : close_gap(part, &(struct bar){.volume = 0}, 0, 0, failure.text, error);
    if (failure.code == EXIT_SYSTEM)
        *error = failure;
    free(symbol);
    return result;
}

/* ---- its life ---- */

int live_gap_begin(struct live_part *part, int64_t from, int64_t to, const char *reason, struct error *error)
{
    struct live_gap *gap = &part->gap;
    if (from == TIME_NONE)
        return 0;
    if (gap->open && gap->backfill == NULL && gap->timer == 0 && gap->to == INT64_MAX && to != INT64_MAX)
        return 0; /* it goes on, and this is within it */
    if (!gap->open) {
        gap->open = true;
        gap->floor = part->written;
        gap->bars_to = 0;
        gap->from = from;
        gap->to = to;
        (void)snprintf(gap->reason, sizeof gap->reason, "%s", reason);
    } else {
        gap->from = from < gap->from ? from : gap->from;
        gap->to = to > gap->to ? to : gap->to;
    }
    gap->tries = 0;
    cancel_timer(part);
    return to == INT64_MAX ? 0 : live_gap_end(part, error);
}

int live_gap_added(struct live_part *part, struct error *error)
{
    const int64_t now = loop_now(part->live->loop);
    if (part->bars == NULL || part->live->request->bars.unit > INTERVAL_MONTH || part->state != STREAM_STATE_CONNECTED)
        return 0;
    return live_gap_begin(part, now, now + SUBSCRIBING, "a symbol was added within a bar", error);
}

int live_gap_confirmed(struct live_part *part, struct error *error)
{
    const struct live_gap *gap = &part->gap;
    const struct live_request *request = part->live->request;
    const int64_t now = loop_now(part->live->loop);
    struct bar_slot slot;
    struct error ignored = {0};
    if (part->bars == NULL || request->bars.unit > INTERVAL_MONTH)
        return 0;
    const int64_t until = gap->open ? gap->bars_to - 1 : gap->lost_to != 0 ? gap->lost_to : part->state_since;
    if (now <= until || bar_slot(request->calendar, request->bars, request->extended, now, &slot, &ignored) != 1 ||
        slot.start <= until)
        return 0;
    return live_gap_begin(part, !gap->open && gap->lost_to != 0 ? gap->lost_from : part->state_since, now,
                          "a symbol was confirmed within a bar", error);
}

int live_gap_end(struct live_part *part, struct error *error)
{
    struct live_gap *gap = &part->gap;
    const struct live_request *request = part->live->request;
    struct bar_slot slot;
    struct error ignored = {0};
    if (!gap->open)
        return 0;
    const int64_t now = loop_now(part->live->loop);
    if (gap->to == INT64_MAX)
        gap->to = now;
    if (!can_ask(part)) {
        gap->open = false;
        gap->lost_from = gap->from;
        gap->lost_to = gap->to;
        return write_gap(part, 0, interval_of(part).unit == INTERVAL_NONE ? "" : "nobody to ask for what is missing",
                         error);
    }
    /* an end of bars already: to take it for a moment of the next one would lengthen it with each hole within */
    const bool rounded = gap->to == gap->bars_to;
    gap->bars_from = gap->from;
    gap->bars_to = gap->to;
    if (bar_slot(request->calendar, interval_of(part), request->extended, gap->from, &slot, &ignored) == 1)
        gap->bars_from = slot.start;
    if (!rounded && bar_slot(request->calendar, interval_of(part), request->extended, gap->to, &slot, &ignored) == 1)
        gap->bars_to = slot.end;
    gap->from = gap->bars_from < gap->from ? gap->bars_from : gap->from;
    const int64_t wait = (gap->bars_to > now ? gap->bars_to - now : 0) + request->grace + SETTLE;
    gap->to = gap->bars_to;
    cancel_timer(part);
    if (gap->backfill != NULL) { /* it asked for less */
        backfill_free(gap->backfill);
        gap->backfill = NULL;
    }
    gap->timer = loop_timer(part->live->loop, time_monotonic() + wait, fill, part, error);
    return gap->timer < 0 ? -1 : 0;
}

int live_gap_finish(struct live_part *part, struct error *error)
{
    if (!part->gap.open)
        return 0;
    live_say(part->live, 0, "%s: a gap was not filled", part->source->terms.source);
    live_failed(part->live, part->source->terms.source, EXIT_UNAVAILABLE, "a gap was not filled");
    return close_gap(part, &(struct bar){.volume = 0}, 0, 0, "the stream ended before it was filled", error);
}

void live_gap_clear(struct live_part *part)
{
    cancel_timer(part);
    backfill_free(part->gap.backfill);
    free(part->gap.held);
    part->gap = (struct live_gap){.open = false};
}

int64_t live_bars_until(const struct live *live, int64_t moment)
{
    for (int i = 0; i < live->request->sources; i++)
        if (live->part[i].gap.open && live->part[i].gap.from < moment)
            moment = live->part[i].gap.from;
    for (int i = 0; i < live->request->sources; i++)
        if (live->part[i].bars != NULL && trade_bars_waiting(live->part[i].bars, moment) <= moment)
            moment = trade_bars_waiting(live->part[i].bars, moment) - 1;
    return moment;
}
