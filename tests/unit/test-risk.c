/* Sizing and limits: quantities and figures computed by hand beside the checks. */
#include "money.h"

#include "risk/internal.h"

#include <math.h>

static struct error error;
static struct ledger ledger;
static struct risk_terms terms;
static struct instrument stock = INSTRUMENT_STOCK;
static struct risk_result result;
static struct sha256 *hash;
static int64_t now;

/* FUT moves 50 a point. */
static const struct instrument *find_instrument(void *context, const char *symbol, struct error *problem)
{
    static struct instrument found;
    (void)context;
    (void)problem;
    found = INSTRUMENT_STOCK;
    if (strcmp(symbol, "FUT") == 0)
        found.multiplier = 50 * DEC_ONE;
    return &found;
}

static void start(const char *cash)
{
    struct ledger_terms account = money_terms(NULL);
    account.instrument = find_instrument;
    ledger_clear(&ledger);
    error_clear(&error);
    now = at("2024-01-02T14:00:00Z");
    require(ledger_init(&ledger, &account, &error) == 0);
    require(apply_cash(&ledger, now, CASH_DEPOSIT, cash, &error) == 0);
    terms = risk_defaults();
    terms.max_position = DEC_ONE;
    stock = INSTRUMENT_STOCK;
}

static struct signal make_signal(const char *id, enum want side, const char *price, const char *stop)
{
    struct signal signal = {.time = now,
                            .side = side,
                            .decided = now,
                            .initial = -1,
                            .interval = one_day,
                            .units = NAN,
                            .price = d(price),
                            .stop = stop == NULL ? DEC_NONE : d(stop),
                            .target = DEC_NONE,
                            .entry_price = DEC_NONE,
                            .symbol = "AAA",
                            .strategy = "s"};
    (void)snprintf(signal.id, sizeof signal.id, "%s", id);
    return signal;
}

static int decide(const struct signal *signal)
{
    return risk_decide(&ledger, &terms, &stock, hash, signal, now + TIME_DAY, &result, &error);
}

/* The quantity that a long level is sized to; 0 when it is refused. */
static dec size(const char *rule, const char *price, const char *stop)
{
    const struct signal signal = make_signal("sg-1", WANT_LONG, price, stop);
    if (risk_parse_sizing(&terms, rule, &error) != 0 || decide(&signal) != 0)
        return DEC_NONE;
    return result.has_order ? result.order.quantity : 0;
}

static bool is_refused(const struct signal *signal, const char *code)
{
    const bool refused = decide(signal) == 0 && result.has_refusal && !result.has_order;
    if (refused && strcmp(result.refusal.code, code) != 0)
        printf("# refused: %s\n", result.refusal.code);
    return refused && strcmp(result.refusal.code, code) == 0;
}

/* A position of the instance, and its entry's signal spent. */
static void hold(const char *signal, enum side side, const char *quantity, const char *price)
{
    struct order order = make_order("e", now, "AAA", side, quantity, ROLE_ENTRY);
    (void)snprintf(order.signal, sizeof order.signal, "%s", signal);
    struct fill fill = make_fill("e.1", now, "AAA", side, quantity, price, "0");
    (void)snprintf(fill.order_id, sizeof fill.order_id, "e");
    const struct order_update update = {.time = now, .order_id = "e", .status = STATUS_FILLED};
    require(ledger_apply(&ledger, RECORD_ORDER, &order, &error) == 0);
    require(ledger_apply(&ledger, RECORD_FILL, &fill, &error) == 0);
    require(ledger_apply(&ledger, RECORD_ORDER_UPDATE, &update, &error) == 0);
    now += TIME_DAY;
}

static void test_sizing(void)
{
    start("100000");
    check_dec(size("risk:1%", "50", "48"), "500", "1 % of 100000 over 2 a share");
    check_dec(size("risk:1%", "50", "47"), "333", "1000 / 3 = 333.33, whole shares");
    check_dec(size("risk:500", "50", "48"), "250", "500 over 2");
    check_dec(size("notional:5%", "33.33", NULL), "150", "5000 / 33.33 = 150.01");
    check_dec(size("notional:10000", "33.33", NULL), "300", "10000 / 33.33 = 300.03");
    check_dec(size("quantity:7", "33.33", NULL), "7", "as said");
    terms.fractional = true;
    check_dec(size("notional:100", "33", NULL), "3.030303", "100 / 33 down to a millionth");
    /* 99398.48758944 × 0.25 % ÷ 2.3512 is 105.689103 exactly; the money between, 248.4962189736, has ten places. */
    start("99398.48758944");
    terms.fractional = true;
    check_dec(size("risk:0.25%", "55.9806", "53.6294"), "105.689103", "an even size is not a millionth short");
    start("100000");
    terms.fractional = false;
    stock.lot_size = 100 * DEC_ONE;
    check_dec(size("notional:10000", "33.33", NULL), "300", "in lots of a hundred");
    stock = (struct instrument){.tick_size = DEC_ONE / 4, .lot_size = DEC_ONE, .multiplier = 50 * DEC_ONE};
    check_dec(size("risk:1%", "100", "98"), "10", "a future of 50 a point: 1000 / (2 x 50)");
    stock = INSTRUMENT_STOCK;
    terms.max_position = DEC_ONE / 20;
    check_dec(size("risk:1%", "50", "48"), "100", "clipped to 5 % of 100000: 5000 / 50");
    check_dec(result.order.reference_price, "50", "sized on this price");
    check(result.order.side == SIDE_BUY && result.order.role == ROLE_ENTRY && result.order.leg_count == 1 &&
              result.order.order_class == CLASS_OTO && result.order.valid_until == now + TIME_DAY,
          "an entry with its stop, for the session");
    check_dec(result.order.legs[0].stop_price, "48", "at the signal's stop");
    struct signal signal = make_signal("sg-1", WANT_LONG, "0.5", "0.003");
    signal.target = d("0.777");
    check(decide(&signal) == 0 && result.has_order, "a stop below one tick");
    check_dec(result.order.legs[0].stop_price, "0.01", "is one tick, never 0");
    check_dec(result.order.legs[1].limit_price, "0.78", "a target on the tick");
    check(size("notional:10", "50", NULL) == 0 && strcmp(result.refusal.code, "ZERO_QUANTITY") == 0,
          "less than a share is refused");
    check(risk_parse_sizing(&terms, "risk:0", &error) == -1 && risk_parse_sizing(&terms, "kelly:1", &error) == -1 &&
              risk_parse_sizing(&terms, "quantity:5%", &error) == -1 &&
              risk_parse_sizing(&terms, "notional:101%", &error) == -1,
          "rules that are none");
    error_clear(&error);
}

