/* The live stream: its sources, its clock, its symbols, its end. */
#include "stream/live_parts.h"

#include "base/list.h"
#include "base/time.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define TICK         (TIME_SECOND / 10)
#define LOOK         TIME_SECOND
#define BEAT         (10 * TIME_SECOND)
#define CONFIRM_TIME (10 * TIME_SECOND)
#define DRAIN        (5 * TIME_SECOND)
#define BAD_TOLD     5

enum { ENDED = 77 }; /* loop_run's value when all is over */

/* ---- writing ---- */

void live_say(struct live *live, int level, const char *format, ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    live->request->say(live->request->context, level, text);
}

void live_failed(struct live *live, const char *what, enum exit_code code, const char *reason)
{
    struct error ignored = {0};
    live->status = exit_worst(live->status, code);
    if (names_find(&live->failed_names, str_of(what)) >= 0 || live->failed.n > 200000 ||
        names_add(&live->failed_names, str_of(what), &ignored) < 0)
        return;
    if (live->failed.n > 0)
        buf_add_char(&live->failed, ',');
    json_add_string(&live->failed, str_of(what));
    buf_add_char(&live->failed, ':');
    json_add_string(&live->failed, str_of(reason));
}

static int wanted_line(struct live *live, struct error *error)
{
    const struct live_request *request = live->request;
    struct error bad = {0};
    live->scanned->scratch = &live->scratch;
    if (record_scan(live->scanned, live->line.p, live->line.n - 1, error) < 0)
        return -1;
    const int kept = request->where(request->where_context, live->scanned, &bad);
    if (kept >= 0 || bad.code != EXIT_INPUT)
        return kept < 0 ? (*error = bad, -1) : kept;
    live_say(live, 0, "%s", bad.text);
    live->status = exit_worst(live->status, EXIT_INPUT);
    return 0;
}

int live_write(struct live *live, enum outlet_kind kind, uint32_t key, enum record_type type, struct error *error)
{
    int result = buf_check(&live->line, error);
    if (result == 0 && live->request->where != NULL && record_is_market(type)) {
        result = wanted_line(live, error);
        if (result <= 0) {
            buf_reset(&live->line);
            return result;
        }
        result = 0;
    }
    if (result == 0)
        result = outlet_put(live->outlet, kind, key, buf_str(&live->line), error);
    buf_reset(&live->line);
    if (result == 1 && live->dropped_from == TIME_NONE)
        live->dropped_from = loop_now(live->loop);
    live->counts[type] += result == 0;
    return result < 0 ? -1 : 0;
}

int live_write_record(struct live *live, enum record_type type, const void *record, struct error *error)
{
    record_encode(&live->line, type, record);
    return live_write(live, OUTLET_KEEP, 0, type, error);
}

int live_status(struct live_part *part, uint32_t symbol, enum stream_state state, const char *message,
                struct error *error)
{
    struct status status;
    struct outlet_counts counts;
    record_blank(RECORD_STATUS, &status);
    status.time = loop_now(part->live->loop);
    (void)snprintf(status.source, sizeof status.source, "%s", part->source->terms.source);
    status.state = state;
    status.since = status.time;
    if (symbol == STREAM_NO_SYMBOL)
        status.since = part->state_since;
    else
        memcpy(status.symbol, connection_stream(part->connection)->symbol[symbol].name, SYMBOL_SIZE);
    status.attempt = connection_attempt(part->connection);
    outlet_count(part->live->outlet, &counts);
    status.dropped = (int64_t)counts.dropped;
    (void)snprintf(status.message, sizeof status.message, "%s", message);
    return live_write_record(part->live, RECORD_STATUS, &status, error);
}

/* ---- states of a connection ---- */

static bool any_up(const struct live *live)
{
    for (int i = 0; i < live->request->sources; i++)
        if (live->part[i].started && live->part[i].state != STREAM_STATE_DOWN)
            return true;
    return false;
}

