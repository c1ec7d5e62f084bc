/* Ledgers whose figures come to the end of what a decimal holds. Random events of any size are applied until one is
 * refused; cash and positions are kept beside the ledger in 128 bits. A figure is the exact one or an error that says
 * so, never a wrong one; beneath the sanitizers no sum leaves its range unseen. */
#include "money.h"

#include "base/random.h"
#include "ledger/state.h"
#include "record/record.h"

#include <stdlib.h>

#define WORLDS 2000
#define EVENTS 40

typedef __int128 wide;

static struct error error;
static const char *const symbol[] = {"AAA", "EEE"}, *const currency[] = {"USD", "EUR"};

/* A ledger's figures as they must be. */
struct expected {
    wide cash[2], fees[2]; /* by currency, in 1e-8 */
    wide quantity[2];      /* by symbol */
    wide traded[2];        /* what its fills brought in cash, their costs taken off */
    dec multiplier[2];
};

struct world {
    struct random random;
    struct ledger ledger;
    struct expected expected;
    int64_t now;
    int events, orders, closed;
};

static int refusals, finished, loads, valued, unvalued;

/* Of any size, as often of few bits as of many. */
static dec any(struct world *world)
{
    return (dec)(random_next(&world->random) >> (1 + random_below(&world->random, 62)));
}

static dec above_0(struct world *world)
{
    const dec value = any(world);
    return value == 0 ? 1 : value;
}

static bool one_in(struct world *world, uint64_t n)
{
    return random_below(&world->random, n) == 0;
}

/* A share price, or any number above 0. */
static dec price_of(struct world *world)
{
    return one_in(world, 12) ? above_0(world) : (dec)(1 + random_below(&world->random, 20000)) * (DEC_ONE / 100);
}

static dec quantity_of(struct world *world)
{
    return one_in(world, 12) ? above_0(world) : (dec)(1 + random_below(&world->random, 300)) * DEC_ONE;
}

/* n ÷ unit to the nearest whole, half to even, times unit; n may have 16 fraction digits and the result has 8. */
static wide to_cents(wide n)
{
    const wide unit = (wide)DEC_ONE * (DEC_ONE / 100), size = n < 0 ? -n : n;
    wide cents = size / unit;
    const wide rest = size % unit;
    if (rest > unit / 2 || (rest == unit / 2 && cents % 2 == 1))
        cents++;
    return (n < 0 ? -cents : cents) * (DEC_ONE / 100);
}

static bool fits(wide value)
{
    return value >= -(wide)DEC_MAX && value <= DEC_MAX;
}

/* Takes a fill of an order, or of none. -1: refused, rightly. */
static int take_fill(struct world *world)
{
    struct expected *expected = &world->expected;
    const int s = one_in(world, 3);
    const bool buys = one_in(world, 2);
    struct fill fill = make_fill("f", world->now, symbol[s], buys ? SIDE_BUY : SIDE_SELL, "1", "1", "0");
    (void)snprintf(fill.id, sizeof fill.id, "f%d", world->events);
    memcpy(fill.currency, currency[s], 4);
    fill.quantity = quantity_of(world);
    fill.price = price_of(world);
    fill.multiplier = expected->quantity[s] == 0 || one_in(world, 20) ? (one_in(world, 4) ? 50 * DEC_ONE : DEC_ONE)
                                                                      : expected->multiplier[s];
    if (one_in(world, 2))
        fill.commission = one_in(world, 12) ? any(world) : DEC_ONE;
    if (one_in(world, 3))
        fill.fees = one_in(world, 12) ? -any(world) : DEC_ONE / 4;
    if (!buys && one_in(world, 2))
        fill.settles = world->now + (int64_t)random_below(&world->random, 3) * TIME_DAY;
    if (one_in(world, 4) && s == 1)
        fill.rate = price_of(world);
    if (s == 1)
        memcpy(fill.pair, "EURUSD", 7);
    const bool changed = fill.multiplier != expected->multiplier[s] && expected->quantity[s] != 0;
    const int result = ledger_apply(&world->ledger, RECORD_FILL, &fill, &error);
    if (result != 0)
        return -1;
    if (changed)
        return check(false, "a multiplier stays while there is a position") - 1;
    /* Quantity × price × multiplier was taken, so the products are below 2^126. */
    const wide product = (wide)fill.quantity * fill.price * (fill.multiplier / DEC_ONE);
    const wide amount = to_cents(product), costs = (fill.commission == DEC_NONE ? 0 : (wide)fill.commission) +
                                                   (fill.fees == DEC_NONE ? 0 : (wide)fill.fees);
    expected->cash[s] += (buys ? -amount : amount) - costs;
    expected->traded[s] += (buys ? -amount : amount) - costs;
    expected->fees[s] += costs;
    expected->quantity[s] += buys ? fill.quantity : -fill.quantity;
    expected->multiplier[s] = fill.multiplier;
    return 0;
}

