/* What a venue that answers later says of orders that are over and of fills that it takes back, and what comes of it
 * when a call fails while the account is told: the failure comes back, whichever call it is. */
#include "trading.h"

static struct order known[16];
static int known_count;
static int64_t calls, fails_at, now; /* fails_at 0: no call fails */

static bool fails(struct error *e)
{
    if (++calls != fails_at)
        return false;
    error_set(e, EXIT_STATE, "nobody takes note");
    return true;
}

static int keep_or_fail(void *context, enum record_type type, const void *value, struct error *e)
{
    if (fails(e))
        return -1;
    if (type == RECORD_ORDER && known_count < 16)
        known[known_count++] = *(const struct order *)value;
    return keep(context, type, value, e);
}

static const struct instrument *find_or_fail(void *context, const char *symbol, struct error *e)
{
    return fails(e) ? NULL : find(context, symbol, e);
}

static int find_order(void *context, const char *id, struct order *order, struct error *e)
{
    (void)context;
    if (fails(e))
        return -1;
    for (int i = 0; i < known_count; i++)
        if (strcmp(known[i].id, id) == 0) {
            *order = known[i];
            return 1;
        }
    return 0;
}

static int find_fill(void *context, const char *id, struct fill *fill, struct error *e)
{
    (void)context;
    if (fails(e))
        return -1;
    for (int i = 0; i < fill_count; i++)
        if (strcmp(fills[i].id, id) == 0) {
            *fill = fills[i];
            return 1;
        }
    return 0;
}

static void begin(void)
{
    start("100000");
    known_count = 0;
    calls = 0;
    now = CLOSE(1);
    manager.emit = keep_or_fail;
    manager.instrument = find_or_fail;
    manager.find_order = find_order;
    manager.find_fill = find_fill;
    manager.remote = true;
}

static struct report report_of(enum report_kind kind, const char *order_id)
{
    return (struct report){.kind = kind,
                           .order_id = order_id,
                           .time = ++now,
                           .reason = "",
                           .filled = DEC_NONE,
                           .stop_price = DEC_NONE,
                           .limit_price = DEC_NONE,
                           .new_quantity = DEC_NONE};
}

static int tell(enum report_kind kind, const char *order_id)
{
    struct report report = report_of(kind, order_id);
    return orders_report(&manager, &report, &error);
}

/* A fill at 100 that cost 1 and 0.50, or the same taken back. */
static int tell_fill(enum report_kind kind, const char *order_id, const char *fill_id, const char *quantity)
{
    struct report report = report_of(kind, order_id);
    report.fill_id = fill_id;
    report.fill.quantity = d(quantity);
    report.fill.price = d("100");
    report.fill.commission = d("1");
    report.fill.fees = d("0.5");
    return orders_report(&manager, &report, &error);
}

static int send_all(void)
{
    struct intent intent;
    int sent = 0;
    while (orders_next_intent(&manager, &intent))
        require(++sent < 20);
    return sent;
}

static int take(const struct order *order)
{
    struct refusal refusal = {0};
    const int taken = orders_submit(&manager, order, now, &refusal, &error);
    if (taken == 1)
        (void)send_all();
    return taken == 1 ? 0 : -1;
}

/* What is looked at where nothing fails. */
static void expect(const char *held, const char *cash, const char *what)
{
    if (fails_at != 0)
        return;
    check_dec(position(), held, what);
    check_dec(ledger.cash, cash, what);
}

/* Ten in two fills. At 100 they are 1000, and cost 2 x 1.50. */
static int bust(enum side side)
{
    static const char *const helds[] = {"0", "10", "0", "-10"}, *const cashes[] = {"100000", "98998.5", "100000",
                                                                                   "100998.5"};
    static const char *const fours[] = {"4", "6", "-4", "-6"}, *const four_cashes[] = {"99598.5", "99397", "100398.5",
                                                                                       "100597"};
    static const char *const alls[] = {"10", "0", "-10", "0"}, *const all_cashes[] = {"98997", "99995.5", "100997",
                                                                                      "99995.5"};
    const int i = side == SIDE_BUY ? 0 : side == SIDE_SELL ? 1 : side == SIDE_SELL_SHORT ? 2 : 3;
    begin();
    if (i % 2 == 1) {
        const struct order before = entry("e", 1, i == 1 ? SIDE_BUY : SIDE_SELL_SHORT, "10");
        if (take(&before) != 0 || tell_fill(REPORT_FILL, "e", "e1", "10") != 0)
            return -1;
    }
    struct order order = entry("o", 1, side, "10");
    order.role = i % 2 == 1 ? ROLE_EXIT : ROLE_ENTRY;
    order.reduce_only = i % 2 == 1 ? 1 : -1;
    if (side == SIDE_BUY)
        add_leg(&order, ROLE_STOP, "90");
    if (take(&order) != 0 || tell(REPORT_ACCEPTED, "o") != 0 || tell_fill(REPORT_FILL, "o", "o1", "4") != 0)
        return -1;
    expect(fours[i], four_cashes[i], "four fill");
    if (tell_fill(REPORT_FILL, "o", "o1", "4") != 0 || tell_fill(REPORT_FILL, "o", "o2", "6") != 0)
        return -1;
    expect(alls[i], all_cashes[i], "six fill, the four were known");
    (void)send_all();
    if (tell_fill(REPORT_BUST, "o", "o2", "6") != 0)
        return -1;
    expect(fours[i], four_cashes[i], "the six are taken back, with what they cost");
    if (tell_fill(REPORT_BUST, "o", "o2", "6") != 0 || tell_fill(REPORT_BUST, "o", "o9", "6") != 0)
        return -1;
    expect(fours[i], four_cashes[i], "once, and nothing that nobody knows");
    if (tell_fill(REPORT_BUST, "o", "o1", "4") != 0)
        return -1;
    expect(helds[i], cashes[i], "the four are taken back");
    if (tell_fill(REPORT_FILL, "o", "o3", "10") != 0)
        return -1;
    if (fails_at == 0)
        check_dec(position(), alls[i], "an order that is over fills: the venue is right");
    return tell(REPORT_CANCELLED, "o");
}

