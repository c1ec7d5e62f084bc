/* tn-stream flow: trades, quotes and books in, order flow out. */
#include "tn-stream/flow.h"

#include "base/hash.h"
#include "base/list.h"
#include "market/validate.h"

#include <stdio.h>
#include <stdlib.h>

/* What two sources tell of one symbol are two markets, or one told twice. */
static int lane_of(struct flowing *flowing, const char *symbol, const char *source, struct lane **lane,
                   struct error *error)
{
    const size_t before = flowing->symbols.count;
    char name[SYMBOL_SIZE + ID_SIZE];
    (void)snprintf(name, sizeof name, "%s %s", symbol, source);
    const int64_t index = names_add(&flowing->symbols, str_of(name), error);
    if (index < 0)
        return -1;
    if (flowing->symbols.count > before) {
        if (list_grow(&flowing->lane, &flowing->lane_capacity, before, sizeof *flowing->lane, error) < 0 ||
            list_grow(&flowing->due, &flowing->due_capacity, before, sizeof *flowing->due, error) < 0 ||
            flow_init(&flowing->lane[before].meter, &flowing->terms, symbol, error) < 0)
            return -1;
        book_init(&flowing->lane[before].book);
        flowing->lane[before].has_books = false;
        (void)snprintf(flowing->lane[before].source, sizeof flowing->lane[before].source, "%s", source);
    }
    *lane = &flowing->lane[index];
    return 0;
}

/* ---- intervals that are over ---- */

static int compare(const void *first, const void *second)
{
    const struct due *a = first, *b = second;
    if (a->flow.end != b->flow.end)
        return a->flow.end < b->flow.end ? -1 : 1;
    return a->lane < b->lane ? -1 : a->lane > b->lane;
}

static int write_flow(struct flowing *flowing, struct due *due, struct error *error)
{
    if (flowing->rows) {
        buf_reset(&flowing->text);
        flow_rows(&flowing->lane[due->lane].meter, &flowing->text);
        if (buf_check(&flowing->text, error) < 0)
            return -1;
        due->flow.profile = buf_str(&flowing->text);
    }
    memcpy(due->flow.source, flowing->lane[due->lane].source, sizeof due->flow.source);
    return flow_write(input_flow(flowing->input), RECORD_ORDER_FLOW, &due->flow, error);
}

static int advance(struct flowing *flowing, int64_t moment, struct error *error)
{
    size_t due = 0;
    if (moment < flowing->next_end)
        return 0;
    flowing->next_end = INT64_MAX;
    for (uint32_t i = 0; i < flowing->symbols.count; i++) {
        struct flow_meter *meter = &flowing->lane[i].meter;
        if (flow_advance(meter, moment, &flowing->due[due].flow) == 1)
            flowing->due[due++].lane = i;
        else if (meter->open && meter->slot.end < flowing->next_end)
            flowing->next_end = meter->slot.end;
    }
    if (due > 1)
        qsort(flowing->due, due, sizeof *flowing->due, compare);
    for (size_t i = 0; i < due; i++)
        if (write_flow(flowing, &flowing->due[i], error) < 0)
            return -1;
    return 0;
}

static void note(struct flowing *flowing, const struct lane *lane, enum flow_fate fate)
{
    flowing->taken += fate == FLOW_USED;
    flowing->late += fate == FLOW_LATE;
    flowing->outside += fate == FLOW_OUTSIDE;
    if (lane->meter.open && lane->meter.slot.end < flowing->next_end)
        flowing->next_end = lane->meter.slot.end;
}

/* ---- records ---- */

/* Its moment has come: the intervals that end by then first, so that a later one of its symbol may begin. */
static int take_tick(struct flowing *flowing, const struct flow_tick *tick, struct error *error)
{
    struct lane *lane = &flowing->lane[tick->lane];
    const struct trade trade = {
        .time = tick->time, .price = tick->price, .quantity = tick->quantity, .side = tick->side};
    enum flow_fate fate;
    if (advance(flowing, tick->time, error) < 0)
        return -1;
    const int result = tick->quote ? flow_quote(&lane->meter, tick->time, tick->bid, tick->bid_size, tick->ask,
                                                tick->ask_size, &fate, error)
                                   : flow_trade(&lane->meter, &trade, &fate, error);
    if (result == 0)
        note(flowing, lane, fate);
    return result;
}