static int on_state(void *context, struct connection *connection, enum stream_state state, const struct error *failure,
                    struct error *error)
{
    struct live_part *part = context;
    struct live *live = part->live;
    const char *why = failure == NULL ? "" : failure->text;
    const enum stream_state before = part->state;
    if (part->state != state || state == STREAM_STATE_CONNECTED)
        part->state_since = loop_now(live->loop);
    part->state = state;
    if (state == STREAM_STATE_CONNECTED && before == STREAM_STATE_NONE && part->bars != NULL &&
        live_gap_begin(part, loop_now(live->loop), INT64_MAX, "the stream began within a bar", error) < 0)
        return -1;
    if (live->stopping)
        return 0;
    if (live_status(part, STREAM_NO_SYMBOL, state, why, error) < 0)
        return -1;
    live_say(live, state == STREAM_STATE_CONNECTED ? 1 : 0, "%s: %s%s%s", part->source->terms.source,
             stream_state_text(state), why[0] == '\0' ? "" : ": ", why);
    if (state == STREAM_STATE_CONNECTED) {
        for (size_t i = 0; i < part->symbols; i++) {
            struct live_symbol *symbol = &part->symbol[i];
            symbol->since = time_monotonic();
            symbol->confirmed = false;
            if (symbol->pulse.last > 0) /* what was silent before says nothing of this connection */
                symbol->pulse.last = symbol->since;
        }
        return live_gap_end(part, error);
    }
    live_books_reset(part);
    if (before == STREAM_STATE_CONNECTED &&
        live_gap_begin(part, connection_last(connection), INT64_MAX, why, error) < 0)
        return -1;
    if (state != STREAM_STATE_DOWN)
        return 0;
    live_failed(live, part->source->terms.source, failure == NULL ? EXIT_UNAVAILABLE : failure->code, why);
    if (any_up(live))
        return 0;
    if (failure != NULL)
        *error = *failure;
    return ENDED;
}

static void on_bad(void *context, struct connection *connection, const struct error *why)
{
    struct live_part *part = context;
    (void)connection;
    part->live->status = exit_worst(part->live->status, EXIT_INPUT);
    if (++part->bad <= BAD_TOLD)
        live_say(part->live, 0, "%s: bad frame: %s", part->source->terms.source, why->text);
}

static int on_event(void *context, struct connection *connection, const struct stream_event *event, struct error *error)
{
    return live_take(context, connection, event, error);
}

/* ---- symbols ---- */

static int add_symbol(struct live_part *part, const char *name, bool *added, struct error *error)
{
    struct live *live = part->live;
    const int64_t index = connection_follow(part->connection, name, error);
    if (index < 0)
        return -1;
    while ((size_t)index >= part->symbols) {
        if (list_grow(&part->symbol, &part->capacity, part->symbols, sizeof *part->symbol, error) < 0)
            return -1;
        part->symbol[part->symbols++] =
            (struct live_symbol){.number = live->symbols++, .trade_number = -1, .trade_time = TIME_NONE};
    }
    struct live_symbol *symbol = &part->symbol[index];
    if (!symbol->wanted) {
        symbol->since = time_monotonic();
        *added = true;
    }
    symbol->wanted = true;
    return 0;
}

/* Follow what is listed and nothing else. */
static int read_symbols(struct live_part *part, struct error *error)
{
    struct live *live = part->live;
    const int source = (int)(part - live->part);
    struct names names;
    struct error bad = {0};
    bool added = false;
    names_init(&names);
    int result = live->request->symbols(live->request->context, source, &names, &bad);
    for (uint32_t i = 0; result == 0 && i < part->symbols; i++) {
        const char *name = connection_stream(part->connection)->symbol[i].name;
        if (!part->symbol[i].wanted || names_find(&names, str_of(name)) >= 0)
            continue;
        part->symbol[i].wanted = part->symbol[i].stale = false;
        live_say(live, 1, "%s: %s unsubscribed", part->source->terms.source, name);
        result = connection_unfollow(part->connection, i, &bad);
    }
    for (size_t i = 0; result == 0 && i < names.count; i++) {
        result = add_symbol(part, names.name[i], &added, &bad);
        if (result < 0 && bad.code == EXIT_INPUT) {
            live_say(live, 0, "%s", bad.text);
            live_failed(live, names.name[i], EXIT_UNAVAILABLE, bad.text);
            error_clear(&bad);
            result = 0;
        }
    }
    const size_t most = part->source->terms.feed->most, count = names.count;
    if (result == 0 && most > 0 && count * (size_t)__builtin_popcount(part->source->terms.channels) > most)
        live_say(live, 0, "%s: %zu symbols are too many for one connection", part->source->terms.source, count);
    names_clear(&names);
    if (result == 0 && added)
        result = live_gap_added(part, &bad);
    if (result != 0)
        *error = bad;
    return result;
}

