/* Strategies: every decision compared with the rule computed naively from all bars so far, in lists of any size, ties,
 * protective prices, warm-up, and the names of instances. */
#include "strategy/strategy.h"

#include "tap.h"

#include <math.h>
#include <stdlib.h>

#define COUNT(array) (int)(sizeof(array) / sizeof *(array))
#define BARS         3000

static struct candle bars[BARS];

static dec in_cents(double price)
{
    return llround(price * 100) * (DEC_ONE / 100);
}

/* A count of 1e-8 as a price. */
static double priced(double count)
{
    return count / (double)DEC_ONE;
}

/* A reproducible market: xorshift64 (Marsaglia 2003), regimes of 200 bars that rise, fall and stand still. */
static void make_bars(void)
{
    uint64_t seed = 88172645463325252u;
    double price = 100;
    for (int i = 0; i < BARS; i++) {
        double uniform[3];
        for (int k = 0; k < 3; k++) {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            uniform[k] = (double)(seed >> 11) * 0x1p-53;
        }
        const double drift[] = {0.002, -0.002, 0};
        const double open = price;
        price *= 1 + drift[i / 200 % 3] + 0.04 * (uniform[0] - 0.5);
        bars[i] = (struct candle){.open = in_cents(open),
                                  .high = in_cents(fmax(open, price) * (1 + 0.01 * uniform[1])),
                                  .low = in_cents(fmin(open, price) * (1 - 0.01 * uniform[2])),
                                  .close = in_cents(price),
                                  .volume = 1000,
                                  .time = i,
                                  .opens = i,
                                  .end = i + 1};
    }
}

struct running {
    struct strategy_use use;
    void *state;
    struct levels levels;
};

static struct running start(const char *text)
{
    struct running running = {0};
    struct error error = {0};
    if (strategy_use_parse(&running.use, text, &error) != 0) {
        printf("Bail out! %s\n", error.text);
        exit(1);
    }
    running.state = calloc(1, strategy_size(&running.use));
    strategy_init(&running.use, running.state);
    require(levels_reserve(&running.levels, LEVELS_MAX, &error) == 0);
    return running;
}

/* Steps over bars, whose prices are multiplied. */
static void step_all(struct running *running, const struct bars *list, double factor)
{
    struct column_block block;
    const struct series series = {.price_factor = factor, .volume_factor = 1};
    series_columns(&series, list, running->use.inputs, UNIT_COUNT, &block);
    levels_clear(&running->levels);
    strategy_run(&running->use, running->state, &block.columns, &running->levels);
}

/* The side after a bar, the only row. */
static enum want step(struct running *running, const struct candle *candle)
{
    const struct bars list = bars_of(candle);
    step_all(running, &list, 1);
    return running->levels.side[0];
}

static double reason(const struct running *running, const char *name)
{
    const struct strategy *strategy = running->use.strategy;
    for (int i = 0; i < strategy->reasons; i++)
        if (strcmp(strategy->reason[i].name, name) == 0)
            return running->levels.reason[i][0] / (strategy->reason[i].price_power == 1 ? (double)DEC_ONE : 1);
    return NAN;
}

static bool near(double got, double want, double tolerance)
{
    return isnan(want) ? isnan(got) : fabs(got - want) <= tolerance * fmax(1, fabs(want));
}

static long double mean_of(int last, int n)
{
    long double sum = 0;
    for (int i = last - n + 1; i <= last; i++)
        sum += (long double)bars[i].close / DEC_ONE;
    return sum / n;
}

static long double deviation_of(int last, int n)
{
    const long double mean = mean_of(last, n);
    long double squares = 0;
    for (int i = last - n + 1; i <= last; i++)
        squares += powl((long double)bars[i].close / DEC_ONE - mean, 2);
    return sqrtl(squares / n);
}

/* Wilder's averages in the book's form, from the first bar on. */
struct wilder {
    long double gain, loss, range;
};

