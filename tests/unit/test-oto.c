/* Orders that are sent when another has filled: when, for how much, and what becomes of them when it has not. */
#include "trading.h"

struct day {
    const char *open, *high, *low, *close;
};

static dec fillable_forty(const struct fill_model *model, const struct order *order, dec rest, dec taken,
                          const struct bars *bar)
{
    (void)model, (void)order, (void)rest, (void)bar;
    return d("40") - taken;
}

/* Orders that wait for another. */
static void test_oto(void)
{
    struct order in = entry("in", 1, SIDE_BUY, "100"), next = entry("next", 1, SIDE_BUY, "10"),
                 stop = make_order("stop", CLOSE(1), "AAA", SIDE_SELL, "100", ROLE_EXIT), target = stop;
    in.time_in_force = next.time_in_force = TIF_GTC;
    stop.order_type = ORDER_STOP;
    stop.stop_price = d("95");
    target.order_type = ORDER_LIMIT;
    target.limit_price = d("110");
    (void)snprintf(target.id, sizeof target.id, "target");
    stop.signal[0] = target.signal[0] = '\0';
    (void)snprintf(stop.oto, ID_SIZE, "in");
    (void)snprintf(target.oto, ID_SIZE, "in");
    (void)snprintf(next.oto, ID_SIZE, "in");
    (void)snprintf(stop.oco, ID_SIZE, "out");
    (void)snprintf(target.oco, ID_SIZE, "out");
    static const struct {
        const char *limit; /* of the entry, NULL: at the market */
        struct day day;
        int fills;
        const char *price, *name;
    } cases[] = {
        {NULL, {"100", "111", "96", "100"}, 2, "110", "sent at the open, the target fills in the bar"},
        {NULL, {"100", "109", "94", "100"}, 2, "95", "or the stop"},
        {NULL, {"100", "109", "96", "100"}, 1, NULL, "or none of them"},
        {"98", {"100", "111", "94", "100"}, 1, NULL, "sent in the course of a bar they wait for the next"},
        {"90", {"100", "111", "94", "100"}, 0, NULL, "what has not filled sends nothing"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        start("100000");
        struct order first = in;
        if (cases[i].limit != NULL) {
            first.order_type = ORDER_LIMIT;
            first.limit_price = d(cases[i].limit);
        }
        require(submit(&first, 1) == 1 && submit(&stop, 1) == 1 && submit(&target, 1) == 1);
        check(ledger.open_orders == 3 && ledger_open_order(&ledger, "in") != NULL,
              "%s: an exit that waits cancels no entry", cases[i].name);
        const struct day *day = &cases[i].day;
        require(bar(2, day->open, day->high, day->low, day->close) == 0);
        check(fill_count == cases[i].fills, "%s: %d fills (%d)", cases[i].name, cases[i].fills, fill_count);
        if (cases[i].price != NULL && fill_count == 2)
            check_dec(fills[1].price, cases[i].price, cases[i].name);
        check(ledger.open_orders == (cases[i].fills == 2   ? 0U
                                     : cases[i].fills == 1 ? 2U
                                                           : 3U),
              "%s: what works", cases[i].name);
        if (cases[i].fills != 1)
            continue;
        check(ledger_unprotected(&ledger, &ledger.holding[0]) == 0, "%s: the stop protects", cases[i].name);
        require(bar(3, "100", "111", "96", "100") == 0);
        check(fill_count == 2 && fills[1].price == d("110") && ledger.open_orders == 0, "%s: the next bar fills it",
              cases[i].name);
    }

    start("100000");
    require(submit(&in, 1) == 1 && submit(&next, 1) == 1 && bar(2, "100", "101", "99", "100") == 0);
    check(fill_count == 1, "at the market it is sent after the open it was sent at, …");
    require(bar(3, "101", "102", "99", "100") == 0);
    check(fill_count == 2 && fills[1].price == d("101") && position() == d("110"), "… and fills at the next one");

    start("100000");
    struct order last = next;
    (void)snprintf(last.id, sizeof last.id, "last");
    (void)snprintf(last.oto, ID_SIZE, "next");
    require(submit(&in, 1) == 1 && submit(&next, 1) == 1 && submit(&last, 1) == 1);
    check(orders_cancel(&manager, "in", CLOSE(1), "by hand", &error) == 1 && ledger.open_orders == 0,
          "what waits for an order that ends without a fill goes with it, one after the other");
    check_text(last_update.reason, "oto", "and says why");
    check(is_refused(&next, 1, "OTO"), "an order that does not work is not waited for");

    static struct fill_model few;
    few = fill_conservative;
    few.fillable = fillable_forty;
    start("100000");
    sim.fills.model = &few;
    require(submit(&in, 1) == 1 && submit(&stop, 1) == 1 && bar(2, "100", "101", "94", "100") == 0);
    check(fill_count == 1 && ledger_open_order(&ledger, "stop")->sleeps, "while the other works it waits");
    require(orders_cancel(&manager, "in", CLOSE(2), "by hand", &error) == 1);
    check(!ledger_open_order(&ledger, "stop")->sleeps && ledger_open_order(&ledger, "stop")->order.quantity == d("40"),
          "a part that has filled sends it, for what is held");
}

int main(void)
{
    test_oto();
    sha256_free(manager.hash);
    ledger_clear(&ledger);
    return done();
}
