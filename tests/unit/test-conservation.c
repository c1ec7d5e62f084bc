/* Hundreds of random worlds through the order manager and the venue: bars with splits, dividends and delistings, nights
 * that are charged, orders of all kinds from several instances. After every step the account must add up by this file's
 * own sums, and a second ledger that folds the events as written and read back must be the same. */
#include "conservation.h"

#define WORLDS         500 /* 10,000 in the soak */
#define UNREAD_WORLDS  60
#define FAILING_WORLDS 400
#define DAYS           60
#define DAY_ZERO       at("2024-01-02T00:00:00Z")

static dec near(struct world *world, dec price, double spread)
{
    double factor = 1 + spread * random_normal(&world->random);
    factor = factor < 0.2 ? 0.2 : factor;
    dec result;
    require(dec_from_double(&result, dec_to_double(price) * factor, ROUND_HALF_EVEN) == 0);
    require(dec_round(&result, result, DEC_ONE / 100, ROUND_HALF_EVEN) == 0);
    return result < DEC_ONE / 100 ? DEC_ONE / 100 : result;
}

static void add_legs(struct world *world, struct order *order, dec price)
{
    const bool buys = order->side == SIDE_BUY;
    if (below(world, 3) != 0)
        order->legs[order->leg_count++] = make_leg(ROLE_STOP, ORDER_STOP, DEC_NONE, near(world, price, 0.03));
    if (below(world, 3) == 0)
        order->legs[order->leg_count++] = make_leg(ROLE_TARGET, ORDER_LIMIT, near(world, price, 0.05), DEC_NONE);
    if (below(world, 3) == 0) { /* shares, ages, trails, times */
        struct leg *leg = &order->legs[order->leg_count++];
        *leg = make_leg(ROLE_TARGET, ORDER_LIMIT, DEC_NONE, DEC_NONE);
        leg->share = (dec)(1 + below(world, 9)) * (DEC_ONE / 10);
        leg->offset = (dec)(1 + below(world, 200)) * (DEC_ONE / 100);
        if (below(world, 2) == 0)
            leg->fall = DEC_ONE / 100;
    }
    if (below(world, 4) == 0) {
        struct leg *leg = &order->legs[order->leg_count++];
        *leg = make_leg(ROLE_STOP, ORDER_TRAILING_STOP, DEC_NONE, DEC_NONE);
        leg->trail_percent = (dec)(1 + below(world, 5)) * DEC_ONE;
        if (below(world, 2) == 0)
            leg->active_price = near(world, price, 0.03);
    }
    if (below(world, 4) == 0) {
        struct leg *leg = &order->legs[order->leg_count++];
        *leg = make_leg(ROLE_TIME, ORDER_MARKET, DEC_NONE, DEC_NONE);
        leg->bars = (int64_t)below(world, 4);
        if (leg->bars == 0)
            leg->time_in_force = TIF_CLS;
    }
    if (order->leg_count > 0 && order->legs[0].role == ROLE_STOP && order->legs[0].order_type == ORDER_STOP) {
        if (below(world, 3) == 0)
            order->legs[0].even_r = DEC_ONE;
        order->legs[0].even_after_target = below(world, 3) == 0 ? 1 : -1;
    }
    for (int i = 0; i < order->leg_count; i++) { /* mostly on the right side */
        if (order->legs[i].order_type != ORDER_STOP && order->legs[i].limit_price == DEC_NONE)
            continue;
        dec *at = order->legs[i].role == ROLE_STOP ? &order->legs[i].stop_price : &order->legs[i].limit_price;
        const bool lower = buys == (order->legs[i].role == ROLE_STOP);
        if ((*at < price) != lower && below(world, 10) != 0)
            *at = lower ? (price > 2 * DEC_ONE ? price - DEC_ONE : price) : price + DEC_ONE;
    }
}

