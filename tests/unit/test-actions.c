/* Corporate actions on what is held, on working orders and on prices: amounts by hand. FINRA Rule 5330 says which
 * orders a dividend lowers: open buy limits and sell stops. */
#include "money.h"

#include "record/record.h"

static struct error error;

#define NONE ""

static dec known(const char *text)
{
    return text[0] == '\0' ? DEC_NONE : d(text);
}

static void open_ledger(struct ledger *ledger)
{
    const struct ledger_terms terms = money_terms(NULL);
    error_clear(&error);
    require(ledger_init(ledger, &terms, &error) == 0);
    require(apply_cash(ledger, at("2026-01-02T14:00:00Z"), CASH_DEPOSIT, "100000", &error) == 0);
}

static const struct price_row {
    enum side side;
    enum order_type type;
    const char *limit, *stop;             /* of the order */
    const char *split_limit, *split_stop; /* after 3 for 2: two thirds, to the cent, below a dollar to its hundredth */
    const char *cash, *paid_limit, *paid_stop;
} price_rows[] = {
    {SIDE_BUY, ORDER_LIMIT, "100", NONE, "66.67", NONE, "0.5", "99.5", NONE},
    {SIDE_SELL, ORDER_LIMIT, "100", NONE, "66.67", NONE, "0.5", "100", NONE},
    {SIDE_BUY, ORDER_STOP, NONE, "90", NONE, "60", "0.5", NONE, "90"},
    {SIDE_SELL, ORDER_STOP, NONE, "90", NONE, "60", "0.5", NONE, "89.5"},
    {SIDE_SELL_SHORT, ORDER_STOP, NONE, "90", NONE, "60", "0.5", NONE, "89.5"},
    {SIDE_BUY, ORDER_STOP_LIMIT, "92", "91", "61.33", "60.67", "0.5", "92", "91"},
    {SIDE_SELL, ORDER_STOP_LIMIT, "89", "91", "59.33", "60.67", "0.5", "88.5", "90.5"},
    {SIDE_BUY, ORDER_MARKET_IF_TOUCHED, NONE, "90", NONE, "60", "0.5", NONE, "89.5"},
    {SIDE_SELL, ORDER_MARKET_IF_TOUCHED, NONE, "90", NONE, "60", "0.5", NONE, "90"},
    {SIDE_BUY, ORDER_LIMIT_IF_TOUCHED, "91", "90", "60.67", "60", "0.5", "90.5", "89.5"},
    {SIDE_SELL, ORDER_TRAILING_STOP, NONE, "90", NONE, "60", "0.5", NONE, "89.5"},
    {SIDE_BUY, ORDER_LIMIT, "1.5", NONE, "1", NONE, "0.5", "1", NONE},
    {SIDE_BUY, ORDER_LIMIT, "0.5", NONE, "0.3333", NONE, "0.5", "0.5", NONE},               /* would be 0: left alone */
    {SIDE_BUY, ORDER_LIMIT, "0.50000001", NONE, "0.3333", NONE, "0.5", "0.50000001", NONE}, /* would round to 0 */
    {SIDE_BUY, ORDER_LIMIT, "0.6", NONE, "0.4", NONE, "0.7", "0.6", NONE},                  /* below 0 likewise */
    {SIDE_BUY, ORDER_LIMIT, "10.33", NONE, "6.89", NONE, "0.333", "9.99", NONE},
    {SIDE_BUY, ORDER_LIMIT, "1.1", NONE, "0.7333", NONE, "0.33333", "0.7666", NONE},
};

static void check_prices(void)
{
    const int64_t then = at("2026-01-05T21:00:00Z"), ex = then + 10 * TIME_HOUR;
    for (size_t i = 0; i < sizeof price_rows / sizeof *price_rows; i++) {
        const struct price_row *row = &price_rows[i];
        for (int split = 0; split < 2; split++) {
            struct ledger ledger;
            struct order order = make_order("o1", then, "AAA", row->side, "30", ROLE_ENTRY);
            order.order_type = row->type;
            order.limit_price = known(row->limit);
            order.stop_price = known(row->stop);
            order.trail_amount = row->type == ORDER_TRAILING_STOP ? d("5") : DEC_NONE;
            order.reference_price = d("100");
            struct order at_once = order, *const last = &at_once;
            last->time = ex;
            memcpy(last->id, "o2", 3);
            const struct action action =
                split ? make_split("a1", ex, "AAA", 3, 2) : make_dividend("a1", ex, "AAA", row->cash);
            open_ledger(&ledger);
            const bool done = ledger_apply(&ledger, RECORD_ORDER, &order, &error) == 0 &&
                              ledger_apply(&ledger, RECORD_ORDER, last, &error) == 0 &&
                              ledger_apply(&ledger, RECORD_ACTION, &action, &error) == 0;
            const struct order *now = &ledger_open_order(&ledger, "o1")->order,
                               *new = &ledger_open_order(&ledger, "o2")->order;
            check(done && now->limit_price == known(split ? row->split_limit : row->paid_limit) &&
                      now->stop_price == known(split ? row->split_stop : row->paid_stop) &&
                      now->quantity == d(split ? "45" : "30"),
                  "row %zu: %s", i, split ? "3 for 2" : "a dividend");
            check(now->trail_amount == (row->type == ORDER_TRAILING_STOP ? d(split ? "3.33333334" : "5") : DEC_NONE),
                  "row %zu: the distance of a trail goes by splits alone", i);
            check(new->limit_price == known(row->limit) && new->stop_price == known(row->stop) &&
                      new->quantity == d("30"),
                  "row %zu: an order of that moment knows", i);
            ledger_clear(&ledger);
        }
    }
}

