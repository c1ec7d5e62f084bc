/* Bars given in lists, and as records, are the same run as the same bars one by one with every record written: the
 * account and every figure, whatever the lengths of the lists. */
#include "backtest/internal.h"
#include "base/random.h"
#include "strategy/rules.h"
#include "tap.h"

#include <math.h>

#define BARS       4000
#define SCENARIOS  24
#define STRATEGIES 2

static struct error error;
static const struct instrument stock = INSTRUMENT_STOCK;

static const struct instrument *find(void *context, const char *name, struct error *ignored)
{
    (void)context, (void)name, (void)ignored;
    return &stock;
}

static int swallow(void *context, enum record_type type, const void *value, struct error *ignored)
{
    (void)context, (void)type, (void)value, (void)ignored;
    return 0;
}

/* The bars of a scenario. */
static int64_t times[BARS], ends[BARS];
static dec opens[BARS], highs[BARS], lows[BARS], closes[BARS];
static double volumes[BARS];
static const struct bars all = {times, times, ends, opens, highs, lows, closes, volumes, BARS};

static void make_bars(struct random *random)
{
    double price = 80;
    int64_t time = INT64_C(1577836800) * TIME_SECOND;
    for (int i = 0; i < BARS; i++) {
        /* Now and then nothing moves for a while: the average is the price, the equity the last one. */
        const bool still = i % 400 > 350;
        const double open = price, close = still ? open : open * exp(0.006 * random_normal(random));
        const dec first = llround(open * 100) * (DEC_ONE / 100), last = llround(close * 100) * (DEC_ONE / 100);
        price = close > 10 ? close : 80;
        times[i] = time;
        ends[i] = time + 30 * TIME_MINUTE;
        opens[i] = first;
        highs[i] = (first > last ? first : last) + DEC_ONE / 10;
        lows[i] = (first < last ? first : last) - DEC_ONE / 10;
        closes[i] = last;
        volumes[i] = 1000;
        time += (int64_t)(30 + random_below(random, 30)) * TIME_MINUTE;
    }
}

/* Scenario k: one strategy or two, with and without short sales, under a daily loss limit that is reached often or
 * never. */
static struct backtest *start(int k, bool write, struct strategy_use use[static STRATEGIES], struct calendar *calendar,
                              struct sha256 *hash)
{
    static const char *const texts[] = {
        "sma-cross:fast=4,slow=11,short=1",
        "sma-cross:fast=3,slow=9,stop=0",
        "mean-reversion:target=1",
        "momentum:lookback=8,skip=2,stop=1,short=1",
        "momentum:lookback=2,skip=1,threshold=10,stop=0",
        "sma-cross:fast=20,slow=60,stop=0,short=1",
    };
    struct backtest_options options = {
        .terms = {.account = "test", .currency = "USD", .mode = MODE_BACKTEST, .settlement_unit = DEC_ONE / 100},
        .limits = risk_defaults(),
        .costs = {.per_share = DEC_ONE / 200, .minimum = DEC_ONE, .slippage_ticks = DEC_ONE},
        .calendar = calendar,
        .hash = hash,
        .instrument = find,
        .cash = 100000 * DEC_ONE,
        .strategies = use,
        .count = k % STRATEGIES + 1,
        .write = write ? swallow : NULL,
    };
    options.terms.day_rolls = 17 * TIME_HOUR;
    options.limits.long_only = k / 6 % 2 == 0;
    options.orders = write;
    options.limits.fractional = k % 3 == 0;
    options.limits.entry_within = k % 4; /* any, 1, 2, 3 */
    options.limits.max_position = DEC_ONE;
    options.limits.daily_loss = k / 12 % 2 == 0 ? DEC_ONE / 500 : DEC_ONE;
    if (strategy_use_parse(&use[0], texts[k % 6], &error) != 0 ||
        strategy_use_parse(&use[1], texts[(k + 3) % 6], &error) != 0 ||
        risk_parse_sizing(&options.limits, "notional:40%", &error) != 0)
        return NULL;
    return backtest_new(&options, &error);
}

