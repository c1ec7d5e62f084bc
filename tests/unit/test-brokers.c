/* Thousands of days with a broker that answers late, wrong or not at all (scripted-broker.h); and with crashes at every
 * kind of point: before and after an event, between two intents. The state is then thrown away and folded from the
 * events that were durable. */
#include "scripted-broker.h"

#include <stddef.h>

#define DAYS_RUN 1000
#define LENGTH   (60 * MINUTE)

enum law { SUMS, ORDERED, ONE, INTENTS, REDUCES, ENDS, AGREES, SAME, LAWS };
static const char *const laws[LAWS] = {
    "the fills of the events are the position, after every transaction",
    "no order fills for more than it ever said",
    "of a group that cancel each other one fills",
    "nothing is sent that is not durable",
    "no exit is sent that would take more than is held, as far as that is known",
    "no day ends in an error",
    "in the end the broker and the account have the same orders and the same position",
    "with crashes a day ends as without them",
};
static int broken[LAWS];

static struct sha256 *hash;
static struct instrument stock = INSTRUMENT_STOCK;

static const struct instrument *find(void *context, const char *symbol, struct error *error)
{
    (void)context, (void)symbol, (void)error;
    return &stock;
}

static void breaks(struct world *world, enum law law, const char *what)
{
    if (broken[law]++ < 3)
        printf("# day %llu, %s: %s\n", (unsigned long long)world->seed, laws[law], what);
}

/* The events of the account. */
static int keep(void *context, enum record_type type, const void *value, struct error *error)
{
    struct world *world = context;
    const bool before = world->crash_events == 1 && (world->seed & 1) != 0;
    if (type != RECORD_ORDER && type != RECORD_ORDER_UPDATE && type != RECORD_FILL)
        return 0;
    require(world->events < EVENTS);
    struct event *event = &world->event[world->events];
    event->type = type;
    if (type == RECORD_ORDER)
        event->order = *(const struct order *)value;
    else if (type == RECORD_ORDER_UPDATE)
        event->update = *(const struct order_update *)value;
    else
        event->fill = *(const struct fill *)value;
    world->events += !before;
    if (world->crash_events > 0 && --world->crash_events == 0) {
        world->crashed = true;
        return error_set(error, EXIT_STATE, "crash");
    }
    return 0;
}

static int find_order(void *context, const char *id, struct order *order, struct error *error)
{
    struct world *world = context;
    (void)error;
    for (int i = 0; i < world->events; i++)
        if (world->event[i].type == RECORD_ORDER && strcmp(world->event[i].order.id, id) == 0) {
            *order = world->event[i].order;
            return 1;
        }
    return 0;
}

static int find_fill(void *context, const char *id, struct fill *fill, struct error *error)
{
    struct world *world = context;
    (void)error;
    for (int i = 0; i < world->events; i++)
        if (world->event[i].type == RECORD_FILL && strcmp(world->event[i].fill.id, id) == 0) {
            *fill = world->event[i].fill;
            return 1;
        }
    return 0;
}

static int on_report(void *context, struct report *report, struct error *error);
static int send_intent(struct venue *venue, const struct intent *intent, struct error *error);
static int ask_order(struct venue *venue, const char *order_id, int64_t question, struct error *error);
static const struct broker scripted = {.name = "scripted", .send = send_intent, .ask = ask_order};
static struct world *present;

static void build(struct world *world)
{
    const struct ledger_terms terms = money_terms(NULL);
    struct error error = {0};
    ledger_clear(&world->ledger);
    require(ledger_init(&world->ledger, &terms, &error) == 0);
    for (int i = 0; i < world->events; i++)
        if (ledger_apply(&world->ledger, world->event[i].type, &world->event[i].order, &error) != 0)
            breaks(world, ENDS, error.text);
    world->manager = (struct order_manager){.ledger = &world->ledger,
                                            .limits = risk_defaults(),
                                            .hash = hash,
                                            .instrument = find,
                                            .emit = keep,
                                            .find_order = find_order,
                                            .find_fill = find_fill,
                                            .context = world,
                                            .remote = true,
                                            .orders = true};
    world->manager.limits.max_position = DEC_ONE;
    world->manager.limits.daily_loss = DEC_ONE;
    world->courier = (struct courier){.manager = &world->manager,
                                      .broker = &scripted,
                                      .venue = &world->venue,
                                      .loop = world->loop,
                                      .patience = 5 * TIME_SECOND,
                                      .wall = START,
                                      .report = on_report,
                                      .context = world};
}