/* All that an order and its legs say in prices. 3 for 2: two thirds, distances up at the eighth digit. */
static void check_legs(void)
{
    const int64_t then = at("2026-01-05T21:00:00Z"), ex = then + 10 * TIME_HOUR;
    for (int split = 0; split < 2; split++)
        for (int shorts = 0; shorts < 2; shorts++) {
            struct ledger ledger;
            struct order order = make_order("o1", then, "AAA", shorts ? SIDE_SELL_SHORT : SIDE_BUY, "30", ROLE_ENTRY);
            order.reference_price = d("100");
            order.atr = d("2");
            order.active_price = d("120");
            order.even_price = d("110");
            order.fall = d("1");
            struct leg stop = make_leg(ROLE_STOP, ORDER_STOP_LIMIT, d("89"), d("90")),
                       target = make_leg(ROLE_TARGET, ORDER_LIMIT, d("80"), DEC_NONE);
            stop.trail_amount = d("5");
            stop.atr = d("2");
            stop.offset = d("10");
            stop.active_price = d("99");
            stop.fall = d("1");
            target.r = d("2");
            target.fall = d("1");
            order.legs[order.leg_count++] = stop;
            order.legs[order.leg_count++] = target;
            const struct action action =
                split ? make_split("a1", ex, "AAA", 3, 2) : make_dividend("a1", ex, "AAA", "0.5");
            open_ledger(&ledger);
            const bool done = ledger_apply(&ledger, RECORD_ORDER, &order, &error) == 0 &&
                              ledger_apply(&ledger, RECORD_ACTION, &action, &error) == 0;
            const struct order *now = &ledger_open_order(&ledger, "o1")->order;
            const struct leg *leg = now->legs;
            check(done, "%s of an entry with legs", split ? "3 for 2" : "a dividend");
            check_dec(now->reference_price, split ? "66.67" : "99.5", "the reference goes by both");
            check_dec(now->atr, split ? "1.33333334" : "2", "ATR");
            check_dec(now->active_price, split ? "80" : "120", "where it begins");
            check_dec(now->even_price, split ? "73.33333334" : "110", "break-even");
            check_dec(now->fall, split ? "0.66666667" : "1", "by what it falls");
            /* Of a long the stop is a sale, of a short its target is a purchase: these go down by a dividend. */
            check_dec(leg[0].limit_price, split ? "59.33" : shorts ? "89" : "88.5", "the limit of the stop");
            check_dec(leg[0].stop_price, split ? "60" : shorts ? "90" : "89.5", "the stop");
            check_dec(leg[1].limit_price, split ? "53.33" : shorts ? "79.5" : "80", "the target");
            check_dec(leg[0].trail_amount, split ? "3.33333334" : "5", "a leg's trail");
            check_dec(leg[0].atr, split ? "1.33333334" : "2", "its ATR");
            check_dec(leg[0].offset, split ? "6.66666667" : "10", "its distance");
            check_dec(leg[0].active_price, split ? "66" : "99", "where it begins");
            check_dec(leg[0].fall, split ? "0.66666667" : "1", "its fall in prices");
            check_dec(leg[1].fall, "1", "a fall in R stays");
            ledger_clear(&ledger);
        }
}