static bool same_ledger(const struct ledger *a, const struct ledger *b)
{
    bool same = a->now == b->now && a->cash == b->cash && a->value == b->value && a->gross == b->gross &&
                a->day_ends == b->day_ends && a->day_start == b->day_start && a->day_worst == b->day_worst &&
                a->day_lowest == b->day_lowest && a->day_worst_share == b->day_worst_share &&
                a->commission == b->commission && a->open_orders == b->open_orders && a->holdings == b->holdings &&
                a->slots == b->slots;
    for (size_t i = 0; same && i < a->slots; i++) {
        const struct ledger_symbol_state *at = &a->symbol_state[i], *other = &b->symbol_state[i];
        same = at->mark == other->mark && at->marked == other->marked && at->quantity == other->quantity &&
               at->intervals == other->intervals && at->working == other->working && at->value == other->value;
        for (size_t k = 0; same && k < at->intervals; k++)
            same = at->seen[k].high_water == other->seen[k].high_water;
    }
    for (size_t i = 0; same && i < a->holdings; i++)
        same = a->holding[i].quantity == b->holding[i].quantity && a->holding[i].realized == b->holding[i].realized &&
               a->holding[i].touched == b->holding[i].touched && a->holding[i].lots == b->holding[i].lots;
    return same;
}

/* To the last bit: sums over every point differ when one does. */
static bool same_metrics(const struct metrics *a, const struct metrics *b)
{
    return a->points == b->points && a->last_time == b->last_time && a->last_equity == b->last_equity &&
           a->value == b->value && a->days == b->days && a->money == b->money && a->day_money == b->day_money &&
           a->day_ends == b->day_ends && memcmp(&a->drawdown, &b->drawdown, sizeof a->drawdown) == 0 &&
           a->exposure_sum == b->exposure_sum && a->exposure_points == b->exposure_points &&
           a->exposed_points == b->exposed_points && a->fills == b->fills && a->traded == b->traded &&
           a->cost == b->cost && a->slippage == b->slippage && a->trades == b->trades && a->won == b->won &&
           a->lost == b->lost && a->holding_sum == b->holding_sum && a->risk_sum == b->risk_sum &&
           (a->days == 0 || memcmp(a->daily, b->daily, a->days * sizeof *a->daily) == 0);
}

static bool same_run(const struct backtest *a, const struct backtest *b)
{
    return same_ledger(&a->ledger, &b->ledger) && same_metrics(&a->metrics, &b->metrics) && a->moment == b->moment &&
           a->last == b->last && a->outcome.bars == b->outcome.bars && a->order_count == b->order_count &&
           a->refusal_count == b->refusal_count && a->track[0].last == b->track[0].last &&
           (a->tracks < 2 || a->track[1].last == b->track[1].last) && a->excursions == b->excursions;
}

static int act(struct backtest *backtest, const char *symbol, int64_t time, int number)
{
    struct action action = {.time = time, .currency = "USD", .basis_share = DEC_NONE};
    (void)snprintf(action.symbol, sizeof action.symbol, "%s", symbol);
    action.kind = number / 2 % 2 == 0 ? ACTION_SPLIT : ACTION_DIVIDEND;
    action.new_shares = 3;
    action.old_shares = 2;
    action.cash = action.kind == ACTION_SPLIT ? DEC_NONE : DEC_ONE / 4;
    (void)snprintf(action.id, sizeof action.id, "%d", number);
    return backtest_action(backtest, &action, (struct str){NULL, 0}, &error);
}

/* What a scenario came across, so that no test passes without its subject. */
struct seen {
    uint64_t fills, refusals, rolls;
};

static const struct interval half_hour = {INTERVAL_MINUTE, 30};
static const char *const symbols[] = {"A", "B"};

/* Bars as a caller with records has them. */
static int put_records(struct backtest *backtest, const char *symbol, enum adjusted adjusted, const struct bars *bars)
{
    for (size_t i = 0; i < bars->count; i++) {
        struct bar bar = {.time = bars->time[i],
                          .end = bars->end[i],
                          .session = TIME_NONE,
                          .interval = half_hour,
                          .open = bars->open[i],
                          .high = bars->high[i],
                          .low = bars->low[i],
                          .close = bars->close[i],
                          .volume = bars->volume[i],
                          .vwap = DEC_NONE,
                          .adjusted = adjusted,
                          .final = 1};
        (void)snprintf(bar.symbol, sizeof bar.symbol, "%s", symbol);
        if (backtest_bar(backtest, &bar, (struct str){NULL, 0}, &error) != 0)
            return -1;
    }
    return 0;
}