static void restart(struct world *world);

static void check_laws(struct world *world)
{
    dec sum = 0;
    for (int i = 0; i < world->events; i++) {
        const struct fill *fill = &world->event[i].fill;
        if (world->event[i].type == RECORD_FILL)
            sum += side_sign(fill->side) * fill->quantity;
    }
    const int slot = ledger_find_slot(&world->ledger, "AAA");
    const struct holding *holding = slot < 0 ? NULL : ledger_holding(&world->ledger, "s", slot);
    if ((holding == NULL ? 0 : holding->quantity) != sum)
        breaks(world, SUMS, "they differ");
    world->sum = sum;
}

/* What was done is durable, and is sent. */
static void commit(struct world *world)
{
    world->durable = world->events;
    check_laws(world);
    if (courier_send(&world->courier, &world->error) != 0 && world->crashed)
        restart(world);
}

static void restart(struct world *world)
{
    do {
        world->crashed = false;
        world->crashes++;
        world->crash_events = world->races ? 20 + (int)(random_next(&world->dice) % 60) : -1;
        world->crash_sends = world->races ? 5 + (int)(random_next(&world->dice) % 20) : -1;
        error_clear(&world->error);
        courier_clear(&world->courier);
        world->posted = 0; /* another connection: it may overtake what is on its way */
        world->events = world->durable;
        build(world);
        check_laws(world);
    } while (courier_resume(&world->courier, &world->error) != 0 && world->crashed);
}

typedef int deed(struct world *world, void *what, struct error *error);

/* Does something in a transaction; after a crash in the midst of it again. */
static void transact(struct world *world, deed *act, void *what)
{
    for (;;) {
        const int status = act(world, what, &world->error);
        if (status >= 0) {
            commit(world);
            return;
        }
        if (!world->crashed) {
            breaks(world, ENDS, world->error.text);
            error_clear(&world->error);
            world->failed++;
            return;
        }
        restart(world);
    }
}

static int take_report(struct world *world, void *what, struct error *error)
{
    struct report report = *(const struct report *)what;
    return orders_report(&world->manager, &report, error);
}

static void hear(struct world *world, const struct report *report)
{
    struct report own = *report;
    transact(world, take_report, &own);
}

static int on_report(void *context, struct report *report, struct error *error)
{
    (void)error;
    hear(context, report);
    return 0;
}

static bool is_durable(const struct world *world, const struct intent *intent)
{
    const enum order_status status = intent->request == REQUEST_CANCEL ? STATUS_PENDING_CANCEL : STATUS_PENDING_REPLACE;
    for (int i = world->durable; i-- > 0;) {
        const struct event *event = &world->event[i];
        if (intent->ask || intent->request == REQUEST_SUBMIT
                ? event->type == RECORD_ORDER && strcmp(event->order.id, intent->order->id) == 0
                : event->type == RECORD_ORDER_UPDATE && event->update.status == status &&
                      strcmp(event->update.order_id, intent->order->id) == 0)
            return true;
    }
    return false;
}

