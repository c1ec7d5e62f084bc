/* Trades and quotes beside the bars: the way that the price has gone.
 *
 * They come in the order in which they were received, and the bar of their time comes behind them, often behind some of
 * the next one's. So they are put aside until a bar (or action, or order) of a later time comes, and taken then by
 * their times: a trade before the bars that end later, a quote before those that end with it. What comes behind its bar
 * is late: nothing is known of it by then, and it is counted. */
#include "backtest/internal.h"

#include <stdlib.h>
#include <string.h>

/* What is put aside, of the other kind if it is no trade. */
struct market_event {
    int64_t time;
    uint64_t number; /* in the order in which they came */
    int slot;
    bool trade, gone; /* taken back */
    dec price, quantity;
    struct quote_sides {
        dec bid, ask;
        double bid_size, ask_size;
    } quote;
};

void backtest_clear_trades(struct backtest *backtest)
{
    queues_clear(&backtest->queues);
    free(backtest->trades.event);
}

static int add(struct backtest *backtest, const struct market_event *event, struct error *error)
{
    struct pending_trades *trades = &backtest->trades;
    if (list_grow(&trades->event, &trades->capacity, trades->count, sizeof *trades->event, error) != 0)
        return -1;
    trades->sorted = trades->count == 0 || (trades->sorted && event->time >= trades->event[trades->count - 1].time);
    trades->event[trades->count] = *event;
    trades->event[trades->count++].number = trades->number++;
    return 0;
}

int backtest_quote(struct backtest *backtest, const struct quote *quote, struct str line, struct error *error)
{
    if (!fill_model_is_quoted(fill_model_of(&backtest->options.fills)) || quote->bid == DEC_NONE ||
        quote->ask == DEC_NONE || quote->bid <= 0 || quote->ask < quote->bid)
        return 0;
    const int slot = ledger_slot(&backtest->ledger, quote->symbol, error);
    if (slot < 0)
        return -1;
    const struct market_event event = {
        .time = quote->time,
        .slot = slot,
        .quote = {.bid = quote->bid, .ask = quote->ask, .bid_size = quote->bid_size, .ask_size = quote->ask_size}};
    return add(backtest, &event, error) != 0 ? -1 : backtest_hash_line(backtest, line, error);
}

/* The trade of these figures has not been. */
static void take_back(struct backtest *backtest, int slot, const struct trade *trade)
{
    struct pending_trades *trades = &backtest->trades;
    for (size_t i = trades->count; i-- > 0;) {
        struct market_event *event = &trades->event[i];
        if (event->trade && !event->gone && event->slot == slot && event->time == trade->time &&
            event->price == trade->price && event->quantity == trade->quantity) {
            event->gone = true;
            return;
        }
    }
}

/* Orders work in the sessions of the calendar, as in bars. 1: yes; 0: the trade is outside of them. */
static int is_in_session(struct backtest *backtest, const struct trade *trade, struct error *error)
{
    struct session session;
    const struct calendar *calendar = backtest_calendar(backtest, trade->symbol);
    if (calendar == backtest->options.calendar && trade->time >= backtest->trades.opens &&
        trade->time < backtest->trades.closes)
        return 1;
    if (calendar_current_or_next(calendar, trade->time, &session, error) != 0)
        return -1;
    if (calendar == backtest->options.calendar) {
        backtest->trades.opens = session.open;
        backtest->trades.closes = session.close;
    }
    return trade->time >= session.open;
}

int backtest_trade(struct backtest *backtest, const struct trade *trade, struct str line, struct error *error)
{
    if (fill_model_of(&backtest->options.fills)->untraded || backtest->moment == TIME_NONE)
        return 0;
    if (backtest_hash_line(backtest, line, error) != 0)
        return -1;
    const int slot = ledger_slot(&backtest->ledger, trade->symbol, error);
    if (slot < 0)
        return -1;
    if (trade->canceled == 1) {
        take_back(backtest, slot, trade);
        return 0;
    }
    if (trade->time < backtest->clock) {
        backtest->outcome.late_trades++;
        return 0;
    }
    const int within = is_in_session(backtest, trade, error);
    if (within <= 0)
        return within;
    const struct market_event event = {
        .time = trade->time, .slot = slot, .trade = true, .price = trade->price, .quantity = trade->quantity};
    return add(backtest, &event, error);
}

static int compare_events(const void *a, const void *b)
{
    const struct market_event *x = a, *y = b;
    return x->time != y->time ? (x->time > y->time) - (x->time < y->time)
                              : (x->number > y->number) - (x->number < y->number);
}

static int show_quote(struct backtest *backtest, const struct market_event *event, struct error *error)
{
    const struct quote quote = {.bid = event->quote.bid,
                                .ask = event->quote.ask,
                                .bid_size = event->quote.bid_size,
                                .ask_size = event->quote.ask_size};
    return queues_quote(&backtest->queues, &backtest->ledger, event->slot, &quote, error);
}

/* Orders meet a trade, and what is held is worth it. */
static int meet_trade(struct backtest *backtest, const struct market_event *event, struct error *error)
{
    const struct candle trade = {.time = event->time,
                                 .opens = event->time,
                                 .end = event->time,
                                 .open = event->price,
                                 .high = event->price,
                                 .low = event->price,
                                 .close = event->price,
                                 .volume = dec_to_double(event->quantity)};
    const struct bars bar = bars_of(&trade);
    if (queues_trade(&backtest->queues, &backtest->ledger, event->slot, event->price, event->quantity, error) != 0)
        return -1;
    backtest->outcome.trades_met += backtest->ledger.symbol_state[event->slot].working > 0;
    return backtest_pass_bar(backtest, event->slot, sim_trade, &bar, error);
}

/* How many of the events, which are in order, are before a moment. */
static size_t count_before(const struct pending_trades *trades, int64_t until)
{
    size_t count = 0;
    while (count < trades->count &&
           (trades->event[count].time < until || (trades->event[count].time == until && !trades->event[count].trade)))
        count++;
    return count;
}

int backtest_release_trades(struct backtest *backtest, int64_t until, struct error *error)
{
    struct pending_trades *trades = &backtest->trades;
    if (!trades->sorted && trades->count > 0) {
        qsort(trades->event, trades->count, sizeof *trades->event, compare_events);
        trades->sorted = true;
    }
    const size_t count = count_before(trades, until);
    bool reached = false;
    if (count == 0)
        return 0;
    if (backtest_flush(backtest, error) != 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        const struct market_event *event = &trades->event[i];
        if (event->gone || (event->trade && event->time < backtest->moment))
            continue;
        /* The first completes the moment of the bars before it: what was decided then meets it. */
        if (event->trade && event->time > backtest->moment) {
            if (!reached && backtest_reach(backtest, event->time, error) != 0)
                return -1;
            reached = true;
            /* The open moment, which has no bars, is that of the last trade. */
            backtest->moment = backtest->pending.end[backtest->pending.moments - 1] = event->time;
        }
        if ((event->trade ? meet_trade(backtest, event, error) : show_quote(backtest, event, error)) != 0)
            return backtest_is_broken(backtest, error);
    }
    memmove(trades->event, trades->event + count, (trades->count - count) * sizeof *trades->event);
    trades->count -= count;
    return 0;
}