static int put_singly(struct backtest *backtest, int series, const struct bars *bars)
{
    for (size_t i = 0; i < bars->count; i++) {
        const struct bars bar = bars_part(bars, i, 1);
        if (backtest_candles(backtest, series, &bar, &error) != 0 || backtest_flush(backtest, &error) != 0)
            return -1;
    }
    return 0;
}

enum way { SINGLY, LISTS, RECORDS, WAYS };

/* All runs in step; the first bar of the list after which they differ, -1: never. Records may have been put aside:
 * theirs are compared when they have been flushed. */
static int compare(struct backtest *const run[static WAYS], struct random *random, struct seen *seen)
{
    for (int w = 0; w < WAYS; w++)
        for (int s = 0; s < 2; s++)
            if (backtest_series(run[w], symbols[s], half_hour, ADJUSTED_RAW, &error) != s)
                return 0;
    int64_t day_ends = TIME_NONE;
    for (int i = 0, lists = 0; i < BARS; lists++) {
        const uint32_t longest = lists % 11 == 0 ? 300 : 16;
        const int left = BARS - i, wanted = (int)random_below(random, longest) + 1, n = wanted < left ? wanted : left;
        const int s = lists / 5 % 2; /* a position in the other one keeps its last price meanwhile */
        const struct bars list = bars_part(&all, (size_t)i, (size_t)n);
        /* Actions come between bars, in the moment of the last one after it, and in that of the next one before it. */
        const int64_t when[] = {times[i], i > 0 ? ends[i - 1] : 0, ends[i]}, time = when[lists / 4 % 3];
        for (int w = 0; lists % 4 == 3 && w < WAYS; w++)
            if (act(run[w], symbols[s], time, lists / 4) != 0)
                return i;
        const enum adjusted adjusted = lists % 8 == 5 ? ADJUSTED_SPLIT : ADJUSTED_RAW;
        if (backtest_series(run[SINGLY], symbols[s], half_hour, adjusted, &error) != s ||
            put_singly(run[SINGLY], s, &list) != 0 ||
            backtest_series(run[LISTS], symbols[s], half_hour, adjusted, &error) != s ||
            backtest_candles(run[LISTS], s, &list, &error) != 0 ||
            put_records(run[RECORDS], symbols[s], adjusted, &list) != 0)
            return i;
        if (lists % 2 == 0 && (backtest_flush(run[LISTS], &error) != 0 || !same_run(run[SINGLY], run[LISTS])))
            return i;
        if (lists % 3 == 0 && (backtest_flush(run[RECORDS], &error) != 0 || !same_run(run[SINGLY], run[RECORDS])))
            return i;
        seen->rolls += run[LISTS]->ledger.day_ends != day_ends;
        day_ends = run[LISTS]->ledger.day_ends;
        i += n;
    }
    for (int w = 0; w < WAYS; w++)
        if (backtest_finish(run[w], &error) != 0)
            return BARS;
    if (!same_run(run[SINGLY], run[LISTS]) || !same_run(run[SINGLY], run[RECORDS]))
        return BARS;
    seen->fills += run[LISTS]->metrics.fills;
    seen->refusals += run[LISTS]->refusal_count;
    return -1;
}

static void test_same(struct sha256 *hash, struct calendar *calendar)
{
    struct seen seen = {0};
    struct random random;
    random_init(&random, 23);
    for (int k = 0; k < SCENARIOS; k++) {
        struct strategy_use use[WAYS][STRATEGIES];
        struct backtest *run[WAYS];
        bool started = true;
        for (int w = 0; w < WAYS; w++)
            started = (run[w] = start(k, w == SINGLY, use[w], calendar, hash)) != NULL && started;
        make_bars(&random);
        const int differs = started ? compare(run, &random, &seen) : 0;
        check(differs < 0, "scenario %d: lists and records are their bars one by one (%d) %s", k, differs, error.text);
        for (int w = 0; w < WAYS; w++)
            backtest_free(run[w]);
    }
    check(seen.fills > 2000 && seen.refusals > 200 && seen.rolls > 500, "%llu fills, %llu refusals, %llu days",
          (unsigned long long)seen.fills, (unsigned long long)seen.refusals, (unsigned long long)seen.rolls);
}

