/* What holding costs: worked examples of the brokers' pages, the lines of a schedule, and nights as they pass. */
#include "broker/fees.h"
#include "trading.h"

#include "base/zone.h"

static int64_t day_of(const char *text)
{
    struct date date;
    require(date_parse(&date, text, strlen(text), &error) == 0);
    return date_to_days(date);
}

static struct fee_schedule schedule;

static int begin(const char *text)
{
    fee_schedule_clear(&schedule);
    error_clear(&error);
    return fee_schedule_read(&schedule, "x.fees", str_of(text), NULL, NULL, &error);
}

/* shared facts F98 to F106: those of Interactive Brokers at 0.25, 600,000 and 20,000 are printed on its pages. Another
 * benchmark than that of the day stands in front of the line. */
static void test_facts(void)
{
    static const char ibkr_debit[] = "debit 1970-01-01: benchmark + 1.5%, benchmark + 1% beyond 100000, benchmark + "
                                     "0.75% beyond 1000000, benchmark + 0.5% beyond 50000000\n",
                      ibkr_credit[] = "credit 1970-01-01: 0%, benchmark - 0.5% beyond 10000\n";
    static const struct {
        const char *name, *benchmark, *text;
        enum carry_kind kind;
        const char *amount, *price;
        int nights;
        const char *want;
    } facts[] = {
        {"F98 borrow", "", "borrow 1970-01-01: 50%, of 102%, up 1\n", CARRY_BORROW, "100000", "0.25", 1, "138.89"},
        {"F99 borrow", "", "borrow 1970-01-01: 0.25%, of 102%, up 1\n", CARRY_BORROW, "1000", "98.30", 1, "0.7"},
        {"F100 round lots, a Friday", "", "borrow 1970-01-01: 3%, lots of 100\n", CARRY_BORROW, "150", "40", 3, "2"},
        {"F101 tiers", "5.32%", ibkr_debit, CARRY_DEBIT, "600000", "", 1, "106.72"},
        {"F102 three tiers", "3.88%", ibkr_debit, CARRY_DEBIT, "1500000", "", 1, "201.25"},
        {"F103 thirty nights", "", "debit 1970-01-01: 6.25%\n", CARRY_DEBIT, "10000", "", 30, "52.08"},
        {"F104 nothing on the first 10,000", "1.70%", ibkr_credit, CARRY_CREDIT, "20000", "", 1, "0.33"},
        {"F105 credit", "3.88%", ibkr_credit, CARRY_CREDIT, "110000", "", 1, "9.39"},
        {"F106 a year of 365 days", "", "credit 1970-01-01: 0.46%, days 365\n", CARRY_CREDIT, "8000", "", 1, "0.1"},
        /* 0.05 % - 0.5 % is below 0; a benchmark below 0 is 0, 1.5 % of 36000 / 360. */
        {"no rate is below 0", "0.05%", ibkr_credit, CARRY_CREDIT, "20000", "", 1, "0"},
        {"nor a benchmark", "-0.5%", ibkr_debit, CARRY_DEBIT, "36000", "", 1, "1.5"},
    };
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        char text[512];
        dec got = DEC_NONE;
        const struct carry_nights nights = {
            .first = day_of("2026-01-02"), .count = facts[i].nights, .unit = DEC_ONE / 100};
        (void)snprintf(text, sizeof text, "%s%s\n%s",
                       facts[i].benchmark[0] == '\0' ? "" : "benchmark 1970-01-01: ", facts[i].benchmark,
                       facts[i].text);
        int status = begin(text);
        if (status == 0 && facts[i].kind == CARRY_BORROW)
            status = carry_borrow(&schedule, "X", d(facts[i].amount), d(facts[i].price), &nights, &got, &error);
        else if (status == 0)
            status = carry_interest(&schedule, facts[i].kind, d(facts[i].amount), &nights, &got, &error);
        if (status != 0)
            check(false, "%s: %s", facts[i].name, error.text);
        else
            check_dec(got, facts[i].want, facts[i].name);
    }
}

