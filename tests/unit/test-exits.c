/* The exits of an entry: 100 shares at 100 on day 2, long or short, its stop at 95 or 105, so that R is 5. Prices and
 * sums by hand. */
#include "trading.h"

struct day {
    const char *open, *high, *low, *close;
};

#define DAY_OF(o, h, l, c)                                                                                             \
    {                                                                                                                  \
#o, #h, #l, #c                                                                                                 \
    }
#define BARS 5
#define LEGS 4

struct exit_of {
    enum role role;
    enum order_type type;
    const char *limit, *stop, *r, *offset, *share, *trail, *active_r, *even_r, *fall;
    bool even_after_target, close;
    int bars, sessions;
};

struct sold {
    int day;
    enum role role;
    const char *quantity, *price;
};

struct scenario {
    enum side side;
    const char *quantity, *limit, *commission; /* of the entry: NULL: at the open; a share */
    const char *fees;                          /* or a schedule of them */
    struct exit_of leg[LEGS];
    struct day day[BARS]; /* 2, the one of the entry, 3 … */
    struct sold sold[4];
    const char *left; /* of the position */
    const char *name;
};

static dec price_of(const char *text)
{
    return text == NULL ? DEC_NONE : d(text);
}

static struct leg leg_of(const struct exit_of *exit)
{
    struct leg leg = make_leg(exit->role, exit->type, price_of(exit->limit), price_of(exit->stop));
    leg.r = price_of(exit->r);
    leg.offset = price_of(exit->offset);
    leg.share = price_of(exit->share);
    leg.trail_amount = price_of(exit->trail);
    leg.active_r = price_of(exit->active_r);
    leg.even_r = price_of(exit->even_r);
    leg.even_after_target = exit->even_after_target ? 1 : -1;
    leg.fall = price_of(exit->fall);
    leg.bars = exit->bars;
    leg.sessions = exit->sessions;
    leg.time_in_force = exit->close ? TIF_CLS : TIF_NONE;
    return leg;
}

#define STOP_AT(price)                                                                                                 \
    {                                                                                                                  \
        .role = ROLE_STOP, .type = ORDER_STOP, .stop = price                                                           \
    }

