/* The ledger against figures computed by hand: the computation stands beside each. */
#include "money.h"

#include "base/zone.h"

static struct error error;
static struct ledger ledger;

static void open_ledger(const struct zone *zone, const char *cash, const char *when)
{
    const struct ledger_terms terms = money_terms(zone);
    ledger_clear(&ledger);
    error_clear(&error);
    check(ledger_init(&ledger, &terms, &error) == 0 && apply_cash(&ledger, at(when), CASH_DEPOSIT, cash, &error) == 0,
          "an account opens");
}

static int fill(const char *id, const char *when, enum side side, const char *quantity, const char *price,
                const char *commission)
{
    const struct fill event = make_fill(id, at(when), "AAA", side, quantity, price, commission);
    return ledger_apply(&ledger, RECORD_FILL, &event, &error);
}

static struct holding *held(void)
{
    return ledger_holding(&ledger, "s", ledger_find_slot(&ledger, "AAA"));
}

/* Bars of seven intervals and more of one symbol, a day's last ones: each has a high-water mark of its own. */
static void test_intervals(void)
{
    open_ledger(NULL, "100000", "2024-01-02T14:00:00Z");
    check(fill("f1", "2024-01-02T14:30:00Z", SIDE_BUY, "100", "10", "1") == 0, "a purchase");
    const int slot = ledger_find_slot(&ledger, "AAA");
    const int64_t close = at("2024-01-04T21:00:00Z");
    bool taken = true, seen = true, unseen = true;
    for (int n = 1; n <= 20; n++)
        taken &= ledger_mark(&ledger, slot, (struct interval){INTERVAL_MINUTE, n}, close - n * TIME_MINUTE, close,
                             11 * DEC_ONE, &error) == 0;
    for (int n = 1; n <= 20; n++) {
        const struct interval interval = {INTERVAL_MINUTE, n};
        seen &= ledger_has_seen(&ledger, slot, interval, close - n * TIME_MINUTE);
        unseen &= !ledger_has_seen(&ledger, slot, interval, close - n * TIME_MINUTE + 1);
    }
    check(taken && seen && unseen, "bars of twenty intervals: what came of each is known");
}

static void test_long(void)
{
    open_ledger(NULL, "100000", "2024-01-02T14:00:00Z");
    check(fill("f1", "2024-01-02T14:30:00Z", SIDE_BUY, "100", "10", "1") == 0, "a purchase");
    check_dec(ledger.cash, "98999", "cash: 100000 - 100 x 10 - 1");
    check_dec(held()->lot[0].cost, "1001", "the commission is part of the lot's cost");
    check_dec(equity_of(&ledger), "99999", "equity at the price paid: the commission is gone");
    check_dec(holding_average_price(held()), "10.01", "average price with costs: 1001 / 100");
    check(fill("f2", "2024-01-03T14:30:00Z", SIDE_BUY, "50", "12", "1") == 0 && held()->lots == 2, "a second lot");
    /* Selling 120 for 120 x 15 - 2 = 1798. First in, first out: lot 1 whole: 100/120 of 1798 = 1498.33333333, cost
     * 1001; lot 2: the rest 299.66666667, cost 601 x 20/50 = 240.4. */
    check(fill("f3", "2024-01-04T14:30:00Z", SIDE_SELL, "120", "15", "2") == 0 && held()->lots == 1, "a partial sale");
    check_dec(held()->realized, "556.6", "realised: 1798 - 1001 - 240.4");
    check_dec(held()->lot[0].quantity, "30", "what is left of the younger lot");
    check_dec(held()->lot[0].cost, "360.6", "and its cost: 601 - 240.4");
    check_text(held()->lot[0].fill, "f2", "the lot knows its fill");
    check_dec(ledger.cash, "100196", "cash: 98999 - 601 + 1798");
    check(apply_mark(&ledger, "AAA", at("2024-01-04T05:00:00Z"), at("2024-01-04T21:00:00Z"), "14.5", &error) == 0,
          "a mark");
    check_dec(equity_of(&ledger), "100631", "equity: 100196 + 30 x 14.5");
    dec exposure = 0, power = 0;
    check(ledger_exposure(&ledger, &exposure, &error) == 0 && ledger_buying_power(&ledger, &power, &error) == 0,
          "exposure and buying power");
    check_dec(exposure, "435", "exposure: 30 x 14.5");
    check_dec(power, "100196", "long positions are paid: buying power is the cash");
    check_dec(ledger.commission, "4", "commissions add up");
}

static dec closed_dividends, closed_gain;

static int note_dividends(void *context, const struct lot_close *lot_close, struct error *unused)
{
    (void)context;
    (void)unused;
    closed_dividends += lot_close->dividends;
    closed_gain += lot_close->realized;
    return 0;
}

static int pay(const char *when, const char *amount, const char *strategy)
{
    struct cash cash = {
        .time = at(when), .amount = d(amount), .kind = CASH_DIVIDEND, .account = "test", .currency = "USD"};
    (void)snprintf(cash.id, sizeof cash.id, "d%s", when);
    (void)snprintf(cash.symbol, sizeof cash.symbol, "AAA");
    (void)snprintf(cash.strategy, sizeof cash.strategy, "%s", strategy);
    return ledger_apply(&ledger, RECORD_CASH, &cash, &error);
}

