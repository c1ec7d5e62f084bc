/* A thousand random worlds through the order manager and the venue: bars with splits, dividends and delistings, nights
 * that are charged, orders of all kinds from several instances. After every step the account must add up by this file's
 * own sums, and a second ledger that folds the events as written and read back must be the same. */
#include "money.h"

#include "base/random.h"
#include "cost/carry.h"
#include "cost/fees.h"
#include "ledger/state.h"
#include "record/record.h"
#include "venue.h"

#include <math.h>
#include <stdlib.h>

#define WORLDS     1000
#define DAYS       60
#define SYMBOLS    3
#define STRATEGIES 3
#define MOST_TOLD  5

enum law { EQUITY, POSITION, LOTS, COST, CASH, EXITS, FITS, ONE, ORDERED, ENDS, FOLD, RUNS, LAWS };

static const char *const law_text[LAWS] = {
    [EQUITY] = "cash and positions at their marks are the equity, after every step",
    [POSITION] = "fills, adjusted for splits, are the positions",
    [LOTS] = "lots are the positions, and none is empty",
    [COST] = "realised less open cost is the cash flow of the fills, to the last digit",
    [CASH] = "deposits, dividends and the flows of the fills are the cash",
    [EXITS] = "exits never take more than is held",
    [FITS] = "what works to reduce a position is of its side and no larger",
    [ONE] = "of the orders of a group that work together one fills",
    [ORDERED] = "no order fills for more than it says, and what waits for another fills after it",
    [ENDS] = "nothing fills after its valid_until",
    [FOLD] = "folding the events again gives the same account",
    [RUNS] = "no world ends in an error",
};

static const char *const symbols[SYMBOLS] = {"AAA", "BBB", "CCC"};
static const char *const strategies[STRATEGIES] = {"", "one", "two:n=3"};
static const enum role roles[] = {ROLE_NONE, ROLE_ENTRY, ROLE_EXIT, ROLE_STOP, ROLE_TARGET};

static int64_t broken[LAWS], fills_seen, parts_seen, replaced_seen, sent_seen, groups_seen, actions_seen, exits_seen,
    expiries_seen, refusals_seen, leg_fills_seen, charges_seen, delistings_seen;

/* What holding costs in half of the worlds: 12, 1.2 and 36 % a year. */
static struct fee_schedule carry;
static struct calendar always;

/* What this file knows by itself. */
struct expected {
    dec quantity;
    __int128 flow; /* of the fills, 1e-8 */
};

/* Bars that have only so much for all orders of ours together. */
struct thin {
    struct fill_model model;
    dec most;
};

struct world {
    uint64_t seed;
    struct thin thin;
    struct random random;
    struct ledger ledger, second;
    struct order_manager manager;
    struct sim sim;
    struct sha256 *hash;
    struct instrument instrument[SYMBOLS];
    struct expected expected[SYMBOLS][STRATEGIES];
    __int128 cash;
    dec price[SYMBOLS];
    struct buf line, scratch, state, second_state;
    struct names over, filled; /* orders whose group has filled without them; orders that have filled */
    struct record record;
    struct risk_result decided;
    int64_t orders;
    int64_t now;
};

static void breaks(const struct world *world, enum law law, const char *what)
{
    if (broken[law]++ < MOST_TOLD)
        printf("# world %llu, %s: %s\n", (unsigned long long)world->seed, law_text[law], what);
}

static int symbol_index(const char *symbol)
{
    int i = 0;
    while (strcmp(symbols[i], symbol) != 0)
        i++;
    return i;
}

static int strategy_index(const char *strategy)
{
    int i = 0;
    while (strcmp(strategies[i], strategy) != 0)
        i++;
    return i;
}

static uint64_t below(struct world *world, uint64_t bound)
{
    return random_below(&world->random, bound);
}

static const struct instrument *find(void *context, const char *symbol, struct error *error)
{
    struct world *world = context;
    (void)error;
    return &world->instrument[symbol_index(symbol)];
}

/* a × b ÷ c, half-even, in a way of its own: by the remainder's double. */
static __int128 ratio(__int128 a, __int128 b, __int128 c)
{
    const __int128 product = a * b, size = product < 0 ? -product : product;
    __int128 quotient = size / c;
    const __int128 twice = 2 * (size - quotient * c);
    if (twice > c || (twice == c && quotient % 2 == 1))
        quotient++;
    return product < 0 ? -quotient : quotient;
}

static dec fillable(const struct fill_model *model, const struct order *order, dec rest, dec taken,
                    const struct bars *bar)
{
    (void)order, (void)rest, (void)bar;
    return ((const struct thin *)(const void *)model)->most - taken;
}

