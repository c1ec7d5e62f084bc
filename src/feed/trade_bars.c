/* Bars of many symbols built from one stream of trades. */
#include "feed/trade_bars.h"

#include "base/hash.h"
#include "base/list.h"
#include "record/record.h"

#include <stdio.h>
#include <stdlib.h>

#define KEPT_MAX  50000  /* trades of a symbol */
#define WAIT_MAX  200000 /* trades that wait for their moment */
#define BARS_KEPT 3      /* closed bars whose trades are kept */

/* A trade as far as bars need it. */
struct tick {
    int64_t time;
    dec price, quantity;
    uint64_t id; /* digest of the venue's, 0 for none */
    uint32_t symbol;
    enum trade_effect effect;
    bool canceled; /* it takes back one that came before */
};

struct lane { /* of a symbol */
    struct bar_builder builder;
    char symbol[SYMBOL_SIZE], source[ID_SIZE];
    struct tick *tick; /* in the order in which they came */
    size_t ticks, capacity;
    int64_t whole_from;       /* all trades from then on are kept */
    int64_t start[BARS_KEPT]; /* of the last bars that came out */
    struct bar last;          /* of a day, that came out */
};

struct due {
    struct bar bar;
    uint32_t symbol;
};

struct trade_bars {
    struct interval interval;
    const struct calendar *calendar;
    bool extended, counted;
    int64_t patience; /* ns of a day's bars, for their official close */
    int64_t reached;  /* the moment of the last advance */
    struct trade_bars_calls calls;
    struct lane *lane; /* by number of the symbol */
    uint32_t count, capacity;
    int64_t last_end;  /* of the bars of trades that are out */
    int64_t next_end;  /* of the bars that are open: nothing is due before it */
    struct due *due;   /* room for one per symbol */
    struct tick *wait; /* in order of their times; those of one moment as they came */
    size_t waiting, wait_capacity;
    struct trade_bars_counts counts;
};

