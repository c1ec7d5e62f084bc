/* Builds closed bars from trades. */
#include "market/bar_builder.h"

#include <math.h>
#include <stdio.h>

#define BRICKS_MAX    10000 /* of one trade */
#define SCALE_SQUARED ((__int128)DEC_ONE * DEC_ONE)

int bar_builder_init(struct bar_builder *builder, struct interval interval, const struct calendar *calendar,
                     bool extended, struct error *error)
{
    bool daily = interval_is_daily(interval);
    if (interval.unit == INTERVAL_NONE || (daily && (interval.unit != INTERVAL_DAY || interval.count != 1)) ||
        (!daily && interval_end(interval, 0) > TIME_DAY)) {
        char text[INTERVAL_TEXT_MAX];
        interval_format(text, interval);
        error_set(error, EXIT_USAGE, "bars of '%s' cannot be built from trades", text);
        error_hint(error, "build 1d bars or shorter ones, and resample them");
        return -1;
    }
    *builder = (struct bar_builder){.interval = interval, .calendar = calendar, .extended = extended};
    builder->newest = builder->closed_until = INT64_MIN;
    builder->renko.size = interval.count;
    builder->official = DEC_NONE;
    return 0;
}

static bool is_timed(const struct bar_builder *builder)
{
    return builder->interval.unit <= INTERVAL_MONTH;
}

/* a ÷ b, both positive, rounded half-even. */
static dec divide_half_even(__int128 a, __int128 b)
{
    __int128 quotient = a / b, rest = a % b;
    if (rest > b - rest || (rest == b - rest && quotient % 2 != 0))
        quotient++;
    return (dec)quotient;
}

/* Exact to the nearest double as long as the sum fits a dec; volumes of trillions lose less than 1e-15 of themselves.
 */
static double sum_to_double(__int128 sum)
{
    if (sum <= DEC_MAX)
        return dec_to_double((dec)sum);
    return (double)(int64_t)(sum / DEC_ONE) + dec_to_double((dec)(sum % DEC_ONE));
}

void bar_set_official(struct bar *bar, dec price)
{
    bar->close = price;
    bar->high = price > bar->high ? price : bar->high;
    bar->low = price < bar->low ? price : bar->low;
    bar->closing = CLOSING_OFFICIAL;
}

/* 1: it is a bar; 0: no trade of it has set a price. */
static int close_bar(struct bar_builder *builder, struct bar *closed)
{
    struct bar *bar = &builder->bar;
    builder->open = false;
    if (!builder->priced) {
        builder->closed_until = bar->end;
        return 0;
    }
    require(builder->priced_quantity > 0);
    bar->volume = sum_to_double(builder->quantity);
    bar->trades = (double)builder->count;
    bar->vwap = divide_half_even(builder->value, builder->priced_quantity);
    if (builder->official != DEC_NONE)
        bar_set_official(bar, builder->official);
    if (!is_timed(builder)) /* of two bars that end together one must be the later */
        bar->end = builder->newest > builder->closed_until ? builder->newest : builder->closed_until + 1;
    builder->closed_until = bar->end;
    *closed = *bar;
    return 1;
}

static void open_bar(struct bar_builder *builder, const struct trade *trade)
{
    struct bar *bar = &builder->bar;
    *bar = (struct bar){.interval = builder->interval, .session = TIME_NONE, .open_interest = NAN, .final = -1};
    (void)snprintf(bar->symbol, sizeof bar->symbol, "%s", trade->symbol);
    (void)snprintf(bar->source, sizeof bar->source, "%s", trade->source);
    bar->time = trade->time;
    if (is_timed(builder)) {
        bar->time = builder->slot.start;
        bar->end = builder->slot.end;
        if (interval_is_daily(builder->interval))
            bar->session = builder->slot.session.date;
    }
    builder->count = 0;
    builder->quantity = builder->priced_quantity = builder->value = 0;
    builder->priced = builder->lasting = false;
    builder->official = DEC_NONE;
    builder->open = true;
}

static int too_large(struct error *error)
{
    return error_set(error, EXIT_INPUT, "the value traded in one bar is too large");
}

static bool fits(__int128 value, __int128 quantity)
{
    return value <= (__int128)INT64_MAX * SCALE_SQUARED && quantity <= (__int128)INT64_MAX * DEC_ONE;
}