static int post(struct world *world, const struct intent *intent, struct error *error)
{
    const struct open_order *open_order = ledger_open_order(&world->ledger, intent->order->id);
    const bool replaces = intent->request == REQUEST_REPLACE && intent->wanted.quantity > 0;
    const dec quantity = replaces ? intent->wanted.quantity : intent->order->quantity;
    if (!is_durable(world, intent))
        breaks(world, INTENTS, intent->order->id);
    if (order_is_reducing(intent->order) && !intent->ask && intent->request != REQUEST_CANCEL &&
        quantity - open_order->filled > world->sum)
        breaks(world, REDUCES, intent->order->id);
    const bool before = world->crash_sends == 1 && (world->seed & 2) != 0;
    if (!before && (world->lossless || !chance(world, 5))) {
        struct parcel *parcel = calloc(1, sizeof *parcel);
        require(parcel != NULL);
        *parcel = (struct parcel){.world = world, .intent = *intent, .order = *intent->order};
        const int64_t time = loop_monotonic(world->loop) + (int64_t)(random_next(&world->dice) % 1000) * 1000000;
        world->posted = time > world->posted ? time : world->posted + 1;
        require(loop_timer(world->loop, world->posted, receive, parcel, error) > 0);
    }
    if (world->crash_sends > 0 && --world->crash_sends == 0) {
        world->crashed = true;
        return error_set(error, EXIT_STATE, "crash");
    }
    return 0;
}

static int send_intent(struct venue *venue, const struct intent *intent, struct error *error)
{
    (void)venue;
    return post(present, intent, error);
}

static int ask_order(struct venue *venue, const char *order_id, int64_t question, struct error *error)
{
    const struct open_order *open_order = ledger_open_order(&present->ledger, order_id);
    (void)venue;
    require(open_order != NULL);
    const struct intent intent = {.ask = true, .question = question, .order = &open_order->order};
    return post(present, &intent, error);
}

/* What somebody does at some moment of the day. */
struct wish {
    struct world *world;
    int number;
};

static int submit(struct world *world, struct order *order, struct error *error)
{
    struct refusal refusal;
    order->time = wall(world);
    order->valid_until = world->races && fate(world, order->id, 7) % 4 == 0 && !order_is_reducing(order)
                             ? order->time + 90 * TIME_SECOND
                             : TIME_NONE;
    return orders_submit(&world->manager, order, order->time, &refusal, error);
}

static int enter(struct world *world, int number, struct error *error)
{
    char id[16];
    (void)snprintf(id, sizeof id, "e%d", number);
    const uint64_t lot = fate(world, id, 2);
    struct order order = make_order(id, wall(world), "AAA", SIDE_BUY, "60", ROLE_ENTRY);
    order.reference_price = d("100");
    if (lot % 3 == 0) {
        order.order_type = ORDER_LIMIT;
        order.limit_price = d("100");
    }
    if (lot % 5 == 0) {
        (void)snprintf(order.oco, sizeof order.oco, "group%d", number);
        order.order_type = ORDER_LIMIT;
        order.limit_price = d("99");
        if (submit(world, &order, error) < 0)
            return -1;
        (void)snprintf(order.id, sizeof order.id, "f%d", number);
        order.limit_price = d("98");
    } else if (lot % 2 == 0) {
        order.legs[order.leg_count++] = make_leg(ROLE_STOP, ORDER_STOP, DEC_NONE, d("90"));
        order.legs[order.leg_count++] = make_leg(ROLE_TARGET, ORDER_LIMIT, d("110"), DEC_NONE);
        if (lot % 7 < 3) { /* half of it at the first target */
            order.legs[1].share = DEC_ONE / 2;
            order.legs[order.leg_count++] = make_leg(ROLE_TARGET, ORDER_LIMIT, d("120"), DEC_NONE);
        }
    } else if (lot % 11 < 3 && number > 0) {
        (void)snprintf(order.oto, sizeof order.oto, "e%d", number - 1);
    }
    return submit(world, &order, error);
}

