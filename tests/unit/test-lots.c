/* Which lots a fill closes, what that realises, and what money rounds to. */
#include "market/currency.h"
#include "money.h"

#include "record/record.h"

static struct error error;

/* Three lots of 100, bought or sold short one a day, and `quantity` closed on the fourth: Σ realised. */
static dec realized(enum lot_order order, bool shorts, const char *const prices[static 3], const char *lot,
                    const char *quantity, const char *price)
{
    static const char *const days[] = {"2026-01-05T14:30:00Z", "2026-01-06T14:30:00Z", "2026-01-07T14:30:00Z"};
    const struct ledger_terms terms = money_terms(NULL);
    struct ledger ledger;
    require(ledger_init(&ledger, &terms, &error) == 0);
    struct cash cash = {.time = at("2026-01-02T14:00:00Z"),
                        .id = "open",
                        .account = "test",
                        .currency = "USD",
                        .amount = d("100000"),
                        .kind = CASH_DEPOSIT,
                        .settlement_unit = DEC_NONE,
                        .lot_order = order};
    bool done = ledger_apply(&ledger, RECORD_CASH, &cash, &error) == 0;
    for (int i = 0; i < 3; i++) {
        char id[] = "f1";
        id[1] = (char)('1' + i);
        const struct fill fill =
            make_fill(id, at(days[i]), "AAA", shorts ? SIDE_SELL_SHORT : SIDE_BUY, "100", prices[i], "0");
        done &= ledger_apply(&ledger, RECORD_FILL, &fill, &error) == 0;
    }
    struct fill fill = make_fill("f4", at("2026-01-08T14:30:00Z"), "AAA", shorts ? SIDE_BUY_TO_COVER : SIDE_SELL,
                                 quantity, price, "0");
    (void)snprintf(fill.lot, sizeof fill.lot, "%s", lot);
    done &= ledger_apply(&ledger, RECORD_FILL, &fill, &error) == 0;
    const struct holding *holding = ledger_holding(&ledger, "s", ledger_find_slot(&ledger, "AAA"));
    dec left = 0;
    for (size_t i = 0; i < holding->lots; i++) {
        left += holding->lot[i].quantity;
        done &= holding->lot[i].quantity != 0 && (i == 0 || holding->lot[i - 1].opened < holding->lot[i].opened);
    }
    check(done && left == holding->quantity, "the lots that are left make the position, oldest first");
    const dec sum = holding->realized;
    ledger_clear(&ledger);
    return sum;
}

/* 150 sold at 15 of 100 each at 10, 14 and 12; 100 covered at 11 of 100 each sold at 14, 10 and 12. */
static void check_orders(void)
{
    static const char *const longs[] = {"10", "14", "12"}, *const shorts[] = {"14", "10", "12"};
    check_dec(realized(LOTS_NONE, false, longs, "", "150", "15"), "550",
              "unsaid: 100 x 5 + 50 x 1, first in first out");
    check_dec(realized(LOTS_FIFO, false, longs, "", "150", "15"), "550", "first in first out");
    check_dec(realized(LOTS_LIFO, false, longs, "", "150", "15"), "350", "last in first out: 100 x 3 + 50 x 1");
    check_dec(realized(LOTS_HIGHEST_COST, false, longs, "", "150", "15"), "250", "highest cost: 100 x 1 + 50 x 3");
    check_dec(realized(LOTS_FIFO, true, shorts, "", "100", "11"), "300", "short, first in first out: 100 x 3");
    check_dec(realized(LOTS_LIFO, true, shorts, "", "100", "11"), "100", "short, last in first out: 100 x 1");
    check_dec(realized(LOTS_HIGHEST_COST, true, shorts, "", "100", "11"), "-100",
              "short, highest cost is what brought least: 100 x -1");
    check_dec(realized(LOTS_FIFO, false, longs, "f3", "100", "15"), "300", "the lot that is named: 100 x 3");
    check_dec(realized(LOTS_FIFO, false, longs, "f3", "120", "15"), "400", "then in order: 100 x 3 + 20 x 5");
    check_dec(realized(LOTS_LIFO, false, longs, "f2", "150", "15"), "250", "or in the other: 100 x 1 + 50 x 3");
    check_dec(realized(LOTS_FIFO, false, longs, "f9", "100", "15"), "500", "one that is not there: in order");
    check_dec(realized(LOTS_HIGHEST_COST, false, longs, "", "300", "15"), "900", "all of them: 300 x 15 - 3600");
}