static void test_lines(void)
{
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"debit 2020-01-01: 5\n", "'5': not a yearly rate in percent"},
        {"debit 2020-01-01:\n", "'': not a number"},
        {"debit yesterday: 5%\n", "'yesterday': not a date"},
        {"debit 2020-01-02..2020-01-01: 5%\n", "it ends before it begins"},
        {"debit 2020-01-01: 5% a year\n", "'a year': a comma is missing after the rate"},
        {"debit 2020-01-01: 5%, 4% beyond 100, 3% beyond 100\n", "not above the one before"},
        {"debit 2020-01-01: 5%, 4% beyond 10%\n", "not a number above 0"},
        {"debit 2020-01-01: 5%, days 364\n", "not the length of a year"},
        {"debit 2020-01-01: 5%, of 102%\n", "not a number"},
        {"debit 2020-01-01: benchmark + -1%\n", "two signs"},
        {"borrow 2020-01-01: for\n", "a symbol is missing"},
        {"borrow 2020-01-01: 5%, up 0\n", "not a number above 0"},
        {"borrow 2020-01-01: 5%, of 102\n", "not a percentage"},
        {"benchmark 2020-01-01: benchmark\n", "not a benchmark, which is one rate"},
        {"benchmark 2020-01-01: 5%, days 365\n", "not a benchmark, which is one rate"},
        {"credit 2020-01-01: 99999999%\n", "not a yearly rate"},
        {"rate 2020-01-01: 5%\n", "not title"},
        {"debit 2020-01-01: benchmark + much\n", "'much': not a number"},
        {"debit 2020-01-01: 5%, less beyond 5\n", "'less': not a number"},
        {"debit 2020-01-01: 5%, 4%\n", "'4%': not a clause: RATE beyond AMOUNT, days 360 or 365"},
        {"debit 2020-01-01: 5%, 4% beyond much\n", "'much': not a number"},
        {"debit 2020-01-01: 5%, 4% beyond 1, 4% beyond 2, 4% beyond 3, 4% beyond 4, 4% beyond 5, 4% beyond 6, 4% "
         "beyond 7, 4% beyond 8\n",
         "'4% beyond 8': too many tiers"},
        {"credit 2020-01-01: -10000%\n", "not a yearly rate in percent, below 10000 %"},
        {"borrow 2020-01-01: 5%, lots 100\n", "'lots': not a number"},
        {"borrow 2020-01-01: 5%, lots of many\n", "'many': not a number"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const int status = begin(bad[i].text);
        check(status != 0 && error.code == EXIT_INPUT && strncmp(error.text, "x.fees: line 1: ", 16) == 0 &&
                  strstr(error.text, bad[i].says) != NULL,
              "refused: %.*s (%s)", (int)strcspn(bad[i].text, "\n"), bad[i].text, error.text);
    }
    const struct carry_nights nights = {.first = day_of("2024-06-29"), .count = 3, .unit = DEC_ONE / 100};
    dec got = 0;
    /* Saturday and Sunday of June at 3.6 %, a Monday of July at 7.2 %: 100000 x (0.036 x 2 + 0.072) / 360 = 40. */
    check(begin("debit 2024-01-01: 3.6%\ndebit 2024-07-01: 7.2%\n") == 0 &&
              carry_interest(&schedule, CARRY_DEBIT, d("100000"), &nights, &got, &error) == 0,
          "each night by the rate of its day");
    check_dec(got, "40", "two nights of June and one of July");
    check(begin("borrow 2024-01-01: 1%\nborrow 2024-01-01: for GME|AMC 36%\n") == 0 &&
              carry_borrow(&schedule, "AMC", d("100"), d("10"), &nights, &got, &error) == 0 && got == d("3"),
          "the last line that fits the symbol: 1000 x 36 %% x 3 / 360");
    check(begin("borrow 2024-07-01: 1%\n") == 0 &&
              carry_borrow(&schedule, "AMC", d("100"), d("10"), &nights, &got, &error) != 0 &&
              error.code == EXIT_USAGE && strstr(error.text, "no 'borrow' rate for AMC on 2024-06-29") != NULL,
          "a day without a rate is an error, not 0");
    error_clear(&error);
    check(begin("borrow 2024-01-01: for GME|AMC 1%\n") == 0 &&
              carry_borrow(&schedule, "AM", d("100"), d("10"), &nights, &got, &error) != 0 &&
              strstr(error.text, "no 'borrow' rate for AM on 2024-06-29") != NULL,
          "nor is a share that no line is for lent for nothing");
    error_clear(&error);
    /* A line of an older day further down does not count: 100000 x 7.2 % x 3 / 360 = 60. */
    check(begin("debit 2024-06-01: 7.2%, days 360\ndebit 2024-01-01: 3.6%\n") == 0 &&
              carry_interest(&schedule, CARRY_DEBIT, d("100000"), &nights, &got, &error) == 0 && got == d("60"),
          "the line of the latest day, wherever it stands");
    check(carry_interest(&schedule, CARRY_DEBIT, 0, &nights, &got, &error) == 0 && got == 0 &&
              carry_borrow(&schedule, "AMC", 0, d("10"), &nights, &got, &error) == 0 && got == 0,
          "nothing owed, nothing lent");
    check(carry_interest(&schedule, CARRY_CREDIT, d("100"), &nights, &got, &error) == 0 && got == 0,
          "a kind of which nothing is said costs nothing");
    check(begin("debit 2020-01-01: benchmark + 1%\n") == 0 &&
              carry_interest(&schedule, CARRY_DEBIT, d("100"), &nights, &got, &error) != 0,
          "nor is there a benchmark that nobody has said");
    error_clear(&error);
}