/* A bar that goes back in time is refused where it stands, and the run can go on behind it. */
static void test_order(struct sha256 *hash, struct calendar *calendar)
{
    struct random random;
    struct strategy_use use[STRATEGIES];
    random_init(&random, 5);
    make_bars(&random);
    struct backtest *backtest = start(5, false, use, calendar, hash);
    const int series = backtest_series(backtest, "A", half_hour, ADJUSTED_RAW, &error);
    const int64_t good = ends[200];
    ends[200] = ends[100];
    check(backtest_candles(backtest, series, &all, &error) != 0 && error.code == EXIT_INPUT &&
              backtest->outcome.bars == 200,
          "a bar that goes back in time is refused after 200 bars");
    error_clear(&error);
    ends[200] = good;
    const struct bars rest = bars_part(&all, 200, BARS - 200);
    check(backtest_candles(backtest, series, &rest, &error) == 0 && backtest->outcome.bars == BARS,
          "and the run goes on: %s", error.text);
    backtest_free(backtest);

    /* The same of its start, when it is the 100th that is put aside. */
    backtest = start(5, false, use, calendar, hash);
    const struct bars first = bars_part(&all, 0, 100), next = bars_part(&all, 100, 1), last = bars_part(&all, 101, 50);
    const int64_t start_of = times[100];
    check(put_records(backtest, "A", ADJUSTED_RAW, &first) == 0, "100 records");
    times[100] = times[99];
    check(put_records(backtest, "A", ADJUSTED_RAW, &next) != 0 && error.code == EXIT_INPUT &&
              backtest->outcome.bars == 100,
          "a record that starts with the one before it is refused when it comes");
    check_text(error.text, "A: a bar that does not start after the last one", "by name");
    error_clear(&error);
    times[100] = start_of;
    check(put_records(backtest, "A", ADJUSTED_RAW, &last) == 0 && backtest_finish(backtest, &error) == 0 &&
              backtest->metrics.points == 150,
          "and the run goes on to its end: %s", error.text);
    backtest_free(backtest);
}

/* Bars of an exchange that has closed before the calendar's opens: a fill at the open is later than its bar, and the
 * mark stays that of the fill until a bar ends after it. */
static void test_late(struct sha256 *hash, struct calendar *calendar)
{
    static int64_t late[BARS];
    struct random random;
    struct strategy_use use[STRATEGIES];
    random_init(&random, 5);
    make_bars(&random);
    for (int i = 0; i < BARS; i++)
        late[i] = ends[i] + 3 * TIME_HOUR;
    struct bars shifted = all;
    shifted.opens = late;
    struct backtest *one = start(1, true, use, calendar, hash), *lists = start(1, false, use, calendar, hash);
    int differs = -1;
    for (int i = 0; i < BARS && differs < 0; i += 50) {
        const struct bars list = bars_part(&shifted, (size_t)i, 50);
        if (backtest_series(one, "A", half_hour, ADJUSTED_RAW, &error) != 0 || put_singly(one, 0, &list) != 0 ||
            backtest_series(lists, "A", half_hour, ADJUSTED_RAW, &error) != 0 ||
            backtest_candles(lists, 0, &list, &error) != 0 || backtest_flush(lists, &error) != 0 ||
            !same_run(one, lists))
            differs = i;
    }
    check(differs < 0 && one->metrics.fills > 50, "fills later than their bars (%d, %llu fills) %s", differs,
          (unsigned long long)one->metrics.fills, error.text);
    backtest_free(one);
    backtest_free(lists);
}

#define MOMENTS 1500
#define MARKETS 6 /* five symbols, and the first again in bars of two hours */

/* What the strategies of a world of several symbols are: with stops and short sales, rankings, rules that look at
 * another symbol, and both in one account. */