/* The smallest amounts: 1 for 10 makes them ten times as large, and a mark may come to one. */
static void check_smallest(void)
{
    const int64_t then = at("2026-01-05T21:00:00Z"), ex = then + 10 * TIME_HOUR;
    struct ledger ledger;
    struct order order = make_order("o1", then, "AAA", SIDE_BUY, "30", ROLE_ENTRY);
    struct leg target = make_leg(ROLE_TARGET, ORDER_LIMIT, d("200"), DEC_NONE);
    order.atr = 1;
    target.r = 1;
    target.fall = d("1");
    order.legs[order.leg_count++] = target;
    const struct fill fill = make_fill("f1", then, "AAA", SIDE_BUY, "10", "10.00000001", "0");
    const struct action split = make_split("a1", ex, "AAA", 1, 10), paid = make_dividend("a2", ex + 1, "AAA", "100");
    open_ledger(&ledger);
    check(ledger_apply(&ledger, RECORD_ORDER, &order, &error) == 0 &&
              ledger_apply(&ledger, RECORD_FILL, &fill, &error) == 0 &&
              ledger_apply(&ledger, RECORD_ACTION, &split, &error) == 0,
          "1 for 10");
    check_dec(ledger_open_order(&ledger, "o1")->order.atr, "0.0000001", "a distance");
    check_dec(ledger_open_order(&ledger, "o1")->order.legs[0].fall, "1", "a fall of R stays");
    check_dec(ledger.symbol_state[0].mark, "100.0000001", "the mark");
    check(apply_mark(&ledger, "AAA", ex, ex, "100.00000001", &error) == 0 &&
              ledger_apply(&ledger, RECORD_ACTION, &paid, &error) == 0,
          "a dividend of 100");
    check_dec(ledger.symbol_state[0].mark, "0.00000001", "leaves the last digit");
    ledger_clear(&ledger);
}

/* What an order said before it was replaced, of the bars that opened then, goes by an action too. */
static void check_pasts(void)
{
    const int64_t then = at("2026-01-05T21:00:00Z"), ex = then + 10 * TIME_HOUR;
    for (int split = 0; split < 2; split++) {
        struct ledger ledger;
        struct order order = make_order("o1", then, "AAA", SIDE_SELL, "30", ROLE_ENTRY);
        order.order_type = ORDER_STOP_LIMIT;
        order.limit_price = d("89");
        order.stop_price = d("91");
        const struct replace replace = {.time = then + TIME_HOUR,
                                        .order_id = "o1",
                                        .quantity = d("40"),
                                        .limit_price = d("79"),
                                        .stop_price = d("81")};
        const struct action action = split ? make_split("a1", ex, "AAA", 3, 2) : make_dividend("a1", ex, "AAA", "0.5");
        open_ledger(&ledger);
        bool done = ledger_apply(&ledger, RECORD_ORDER, &order, &error) == 0;
        const struct open_order *open_order = ledger_open_order(&ledger, "o1");
        done &= ledger_replace(&ledger, open_order, &replace, replace.time, &error) == 0 &&
                ledger_apply(&ledger, RECORD_ACTION, &action, &error) == 0;
        check(done && open_order->pasts == 1, "replaced, then %s", split ? "3 for 2" : "a dividend");
        check_dec(open_order->order.quantity, split ? "60" : "40", "its quantity");
        check_dec(open_order->order.limit_price, split ? "52.67" : "78.5", "its limit");
        check_dec(open_order->past[0].quantity, split ? "45" : "30", "its quantity before");
        check_dec(open_order->past[0].limit_price, split ? "59.33" : "88.5", "its limit before");
        check_dec(open_order->past[0].stop_price, split ? "60.67" : "90.5", "its stop before");
        ledger_clear(&ledger);
    }
}