/* A dividend is of the lots it was paid on, and leaves with them. */
static void test_dividends(void)
{
    open_ledger(NULL, "100000", "2024-01-02T14:00:00Z");
    ledger.on_close = note_dividends;
    closed_dividends = closed_gain = 0;
    check(fill("f1", "2024-01-02T14:30:00Z", SIDE_BUY, "10", "10", "0") == 0 &&
              fill("f2", "2024-01-03T14:30:00Z", SIDE_BUY, "5", "12", "0") == 0,
          "two lots, of 10 and 5");
    check(pay("2024-01-04T05:00:00Z", "0.99", "s") == 0, "a dividend of 0.066 a share");
    check_dec(held()->lot[0].dividends, "0.66", "ten fifteenths of it");
    check_dec(held()->lot[1].dividends, "0.33", "and the rest");
    check(fill("f3", "2024-01-04T14:30:00Z", SIDE_BUY, "15", "12", "0") == 0 &&
              pay("2024-01-04T05:00:00Z", "0.15", "s") == 0,
          "a lot of after it, and a correction of the dividend");
    check_dec(held()->lot[0].dividends, "0.76", "the lots of before it share that, too: 0.66 + 0.10");
    check_dec(held()->lot[1].dividends, "0.38", "0.33 + 0.05");
    check_dec(held()->lot[2].dividends, "0", "the later lot gets nothing");
    check(pay("2024-01-05T05:00:00Z", "9", "other") == 0, "a dividend of another instance");
    check_dec(held()->lot[0].dividends, "0.76", "is none of ours");
    /* Sold 4 of the first 10: 0.76 x 4/10 = 0.304; realised without it: 4 x (11 - 10). */
    check(fill("f4", "2024-01-08T14:30:00Z", SIDE_SELL, "4", "11", "0") == 0, "a part is sold");
    check_dec(closed_dividends, "0.304", "with its part of the dividend");
    check_dec(closed_gain, "4", "beside what the prices have made");
    const struct action split = make_split("sp", at("2024-01-09T05:00:00Z"), "AAA", 2, 1);
    check(ledger_apply(&ledger, RECORD_ACTION, &split, &error) == 0, "a split 2:1");
    check_dec(held()->lot[0].dividends, "0.456", "leaves the money where it was");
    check(fill("f5", "2024-01-09T14:30:00Z", SIDE_SELL, "52", "6", "0") == 0 && held()->lots == 0, "all is sold");
    check_dec(closed_dividends, "1.14", "all that was paid has left: 0.99 + 0.15");
    check(pay("2024-01-05T05:00:00Z", "1", "s") == 0, "a correction after that");
    check_dec(ledger.cash, "100027.14", "is the account's: 100000 - 100 - 60 - 180 + 44 + 312 + 0.99 + 0.15 + 9 + 1");
    check(fill("f6", "2024-01-10T14:30:00Z", SIDE_SELL_SHORT, "10", "6", "0") == 0 &&
              pay("2024-01-11T05:00:00Z", "-0.5", "s") == 0 &&
              fill("f7", "2024-01-12T14:30:00Z", SIDE_BUY_TO_COVER, "10", "6", "0") == 0,
          "a short pays one");
    check_dec(closed_dividends, "0.64", "which its trade bears: 1.14 - 0.5");
    ledger.on_close = NULL;
}

/* 100 AAA for 1000 + 1, then 2.5 BBB sold short at 40: what they are worth at closes of AAA that have not come yet. */
static void test_worth_at(void)
{
    const dec close[] = {d("12"), d("9.5"), d("20")};
    struct curve curve;
    open_ledger(NULL, "100000", "2024-01-02T14:00:00Z");
    check(fill("f1", "2024-01-02T14:30:00Z", SIDE_BUY, "100", "10", "1") == 0, "a purchase");
    const int slot = ledger_find_slot(&ledger, "AAA");
    check(ledger_worth_at(&ledger, slot, close, 3, &curve) == 3, "worth at three closes");
    check_dec(curve.equity[0], "100199", "98999 + 100 x 12");
    check_dec(curve.equity[1], "99949", "98999 + 100 x 9.5");
    check_dec(curve.equity[2], "100999", "98999 + 100 x 20");
    check_dec(curve.exposure[1], "950", "100 x 9.5");
    check_dec(curve.lowest, "99949", "the lowest");
    const struct fill other = make_fill("f2", at("2024-01-02T14:31:00Z"), "BBB", SIDE_SELL_SHORT, "2.5", "40", "0");
    check(ledger_apply(&ledger, RECORD_FILL, &other, &error) == 0 &&
              ledger_worth_at(&ledger, slot, close, 3, &curve) == 3,
          "and beside another position");
    check_dec(curve.equity[2], "100999", "98999 + 100 + 100 x 20 - 2.5 x 40");
    check_dec(curve.exposure[2], "2100", "100 x 20 + 2.5 x 40");
    check_dec(curve.lowest, "99949", "the lowest");
    check(ledger_worth_at(&ledger, ledger_find_slot(&ledger, "BBB"), close, 2, &curve) == 2, "closes of BBB");
    check_dec(curve.equity[0], "100069", "99099 + 100 x 10 - 2.5 x 12");
    check_dec(curve.exposure[0], "1030", "100 x 10 + 2.5 x 12");
    const dec far[] = {d("12"), DEC_MAX, d("12")};
    check(ledger_worth_at(&ledger, slot, far, 3, &curve) == 1, "up to the first that is out of range");
    check_dec(curve.lowest, "100199", "99099 + 100 x 12 - 2.5 x 40: the lowest of these");
}

/* 90,000,000,000 in cash less a share at 1: a close of 3,000,000,000 is beyond 92,233,720,368 together, and so is what
 * two symbols are worth. Columns end before the first such moment, and a single question is an error. */
