/* Every type of order and every time in force against bars: where it fills, at what, or how it ends. Prices by hand,
 * from the rules in order/manager.h; slippage is 2 ticks of 0.01 where a case says so. */
#include "trading.h"

#include "market/calendar.h"
#include "record/schema.h"

struct day {
    const char *open, *high, *low, *close;
};

#define BARS 4

struct scenario {
    enum order_type type;
    enum time_in_force tif;
    enum side side; /* buys enter, sells leave a position of 100 */
    const char *limit, *stop, *trail, *percent;
    struct day day[BARS]; /* 3, 4 … */
    int filled;           /* on this day, 0: not at all */
    const char *price;
    enum order_status status; /* in the end */
    const char *reason;       /* of the last update, NULL: any */
    const char *left;         /* where its stop stands in the end, NULL: not asked */
    const char *name;
};

static dec price_of(const char *text)
{
    return text == NULL ? DEC_NONE : d(text);
}

static struct order order_of(const struct scenario *scenario)
{
    const bool buys = scenario->side == SIDE_BUY;
    struct order order = make_order("x", CLOSE(2), "AAA", scenario->side, "100", buys ? ROLE_ENTRY : ROLE_EXIT);
    order.order_type = scenario->type;
    order.time_in_force = scenario->tif == TIF_NONE ? TIF_GTC : scenario->tif;
    order.limit_price = price_of(scenario->limit);
    order.stop_price = price_of(scenario->stop);
    order.trail_amount = price_of(scenario->trail);
    order.trail_percent = price_of(scenario->percent);
    order.reference_price = d("100");
    return order;
}

static void play(const struct scenario *scenario, const char *slippage)
{
    const bool buys = scenario->side == SIDE_BUY;
    start("100000");
    if (!buys) {
        const struct order in = entry("in", 1, SIDE_BUY, "100");
        require(submit(&in, 1) == 1);
    }
    require(bar(2, "100", "100", "100", "100") == 0 && position() == (buys ? 0 : d("100")));
    manager.costs = (struct costs){.slippage_ticks = d(slippage)};
    const struct order order = order_of(scenario);
    const int before = fill_count;
    int filled = 0;
    dec left = DEC_NONE;
    check(submit(&order, 2) == 1, "%s: taken", scenario->name);
    for (int i = 0; i < BARS && scenario->day[i].open != NULL; i++) {
        const struct day *day = &scenario->day[i];
        require(bar(3 + i, day->open, day->high, day->low, day->close) == 0);
        if (fill_count > before && filled == 0)
            filled = 3 + i;
        if (ledger_open_order(&ledger, "x") != NULL)
            left = ledger_open_order(&ledger, "x")->order.stop_price;
    }
    check(filled == scenario->filled, "%s: fills on day %d (%d)", scenario->name, scenario->filled, filled);
    if (filled != 0)
        check_dec(fills[before].price, scenario->price, scenario->name);
    check(scenario->status == STATUS_ACCEPTED ? ledger_open_order(&ledger, "x") != NULL
                                              : last_update.status == scenario->status && ledger.open_orders == 0,
          "%s: is %s in the end (%s)", scenario->name, order_status_text(scenario->status),
          order_status_text(last_update.status));
    if (scenario->reason != NULL)
        check_text(last_update.reason, scenario->reason, scenario->name);
    if (scenario->left != NULL)
        check_dec(left, scenario->left, scenario->name);
}

#define DAY_OF(o, h, l, c)                                                                                             \
    {                                                                                                                  \
#o, #h, #l, #c                                                                                                 \
    }