static const struct scenario scenarios[] = {
    {.side = SIDE_BUY,
     .quantity = "100",
     .name = "half at 1 R, the rest at 2 R",
     .leg = {STOP_AT("95"),
             {.role = ROLE_TARGET, .type = ORDER_LIMIT, .r = "1", .share = "0.5"},
             {.role = ROLE_TARGET, .type = ORDER_LIMIT, .r = "2"}},
     .day = {DAY_OF(100, 106, 99, 101), DAY_OF(101, 105.01, 100, 104), DAY_OF(104, 110.01, 103, 109)},
     .sold = {{3, ROLE_TARGET, "50", "105"}, {4, ROLE_TARGET, "50", "110"}},
     .left = "0"},
    {.side = SIDE_BUY,
     .quantity = "100",
     .name = "what a scale-out has left is stopped, and no more",
     .leg = {STOP_AT("95"), {.role = ROLE_TARGET, .type = ORDER_LIMIT, .r = "1", .share = "0.5"}},
     .day = {DAY_OF(100, 101, 99, 100), DAY_OF(101, 105.01, 100, 104), DAY_OF(96, 97, 94, 95)},
     .sold = {{3, ROLE_TARGET, "50", "105"}, {4, ROLE_STOP, "50", "95"}},
     .left = "0"},
    {.side = SIDE_BUY,
     .quantity = "10",
     .name = "thirds of ten: 3, 3 and the rest",
     .leg = {STOP_AT("95"),
             {.role = ROLE_TARGET, .type = ORDER_LIMIT, .r = "1", .share = "0.33"},
             {.role = ROLE_TARGET, .type = ORDER_LIMIT, .r = "2", .share = "0.33"},
             {.role = ROLE_TARGET, .type = ORDER_LIMIT, .r = "3", .share = "0.34"}},
     .day = {DAY_OF(100, 101, 99, 100), DAY_OF(101, 120, 100, 119)},
     .sold = {{3, ROLE_TARGET, "3", "105"}, {3, ROLE_TARGET, "3", "110"}, {3, ROLE_TARGET, "4", "115"}},
     .left = "0"},
    {.side = SIDE_BUY,
     .quantity = "100",
     .name = "shares of a half: the rest stays",
     .leg = {STOP_AT("95"),
             {.role = ROLE_TARGET, .type = ORDER_LIMIT, .offset = "3", .share = "0.25"},
             {.role = ROLE_TARGET, .type = ORDER_LIMIT, .offset = "4", .share = "0.25"}},
     .day = {DAY_OF(100, 101, 99, 100), DAY_OF(101, 120, 100, 119)},
     .sold = {{3, ROLE_TARGET, "25", "103"}, {3, ROLE_TARGET, "25", "104"}},
     .left = "50"},
    {.side = SIDE_BUY,
     .quantity = "100",
     .name = "to break-even when the first target has filled",
     .leg = {{.role = ROLE_STOP, .type = ORDER_STOP, .stop = "95", .even_after_target = true},
             {.role = ROLE_TARGET, .type = ORDER_LIMIT, .r = "1", .share = "0.5"}},
     .day = {DAY_OF(100, 101, 99, 100), DAY_OF(101, 105.01, 100.5, 104), DAY_OF(104, 104, 100.01, 101),
             DAY_OF(101, 101, 99, 99)},
     .sold = {{3, ROLE_TARGET, "50", "105"}, {5, ROLE_STOP, "50", "100"}},
     .left = "0"},
    /* Paid 10000 + 1, to get back 10001 + 1: 100.02. */
    {.side = SIDE_BUY,
     .quantity = "100",
     .commission = "0.01",
     .name = "break-even at 1 R has both commissions in it",
     .leg = {{.role = ROLE_STOP, .type = ORDER_STOP, .stop = "95", .even_r = "1"}},
     .day = {DAY_OF(100, 104.99, 99, 100), DAY_OF(101, 105, 100.5, 104), DAY_OF(104, 104, 100.02, 101)},
     .sold = {{4, ROLE_STOP, "100", "100.02"}},
     .left = "0"},
    /* By a schedule, with 2 of a sale besides: paid 10001, to get back 10001 + 1 + 2, 100.04. */
    {.side = SIDE_BUY,
     .quantity = "100",
     .fees = "fee commission 2020-01-01: 0.01 per share\nfee sec 2020-01-01: sell close 2\n",
     .name = "break-even has the fees of a schedule in it",
     .leg = {{.role = ROLE_STOP, .type = ORDER_STOP, .stop = "95", .even_r = "1"}},
     .day = {DAY_OF(100, 104.99, 99, 100), DAY_OF(101, 105, 100.5, 104), DAY_OF(104, 104, 100.04, 101)},
     .sold = {{4, ROLE_STOP, "100", "100.04"}},
     .left = "0"},
    /* Received 10000 - 1, less 1 to buy it back: 99.98. */
    {.side = SIDE_SELL_SHORT,
     .quantity = "100",
     .commission = "0.01",
     .name = "and of a short position too",
     .leg = {{.role = ROLE_STOP, .type = ORDER_STOP, .stop = "105", .even_r = "1"}},
     .day = {DAY_OF(100, 101, 96, 97), DAY_OF(97, 98, 95, 96), DAY_OF(97, 99.98, 97, 98)},
     .sold = {{4, ROLE_STOP, "100", "99.98"}},
     .left = "0"},
    {.side = SIDE_BUY,
     .quantity = "100",
     .name = "a trail that begins at 1 R: 106 - 3, and the stop until then",
     .leg = {STOP_AT("95"), {.role = ROLE_STOP, .type = ORDER_TRAILING_STOP, .trail = "3", .active_r = "1"}},
     .day = {DAY_OF(100, 104.99, 99, 100), DAY_OF(101, 102, 98, 101), DAY_OF(104, 106, 103.5, 105),
             DAY_OF(105, 105, 103, 104)},
     .sold = {{5, ROLE_STOP, "100", "103"}},
     .left = "0"},
    {.side = SIDE_BUY,
     .quantity = "100",
     .name = "a trail that never began: the stop",
     .leg = {STOP_AT("95"), {.role = ROLE_STOP, .type = ORDER_TRAILING_STOP, .trail = "3", .active_r = "1"}},
     .day = {DAY_OF(100, 104.99, 99, 100), DAY_OF(101, 102, 94, 95)},
     .sold = {{3, ROLE_STOP, "100", "95"}},
     .left = "0"},
    {.side = SIDE_BUY,
     .quantity = "100",
     .name = "two bars from the fill, at the next open",
     .leg = {STOP_AT("95"), {.role = ROLE_TIME, .type = ORDER_MARKET, .bars = 2}},
     .day = {DAY_OF(100, 101, 99, 100), DAY_OF(101, 102, 98, 101), DAY_OF(104, 106, 103, 105)},
     .sold = {{4, ROLE_TIME, "100", "104"}},
     .left = "0"},
    {.side = SIDE_BUY,
     .quantity = "100",
     .name = "a session from the fill, at the next open",
     .leg = {{.role = ROLE_TIME, .type = ORDER_MARKET, .sessions = 1}},
     .day = {DAY_OF(100, 101, 99, 100), DAY_OF(101, 102, 98, 101)},
     .sold = {{3, ROLE_TIME, "100", "101"}},
     .left = "0"},
    /* A limit at 99 fills within day 2, whose session is the first of the two: out at the open of day 4. */
    {.side = SIDE_BUY,
     .quantity = "100",
     .limit = "99",
     .name = "the session of a fill within it counts",
     .leg = {{.role = ROLE_TIME, .type = ORDER_MARKET, .sessions = 2}},
     .day = {DAY_OF(100, 101, 98, 100), DAY_OF(101, 102, 98, 101), DAY_OF(103, 104, 102, 103)},
     .sold = {{4, ROLE_TIME, "100", "103"}},
     .left = "0"},
    {.side = SIDE_SELL_SHORT,
     .quantity = "100",
     .name = "the end of the session, in daily bars the close",
     .leg = {{.role = ROLE_TIME, .type = ORDER_MARKET, .close = true}},
     .day = {DAY_OF(100, 101, 96, 97)},
     .sold = {{2, ROLE_TIME, "100", "97"}},
     .left = "0"},
    {.side = SIDE_BUY,
     .quantity = "100",
     .name = "a stop before the end of the session",
     .leg = {STOP_AT("95"), {.role = ROLE_TIME, .type = ORDER_MARKET, .close = true}},
     .day = {DAY_OF(100, 101, 94, 97)},
     .sold = {{2, ROLE_STOP, "100", "95"}},
     .left = "0"},
    /* 110, less half an R a bar: 107.5 after day 2, 105 after day 3. */
    {.side = SIDE_BUY,
     .quantity = "100",
     .name = "a target that falls by half an R a bar",
     .leg = {STOP_AT("95"), {.role = ROLE_TARGET, .type = ORDER_LIMIT, .r = "2", .fall = "0.5"}},
     .day = {DAY_OF(100, 109, 99, 104), DAY_OF(104, 107.5, 98, 103), DAY_OF(104, 105.01, 103, 105)},
     .sold = {{4, ROLE_TARGET, "100", "105"}},
     .left = "0"},
    {.side = SIDE_SELL_SHORT,
     .quantity = "100",
     .name = "a short one falls upwards, by 2 a bar",
     .leg = {STOP_AT("105"), {.role = ROLE_TARGET, .type = ORDER_LIMIT, .limit = "90", .fall = "2"}},
     .day = {DAY_OF(100, 101, 96, 97), DAY_OF(97, 98, 91.99, 95)},
     .sold = {{3, ROLE_TARGET, "100", "92"}},
     .left = "0"},
    {.side = SIDE_BUY,
     .quantity = "100",
     .name = "stop and target by their distance from the fill",
     .leg = {{.role = ROLE_STOP, .type = ORDER_STOP, .offset = "4"},
             {.role = ROLE_TARGET, .type = ORDER_MARKET_IF_TOUCHED, .r = "2"}},
     .day = {DAY_OF(100, 107, 96.01, 100), DAY_OF(101, 108, 100, 104)},
     .sold = {{3, ROLE_TARGET, "100", "108"}},
     .left = "0"},
};

