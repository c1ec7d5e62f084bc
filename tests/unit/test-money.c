/* Money in several currencies: what is booked in which, what it is worth in the account's, and when nobody knows. */
#include "base/random.h"
#include "money.h"
#include "risk/risk.h"

static struct error error;

static int pay(struct ledger *ledger, const char *time, enum cash_kind kind, const char *currency, const char *amount)
{
    struct cash cash = {
        .time = at(time), .amount = d(amount), .kind = kind, .account = "test", .symbol = "SAP", .strategy = "s"};
    (void)snprintf(cash.id, sizeof cash.id, "c%s%s%s", time, amount, currency);
    (void)snprintf(cash.currency, sizeof cash.currency, "%s", currency);
    return ledger_apply(ledger, RECORD_CASH, &cash, &error);
}

static int trade(struct ledger *ledger, const char *id, const char *time, const char *symbol, const char *currency,
                 enum side side, const char *quantity, const char *price, const char *commission)
{
    struct fill fill = make_fill(id, at(time), symbol, side, quantity, price, commission);
    (void)snprintf(fill.currency, sizeof fill.currency, "%s", currency);
    return ledger_apply(ledger, RECORD_FILL, &fill, &error);
}

static int mark(struct ledger *ledger, const char *symbol, const char *time, const char *price)
{
    return apply_mark(ledger, symbol, at(time) - TIME_HOUR, at(time), price, &error);
}

static struct lot_close closed;

static int note_close(void *context, const struct lot_close *lot_close, struct error *unused)
{
    (void)context;
    (void)unused;
    closed = *lot_close;
    return 0;
}

static void open_usd(struct ledger *ledger, const char *cash)
{
    const struct ledger_terms terms = money_terms(NULL);
    error_clear(&error);
    require(ledger_init(ledger, &terms, &error) == 0);
    ledger->on_close = note_close;
    require(pay(ledger, "2026-03-02T14:00:00Z", CASH_DEPOSIT, "USD", cash) == 0);
}

/* A stock that trades in euros, in an account in dollars, over a rate that moves. */
static void test_stock(void)
{
    struct ledger ledger;
    dec power, exposure, base, loss = 0;
    open_usd(&ledger, "100000");
    check(mark(&ledger, "EURUSD", "2026-03-02T22:00:00Z", "1.1") == 0 &&
              trade(&ledger, "f1", "2026-03-03T08:00:00Z", "SAP", "EUR", SIDE_BUY, "100", "150.25", "5") == 0 &&
              mark(&ledger, "SAP", "2026-03-03T16:30:00Z", "152") == 0,
          "100 bought at 150.25 EUR, 5 EUR commission");
    check_dec(ledger.cash, "100000", "the dollars are as before");
    check_dec(ledger.money[0].cash, "-15030", "euros: -(100 x 150.25 + 5)");
    check_dec(equity_of(&ledger), "100187", "equity: 100000 + (15200 - 15030) x 1.1");
    check_dec(ledger.holding[0].lot[0].cost, "15030", "the lot's cost is in euros");
    check_dec(ledger.holding[0].lot[0].own_cost, "16533", "and in dollars, 15030 x 1.1");
    check(mark(&ledger, "EURUSD", "2026-03-03T17:00:00Z", "1.2") == 0, "the euro goes to 1.2");
    check_dec(equity_of(&ledger), "100204", "equity: 100000 + 170 x 1.2");
    check(ledger_exposure(&ledger, &exposure, &error) == 0, "exposure");
    check_dec(exposure, "18240", "15200 x 1.2");
    check(ledger_buying_power(&ledger, &power, &error) == 0, "buying power");
    check_dec(power, "81964", "100000 - 15030 x 1.2: the euros are owed");
    check(trade(&ledger, "f2", "2026-03-03T17:05:00Z", "SAP", "EUR", SIDE_SELL, "40", "160", "5") == 0,
          "40 sold at 160");
    check_dec(closed.cost, "6012", "cost in euros: 15030 x 40 / 100");
    check_dec(closed.realized, "383", "realized in euros: 40 x 160 - 5 - 6012");
    check_dec(closed.own_cost, "6613.2", "cost in dollars at the rate of its day: 16533 x 40 / 100");
    check_dec(closed.own_proceeds, "7674", "proceeds at the rate of theirs: 6395 x 1.2");
    check_dec(closed.own_realized, "1060.8", "7674 - 6613.2");
    check_dec(ledger.holding[0].own_realized, "1060.8", "as the holding has it");
    check_dec(ledger.money[0].commission, "10", "commissions are euros");
    check_dec(ledger.commission, "0", "and no dollars");
    check(pay(&ledger, "2026-03-04T08:00:00Z", CASH_DIVIDEND, "EUR", "30") == 0, "a dividend of 30 EUR");
    check_dec(ledger.holding[0].lot[0].dividends, "30", "is the lot's");
    check_dec(ledger.holding[0].lot[0].own_dividends, "36", "30 x 1.2");
    check(pay(&ledger, "2026-03-04T09:00:00Z", CASH_DEPOSIT, "EUR", "1000") == 0 &&
              ledger_daily_loss(&ledger, equity_of(&ledger), &base, &loss, &error) == 0,
          "a deposit of 1000 EUR");
    check_dec(ledger.day_flows, "1200", "is a flow of 1200 USD");
    /* The day rolled at 17:00 UTC with 100204; since then 40 x 8 - 5 = 315 and 30 EUR at 1.2: 414 USD. */
    check_dec(loss, "-414", "no gain and no loss of the day");
    struct position position;
    check(ledger_position(&ledger, &ledger.holding[0], &position, &error) == 0, "the position");
    check_text(position.currency, "EUR", "is in its currency");
    check_dec(position.unrealized, "102", "60 x 152 - 15030 x 0.6");
    ledger_clear(&ledger);
}