/* Another price or quantity for an order, sensible or not. */
static int replace(struct world *world, struct error *error)
{
    const struct open_order *open_order = world->ledger.open_order[below(world, world->ledger.open_orders)];
    const dec price = world->price[symbol_index(open_order->order.symbol)];
    struct replace replace = {
        .time = world->now, .quantity = DEC_NONE, .limit_price = DEC_NONE, .stop_price = DEC_NONE};
    struct refusal refusal;
    memcpy(replace.order_id, open_order->order.id, sizeof replace.order_id);
    if (below(world, 2) == 0 && open_order->kind->limit)
        replace.limit_price = near(world, price, 0.02);
    if (below(world, 2) == 0 && (open_order->kind->stop || open_order->kind->trail))
        replace.stop_price = near(world, price, 0.02);
    if (below(world, 3) == 0)
        replace.quantity = (dec)(1 + below(world, 300)) * DEC_ONE;
    const int done = orders_replace(&world->manager, &replace, world->now, &refusal, error);
    replaced_seen += done == 1;
    return done < 0 ? -1 : 0;
}

/* An order as people and programs write them, sensible or not. */
static struct order draw_order(struct world *world)
{
    const size_t s = below(world, SYMBOLS), i = below(world, STRATEGIES);
    const dec price = world->price[s], held = world->expected[s][i].quantity;
    char id[ID_SIZE];
    (void)snprintf(id, sizeof id, "w%lld", (long long)++world->orders);
    struct order order = make_order(id, world->now, symbols[s], SIDE_BUY, "1", roles[below(world, 5)]);
    memcpy(order.strategy, strategies[i], strlen(strategies[i]) + 1);
    order.order_type = (enum order_type)(ORDER_MARKET + below(world, 7));
    order.interval = one_day;
    order.reduce_only = below(world, 3) == 0 ? 1 : -1;
    order.quantity = (dec)(1 + below(world, 300)) * DEC_ONE;
    if (order_is_reducing(&order)) {
        order.side = held > 0 ? SIDE_SELL : SIDE_BUY_TO_COVER;
        if (held != 0 && below(world, 4) != 0)
            order.quantity = held > 0 ? held : -held;
    } else {
        static const enum side sides[] = {SIDE_BUY, SIDE_BUY, SIDE_SELL_SHORT, SIDE_SELL};
        order.side = sides[below(world, 4)];
        add_legs(world, &order, price);
    }
    const struct order_kind *kind = order_kind(order.order_type);
    if (kind->limit)
        order.limit_price = near(world, price, 0.02);
    if (kind->stop || (kind->trail && below(world, 2) == 0))
        order.stop_price = near(world, price, 0.02);
    if (kind->trail)
        order.trail_percent = (dec)(1 + below(world, 5)) * DEC_ONE;
    if (kind->trigger == TRIGGER_NONE && below(world, 3) == 0)
        order.time_in_force = (enum time_in_force)(TIF_IOC + below(world, 4));
    if (below(world, 2) == 0)
        (void)snprintf(order.oco, sizeof order.oco, "group %d", (int)below(world, 2));
    if (world->ledger.open_orders > 0 && below(world, 8) == 0)
        memcpy(order.oto, world->ledger.open_order[below(world, world->ledger.open_orders)]->order.id,
               sizeof order.oto);
    order.reference_price = price;
    if (below(world, 2) == 0)
        order.valid_until = world->now + (int64_t)below(world, 4) * TIME_DAY;
    if (order.valid_until != TIME_NONE && below(world, 2) == 0) /* an opening, at which a bar fills */
        order.valid_until += 16 * TIME_HOUR - (int64_t)below(world, 2);
    return order;
}

static int submit(struct world *world, const struct order *order, struct error *error)
{
    struct refusal refusal;
    const int taken = orders_submit(&world->manager, order, world->now, &refusal, error);
    refusals_seen += taken == 0;
    return taken < 0 ? -1 : 0;
}

/* A level, sized as tn-risk does it. */
static int follow(struct world *world, struct error *error)
{
    static const enum want sides[] = {WANT_LONG, WANT_LONG, WANT_SHORT, WANT_FLAT};
    const size_t s = below(world, SYMBOLS), i = below(world, STRATEGIES);
    struct signal signal = {.time = world->now,
                            .decided = world->now,
                            .side = sides[below(world, 4)],
                            .initial = -1,
                            .interval = one_day,
                            .units = NAN,
                            .price = world->price[s],
                            .stop = DEC_NONE,
                            .target = DEC_NONE,
                            .entry_price = DEC_NONE};
    (void)snprintf(signal.id, sizeof signal.id, "sg%lld", (long long)++world->orders);
    memcpy(signal.symbol, symbols[s], strlen(symbols[s]) + 1);
    memcpy(signal.strategy, strategies[i], strlen(strategies[i]) + 1);
    if (signal.side != WANT_FLAT)
        signal.stop =
            signal.side == WANT_LONG ? (dec)(0.95 * (double)signal.price) : (dec)(1.05 * (double)signal.price);
    struct risk_result *decided = &world->decided;
    if (risk_decide(&world->ledger, &world->manager.limits, &world->instrument[s], world->hash, &signal,
                    world->now + TIME_DAY, decided, error) != 0)
        return -1;
    for (int c = 0; c < decided->cancels; c++)
        if (orders_cancel(&world->manager, decided->cancel[c].order_id, world->now, "level", error) < 0)
            return -1;
    return decided->has_order ? submit(world, &decided->order, error) : 0;
}