static int take_waiting(struct flowing *flowing, int64_t moment, struct error *error)
{
    struct flow_tick tick;
    while (flow_queue_take(&flowing->queue, moment, &tick))
        if (take_tick(flowing, &tick, error) < 0)
            return -1;
    return advance(flowing, moment, error);
}

static uint32_t number_of(const struct flowing *flowing, const struct lane *lane)
{
    return (uint32_t)(lane - flowing->lane);
}

static int take_trade(struct flowing *flowing, const struct record *record, struct error *error)
{
    struct trade trade;
    struct lane *lane;
    if (record_decode(record, &trade, error) < 0 || trade_validate(&trade, error) < 0 ||
        lane_of(flowing, trade.symbol, trade.source, &lane, error) < 0)
        return -1;
    if (trade.effect == EFFECT_CLOSE || trade.effect == EFFECT_NOTHING) /* nothing was traded */
        return 0;
    const struct flow_tick tick = {
        .time = trade.time,
        .lane = number_of(flowing, lane),
        .side = trade.side,
        .id = trade.id[0] == '\0' ? 0 : hash_fnv1a(trade.id, strlen(trade.id)),
        .price = trade.price,
        .quantity = trade.quantity,
    };
    if (trade.canceled != 1)
        return flow_queue_add(&flowing->queue, &tick, error);
    flowing->canceled += !flow_queue_take_back(&flowing->queue, &tick);
    return 0;
}

static int take_quote(struct flowing *flowing, const struct record *record, struct error *error)
{
    struct quote quote;
    struct lane *lane;
    if (record_decode(record, &quote, error) < 0 || lane_of(flowing, quote.symbol, quote.source, &lane, error) < 0)
        return -1;
    if (lane->has_books)
        return 0;
    const struct flow_tick tick = {
        .time = quote.time,
        .lane = number_of(flowing, lane),
        .quote = true,
        .bid = quote.bid,
        .ask = quote.ask,
        .bid_size = quote.bid_size,
        .ask_size = quote.ask_size,
    };
    return flow_queue_add(&flowing->queue, &tick, error);
}

static double depth_of(const struct book *book, int side)
{
    double sum = 0;
    for (size_t i = 0; i < book->count[side]; i++)
        sum += dec_to_double(book->level[side][i].quantity);
    return sum;
}

static int take_book(struct flowing *flowing, const struct record *record, struct error *error)
{
    struct market_book wire;
    struct lane *lane;
    enum book_fate done;
    struct book_change change = {.first = -1, .last = -1, .before = -1};
    if (record_decode(record, &wire, error) < 0 || lane_of(flowing, wire.symbol, wire.source, &lane, error) < 0)
        return -1;
    const int64_t bids = stream_levels_read(wire.bids, flowing->level[BOOK_BIDS], SIDE_LEVELS, error);
    const int64_t asks = bids < 0 ? -1 : stream_levels_read(wire.asks, flowing->level[BOOK_ASKS], SIDE_LEVELS, error);
    if (asks < 0)
        return -1;
    change.time = wire.time;
    change.snapshot = wire.snapshot != 0;
    change.bids = flowing->level[BOOK_BIDS];
    change.bid_count = (size_t)bids;
    change.asks = flowing->level[BOOK_ASKS];
    change.ask_count = (size_t)asks;
    lane->has_books = true;
    if (book_apply(&lane->book, &change, &done, error) < 0)
        return -1;
    const struct book_level *bid = book_level(&lane->book, BOOK_BIDS, 0), *ask = book_level(&lane->book, BOOK_ASKS, 0);
    const bool good = done == BOOK_TAKEN && bid != NULL && ask != NULL;
    const struct flow_tick tick = {
        .time = wire.time,
        .lane = number_of(flowing, lane),
        .quote = true,
        .bid = good ? bid->price : DEC_NONE,
        .ask = good ? ask->price : DEC_NONE,
        .bid_size = depth_of(&lane->book, BOOK_BIDS),
        .ask_size = depth_of(&lane->book, BOOK_ASKS),
    };
    return flow_queue_add(&flowing->queue, &tick, error);
}

static int take_record(struct flowing *flowing, const struct record *record, struct error *error)
{
    switch (record->type) {
    case RECORD_TRADE:
        return take_trade(flowing, record, error);
    case RECORD_QUOTE:
        return take_quote(flowing, record, error);
    case RECORD_BOOK:
        return take_book(flowing, record, error);
    default:
        return 0;
    }
}