/* What nobody knows is neither 0 nor 1. */
static void test_unrated(void)
{
    struct ledger ledger;
    dec figure, base, loss;
    open_usd(&ledger, "1000");
    check(mark(&ledger, "EURUSD", "2026-03-02T15:00:00Z", "1.1") == 0 && ledger.currencies == 0,
          "a rate alone makes no currency");
    check(pay(&ledger, "2026-03-02T16:00:00Z", CASH_DEPOSIT, "JPY", "150000") == 0, "yen come without a rate");
    check(equity_of(&ledger) == DEC_NONE && ledger_unrated(&ledger) == 1, "the equity is not known");
    check(ledger_buying_power(&ledger, &figure, &error) == 0 && figure == DEC_NONE &&
              ledger_exposure(&ledger, &figure, &error) == 0 && figure == DEC_NONE &&
              ledger_daily_loss(&ledger, DEC_NONE, &base, &loss, &error) == 0 && loss == DEC_NONE,
          "nor what may be spent, is held, was lost");
    const struct equity point = {.time = at("2026-03-02T16:30:00Z"), .equity = DEC_NONE};
    check(ledger_apply(&ledger, RECORD_EQUITY, &point, &error) == 0 && ledger.day_worst == 0,
          "such a point is no loss");
    check(ledger_advance(&ledger, at("2026-03-03T12:00:00Z"), &error) == 0, "a day passes");
    check_dec(ledger.day_start, "1000", "it counts for nothing so far");
    check(mark(&ledger, "USDJPY", "2026-03-03T13:00:00Z", "150") == 0, "a rate comes, the other way round");
    check_dec(equity_of(&ledger), "2000", "1000 + 150000 / 150");
    check(ledger_daily_loss(&ledger, equity_of(&ledger), &base, &loss, &error) == 0, "the day");
    check_dec(loss, "0", "has not gained by it");
    check(ledger_mark(&ledger, ledger_find_slot(&ledger, "USDJPY"), one_day, at("2026-03-03T13:00:00Z"),
                      at("2026-03-03T14:00:00Z"), 0, &error) == 0,
          "a price of 0");
    check_dec(equity_of(&ledger), "2000", "is no rate");
    check(mark(&ledger, "USDJPY", "2026-03-03T15:00:00Z", "300") == 0 &&
              mark(&ledger, "JPY/USD", "2026-03-03T14:30:00Z", "0.5") == 0,
          "a later mark counts, an earlier one of another spelling does not");
    check_dec(equity_of(&ledger), "1500", "1000 + 150000 / 300");
    check(ledger_advance(&ledger, at("2026-03-07T15:00:00Z"), &error) == 0 && equity_of(&ledger) == 1500 * DEC_ONE,
          "a rate of four days ago is one");
    check(ledger_advance(&ledger, at("2026-03-07T15:00:01Z"), &error) == 0 && equity_of(&ledger) == DEC_NONE,
          "an older one is none");
    check(trade(&ledger, "f1", "2026-03-07T16:00:00Z", "SAP", "CHF", SIDE_BUY, "1", "100", "0") == 0 &&
              ledger.holding[0].lot[0].own_cost == DEC_NONE,
          "a fill without any rate has no cost in dollars");
    check(trade(&ledger, "f2", "2026-03-07T17:00:00Z", "SAP", "CHF", SIDE_SELL, "1", "110", "0") == 0, "and is left");
    check_dec(closed.realized, "10", "with 10 francs");
    check(closed.own_realized == DEC_NONE && ledger.holding[0].own_realized == DEC_NONE, "of unknown worth");
    check(trade(&ledger, "f3", "2026-03-07T18:00:00Z", "SAP", "CHF", SIDE_BUY, "1", "100", "0") == 0 &&
              trade(&ledger, "f4", "2026-03-07T19:00:00Z", "SAP", "USD", SIDE_SELL, "1", "100", "0") == -1 &&
              error.code == EXIT_STATE,
          "what is held in francs is not sold for dollars");
    ledger_clear(&ledger);
}