static void wilder_next(struct wilder *wilder, int i, int n)
{
    if (i == 0)
        return;
    const long double unit = DEC_ONE, before = bars[i - 1].close / unit, change = bars[i].close / unit - before;
    const long double high = fmaxl(bars[i].high / unit, before), low = fminl(bars[i].low / unit, before);
    const long double now[] = {change > 0 ? change : 0, change < 0 ? -change : 0, high - low};
    long double *average[] = {&wilder->gain, &wilder->loss, &wilder->range};
    for (int k = 0; k < 3; k++)
        *average[k] = i <= n ? *average[k] + now[k] / n : (*average[k] * (n - 1) + now[k]) / n;
}

static void test_sma_cross(const char *text, int fast, int slow, bool may_short)
{
    struct running cross = start(text);
    struct wilder wilder = {0};
    int wrong = 0, sides[4] = {0};
    for (int i = 0; i < BARS; i++) {
        const enum want side = step(&cross, &bars[i]);
        wilder_next(&wilder, i, 14);
        enum want want = WANT_NONE;
        if (i >= slow - 1) {
            const long double a = mean_of(i, fast), b = mean_of(i, slow);
            want = a > b ? WANT_LONG : may_short ? WANT_SHORT : WANT_FLAT;
            wrong += !near(reason(&cross, "fast"), (double)a, 1e-13);
            wrong += !near(reason(&cross, "slow"), (double)b, 1e-13);
            const double sign = want == WANT_LONG ? 1 : want == WANT_SHORT ? -1 : NAN;
            wrong += !near(priced(cross.levels.stop[0]),
                           priced((double)bars[i].close) - sign * 2 * (double)wilder.range, 1e-12);
            wrong += !isnan(cross.levels.target[0]);
        }
        wrong += side != want;
        sides[side]++;
    }
    check(wrong == 0 && sides[WANT_LONG] > 100 && sides[may_short ? WANT_SHORT : WANT_FLAT] > 100,
          "%s decides by its averages", text);
    free(cross.state);
    levels_free(&cross.levels);
}

/* 108 to 113.4 is 5 % exactly, so not above a threshold of 0.05; a cent more is. Every price of the grid has one such
 * partner: p × 1.05 on the cent. */
static void test_threshold(void)
{
    static const struct {
        const char *text;
        int percent; /* × 100 cents of a price that is a multiple of a dollar: whole cents */
        enum want beyond;
    } cases[] = {
        {"momentum:lookback=1,skip=0,threshold=0.05,stop=0", 5, WANT_LONG},
        {"momentum:lookback=1,skip=0,threshold=0.07,stop=0", 7, WANT_LONG},
        {"momentum:lookback=1,skip=0,threshold=0.05,short=1,stop=0", -5, WANT_SHORT},
        {"momentum:lookback=1,skip=0,threshold=0.33,short=1,stop=0", -33, WANT_SHORT},
    };
    const dec cent = DEC_ONE / 100;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        int at = 0, beyond = 0;
        for (int dollars = 1; dollars < 1000; dollars++) {
            const dec from = dollars * DEC_ONE, to = from + dollars * cases[k].percent * cent;
            const dec past = to + (cases[k].percent > 0 ? cent : -cent);
            for (int i = 0; i < 2; i++) {
                struct running momentum = start(cases[k].text);
                const struct candle first = {.open = from, .high = from, .low = from, .close = from};
                const dec close = i == 0 ? to : past;
                const struct candle second = {.open = close, .high = close, .low = close, .close = close};
                (void)step(&momentum, &first);
                const enum want side = step(&momentum, &second);
                at += i == 0 && side == WANT_FLAT;
                beyond += i == 1 && side == cases[k].beyond;
                free(momentum.state);
                levels_free(&momentum.levels);
            }
        }
        check(at == 999, "%s: at the threshold it is flat (%d of 999)", cases[k].text, at);
        check(beyond == 999, "%s: a cent beyond it is not (%d of 999)", cases[k].text, beyond);
    }
}