static void test_ids(void)
{
    /* hashlib.sha256(b"test\0sg-1\0entry\0001\0") …, base64.b32encode of the first ten bytes */
    char id[ID_SIZE];
    check(order_id_make(id, hash, "test", "sg-1", ROLE_ENTRY, 1, &error) == 0, "an id");
    check_text(id, "tnjuznjmr4jeksuidy", "is what Python's hashlib makes of it");
    check(order_id_make(id, hash, "test", "sg-1", ROLE_ENTRY, 2, &error) == 0, "of the next attempt");
    check_text(id, "tn3sl42qzcfzi5edsq", "another");
    check(order_id_make(id, hash, "paper", "sgabcdefghijklmnop", ROLE_EXIT, 12, &error) == 0, "of an exit");
    check_text(id, "tnsjdb7spxzx7qoj33", "by its role");
    start("100000");
    check_dec(size("quantity:1", "50", NULL), "1", "an order");
    check_text(result.order.id, "tnjuznjmr4jeksuidy", "has its id from account, signal, role and attempt");
}

static void test_refusals(void)
{
    start("100000");
    struct signal signal = make_signal("sg-1", WANT_LONG, "50", NULL);
    check(is_refused(&signal, "NO_STOP"), "sizing by risk needs a stop");
    signal = make_signal("sg-1", WANT_LONG, "50", "50");
    check(is_refused(&signal, "BEYOND_STOP"), "a price at its own stop");
    signal = make_signal("sg-1", WANT_SHORT, "50", "52");
    check(is_refused(&signal, "LONG_ONLY"), "a short sale");
    terms.long_only = false;
    check(decide(&signal) == 0 && result.has_order && result.order.side == SIDE_SELL_SHORT, "unless it is allowed");
    check_dec(result.order.quantity, "500", "sized by the distance to its stop");
    signal = make_signal("sg-1", WANT_SHORT, "50", "48");
    check(is_refused(&signal, "BEYOND_STOP"), "the stop of a short is above");
    signal = make_signal("sg-1", WANT_LONG, "50", "48");
    signal.price = DEC_NONE;
    check(is_refused(&signal, "NO_PRICE"), "no price");
    signal = make_signal("sg-1", WANT_LONG, "50", "48");
    ledger.halted = true;
    check(is_refused(&signal, "HALTED"), "halted");
    ledger.halted = false;
    terms.max_positions = 0;
    check(is_refused(&signal, "MAX_POSITIONS"), "no position allowed");
    terms.max_positions = 1;
    check(decide(&signal) == 0 && result.has_order, "one allowed");
    struct order other = make_order("o", now, "BBB", SIDE_BUY, "10", ROLE_ENTRY);
    other.reference_price = d("10");
    check(ledger_plan(&ledger, &other, &error) == 0 && is_refused(&signal, "MAX_POSITIONS"),
          "a working entry in another symbol is one");
    ledger_unplan(&ledger);

    struct order order = make_order("o", now, "AAA", SIDE_BUY, "100.5", ROLE_ENTRY);
    struct refusal refusal;
    order.reference_price = d("50");
    check(risk_check(&ledger, &terms, &stock, &order, &refusal, &error) == 1 && !strcmp(refusal.code, "LOT_SIZE"),
          "half a share");
    order.quantity = d("100");
    order.reference_price = DEC_NONE;
    check(risk_check(&ledger, &terms, &stock, &order, &refusal, &error) == 1 && !strcmp(refusal.code, "NO_PRICE"),
          "nothing says what it costs");
    order.reference_price = d("50");
    terms.max_position = DEC_ONE / 20;
    check(risk_check(&ledger, &terms, &stock, &order, &refusal, &error) == 0, "100 x 50 is a twentieth of 100000");
    order.quantity = d("101");
    check(risk_check(&ledger, &terms, &stock, &order, &refusal, &error) == 1 && !strcmp(refusal.code, "MAX_POSITION"),
          "101 x 50 is more");
    check_dec(refusal.observed, "5050", "by so much");
    check_dec(refusal.limit, "5000", "than this");
    order.quantity = d("100");
    order.order_type = ORDER_STOP;
    order.stop_price = d("51");
    check(risk_check(&ledger, &terms, &stock, &order, &refusal, &error) == 1 && !strcmp(refusal.code, "MAX_POSITION"),
          "a stop order counts at its stop: 100 x 51");
    terms.max_position = 10 * DEC_ONE;
    order.quantity = d("2000");
    check(risk_check(&ledger, &terms, &stock, &order, &refusal, &error) == 1 && !strcmp(refusal.code, "BUYING_POWER"),
          "2000 x 51 is more than there is");
    order.stop_price = d("51.005");
    check(risk_check(&ledger, &terms, &stock, &order, &refusal, &error) == 1 && !strcmp(refusal.code, "TICK_SIZE"),
          "fault-055: a price finer than the tick");
    order.stop_price = d("0.5123");
    order.quantity = d("1");
    check(risk_check(&ledger, &terms, &stock, &order, &refusal, &error) == 0, "below a dollar the tick is finer");
    order.stop_price = d("51");
    order.quantity = d("92000000000");
    check(risk_check(&ledger, &terms, &stock, &order, &refusal, &error) == 1 && !strcmp(refusal.code, "NO_PRICE"),
          "fault-056: a cost out of range is refused");
    order = make_order("o", now, "AAA", SIDE_BUY, "1500", ROLE_ENTRY);
    order.reference_price = d("50");
    terms.max_position = 10 * DEC_ONE;
    terms.max_positions = 5;
    other = make_order("f", now, "FUT", SIDE_BUY, "2", ROLE_ENTRY);
    other.reference_price = d("400");
    check(ledger_plan(&ledger, &other, &error) == 0 &&
              risk_check(&ledger, &terms, &stock, &order, &refusal, &error) == 1 &&
              !strcmp(refusal.code, "BUYING_POWER"),
          "the multiplier of other working entries counts");
    check_dec(refusal.observed, "115000", "1500 x 50 + 2 x 400 x 50");
    ledger_unplan(&ledger);
    struct entry_room entry_room;
    const char *clipped = NULL;
    dec room = 0;
    terms.max_position = DEC_ONE / 20;
    hold("sg-0", SIDE_BUY, "60", "50");
    check(risk_entry_room(&ledger, &terms, &stock, ledger_find_slot(&ledger, "AAA"), equity_of(&ledger), ledger.now,
                          &entry_room, &error) == 0,
          "where the account stands");
    room = d("40.00000001");
    check(risk_room(&entry_room, d("50"), DEC_ONE, &room, &clipped, &error) == 0, "room");
    check_dec(room, "40", "(5000 - 60 x 50) / 50");
    room = d("66.66666667");
    check(risk_room(&entry_room, d("30"), DEC_ONE, &room, &clipped, &error) == 0, "at a lower price");
    check_dec(room, "66.66666666", "2000 / 30, rounded down");
    check(risk_room(&entry_room, d("30"), DEC_ONE, &room, &clipped, &error) == 0, "what fits");
    check(clipped == NULL, "is not cut");
    check_dec(room, "66.66666666", "stays as it is");
    entry_room.used = entry_room.limit;
    check(risk_room(&entry_room, d("30"), DEC_ONE, &room, &clipped, &error) == 0 && room == 0, "no room");
}