static const char *const worlds[][2] = {
    {"sma-cross:fast=4,slow=11,short=1", "momentum:lookback=8,skip=2,stop=1,short=1"},
    {"sma-cross:fast=3,slow=9,stop=0", "mean-reversion:target=1"},
    {"rank by close / close[10] - 1: long top 2 short bottom 1\nrebalance: session\nstop: close - 3 * atr(5)\n",
     "sma-cross:fast=4,slow=11,stop=0,short=1"},
    {"enter long: close > sma(8) and close of B > sma(8) of B\nexit long: close < sma(5) or close of B < sma(5) of B\n"
     "exits: stop at entry - 2 * atr(5), half at 1 R, break even after target\n",
     "enter long at stop: highest(6) for 3 bars\nexit long: close < lowest(5)[1]\nexits: trail 2 * atr(5)\n"},
};

static int parse_world(const char *text, int number, struct strategy_use *use)
{
    char name[16];
    (void)snprintf(name, sizeof name, "w%d.tn", number);
    return strchr(text, '\n') == NULL ? strategy_use_parse(use, text, &error)
                                      : strategy_use_rules(use, name, str_of(text), "", &error);
}

static struct backtest *start_world(int k, struct strategy_use use[static STRATEGIES], struct calendar *calendar,
                                    struct sha256 *hash)
{
    struct backtest_options options = {
        .terms = {.account = "test", .currency = "USD", .mode = MODE_BACKTEST, .settlement_unit = DEC_ONE / 100},
        .limits = risk_defaults(),
        .costs = {.per_share = DEC_ONE / 200, .minimum = DEC_ONE, .slippage_ticks = DEC_ONE},
        .calendar = calendar,
        .hash = hash,
        .instrument = find,
        .cash = 100000 * DEC_ONE,
        .strategies = use,
        .count = STRATEGIES,
        .write = k % 2 == 0 ? NULL : swallow,
        .orders = k % 2 == 1,
    };
    options.terms.day_rolls = 17 * TIME_HOUR;
    options.limits.long_only = false;
    options.limits.daily_loss = k / 4 % 2 == 0 ? DEC_ONE / 100 : DEC_ONE;
    for (int i = 0; i < STRATEGIES; i++)
        if (parse_world(worlds[k % 4][i], i, &use[i]) != 0)
            return NULL;
    return risk_parse_sizing(&options.limits, "notional:20%", &error) != 0 ? NULL : backtest_new(&options, &error);
}

/* One walk of prices through a world: which symbols have a bar in a moment is drawn, one comes late, one goes early,
 * and now and then there are splits and dividends. `every`: the run is flushed after so many moments. */
static int feed_world(struct backtest *backtest, int k, int every)
{
    static const char *const names[MARKETS] = {"A", "B", "C", "D", "E", "A"};
    const struct interval two_hours = {INTERVAL_HOUR, 2};
    struct random random;
    double price[MARKETS];
    int series[MARKETS];
    random_init(&random, (uint64_t)k + 3);
    for (int s = 0; s < MARKETS; s++) {
        price[s] = 40 + 20 * s;
        series[s] = backtest_series(backtest, names[s], s < MARKETS - 1 ? half_hour : two_hours, ADJUSTED_RAW, &error);
    }
    for (int m = 0; m < MOMENTS; m++) {
        const int64_t time = INT64_C(1577836800) * TIME_SECOND + m * 30 * TIME_MINUTE;
        for (int s = 0; s < MARKETS; s++) {
            const bool coarse = s == MARKETS - 1, there = random_below(&random, 10) > 0;
            if (coarse) {
                price[s] = price[0];
                if (k % 4 == 2 || m % 4 != 3) /* a ranking has bars of one interval */
                    continue;
            } else {
                price[s] *= exp(0.006 * random_normal(&random));
                price[s] = price[s] > 10 ? price[s] : 80;
                if (!there || (s == 3 && m < 300) || (s == 4 && m > 900))
                    continue;
            }
            const dec close = llround(price[s] * 100) * (DEC_ONE / 100), open = close - close % DEC_ONE + DEC_ONE / 2;
            const int64_t begins = coarse ? time - 90 * TIME_MINUTE : time;
            const struct candle candle = {.time = begins,
                                          .opens = begins,
                                          .end = time + 30 * TIME_MINUTE,
                                          .open = open,
                                          .high = (open > close ? open : close) + DEC_ONE / 10,
                                          .low = (open < close ? open : close) - DEC_ONE / 10,
                                          .close = close,
                                          .volume = 1000};
            const struct bars one = bars_of(&candle);
            if (backtest_candles(backtest, series[s], &one, &error) != 0)
                return -1;
        }
        if (m % every == every - 1 && backtest_flush(backtest, &error) != 0)
            return -1;
        if (m % 170 == 169 && act(backtest, names[m / 170 % 5], time + 30 * TIME_MINUTE, m / 170) != 0)
            return -1;
    }
    return backtest_finish(backtest, &error);
}

