/* A broker of seeded days, for test-brokers: late, silent, says things twice, fills in parts, rejects, loses what it is
 * sent and what it answers, fills after a cancel and takes fills back. What becomes of an order depends on the day and
 * the order's id alone.
 *
 * The broker is the truth. What it enforces is what brokers enforce: an order that reduces never takes more than there
 * is, of a group that cancel each other one fills. What it keeps to is what broker/broker.h asks of every broker. */
#ifndef TN_TESTS_SCRIPTED_BROKER_H
#define TN_TESTS_SCRIPTED_BROKER_H

#include "base/random.h"
#include "broker/courier.h"
#include "money.h"

#include <stdlib.h>

#define START  (INT64_C(1704205800) * TIME_SECOND)
#define MINUTE TIME_MINUTE
#define GRID   (4 * MINUTE)
#define ORDERS 96
#define PARTS  16
#define EVENTS 4096

struct event {
    enum record_type type;
    union {
        struct order order;
        struct order_update update;
        struct fill fill;
        struct cash cash;
    };
};

enum state { OPEN, FILLED, CANCELLED, REJECTED, EXPIRED };

struct part {
    char id[ID_SIZE];
    dec quantity, price;
};

struct remote_order {
    struct order order;
    enum state state;
    dec filled;
    struct part part[PARTS];
    int parts;
    int64_t told;    /* the time of the last answer: they keep their order */
    bool taken_back; /* its first part */
};

/* struct venue is the broker's. */
struct venue {
    struct remote_order order[ORDERS];
    int orders;
    dec position;
};

struct world {
    uint64_t seed;
    struct random dice; /* of what depends on how often something is sent: losses */
    bool races, busts, lossless;
    bool sure;        /* what nobody has asked for is told for certain, as fills are */
    int64_t question; /* … that is being answered */
    int64_t posted;   /* when the last that was sent arrives: one connection keeps the order */
    struct loop *loop;
    struct venue venue;
    int events, durable;
    struct ledger ledger;
    struct order_manager manager;
    struct courier courier;
    int64_t traded;                /* when something last traded, … */
    int trader;                    /* … which order, … */
    bool close;                    /* … and two within so short a time that either may be first for the account */
    int crash_events, crash_sends; /* so many of them are left to the next, −1: there is none */
    bool crashed, busted;
    int crashes, losses, late, undone, replaced, reported, expired;
    dec sum;
    struct error error;
    int failed;
    struct event event[EVENTS]; /* the last: of it only those that there are count */
};

/* test-brokers.c: the account hears of it. */
static void hear(struct world *world, const struct report *report);

static int64_t wall(const struct world *world)
{
    return START + loop_monotonic(world->loop);
}

/* A number that depends on the day, an order and a use, and on nothing that crashes change. */
static uint64_t fate(const struct world *world, const char *id, unsigned use)
{
    uint64_t mix = world->seed * UINT64_C(0x9e3779b97f4a7c15) + use;
    for (; *id != '\0'; id++)
        mix = (mix ^ (unsigned char)*id) * UINT64_C(0x100000001b3);
    struct random random;
    random_init(&random, mix);
    return random_next(&random);
}

static bool chance(struct world *world, unsigned percent)
{
    return random_next(&world->dice) % 100 < percent;
}

/* A report on its way. */
struct letter {
    struct world *world;
    struct report report;
    char order_id[ID_SIZE], fill_id[ID_SIZE];
};

static int deliver(void *context, int64_t now, struct error *error)
{
    struct letter *letter = context;
    (void)now, (void)error;
    letter->report.time = wall(letter->world);
    letter->world->reported++;
    hear(letter->world, &letter->report);
    free(letter);
    return 0;
}

static void tell_at(struct world *world, const struct report *report, int64_t time)
{
    struct letter *letter = calloc(1, sizeof *letter);
    require(letter != NULL);
    letter->world = world;
    letter->report = *report;
    (void)snprintf(letter->order_id, sizeof letter->order_id, "%s", report->order_id);
    letter->report.order_id = letter->order_id;
    if (report->fill_id != NULL) {
        (void)snprintf(letter->fill_id, sizeof letter->fill_id, "%s", report->fill_id);
        letter->report.fill_id = letter->fill_id;
    }
    require(loop_timer(world->loop, time, deliver, letter, &world->error) > 0);
}

