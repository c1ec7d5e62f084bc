/* What a working order says, and said before: by the rules in ledger.h, at the moments next to each of their bounds. */
#include "money.h"

static struct ledger ledger;
static struct error error;

#define AT(n) (at("2024-01-02T14:30:00Z") + (n)*TIME_MINUTE)

static const struct ticket *begin(const struct order *order)
{
    const struct ledger_terms terms = money_terms(NULL);
    const struct order_update accepted = {.time = order->time,
                                          .status = STATUS_ACCEPTED,
                                          .quantity = DEC_NONE,
                                          .limit_price = DEC_NONE,
                                          .stop_price = DEC_NONE,
                                          .active_price = DEC_NONE,
                                          .even_price = DEC_NONE,
                                          .fall = DEC_NONE,
                                          .triggered = -1,
                                          .order_id = "o"};
    ledger_clear(&ledger);
    error_clear(&error);
    require(ledger_init(&ledger, &terms, &error) == 0 && ledger_apply(&ledger, RECORD_ORDER, order, &error) == 0 &&
            (order->oto[0] != '\0' || ledger_apply(&ledger, RECORD_ORDER_UPDATE, &accepted, &error) == 0));
    return ledger_ticket(&ledger, "o");
}

static struct order limit_order(void)
{
    struct order order = make_order("o", AT(0), "AAA", SIDE_BUY, "100", ROLE_ENTRY);
    order.order_type = ORDER_LIMIT;
    order.limit_price = d("10");
    return order;
}

static void change(const struct ticket *ticket, int minute, const char *limit)
{
    const struct replace replace = {.quantity = DEC_NONE, .limit_price = d(limit), .stop_price = DEC_NONE};
    check(ledger_replace(&ledger, ticket, &replace, AT(minute), &error) == 0, "to %s at minute %d", limit, minute);
}

/* The limit that a bar meets which opened then; "now": what the order says now. */
static void meets(const struct ticket *ticket, int minute, const char *limit)
{
    char text[DEC_TEXT_MAX] = "now";
    const struct past_terms *past = ticket_past(&ledger, ticket, AT(minute));
    if (past != NULL)
        text[dec_format(text, past->limit_price)] = '\0';
    if (!check(strcmp(text, limit) == 0, "a bar that opened at minute %d meets %s", minute, limit))
        printf("# got %s\n", text);
}

static void mark(int minute)
{
    require(ledger_mark(&ledger, ledger_find_slot(&ledger, "AAA"), (struct interval){INTERVAL_MINUTE, 1},
                        AT(minute - 1), AT(minute), d("10"), &error) == 0);
}

static void test_pasts(void)
{
    const struct order order = limit_order();
    const struct ticket *ticket = begin(&order);
    change(ticket, 10, "11");
    meets(ticket, -1, "now"); /* it did not work yet */
    meets(ticket, 0, "10");
    meets(ticket, 9, "10");
    meets(ticket, 10, "now");
    change(ticket, 10, "12"); /* nothing can have opened in between */
    check(ticket->pasts == 1 && ticket->revision == 2 && ticket->from == AT(10), "one past, two revisions");
    change(ticket, 20, "13");
    meets(ticket, 9, "10");
    meets(ticket, 10, "12");
    meets(ticket, 19, "12");
    meets(ticket, 20, "now");
    mark(9);
    meets(ticket, 5, "10");
    mark(10); /* bars have come to the end of the first */
    meets(ticket, 5, "now");
    meets(ticket, 15, "12");
    change(ticket, 30, "14");
    check(ticket->pasts == 2 && ticket->past[0].from == AT(10) && ticket->past[1].from == AT(20), "it has gone");
    change(ticket, 40, "15");
    change(ticket, 50, "16");
    check(ticket->pasts == PASTS_KEPT, "as many as are kept");
    change(ticket, 60, "17"); /* the oldest holds as long as the one after it did */
    check(ticket->pasts == PASTS_KEPT && ticket->past[0].from == AT(10) && ticket->past[0].until == AT(30),
          "two have become one");
    meets(ticket, 10, "12");
    meets(ticket, 29, "12");
    meets(ticket, 30, "14");
    meets(ticket, 40, "15");
    meets(ticket, 50, "16");
    meets(ticket, 59, "16");
    meets(ticket, 60, "now");
    check_dec(ticket->order.limit_price, "17", "what it says now");
}