/* What was emitted, folded into an account of its own, is the same account. */
static struct ledger second;

static int keep_and_fold(void *context, enum record_type type, const void *value, struct error *e)
{
    (void)keep(context, type, value, e);
    return ledger_apply(&second, type, value, e);
}

static bool is_same(void)
{
    bool same = second.open_orders == ledger.open_orders && second.cash == ledger.cash;
    for (size_t i = 0; same && i < ledger.open_orders; i++) {
        const struct open_order *a = ledger.open_order[i], *b = second.open_order[i];
        same = strcmp(a->order.id, b->order.id) == 0 && a->order.quantity == b->order.quantity &&
               a->order.limit_price == b->order.limit_price && a->order.stop_price == b->order.stop_price &&
               a->triggered == b->triggered && a->bars == b->bars && a->from == b->from;
    }
    return same;
}

static void play(const struct scenario *scenario, const struct calendar *calendar)
{
    const struct ledger_terms terms = money_terms(NULL);
    start("100000");
    ledger_clear(&second);
    require(ledger_init(&second, &terms, &error) == 0 &&
            apply_cash(&second, DAY(0), CASH_DEPOSIT, "100000", &error) == 0);
    manager.calendar = calendar;
    manager.emit = keep_and_fold;
    manager.costs.per_share = scenario->commission == NULL ? 0 : d(scenario->commission);
    struct fee_schedule schedule;
    struct fee_state state;
    fee_schedule_init(&schedule);
    fee_state_init(&state);
    if (scenario->fees != NULL) {
        require(fee_schedule_read(&schedule, "x.fees", str_of(scenario->fees), NULL, NULL, &error) == 0);
        manager.costs.fees = &schedule;
        manager.costs.state = &state;
    }
    struct order order = entry("e", 1, scenario->side, scenario->quantity);
    order.interval = one_day;
    if (scenario->limit != NULL) {
        order.order_type = ORDER_LIMIT;
        order.limit_price = d(scenario->limit);
    }
    for (int i = 0; i < LEGS && scenario->leg[i].role != ROLE_NONE; i++)
        order.legs[order.leg_count++] = leg_of(&scenario->leg[i]);
    check(submit(&order, 1) == 1, "%s: taken", scenario->name);
    int n = 1, wrong = 0, folded = 0;
    for (int i = 0; i < BARS && scenario->day[i].open != NULL; i++) {
        const struct day *day = &scenario->day[i];
        require(bar(2 + i, day->open, day->high, day->low, day->close) == 0);
        folded += !is_same();
        for (; n < fill_count; n++) {
            const struct sold *sold = n <= 4 ? &scenario->sold[n - 1] : NULL;
            wrong += sold == NULL || sold->price == NULL || sold->day != 2 + i || fills[n].role != sold->role ||
                     fills[n].quantity != d(sold->quantity) || fills[n].price != d(sold->price);
            if (wrong > 0)
                printf("# day %d: %s %lld at %lld\n", 2 + i, role_text(fills[n].role), (long long)fills[n].quantity,
                       (long long)fills[n].price);
        }
    }
    int wanted = 1;
    while (wanted <= 4 && scenario->sold[wanted - 1].price != NULL)
        wanted++;
    check(wrong == 0 && fill_count == wanted, "%s: %d of %d fills as they should be", scenario->name,
          fill_count - wrong, wanted);
    check_dec(position() < 0 ? -position() : position(), scenario->left, scenario->name);
    check(position() != 0 || ledger.open_orders == 0, "%s: nothing works without a position", scenario->name);
    check(folded == 0, "%s: the events give the same account", scenario->name);
    manager.costs.fees = NULL;
    fee_state_clear(&state);
    fee_schedule_clear(&schedule);
}