/* Fills are told for certain, late or twice; answers may be lost. Those of one order keep their order, but for fills
 * that are late. */
static void tell(struct world *world, struct remote_order *order, const char *id, const struct report *what)
{
    struct report report = *what;
    const bool fill = report.kind == REPORT_FILL || report.kind == REPORT_BUST;
    int64_t time = loop_monotonic(world->loop) + (int64_t)(random_next(&world->dice) % 2000) * 1000000;
    report.order_id = id;
    report.reason = report.reason == NULL ? "" : report.reason;
    report.filled = order == NULL ? DEC_NONE : order->filled;
    report.question = world->question;
    if (order != NULL && time <= order->told)
        time = order->told + 1;
    if (order != NULL)
        order->told = time;
    if (!fill && !world->sure && !world->lossless && chance(world, 8)) {
        world->losses++;
        return;
    }
    if (fill && world->races && chance(world, 10)) {
        time += (int64_t)(random_next(&world->dice) % 20) * TIME_SECOND;
        world->late++;
    }
    tell_at(world, &report, time);
    if (chance(world, 10))
        tell_at(world, &report, time + (int64_t)(random_next(&world->dice) % 5000) * 1000000);
}

static void tell_kind(struct world *world, struct remote_order *order, enum report_kind kind)
{
    const bool terms = kind == REPORT_REPLACED || kind == REPORT_STANDING;
    const struct report report = {.kind = kind,
                                  .stop_price = terms ? order->order.stop_price : DEC_NONE,
                                  .limit_price = terms ? order->order.limit_price : DEC_NONE,
                                  .new_quantity = terms ? order->order.quantity : DEC_NONE};
    tell(world, order, order->order.id, &report);
}

static void tell_part(struct world *world, struct remote_order *order, int part)
{
    struct report report = {.kind = REPORT_FILL,
                            .fill_id = order->part[part].id,
                            .stop_price = DEC_NONE,
                            .limit_price = DEC_NONE,
                            .new_quantity = DEC_NONE};
    report.fill.quantity = order->part[part].quantity;
    report.fill.price = order->part[part].price;
    report.fill.commission = DEC_ONE / 100;
    tell(world, order, order->order.id, &report);
}

static struct remote_order *remote_find(struct world *world, const char *id)
{
    for (int i = 0; i < world->venue.orders; i++)
        if (strcmp(world->venue.order[i].order.id, id) == 0)
            return &world->venue.order[i];
    return NULL;
}

/* What reduces follows the position; of what has nothing to reduce nothing is left. */
static void enforce(struct world *world)
{
    world->sure = true;
    for (int i = 0; i < world->venue.orders; i++) {
        struct remote_order *order = &world->venue.order[i];
        if (order->state != OPEN || !order_is_reducing(&order->order) ||
            order->order.quantity - order->filled <= world->venue.position)
            continue;
        if (world->venue.position <= 0) {
            order->state = CANCELLED;
            tell_kind(world, order, REPORT_CANCELLED);
        } else {
            order->order.quantity = order->filled + world->venue.position;
            tell_kind(world, order, REPORT_REPLACED);
        }
    }
    world->sure = false;
}

struct dealing {
    struct world *world;
    int order;
    bool last;
};

static void tell_bust(struct world *world, struct remote_order *order)
{
    const struct report report = {.kind = REPORT_BUST,
                                  .fill_id = order->part[0].id,
                                  .reason = "erroneous",
                                  .stop_price = DEC_NONE,
                                  .limit_price = DEC_NONE,
                                  .new_quantity = DEC_NONE};
    tell(world, order, order->order.id, &report);
}

static int take_back(void *context, int64_t now, struct error *error)
{
    struct dealing *trade = context;
    struct world *world = trade->world;
    struct remote_order *order = &world->venue.order[trade->order];
    (void)now, (void)error;
    if (side_sign(order->order.side) > 0 && world->venue.position >= order->part[0].quantity) {
        world->venue.position -= order->part[0].quantity;
        order->taken_back = true;
        world->undone++;
        world->busted = true;
        tell_bust(world, order);
        enforce(world);
    }
    free(trade);
    return 0;
}

