/* Strategies: every decision compared with the rule computed naively from all bars so far, protective prices, warm-up,
 * and the names of instances. */
#include "strategy/strategy.h"

#include "tap.h"

#include <math.h>
#include <stdlib.h>

#define COUNT(array) (int)(sizeof(array) / sizeof *(array))
#define BARS         3000

static struct sample bars[BARS];

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
        bars[i] = (struct sample){.open = open,
                                  .high = fmax(open, price) * (1 + 0.01 * uniform[1]),
                                  .low = fmin(open, price) * (1 - 0.01 * uniform[2]),
                                  .close = price,
                                  .volume = 1000,
                                  .time = i,
                                  .end = i + 1};
    }
}

struct running {
    struct strategy_use use;
    void *state;
};

static struct running start(const char *text)
{
    struct running running = {0};
    struct error error = {0};
    if (strategy_use_parse(&running.use, text, &error) != 0) {
        printf("Bail out! %s\n", error.text);
        exit(1);
    }
    running.state = calloc(1, running.use.strategy->size(running.use.parameter));
    running.use.strategy->init(running.state, running.use.parameter);
    return running;
}

static double reason(const struct decision *decision, const char *name)
{
    for (int i = 0; i < decision->reasons; i++)
        if (strcmp(decision->reason[i].name, name) == 0)
            return decision->reason[i].value;
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
        sum += bars[i].close;
    return sum / n;
}

static long double deviation_of(int last, int n)
{
    const long double mean = mean_of(last, n);
    long double squares = 0;
    for (int i = last - n + 1; i <= last; i++)
        squares += (bars[i].close - mean) * (bars[i].close - mean);
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
    const long double before = bars[i - 1].close, change = bars[i].close - before;
    const long double high = fmaxl(bars[i].high, before), low = fminl(bars[i].low, before);
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
        struct decision decision;
        cross.use.strategy->step(cross.state, &bars[i], &decision);
        wilder_next(&wilder, i, 14);
        enum want want = WANT_NONE;
        if (i >= slow - 1) {
            const long double a = mean_of(i, fast), b = mean_of(i, slow);
            want = a > b ? WANT_LONG : may_short ? WANT_SHORT : WANT_FLAT;
            wrong += !near(reason(&decision, "fast"), (double)a, 1e-13);
            wrong += !near(reason(&decision, "slow"), (double)b, 1e-13);
            const double sign = want == WANT_LONG ? 1 : want == WANT_SHORT ? -1 : NAN;
            wrong += !near(decision.stop, bars[i].close - sign * 2 * (double)wilder.range, 1e-12);
            wrong += !isnan(decision.target);
        }
        wrong += decision.side != want;
        sides[decision.side]++;
    }
    check(wrong == 0 && sides[WANT_LONG] > 100 && sides[may_short ? WANT_SHORT : WANT_FLAT] > 100,
          "%s decides by its averages", text);
    free(cross.state);
}

static void test_momentum(const char *text, int lookback, int skip, double threshold, bool may_short)
{
    struct running momentum = start(text);
    int wrong = 0, sides[4] = {0};
    for (int i = 0; i < BARS; i++) {
        struct decision decision;
        momentum.use.strategy->step(momentum.state, &bars[i], &decision);
        enum want want = WANT_NONE;
        if (i >= lookback) {
            const long double rate = (long double)bars[i - skip].close / bars[i - lookback].close - 1;
            want = rate > threshold ? WANT_LONG : rate < -threshold && may_short ? WANT_SHORT : WANT_FLAT;
            wrong += !near(reason(&decision, "return"), (double)rate, 1e-13);
            wrong += reason(&decision, "from") != bars[i - lookback].close;
            wrong += reason(&decision, "to") != bars[i - skip].close;
        }
        wrong += decision.side != want;
        sides[decision.side]++;
    }
    check(wrong == 0 && sides[WANT_LONG] > 100 && sides[WANT_FLAT] > 10 && (!may_short || sides[WANT_SHORT] > 100),
          "%s decides by its return", text);
    free(momentum.state);
}

