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

static void open_ledger(struct ledger *ledger, enum lot_order order, const char *cash)
{
    struct ledger_terms terms = money_terms(NULL);
    terms.lot_order = order;
    require(ledger_init(ledger, &terms, &error) == 0);
    require(apply_cash(ledger, at("2026-01-02T14:00:00Z"), CASH_DEPOSIT, cash, &error) == 0);
}

static int trade(struct ledger *ledger, const char *id, int64_t time, enum side side, const char *quantity,
                 const char *price, int64_t settles)
{
    struct fill fill = make_fill(id, time, "AAA", side, quantity, price, "0");
    fill.settles = settles;
    return ledger_apply(ledger, RECORD_FILL, &fill, &error);
}

/* Lots of 10 at 3, 1 and 2 are gone through as they would be closed, each once, and no lot that is closed. */
static void check_walk(void)
{
    static const struct {
        const char *word, *named, *want;
        enum lot_order order;
    } rows[] = {{"fifo", "", "f2 f3 f4 ", LOTS_FIFO},
                {"lifo", "", "f4 f3 f2 ", LOTS_LIFO},
                {"highest_cost", "", "f2 f4 f3 ", LOTS_HIGHEST_COST},
                {"fifo", "f3", "f3 f2 f4 ", LOTS_FIFO},
                {"lifo", "f2", "f2 f4 f3 ", LOTS_LIFO}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ledger ledger;
        char walked[32] = "";
        int64_t time = at("2026-01-05T14:30:00Z");
        check(lot_order_find(rows[i].word) == rows[i].order, "the word %s", rows[i].word);
        open_ledger(&ledger, LOTS_FIFO, "1000");
        bool done = trade(&ledger, "f1", time, SIDE_BUY, "10", "4", TIME_NONE) == 0 &&
                    trade(&ledger, "f2", time + 1, SIDE_BUY, "10", "3", TIME_NONE) == 0 &&
                    trade(&ledger, "f3", time + 2, SIDE_BUY, "10", "1", TIME_NONE) == 0 &&
                    trade(&ledger, "f4", time + 3, SIDE_BUY, "10", "2", TIME_NONE) == 0 &&
                    trade(&ledger, "f5", time + 4, SIDE_SELL, "10", "2", TIME_NONE) == 0;
        ledger.terms.lot_order = rows[i].order;
        const struct holding *holding = ledger_holding(&ledger, "s", 0);
        const struct lot *lot = NULL;
        while ((lot = ledger_lot_after(&ledger, holding, rows[i].named, lot)) != NULL && strlen(walked) < 24)
            (void)snprintf(walked + strlen(walked), 4, "%.2s ", lot->fill);
        check(done, "four lots, the first of them closed");
        check_text(walked, rows[i].want, rows[i].word);
        ledger_clear(&ledger);
    }
    check(lot_order_find("") == LOTS_NONE && lot_order_find("fif") == LOTS_NONE, "other words are none");
}

static char closings[128];

static int note_closing(void *context, const struct lot_close *closing, struct error *unused)
{
    char quantity[DEC_TEXT_MAX];
    (void)context, (void)unused;
    quantity[dec_format(quantity, closing->quantity)] = '\0';
    (void)snprintf(closings + strlen(closings), sizeof closings - strlen(closings), "%s%s of %s; ",
                   closing->whole ? "all, " : "", quantity, closing->opening_fill);
    return 0;
}

/* 10 and 20 sold short; 4 covered, then 6 and 5, then all: what is left of a lot is the whole of it at the last. */
static void check_closings(void)
{
    struct ledger ledger;
    const int64_t time = at("2026-01-05T14:30:00Z");
    open_ledger(&ledger, LOTS_FIFO, "10000");
    ledger.on_close = note_closing;
    check(trade(&ledger, "f1", time, SIDE_SELL_SHORT, "10", "5", TIME_NONE) == 0 &&
              trade(&ledger, "f2", time + 1, SIDE_SELL_SHORT, "20", "5", TIME_NONE) == 0 &&
              trade(&ledger, "f3", time + 2, SIDE_BUY_TO_COVER, "4", "5", TIME_NONE) == 0 &&
              trade(&ledger, "f4", time + 3, SIDE_BUY_TO_COVER, "11", "5", TIME_NONE) == 0 &&
              trade(&ledger, "f5", time + 4, SIDE_BUY, "20", "5", TIME_NONE) == 0,
          "a short in two lots, covered in three steps and turned");
    check_text(closings, "-4 of f1; all, -6 of f1; -5 of f2; all, -15 of f2; ", "which parts of which lots");
    check_dec(ledger.holding[0].quantity, "5", "long what was more");
    ledger_clear(&ledger);
}

/* Buying power that a fill brings is there at its moment and not before. Short margin is 150 % of the value:
 * 10000; 100 short at 10: 11000 - 1500 = 9500; covered at 10: 10000, of which 500 came just now. */