/* An order has filled for so much: what that means for it and the others. */
static void expect_order(struct world *world, const struct order *order, dec filled)
{
    struct error error = {0};
    if (filled > order->quantity || (order->oto[0] != '\0' && names_find(&world->filled, str_of(order->oto)) < 0))
        breaks(world, ORDERED, order->id);
    if (names_find(&world->over, str_of(order->id)) >= 0)
        breaks(world, ONE, order->id);
    require(names_add(&world->filled, str_of(order->id), &error) >= 0);
    for (size_t i = 0; order->oco[0] != '\0' && i < world->ledger.tickets; i++) {
        const struct order *other = &world->ledger.ticket[i]->order;
        if (strcmp(other->oco, order->oco) == 0 && strcmp(other->id, order->id) != 0) {
            groups_seen++;
            require(names_add(&world->over, str_of(other->id), &error) >= 0);
        }
    }
}

static void expect_fill(struct world *world, const struct fill *fill)
{
    const int symbol = symbol_index(fill->symbol);
    struct expected *expected = &world->expected[symbol][strategy_index(fill->strategy)];
    const bool buys = fill->side == SIDE_BUY || fill->side == SIDE_BUY_TO_COVER;
    const dec before = expected->quantity;
    expected->quantity += buys ? fill->quantity : -fill->quantity;
    const __int128 cents = ratio((__int128)fill->quantity * (world->instrument[symbol].multiplier / DEC_ONE),
                                 fill->price, (__int128)DEC_ONE * 1000000);
    const __int128 flow = (buys ? -cents : cents) * 1000000 - (fill->commission == DEC_NONE ? 0 : fill->commission);
    expected->flow += flow;
    world->cash += flow;
    const struct ticket *ticket = ledger_ticket(&world->ledger, fill->order_id);
    if (ticket != NULL)
        expect_order(world, &ticket->order, ticket->filled + fill->quantity);
    if (ticket != NULL && ticket->order.valid_until != TIME_NONE && ticket->order.valid_until < fill->time)
        breaks(world, ENDS, fill->order_id);
    fills_seen++;
    leg_fills_seen += fill->role == ROLE_STOP || fill->role == ROLE_TARGET;
    if (fill->role == ROLE_EXIT || fill->role == ROLE_STOP || fill->role == ROLE_TARGET) {
        exits_seen++;
        const bool through = (before > 0 && expected->quantity < 0) || (before < 0 && expected->quantity > 0);
        if (before == 0 || (before > 0) == buys || through)
            breaks(world, EXITS, fill->order_id);
    }
}

static void expect_action(struct world *world, const struct action *action)
{
    actions_seen++;
    delistings_seen += action->kind == ACTION_DELIST;
    for (int i = 0; action->kind == ACTION_SPLIT && i < STRATEGIES; i++) {
        struct expected *expected = &world->expected[symbol_index(action->symbol)][i];
        expected->quantity = (dec)ratio(expected->quantity, action->new_shares, action->old_shares);
    }
}

/* Writes an event and reads it back. */
static int copy_event(struct world *world, enum record_type type, const void *value, void *copy, struct error *error)
{
    buf_reset(&world->line);
    record_encode(&world->line, type, value);
    return buf_check(&world->line, error) == 0 &&
                   record_scan(&world->record, world->line.p, world->line.n - 1, error) == 0 &&
                   world->record.type == type && record_decode(&world->record, copy, error) == 0
               ? 0
               : -1;
}

union any {
    struct order order;
    struct order_update update;
    struct fill fill;
    struct cash cash;
    struct action action;
    struct mark mark;
    struct equity equity;
    struct halt halt;
};

static int keep(void *context, enum record_type type, const void *value, struct error *error)
{
    struct world *world = context;
    union any copy;
    if (copy_event(world, type, value, &copy, error) != 0)
        return -1;
    if (type == RECORD_FILL)
        expect_fill(world, value);
    if (type == RECORD_ACTION)
        expect_action(world, value);
    if (type == RECORD_CASH) {
        const struct cash *cash = value;
        world->cash += cash->amount;
        charges_seen +=
            cash->kind == CASH_MARGIN_INTEREST || cash->kind == CASH_CREDIT_INTEREST || cash->kind == CASH_BORROW;
    }
    if (type == RECORD_ORDER_UPDATE)
        sent_seen += ((const struct order_update *)value)->status == STATUS_ACCEPTED &&
                     strcmp(((const struct order_update *)value)->reason, "oto") == 0;
    if (type == RECORD_ORDER_UPDATE) {
        parts_seen += ((const struct order_update *)value)->status == STATUS_PARTIALLY_FILLED;
        expiries_seen += ((const struct order_update *)value)->status == STATUS_EXPIRED;
    }
    return ledger_apply(&world->second, type, &copy, error);
}