static void test_momentum(const char *text, int lookback, int skip, double threshold, bool may_short)
{
    struct running momentum = start(text);
    int wrong = 0, sides[4] = {0};
    for (int i = 0; i < BARS; i++) {
        const enum want side = step(&momentum, &bars[i]);
        enum want want = WANT_NONE;
        if (i >= lookback) {
            const long double rate = (long double)bars[i - skip].close / bars[i - lookback].close - 1;
            want = rate > threshold ? WANT_LONG : rate < -threshold && may_short ? WANT_SHORT : WANT_FLAT;
            wrong += !near(reason(&momentum, "return"), (double)rate, 1e-13);
            wrong += reason(&momentum, "from") != priced((double)bars[i - lookback].close);
            wrong += reason(&momentum, "to") != priced((double)bars[i - skip].close);
        }
        wrong += side != want;
        sides[side]++;
    }
    check(wrong == 0 && sides[WANT_LONG] > 100 && sides[WANT_FLAT] > 10 && (!may_short || sides[WANT_SHORT] > 100),
          "%s decides by its return", text);
    free(momentum.state);
    levels_free(&momentum.levels);
}

/* The rule in words: out of a long at or above the middle; in below the lower band when RSI is not above `oversold`. */
static void test_reversion(const char *text, int n, double k, bool filtered, bool may_short)
{
    struct running reversion = start(text);
    struct wilder wilder = {0};
    enum want held = WANT_FLAT;
    int wrong = 0, sides[4] = {0};
    for (int i = 0; i < BARS; i++) {
        const enum want side = step(&reversion, &bars[i]);
        wilder_next(&wilder, i, 14);
        const int lookback = strategy_lookback(&reversion.use);
        if (i >= lookback) {
            const double close = priced((double)bars[i].close);
            const long double middle = mean_of(i, n), reach = k * deviation_of(i, n);
            const long double rsi = 100 - 100 / (1 + wilder.gain / wilder.loss);
            if ((held == WANT_LONG && close >= middle) || (held == WANT_SHORT && close <= middle))
                held = WANT_FLAT;
            if (held == WANT_FLAT && close < middle - reach && (!filtered || rsi <= 30))
                held = WANT_LONG;
            else if (held == WANT_FLAT && may_short && close > middle + reach && (!filtered || rsi >= 70))
                held = WANT_SHORT;
            wrong += !near(reason(&reversion, "lower"), (double)(middle - reach), 1e-12);
            wrong += !near(reason(&reversion, "middle"), (double)middle, 1e-12);
            wrong += !near(reason(&reversion, "upper"), (double)(middle + reach), 1e-12);
            wrong += !near(reason(&reversion, "rsi"), filtered ? (double)rsi : NAN, 1e-10);
            wrong += side != held;
        } else {
            wrong += side != WANT_NONE;
        }
        sides[side]++;
    }
    check(wrong == 0 && sides[WANT_LONG] > 20 && sides[WANT_FLAT] > 100 && (!may_short || sides[WANT_SHORT] > 20),
          "%s decides by its bands", text);
    free(reversion.state);
    levels_free(&reversion.levels);
}

/* Prices that stand still but for a cent: the averages are often equal. By whole numbers. */
static void test_ties(const char *text, int fast, int slow)
{
    struct running running = start(text);
    int64_t cents[BARS];
    uint64_t seed = 7;
    int wrong = 0, ties = 0;
    for (int i = 0; i < BARS; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u; /* Knuth's MMIX */
        cents[i] = 9990 + (int64_t)(seed >> 62);
        int64_t quick = 0, calm = 0;
        for (int k = 0; k < slow && k <= i; k++) {
            quick += k < fast ? cents[i - k] : 0;
            calm += cents[i - k];
        }
        const dec price = cents[i] * (DEC_ONE / 100);
        const struct candle candle = {
            .open = price, .high = price, .low = price, .close = price, .time = i, .opens = i, .end = i + 1};
        const enum want side = step(&running, &candle);
        if (i < slow - 1)
            continue;
        ties += quick * slow == calm * fast;
        wrong += side != (quick * slow > calm * fast ? WANT_LONG : quick * slow < calm * fast ? WANT_SHORT : WANT_FLAT);
    }
    check(wrong == 0 && ties > 50, "%s knows %d ties", text, ties);
    free(running.state);
    levels_free(&running.levels);
}

/* Worked examples: open, high, low, close and volume of each bar, made by rule and computed by another program; long
 * from one bar on and flat again from another, as the rules of the sources say. */