static bool is_grouped(const struct remote_order *order, const struct remote_order *other)
{
    return order != other && order->order.oco[0] != '\0' && strcmp(order->order.oco, other->order.oco) == 0;
}

static int trade_now(void *context, int64_t now, struct error *error)
{
    struct dealing *trade = context;
    struct world *world = trade->world;
    struct remote_order *order = &world->venue.order[trade->order];
    const bool reduces = order_is_reducing(&order->order);
    dec quantity = order->order.quantity - order->filled;
    if (!trade->last)
        quantity = quantity / 2 / DEC_ONE * DEC_ONE;
    if (reduces && quantity > world->venue.position)
        quantity = world->venue.position;
    if (order->state == OPEN && quantity > 0 && order->parts < PARTS) {
        struct part *part = &order->part[order->parts++];
        char id[ID_SIZE];
        memcpy(id, order->order.id, sizeof id);
        (void)snprintf(part->id, sizeof part->id, "x%.40s-%d", id, order->parts);
        world->close |= world->traded > 0 && now - world->traded < TIME_MINUTE / 2 && world->trader != trade->order;
        world->traded = now;
        world->trader = trade->order;
        part->quantity = quantity;
        part->price = 100 * DEC_ONE;
        order->filled += quantity;
        world->venue.position += side_sign(order->order.side) * quantity;
        if (order->filled == order->order.quantity)
            order->state = FILLED;
        tell_part(world, order, order->parts - 1);
        for (int i = 0; i < world->venue.orders; i++) {
            struct remote_order *other = &world->venue.order[i];
            if (!is_grouped(order, other) || other->state != OPEN)
                continue;
            other->state = CANCELLED;
            world->sure = true;
            tell_kind(world, other, REPORT_CANCELLED);
            world->sure = false;
        }
        enforce(world);
        if (world->busts && order->parts == 1 && fate(world, order->order.id, 9) % 12 == 0 && !reduces) {
            trade->last = false;
            return loop_timer(world->loop, now + (int64_t)(1 + fate(world, order->order.id, 10) % 120) * TIME_SECOND,
                              take_back, trade, error) > 0
                       ? 0
                       : -1;
        }
    }
    free(trade);
    return 0;
}

static void plan_trade(struct world *world, int order, int64_t after, bool last)
{
    struct dealing *trade = calloc(1, sizeof *trade);
    require(trade != NULL);
    *trade = (struct dealing){world, order, last};
    require(loop_timer(world->loop, loop_monotonic(world->loop) + after, trade_now, trade, &world->error) > 0);
}

static bool group_has_filled(const struct world *world, const struct remote_order *order)
{
    for (int i = 0; i < world->venue.orders; i++)
        if (is_grouped(order, &world->venue.order[i]) && world->venue.order[i].filled > 0)
            return true;
    return false;
}

/* What was valid until now has ended, whether or not the account has said so first. */
static int end_validity(void *context, int64_t now, struct error *error)
{
    struct dealing *end = context;
    struct world *world = end->world;
    struct remote_order *order = &world->venue.order[end->order];
    (void)now, (void)error;
    if (order->state == OPEN) {
        order->state = EXPIRED;
        world->expired++;
        tell_kind(world, order, REPORT_EXPIRED);
    }
    free(end);
    return 0;
}

static void plan_end(struct world *world, int index)
{
    struct dealing *end = calloc(1, sizeof *end);
    const int64_t late = (int64_t)(random_next(&world->dice) % 4000) * 1000000;
    require(end != NULL);
    *end = (struct dealing){.world = world, .order = index};
    require(loop_timer(world->loop, world->venue.order[index].order.valid_until - START + late, end_validity, end,
                       &world->error) > 0);
}

