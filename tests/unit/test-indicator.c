/* Indicators: worked examples from outside, the definitions computed naively in long double, warm-up, flat prices, and
 * windows that do not drift over two million bars. */
#include "indicator/indicator.h"

#include "tap.h"

#include <math.h>
#include <stdlib.h>

#define COUNT(array) (int)(sizeof(array) / sizeof *(array))

struct running {
    struct indicator_use use;
    void *state;
};

static struct running start(const char *text)
{
    struct running running = {0};
    struct error error = {0};
    if (indicator_use_parse(&running.use, text, &error) != 0) {
        printf("Bail out! %s\n", error.text);
        exit(1);
    }
    running.state = calloc(1, indicator_size(&running.use));
    indicator_init(&running.use, running.state);
    return running;
}

static void step(struct running *running, double high, double low, double close, double *out)
{
    const double open = close, volume = 100;
    const struct columns bar = {.n = 1, .open = &open, .high = &high, .low = &low, .close = &close, .volume = &volume};
    double *columns[INDICATOR_OUTPUTS_MAX];
    for (int k = 0; k < running->use.indicator->outputs; k++)
        columns[k] = &out[k];
    indicator_run(&running->use, running->state, &bar, columns);
}

static bool near(double got, double want, double tolerance)
{
    return isnan(want) ? isnan(got) : fabs(got - want) <= tolerance;
}

/* A reproducible walk: xorshift64 (Marsaglia 2003), steps of up to 1 %. */
static uint64_t walk_seed;
static double walk_price;

static double walk_uniform(void)
{
    walk_seed ^= walk_seed << 13;
    walk_seed ^= walk_seed >> 7;
    walk_seed ^= walk_seed << 17;
    return (double)(walk_seed >> 11) * 0x1p-53;
}

static void walk_start(uint64_t seed)
{
    walk_seed = seed;
    walk_price = 100;
}

static void walk_next(double *high, double *low, double *close)
{
    const double before = walk_price;
    walk_price *= 1 + 0.02 * (walk_uniform() - 0.5);
    *close = walk_price;
    *high = fmax(before, walk_price) * (1 + 0.005 * walk_uniform());
    *low = fmin(before, walk_price) * (1 - 0.005 * walk_uniform());
}

/* StockCharts ChartSchool, "Relative Strength Index", worked example (QQQQ, 14 days): closes and RSI to two digits. */
static void test_rsi_example(void)
{
    static const double closes[] = {44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433,
                                    46.0826, 45.8931, 46.0328, 45.6140, 46.2820, 46.2820, 46.0028, 46.0328, 46.4116,
                                    46.2222, 45.6439, 46.2122, 46.2521, 45.7137, 46.4515, 45.7835, 45.3548, 44.0288,
                                    44.1783, 44.2181, 44.5672, 43.4205, 42.6628, 43.1314};
    static const double wants[] = {70.53, 66.32, 66.55, 69.41, 66.36, 57.97, 62.93, 63.26, 56.06, 62.38,
                                   54.71, 50.42, 39.99, 41.46, 41.87, 45.46, 37.30, 33.08, 37.77};
    struct running rsi = start("rsi:14");
    bool same = true;
    for (int i = 0; i < COUNT(closes); i++) {
        double out[1];
        step(&rsi, closes[i], closes[i], closes[i], out);
        same = same && near(out[0], i < 14 ? NAN : wants[i - 14], 0.00501);
    }
    check(same, "RSI(14) gives the published values of the StockCharts example");
    free(rsi.state);
}

/* By hand, n = 3. True ranges from the second bar: max(12, 9) − min(10, 9) = 3; max(13, 11) − min(12, 11) = 2;
 * max(12.5, 13) − min(11, 13) = 2; max(11, 11) − min(9.5, 11) = 1.5. Averages: 7/3, then (2·7/3 + 1.5)/3. */
static void test_atr_by_hand(void)
{
    static const double bars[][3] = {{10, 8, 9}, {12, 10, 11}, {13, 12, 13}, {12.5, 11, 11}, {11, 9.5, 10}};
    static const double wants[] = {NAN, NAN, NAN, 7.0 / 3, (2 * 7.0 / 3 + 1.5) / 3};
    struct running atr = start("atr:3");
    bool same = true;
    for (int i = 0; i < COUNT(bars); i++) {
        double out[1];
        step(&atr, bars[i][0], bars[i][1], bars[i][2], out);
        same = same && near(out[0], wants[i], 1e-12);
    }
    check(same, "ATR(3) gives the values worked out by hand");
    free(atr.state);
}