/* Within its session a trade of before or after it, reported late, adds its volume alone. */
static enum trade_effect effect_of(const struct bar_builder *builder, const struct trade *trade)
{
    return trade->effect != EFFECT_EXTENDED ? trade->effect : builder->extended ? EFFECT_ALL : EFFECT_VOLUME;
}

static void set_prices(struct bar_builder *builder, const struct trade *trade, enum trade_effect effect)
{
    struct bar *bar = &builder->bar;
    const bool lasting = effect != EFFECT_RANGE;
    if (!builder->priced)
        bar->high = bar->low = trade->price;
    if (trade->price > bar->high)
        bar->high = trade->price;
    if (trade->price < bar->low)
        bar->low = trade->price;
    if (!builder->priced || (lasting && !builder->lasting)) {
        bar->open = bar->close = trade->price;
        builder->first = builder->last = trade->time;
        bar->closing = effect == EFFECT_AUCTION ? CLOSING_AUCTION : CLOSING_NONE;
    } else if (lasting == builder->lasting) {
        if (trade->time < builder->first) {
            builder->first = trade->time;
            bar->open = trade->price;
            if (!is_timed(builder))
                bar->time = trade->time;
        }
        if (trade->time >= builder->last) {
            builder->last = trade->time;
            bar->close = trade->price;
            bar->closing = effect == EFFECT_AUCTION ? CLOSING_AUCTION : CLOSING_NONE;
        }
    }
    builder->priced = true;
    builder->lasting = builder->lasting || lasting;
}

static int add_trade(struct bar_builder *builder, const struct trade *trade, struct error *error)
{
    const enum trade_effect effect = effect_of(builder, trade);
    const bool prices = effect != EFFECT_VOLUME;
    __int128 value = prices ? (__int128)trade->price * trade->quantity : 0, quantity = trade->quantity;
    if (builder->open)
        quantity += builder->quantity;
    if ((builder->open && __builtin_add_overflow(builder->value, value, &value)) || !fits(value, quantity))
        return too_large(error);
    if (!builder->open)
        open_bar(builder, trade);
    builder->value = value;
    builder->quantity = quantity;
    builder->count++;
    if (!prices)
        return 0;
    builder->priced_quantity += trade->quantity;
    set_prices(builder, trade, effect);
    return 0;
}

static bool is_full(const struct bar_builder *builder)
{
    switch (builder->interval.unit) {
    case INTERVAL_TICK:
        return builder->count >= builder->interval.count;
    case INTERVAL_VOLUME:
        return builder->quantity >= (__int128)builder->interval.count * DEC_ONE;
    case INTERVAL_VALUE:
        return builder->value >= builder->interval.count * SCALE_SQUARED;
    case INTERVAL_RANGE:
        return builder->bar.high - builder->bar.low >= builder->interval.count;
    case INTERVAL_RENKO:
        return builder->bricks != 0;
    default:
        return false;
    }
}

/* Of its closing auction, behind the end of the day's bar that waits for it. */
static bool is_auction_of(const struct bar_builder *builder, const struct trade *trade)
{
    return trade->effect == EFFECT_AUCTION && builder->open && builder->wait > 0 && trade->time >= builder->slot.end &&
           trade->time < builder->slot.end + builder->wait;
}

/* Where the trade belongs: 1 when a bar may hold it. The slot of the bar before serves again as long as it can. */
static int find_slot(struct bar_builder *builder, int64_t moment, struct error *error)
{
    struct session session;
    if (!is_timed(builder)) {
        if (builder->extended)
            return calendar_session(builder->calendar, calendar_date(builder->calendar, moment), &session, error);
        if (moment >= builder->slot.session.open && moment < builder->slot.session.close)
            return 1;
        return calendar_session_at(builder->calendar, moment, &builder->slot.session, error);
    }
    int64_t from =
        builder->interval.unit == INTERVAL_DAY && !builder->extended ? builder->slot.session.open : builder->slot.start;
    if (builder->open && moment >= from && moment < builder->slot.end)
        return 1;
    return bar_slot(builder->calendar, builder->interval, builder->extended, moment, &builder->slot, error);
}