/* A new order at the broker: what becomes of it is its fate. */
static void arrive(struct world *world, const struct order *sent)
{
    struct remote_order *order = remote_find(world, sent->id);
    if (order != NULL) { /* it is there already: an order's id is taken once */
        tell_kind(world, order, order->state == REJECTED ? REPORT_REJECTED : REPORT_ACCEPTED);
        return;
    }
    require(world->venue.orders < ORDERS);
    const int index = world->venue.orders++;
    order = &world->venue.order[index];
    *order = (struct remote_order){.order = *sent};
    if (group_has_filled(world, order)) {
        order->state = CANCELLED;
        tell_kind(world, order, REPORT_CANCELLED);
        return;
    }
    const uint64_t lot = fate(world, sent->id, 1) % 100;
    const bool now = sent->order_type == ORDER_MARKET;
    if (lot < 5 && !order_is_leg(sent)) {
        order->state = REJECTED;
        tell_kind(world, order, REPORT_REJECTED);
        return;
    }
    tell_kind(world, order, REPORT_ACCEPTED);
    enforce(world);
    if (sent->valid_until != TIME_NONE)
        plan_end(world, index);
    if (now) {
        plan_trade(world, index, (int64_t)(1 + lot % 20) * TIME_SECOND, lot % 3 != 0);
        plan_trade(world, index, (int64_t)(22 + lot % 20) * TIME_SECOND, true);
    } else if (lot < 60 && world->races) {
        plan_trade(world, index, (int64_t)(2 + lot % 40) * TIME_SECOND / 2, lot % 2 == 0);
        plan_trade(world, index, (int64_t)(5 + lot % 60) * TIME_SECOND, lot % 4 != 0);
    } else if (lot < 60) { /* at times that do not depend on when exactly it has arrived */
        const int64_t time = loop_monotonic(world->loop);
        const int64_t next = GRID - time % GRID + (int64_t)(fate(world, sent->id, 5) % 20000) * 1000000;
        plan_trade(world, index, next + (int64_t)(lot % 5) * GRID, lot % 2 == 0);
        plan_trade(world, index, next + (int64_t)(5 + lot % 9) * GRID, lot % 4 != 0);
    }
}

static void change(struct world *world, struct remote_order *order, const struct replace *wanted)
{
    const dec quantity = wanted->quantity > 0 ? wanted->quantity : order->order.quantity;
    const bool large = order_is_reducing(&order->order) && quantity - order->filled > world->venue.position;
    if (order->state != OPEN || quantity <= order->filled || large) {
        tell_kind(world, order, REPORT_REPLACE_REJECTED);
        return;
    }
    order->order.quantity = quantity;
    if (wanted->limit_price > 0)
        order->order.limit_price = wanted->limit_price;
    if (wanted->stop_price > 0)
        order->order.stop_price = wanted->stop_price;
    world->replaced++;
    tell_kind(world, order, REPORT_REPLACED);
}

/* Something on its way to the broker. */
struct parcel {
    struct world *world;
    struct intent intent;
    struct order order;
};

static int receive(void *context, int64_t now, struct error *error)
{
    struct parcel *parcel = context;
    struct world *world = parcel->world;
    struct remote_order *order = remote_find(world, parcel->order.id);
    (void)now, (void)error;
    world->question = parcel->intent.question;
    if (parcel->intent.ask && order == NULL) {
        const struct report report = {
            .kind = REPORT_NOT_FOUND, .stop_price = DEC_NONE, .limit_price = DEC_NONE, .new_quantity = DEC_NONE};
        tell(world, NULL, parcel->order.id, &report);
    } else if (parcel->intent.ask) {
        for (int i = 0; i < order->parts; i++)
            tell_part(world, order, i);
        if (order->taken_back)
            tell_bust(world, order);
        tell_kind(world, order,
                  order->state == REJECTED    ? REPORT_REJECTED
                  : order->state == CANCELLED ? REPORT_CANCELLED
                  : order->state == EXPIRED   ? REPORT_EXPIRED
                                              : REPORT_STANDING);
    } else if (parcel->intent.request == REQUEST_SUBMIT) {
        arrive(world, &parcel->order);
    } else if (order != NULL && parcel->intent.request == REQUEST_REPLACE) {
        change(world, order, &parcel->intent.wanted);
    } else if (order != NULL) {
        const bool can = order->state == OPEN;
        if (can)
            order->state = CANCELLED;
        tell_kind(world, order, can || order->state == CANCELLED ? REPORT_CANCELLED : REPORT_CANCEL_REJECTED);
    }
    world->question = 0;
    free(parcel);
    return 0;
}

#endif