/* By hand. Seeds: EMA(2) = (2 + 4)/2 = 3 at the second bar, then weight 2/3: 6 → 5, 4 → 13/3, 8 → 61/9.
 * EMA(3) = (2 + 4 + 6)/3 = 4 at the third, then weight 1/2: 4 → 4, 8 → 6. MACD: 1, 1/3, 7/9; signal of 2: seed
 * (1 + 1/3)/2 = 2/3 at the fourth bar, then 2/3 + 2/3·(7/9 − 2/3) = 20/27. */
static void test_macd_by_hand(void)
{
    static const double closes[] = {2, 4, 6, 4, 8};
    static const double lines[] = {NAN, NAN, 1, 1.0 / 3, 7.0 / 9};
    static const double signals[] = {NAN, NAN, NAN, 2.0 / 3, 20.0 / 27};
    struct running macd = start("macd:2,3,2");
    bool same = true;
    for (int i = 0; i < COUNT(closes); i++) {
        double out[3];
        step(&macd, closes[i], closes[i], closes[i], out);
        same = same && near(out[0], lines[i], 1e-14) && near(out[1], signals[i], 1e-14) &&
               near(out[2], lines[i] - signals[i], 1e-14);
    }
    check(same, "MACD(2,3,2) gives the values worked out by hand");
    check(indicator_lookback(&macd.use) == 3, "MACD(2,3,2) is warm after three bars");
    free(macd.state);
}

/* 2 4 4 4 5 5 7 9 has mean 5 and population deviation 2 (the standard textbook example). */
static void test_bbands_example(void)
{
    static const double closes[] = {2, 4, 4, 4, 5, 5, 7, 9};
    struct running bands = start("bbands:8,2");
    double out[3] = {0};
    for (int i = 0; i < COUNT(closes); i++)
        step(&bands, closes[i], closes[i], closes[i], out);
    check(out[0] == 9 && out[1] == 5 && out[2] == 1, "Bollinger(8,2) uses the population deviation");
    free(bands.state);
}

/* Every window straight from its definition, in long double, for every bar. */
static void test_windows(int n, long bars, long sampled)
{
    char text[32];
    double *closes = malloc((size_t)bars * 3 * sizeof *closes), *highs = closes + bars, *lows = highs + bars;
    (void)snprintf(text, sizeof text, "sma:%d", n);
    struct running sma = start(text);
    (void)snprintf(text, sizeof text, "bbands:%d,2", n);
    struct running bands = start(text);
    (void)snprintf(text, sizeof text, "donchian:%d", n);
    struct running channel = start(text);
    walk_start(88172645463325252u);
    long wrong = 0, compared = 0;
    for (long i = 0; i < bars; i++) {
        double mean[1], band[3], range[3];
        walk_next(&highs[i], &lows[i], &closes[i]);
        step(&sma, highs[i], lows[i], closes[i], mean);
        step(&bands, highs[i], lows[i], closes[i], band);
        step(&channel, highs[i], lows[i], closes[i], range);
        if (i < n - 1) {
            wrong += !isnan(mean[0]) || !isnan(band[0]) || !isnan(range[0]) || !isnan(range[1]) || !isnan(range[2]);
            continue;
        }
        if (i % sampled != 0)
            continue;
        long double sum = 0, squares = 0;
        double highest = -INFINITY, lowest = INFINITY;
        for (long j = i - n + 1; j <= i; j++) {
            sum += closes[j];
            highest = fmax(highest, highs[j]);
            lowest = fmin(lowest, lows[j]);
        }
        const long double average = sum / n;
        for (long j = i - n + 1; j <= i; j++)
            squares += (closes[j] - average) * (closes[j] - average);
        const double deviation = (double)sqrtl(squares / n);
        compared++;
        wrong += !near(mean[0], (double)average, 1e-14 * (double)average);
        wrong += !near(band[0], (double)average + 2 * deviation, 1e-12 * (double)average);
        wrong += !near(band[2], (double)average - 2 * deviation, 1e-12 * (double)average);
        wrong += range[0] != highest || range[2] != lowest || !near(range[1], (highest + lowest) / 2, 1e-12 * highest);
    }
    check(wrong == 0 && compared > 0, "windows of %d agree with the definition on %ld of %ld bars", n, compared, bars);
    free(sma.state);
    free(bands.state);
    free(channel.state);
    free(closes);
}

