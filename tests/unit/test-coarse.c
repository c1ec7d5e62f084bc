/* Bars of an hour and of a day of one symbol: an order that finer bars have changed does not meet the coarser one
 * around them, whose prices may be of before the change, and what none of them has changed meets both. Bought 100 at
 * 100 on day 2, for which R is 5; hours are those after the open of day 3. Prices by hand. */
#include "trading.h"

static const struct interval one_hour = {INTERVAL_HOUR, 1};

enum { HOURS = 3, DAY_BAR = HOURS, NEXT = HOURS + 1, NO_FILL = -1 };

struct prices {
    const char *open, *high, *low, *close;
};

struct stream {
    const char *name;
    struct leg leg;
    struct prices hour[HOURS], day; /* an hour without an open has no bar */
    bool day_first;                 /* before the last hour, whose end is the day's */
    int filled;                     /* by which bar: 0 to 2, DAY_BAR, or NEXT, the day after */
    const char *price;
    struct prices next;
};

static int hour_bar(int n, const struct prices *prices)
{
    const int64_t opens = OPEN(3) + n * TIME_HOUR, end = n == HOURS - 1 ? CLOSE(3) : opens + TIME_HOUR;
    const struct candle candle = {.time = opens,
                                  .opens = opens,
                                  .end = end,
                                  .open = d(prices->open),
                                  .high = d(prices->high),
                                  .low = d(prices->low),
                                  .close = d(prices->close)};
    return put(ledger_slot(&ledger, "AAA", &error), one_hour, &candle);
}

static int play_bar(const struct stream *stream, int k)
{
    if (k < HOURS)
        return stream->hour[k].open == NULL ? 0 : hour_bar(k, &stream->hour[k]);
    const struct prices *day = k == DAY_BAR ? &stream->day : &stream->next;
    return bar(k == DAY_BAR ? 3 : 4, day->open, day->high, day->low, day->close);
}

static void play(const struct stream *stream)
{
    static const int usual[] = {0, 1, 2, DAY_BAR, NEXT}, other[] = {0, 1, DAY_BAR, 2, NEXT};
    int filled = NO_FILL;
    start("100000");
    struct order order = entry("e", 1, SIDE_BUY, "100");
    order.interval = one_hour;
    order.legs[order.leg_count++] = stream->leg;
    if (stream->leg.role != ROLE_STOP)
        add_leg(&order, ROLE_STOP, "95");
    require(submit(&order, 1) == 1 && bar(2, "100", "100", "100", "100") == 0 && position() == d("100"));
    for (int i = 0; i <= NEXT; i++) {
        const int k = stream->day_first ? other[i] : usual[i], before = fill_count;
        require(play_bar(stream, k) == 0);
        if (filled == NO_FILL && fill_count > before)
            filled = k;
    }
    check(filled == stream->filled, "%s: filled by bar %d (%d)", stream->name, stream->filled, filled);
    if (filled != NO_FILL)
        check_dec(fills[1].price, stream->price, stream->name);
}

static struct leg stop(void)
{
    return make_leg(ROLE_STOP, ORDER_STOP, DEC_NONE, d("95"));
}

