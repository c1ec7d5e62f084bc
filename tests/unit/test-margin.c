/* What an account may spend that is not all its own, or not yet: settlement of a cash account, loans, margin calls.
 * Sums by hand. */
#include "market/settlement.h"
#include "trading.h"

static struct zone *zone;
static struct calendar nyse;

static void test_settlement(void)
{
    /* SEC releases 34-80295 and 34-96930; of 24 and 28 May 2024 both settle on the 29th, with a holiday on the 27th. */
    static const struct {
        const char *traded, *available, *name;
    } cases[] = {
        {"2017-08-31T15:00:00Z", "2017-09-05T20:00:00Z", "T+3: Thursday before Labor Day settles on Wednesday"},
        {"2017-09-05T15:00:00Z", "2017-09-06T20:00:00Z", "T+2 from 5 September 2017: on Thursday"},
        {"2024-05-24T15:00:00Z", "2024-05-28T20:00:00Z", "T+2: Friday before Memorial Day settles on the 29th"},
        {"2024-05-28T15:00:00Z", "2024-05-28T20:00:00Z", "T+1 from 28 May 2024: on the 29th too"},
        {"2024-07-03T14:00:00Z", "2024-07-03T17:00:00Z", "a short session before a holiday: on the 5th"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t available = TIME_NONE;
        check(settlement_time(&nyse, at(cases[i].traded), &available, &error) == 0 &&
                  available == at(cases[i].available),
              "%s", cases[i].name);
    }
    struct calendar always;
    int64_t available = TIME_NONE;
    check(calendar_init(&always, "always", NULL, &error) == 0 &&
              settlement_time(&always, at("2024-07-06T15:00:00Z"), &available, &error) == 0 &&
              available == at("2024-07-06T15:00:00Z"),
          "what never closes settles at once");
}

static int bar_at(const char *symbol, const char *opens, const char *end, const char *open, const char *close)
{
    const struct candle candle = {.time = at(opens),
                                  .opens = at(opens),
                                  .end = at(end),
                                  .open = d(open),
                                  .high = d(open) > d(close) ? d(open) : d(close),
                                  .low = d(open) < d(close) ? d(open) : d(close),
                                  .close = d(close)};
    static const struct interval hour = {INTERVAL_HOUR, 1};
    return put(ledger_slot(&ledger, symbol, &error), hour, &candle);
}

static int finish(const char *known)
{
    struct worth worth;
    return orders_finish(&manager, at(known), true, &worth, &error);
}

static struct order order_at(const char *id, const char *time, const char *symbol, enum side side, const char *quantity,
                             const char *price)
{
    struct order order = make_order(id, at(time), symbol, side, quantity,
                                    side == SIDE_BUY || side == SIDE_SELL_SHORT ? ROLE_ENTRY : ROLE_EXIT);
    order.reference_price = d(price);
    return order;
}

static const char *answer(const struct order *order)
{
    static struct refusal refusal;
    refusal = (struct refusal){0};
    const int taken = orders_submit(&manager, order, order->time, &refusal, &error);
    return taken == 1 ? "taken" : taken == 0 ? refusal.code : error.text;
}

static void begin(const char *cash)
{
    const struct ledger_terms terms = money_terms(zone);
    start("0");
    ledger_clear(&ledger);
    require(ledger_init(&ledger, &terms, &error) == 0);
    require(apply_cash(&ledger, at("2024-07-01T12:00:00Z"), CASH_DEPOSIT, cash, &error) == 0);
    manager.calendar = &nyse;
    manager.limits.max_position = 5 * DEC_ONE;
}

static void test_cash_account(void)
{
    begin("10000");
    manager.limits.cash_account = true;
    struct order buy = order_at("b1", "2024-07-01T13:30:00Z", "AAA", SIDE_BUY, "100", "100");
    check_text(answer(&buy), "taken", "all of 10,000 is spent");
    check(bar_at("AAA", "2024-07-01T13:30:00Z", "2024-07-01T14:30:00Z", "100", "100") == 0 &&
              finish("2024-07-01T14:30:00Z") == 0 && fill_count == 1 && fills[0].settles == TIME_NONE,
          "a purchase has nothing to settle");
    struct order brief = order_at("s0", "2024-07-01T14:30:00Z", "BBB", SIDE_SELL_SHORT, "1", "100");
    check_text(answer(&brief), "CASH_ACCOUNT", "a cash account does not sell short");
    struct order sale = order_at("s1", "2024-07-02T14:30:00Z", "AAA", SIDE_SELL, "100", "100");
    check_text(answer(&sale), "taken", "the next day it is sold");
    check(bar_at("AAA", "2024-07-02T14:30:00Z", "2024-07-02T15:30:00Z", "110", "110") == 0 &&
              finish("2024-07-02T15:30:00Z") == 0 && fill_count == 2,
          "at 110");
    check(fills[1].settles == at("2024-07-02T20:00:00Z"), "and settles for orders of the evening");
    check_dec(ledger.cash, "11000", "the money is there");
    struct order again = order_at("b2", "2024-07-02T15:30:00Z", "BBB", SIDE_BUY, "50", "100");
    check_text(answer(&again), "UNSETTLED", "but may not be spent on the same day");
    again = order_at("b3", "2024-07-02T15:30:00Z", "BBB", SIDE_BUY, "120", "100");
    check_text(answer(&again), "BUYING_POWER", "more than there is at all is another matter");
    again = order_at("b4", "2024-07-02T20:00:00Z", "BBB", SIDE_BUY, "110", "100");
    check(finish("2024-07-02T20:00:00Z") == 0, "the evening");
    check_text(answer(&again), "taken", "what is decided then fills on the day on which it settles");
    check(bar_at("BBB", "2024-07-03T13:30:00Z", "2024-07-03T14:30:00Z", "100", "100") == 0 && fill_count == 3 &&
              ledger.cash == 0,
          "and does");

    begin("10000");
    buy = order_at("b1", "2024-07-01T13:30:00Z", "AAA", SIDE_BUY, "100", "100");
    sale = order_at("s1", "2024-07-02T14:30:00Z", "AAA", SIDE_SELL, "100", "100");
    check(strcmp(answer(&buy), "taken") == 0 &&
              bar_at("AAA", "2024-07-01T13:30:00Z", "2024-07-01T14:30:00Z", "100", "100") == 0 &&
              strcmp(answer(&sale), "taken") == 0 &&
              bar_at("AAA", "2024-07-02T14:30:00Z", "2024-07-02T15:30:00Z", "110", "110") == 0 &&
              finish("2024-07-02T15:30:00Z") == 0,
          "the same in a margin account");
    again = order_at("b2", "2024-07-02T15:30:00Z", "BBB", SIDE_BUY, "50", "100");
    check_text(answer(&again), "taken", "which spends it at once");
}

/* 10,000 dollars and 500 euros at 1.10. */
static void test_cash_account_abroad(void)
{
    begin("10000");
    manager.limits.cash_account = true;
    (void)snprintf(stock.currency, sizeof stock.currency, "EUR");
    check(apply_mark(&ledger, "EURUSD", at("2024-07-01T11:00:00Z"), at("2024-07-01T12:00:00Z"), "1.1", &error) == 0,
          "a rate");
    struct order buy = order_at("b1", "2024-07-01T13:30:00Z", "SAP", SIDE_BUY, "1", "100");
    check_text(answer(&buy), "CASH_ACCOUNT", "dollars alone buy nothing in euros");
    struct cash euros = {.time = at("2024-07-01T13:00:00Z"),
                         .amount = d("500"),
                         .kind = CASH_DEPOSIT,
                         .id = "euros",
                         .account = "test",
                         .currency = "EUR",
                         .rate = DEC_NONE,
                         .cross_rate = DEC_NONE};
    check(ledger_apply(&ledger, RECORD_CASH, &euros, &error) == 0, "500 EUR");
    check_text(answer(&buy), "taken", "100 of 500 EUR");
    buy = order_at("b2", "2024-07-01T13:31:00Z", "BMW", SIDE_BUY, "5", "100");
    check_text(answer(&buy), "CASH_ACCOUNT", "working entries have taken 100 of 500 EUR");
    buy = order_at("b3", "2024-07-01T13:32:00Z", "BMW", SIDE_BUY, "4", "100");
    check_text(answer(&buy), "taken", "400 are left");
    stock.currency[0] = '\0';
    buy = order_at("b4", "2024-07-01T13:33:00Z", "AAA", SIDE_BUY, "100", "100");
    check_text(answer(&buy), "taken", "all dollars buy what trades in dollars");
    buy = order_at("b5", "2024-07-01T13:34:00Z", "BBB", SIDE_BUY, "1", "100");
    check_text(answer(&buy), "CASH_ACCOUNT", "and euros do not");
    manager.limits.cash_account = false;
}

/* The same for what trades in another currency: 80,000 euros at 1.25 are 100,000 dollars, of which half is lent. */
static void test_loan_abroad(void)
{
    dec power;
    begin("100000");
    ledger.terms.loan = DEC_ONE / 2;
    (void)snprintf(stock.currency, sizeof stock.currency, "EUR");
    check(apply_mark(&ledger, "EURUSD", at("2024-07-01T11:00:00Z"), at("2024-07-01T12:00:00Z"), "1.25", &error) == 0,
          "a rate");
    struct order buy = order_at("b1", "2024-07-01T13:30:00Z", "SAP", SIDE_BUY, "800", "100");
    check_text(answer(&buy), "taken", "80,000 euros need 50,000 dollars");
    check(bar_at("SAP", "2024-07-01T13:30:00Z", "2024-07-01T14:30:00Z", "100", "100") == 0 &&
              finish("2024-07-01T14:30:00Z") == 0 && fill_count == 1,
          "bought");
    check_dec(ledger.money[0].cash, "-80000", "80,000 euros are owed");
    check(ledger_buying_power(&ledger, &power, &error) == 0, "what is left");
    check_dec(power, "50000", "100,000 of equity less half of 100,000");
    buy = order_at("b2", "2024-07-01T14:30:00Z", "BMW", SIDE_BUY, "801", "100");
    check_text(answer(&buy), "BUYING_POWER", "which is not enough for 80,100 euros");
    buy = order_at("b3", "2024-07-01T14:30:00Z", "BMW", SIDE_BUY, "800", "100");
    check_text(answer(&buy), "taken", "but for 80,000");
    stock.currency[0] = '\0';
}

/* 100,000 of its own, and half of each purchase lent (Regulation T). */
static void test_loan(void)
{
    dec power;
    begin("100000");
    struct order buy = order_at("b1", "2024-07-01T13:30:00Z", "AAA", SIDE_BUY, "1500", "100");
    check_text(answer(&buy), "BUYING_POWER", "without a loan 150,000 are too much");
    ledger.terms.loan = DEC_ONE / 2;
    check_text(answer(&buy), "taken", "with one they need 75,000");
    check(bar_at("AAA", "2024-07-01T13:30:00Z", "2024-07-01T14:30:00Z", "100", "100") == 0 &&
              finish("2024-07-01T14:30:00Z") == 0 && fill_count == 1,
          "bought");
    check_dec(ledger.cash, "-50000", "50,000 are owed");
    check(ledger_buying_power(&ledger, &power, &error) == 0, "what is left");
    check_dec(power, "25000", "100,000 of equity less half of 150,000");
    struct order more = order_at("b2", "2024-07-01T14:30:00Z", "BBB", SIDE_BUY, "501", "100");
    check_text(answer(&more), "BUYING_POWER", "which is not enough for 50,100");
    more = order_at("b3", "2024-07-01T14:30:00Z", "BBB", SIDE_BUY, "500", "100");
    check_text(answer(&more), "taken", "but for 50,000");
}

static void test_call(void)
{
    /* Equity -50,000 + 1500 x 44.4 = 16,600; 25 % of 66,600 are 16,650. A cent more is no call. */
    begin("100000");
    ledger.terms.loan = DEC_ONE / 2;
    struct order buy = order_at("b1", "2024-07-01T13:30:00Z", "AAA", SIDE_BUY, "1500", "100");
    check(strcmp(answer(&buy), "taken") == 0 &&
              bar_at("AAA", "2024-07-01T13:30:00Z", "2024-07-01T14:30:00Z", "100", "44.45") == 0 &&
              finish("2024-07-01T14:30:00Z") == 0 && alert_count == 0,
          "equity above a quarter of what is held");
    check(bar_at("AAA", "2024-07-01T14:30:00Z", "2024-07-01T15:30:00Z", "44.45", "44.4") == 0 &&
              finish("2024-07-01T15:30:00Z") == 0 && alert_count == 1 && ledger.open_orders == 0,
          "and below it: an alert, and on paper nothing is sold");
    struct order more = order_at("b2", "2024-07-01T15:30:00Z", "BBB", SIDE_BUY, "1", "10");
    check_text(answer(&more), "MARGIN_CALL", "nor entered");
    struct order out = order_at("s1", "2024-07-01T15:30:00Z", "AAA", SIDE_SELL, "100", "44");
    check_text(answer(&out), "taken", "what reduces passes");

    /* 1000 AAA and 500 BBB: -50,000 + 50,000 + 15,000 = 15,000, and 25 % of 65,000 are 16,250. AAA has lost 50,000, BBB
       35,000; without AAA 3,750 are enough. */
    begin("100000");
    ledger.terms.loan = DEC_ONE / 2;
    manager.liquidates = true;
    struct order a = order_at("a", "2024-07-01T13:30:00Z", "AAA", SIDE_BUY, "1000", "100"),
                 b = order_at("b", "2024-07-01T13:30:00Z", "BBB", SIDE_BUY, "500", "100");
    check(strcmp(answer(&b), "taken") == 0 && strcmp(answer(&a), "taken") == 0 &&
              bar_at("AAA", "2024-07-01T13:30:00Z", "2024-07-01T14:30:00Z", "100", "50") == 0 &&
              bar_at("BBB", "2024-07-01T13:30:00Z", "2024-07-01T14:30:00Z", "100", "30") == 0 &&
              finish("2024-07-01T14:30:00Z") == 0 && ledger.open_orders == 1,
          "a call that is carried out: one order");
    check(bar_at("BBB", "2024-07-01T14:30:00Z", "2024-07-01T15:00:00Z", "30", "30") == 0 &&
              finish("2024-07-01T15:00:00Z") == 0 && ledger.open_orders == 1 && manager.liquidated == 1,
          "while AAA has no bar, what it will free counts: BBB is not sold for it too");
    check(bar_at("AAA", "2024-07-01T14:30:00Z", "2024-07-01T15:30:00Z", "49", "49") == 0 &&
              bar_at("BBB", "2024-07-01T15:00:00Z", "2024-07-01T15:30:00Z", "30", "30") == 0 &&
              finish("2024-07-01T15:30:00Z") == 0 && fill_count == 3 && strcmp(fills[2].symbol, "AAA") == 0 &&
              fills[2].role == ROLE_EXIT && ledger.open_orders == 0 && manager.liquidated == 1,
          "the larger loss is sold at the next open, the other stays");
    check_dec(ledger.cash, "-1000", "-50,000 + 1000 x 49");

    /* Short 1000 at 100: cash 150,000 for 50,000 of its own; at 116 the equity is 34,000, 30 % of 116,000 are 34,800.
     */
    begin("50000");
    manager.liquidates = true;
    a = order_at("a", "2024-07-01T13:30:00Z", "AAA", SIDE_SELL_SHORT, "1000", "100");
    check(strcmp(answer(&a), "taken") == 0 &&
              bar_at("AAA", "2024-07-01T13:30:00Z", "2024-07-01T14:30:00Z", "100", "115") == 0 &&
              finish("2024-07-01T14:30:00Z") == 0 && ledger.open_orders == 0,
          "short: 35,000 against 34,500");
    check(bar_at("AAA", "2024-07-01T14:30:00Z", "2024-07-01T15:30:00Z", "115", "116") == 0 &&
              finish("2024-07-01T15:30:00Z") == 0 && ledger.open_orders == 1 &&
              bar_at("AAA", "2024-07-01T15:30:00Z", "2024-07-01T16:30:00Z", "117", "117") == 0 && fill_count == 2 &&
              fills[1].side == SIDE_BUY_TO_COVER && ledger.cash == d("33000"),
          "and below: covered at the next open");
}

/* 20,000 dollars; short 1000 TM at 1500 yen, 150 to the dollar, and 600 BBB at 100: 80,000 dollars and 1,500,000 yen.
   At 1800 and 116: 80,000 - 69,600 + (1,500,000 - 1,800,000) / 150 = 8,400, and 30 % of 69,600 + 12,000 are 24,480. BBB
   has lost 9,600 dollars, TM 300,000 yen, which are 2,000; without BBB 3,600 are enough. */
static void test_call_of_currencies(void)
{
    begin("20000");
    memcpy(ledger.terms.currency, "USD", 4);
    manager.liquidates = true;
    struct fill yen = make_fill("f1", at("2024-07-01T14:00:00Z"), "TM", SIDE_SELL_SHORT, "1000", "1500", "0"),
                dollars = make_fill("f2", at("2024-07-01T14:00:00Z"), "BBB", SIDE_SELL_SHORT, "600", "100", "0");
    memcpy(yen.currency, "JPY", 4);
    check(apply_mark(&ledger, "USDJPY", at("2024-07-01T13:00:00Z"), at("2024-07-01T14:00:00Z"), "150", &error) == 0 &&
              ledger_apply(&ledger, RECORD_FILL, &yen, &error) == 0 &&
              ledger_apply(&ledger, RECORD_FILL, &dollars, &error) == 0 &&
              bar_at("TM", "2024-07-01T14:00:00Z", "2024-07-01T15:00:00Z", "1500", "1800") == 0 &&
              bar_at("BBB", "2024-07-01T14:00:00Z", "2024-07-01T15:00:00Z", "100", "116") == 0,
          "short in two currencies");
    check_dec(equity_of(&ledger), "8400", "what it is worth");
    check(finish("2024-07-01T15:00:00Z") == 0 && ledger.open_orders == 1, "a call: one order frees enough");
    check(ledger.open_orders > 0 && strcmp(ledger.open_order[0]->order.symbol, "BBB") == 0,
          "of what has lost most in the account's currency");
}

int main(void)
{
    zone = zone_open("America/New_York", &error);
    require(zone != NULL && calendar_init(&nyse, "nyse", zone, &error) == 0);
    test_settlement();
    test_cash_account();
    test_cash_account_abroad();
    test_loan();
    test_loan_abroad();
    test_call();
    test_call_of_currencies();
    ledger_clear(&ledger);
    zone_free(zone);
    return done();
}