/* A fill that says its rate is booked by it, whatever was marked. */
static void test_said_rate(void)
{
    struct ledger ledger;
    open_usd(&ledger, "1000");
    struct fill fill = make_fill("f1", at("2026-03-03T08:00:00Z"), "TM", SIDE_BUY, "100", "2001", "0");
    (void)snprintf(fill.currency, sizeof fill.currency, "JPY");
    (void)snprintf(fill.pair, sizeof fill.pair, "USDJPY");
    fill.rate = d("160");
    check(ledger_apply(&ledger, RECORD_FILL, &fill, &error) == 0, "a fill that says its rate");
    check_dec(ledger.holding[0].lot[0].own_cost, "1250.62", "200100 / 160 = 1250.625, to the even cent");
    ledger_clear(&ledger);
}

static void test_rates(void)
{
    static const struct {
        const char *price, *amount, *unit, *want;
        enum rounding rounding;
        bool inverse;
    } rows[] = {
        {"1.1", "10.05", "0.01", "11.06", ROUND_HALF_EVEN, false}, /* 11.055 */
        {"1.1", "10.15", "0.01", "11.16", ROUND_HALF_EVEN, false}, /* 11.165 */
        {"1.1", "-10.05", "0.01", "-11.05", ROUND_DOWN, false},
        {"1.1", "10.01", "0.01", "11.02", ROUND_UP, false}, /* 11.011 */
        {"1.1", "-10.01", "0.01", "-11.02", ROUND_FLOOR, false},
        {"150", "1000000", "0.01", "6666.67", ROUND_HALF_EVEN, true},
        {"150", "100", "1", "1", ROUND_HALF_EVEN, true}, /* 0.666 */
        {"25000", "1", "0.00000001", "0.00004", ROUND_HALF_EVEN, true},
        {"0.00000001", "92233720368", "0.00000001", "922.33720368", ROUND_HALF_EVEN, false},
        {"1", "92233720368.54775807", "0.00000001", "92233720368.54775807", ROUND_UP, false}, /* one for one: */
        {"1", "-92233720368.54775807", "0.00000001", "-92233720368.54775807", ROUND_FLOOR, true},
        {"1", "10.015", "0.01", "10.02", ROUND_HALF_EVEN, false}, /* in cents it is rounded all the same */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct rate rate = {.price = d(rows[i].price), .inverse = rows[i].inverse};
        dec got = 0;
        check(rate_convert(&rate, d(rows[i].amount), d(rows[i].unit), rows[i].rounding, &got) == 0, "row %zu", i);
        check_dec(got, rows[i].want, rows[i].amount);
    }
    const struct rate tiny = {.price = 1, .inverse = true}, none = RATE_NONE, zero = {.price = 0};
    dec got = 1;
    check(rate_convert(&tiny, d("92233720368"), 1, ROUND_DOWN, &got) == -1 &&
              rate_convert(&zero, DEC_ONE, 1, ROUND_DOWN, &got) == -1,
          "out of range, and a price of nothing");
    check(rate_convert(&none, DEC_ONE, 1, ROUND_DOWN, &got) == 0 && got == DEC_NONE, "without a rate: not known");
    static const char *const pairs[] = {"EURUSD", "EUR/USD", "EUR-USD", "EUR.USD", "EUR_USD", "EURUSD=X"};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        check(currency_pair_way(pairs[i], "EUR", "USD") == 1 && currency_pair_way(pairs[i], "USD", "EUR") == -1 &&
                  currency_pair_way(pairs[i], "EUR", "GBP") == 0,
              "%s", pairs[i]);
    check(currency_is_known("EUR") && currency_is_known("BTC") && !currency_is_known("EURO") &&
              !currency_is_known("XYZ") && !currency_is_known(""),
          "codes that there are");
}