/* A decimal holds 92,233,720,368; what is above it is an error. Rates of a configuration have no end. */
static void test_range(void)
{
    static const struct {
        const char *what, *text; /* NULL: `rate` plainly */
        dec rate, amount, price; /* price 0: interest */
    } list[] = {
        {"a night", NULL, DEC_MAX, DEC_MAX, 0},
        {"two nights", NULL, 43000000000000000, DEC_MAX, 0},
        {"their cents", NULL, 10000000000000000, DEC_MAX, 0},
        {"a night of what is lent", NULL, DEC_MAX, DEC_MAX / DEC_ONE, DEC_MAX / DEC_ONE * DEC_ONE},
        {"two nights of what is lent", NULL, 43000000000000000, DEC_MAX / DEC_ONE, DEC_MAX / DEC_ONE * DEC_ONE},
        {"lots", "borrow 1970-01-01: 1%, lots of 50000000000\n", 0, DEC_MAX, DEC_ONE},
        {"a share of the price", "borrow 1970-01-01: 1%, of 102%\n", 0, DEC_ONE, DEC_MAX},
        {"the next step of the price", "borrow 1970-01-01: 1%, up 50000000000\n", 0, DEC_ONE, DEC_MAX},
        {"what is lent", "borrow 1970-01-01: 1%\n", 0, 2 * DEC_ONE, DEC_MAX},
    };
    const struct carry_nights nights = {.first = day_of("2024-06-29"), .count = 2, .unit = DEC_ONE / 100};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        dec got;
        require(begin(list[i].text == NULL ? "" : list[i].text) == 0);
        require(list[i].text != NULL || carry_add_plain(&schedule, list[i].rate, 0, list[i].rate, &error) == 0);
        const int status = list[i].price == 0
                               ? carry_interest(&schedule, CARRY_DEBIT, list[i].amount, &nights, &got, &error)
                               : carry_borrow(&schedule, "A", list[i].amount, list[i].price, &nights, &got, &error);
        check(status == -1 && error.code == EXIT_STATE, "out of range: %s", list[i].what);
        check_text(error.text, "the cost of holding is out of range", "it says so");
    }
    error_clear(&error);
}