/* A dividend that was applied before an order of a time before it came; not one that is held for a correction. */
static void check_late(void)
{
    const int64_t then = at("2026-01-05T21:00:00Z"), ex = then + 10 * TIME_HOUR;
    struct ledger ledger;
    struct order order = make_order("o1", then, "AAA", SIDE_BUY, "30", ROLE_ENTRY);
    order.order_type = ORDER_LIMIT;
    order.limit_price = d("100");
    const struct fill fill = make_fill("f1", then - TIME_DAY, "AAA", SIDE_BUY, "10", "100", "0");
    const struct action paid = make_dividend("p", ex, "AAA", "0.5"), split = make_split("a3", ex + 1, "AAA", 2, 1);
    struct action held = make_dividend("a2", ex, "AAA", "0.7");
    memcpy(held.corrects, "p", 2);
    open_ledger(&ledger);
    check(ledger_apply(&ledger, RECORD_FILL, &fill, &error) == 0 &&
              ledger_apply(&ledger, RECORD_ACTION, &paid, &error) == 0 &&
              !ledger_knows_action(&ledger, 0, &(struct action){.id = "old", .time = -1}) &&
              ledger_apply(&ledger, RECORD_ACTION, &held, &error) == 0 && ledger.actions == 1,
          "a dividend, and another version of it that is held");
    check(ledger_apply(&ledger, RECORD_ACTION, &held, &error) == 0 && ledger.symbol_state[0].actions->count == 2,
          "held once, however often it comes");
    check(ledger_apply(&ledger, RECORD_ORDER, &order, &error) == 0, "an order of the day before");
    check_dec(ledger_open_order(&ledger, "o1")->order.limit_price, "99.5", "is lowered by what was paid");
    memcpy(order.id, "o2", 3);
    order.time = ex;
    check(ledger_apply(&ledger, RECORD_ORDER, &order, &error) == 0, "an order of its very moment");
    check_dec(ledger_open_order(&ledger, "o2")->order.limit_price, "100", "knows of it");
    check(ledger_apply(&ledger, RECORD_ACTION, &paid, &error) == 0 && ledger.actions == 1, "twice is once");
    check_dec(ledger_open_order(&ledger, "o1")->order.limit_price, "99.5", "nothing is lowered again");
    const int slot = ledger_find_slot(&ledger, "AAA");
    check(!ledger_knows_action(&ledger, slot, &(struct action){.id = "old", .time = -1}), "one of 1969 is not known");
    check(ledger_knows_action(&ledger, slot, &paid) && !ledger_knows_action(&ledger, slot, &held) &&
              !ledger_knows_action(&ledger, slot, &split) && !ledger_knows_action(&ledger, -1, &paid),
          "which it knows");
    check(ledger_find_action(&ledger, slot, "a2") != NULL && ledger_find_action(&ledger, slot, "p") != NULL &&
              ledger_find_action(&ledger, slot, "a9") == NULL && ledger_find_action(&ledger, -1, "p") == NULL,
          "which it finds");
    struct adjustment adjustment;
    record_blank(RECORD_ADJUSTMENT, &adjustment);
    adjustment.time = ex + 2;
    memcpy(adjustment.symbol, "AAA", 4);
    memcpy(adjustment.cause, "a9", 3);
    check(ledger_apply(&ledger, RECORD_ADJUSTMENT, &adjustment, &error) == 0 && ledger.actions == 1,
          "an adjustment of one that is not there");
    memcpy(adjustment.symbol, "ZZZ", 4);
    memcpy(adjustment.cause, "a2", 3);
    check(ledger_apply(&ledger, RECORD_ADJUSTMENT, &adjustment, &error) == 0 && ledger.actions == 1,
          "or of a symbol that is not there");
    memcpy(adjustment.symbol, "AAA", 4);
    check(ledger_apply(&ledger, RECORD_ADJUSTMENT, &adjustment, &error) == 0 && ledger.actions == 2 &&
              ledger_knows_action(&ledger, slot, &held),
          "what was held is accepted");
    check(ledger_apply(&ledger, RECORD_ADJUSTMENT, &adjustment, &error) == 0 && ledger.actions == 2, "once");
    ledger_clear(&ledger);
}

/* Of the last ACTIONS_KEPT the ids are known, of those before only how late they were. */
static void check_forgotten(void)
{
    const int64_t first = at("2026-01-05T05:00:00Z");
    struct ledger ledger;
    open_ledger(&ledger);
    require(ledger_slot(&ledger, "AAA", &error) == 0);
    bool done = true;
    char id[16];
    for (int i = 0; i < ACTIONS_KEPT + 2; i++) {
        (void)snprintf(id, sizeof id, "d%d", i);
        const struct action action = make_dividend(id, first + i * TIME_DAY, "AAA", "0.01");
        done &= ledger_apply(&ledger, RECORD_ACTION, &action, &error) == 0;
    }
    const struct action forgotten = make_dividend("d1", first + TIME_DAY, "AAA", "0.01"),
                        before = make_dividend("new", first + TIME_DAY, "AAA", "0.01"),
                        kept = make_dividend("d2", first + 2 * TIME_DAY, "AAA", "0.01"),
                        between = make_dividend("new", first + TIME_DAY + 1, "AAA", "0.01");
    check(done && ledger.actions == ACTIONS_KEPT + 2, "more than are kept");
    check(ledger_find_action(&ledger, 0, "d0") == NULL && ledger_find_action(&ledger, 0, "d1") == NULL &&
              ledger_find_action(&ledger, 0, "d2") != NULL,
          "the two oldest ids are gone");
    check(ledger_knows_action(&ledger, 0, &forgotten) && ledger_knows_action(&ledger, 0, &before),
          "what is no later than they were counts as known");
    struct order late = make_order("o1", first - 1, "AAA", SIDE_BUY, "30", ROLE_ENTRY);
    late.order_type = ORDER_LIMIT;
    late.limit_price = d("100");
    check(ledger_apply(&ledger, RECORD_ORDER, &late, &error) == 0, "an order of before them all");
    check_dec(ledger_open_order(&ledger, "o1")->order.limit_price, "99.92",
              "is lowered by the eight that are kept, once");
    dec cost = DEC_NONE;
    check(ledger_entry_cost(&ledger, -1, true, &cost) == 0, "what it may cost");
    check_dec(cost, "2997.6", "30 x 99.92");
    for (int i = 0; i < 100; i++) { /* so many that sums are kept */
        struct order other = make_order("", first + 20 * TIME_DAY, "BBB", SIDE_BUY, "1", ROLE_ENTRY);
        (void)snprintf(other.id, sizeof other.id, "b%d", i);
        other.order_type = ORDER_LIMIT;
        other.limit_price = DEC_ONE;
        require(ledger_apply(&ledger, RECORD_ORDER, &other, &error) == 0);
    }
    memcpy(late.id, "o2", 3);
    check(ledger_apply(&ledger, RECORD_ORDER, &late, &error) == 0 && ledger_entry_cost(&ledger, -1, true, &cost) == 0,
          "another one beside a hundred of a dollar each");
    check_dec(cost, "6095.2", "100 + 2 x 2997.6");
    check(ledger_knows_action(&ledger, 0, &kept) && !ledger_knows_action(&ledger, 0, &between),
          "of what is later only the ids that are kept");
    ledger_clear(&ledger);
}