/* An event that others write. */
static int append(struct world *world, enum record_type type, const void *value, struct error *error)
{
    return keep(world, type, value, error) == 0 ? ledger_apply(&world->ledger, type, value, error) : -1;
}

/* Each order that reduces by itself, the stops of all entries together. */
static void check_fits(const struct world *world)
{
    const struct ledger *ledger = &world->ledger;
    for (size_t h = 0; h < ledger->holdings; h++) {
        const dec held = ledger->holding[h].quantity, size = held < 0 ? -held : held;
        dec stops = 0;
        for (size_t i = 0; i < ledger->tickets; i++) {
            const struct ticket *ticket = ledger->ticket[i];
            const dec rest = ticket->order.quantity - ticket->filled;
            if (ticket->sleeps || (size_t)ticket->holding != h || !order_is_reducing(&ticket->order))
                continue;
            if (rest > size || (held > 0) == (side_sign(ticket->order.side) > 0))
                breaks(world, FITS, ticket->order.id);
            /* A trail is beside the stop, for the same shares. */
            stops += ticket->order.role == ROLE_STOP && ticket->order.parent[0] != '\0' &&
                             ticket->order.order_type != ORDER_TRAILING_STOP
                         ? rest
                         : 0;
        }
        if (stops > size)
            breaks(world, FITS, "the stops together");
    }
}

static void check_sums(struct world *world)
{
    const struct ledger *ledger = &world->ledger;
    __int128 value = 0;
    check_fits(world);
    if (ledger->cash != world->cash)
        breaks(world, CASH, "the cash");
    for (int s = 0; s < SYMBOLS; s++) {
        const int slot = ledger_find_slot(ledger, symbols[s]);
        for (int i = 0; i < STRATEGIES; i++) {
            const struct holding *holding = ledger_holding(ledger, strategies[i], slot);
            const struct expected *expected = &world->expected[s][i];
            __int128 lots = 0, cost = 0;
            if ((holding == NULL ? 0 : holding->quantity) != expected->quantity)
                breaks(world, POSITION, symbols[s]);
            if (holding == NULL)
                continue;
            for (size_t l = 0; l < holding->lots; l++) {
                lots += holding->lot[l].quantity;
                cost += holding->lot[l].cost;
                if (holding->lot[l].quantity == 0 || (holding->lot[l].quantity > 0) != (holding->quantity > 0))
                    breaks(world, LOTS, "a lot that is empty or on the other side");
            }
            if (lots != holding->quantity)
                breaks(world, LOTS, symbols[s]);
            if (holding->realized - cost != expected->flow)
                breaks(world, COST, symbols[s]);
            if (holding->quantity != 0)
                value += (__int128)holding->quantity * (holding->multiplier / DEC_ONE) * ledger->slot[slot].mark;
        }
    }
    dec equity = DEC_NONE;
    struct error error = {0};
    if (ledger_equity(ledger, &equity, &error) != 0 || equity != ledger->cash + ratio(value, 1, DEC_ONE))
        breaks(world, EQUITY, "the equity");
}

static bool same_holding(const struct holding *a, const struct holding *b)
{
    if (strcmp(a->strategy, b->strategy) != 0 || a->quantity != b->quantity || a->lots != b->lots ||
        a->realized != b->realized || a->touched != b->touched || strcmp(a->entry_signal, b->entry_signal) != 0 ||
        a->entry_time != b->entry_time)
        return false;
    for (size_t i = 0; i < a->lots; i++)
        if (a->lot[i].quantity != b->lot[i].quantity || a->lot[i].cost != b->lot[i].cost ||
            a->lot[i].opened != b->lot[i].opened || strcmp(a->lot[i].fill, b->lot[i].fill) != 0)
            return false;
    return true;
}