static int act(struct world *world, struct error *error)
{
    switch (below(world, 13)) {
    case 12:
        return world->ledger.open_orders == 0 ? 0 : replace(world, error);
    case 0: {
        struct cash cash = {.time = world->now,
                            .account = "test",
                            .currency = "USD",
                            .rate = DEC_NONE,
                            .cross_rate = DEC_NONE,
                            .settlement_unit = DEC_NONE};
        const bool in = below(world, 2) == 0;
        cash.kind = in ? CASH_DEPOSIT : CASH_WITHDRAWAL;
        cash.amount = (in ? 1 : -1) * (dec)(1 + below(world, 1000000)) * (DEC_ONE / 100);
        (void)snprintf(cash.id, sizeof cash.id, "c%lld", (long long)++world->orders);
        return append(world, RECORD_CASH, &cash, error);
    }
    case 1:
        if (world->ledger.open_orders > 0) {
            char id[ID_SIZE];
            memcpy(id, world->ledger.open_order[below(world, world->ledger.open_orders)]->order.id, sizeof id);
            return orders_cancel(&world->manager, id, world->now, "by hand", error) == 1 ? 0 : -1;
        }
        return 0;
    case 2: {
        const struct halt halt = {.time = world->now, .account = "test", .halted = below(world, 3) == 0};
        return append(world, RECORD_HALT, &halt, error);
    }
    case 3:
    case 4:
    case 5:
        return follow(world, error);
    default: {
        const struct order order = draw_order(world);
        return submit(world, &order, error);
    }
    }
}

static int bar(struct world *world, int s, struct interval interval, int64_t opens, int64_t end, struct error *error)
{
    struct candle candle = {.time = opens, .opens = opens, .end = end};
    candle.open = near(world, world->price[s], 0.02);
    candle.close = near(world, candle.open, 0.02);
    candle.high = near(world, candle.open, 0.02);
    candle.low = near(world, candle.open, 0.02);
    const dec top = candle.open > candle.close ? candle.open : candle.close;
    const dec bottom = candle.open < candle.close ? candle.open : candle.close;
    candle.high = candle.high < top ? top : candle.high;
    candle.low = candle.low > bottom ? bottom : candle.low;
    world->price[s] = candle.close;
    const int64_t now = world->now, middle = opens + (end - opens) / 2;
    if (below(world, 8) == 0) { /* while it is open, on either side of the roll: questions are no events */
        world->now = middle + (int64_t)below(world, 2) * 2 * TIME_HOUR;
        if (world->ledger.open_orders > 0 && replace(world, error) != 0)
            return -1;
        const struct order order = draw_order(world);
        if (submit(world, &order, error) != 0)
            return -1;
        world->now = now;
    }
    const int slot = ledger_slot(&world->ledger, symbols[s], error);
    const struct bars bars = bars_of(&candle);
    const int status = slot < 0 ? -1 : pass_bar(&world->manager, &world->sim, slot, interval, &bars, error);
    check_sums(world);
    return status;
}