static void test_worlds(struct sha256 *hash, struct calendar *calendar)
{
    static const int every[] = {1, 2, 7, MOMENTS + 1};
    struct seen seen = {0};
    for (int k = 0; k < 8; k++) {
        struct backtest *first = NULL;
        struct strategy_use use[4][STRATEGIES];
        bool same = true;
        for (int w = 0; w < 4; w++) {
            struct backtest *run = start_world(k, use[w], calendar, hash);
            const bool done = run != NULL && feed_world(run, k, every[w]) == 0;
            same = same && done && (first == NULL || same_run(first, run));
            if (w > 0)
                backtest_free(run);
            else
                first = run;
        }
        check(same, "world %d: windows of 1, 2, 7 and 128 moments (%llu fills) %s", k,
              first == NULL ? 0ULL : (unsigned long long)first->metrics.fills, error.text);
        if (first != NULL) {
            check(first->metrics.fills > 100, "and there is trading in it");
            seen.fills += first->metrics.fills;
            seen.refusals += first->refusal_count;
        }
        backtest_free(first);
        for (int w = 0; w < 4; w++)
            for (int i = 0; i < STRATEGIES; i++)
                strategy_use_clear(&use[w][i]);
    }
    check(seen.refusals > 100, "%llu fills, %llu refusals", (unsigned long long)seen.fills,
          (unsigned long long)seen.refusals);
}

static int count_points(void *context, enum record_type type, const void *value, struct error *ignored)
{
    uint64_t *points = context;
    (void)value, (void)ignored;
    *points += type == RECORD_EQUITY;
    return 0;
}

/* 40 % of 40 billion at 80 are 200 million shares; at 5000 they are beyond the range of a decimal. */
static void test_overflow(struct sha256 *hash, struct calendar *calendar)
{
    static const char *const ways[] = {"singly", "in lists", "as records"};
    struct random random;
    struct strategy_use use[STRATEGIES];
    random_init(&random, 5);
    make_bars(&random);
    for (int i = 0; i < 200; i++) {
        opens[i] = lows[i] = 80 * DEC_ONE + i * (DEC_ONE / 10);
        highs[i] = closes[i] = i < 150 ? opens[i] : 5000 * DEC_ONE;
    }
    const struct bars bars = bars_part(&all, 0, 200);
    for (int w = 0; w < WAYS; w++) {
        uint64_t points = 0;
        struct backtest *backtest = start(1, true, use, calendar, hash);
        backtest->options.cash = INT64_C(40000000000) * DEC_ONE;
        backtest->options.write = count_points;
        backtest->options.context = &points;
        const int series = backtest_series(backtest, "A", half_hour, ADJUSTED_RAW, &error);
        const int status = w == SINGLY  ? put_singly(backtest, series, &bars)
                           : w == LISTS ? backtest_candles(backtest, series, &bars, &error)
                                        : put_records(backtest, "A", ADJUSTED_RAW, &bars);
        check((status != 0 || backtest_flush(backtest, &error) != 0) && error.code == EXIT_STATE && points == 150,
              "%s: what cannot be worth that much ends the run behind %llu points: %s", ways[w],
              (unsigned long long)points, error.text);
        error_clear(&error);
        backtest_free(backtest);
    }
}

int main(void)
{
    struct calendar calendar;
    struct sha256 *hash = sha256_new(&error);
    if (hash == NULL || calendar_init(&calendar, "always", NULL, &error) != 0)
        return 1;
    test_same(hash, &calendar);
    test_order(hash, &calendar);
    test_late(hash, &calendar);
    test_overflow(hash, &calendar);
    test_worlds(hash, &calendar);
    sha256_free(hash);
    return done();
}
