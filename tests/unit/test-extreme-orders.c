/* Orders, bars and corporate actions of any size through the order manager and the venue. Each is taken, refused with a
 * code, or an error that says what left its range; beneath the sanitizers no sum leaves it unseen. What was taken adds
 * up: lots are the position, and cash is known. */
#include "trading.h"

#include "base/random.h"
#include "cost/carry.h"
#include "cost/fees.h"

#include <stdlib.h>

#define WORLDS 1500
#define STEPS  24

static struct random draw;
static struct fee_schedule fees, carry;
static struct fee_state state;
static struct calendar always;
static int64_t orders, errors, refusals, taken, filled;

static dec any(void)
{
    return (dec)(random_next(&draw) >> (1 + random_below(&draw, 62)));
}

static bool one_in(uint64_t n)
{
    return random_below(&draw, n) == 0;
}

/* A price or distance above 0, seldom of any size. */
static dec price(uint64_t seldom)
{
    const dec value = one_in(seldom) ? any() : (dec)(1 + random_below(&draw, 20000)) * (DEC_ONE / 100);
    return value == 0 ? 1 : value;
}

static dec or_none(dec value)
{
    return one_in(2) ? DEC_NONE : value;
}

/* A stop on the right side of the entry, by price, distance or trail; then a target by price, R or distance. */
static void add_legs(struct order *order)
{
    const dec at = order->reference_price == DEC_NONE ? price(8) : order->reference_price;
    const bool buys = side_sign(order->side) > 0;
    struct leg stop = make_leg(ROLE_STOP, ORDER_STOP, DEC_NONE, buys ? at / 2 : at < DEC_MAX / 2 ? 2 * at : at);
    if (one_in(3)) {
        stop.stop_price = DEC_NONE;
        stop.offset = price(6);
    } else if (one_in(3)) {
        stop.order_type = ORDER_TRAILING_STOP;
        stop.stop_price = DEC_NONE;
        stop.trail_amount = one_in(2) ? price(6) : DEC_NONE;
        stop.trail_percent = stop.trail_amount == DEC_NONE ? price(6) : DEC_NONE;
    }
    if (stop.order_type == ORDER_STOP && one_in(3))
        stop.even_r = price(4);
    if (one_in(2))
        order->legs[order->leg_count++] = stop;
    struct leg target = make_leg(ROLE_TARGET, ORDER_LIMIT, DEC_NONE, DEC_NONE);
    if (order->leg_count > 0 && one_in(2))
        target.r = price(4);
    else
        target.offset = price(4);
    if (one_in(2))
        target.share = (dec)(1 + random_below(&draw, 10)) * (DEC_ONE / 10);
    if (target.r != DEC_NONE && one_in(3))
        target.fall = price(4);
    if (one_in(2))
        order->legs[order->leg_count++] = target;
}

static struct order draw_order(int64_t now)
{
    static const enum side sides[] = {SIDE_BUY, SIDE_BUY, SIDE_SELL_SHORT, SIDE_SELL, SIDE_BUY_TO_COVER};
    const dec held = position();
    const enum side side = held == 0   ? sides[random_below(&draw, 3)]
                           : one_in(2) ? held > 0 ? SIDE_SELL : SIDE_BUY_TO_COVER
                                       : sides[random_below(&draw, 5)];
    char id[24];
    (void)snprintf(id, sizeof id, "o%lld", (long long)++orders);
    struct order order =
        make_order(id, now, "AAA", side, "1", side == SIDE_BUY || side == SIDE_SELL_SHORT ? ROLE_ENTRY : ROLE_EXIT);
    order.order_type = (enum order_type)(ORDER_MARKET + random_below(&draw, 7));
    order.interval = one_day;
    order.quantity = one_in(6) ? price(1) : (dec)(1 + random_below(&draw, 300)) * DEC_ONE;
    order.reference_price = one_in(12) ? DEC_NONE : price(8);
    const struct order_kind *kind = order_kind(order.order_type);
    if (kind->limit)
        order.limit_price = price(8);
    if (kind->stop || (kind->trail && one_in(2)))
        order.stop_price = price(8);
    if (kind->trail && one_in(2))
        order.trail_amount = price(8);
    else if (kind->trail)
        order.trail_percent = price(8);
    order.time_in_force = TIF_GTC;
    if (order.role == ROLE_ENTRY && one_in(2))
        add_legs(&order);
    else if (held != 0 && one_in(2))
        order.quantity = held < 0 ? -held : held;
    return order;
}

static int act(int n)
{
    struct refusal refusal = {0};
    const struct order order = draw_order(CLOSE(n));
    if (ledger.open_orders > 0 && one_in(5)) {
        const struct open_order *open_order = ledger.open_order[random_below(&draw, ledger.open_orders)];
        struct replace replace = {.time = CLOSE(n),
                                  .quantity = or_none(price(4)),
                                  .limit_price = open_order->kind->limit ? or_none(price(4)) : DEC_NONE,
                                  .stop_price = open_order->kind->stop ? or_none(price(4)) : DEC_NONE};
        memcpy(replace.order_id, open_order->order.id, sizeof replace.order_id);
        return orders_replace(&manager, &replace, CLOSE(n), &refusal, &error);
    }
    const int result = orders_submit(&manager, &order, CLOSE(n), &refusal, &error);
    taken += result == 1;
    refusals += result == 0;
    if (result == 0 && refusal.code[0] == '\0')
        return check(false, "a refusal has a code") - 2;
    return result;
}