static int take_cash(struct world *world)
{
    const int c = one_in(world, 3);
    struct cash cash;
    record_blank(RECORD_CASH, &cash);
    cash.time = world->now;
    cash.amount = one_in(world, 4) ? any(world) : 1000 * DEC_ONE;
    if (one_in(world, 3))
        cash.amount = -cash.amount;
    cash.kind = cash.amount < 0 ? CASH_WITHDRAWAL : CASH_DEPOSIT;
    if (one_in(world, 4)) {
        cash.kind = CASH_DIVIDEND;
        memcpy(cash.symbol, symbol[one_in(world, 2)], 4);
        memcpy(cash.strategy, "s", 2);
    }
    (void)snprintf(cash.id, sizeof cash.id, "c%d", world->events);
    memcpy(cash.account, "test", 5);
    memcpy(cash.currency, currency[c], 4);
    const int result = ledger_apply(&world->ledger, RECORD_CASH, &cash, &error);
    if (result == 0)
        world->expected.cash[c] += cash.amount;
    return result;
}

static int take_mark(struct world *world)
{
    static const char *const marked[] = {"AAA", "EEE", "EURUSD"};
    struct mark mark = {.time = world->now,
                        .bar = world->now - TIME_DAY,
                        .interval = one_day,
                        .price = price_of(world),
                        .account = "test"};
    (void)snprintf(mark.symbol, sizeof mark.symbol, "%s", marked[random_below(&world->random, 3)]);
    return ledger_apply(&world->ledger, RECORD_MARK, &mark, &error);
}

/* A split changes a position by n : m, what is left over rounded half to even; the lots make the same. */
static int take_action(struct world *world)
{
    const int s = one_in(world, 3);
    char id[24];
    (void)snprintf(id, sizeof id, "a%d", world->events);
    world->now++; /* a fill of the same moment is after it */
    struct action action =
        one_in(world, 2) ? make_split(id, world->now, symbol[s], 1, 1) : make_dividend(id, world->now, symbol[s], "1");
    if (action.kind == ACTION_SPLIT) {
        action.new_shares = one_in(world, 6) ? above_0(world) : (int64_t)(1 + random_below(&world->random, 5));
        action.old_shares = one_in(world, 6) ? above_0(world) : (int64_t)(1 + random_below(&world->random, 5));
    } else {
        action.cash = price_of(world);
    }
    if (ledger_apply(&world->ledger, RECORD_ACTION, &action, &error) != 0)
        return -1;
    const struct holding *holding = ledger_holding(&world->ledger, "s", ledger_find_slot(&world->ledger, symbol[s]));
    const wide before = world->expected.quantity[s];
    if (holding == NULL || action.kind != ACTION_SPLIT || before == 0)
        return 0;
    const wide product = (before < 0 ? -before : before) * action.new_shares, rest = product % action.old_shares;
    wide after = product / action.old_shares;
    if (2 * rest > action.old_shares || (2 * rest == action.old_shares && after % 2 == 1))
        after++;
    if (after == 0) /* a position is never split away */
        after = 1;
    world->expected.quantity[s] = before < 0 ? -after : after;
    return 0;
}