static void check_units(void)
{
    static const struct {
        const char *code, *unit;
    } rows[] = {{"USD", "0.01"}, {"EUR", "0.01"}, {"JPY", "1"},    {"KWD", "0.001"},      {"CLF", "0.0001"},
                {"CLP", "1"},    {"INR", "0.01"}, {"QQQ", "0.01"}, {"BTC", "0.00000001"}, {"USDT", "0.000001"},
                {"", "0.01"},    {"JP", "0.01"},  {"Y K", "0.01"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_dec(currency_unit(rows[i].code), rows[i].unit, rows[i].code);
    /* 3 at 10.5 are 31.5, which no yen can be: 32, half to even. */
    struct ledger_terms terms = money_terms(NULL);
    struct ledger ledger;
    (void)snprintf(terms.currency, sizeof terms.currency, "JPY");
    require(ledger_init(&ledger, &terms, &error) == 0);
    struct cash cash = {.time = at("2026-01-02T14:00:00Z"),
                        .id = "open",
                        .account = "test",
                        .currency = "JPY",
                        .amount = d("1000"),
                        .kind = CASH_DEPOSIT,
                        .settlement_unit = currency_unit("JPY")};
    struct fill fill = make_fill("f1", at("2026-01-05T14:30:00Z"), "AAA", SIDE_BUY, "3", "10.5", "0");
    memcpy(fill.currency, "JPY", 4);
    check(ledger_apply(&ledger, RECORD_CASH, &cash, &error) == 0 &&
              ledger_apply(&ledger, RECORD_FILL, &fill, &error) == 0,
          "an account in yen");
    check_dec(ledger.cash, "968", "pays whole ones");
    ledger_clear(&ledger);
}

/* What happens at one and the same moment, and what is equal. */
static void check_bounds(void)
{
    const int64_t first = at("2026-01-05T14:30:00Z"), second = first + TIME_DAY;
    const struct ledger_terms terms = money_terms(NULL);
    struct ledger ledger;
    require(ledger_init(&ledger, &terms, &error) == 0);
    struct cash cash;
    record_blank(RECORD_CASH, &cash);
    cash.time = first - TIME_DAY;
    cash.amount = d("10000");
    cash.kind = CASH_DEPOSIT;
    cash.lot_order = LOTS_HIGHEST_COST;
    memcpy(cash.id, "open", 5);
    memcpy(cash.account, "test", 5);
    memcpy(cash.currency, "USD", 4);
    const struct fill in = make_fill("f1", first, "AAA", SIDE_BUY, "10", "10", "0"),
                      late = make_fill("f2", second, "AAA", SIDE_BUY, "10", "10", "0");
    bool done = ledger_apply(&ledger, RECORD_CASH, &cash, &error) == 0 &&
                ledger_apply(&ledger, RECORD_FILL, &in, &error) == 0 &&
                ledger_apply(&ledger, RECORD_FILL, &late, &error) == 0;
    cash.time = second;
    cash.amount = d("5");
    cash.kind = CASH_DIVIDEND;
    memcpy(cash.symbol, "AAA", 4);
    memcpy(cash.strategy, "s", 2);
    done &= ledger_apply(&ledger, RECORD_CASH, &cash, &error) == 0;
    const struct holding *holding = ledger_holding(&ledger, "s", ledger_find_slot(&ledger, "AAA"));
    check(done && holding->lot[0].dividends == d("5") && holding->lot[1].dividends == 0,
          "a dividend is not of a lot that was bought at its very moment");
    /* Two sales of 3 and 4 at 10 at one moment: 10000 - 200 + 5 + 70 then, without the 70 before. */
    const int64_t third = second + TIME_DAY;
    const struct fill out = make_fill("f3", third, "AAA", SIDE_SELL, "3", "10", "0"),
                      more = make_fill("f4", third, "AAA", SIDE_SELL, "4", "10", "0");
    dec then = 0, before = 0;
    done = ledger_apply(&ledger, RECORD_FILL, &out, &error) == 0 &&
           ledger_apply(&ledger, RECORD_FILL, &more, &error) == 0 &&
           ledger_buying_power_at(&ledger, third, &then, &error) == 0 &&
           ledger_buying_power_at(&ledger, third - 1, &before, &error) == 0;
    check(done && then == d("9875") && before == d("9805"), "both sales of a moment pay for nothing earlier");
    check(holding->lots == 2 && holding->lot[0].quantity == d("3") && holding->lot[1].quantity == d("10"),
          "of two lots of one cost the older is closed");
    ledger_clear(&ledger);
}

int main(void)
{
    check_bounds();
    check_orders();
    check_units();
    return done();
}