/* Without slippage. */
static void test_types(void)
{
    static const struct scenario scenarios[] = {
        /* Stop limit: a sale, stop 95. */
        {.type = ORDER_STOP_LIMIT,
         .side = SIDE_SELL,
         .stop = "95",
         .limit = "94",
         .day = {DAY_OF(100, 101, 95.01, 96), DAY_OF(96, 97, 95, 96)},
         .filled = 4,
         .price = "95",
         .status = STATUS_FILLED,
         .name = "stop limit: touched, at its stop, which is better than the limit"},
        {.type = ORDER_STOP_LIMIT,
         .side = SIDE_SELL,
         .stop = "95",
         .limit = "95",
         .day = {DAY_OF(100, 101, 94, 95), DAY_OF(94, 95, 93, 94)},
         .status = STATUS_ACCEPTED,
         .reason = "triggered",
         .name =
             "stop limit at its stop: set off, and the close does not better it; then it waits at 95, touched only"},
        {.type = ORDER_STOP_LIMIT,
         .side = SIDE_SELL,
         .stop = "95",
         .limit = "95",
         .day = {DAY_OF(100, 101, 94, 95), DAY_OF(94, 95.01, 93, 94)},
         .filled = 4,
         .price = "95",
         .status = STATUS_FILLED,
         .name = "stop limit at its stop: traded through the day after"},
        {.type = ORDER_STOP_LIMIT,
         .side = SIDE_SELL,
         .stop = "95",
         .limit = "95",
         .day = {DAY_OF(100, 101, 94, 95.02)},
         .filled = 3,
         .price = "95",
         .status = STATUS_FILLED,
         .name = "stop limit at its stop: the close above it was after the stop"},
        {.type = ORDER_STOP_LIMIT,
         .side = SIDE_SELL,
         .stop = "95",
         .limit = "94",
         .day = {DAY_OF(94.5, 96, 94, 95)},
         .filled = 3,
         .price = "94.5",
         .status = STATUS_FILLED,
         .name = "stop limit: a gap through the stop, the open is better than the limit"},
        {.type = ORDER_STOP_LIMIT,
         .side = SIDE_SELL,
         .stop = "95",
         .limit = "94",
         .day = {DAY_OF(92, 94.5, 91, 92)},
         .filled = 3,
         .price = "94",
         .status = STATUS_FILLED,
         .name = "stop limit: a gap beyond both, later in the day the limit is traded through"},
        {.type = ORDER_STOP_LIMIT,
         .side = SIDE_SELL,
         .stop = "95",
         .limit = "94",
         .day = {DAY_OF(92, 94, 91, 92), DAY_OF(91, 93, 90, 91)},
         .status = STATUS_ACCEPTED,
         .reason = "triggered",
         .name = "stop limit: a gap beyond both, never back: not sold"},
        {.type = ORDER_STOP_LIMIT,
         .side = SIDE_BUY,
         .stop = "105",
         .limit = "106",
         .day = {DAY_OF(100, 105, 99, 104)},
         .filled = 3,
         .price = "105",
         .status = STATUS_FILLED,
         .name = "stop limit: a purchase at its stop"},
        {.type = ORDER_STOP_LIMIT,
         .side = SIDE_BUY,
         .stop = "105",
         .limit = "106",
         .day = {DAY_OF(108, 109, 107, 108), DAY_OF(107, 107, 105.5, 107)},
         .filled = 4,
         .price = "106",
         .status = STATUS_FILLED,
         .name = "stop limit: a purchase that a gap leaves behind until the price comes back"},
        /* Market and limit if touched: a purchase, touch 95. */
        {.type = ORDER_MARKET_IF_TOUCHED,
         .side = SIDE_BUY,
         .stop = "95",
         .day = {DAY_OF(100, 101, 95.01, 100), DAY_OF(100, 101, 95, 100)},
         .filled = 4,
         .price = "95",
         .status = STATUS_FILLED,
         .name = "market if touched: at its price when touched"},
        {.type = ORDER_MARKET_IF_TOUCHED,
         .side = SIDE_BUY,
         .stop = "95",
         .day = {DAY_OF(93, 94, 92, 93)},
         .filled = 3,
         .price = "93",
         .status = STATUS_FILLED,
         .name = "market if touched: at the better open"},
        {.type = ORDER_MARKET_IF_TOUCHED,
         .side = SIDE_SELL,
         .stop = "105",
         .day = {DAY_OF(100, 104.99, 90, 100), DAY_OF(100, 105, 99, 100)},
         .filled = 4,
         .price = "105",
         .status = STATUS_FILLED,
         .name = "market if touched: a sale, from below"},
        {.type = ORDER_LIMIT_IF_TOUCHED,
         .side = SIDE_BUY,
         .stop = "95",
         .limit = "96",
         .day = {DAY_OF(100, 101, 95, 100)},
         .filled = 3,
         .price = "95",
         .status = STATUS_FILLED,
         .name = "limit if touched: at its touch, which is better than the limit"},
        {.type = ORDER_LIMIT_IF_TOUCHED,
         .side = SIDE_BUY,
         .stop = "95",
         .limit = "94",
         .day = {DAY_OF(100, 101, 94.5, 96), DAY_OF(96, 97, 93.99, 96)},
         .filled = 4,
         .price = "94",
         .status = STATUS_FILLED,
         .name = "limit if touched: set off, and filled the day after at a lower limit"},
        {.type = ORDER_LIMIT_IF_TOUCHED,
         .side = SIDE_BUY,
         .stop = "95",
         .limit = "94",
         .day = {DAY_OF(100, 101, 93, 96)},
         .filled = 3,
         .price = "94",
         .status = STATUS_FILLED,
         .name = "limit if touched: a low beyond the touch came after it, so the limit was traded through"},
        {.type = ORDER_LIMIT_IF_TOUCHED,
         .side = SIDE_SELL,
         .stop = "105",
         .limit = "104",
         .day = {DAY_OF(106, 107, 105, 106)},
         .filled = 3,
         .price = "106",
         .status = STATUS_FILLED,
         .name = "limit if touched: a sale at the better open"},
        /* Trailing, a sale. The first open is the first price: 100. */
        {.type = ORDER_TRAILING_STOP,
         .side = SIDE_SELL,
         .trail = "5",
         .day = {DAY_OF(100, 104, 95.01, 103), DAY_OF(103, 110, 99.01, 109), DAY_OF(109, 109, 106, 107)},
         .status = STATUS_ACCEPTED,
         .left = "105",
         .reason = "trail",
         .name = "trailing by 5: from 95 by the open to 99 by 104 and 105 by 110, touched by none of them"},
        {.type = ORDER_TRAILING_STOP,
         .side = SIDE_SELL,
         .trail = "5",
         .day = {DAY_OF(100, 104, 95.01, 103), DAY_OF(103, 110, 99.01, 109), DAY_OF(109, 109, 105, 107)},
         .filled = 5,
         .price = "105",
         .status = STATUS_FILLED,
         .name = "trailing by 5: touched at 105"},
        {.type = ORDER_TRAILING_STOP,
         .side = SIDE_SELL,
         .trail = "5",
         .day = {DAY_OF(100, 120, 96, 97), DAY_OF(97, 98, 96, 97)},
         .filled = 4,
         .price = "97",
         .status = STATUS_FILLED,
         .name = "trailing by 5: within a bar it is tested as it stood before; the day after opens below 115"},
        {.type = ORDER_TRAILING_STOP,
         .side = SIDE_SELL,
         .trail = "5",
         .day = {DAY_OF(100, 120, 95, 97)},
         .filled = 3,
         .price = "95",
         .status = STATUS_FILLED,
         .name = "trailing by 5: touched at 95 in its first bar"},
        {.type = ORDER_TRAILING_STOP,
         .side = SIDE_SELL,
         .percent = "10",
         .day = {DAY_OF(100, 111.11, 95, 110), DAY_OF(110, 110, 99.98, 110), DAY_OF(110, 110, 99, 110)},
         .filled = 4,
         .price = "99.99",
         .status = STATUS_FILLED,
         .name = "trailing by 10 %: 111.11 less 11.111 is 99.999, on a tick and no nearer 99.99"},
        {.type = ORDER_TRAILING_STOP,
         .side = SIDE_SELL,
         .stop = "98",
         .trail = "5",
         .day = {DAY_OF(100, 102, 98.5, 100), DAY_OF(100, 104, 98.5, 100)},
         .status = STATUS_ACCEPTED,
         .left = "99",
         .name = "trailing by 5 from 98 on: 102 - 5 is less and moves nothing, 104 - 5 does"},
        {.type = ORDER_TRAILING_STOP,
         .side = SIDE_BUY,
         .trail = "5",
         .day = {DAY_OF(100, 104.99, 95, 96), DAY_OF(96, 100, 94, 99)},
         .filled = 4,
         .price = "100",
         .status = STATUS_FILLED,
         .name = "trailing by 5: a purchase follows the low, 95 + 5"},
    };
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
        play(&scenarios[i], "0");
}