/* EMA, RSI and ATR by the textbook recursion ((n − 1)·before + now)/n, in long double. */
static void test_recursions(void)
{
    enum { BARS = 200000, N = 14 };
    struct running ema = start("ema:14"), rsi = start("rsi:14"), atr = start("atr:14");
    long double e = 0, gain = 0, loss = 0, range = 0, before = 0;
    long wrong = 0;
    walk_start(362436069u);
    for (long i = 0; i < BARS; i++) {
        double high, low, close, got[3];
        walk_next(&high, &low, &close);
        step(&ema, high, low, close, &got[0]);
        step(&rsi, high, low, close, &got[1]);
        step(&atr, high, low, close, &got[2]);
        e = i < N ? e + close / (long double)N : close * 2.0L / (N + 1) + e * (N - 1) / (long double)(N + 1);
        wrong += !near(got[0], i < N - 1 ? NAN : (double)e, 1e-12 * close);
        if (i > 0) {
            const long double change = close - before;
            const long double tr = fmaxl(high - (long double)low, fmaxl(fabsl(high - before), fabsl(low - before)));
            const long double up = change > 0 ? change : 0, down = change < 0 ? -change : 0;
            gain = i <= N ? gain + up / N : (gain * (N - 1) + up) / N;
            loss = i <= N ? loss + down / N : (loss * (N - 1) + down) / N;
            range = i <= N ? range + tr / N : (range * (N - 1) + tr) / N;
        }
        const double strength = i < N ? NAN : (double)(100 - 100 / (1 + gain / loss));
        wrong += !near(got[1], strength, 1e-9);
        wrong += !near(got[2], i < N ? NAN : (double)range, 1e-12 * close);
        before = close;
    }
    check(wrong == 0, "EMA, RSI and ATR agree with the textbook recursion on %d bars", BARS);
    free(ema.state);
    free(rsi.state);
    free(atr.state);
}

/* The first figure comes exactly `lookback` bars after the first bar, for the slowest output. */
static void test_lookback(const char *text)
{
    struct running running = start(text);
    const struct indicator *indicator = running.use.indicator;
    const int lookback = indicator_lookback(&running.use);
    bool exact = true;
    walk_start(521288629u);
    for (int i = 0; i < lookback + 50; i++) {
        double high, low, close, out[INDICATOR_OUTPUTS_MAX];
        bool warm = true;
        walk_next(&high, &low, &close);
        step(&running, high, low, close, out);
        for (int k = 0; k < indicator->outputs; k++)
            warm = warm && !isnan(out[k]);
        exact = exact && warm == (i >= lookback);
    }
    check(exact, "%s warms up for exactly %d bars", text, lookback);
    free(running.state);
}

/* 0.1 and 1/3 are no sums of few powers of two: a mean that rounds would show. */
static void test_flat(const char *text, double price, const double *wants)
{
    struct running running = start(text);
    const struct indicator *indicator = running.use.indicator;
    bool same = true;
    for (int i = 0; i < 20000; i++) {
        double out[INDICATOR_OUTPUTS_MAX];
        step(&running, price, price, price, out);
        for (int k = 0; k < indicator->outputs && i >= indicator_lookback(&running.use); k++)
            same = same && out[k] == wants[k];
    }
    check(same, "%s is exact on flat prices of %g", text, price);
    free(running.state);
}

static void test_extremes(void)
{
    struct running up = start("rsi:2"), down = start("rsi:2"), turn = start("rsi:1");
    double a = 0, b = 0, c = 0;
    for (int i = 0; i < 5000; i++) {
        step(&up, 1 + i, 1 + i, 1 + i, &a);
        step(&down, 6000 - i, 6000 - i, 6000 - i, &b);
        step(&turn, 5 + i % 2, 5 + i % 2, 5 + i % 2, &c);
    }
    check(a == 100 && b == 0, "RSI is 100 in an unbroken rise and 0 in an unbroken fall");
    check(c == 100, "RSI(1) is the last change alone");
    /* After one rise 40 000 flat bars: the averages decay below what a double can hold. */
    for (int i = 0; i < 40000; i++)
        step(&up, 5001, 5001, 5001, &a);
    check(a == 50, "RSI is 50 once nothing is left of the last movement");
    free(up.state);
    free(down.state);
    free(turn.state);
}