static void test_far_worth(void)
{
    static const struct {
        const char *what, *close[3];
        size_t count;
    } list[] = {{"nothing is", {"1", "2", "2000000000"}, 3},
                {"the equity is", {"1", "3000000000", "1"}, 1},
                {"the value is", {"1", "1", "92233720368"}, 2},
                {"what is below nothing is not", {"1", "-1", "-2"}, 3}};
    struct curve curve;
    struct worth worth;
    struct worth_sum sum;
    open_ledger(NULL, "90000000000", "2024-01-02T14:00:00Z");
    check(fill("f1", "2024-01-02T14:30:00Z", SIDE_BUY, "1", "1", "0") == 0, "a share at 1");
    const int slot = ledger_find_slot(&ledger, "AAA");
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        dec close[3];
        for (int k = 0; k < 3; k++)
            close[k] = d(list[i].close[k]);
        check(ledger_worth_at(&ledger, slot, close, 3, &curve) == list[i].count, "out of range: %s", list[i].what);
        ledger_worth_begin(&ledger, &sum, 3);
        ledger_worth_begin_slot(&ledger, &sum, slot);
        for (size_t k = 0; k < 3; k++)
            ledger_worth_mark(&sum, k, close[k]);
        check(ledger_worth_end(&ledger, &sum, &curve) == list[i].count, "and of a sum of columns");
    }
    const struct fill more = make_fill("f2", at("2024-01-02T14:31:00Z"), "BBB", SIDE_BUY, "200", "1", "0");
    require(ledger_apply(&ledger, RECORD_FILL, &more, &error) == 0);
    const dec far = DEC_MAX;
    check(ledger_worth_at(&ledger, ledger_find_slot(&ledger, "BBB"), &far, 1, &curve) == 0, "200 x the largest price");
    ledger_worth_begin(&ledger, &sum, 2);
    ledger_worth_begin_slot(&ledger, &sum, ledger_find_slot(&ledger, "BBB"));
    ledger_worth_mark(&sum, 0, far);
    ledger_worth_mark(&sum, 1, DEC_ONE);
    check(ledger_worth_end(&ledger, &sum, &curve) == 0, "and of a sum of columns");
    require(apply_mark(&ledger, "BBB", at("2024-01-02T05:00:00Z"), at("2024-01-02T21:00:00Z"), "400000000", &error) ==
            0);
    check(ledger_worth(&ledger, &worth, &error) == -1 && error.code == EXIT_STATE, "80,000,000,000 beside the cash");
    check_text(error.text, "equity is out of range", "is an error");
    error_clear(&error);
}

/* What lots have cost in all, in their currency and in the account's, is below what a decimal holds, 92,233,720,368: a
 * purchase beyond that is an error and changes nothing, and what is held can be asked for still. */
static void test_far_costs(void)
{
    struct position position;
    open_ledger(NULL, "90000000000", "2024-01-02T14:00:00Z");
    check(fill("f1", "2024-01-02T14:30:00Z", SIDE_BUY, "9", "10000000000", "0") == 0 &&
              apply_cash(&ledger, at("2024-01-03T14:00:00Z"), CASH_DEPOSIT, "90000000000", &error) == 0,
          "all of it buys nine, and there is as much again");
    check(fill("f2", "2024-01-03T14:30:00Z", SIDE_BUY, "9", "10000000000", "0") == -1 && error.code == EXIT_STATE,
          "nine more would have cost 180,000,000,000 together");
    error_clear(&error);
    check(ledger_position(&ledger, held(), &position, &error) == 0 && position.quantity == d("9"), "nine are held");

    open_ledger(NULL, "0", "2024-01-02T14:00:00Z");
    struct fill euros = make_fill("f1", at("2024-01-02T14:30:00Z"), "AAA", SIDE_BUY, "9", "1", "0");
    memcpy(euros.currency, "EUR", 4);
    memcpy(euros.pair, "EURUSD", 7);
    euros.rate = d("9000000000");
    check(ledger_apply(&ledger, RECORD_FILL, &euros, &error) == 0, "nine euros are 81,000,000,000");
    memcpy(euros.id, "f2", 3);
    check(ledger_apply(&ledger, RECORD_FILL, &euros, &error) == -1 && error.code == EXIT_STATE,
          "and eighteen too many");
    error_clear(&error);
    check(apply_mark(&ledger, "AAA", at("2024-01-02T05:00:00Z"), at("2024-01-02T21:00:00Z"), "1", &error) == 0 &&
              ledger_position(&ledger, held(), &position, &error) == 0 && position.quantity == d("9"),
          "nine are held");
    error_clear(&error);
}

static void test_indivisible(void)
{
    /* Three shares for 10.00: thirds of the cost do not exist; the last sale takes the rest. */
    open_ledger(NULL, "1000", "2024-01-02T14:00:00Z");
    struct fill event = make_fill("f1", at("2024-01-02T14:30:00Z"), "AAA", SIDE_BUY, "3", "3", "1");
    check(ledger_apply(&ledger, RECORD_FILL, &event, &error) == 0, "three for 9 and 1 commission");
    check(fill("f2", "2024-01-03T14:30:00Z", SIDE_SELL, "1", "4", "0") == 0, "one sold");
    check_dec(held()->realized, "0.66666667", "realised: 4 - 10/3 (3.33333333)");
    check(fill("f3", "2024-01-03T14:31:00Z", SIDE_SELL, "1", "4", "0") == 0, "another");
    /* 6.66666667 / 2 = 3.333333335, half-even 3.33333334 (…33.5 of 1e-8: 333333333.5 → 333333334) */
    check_dec(held()->lot[0].cost, "3.33333333", "what is left of the cost: 6.66666667 - 3.33333334");
    check(fill("f4", "2024-01-03T14:32:00Z", SIDE_SELL, "1", "4", "0") == 0 && held()->lots == 0, "the last");
    check_dec(held()->realized, "2", "realised in all: 12 - 10, to the last digit");
    check_dec(ledger.cash, "1002", "cash agrees");
    check(holding_average_price(held()) == DEC_NONE, "nothing held has no average price");
}