static void test_times_in_force(void)
{
    static const struct scenario scenarios[] = {
        {.type = ORDER_MARKET,
         .tif = TIF_OPG,
         .side = SIDE_BUY,
         .day = {DAY_OF(102, 103, 101, 102)},
         .filled = 3,
         .price = "102",
         .status = STATUS_FILLED,
         .name = "on open: at the open"},
        {.type = ORDER_LIMIT,
         .tif = TIF_OPG,
         .side = SIDE_BUY,
         .limit = "100",
         .day = {DAY_OF(100, 103, 90, 102), DAY_OF(90, 90, 90, 90)},
         .status = STATUS_EXPIRED,
         .reason = "not filled at the open",
         .name = "limit on open: what the day brings later is not its business"},
        {.type = ORDER_LIMIT,
         .tif = TIF_OPG,
         .side = SIDE_BUY,
         .limit = "100",
         .day = {DAY_OF(99, 103, 90, 102)},
         .filled = 3,
         .price = "99",
         .status = STATUS_FILLED,
         .name = "limit on open: at the better open"},
        {.type = ORDER_MARKET,
         .tif = TIF_CLS,
         .side = SIDE_BUY,
         .day = {DAY_OF(102, 103, 101, 101.5)},
         .filled = 3,
         .price = "101.5",
         .status = STATUS_FILLED,
         .name = "on close: at the close"},
        {.type = ORDER_MARKET,
         .tif = TIF_CLS,
         .side = SIDE_SELL,
         .day = {DAY_OF(102, 103, 101, 101.5)},
         .filled = 3,
         .price = "101.5",
         .status = STATUS_FILLED,
         .name = "on close: a sale"},
        {.type = ORDER_LIMIT,
         .tif = TIF_CLS,
         .side = SIDE_SELL,
         .limit = "102",
         .day = {DAY_OF(100, 110, 99, 102), DAY_OF(110, 110, 110, 110)},
         .status = STATUS_EXPIRED,
         .reason = "not filled at the close",
         .name = "limit on close: the high of the day is not its business"},
        {.type = ORDER_LIMIT,
         .tif = TIF_CLS,
         .side = SIDE_SELL,
         .limit = "102",
         .day = {DAY_OF(100, 110, 99, 103)},
         .filled = 3,
         .price = "103",
         .status = STATUS_FILLED,
         .name = "limit on close: at the better close"},
        {.type = ORDER_LIMIT,
         .tif = TIF_IOC,
         .side = SIDE_BUY,
         .limit = "100",
         .day = {DAY_OF(100, 103, 90, 102), DAY_OF(90, 90, 90, 90)},
         .status = STATUS_CANCELED,
         .reason = "not filled at once",
         .name = "at once or not: the open is not better"},
        {.type = ORDER_LIMIT,
         .tif = TIF_FOK,
         .side = SIDE_BUY,
         .limit = "100",
         .day = {DAY_OF(98, 103, 90, 102)},
         .filled = 3,
         .price = "98",
         .status = STATUS_FILLED,
         .name = "all at once or not: the open is"},
        {.type = ORDER_MARKET,
         .tif = TIF_IOC,
         .side = SIDE_SELL,
         .day = {DAY_OF(98, 103, 90, 102)},
         .filled = 3,
         .price = "98",
         .status = STATUS_FILLED,
         .name = "at once at the market"},
    };
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
        play(&scenarios[i], "0");
}