int bar_builder_next(struct bar_builder *builder, struct bar *closed)
{
    struct bar *bar = &builder->bar;
    if (builder->bricks == 0)
        return 0;
    const bool rising = builder->bricks > 0;
    if (builder->open) {
        (void)close_bar(builder, closed);
    } else { /* the trade before this brick has completed it too */
        bar->time = bar->end;
        bar->end = ++builder->closed_until;
        bar->volume = bar->trades = 0;
        bar->vwap = DEC_NONE;
    }
    renko_step(&builder->renko, rising, &bar->open, &bar->close);
    bar->high = rising ? bar->close : bar->open;
    bar->low = rising ? bar->open : bar->close;
    builder->bricks -= rising ? 1 : -1;
    *closed = *bar;
    return 1;
}

/* The bricks that a trade completes. */
static int count_bricks(struct bar_builder *builder, dec price, struct error *error)
{
    if (builder->interval.unit != INTERVAL_RENKO)
        return 0;
    struct renko renko = builder->renko;
    const int64_t bricks = renko_count(&renko, price);
    if (bricks > BRICKS_MAX || bricks < -BRICKS_MAX)
        return error_set(error, EXIT_INPUT, "one trade completes %lld bricks: they are too small for these prices",
                         (long long)(bricks < 0 ? -bricks : bricks));
    builder->renko = renko;
    builder->bricks = bricks;
    return 0;
}

/* What the trade alone shows to be wrong, before it tells the time: a bar that it closes could not come out. */
static int check_trade(const struct bar_builder *builder, const struct trade *trade, struct error *error)
{
    struct session session;
    if (!fits((__int128)trade->price * trade->quantity, trade->quantity))
        return too_large(error);
    if (trade->time >= builder->slot.session.open && trade->time < builder->slot.session.close)
        return 0;
    const int64_t date = calendar_date(builder->calendar, trade->time);
    return calendar_session(builder->calendar, date, &session, error) < 0 ? -1 : 0;
}

int bar_builder_push(struct bar_builder *builder, const struct trade *trade, struct bar *closed, enum trade_fate *fate,
                     struct error *error)
{
    require(trade->price > 0 && trade->quantity > 0);
    if (trade->effect == EFFECT_CLOSE || trade->effect == EFFECT_NOTHING ||
        (!is_timed(builder) && effect_of(builder, trade) == EFFECT_VOLUME)) {
        *fate = TRADE_PRICELESS;
        return 0;
    }
    if (check_trade(builder, trade, error) != 0)
        return -1;
    bool older = trade->time < builder->newest;
    int status = 0;
    if (!older) {
        builder->newest = trade->time;
        status = bar_builder_advance(builder, trade->time, closed);
    }
    const bool late = is_timed(builder)
                          ? trade->time < builder->closed_until || (builder->open && trade->time < builder->bar.time)
                          : older;
    if (late) {
        *fate = TRADE_LATE;
        return status;
    }
    int found = is_auction_of(builder, trade) ? 1 : find_slot(builder, trade->time, error);
    if (found < 0)
        return -1;
    *fate = found == 0 ? TRADE_OUTSIDE : older ? TRADE_REORDERED : TRADE_USED;
    if (found == 0)
        return status;
    if (count_bricks(builder, trade->price, error) < 0)
        return -1;
    if (add_trade(builder, trade, error) < 0) {
        builder->bricks = 0;
        return -1;
    }
    if (!is_full(builder))
        return status;
    if (builder->bricks != 0)
        return bar_builder_next(builder, closed);
    return close_bar(builder, closed);
}

bool bar_builder_close_at(struct bar_builder *builder, int64_t moment, dec price)
{
    if (!builder->open || builder->wait == 0 || calendar_date(builder->calendar, moment) != builder->slot.session.date)
        return false;
    builder->official = price;
    return true;
}

bool bar_builder_waits(const struct bar_builder *builder, int64_t moment)
{
    return builder->open && builder->wait > 0 && builder->official == DEC_NONE && moment >= builder->bar.end &&
           moment < builder->bar.end + builder->wait;
}

int bar_builder_advance(struct bar_builder *builder, int64_t moment, struct bar *closed)
{
    if (!builder->open || !is_timed(builder) || (moment != INT64_MAX && moment < builder->bar.end + builder->wait))
        return 0;
    return close_bar(builder, closed);
}