static const double rsi2_bars[][5] = {
    {90.00, 90.50, 89.50, 90.00, 1000},     {90.00, 92.50, 89.50, 92.00, 1000},
    {92.00, 94.50, 91.50, 94.00, 1000},     {94.00, 96.50, 93.50, 96.00, 1000},
    {96.00, 98.50, 95.50, 98.00, 1000},     {98.00, 100.50, 97.50, 100.00, 1000},
    {100.00, 102.50, 99.50, 102.00, 1000},  {102.00, 104.50, 101.50, 104.00, 1000},
    {104.00, 106.50, 103.50, 106.00, 1000}, {106.00, 108.50, 105.50, 108.00, 1000},
    {108.00, 110.50, 107.50, 110.00, 1000}, {110.00, 110.50, 108.50, 109.00, 1000},
    {109.00, 109.50, 106.50, 107.00, 1000}, {107.00, 107.50, 105.50, 106.00, 1000},
    {106.00, 106.50, 104.50, 105.00, 1000}, {105.00, 105.50, 104.00, 104.50, 1000},
    {104.50, 106.50, 104.00, 106.00, 1000}, {106.00, 106.50, 102.50, 103.00, 1000},
    {103.00, 103.50, 99.50, 100.00, 1000},  {100.00, 100.50, 97.50, 98.00, 1000},
};

static const double bollinger_reversion_bars[][5] = {
    {100.00, 100.50, 99.50, 100.00, 1000}, {100.00, 101.50, 99.50, 101.00, 1000}, {101.00, 101.50, 99.50, 100.00, 1000},
    {100.00, 100.50, 98.50, 99.00, 1000},  {99.00, 100.50, 98.50, 100.00, 1000},  {100.00, 100.50, 95.10, 95.60, 1000},
    {95.60, 97.50, 95.10, 97.00, 1000},    {97.00, 98.50, 96.50, 98.00, 1000},    {98.00, 99.50, 97.50, 99.00, 1000},
};

static const double bollinger_breakout_bars[][5] = {
    {100.00, 100.50, 99.50, 100.00, 1000},  {100.00, 102.50, 99.50, 102.00, 1000},
    {102.00, 102.50, 98.50, 99.00, 1000},   {99.00, 103.50, 98.50, 103.00, 1000},
    {103.00, 103.50, 97.50, 98.00, 1000},   {98.00, 104.50, 97.50, 104.00, 1000},
    {104.00, 104.50, 100.50, 101.00, 1000}, {101.00, 101.50, 99.50, 100.00, 1000},
    {100.00, 101.50, 99.50, 101.00, 1000},  {101.00, 101.50, 99.50, 100.00, 1000},
    {100.00, 101.50, 99.50, 101.00, 1000},  {101.00, 101.50, 99.50, 100.00, 1000},
    {100.00, 101.50, 99.50, 101.00, 1000},  {101.00, 104.50, 100.50, 104.00, 1000},
    {104.00, 105.50, 103.50, 105.00, 1000}, {105.00, 106.50, 104.50, 106.00, 1000},
    {106.00, 106.50, 102.50, 103.00, 1000}, {103.00, 103.50, 101.50, 102.00, 1000},
};

static const double volume_breakout_bars[][5] = {
    {100.00, 101.00, 99.00, 100.00, 1000},  {100.00, 102.00, 99.00, 101.00, 1200},
    {101.00, 102.50, 100.00, 102.00, 900},  {102.00, 103.00, 101.00, 102.00, 1000},
    {102.00, 103.00, 101.00, 102.50, 900},  {102.50, 104.00, 102.00, 103.50, 1200},
    {103.50, 106.00, 103.00, 105.50, 1700}, {105.50, 107.00, 105.00, 106.50, 1500},
    {106.50, 107.00, 104.00, 104.50, 1000},
};

static const struct {
    const char *text;
    const double (*bar)[5];
    int bars, entered, left;
} examples[] = {
    {"rsi-2:trend=15,low=10,stop=0", rsi2_bars, COUNT(rsi2_bars), 15, 16},
    {"mean-reversion:n=5,k=1.75,rsi=0,stop=0", bollinger_reversion_bars, COUNT(bollinger_reversion_bars), 5, 7},
    {"bollinger-breakout:n=6,quiet=5,stop=0", bollinger_breakout_bars, COUNT(bollinger_breakout_bars), 13, 16},
    {"volume-breakout:n=5,out=3,stop=0", volume_breakout_bars, COUNT(volume_breakout_bars), 6, 8},
};