static int corporate(struct world *world, int s, int64_t time, struct error *error)
{
    static const int64_t ratios[][2] = {{2, 1}, {3, 2}, {7, 1}, {1, 3}, {1, 10}, {1, 150}};
    /* Reverse splits one after the other would end in prices that nothing has. */
    const int slot = ledger_find_slot(&world->ledger, symbols[s]);
    const bool dear =
        world->price[s] > 1000 * DEC_ONE || (slot >= 0 && world->ledger.symbol_state[slot].mark > 1000 * DEC_ONE);
    const size_t which = below(world, dear ? 3 : 6);
    struct action action = make_split("", time, symbols[s], ratios[which][0], ratios[which][1]);
    (void)snprintf(action.id, sizeof action.id, "a%lld", (long long)++world->orders);
    action.account[0] = '\0';
    const bool delisted = below(world, 40) == 0;
    if (delisted || below(world, 2) == 0) {
        action = make_dividend(action.id, time, symbols[s], "0.37");
        action.account[0] = '\0';
        action.kind = delisted ? ACTION_DELIST : ACTION_DIVIDEND;
        if (delisted)
            action.cash = below(world, 2) == 0 ? DEC_NONE : (dec)below(world, 3) * world->price[s];
    } else {
        world->price[s] = (dec)ratio(world->price[s], ratios[which][1], ratios[which][0]);
        if (world->price[s] < DEC_ONE)
            world->price[s] = DEC_ONE;
    }
    static struct waiting waiting[WAITING_MAX];
    const size_t count = action.kind == ACTION_DELIST ? 0 : note_waiting(world, &action, waiting);
    const int status = orders_action(&world->manager, &action, error);
    check_waiting(world, waiting, count);
    check_sums(world);
    return status;
}

static int finish(struct world *world, int64_t known, struct error *error)
{
    struct worth worth;
    world->now = known;
    if (orders_finish(&world->manager, known, true, &worth, error) != 0)
        return -1;
    check_sums(world);
    check_fold(world);
    for (size_t i = 0; i < world->ledger.open_orders; i++) {
        const int64_t until = world->ledger.open_order[i]->order.valid_until;
        if (until != TIME_NONE && until <= known)
            breaks(world, ENDS, "works beyond it");
    }
    for (uint64_t n = below(world, 4); n > 0; n--) {
        if (act(world, error) != 0)
            return -1;
        check_sums(world);
    }
    return 0;
}

static int pass_nights(struct world *world, int64_t known, struct error *error)
{
    world->manager.calendar = &always; /* the bars themselves are sessions */
    if (below(world, 3) == 0)
        world->manager.night = (struct next_night){.known = false}; /* as after a restart */
    const int status = world->manager.costs.carry == NULL ? 0 : orders_charge_nights(&world->manager, known, error);
    world->manager.calendar = NULL;
    return status;
}

/* A day is one bar, or two of which the second spans the roll; sometimes a coarser bar around both. */
static int day(struct world *world, int64_t midnight, struct error *error)
{
    static const struct interval half = {INTERVAL_HOUR, 4};
    const int64_t opens = midnight + 12 * TIME_HOUR, noon = opens + 4 * TIME_HOUR, end = noon + 4 * TIME_HOUR;
    for (int s = 0; s < SYMBOLS; s++)
        while (below(world, 8) == 0)
            if (corporate(world, s, midnight, error) != 0)
                return -1;
    if (below(world, 2) == 0) {
        if (pass_nights(world, noon, error) != 0)
            return -1;
        for (int s = 0; s < SYMBOLS; s++)
            if (bar(world, s, half, opens, noon, error) != 0)
                return -1;
        if (finish(world, noon, error) != 0 || pass_nights(world, end, error) != 0)
            return -1;
        for (int s = 0; s < SYMBOLS; s++)
            if (bar(world, s, half, noon, end, error) != 0)
                return -1;
    }
    if (pass_nights(world, end, error) != 0)
        return -1;
    for (int s = 0; s < SYMBOLS; s++)
        if (below(world, 5) != 0 && bar(world, s, one_day, opens, end, error) != 0)
            return -1;
    return finish(world, end, error);
}

