/* The fill models (sim/fill_models.h): one bar, one or two orders, and what each model makes of them. All prices are
 * worked out by hand; the tick is 0.01. */
#include "base/config.h"
#include "base/config_parts.h"
#include "broker/account_terms.h"
#include "trading.h"

#define NONE ""

/* Slippage of 10 basis points where `slips`. */
struct fill_case {
    const char *name;
    enum side side;
    enum order_type type;
    const char *limit, *stop;
    const char *open, *high, *low, *close;
    bool slips;
    const char *conservative, *ohlc, *olhc, *optimistic, *pessimistic;
};

static const struct fill_case cases[] = {
    {"a market order, 100 + 0.10; twice is 100.20", SIDE_BUY, ORDER_MARKET, NONE, NONE, "100", "105", "95", "101", true,
     "100.1", "100.1", "100.1", "100", "100.2"},
    {"twice goes no further than the bar", SIDE_BUY, ORDER_MARKET, NONE, NONE, "100", "100.15", "95", "99", true,
     "100.1", "100.1", "100.1", "100", "100.15"},
    {"but never less than once", SIDE_BUY, ORDER_MARKET, NONE, NONE, "100", "100.05", "95", "99", true, "100.1",
     "100.1", "100.1", "100", "100.1"},
    {"a market sale, 100 - 0.10", SIDE_SELL_SHORT, ORDER_MARKET, NONE, NONE, "100", "105", "95", "101", true, "99.9",
     "99.9", "99.9", "100", "99.8"},
    {"a limit order that is touched", SIDE_BUY, ORDER_LIMIT, "95", NONE, "100", "105", "95", "101", true, NONE, NONE,
     NONE, "95", NONE},
    {"traded through by half a tick", SIDE_BUY, ORDER_LIMIT, "95", NONE, "100", "105", "94.995", "101", true, "95",
     "95", "95", "95", NONE},
    {"traded through by a tick", SIDE_BUY, ORDER_LIMIT, "95", NONE, "100", "105", "94.99", "101", true, "95", "95",
     "95", "95", "95"},
    {"a limit order to sell that is touched", SIDE_SELL_SHORT, ORDER_LIMIT, "105", NONE, "100", "105", "95", "101",
     false, NONE, NONE, NONE, "105", NONE},
    {"a limit order to sell, through by a tick", SIDE_SELL_SHORT, ORDER_LIMIT, "105", NONE, "100", "105.01", "95",
     "101", false, "105", "105", "105", "105", "105"},
    {"the open is the limit", SIDE_BUY, ORDER_LIMIT, "100", NONE, "100", "105", "100", "101", false, NONE, NONE, NONE,
     "100", NONE},
    {"the open is better than the limit", SIDE_BUY, ORDER_LIMIT, "101", NONE, "100", "105", "100", "101", false, "100",
     "100", "100", "100", "100"},
    {"a stop to buy, 104 + 0.104 up to a tick; twice 0.208", SIDE_BUY, ORDER_STOP, NONE, "104", "100", "105", "95",
     "101", true, "104.11", "104.11", "104.11", "104", "104.21"},
    {"a gap beyond the stop: the open", SIDE_BUY, ORDER_STOP, NONE, "99", "100", "105", "95", "101", false, "100",
     "100", "100", "100", "100"},
    /* Set off at 104. Its limit is 104: the close (101) is better. On the way up from 104 it goes on to 105, then
       through 104 again: filled at 104. */
    {"a stop limit order", SIDE_BUY, ORDER_STOP_LIMIT, "104", "104", "100", "105", "95", "101", false, "104", "104",
     "104", "104", "104"},
    /* Set off at 104, limit 98, close 99. On the way open, high, low, close the low of 95 comes after it: 98. On the
       other way the price only falls to the close of 99 then. Without a way: not for certain. */
    {"a stop limit order whose limit is far", SIDE_BUY, ORDER_STOP_LIMIT, "98", "104", "100", "105", "95", "99", false,
     NONE, "98", NONE, NONE, NONE},
    {"if touched, to buy: 96 + 0.096 up to a tick", SIDE_BUY, ORDER_MARKET_IF_TOUCHED, NONE, "96", "100", "105", "95",
     "101", true, "96.1", "96.1", "96.1", "96", "96.2"},
};