static void test_short_and_cross(void)
{
    open_ledger(NULL, "10000", "2024-01-02T14:00:00Z");
    check(fill("f1", "2024-01-02T14:30:00Z", SIDE_SELL_SHORT, "100", "20", "1") == 0, "a short sale");
    check_dec(ledger.cash, "11999", "cash: 10000 + 2000 - 1");
    check_dec(held()->lot[0].cost, "-1999", "its cost is what was received, negative");
    check_dec(held()->quantity, "-100", "quantities of shorts are negative");
    dec power = 0;
    check(ledger_buying_power(&ledger, &power, &error) == 0, "buying power");
    check_dec(power, "8999", "Regulation T: 11999 - 150 % of 2000");
    check(apply_mark(&ledger, "AAA", at("2024-01-02T05:00:00Z"), at("2024-01-02T21:00:00Z"), "25", &error) == 0, "up");
    check_dec(equity_of(&ledger), "9499", "equity: 11999 - 2500");
    /* Buying 150 at 18 crosses zero. Flow -2701: 100/150 closes (-1800.66666667), the rest opens 50 long for
     * 900.33333333. Realised: -1800.66666667 + 1999. */
    check(fill("f2", "2024-01-03T14:30:00Z", SIDE_BUY, "150", "18", "1") == 0, "a purchase through zero");
    check_dec(held()->realized, "198.33333333", "realised: 1999 - 1800.66666667");
    check_dec(held()->quantity, "50", "the rest is long");
    check_dec(held()->lot[0].cost, "900.33333333", "for the rest of the flow");
    check_dec(ledger.cash, "9298", "cash: 11999 - 2701");
}

static void test_rounding(void)
{
    open_ledger(NULL, "1000", "2024-01-02T14:00:00Z");
    dec amount = 0;
    check(ledger_amount(&ledger, -1, d("3"), d("0.015"), DEC_ONE, &amount, &error) == 0, "an amount");
    check_dec(amount, "0.04", "0.045 is a tie: half-even to 0.04");
    check(ledger_amount(&ledger, -1, d("1"), d("0.055"), DEC_ONE, &amount, &error) == 0, "another");
    check_dec(amount, "0.06", "0.055 is a tie: half-even to 0.06");
    check(ledger_amount(&ledger, -1, d("2"), d("5000.25"), d("50"), &amount, &error) == 0, "a future");
    check_dec(amount, "500025", "2 x 5000.25 x 50");
    check(ledger_amount(&ledger, -1, d("92233720368"), d("92233720368"), DEC_ONE, &amount, &error) == -1 &&
              error.code == EXIT_STATE,
          "fault-056: quantity times price that overflows is refused");
    error_clear(&error);
    check(fill("f1", "2024-01-02T14:30:00Z", SIDE_BUY, "90000000000", "0.00000001", "0") == 0, "a heap of nothing");
    check(apply_mark(&ledger, "AAA", at("2024-01-02T05:00:00Z"), at("2024-01-02T21:00:00Z"), "90000000000", &error) ==
                  -1 &&
              error.code == EXIT_STATE,
          "fault-056: a mark at which a position has no value in range is refused");
    check_dec(equity_of(&ledger), "1000", "and has changed nothing");
    error_clear(&error);
    /* A multiplier of one half and the smallest quantities: flat is exactly flat. */
    struct fill event = make_fill("h1", at("2024-01-02T14:30:00Z"), "HALF", SIDE_BUY, "0.00000001", "100", "0");
    event.multiplier = DEC_ONE / 2;
    check(ledger_apply(&ledger, RECORD_FILL, &event, &error) == 0, "a half");
    event.id[1] = '2';
    check(ledger_apply(&ledger, RECORD_FILL, &event, &error) == 0, "another half");
    event.id[1] = '3';
    event.side = SIDE_SELL;
    event.quantity = 2;
    check(ledger_apply(&ledger, RECORD_FILL, &event, &error) == 0, "both sold");
    check_dec(ledger.symbol_state[ledger_find_slot(&ledger, "HALF")].quantity, "0", "flat is 0, whatever was rounded");
}