/* Two pairs in one step: no rounding between them. */
static void test_cross_rates(void)
{
    static const struct {
        const char *price, *cross, *amount, *unit, *want;
        enum rounding rounding;
        bool inverse, cross_inverse;
    } rows[] = {
        {"160", "1.25", "200100", "0.01", "1000.5", ROUND_HALF_EVEN, true, true}, /* 200100 / 160 / 1.25 */
        {"160", "0.8", "200100", "0.01", "1000.5", ROUND_HALF_EVEN, true, false},
        {"0.00625", "1.25", "200100", "0.01", "1000.5", ROUND_HALF_EVEN, false, true},
        {"0.00625", "0.8", "-200100", "0.01", "-1000.5", ROUND_HALF_EVEN, false, false},
        {"1.5", "1.003", "10", "0.01", "15.04", ROUND_HALF_EVEN, false, false},   /* 15.045 */
        {"1.5", "1.003", "30", "0.01", "45.14", ROUND_HALF_EVEN, false, false},   /* 45.135 */
        {"8", "1.25", "0.25", "0.01", "0.02", ROUND_HALF_EVEN, true, true},       /* 0.025 */
        {"8", "1.25", "0.25000001", "0.01", "0.03", ROUND_HALF_EVEN, true, true}, /* a little more */
        {"8", "1.25", "0.35", "0.01", "0.04", ROUND_HALF_EVEN, true, true},       /* 0.035 */
        {"3", "1", "0.00000001", "0.01", "0.01", ROUND_UP, true, true},
        {"3", "7", "1000000", "1", "47619", ROUND_DOWN, true, true},                                  /* 47619.047… */
        {"0.7", "0.00000001", "92233720368", "0.00000001", "645.63604257", ROUND_DOWN, false, false}, /* …57.6 */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct rate rate = {.price = d(rows[i].price),
                                  .inverse = rows[i].inverse,
                                  .cross = d(rows[i].cross),
                                  .cross_inverse = rows[i].cross_inverse};
        dec got = 0;
        check(rate_convert(&rate, d(rows[i].amount), d(rows[i].unit), rows[i].rounding, &got) == 0, "row %zu", i);
        check_dec(got, rows[i].want, rows[i].amount);
    }
    const struct rate wide = {.price = 90000000000 * DEC_ONE, .cross = 90000000000 * DEC_ONE};
    const struct rate many = {.price = 10 * DEC_ONE, .cross = 10 * DEC_ONE};
    dec got = 0;
    check(rate_convert(&wide, d("90000000000"), 1, ROUND_DOWN, &got) == -1 &&
              rate_convert(&many, d("1000000000"), 1, ROUND_DOWN, &got) == -1,
          "out of range");
    char other[CURRENCY_SIZE];
    check(currency_pair_other("EURUSD=X", "USD", other) && strcmp(other, "EUR") == 0 &&
              currency_pair_other("USD/JPY", "USD", other) && strcmp(other, "JPY") == 0 &&
              currency_pair_other("USDC-USD", "USD", other) && strcmp(other, "USDC") == 0,
          "the other currency of a pair");
    check(!currency_pair_other("USO", "USD", other) && !currency_pair_other("USDX", "USD", other) &&
              !currency_pair_other("EURUSD", "GBP", other) && !currency_pair_other("USD", "USD", other) &&
              !currency_pair_other("USD/", "USD", other) && !currency_pair_other("USD//EUR", "USD", other),
          "of what is no pair there is none");
}