/* An entry at 100 at the open of a bar, and what its legs (stop 95, target 110) do in the next. */
struct leg_case {
    const char *name;
    const char *open, *high, *low, *close;
    const char *conservative, *ohlc, *olhc, *optimistic, *pessimistic;
};

static const struct leg_case both[] = {
    {"both legs within the bar", "100", "111", "94", "100", "95", "110", "95", "110", "95"},
    {"only the stop", "100", "109", "94", "100", "95", "95", "95", "95", "95"},
    {"only the target", "100", "111", "96", "100", "110", "110", "110", "110", "110"},
    {"the target is touched", "100", "110", "96", "100", NONE, NONE, NONE, "110", NONE},
    {"the target is touched, then the stop", "100", "110", "94", "100", "95", "95", "95", "110", "95"},
    {"a gap beyond the stop", "93", "111", "92", "100", "93", "93", "93", "93", "93"},
    {"a gap beyond the target", "112", "113", "94", "100", "112", "112", "112", "112", "112"},
};

/* The same in the very bar of the entry. */
static const struct leg_case same[] = {
    {"on the bar of the entry: both", "100", "111", "94", "100", "95", "110", "95", "110", "95"},
    {"on the bar of the entry: only the target", "100", "111", "96", "100", NONE, "110", "110", "110", NONE},
    {"on the bar of the entry: only the stop", "100", "109", "94", "100", "95", "95", "95", "95", "95"},
};

static const char *const names[] = {"conservative", "ohlc", "olhc", "optimistic", "pessimistic"};

static void begin(int model)
{
    start("100000");
    sim.fills.model = fill_model_find(names[model]);
    require(sim.fills.model != NULL);
}

static void check_fill(int index, const char *want, const char *name, int model)
{
    char text[160];
    (void)snprintf(text, sizeof text, "%s: %s", names[model], name);
    if (want[0] == '\0')
        check(fill_count == index, "%s: nothing", text);
    else if (fill_count != index + 1)
        check(false, "%s: %d fills", text, fill_count);
    else
        check_dec(fills[index].price, want, text);
}

static void test_orders(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct fill_case *c = &cases[i];
        const char *const want[] = {c->conservative, c->ohlc, c->olhc, c->optimistic, c->pessimistic};
        for (int m = 0; m < 5; m++) {
            begin(m);
            manager.costs.slippage_bps = c->slips ? 10 * DEC_ONE : 0;
            struct order order = entry("x", 1, c->side, "100");
            order.order_type = c->type;
            order.limit_price = c->limit[0] == '\0' ? DEC_NONE : d(c->limit);
            order.stop_price = c->stop[0] == '\0' ? DEC_NONE : d(c->stop);
            order.time_in_force = TIF_GTC;
            require(submit(&order, 1) == 1 && bar(2, c->open, c->high, c->low, c->close) == 0);
            check_fill(0, want[m], c->name, m);
        }
    }
}

static void test_legs(const struct leg_case *list, size_t count, bool later)
{
    for (size_t i = 0; i < count; i++) {
        const struct leg_case *c = &list[i];
        const char *const want[] = {c->conservative, c->ohlc, c->olhc, c->optimistic, c->pessimistic};
        for (int m = 0; m < 5; m++) {
            begin(m);
            struct order order = entry("e", 1, SIDE_BUY, "100");
            add_leg(&order, ROLE_STOP, "95");
            add_leg(&order, ROLE_TARGET, "110");
            require(submit(&order, 1) == 1 && (!later || bar(2, "100", "100", "100", "100") == 0) &&
                    bar(3, c->open, c->high, c->low, c->close) == 0 && fill_count >= 1);
            check_fill(1, want[m], c->name, m);
        }
    }
}