/* --- nights as they pass: the NYSE's days of July 2024, of which the 4th is a holiday; the account's day ends at
 * 17:00.
 */
static int64_t time_of(const char *text)
{
    return at(text);
}

static struct cash charges[32];
static int charge_count;

static int keep_cash(void *context, enum record_type type, const void *value, struct error *e)
{
    if (type == RECORD_CASH && charge_count < 32)
        charges[charge_count++] = *(const struct cash *)value;
    return keep(context, type, value, e);
}

static bool is_charge(int i, enum cash_kind kind, const char *time, const char *amount)
{
    return i < charge_count && charges[i].kind == kind && charges[i].time == time_of(time) &&
           charges[i].amount == d(amount);
}

static int fill_of(const char *strategy, const char *time, enum side side, const char *quantity, const char *price)
{
    struct fill fill = make_fill("f", time_of(time), "AAA", side, quantity, price, "0");
    static int count;
    (void)snprintf(fill.id, sizeof fill.id, "f%d", ++count);
    (void)snprintf(fill.strategy, sizeof fill.strategy, "%s", strategy);
    return ledger_apply(&ledger, RECORD_FILL, &fill, &error);
}

static void begin_nights(const struct calendar *calendar, struct zone *zone)
{
    const struct ledger_terms terms = money_terms(zone);
    start("0");
    ledger_clear(&ledger);
    require(ledger_init(&ledger, &terms, &error) == 0);
    require(apply_cash(&ledger, time_of("2024-07-01T12:00:00Z"), CASH_DEPOSIT, "100000", &error) == 0);
    charge_count = 0;
    manager.emit = keep_cash;
    manager.calendar = calendar;
    manager.costs.carry = &schedule;
}