static void rate_is(const struct ledger *ledger, const char *code, const char *want, const char *pair,
                    const char *cross_pair, const char *about)
{
    char first[SYMBOL_SIZE], second[SYMBOL_SIZE];
    dec own = 0, price, cross;
    const struct money_rate rate = ledger_rate(ledger, code, ledger->now);
    ledger_say_rate(ledger, &rate, first, &price, second, &cross);
    check(rate_convert(&rate.rate, 1000 * DEC_ONE, 1, ROUND_HALF_EVEN, &own) == 0, "%s", about);
    check_dec(own, want, about);
    check_text(first, pair, about);
    check_text(second, cross_pair, about);
}

/* Yen in an account in euros: no pair of the two, but pairs of both with a third currency. 1000 yen each time. */
static void test_cross(void)
{
    struct ledger ledger;
    struct ledger_terms terms = money_terms(NULL);
    (void)snprintf(terms.currency, sizeof terms.currency, "EUR");
    error_clear(&error);
    require(ledger_init(&ledger, &terms, &error) == 0);
    require(pay(&ledger, "2026-03-02T14:00:00Z", CASH_DEPOSIT, "EUR", "1000") == 0 &&
            pay(&ledger, "2026-03-02T14:00:00Z", CASH_DEPOSIT, "JPY", "1000") == 0);
    check(mark(&ledger, "USDJPY", "2026-03-02T15:00:00Z", "160") == 0, "one pair of two");
    rate_is(&ledger, "JPY", "none", "", "", "says nothing");
    check(mark(&ledger, "GBPEUR", "2026-03-02T15:00:00Z", "1.2") == 0 &&
              mark(&ledger, "GBP/JPY", "2026-03-02T16:00:00Z", "192") == 0,
          "pounds have both");
    rate_is(&ledger, "JPY", "6.25", "GBP/JPY", "GBPEUR", "1000 / 192 x 1.2");
    check_dec(equity_of(&ledger), "1006.25", "the equity has it");
    check(mark(&ledger, "CHFJPY", "2026-03-02T16:10:00Z", "200") == 0 &&
              mark(&ledger, "EURCHF", "2026-03-02T16:10:00Z", "0.8") == 0,
          "so have francs, which come first by the alphabet");
    rate_is(&ledger, "JPY", "6.25", "CHFJPY", "EURCHF", "1000 / 200 / 0.8");
    check(mark(&ledger, "EURUSD", "2026-03-02T17:00:00Z", "1.25") == 0, "dollars have both");
    rate_is(&ledger, "JPY", "5", "USDJPY", "EURUSD", "1000 / 160 / 1.25");
    check_dec(equity_of(&ledger), "1005", "the equity goes along");
    check(ledger.money[0].last.rated == at("2026-03-02T15:00:00Z") &&
              ledger.money[0].last.marked == at("2026-03-02T17:00:00Z"),
          "it is as old as the older of the two");
    rate_is(&ledger, "USD", "800", "EURUSD", "", "dollars need one pair only");
    rate_is(&ledger, "AUD", "none", "", "", "Australian dollars have none");
    check(mark(&ledger, "AUD/USD", "2026-03-02T17:30:00Z", "0.5") == 0, "a pair with the dollar");
    rate_is(&ledger, "AUD", "400", "AUD/USD", "EURUSD", "1000 x 0.5 / 1.25: money that the account has none of");
    /* What happens at a moment is booked at the rates before it, whichever symbol comes first. */
    check(mark(&ledger, "EURUSD", "2026-03-03T17:00:00Z", "1") == 0 &&
              mark(&ledger, "USDJPY", "2026-03-03T17:00:00Z", "100") == 0,
          "both at one moment");
    rate_is(&ledger, "JPY", "10", "USDJPY", "EURUSD", "1000 / 100");
    const struct money_rate before = ledger_rate_before(&ledger, 1, at("2026-03-03T17:00:00Z"));
    check(before.rate.price == d("160") && before.rate.cross == d("1.25"), "before it both were as they had been");
    check(trade(&ledger, "f1", "2026-03-03T17:00:00Z", "TM", "JPY", SIDE_BUY, "100", "2001", "0") == 0, "a purchase");
    check_dec(ledger.holding[0].lot[0].own_cost, "1000.5", "200100 / 160 / 1.25");
    struct fill said = make_fill("f2", at("2026-03-03T18:00:00Z"), "TM", SIDE_BUY, "100", "2001", "0");
    (void)snprintf(said.currency, sizeof said.currency, "JPY");
    (void)snprintf(said.pair, sizeof said.pair, "USDJPY");
    (void)snprintf(said.cross_pair, sizeof said.cross_pair, "USDEUR");
    said.rate = d("150");
    said.cross_rate = d("0.75");
    check(ledger_apply(&ledger, RECORD_FILL, &said, &error) == 0, "a fill that says two pairs");
    check_dec(ledger.holding[0].lot[1].own_cost, "1000.5", "200100 / 150 x 0.75");
    /* The dollar's pairs are too old four days after the first of them; the pounds' and francs' are since before. */
    check(mark(&ledger, "EURUSD", "2026-03-07T17:00:00Z", "1") == 0, "four days later");
    rate_is(&ledger, "JPY", "10", "USDJPY", "EURUSD", "a rate of four days ago is one");
    check(ledger_advance(&ledger, at("2026-03-07T17:00:01Z"), &error) == 0 && equity_of(&ledger) == DEC_NONE,
          "an older one is none, however young the other pair");
    char pairs[LEDGER_PAIRS_SIZE];
    ledger_name_pairs(&ledger, "JPY", pairs);
    check_text(pairs, "JPYEUR, or of JPYUSD and USDEUR", "what would do is named");
    check(mark(&ledger, "EURJPY", "2026-03-07T18:00:00Z", "125") == 0 &&
              mark(&ledger, "USDJPY", "2026-03-07T19:00:00Z", "100") == 0,
          "their own pair comes, and the others go on");
    rate_is(&ledger, "JPY", "8", "EURJPY", "", "their own is what counts");
    check(mark(&ledger, "EURUSD", "2026-03-11T19:00:00Z", "1") == 0 &&
              mark(&ledger, "USDJPY", "2026-03-11T19:00:00Z", "100") == 0,
          "until it is too old");
    rate_is(&ledger, "JPY", "10", "USDJPY", "EURUSD", "then two pairs are taken again");
    ledger_clear(&ledger);
}