/* An entry in the course of a bar, at a stop of 102 or a limit of 98, with a stop at 95; open 100. */
static void test_course(void)
{
    static const struct {
        const char *name;
        bool falls; /* the entry is a limit order */
        const char *high, *low, *close;
        const char *conservative, *ohlc, *olhc, *optimistic, *pessimistic;
    } list[] = {
        /* Up through 102, down to 94: stopped. The other way the low was before. */
        {"entered at a stop, the low may have been before", false, "103", "94", "101", "95", "95", NONE, NONE, "95"},
        {"entered at a stop, the close is beyond the stop", false, "103", "94", "94.5", "95", "95", "95", "95", "95"},
        {"entered at a limit, on the way to the stop", true, "103", "94", "101", "95", "95", "95", "95", "95"},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        const char *const want[] = {list[i].conservative, list[i].ohlc, list[i].olhc, list[i].optimistic,
                                    list[i].pessimistic};
        for (int m = 0; m < 5; m++) {
            begin(m);
            struct order order = entry("e", 1, SIDE_BUY, "100");
            order.order_type = list[i].falls ? ORDER_LIMIT : ORDER_STOP;
            *(list[i].falls ? &order.limit_price : &order.stop_price) = d(list[i].falls ? "98" : "102");
            order.time_in_force = TIF_GTC;
            add_leg(&order, ROLE_STOP, "95");
            require(submit(&order, 1) == 1 && bar(2, "100", list[i].high, list[i].low, list[i].close) == 0);
            check_fill(1, want[m], list[i].name, m);
        }
    }
}

/* What is drawn: of a thousand bars from 100 with a high of 104 and a low of 94 the high comes first, and a target at
 * 103 with it, as often as a walk without drift reaches 104 before 94, in 6 of 10: a deviation of four standard errors
 * is 4 sqrt(0.6 x 0.4 / 1000) = 0.062. Of limits that are only touched every second one fills: 0.063. */
static void test_drawn(void)
{
    int targets = 0, touched = 0, again = 0, other = 0;
    bool within = true;
    for (int pass = 0; pass < 3; pass++)
        for (int i = 0; i < 1000; i++) {
            start("100000");
            sim.fills = (struct fill_terms){.model = fill_model_find("probabilistic"), .seed = pass == 2 ? 8 : 7};
            manager.costs.slippage_bps = 10 * DEC_ONE;
            struct order order = entry("e", 1 + i, SIDE_BUY, "100");
            add_leg(&order, ROLE_STOP, "95");
            add_leg(&order, ROLE_TARGET, "103");
            require(submit(&order, 1 + i) == 1 && bar(2 + i, "100", "104", "94", "100") == 0 && fill_count == 2);
            const bool target = fills[1].role == ROLE_TARGET;
            within = within && fills[0].price >= d("100") && fills[0].price <= d("100.2");
            static bool first[1000];
            if (pass == 0) {
                first[i] = target;
                targets += target;
            } else
                *(pass == 1 ? &again : &other) += target != first[i];
        }
    for (int i = 0; i < 1000; i++) {
        start("100000");
        sim.fills = (struct fill_terms){.model = fill_model_find("probabilistic"), .seed = 7};
        struct order order = entry("x", 1 + i, SIDE_BUY, "100");
        order.order_type = ORDER_LIMIT;
        order.limit_price = d("95");
        require(submit(&order, 1 + i) == 1 && bar(2 + i, "100", "104", "95", "100") == 0);
        touched += fill_count;
    }
    printf("# %d targets, %d touched\n", targets, touched);
    check(targets > 538 && targets < 662, "the nearer extreme comes first as often as it should");
    check(touched > 437 && touched < 563, "every second limit order that is touched fills");
    check(within, "what slips is 0 to twice the slippage");
    check(again == 0, "the same seed draws the same");
    check(other > 300, "another seed does not");
}

