/* What comes from a source: duplicates are dropped, holes in numbers are gaps, what cannot be is set aside, the rest is
 * written or built into bars. */
#include "stream/live_parts.h"

#include "base/hash.h"
#include "base/time.h"
#include "market/validate.h"
#include "stream/line.h"

#include <math.h>
#include <stdio.h>

static struct live_symbol *symbol_of(struct live_part *part, uint32_t symbol)
{
    return symbol < part->symbols ? &part->symbol[symbol] : NULL;
}

#define BUSY        20 /* arrivals after which the usual pace is known */
#define STALE_TIMES 30 /* of the mean pause */

void pulse_beat(struct pulse *pulse, int64_t now)
{
    if (pulse->last > 0) {
        const double since = (double)(now - pulse->last);
        pulse->mean = pulse->arrivals < 2 ? since : pulse->mean + (since - pulse->mean) / 32;
    }
    pulse->arrivals++;
    pulse->last = now;
}

double pulse_limit(const struct pulse *pulse, double least)
{
    const double limit = pulse->mean * STALE_TIMES;
    return pulse->arrivals < BUSY ? 0 : limit < least ? least : limit;
}

/* Something came: it is alive, and how often that is so is learnt. */
static int note_arrival(struct live_part *part, uint32_t index, struct error *error)
{
    struct live_symbol *symbol = &part->symbol[index];
    pulse_beat(&symbol->pulse, time_monotonic());
    if (!symbol->stale)
        return 0;
    symbol->stale = false;
    return live_status(part, index, STREAM_STATE_CONNECTED, "it comes again", error);
}

/* ---- trades ---- */

static bool seen_before(struct live_symbol *symbol, const struct trade *trade)
{
    if (trade->id[0] == '\0') /* two that are alike are two, unless the venue names them */
        return false;
    const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15); /* 2^64 over the golden ratio */
    uint64_t digest = hash_fnv1a(trade->id, strlen(trade->id));
    digest = (digest ^ (uint64_t)trade->time) * odd;
    digest = (digest ^ (uint64_t)trade->price) * odd;
    digest = (digest ^ (uint64_t)trade->quantity) * odd;
    for (int i = 0; i < RECENT; i++)
        if (symbol->recent[i] == digest)
            return true;
    symbol->recent[symbol->next++ % RECENT] = digest;
    return false;
}

/* 1: take it; 0: it is known already. A number that was left out is a gap. */
static int check_number(struct live_part *part, struct live_symbol *symbol, const struct stream_event *event,
                        struct error *error)
{
    const struct trade *trade = &event->trade;
    char reason[120];
    if (trade->canceled == 1)
        return 1;
    if (event->number < 0 || !part->source->terms.feed->numbers_trades) {
        if (seen_before(symbol, trade)) {
            part->duplicates++;
            return 0;
        }
        return 1;
    }
    if (event->replayed && symbol->trade_number < 0) { /* from before we came */
        symbol->trade_number = event->number;
        symbol->trade_time = trade->time;
        return 0;
    }
    if (event->number <= symbol->trade_number) {
        /* one that comes again has its old time: a later one with a lower number is new, and numbers have begun anew */
        if (event->replayed || trade->time <= symbol->trade_time) {
            part->duplicates += !event->replayed;
            return 0;
        }
        (void)snprintf(reason, sizeof reason, "the numbers of trades of %s went back from %lld to %lld", trade->symbol,
                       (long long)symbol->trade_number, (long long)event->number);
        live_say(part->live, 0, "%s: %s", part->source->terms.source, reason);
        symbol->trade_number = event->number;
        return live_gap_begin(part, symbol->trade_time, trade->time, reason, error) < 0 ? -1 : 1;
    }
    if (symbol->trade_number >= 0 && event->number > symbol->trade_number + 1) {
        (void)snprintf(reason, sizeof reason, "%lld trades of %s are missing",
                       (long long)(event->number - symbol->trade_number - 1), trade->symbol);
        if (live_gap_begin(part, symbol->trade_time, trade->time, reason, error) < 0)
            return -1;
    }
    symbol->trade_number = event->number;
    return 1;
}

static int take_trade(struct live_part *part, const struct stream_event *event, struct live_symbol *symbol,
                      struct error *error)
{
    struct live *live = part->live;
    const struct trade *trade = &event->trade;
    struct error bad = {0};
    if (trade_validate(trade, &bad) < 0) {
        live_say(live, 0, "%s: %s: %s", part->source->terms.source, trade->symbol, bad.text);
        return 0;
    }
    const int fresh = check_number(part, symbol, event, error);
    if (fresh <= 0)
        return fresh;
    symbol->trade_time = trade->time;
    if (part->bars != NULL)
        return trade_bars_push(part->bars, event->symbol, trade, error);
    record_encode(&live->line, RECORD_TRADE, trade);
    return live_write(live, trade->canceled == 1 ? OUTLET_KEEP : OUTLET_TRADE, symbol->number, RECORD_TRADE, error);
}

/* ---- quotes ---- */

