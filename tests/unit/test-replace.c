/* Replaced orders: what is allowed, and what the bars that are open then, that come late or that follow make of them.
 * Prices by hand, from the rules in order/manager.h. */
#include "trading.h"

struct day {
    const char *open, *high, *low, *close;
};

static dec price_of(const char *text)
{
    return text == NULL ? DEC_NONE : d(text);
}

/* A replace: what is allowed, what the new prices meet. A purchase of 10 at 95, gtc. */
static void test_replace(void)
{
    enum { LEG = 1, SET_OFF = 2, HALTED = 4 };
    static const struct {
        const char *quantity, *limit, *stop;
        enum order_type type;
        int flags;
        const char *code; /* NULL: changed */
        const char *name;
    } cases[] = {
        {NULL, "96", NULL, ORDER_LIMIT, 0, NULL, "another limit"},
        {"20", NULL, NULL, ORDER_LIMIT, 0, NULL, "a larger quantity"},
        {"2000", NULL, NULL, ORDER_LIMIT, 0, "MAX_POSITION", "one larger than the limits: 2000 x 95 of 100000"},
        {NULL, "96", NULL, ORDER_LIMIT, HALTED, "HALTED", "a halted account enters no more than it would have"},
        {"5", NULL, NULL, ORDER_LIMIT, HALTED, NULL, "but less"},
        {NULL, NULL, "96", ORDER_LIMIT, 0, "REPLACE", "a limit order has no stop"},
        {NULL, "96", NULL, ORDER_MARKET_IF_TOUCHED, 0, "REPLACE", "what becomes a market order has no limit"},
        {NULL, NULL, "94", ORDER_MARKET_IF_TOUCHED, 0, NULL, "another touch"},
        {NULL, NULL, "94", ORDER_STOP_LIMIT, SET_OFF, "REPLACE", "a stop that was set off cannot move"},
        {NULL, "93.005", NULL, ORDER_LIMIT, 0, "TICK_SIZE", "a price finer than the tick"},
        {NULL, NULL, "97", ORDER_STOP, LEG, NULL, "a leg nearer by hand"},
        {"5", NULL, NULL, ORDER_STOP, LEG, "REPLACE", "a leg is as large as its position"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        start("100000");
        struct order order = entry("e", 1, SIDE_BUY, "10");
        order.time_in_force = TIF_GTC;
        const char *id = "e";
        if ((cases[i].flags & LEG) != 0) {
            add_leg(&order, ROLE_STOP, "90");
            require(submit(&order, 1) == 1 && bar(2, "100", "100", "100", "100") == 0);
            id = ledger.open_order[0]->order.id;
        } else {
            const bool stop_limit = cases[i].type == ORDER_STOP_LIMIT;
            order.order_type = cases[i].type;
            order.limit_price = cases[i].type == ORDER_MARKET_IF_TOUCHED ? DEC_NONE : d("95");
            order.stop_price = cases[i].type == ORDER_LIMIT ? DEC_NONE : stop_limit ? d("105") : d("95");
            require(submit(&order, 1) == 1);
            require(bar(2, "100", (cases[i].flags & SET_OFF) != 0 ? "106" : "101", "99", "100") == 0);
        }
        ledger.halted = (cases[i].flags & HALTED) != 0;
        struct replace replace = {.time = CLOSE(2) + TIME_HOUR,
                                  .quantity = price_of(cases[i].quantity),
                                  .limit_price = price_of(cases[i].limit),
                                  .stop_price = price_of(cases[i].stop)};
        (void)snprintf(replace.order_id, sizeof replace.order_id, "%s", id);
        struct refusal refusal = {0};
        const int done = orders_replace(&manager, &replace, replace.time, &refusal, &error);
        check(done == (cases[i].code == NULL), "%s: %d", cases[i].name, done);
        check_text(refusal.code, cases[i].code == NULL ? "" : cases[i].code, cases[i].name);
        const struct open_order *open_order = ledger_open_order(&ledger, replace.order_id);
        if (!check(open_order != NULL, "it works on") || open_order == NULL)
            continue;
        if (done == 1)
            check(open_order->revision == 1 && last_update.revision == 1 && open_order->from == replace.time &&
                      (replace.quantity == DEC_NONE || open_order->order.quantity == replace.quantity) &&
                      (replace.limit_price == DEC_NONE || open_order->order.limit_price == replace.limit_price) &&
                      (replace.stop_price == DEC_NONE || open_order->order.stop_price == replace.stop_price),
                  "%s: as it was asked", cases[i].name);
    }

    struct replace gone = {.time = CLOSE(3), .order_id = "e", .quantity = d("1"), DEC_NONE, DEC_NONE};
    struct refusal refusal;
    start("100000");
    check(orders_replace(&manager, &gone, CLOSE(3), &refusal, &error) == 0 && strcmp(refusal.code, "NOT_WORKING") == 0,
          "what does not work is not replaced");
}

/* A batch or a stream that comes again changes nothing, and makes no event. */
static void test_repeated(void)
{
    struct order order = entry("x", 1, SIDE_BUY, "10");
    order.order_type = ORDER_LIMIT;
    order.limit_price = d("95");
    order.time_in_force = TIF_GTC;
    static const struct {
        int hours; /* after the close of day 2 */
        const char *quantity, *limit;
        int done;
        const char *limit_then;
    } steps[] = {
        {0, NULL, "95", 2, "95"}, /* it says so */
        {1, NULL, "96", 1, "96"}, {1, NULL, "96", 2, "96"}, {2, "20", "96", 1, "96"}, {3, NULL, "94", 1, "94"},
        {1, NULL, "96", 2, "94"}, {2, "20", "96", 2, "94"}, {3, NULL, "94", 2, "94"}, /* all of it again */
        {4, NULL, "96", 1, "96"},
    };
    start("100000");
    require(submit(&order, 1) == 1 && bar(2, "100", "101", "99", "100") == 0);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        const int before = update_count;
        struct replace replace = {.time = CLOSE(2) + steps[i].hours * TIME_HOUR,
                                  .order_id = "x",
                                  .quantity = price_of(steps[i].quantity),
                                  .limit_price = price_of(steps[i].limit),
                                  .stop_price = DEC_NONE};
        struct refusal refusal;
        check(orders_replace(&manager, &replace, replace.time, &refusal, &error) == steps[i].done &&
                  update_count - before == (steps[i].done == 1),
              "step %zu: %s", i, steps[i].done == 1 ? "replaced" : "nothing is done");
        check_dec(ledger_open_order(&ledger, "x")->order.limit_price, steps[i].limit_then, "its limit then");
    }
}