static void test_day(void)
{
    start("100000");
    hold("sg-0", SIDE_BUY, "1000", "50");
    struct order order = make_order("o", now, "BBB", SIDE_BUY, "10", ROLE_ENTRY);
    struct refusal refusal;
    order.reference_price = d("10");
    check(ledger_advance(&ledger, now, &error) == 0, "the next day");
    check(apply_mark(&ledger, "AAA", now - TIME_HOUR, now, "48.01", &error) == 0 &&
              risk_check(&ledger, &terms, &stock, &order, &refusal, &error) == 0,
          "a loss of 1990 is less than a fiftieth");
    check(apply_mark(&ledger, "AAA", now, now + TIME_HOUR, "48", &error) == 0 &&
              risk_check(&ledger, &terms, &stock, &order, &refusal, &error) == 1 &&
              !strcmp(refusal.code, "DAILY_LOSS_LIMIT"),
          "one of 2000 is not");
    struct equity point = {.time = now + TIME_HOUR, .equity = equity_of(&ledger)};
    check(ledger_apply(&ledger, RECORD_EQUITY, &point, &error) == 0 &&
              apply_mark(&ledger, "AAA", now + 1, now + TIME_HOUR + 1, "50", &error) == 0 &&
              risk_check(&ledger, &terms, &stock, &order, &refusal, &error) == 1 &&
              !strcmp(refusal.code, "DAILY_LOSS_LIMIT"),
          "once hit, a recovery does not lift it");
    check(apply_cash(&ledger, now + TIME_HOUR + 2, CASH_DEPOSIT, "1000000", &error) == 0 &&
              risk_check(&ledger, &terms, &stock, &order, &refusal, &error) == 1 &&
              !strcmp(refusal.code, "DAILY_LOSS_LIMIT"),
          "nor does a deposit");
    struct order out = make_order("x", now, "AAA", SIDE_SELL, "1000", ROLE_EXIT);
    check(risk_check(&ledger, &terms, &stock, &out, &refusal, &error) == 0, "an exit passes");
    /* A question after the roll has the answers that it has once the ledger has rolled, and moves nothing. */
    const int64_t ends = ledger.day_ends;
    for (int rolled = 0; rolled < 2; rolled++) {
        order.time = now;
        terms.now = now + TIME_DAY;
        check(risk_check(&ledger, &terms, &stock, &order, &refusal, &error) == 1 &&
                  !strcmp(refusal.code, "DAILY_LOSS_LIMIT"),
              "after the roll, what was decided on that day is refused still");
        check(!strcmp(refusal.message, "the trading day of the decision, 2024-01-03, lost 2000, 2 % of its equity, the "
                                       "limit is 2 %: only later decisions, after 2024-01-03T17:00:00Z, are entered"),
              "and told which day, how much, and what is free");
        order.time = now + TIME_DAY;
        check(risk_check(&ledger, &terms, &stock, &order, &refusal, &error) == 0,
              "what is decided on the next day is free, although nothing has happened since");
        check(risk_day_is_lost(&ledger, &terms, d("1"), &error) == rolled, "that day has lost nothing before an event");
        check((ledger.day_ends == ends) == (rolled == 0), "a question rolls no day");
        if (rolled == 0)
            check(ledger_advance(&ledger, now + TIME_DAY, &error) == 0, "an event of the next day does");
    }
    point = (struct equity){.time = now + TIME_DAY, .equity = d("1000000")};
    check(ledger_apply(&ledger, RECORD_EQUITY, &point, &error) == 0 &&
              risk_check(&ledger, &terms, &stock, &order, &refusal, &error) == 1 &&
              !strcmp(refusal.message,
                      "the trading day 2024-01-04 has lost 100000, 9.09 % of its equity, the limit is 2 "
                      "%: entries resume after 2024-01-04T17:00:00Z"),
          "until it has lost too much itself");
    order.time = now - 30 * TIME_DAY;
    check(risk_check(&ledger, &terms, &stock, &order, &refusal, &error) == 1,
          "whatever day the decision is of: the present one counts as well");
}