/* Lots share what a split makes of the whole: shares after it, by hand at the eighth digit. */
static void check_lots(void)
{
    static const struct {
        const char *name, *lot[3];
        int64_t new_shares, old_shares;
        const char *left[3], *cost[3]; /* of lots that cost 5, 7 and 11 */
    } rows[] = {
        {"thirds add up", {"1", "1", "1"}, 1, 3, {"0.33333333", "0.33333334", "0.33333333"}, {"5", "7", "11"}},
        {"one too small gives its cost to the next",
         {"0.00000001", "0.00000001", "1"},
         1,
         2,
         {"0.00000001", "0.5", NONE},
         {"5", "18", NONE}},
        {"the last one to those before", {"1", "1", "0.00000001"}, 1, 2, {"0.5", "0.5", NONE}, {"5", "18", NONE}},
        {"a whole that would vanish does not",
         {"0.00000001", "0.00000001", "0.00000001"},
         1,
         9,
         {"0.00000001", NONE, NONE},
         {"23", NONE, NONE}},
        {"3 for 2", {"10", "5", "1"}, 3, 2, {"15", "7.5", "1.5"}, {"5", "7", "11"}},
    };
    static const char *const cost[] = {"5", "7", "11"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int way = 0; way < 3; way++) {
            struct ledger ledger;
            const int64_t first = at("2026-01-05T14:30:00Z");
            const bool shorts = way == 1, euros = way == 2; /* of two dollars each */
            bool done = true;
            open_ledger(&ledger);
            for (int k = 0; k < 3; k++) {
                char id[4] = {'f', (char)('1' + k), '\0'};
                struct fill fill = make_fill(id, first + k, "AAA", shorts ? SIDE_SELL_SHORT : SIDE_BUY, rows[i].lot[k],
                                             "0.00000001", "0");
                fill.commission = d(cost[k]); /* nothing else costs a cent */
                if (euros) {
                    memcpy(fill.currency, "EUR", 4);
                    memcpy(fill.pair, "EURUSD", 7);
                    fill.rate = d("2");
                }
                done &= ledger_apply(&ledger, RECORD_FILL, &fill, &error) == 0;
            }
            struct cash paid;
            record_blank(RECORD_CASH, &paid);
            paid.time = first + TIME_HOUR;
            paid.amount = d("30");
            paid.kind = CASH_DIVIDEND;
            memcpy(paid.symbol, "AAA", 4);
            memcpy(paid.strategy, "s", 2);
            memcpy(paid.id, "paid", 5);
            memcpy(paid.currency, euros ? "EUR" : "USD", 4);
            if (euros) {
                memcpy(paid.pair, "EURUSD", 7);
                paid.rate = d("2");
            }
            done &= ledger_apply(&ledger, RECORD_CASH, &paid, &error) == 0;
            const struct action split =
                make_split("a1", first + TIME_DAY, "AAA", rows[i].new_shares, rows[i].old_shares);
            done &= ledger_apply(&ledger, RECORD_ACTION, &split, &error) == 0;
            const struct holding *holding = &ledger.holding[0];
            size_t lots = 0;
            dec sum = 0, dividends = 0, own_dividends = 0;
            for (; lots < 3 && rows[i].left[lots][0] != '\0'; lots++)
                if (lots < holding->lots) {
                    const struct lot *lot = &holding->lot[lots];
                    sum += lot->quantity;
                    dividends += lot->dividends;
                    own_dividends += lot->own_dividends;
                    done &= (shorts ? -lot->quantity : lot->quantity) == d(rows[i].left[lots]) &&
                            lot->cost == d(rows[i].cost[lots]) && lot->own_cost == (euros ? 2 * lot->cost : 0);
                }
            done &= dividends == paid.amount && own_dividends == (euros ? 2 * paid.amount : 0);
            check(done && holding->lots == lots && sum == holding->quantity, "%s, %s", rows[i].name,
                  euros    ? "in euros"
                  : shorts ? "short"
                           : "long");
            ledger_clear(&ledger);
        }
}