static int on_reread(void *context, int number, struct error *error)
{
    struct live *live = context;
    struct error bad = {0};
    (void)number;
    for (int i = 0; i < live->request->sources; i++) {
        struct live_part *part = &live->part[i];
        if (read_symbols(part, &bad) == 0) {
            if (part->started || part->symbols == 0)
                continue;
            part->started = true;
            const int result = connection_start(part->connection, error);
            if (result != 0)
                return result;
            continue;
        }
        if (bad.code == EXIT_SYSTEM)
            return *error = bad, -1;
        live_say(live, 0, "the symbols stay unchanged: %s", bad.text);
        error_clear(&bad);
    }
    return 0;
}

/* ---- the clock ---- */

static int give_bar(void *context, const struct bar *bar, struct error *error)
{
    return live_bar(context, bar, error);
}

static int amend_bar(void *context, const struct trade *trade, const struct bar *bar, struct error *error)
{
    return live_amend(context, trade, bar, error);
}

/* Is every symbol that is usually busy silent, for longer than its own pauses explain? */
static bool is_suspicious(const struct live_part *part, int64_t now, double least)
{
    int busy = 0;
    for (size_t i = 0; i < part->symbols; i++) {
        const struct live_symbol *symbol = &part->symbol[i];
        const double limit = pulse_limit(&symbol->pulse, least);
        if (!symbol->wanted || symbol->refused || limit <= 0)
            continue;
        if ((double)(now - symbol->pulse.last) < limit)
            return false;
        busy++;
    }
    return busy > 0;
}

/* Bars come out when their time is over and the source has shown that it lived until then: a connection that is dead
 * without our knowing must not make a bar of half its trades. */
static int advance(struct live_part *part, int64_t now, int64_t wall, struct error *error)
{
    int64_t moment = wall - part->live->request->grace, alive;
    if (connection_alive(part->connection, moment, &alive, error) < 0)
        return -1;
    if (is_suspicious(part, now, 0))
        alive = connection_last(part->connection);
    moment = alive < moment ? alive : moment;
    if (trade_bars_advance(part->bars, moment, error) == 0)
        return 0;
    if (error->code != EXIT_INPUT)
        return -1;
    live_say(part->live, 0, "%s: trade left out: %s", part->source->terms.source, error->text);
    part->live->status = exit_worst(part->live->status, EXIT_INPUT);
    error_clear(error);
    return 0;
}

static int beat(struct live *live, int64_t now, int64_t wall, bool bars, struct error *error)
{
    struct heartbeat heartbeat;
    if (!bars && now - live->beaten < BEAT)
        return 0;
    live->beaten = now;
    record_blank(RECORD_HEARTBEAT, &heartbeat);
    heartbeat.time = live_bars_until(live, live->part[0].bars == NULL ? wall : wall - live->request->grace);
    for (int i = 0; i < live->request->sources; i++) {
        const int64_t last = connection_last(live->part[i].connection);
        heartbeat.last = last > heartbeat.last ? last : heartbeat.last;
    }
    return live_write_record(live, RECORD_HEARTBEAT, &heartbeat, error);
}