static int live(struct world *world, struct error *error)
{
    const struct ledger_terms terms = money_terms(NULL);
    const int64_t start = at("2024-01-01T00:00:00Z");
    if (ledger_init(&world->ledger, &terms, error) != 0 || ledger_init(&world->second, &terms, error) != 0)
        return -1;
    for (int s = 0; s < SYMBOLS; s++) {
        if (ledger_slot(&world->ledger, symbols[s], error) < 0 || ledger_slot(&world->second, symbols[s], error) < 0)
            return -1;
        world->instrument[s] = INSTRUMENT_STOCK;
        world->price[s] = (dec)(5 + below(world, 200)) * DEC_ONE;
    }
    if (below(world, 4) == 0)
        world->instrument[2].multiplier = 5 * DEC_ONE;
    world->manager = (struct order_manager){.ledger = &world->ledger,
                                            .limits = risk_defaults(),
                                            .hash = world->unread ? NULL : world->hash,
                                            .instrument = find,
                                            .emit = keep,
                                            .context = world,
                                            .orders = !world->unread,
                                            .marks = !world->unread};
    world->sim =
        (struct sim){.ledger = &world->ledger, .costs = &world->manager.costs, .instrument = find, .context = world};
    if (below(world, 2) == 0) {
        world->thin =
            (struct thin){.model = *fill_models[below(world, 6)], .most = (dec)(5 + below(world, 100)) * DEC_ONE};
        world->thin.model.fillable = fillable;
        world->sim.fills.model = &world->thin.model;
    }
    struct risk_terms *limits = &world->manager.limits;
    limits->max_position = DEC_ONE;
    limits->daily_loss = DEC_ONE / (dec)(2 + below(world, 20));
    limits->long_only = below(world, 4) == 0;
    limits->entry_within = (int64_t)below(world, 3); /* any, 1, 2 */
    limits->fractional = below(world, 4) == 0;
    if (world->seed % 8 == 0) { /* a broker that wants several times what is held */
        limits->maintenance[0] = 3 * DEC_ONE;
        limits->maintenance[1] = 4 * DEC_ONE;
        world->manager.liquidates = true;
    }
    if (below(world, 2) == 0)
        world->manager.costs = (struct costs){.per_share = DEC_ONE / 200,
                                              .percent = (dec)below(world, 100000),
                                              .minimum = DEC_ONE,
                                              .slippage_ticks = (dec)below(world, 3) * DEC_ONE,
                                              .slippage_bps = (dec)below(world, 10) * DEC_ONE};
    world->manager.costs.carry = below(world, 2) == 0 ? &carry : NULL;
    world->manager.costs.fees = below(world, 2) == 0 ? &tax : NULL;
    world->manager.costs.state = &world->fees;
    struct cash cash = {.time = start,
                        .amount = 50000 * DEC_ONE,
                        .kind = CASH_DEPOSIT,
                        .rate = DEC_NONE,
                        .cross_rate = DEC_NONE,
                        .settlement_unit = DEC_NONE,
                        .lot_order = (enum lot_order)below(world, LOTS_HIGHEST_COST + 1)};
    memcpy(cash.account, "test", 5);
    memcpy(cash.currency, "USD", 4);
    memcpy(cash.id, "open", 5);
    if (append(world, RECORD_CASH, &cash, error) != 0)
        return -1;
    for (int n = 1; n <= DAYS; n++)
        if (day(world, start + n * TIME_DAY, error) != 0)
            return -1;
    return 0;
}

/* Cash of exactly what a limit order will cost, a cent more and a cent less: shares × price, half a cent of commission
 * a share, and for a short sale half of the amount less its tax. It is filled at its limit in the first two cases. */
