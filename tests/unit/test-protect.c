/* How long orders live, and that exits and legs are as large as the position they reduce. Prices and sums computed by
 * hand beside the checks. */
#include "order/internal.h"
#include "record/order_kinds.h"
#include "trading.h"

#include "base/zone.h"

/* Nothing fills after its valid_until, whether or not there was a moment in between: not an entry, not an exit, at no
 * kind of price, on no kind of bar. */
static void test_expiry(void)
{
    static const struct {
        enum order_type type;
        bool exit;
        const char *price;
    } kinds[] = {{ORDER_MARKET, false, NULL}, {ORDER_LIMIT, false, "105"}, {ORDER_STOP, false, "95"},
                 {ORDER_MARKET, true, NULL},  {ORDER_LIMIT, true, "95"},   {ORDER_STOP, true, "105"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        for (int moment = 0; moment < 2; moment++) {
            start("100000");
            struct order order = entry("in", 1, SIDE_BUY, "10");
            if (kinds[i].exit) {
                require(submit(&order, 1) == 1 && bar(2, "100", "101", "99", "100") == 0 && position() == d("10"));
                order = make_order("out", CLOSE(2), "AAA", SIDE_SELL, "10", ROLE_EXIT);
            }
            order.order_type = kinds[i].type;
            if (kinds[i].price != NULL)
                *(order.order_type == ORDER_LIMIT ? &order.limit_price : &order.stop_price) = d(kinds[i].price);
            order.valid_until = CLOSE(3);
            const dec held = position();
            const int before = fill_count;
            require(submit(&order, 2) == 1);
            struct worth worth;
            if (moment)
                require(orders_finish(&manager, CLOSE(3), true, &worth, &error) == 0);
            /* The symbol has no bar on day 3; on day 4 every kind of price would fill. */
            check(bar(4, "100", "106", "94", "100") == 0 && fill_count == before && position() == held,
                  "%s %s: nothing after its day, %s a moment of another symbol", kinds[i].exit ? "exit" : "entry",
                  order_type_text(kinds[i].type), moment ? "with" : "without");
            check(last_update.status == STATUS_EXPIRED && last_update.time == CLOSE(3) && ledger.open_orders == 0,
                  "it has expired, at the close of day 3");
        }

    /* A minute before the close, halted, and the next bar is of the morning after. A minute that ends at the close is
       still in time; of one that goes on longer only the open is. */
    const struct {
        int64_t opens, ends;
        const char *limit; /* NULL: market */
        int fills;
        const char *name;
    } minutes[] = {
        {OPEN(3), OPEN(3) + TIME_MINUTE, NULL, 0, "the first minute of the morning after"},
        {CLOSE(2) - TIME_MINUTE, CLOSE(2), NULL, 1, "the last minute of its day"},
        {CLOSE(2) - TIME_MINUTE, CLOSE(2), "99", 1, "the last minute of its day, at its limit"},
        {CLOSE(2), CLOSE(2) + TIME_MINUTE, NULL, 0, "a minute that opens when it ends"},
        {CLOSE(2) - TIME_MINUTE, CLOSE(2) + TIME_MINUTE, NULL, 1, "a bar that is open when it ends, at the open"},
        {CLOSE(2) - TIME_MINUTE, CLOSE(2) + TIME_MINUTE, "99", 0, "in the course of it: nobody knows when that was"},
        {CLOSE(2) - TIME_MINUTE, CLOSE(2) + TIME_MINUTE, "101", 1, "at a limit that the open betters"},
    };
    static const struct interval minute = {INTERVAL_MINUTE, 1};
    for (size_t i = 0; i < sizeof minutes / sizeof *minutes; i++) {
        start("100000");
        struct order order = entry("m", 2, SIDE_BUY, "10");
        order.time = CLOSE(2) - 2 * TIME_MINUTE;
        order.valid_until = CLOSE(2);
        if (minutes[i].limit != NULL) {
            order.order_type = ORDER_LIMIT;
            order.limit_price = d(minutes[i].limit);
        }
        struct refusal refusal;
        const struct candle candle = {.time = minutes[i].opens,
                                      .opens = minutes[i].opens,
                                      .end = minutes[i].ends,
                                      .open = d("100"),
                                      .high = d("101"),
                                      .low = d("98"),
                                      .close = d("100")};
        check(orders_submit(&manager, &order, order.time, &refusal, &error) == 1 &&
                  put(ledger_find_slot(&ledger, "AAA"), minute, &candle) == 0 && fill_count == minutes[i].fills,
              "an order of the day: %s", minutes[i].name);
    }
}

/* Σ of what works of a role, and of how many orders. */
static dec working(enum role role, int *count)
{
    dec total = 0;
    *count = 0;
    for (size_t i = 0; i < ledger.open_orders; i++)
        if (ledger.open_order[i]->order.role == role) {
            total += ledger.open_order[i]->order.quantity - ledger.open_order[i]->filled;
            ++*count;
        }
    return total;
}

static bool legs_are(const char *quantity, int each)
{
    int stops, targets;
    const dec stop = working(ROLE_STOP, &stops), target = working(ROLE_TARGET, &targets);
    return stop == d(quantity) && target == d(quantity) && stops == each && targets == each;
}

static dec unprotected(void)
{
    return ledger_unprotected(&ledger, ledger_holding(&ledger, "s", ledger_find_slot(&ledger, "AAA")));
}

/* What is not yet sold stays protected, whatever exit works, however it ends. */
static void test_protection(void)
{
    enum ends { CANCELLED, EXPIRED, FILLED, HALTED };
    static const struct {
        enum order_type type;
        const char *price, *quantity;
        enum ends ends;
        const char *left, *name;
    } cases[] = {
        {ORDER_MARKET, NULL, "100", CANCELLED, "100", "an exit of all, cancelled"},
        {ORDER_MARKET, NULL, "100", EXPIRED, "100", "an exit of all, expired"},
        {ORDER_LIMIT, "150", "100", CANCELLED, "100", "a distant exit of all, cancelled"},
        {ORDER_LIMIT, "150", "40", EXPIRED, "100", "a distant exit of a part, expired"},
        {ORDER_STOP, "50", "40", CANCELLED, "100", "a distant stop of a part, cancelled"},
        {ORDER_MARKET, NULL, "40", FILLED, "60", "a market exit of a part"},
        {ORDER_LIMIT, "101", "40", FILLED, "60", "a limit exit of a part"},
        {ORDER_LIMIT, "99", "40", FILLED, "60", "a limit exit of a part at the better open"},
        {ORDER_STOP, "99", "40", FILLED, "60", "a stop of a part"},
        {ORDER_MARKET, NULL, "100", FILLED, "0", "a market exit of all"},
        {ORDER_LIMIT, "101", "100", FILLED, "0", "a limit exit of all"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        open_bracket("95", "110");
        require(bar(2, "100", "101", "99", "100") == 0);
        struct order out = make_order("x", CLOSE(2), "AAA", SIDE_SELL, cases[i].quantity, ROLE_EXIT);
        out.order_type = cases[i].type;
        if (cases[i].price != NULL)
            *(out.order_type == ORDER_LIMIT ? &out.limit_price : &out.stop_price) = d(cases[i].price);
        if (cases[i].ends == EXPIRED)
            out.valid_until = CLOSE(3);
        check(submit(&out, 2) == 1 && legs_are("100", 1), "%s: the legs stay", cases[i].name);
        struct worth worth;
        if (cases[i].ends == CANCELLED)
            require(orders_cancel(&manager, "x", CLOSE(3), "by hand", &error) == 1);
        else if (cases[i].ends == EXPIRED)
            require(orders_finish(&manager, CLOSE(3), true, &worth, &error) == 0);
        else
            require(bar(3, "100", "102", "98", "100") == 0);
        const bool none = cases[i].left[0] == '0';
        check(legs_are(cases[i].left, none ? 0 : 1) && position() == d(cases[i].left) && unprotected() == 0,
              "%s: the legs are as large as what is left", cases[i].name);
        check(bar(4, "94", "94", "90", "91") == 0 && position() == 0 && ledger.open_orders == 0 &&
                  (none ||
                   (fills[fill_count - 1].role == ROLE_STOP && fills[fill_count - 1].quantity == d(cases[i].left) &&
                    fills[fill_count - 1].price == d("94"))),
              "%s: the stop sells it", cases[i].name);
    }

    /* A stop limit at 95, set off by an open of 94 below its limit of 95: it waits for 95, and nothing stops the fall.
     */
    open_bracket("95", "110");
    require(bar(2, "100", "101", "99", "100") == 0);
    for (size_t i = 0; i < ledger.open_orders; i++)
        if (ledger.open_order[i]->order.role == ROLE_STOP) {
            ledger.open_order[i]->order.order_type = ORDER_STOP_LIMIT;
            ledger.open_order[i]->kind = order_kind(ORDER_STOP_LIMIT);
            ledger.open_order[i]->order.limit_price = d("95");
        }
    check(unprotected() == 0, "a stop limit protects as long as it waits");
    check(bar(3, "94", "94", "90", "91") == 0 && position() == d("100") && unprotected() == d("100"),
          "set off and not filled it protects nothing");

    /* The market exit goes first where the open would fill the target too, and both where only a part is decided. */
    open_bracket("95", "110");
    manager.costs = (struct costs){.slippage_ticks = 2 * DEC_ONE};
    require(bar(2, "100", "101", "99", "100") == 0);
    struct order out = make_order("x", CLOSE(2), "AAA", SIDE_SELL, "40", ROLE_EXIT);
    check(submit(&out, 2) == 1 && bar(3, "115", "116", "114", "115") == 0 && fill_count == 3, "a gap to the target");
    check(fills[1].role == ROLE_EXIT && fills[1].price == d("114.98") && fills[2].role == ROLE_TARGET &&
              fills[2].price == d("115") && fills[2].quantity == d("60") && position() == 0,
          "40 by the exit at 115 - 2 x 0.01, the other 60 by the target at 115");

    /* Two entries, 10 with a stop at 90 and 10 with one at 91: lots go oldest first, and so do their legs. */
    static const struct {
        const char *sold, *stops, *first;
        int count;
    } sales[] = {{"4", "16", "6", 2}, {"10", "10", "10", 1}, {"15", "5", "5", 1}};
    for (size_t i = 0; i < sizeof sales / sizeof *sales; i++) {
        start("100000");
        struct order first = entry("n1", 1, SIDE_BUY, "10"), second = entry("n2", 1, SIDE_BUY, "10");
        add_leg(&first, ROLE_STOP, "90");
        add_leg(&second, ROLE_STOP, "91");
        require(submit(&first, 1) == 1 && submit(&second, 1) == 1 && bar(2, "100", "101", "99", "100") == 0);
        out = make_order("x", CLOSE(2), "AAA", SIDE_SELL, sales[i].sold, ROLE_EXIT);
        int count;
        check(submit(&out, 2) == 1 && bar(3, "100", "101", "99", "100") == 0 &&
                  working(ROLE_STOP, &count) == d(sales[i].stops) && count == sales[i].count &&
                  ledger.open_order[0]->order.quantity == d(sales[i].first),
              "of two stops of ten, after %s are sold", sales[i].sold);
        check(ledger.open_order[0]->order.stop_price == d(sales[i].count == 2 ? "90" : "91"), "the oldest goes first");
        check(sales[i].count == 1 || (last_update.quantity == d("6") && last_update.status == STATUS_ACCEPTED),
              "its new size is told");
    }

    open_bracket(NULL, "110");
    require(bar(2, "100", "101", "99", "100") == 0);
    check_dec(unprotected(), "100", "a target is no protection");
    require(submit(&out, 2) == 1);
    check_dec(unprotected(), "100", "nor is an exit that has not sold");
}

/* An entry against the position of its own instance: the legs of the side that is gone go with it. */
static void test_turned_over(void)
{
    static const struct {
        const char *quantity, *held, *stops;
        bool legs;
        const char *name;
    } cases[] = {
        {"4", "6", "6", false, "a part is taken back"},
        {"10", "0", "0", false, "all of it"},
        {"30", "-20", "0", false, "more: it is short"},
        {"30", "-20", "20", true, "more, with a stop: for what is short"},
        {"4", "6", "6", true, "a part, with a stop: no leg of the other side"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        start("100000");
        struct order order = entry("e1", 1, SIDE_BUY, "10"),
                     against = entry("e2", 2, SIDE_SELL_SHORT, cases[i].quantity);
        add_leg(&order, ROLE_STOP, "90");
        if (cases[i].legs)
            add_leg(&against, ROLE_STOP, "110");
        require(submit(&order, 1) == 1 && bar(2, "100", "101", "99", "100") == 0 && submit(&against, 2) == 1);
        int count = 0;
        check(bar(3, "100", "101", "99", "100") == 0 && position() == d(cases[i].held) &&
                  working(ROLE_STOP, &count) == d(cases[i].stops) && count == (cases[i].stops[0] != '0'),
              "%s", cases[i].name);
        check(count == 0 || (ledger.open_order[0]->order.side == SIDE_SELL) == (position() > 0),
              "the legs are of its side");
        const int before = fill_count;
        check(bar(4, "100", "109", "91", "100") == 0 && fill_count == before, "nothing sells what is not there");
    }
}

/* Legs and exits after a split are as large as what it has left, in whole lots. */
static void test_split_sizes(void)
{
    static const struct {
        const char *quantity; /* of each of the entries */
        int entries;
        int64_t new_shares, old_shares;
        const char *held;
        const char *stops[3]; /* what is left of them, in their order; NULL: gone */
    } cases[] = {
        {"101", 1, 3, 2, "151", {"151"}},          /* 151.5: half a share is sold */
        {"100", 1, 1, 3, "33", {"33"}},            /* 33.33… */
        {"1", 3, 1, 3, "1", {NULL, "1", NULL}},    /* a third each: 0.33, 0.67, 1 to whole ones */
        {"50", 2, 3, 4, "75", {"38", "37"}},       /* 37.5 and 75: 37.5 is a tie, to the even 38 */
        {"101", 2, 1, 2, "101", {"50", "51"}},     /* 50.5 each: a tie, to the even 50 */
        {"10", 3, 2, 1, "60", {"20", "20", "20"}}, /* nothing to round */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int side = 0; side < 2; side++) {
            start("1000000");
            for (int k = 0; k < cases[i].entries; k++) {
                struct order order = entry("e1", 1, side == 0 ? SIDE_BUY : SIDE_SELL_SHORT, cases[i].quantity);
                order.id[1] = (char)('1' + k);
                add_leg(&order, ROLE_STOP, side == 0 ? "90" : "110");
                require(submit(&order, 1) == 1);
            }
            require(bar(2, "100", "101", "99", "100") == 0);
            struct order out =
                make_order("x", CLOSE(2), "AAA", side == 0 ? SIDE_SELL : SIDE_BUY_TO_COVER, "1", ROLE_EXIT);
            out.quantity = position() < 0 ? -position() : position();
            out.order_type = ORDER_LIMIT;
            out.limit_price = d(side == 0 ? "5000" : "0.5");
            require(submit(&out, 2) == 1);
            const struct action split = make_split("sp", DAY(3), "AAA", cases[i].new_shares, cases[i].old_shares);
            check(orders_action(&manager, &split, &error) == 0 &&
                      (side == 0 ? 1 : -1) * position() == d(cases[i].held) && unprotected() == 0,
                  "%lld for %lld of %d x %s", (long long)split.new_shares, (long long)split.old_shares,
                  cases[i].entries, cases[i].quantity);
            size_t at = 0;
            bool same = true;
            for (int k = 0; k < 3; k++)
                if (cases[i].stops[k] != NULL)
                    same = same && at < ledger.open_orders &&
                           ledger.open_order[at++]->order.quantity == d(cases[i].stops[k]);
            check(same && ledger.open_orders == at + 1, "its stops are whole, and as large together");
            check(ledger.open_order[at]->order.role == ROLE_EXIT &&
                      ledger.open_order[at]->order.quantity == d(cases[i].held),
                  "and its exit");
        }
}

/* Short 600 at 100 with 50000: equity 50000 + 60000 - 600 x price, maintenance 30 % of 600 x price (FINRA 4210), so
 * they meet where 110000 = 780 x price, at 141.03. */
static void test_maintenance(void)
{
    start("50000");
    manager.limits.max_position = 2 * DEC_ONE;
    struct order order = entry("s", 1, SIDE_SELL_SHORT, "600");
    require(submit(&order, 1) == 1 && bar(2, "100", "100", "100", "100") == 0);
    check(bar(3, "141", "141", "141", "141") == 0 && alert_count == 0,
          "25400 of equity, 25380 of maintenance: no word");
    check(bar(4, "141.1", "141.1", "141.1", "141.1") == 0 && alert_count == 1, "25340 and 25398: an alert");
    check(position() == d("-600"), "and no more than that");

    /* Long only and paid in full is never below 25 % of itself. */
    start("50000");
    order = entry("l", 1, SIDE_BUY, "500");
    require(submit(&order, 1) == 1 && bar(2, "100", "100", "100", "100") == 0);
    check(bar(3, "1", "1", "1", "1") == 0 && alert_count == 0, "what is paid for needs no margin");
}

/* Who decides before a dividend and submits after it has been paid to another strategy has prices of before it, as he
 * would have had they been working by then. */
static void test_late_dividend(void)
{
    static const struct {
        enum side side;
        const char *limit, *stop, *target; /* NULL: market */
        const char *want_limit, *want_stop, *want_target, *name;
    } cases[] = {
        {SIDE_BUY, NULL, "96", "120", NULL, "91", "120",
         "the stop of an entry to buy goes down by 5, its target stays"},
        {SIDE_BUY, "98", "96", "120", "93", "91", "120", "and its limit"},
        {SIDE_SELL_SHORT, "104", "110", "96", "104", "110", "91", "of a short sale only the target"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int held = 0; held < 2; held++)
            for (int late = 0; late < 2; late++) {
                start("100000");
                if (held) {
                    struct order other = entry("o", 1, cases[i].side, "10");
                    (void)snprintf(other.strategy, sizeof other.strategy, "t");
                    require(submit(&other, 1) == 1);
                }
                require(bar(2, "100", "101", "99", "100") == 0);
                struct order order = entry("e", 2, cases[i].side, "10");
                order.time_in_force = TIF_GTC;
                if (cases[i].limit != NULL) {
                    order.order_type = ORDER_LIMIT;
                    order.limit_price = d(cases[i].limit);
                }
                add_leg(&order, ROLE_STOP, cases[i].stop);
                add_leg(&order, ROLE_TARGET, cases[i].target);
                const struct action dividend = make_dividend("dv", DAY(3), "AAA", "5");
                if (!late)
                    require(submit(&order, 2) == 1);
                require(orders_action(&manager, &dividend, &error) == 0);
                if (late)
                    require(orders_submit(&manager, &order, DAY(3) + TIME_HOUR, &(struct refusal){0}, &error) == 1);
                /* In the morning everybody's data begin with the action: an account that had nothing yet gets to it. */
                require(orders_action(&manager, &dividend, &error) == 0);
                const struct order *now = &ledger_open_order(&ledger, "e")->order;
                check((cases[i].limit == NULL || now->limit_price == d(cases[i].want_limit)) &&
                          now->legs[0].stop_price == d(cases[i].want_stop) &&
                          now->legs[1].limit_price == d(cases[i].want_target),
                      "%s: %s by another, submitted %s", cases[i].name, held ? "held" : "not held",
                      late ? "after it" : "before it");
            }
}

/* Somebody else's event has made the position smaller, and no order knows of it yet: 40 of 100 are sold elsewhere. The
 * stop, still for 100, sells the 60 that are left, and the account is not short. */
static void test_smaller_by_others(void)
{
    open_bracket("95", NULL);
    require(bar(2, "100", "101", "99", "100") == 0);
    const struct fill fill = make_fill("else", CLOSE(2), "AAA", SIDE_SELL, "40", "100", "0");
    require(ledger_apply(&ledger, RECORD_FILL, &fill, &error) == 0 && position() == d("60"));
    check(bar(3, "96", "97", "94", "95") == 0 && fill_count == 2 && fills[1].quantity == d("60") &&
              fills[1].price == d("95") && position() == 0 && ledger.open_orders == 0,
          "an exit that is larger than its position sells what there is");
    check(last_update.status == STATUS_CANCELED, "and is over without the rest");
    check_text(last_update.reason, "nothing left to reduce", "it says why");
}

/* How long an order works: the NYSE of July 2024, whose 3rd closes at 13:00 and whose 4th is a holiday. */
static void test_lasting(void)
{
    static const struct {
        const char *what, *time;
        enum time_in_force tif;
        const char *expires, *until, *want; /* want NULL: an error */
    } list[] = {
        {"for the day", "2024-07-03T12:00:00Z", TIF_DAY, NULL, NULL, "2024-07-03T17:00:00Z"},
        {"for the day, after it", "2024-07-03T17:00:00Z", TIF_DAY, NULL, NULL, "2024-07-05T20:00:00Z"},
        {"for the day, less long", "2024-07-03T12:00:00Z", TIF_DAY, NULL, "2024-07-03T14:00:00Z",
         "2024-07-03T14:00:00Z"},
        {"for an open", "2024-07-03T12:00:00Z", TIF_OPG, NULL, NULL, "2024-07-03T17:00:00Z"},
        {"for an open, at it", "2024-07-03T13:30:00Z", TIF_OPG, NULL, NULL, "2024-07-03T17:00:00Z"},
        {"for an open, after it", "2024-07-03T13:31:00Z", TIF_OPG, NULL, NULL, "2024-07-05T20:00:00Z"},
        {"until a date", "2024-07-02T12:00:00Z", TIF_GTD, "2024-07-03", NULL, "2024-07-03T17:00:00Z"},
        {"until a holiday ends", "2024-07-02T12:00:00Z", TIF_GTD, "2024-07-04", NULL, "2024-07-05T04:00:00Z"},
        {"until a date, less long", "2024-07-02T12:00:00Z", TIF_GTD, "2024-07-03", "2024-07-03T14:00:00Z",
         "2024-07-03T14:00:00Z"},
        {"until a date, longer", "2024-07-02T12:00:00Z", TIF_GTD, "2024-07-03", "2024-07-09T14:00:00Z",
         "2024-07-03T17:00:00Z"},
        {"until a moment", "2024-07-02T12:00:00Z", TIF_GTD, NULL, "2024-07-09T14:00:00Z", "2024-07-09T14:00:00Z"},
        {"for a day that no calendar knows", "2262-01-06T12:00:00Z", TIF_DAY, NULL, NULL, NULL},
        {"for such an open", "2262-01-06T12:00:00Z", TIF_OPG, NULL, NULL, NULL},
        {"until such a date", "2024-07-02T12:00:00Z", TIF_GTD, "2262-01-04", NULL, NULL},
    };
    struct zone *zone = zone_open("America/New_York", &error);
    struct calendar nyse;
    int64_t from;
    require(zone != NULL && calendar_init(&nyse, "nyse", zone, &error) == 0);
    start("1000");
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        struct order order = make_order("o", at(list[i].time), "AAA", SIDE_BUY, "1", ROLE_ENTRY);
        order.time_in_force = list[i].tif;
        if (list[i].expires != NULL) {
            struct date date;
            require(date_parse(&date, list[i].expires, 10, &error) == 0);
            order.expires = date_to_days(date);
        }
        if (list[i].until != NULL)
            order.valid_until = at(list[i].until);
        const int status = orders_find_end(&nyse, &order, &error);
        check(list[i].want == NULL ? status == -1 && error.code == EXIT_INPUT
                                   : status == 0 && order.valid_until == at(list[i].want),
              "%s", list[i].what);
        error_clear(&error);
    }
    manager.calendar = &nyse;
    check(orders_sessions_after(&manager, "AAA", at("2024-07-03T12:00:00Z"), 2, &from, &error) == 0 &&
              from == at("2024-07-05T20:00:00Z"),
          "two sessions on");
    check(orders_sessions_after(&manager, "AAA", at("2262-01-06T12:00:00Z"), 2, &from, &error) == -1 &&
              error.code == EXIT_INPUT,
          "two that no calendar knows");
    error_clear(&error);
    manager.calendar = NULL;
    check(orders_sessions_after(&manager, "AAA", at("2024-07-03T12:00:00Z"), 2, &from, &error) == -1 &&
              error.code == EXIT_STATE,
          "two of no calendar");
    error_clear(&error);
    zone_free(zone);
}

/* A future that is sold short at 100 and whose last price is 90 when its last day ends: it is bought back at that, 10 x
 * 10. Of a second strategy an order works and nothing is held. */
static void test_expired(void)
{
    start("100000");
    stock.kind = INSTRUMENT_KIND_FUTURE;
    stock.first_day = DAY(0) / TIME_DAY;
    stock.last_day = stock.expiry = DAY(3) / TIME_DAY;
    struct order order = entry("short", 1, SIDE_SELL_SHORT, "10");
    struct order other = entry("other", 1, SIDE_SELL_SHORT, "1");
    other.order_type = ORDER_LIMIT;
    other.limit_price = d("150");
    other.time_in_force = TIF_GTC;
    memcpy(other.strategy, "t", 2);
    require(submit(&order, 1) == 1 && submit(&other, 1) == 1 && bar(2, "100", "101", "89", "90") == 0);
    check(position() == -d("10") && ledger.open_orders == 1, "a future that is held short");
    struct worth worth;
    check(orders_finish(&manager, CLOSE(5), true, &worth, &error) == 0 && position() == 0 && ledger.open_orders == 0,
          "after its last day nothing is held, and nothing works");
    check(last_update.status == STATUS_EXPIRED && alert_count == 1 && fills[fill_count - 1].side == SIDE_BUY_TO_COVER,
          "it is bought back, and that is told");
    check_dec(ledger.cash, "100100", "at the last price: 10 x (100 - 90)");
    stock = (struct instrument)INSTRUMENT_STOCK;
}

int main(void)
{
    test_smaller_by_others();
    test_expiry();
    test_lasting();
    test_expired();
    test_protection();
    test_turned_over();
    test_split_sizes();
    test_maintenance();
    test_late_dividend();
    sha256_free(manager.hash);
    ledger_clear(&ledger);
    return done();
}