static void test_faults(void)
{
    static const struct {
        struct exit_of leg[LEGS];
        const char *name;
    } cases[] = {
        {{{.role = ROLE_TARGET, .type = ORDER_LIMIT, .r = "1"}}, "a multiple of R without a stop"},
        {{STOP_AT("95"),
          {.role = ROLE_TARGET, .type = ORDER_LIMIT, .r = "1"},
          {.role = ROLE_TARGET, .type = ORDER_LIMIT, .r = "2"}},
         "two targets for all"},
        {{STOP_AT("95"),
          {.role = ROLE_TARGET, .type = ORDER_LIMIT, .r = "1", .share = "0.6"},
          {.role = ROLE_TARGET, .type = ORDER_LIMIT, .r = "2", .share = "0.6"}},
         "shares of more than all"},
        {{STOP_AT("95"), {.role = ROLE_TARGET, .type = ORDER_LIMIT, .r = "1", .limit = "105"}},
         "two prices of one target"},
        {{{.role = ROLE_TIME, .type = ORDER_MARKET}}, "an exit at no time"},
        {{{.role = ROLE_TIME, .type = ORDER_MARKET, .bars = 1, .close = true}}, "an exit at two times"},
        {{{.role = ROLE_TIME, .type = ORDER_LIMIT, .limit = "90", .bars = 1}}, "an exit at a time and a price"},
        {{{.role = ROLE_STOP, .type = ORDER_STOP, .stop = "95", .share = "0.5"}}, "half a stop"},
        {{{.role = ROLE_STOP, .type = ORDER_STOP, .stop = "95", .active_r = "1"}}, "a stop that waits for a price"},
        {{STOP_AT("95"), {.role = ROLE_TARGET, .type = ORDER_LIMIT, .limit = "105", .even_r = "1"}},
         "a target that breaks even"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        start("100000");
        struct order order = entry("e", 1, SIDE_BUY, "10");
        order.interval = one_day;
        for (int k = 0; k < LEGS && cases[i].leg[k].role != ROLE_NONE; k++)
            order.legs[order.leg_count++] = leg_of(&cases[i].leg[k]);
        check(is_refused(&order, 1, "LEGS"), "%s", cases[i].name);
    }
    start("100000");
    struct order order = entry("e", 1, SIDE_BUY, "10");
    const struct exit_of bars = {.role = ROLE_TIME, .type = ORDER_MARKET, .bars = 1};
    order.legs[order.leg_count++] = leg_of(&bars);
    check(is_refused(&order, 1, "LEGS"), "bars of which nobody knows the interval");
}

/* An entry that is good for two bars, and one that its signal withdraws or moves. */
static void test_entry_bars(void)
{
    start("100000");
    struct order order = entry("e", 1, SIDE_BUY, "10");
    order.order_type = ORDER_STOP;
    order.stop_price = d("105");
    order.time_in_force = TIF_GTC;
    order.interval = one_day;
    order.bars = 2;
    check(submit(&order, 1) == 1 && bar(2, "100", "104", "99", "100") == 0 && ledger.open_orders == 1 &&
              bar(3, "100", "104", "99", "100") == 0 && ledger.open_orders == 0 && last_update.status == STATUS_EXPIRED,
          "good for two bars");
    check_text(last_update.reason, "not filled in its bars", "it says why");
    start("100000");
    check(submit(&order, 1) == 1 && bar(2, "100", "104", "99", "100") == 0 && bar(3, "100", "106", "99", "104") == 0 &&
              fill_count == 1 && fills[0].price == d("105"),
          "and fills in the second");
}

/* A split between the entry and the exits: two for one halves prices and distances, doubles quantities. */
static void test_split(void)
{
    start("100000");
    struct order order = entry("e", 1, SIDE_BUY, "100");
    order.interval = one_day;
    const struct exit_of legs[] = {{.role = ROLE_STOP, .type = ORDER_STOP, .stop = "95", .even_r = "1"},
                                   {.role = ROLE_TARGET, .type = ORDER_LIMIT, .r = "1", .share = "0.5"},
                                   {.role = ROLE_TARGET, .type = ORDER_LIMIT, .r = "2", .fall = "0.2"}};
    for (size_t i = 0; i < 3; i++)
        order.legs[order.leg_count++] = leg_of(&legs[i]);
    const struct action split = make_split("s", DAY(3), "AAA", 2, 1);
    check(submit(&order, 1) == 1 && bar(2, "100", "101", "99", "100") == 0 &&
              orders_action(&manager, &split, &error) == 0 && position() == d("200"),
          "held over a split");
    check(ledger.open_orders == 3 && ledger.open_order[0]->order.stop_price == d("47.5") &&
              ledger.open_order[0]->order.even_price == d("52.5") && ledger.open_order[0]->order.quantity == d("200") &&
              ledger.open_order[1]->order.limit_price == d("52.5") &&
              ledger.open_order[1]->order.quantity == d("100") &&
              ledger.open_order[2]->order.limit_price == d("54.5") && ledger.open_order[2]->order.fall == d("0.5") &&
              ledger.open_order[2]->order.quantity == d("100"),
          "95, 105, 105 and 110 - 1 halved; 100, 50 and 50 doubled");
}

int main(void)
{
    struct calendar calendar;
    struct zone *zone = zone_open("America/New_York", &error);
    require(zone != NULL && calendar_init(&calendar, "nyse", zone, &error) == 0);
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
        play(&scenarios[i], &calendar);
    test_faults();
    test_entry_bars();
    test_split();
    zone_free(zone);
    sha256_free(manager.hash);
    ledger_clear(&second);
    ledger_clear(&ledger);
    return done();
}