static void test_splits(void)
{
    const int64_t ex = at("2024-06-10T04:00:00Z");
    open_ledger(NULL, "100000", "2024-06-03T14:00:00Z");
    check(fill("f1", "2024-06-03T14:30:00Z", SIDE_BUY, "10", "100", "0") == 0, "held before");
    check(apply_mark(&ledger, "AAA", at("2024-06-07T04:00:00Z"), at("2024-06-07T20:00:00Z"), "120", &error) == 0,
          "marked");
    struct action split = make_split("a1", ex, "AAA", 3, 2);
    check(ledger_apply(&ledger, RECORD_ACTION, &split, &error) == 0, "a split, 3 for 2");
    check_dec(held()->quantity, "15", "10 x 3/2");
    check_dec(held()->lot[0].cost, "1000", "the cost stays");
    check_dec(ledger.symbol_state[0].mark, "80", "the mark is 120 x 2/3");
    check_dec(equity_of(&ledger), "100200", "the equity stays: 99000 + 15 x 80");
    check(ledger_apply(&ledger, RECORD_ACTION, &split, &error) == 0, "the same again");
    check_dec(held()->quantity, "15", "counts once");
    check(fill("f2", "2024-06-10T13:30:00Z", SIDE_BUY, "1", "80", "0") == 0, "a share after the split");
    struct action late = make_split("a2", ex + 1, "AAA", 2, 1);
    check(ledger_apply(&ledger, RECORD_ACTION, &late, &error) == 0, "a split that comes late");
    check_dec(held()->quantity, "16", "is history for a holding that was touched since");

    /* 1 for 3 of three lots of a share each: one share, not 0.99999999. */
    open_ledger(NULL, "100000", "2024-06-03T14:00:00Z");
    check(fill("f1", "2024-06-03T14:30:00Z", SIDE_BUY, "1", "30", "0") == 0 &&
              fill("f2", "2024-06-04T14:30:00Z", SIDE_BUY, "1", "33", "0") == 0 &&
              fill("f3", "2024-06-05T14:30:00Z", SIDE_BUY, "1", "36", "0") == 0,
          "three lots");
    split = make_split("a1", ex, "AAA", 1, 3);
    check(ledger_apply(&ledger, RECORD_ACTION, &split, &error) == 0, "a reverse split, 1 for 3");
    check_dec(held()->quantity, "1", "three shares are one");
    check_dec(held()->lot[0].quantity, "0.33333333", "the lots share it: 1/3");
    check_dec(held()->lot[1].quantity, "0.33333334", "2/3 less the first");
    check_dec(held()->lot[2].quantity, "0.33333333", "1 less the first two");
    check_dec(holding_cost(held()), "99", "the cost stays");
    check_dec(ledger.symbol_state[0].mark, "90", "a mark that only a fill has set is adjusted, too: 30 x 3");
    check_dec(equity_of(&ledger), "99991", "99901 + 90");

    /* A dust lot does not vanish with its cost. */
    open_ledger(NULL, "100000", "2024-06-03T14:00:00Z");
    check(fill("f1", "2024-06-03T14:30:00Z", SIDE_BUY, "0.00000001", "100", "1") == 0 &&
              fill("f2", "2024-06-04T14:30:00Z", SIDE_BUY, "10", "100", "0") == 0,
          "dust and a lot");
    split = make_split("a1", ex, "AAA", 1, 10);
    check(ledger_apply(&ledger, RECORD_ACTION, &split, &error) == 0 && held()->lots > 0, "a reverse split, 1 for 10");
    check_dec(holding_cost(held()), "1001", "the cost stays");
    for (size_t i = 0; i < held()->lots; i++)
        check(held()->lot[i].quantity != 0, "no lot is 0");
}

static void test_dividend(void)
{
    open_ledger(NULL, "100000", "2024-06-03T14:00:00Z");
    check(fill("f1", "2024-06-03T14:30:00Z", SIDE_BUY, "10", "100", "0") == 0, "held");
    struct order buy = make_order("b", at("2024-06-07T20:00:00Z"), "AAA", SIDE_BUY, "5", ROLE_ENTRY);
    buy.order_type = ORDER_LIMIT;
    buy.limit_price = d("95");
    buy.legs[0] = make_leg(ROLE_STOP, ORDER_STOP, DEC_NONE, d("90"));
    buy.legs[1] = make_leg(ROLE_TARGET, ORDER_LIMIT, d("110"), DEC_NONE);
    buy.leg_count = 2;
    struct order sell = make_order("t", at("2024-06-07T20:00:00Z"), "AAA", SIDE_SELL, "10", ROLE_TARGET);
    sell.order_type = ORDER_LIMIT;
    sell.limit_price = d("130");
    check(ledger_apply(&ledger, RECORD_ORDER, &buy, &error) == 0 &&
              ledger_apply(&ledger, RECORD_ORDER, &sell, &error) == 0,
          "working orders");
    struct action dividend = make_dividend("d1", at("2024-06-10T04:00:00Z"), "AAA", "0.505");
    check(ledger_apply(&ledger, RECORD_ACTION, &dividend, &error) == 0, "a dividend of 0.505");
    check_dec(ledger.symbol_state[0].mark, "99.495", "the mark goes down by it");
    check_dec(ledger_open_order(&ledger, "b")->order.limit_price, "94.49", "a buy limit too, down to the cent: 94.495");
    check_dec(ledger_open_order(&ledger, "b")->order.legs[0].stop_price, "89.49", "and a sell stop: 89.495");
    check_dec(ledger_open_order(&ledger, "b")->order.legs[1].limit_price, "110", "a sell limit stays");
    check_dec(ledger_open_order(&ledger, "t")->order.limit_price, "130", "on an order of its own as well");
    struct action split = make_split("s1", at("2024-06-11T04:00:00Z"), "AAA", 2, 1);
    check(ledger_apply(&ledger, RECORD_ACTION, &split, &error) == 0, "a split, 2 for 1");
    check_dec(ledger_open_order(&ledger, "b")->order.quantity, "10", "quantities double");
    check_dec(ledger_open_order(&ledger, "b")->order.limit_price, "47.24", "47.245 to the cent, half-even");
    check_dec(ledger_open_order(&ledger, "t")->order.limit_price, "65", "sell limits as well");
}