static int corporate(int n)
{
    char id[24];
    (void)snprintf(id, sizeof id, "a%lld", (long long)++orders);
    struct action action = make_split(id, DAY(n), "AAA", 1 + (int64_t)random_below(&draw, 5), 1);
    action.account[0] = '\0';
    if (one_in(4))
        action.new_shares = price(1);
    if (one_in(4))
        action.old_shares = price(1);
    if (one_in(2)) {
        action = make_dividend(id, DAY(n), "AAA", "1");
        action.account[0] = '\0';
        action.cash = price(6);
        action.kind = one_in(8) ? ACTION_DELIST : ACTION_DIVIDEND;
    }
    return orders_action(&manager, &action, &error);
}

static int pass(int n)
{
    struct candle candle = {.time = DAY(n), .opens = OPEN(n), .end = CLOSE(n), .open = price(10), .close = price(10)};
    candle.high = candle.open > candle.close ? candle.open : candle.close;
    candle.low = candle.open < candle.close ? candle.open : candle.close;
    if (one_in(2))
        candle.low = candle.low / 2 > 0 ? candle.low / 2 : 1;
    if (one_in(2) && candle.high <= DEC_MAX / 2)
        candle.high *= 2;
    struct worth worth;
    manager.calendar = &always;
    const int nights = orders_charge_nights(&manager, CLOSE(n), &error);
    manager.calendar = NULL;
    const int slot = nights != 0 ? -1 : ledger_slot(&ledger, "AAA", &error);
    return slot < 0 || put(slot, one_day, &candle) != 0 ? -1 : orders_finish(&manager, CLOSE(n), true, &worth, &error);
}

static bool adds_up(void)
{
    const struct holding *holding = ledger_holding(&ledger, "s", ledger_find_slot(&ledger, "AAA"));
    __int128 lots = 0;
    for (size_t i = 0; holding != NULL && i < holding->lots; i++)
        lots += holding->lot[i].quantity;
    return lots == (holding == NULL ? 0 : holding->quantity) && ledger.cash != DEC_NONE;
}

static bool live(uint64_t seed)
{
    random_init(&draw, seed);
    start("10000000");
    if (one_in(3))
        ledger.cash = price(1);
    stock.multiplier = one_in(4) ? 50 * DEC_ONE : DEC_ONE;
    manager.costs = (struct costs){.per_share = one_in(3) ? price(6) : 0,
                                   .percent = one_in(3) ? any() : 0,
                                   .minimum = one_in(3) ? price(6) : 0,
                                   .slippage_ticks = one_in(3) ? price(6) : 0,
                                   .slippage_bps = one_in(3) ? any() : 0,
                                   .fees = one_in(2) ? &fees : NULL,
                                   .carry = one_in(2) ? &carry : NULL,
                                   .state = &state};
    manager.limits.max_position = one_in(4) ? DEC_MAX : 2 * DEC_ONE;
    manager.limits.fractional = one_in(2);
    int result = 0;
    for (int n = 1; n <= STEPS && result >= 0; n++) {
        const int before = fill_count;
        if (one_in(6))
            result = corporate(n);
        if (result >= 0)
            result = pass(n);
        for (uint64_t k = random_below(&draw, 3); k > 0 && result >= 0; k--)
            result = act(n);
        filled += fill_count > before;
        if (result >= 0 && !adds_up())
            return check(false, "world %llu: day %d: lots and position differ", (unsigned long long)seed, n);
    }
    errors += result < 0;
    return result >= 0 || error.text[0] != '\0' ||
           check(false, "world %llu: an error without a text", (unsigned long long)seed);
}

int main(int count, char **argument)
{
    const int worlds = count > 1 ? (int)strtol(argument[1], NULL, 10) : WORLDS;
    int right = 0;
    fee_schedule_init(&fees);
    fee_state_init(&state);
    error_clear(&error);
    require(calendar_init(&always, "always", NULL, &error) == 0 &&
            carry_add_plain(&carry, d("0.12"), d("0.012"), d("0.36"), &error) == 0 &&
            fee_schedule_read(&fees, "x.fees",
                              str_of("title: x\ncurrency: USD\nsource: x\nfee a 2000-01-01: sell 0.1%, up 0.01\n"
                                     "fee commission 2000-01-01: 0.005 per share\n"),
                              NULL, NULL, &error) == 0);
    for (int i = 1; i <= worlds; i++)
        right += live((uint64_t)i);
    check(right == worlds, "%d of %d worlds say what leaves their range", right, worlds);
    printf("# %lld taken, %lld refused, %lld days with fills, %lld errors\n", (long long)taken, (long long)refusals,
           (long long)filled, (long long)errors);
    check(errors > worlds / 10 && errors < worlds && taken > worlds && filled > worlds, "both ends were seen");
    ledger_clear(&ledger);
    fee_schedule_clear(&fees);
    fee_schedule_clear(&carry);
    fee_state_clear(&state);
    return done();
}