/* What is bought at the moment of a split is after it; so is a price of that moment. */
static void check_moment(void)
{
    const int64_t ex = at("2026-01-06T14:30:00Z");
    struct ledger ledger;
    const struct fill before = make_fill("f1", ex - 1, "AAA", SIDE_BUY, "10", "100", "0"),
                      there = make_fill("f2", ex, "BBB", SIDE_BUY, "10", "100", "0");
    const struct action split = make_split("a1", ex, "AAA", 2, 1), other = make_split("a2", ex, "BBB", 2, 1),
                        paid = make_dividend("a3", ex + 1, "AAA", "0.5"),
                        large = make_dividend("a4", ex + 2, "AAA", "49.5");
    open_ledger(&ledger);
    check(ledger_apply(&ledger, RECORD_FILL, &before, &error) == 0 &&
              ledger_apply(&ledger, RECORD_FILL, &there, &error) == 0 &&
              ledger_apply(&ledger, RECORD_ACTION, &split, &error) == 0 &&
              ledger_apply(&ledger, RECORD_ACTION, &other, &error) == 0,
          "one bought before, one at the moment of its split");
    check_dec(ledger.holding[0].quantity, "20", "two for one");
    check_dec(ledger.symbol_state[0].mark, "50", "at half the price");
    check_dec(ledger.holding[1].quantity, "10", "it knew");
    check_dec(ledger.symbol_state[1].mark, "100", "and so did its price");
    check(ledger_apply(&ledger, RECORD_ACTION, &paid, &error) == 0, "a dividend");
    check_dec(ledger.symbol_state[0].mark, "49.5", "takes its cash off the mark");
    check(ledger_apply(&ledger, RECORD_ACTION, &large, &error) == 0, "one of all that is left");
    check_dec(ledger.symbol_state[0].mark, "49.5", "takes nothing off");
    struct action foreign = make_dividend("a5", ex + 3, "AAA", "1");
    memcpy(foreign.currency, "EUR", 4);
    check(ledger_apply(&ledger, RECORD_ACTION, &foreign, &error) == 0, "one in another currency than the price");
    check_dec(ledger.symbol_state[0].mark, "49.5", "takes nothing off either");
    memcpy(foreign.id, "a6", 3);
    memcpy(foreign.currency, "USD", 4);
    check(ledger_apply(&ledger, RECORD_ACTION, &foreign, &error) == 0, "one in its own");
    check_dec(ledger.symbol_state[0].mark, "48.5", "does");
    ledger_clear(&ledger);
}

/* Of 30, 10 are bought before 3 for 2: of 45 then 15. */
static void check_part(void)
{
    const int64_t then = at("2026-01-05T21:00:00Z");
    struct ledger ledger;
    struct order order = make_order("o-f1", then, "AAA", SIDE_BUY, "30", ROLE_ENTRY);
    order.reference_price = d("100");
    const struct fill fill = make_fill("f1", then + TIME_HOUR, "AAA", SIDE_BUY, "10", "100", "0");
    const struct action split = make_split("a1", then + TIME_DAY, "AAA", 3, 2);
    open_ledger(&ledger);
    check(ledger_apply(&ledger, RECORD_ORDER, &order, &error) == 0 &&
              ledger_apply(&ledger, RECORD_FILL, &fill, &error) == 0 &&
              ledger_apply(&ledger, RECORD_ACTION, &split, &error) == 0,
          "a part, then 3 for 2");
    const struct open_order *open_order = ledger_open_order(&ledger, "o-f1");
    check_dec(open_order->order.quantity, "45", "the order");
    check_dec(open_order->filled, "15", "what it has filled");
    check_dec(ledger.holding[0].quantity, "15", "what is held");
    ledger_clear(&ledger);
}

/* Of a moment's own trades a split makes nothing, but for the cash in lieu that follows from it. */
static void check_same_moment(void)
{
    const int64_t ex = at("2026-01-06T14:30:00Z");
    struct ledger ledger;
    const struct fill before = make_fill("f1", ex - 1, "AAA", SIDE_BUY, "10", "100", "0"),
                      in_lieu = make_fill("f2", ex, "AAA", SIDE_SELL, "1", "50", "0"),
                      there = make_fill("f3", ex, "BBB", SIDE_BUY, "10", "100", "0");
    const struct action first = make_split("a1", ex, "AAA", 2, 1), second = make_split("a2", ex, "AAA", 3, 1),
                        paid = make_dividend("a3", ex, "BBB", "1"), other = make_split("a4", ex, "BBB", 2, 1);
    open_ledger(&ledger);
    check(ledger_slot(&ledger, "AAA", &error) == 0 && ledger_slot(&ledger, "BBB", &error) == 1 &&
              ledger_apply(&ledger, RECORD_FILL, &before, &error) == 0 &&
              ledger_apply(&ledger, RECORD_ACTION, &first, &error) == 0 &&
              ledger_apply(&ledger, RECORD_FILL, &in_lieu, &error) == 0 &&
              ledger_apply(&ledger, RECORD_ACTION, &second, &error) == 0,
          "two splits of one moment, cash in lieu between them");
    check_dec(ledger_holding(&ledger, "s", 0)->quantity, "57", "(10 x 2 - 1) x 3");
    check(ledger_apply(&ledger, RECORD_ACTION, &paid, &error) == 0 &&
              ledger_apply(&ledger, RECORD_FILL, &there, &error) == 0 &&
              ledger_apply(&ledger, RECORD_ACTION, &other, &error) == 0,
          "a dividend, a purchase and a split of one moment");
    check_dec(ledger_holding(&ledger, "s", 1)->quantity, "10", "what was bought then knew of the split");
    ledger_clear(&ledger);
}