static void change(const char *id, int64_t time, const char *quantity, const char *limit, const char *stop)
{
    struct replace replace = {
        .time = time, .quantity = price_of(quantity), .limit_price = price_of(limit), .stop_price = price_of(stop)};
    struct refusal refusal;
    (void)snprintf(replace.order_id, sizeof replace.order_id, "%s", id);
    require(orders_replace(&manager, &replace, time, &refusal, &error) == 1);
}

/* A stop under a position of 100, or a limit order to buy 100, that is replaced an hour after the open of day 2; what
 * the bars of that day and of the next, which goes from 100 to 101 and `next`, bring. */
static void test_replaced_in_a_bar(const char *model)
{
    static const struct {
        bool buys;
        const char *old, *new;
        struct day day;
        const char *next, *first, *second; /* prices of the fills on the two days, NULL: none */
        const char *name;
    } cases[] = {
        {false, "95", "97", {"100", "101", "94", "100"}, "100", "95", NULL, "nearer, both reached: at the old one"},
        {false, "95", "97", {"100", "101", "96", "100"}, "96", NULL, "97", "nearer, reached alone: nobody knows when"},
        {false, "95", "97", {"100", "101", "96", "96.5"}, "100", "97", NULL, "nearer, and the close is beyond it"},
        {false, "97", "95", {"100", "101", "96", "100"}, "100", "97", NULL, "further, the old one reached"},
        {false, "97", "95", {"100", "101", "94", "100"}, "100", "95", NULL, "further, both reached: at the new one"},
        {false, "97", "95", {"100", "101", "98", "100"}, "96", NULL, NULL, "further, and what was is over"},
        {false, "97", "95", {"96", "101", "94", "100"}, "100", "96", NULL, "the open was before the change"},
        {false, "95", "97", {"96", "101", "95.5", "100"}, "96", NULL, "97", "so it does not meet the new stop"},
        {true, "95", "97", {"100", "101", "94", "100"}, "100", "97", NULL, "a dearer limit, both gone through"},
        {true, "95", "97", {"100", "101", "96", "100"}, "96", NULL, "97", "a dearer limit, gone through alone"},
        {true, "95", "97", {"100", "101", "96", "96.5"}, "100", "97", NULL, "a dearer limit, and the close below it"},
        {true, "97", "95", {"100", "101", "96", "100"}, "100", "97", NULL, "a cheaper limit, the old one gone through"},
        {true, "97", "95", {"100", "101", "98", "100"}, "96", NULL, NULL, "a cheaper limit, and what was is over"},
        {true, "97", "95", {"96", "101", "94", "100"}, "100", "96", NULL, "the open was better than the old limit"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const bool buys = cases[i].buys;
        const struct day *day = &cases[i].day;
        start("100000");
        sim.fills.model = fill_model_find(model);
        struct order in = entry("in", 0, SIDE_BUY, "100"), order = in;
        if (!buys) {
            require(submit(&in, 0) == 1 && bar(1, "100", "100", "100", "100") == 0);
            order = make_order("x", CLOSE(1), "AAA", SIDE_SELL, "100", ROLE_EXIT);
            order.order_type = ORDER_STOP;
            order.stop_price = d(cases[i].old);
        } else {
            order = entry("x", 1, SIDE_BUY, "100");
            order.order_type = ORDER_LIMIT;
            order.limit_price = d(cases[i].old);
        }
        order.time_in_force = TIF_GTC;
        require(submit(&order, 1) == 1);
        const int before = fill_count;
        change("x", OPEN(2) + TIME_HOUR, NULL, buys ? cases[i].new : NULL, buys ? NULL : cases[i].new);
        require(bar(2, day->open, day->high, day->low, day->close) == 0);
        check(fill_count == before + (cases[i].first != NULL), "%s, %s: fills on its day or not", model, cases[i].name);
        require(bar(3, "100", "101", cases[i].next, "100") == 0);
        const char *price = cases[i].first != NULL ? cases[i].first : cases[i].second;
        check(fill_count == before + (price != NULL), "%s, %s: fills on the next or not", model, cases[i].name);
        if (price != NULL && fill_count > before)
            check_dec(fills[before].price, price, cases[i].name);
    }
}

/* What is kept of a replaced order, and until when. */
static void test_past(void)
{
    struct order order = entry("x", 1, SIDE_BUY, "20");
    order.order_type = ORDER_LIMIT;
    order.limit_price = d("95");
    order.time_in_force = TIF_GTC;
    start("100000");
    require(submit(&order, 1) == 1);
    change("x", OPEN(2) + TIME_HOUR, "30", NULL, NULL);
    require(bar(2, "100", "101", "94", "100") == 0);
    check(fill_count == 1 && fills[0].quantity == d("20"), "what was asked for later was not there at the open: 20");
    require(bar(3, "100", "101", "94", "100") == 0);
    check(fill_count == 2 && fills[1].quantity == d("10"), "the next bar brings the 10");
    start("100000");
    require(submit(&order, 1) == 1);
    change("x", OPEN(2) + TIME_HOUR, "5", NULL, NULL);
    require(bar(2, "100", "101", "94", "100") == 0);
    check(fill_count == 1 && fills[0].quantity == d("5"), "what is asked for no longer is not filled");

    /* Every morning before the bar of the day before is there: each day has what was said at its open. */
    static const char *const limit[] = {"95", "90", "94", "89", "93", "88", "99"};
    start("100000");
    require(submit(&order, 1) == 1);
    change("x", OPEN(2) - TIME_HOUR, NULL, limit[1], NULL);
    for (int n = 2; n < 7; n++) {
        change("x", OPEN(n + 1) - TIME_HOUR, NULL, limit[n], NULL);
        /* touched, not gone through: what was said the day before or after would fill */
        require(bar(n, "100", "101", limit[n - 1], "100") == 0);
    }
    check(fill_count == 0 && ledger_open_order(&ledger, "x")->pasts == 2, "each day as it was said at its open");
    require(bar(7, "100", "101", "98", "100") == 0);
    check(fill_count == 1 && fills[0].price == d("99"), "and the last day too");

    start("100000");
    require(submit(&order, 1) == 1);
    for (int n = 1; n <= 5; n++)
        change("x", OPEN(2) + n * TIME_HOUR, NULL, limit[n], NULL);
    require(bar(2, "100", "101", "94.5", "100") == 0);
    check(fill_count == 1 && fills[0].price == d("95"), "changed five times in a bar: what was said at its open");

    /* Hours, then the day around them. Loosened from 97 to 95 after the first hour: 96 in the second is not reached by
     * what was said then, and the day's bar brings up nothing of it. */
    static const struct interval hour = {INTERVAL_HOUR, 1};
    start("100000");
    struct order in = entry("in", 0, SIDE_BUY, "100"),
                 stop = make_order("x", CLOSE(1), "AAA", SIDE_SELL, "100", ROLE_EXIT);
    stop.order_type = ORDER_STOP;
    stop.stop_price = d("97");
    stop.time_in_force = TIF_GTC;
    require(submit(&in, 0) == 1 && bar(1, "100", "100", "100", "100") == 0 && submit(&stop, 1) == 1);
    struct candle candle = {.time = OPEN(2),
                            .opens = OPEN(2),
                            .end = OPEN(2) + TIME_HOUR,
                            .open = d("100"),
                            .high = d("101"),
                            .low = d("98"),
                            .close = d("99")};
    const int slot = ledger_find_slot(&ledger, "AAA");
    require(put(slot, hour, &candle) == 0);
    change("x", OPEN(2) + TIME_HOUR, NULL, NULL, "95");
    candle.time = candle.opens = candle.end;
    candle.end += TIME_HOUR;
    candle.low = d("96");
    require(put(slot, hour, &candle) == 0 && bar(2, "100", "101", "96", "99") == 0);
    check(fill_count == 1, "finer bars have come to the change: the day's bar brings nothing back");
    require(bar(3, "100", "101", "94", "99") == 0);
    check(fill_count == 2 && fills[1].price == d("95"), "and the next day has the new stop");

    /* 2:1 before the bar that is open: what was said is halved with what is. */
    start("100000");
    require(submit(&order, 1) == 1);
    change("x", OPEN(3) + TIME_HOUR, NULL, "90", NULL);
    const struct action split = make_split("sp", OPEN(3) - TIME_HOUR, "AAA", 2, 1);
    require(orders_action(&manager, &split, &error) == 0 && bar(3, "50", "51", "47.4", "50") == 0);
    check(fill_count == 1 && fills[0].price == d("47.5") && fills[0].quantity == d("40"),
          "a split halves what was said before, too");
}

int main(void)
{
    test_replace();
    test_repeated();
    test_replaced_in_a_bar("conservative");
    test_replaced_in_a_bar("ohlc"); /* when on the way it was replaced is not known either */
    test_replaced_in_a_bar("olhc");
    test_past();
    sha256_free(manager.hash);
    ledger_clear(&ledger);
    return done();
}