/* Slippage: what comes to the market pays it, what is just set off pays it up to its limit, what rests does not. */
static void test_slippage(void)
{
    static const struct scenario scenarios[] = {
        {.type = ORDER_STOP_LIMIT,
         .side = SIDE_SELL,
         .stop = "95",
         .limit = "94",
         .day = {DAY_OF(100, 101, 95, 96)},
         .filled = 3,
         .price = "94.98",
         .status = STATUS_FILLED,
         .name = "stop limit: 95 less two ticks"},
        {.type = ORDER_STOP_LIMIT,
         .side = SIDE_SELL,
         .stop = "95",
         .limit = "94.99",
         .day = {DAY_OF(100, 101, 95, 96)},
         .filled = 3,
         .price = "94.99",
         .status = STATUS_FILLED,
         .name = "stop limit: no further than its limit"},
        {.type = ORDER_STOP_LIMIT,
         .side = SIDE_SELL,
         .stop = "95",
         .limit = "94",
         .day = {DAY_OF(94.5, 96, 94, 95)},
         .filled = 3,
         .price = "94.48",
         .status = STATUS_FILLED,
         .name = "stop limit: set off by the open, two ticks"},
        {.type = ORDER_MARKET_IF_TOUCHED,
         .side = SIDE_BUY,
         .stop = "95",
         .day = {DAY_OF(100, 101, 95, 100)},
         .filled = 3,
         .price = "95.02",
         .status = STATUS_FILLED,
         .name = "market if touched: two ticks"},
        {.type = ORDER_TRAILING_STOP,
         .side = SIDE_SELL,
         .trail = "5",
         .day = {DAY_OF(100, 120, 95, 97)},
         .filled = 3,
         .price = "94.98",
         .status = STATUS_FILLED,
         .name = "trailing: two ticks"},
        {.type = ORDER_MARKET,
         .tif = TIF_CLS,
         .side = SIDE_BUY,
         .day = {DAY_OF(102, 103, 101, 101.5)},
         .filled = 3,
         .price = "101.52",
         .status = STATUS_FILLED,
         .name = "on close: two ticks"},
        {.type = ORDER_LIMIT,
         .tif = TIF_CLS,
         .side = SIDE_SELL,
         .limit = "102",
         .day = {DAY_OF(100, 110, 99, 103)},
         .filled = 3,
         .price = "103",
         .status = STATUS_FILLED,
         .name = "limit on close: none"},
    };
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
        play(&scenarios[i], "2");
}