static int take_order(struct world *world)
{
    char id[24];
    (void)snprintf(id, sizeof id, "o%d", world->orders++);
    const int s = one_in(world, 3);
    struct order order =
        make_order(id, world->now, symbol[s], one_in(world, 3) ? SIDE_SELL_SHORT : SIDE_BUY, "1", ROLE_ENTRY);
    order.quantity = quantity_of(world);
    order.reference_price = price_of(world);
    if (one_in(world, 2)) {
        order.order_type = ORDER_LIMIT;
        order.limit_price = price_of(world);
    }
    return ledger_apply(&world->ledger, RECORD_ORDER, &order, &error);
}

/* What is asked of a ledger is known, unknown (DEC_NONE), or an error with a text: out of range. */
static bool is_answered(int result, bool right, const char *what)
{
    const bool good = result == 0 ? right : error.code != 0 && error.text[0] != '\0';
    valued += result == 0;
    unvalued += result != 0;
    if (!good)
        printf("# %s: %d: %s\n", what, result, error.text);
    error_clear(&error);
    return good;
}

/* Cash and the value of what is held in dollars, rounded once; euros are nothing here. */
static wide dollars(const struct world *world)
{
    const struct ledger *ledger = &world->ledger;
    const int slot = ledger_find_slot(ledger, "AAA");
    const dec mark = slot < 0 ? DEC_NONE : ledger->symbol_state[slot].mark;
    if (mark == DEC_NONE)
        return world->expected.cash[0];
    const wide product = world->expected.quantity[0] * (world->expected.multiplier[0] / DEC_ONE) * mark;
    const wide size = product < 0 ? -product : product, rest = size % DEC_ONE;
    wide value = size / DEC_ONE;
    if (2 * rest > DEC_ONE || (2 * rest == DEC_ONE && value % 2 == 1))
        value++;
    return world->expected.cash[0] + (product < 0 ? -value : value);
}

static bool ask(struct world *world)
{
    const struct ledger *ledger = &world->ledger;
    dec equity = 0, exposure = 0, power = 0, base = 0, loss = 0, cost = 0;
    struct worth worth = {0};
    const bool abroad = world->expected.cash[1] != 0 || world->expected.quantity[1] != 0;
    const int got = ledger_equity(ledger, &equity, &error);
    bool right = is_answered(got, abroad || equity == (dec)dollars(world), "equity");
    int known = ledger_exposure(ledger, &exposure, &error);
    right &= is_answered(known, exposure == DEC_NONE || exposure >= 0, "exposure");
    right &= is_answered(ledger_buying_power(ledger, &power, &error), true, "power");
    right &= is_answered(ledger_buying_power_at(ledger, world->now - 1, &power, &error), true, "power before");
    known = ledger_worth(ledger, &worth, &error);
    right &= is_answered(known, got != 0 || worth.equity == equity, "worth");
    right &= is_answered(ledger_daily_loss(ledger, equity, &base, &loss, &error), true, "loss");
    right &= ledger_unsettled(ledger, world->now) >= 0;
    right &= ledger_entry_cost(ledger, -1, true, &cost) != 0 || cost >= 0;
    right &= ledger_entry_cost_in(ledger, 0, &cost) != 0 || cost >= 0;
    for (size_t i = 0; i < ledger->holdings; i++) {
        struct position position;
        if (ledger->holding[i].quantity != 0)
            right &= is_answered(ledger_position(ledger, &ledger->holding[i], &position, &error), true, "position");
    }
    return right;
}

/* Cash, costs, position and lots, exactly. */
static bool is_exact(struct world *world)
{
    const struct ledger *ledger = &world->ledger;
    const struct expected *expected = &world->expected;
    const int euros = ledger_find_currency(ledger, "EUR");
    bool right = ledger->cash == expected->cash[0] && ledger->commission + ledger->fees == expected->fees[0];
    right &= euros <= 0 ? expected->cash[1] == 0 : ledger->money[euros - 1].cash == expected->cash[1];
    for (int s = 0; s < 2; s++) {
        const struct holding *holding = ledger_holding(ledger, "s", ledger_find_slot(ledger, symbol[s]));
        wide lots = 0, realized = holding == NULL ? 0 : holding->realized;
        for (size_t i = 0; holding != NULL && i < holding->lots; i++) {
            lots += holding->lot[i].quantity;
            realized -= holding->lot[i].cost;
            right &= holding->lot[i].quantity != 0;
        }
        right &= (holding == NULL ? 0 : holding->quantity) == expected->quantity[s] && lots == expected->quantity[s];
        right &= realized == expected->traded[s]; /* no cent appears or goes missing, however lots are parted */
    }
    if (!right)
        printf("# cash %lld for %lld, costs %lld for %lld, euros %lld, position %lld, %lld\n", (long long)ledger->cash,
               (long long)expected->cash[0], (long long)(ledger->commission + ledger->fees),
               (long long)expected->fees[0], (long long)expected->cash[1], (long long)expected->quantity[0],
               (long long)expected->quantity[1]);
    return right && fits(expected->cash[0]) && fits(expected->cash[1]);
}