static void test_examples(void)
{
    for (int e = 0; e < COUNT(examples); e++) {
        struct running running = start(examples[e].text);
        int wrong = 0;
        for (int i = 0; i < examples[e].bars; i++) {
            const double *bar = examples[e].bar[i];
            const struct candle candle = {.open = in_cents(bar[0]),
                                          .high = in_cents(bar[1]),
                                          .low = in_cents(bar[2]),
                                          .close = in_cents(bar[3]),
                                          .volume = bar[4],
                                          .time = i,
                                          .opens = i,
                                          .end = i + 1};
            const enum want side = step(&running, &candle);
            const bool held = i >= examples[e].entered && i < examples[e].left;
            wrong += (side == WANT_LONG) != held || (side != WANT_LONG && side != WANT_FLAT && side != WANT_NONE);
        }
        check(wrong == 0, "%s is long when the worked example is", examples[e].text);
        free(running.state);
        levels_free(&running.levels);
    }
}

/* The channels by looking back, and which side of them a close lies on; an exit comes before an entry. */
static void test_breakout(const char *text, int entry, int out, bool may_short)
{
    struct running breakout = start(text);
    enum want held = WANT_FLAT;
    int wrong = 0, sides[4] = {0};
    for (int i = 0; i < BARS; i++) {
        const enum want side = step(&breakout, &bars[i]);
        dec highest = 0, lowest = DEC_MAX, out_high = 0, out_low = DEC_MAX;
        for (int k = 1; k <= entry && k <= i; k++) {
            highest = bars[i - k].high > highest ? bars[i - k].high : highest;
            lowest = bars[i - k].low < lowest ? bars[i - k].low : lowest;
            if (k <= out) {
                out_high = highest;
                out_low = lowest;
            }
        }
        if (i < strategy_lookback(&breakout.use)) {
            wrong += side != WANT_NONE;
            continue;
        }
        const dec close = bars[i].close;
        if ((held == WANT_LONG && close < out_low) || (held == WANT_SHORT && close > out_high))
            held = WANT_FLAT;
        if (held == WANT_FLAT)
            held = close > highest ? WANT_LONG : close < lowest && may_short ? WANT_SHORT : WANT_FLAT;
        wrong += side != held;
        sides[side]++;
    }
    check(wrong == 0 && sides[WANT_LONG] > 100 && (sides[WANT_SHORT] > 100) == may_short,
          "%s agrees with the rule (%d long, %d short)", text, sides[WANT_LONG], sides[WANT_SHORT]);
    free(breakout.state);
    levels_free(&breakout.levels);
}

/* The rows do not depend on how the bars are split into steps. */
static void test_lists(const char *text)
{
    struct running one = start(text), list = start(text);
    int64_t time[LEVELS_MAX];
    dec high[LEVELS_MAX], low[LEVELS_MAX], close[LEVELS_MAX];
    double volume[LEVELS_MAX];
    int wrong = 0, seen = 0;
    for (int i = 0, size = 1; i < BARS; i += size, size = size * 7 % (LEVELS_MAX + 1)) {
        const int count = size < BARS - i ? size : BARS - i;
        for (int k = 0; k < count; k++) {
            time[k] = bars[i + k].time;
            high[k] = bars[i + k].high;
            low[k] = bars[i + k].low;
            close[k] = bars[i + k].close;
            volume[k] = bars[i + k].volume;
        }
        const struct bars some = {time, time, time, close, high, low, close, volume, (size_t)count};
        step_all(&list, &some, 1.5);
        for (int k = 0; k < count; k++) {
            const struct bars single = bars_part(&some, (size_t)k, 1);
            step_all(&one, &single, 1.5);
            const enum want side = one.levels.side[0];
            wrong += side != list.levels.side[k];
            if (side == WANT_NONE)
                continue;
            const struct levels *a = &one.levels, *b = &list.levels;
            wrong += memcmp(&a->stop[0], &b->stop[k], sizeof(double)) != 0;
            wrong += memcmp(&a->target[0], &b->target[k], sizeof(double)) != 0;
            wrong += memcmp(&a->strength[0], &b->strength[k], sizeof(double)) != 0;
            for (int r = 0; r < one.use.strategy->reasons; r++)
                wrong += memcmp(&a->reason[r][0], &b->reason[r][k], sizeof(double)) != 0;
            seen++;
        }
    }
    check(wrong == 0 && seen > 2500, "%s wants the same of lists as of one bar after the other", text);
    free(one.state);
    levels_free(&one.levels);
    free(list.state);
    levels_free(&list.levels);
}

