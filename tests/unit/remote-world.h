/* An account at a broker that answers later, with one order, for the units that say to it what such a broker may say:
 * the events that it makes are kept, and looked up as the journal would. */
#ifndef TN_TESTS_REMOTE_WORLD_H
#define TN_TESTS_REMOTE_WORLD_H

#include "money.h"

#include "order/manager.h"

#include <stddef.h>

#define EVENTS 96
#define START  (INT64_C(1704205800) * TIME_SECOND)

struct event {
    enum record_type type;
    union {
        struct order order;
        struct order_update update;
        struct fill fill;
        struct cash cash;
    };
};

static struct world {
    struct ledger ledger;
    struct order_manager manager;
    struct event event[EVENTS];
    int events, alerts;
    int fills, busts; /* of the order, known to the account */
    bool refused, exits;
    int64_t now;
} world;

static struct sha256 *hash;
static struct instrument stock = INSTRUMENT_STOCK;
static const struct instrument *find(void *context, const char *symbol, struct error *error)
{
    (void)context, (void)symbol, (void)error;
    return &stock;
}

static int keep(void *context, enum record_type type, const void *value, struct error *error)
{
    (void)context, (void)error;
    world.alerts += type == RECORD_ALERT;
    if (type != RECORD_ORDER && type != RECORD_ORDER_UPDATE && type != RECORD_FILL)
        return 0;
    require(world.events < EVENTS);
    struct event *event = &world.event[world.events++];
    event->type = type;
    if (type == RECORD_ORDER)
        event->order = *(const struct order *)value;
    else if (type == RECORD_ORDER_UPDATE)
        event->update = *(const struct order_update *)value;
    else
        event->fill = *(const struct fill *)value;
    return 0;
}

static int find_order(void *context, const char *id, struct order *order, struct error *error)
{
    (void)context, (void)error;
    for (int i = 0; i < world.events; i++)
        if (world.event[i].type == RECORD_ORDER && strcmp(world.event[i].order.id, id) == 0) {
            *order = world.event[i].order;
            return 1;
        }
    return 0;
}

static int find_fill(void *context, const char *id, struct fill *fill, struct error *error)
{
    (void)context, (void)error;
    for (int i = 0; i < world.events; i++)
        if (world.event[i].type == RECORD_FILL && strcmp(world.event[i].fill.id, id) == 0) {
            *fill = world.event[i].fill;
            return 1;
        }
    return 0;
}

static struct report report_of(enum report_kind kind, const char *order_id)
{
    return (struct report){.kind = kind,
                           .order_id = order_id,
                           .time = ++world.now,
                           .reason = "",
                           .filled = DEC_NONE,
                           .stop_price = DEC_NONE,
                           .limit_price = DEC_NONE,
                           .new_quantity = DEC_NONE};
}

static int fill(const char *order_id, const char *fill_id, dec quantity, struct error *error)
{
    struct report report = report_of(REPORT_FILL, order_id);
    report.fill_id = fill_id;
    report.fill.quantity = quantity;
    report.fill.price = 100 * DEC_ONE;
    report.fill.commission = 0;
    return orders_report(&world.manager, &report, error);
}

static dec position(const struct ledger *ledger)
{
    const int slot = ledger_find_slot(ledger, "AAA");
    const struct holding *holding = slot < 0 ? NULL : ledger_holding(ledger, "s", slot);
    return holding == NULL ? 0 : holding->quantity;
}

/* An account with an order "o" for three: an entry; or an exit, of five that are held and of which two are sold by
 * another order, "p". */
static void begin(bool exits)
{
    const struct ledger_terms terms = money_terms(NULL);
    struct error error = {0};
    struct refusal refusal;
    ledger_clear(&world.ledger);
    memset(&world, 0, offsetof(struct world, event));
    world.events = world.alerts = 0;
    world.fills = world.busts = 0;
    world.refused = false;
    world.exits = exits;
    world.now = START;
    require(ledger_init(&world.ledger, &terms, &error) == 0);
    struct event *event = &world.event[world.events++];
    event->type = RECORD_CASH;
    event->cash = (struct cash){.time = START,
                                .amount = 1000000 * DEC_ONE,
                                .kind = CASH_DEPOSIT,
                                .rate = DEC_NONE,
                                .cross_rate = DEC_NONE,
                                .settlement_unit = DEC_NONE};
    memcpy(event->cash.account, "test", 5);
    memcpy(event->cash.currency, "USD", 4);
    require(ledger_apply(&world.ledger, RECORD_CASH, &event->cash, &error) == 0);
    world.manager = (struct order_manager){.ledger = &world.ledger,
                                           .limits = risk_defaults(),
                                           .hash = hash,
                                           .instrument = find,
                                           .emit = keep,
                                           .find_order = find_order,
                                           .find_fill = find_fill,
                                           .remote = true,
                                           .orders = true};
    world.manager.limits.max_position = DEC_ONE;
    world.manager.limits.daily_loss = DEC_ONE;
    struct order order = make_order("e", START, "AAA", SIDE_BUY, "5", ROLE_ENTRY);
    order.reference_price = d("100");
    struct intent intent;
    if (exits) {
        require(orders_submit(&world.manager, &order, START, &refusal, &error) == 1);
        require(orders_next_intent(&world.manager, &intent) && fill("e", "e1", 5 * DEC_ONE, &error) == 0);
        order = make_order("p", START, "AAA", SIDE_SELL, "2", ROLE_EXIT);
        require(orders_submit(&world.manager, &order, START, &refusal, &error) == 1);
        require(orders_next_intent(&world.manager, &intent));
        struct report report = report_of(REPORT_ACCEPTED, "p");
        require(orders_report(&world.manager, &report, &error) == 0);
        order = make_order("o", START, "AAA", SIDE_SELL, "3", ROLE_EXIT);
    } else {
        order = make_order("o", START, "AAA", SIDE_BUY, "3", ROLE_ENTRY);
        order.reference_price = d("100");
    }
    require(orders_submit(&world.manager, &order, START, &refusal, &error) == 1);
}

#endif