static bool same_ticket(const struct ticket *a, const struct ticket *b)
{
    const struct order *x = &a->order, *y = &b->order;
    bool same = strcmp(x->id, y->id) == 0 && x->quantity == y->quantity && x->limit_price == y->limit_price &&
                x->stop_price == y->stop_price && x->valid_until == y->valid_until && x->role == y->role &&
                x->side == y->side && x->order_type == y->order_type && x->leg_count == y->leg_count &&
                x->time == y->time && strcmp(x->parent, y->parent) == 0 && x->reduce_only == y->reduce_only &&
                x->reference_price == y->reference_price && a->status == b->status && a->from == b->from &&
                a->filled == b->filled && a->price == b->price && a->notional == b->notional &&
                a->commission == b->commission && a->fills == b->fills && a->triggered == b->triggered &&
                x->active_price == y->active_price && x->even_price == y->even_price && x->fall == y->fall &&
                a->revision == b->revision && a->sleeps == b->sleeps && a->due == b->due && a->pasts == b->pasts;
    for (int i = 0; same && i < a->pasts; i++)
        same = memcmp(&a->past[i], &b->past[i], sizeof a->past[i]) == 0;
    for (int i = 0; same && i < x->leg_count; i++)
        same = x->legs[i].limit_price == y->legs[i].limit_price && x->legs[i].stop_price == y->legs[i].stop_price;
    return same;
}

static bool same_slot(const struct ledger_slot *a, const struct ledger_slot *b)
{
    bool same = a->mark == b->mark && a->marked == b->marked && a->split == b->split && a->quantity == b->quantity &&
                a->working == b->working && a->intervals == b->intervals;
    for (size_t i = 0; same && i < a->intervals; i++)
        same = a->seen[i].high_water == b->seen[i].high_water;
    return same;
}