static void test_sleeping(void)
{
    struct order order = limit_order();
    memcpy(order.oto, "first", 6);
    const struct ticket *ticket = begin(&order);
    change(ticket, 10, "11");
    check(ticket->pasts == 0 && ticket->from == AT(10),
          "what waits for another order has no past: no bar could meet it");
}

static void test_resize(void)
{
    const struct order order = limit_order();
    const struct ticket *ticket = begin(&order);
    struct fill fill = make_fill("f", AT(1), "AAA", SIDE_BUY, "40", "10", "0");
    memcpy(fill.order_id, "o", 2);
    require(ledger_apply(&ledger, RECORD_FILL, &fill, &error) == 0);
    check(ledger_resize(&ledger, ticket, d("40"), &error) == -1 && error.code == EXIT_STATE,
          "no order is as large as what it has filled");
    error_clear(&error);
    check(ledger_resize(&ledger, ticket, d("40.00000001"), &error) == 0, "but larger");
    check_dec(ticket->order.quantity, "40.00000001", "by the smallest part");
    const struct replace smaller = {.quantity = d("39"), .limit_price = DEC_NONE, .stop_price = DEC_NONE};
    check(ledger_replace(&ledger, ticket, &smaller, AT(2), &error) == -1, "nor replaced by less");
    error_clear(&error);
}

static void test_measure(void)
{
    struct order order = limit_order();
    const struct ticket *ticket = begin(&order);
    ledger_measure(&ledger, ticket, d("5"), d("6"), d("0.5"));
    check(ticket->order.active_price == DEC_NONE && ticket->order.even_price == DEC_NONE &&
              ticket->order.fall == DEC_NONE,
          "an order that begins nowhere, goes nowhere even and does not fall stays so");
    order.active_price = d("5");
    order.even_price = d("6");
    order.fall = d("0.5");
    ticket = begin(&order);
    ledger_measure(&ledger, ticket, DEC_NONE, 0, DEC_NONE);
    ledger_measure(&ledger, ticket, 0, DEC_NONE, 0);
    check(ticket->order.active_price == d("5") && ticket->order.even_price == d("6") && ticket->order.fall == d("0.5"),
          "what is not measured anew stays");
    ledger_measure(&ledger, ticket, d("7"), d("8"), d("0.25"));
    check(ticket->order.active_price == d("7") && ticket->order.even_price == d("8") && ticket->order.fall == d("0.25"),
          "what is is new");
    const dec least = d("0.00000001");
    ledger_measure(&ledger, ticket, least, least, least);
    ledger_measure(&ledger, ticket, 2 * least, 2 * least, 2 * least);
    check(ticket->order.active_price == 2 * least && ticket->order.even_price == 2 * least &&
              ticket->order.fall == 2 * least,
          "so is the smallest");
    ledger_measure(&ledger, ticket, least, least, least);
    check(ticket->order.active_price == least && ticket->order.even_price == least && ticket->order.fall == least,
          "from whatever it was");
    ledger_move_stop(&ledger, ticket, d("9"));
    ledger_move_stop(&ledger, ticket, DEC_NONE);
    ledger_move_limit(&ledger, ticket, d("9.5"));
    ledger_trigger(&ledger, ticket, AT(3));
    check(ticket->order.stop_price == d("9") && ticket->order.limit_price == d("9.5") && ticket->triggered == AT(3),
          "a stop, a limit and a trigger");
}

int main(void)
{
    test_pasts();
    test_sleeping();
    test_resize();
    test_measure();
    ledger_clear(&ledger);
    return done();
}