/* Legs of other types than stop and limit. An entry of 100 at 100. */
static void test_legs(void)
{
    struct order order;
    /* A stop limit and a target in one bar: set off, not filled, and the target does not take advantage. */
    start("100000");
    order = entry("e", 1, SIDE_BUY, "100");
    order.legs[0] = make_leg(ROLE_STOP, ORDER_STOP_LIMIT, d("95"), d("95"));
    order.legs[1] = make_leg(ROLE_TARGET, ORDER_LIMIT, d("110"), DEC_NONE);
    order.leg_count = 2;
    check(submit(&order, 1) == 1 && bar(2, "100", "101", "99", "100") == 0 && ledger.open_orders == 2,
          "stop limit, target");
    check(bar(3, "100", "111", "94", "94.5") == 0 && fill_count == 1 && ledger.open_orders == 2,
          "a bar that reaches both: nobody knows which was first, so the target waits");
    check(bar(4, "94", "112", "93", "100") == 0 && fill_count == 2 && fills[1].price == d("95") &&
              fills[1].role == ROLE_STOP && position() == 0 && ledger.open_orders == 0,
          "the stop sells at its limit, the day after");

    /* A trailing leg starts from the fill: 100 - 4, then 108 - 4. */
    start("100000");
    order = entry("e", 1, SIDE_BUY, "100");
    order.legs[0] = make_leg(ROLE_STOP, ORDER_TRAILING_STOP, DEC_NONE, DEC_NONE);
    order.legs[0].trail_atr = d("2");
    order.legs[0].atr = d("2");
    order.legs[1] = make_leg(ROLE_TARGET, ORDER_MARKET_IF_TOUCHED, DEC_NONE, d("115"));
    order.leg_count = 2;
    check(submit(&order, 1) == 1 && bar(2, "100", "108", "96.01", "107") == 0 && fill_count == 1, "trail and touch");
    check_dec(ledger.open_order[0]->order.stop_price, "104", "after the bar of the entry at its open: 108 - 2 x 2");
    check(bar(3, "106", "107", "104", "105") == 0 && fill_count == 2 && fills[1].price == d("104") &&
              ledger.open_orders == 0,
          "touched, and the target goes with it");

    /* An entry in the course of a bar: what was before it moves no trail, the close does. 102 - 4, then 103 - 4. */
    start("100000");
    order.order_type = ORDER_STOP;
    order.stop_price = d("102");
    check(submit(&order, 1) == 1 && bar(2, "100", "109", "99", "103") == 0 && fill_count == 1 &&
              fills[0].price == d("102"),
          "an entry at a stop");
    check_dec(ledger.open_order[0]->order.stop_price, "99", "the stop is measured from the close, 103 - 4");

    start("100000");
    check(submit(&order, 1) == 1 && bar(2, "100", "109", "98", "103") == 0 && fill_count == 2 &&
              fills[1].price == d("98") && position() == 0,
          "and the low may have been after it: 102 - 4 is touched");

    /* The protective stop of a breakout lies above the price it was sized on, below the one it enters at. */
    start("100000");
    order = entry("e", 1, SIDE_BUY, "100");
    order.order_type = ORDER_STOP;
    order.stop_price = d("105");
    add_leg(&order, ROLE_STOP, "102");
    check(submit(&order, 1) == 1, "a stop between the price and the entry");
    struct order wrong = order;
    wrong.id[0] = 'w';
    wrong.legs[0].stop_price = d("105");
    check(is_refused(&wrong, 1, "BEYOND_STOP"), "one at the entry is refused");
}