static void test_nights(void)
{
    struct zone *zone = zone_open("America/New_York", &error);
    struct calendar calendar;
    struct error none = {0};
    require(zone != NULL && calendar_init(&calendar, "nyse", zone, &error) == 0);
    require(begin("debit 1970-01-01: 3.6%\ncredit 1970-01-01: 1.8%\nborrow 1970-01-01: 7.2%\n") == 0);

    begin_nights(&calendar, zone);
    check(orders_charge_nights(&manager, time_of("2024-07-01T21:00:00Z"), &none) == 0 && charge_count == 0,
          "at the roll itself, 17:00 in New York, the night has not passed");
    check(orders_charge_nights(&manager, time_of("2024-07-02T20:00:00Z"), &none) == 0 && charge_count == 1,
          "then it has");
    /* 100000 x 1.8 % / 360 = 5. */
    check(is_charge(0, CASH_CREDIT_INTEREST, "2024-07-01T21:00:00Z", "5"), "a night of idle cash: 5, at the roll");
    check(orders_charge_nights(&manager, time_of("2024-07-02T20:00:00Z"), &none) == 0 && charge_count == 1, "once");

    /* Two strategies are short 100 and 200 at 50; of 115000 in cash 15000 are held against them. Wednesday 3 July is
       followed by a holiday: two nights; Friday 5 July by a weekend: three. 15000 x 7.2 % / 360 = 3 a night. */
    check(fill_of("a", "2024-07-02T20:00:00Z", SIDE_SELL_SHORT, "100", "50") == 0 &&
              fill_of("b", "2024-07-02T20:00:00Z", SIDE_SELL_SHORT, "200", "50") == 0,
          "two short positions");
    check(orders_charge_nights(&manager, time_of("2024-07-03T17:00:00Z"), &none) == 0 && charge_count == 4, "a night");
    check(is_charge(1, CASH_CREDIT_INTEREST, "2024-07-02T21:00:00Z", "5"), "interest on 115005 - 15000, in cents");
    check(is_charge(2, CASH_BORROW, "2024-07-02T21:00:00Z", "-1") && strcmp(charges[2].strategy, "a") == 0 &&
              is_charge(3, CASH_BORROW, "2024-07-02T21:00:00Z", "-2") && strcmp(charges[3].strategy, "b") == 0 &&
              strcmp(charges[3].symbol, "AAA") == 0,
          "each strategy pays its part of the 3 for what is short");
    check(orders_charge_nights(&manager, time_of("2024-07-09T14:00:00Z"), &none) == 0 && charge_count == 13,
          "a week without a look: Wednesday, Friday and Monday");
    check(is_charge(5, CASH_BORROW, "2024-07-03T21:00:00Z", "-2") &&
              is_charge(8, CASH_BORROW, "2024-07-05T21:00:00Z", "-3") &&
              is_charge(9, CASH_BORROW, "2024-07-05T21:00:00Z", "-6") &&
              is_charge(11, CASH_BORROW, "2024-07-08T21:00:00Z", "-1"),
          "two nights over the holiday, three over the weekend, one");
    const struct holding *a = ledger_holding(&ledger, "a", ledger_find_slot(&ledger, "AAA"));
    check_dec(a->lot[0].dividends, "-7", "what borrowing cost is of the lot, 1 + 2 + 3 + 1");

    /* 120000 are bought with 100000: 20000 x 3.6 % / 360 = 2. */
    begin_nights(&calendar, zone);
    check(fill_of("a", "2024-07-02T20:00:00Z", SIDE_BUY, "1200", "100") == 0, "more is bought than there is money");
    check(orders_charge_nights(&manager, time_of("2024-07-03T14:00:00Z"), &none) == 0 && charge_count == 1 &&
              is_charge(0, CASH_MARGIN_INTEREST, "2024-07-02T21:00:00Z", "-2"),
          "a night of debt");

    /* Dollars in an account of yen: 100 x 7.2 % / 360 are 2 cents, and no yen. */
    begin_nights(&calendar, zone);
    memcpy(ledger.terms.currency, "JPY", 4);
    ledger.terms.settlement_unit = DEC_ONE;
    check(fill_of("a", "2024-07-02T20:00:00Z", SIDE_SELL_SHORT, "1", "100") == 0, "short in another currency");
    check(orders_charge_nights(&manager, time_of("2024-07-03T14:00:00Z"), &none) == 0 && charge_count == 2 &&
              is_charge(1, CASH_BORROW, "2024-07-02T21:00:00Z", "-0.02") && strcmp(charges[1].currency, "USD") == 0,
          "is charged in cents");
    /* A week without debt costs nothing and leaves no event, so nothing in the account says so but its points: a
       program that starts anew takes it up there. 120000 are taken out: 20000 x 3.6 % / 360 = 2, for the one night
       since. */
    require(begin("debit 1970-01-01: 3.6%\n") == 0);
    begin_nights(&calendar, zone);
    check(orders_charge_nights(&manager, time_of("2024-07-08T20:00:00Z"), &none) == 0 && charge_count == 0 &&
              ledger.carried == TIME_NONE,
          "nights without debt change nothing that no event says");
    const struct equity point = {.time = time_of("2024-07-08T20:00:00Z"), .equity = d("100000"), .cash = d("100000")};
    require(ledger_apply(&ledger, RECORD_EQUITY, &point, &none) == 0 &&
            apply_cash(&ledger, time_of("2024-07-08T20:30:00Z"), CASH_WITHDRAWAL, "-120000", &none) == 0);
    manager.night = (struct next_night){.known = false};
    check(orders_charge_nights(&manager, time_of("2024-07-09T14:00:00Z"), &none) == 0 && charge_count == 1 &&
              is_charge(0, CASH_MARGIN_INTEREST, "2024-07-08T21:00:00Z", "-2"),
          "and are not charged for a debt that came after them");
    zone_free(zone);
}

int main(void)
{
    test_facts();
    test_lines();
    test_range();
    test_nights();
    ledger_clear(&ledger);
    fee_schedule_clear(&schedule);
    return done();
}