static void check_fold(struct world *world)
{
    const struct ledger *a = &world->ledger, *b = &world->second;
    if (a->cash != b->cash || a->value != b->value || a->halted != b->halted || a->commission != b->commission ||
        a->fees != b->fees || a->opening != b->opening || a->actions != b->actions)
        breaks(world, FOLD, "the account");
    if (a->day_ends != b->day_ends || a->day_start != b->day_start || a->day_worst != b->day_worst ||
        a->day_worst_share != b->day_worst_share || a->day_flows != b->day_flows)
        breaks(world, FOLD, "the trading day");
    if (a->exits.count != b->exits.count)
        breaks(world, FOLD, "the signals of exits");
    for (size_t i = 0; i < a->exits.count && i < b->exits.count; i++)
        if (ledger_exit_attempts(b, a->exits.name[i]) != a->attempt[i])
            breaks(world, FOLD, "the attempts of exits");
    if (a->tickets != b->tickets || a->holdings != b->holdings) {
        breaks(world, FOLD, "how much there is");
        return;
    }
    for (size_t i = 0; i < a->holdings; i++)
        if (strcmp(ledger_symbol(a, a->holding[i].slot), ledger_symbol(b, b->holding[i].slot)) != 0 ||
            !same_holding(&a->holding[i], &b->holding[i]))
            breaks(world, FOLD, "a holding");
    for (size_t i = 0; i < a->tickets; i++)
        if (!same_ticket(a->ticket[i], b->ticket[i]))
            breaks(world, FOLD, "a working order");
    for (int s = 0; s < SYMBOLS; s++) {
        const int x = ledger_find_slot(a, symbols[s]), y = ledger_find_slot(b, symbols[s]);
        if (x >= 0 && y >= 0 && !same_slot(&a->slot[x], &b->slot[y]))
            breaks(world, FOLD, "a symbol");
    }
    struct error error = {0};
    buf_reset(&world->state);
    buf_reset(&world->second_state);
    if (ledger_save(a, &world->state, &error) != 0 || ledger_save(b, &world->second_state, &error) != 0 ||
        !str_equal(buf_str(&world->state), buf_str(&world->second_state)))
        breaks(world, FOLD, "the bytes of the state");
}

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
    const struct ticket *ticket = world->ledger.ticket[below(world, world->ledger.tickets)];
    const dec price = world->price[symbol_index(ticket->order.symbol)];
    struct replace replace = {
        .time = world->now, .quantity = DEC_NONE, .limit_price = DEC_NONE, .stop_price = DEC_NONE};
    struct refusal refusal;
    memcpy(replace.order_id, ticket->order.id, sizeof replace.order_id);
    if (below(world, 2) == 0 && ticket->kind->limit)
        replace.limit_price = near(world, price, 0.02);
    if (below(world, 2) == 0 && (ticket->kind->stop || ticket->kind->trail))
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
    if (world->ledger.tickets > 0 && below(world, 8) == 0)
        memcpy(order.oto, world->ledger.ticket[below(world, world->ledger.tickets)]->order.id, sizeof order.oto);
    order.reference_price = price;
    if (below(world, 2) == 0)
        order.valid_until = world->now + (int64_t)below(world, 4) * TIME_DAY;
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
        return world->ledger.tickets == 0 ? 0 : replace(world, error);
    case 0: {
        struct cash cash = {
            .time = world->now, .account = "test", .currency = "USD", .rate = DEC_NONE, .settlement_unit = DEC_NONE};
        const bool in = below(world, 2) == 0;
        cash.kind = in ? CASH_DEPOSIT : CASH_WITHDRAWAL;
        cash.amount = (in ? 1 : -1) * (dec)(1 + below(world, 1000000)) * (DEC_ONE / 100);
        (void)snprintf(cash.id, sizeof cash.id, "c%lld", (long long)++world->orders);
        return append(world, RECORD_CASH, &cash, error);
    }
    case 1:
        if (world->ledger.tickets > 0) {
            char id[ID_SIZE];
            memcpy(id, world->ledger.ticket[below(world, world->ledger.tickets)]->order.id, sizeof id);
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
        if (world->ledger.tickets > 0 && replace(world, error) != 0)
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
    const bool dear = world->price[s] > 1000 * DEC_ONE || (slot >= 0 && world->ledger.slot[slot].mark > 1000 * DEC_ONE);
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
    const int status = orders_action(&world->manager, &action, error);
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
                                            .hash = world->hash,
                                            .instrument = find,
                                            .emit = keep,
                                            .context = world,
                                            .orders = true,
                                            .marks = true};
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
    if (below(world, 2) == 0)
        world->manager.costs = (struct costs){.per_share = DEC_ONE / 200,
                                              .percent = (dec)below(world, 100000),
                                              .minimum = DEC_ONE,
                                              .slippage_ticks = (dec)below(world, 3) * DEC_ONE,
                                              .slippage_bps = (dec)below(world, 10) * DEC_ONE};
    world->manager.costs.carry = below(world, 2) == 0 ? &carry : NULL;
    struct cash cash = {.time = start,
                        .amount = 50000 * DEC_ONE,
                        .kind = CASH_DEPOSIT,
                        .rate = DEC_NONE,
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

/* The worlds: so many, or as many as the argument says. */
int main(int argc, char **argv)
{
    const uint64_t worlds = argc > 1 ? strtoull(argv[1], NULL, 10) : WORLDS;
    struct world *world = calloc(1, sizeof *world);
    struct error error = {0};
    struct sha256 *hash = sha256_new(&error);
    require(world != NULL && hash != NULL && calendar_init(&always, "always", NULL, &error) == 0 &&
            carry_add_plain(&carry, d("0.12"), d("0.012"), d("0.36"), &error) == 0);
    buf_init(&world->line, RECORD_LINE_MAX);
    buf_init(&world->scratch, RECORD_LINE_MAX);
    buf_init(&world->state, LEDGER_STATE_MAX);
    buf_init(&world->second_state, LEDGER_STATE_MAX);
    risk_result_init(&world->decided);
    world->record.scratch = &world->scratch;
    world->hash = hash;
    for (uint64_t seed = 1; seed <= worlds; seed++) {
        world->seed = seed;
        world->orders = 0;
        world->cash = 0;
        memset(world->expected, 0, sizeof world->expected);
        names_init(&world->over);
        names_init(&world->filled);
        random_init(&world->random, seed);
        if (live(world, &error) != 0)
            breaks(world, RUNS, error.text);
        error_clear(&error);
        ledger_clear(&world->ledger);
        ledger_clear(&world->second);
        names_clear(&world->over);
        names_clear(&world->filled);
    }
    for (int law = 0; law < LAWS; law++)
        check(broken[law] == 0, "%s", law_text[law]);
    printf("# %lld fills (%lld exits, %lld of legs, %lld of parts), %lld actions, %lld expiries, %lld refusals, %lld "
           "replaced, %lld sent after another, %lld "
           "cancelled for another, %lld charges for nights, %lld delistings\n",
           (long long)fills_seen, (long long)exits_seen, (long long)leg_fills_seen, (long long)parts_seen,
           (long long)actions_seen, (long long)expiries_seen, (long long)refusals_seen, (long long)replaced_seen,
           (long long)sent_seen, (long long)groups_seen, (long long)charges_seen, (long long)delistings_seen);
    check(fills_seen > 20000 && exits_seen > 5000 && leg_fills_seen > 2000 && actions_seen > 2000 &&
              expiries_seen > 500 && refusals_seen > 2000 && parts_seen > 2000 && replaced_seen > 1000 &&
              sent_seen > 100 && groups_seen > 100 && charges_seen > 5000 && delistings_seen > 100,
          "the worlds were busy");
    risk_result_clear(&world->decided);
    buf_clear(&world->line);
    buf_clear(&world->scratch);
    buf_clear(&world->state);
    buf_clear(&world->second_state);
    sha256_free(hash);
    fee_schedule_clear(&carry);
    free(world);
    return done();
}