static int take(struct flowing *flowing, const struct record *record, struct error *error)
{
    int64_t known;
    if (record_known(record, &known, error) < 0 || take_record(flowing, record, error) < 0)
        return -1;
    if ((record->type == RECORD_HEARTBEAT || record_is_market(record->type)) && known != TIME_NONE &&
        known > INT64_MIN + flowing->grace && known - flowing->grace > flowing->moment)
        flowing->moment = known - flowing->grace;
    return take_waiting(flowing, flowing->moment, error);
}

static int run(struct flowing *flowing, struct error *error)
{
    struct flow *flow = input_flow(flowing->input);
    const struct record *record;
    int got;
    while ((got = flow_next(flow, &record, error)) == 1) {
        if (take(flowing, record, error) < 0 && input_refused(flowing->input, error) < 0)
            return -1;
        if (input_pass(flowing->input, record, error) < 0)
            return -1;
    }
    if (got < 0)
        return -1;
    uint64_t open = 0;
    if (flow_input_has_ended(flow) || option_flag(flowing->invocation, "complete"))
        return take_waiting(flowing, INT64_MAX, error);
    if (flowing->queue.count > flowing->queue.first &&
        take_waiting(flowing, flowing->queue.tick[flowing->queue.count - 1].time, error) < 0)
        return -1;
    for (size_t i = 0; i < flowing->symbols.count; i++)
        open += flowing->lane[i].meter.open;
    if (open > 0)
        say(flowing->invocation, 0,
            "last intervals left out, since nothing says that they are over (--complete does): %llu",
            (unsigned long long)open);
    return 0;
}

static void clear(struct flowing *flowing)
{
    for (size_t i = 0; i < flowing->symbols.count && flowing->lane != NULL; i++) {
        flow_clear(&flowing->lane[i].meter);
        book_clear(&flowing->lane[i].book);
    }
    free(flowing->lane);
    free(flowing->due);
    free(flowing->level[BOOK_BIDS]);
    free(flowing->level[BOOK_ASKS]);
    flow_queue_clear(&flowing->queue);
    names_clear(&flowing->symbols);
    buf_clear(&flowing->text);
}

enum exit_code stream_flow(struct invocation *invocation, struct error *error)
{
    struct flowing flowing = {.invocation = invocation, .moment = INT64_MIN, .next_end = INT64_MAX};
    struct exchange exchange = {.zone = NULL};
    names_init(&flowing.symbols);
    flow_queue_init(&flowing.queue);
    buf_init(&flowing.text, RECORD_LINE_MAX / 2);
    for (int side = 0; side < BOOK_SIDES; side++)
        if ((flowing.level[side] = calloc(SIDE_LEVELS, sizeof *flowing.level[side])) == NULL)
            (void)error_memory(error);
    if (!error_is_set(error) && flow_options_read(&flowing, error) == 0 &&
        exchange_open(&exchange, option_text(invocation, "calendar", "nyse"), error) == 0) {
        flowing.terms.calendar = &exchange.calendar;
        flowing.input = input_open(invocation, option_flag(invocation, "pass"), error);
    }
    enum exit_code code = error->code;
    if (flowing.input != NULL) {
        struct flow *flow = input_flow(flowing.input);
        (void)run(&flowing, error); /* what went wrong is in `error` */
        if (flowing.late > 0) {
            flow_failed(flow, "late", EXIT_INPUT, "some came after their interval");
            say(invocation, 0, "left out because they came after their interval: %llu",
                (unsigned long long)flowing.late);
        }
        if (flowing.canceled > 0) {
            flow_failed(flow, "canceled", EXIT_INPUT, "some trades were cancelled after they had been counted");
            say(invocation, 0, "trades cancelled after they had been counted: %llu",
                (unsigned long long)flowing.canceled);
        }
        if (flowing.outside > 0)
            say(invocation, 1, "left out because they are outside the sessions: %llu",
                (unsigned long long)flowing.outside);
        if (flowing.taken == 0 && flowing.outside + flowing.late == 0 && !error_is_set(error))
            say(invocation, 0, "no trades, quotes or books came");
        else if (flowing.taken == 0 && !error_is_set(error))
            say(invocation, 0, "nothing came within the sessions (--extended, --calendar)");
        code = input_close(flowing.input, error);
    }
    clear(&flowing);
    exchange_close(&exchange);
    return code;
}