/* Two averages that are equal say neither up nor down; a flat market wants nothing, whatever the price. */
static void test_flat(const char *text)
{
    struct running running = start(text);
    int wrong = 0;
    for (int i = 0; i < 2000; i++) {
        const dec price = DEC_ONE / 10;
        const struct candle candle = {
            .open = price, .high = price, .low = price, .close = price, .time = i, .opens = i, .end = i + 1};
        const bool warm = i >= strategy_lookback(&running.use);
        wrong += step(&running, &candle) != (warm ? WANT_FLAT : WANT_NONE);
    }
    check(wrong == 0, "%s wants nothing of a flat market", text);
    free(running.state);
    levels_free(&running.levels);
}

static void test_lookback(const char *text, int want)
{
    struct running running = start(text);
    int first = -1;
    for (int i = 0; i < BARS && first < 0; i++)
        if (step(&running, &bars[i]) != WANT_NONE)
            first = i;
    check(strategy_lookback(&running.use) == want && first == want, "%s warms up for %d bars", text, want);
    free(running.state);
    levels_free(&running.levels);
}

/* Average true range 2 throughout (high 11, low 9, close 10, then a close of 10.5 within the range). */
static void test_protection(void)
{
    static const struct {
        const char *text;
        double last, stop, target;
        enum want side;
    } cases[] = {{"sma-cross:fast=1,slow=2,atr=3,stop=2,target=3", 10.5, 6.5, 16.5, WANT_LONG},
                 {"sma-cross:fast=1,slow=2,atr=3,stop=0,target=0", 10.5, NAN, NAN, WANT_LONG},
                 {"sma-cross:fast=1,slow=2,atr=3,stop=0,target=1.5", 10.5, NAN, 13.5, WANT_LONG},
                 {"sma-cross:fast=1,slow=2,atr=3,stop=6", 10.5, NAN, NAN, WANT_LONG}, /* below zero: none */
                 {"sma-cross:fast=1,slow=2,atr=3,short=1,target=1", 9.5, 13.5, 7.5, WANT_SHORT},
                 {"sma-cross:fast=1,slow=2,atr=3,target=1", 9.5, NAN, NAN, WANT_FLAT}};
    for (int c = 0; c < COUNT(cases); c++) {
        struct running running = start(cases[c].text);
        enum want side = WANT_NONE;
        for (int i = 0; i < 6; i++) {
            const struct candle candle = {.open = 10 * DEC_ONE,
                                          .high = 11 * DEC_ONE,
                                          .low = 9 * DEC_ONE,
                                          .close = in_cents(i == 5 ? cases[c].last : 10),
                                          .time = i,
                                          .opens = i,
                                          .end = i + 1};
            side = step(&running, &candle);
        }
        check(side == cases[c].side && near(priced(running.levels.stop[0]), cases[c].stop, 1e-12) &&
                  near(priced(running.levels.target[0]), cases[c].target, 1e-12),
              "%s protects at the right prices", cases[c].text);
        free(running.state);
        levels_free(&running.levels);
    }
}

