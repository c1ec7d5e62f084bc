/* An account of one symbol and its manager, for the tests of the rules in order/manager.h: days of January 2024, and
 * what was emitted. */
#ifndef TN_TESTS_TRADING_H
#define TN_TESTS_TRADING_H

#include "money.h"
#include "venue.h"

static struct error error;
static struct ledger ledger;
static struct order_manager manager;
static struct sim sim;
static struct instrument stock = INSTRUMENT_STOCK;

/* What the manager has emitted: fills in full, the last update, counts. */
static struct fill fills[64];
static int fill_count, update_count, action_count, alert_count;
static struct order_update last_update;
static struct cash last_cash;

static inline const struct instrument *find(void *context, const char *symbol, struct error *e)
{
    (void)context, (void)symbol, (void)e;
    return &stock;
}

static inline int keep(void *context, enum record_type type, const void *value, struct error *e)
{
    (void)context, (void)e;
    if (type == RECORD_FILL && fill_count < 64)
        fills[fill_count++] = *(const struct fill *)value;
    if (type == RECORD_ORDER_UPDATE) {
        last_update = *(const struct order_update *)value;
        update_count++;
    }
    if (type == RECORD_CASH)
        last_cash = *(const struct cash *)value;
    action_count += type == RECORD_ACTION;
    alert_count += type == RECORD_ALERT;
    return 0;
}

#define DAY(n)   (at("2024-01-01T00:00:00Z") + (n)*TIME_DAY)
#define OPEN(n)  (DAY(n) + 14 * TIME_HOUR + 30 * TIME_MINUTE)
#define CLOSE(n) (DAY(n) + 21 * TIME_HOUR)

static inline void start(const char *cash)
{
    static struct sha256 *hash;
    const struct ledger_terms terms = money_terms(NULL);
    if (hash == NULL)
        hash = sha256_new(&error);
    ledger_clear(&ledger);
    error_clear(&error);
    fill_count = update_count = action_count = alert_count = 0;
    require(ledger_init(&ledger, &terms, &error) == 0);
    require(apply_cash(&ledger, DAY(0), CASH_DEPOSIT, cash, &error) == 0);
    stock = INSTRUMENT_STOCK;
    manager = (struct order_manager){.ledger = &ledger,
                                     .limits = risk_defaults(),
                                     .hash = hash,
                                     .instrument = find,
                                     .emit = keep,
                                     .orders = true,
                                     .marks = true};
    sim = (struct sim){.ledger = &ledger, .costs = &manager.costs, .instrument = find};
    manager.limits.max_position = DEC_ONE;
    manager.limits.daily_loss = DEC_ONE;
    manager.limits.long_only = false;
}

static inline int put(int slot, struct interval interval, const struct candle *candle)
{
    const struct bars bars = bars_of(candle);
    return pass_bar(&manager, &sim, slot, interval, &bars, &error);
}

/* A day's bar and the end of its moment. */
static inline int bar(int n, const char *open, const char *high, const char *low, const char *close)
{
    const struct candle candle = {.time = DAY(n),
                                  .opens = OPEN(n),
                                  .end = CLOSE(n),
                                  .open = d(open),
                                  .high = d(high),
                                  .low = d(low),
                                  .close = d(close)};
    struct worth worth;
    const int slot = ledger_slot(&ledger, "AAA", &error);
    return put(slot, one_day, &candle) == 0 && orders_finish(&manager, CLOSE(n), true, &worth, &error) == 0 ? 0 : -1;
}

static inline struct order entry(const char *id, int n, enum side side, const char *quantity)
{
    struct order order = make_order(id, CLOSE(n), "AAA", side, quantity, ROLE_ENTRY);
    order.reference_price = d("100");
    return order;
}

static inline void add_leg(struct order *order, enum role role, const char *price)
{
    const bool stop = role == ROLE_STOP;
    order->legs[order->leg_count++] =
        make_leg(role, stop ? ORDER_STOP : ORDER_LIMIT, stop ? DEC_NONE : d(price), stop ? d(price) : DEC_NONE);
}

static inline int submit(const struct order *order, int n)
{
    static struct refusal refusal;
    refusal = (struct refusal){0};
    const int taken = orders_submit(&manager, order, CLOSE(n), &refusal, &error);
    if (taken == 0)
        printf("# refused: %s\n", refusal.code);
    return taken;
}

static inline bool is_refused(const struct order *order, int n, const char *code)
{
    struct refusal refusal = {0};
    return orders_submit(&manager, order, CLOSE(n), &refusal, &error) == 0 && strcmp(refusal.code, code) == 0;
}

static inline dec position(void)
{
    const struct holding *holding = ledger_holding(&ledger, "s", ledger_find_slot(&ledger, "AAA"));
    return holding == NULL ? 0 : holding->quantity;
}

static inline void open_bracket(const char *stop, const char *target)
{
    start("100000");
    struct order order = entry("e", 1, SIDE_BUY, "100");
    if (stop != NULL)
        add_leg(&order, ROLE_STOP, stop);
    if (target != NULL)
        add_leg(&order, ROLE_TARGET, target);
    check(submit(&order, 1) == 1, "an entry with its legs");
}

#endif
