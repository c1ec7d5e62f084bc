/* Orders that fill in parts: how much a bar can take is said by a model of 40 a bar here; what becomes of the rest, of
 * commissions, and of the legs, by hand from the rules in order/manager.h. */
#include "trading.h"

static dec forty(const struct fill_model *model, const struct order *order, dec rest, dec taken, const struct bars *bar)
{
    (void)order, (void)rest, (void)bar;
    require(model->fillable == forty);
    return d("40") - taken;
}

static struct fill_model few;

static void begin(void)
{
    start("100000");
    few = fill_conservative;
    few.fillable = forty;
    sim.fills.model = &few;
}

static const struct open_order *leg_of(enum role role)
{
    for (size_t i = 0; i < ledger.open_orders; i++)
        if (ledger.open_order[i]->order.role == role)
            return ledger.open_order[i];
    return NULL;
}

static dec rest(const struct open_order *open_order)
{
    return open_order == NULL ? 0 : open_order->order.quantity - open_order->filled;
}

/* What a purchase of 100 at the market gets from three bars that open at 100, 103 and 106. */
static void test_entries(void)
{
    static const struct {
        enum time_in_force tif;
        const char *lot;
        int fills;
        const char *quantity[3], *commission[3]; /* 0.10 a share, 5 at least, of the whole order */
        enum order_status status;
        const char *reason, *name;
    } cases[] = {
        {TIF_GTC, "10", 3, {"40", "40", "20"}, {"5", "3", "2"}, STATUS_FILLED, "", "gtc: all, over three bars"},
        {TIF_IOC, "1", 1, {"40"}, {"5"}, STATUS_CANCELED, "the rest not filled at once", "ioc: what there is at once"},
        {TIF_FOK, "1", 0, {NULL}, {NULL}, STATUS_CANCELED, "not filled at once", "fok: all or nothing"},
        {TIF_OPG, "1", 1, {"40"}, {"5"}, STATUS_EXPIRED, "not filled at the open", "opg: what the auction has"},
        {TIF_GTC, "25", 3, {"25", "25", "25"}, {"5", "0", "2.5"}, STATUS_PARTIALLY_FILLED, "", "whole lots of 25 only"},
    };
    static const char *const open[] = {"100", "103", "106"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        begin();
        stock.lot_size = d(cases[i].lot);
        manager.costs = (struct costs){.per_share = d("0.1"), .minimum = d("5")};
        struct order order = entry("x", 1, SIDE_BUY, "100");
        order.time_in_force = cases[i].tif;
        check(submit(&order, 1) == 1, "%s: taken", cases[i].name);
        for (int k = 0; k < 3; k++)
            require(bar(2 + k, open[k], "110", "95", "102") == 0);
        check(fill_count == cases[i].fills, "%s: %d fills (%d)", cases[i].name, cases[i].fills, fill_count);
        dec sum = 0;
        for (int k = 0; k < fill_count && k < cases[i].fills; k++) {
            char id[8] = "x.1";
            id[2] = (char)('1' + k);
            check_text(fills[k].id, id, cases[i].name);
            check_dec(fills[k].quantity, cases[i].quantity[k], cases[i].name);
            check_dec(fills[k].commission, cases[i].commission[k], cases[i].name);
            check_dec(fills[k].price, open[k], cases[i].name);
            sum += fills[k].quantity;
        }
        check(position() == sum, "%s: held is what has filled", cases[i].name);
        check(last_update.status == cases[i].status, "%s: %s in the end", cases[i].name,
              order_status_text(last_update.status));
        check_text(last_update.reason, cases[i].reason, cases[i].name);
        check((ledger.open_orders == 0) == (cases[i].status != STATUS_PARTIALLY_FILLED), "%s: works on, or not",
              cases[i].name);
    }
    check(ledger.open_orders == 1 && rest(ledger.open_order[0]) == d("25"), "a lot is left");
}