static int bar_with_volume(int n, const char *open, const char *high, const char *low, double volume)
{
    const struct candle candle = {.time = DAY(n),
                                  .opens = OPEN(n),
                                  .end = CLOSE(n),
                                  .open = d(open),
                                  .high = d(high),
                                  .low = d(low),
                                  .close = d(open),
                                  .volume = volume};
    return put(ledger_slot(&ledger, "AAA", &error), one_day, &candle);
}

/* Of 400 traded 40 are for us. sigma is 10 / 1.66510922 = 6.00561; the price of 40 of 400 is moved by 6.00561 x
 * sqrt(0.1) = 1.89914, to 101.90 up to a tick. The 60 that are left are 6 % of the next bar, which stood at 102. */
static void test_volume(void)
{
    start("100000");
    sim.fills.model = fill_model_find("volume");
    struct order order = entry("x", 1, SIDE_BUY, "100");
    order.time_in_force = TIF_GTC;
    require(submit(&order, 1) == 1);
    check(bar_with_volume(2, "100", "105", "95", 0) == 0 && fill_count == 0, "a bar without a volume fills nothing");
    check(bar_with_volume(3, "100", "105", "95", 9) == 0 && fill_count == 0, "nor one of which a tenth is no share");
    check(bar_with_volume(4, "100", "105", "95", 400) == 0 && fill_count == 1, "a tenth of a bar");
    check(fills[0].quantity == d("40") && fills[0].price == d("101.9"), "40 at 101.90");
    check_dec(fills[0].slippage, "76", "40 x 1.90");
    check(bar_with_volume(5, "102", "102", "102", 1000) == 0 && fill_count == 2, "the rest in the next");
    check(fills[1].quantity == d("60") && fills[1].price == d("102"), "60 at 102: it did not move");

    /* 10 basis points of 101.89914 are 0.10190: 102.00104, 102.01 up to a tick. */
    start("100000");
    sim.fills.model = fill_model_find("volume");
    manager.costs.slippage_bps = 10 * DEC_ONE;
    order = entry("x", 1, SIDE_BUY, "40");
    require(submit(&order, 1) == 1 && bar_with_volume(4, "100", "105", "95", 400) == 0 && fill_count == 1);
    check_dec(fills[0].price, "102.01", "slippage comes on top");

    start("100000");
    sim.fills.model = fill_model_find("volume");
    order = entry("x", 1, SIDE_BUY, "100");
    order.order_type = ORDER_LIMIT;
    order.limit_price = d("99");
    require(submit(&order, 1) == 1 && bar_with_volume(4, "100", "105", "95", 400) == 0 && fill_count == 1);
    check(fills[0].quantity == d("40") && fills[0].price == d("99"), "a limit order moves nothing, and gets its share");
}

/* Half of a position of 100 that comes in parts of 40 and 60 goes at 110: 20, then 50. And when the stop that the first
 * part brought was cancelled by hand, that of the second protects all of it. */
static void test_legs_of_parts(void)
{
    for (int with_stop = 0; with_stop < 2; with_stop++) {
        start("100000");
        sim.fills.model = fill_model_find("volume");
        struct order order = entry("x", 1, SIDE_BUY, "100");
        order.time_in_force = TIF_GTC;
        if (with_stop != 0)
            add_leg(&order, ROLE_STOP, "90");
        add_leg(&order, ROLE_TARGET, "110");
        order.legs[order.leg_count - 1].share = DEC_ONE / 2;
        require(submit(&order, 1) == 1 && bar_with_volume(2, "100", "105", "95", 400) == 0);
        for (size_t i = 0; i < ledger.open_orders; i++)
            if (ledger.open_order[i]->order.role == ROLE_TARGET)
                check_dec(ledger.open_order[i]->order.quantity, "20", "half of the first part");
        for (size_t i = ledger.open_orders; i-- > 0;)
            if (ledger.open_order[i]->order.role == ROLE_STOP)
                require(orders_cancel(&manager, ledger.open_order[i]->order.id, CLOSE(2), "by hand", &error) == 1);
        require(bar_with_volume(3, "102", "102", "102", 1000) == 0 && fill_count == 2);
        for (size_t i = 0; i < ledger.open_orders; i++)
            check_dec(ledger.open_order[i]->order.quantity,
                      ledger.open_order[i]->order.role == ROLE_STOP ? "100" : "50",
                      "of the position, not of what legs were for");
        require(bar_with_volume(4, "112", "112", "112", 1000) == 0 && fill_count == 3);
        check_dec(fills[2].quantity, "50", "half of it is sold");
        check_dec(position(), "50", "and half stays");
    }
}

