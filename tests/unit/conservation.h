/* A random world of test-conservation.c, its laws, and what the test itself knows of it by its own sums. */
#ifndef TN_TESTS_CONSERVATION_H
#define TN_TESTS_CONSERVATION_H

#include "money.h"

#include "base/random.h"
#include "cost/carry.h"
#include "cost/fees.h"
#include "ledger/state.h"
#include "record/record.h"
#include "venue.h"

#include <math.h>
#include <stdlib.h>

#define SYMBOLS    3
#define STRATEGIES 3
#define MOST_TOLD  5

enum law {
    EQUITY,
    POSITION,
    LOTS,
    COST,
    CASH,
    EXITS,
    FITS,
    ONE,
    ORDERED,
    ENDS,
    FEES,
    POWER,
    PRICES,
    FOLD,
    RUNS,
    STOPS,
    UNREAD,
    LAWS
};

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
    [ENDS] = "nothing fills or works after its valid_until",
    [FEES] = "fees are what the schedule says of an order's sales, part by part",
    [POWER] = "nothing is bought with more than the buying power there was",
    [PRICES] = "a split moves all prices that wait, a dividend open buy limits and sell stops",
    [FOLD] = "folding the events again gives the same account",
    [RUNS] = "no world ends in an error",
    [STOPS] = "what nobody takes note of stops the account, and is not booked",
    [UNREAD] = "an account of which nobody reads the orders and marks is the same",
};

static const char *const symbols[SYMBOLS] = {"AAA", "BBB", "CCC"};
static const char *const strategies[STRATEGIES] = {"", "one", "two:n=3"};
static const enum role roles[] = {ROLE_NONE, ROLE_ENTRY, ROLE_EXIT, ROLE_STOP, ROLE_TARGET};

static int64_t broken[LAWS], fills_seen, parts_seen, replaced_seen, sent_seen, groups_seen, actions_seen, exits_seen,
    expiries_seen, refusals_seen, leg_fills_seen, charges_seen, delistings_seen, taxed_seen, bought_seen, lowered_seen,
    last_moment_seen, same_moment_seen;

/* What holding costs in half of the worlds: 12, 1.2 and 36 % a year. */
static struct fee_schedule carry;
static struct calendar always;

/* What sales cost in half of the worlds: 1 in 1000 of an order's, up to the next cent. */
static struct fee_schedule tax;
#define TAX       "title: tax\ncurrency: USD\nsource: this test\nfee tax 2000-01-01: sell 0.1%, up 0.01\n"
#define TAXED_MAX 4096

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
    int64_t calls, fails_at; /* of the manager's questions and events that one fails; 0: none */
    bool failed, unread;     /* one has; fills, cash and actions alone are told, and nothing has an id of its own */
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
    struct fee_state fees;
    __int128 sold[TAXED_MAX];  /* amount of the sales of an order, by index in `filled`, in cents */
    int64_t last_fill;         /* when */
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

static bool fails(struct world *world, struct error *error)
{
    if (world->fails_at == 0 || ++world->calls != world->fails_at)
        return false;
    world->failed = true;
    error_set(error, EXIT_STATE, "nobody takes note");
    return true;
}

static const struct instrument *find(void *context, const char *symbol, struct error *error)
{
    struct world *world = context;
    if (world->seed % 2 == 0 && fails(world, error))
        return NULL;
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
    for (size_t i = 0; order->oco[0] != '\0' && i < world->ledger.open_orders; i++) {
        const struct order *other = &world->ledger.open_order[i]->order;
        if (strcmp(other->oco, order->oco) == 0 && strcmp(other->id, order->id) != 0) {
            groups_seen++;
            require(names_add(&world->over, str_of(other->id), &error) >= 0);
        }
    }
}

/* 1 in 1000 of so many cents, up to the next one. */
static __int128 tax_of(__int128 cents)
{
    return (cents + 999) / 1000;
}

static void expect_fees(struct world *world, const struct fill *fill, __int128 cents)
{
    const bool taxed = world->manager.costs.fees != NULL;
    const int64_t order = names_find(&world->filled, str_of(fill->order_id));
    __int128 due = 0;
    if (taxed && side_sign(fill->side) < 0 && order >= 0) {
        require(order < TAXED_MAX);
        due = tax_of(world->sold[order] + cents) - tax_of(world->sold[order]);
        world->sold[order] += cents;
        taxed_seen++;
    }
    if (taxed && order >= 0 && fill->fees != due * 1000000)
        breaks(world, FEES, fill->order_id);
}