/* The journal says why a leg has another size: it grows with the parts of its entry, and shrinks with its position. */
static void test_reasons(void)
{
    begin();
    struct order order = entry("x", 1, SIDE_BUY, "80");
    order.time_in_force = TIF_GTC;
    add_leg(&order, ROLE_STOP, "90");
    require(submit(&order, 1) == 1 && bar(2, "100", "101", "99", "100") == 0 && bar(3, "100", "101", "99", "100") == 0);
    check_dec(last_update.quantity, "80", "the stop is for both parts");
    check_text(last_update.reason, "as large as the position", "it has grown");
}

/* A bracket: a stop at 90 and a target at twice R. R is of the average price: 40 at 100, 40 at 103, 20 at 106 are 100,
 * 101.50 and 102.40, so R is 10, 11.50, 12.40 and the target at 120, 124.50 and 127.20. */
static void test_legs(void)
{
    static const char *const open[] = {"100", "103", "106"}, *const size[] = {"40", "80", "100"},
                             *const target[] = {"120", "124.5", "127.2"};
    for (int by_hand = 0; by_hand < 2; by_hand++) {
        begin();
        struct order order = entry("x", 1, SIDE_BUY, "100");
        order.time_in_force = TIF_GTC;
        add_leg(&order, ROLE_STOP, "90");
        order.legs[0].even_r = d("3");
        add_leg(&order, ROLE_TARGET, "1");
        order.legs[1].limit_price = DEC_NONE;
        order.legs[1].r = d("2");
        require(submit(&order, 1) == 1);
        for (int k = 0; k < 3; k++) {
            require(bar(2 + k, open[k], "110", "95", "102") == 0);
            const struct open_order *stop = leg_of(ROLE_STOP), *gain = leg_of(ROLE_TARGET);
            if (stop == NULL || gain == NULL) {
                check(false, "both legs work");
                return;
            }
            check_dec(rest(stop), size[k], "the stop is as large as what has filled");
            check_dec(rest(gain), size[k], "so is the target");
            check_dec(stop->order.stop_price, k > 0 && by_hand ? "91" : "90", "the stop stays");
            check_dec(gain->order.limit_price, target[k], "the target is at twice R of the average");
            check(ledger_unprotected(&ledger, &ledger.holding[0]) == 0, "and all is protected");
            if (by_hand && k == 0) {
                struct replace replace = {
                    .time = CLOSE(2), .quantity = DEC_NONE, .limit_price = DEC_NONE, .stop_price = d("91")};
                struct refusal refusal;
                memcpy(replace.order_id, stop->order.id, sizeof replace.order_id);
                require(orders_replace(&manager, &replace, CLOSE(2), &refusal, &error) == 1);
            }
        }
        check_dec(leg_of(ROLE_STOP)->order.even_price, "139.6", "break-even begins at 102.40 and three times 12.40");
        check(ledger.open_orders == 2, "two legs, whatever the number of fills");
        /* It falls through the stop and opens lower still: 40 at the stop, 40 and 20 at the market. */
        require(bar(5, "100", "101", "85", "86") == 0);
        check_dec(fills[3].price, by_hand ? "91" : "90", "a part at the stop");
        check(position() == d("60") && rest(leg_of(ROLE_STOP)) == d("60") && rest(leg_of(ROLE_TARGET)) == d("60"),
              "the legs follow");
        check(ledger_unprotected(&ledger, &ledger.holding[0]) == 0, "what is being sold is no longer in danger");
        require(bar(6, "80", "130", "79", "130") == 0);
        check(fill_count == 5 && fills[4].price == d("80") && fills[4].role == ROLE_STOP && position() == d("20"),
              "a stop that was set off goes on at the market, and its target waits for it");
        require(bar(7, "129", "130", "128", "129") == 0);
        check(fill_count == 6 && position() == 0 && ledger.open_orders == 0, "until nothing is left");
    }
}