/* A bid above the ask cannot be traded on: an anomaly stands in its place. */
static int set_aside(struct live *live, const struct quote *quote, struct error *error)
{
    struct anomaly anomaly;
    record_blank(RECORD_ANOMALY, &anomaly);
    anomaly.time = quote->received;
    memcpy(anomaly.symbol, quote->symbol, sizeof anomaly.symbol);
    anomaly.check = ANOMALY_CROSSED;
    anomaly.observed = quote->bid;
    anomaly.expected = quote->ask;
    (void)snprintf(anomaly.message, sizeof anomaly.message, "the bid of %s is above the ask", quote->source);
    return live_write_record(live, RECORD_ANOMALY, &anomaly, error);
}

static int take_quote(struct live_part *part, const struct stream_event *event, const struct live_symbol *symbol,
                      struct error *error)
{
    struct live *live = part->live;
    const struct quote *quote = &event->quote;
    if (quote->bid != DEC_NONE && quote->ask != DEC_NONE && quote->ask > 0 && quote->bid > quote->ask)
        return set_aside(live, quote, error);
    record_encode(&live->line, RECORD_QUOTE, quote);
    return live_write(live, OUTLET_LATEST, 2 * symbol->number, RECORD_QUOTE, error);
}

/* ---- what the server says ---- */

/* Is there a symbol that may still come? */
static bool any_left(const struct live *live)
{
    for (int i = 0; i < live->request->sources; i++)
        for (size_t j = 0; live->part[i].state != STREAM_STATE_DOWN && j < live->part[i].symbols; j++)
            if (live->part[i].symbol[j].wanted && !live->part[i].symbol[j].refused)
                return true;
    return false;
}

static int refuse(struct live_part *part, const struct stream_event *event, struct error *error)
{
    struct live *live = part->live;
    const struct stream *stream = connection_stream(part->connection);
    char text[200];
    (void)snprintf(text, sizeof text, "refused: " STR_FMT, event->text.n > 150 ? 150 : (int)event->text.n,
                   event->text.p);
    if (event->symbol == STREAM_NO_SYMBOL || event->symbol >= part->symbols) {
        live_say(live, 0, "%s: %s", part->source->terms.source, text);
        live_failed(live, part->source->terms.source, EXIT_UNAVAILABLE, text);
        return 0;
    }
    struct live_symbol *symbol = &part->symbol[event->symbol];
    if (symbol->refused)
        return 0;
    symbol->refused = true;
    live_say(live, 0, "%s: %s: %s", part->source->terms.source, stream->symbol[event->symbol].name, text);
    live_failed(live, stream->symbol[event->symbol].name, EXIT_UNAVAILABLE, text);
    if (live_status(part, event->symbol, STREAM_STATE_DOWN, text, error) < 0)
        return -1;
    return any_left(live) ? 0 : error_set(error, EXIT_UNAVAILABLE, "every symbol was refused");
}

static int confirm(struct live_part *part, const struct stream_event *event, struct error *error)
{
    struct live_symbol *symbol = symbol_of(part, event->symbol);
    if (symbol != NULL && !symbol->confirmed) {
        symbol->confirmed = true;
        live_say(part->live, 1, "%s: %s subscribed", part->source->terms.source,
                 connection_stream(part->connection)->symbol[event->symbol].name);
        return live_gap_confirmed(part, error);
    }
    return 0;
}

int live_take(void *context, struct connection *connection, const struct stream_event *event, struct error *error)
{
    struct live_part *part = context;
    struct live *live = part->live;
    struct live_symbol *symbol = symbol_of(part, event->symbol);
    const struct stream *stream = connection_stream(connection);
    switch (event->kind) {
    case STREAM_CONFIRMED:
        return confirm(part, event, error);
    case STREAM_REFUSED:
        return refuse(part, event, error);
    case STREAM_MISSING:
        live_books_reset(part); /* until the connection is made anew, no book is the market's */
        if (live_gap_begin(part, connection_last(connection), stream->received, "messages are missing", error) < 0)
            return -1;
        return connection_leave(connection, "messages are missing", 0, error);
    case STREAM_NEWS_ITEM:
        (void)stream_line_add(&live->line, stream, event);
        return live_write(live, OUTLET_KEEP, 0, RECORD_NEWS, error);
    default:
        break;
    }
    if (symbol == NULL || !symbol->wanted || event->kind > STREAM_LEVELS)
        return 0;
    if (note_arrival(part, event->symbol, error) < 0)
        return -1;
    switch (event->kind) {
    case STREAM_TRADE:
        if (!event->replayed && event->trade.canceled != 1)
            live_clock_witness(part, event->trade.received, event->trade.time);
        return take_trade(part, event, symbol, error);
    case STREAM_QUOTE:
        live_clock_witness(part, event->quote.received, event->quote.time);
        return take_quote(part, event, symbol, error);
    case STREAM_BAR:
        return event->amended ? live_bar_again(part, &event->bar, error) : live_bar(part, &event->bar, error);
    default:
        return live_book_take(part, event, error);
    }
}