/* Random fills, deposits and conversions in three currencies: each has the cash of its own flows and nothing else, lots
 * cost what was paid, and what was realized is in the cash. */
static void test_conservation(void)
{
    static const char *const codes[] = {"USD", "EUR", "JPY"};
    static const char *const symbols[] = {"AAA", "BBB", "CCC"};
    int wrong = 0, fills = 0, lots = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct ledger ledger;
        struct random random;
        dec cash[3] = {1000000 * DEC_ONE, 0, 0}, costs[3] = {0}, realized[3] = {0}, held[3] = {0};
        dec paid_in[3] = {1000000 * DEC_ONE, 0, 0};
        int64_t time = at("2026-03-02T15:00:00Z");
        random_init(&random, seed);
        open_usd(&ledger, "1000000");
        for (int i = 0; i < 200; i++) {
            const size_t k = random_below(&random, 3);
            const dec unit = k == 2 ? DEC_ONE : DEC_ONE / 100;
            struct cash paid = {.time = time,
                                .currency = "",
                                .account = "test",
                                .kind = CASH_FX,
                                .rate = DEC_NONE,
                                .cross_rate = DEC_NONE};
            struct fill fill = make_fill("", time, symbols[k], SIDE_BUY, "1", "1", "0");
            time += (int64_t)random_below(&random, 3600) * TIME_SECOND;
            (void)snprintf(fill.id, sizeof fill.id, "f%d", i);
            (void)snprintf(fill.currency, sizeof fill.currency, "%s", codes[k]);
            (void)snprintf(paid.currency, sizeof paid.currency, "%s", codes[k]);
            switch (random_below(&random, 4)) {
            case 0:
                wrong += apply_mark(&ledger, random_below(&random, 2) == 0 ? "EURUSD" : "USDJPY", time, time,
                                    random_below(&random, 2) == 0 ? "1.0937" : "151.23", &error) != 0;
                break;
            case 1: /* of one currency into another, at any price */
                paid.amount = -(dec)(1 + random_below(&random, 1000)) * unit;
                cash[k] += paid.amount;
                paid_in[k] += paid.amount;
                wrong += ledger_apply(&ledger, RECORD_CASH, &paid, &error) != 0;
                paid.amount = (dec)(1 + random_below(&random, 1000)) * DEC_ONE;
                (void)snprintf(paid.currency, sizeof paid.currency, "%s", codes[(k + 1) % 3]);
                cash[(k + 1) % 3] += paid.amount;
                paid_in[(k + 1) % 3] += paid.amount;
                wrong += ledger_apply(&ledger, RECORD_CASH, &paid, &error) != 0;
                break;
            default:
                fill.side = random_below(&random, 2) == 0 ? SIDE_BUY : SIDE_SELL;
                fill.quantity = (dec)(1 + random_below(&random, 50)) * DEC_ONE;
                fill.price = (dec)(1000 + random_below(&random, 9000)) * (DEC_ONE / 100);
                fill.commission = (dec)random_below(&random, 5) * unit;
                dec amount;
                require(dec_multiply_round(&amount, fill.quantity, fill.price, unit) == 0);
                cash[k] -= side_sign(fill.side) * amount + fill.commission;
                held[k] += side_sign(fill.side) * fill.quantity;
                wrong += ledger_apply(&ledger, RECORD_FILL, &fill, &error) != 0;
                fills++;
            }
            wrong += ledger.cash != cash[0];
            for (size_t c = 1; c < 3; c++) {
                const int currency = ledger_find_currency(&ledger, codes[c]);
                wrong += currency > 0 ? ledger.money[currency - 1].cash != cash[c] : cash[c] != 0;
            }
        }
        for (size_t h = 0; h < ledger.holdings; h++) {
            const int slot = ledger.holding[h].slot;
            const size_t k = (size_t)(ledger_symbol(&ledger, slot)[0] - 'A');
            realized[k] += ledger.holding[h].realized;
            costs[k] += holding_cost(&ledger.holding[h]);
            wrong += ledger.holding[h].quantity != held[k];
            lots += (int)ledger.holding[h].lots;
        }
        /* Cash flow of the fills = realized − cost of what is open; the rest of the cash is money paid in. */
        for (size_t k = 0; k < 3; k++) {
            wrong += cash[k] != paid_in[k] + realized[k] - costs[k];
        }
        ledger_clear(&ledger);
    }
    check(wrong == 0 && fills > 3000 && lots > 60, "60 worlds, %d fills: money stays in its currency (%d)", fills,
          wrong);
}