static void check_rename(void)
{
    const int64_t first = at("2026-01-05T14:30:00Z");
    struct ledger ledger;
    struct action rename = make_split("a1", first + TIME_DAY, "OLD", 0, 0);
    rename.kind = ACTION_RENAME;
    memcpy(rename.new_symbol, "NEW", 4);
    const struct fill fill = make_fill("f1", first, "OLD", SIDE_BUY, "10", "100", "0"),
                      busy = make_fill("f2", first, "BUSY", SIDE_BUY, "10", "100", "0");
    struct order order = make_order("o1", first + 1, "OLD", SIDE_SELL, "10", ROLE_EXIT),
                 waits = make_order("o2", first + 1, "WAITS", SIDE_BUY, "10", ROLE_ENTRY);
    open_ledger(&ledger);
    check(ledger_apply(&ledger, RECORD_FILL, &fill, &error) == 0 &&
              ledger_apply(&ledger, RECORD_FILL, &busy, &error) == 0 &&
              ledger_apply(&ledger, RECORD_ORDER, &order, &error) == 0 &&
              ledger_apply(&ledger, RECORD_ORDER, &waits, &error) == 0,
          "two positions and two orders");
    const int old = ledger_find_slot(&ledger, "OLD");
    check(ledger_can_rename(&ledger, old, "NEW") && !ledger_can_rename(&ledger, old, "") &&
              !ledger_can_rename(&ledger, old, "OLD") && !ledger_can_rename(&ledger, old, "BUSY") &&
              !ledger_can_rename(&ledger, old, "WAITS") &&
              !ledger_can_rename(&ledger, ledger_find_slot(&ledger, "BUSY"), "OLD"),
          "to what it can be renamed: not to what is traded already");
    check(ledger_apply(&ledger, RECORD_ACTION, &rename, &error) == 0, "a rename");
    const int new = ledger_find_slot(&ledger, "NEW");
    const struct holding *held = ledger_holding(&ledger, "s", new);
    check(new >= 0 && held != NULL && held->quantity == d("10") &&
              held->slot == new &&ledger.symbol_state[new].mark == d("100") && ledger.symbol_state[new].open == 1 &&
              ledger.symbol_state[new].working == 1,
          "position, price and orders are of the new symbol");
    check_text(ledger_open_order(&ledger, "o1")->order.symbol, "NEW", "as the order says");
    check(ledger_open_order(&ledger, "o1")->slot == new &&ledger.symbol_state[old].open == 0 &&
              ledger.symbol_state[old].working == 0 && ledger.symbol_state[old].mark == DEC_NONE,
          "the old one is empty");
    memcpy(rename.id, "a2", 3);
    memcpy(rename.symbol, "NEW", 4);
    memcpy(rename.new_symbol, "BUSY", 5);
    check(ledger_apply(&ledger, RECORD_ACTION, &rename, &error) == 0 &&
              ledger_holding(&ledger, "s", new)->quantity == d("10"),
          "what cannot be renamed stays");
    memcpy(rename.id, "a3", 3);
    memcpy(rename.new_symbol, "OLD", 4);
    check(ledger_apply(&ledger, RECORD_ACTION, &rename, &error) == 0 &&
              ledger_holding(&ledger, "s", old)->quantity == d("10") && ledger.symbol_state[new].open == 0,
          "and back");
    check_dec(equity_of(&ledger), "100000", "nothing is worth more by it");
    ledger_clear(&ledger);
}