static dec loss_of(void)
{
    dec base, loss;
    return ledger_daily_loss(&ledger, equity_of(&ledger), &base, &loss, &error) == 0 ? loss : DEC_NONE;
}

static void test_day(void)
{
    struct zone *zone = zone_open("America/New_York", &error);
    require(zone != NULL);
    open_ledger(zone, "10000", "2024-03-08T15:00:00Z"); /* Friday 10:00 EST */
    check(ledger.day_ends == at("2024-03-08T22:00:00Z"), "Friday's day ends at 17:00 EST");
    check(ledger_advance(&ledger, at("2024-03-08T22:00:00Z"), &error) == 0 &&
              ledger.day_ends == at("2024-03-08T22:00:00Z"),
          "the roll itself belongs to the day that ends");
    check(ledger_advance(&ledger, at("2024-03-08T22:00:00.000000001Z"), &error) == 0 &&
              ledger.day_ends == at("2024-03-09T22:00:00Z"),
          "and what comes after it to the next");
    check(ledger_advance(&ledger, at("2024-03-11T14:00:00Z"), &error) == 0 &&
              ledger.day_ends == at("2024-03-11T21:00:00Z"),
          "after a weekend with the change to summer time: Monday 17:00 EDT");
    check(ledger_advance(&ledger, at("2024-11-01T21:30:00Z"), &error) == 0 &&
              ledger.day_ends == at("2024-11-02T21:00:00Z"),
          "autumn, Friday after 17:00 EDT");
    check(ledger_advance(&ledger, at("2024-11-04T15:00:00Z"), &error) == 0 &&
              ledger.day_ends == at("2024-11-04T22:00:00Z"),
          "after the change to winter time: 17:00 EST");

    /* The loss of the day: from the equity at the roll, deposits aside. */
    open_ledger(zone, "10000", "2024-01-02T15:00:00Z");
    check_dec(loss_of(), "0", "the opening deposit is no profit");
    check(fill("f1", "2024-01-02T15:30:00Z", SIDE_BUY, "10", "100", "0") == 0 &&
              apply_mark(&ledger, "AAA", at("2024-01-02T05:00:00Z"), at("2024-01-02T21:00:00Z"), "90", &error) == 0,
          "bought, fallen");
    check_dec(loss_of(), "100", "10 x (100 - 90)");
    check(apply_cash(&ledger, at("2024-01-02T21:10:00Z"), CASH_WITHDRAWAL, "-500", &error) == 0, "a withdrawal");
    check_dec(loss_of(), "100", "is no loss");
    check(apply_cash(&ledger, at("2024-01-02T21:20:00Z"), CASH_DIVIDEND, "7", &error) == 0, "a dividend");
    check_dec(loss_of(), "93", "is a profit");
    /* The next day's first event is a fill at the open, far from the last mark: 10 x (70 - 90) is that day's loss. */
    check(fill("f2", "2024-01-03T14:30:00Z", SIDE_SELL, "10", "70", "0") == 0, "sold at the next open");
    check_dec(ledger.day_start, "9407", "the day starts from 9400 + 7, before the fill: 8507 + 10 x 90");
    check_dec(loss_of(), "200", "the gap is the new day's loss");

    struct equity point = {.time = at("2024-01-03T21:00:00Z"), .equity = d("9207"), .account = "test"};
    check(ledger_apply(&ledger, RECORD_EQUITY, &point, &error) == 0, "an equity point");
    check_dec(ledger.day_worst, "200", "the worst loss is kept");
    check_dec(ledger.day_worst_share, "0.02126076", "and its share, rounded down: 200 / 9407 = 0.021260763…");
    check(apply_cash(&ledger, at("2024-01-03T21:05:00Z"), CASH_DEPOSIT, "100000", &error) == 0, "a large deposit");
    check_dec(ledger.day_worst_share, "0.02126076", "does not make it smaller");
    check(ledger_find_day(&ledger, at("2024-01-03T22:00:00Z")) == NULL, "the day goes on until its roll, and with it");
    check(ledger_advance(&ledger, at("2024-01-03T22:00:00.000000001Z"), &error) == 0, "the roll");
    check_dec(ledger.day_worst, "0", "ends it");
    check_dec(ledger.day_worst_share, "0", "both ways");
    check_dec(loss_of(), "0", "and the day starts anew");
    /* Days that are over are remembered: 2 January lost 93 of 10000 - 500, 3 January 200 of 9407 + 100000. */
    const struct ledger_day *second = ledger_find_day(&ledger, at("2024-01-02T22:00:00Z"));
    const struct ledger_day *third = ledger_find_day(&ledger, at("2024-01-02T22:00:00.000000001Z"));
    check(second != NULL && ledger_day_date(&ledger, second->ends) == date_to_days((struct date){2024, 1, 2}) &&
              second == ledger_find_day(&ledger, at("1999-01-01T00:00:00Z")),
          "the first day there was begins with the account, and so before it");
    check_dec(second == NULL ? 0 : second->loss, "93", "it ended with a loss that no equity point had shown");
    check_dec(second == NULL ? 0 : second->base, "9500", "of 10000 less the withdrawal");
    check(third != NULL && third != second && third == ledger_find_day(&ledger, at("2024-01-03T22:00:00Z")),
          "a moment exactly at the roll is of the day that ends");
    check_dec(third == NULL ? 0 : third->loss, "200", "the worst of the day after");
    check_dec(third == NULL ? 0 : third->share, "0.02126076", "and its share");
    check(ledger_find_day(&ledger, at("2024-01-03T22:00:00.000000001Z")) == NULL, "later is the present day");
    int64_t time = at("2024-01-03T23:00:00Z");
    for (int i = 0; i < LEDGER_DAYS + 3; i++)
        require(ledger_advance(&ledger, time += TIME_DAY, &error) == 0);
    check(ledger_find_day(&ledger, at("2024-01-03T22:00:00Z")) == NULL, "what is older than they reach is not known");
    const struct ledger_day *last = ledger_find_day(&ledger, time - TIME_DAY);
    check(last != NULL && last->ends == time - TIME_HOUR && last->loss == 0, "yesterday is");

    /* Markets that never close, days of UTC; and the last day there is in these clocks. */
    open_ledger(NULL, "10000", "2024-01-02T15:00:00Z");
    ledger.terms.day_rolls = 0;
    check(ledger_advance(&ledger, at("2024-01-04T00:00:00Z"), &error) == 0 &&
              ledger.day_ends == at("2024-01-04T00:00:00Z") &&
              ledger_day_date(&ledger, ledger.day_ends) == date_to_days((struct date){2024, 1, 3}),
          "00:00Z ends the day of UTC before it");
    const struct ledger_day *before;
    check(apply_mark(&ledger, "AAA", at("2024-01-04T00:00:00Z"), at("2024-01-04T12:00:00Z"), "100", &error) == 0 &&
              fill("f1", "2024-01-05T00:00:00Z", SIDE_BUY, "10", "100", "0") == 0 && ledger.days == 2 &&
              ledger.day_ends == at("2024-01-05T00:00:00Z"),
          "a fill at the roll is of the day that ends, as the end of its last bar is");
    point = (struct equity){.time = at("2024-01-05T00:00:00Z"), .equity = d("10000"), .account = "test"};
    check(ledger_apply(&ledger, RECORD_EQUITY, &point, &error) == 0 && ledger.days == 2, "so is the day's last point");
    check(fill("f2", "2024-01-05T00:00:00Z", SIDE_SELL, "10", "70", "0") == 0 && ledger.days == 3 &&
              (before = ledger_find_day(&ledger, at("2024-01-05T00:00:00Z"))) != NULL && before->loss == 0 &&
              ledger.day_ends == at("2024-01-06T00:00:00Z"),
          "one after it, at the open that follows, is of the next");
    check_dec(loss_of(), "300", "and its gap of 10 x 30 is that day's loss");
    check(ledger_advance(&ledger, at("2262-04-11T23:31:00Z"), &error) == 0 && ledger.day_ends == INT64_MAX,
          "a day that ends after the end of time ends with it");
    zone_free(zone);
}

