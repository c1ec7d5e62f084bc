/* A run is the same run whoever reads its records: nobody (a sweep), fills only, or every order and update. */
#include "backtest/backtest.h"
#include "base/random.h"
#include "tap.h"

#include <math.h>

#define BARS    1500
#define SYMBOLS 3

static const char *const symbol[SYMBOLS] = {"AAA", "BBB", "CCC"};
static struct error error;

/* What a run has come to, and how many records of each kind it wrote. */
struct tried {
    dec cash, equity, commission, realized;
    uint64_t fills, written[RECORD_TYPES];
};

static const struct instrument *find(void *context, const char *name, struct error *ignored)
{
    static const struct instrument stock = INSTRUMENT_STOCK;
    (void)context, (void)name, (void)ignored;
    return &stock;
}

static int count(void *context, enum record_type type, const void *value, struct error *ignored)
{
    struct tried *outcome = context;
    (void)value, (void)ignored;
    outcome->written[type]++;
    return 0;
}

static struct candle next_candle(struct random *random, double *price, int i)
{
    const double open = *price, close = open * exp(0.01 * random_normal(random));
    const dec first = llround(open * 100) * (DEC_ONE / 100), last = llround(close * 100) * (DEC_ONE / 100);
    const int64_t time = INT64_C(1577836800) * TIME_SECOND + i * TIME_MINUTE;
    *price = close;
    return (struct candle){.time = time,
                           .opens = time,
                           .end = time + TIME_MINUTE / 2,
                           .open = first,
                           .high = (first > last ? first : last) + DEC_ONE / 5,
                           .low = (first < last ? first : last) - DEC_ONE / 5,
                           .close = last,
                           .volume = 1000};
}

static bool is_split(int i)
{
    return i % 500 == 249;
}

/* A split and a dividend while positions are held. */
static int act(struct backtest *backtest, int i)
{
    struct action action = {.time = INT64_C(1577836800) * TIME_SECOND + i * TIME_MINUTE - 1, .currency = "USD"};
    memcpy(action.symbol, symbol[i % SYMBOLS], 4);
    (void)snprintf(action.id, sizeof action.id, "%d", i);
    action.kind = is_split(i) ? ACTION_SPLIT : ACTION_DIVIDEND;
    action.new_shares = 3;
    action.old_shares = 2;
    action.cash = action.kind == ACTION_DIVIDEND ? DEC_ONE / 4 : DEC_NONE;
    action.basis_share = DEC_NONE;
    return backtest_action(backtest, &action, (struct str){NULL, 0}, &error);
}

static int feed(struct backtest *backtest)
{
    struct random random;
    double price[SYMBOLS] = {60, 100, 140};
    int series[SYMBOLS];
    random_init(&random, 11);
    for (int s = 0; s < SYMBOLS; s++)
        if ((series[s] =
                 backtest_series(backtest, symbol[s], (struct interval){INTERVAL_MINUTE, 1}, ADJUSTED_RAW, &error)) < 0)
            return -1;
    for (int i = 0; i < BARS; i++) {
        if (i % 250 == 249 && act(backtest, i) != 0)
            return -1;
        if (is_split(i))
            price[i % SYMBOLS] *= 2.0 / 3;
        for (int s = 0; s < SYMBOLS; s++) {
            const struct candle candle = next_candle(&random, &price[s], i);
            const struct bars one = bars_of(&candle);
            if (backtest_candles(backtest, series[s], &one, &error) != 0)
                return -1;
        }
    }
    return backtest_finish(backtest, &error);
}

static int run(struct tried *outcome, bool write, bool orders)
{
    static const char *const texts[] = {"sma-cross:fast=4,slow=11,short=1", "sma-cross:fast=3,slow=6,stop=0,short=1",
                                        "mean-reversion:target=1", "momentum:lookback=8,skip=2,stop=1"};
    struct strategy_use use[4];
    struct calendar calendar;
    struct sha256 *hash = sha256_new(&error);
    *outcome = (struct tried){0};
    int status = hash == NULL ? -1 : calendar_init(&calendar, "always", NULL, &error);
    for (int i = 0; i < 4; i++)
        status |= strategy_use_parse(&use[i], texts[i], &error);
    struct backtest_options options = {
        .terms = {.account = "test", .currency = "USD", .mode = MODE_BACKTEST, .settlement_unit = DEC_ONE / 100},
        .limits = risk_defaults(),
        .costs = {.per_share = DEC_ONE / 200, .minimum = DEC_ONE, .slippage_ticks = DEC_ONE},
        .calendar = &calendar,
        .hash = hash,
        .instrument = find,
        .cash = 100000 * DEC_ONE,
        .strategies = use,
        .count = 4,
        .orders = orders,
        .write = write ? count : NULL,
        .context = outcome,
    };
    options.limits.long_only = false;
    options.limits.daily_loss = DEC_ONE;
    status |= risk_parse_sizing(&options.limits, "notional:2%", &error);
    struct backtest *backtest = status != 0 ? NULL : backtest_new(&options, &error);
    status = backtest == NULL ? -1 : feed(backtest);
    if (status == 0) {
        const struct ledger *ledger = backtest_ledger(backtest);
        outcome->cash = ledger->cash;
        outcome->commission = ledger->commission;
        outcome->fills = backtest_fills(backtest);
        for (size_t i = 0; i < ledger->holdings; i++)
            outcome->realized += ledger->holding[i].realized;
        status = ledger_equity(ledger, &outcome->equity, &error);
    }
    backtest_free(backtest);
    sha256_free(hash);
    return status;
}

static bool same(const struct tried *a, const struct tried *b)
{
    return a->cash == b->cash && a->equity == b->equity && a->commission == b->commission &&
           a->realized == b->realized && a->fills == b->fills;
}

int main(void)
{
    struct tried nobody, fills, orders;
    check(run(&nobody, false, true) == 0 && run(&fills, true, false) == 0 && run(&orders, true, true) == 0,
          "three runs over 4500 bars with splits and dividends: %s", error.text);
    check(fills.fills > 400, "%llu fills", (unsigned long long)fills.fills);
    check(same(&fills, &orders), "writing orders changes no money");
    check(same(&fills, &nobody), "nor does writing nothing");
    check(fills.written[RECORD_FILL] == fills.fills + fills.written[RECORD_RESULT] - 1 &&
              fills.written[RECORD_RESULT] == 1,
          "every fill is written, and one result");
    check(fills.written[RECORD_CASH] > 1 && fills.written[RECORD_ACTION] > 3, "dividends were paid, actions applied");
    check(fills.written[RECORD_ORDER] == 0 && fills.written[RECORD_ORDER_UPDATE] == 0 &&
              fills.written[RECORD_REFUSAL] == 0,
          "orders only when asked for");
    check(orders.written[RECORD_ORDER] > fills.fills / 2 &&
              orders.written[RECORD_ORDER_UPDATE] >= 2 * orders.written[RECORD_ORDER] - 16,
          "then each, accepted and ended but for those still working");
    return done();
}
