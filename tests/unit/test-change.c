/* What a working order says, and said before: by the rules in ledger.h, at the moments next to each of their bounds. */
#include "money.h"

static struct ledger ledger;
static struct error error;

#define AT(n) (at("2024-01-02T14:30:00Z") + (n)*TIME_MINUTE)

static const struct open_order *begin(const struct order *order)
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
    return ledger_open_order(&ledger, "o");
}

static struct order limit_order(void)
{
    struct order order = make_order("o", AT(0), "AAA", SIDE_BUY, "100", ROLE_ENTRY);
    order.order_type = ORDER_LIMIT;
    order.limit_price = d("10");
    return order;
}

static void change(const struct open_order *open_order, int minute, const char *limit)
{
    const struct replace replace = {.quantity = DEC_NONE, .limit_price = d(limit), .stop_price = DEC_NONE};
    check(ledger_replace(&ledger, open_order, &replace, AT(minute), &error) == 0, "to %s at minute %d", limit, minute);
}

/* The limit that a bar meets which opened then; "now": what the order says now. */
static void meets(const struct open_order *open_order, int minute, const char *limit)
{
    char text[DEC_TEXT_MAX] = "now";
    const struct past_terms *past = open_order_past(&ledger, open_order, AT(minute));
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
    const struct open_order *open_order = begin(&order);
    change(open_order, 10, "11");
    meets(open_order, -1, "now"); /* it did not work yet */
    meets(open_order, 0, "10");
    meets(open_order, 9, "10");
    meets(open_order, 10, "now");
    change(open_order, 10, "12"); /* nothing can have opened in between */
    check(open_order->pasts == 1 && open_order->revision == 2 && open_order->from == AT(10), "one past, two revisions");
    change(open_order, 20, "13");
    meets(open_order, 9, "10");
    meets(open_order, 10, "12");
    meets(open_order, 19, "12");
    meets(open_order, 20, "now");
    mark(9);
    meets(open_order, 5, "10");
    mark(10); /* bars have come to the end of the first */
    meets(open_order, 5, "now");
    meets(open_order, 15, "12");
    change(open_order, 30, "14");
    check(open_order->pasts == 2 && open_order->past[0].from == AT(10) && open_order->past[1].from == AT(20),
          "it has gone");
    change(open_order, 40, "15");
    change(open_order, 50, "16");
    check(open_order->pasts == PASTS_KEPT, "as many as are kept");
    change(open_order, 60, "17"); /* the oldest holds as long as the one after it did */
    check(open_order->pasts == PASTS_KEPT && open_order->past[0].from == AT(10) && open_order->past[0].until == AT(30),
          "two have become one");
    meets(open_order, 10, "12");
    meets(open_order, 29, "12");
    meets(open_order, 30, "14");
    meets(open_order, 40, "15");
    meets(open_order, 50, "16");
    meets(open_order, 59, "16");
    meets(open_order, 60, "now");
    check_dec(open_order->order.limit_price, "17", "what it says now");
}

static void test_sleeping(void)
{
    struct order order = limit_order();
    memcpy(order.oto, "first", 6);
    const struct open_order *open_order = begin(&order);
    change(open_order, 10, "11");
    check(open_order->pasts == 0 && open_order->from == AT(10),
          "what waits for another order has no past: no bar could meet it");
}

static void test_resize(void)
{
    const struct order order = limit_order();
    const struct open_order *open_order = begin(&order);
    struct fill fill = make_fill("f", AT(1), "AAA", SIDE_BUY, "40", "10", "0");
    memcpy(fill.order_id, "o", 2);
    require(ledger_apply(&ledger, RECORD_FILL, &fill, &error) == 0);
    check(ledger_resize(&ledger, open_order, d("40"), &error) == -1 && error.code == EXIT_STATE,
          "no order is as large as what it has filled");
    error_clear(&error);
    check(ledger_resize(&ledger, open_order, d("40.00000001"), &error) == 0, "but larger");
    check_dec(open_order->order.quantity, "40.00000001", "by the smallest part");
    const struct replace smaller = {.quantity = d("39"), .limit_price = DEC_NONE, .stop_price = DEC_NONE};
    check(ledger_replace(&ledger, open_order, &smaller, AT(2), &error) == -1, "nor replaced by less");
    error_clear(&error);
}

static void test_measure(void)
{
    struct order order = limit_order();
    const struct open_order *open_order = begin(&order);
    ledger_measure(&ledger, open_order, d("5"), d("6"), d("0.5"));
    check(open_order->order.active_price == DEC_NONE && open_order->order.even_price == DEC_NONE &&
              open_order->order.fall == DEC_NONE,
          "an order that begins nowhere, goes nowhere even and does not fall stays so");
    order.active_price = d("5");
    order.even_price = d("6");
    order.fall = d("0.5");
    open_order = begin(&order);
    ledger_measure(&ledger, open_order, DEC_NONE, 0, DEC_NONE);
    ledger_measure(&ledger, open_order, 0, DEC_NONE, 0);
    check(open_order->order.active_price == d("5") && open_order->order.even_price == d("6") &&
              open_order->order.fall == d("0.5"),
          "what is not measured anew stays");
    ledger_measure(&ledger, open_order, d("7"), d("8"), d("0.25"));
    check(open_order->order.active_price == d("7") && open_order->order.even_price == d("8") &&
              open_order->order.fall == d("0.25"),
          "what is is new");
    const dec least = d("0.00000001");
    ledger_measure(&ledger, open_order, least, least, least);
    ledger_measure(&ledger, open_order, 2 * least, 2 * least, 2 * least);
    check(open_order->order.active_price == 2 * least && open_order->order.even_price == 2 * least &&
              open_order->order.fall == 2 * least,
          "so is the smallest");
    ledger_measure(&ledger, open_order, least, least, least);
    check(open_order->order.active_price == least && open_order->order.even_price == least &&
              open_order->order.fall == least,
          "from whatever it was");
    ledger_move_stop(&ledger, open_order, d("9"));
    ledger_move_stop(&ledger, open_order, DEC_NONE);
    ledger_move_limit(&ledger, open_order, d("9.5"));
    ledger_trigger(&ledger, open_order, AT(3));
    check(open_order->order.stop_price == d("9") && open_order->order.limit_price == d("9.5") &&
              open_order->triggered == AT(3),
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