static int on_tick(void *context, int64_t now, struct error *error)
{
    struct live *live = context;
    const int64_t wall = loop_now(live->loop);
    if (loop_timer(live->loop, now + TICK, on_tick, live, error) < 0)
        return -1;
    const uint64_t before = live->counts[RECORD_BAR];
    for (int i = 0; i < live->request->sources; i++)
        if (live->part[i].bars != NULL && advance(&live->part[i], now, wall, error) < 0)
            return -1;
    return beat(live, now, wall, live->counts[RECORD_BAR] != before, error);
}

/* A symbol that is usually busy and says nothing, or one that was never confirmed. */
static int look_at(struct live_part *part, uint32_t index, int64_t now, struct error *error)
{
    const struct live *live = part->live;
    struct live_symbol *symbol = &part->symbol[index];
    char text[120];
    if (!symbol->wanted || symbol->refused || symbol->stale)
        return 0;
    if (!symbol->told && symbol->pulse.last == 0 && now - symbol->since > CONFIRM_TIME) {
        symbol->told = true;
        if (part->source->terms.feed->confirms && !symbol->confirmed)
            return live_status(part, index, STREAM_STATE_STALE, "the server has not confirmed it", error);
    }
    const double limit = pulse_limit(&symbol->pulse, (double)live->request->quiet);
    if (limit <= 0 || (double)(now - symbol->pulse.last) < limit)
        return 0;
    symbol->stale = true;
    (void)snprintf(text, sizeof text, "nothing for %.1f s; it comes each %.3g s on average",
                   (double)(now - symbol->pulse.last) / 1e9, symbol->pulse.mean / 1e9);
    return live_status(part, index, STREAM_STATE_STALE, text, error);
}

/* Records left out are told when there is room again, or each ten seconds. */
static int tell_dropped(struct live *live, struct error *error)
{
    struct outlet_counts counts;
    struct gap gap;
    char reason[120];
    outlet_count(live->outlet, &counts);
    if (counts.dropped == live->dropped_told || live->dropped_from == TIME_NONE)
        return 0;
    const int64_t now = loop_now(live->loop);
    if (counts.waiting > live->request->queue / 2 && now - live->dropped_from < BEAT)
        return 0;
    record_blank(RECORD_GAP, &gap);
    gap.time = gap.to = now;
    gap.from = live->dropped_from;
    gap.healed = 0;
    (void)snprintf(reason, sizeof reason, "the reader is slow: %llu records were left out",
                   (unsigned long long)(counts.dropped - live->dropped_told));
    gap.reason = str_of(reason);
    live_say(live, 0, "%s", reason);
    live->status = exit_worst(live->status, EXIT_UNAVAILABLE);
    live->dropped_told = counts.dropped;
    live->dropped_from = TIME_NONE;
    return live_write_record(live, RECORD_GAP, &gap, error);
}

static int on_look(void *context, int64_t now, struct error *error)
{
    struct live *live = context;
    struct session session;
    struct error ignored = {0};
    if (loop_timer(live->loop, now + LOOK, on_look, live, error) < 0)
        return -1;
    live_clock_look(live, now);
    const bool trading = calendar_session_at(live->request->calendar, loop_now(live->loop), &session, &ignored) == 1;
    for (int i = 0; i < live->request->sources; i++) {
        struct live_part *part = &live->part[i];
        if (!trading || part->state != STREAM_STATE_CONNECTED)
            continue;
        for (uint32_t j = 0; j < part->symbols; j++)
            if (look_at(part, j, now, error) < 0 || live_book_look(part, j, now, error) < 0)
                return -1;
        if (is_suspicious(part, now, (double)live->request->quiet) &&
            connection_leave(part->connection, "nothing comes any more", 0, error) < 0)
            return -1;
    }
    return tell_dropped(live, error);
}

/* ---- from the first to the last ---- */

static int on_finished(void *context, int64_t now, struct error *error)
{
    (void)context, (void)now, (void)error;
    return ENDED;
}