static void exact_power(struct world *world)
{
    const struct ledger_terms terms = money_terms(NULL);
    struct error error = {0};
    int wrong = 0, filled = 0;
    for (int n = 0; n < 300; n++) {
        const bool shorts = below(world, 2) == 0;
        const int spare = (int)below(world, 3) - 1;
        const dec shares = 200 * (dec)(1 + below(world, 50)), cents = 2 * (dec)(100 + below(world, 20000));
        const dec price = cents * (DEC_ONE / 100), amount = shares * cents; /* in cents */
        const dec needed = (shorts ? amount / 2 + (amount + 999) / 1000 : amount) + shares / 2;
        require(ledger_init(&world->ledger, &terms, &error) == 0 && ledger_slot(&world->ledger, "AAA", &error) == 0);
        struct cash cash = {.time = DAY_ZERO,
                            .kind = CASH_DEPOSIT,
                            .rate = DEC_NONE,
                            .cross_rate = DEC_NONE,
                            .settlement_unit = DEC_NONE,
                            .account = "test"};
        cash.amount = (needed + spare) * (DEC_ONE / 100);
        memcpy(cash.currency, "USD", 4);
        memcpy(cash.id, "open", 5);
        require(ledger_apply(&world->ledger, RECORD_CASH, &cash, &error) == 0);
        world->instrument[0] = INSTRUMENT_STOCK;
        world->manager = (struct order_manager){.ledger = &world->ledger,
                                                .limits = risk_defaults(),
                                                .hash = world->hash,
                                                .instrument = find,
                                                .context = world,
                                                .costs = {.per_share = DEC_ONE / 200, .fees = &tax}};
        world->manager.costs.state = &world->fees;
        world->manager.limits.max_position = 10 * DEC_ONE;
        world->manager.limits.long_only = false;
        world->sim = (struct sim){
            .ledger = &world->ledger, .costs = &world->manager.costs, .instrument = find, .context = world};
        struct order order =
            make_order("exact", DAY_ZERO + TIME_HOUR, "AAA", shorts ? SIDE_SELL_SHORT : SIDE_BUY, "1", ROLE_ENTRY);
        order.quantity = shares;
        order.quantity *= DEC_ONE;
        order.order_type = ORDER_LIMIT;
        order.time_in_force = TIF_GTC;
        order.limit_price = order.reference_price = price;
        const dec away = shorts ? price - DEC_ONE / 2 : price + DEC_ONE / 2;
        const struct candle candle = {.time = DAY_ZERO + 12 * TIME_HOUR,
                                      .opens = DAY_ZERO + 12 * TIME_HOUR,
                                      .end = DAY_ZERO + 20 * TIME_HOUR,
                                      .open = away,
                                      .high = price + DEC_ONE,
                                      .low = price - DEC_ONE,
                                      .close = away};
        const struct bars bars = bars_of(&candle);
        struct refusal refusal;
        require(orders_submit(&world->manager, &order, order.time, &refusal, &error) >= 0 &&
                pass_bar(&world->manager, &world->sim, 0, one_day, &bars, &error) == 0);
        const struct holding *holding = ledger_holding(&world->ledger, "s", 0);
        const bool took = holding != NULL && holding->quantity != 0;
        filled += took;
        if (took != (spare >= 0) && wrong++ < MOST_TOLD)
            printf("# %s of %lld at %lld cents, %d to spare: %s (%s)\n", shorts ? "short" : "purchase",
                   (long long)shares, (long long)cents, spare, took ? "filled" : "not filled", error.text);
        ledger_clear(&world->ledger);
    }
    check(wrong == 0 && filled > 100 && filled < 280,
          "what costs exactly the buying power is bought, a cent more is not");
}

static void run(struct world *world, uint64_t seed)
{
    static struct error error;
    world->seed = seed;
    world->failed = false;
    world->calls = world->orders = 0;
    world->cash = 0;
    memset(world->expected, 0, sizeof world->expected);
    world->last_fill = TIME_NONE;
    memset(world->sold, 0, sizeof world->sold);
    fee_state_init(&world->fees);
    names_init(&world->over);
    names_init(&world->filled);
    random_init(&world->random, seed);
    error_clear(&error);
    const int result = live(world, &error);
    if (result != 0 && !world->failed)
        breaks(world, RUNS, error.text);
    if (world->failed && (result == 0 || error.code != EXIT_STATE || strstr(error.text, "nobody takes note") == NULL))
        breaks(world, STOPS, result == 0 ? "it goes on" : error.text);
}

static void end(struct world *world)
{
    ledger_clear(&world->ledger);
    ledger_clear(&world->second);
    fee_state_clear(&world->fees);
    names_clear(&world->over);
    names_clear(&world->filled);
}

/* After what failed there is no more and no less than what the events say. */
static void check_stop(const struct world *world)
{
    const struct ledger *ledger = &world->ledger;
    if (ledger->cash != world->second.cash || ledger->cash != world->cash)
        breaks(world, STOPS, "the cash");
    for (int s = 0; s < SYMBOLS; s++)
        for (int i = 0; i < STRATEGIES; i++) {
            const struct holding *holding = ledger_holding(ledger, strategies[i], ledger_find_slot(ledger, symbols[s]));
            if ((holding == NULL ? 0 : holding->quantity) != world->expected[s][i].quantity)
                breaks(world, STOPS, symbols[s]);
        }
}

/* Of what a thousand worlds see, what so many should. */
static int64_t least(int64_t of_thousand, uint64_t worlds)
{
    return of_thousand * (int64_t)worlds / 1000;
}