static void check_late(void)
{
    struct ledger ledger;
    const int64_t time = at("2026-01-05T14:30:00Z"), later = time + TIME_HOUR;
    dec now = 0, before = 0;
    open_ledger(&ledger, LOTS_FIFO, "10000");
    check(trade(&ledger, "f1", time, SIDE_SELL_SHORT, "100", "10", TIME_NONE) == 0 &&
              ledger_buying_power_at(&ledger, time, &now, &error) == 0,
          "100 sold short");
    check_dec(now, "9500", "11000 of cash less 150 % of 1000");
    check(trade(&ledger, "f2", later, SIDE_BUY_TO_COVER, "100", "10", TIME_NONE) == 0 &&
              ledger_buying_power_at(&ledger, later, &now, &error) == 0 &&
              ledger_buying_power_at(&ledger, later - 1, &before, &error) == 0,
          "covered an hour later");
    check_dec(now, "10000", "the margin is free");
    check_dec(before, "9500", "nothing earlier may use it");
    /* A sale that settles at its own moment is as one that says nothing: its 50 are there at it, not before. */
    check(trade(&ledger, "f3", later + 1, SIDE_BUY, "10", "5", TIME_NONE) == 0 &&
              trade(&ledger, "f4", later + 2, SIDE_SELL, "10", "5", later + 2) == 0 &&
              ledger_buying_power_at(&ledger, later + 2, &now, &error) == 0 &&
              ledger_buying_power_at(&ledger, later + 1, &before, &error) == 0,
          "bought, and sold for money that is there at once");
    check_dec(now, "10000", "which may be spent");
    check_dec(before, "9950", "but by nothing earlier");
    check(ledger.unsettleds == 0, "and waits for nothing");
    ledger_clear(&ledger);
}

/* The same in euros of two dollars: 10 bought at 5 and sold at 5 bring 100 dollars at that moment. A fill that says a
 * rate and no pair says dollars of a euro. */
static void check_late_abroad(void)
{
    struct ledger ledger;
    const int64_t time = at("2026-01-05T14:30:00Z");
    dec now = 0, before = 0;
    open_ledger(&ledger, LOTS_FIFO, "10000");
    struct fill in = make_fill("f1", time, "SAP", SIDE_BUY, "10", "5", "0"),
                out = make_fill("f2", time + 1, "SAP", SIDE_SELL, "10", "5", "0");
    memcpy(in.currency, "EUR", 4);
    memcpy(out.currency, "EUR", 4);
    in.rate = d("3");
    check(apply_mark(&ledger, "EURUSD", time - 2, time - 1, "2", &error) == 0 &&
              ledger_apply(&ledger, RECORD_FILL, &in, &error) == 0,
          "bought for euros");
    check_dec(ledger.holding[0].lot[0].own_cost, "150", "50 euros, of 3 dollars as it says");
    check(ledger_apply(&ledger, RECORD_FILL, &out, &error) == 0 &&
              ledger_buying_power_at(&ledger, time + 1, &now, &error) == 0 &&
              ledger_buying_power_at(&ledger, time, &before, &error) == 0,
          "and sold");
    check_dec(now, "10000", "all is there");
    check_dec(before, "9900", "50 euros of 2 dollars are there for nothing earlier");
    ledger_clear(&ledger);
}

/* Sales of 1 share at 10 in a cash account, at given minutes, their money there at given others: how much waits then.
 */
static void check_settlements(void)
{
    static const struct {
        const char *name;
        int sold[12], settles[12]; /* minutes, 0 at the end */
        int then, waits;           /* after minute `then`: tens */
    } rows[] = {
        {"each waits for its own moment", {1, 2, 3}, {10, 20, 30}, 15, 2},
        {"at its moment it is there", {1, 2, 3}, {10, 20, 30}, 20, 1},
        {"what has settled is let go, once", {1, 2, 3, 21, 22, 23}, {10, 20, 30, 40, 50, 60}, 24, 4},
        {"nine of one moment leave room",
         {1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
         {20, 20, 20, 20, 20, 20, 20, 20, 20, 30},
         20,
         1},
        {"eight moments fit", {1, 2, 3, 4, 5, 6, 7, 8}, {20, 21, 22, 23, 24, 25, 26, 27}, 26, 1},
        {"the ninth and the eighth wait together",
         {1, 2, 3, 4, 5, 6, 7, 8, 9},
         {20, 21, 22, 23, 24, 25, 26, 27, 28},
         27,
         2},
        {"nothing waits for what brings nothing", {1, 2, 3, 4, 5, 6, 7, 8}, {30, 31, 32, 33, 34, 35, 36, 37}, 37, 0},
        {"one that is earlier waits with the last", {1, 2}, {20, 15}, 16, 2},
        {"room is made at the very moment", {1, 2, 3, 4, 5, 6, 7, 8, 20}, {20, 21, 22, 23, 24, 25, 26, 27, 28}, 27, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ledger ledger;
        const int64_t start = at("2026-01-05T14:30:00Z");
        bool done = true;
        open_ledger(&ledger, LOTS_FIFO, "1000");
        done &= trade(&ledger, "f0", start, SIDE_BUY, "100", "10", TIME_NONE) == 0;
        for (int k = 0; k < 12 && rows[i].sold[k] != 0; k++) {
            char id[24];
            (void)snprintf(id, sizeof id, "s%d", k);
            done &= trade(&ledger, id, start + rows[i].sold[k] * TIME_MINUTE, SIDE_SELL, "1", "10",
                          start + rows[i].settles[k] * TIME_MINUTE) == 0;
        }
        /* What brings nothing waits for nothing, and makes nothing wait. */
        struct fill nothing = make_fill("s99", start + 21 * TIME_MINUTE, "AAA", SIDE_SELL, "1", "0.001", "0");
        nothing.settles = start + TIME_DAY;
        if (rows[i].waits == 0)
            done &= ledger_apply(&ledger, RECORD_FILL, &nothing, &error) == 0;
        check(done && ledger_unsettled(&ledger, start + rows[i].then * TIME_MINUTE) == rows[i].waits * 10 * DEC_ONE,
              "%s", rows[i].name);
        ledger_clear(&ledger);
    }
}

int main(void)
{
    check_walk();
    check_closings();
    check_late();
    check_late_abroad();
    check_settlements();
    check_bounds();
    check_orders();
    check_units();
    return done();
}
