/* Symbols that get another name, and such as trade no more: what becomes of positions, orders and marks. Sums by hand.
 */
#include "trading.h"

static struct action action_of(enum action_kind kind, int n, const char *symbol, const char *cash, const char *to)
{
    struct action action = make_dividend("act", DAY(n), symbol, "1");
    action.kind = kind;
    action.cash = cash == NULL ? DEC_NONE : d(cash);
    action.account[0] = '\0';
    (void)snprintf(action.new_symbol, sizeof action.new_symbol, "%s", to);
    return action;
}

static dec held(const char *symbol)
{
    const struct holding *holding = ledger_holding(&ledger, "s", ledger_find_slot(&ledger, symbol));
    return holding == NULL ? 0 : holding->quantity;
}

/* 100 at 100, with a stop at 95: 90,000 in cash. */
static void hold(enum side side)
{
    start("100000");
    struct order order = entry("e", 1, side, "100");
    add_leg(&order, ROLE_STOP, side == SIDE_BUY ? "95" : "105");
    check(submit(&order, 1) == 1 && bar(2, "100", "101", "99", "100") == 0 && fill_count == 1 &&
              ledger.open_orders == 1,
          "a position and its stop");
}

static void test_delisting(void)
{
    static const struct {
        enum side side;
        const char *cash, *left, *name;
    } cases[] = {
        {SIDE_BUY, "102.5", "100250", "a cash merger: 90,000 + 100 x 102.50"},
        {SIDE_BUY, NULL, "100000", "nobody says what it brings: the last price, 100"},
        {SIDE_BUY, "0", "90000", "worth nothing"},
        {SIDE_SELL_SHORT, "0", "110000", "sold short and worth nothing: all of the 10,000 stays"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hold(cases[i].side);
        const struct action action = action_of(ACTION_DELIST, 3, "AAA", cases[i].cash, "");
        check(orders_action(&manager, &action, &error) == 0 && fill_count == 2 && fills[1].role == ROLE_EXIT &&
                  fills[1].time == DAY(3) && position() == 0 && ledger.open_orders == 0 && alert_count == 0,
              "%s", cases[i].name);
        check_dec(ledger.cash, cases[i].left, "cash");
        check_text(last_update.reason, "delisted", "the stop ends, and says why");
        check(orders_action(&manager, &action, &error) == 0 && fill_count == 2, "once");
    }
    hold(SIDE_BUY);
    const struct action late = action_of(ACTION_DELIST, 2, "AAA", "50", "");
    check(orders_action(&manager, &late, &error) == 0 && fill_count == 1 && position() == d("100"),
          "one of before its last bar closes nothing");
}

static void test_rename(void)
{
    hold(SIDE_BUY);
    const struct action action = action_of(ACTION_RENAME, 3, "AAA", NULL, "BBB");
    check(orders_action(&manager, &action, &error) == 0 && alert_count == 0, "a rename");
    check(held("AAA") == 0 && held("BBB") == d("100") && ledger.open_orders == 1, "the position has the new name");
    check_text(ledger.open_order[0]->order.symbol, "BBB", "so has its stop");
    check_dec(equity_of(&ledger), "100000", "and it is worth the same");
    const struct candle candle = {.time = DAY(3),
                                  .opens = OPEN(3),
                                  .end = CLOSE(3),
                                  .open = d("98"),
                                  .high = d("99"),
                                  .low = d("94"),
                                  .close = d("96")};
    check(put(ledger_slot(&ledger, "BBB", &error), one_day, &candle) == 0 && fill_count == 2 &&
              strcmp(fills[1].symbol, "BBB") == 0 && fills[1].price == d("95"),
          "bars of the new name fill the stop at 95");
    check_dec(ledger.cash, "99500", "100,000 - 100 x 5");

    hold(SIDE_BUY);
    struct order other = make_order("o", CLOSE(2), "BBB", SIDE_BUY, "10", ROLE_ENTRY);
    other.reference_price = d("100");
    check(submit(&other, 2) == 1 && orders_action(&manager, &action, &error) == 0 && alert_count == 1 &&
              held("AAA") == d("100"),
          "to a symbol that is ordered already: it stays, and that is said");
}

int main(void)
{
    test_delisting();
    test_rename();
    ledger_clear(&ledger);
    return done();
}