/* One position of a symbol in an account: an entry against what another instance holds or is entering is refused. */
static void test_netting(void)
{
    static const struct {
        enum side other; /* what another instance does first; SIDE_NONE: nothing */
        bool filled;
        enum side own_before; /* what the instance itself holds */
        enum side side;
        bool refused;
        const char *name;
    } cases[] = {
        {SIDE_BUY, true, SIDE_NONE, SIDE_SELL_SHORT, true, "short against another's long position"},
        {SIDE_BUY, false, SIDE_NONE, SIDE_SELL_SHORT, true, "short against another's entry to buy"},
        {SIDE_SELL_SHORT, true, SIDE_NONE, SIDE_BUY, true, "long against another's short position"},
        {SIDE_SELL_SHORT, false, SIDE_NONE, SIDE_BUY, true, "long against another's short sale"},
        {SIDE_BUY, true, SIDE_NONE, SIDE_BUY, false, "long beside another's long"},
        {SIDE_SELL_SHORT, false, SIDE_NONE, SIDE_SELL_SHORT, false, "short beside another's short sale"},
        {SIDE_NONE, false, SIDE_BUY, SIDE_SELL_SHORT, false, "against one's own position: it is turned over"},
        {SIDE_BUY, true, SIDE_BUY, SIDE_SELL_SHORT, true, "turned over, and another stays long"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        start("100000");
        terms.long_only = false;
        struct refusal refusal = {0};
        if (cases[i].own_before != SIDE_NONE)
            hold("own", cases[i].own_before, "10", "100");
        struct order other = make_order("o", now, "AAA", cases[i].other, "10", ROLE_ENTRY);
        struct fill fill = make_fill("o.1", now, "AAA", cases[i].other, "10", "100", "0");
        (void)snprintf(other.strategy, sizeof other.strategy, "t");
        (void)snprintf(fill.strategy, sizeof fill.strategy, "t");
        (void)snprintf(fill.order_id, sizeof fill.order_id, "o");
        other.reference_price = d("100");
        const struct order_update done_with = {.time = now, .order_id = "o", .status = STATUS_FILLED};
        if (cases[i].other != SIDE_NONE)
            require(ledger_apply(&ledger, RECORD_ORDER, &other, &error) == 0);
        if (cases[i].filled)
            require(ledger_apply(&ledger, RECORD_FILL, &fill, &error) == 0 &&
                    ledger_apply(&ledger, RECORD_ORDER_UPDATE, &done_with, &error) == 0);
        struct order order = make_order("n", now, "AAA", cases[i].side, "20", ROLE_ENTRY);
        order.reference_price = d("100");
        const int got = risk_check(&ledger, &terms, &stock, &order, &refusal, &error);
        check(got == (cases[i].refused ? 1 : 0) && (got == 0 || strcmp(refusal.code, "OPPOSITE_POSITION") == 0), "%s",
              cases[i].name);
    }

    /* In old journals two instances may offset each other; that is a position all the same. */
    start("100000");
    terms.long_only = false;
    terms.max_positions = 1;
    hold("one", SIDE_BUY, "10", "100");
    struct fill fill = make_fill("t.1", now, "AAA", SIDE_SELL_SHORT, "10", "100", "0");
    (void)snprintf(fill.strategy, sizeof fill.strategy, "t");
    require(ledger_apply(&ledger, RECORD_FILL, &fill, &error) == 0);
    struct order order = make_order("n", now, "BBB", SIDE_BUY, "1", ROLE_ENTRY);
    struct refusal refusal = {0};
    order.reference_price = d("100");
    check(risk_check(&ledger, &terms, &stock, &order, &refusal, &error) == 1 &&
              strcmp(refusal.code, "MAX_POSITIONS") == 0,
          "a symbol of which the sum is 0 is held");

    /* Two working short sales of 100000 each on 100000 need half of it each (Regulation T). */
    start("100000");
    terms.long_only = false;
    struct order first = make_order("a", now, "AAA", SIDE_SELL_SHORT, "1000", ROLE_ENTRY);
    order = make_order("b", now, "BBB", SIDE_SELL_SHORT, "1000", ROLE_ENTRY);
    first.reference_price = order.reference_price = d("100");
    require(ledger_apply(&ledger, RECORD_ORDER, &first, &error) == 0);
    check(risk_check(&ledger, &terms, &stock, &order, &refusal, &error) == 0, "50000 and 50000 are 100000");
    order = make_order("c", now, "CCC", SIDE_BUY, "501", ROLE_ENTRY);
    order.reference_price = d("100");
    check(risk_check(&ledger, &terms, &stock, &order, &refusal, &error) == 1 &&
              strcmp(refusal.code, "BUYING_POWER") == 0 && refusal.observed == d("100100"),
          "50000 and a purchase of 50100 are not");
}

static void test_exits(void)
{
    start("100000");
    struct refusal refusal;
    struct order out = make_order("x", now, "AAA", SIDE_SELL, "100", ROLE_EXIT);
    check(risk_check(&ledger, &terms, &stock, &out, &refusal, &error) == 1 && !strcmp(refusal.code, "NO_POSITION"),
          "there is nothing to reduce");
    hold("sg-0", SIDE_BUY, "100", "50");
    ledger.halted = true;
    terms.max_positions = 0;
    terms.daily_loss = 0;
    check(risk_check(&ledger, &terms, &stock, &out, &refusal, &error) == 0, "fault-068: an exit passes every gate");
    out.side = SIDE_BUY;
    check(risk_check(&ledger, &terms, &stock, &out, &refusal, &error) == 1 && !strcmp(refusal.code, "NO_POSITION"),
          "on the wrong side it is none");
    out.side = SIDE_SELL;
    out.quantity = d("100.00000001");
    check(risk_check(&ledger, &terms, &stock, &out, &refusal, &error) == 1 &&
              !strcmp(refusal.code, "EXIT_EXCEEDS_POSITION"),
          "more than is held is refused");
    struct order first = make_order("y", now, "AAA", SIDE_SELL, "60", ROLE_EXIT);
    check(ledger_apply(&ledger, RECORD_ORDER, &first, &error) == 0, "an exit of 60 works");
    out.quantity = d("40");
    check(risk_check(&ledger, &terms, &stock, &out, &refusal, &error) == 0, "another 40 may");
    out.quantity = d("41");
    check(risk_check(&ledger, &terms, &stock, &out, &refusal, &error) == 1, "41 may not");
    check_dec(refusal.limit, "40", "what is left");
}

/* Somebody has given an exit by hand. 10 are held: the strategy's exit takes what will not go at the market already,
 * and waits for nothing that waits for a price. */
static void test_exits_by_hand(void)
{
    static const struct {
        enum order_type type;
        const char *quantity, *left; /* NULL: there is no exit to give */
    } by_hand[] = {
        {ORDER_LIMIT, "4", "10"},
        {ORDER_LIMIT, "10", "10"},
        {ORDER_STOP, "10", "10"},
        {ORDER_STOP_LIMIT, "10", "10"},
        {ORDER_TRAILING_STOP, "10", "10"},
        {ORDER_MARKET_IF_TOUCHED, "10", "10"},
        {ORDER_LIMIT_IF_TOUCHED, "1", "10"},
        {ORDER_MARKET, "4", "6"},
        {ORDER_MARKET, "10", NULL},
    };
    for (size_t i = 0; i < sizeof by_hand / sizeof *by_hand; i++) {
        start("100000");
        hold("sg-1", SIDE_BUY, "10", "50");
        struct order hand = make_order("hand", now, "AAA", SIDE_SELL, by_hand[i].quantity, ROLE_EXIT);
        hand.order_type = by_hand[i].type;
        hand.limit_price = hand.stop_price = d("90");
        require(ledger_apply(&ledger, RECORD_ORDER, &hand, &error) == 0);
        struct signal flat = make_signal("sg-2", WANT_FLAT, "50", NULL);
        struct refusal refusal;
        require(decide(&flat) == 0);
        check(result.has_order == (by_hand[i].left != NULL) && !result.has_refusal, "exit %zu by hand: %s", i,
              by_hand[i].left == NULL ? "enough" : by_hand[i].left);
        if (!result.has_order)
            continue;
        check_dec(result.order.quantity, by_hand[i].left, "of which the strategy's exit is");
        check(risk_check(&ledger, &terms, &stock, &result.order, &refusal, &error) == 0, "it is taken");
        require(ledger_apply(&ledger, RECORD_ORDER, &result.order, &error) == 0);
        check(decide(&flat) == 0 && !result.has_order, "and is not given twice");
    }
}

static void test_levels(void)
{
    start("100000");
    terms.long_only = false;
    (void)risk_parse_sizing(&terms, "quantity:10", &error);
    struct signal signal = make_signal("sg-1", WANT_LONG, "50", NULL);
    signal.initial = 1;
    check(decide(&signal) == 0 && result.has_order, "a new instance takes a level of any age");
    check(ledger_plan(&ledger, &result.order, &error) == 0 && decide(&signal) == 0 && !result.has_order &&
              !result.has_refusal,
          "repeated while its entry works, it asks for nothing");
    const struct signal flip = make_signal("sg-2", WANT_SHORT, "50", NULL);
    check(decide(&flip) == 0 && !result.has_order && result.cancels == 1, "the other side cancels the entry first");
    struct signal flat = make_signal("sg-3", WANT_FLAT, "50", NULL);
    check(decide(&flat) == 0 && !result.has_order && result.cancels == 1, "so does flat");
    ledger_unplan(&ledger);
    check(decide(&flat) == 0 && !result.has_order && result.cancels == 0, "flat is flat");

    hold("sg-1", SIDE_BUY, "10", "50");
    check(decide(&signal) == 0 && !result.has_order, "what is wanted is held");
    const struct holding *held = ledger_holding(&ledger, "s", 0), *never = ledger_holding(&ledger, "t", 0);
    check(risk_is_settled(&ledger, held, 0, WANT_LONG) && !risk_is_settled(&ledger, held, 0, WANT_FLAT) &&
              risk_is_settled(&ledger, never, 0, WANT_FLAT),
          "settled or not, by instance");
    struct signal turn = make_signal("sg-4", WANT_SHORT, "50", NULL);
    check(decide(&turn) == 0 && result.has_order && result.order.role == ROLE_EXIT &&
              result.order.quantity == d("10") && result.order.side == SIDE_SELL && result.order.reduce_only == 1,
          "a flip starts with the exit of all that is held");
    const struct order exit = result.order;
    check(ledger_apply(&ledger, RECORD_ORDER, &exit, &error) == 0 && decide(&turn) == 0 && !result.has_order,
          "the entry waits while the exit works");
    struct order_update update = {.time = now, .status = STATUS_CANCELED};
    memcpy(update.order_id, exit.id, sizeof update.order_id);
    check(ledger_apply(&ledger, RECORD_ORDER_UPDATE, &update, &error) == 0 && decide(&turn) == 0 && result.has_order &&
              result.order.attempt == 2 && strcmp(result.order.id, exit.id) != 0,
          "an exit that came to nothing is tried again under a new id");

    /* Bars of two intervals speak in turn, and somebody sells by hand in between: no id comes a second time. */
    struct names ids;
    names_init(&ids);
    require(names_add(&ids, str_of(exit.id), &error) == 0);
    static const char *const from[] = {"30m-flat", "1d-flat", "", "30m-flat", "sg-2", "", "1d-flat", "30m-flat"};
    for (size_t i = 0; i < sizeof from / sizeof *from; i++) {
        struct signal out = make_signal(from[i], WANT_FLAT, "100", NULL);
        struct order order = make_order("hand", now, "AAA", SIDE_SELL, "1", ROLE_EXIT);
        if (from[i][0] != '\0') {
            require(decide(&out) == 0 && result.has_order);
            order = result.order;
        } else {
            order.signal[0] = '\0';
            (void)snprintf(order.id, sizeof order.id, "hand%zu", i);
        }
        const size_t before = ids.count;
        check(names_add(&ids, str_of(order.id), &error) == (int64_t)before, "exit %zu has an id of its own", i + 1);
        memcpy(update.order_id, order.id, sizeof update.order_id);
        require(ledger_apply(&ledger, RECORD_ORDER, &order, &error) == 0);
        require(ledger_apply(&ledger, RECORD_ORDER_UPDATE, &update, &error) == 0);
    }
    names_clear(&ids);
    struct fill fill = make_fill("x.1", now, "AAA", SIDE_SELL, "10", "49", "0");
    check(ledger_apply(&ledger, RECORD_FILL, &fill, &error) == 0 && decide(&turn) == 0 && result.has_order &&
              result.order.role == ROLE_ENTRY && result.order.side == SIDE_SELL_SHORT,
          "once flat, the entry of the flip comes");

    struct signal again = make_signal("sg-1", WANT_LONG, "50", NULL);
    check(decide(&again) == 0 && !result.has_order && !result.has_refusal, "a spent signal asks for nothing");
    again = make_signal("sg-9", WANT_LONG, "50", NULL);
    again.decided = now - 2 * TIME_DAY;
    check(decide(&again) == 0 && !result.has_order && !result.has_refusal, "nor does an older decision");
    again.decided = now;
    again.initial = 1;
    check(is_refused(&again, "UNDECIDED"), "nor one whose age is not known");
    again.initial = -1;
    check(decide(&again) == 0 && result.has_order, "a new decision does");
}

/* How old a decision may be: the closed bars since, of its own series, are fewer than entry_within. */
static void test_age(void)
{
    start("100000");
    terms.long_only = false;
    (void)risk_parse_sizing(&terms, "quantity:10", &error);
    struct signal signal = make_signal("sg-1", WANT_LONG, "50", NULL);
    check(terms.entry_within == 1 && decide(&signal) == 0 && result.has_order && result.order.age == 0,
          "on the bar that decided it, it is entered");
    signal.age = 1;
    check(is_refused(&signal, "LATE"), "a bar later it is late");
    check(!strcmp(result.refusal.message, "decided 1 bar ago; entry_within = 1 in the account's terms"),
          "and says why");
    check_dec(result.refusal.limit, "1", "what is allowed");
    check_dec(result.refusal.observed, "1", "what was found");
    terms.max_positions = 0;
    check(is_refused(&signal, "LATE"), "before any other limit: room that is freed later brings it back no more");
    ledger.halted = true;
    check(is_refused(&signal, "HALTED"), "but for the kill switch");
    ledger.halted = false;
    terms.max_positions = 5;
    check(risk_parse_within(&terms, "2", &error) == 0 && decide(&signal) == 0 && result.has_order &&
              result.order.age == 1,
          "within 2 it is entered, and the order says how old it was");
    const struct order order = result.order;
    struct refusal refusal;
    check(risk_parse_within(&terms, "1", &error) == 0 &&
              risk_check(&ledger, &terms, &stock, &order, &refusal, &error) == 1 && !strcmp(refusal.code, "LATE"),
          "so that the account's own gate refuses it where that is narrower");
    signal.age = 1000000;
    check(risk_parse_within(&terms, "any", &error) == 0 && decide(&signal) == 0 && result.has_order,
          "any: as old as you like");
    static const char *const bad[] = {"", "0", "-1", "1.5", "all", "1 ", "12345678", "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        error_clear(&error);
        check(risk_parse_within(&terms, bad[i], &error) == -1 && error.code == EXIT_USAGE && terms.entry_within == 0,
              "entry_within is a number of bars, or any");
    }
    error_clear(&error);
    /* A flip: its entry cannot come before its exit has filled, in the bar after the decision. */
    terms.entry_within = 1;
    hold("sg-1", SIDE_BUY, "10", "50");
    struct signal turn = make_signal("sg-2", WANT_SHORT, "50", NULL);
    check(decide(&turn) == 0 && result.has_order && result.order.role == ROLE_EXIT &&
              ledger_apply(&ledger, RECORD_ORDER, &result.order, &error) == 0,
          "the exit of a flip");
    struct fill fill = make_fill("x.1", now, "AAA", SIDE_SELL, "10", "50", "0");
    memcpy(fill.order_id, result.order.id, sizeof fill.order_id);
    const struct order_update update = {.time = now, .status = STATUS_FILLED};
    struct order_update filled = update;
    memcpy(filled.order_id, result.order.id, sizeof filled.order_id);
    check(ledger_apply(&ledger, RECORD_FILL, &fill, &error) == 0 &&
              ledger_apply(&ledger, RECORD_ORDER_UPDATE, &filled, &error) == 0,
          "fills");
    turn.age = 1;
    check(decide(&turn) == 0 && result.has_order && result.order.role == ROLE_ENTRY && result.order.age == 0,
          "and the entry is not late on the bar of that fill");
    turn.age = 2;
    check(is_refused(&turn, "LATE"), "on the next it is");
}

/* Signals of others: what they leave out is found from the bar and the calendar. 29 March 2024 was Good Friday. */
/* What is held, 100 at 50 with a stop at 45 and a target at 60 (short: 55 and 40), and a level that may move them. */
static void test_moves(void)
{
    static const struct {
        int moves;
        const char *id;
        enum side side;
        const char *price, *stop, *target;
        const char *new_stop, *new_target; /* NULL: it stays */
        const char *name;
    } cases[] = {
        {-1, "sg-1", SIDE_BUY, "52", "48", "58", NULL, NULL, "a level that does not say so moves nothing"},
        {1, "sg-1", SIDE_BUY, "52", "48", NULL, "48", NULL, "a stop comes nearer"},
        {1, "sg-1", SIDE_BUY, "52", "44", NULL, NULL, NULL, "it never goes further away"},
        {1, "sg-1", SIDE_BUY, "52", "45", NULL, NULL, NULL, "nor to where it is"},
        {1, "sg-1", SIDE_BUY, "52", "45.004", NULL, NULL, NULL, "on the tick"},
        {1, "sg-1", SIDE_BUY, "46", "47", NULL, NULL, NULL, "nor beyond the price"},
        {1, "sg-1", SIDE_BUY, "52", NULL, "58", NULL, "58", "a target comes nearer"},
        {1, "sg-1", SIDE_BUY, "52", NULL, "66", NULL, "66", "or goes on"},
        {1, "sg-1", SIDE_BUY, "59", NULL, "58", NULL, NULL, "but not to where the price is"},
        {1, "sg-1", SIDE_BUY, "52", "48", "58", "48", "58", "both at once"},
        {1, "sg-2", SIDE_BUY, "52", "48", "58", NULL, NULL, "another decision moves nothing of this one"},
        {1, "sg-1", SIDE_SELL_SHORT, "48", "52", "42", "52", "42", "a short position's, the other way round"},
        {1, "sg-1", SIDE_SELL_SHORT, "48", "56", NULL, NULL, NULL, "its stop, too, only nearer"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const bool buys = cases[i].side == SIDE_BUY;
        start("100000");
        hold("sg-1", cases[i].side, "100", "50");
        for (int k = 0; k < 2; k++) {
            struct order leg = make_order(k == 0 ? "st" : "ta", now, "AAA", buys ? SIDE_SELL : SIDE_BUY_TO_COVER, "100",
                                          k == 0 ? ROLE_STOP : ROLE_TARGET);
            (void)snprintf(leg.signal, sizeof leg.signal, "sg-1");
            (void)snprintf(leg.parent, sizeof leg.parent, "e");
            leg.order_type = k == 0 ? ORDER_STOP : ORDER_LIMIT;
            leg.stop_price = k == 0 ? d(buys ? "45" : "55") : DEC_NONE;
            leg.limit_price = k == 0 ? DEC_NONE : d(buys ? "60" : "40");
            require(ledger_apply(&ledger, RECORD_ORDER, &leg, &error) == 0);
        }
        struct signal signal = make_signal(cases[i].id, buys ? WANT_LONG : WANT_SHORT, cases[i].price, cases[i].stop);
        signal.moves = cases[i].moves;
        if (cases[i].target != NULL)
            signal.target = d(cases[i].target);
        check(decide(&signal) == 0 && !result.has_order && !result.has_refusal &&
                  result.replaces == (cases[i].new_stop != NULL) + (cases[i].new_target != NULL),
              "%s: %d", cases[i].name, result.replaces);
        for (int k = 0; k < result.replaces; k++) {
            const bool stop = strcmp(result.replace[k].order_id, "st") == 0;
            check_dec(stop ? result.replace[k].stop_price : result.replace[k].limit_price,
                      stop ? cases[i].new_stop : cases[i].new_target, cases[i].name);
        }
    }
}

static void test_completion(void)
{
    static const struct {
        const char *interval, *cause, *decided, *time;
        int64_t age;
        bool known;
    } cases[] = {
        {"1d", "", "2024-03-28T20:00:00Z", "2024-03-28T20:00:00Z", 0, true},
        {"1d", "", "2024-03-28T20:00:00Z", "2024-04-01T20:00:00Z", 1, true},
        {"1d", "", "2024-03-22T20:00:00Z", "2024-04-01T20:00:00Z", 5, true},
        {"", "bar/1d/2024-04-01T04:00:00Z/AAA", "2024-03-28T20:00:00Z", "2024-04-01T20:00:00Z", 1, true},
        {"5m", "", "2024-04-01T14:00:00Z", "2024-04-01T14:25:00Z", 5, true},
        {"", "bar/1h/2024-04-01T13:00:00Z/AAA", "2024-04-01T12:00:00Z", "2024-04-01T14:00:00Z", 2, true},
        {"1w", "", "2024-03-15T20:00:00Z", "2024-04-05T20:00:00Z", 3, true},
        {"tick:100", "", "2024-04-01T14:00:00Z", "2024-04-01T14:25:00Z", 1, true},
        {"1d", "", "2000-01-03T21:00:00Z", "2024-04-01T20:00:00Z", 1000, true},
        {"", "", "2024-04-01T20:00:00Z", "2024-04-01T20:00:00Z", 0, false},
        {"", "bar/often/x/AAA", "2024-04-01T20:00:00Z", "2024-04-01T20:00:00Z", 0, false},
        {"", "sg-7", "2024-03-28T20:00:00Z", "2024-04-01T20:00:00Z", 1, false},
    };
    struct zone *zone = zone_open("America/New_York", &error);
    struct calendar calendar;
    require(zone != NULL && calendar_init(&calendar, "nyse", zone, &error) == 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct signal signal = make_signal("sg-1", WANT_LONG, "50", NULL);
        signal.interval = (struct interval){INTERVAL_NONE, 0};
        if (cases[i].interval[0] != '\0')
            require(interval_parse(&signal.interval, cases[i].interval, strlen(cases[i].interval), &error) == 0);
        (void)snprintf(signal.cause, sizeof signal.cause, "%s", cases[i].cause);
        signal.decided = at(cases[i].decided);
        signal.time = at(cases[i].time);
        check(risk_complete_signal(&calendar, &signal, &error) == 0 && signal.age == cases[i].age &&
                  (signal.interval.unit != INTERVAL_NONE) == cases[i].known,
              "the age and interval of somebody else's signal");
    }
    start("100000");
    (void)risk_parse_sizing(&terms, "quantity:10", &error);
    struct signal signal = make_signal("sg-1", WANT_LONG, "50", NULL);
    signal.interval = (struct interval){INTERVAL_NONE, 0};
    check(is_refused(&signal, "NO_INTERVAL"), "without an interval nothing is entered");
    hold("sg-0", SIDE_BUY, "10", "50");
    signal.side = WANT_FLAT;
    check(decide(&signal) == 0 && result.has_order && result.order.role == ROLE_EXIT,
          "what is held is left all the same");
    zone_free(zone);
}

/* `units` is how many times the normal size. */
static void test_units(void)
{
    start("100000");
    struct signal signal = make_signal("sg-1", WANT_LONG, "50", "48");
    signal.units = 0.5;
    check(decide(&signal) == 0 && result.has_order, "half a unit");
    check_dec(result.order.quantity, "250", "half of 1 % of 100000 over 2 a share");
    check(memmem(result.order.risk.p, result.order.risk.n, "\"units\":0.5", 11) != NULL, "and says so");
    signal.units = 3;
    check(risk_parse_sizing(&terms, "quantity:7", &error) == 0 && decide(&signal) == 0 && result.has_order, "three");
    check_dec(result.order.quantity, "21", "of 7");
    check(risk_parse_sizing(&terms, "notional:10%", &error) == 0 && decide(&signal) == 0 && result.has_order,
          "three times a tenth of the equity");
    check_dec(result.order.quantity, "600", "30000 over 50");
    signal.units = 0;
    check(is_refused(&signal, "ZERO_QUANTITY"), "none is nothing");
    signal.units = 1e30;
    check(is_refused(&signal, "OUT_OF_RANGE"), "and there is a limit");
}

/* A stream that is played again from its beginning tells of moments before the entry: it was flat then, and that is
 * no reason to leave a position that was entered later. */
static void test_replay(void)
{
    start("10000");
    hold("sg-1", SIDE_BUY, "10", "50"); /* decided at 14:00, now is a day later */
    struct signal early = make_signal("sg-0", WANT_FLAT, "49", NULL);
    early.time = early.decided = now - TIME_DAY - TIME_MINUTE;
    check(decide(&early) == 0 && !result.has_order && !result.has_refusal && result.cancels == 0,
          "a level from before the entry does not leave what was entered later");
    early.time = early.decided = now - TIME_DAY + TIME_MINUTE;
    check(decide(&early) == 0 && result.has_order && result.order.role == ROLE_EXIT, "one from after it does");

    struct order order = make_order("f", now, "BBB", SIDE_BUY, "10", ROLE_ENTRY);
    (void)snprintf(order.signal, sizeof order.signal, "sg-2");
    check(ledger_apply(&ledger, RECORD_ORDER, &order, &error) == 0, "an entry works in another symbol");
    early = make_signal("sg-3", WANT_FLAT, "49", NULL);
    (void)snprintf(early.symbol, sizeof early.symbol, "BBB");
    early.time = early.decided = now - TIME_MINUTE;
    check(decide(&early) == 0 && result.cancels == 0, "nor does it cancel an entry that was decided later");
    early.time = early.decided = now + TIME_MINUTE;
    check(decide(&early) == 0 && result.cancels == 1, "a later one does");
}

int main(void)
{
    hash = sha256_new(&error);
    risk_result_init(&result);
    test_sizing();
    test_ids();
    test_refusals();
    test_day();
    test_netting();
    test_exits();
    test_exits_by_hand();
    test_levels();
    test_moves();
    test_age();
    test_units();
    test_completion();
    test_replay();
    risk_result_clear(&result);
    sha256_free(hash);
    ledger_clear(&ledger);
    return done();
}