static void test_names(void)
{
    static const struct {
        const char *text;
        int output;
        const char *field;
    } fields[] = {{"sma:50", 0, "sma_50"},
                  {"sma", 0, "sma_20"},
                  {"sma:20,close", 0, "sma_20"},
                  {"ema:9,source=hl2", 0, "ema_9_hl2"},
                  {"macd:1,2,3,ohlc4", 1, "macd_1_2_3_ohlc4_signal"},
                  {"sma:n=7", 0, "sma_7"},
                  {"macd", 0, "macd_12_26_9"},
                  {"macd:5,signal=4", 1, "macd_5_26_4_signal"},
                  {"macd:5,signal=4", 2, "macd_5_26_4_histogram"},
                  {"bbands:n=20,k=2.5", 0, "bbands_20_2.5_upper"},
                  {"donchian:55", 2, "donchian_55_lower"}};
    for (int i = 0; i < COUNT(fields); i++) {
        struct indicator_use use;
        struct error error = {0};
        char name[64] = "";
        indicator_use_parse(&use, fields[i].text, &error);
        indicator_use_field(&use, fields[i].output, name, sizeof name, &error);
        check_text(name, fields[i].field, fields[i].text);
    }
    struct indicator_use use;
    struct error error = {0};
    char name[8];
    check(indicator_use_parse(&use, "bbands:200,2.5", &error) == 0 &&
              indicator_use_field(&use, 0, name, sizeof name, &error) == -1 && error.code == EXIT_USAGE,
          "a field name that does not fit is refused");
}

static void test_refusals(void)
{
    static const struct {
        const char *text, *message;
    } bad[] = {{"smaa:5", "there is no indicator 'smaa'"},
               {"", "there is no indicator ''"},
               {"sma:", "sma: parameters are missing after ':'"},
               {"sma:5,close,6", "sma takes at most 2 parameters"},
               {"sma:0", "sma: n=0 is not within 1 and 100000"},
               {"sma:2.5", "sma: n=2.5 is not a whole number"},
               {"sma:5x", "sma: n='5x' is not a number"},
               {"sma:nan", "sma: n='nan' is not a number"},
               {"sma:5,clsoe", "sma: source='clsoe' is not one of: close, open, high, low, hl2, hlc3, ohlc4, volume"},
               {"sma:m=5", "sma has no parameter 'm'"},
               {"macd:5,fast=6", "macd: fast is given twice"},
               {"macd:slow=6,7", "macd: '7' needs a name, it follows a named parameter"},
               {"macd:1,,3", "macd: slow='' is not a number"},
               {"macd:1,2,", "macd: a parameter is empty"}};
    for (int i = 0; i < COUNT(bad); i++) {
        struct indicator_use use;
        struct error error = {0};
        const int got = indicator_use_parse(&use, bad[i].text, &error);
        check(got == -1 && error.code == EXIT_USAGE, "'%s' is refused as usage", bad[i].text);
        check_text(error.text, bad[i].message, bad[i].text);
    }
}

int main(void)
{
    test_rsi_example();
    test_atr_by_hand();
    test_macd_by_hand();
    test_bbands_example();
    test_windows(2, 1000, 1);
    test_windows(3, 5000, 1);
    test_windows(20, 20000, 1);
    test_windows(250, 2000000, 997);
    test_recursions();
    static const char *const all[] = {"sma:1",        "sma:30",     "ema:9",      "rsi:14", "macd",
                                      "macd:30,10,5", "macd:1,1,1", "atr:1",      "atr:14", "bbands",
                                      "bbands:2,1",   "donchian:1", "donchian:20"};
    for (int i = 0; i < COUNT(all); i++)
        test_lookback(all[i]);
    static const double prices[] = {0.1, 1.0 / 3, 123456.789, 1e-8};
    for (int i = 0; i < COUNT(prices); i++) {
        const double p = prices[i];
        test_flat("sma:7", p, (double[]){p});
        test_flat("ema:7", p, (double[]){p});
        test_flat("rsi:14", p, (double[]){50});
        test_flat("macd", p, (double[]){0, 0, 0});
        test_flat("atr:14", p, (double[]){0});
        test_flat("bbands:20,2", p, (double[]){p, p, p});
        test_flat("donchian:20", p, (double[]){p, p, p});
    }
    test_extremes();
    test_names();
    test_refusals();
    return done();
}