static void test_streams(void)
{
    struct leg trail = make_leg(ROLE_STOP, ORDER_TRAILING_STOP, DEC_NONE, DEC_NONE), even = stop(),
               falling = make_leg(ROLE_TARGET, ORDER_LIMIT, d("110"), DEC_NONE),
               timed = make_leg(ROLE_TIME, ORDER_MARKET, DEC_NONE, DEC_NONE),
               bounded = make_leg(ROLE_STOP, ORDER_STOP_LIMIT, d("97"), d("97"));
    trail.trail_amount = d("3");
    even.even_r = DEC_ONE;
    falling.fall = DEC_ONE;
    timed.bars = 3;
    const struct prices low = {"100", "101", "99", "100.5"}, high = {"104", "107", "103.5", "106"};
    const struct stream streams[] = {
        /* 101, 106 and 107 less 3: at 104 in the end, above the day's open and its low. */
        {.name = "a trail",
         .leg = trail,
         .hour = {low, {"100.5", "106", "100.5", "105.5"}, {"105.5", "107", "104.5", "106"}},
         .day = {"100", "107", "99", "106"},
         .next = {"106", "106", "103.5", "105"},
         .filled = NEXT,
         .price = "104"},
        /* At 103 during the last hour, which opens below where the day's high would have it. */
        {.name = "a trail, the day first",
         .leg = trail,
         .day_first = true,
         .hour = {low, {"100.5", "106", "100.5", "105.5"}, {"103.2", "107", "103.1", "106"}},
         .day = {"100", "107", "99", "106"},
         .next = {"106", "106", "103.5", "105"},
         .filled = NEXT,
         .price = "104"},
        {.name = "a trail that the last hour hits, the day first",
         .leg = trail,
         .day_first = true,
         .hour = {low, {"100.5", "106", "100.5", "105.5"}, {"105.5", "107", "102.5", "106"}},
         .day = {"100", "107", "99", "106"},
         .next = {"106", "106", "105", "105"},
         .filled = 2,
         .price = "103"},
        {.name = "break-even from 105 on",
         .leg = even,
         .hour = {low, {"100.5", "106", "100.5", "105.5"}, high},
         .day = {"100", "107", "99", "106"},
         .next = {"106", "106", "99.5", "105"},
         .filled = NEXT,
         .price = "100"},
        {.name = "break-even, the day first",
         .leg = even,
         .day_first = true,
         .hour = {low, {"100.5", "104", "100.5", "103"}, {"99.5", "107", "99.2", "106"}},
         .day = {"100", "107", "99", "106"},
         .next = {"106", "106", "99.5", "105"},
         .filled = NEXT,
         .price = "100"},
        /* 110, 109, 108, and 107 after the day, whose high was 108.5 when it was at 110. */
        {.name = "a target that comes nearer",
         .leg = falling,
         .hour = {{"100", "108.5", "99", "101"}, low, {"100", "101", "99", "100"}},
         .day = {"100", "108.5", "99", "100"},
         .next = {"100", "107.5", "99", "105"},
         .filled = NEXT,
         .price = "107"},
        {.name = "an exit after three hours",
         .leg = timed,
         .hour = {low, low, low},
         .day = low,
         .next = {"98", "99", "97", "98"},
         .filled = NEXT,
         .price = "98"},
        /* Set off at 97 and through it to 96, with no price at 97 or better again that day; it was there before. */
        {.name = "a stop limit that was set off",
         .leg = bounded,
         .hour = {low, {"96.5", "96.9", "96", "96.5"}, {"96.5", "96.8", "96", "96.2"}},
         .day = {"100", "101", "96", "96.2"},
         .next = {"96", "97.5", "95", "97"},
         .filled = NEXT,
         .price = "97"},
        {.name = "a stop that nothing moves, by the hours",
         .leg = stop(),
         .hour = {low, {"100", "100", "94", "96"}, {"96", "97", "95.5", "96"}},
         .day = {"100", "101", "94", "96"},
         .next = {"96", "96", "96", "96"},
         .filled = 1,
         .price = "95"},
        {.name = "and by the day, where hours are missing",
         .leg = stop(),
         .hour = {low, {0}, low},
         .day = {"100", "101", "94", "100.5"},
         .next = {"96", "96", "96", "96"},
         .filled = DAY_BAR,
         .price = "95"},
        {.name = "a trail without finer bars",
         .leg = trail,
         .day = {"100", "107", "99", "106"},
         .next = {"106", "106", "103.5", "105"},
         .filled = NEXT,
         .price = "104"},
    };
    for (size_t i = 0; i < sizeof streams / sizeof *streams; i++)
        play(&streams[i]);
}

/* A purchase above 105, at 105 at most, from the first hour on. The day comes before the last hour, on whose way to 107
 * it is set off, and filled on the way back. */
static void test_way(void)
{
    const struct prices day = {"100", "107", "99", "104"}, low = {"100", "101", "99", "100.5"},
                        last = {"104", "107", "103", "104"};
    struct order order = entry("e", 1, SIDE_BUY, "100");
    struct refusal refusal;
    start("100000");
    sim.fills.model = fill_model_find("ohlc");
    order.order_type = ORDER_STOP_LIMIT;
    order.time_in_force = TIF_GTC;
    order.stop_price = order.limit_price = d("105");
    order.time = OPEN(3) + TIME_HOUR;
    require(hour_bar(0, &low) == 0 && orders_submit(&manager, &order, order.time, &refusal, &error) == 1);
    require(hour_bar(1, &low) == 0 && bar(3, day.open, day.high, day.low, day.close) == 0 && fill_count == 0);
    require(hour_bar(2, &last) == 0);
    if (check(fill_count == 1, "an order that is set off on the way of a bar goes on in it"))
        check_dec(fills[0].price, "105", "at its limit");
}

int main(void)
{
    test_streams();
    test_way();
    sha256_free(manager.hash);
    ledger_clear(&ledger);
    return done();
}