/* The rule in words: out of a long at or above the middle; in below the lower band when RSI is not above `oversold`. */
static void test_reversion(const char *text, int n, double k, bool filtered, bool may_short)
{
    struct running reversion = start(text);
    struct wilder wilder = {0};
    enum want held = WANT_FLAT;
    int wrong = 0, sides[4] = {0};
    for (int i = 0; i < BARS; i++) {
        struct decision decision;
        reversion.use.strategy->step(reversion.state, &bars[i], &decision);
        wilder_next(&wilder, i, 14);
        const int lookback = reversion.use.strategy->lookback(reversion.use.parameter);
        if (i >= lookback) {
            const double close = bars[i].close;
            const long double middle = mean_of(i, n), reach = k * deviation_of(i, n);
            const long double rsi = 100 - 100 / (1 + wilder.gain / wilder.loss);
            if ((held == WANT_LONG && close >= middle) || (held == WANT_SHORT && close <= middle))
                held = WANT_FLAT;
            if (held == WANT_FLAT && close < middle - reach && (!filtered || rsi <= 30))
                held = WANT_LONG;
            else if (held == WANT_FLAT && may_short && close > middle + reach && (!filtered || rsi >= 70))
                held = WANT_SHORT;
            wrong += !near(reason(&decision, "lower"), (double)(middle - reach), 1e-12);
            wrong += !near(reason(&decision, "middle"), (double)middle, 1e-12);
            wrong += !near(reason(&decision, "upper"), (double)(middle + reach), 1e-12);
            wrong += !near(reason(&decision, "rsi"), filtered ? (double)rsi : NAN, 1e-10);
            wrong += decision.side != held;
        } else {
            wrong += decision.side != WANT_NONE || decision.reasons != 0;
        }
        sides[decision.side]++;
    }
    check(wrong == 0 && sides[WANT_LONG] > 20 && sides[WANT_FLAT] > 100 && (!may_short || sides[WANT_SHORT] > 20),
          "%s decides by its bands", text);
    free(reversion.state);
}

/* Two averages that are equal say neither up nor down; a flat market wants nothing, whatever the price. */
static void test_flat(const char *text)
{
    struct running running = start(text);
    int wrong = 0;
    for (int i = 0; i < 2000; i++) {
        struct decision decision;
        const struct sample sample = {0.1, 0.1, 0.1, 0.1, 0, i, i + 1};
        running.use.strategy->step(running.state, &sample, &decision);
        const bool warm = i >= running.use.strategy->lookback(running.use.parameter);
        wrong += decision.side != (warm ? WANT_FLAT : WANT_NONE);
    }
    check(wrong == 0, "%s wants nothing of a flat market", text);
    free(running.state);
}

static void test_lookback(const char *text, int want)
{
    struct running running = start(text);
    int first = -1;
    for (int i = 0; i < BARS && first < 0; i++) {
        struct decision decision;
        running.use.strategy->step(running.state, &bars[i], &decision);
        if (decision.side != WANT_NONE)
            first = i;
    }
    check(running.use.strategy->lookback(running.use.parameter) == want && first == want, "%s warms up for %d bars",
          text, want);
    free(running.state);
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
        struct decision decision;
        for (int i = 0; i < 6; i++) {
            const struct sample sample = {10, 11, 9, i == 5 ? cases[c].last : 10, 0, i, i + 1};
            running.use.strategy->step(running.state, &sample, &decision);
        }
        check(decision.side == cases[c].side && near(decision.stop, cases[c].stop, 1e-12) &&
                  near(decision.target, cases[c].target, 1e-12),
              "%s protects at the right prices", cases[c].text);
        free(running.state);
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
    test_momentum("momentum", 126, 21, 0, false);
    test_momentum("momentum:lookback=60,skip=0,threshold=0.03,short=1", 60, 0, 0.03, true);
    test_reversion("mean-reversion", 20, 2, true, false);
    test_reversion("mean-reversion:rsi=0,k=1.5,n=10,short=1", 10, 1.5, false, true);
    test_reversion("mean-reversion:short=1", 20, 2, true, true);
    static const char *const all[] = {"sma-cross:short=1", "momentum:short=1", "mean-reversion:short=1",
                                      "mean-reversion:rsi=0,short=1"};
    for (int i = 0; i < COUNT(all); i++)
        test_flat(all[i]);
    test_lookback("sma-cross", 29);
    test_lookback("sma-cross:fast=2,slow=5", 14);
    test_lookback("sma-cross:fast=2,slow=5,stop=0", 4);
    test_lookback("sma-cross:fast=2,slow=5,stop=0,target=1,atr=7", 7);
    test_lookback("momentum", 126);
    test_lookback("mean-reversion", 19);
    test_lookback("mean-reversion:n=5,rsi=30", 30);
    test_lookback("mean-reversion:n=5,rsi=0,stop=0", 4);
    test_protection();
    test_names();
    return done();
}