static dec quoted;

static dec half_spread(void *context, int slot)
{
    (void)context, (void)slot;
    return quoted;
}

/* Bid and ask 0.10 apart. */
static void test_spread(void)
{
    static const struct {
        const char *name;
        enum side side;
        enum order_type type;
        const char *price, *low, *want;
    } list[] = {
        {"a purchase: 100 + 0.05", SIDE_BUY, ORDER_MARKET, "", "95", "100.05"},
        {"a sale: 100 - 0.05", SIDE_SELL_SHORT, ORDER_MARKET, "", "95", "99.95"},
        {"a stop at 104: + 0.05", SIDE_BUY, ORDER_STOP, "104", "95", "104.05"},
        {"a limit at 95, the ask came to it", SIDE_BUY, ORDER_LIMIT, "95", "94.95", ""},
        {"a limit at 95, the ask came below it", SIDE_BUY, ORDER_LIMIT, "95", "94.94", "95"},
        {"a limit above the ask of the open: the ask", SIDE_BUY, ORDER_LIMIT, "101", "95", "100.05"},
        {"a limit within the spread of the open, from the course", SIDE_BUY, ORDER_LIMIT, "100.02", "95", "100.02"},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        start("100000");
        sim.fills.model = fill_model_find("spread");
        sim.half_spread = half_spread;
        quoted = d("0.05");
        struct order order = entry("x", 1, list[i].side, "100");
        order.order_type = list[i].type;
        if (list[i].type != ORDER_MARKET)
            *(list[i].type == ORDER_STOP ? &order.stop_price : &order.limit_price) = d(list[i].price);
        require(submit(&order, 1) == 1 && bar(2, "100", "105", list[i].low, "100") == 0);
        if (list[i].want[0] == '\0')
            check(fill_count == 0, "spread: %s", list[i].name);
        else
            check(fill_count == 1 && fills[0].price == d(list[i].want), "spread: %s", list[i].name);
    }
    start("100000");
    sim.fills.model = fill_model_find("spread");
    sim.half_spread = half_spread;
    quoted = DEC_NONE;
    struct order order = entry("x", 1, SIDE_BUY, "100");
    check(submit(&order, 1) == 1 && bar(2, "100", "105", "95", "100") == -1 && error.code == EXIT_USAGE,
          "where nothing was quoted the model has no answer");
    error_clear(&error);
}

/* The words of the setting, of the option and the models are the same. */
static void test_names(void)
{
    char words[256] = "";
    for (int i = 0; fill_models[i] != NULL; i++) {
        const size_t n = strlen(words);
        (void)snprintf(words + n, sizeof words - n, "%s%s", i == 0 ? "" : " ", fill_models[i]->name);
        check(fill_models[i]->words != NULL && fill_models[i]->words[0] != '\0', "%s says what it assumes",
              fill_models[i]->name);
    }
    check_text(setting_find("account", "fills")->words, words, "the setting knows every model");
    check_text(TERMS_FILLS, words, "the option does");
    check(fill_model_find("optimist") == NULL, "there are no others");
}

int main(void)
{
    test_orders();
    test_legs(both, sizeof both / sizeof *both, true);
    test_legs(same, sizeof same / sizeof *same, false);
    test_course();
    test_drawn();
    test_volume();
    test_legs_of_parts();
    test_spread();
    test_names();
    sha256_free(manager.hash);
    ledger_clear(&ledger);
    return done();
}