static int wish_now(struct world *world, void *what, struct error *error)
{
    const struct wish *wish = what;
    char id[16];
    (void)snprintf(id, sizeof id, "w%d", wish->number);
    const uint64_t lot = fate(world, id, 3);
    if (wish->number % 3 == 0)
        return enter(world, wish->number, error);
    if (lot % 4 == 0 && world->ledger.open_orders > 0) {
        const struct open_order *open_order = world->ledger.open_order[lot / 4 % world->ledger.open_orders];
        char cancelled[ID_SIZE];
        memcpy(cancelled, open_order->order.id, sizeof cancelled);
        return order_is_leg(&open_order->order)
                   ? 0
                   : orders_cancel(&world->manager, cancelled, wall(world), "by hand", error);
    }
    if (lot % 4 == 1 && world->ledger.open_orders > 0) {
        const struct open_order *open_order = world->ledger.open_order[lot / 4 % world->ledger.open_orders];
        struct replace replace = {
            .time = wall(world), .quantity = DEC_NONE, .limit_price = DEC_NONE, .stop_price = DEC_NONE};
        struct refusal refusal;
        if (order_is_leg(&open_order->order) || open_order->order.order_type != ORDER_LIMIT)
            return 0;
        (void)snprintf(replace.order_id, sizeof replace.order_id, "%s", open_order->order.id);
        replace.limit_price = (dec)(95 + lot % 4) * DEC_ONE;
        replace.quantity = (dec)(30 + lot % 40) * DEC_ONE;
        return orders_replace(&world->manager, &replace, wall(world), &refusal, error);
    }
    if (lot % 4 == 2 && world->sum > 0) {
        struct order order = make_order(id, wall(world), "AAA", SIDE_SELL, "20", ROLE_EXIT);
        order.quantity = world->sum < order.quantity ? world->sum : order.quantity;
        return submit(world, &order, error);
    }
    return 0;
}

static int on_wish(void *context, int64_t now, struct error *error)
{
    struct wish *wish = context;
    (void)now, (void)error;
    transact(wish->world, wish_now, wish);
    free(wish);
    return 0;
}

static int finish(struct world *world, void *what, struct error *error)
{
    struct worth worth;
    (void)what;
    return orders_finish(&world->manager, wall(world), false, &worth, error);
}

/* Moments end, and with them what was valid until then. */
static int on_moment(void *context, int64_t now, struct error *error)
{
    struct world *world = context;
    transact(world, finish, NULL);
    return now > 20 * MINUTE || loop_timer(world->loop, now + 10 * TIME_SECOND, on_moment, world, error) > 0 ? 0 : -1;
}

static int on_evening(void *context, int64_t now, struct error *error)
{
    struct world *world = context;
    (void)now, (void)error;
    world->lossless = true;
    world->crash_events = world->crash_sends = -1;
    return 0;
}

static void compare(struct world *world)
{
    if (world->sum != world->venue.position)
        breaks(world, AGREES, "the position");
    for (int i = 0; i < world->venue.orders; i++) {
        const struct remote_order *order = &world->venue.order[i];
        const struct open_order *open_order = ledger_open_order(&world->ledger, order->order.id);
        if ((open_order != NULL) != (order->state == OPEN))
            breaks(world, AGREES, order->order.id);
        else if (open_order != NULL &&
                 (open_order->order.quantity != order->order.quantity || open_order->filled != order->filled ||
                  open_order->order.limit_price != order->order.limit_price ||
                  open_order->order.stop_price != order->order.stop_price || open_order->doubt ||
                  open_order_request(open_order) != REQUEST_NONE))
            breaks(world, AGREES, "the terms of an order");
        for (int k = 0; k < i; k++)
            if (order->order.oco[0] != '\0' && order->filled > 0 && world->venue.order[k].filled > 0 &&
                strcmp(world->venue.order[k].order.oco, order->order.oco) == 0)
                breaks(world, ONE, order->order.oco);
    }
    for (int i = 0; i < world->events; i++) {
        dec filled = 0, most = 0;
        if (world->event[i].type != RECORD_ORDER)
            continue;
        most = world->event[i].order.quantity;
        for (int k = i; k < world->events; k++) {
            const struct event *event = &world->event[k];
            if (event->type == RECORD_FILL && strcmp(event->fill.order_id, world->event[i].order.id) == 0)
                filled += event->fill.quantity;
            if (event->type == RECORD_ORDER_UPDATE && event->update.quantity > most &&
                strcmp(event->update.order_id, world->event[i].order.id) == 0)
                most = event->update.quantity;
        }
        if (filled > most)
            breaks(world, ORDERED, world->event[i].order.id);
    }
}