static void test_names(void)
{
    static const char *const names[][2] = {
        {"sma-cross", "sma-cross"},
        {"sma-cross:fast=10,slow=30", "sma-cross"},
        {"sma-cross:slow=50,fast=20", "sma-cross:fast=20,slow=50"},
        {"sma-cross:20,50", "sma-cross:fast=20,slow=50"},
        {"sma-cross:stop=2.50,short=1", "sma-cross:short=1,stop=2.5"},
        {"momentum:threshold=0.05", "momentum:threshold=0.05"},
        {"mean-reversion:rsi=0", "mean-reversion:rsi=0"},
        {"mean-reversion:rsi=-0", "mean-reversion:rsi=0"},
    };
    for (int i = 0; i < COUNT(names); i++) {
        struct strategy_use use;
        struct error error = {0};
        strategy_use_parse(&use, names[i][0], &error);
        check_text(use.instance, names[i][1], names[i][0]);
    }
    static const char *const bad[][2] = {
        {"sma-crosss", "there is no strategy 'sma-crosss'"},
        {"sma-cross:fast=30", "sma-cross: fast=30 is not below slow=30"},
        {"momentum:skip=126", "momentum: skip=126 is not below lookback=126"},
        {"momentum:lookback=1e9", "momentum: lookback=1e+09 is not within 1 and 100000"},
        {"sma-cross:short=2", "sma-cross: short=2 is not within 0 and 1"},
        {"sma-cross:stop=-1", "sma-cross: stop=-1 is not within 0 and 1000"},
        {"mean-reversion:n=5", "mean-reversion: no close can be 2 deviations from the mean of 5 bars"},
        {"bollinger-breakout:n=10,k=3", "bollinger-breakout: no close can be 3 deviations from the mean of 10 bars"},
        {"rsi-2:out=200", "rsi-2: out=200 is not below trend=200"},
        {"breakout:out=21", "breakout: out=21 is above entry=20"},
        {"sma-cross:quick=3", "sma-cross has no parameter 'quick'"},
    };
    for (int i = 0; i < COUNT(bad); i++) {
        struct strategy_use use;
        struct error error = {0};
        check(strategy_use_parse(&use, bad[i][0], &error) == -1 && error.code == EXIT_USAGE, "%s is refused",
              bad[i][0]);
        check_text(error.text, bad[i][1], bad[i][0]);
    }
}

int main(void)
{
    make_bars();
    test_sma_cross("sma-cross", 10, 30, false);
    test_sma_cross("sma-cross:fast=5,slow=100,short=1", 5, 100, true);
    test_threshold();
    test_momentum("momentum", 126, 21, 0, false);
    test_momentum("momentum:lookback=60,skip=0,threshold=0.03,short=1", 60, 0, 0.03, true);
    test_reversion("mean-reversion", 20, 2, true, false);
    test_reversion("mean-reversion:rsi=0,k=1.5,n=10,short=1", 10, 1.5, false, true);
    test_reversion("mean-reversion:short=1", 20, 2, true, true);
    static const char *const all[] = {
        "sma-cross:short=1", "momentum:short=1", "mean-reversion:short=1",    "mean-reversion:rsi=0,short=1",
        "rsi-2:short=1",     "breakout:short=1", "volume-breakout:times=0.5", "bollinger-breakout:short=1"};
    for (int i = 0; i < COUNT(all); i++)
        test_flat(all[i]);
    for (int i = 0; i < COUNT(all); i++)
        test_lists(all[i]);
    test_lists("sma-cross:fast=64,slow=65,target=2");
    test_lists("sma-cross:fast=1,slow=200,stop=0");
    test_ties("sma-cross:fast=5,slow=20,short=1,stop=0", 5, 20);
    test_ties("sma-cross:fast=7,slow=49,short=1,stop=0", 7, 49);
    test_ties("sma-cross:fast=10,slow=30,short=1,stop=0", 10, 30);
    test_lookback("sma-cross", 29);
    test_lookback("sma-cross:fast=2,slow=5", 14);
    test_lookback("sma-cross:fast=2,slow=5,stop=0", 4);
    test_lookback("sma-cross:fast=2,slow=5,stop=0,target=1,atr=7", 7);
    test_lookback("momentum", 126);
    test_lookback("mean-reversion", 19);
    test_lookback("mean-reversion:n=5,k=1.5,rsi=30", 30);
    test_lookback("mean-reversion:n=5,k=1.5,rsi=0,stop=0", 4);
    test_lookback("rsi-2", 199);
    test_lookback("breakout:stop=0", 20);
    test_lookback("breakout:entry=5,out=3", 14);
    test_lookback("volume-breakout:n=10,out=60", 59);
    test_lookback("bollinger-breakout", 144);
    test_examples();
    test_breakout("breakout:stop=0", 20, 10, false);
    test_breakout("breakout:entry=7,out=7,short=1", 7, 7, true);
    test_protection();
    test_names();
    return done();
}