/* Two instances that offset each other: the symbol is flat, its holdings are not. */
static void test_offset(void)
{
    open_ledger(NULL, "10000", "2024-01-02T14:00:00Z");
    const int64_t time = at("2024-01-02T15:00:00Z");
    struct fill one = make_fill("1", time, "AAA", SIDE_BUY, "5", "10", "0");
    struct fill other = make_fill("2", time, "AAA", SIDE_SELL_SHORT, "5", "10", "0");
    (void)snprintf(other.strategy, sizeof other.strategy, "t");
    check(ledger_apply(&ledger, RECORD_FILL, &one, &error) == 0 &&
              ledger_apply(&ledger, RECORD_FILL, &other, &error) == 0 && ledger.symbol_state[0].quantity == 0,
          "one long, one short");
    check(ledger.symbol_state[0].open == 2, "both are open");
    one = make_fill("3", time, "AAA", SIDE_SELL, "5", "10", "0");
    other = make_fill("4", time, "AAA", SIDE_BUY_TO_COVER, "3", "10", "0");
    (void)snprintf(other.strategy, sizeof other.strategy, "t");
    check(ledger_apply(&ledger, RECORD_FILL, &one, &error) == 0 &&
              ledger_apply(&ledger, RECORD_FILL, &other, &error) == 0 && ledger.symbol_state[0].open == 1,
          "one closed, one in part");
    check(ledger.fills == 4 && ledger.holding[1].lot[0].number == 2, "fills are numbered, lots name theirs");
}