static int on_stop(void *context, int number, struct error *error)
{
    struct live *live = context;
    (void)number;
    if (live->stopping)
        return ENDED;
    live->stopping = true;
    for (int i = 0; i < live->request->sources; i++)
        if (connection_stop(live->part[i].connection, error) < 0)
            return -1;
    /* half a second for goodbyes; what they bring is not waited for */
    return loop_timer(live->loop, time_monotonic() + TIME_SECOND / 2, on_finished, live, error) < 0 ? -1 : 0;
}

static int open_parts(struct live *live, struct error *error)
{
    static const struct connection_calls calls = {on_event, on_state, on_bad};
    const struct live_request *request = live->request;
    for (int i = 0; i < request->sources; i++) {
        struct live_part *part = &live->part[i];
        part->live = live;
        part->source = &request->source[i];
        part->lag = TIME_NONE;
        part->connection = connection_open(live->loop, &part->source->terms, &calls, part, error);
        if (part->connection == NULL)
            return -1;
        if (request->bars.unit != INTERVAL_NONE) {
            const struct trade_bars_calls bars = {give_bar, amend_bar, part};
            const struct connection_terms *terms = &part->source->terms;
            const bool official = terms->feed->official != NULL && terms->feed->official(terms->variant);
            part->bars = trade_bars_new(request->bars, request->calendar, request->extended,
                                        official ? request->official : 0, &bars, error);
            if (part->bars == NULL)
                return -1;
        }
        if (read_symbols(part, error) < 0)
            return -1;
    }
    if (live->symbols == 0)
        return error_set(error, EXIT_USAGE, "which symbols?");
    for (int i = 0; i < request->sources; i++) {
        live->part[i].started = live->part[i].symbols > 0;
        if (!live->part[i].started)
            live_say(live, 0, "%s: none of the symbols belongs to this source", request->source[i].terms.source);
    }
    for (int i = 0; i < request->sources; i++) {
        const int result = !live->part[i].started ? 0 : connection_start(live->part[i].connection, error);
        if (result != 0)
            return result;
    }
    return 0;
}

static int open_all(struct live *live, struct error *error)
{
    const struct live_request *request = live->request;
    live->loop = loop_new(error);
    live->part = calloc((size_t)request->sources + 1, sizeof *live->part);
    live->scanned = calloc(1, sizeof *live->scanned);
    if (live->loop == NULL || live->part == NULL || live->scanned == NULL)
        return error_is_set(error) ? -1 : error_memory(error);
    live->outlet = outlet_open(live->loop, request->queue, request->conflate, error);
    if (live->outlet == NULL)
        return -1;
    const int64_t now = time_monotonic();
    live->beaten = now;
    loop_clock(live->loop, live_clock_moved, live);
    if (loop_signal(live->loop, SIGINT, on_stop, live, error) < 0 ||
        loop_signal(live->loop, SIGTERM, on_stop, live, error) < 0 ||
        loop_signal(live->loop, SIGHUP, on_reread, live, error) < 0 ||
        loop_timer(live->loop, now + TICK, on_tick, live, error) < 0 ||
        loop_timer(live->loop, now + LOOK, on_look, live, error) < 0)
        return -1;
    return open_parts(live, error);
}

static int write_end(struct live *live, struct error *error)
{
    struct buf counts;
    buf_init(&counts, 4096);
    buf_printf(&live->line, "{\"type\":\"end\",\"status\":%d,\"complete\":true,\"failed\":{", (int)live->status);
    buf_add_str(&live->line, buf_str(&live->failed));
    buf_add_text(&live->line, "},\"counts\":{");
    for (int type = 1; type < RECORD_TYPES; type++)
        if (live->counts[type] > 0)
            buf_printf(&counts, "%s\"%s\":%llu", counts.n == 0 ? "" : ",", record_type_text((enum record_type)type),
                       (unsigned long long)live->counts[type]);
    buf_add_str(&live->line, buf_str(&counts));
    buf_add_text(&live->line, "}}\n");
    buf_clear(&counts);
    return live_write(live, OUTLET_KEEP, 0, RECORD_END, error);
}

