/* What a broker that answers later tells too late, twice, or under long names: by hand, beside the walk of test-steps.
 */
#include "remote-world.h"

static void send_all(void)
{
    struct intent intent;
    while (orders_next_intent(&world.manager, &intent))
        continue;
}

/* An entry "l" with a stop at 90 has filled for two of four; an exit sells them, so that the cancels of the stop and of
 * the entry are under way. A part that fills before them has a stop of its own. */
static void check_late_part(void)
{
    struct error error = {0};
    struct refusal refusal;
    begin(false);
    struct order order = make_order("l", world.now, "AAA", SIDE_BUY, "4", ROLE_ENTRY);
    order.reference_price = d("100");
    order.legs[order.leg_count++] = make_leg(ROLE_STOP, ORDER_STOP, DEC_NONE, d("90"));
    require(orders_submit(&world.manager, &order, world.now, &refusal, &error) == 1);
    send_all();
    require(fill("l", "l1", 2 * DEC_ONE, &error) == 0);
    send_all();
    order = make_order("x", ++world.now, "AAA", SIDE_SELL, "2", ROLE_EXIT);
    require(orders_submit(&world.manager, &order, world.now, &refusal, &error) == 1);
    send_all();
    require(fill("x", "x1", 2 * DEC_ONE, &error) == 0 && position(&world.ledger) == 0);
    send_all();
    require(fill("l", "l2", DEC_ONE, &error) == 0 && position(&world.ledger) == DEC_ONE);
    dec stopped = 0;
    for (size_t i = 0; i < world.ledger.open_orders; i++)
        if (order_is_leg(&world.ledger.open_order[i]->order))
            stopped += open_order_rest(world.ledger.open_order[i]);
    check_dec(stopped, "1", "a part that fills while the stop is being cancelled has a stop of its own");
}

/* A stop that the venue does not take, ends by itself, or ends as it was asked: a position that is left without is
 * told, one that is gone or has another stop is not. */
static void check_lost_stop(void)
{
    static const struct {
        enum report_kind kind;
        bool sold, asked;
        int alerts;
        const char *name;
    } cases[] = {{REPORT_REJECTED, false, false, 1, "a stop that is rejected leaves a position bare: an alert"},
                 {REPORT_CANCELLED, false, false, 1, "one that the venue cancels too"},
                 {REPORT_EXPIRED, false, false, 1, "one that expires there too"},
                 {REPORT_CANCELLED, false, true, 0, "who has cancelled it himself knows"},
                 {REPORT_CANCELLED, true, false, 0, "without a position there is nothing to protect"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error = {0};
        struct refusal refusal;
        begin(false);
        struct order order = make_order("l", world.now, "AAA", SIDE_BUY, "4", ROLE_ENTRY);
        order.reference_price = d("100");
        order.legs[order.leg_count++] = make_leg(ROLE_STOP, ORDER_STOP, DEC_NONE, d("90"));
        require(orders_submit(&world.manager, &order, world.now, &refusal, &error) == 1);
        send_all();
        require(fill("l", "l1", 4 * DEC_ONE, &error) == 0);
        send_all();
        char leg[ID_SIZE];
        const size_t last = world.ledger.open_orders - 1;
        require(order_is_leg(&world.ledger.open_order[last]->order));
        memcpy(leg, world.ledger.open_order[last]->order.id, sizeof leg);
        if (cases[i].sold) {
            order = make_order("x", ++world.now, "AAA", SIDE_SELL, "4", ROLE_EXIT);
            require(orders_submit(&world.manager, &order, world.now, &refusal, &error) == 1);
            send_all();
            require(fill("x", "x1", 4 * DEC_ONE, &error) == 0);
        }
        if (cases[i].asked)
            require(orders_cancel(&world.manager, leg, ++world.now, "by hand", &error) == 1);
        struct report report = report_of(cases[i].kind, leg);
        require(orders_report(&world.manager, &report, &error) == 0);
        check(ledger_open_order(&world.ledger, leg) == NULL && world.alerts == cases[i].alerts, "%s", cases[i].name);
    }
}

/* Fills are counted once, however long their ids are; one that is taken back takes its own lot with it: of two bought
 * at 100, one at 110 and one at 100 that at 110 goes, for what it has cost. */
static void check_fill_ids(void)
{
    static const char one[] = "20240102-execution-of-a-venue-with-ids-as-long-as-they-may-be-01";
    static const char two[] = "20240102-execution-of-a-venue-with-ids-as-long-as-they-may-be-02";
    const char *const ids[] = {one, two, one, two};
    struct error error = {0};
    begin(false);
    send_all();
    require(sizeof one == ID_SIZE && fill("o", "o1", 2 * DEC_ONE, &error) == 0);
    struct report report = report_of(REPORT_FILL, "o");
    report.fill_id = one;
    report.fill.quantity = DEC_ONE;
    report.fill.price = 110 * DEC_ONE;
    require(orders_report(&world.manager, &report, &error) == 0 && ledger_open_order(&world.ledger, "o") == NULL);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        require(fill("o", ids[i], DEC_ONE, &error) == 0);
    check_dec(position(&world.ledger), "4", "two late fills of an order that is over count once each");
    for (size_t i = 0; i < 2; i++) {
        report = report_of(REPORT_BUST, "o");
        report.fill_id = one;
        require(orders_report(&world.manager, &report, &error) == 0);
    }
    check_dec(position(&world.ledger), "3", "one is taken back, once");
    const struct holding *holding = ledger_holding(&world.ledger, "s", ledger_find_slot(&world.ledger, "AAA"));
    check_dec(holding->realized, "0", "and nothing is realised by it");
    check_dec(holding->lot[0].cost, "200", "what was bought before is held still, for what it cost");
}

/* A trail that comes nearer does not go back when the venue tells again where it was. */
static void check_trail(void)
{
    static const char *const stops[] = {"92", "94", "94", "92"};
    struct error error = {0};
    struct refusal refusal;
    begin(true);
    send_all();
    require(orders_cancel(&world.manager, "o", world.now, "", &error) == 1);
    struct report report = report_of(REPORT_CANCELLED, "o");
    require(orders_report(&world.manager, &report, &error) == 0);
    struct order order = make_order("t", ++world.now, "AAA", SIDE_SELL, "3", ROLE_EXIT);
    order.order_type = ORDER_TRAILING_STOP;
    order.trail_amount = 8 * DEC_ONE;
    order.stop_price = 91 * DEC_ONE;
    require(orders_submit(&world.manager, &order, world.now, &refusal, &error) == 1);
    send_all();
    int events = 0;
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
        report = report_of(REPORT_TRAILED, "t");
        report.stop_price = d(stops[i]);
        events = i == 2 ? world.events : events;
        require(orders_report(&world.manager, &report, &error) == 0);
        if (i == 2)
            check(world.events == events, "where it stands already is no news");
    }
    const struct open_order *open_order = ledger_open_order(&world.ledger, "t");
    check_dec(open_order->order.stop_price, "94", "a trail does not go back");
    check(open_order->doubt, "the venue is asked where it stands");
    for (int i = 0; i < 2; i++) {
        events = world.events;
        report = report_of(REPORT_TRIGGERED, "t");
        require(orders_report(&world.manager, &report, &error) == 0);
    }
    check(world.events == events, "it has triggered once");
}

int main(void)
{
    struct error error = {0};
    hash = sha256_new(&error);
    require(hash != NULL);
    check_late_part();
    check_lost_stop();
    check_fill_ids();
    check_trail();
    ledger_clear(&world.ledger);
    sha256_free(hash);
    return done();
}