static int bust_buy(void)
{
    return bust(SIDE_BUY);
}

static int bust_sale(void)
{
    return bust(SIDE_SELL);
}

static int bust_short(void)
{
    return bust(SIDE_SELL_SHORT);
}

static int bust_cover(void)
{
    return bust(SIDE_BUY_TO_COVER);
}

/* A venue fills more than was asked, does not cancel, follows a price, does not answer. */
static int unasked(void)
{
    struct refusal refusal = {0};
    struct replace replace = {.order_id = "o", .quantity = d("12"), .limit_price = DEC_NONE, .stop_price = DEC_NONE};
    begin();
    struct order order = entry("o", 1, SIDE_BUY, "10");
    order.legs[order.leg_count] = make_leg(ROLE_STOP, ORDER_TRAILING_STOP, DEC_NONE, DEC_NONE);
    order.legs[order.leg_count++].trail_amount = d("5");
    if (take(&order) != 0 || tell(REPORT_ACCEPTED, "o") != 0)
        return -1;
    replace.time = ++now;
    if (orders_replace(&manager, &replace, now, &refusal, &error) != 1)
        return -1;
    (void)send_all();
    if (tell_fill(REPORT_FILL, "o", "o1", "11") != 0)
        return -1;
    expect("11", "98898.5", "eleven of the twelve that it was asked for");
    if (fails_at == 0)
        check(alert_count == 0, "that was asked for");
    if (orders_cancel(&manager, "o", ++now, "by hand", &error) != 1)
        return -1;
    (void)send_all();
    if (tell(REPORT_CANCEL_REJECTED, "o") != 0)
        return -1;
    if (fails_at == 0)
        check(alert_count == 1, "a cancel that is refused is an alert");
    if (tell_fill(REPORT_FILL, "o", "o2", "5") != 0)
        return -1;
    expect("16", "98397", "sixteen fill of twelve: the venue is right");
    if (fails_at == 0)
        check(alert_count == 2, "that nobody asked for");
    (void)send_all();
    const struct order *leg = known_count > 1 ? &known[1] : NULL;
    if (leg == NULL || tell(REPORT_ACCEPTED, leg->id) != 0)
        return -1;
    struct report trailed = report_of(REPORT_TRAILED, leg->id);
    trailed.stop_price = d("97");
    if (orders_report(&manager, &trailed, &error) != 0)
        return -1;
    if (fails_at == 0)
        check_dec(ledger_open_order(&ledger, leg->id)->order.stop_price, "97", "the stop has followed the price");
    const struct action split = make_split("split", ++now, "AAA", 2, 1);
    if (orders_action(&manager, &split, &error) != 0)
        return -1;
    for (int i = 0; i < 12; i++) {
        (void)send_all();
        if (tell(REPORT_NO_ANSWER, leg->id) != 0)
            return -1;
    }
    if (fails_at == 0)
        check(alert_count > 2 && orders_in_doubt(ledger_open_order(&ledger, leg->id)), "nobody answers: that is told");
    return tell(REPORT_EXPIRED, leg->id);
}

static const struct {
    const char *name;
    int (*tell)(void);
} stories[] = {{"a purchase is taken back", bust_buy},
               {"a sale is taken back", bust_sale},
               {"a short sale is taken back", bust_short},
               {"a cover is taken back", bust_cover},
               {"what nobody asked for", unasked}};

static void test_unknown(void)
{
    begin();
    check(tell_fill(REPORT_FILL, "nobody", "n1", "1") == -1 && error.code == EXIT_STATE, "a fill of no order of ours");
    check_text(error.text, "the venue reported a fill of an unknown order: nobody", "stops the account");
    error_clear(&error);
    manager.find_order = NULL;
    check(tell_fill(REPORT_FILL, "nobody", "n1", "1") == -1 && error.code == EXIT_STATE, "nobody to ask: the same");
    error_clear(&error);
    check(tell(REPORT_EXPIRED, "nobody") == 0, "what else it says of it is nothing");
    begin();
    const struct order order = entry("o", 1, SIDE_BUY, "10");
    require(take(&order) == 0 && tell(REPORT_ACCEPTED, "o") == 0 && tell_fill(REPORT_FILL, "o", "o1", "1") == 0);
    struct report report = report_of(REPORT_FILL, "o");
    report.fill_id = "o2";
    report.fill.quantity = DEC_MAX;
    report.fill.price = d("100");
    check(orders_report(&manager, &report, &error) == -1 && error.code == EXIT_STATE, "more than a decimal holds");
    check_text(error.text, "order o: its fill is out of range", "is an error");
    error_clear(&error);
}

int main(void)
{
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
        fails_at = 0;
        if (!check(stories[i].tell() == 0, "%s", stories[i].name))
            printf("# %s\n", error.text);
        const int64_t count = calls;
        int64_t told = 0;
        for (int64_t n = 1; n <= count; n++) {
            fails_at = n;
            const int status = stories[i].tell();
            told += status == -1 && error.code == EXIT_STATE && strstr(error.text, "nobody takes note") != NULL;
            if (told != n) {
                printf("# call %lld: %d %s\n", (long long)n, status, error.text);
                break;
            }
        }
        fails_at = 0;
        check(count > 10 && told == count, "%s: each of %lld calls that fails is told", stories[i].name,
              (long long)count);
    }
    test_unknown();
    ledger_clear(&ledger);
    return done();
}