/* What is still to be said. Bars that are not over are not. */
static int finish(struct live *live, struct error *error)
{
    uint64_t duplicates = 0, rounded = 0;
    struct trade_bars_counts bars = {0};
    for (int i = 0; live->part != NULL && i < live->request->sources; i++) {
        struct live_part *part = &live->part[i];
        if (part->connection == NULL)
            continue;
        if (live_gap_finish(part, error) < 0)
            return -1;
        duplicates += part->duplicates;
        rounded += connection_stream(part->connection)->rounded;
        if (part->bars != NULL) {
            bars.late += trade_bars_counts(part->bars)->late;
            bars.kept += trade_bars_counts(part->bars)->kept;
            bars.official += trade_bars_counts(part->bars)->official;
        }
        if (part->bad > BAD_TOLD)
            live_say(live, 0, "%s: bad frames: %llu", part->source->terms.source, (unsigned long long)part->bad);
    }
    if (duplicates > 0)
        live_say(live, 1, "duplicate trades dropped: %llu", (unsigned long long)duplicates);
    if (rounded > 0)
        live_say(live, 1, "numbers with more than 8 decimals, rounded: %llu", (unsigned long long)rounded);
    if (live->books_again > 0)
        live_say(live, 1, "books requested again: %llu", (unsigned long long)live->books_again);
    if (bars.kept > 0) {
        live_say(live, 0, "trades cancelled after their bar was written: %llu", (unsigned long long)bars.kept);
        live_failed(live, "canceled", EXIT_INPUT, "some trades were cancelled after their bar was written");
    }
    if (bars.late > 0) {
        live_say(live, 0, "trades that came after their bar was closed: %llu", (unsigned long long)bars.late);
        live_failed(live, "trades", EXIT_INPUT, "some came after their bar was closed");
    }
    if (bars.official > 0)
        live_say(live, 0, "official closes that came after the daily bar was written with another: %llu",
                 (unsigned long long)bars.official);
    live->dropped_from = live->dropped_from == TIME_NONE ? TIME_NONE : live->dropped_from - BEAT;
    if (tell_dropped(live, error) < 0 || write_end(live, error) < 0)
        return -1;
    return outlet_drain(live->outlet, time_monotonic() + DRAIN, error);
}

static void clear(struct live *live)
{
    for (int i = 0; live->part != NULL && i < live->request->sources; i++) {
        live_gap_clear(&live->part[i]);
        connection_free(live->part[i].connection);
        trade_bars_free(live->part[i].bars);
        asking_free(live->part[i].asking);
        for (size_t j = 0; j < live->part[i].symbols; j++)
            live_book_free(live->part[i].symbol[j].book);
        free(live->part[i].symbol);
    }
    outlet_free(live->outlet);
    loop_free(live->loop);
    names_clear(&live->failed_names);
    buf_clear(&live->line);
    buf_clear(&live->failed);
    buf_clear(&live->scratch);
    free(live->part);
    free(live->scanned);
}

enum exit_code live_run(const struct live_request *request, struct error *error)
{
    struct live live = {.request = request, .dropped_from = TIME_NONE};
    struct error late = {0};
    names_init(&live.failed_names);
    buf_init(&live.line, RECORD_LINE_MAX + 1);
    buf_init(&live.failed, 256 * 1024);
    buf_init(&live.scratch, RECORD_LINE_MAX);
    const int opened_all = open_all(&live, error);
    const bool opened = live.outlet != NULL && live.symbols > 0;
    if (opened_all == 0)
        (void)loop_run(live.loop, error); /* what went wrong is in `error` */
    if (error_is_set(error))
        live.status = exit_worst(live.status, error->code);
    if (opened && (!error_is_set(error) || error->code != EXIT_SYSTEM) && finish(&live, &late) < 0) {
        live.status = exit_worst(live.status, late.code);
        if (!error_is_set(error))
            *error = late;
    }
    const enum exit_code code = live.status;
    clear(&live);
    return code;
}