static void test_book(void)
{
    open_ledger(NULL, "10000", "2024-01-02T14:00:00Z");
    struct order order = make_order("o1", at("2024-01-02T21:00:00Z"), "AAA", SIDE_BUY, "10", ROLE_ENTRY);
    check(ledger_plan(&ledger, &order, &error) == 0 && ledger_plan(&ledger, &order, &error) == 0, "planned, twice");
    check(ledger.open_orders == 1 && ledger.symbol_state[0].working == 1 && held()->entry_signal[0] == '\0',
          "works once and spends nothing");
    check(!ledger_has_expiring(&ledger, INT64_MAX), "a plan does not expire");
    ledger_unplan(&ledger);
    check(ledger.open_orders == 0 && ledger.symbol_state[0].working == 0, "and is forgotten");
    check(ledger_plan(&ledger, &order, &error) == 0 && ledger_apply(&ledger, RECORD_ORDER, &order, &error) == 0 &&
              ledger.open_orders == 1,
          "a plan that came true is one order");
    ledger_unplan(&ledger);
    check(ledger.open_orders == 1, "and no plan any more");
    check_text(held()->entry_signal, "sg-o1", "an entry spends its signal");
    check(ledger_apply(&ledger, RECORD_ORDER, &order, &error) == -1 && error.code == EXIT_STATE,
          "the same order twice is refused");
    error_clear(&error);

    struct fill event = make_fill("o1.1", at("2024-01-03T14:30:00Z"), "AAA", SIDE_BUY, "4", "10", "1");
    (void)snprintf(event.order_id, sizeof event.order_id, "o1");
    check(ledger_apply(&ledger, RECORD_FILL, &event, &error) == 0, "a part of it");
    check_dec(ledger_open_order(&ledger, "o1")->filled, "4", "filled so far");
    check_dec(ledger_open_order(&ledger, "o1")->notional, "40", "for so much");
    check_dec(ledger_open_order(&ledger, "o1")->commission, "1", "at these costs");
    struct order_update update = {.time = event.time, .order_id = "o1", .status = STATUS_FILLED};
    check(ledger_apply(&ledger, RECORD_ORDER_UPDATE, &update, &error) == -1 && error.code == EXIT_STATE,
          "'filled' before its fills add up is refused");
    error_clear(&error);
    struct fill wrong = event;
    wrong.quantity = d("7");
    check(ledger_apply(&ledger, RECORD_FILL, &wrong, &error) == -1 && error.code == EXIT_STATE,
          "more than was ordered is refused");
    error_clear(&error);
    wrong = event;
    wrong.side = SIDE_SELL;
    check(ledger_apply(&ledger, RECORD_FILL, &wrong, &error) == -1, "the other side is refused");
    error_clear(&error);
    wrong = event;
    (void)snprintf(wrong.symbol, sizeof wrong.symbol, "BBB");
    check(ledger_apply(&ledger, RECORD_FILL, &wrong, &error) == -1, "another symbol is refused");
    error_clear(&error);
    check_dec(held()->quantity, "4", "and none of these counts");
    update.status = STATUS_CANCELED;
    check(ledger_apply(&ledger, RECORD_ORDER_UPDATE, &update, &error) == 0 && ledger.open_orders == 0, "cancelled");

    struct order exit = make_order("x1", at("2024-01-03T21:00:00Z"), "AAA", SIDE_SELL, "4", ROLE_EXIT);
    (void)snprintf(exit.signal, sizeof exit.signal, "flat");
    check(ledger_exit_attempts(&ledger, "flat") == 0, "no exit yet");
    check(ledger_apply(&ledger, RECORD_ORDER, &exit, &error) == 0 && ledger_exit_attempts(&ledger, "flat") == 1,
          "an exit's attempt");
    (void)snprintf(exit.id, sizeof exit.id, "x2");
    exit.attempt = 2;
    check(ledger_apply(&ledger, RECORD_ORDER, &exit, &error) == 0 && ledger_exit_attempts(&ledger, "flat") == 2,
          "and the next");
    struct order other = exit;
    other.attempt = 1;
    (void)snprintf(other.id, sizeof other.id, "x3");
    (void)snprintf(other.signal, sizeof other.signal, "flat-daily");
    check(ledger_apply(&ledger, RECORD_ORDER, &other, &error) == 0 && ledger_exit_attempts(&ledger, "flat") == 2 &&
              ledger_exit_attempts(&ledger, "flat-daily") == 1,
          "an exit of another signal leaves the first one's attempts");
    (void)snprintf(other.id, sizeof other.id, "x4");
    other.signal[0] = '\0';
    check(ledger_apply(&ledger, RECORD_ORDER, &other, &error) == 0 && ledger_exit_attempts(&ledger, "flat") == 2 &&
              ledger_exit_attempts(&ledger, "") == 0,
          "so does one by hand");
    check(ledger_wants_bar(&ledger, 0, one_day, at("2024-01-04T05:00:00Z"), at("2024-01-04T21:00:00Z")),
          "a bar after them is wanted");
    check(!ledger_wants_bar(&ledger, 0, one_day, at("2024-01-03T05:00:00Z"), at("2024-01-03T14:30:00Z")),
          "one that was known by then is not");
    check(apply_mark(&ledger, "AAA", at("2024-01-04T05:00:00Z"), at("2024-01-04T21:00:00Z"), "11", &error) == 0 &&
              ledger_has_seen(&ledger, 0, one_day, at("2024-01-04T05:00:00Z")) &&
              !ledger_wants_bar(&ledger, 0, one_day, at("2024-01-04T05:00:00Z"), at("2024-01-04T21:00:00Z")),
          "a bar is seen once");
    check(apply_mark(&ledger, "AAA", at("2024-01-03T05:00:00Z"), at("2024-01-03T21:00:00Z"), "9", &error) == 0, "old");
    check_dec(ledger.symbol_state[0].mark, "11", "an older bar does not set the mark");
    const struct halt halt = {.time = at("2024-01-04T21:00:00Z"), .account = "test", .halted = 1};
    check(ledger_apply(&ledger, RECORD_HALT, &halt, &error) == 0 && ledger.halted, "the kill switch");
    struct cash euro = {.time = at("2024-01-05T21:00:00Z"), .amount = DEC_ONE, .kind = CASH_DEPOSIT, .currency = "EUR"};
    check(ledger_apply(&ledger, RECORD_CASH, &euro, &error) == 0 && equity_of(&ledger) == DEC_NONE,
          "cash of a currency without a rate");
}

int main(void)
{
    test_intervals();
    test_long();
    test_dividends();
    test_worth_at();
    test_far_worth();
    test_far_costs();
    test_indivisible();
    test_short_and_cross();
    test_rounding();
    test_splits();
    test_dividend();
    test_day();
    test_offset();
    test_book();
    ledger_clear(&ledger);
    return done();
}