/* Actions of which nothing follows here: a spin-off, a roll, what is held for a correction, a delisting. */
static void check_ignored(void)
{
    static const enum action_kind kinds[] = {ACTION_SPINOFF, ACTION_ROLL, ACTION_DELIST, ACTION_SPLIT, ACTION_DIVIDEND};
    const int64_t then = at("2026-01-05T21:00:00Z"), ex = then + 10 * TIME_HOUR;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct ledger ledger;
        struct order order = make_order("o1", then, "AAA", SIDE_BUY, "30", ROLE_ENTRY);
        order.order_type = ORDER_LIMIT;
        order.limit_price = d("100");
        const struct fill fill = make_fill("f1", then, "AAA", SIDE_BUY, "10", "100", "0");
        struct action action = make_split("a1", ex, "AAA", 2, 1);
        action.kind = kinds[i];
        action.cash = d("5");
        if (kinds[i] == ACTION_SPLIT || kinds[i] == ACTION_DIVIDEND)
            memcpy(action.corrects, "x", 2);
        open_ledger(&ledger);
        check(ledger_apply(&ledger, RECORD_ORDER, &order, &error) == 0 &&
                  ledger_apply(&ledger, RECORD_FILL, &fill, &error) == 0 &&
                  ledger_apply(&ledger, RECORD_ACTION, &action, &error) == 0 && ledger.holding[0].quantity == d("10") &&
                  ledger.symbol_state[0].mark == d("100") &&
                  ledger_open_order(&ledger, "o1")->order.limit_price == d("100"),
              "kind %d changes no position, price or order", (int)kinds[i]);
        check((ledger_find_action(&ledger, 0, "a1") != NULL) ==
                      (kinds[i] != ACTION_SPINOFF && kinds[i] != ACTION_ROLL) &&
                  ledger.actions == (kinds[i] == ACTION_DELIST),
              "kind %d is noted where something may follow", (int)kinds[i]);
        if (action.corrects[0] != '\0') {
            struct adjustment adjustment;
            record_blank(RECORD_ADJUSTMENT, &adjustment);
            memcpy(adjustment.symbol, "AAA", 4);
            memcpy(adjustment.cause, "a1", 3);
            check(ledger_apply(&ledger, RECORD_ADJUSTMENT, &adjustment, &error) == 0 && ledger.actions == 1,
                  "the first that is held can be accepted");
        }
        ledger_clear(&ledger);
    }
}

/* What a lot cost in dollars is not known where there was no rate; a split makes nothing of that, and gives it on. */
static void check_unrated(void)
{
    const int64_t first = at("2026-01-05T14:30:00Z");
    struct ledger ledger;
    open_ledger(&ledger);
    bool done = true;
    for (int k = 0; k < 3; k++) {
        char id[4] = {'f', (char)('1' + k), '\0'};
        struct fill fill = make_fill(id, first + k, "AAA", SIDE_BUY, k < 2 ? "0.00000001" : "1", "0.00000001", "5");
        memcpy(fill.currency, "EUR", 4);
        if (k != 1) {
            memcpy(fill.pair, "EURUSD", 7);
            fill.rate = d("2");
        }
        done &= ledger_apply(&ledger, RECORD_FILL, &fill, &error) == 0;
    }
    struct cash paid;
    record_blank(RECORD_CASH, &paid);
    paid.time = first + TIME_HOUR;
    paid.amount = d("30");
    paid.kind = CASH_DIVIDEND;
    memcpy(paid.symbol, "AAA", 4);
    memcpy(paid.strategy, "s", 2);
    memcpy(paid.id, "paid", 5);
    memcpy(paid.currency, "EUR", 4);
    const struct holding *holding = &ledger.holding[0];
    done &= ledger_apply(&ledger, RECORD_CASH, &paid, &error) == 0 && holding->lot[2].own_dividends == DEC_NONE;
    check(done && holding->lot[0].own_cost == d("10") && holding->lot[1].own_cost == DEC_NONE,
          "one of three is unrated");
    const struct action twice = make_split("a1", first + TIME_DAY, "AAA", 2, 1),
                        back = make_split("a2", first + 2 * TIME_DAY, "AAA", 1, 4);
    check(ledger_apply(&ledger, RECORD_ACTION, &twice, &error) == 0 && holding->lots == 3 &&
              holding->lot[1].own_cost == DEC_NONE && holding->lot[2].own_cost == d("10"),
          "2 for 1: still one");
    /* 2, 2 and 200000000 of the last digit: 1, 1 and 50000001 together: the second has nothing left. */
    check(ledger_apply(&ledger, RECORD_ACTION, &back, &error) == 0 && holding->lots == 2 &&
              holding->lot[0].own_cost == d("10") && holding->lot[1].own_cost == DEC_NONE &&
              holding->lot[1].cost == d("10"),
          "1 for 4: what it goes to costs 10 euros and nobody knows how many dollars");
    ledger_clear(&ledger);
}

int main(void)
{
    check_prices();
    check_legs();
    check_smallest();
    check_pasts();
    check_ignored();
    check_unrated();
    check_late();
    check_forgotten();
    check_lots();
    check_moment();
    check_part();
    check_same_moment();
    check_rename();
    return done();
}