/* The worlds: so many, or as many as the argument says. */
int main(int argc, char **argv)
{
    const uint64_t worlds = argc > 1 ? strtoull(argv[1], NULL, 10) : WORLDS;
    struct world *world = calloc(1, sizeof *world);
    struct expected expected[SYMBOLS][STRATEGIES];
    int stopped = 0;
    int64_t called = 0;
    struct error error = {0};
    struct sha256 *hash = sha256_new(&error);
    require(world != NULL && hash != NULL && calendar_init(&always, "always", NULL, &error) == 0 &&
            carry_add_plain(&carry, d("0.12"), d("0.012"), d("0.36"), &error) == 0);
    fee_schedule_init(&tax);
    require(fee_schedule_read(&tax, "tax.fees", str_of(TAX), NULL, NULL, &error) == 0);
    buf_init(&world->line, RECORD_LINE_MAX);
    buf_init(&world->scratch, RECORD_LINE_MAX);
    buf_init(&world->state, LEDGER_STATE_MAX);
    buf_init(&world->second_state, LEDGER_STATE_MAX);
    risk_result_init(&world->decided);
    world->record.scratch = &world->scratch;
    world->hash = hash;
    for (uint64_t seed = 1; seed <= worlds; seed++) {
        run(world, seed);
        called += (int64_t)world->manager.liquidated;
        const dec cash = world->ledger.cash;
        memcpy(expected, world->expected, sizeof expected);
        end(world);
        if (seed <= UNREAD_WORLDS) {
            world->unread = true;
            run(world, seed);
            if (world->ledger.cash != cash || memcmp(expected, world->expected, sizeof expected) != 0)
                breaks(world, UNREAD, "cash or a position");
            end(world);
            world->unread = false;
        }
    }
    for (uint64_t seed = 1; seed <= FAILING_WORLDS; seed++) {
        world->fails_at = 1 + (int64_t)(seed * 7919 % 400);
        run(world, seed);
        check_stop(world);
        stopped += world->failed;
        end(world);
    }
    world->fails_at = 0;
    world->failed = false;
    fee_state_init(&world->fees);
    exact_power(world);
    fee_state_clear(&world->fees);
    for (int law = 0; law < LAWS; law++)
        check(broken[law] == 0, "%s", law_text[law]);
    printf("# %lld fills (%lld exits, %lld of legs, %lld of parts), %lld actions, %lld expiries, %lld refusals, %lld "
           "replaced, %lld sent after another, %lld "
           "cancelled for another, %lld charges for nights, %lld delistings\n",
           (long long)fills_seen, (long long)exits_seen, (long long)leg_fills_seen, (long long)parts_seen,
           (long long)actions_seen, (long long)expiries_seen, (long long)refusals_seen, (long long)replaced_seen,
           (long long)sent_seen, (long long)groups_seen, (long long)charges_seen, (long long)delistings_seen);
    check(fills_seen > least(20000, worlds) && exits_seen > least(5000, worlds) &&
              leg_fills_seen > least(2000, worlds) && actions_seen > least(2000, worlds) &&
              expiries_seen > least(500, worlds) && refusals_seen > least(2000, worlds) &&
              parts_seen > least(2000, worlds) && replaced_seen > least(1000, worlds) &&
              sent_seen > least(100, worlds) && groups_seen > least(100, worlds) &&
              charges_seen > least(5000, worlds) && delistings_seen > least(100, worlds),
          "the worlds were busy");
    check(called > least(100, worlds), "%lld positions were left for a margin call", (long long)called);
    check(stopped > FAILING_WORLDS / 2, "%d of %d worlds were stopped", stopped, FAILING_WORLDS);
    printf("# %lld taxed, %lld bought, %lld lowered by a dividend, %lld in their last moment, %lld in one moment with "
           "another\n",
           (long long)taxed_seen, (long long)bought_seen, (long long)lowered_seen, (long long)last_moment_seen,
           (long long)same_moment_seen);
    check(taxed_seen > least(2000, worlds) && bought_seen > least(2000, worlds) && lowered_seen > least(1000, worlds) &&
              last_moment_seen > least(25, worlds) && same_moment_seen > least(2000, worlds),
          "and saw fees, thin cash, dividends over orders, last moments, several fills a moment");
    risk_result_clear(&world->decided);
    buf_clear(&world->line);
    buf_clear(&world->scratch);
    buf_clear(&world->state);
    buf_clear(&world->second_state);
    sha256_free(hash);
    fee_schedule_clear(&carry);
    fee_schedule_clear(&tax);
    free(world);
    return done();
}
