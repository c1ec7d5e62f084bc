/* Orders against bars: every rule of order/manager.h, with prices and sums computed by hand beside the checks. */
#include "trading.h"

static void test_market(void)
{
    start("100000");
    struct order order = entry("m1", 1, SIDE_BUY, "100");
    check(submit(&order, 1) == 1, "a market order is taken");
    check(is_refused(&order, 1, "DUPLICATE"), "once");
    check(bar(1, "99", "101", "98", "100") == 0 && fill_count == 0, "the bar it was decided on never fills it");
    check(bar(2, "102", "103", "101", "101.5") == 0 && fill_count == 1, "the next one does");
    check_dec(fills[0].price, "102", "at its open");
    check(fills[0].time == OPEN(2), "at the time of its open");
    check_text(fills[0].id, "m1.1", "the fill's id");
    check(last_update.status == STATUS_FILLED, "the order is filled");
    check_dec(last_update.average_price, "102", "at this average");
    check_dec(ledger.cash, "89800", "cash: 100000 - 100 x 102");
    check_dec(equity_of(&ledger), "99950", "marked at the close: 89800 + 100 x 101.5");
    check(bar(3, "100", "100", "100", "100") == 0 && fill_count == 1, "and nothing more happens");

    start("100000");
    order = entry("m2", 1, SIDE_BUY, "100");
    order.valid_until = CLOSE(2);
    check(submit(&order, 1) == 1, "valid for a day");
    struct worth worth;
    check(orders_finish(&manager, CLOSE(2), true, &worth, &error) == 0 && last_update.status == STATUS_EXPIRED &&
              ledger.open_orders == 0,
          "it expires at the end of it");
    check(bar(3, "100", "100", "100", "100") == 0 && fill_count == 0, "and is never filled");
}