struct trade_bars *trade_bars_new(struct interval interval, const struct calendar *calendar, bool extended,
                                  int64_t wait, const struct trade_bars_calls *calls, struct error *error)
{
    struct bar_builder probe;
    if (bar_builder_init(&probe, interval, calendar, extended, error) < 0)
        return NULL;
    struct trade_bars *bars = calloc(1, sizeof *bars);
    if (bars == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    *bars = (struct trade_bars){
        .interval = interval,
        .calendar = calendar,
        .extended = extended,
        .counted = interval_is_counted(interval),
        .patience = interval.unit == INTERVAL_DAY && !extended ? wait : 0,
        .reached = INT64_MIN,
        .calls = *calls,
        .next_end = INT64_MAX,
        .last_end = INT64_MIN,
    };
    return bars;
}

void trade_bars_free(struct trade_bars *bars)
{
    if (bars == NULL)
        return;
    for (uint32_t i = 0; i < bars->count; i++)
        free(bars->lane[i].tick);
    free(bars->lane);
    free(bars->due);
    free(bars->wait);
    free(bars);
}

static int grow(struct trade_bars *bars, uint32_t symbol, struct error *error)
{
    if (symbol >= bars->capacity) {
        const uint32_t capacity = symbol < 8 ? 16 : symbol * 2;
        struct lane *lane = reallocarray(bars->lane, capacity, sizeof *lane);
        if (lane != NULL)
            bars->lane = lane;
        struct due *due = lane == NULL ? NULL : reallocarray(bars->due, capacity, sizeof *due);
        if (due == NULL)
            return error_memory(error);
        bars->due = due;
        bars->capacity = capacity;
    }
    for (; bars->count <= symbol; bars->count++) {
        struct lane *lane = &bars->lane[bars->count];
        *lane = (struct lane){.whole_from = INT64_MIN};
        if (bar_builder_init(&lane->builder, bars->interval, bars->calendar, bars->extended, error) < 0)
            return -1;
        lane->builder.wait = bars->patience;
    }
    return 0;
}

/* Bars of trades have no end that time brings. One that is over already waits for its official close. */
static void note_end(struct trade_bars *bars, const struct bar_builder *builder)
{
    if (!builder->open || bars->counted)
        return;
    const int64_t end = builder->slot.end + (builder->slot.end <= bars->reached ? builder->wait : 0);
    if (end < bars->next_end)
        bars->next_end = end;
}

static struct trade trade_of(const struct lane *lane, const struct tick *tick)
{
    struct trade trade = {
        .time = tick->time,
        .price = tick->price,
        .quantity = tick->quantity,
        .effect = tick->effect,
        .canceled = tick->canceled,
    };
    memcpy(trade.symbol, lane->symbol, sizeof trade.symbol);
    memcpy(trade.source, lane->source, sizeof trade.source);
    return trade;
}

/* ---- trades that are kept ---- */

static void drop_ticks(struct lane *lane, int64_t before)
{
    size_t kept = 0;
    for (size_t i = 0; i < lane->ticks; i++)
        if (lane->tick[i].time >= before)
            lane->tick[kept++] = lane->tick[i];
    lane->ticks = kept;
    lane->whole_from = before > lane->whole_from ? before : lane->whole_from;
}

static int keep_tick(struct lane *lane, const struct tick *tick, struct error *error)
{
    if (lane->ticks >= KEPT_MAX) { /* more than can be kept: from here on */
        lane->ticks = 0;
        lane->whole_from = tick->time + 1;
        return 0;
    }
    if (tick->time < lane->whole_from)
        return 0;
    if (list_grow(&lane->tick, &lane->capacity, lane->ticks, sizeof *lane->tick, error) < 0)
        return -1;
    lane->tick[lane->ticks++] = *tick;
    return 0;
}

/* A bar came out: the trades of the oldest that is kept go, and of bars of trades all. */
static int give_bar(struct trade_bars *bars, struct lane *lane, struct bar *bar, struct error *error)
{
    if (bars->counted) {
        lane->ticks = 0;
        /* Of all symbols none ends before one that is out: several bricks of one trade end some ns behind it. */
        bars->last_end = bar->end > bars->last_end ? bar->end : bars->last_end;
        bar->end = lane->builder.closed_until = bars->last_end;
    } else {
        memmove(lane->start, lane->start + 1, (BARS_KEPT - 1) * sizeof *lane->start);
        lane->start[BARS_KEPT - 1] = bar->time;
        if (bars->interval.unit == INTERVAL_DAY)
            lane->last = *bar;
        if (lane->start[0] != 0)
            drop_ticks(lane, lane->start[0]);
    }
    return bars->calls.give(bars->calls.context, bar, error);
}

/* The kept trades of [from, to) through a builder of their own: 1 and its state with the bar open, 0 without any. */
static int build_again(const struct trade_bars *bars, const struct lane *lane, int64_t from, int64_t to,
                       struct bar_builder *again, struct error *error)
{
    struct bar closed;
    enum trade_fate fate;
    if (bar_builder_init(again, bars->interval, bars->calendar, bars->extended, error) < 0)
        return -1;
    again->renko = lane->builder.renko;
    again->wait = lane->builder.wait;
    for (size_t i = 0; i < lane->ticks; i++) {
        const struct tick *tick = &lane->tick[i];
        if (tick->time < from || tick->time >= to)
            continue;
        const struct trade trade = trade_of(lane, tick);
        if (bar_builder_push(again, &trade, &closed, &fate, error) < 0)
            return -1;
    }
    return again->open;
}

/* The bar of [from, to), which is out, as its trades are now. */
static int amend(struct trade_bars *bars, struct lane *lane, const struct trade *trade, const struct bar_slot *slot,
                 struct error *error)
{
    struct bar_builder again;
    struct bar bar = {.interval = bars->interval, .session = TIME_NONE, .final = -1};
    if (bars->calls.amend == NULL)
        return 0;
    if (slot == NULL || slot->start < lane->whole_from)
        return bars->calls.amend(bars->calls.context, trade, NULL, error);
    const int built = build_again(bars, lane, slot->start, slot->end, &again, error);
    if (built < 0)
        return -1;
    if (built == 1) {
        const bool same_day = bars->interval.unit == INTERVAL_DAY && lane->last.time == slot->start;
        if (bar_builder_advance(&again, INT64_MAX, &bar) == 1 && same_day && lane->last.closing == CLOSING_OFFICIAL)
            bar_set_official(&bar, lane->last.close);
    }
    if (bar.volume == 0) {
        memcpy(bar.symbol, lane->symbol, sizeof bar.symbol);
        bar.time = slot->start;
        bar.end = slot->end;
    }
    return bars->calls.amend(bars->calls.context, trade, &bar, error);
}

/* The slot of a trade of bars of time: 1 when there is one. */
static int slot_of(const struct trade_bars *bars, int64_t time, struct bar_slot *slot, struct error *error)
{
    return bars->counted ? 0 : bar_slot(bars->calendar, bars->interval, bars->extended, time, slot, error);
}

static size_t find_tick(const struct lane *lane, const struct tick *tick)
{
    size_t i = lane->ticks;
    while (i > 0) {
        const struct tick *kept = &lane->tick[i - 1];
        if (kept->price == tick->price && kept->quantity == tick->quantity &&
            (tick->id != 0 && kept->id != 0 ? kept->id == tick->id : kept->time == tick->time))
            break;
        i--;
    }
    return i;
}

/* A trade is taken back: out of the bar that is open, or out of one that has been given. */
static int take_back(struct trade_bars *bars, struct lane *lane, const struct tick *tick, struct error *error)
{
    struct bar_builder *builder = &lane->builder, again;
    const struct trade trade = trade_of(lane, tick);
    struct bar_slot slot;
    const size_t found = find_tick(lane, tick);
    if (found == 0) {
        /* Of a bar that is out and whose trades are not kept, or of none. */
        const bool out = bars->counted ? tick->time <= builder->closed_until
                                       : tick->time < lane->whole_from && slot_of(bars, tick->time, &slot, error) == 1;
        error_clear(error);
        bars->counts.unknown += !out;
        bars->counts.kept += out;
        return out ? amend(bars, lane, &trade, NULL, error) : 0;
    }
    const int64_t time = lane->tick[found - 1].time;
    memmove(&lane->tick[found - 1], &lane->tick[found], (lane->ticks - found) * sizeof *lane->tick);
    lane->ticks--;
    if (!bars->counted && time < builder->closed_until) {
        bars->counts.kept++;
        return slot_of(bars, time, &slot, error) < 0 ? -1 : amend(bars, lane, &trade, &slot, error);
    }
    bars->counts.canceled++;
    const int64_t from = bars->counted ? INT64_MIN : builder->slot.start;
    const int built = build_again(bars, lane, from, INT64_MAX, &again, error);
    if (built < 0)
        return -1;
    again.newest = builder->newest;
    again.closed_until = builder->closed_until;
    again.official = builder->official;
    if (built == 0)
        again.slot = builder->slot;
    *builder = again;
    return 0;
}

/* The official close of a day: into its bar, or what its bar should have been. */
static int take_official(struct trade_bars *bars, struct lane *lane, const struct tick *tick, struct error *error)
{
    const struct trade trade = trade_of(lane, tick);
    struct bar *last = &lane->last;
    if (bars->interval.unit != INTERVAL_DAY || bars->extended || tick->canceled)
        return 0;
    if (bar_builder_close_at(&lane->builder, tick->time, tick->price)) {
        if (lane->builder.slot.end <= bars->reached) /* perhaps it is the last that was waited for */
            bars->next_end = INT64_MIN;
        return 0;
    }
    const bool out = last->close != 0 && calendar_date(bars->calendar, tick->time) == last->session;
    if (!out || (last->closing == CLOSING_OFFICIAL && last->close == tick->price))
        return 0;
    bars->counts.official += last->close != tick->price;
    bar_set_official(last, tick->price);
    return bars->calls.amend == NULL ? 0 : bars->calls.amend(bars->calls.context, &trade, last, error);
}

/* ---- trades ---- */

static int take_tick(struct trade_bars *bars, const struct tick *tick, struct error *error)
{
    struct lane *lane = &bars->lane[tick->symbol];
    struct bar_builder *builder = &lane->builder;
    enum trade_fate fate;
    struct bar closed;
    struct bar_slot slot;
    if (tick->effect == EFFECT_CLOSE)
        return take_official(bars, lane, tick, error);
    if (tick->canceled)
        return take_back(bars, lane, tick, error);
    const struct trade trade = trade_of(lane, tick);
    int over = bar_builder_push(builder, &trade, &closed, &fate, error);
    if (over < 0)
        return -1;
    const bool used = fate == TRADE_USED || fate == TRADE_REORDERED;
    bars->counts.used += used;
    bars->counts.reordered += fate == TRADE_REORDERED;
    bars->counts.late += fate == TRADE_LATE;
    bars->counts.outside += fate == TRADE_OUTSIDE;
    while (over == 1) {
        if (give_bar(bars, lane, &closed, error) < 0)
            return -1;
        over = bar_builder_next(builder, &closed);
    }
    if (used && builder->open && keep_tick(lane, tick, error) < 0)
        return -1;
    note_end(bars, builder);
    if (fate != TRADE_LATE)
        return 0;
    const int found = slot_of(bars, tick->time, &slot, error);
    if (found < 0)
        return -1;
    if (found == 0 && !bars->counted) { /* of no bar */
        bars->counts.late--;
        bars->counts.outside++;
        return 0;
    }
    if (keep_tick(lane, tick, error) < 0)
        return -1;
    return amend(bars, lane, &trade, found == 1 ? &slot : NULL, error);
}

/* Behind all that are not later. */
static int wait_for_turn(struct trade_bars *bars, const struct tick *tick, struct error *error)
{
    if (bars->waiting >= WAIT_MAX)
        return error_set(error, EXIT_UNAVAILABLE, "too many trades are waiting");
    if (list_grow(&bars->wait, &bars->wait_capacity, bars->waiting, sizeof *bars->wait, error) < 0)
        return -1;
    size_t at = bars->waiting++;
    for (; at > 0 && bars->wait[at - 1].time > tick->time; at--)
        bars->wait[at] = bars->wait[at - 1];
    bars->counts.reordered += at + 1 < bars->waiting;
    bars->wait[at] = *tick;
    return 0;
}

static int take_waiting(struct trade_bars *bars, int64_t moment, struct error *error)
{
    size_t taken = 0;
    int result = 0;
    while (result == 0 && taken < bars->waiting && bars->wait[taken].time <= moment)
        result = take_tick(bars, &bars->wait[taken++], error);
    bars->waiting -= taken;
    if (taken > 0)
        memmove(bars->wait, bars->wait + taken, bars->waiting * sizeof *bars->wait);
    return result;
}

int trade_bars_push(struct trade_bars *bars, uint32_t symbol, const struct trade *trade, struct error *error)
{
    if (symbol >= bars->count && grow(bars, symbol, error) < 0)
        return -1;
    struct lane *lane = &bars->lane[symbol];
    if (lane->symbol[0] == '\0')
        memcpy(lane->symbol, trade->symbol, sizeof lane->symbol);
    memcpy(lane->source, trade->source, sizeof lane->source);
    const struct tick tick = {
        .time = trade->time,
        .price = trade->price,
        .quantity = trade->quantity,
        .id = trade->id[0] == '\0' ? 0 : hash_fnv1a(trade->id, strlen(trade->id)),
        .symbol = symbol,
        .effect = trade->effect,
        .canceled = trade->canceled == 1,
    };
    return bars->counted ? wait_for_turn(bars, &tick, error) : take_tick(bars, &tick, error);
}

static int compare(const void *first, const void *second)
{
    const struct due *a = first, *b = second;
    if (a->bar.end != b->bar.end)
        return a->bar.end < b->bar.end ? -1 : 1;
    return a->symbol < b->symbol ? -1 : a->symbol > b->symbol;
}

int64_t trade_bars_waiting(const struct trade_bars *bars, int64_t moment)
{
    int64_t end = INT64_MAX;
    for (uint32_t i = 0; i < bars->count && bars->patience > 0; i++) {
        const struct bar_builder *builder = &bars->lane[i].builder;
        if (bar_builder_waits(builder, moment) && builder->bar.end < end)
            end = builder->bar.end;
    }
    return end;
}

int trade_bars_advance(struct trade_bars *bars, int64_t moment, struct error *error)
{
    if (bars->waiting > 0 && take_waiting(bars, moment, error) < 0)
        return -1;
    if (moment < bars->next_end)
        return 0;
    size_t due = 0;
    const int64_t held = trade_bars_waiting(bars, moment);
    bars->next_end = INT64_MAX;
    bars->reached = moment;
    for (uint32_t i = 0; i < bars->count; i++) {
        struct bar_builder *builder = &bars->lane[i].builder;
        const bool over = builder->open && !bars->counted && builder->bar.end <= moment && builder->bar.end < held;
        if (over && bar_builder_advance(builder, INT64_MAX, &bars->due[due].bar) == 1)
            bars->due[due++].symbol = i;
        else
            note_end(bars, builder);
    }
    if (due > 1)
        qsort(bars->due, due, sizeof *bars->due, compare);
    for (size_t i = 0; i < due; i++)
        if (give_bar(bars, &bars->lane[bars->due[i].symbol], &bars->due[i].bar, error) < 0)
            return -1;
    return 0;
}

int trade_bars_flush(struct trade_bars *bars, struct error *error)
{
    return take_waiting(bars, INT64_MAX, error);
}

void trade_bars_amended(struct anomaly *anomaly, struct buf *text, const struct trade *trade, const struct bar *bar,
                        int64_t time)
{
    char moment[TIME_TEXT_MAX], price[DEC_TEXT_MAX], quantity[DEC_TEXT_MAX];
    const bool canceled = trade->canceled == 1;
    record_blank(RECORD_ANOMALY, anomaly);
    buf_reset(text);
    anomaly->time = time;
    memcpy(anomaly->symbol, trade->symbol, sizeof anomaly->symbol);
    anomaly->check = canceled ? ANOMALY_CANCELED : trade->effect == EFFECT_CLOSE ? ANOMALY_OFFICIAL : ANOMALY_LATE;
    anomaly->observed = trade->price;
    (void)time_format(moment, trade->time);
    (void)dec_format(price, trade->price);
    (void)dec_format(quantity, trade->quantity);
    if (anomaly->check == ANOMALY_OFFICIAL)
        (void)snprintf(anomaly->message, sizeof anomaly->message,
                       "the official close is %s; it came when the bar was out", price);
    else
        (void)snprintf(anomaly->message, sizeof anomaly->message, "the trade of %s at %s of %s %s%s", quantity, price,
                       moment, canceled ? "was taken back when its bar was out" : "came after its bar",
                       bar == NULL        ? "; what the bar should be cannot be told"
                       : bar->volume == 0 ? "; nothing is left of the bar"
                                          : "");
    if (bar == NULL || bar->volume == 0)
        return;
    record_encode(text, RECORD_BAR, bar);
    if (!text->failed && text->n > 0)
        anomaly->bar = (struct str){text->p, text->n - 1};
}

uint64_t trade_bars_open(const struct trade_bars *bars)
{
    uint64_t open = 0;
    for (uint32_t i = 0; i < bars->count; i++)
        open += bars->lane[i].builder.open;
    return open;
}

const struct trade_bars_counts *trade_bars_counts(const struct trade_bars *bars)
{
    return &bars->counts;
}