/* One day; `crash`: how many events, or sends, until the first. */
static void live(struct world *world, uint64_t seed, bool races, int crash_events, int crash_sends)
{
    memset(world, 0, offsetof(struct world, event));
    world->seed = seed;
    world->races = world->busts = races;
    world->crash_events = crash_events;
    world->crash_sends = crash_sends;
    random_init(&world->dice, seed);
    present = world;
    world->loop = loop_new_virtual(0, &world->error);
    require(world->loop != NULL);
    struct cash cash = {.time = START,
                        .amount = 1000000 * DEC_ONE,
                        .kind = CASH_DEPOSIT,
                        .rate = DEC_NONE,
                        .cross_rate = DEC_NONE,
                        .settlement_unit = DEC_NONE};
    memcpy(cash.account, "test", 5);
    memcpy(cash.currency, "USD", 4);
    world->event[0].type = RECORD_CASH;
    world->event[0].cash = cash;
    world->events = world->durable = 1;
    build(world);
    const int wishes = races ? 24 : 4;
    for (int i = 0; i < wishes; i++) {
        struct wish *wish = calloc(1, sizeof *wish);
        require(wish != NULL);
        *wish = (struct wish){world, i};
        const int64_t time =
            races ? (int64_t)(random_next(&world->dice) % 600) * TIME_SECOND + i * TIME_SECOND : (2 + i * 12) * MINUTE;
        require(loop_timer(world->loop, time, on_wish, wish, &world->error) > 0);
    }
    if (races)
        require(loop_timer(world->loop, 10 * TIME_SECOND, on_moment, world, &world->error) > 0);
    require(loop_timer(world->loop, races ? 20 * MINUTE : LENGTH, on_evening, world, &world->error) > 0);
    while (loop_run(world->loop, &world->error) != 0) {
        require(world->crashed); /* … in what a timer has sent */
        restart(world);
    }
    compare(world);
    courier_clear(&world->courier);
    ledger_clear(&world->ledger);
    loop_free(world->loop);
}

/* What the broker did for us: the parts of all orders, in the order of their ids. */
static uint64_t ending(const struct world *world)
{
    uint64_t sum = (uint64_t)world->venue.position;
    for (int i = 0; i < world->venue.orders; i++) {
        const struct remote_order *order = &world->venue.order[i];
        uint64_t own = (uint64_t)order->filled * 31 + (uint64_t)order->state;
        for (const char *c = order->order.id; *c != '\0'; c++)
            own = (own ^ (unsigned char)*c) * UINT64_C(0x100000001b3);
        sum += own;
    }
    return sum;
}

int main(int argc, char **argv)
{
    static struct world world;
    struct error error = {0};
    int crashes = 0, losses = 0, late = 0, undone = 0, replaced = 0, reported = 0, compared = 0, apart = 0, expired = 0;
    const int days = argc > 1 ? (int)strtol(argv[1], NULL, 10) : DAYS_RUN;
    hash = sha256_new(&error);
    require(hash != NULL);
    for (int i = 0; i < days; i++) {
        const uint64_t seed = (uint64_t)i + 1;
        live(&world, seed, true, 1 + i % 37, 1 + i % 11);
        crashes += world.crashes;
        losses += world.losses;
        late += world.late;
        undone += world.undone;
        replaced += world.replaced;
        expired += world.expired;
        reported += world.reported;
        if (i % 8 != 0)
            continue;
        live(&world, seed, false, -1, -1);
        const uint64_t end = ending(&world);
        const int events = world.events;
        apart += !world.close;
        for (int at = 1; !world.close && at < events; at += 1 + i % 3) {
            live(&world, seed, false, at, -1);
            compared += world.crashes;
            if (!world.close && ending(&world) != end)
                breaks(&world, SAME, "another end");
        }
    }
    for (int law = 0; law < LAWS; law++)
        check(broken[law] == 0, "%s", laws[law]);
    printf(
        "# %d reports, %d crashes and %d more in %d days compared, %d answers lost, %d fills late, %d taken back, %d "
        "replaced, %d expired there\n",
        reported, crashes, compared, apart, losses, late, undone, replaced, expired);
    check(crashes > days && losses > days && late > days / 2 && undone > days / 20 && replaced > days &&
              expired > days / 20 && compared > days,
          "the days were bad");
    sha256_free(hash);
    return done();
}