static void test_limits_and_stops(void)
{
    static const struct {
        enum side side;
        enum order_type type;
        const char *price, *open, *high, *low, *want, *name;
    } cases[] = {
        {SIDE_BUY, ORDER_LIMIT, "95", "100", "101", "95", "", "a buy limit that is touched does not fill"},
        {SIDE_BUY, ORDER_LIMIT, "95", "100", "101", "94.99", "95", "traded through, it fills at its price"},
        {SIDE_BUY, ORDER_LIMIT, "95", "94", "101", "93", "94", "at the better open"},
        {SIDE_BUY, ORDER_LIMIT, "95", "95", "101", "95", "", "an open at the limit is a touch"},
        {SIDE_SELL_SHORT, ORDER_LIMIT, "105", "100", "105", "99", "", "a sell limit that is touched does not fill"},
        {SIDE_SELL_SHORT, ORDER_LIMIT, "105", "100", "105.01", "99", "105", "traded through, at its price"},
        {SIDE_SELL_SHORT, ORDER_LIMIT, "105", "106", "107", "99", "106", "at the better open"},
        {SIDE_BUY, ORDER_STOP, "105", "100", "104.99", "99", "", "a buy stop that is not reached"},
        {SIDE_BUY, ORDER_STOP, "105", "100", "105", "99", "105", "touched, it fills at its price"},
        {SIDE_BUY, ORDER_STOP, "105", "107", "108", "99", "107", "or at the worse open"},
        {SIDE_SELL_SHORT, ORDER_STOP, "95", "100", "101", "95.01", "", "a sell stop that is not reached"},
        {SIDE_SELL_SHORT, ORDER_STOP, "95", "100", "101", "95", "95", "touched, at its price"},
        {SIDE_SELL_SHORT, ORDER_STOP, "95", "90", "101", "89", "90", "a gap through it: the open"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        start("100000");
        struct order order = entry("x", 1, cases[i].side, "100");
        order.order_type = cases[i].type;
        *(cases[i].type == ORDER_LIMIT ? &order.limit_price : &order.stop_price) = d(cases[i].price);
        order.time_in_force = TIF_GTC;
        const bool taken = submit(&order, 1) == 1;
        const int done = bar(2, cases[i].open, cases[i].high, cases[i].low, cases[i].open);
        if (cases[i].want[0] == '\0')
            check(taken && done == 0 && fill_count == 0 && ledger.open_orders == 1, "%s", cases[i].name);
        else
            check(taken && done == 0 && fill_count == 1 && fills[0].price == d(cases[i].want), "%s", cases[i].name);
    }
}

static void test_legs(void)
{
    open_bracket("95", "110");
    check(bar(2, "100", "112", "96", "105") == 0 && fill_count == 1 && ledger.open_orders == 2,
          "on the bar of the entry the target may not fill");
    check(bar(3, "105", "112", "94", "105") == 0 && fill_count == 2, "both legs in one bar:");
    check_dec(fills[1].price, "95", "the stop");
    check(fills[1].role == ROLE_STOP && ledger.open_orders == 0 && position() == 0, "and the target is cancelled");
    check_text(last_update.reason, "oco", "as its sibling");

    open_bracket("95", "110");
    check(bar(2, "100", "101", "94", "96") == 0 && fill_count == 2 && position() == 0, "but the stop may");
    check_dec(fills[1].price, "95", "at its price");
    check(fills[0].time == OPEN(2) && fills[1].time == CLOSE(2), "the entry at the open, the stop later in the bar");
    check_dec(ledger.cash, "99500", "100000 - 100 x 5");

    open_bracket("95", "110");
    check(bar(2, "100", "101", "99", "100") == 0 && bar(3, "100", "110", "99", "100") == 0 && fill_count == 1,
          "a target that is touched does not fill");
    check(bar(4, "100", "110.01", "99", "100") == 0 && fill_count == 2 && fills[1].price == d("110"), "traded through");
    check(ledger.open_orders == 0, "and the stop is cancelled");

    open_bracket("95", NULL);
    check(bar(2, "100", "101", "99", "100") == 0 && bar(3, "90", "92", "89", "91") == 0 && fill_count == 2, "a gap");
    check_dec(fills[1].price, "90", "fills the stop at the worse open");
    check(fills[1].time == OPEN(3), "at the open");

    open_bracket("95", NULL);
    check(bar(2, "95", "101", "94", "100") == 0 && fill_count == 0 && last_update.status == STATUS_REJECTED,
          "an entry that would fill at or beyond its own stop is rejected");
    check_text(last_update.reason, "BEYOND_STOP", "and says so");

    /* Exits come before entries at the open: the exit's cash pays the entry. */
    start("10000");
    struct order order = entry("a", 1, SIDE_BUY, "100");
    check(submit(&order, 1) == 1 && bar(2, "100", "100", "100", "100") == 0 && position() == d("100"), "all is spent");
    struct order other = entry("b", 2, SIDE_BUY, "100");
    (void)snprintf(other.strategy, sizeof other.strategy, "t");
    manager.limits.max_position = 3 * DEC_ONE;
    check(is_refused(&other, 2, "BUYING_POWER"), "what the account cannot pay is refused");
    struct order out = make_order("c", CLOSE(2), "AAA", SIDE_SELL, "100", ROLE_EXIT);
    check(submit(&out, 2) == 1 && ledger_apply(&ledger, RECORD_ORDER, &other, &error) == 0, "an exit and an entry");
    check(bar(3, "100", "100", "100", "100") == 0 && fill_count == 3 && fills[1].role == ROLE_EXIT,
          "at one open: the exit first");

    /* A plain sale, without a role: it reduces what is held and passes every limit, and cannot open a short position.
     */
    start("10000");
    order = entry("a", 1, SIDE_BUY, "50");
    add_leg(&order, ROLE_STOP, "80");
    check(submit(&order, 1) == 1 && bar(2, "100", "100", "100", "100") == 0 && position() == d("50"), "fifty are held");
    manager.limits.long_only = true;
    ledger.halted = true;
    struct order plain = make_order("p", CLOSE(2), "AAA", SIDE_SELL, "50", ROLE_NONE);
    check(submit(&plain, 2) == 1 && ledger.open_orders == 2, "a plain sale goes through a halt; the stop stays");
    struct order second = make_order("q", CLOSE(2), "AAA", SIDE_SELL, "1", ROLE_NONE);
    check(is_refused(&second, 2, "EXIT_EXCEEDS_POSITION"), "nothing is left for a second one");
    check(bar(3, "100", "100", "100", "100") == 0 && position() == 0 && ledger.open_orders == 0, "all is sold");

    /* AAA is stopped out in the course of the day for 100 x 95 = 9500; BBB asks for 100 x 50 = 5000 at that day's open,
       when only 10000 - 100 x 95 = 500 was there. */
    start("10000");
    order = entry("a", 1, SIDE_BUY, "95");
    add_leg(&order, ROLE_STOP, "95");
    check(submit(&order, 1) == 1 && bar(2, "100", "101", "99", "100") == 0 && position() == d("95"), "AAA is held");
    struct order later = make_order("b", CLOSE(2), "BBB", SIDE_BUY, "100", ROLE_ENTRY);
    later.reference_price = d("5");
    check(submit(&later, 2) == 1 && bar(3, "100", "100", "90", "92") == 0 && position() == 0, "AAA is stopped at 95");
    const struct candle other_bar = {.time = DAY(3),
                                     .opens = OPEN(3),
                                     .end = CLOSE(3),
                                     .open = d("50"),
                                     .high = d("50"),
                                     .low = d("50"),
                                     .close = d("50")};
    check(put(ledger_find_slot(&ledger, "BBB"), one_day, &other_bar) == 0 && last_update.status == STATUS_REJECTED,
          "what a stop brings in during the day does not pay for a purchase at its open");

    start("10000");
    order = entry("g", 1, SIDE_BUY, "99");
    check(submit(&order, 1) == 1 && bar(2, "102", "103", "101", "102") == 0 && fill_count == 0,
          "an open that the account cannot pay: 99 x 102 > 10000");
    check_text(last_update.reason, "BUYING_POWER", "rejects the entry");

    start("10000");
    order = entry("s", 1, SIDE_SELL_SHORT, "100");
    check(submit(&order, 1) == 1 && bar(2, "201", "201", "201", "201") == 0 && fill_count == 0,
          "a short sale needs half its amount: 10050 > 10000");
    start("10000");
    order = entry("s", 1, SIDE_SELL_SHORT, "100");
    check(submit(&order, 1) == 1 && bar(2, "199", "199", "199", "199") == 0 && position() == d("-100"),
          "and not more: 9950");
    dec power = 0;
    check(ledger_buying_power(&ledger, &power, &error) == 0, "what is left to spend");
    check_dec(power, "50", "10000 + 19900 - 1.5 x 19900");

    /* An hour's bar inside a day's: the legs of its fill do not take part in the bar around it. */
    open_bracket("95", "110");
    const struct candle hour = {.time = OPEN(2),
                                .opens = OPEN(2),
                                .end = OPEN(2) + TIME_HOUR,
                                .open = d("100"),
                                .high = d("115"),
                                .low = d("99"),
                                .close = d("101")};
    static const struct interval one_hour = {INTERVAL_HOUR, 1};
    check(put(ledger_find_slot(&ledger, "AAA"), one_hour, &hour) == 0 && fill_count == 1 &&
              bar(2, "100", "115", "99", "102") == 0 && fill_count == 1,
          "the high of the entry's hour does not fill the target by way of the daily bar");
    check(bar(3, "102", "111", "101", "110") == 0 && fill_count == 2, "the next day's may");
}

static void test_exits(void)
{
    open_bracket("95", "110");
    check(bar(2, "100", "101", "99", "100") == 0 && ledger.open_orders == 2, "held, two legs");
    struct order out = make_order("x", CLOSE(2), "AAA", SIDE_SELL, "100", ROLE_EXIT);
    check(submit(&out, 2) == 1 && ledger.open_orders == 3, "the legs stay until an exit has sold");
    out.id[0] = 'y';
    check(is_refused(&out, 2, "EXIT_EXCEEDS_POSITION"), "a second one is more than is held");
    check(bar(3, "94", "95", "93", "94") == 0 && fill_count == 2 && position() == 0, "it fills at the open");
    check_dec(fills[1].price, "94", "whatever that is");

    /* A sale by hand, without a role: once the position is gone, so are its legs. */
    open_bracket("95", "110");
    check(bar(2, "100", "101", "99", "100") == 0, "held");
    out = make_order("h", CLOSE(2), "AAA", SIDE_SELL, "100", ROLE_NONE);
    out.reduce_only = 1;
    check(submit(&out, 2) == 1 && bar(3, "100", "101", "99", "100") == 0 && position() == 0, "sold by hand");
    check(ledger.open_orders == 0, "no leg is left to sell the next position");

    /* Exits by role alone, without reduce_only, never sell more than there is. */
    open_bracket(NULL, NULL);
    check(bar(2, "100", "101", "99", "100") == 0 && position() == d("100"), "held");
    out = make_order("p", CLOSE(2), "AAA", SIDE_SELL, "100", ROLE_STOP);
    out.order_type = ORDER_STOP;
    out.stop_price = d("98");
    struct order more = out;
    more.id[0] = 'q';
    check(submit(&more, 2) == 1 && submit(&out, 2) == 1, "two stops by hand");
    check(bar(3, "97", "98", "96", "97") == 0 && position() == 0 && ledger.open_orders == 0, "one of them sells");
    check(fill_count == 2, "the other finds nothing");

    start("100000");
    struct order bad = entry("l", 1, SIDE_BUY, "100");
    bad.legs[0] = make_leg(ROLE_STOP, ORDER_LIMIT_IF_TOUCHED, d("94"), d("95"));
    bad.leg_count = 1;
    check(is_refused(&bad, 1, "LEGS"), "a stop that takes a profit is refused, not sold at the open");
    bad.legs[0] = make_leg(ROLE_TARGET, ORDER_STOP_LIMIT, d("94"), d("95"));
    check(is_refused(&bad, 1, "LEGS"), "and so is a target that stops");
    bad = entry("l", 1, SIDE_BUY, "100");
    add_leg(&bad, ROLE_STOP, "95");
    add_leg(&bad, ROLE_STOP, "94");
    check(is_refused(&bad, 1, "LEGS"), "two stops are refused");
    bad = entry("l", 1, SIDE_BUY, "100");
    bad.order_type = ORDER_STOP;
    bad.stop_price = d("105");
    for (enum time_in_force tif = TIF_IOC; tif <= TIF_CLS; tif++) {
        bad.time_in_force = tif;
        check(is_refused(&bad, 1, "TIME_IN_FORCE"), "%s of a stop is refused: it has nothing to do at once",
              time_in_force_text(tif));
    }
    bad.time_in_force = TIF_GTD;
    check(is_refused(&bad, 1, "TIME_IN_FORCE"), "and good till a date that nobody says");
    bad = entry("123456789012345678901234567890123456789012345678901", 1, SIDE_BUY, "100");
    check(is_refused(&bad, 1, "ORDER_ID"), "and an id too long for its fills to be told apart");

    /* Two entries of one signal have legs of their own. */
    struct order first = entry("n1", 1, SIDE_BUY, "10"), second = entry("n2", 1, SIDE_BUY, "10");
    memcpy(second.signal, first.signal, sizeof second.signal);
    add_leg(&first, ROLE_STOP, "90");
    add_leg(&second, ROLE_STOP, "91");
    check(submit(&first, 1) == 1 && submit(&second, 1) == 1 && bar(2, "100", "101", "99", "100") == 0 &&
              ledger.open_orders == 2,
          "two stops work");
    check(orders_cancel(&manager, "n1", CLOSE(2), "by hand", &error) == 0, "what is filled cannot be cancelled");
}

static void test_slippage(void)
{
    start("100000");
    manager.costs = (struct costs){.slippage_ticks = 2 * DEC_ONE};
    struct order order = entry("a", 1, SIDE_BUY, "100");
    add_leg(&order, ROLE_STOP, "95");
    check(submit(&order, 1) == 1 && bar(2, "100", "101", "99", "100") == 0, "a purchase, two ticks of slippage");
    check_dec(fills[0].price, "100.02", "100 + 2 x 0.01");
    check(bar(3, "99", "99", "95", "96") == 0 && fill_count == 2, "and its stop");
    check_dec(fills[1].price, "94.98", "95 - 2 x 0.01");

    dec slipped = 0;
    struct costs costs = {.slippage_bps = 5 * DEC_ONE};
    check(costs_slip(&costs, &stock, 1, d("33.33"), &slipped) == 0, "five basis points of 33.33 are 0.016665");
    check_dec(slipped, "33.35", "33.346665, up to the tick");
    check(costs_slip(&costs, &stock, -1, d("33.33"), &slipped) == 0, "selling");
    check_dec(slipped, "33.31", "33.313335, down to the tick");
    costs = (struct costs){.slippage_ticks = 5 * DEC_ONE};
    check(costs_slip(&costs, &stock, -1, d("0.03"), &slipped) == 0, "five ticks off a price of three");
    check_dec(slipped, "0.01", "leave one tick: a run does not end over a penny stock");
    check(costs_slip(&(struct costs){0}, &stock, 1, d("10.00125"), &slipped) == 0, "without slippage");
    check_dec(slipped, "10.00125", "the price stays as it is");
    costs = (struct costs){.slippage_ticks = DEC_ONE};
    start("100000");
    manager.costs = costs;
    order = entry("l", 1, SIDE_BUY, "100");
    order.order_type = ORDER_LIMIT;
    order.limit_price = d("95");
    check(submit(&order, 1) == 1 && bar(2, "100", "101", "94", "95") == 0 && fills[0].price == d("95"),
          "limits do not slip");

    /* The open is at or beyond the entry's own stop before slippage: no slippage takes the entry past it, and the stop
       does not sell at a price that was not there. */
    static const struct {
        const char *ticks, *bps, *open, *stop;
    } beyond[] = {
        {"3", "0", "0.25", "0.27"}, {"0", "200", "9.90", "10"}, {"1", "0", "95", "95"}, {"0", "0", "94", "95"}};
    for (size_t i = 0; i < sizeof beyond / sizeof *beyond; i++) {
        start("100000");
        manager.costs = (struct costs){.slippage_ticks = d(beyond[i].ticks), .slippage_bps = d(beyond[i].bps)};
        order = entry("b", 1, SIDE_BUY, "100");
        add_leg(&order, ROLE_STOP, beyond[i].stop);
        const char *open = beyond[i].open;
        check(submit(&order, 1) == 1 && bar(2, open, open, open, open) == 0 && fill_count == 0 &&
                  last_update.status == STATUS_REJECTED && strcmp(last_update.reason, "BEYOND_STOP") == 0,
              "an entry that opens at %s with its stop at %s is rejected, whatever slips", open, beyond[i].stop);
    }
}

static void test_commission(void)
{
    start("100000");
    require(ledger_slot(&ledger, "AAA", &error) == 0);
    struct open_order open_order = {.filled = 0};
    const struct costs costs = {.per_share = d("0.005"), .minimum = d("1")};
    dec commission = 0;
    check(costs_commission(&costs, &ledger, &open_order, d("100"), d("1000"), &commission, &error) == 0,
          "a first part");
    check_dec(commission, "1", "100 x 0.005 = 0.50: the minimum");
    open_order = (struct open_order){.filled = d("100"), .notional = d("1000"), .commission = d("1")};
    check(costs_commission(&costs, &ledger, &open_order, d("60"), d("600"), &commission, &error) == 0, "a second");
    check_dec(commission, "0", "160 x 0.005 = 0.80: the minimum covers it");
    open_order = (struct open_order){.filled = d("160"), .notional = d("1600"), .commission = d("1")};
    check(costs_commission(&costs, &ledger, &open_order, d("140"), d("1400"), &commission, &error) == 0, "a third");
    check_dec(commission, "0.5", "300 x 0.005 = 1.50, 1.00 was charged");
    const struct costs share = {.per_share = d("0.0035"), .percent = d("0.0001")};
    open_order = (struct open_order){.filled = 0};
    check(costs_commission(&share, &ledger, &open_order, d("37"), d("1234.56"), &commission, &error) == 0, "by both");
    check_dec(commission, "0.25", "37 x 0.0035 + 1234.56 x 0.0001 = 0.1295 + 0.123456 = 0.252956");
    check(costs_commission(&costs, &ledger, &open_order, DEC_MAX, d("1"), &commission, &error) == 0, "a huge one");
    const struct costs dear = {.per_share = d("1000")};
    check(costs_commission(&dear, &ledger, &open_order, DEC_MAX, d("1"), &commission, &error) == -1 &&
              error.code == EXIT_STATE,
          "fault-056: a commission that overflows is refused");
    error_clear(&error);
}

static void test_actions(void)
{
    open_bracket("95", "130");
    check(bar(2, "100", "101", "99", "100") == 0 && ledger.open_orders == 2, "100 held, two legs");
    struct action split = make_split("sp", DAY(3), "AAA", 3, 2);
    check(orders_action(&manager, &split, &error) == 0 && position() == d("150") && fill_count == 1, "3 for 2");
    for (size_t i = 0; i < ledger.open_orders; i++)
        check(ledger.open_order[i]->order.quantity == d("150"), "the legs grow with it");
    /* 95 x 2/3 = 63.333…: 63.33; 130 x 2/3 = 86.666…: 86.67. */
    check_dec(ledger.open_order[0]->order.stop_price, "63.33", "the stop");
    check_dec(ledger.open_order[1]->order.limit_price, "86.67", "the target");
    check(orders_action(&manager, &split, &error) == 0 && position() == d("150") && action_count == 1, "once");
    check(bar(3, "67", "67", "63", "64") == 0 && fill_count == 2 && fills[1].quantity == d("150") && position() == 0,
          "and the stop sells all of it");

    /* 1 for 40 of 100: 2.5; half a share is sold at the adjusted mark of 4000. */
    open_bracket("95", "130");
    check(bar(2, "100", "101", "99", "100") == 0, "100 held");
    const dec before = ledger.cash;
    split = make_split("rs", DAY(3), "AAA", 1, 40);
    struct action dividend = make_dividend("dv", DAY(3), "AAA", "8");
    check(orders_action(&manager, &split, &error) == 0 && fill_count == 2, "1 for 40");
    check_dec(fills[1].quantity, "0.5", "the fraction is sold");
    check_dec(fills[1].price, "4000", "at the adjusted mark");
    check_dec(position(), "2", "whole shares stay");
    check_dec(ledger.cash - before, "2000", "cash in lieu: 0.5 x 4000");
    check(orders_action(&manager, &dividend, &error) == 0, "a dividend of the same day");
    check_dec(last_cash.amount, "16", "is paid on what is left: 2 x 8");
    check(last_cash.kind == CASH_DIVIDEND && strcmp(last_cash.strategy, "s") == 0, "to the instance that holds");
    check(bar(3, "3000", "3100", "2900", "3000") == 0 && position() == 0 && ledger.open_orders == 0,
          "the stop sells what there is, not what it was written for");
    check_dec(fills[2].quantity, "2", "two shares");

    /* 1 for 200 of 100: half a share, all of it sold; nothing of the old position stays working. */
    open_bracket("95", "130");
    check(bar(2, "100", "101", "99", "100") == 0, "100 held");
    split = make_split("rs", DAY(3), "AAA", 1, 200);
    check(orders_action(&manager, &split, &error) == 0 && position() == 0 && ledger.open_orders == 0,
          "a position that a split dissolves takes its legs with it");

    /* History is read again every morning: an order decided after an action has nothing to do with it. */
    start("100000");
    struct order young = entry("y", 5, SIDE_BUY, "10");
    dividend = make_dividend("old", DAY(3), "AAA", "1");
    check(submit(&young, 5) == 1 && orders_action(&manager, &dividend, &error) == 0 && action_count == 0,
          "an action from before the order is no event");

    /* A working entry at a fraction of a lot is not bought. */
    start("100000");
    struct order order = entry("w", 1, SIDE_BUY, "5");
    check(submit(&order, 1) == 1, "five wanted");
    split = make_split("rs", DAY(2), "AAA", 1, 2);
    check(orders_action(&manager, &split, &error) == 0 && ledger.open_orders == 0 &&
              last_update.status == STATUS_CANCELED,
          "two and a half are not");

    /* A short position pays the dividend. */
    start("100000");
    order = entry("s", 1, SIDE_SELL_SHORT, "10");
    check(submit(&order, 1) == 1 && bar(2, "100", "101", "99", "100") == 0, "short");
    dividend = make_dividend("dv", DAY(3), "AAA", "0.255");
    const dec then = equity_of(&ledger);
    check(orders_action(&manager, &dividend, &error) == 0, "a dividend");
    check_dec(last_cash.amount, "-2.55", "is owed by the short: 10 x 0.255");
    check_dec(equity_of(&ledger) - then, "0", "and the mark goes down by it");
    dividend = make_dividend("de", DAY(3), "AAA", "0.5");
    (void)snprintf(dividend.currency, sizeof dividend.currency, "EUR");
    check(orders_action(&manager, &dividend, &error) == -1 && error.code == EXIT_INPUT && action_count == 1,
          "one in another currency is bad input, not dollars");
    error_clear(&error);

    /* Instances that offset each other still hold: their marks and dividends go on. */
    start("100000");
    struct order longs = entry("ol", 1, SIDE_BUY, "10"), shorts = entry("os", 1, SIDE_SELL_SHORT, "10");
    (void)snprintf(shorts.strategy, sizeof shorts.strategy, "t");
    check(submit(&longs, 1) == 1 && is_refused(&shorts, 1, "OPPOSITE_POSITION"),
          "no longer taken, but in old journals");
    check(ledger_apply(&ledger, RECORD_ORDER, &shorts, &error) == 0 && bar(2, "100", "101", "99", "100") == 0 &&
              bar(3, "110", "111", "109", "110") == 0,
          "long and short");
    check_dec(ledger.symbol_state[ledger_find_slot(&ledger, "AAA")].mark, "110", "the mark follows the market");

    /* What is not done is said: AAA has been held since day 2 and seen to the close of day 3. */
    const struct action past = make_split("p", DAY(2), "AAA", 2, 1);
    check(orders_action(&manager, &past, &error) == 0 && alert_count == 0, "a split of before the position is history");
    const struct action late = make_split("l", DAY(3), "AAA", 2, 1);
    check(orders_action(&manager, &late, &error) == 0 && alert_count == 1 && position() == d("10"),
          "fault-057: one that comes after later prices is not applied, and that is said");
    struct action other_kind = make_split("h", DAY(2), "AAA", 0, 0);
    other_kind.kind = ACTION_SPINOFF;
    check(orders_action(&manager, &other_kind, &error) == 0 && alert_count == 1, "a spin-off of before it is history");
    other_kind = make_split("r0", DAY(4), "AAA", 0, 0);
    other_kind.kind = ACTION_RENAME;
    check(orders_action(&manager, &other_kind, &error) == 0 && alert_count == 2 && position() == d("10"),
          "a rename to nothing moves nothing, and is said");
    /* Positions of before a rename or a delisting, and an order of after it: it is not carried out in part. */
    struct order since = entry("os4", 4, SIDE_BUY, "1");
    check(ledger_apply(&ledger, RECORD_ORDER, &since, &error) == 0 && since.time >= DAY(4), "an order of day 4");
    other_kind = make_split("r", DAY(4), "AAA", 0, 0);
    for (enum action_kind kind = ACTION_SPINOFF; kind <= ACTION_DELIST; kind++) {
        other_kind.kind = kind;
        check(orders_action(&manager, &other_kind, &error) == 0, "fault-057: a rename to nothing and the like");
    }
    check(alert_count == 5 && action_count == 0 && position() == d("10"), "is said too");
    other_kind.kind = ACTION_RENAME;
    (void)snprintf(other_kind.id, sizeof other_kind.id, "r2");
    (void)snprintf(other_kind.new_symbol, sizeof other_kind.new_symbol, "AAB");
    check(orders_action(&manager, &other_kind, &error) == 0 && alert_count == 6 && action_count == 0,
          "one that comes after an order of later leaves all as it is, and that is said");
    (void)snprintf(other_kind.symbol, sizeof other_kind.symbol, "ZZZ");
    check(orders_action(&manager, &other_kind, &error) == 0 && alert_count == 6, "not of what is not held");

    /* Every instance that has ever traded a symbol has a holding. */
    start("100000");
    manager.limits.max_position = 3 * DEC_ONE;
    for (int i = 0; i < 70; i++) {
        struct order one = entry("m", 1, SIDE_BUY, "1");
        (void)snprintf(one.id, sizeof one.id, "m%d", i);
        (void)snprintf(one.strategy, sizeof one.strategy, "s%d", i);
        require(submit(&one, 1) == 1);
    }
    dividend = make_dividend("dm", DAY(3), "AAA", "0.5");
    const dec paid = 70 * d("0.5");
    check(bar(2, "100", "101", "99", "100") == 0, "seventy instances hold a share");
    const dec cash = ledger.cash;
    check(orders_action(&manager, &dividend, &error) == 0 && ledger.cash - cash == paid, "and each has its dividend");
}

/* A bar that ends at the very moment of a split (a market that never closes) has prices of before it. */
static void test_split_at_bar_end(void)
{
    open_bracket("95", "130");
    check(bar(2, "100", "101", "99", "100") == 0, "100 held");
    struct action split = make_split("sp", DAY(4), "AAA", 2, 1);
    check(orders_action(&manager, &split, &error) == 0 && position() == d("200"), "2 for 1 at midnight");
    const struct candle before = {.time = DAY(3),
                                  .opens = DAY(3),
                                  .end = DAY(4),
                                  .open = d("100"),
                                  .high = d("101"),
                                  .low = d("99"),
                                  .close = d("100")};
    const int slot = ledger_find_slot(&ledger, "AAA");
    check(put(slot, one_day, &before) == 0 && fill_count == 1,
          "the bar before it does not fill the target, now 65, at 100");
    check_dec(ledger.symbol_state[slot].mark, "50", "nor set the mark");
    check_dec(equity_of(&ledger), "100000", "no money comes of it: 90000 + 200 x 50");
    check(bar(4, "51", "52", "50", "51") == 0 && ledger.symbol_state[slot].mark == d("51"), "the next one does");
}

/* The account was flat since it hit its daily loss: nothing happened, and the day rolls all the same. */
static void test_roll(void)
{
    start("100000");
    manager.limits.daily_loss = DEC_ONE / 50;
    ledger.terms.day_rolls = 22 * TIME_HOUR; /* 17:00 in New York, an hour after the close */
    struct order order = entry("a", 1, SIDE_BUY, "500");
    check(submit(&order, 1) == 1 && bar(2, "100", "101", "99", "100") == 0, "500 held");
    order = make_order("x", CLOSE(2), "AAA", SIDE_SELL, "500", ROLE_EXIT);
    check(submit(&order, 2) == 1 && bar(3, "95", "96", "94", "95") == 0 && position() == 0, "2500 lost, flat");
    order = entry("b", 3, SIDE_BUY, "10");
    check(is_refused(&order, 3, "DAILY_LOSS_LIMIT"), "no entry on that day");
    order = entry("c", 4, SIDE_BUY, "10");
    check(submit(&order, 4) == 1, "on the next there is");
}

static void test_pennies(void)
{
    /* Amounts below half a cent and prices below a cent: the average is of the prices, not of rounded amounts. */
    start("100000");
    manager.limits.fractional = true;
    struct order order = entry("p", 1, SIDE_BUY, "0.00001");
    check(submit(&order, 1) == 1 && bar(2, "100", "101", "99", "100") == 0 && fill_count == 1, "a speck");
    check_dec(last_update.average_price, "100", "has the price it was bought at, not 0.00 / 0.00001");
    start("100000");
    order = entry("q", 1, SIDE_BUY, "1");
    check(submit(&order, 1) == 1 && bar(2, "10.005", "11", "9", "10") == 0 && fill_count == 1, "one at 10.005");
    check_dec(last_update.average_price, "10.005", "averages 10.005, although it cost 10.00 (a tie, half-even)");
    check_dec(ledger.cash, "99990", "as the cash says");
}

static struct execution heard[8];
static int heard_count;

static int hear(void *context, struct execution *execution, struct error *e)
{
    (void)context, (void)e;
    heard[heard_count++ % 8] = *execution;
    return 0;
}

/* The manager without readers, and orders that come straight from the sizing: the same account. */
static void test_quiet(bool quiet)
{
    start("100000");
    heard_count = 0;
    manager.executed = hear;
    struct sha256 *const hash = manager.hash;
    if (quiet) {
        manager.emit = NULL;
        manager.hash = NULL;
    }
    manager.costs = (struct costs){.per_share = DEC_ONE / 100};
    struct order order = entry("q1", 1, SIDE_BUY, "100");
    add_leg(&order, ROLE_STOP, "90");
    add_leg(&order, ROLE_TARGET, "120");
    const int slot = ledger_slot(&ledger, "AAA", &error), holding = ledger_add_holding(&ledger, "s", slot, &error);
    check(orders_accept(&manager, &order, slot, holding, CLOSE(1), &error) == 0 && ledger.open_orders == 1 &&
              ledger.open_order[0]->status == STATUS_ACCEPTED && ledger.open_order[0]->holding == holding,
          "an order is accepted");
    check_text(ledger.holding[holding].entry_signal, "sg-q1", "its signal is spent");
    check(bar(2, "100", "101", "99", "100") == 0 && ledger.open_orders == 2 && position() == d("100"), "it fills");
    check(heard_count == 1 && heard[0].number == 1 && heard[0].role == ROLE_ENTRY && heard[0].time == OPEN(2),
          "the fill is heard of");
    check_dec(heard[0].amount, "10000", "with its amount, 100 x 100");
    check_dec(heard[0].commission, "1", "and its costs, 100 x 0.01");
    check_text(ledger.holding[holding].lot[0].fill, quiet ? "" : "q1.1",
               "its id is made where somebody reads it or an order may name it");
    check(ledger.holding[holding].lot[0].number == 1, "its number always");
    struct order waiting = entry("q2", 2, SIDE_BUY, "10");
    check(orders_accept(&manager, &waiting, slot, holding, CLOSE(2), &error) == 0 && ledger.open_orders == 3,
          "one more");
    struct order out = make_order("q3", CLOSE(2), "AAA", SIDE_SELL, "100", ROLE_EXIT);
    check(orders_accept(&manager, &out, slot, holding, CLOSE(2), &error) == 0 && ledger.open_orders == 3 &&
              strcmp(ledger.open_order[2]->order.id, "q3") == 0,
          "an exit clears its way of entries");
    check(bar(3, "105", "106", "104", "105") == 0 && position() == 0 && heard_count == 2 && heard[1].number == 2,
          "and fills");
    check_dec(ledger.cash, "100498", "100000 + 100 x 5 - 2 x 1");
    check(fill_count == (quiet ? 0 : 2), "records are made for readers only");
    manager.hash = hash;
}

int main(void)
{
    test_market();
    test_limits_and_stops();
    test_legs();
    test_exits();
    test_slippage();
    test_commission();
    test_actions();
    test_split_at_bar_end();
    test_roll();
    test_pennies();
    test_quiet(false);
    test_quiet(true);
    sha256_free(manager.hash);
    ledger_clear(&ledger);
    return done();
}