/* Legs that share the position, and the entry whose rest a leg ends. */
static void test_shares(void)
{
    begin();
    struct order order = entry("x", 1, SIDE_BUY, "100");
    order.time_in_force = TIF_GTC;
    add_leg(&order, ROLE_STOP, "90");
    add_leg(&order, ROLE_TARGET, "105");
    order.legs[1].share = d("0.5");
    add_leg(&order, ROLE_TARGET, "120");
    require(submit(&order, 1) == 1 && bar(2, "100", "101", "99", "100") == 0 && bar(3, "100", "101", "99", "100") == 0);
    check(position() == d("80") && ledger.open_orders == 4, "80 of 100, a stop and two targets");
    require(bar(4, "100", "106", "99", "100") == 0);
    /* The entry, the older one, takes 20 at the open; that leaves 20 of the 40 for the target of 50. */
    check(fill_count == 4 && fills[2].quantity == d("20") && fills[3].quantity == d("20") &&
              fills[3].price == d("105") && position() == d("80"),
          "two orders share what the bar has");
    check(rest(leg_of(ROLE_STOP)) == d("80") && rest(leg_of(ROLE_TARGET)) == d("30"), "the legs follow the part");

    begin();
    require(submit(&order, 1) == 1 && bar(2, "100", "101", "99", "100") == 0 && bar(3, "85", "86", "84", "85") == 0);
    check(fill_count == 2 && fills[1].price == d("85") && fills[1].role == ROLE_STOP && position() == 0 &&
              ledger.open_orders == 0,
          "a leg that fills ends what is left of its entry");
    check_text(last_update.reason, "oco", "and its other legs");

    begin();
    struct order up = entry("up", 1, SIDE_BUY, "100"), down = entry("down", 1, SIDE_SELL_SHORT, "100");
    up.order_type = down.order_type = ORDER_STOP;
    up.time_in_force = down.time_in_force = TIF_GTC;
    up.stop_price = d("105");
    down.stop_price = d("95");
    (void)snprintf(up.oco, sizeof up.oco, "out");
    (void)snprintf(down.oco, sizeof down.oco, "out");
    require(submit(&up, 1) == 1 && submit(&down, 1) == 1 && bar(2, "100", "106", "94", "100") == 0);
    check(position() == d("40") && ledger.open_orders == 1 && ledger.open_order[0]->status == STATUS_PARTIALLY_FILLED,
          "a part ends the other order of a group, not the rest of its own");
    require(bar(3, "90", "91", "89", "90") == 0);
    check(position() == d("80") && fills[1].price == d("90"), "which goes on at the market, as it was set off");
}

/* A position of 100 is sold: exits at the market over several bars, and one that is smaller by then. */
static void test_exits(void)
{
    begin();
    sim.fills.model = NULL;
    struct order in = entry("in", 1, SIDE_BUY, "100");
    add_leg(&in, ROLE_STOP, "90");
    require(submit(&in, 1) == 1 && bar(2, "100", "101", "99", "100") == 0 && position() == d("100"));
    sim.fills.model = &few;
    struct order out = make_order("out", CLOSE(2), "AAA", SIDE_SELL, "100", ROLE_EXIT);
    out.time_in_force = TIF_GTC;
    require(submit(&out, 2) == 1 && bar(3, "99", "100", "98", "99") == 0);
    check(position() == d("60") && rest(leg_of(ROLE_EXIT)) == d("60") && rest(leg_of(ROLE_STOP)) == d("60"),
          "40 are sold, the rest of the exit works and the stop protects it");
    require(bar(4, "99", "100", "85", "86") == 0);
    check(position() == d("20") && fill_count == 3, "the exit has what the bar has: nothing is left for the stop");
    check(ledger.open_order[0]->triggered != TIME_NONE, "which was set off all the same");
    require(bar(5, "80", "81", "79", "80") == 0);
    check(position() == 0 && ledger.open_orders == 0 && fill_count == 4, "and both are gone with the position");
}

int main(void)
{
    test_entries();
    test_reasons();
    test_legs();
    test_shares();
    test_exits();
    sha256_free(manager.hash);
    ledger_clear(&ledger);
    return done();
}