/* Dividends lower what waits below the price, FINRA Rule 5330; a split changes prices and distances. */
static void test_actions(void)
{
    static const struct {
        enum order_type type;
        enum side side;
        const char *limit, *stop, *then_limit, *then_stop;
    } cases[] = {
        {ORDER_STOP_LIMIT, SIDE_SELL, "94", "95", "93.5", "94.5"},
        {ORDER_STOP_LIMIT, SIDE_BUY, "106", "105", "106", "105"},
        {ORDER_MARKET_IF_TOUCHED, SIDE_BUY, NULL, "95", NULL, "94.5"},
        {ORDER_MARKET_IF_TOUCHED, SIDE_SELL, NULL, "105", NULL, "105"},
        {ORDER_LIMIT_IF_TOUCHED, SIDE_BUY, "96", "95", "95.5", "94.5"},
        {ORDER_TRAILING_STOP, SIDE_SELL, NULL, "95", NULL, "94.5"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        start("100000");
        const struct order in = entry("in", 1, SIDE_BUY, "100");
        require(submit(&in, 1) == 1 && bar(2, "100", "100", "100", "100") == 0);
        struct order order =
            make_order("x", CLOSE(2), "AAA", cases[i].side, "10", cases[i].side == SIDE_BUY ? ROLE_ENTRY : ROLE_EXIT);
        order.order_type = cases[i].type;
        order.limit_price = price_of(cases[i].limit);
        order.stop_price = price_of(cases[i].stop);
        order.trail_amount = cases[i].type == ORDER_TRAILING_STOP ? d("5") : DEC_NONE;
        order.reference_price = d("100");
        const struct action dividend = make_dividend("d", DAY(3), "AAA", "0.5");
        check(submit(&order, 2) == 1 && orders_action(&manager, &dividend, &error) == 0, "a dividend of 0.50");
        const struct open_order *open_order = ledger_open_order(&ledger, "x");
        if (open_order == NULL)
            continue;
        check(open_order->order.limit_price == price_of(cases[i].then_limit) &&
                  open_order->order.stop_price == price_of(cases[i].then_stop),
              "%s, %s", order_type_text(cases[i].type), side_text(cases[i].side));
        const struct action split = make_split("s", DAY(4), "AAA", 2, 1);
        check(orders_action(&manager, &split, &error) == 0 && open_order->order.quantity == d("20") &&
                  (cases[i].type != ORDER_TRAILING_STOP || open_order->order.trail_amount == d("2.5")),
              "two for one halves a distance too");
    }
}

/* Auctions of real sessions: New York, minute bars, Tuesday 2024-01-02 and the day after. 14:30 and 21:00 UTC. */
static void test_auctions(void)
{
    static const struct interval minute = {INTERVAL_MINUTE, 1};
    static const struct {
        enum time_in_force tif;
        const char *decided;
        const char *opens[3];
        int fills_at; /* index of the bar, -1: none */
        const char *price;
        enum order_status status;
        const char *name;
    } cases[] = {
        {TIF_OPG, "2024-01-02T12:00:00Z", {"2024-01-02T14:30:00Z"}, 0, "100", STATUS_FILLED, "before the session"},
        {TIF_OPG,
         "2024-01-02T15:00:00Z",
         {"2024-01-02T15:00:00Z", "2024-01-03T14:30:00Z"},
         1,
         "100",
         STATUS_FILLED,
         "decided within a session, an order on open waits for the next"},
        {TIF_OPG,
         "2024-01-02T12:00:00Z",
         {"2024-01-02T14:31:00Z", "2024-01-03T14:30:00Z"},
         -1,
         NULL,
         STATUS_EXPIRED,
         "no bar of its opening: missed"},
        {TIF_CLS,
         "2024-01-02T15:00:00Z",
         {"2024-01-02T20:58:00Z", "2024-01-02T20:59:00Z"},
         1,
         "101",
         STATUS_FILLED,
         "an order on close passes over what comes before"},
        {TIF_CLS,
         "2024-01-02T15:00:00Z",
         {"2024-01-02T20:58:00Z", "2024-01-03T20:59:00Z"},
         -1,
         NULL,
         STATUS_EXPIRED,
         "no bar of its close: missed"},
        {TIF_IOC, "2024-01-02T15:00:00Z", {"2024-01-02T15:00:00Z"}, 0, "100", STATUS_FILLED, "at once: the next bar"},
    };
    struct zone *zone = zone_open("America/New_York", &error);
    struct calendar calendar;
    require(zone != NULL && calendar_init(&calendar, "nyse", zone, &error) == 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        start("100000");
        manager.calendar = &calendar;
        struct order order = entry("x", 1, SIDE_BUY, "10");
        struct refusal refusal;
        order.time = at(cases[i].decided);
        order.time_in_force = cases[i].tif;
        check(orders_find_end(&calendar, &order, &error) == 0 &&
                  orders_submit(&manager, &order, order.time, &refusal, &error) == 1,
              "%s: taken", cases[i].name);
        int filled = -1;
        for (int n = 0; n < 3 && cases[i].opens[n] != NULL; n++) {
            const int64_t opens = at(cases[i].opens[n]);
            const struct candle candle = {.time = opens,
                                          .opens = opens,
                                          .end = opens + TIME_MINUTE,
                                          .open = d("100"),
                                          .high = d("102"),
                                          .low = d("99"),
                                          .close = d("101")};
            require(put(ledger_find_slot(&ledger, "AAA"), minute, &candle) == 0);
            if (fill_count > 0 && filled < 0)
                filled = n;
        }
        check(filled == cases[i].fills_at && last_update.status == cases[i].status && ledger.open_orders == 0,
              "%s: %d, %s", cases[i].name, filled, order_status_text(last_update.status));
        if (filled >= 0)
            check_dec(fills[0].price, cases[i].price, cases[i].name);
    }
    zone_free(zone);
}

/* How long an order works when it does not say so: by its time in force and the moment of its decision alone. */
static void test_ends(void)
{
    static const struct {
        enum time_in_force tif;
        enum role role;
        const char *decided, *expires, *until;
    } cases[] = {
        {TIF_NONE, ROLE_ENTRY, "2024-01-02T12:00:00Z", NULL, "2024-01-02T21:00:00Z"},
        {TIF_DAY, ROLE_ENTRY, "2024-01-02T21:00:00Z", NULL, "2024-01-03T21:00:00Z"},
        {TIF_NONE, ROLE_EXIT, "2024-01-02T12:00:00Z", NULL, NULL},
        {TIF_GTC, ROLE_ENTRY, "2024-01-02T12:00:00Z", NULL, NULL},
        {TIF_GTD, ROLE_ENTRY, "2024-01-02T12:00:00Z", "2024-01-12", "2024-01-12T21:00:00Z"},
        {TIF_GTD, ROLE_ENTRY, "2024-01-02T12:00:00Z", "2024-01-13", "2024-01-14T05:00:00Z"},
        {TIF_OPG, ROLE_ENTRY, "2024-01-02T14:30:00Z", NULL, "2024-01-02T21:00:00Z"},
        {TIF_OPG, ROLE_ENTRY, "2024-01-02T14:31:00Z", NULL, "2024-01-03T21:00:00Z"},
        {TIF_CLS, ROLE_EXIT, "2024-01-02T20:59:00Z", NULL, "2024-01-02T21:00:00Z"},
        {TIF_IOC, ROLE_EXIT, "2024-01-05T21:00:00Z", NULL, "2024-01-08T21:00:00Z"},
    };
    struct zone *zone = zone_open("America/New_York", &error);
    struct calendar calendar;
    require(zone != NULL && calendar_init(&calendar, "nyse", zone, &error) == 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct order order = make_order("x", at(cases[i].decided), "AAA", SIDE_BUY, "1", cases[i].role);
        order.time_in_force = cases[i].tif;
        order.expires = cases[i].expires == NULL ? TIME_NONE : at(cases[i].expires) / TIME_DAY;
        check(orders_find_end(&calendar, &order, &error) == 0 &&
                  order.valid_until == (cases[i].until == NULL ? TIME_NONE : at(cases[i].until)),
              "%s %s of %s", time_in_force_text(cases[i].tif), role_text(cases[i].role), cases[i].decided);
    }
    zone_free(zone);
}

/* One cancels the other: entries and exits that name a group. */
static void test_oco(void)
{
    start("100000");
    struct order up = entry("up", 1, SIDE_BUY, "10"), down = entry("down", 1, SIDE_SELL_SHORT, "10");
    up.order_type = down.order_type = ORDER_STOP;
    up.stop_price = d("105");
    down.stop_price = d("95");
    (void)snprintf(up.oco, sizeof up.oco, "breakout");
    (void)snprintf(down.oco, sizeof down.oco, "breakout");
    check(submit(&up, 1) == 1 && submit(&down, 1) == 1 && bar(2, "100", "106", "94", "100") == 0 && fill_count == 1 &&
              ledger.open_orders == 0 && position() == d("10"),
          "a bar that touches both: the older fills, the other is cancelled");
    check_text(last_update.reason, "oco", "and says why");

    struct order stop = make_order("s", CLOSE(2), "AAA", SIDE_SELL, "10", ROLE_EXIT);
    struct order target = make_order("t", CLOSE(2), "AAA", SIDE_SELL, "10", ROLE_EXIT);
    stop.order_type = ORDER_TRAILING_STOP;
    stop.trail_percent = d("5");
    target.order_type = ORDER_LIMIT;
    target.limit_price = d("110");
    target.signal[0] = stop.signal[0] = '\0'; /* by hand */
    check(submit(&stop, 2) == 1 && is_refused(&target, 2, "EXIT_EXCEEDS_POSITION"),
          "two exits of all are one too many");
    (void)snprintf(target.oco, sizeof target.oco, "out");
    check(is_refused(&target, 2, "EXIT_EXCEEDS_POSITION"), "unless both name the group");
    require(orders_cancel(&manager, "s", CLOSE(2), "", &error) == 1);
    (void)snprintf(stop.oco, sizeof stop.oco, "out");
    check(submit(&stop, 2) == 1 && submit(&target, 2) == 1, "an exit at a trail or at a target");
    check(bar(3, "111", "112", "90", "100") == 0 && fill_count == 2 && fills[1].price == d("111") && position() == 0 &&
              ledger.open_orders == 0,
          "the target fills at the open, and nothing is left");
}

int main(void)
{
    test_oco();
    test_types();
    test_times_in_force();
    test_slippage();
    test_legs();
    test_actions();
    test_auctions();
    test_ends();
    sha256_free(manager.hash);
    ledger_clear(&ledger);
    return done();
}