/* Cash that is bought with is there: short positions keep one and a half times what they are worth. */
static void expect_power(struct world *world, const struct fill *fill, __int128 needed)
{
    const struct ledger *ledger = &world->ledger;
    __int128 power = ledger->cash;
    for (size_t s = 0; s < ledger->slots; s++)
        if (ledger->symbol_state[s].quantity < 0)
            power += ratio((__int128)ledger->symbol_state[s].quantity * ledger->symbol_state[s].mark, 3,
                           2 * (__int128)DEC_ONE);
    bought_seen++;
    if (needed > power + 1) /* half a digit of rounding */
        breaks(world, POWER, fill->order_id);
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
    const __int128 flow = (buys ? -cents : cents) * 1000000 - (fill->commission == DEC_NONE ? 0 : fill->commission) -
                          (fill->fees == DEC_NONE ? 0 : fill->fees);
    const struct open_order *open_order = ledger_open_order(&world->ledger, fill->order_id);
    if (open_order != NULL && buys && before >= 0 && !order_is_reducing(&open_order->order))
        expect_power(world, fill, -flow);
    expected->flow += flow;
    world->cash += flow;
    same_moment_seen += fill->time == world->last_fill;
    world->last_fill = fill->time;
    if (open_order != NULL)
        expect_order(world, &open_order->order, open_order->filled + fill->quantity);
    if (open_order != NULL && open_order->order.valid_until != TIME_NONE && open_order->order.valid_until < fill->time)
        breaks(world, ENDS, fill->order_id);
    last_moment_seen += open_order != NULL && open_order->order.valid_until == fill->time;
    expect_fees(world, fill, cents);
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
    if (type != RECORD_MARK && fails(world, error))
        return -1;
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
    return world->unread ? 0 : ledger_apply(&world->second, type, &copy, error);
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
        for (size_t i = 0; i < ledger->open_orders; i++) {
            const struct open_order *open_order = ledger->open_order[i];
            const dec rest = open_order->order.quantity - open_order->filled;
            if (open_order->sleeps || (size_t)open_order->holding != h || !order_is_reducing(&open_order->order))
                continue;
            if (rest > size || (held > 0) == (side_sign(open_order->order.side) > 0))
                breaks(world, FITS, open_order->order.id);
            /* A trail is beside the stop, for the same shares. */
            stops += open_order->order.role == ROLE_STOP && open_order->order.parent[0] != '\0' &&
                             open_order->order.order_type != ORDER_TRAILING_STOP
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
    if (world->failed) /* in the middle of something */
        return;
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
                value +=
                    (__int128)holding->quantity * (holding->multiplier / DEC_ONE) * ledger->symbol_state[slot].mark;
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

static bool same_open_order(const struct open_order *a, const struct open_order *b)
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

static bool same_slot(const struct ledger_symbol_state *a, const struct ledger_symbol_state *b)
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
    if (world->unread)
        return;
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
    if (a->open_orders != b->open_orders || a->holdings != b->holdings) {
        breaks(world, FOLD, "how much there is");
        return;
    }
    for (size_t i = 0; i < a->holdings; i++)
        if (strcmp(ledger_symbol(a, a->holding[i].slot), ledger_symbol(b, b->holding[i].slot)) != 0 ||
            !same_holding(&a->holding[i], &b->holding[i]))
            breaks(world, FOLD, "a holding");
    for (size_t i = 0; i < a->open_orders; i++)
        if (!same_open_order(a->open_order[i], b->open_order[i]))
            breaks(world, FOLD, "a working order");
    for (int s = 0; s < SYMBOLS; s++) {
        const int x = ledger_find_slot(a, symbols[s]), y = ledger_find_slot(b, symbols[s]);
        if (x >= 0 && y >= 0 && !same_slot(&a->symbol_state[x], &b->symbol_state[y]))
            breaks(world, FOLD, "a symbol");
    }
    struct error error = {0};
    buf_reset(&world->state);
    buf_reset(&world->second_state);
    if (ledger_save(a, &world->state, &error) != 0 || ledger_save(b, &world->second_state, &error) != 0 ||
        !str_equal(buf_str(&world->state), buf_str(&world->second_state)))
        breaks(world, FOLD, "the bytes of the state");
}

/* What the orders that work in a symbol say in prices, and what an action makes of that by this file's own rule. */
struct waiting {
    char id[ID_SIZE];
    dec limit_price, stop_price, reference_price;
};
#define WAITING_MAX 256

static dec expect_price(dec price, const struct action *action, bool lowered)
{
    if (price == DEC_NONE)
        return price;
    __int128 now = action->kind == ACTION_SPLIT ? ratio(price, action->old_shares, action->new_shares)
                                                : price - (lowered ? action->cash : 0);
    const dec step = now >= DEC_ONE ? DEC_ONE / 100 : DEC_ONE / 10000;
    if (action->kind == ACTION_SPLIT)
        now = ratio(now, 1, step) * step;
    else if (lowered && now > 0)
        now -= now % step;
    return now > 0 ? (dec)now : price;
}

/* FINRA Rule 5330: open buy limits and sell stops; what is bought where it falls to, likewise. */
static bool is_lowered(const struct order *order)
{
    const bool buys = order->side == SIDE_BUY || order->side == SIDE_BUY_TO_COVER;
    switch (order->order_type) {
    case ORDER_STOP:
    case ORDER_STOP_LIMIT:
    case ORDER_TRAILING_STOP:
        return !buys;
    default:
        return buys;
    }
}

static size_t note_waiting(const struct world *world, const struct action *action, struct waiting *waiting)
{
    const struct ledger *ledger = &world->ledger;
    size_t count = 0;
    for (size_t i = 0; i < ledger->open_orders && count < WAITING_MAX; i++) {
        const struct order *order = &ledger->open_order[i]->order;
        if (strcmp(order->symbol, action->symbol) != 0 || order->time >= action->time)
            continue;
        struct waiting *at = &waiting[count++];
        memcpy(at->id, order->id, sizeof at->id);
        at->limit_price = expect_price(order->limit_price, action, is_lowered(order));
        at->stop_price = expect_price(order->stop_price, action, is_lowered(order));
        at->reference_price = expect_price(order->reference_price, action, true);
        lowered_seen += action->kind == ACTION_DIVIDEND && is_lowered(order) &&
                        (order->limit_price != DEC_NONE || order->stop_price != DEC_NONE);
    }
    return count;
}

static void check_waiting(const struct world *world, const struct waiting *waiting, size_t count)
{
    for (size_t i = 0; i < count && !world->failed; i++) {
        const struct open_order *open_order = ledger_open_order(&world->ledger, waiting[i].id);
        if (open_order != NULL && (open_order->order.limit_price != waiting[i].limit_price ||
                                   open_order->order.stop_price != waiting[i].stop_price ||
                                   open_order->order.reference_price != waiting[i].reference_price))
            breaks(world, PRICES, waiting[i].id);
    }
}

#endif
