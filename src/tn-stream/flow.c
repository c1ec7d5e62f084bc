/* tn-stream flow: trades, quotes and books in, order flow out. */
#include "market/order_flow.h"

#include "base/list.h"
#include "base/names.h"
#include "base/num.h"
#include "exchange/exchange.h"
#include "feed/input.h"
#include "market/book.h"
#include "market/validate.h"
#include "stream/line.h"
#include "tn-stream/commands.h"

#include <math.h>
#include <stdlib.h>

enum { SIDE_LEVELS = 1000 };

struct lane { /* of a symbol */
    struct flow_meter meter;
    struct book book;
    bool has_books; /* then its quotes say nothing new */
};

struct due {
    struct order_flow flow;
    uint32_t lane;
};

struct flowing {
    const struct invocation *invocation;
    struct flow_terms terms;
    struct input *input;
    struct names symbols;
    struct lane *lane;
    size_t lane_capacity;
    struct due *due;
    size_t due_capacity;
    int64_t grace;
    int64_t next_end; /* of the intervals that have begun */
    bool rows;
    struct buf text; /* the rows of those that are due */
    struct book_level *level[BOOK_SIDES];
    uint64_t taken, late, outside;
};

static int lane_of(struct flowing *flowing, const char *symbol, struct lane **lane, struct error *error)
{
    const size_t before = flowing->symbols.count;
    const int64_t index = names_add(&flowing->symbols, str_of(symbol), error);
    if (index < 0)
        return -1;
    if (flowing->symbols.count > before) {
        if (list_grow(&flowing->lane, &flowing->lane_capacity, before, sizeof *flowing->lane, error) < 0 ||
            list_grow(&flowing->due, &flowing->due_capacity, before, sizeof *flowing->due, error) < 0 ||
            flow_init(&flowing->lane[before].meter, &flowing->terms, symbol, error) < 0)
            return -1;
        book_init(&flowing->lane[before].book);
        flowing->lane[before].has_books = false;
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

static int take_trade(struct flowing *flowing, const struct record *record, struct error *error)
{
    struct trade trade;
    struct lane *lane;
    enum flow_fate fate;
    if (record_decode(record, &trade, error) < 0 || trade_validate(&trade, error) < 0)
        return -1;
    if (trade.canceled == 1)
        return 0;
    if (lane_of(flowing, trade.symbol, &lane, error) < 0)
        return -1;
    /* A trade tells the time of its own symbol, whatever the moment of the stream. */
    if (lane->meter.open && trade.time - flowing->grace >= lane->meter.slot.end &&
        advance(flowing, trade.time - flowing->grace, error) < 0)
        return -1;
    if (flow_trade(&lane->meter, &trade, &fate, error) < 0)
        return -1;
    note(flowing, lane, fate);
    return 0;
}

static int take_quote(struct flowing *flowing, const struct record *record, struct error *error)
{
    struct quote quote;
    struct lane *lane;
    enum flow_fate fate;
    if (record_decode(record, &quote, error) < 0 || lane_of(flowing, quote.symbol, &lane, error) < 0)
        return -1;
    if (lane->has_books)
        return 0;
    if (flow_quote(&lane->meter, quote.time, quote.bid, quote.bid_size, quote.ask, quote.ask_size, &fate, error) < 0)
        return -1;
    note(flowing, lane, fate);
    return 0;
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
    enum flow_fate fate;
    enum book_fate done;
    struct book_change change = {.first = -1, .last = -1, .before = -1};
    if (record_decode(record, &wire, error) < 0 || lane_of(flowing, wire.symbol, &lane, error) < 0)
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
    if (flow_quote(&lane->meter, wire.time, good ? bid->price : DEC_NONE, depth_of(&lane->book, BOOK_BIDS),
                   good ? ask->price : DEC_NONE, depth_of(&lane->book, BOOK_ASKS), &fate, error) < 0)
        return -1;
    note(flowing, lane, fate);
    return 0;
}

static int take(struct flowing *flowing, const struct record *record, struct error *error)
{
    int64_t known;
    if (record_known(record, &known, error) < 0)
        return -1;
    if (record->type == RECORD_HEARTBEAT || record_is_market(record->type))
        if (known != TIME_NONE && known > INT64_MIN + flowing->grace &&
            advance(flowing, known - flowing->grace, error) < 0)
            return -1;
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
        return advance(flowing, INT64_MAX, error);
    for (size_t i = 0; i < flowing->symbols.count; i++)
        open += flowing->lane[i].meter.open;
    if (open > 0)
        say(flowing->invocation, 0,
            "last intervals left out, since nothing says that they are over (--complete does): %llu",
            (unsigned long long)open);
    return 0;
}

/* ---- options ---- */

static int read_dec(const struct invocation *invocation, const char *name, const char *usual, dec *value,
                    struct error *error)
{
    const char *text = option_text(invocation, name, usual);
    if (dec_parse(value, text, strlen(text), NULL) == 0 && *value > 0)
        return 0;
    return error_set(error, EXIT_USAGE, "--%s: a number above 0 is needed, not '%.40s'", name, text);
}

static int fill_terms(struct flowing *flowing, struct error *error)
{
    const struct invocation *invocation = flowing->invocation;
    struct flow_terms *terms = &flowing->terms;
    struct flow_meter probe;
    const char *interval = option_text(invocation, "interval", "1m"), *area = option_text(invocation, "area", "70");
    if (interval_parse(&terms->interval, interval, strlen(interval), error) < 0) {
        error_recode(error, EXIT_USAGE);
        return -1;
    }
    if (read_dec(invocation, "tick", "0.01", &terms->tick, error) < 0 ||
        (option_given(invocation, "large") && read_dec(invocation, "large", "", &terms->large, error) < 0))
        return -1;
    if (num_parse(&terms->area, area, strlen(area), error) < 0 || !(terms->area > 0 && terms->area <= 100)) {
        error_clear(error);
        return error_set(error, EXIT_USAGE, "--area: a percentage above 0, up to 100, is needed");
    }
    terms->area /= 100;
    terms->extended = option_flag(invocation, "extended");
    flowing->grace = option_count(invocation, "grace", 0) * (TIME_SECOND / 1000);
    flowing->rows = option_flag(invocation, "rows");
    return flow_init(&probe, terms, "", error);
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
    names_clear(&flowing->symbols);
    buf_clear(&flowing->text);
}

enum exit_code stream_flow(struct invocation *invocation, struct error *error)
{
    struct flowing flowing = {.invocation = invocation, .next_end = INT64_MAX};
    struct exchange exchange = {.zone = NULL};
    names_init(&flowing.symbols);
    buf_init(&flowing.text, RECORD_LINE_MAX / 2);
    for (int side = 0; side < BOOK_SIDES; side++)
        if ((flowing.level[side] = calloc(SIDE_LEVELS, sizeof *flowing.level[side])) == NULL)
            (void)error_memory(error);
    if (!error_is_set(error) && fill_terms(&flowing, error) == 0 &&
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
            say(invocation, 0, "left out, after their interval: %llu", (unsigned long long)flowing.late);
        }
        if (flowing.outside > 0)
            say(invocation, 1, "left out, outside of the sessions: %llu", (unsigned long long)flowing.outside);
        if (flowing.taken == 0 && flowing.outside + flowing.late == 0 && !error_is_set(error))
            say(invocation, 0, "no trades, quotes or books came");
        else if (flowing.taken == 0 && !error_is_set(error))
            say(invocation, 0, "nothing of the sessions came (--extended, --calendar)");
        code = input_close(flowing.input, error);
    }
    clear(&flowing);
    exchange_close(&exchange);
    return code;
}