/* Saved and loaded it is the same, to the byte. */
static bool is_kept(const struct world *world)
{
    struct ledger_terms terms = money_terms(NULL);
    struct buf saved, again;
    struct ledger loaded;
    buf_init(&saved, LEDGER_STATE_MAX);
    buf_init(&again, LEDGER_STATE_MAX);
    terms.lot_order = world->ledger.terms.lot_order;
    bool kept =
        ledger_save(&world->ledger, &saved, &error) == 0 && ledger_load(&loaded, &terms, buf_str(&saved), &error) == 0;
    if (kept) {
        kept = ledger_save(&loaded, &again, &error) == 0 && str_equal(buf_str(&saved), buf_str(&again));
        ledger_clear(&loaded);
        loads++;
    }
    buf_clear(&saved);
    buf_clear(&again);
    return kept;
}

static int count_close(void *context, const struct lot_close *closing, struct error *unused)
{
    struct world *world = context;
    (void)unused;
    world->closed += closing->quantity != 0;
    return closing->realized == closing->proceeds - closing->cost ? 0 : -1;
}

static int step(struct world *world)
{
    switch (random_below(&world->random, 10)) {
    case 0:
    case 1:
        return take_cash(world);
    case 2:
    case 3:
        return take_mark(world);
    case 4:
        return take_action(world);
    case 5:
        return take_order(world);
    default:
        return take_fill(world);
    }
}

static bool live(uint64_t seed)
{
    struct world world = {.now = at("2026-01-05T14:30:00Z")};
    struct ledger_terms terms = money_terms(NULL);
    random_init(&world.random, seed);
    terms.lot_order = (enum lot_order)random_below(&world.random, LOTS_HIGHEST_COST + 1);
    world.expected.multiplier[0] = world.expected.multiplier[1] = DEC_ONE;
    error_clear(&error);
    require(ledger_init(&world.ledger, &terms, &error) == 0);
    if (one_in(&world, 2)) {
        world.ledger.on_close = count_close;
        world.ledger.context = &world;
    }
    bool right = true, refused = false;
    for (world.events = 0; world.events < EVENTS && right && !refused; world.events++) {
        if (!one_in(&world, 3))
            world.now += (int64_t)random_below(&world.random, 30) * TIME_HOUR;
        refused = step(&world) != 0;
        if (refused)
            right = error.code == EXIT_STATE && error.text[0] != '\0';
        else
            right = is_exact(&world) && ask(&world);
    }
    if (right && !refused)
        right = is_kept(&world);
    refusals += refused;
    finished += !refused;
    if (!right)
        check(false, "world %llu: event %d (%s)", (unsigned long long)seed, world.events, error.text);
    ledger_clear(&world.ledger);
    return right;
}

int main(int count, char **argument)
{
    const int worlds = count > 1 ? (int)strtol(argument[1], NULL, 10) : WORLDS;
    int right = 0;
    for (int i = 1; i <= worlds; i++)
        right += live((uint64_t)i);
    check(right == worlds, "%d of %d worlds are exact to their end", right, worlds);
    printf("# %d ended with a refusal, %d did not; %d states loaded; %d figures, %d out of range\n", refusals, finished,
           loads, valued, unvalued);
    check(refusals > worlds / 10 && finished > worlds / 10 && unvalued > worlds / 10, "both ends were seen");
    return done();
}