/* A limit of a sector, an instrument's dates, and an entry in euros, as sizing and the order's check see them. */
static void test_limits(void)
{
    static const struct {
        const char *about, *symbol, *currency, *sector, *quantity, *code;
        int64_t first_day, last_day, expiry; /* since 2026-03-03 */
    } rows[] = {
        {"in the sector that is half full", "BBB", "", "oil", "30", "MAX_SECTOR", -9, 9, 0},
        {"a smaller one", "BBB", "", "oil", "20", "", -9, 9, 0},
        {"of no sector", "BBB", "", "", "30", "", 0, 0, 0},
        {"in euros, as large in dollars", "BBB", "EUR", "oil", "20", "MAX_SECTOR", 0, 0, 0},
        {"in euros, smaller", "BBB", "EUR", "oil", "16", "", 0, 0, 0},
        {"in a currency without a rate", "BBB", "JPY", "", "1", "NO_RATE", 0, 0, 0},
        {"on its last day", "BBB", "", "", "1", "", 0, 0, 0},
        {"after it", "BBB", "", "", "1", "EXPIRED", 0, 0, -1},
        {"delisted", "BBB", "", "", "1", "NOT_TRADED", 0, -1, 0},
        {"not traded yet", "BBB", "", "", "1", "NOT_TRADED", 1, 0, 0},
        {"held in dollars, to be bought in euros", "AAA", "EUR", "", "1", "CURRENCY", 0, 0, 0},
    };
    const int64_t day = at("2026-03-03T00:00:00Z") / TIME_DAY;
    struct ledger ledger;
    struct risk_terms terms = risk_defaults();
    struct instrument oil = INSTRUMENT_STOCK;
    terms.max_position = DEC_ONE;
    terms.max_sector = d("0.5"); /* 5000 of 10000 */
    (void)snprintf(oil.sector, sizeof oil.sector, "oil");
    open_usd(&ledger, "10000");
    check(mark(&ledger, "EURUSD", "2026-03-03T09:00:00Z", "1.25") == 0 &&
              trade(&ledger, "f1", "2026-03-03T10:00:00Z", "AAA", "USD", SIDE_BUY, "30", "100", "0") == 0 &&
              ledger_trade_as(&ledger, ledger_find_slot(&ledger, "AAA"), &oil, &error) == 0,
          "3000 USD of oil are held");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct instrument instrument = INSTRUMENT_STOCK;
        struct refusal refusal = {.code = ""};
        struct order order =
            make_order("o1", at("2026-03-03T11:00:00Z"), rows[i].symbol, SIDE_BUY, rows[i].quantity, ROLE_ENTRY);
        order.reference_price = d("100");
        (void)snprintf(order.strategy, sizeof order.strategy, "s");
        (void)snprintf(instrument.currency, sizeof instrument.currency, "%s", rows[i].currency);
        (void)snprintf(instrument.sector, sizeof instrument.sector, "%s", rows[i].sector);
        instrument.first_day = rows[i].first_day == 0 ? 0 : day + rows[i].first_day;
        instrument.last_day = rows[i].last_day == 0 ? 0 : day + rows[i].last_day;
        instrument.expiry =
            rows[i].expiry == 0 ? (strcmp(rows[i].about, "on its last day") == 0 ? day : 0) : day + rows[i].expiry;
        error_clear(&error);
        const int refused = risk_check(&ledger, &terms, &instrument, &order, &refusal, &error);
        check(refused == (rows[i].code[0] != '\0'), "%s: %s%s", rows[i].about, refusal.code, error.text);
        check_text(refused == 1 ? refusal.code : "", rows[i].code, rows[i].about);
    }
    ledger_clear(&ledger);
}

int main(void)
{
    test_conservation();
    test_limits();
    test_stock();
    test_unrated();
    test_said_rate();
    test_rates();
    test_cross_rates();
    test_cross();
    return done();
}
