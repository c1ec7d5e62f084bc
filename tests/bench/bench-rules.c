/* What rules cost: nanoseconds a bar of a strategy in C and of the same in a rule file, over a million bars in memory,
 * through the runner, as a backtest steps them; and a scan of 5,000 symbols with 250 days each, bar by bar, beyond
 * reading. An argument is another number of bars (for callgrind). */
#include "base/random.h"
#include "strategy/rules.h"
#include "strategy/scan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 3, SYMBOLS = 5000, DAYS = 250 };

static bool make_bars(struct bars *bars, size_t count)
{
    int64_t *time = malloc(6 * count * sizeof *time);
    double *volume = calloc(count, sizeof *volume);
    if (time == NULL || volume == NULL)
        return false; /* and the program ends */
    int64_t *end = time + count;
    dec *price = end + count;
    struct random random;
    random_init(&random, 7);
    int64_t last = 10000; /* cents */
    for (size_t i = 0; i < count; i++) {
        const int64_t open = last;
        last += (int64_t)nearbyint(20 * random_normal(&random));
        last = last < 1000 || last > 100000 ? 10000 : last;
        const int64_t high = open > last ? open : last, low = open > last ? last : open;
        const int64_t cents[] = {open, high + 3, low - 3, last};
        for (size_t k = 0; k < 4; k++)
            price[k * count + i] = cents[k] * (DEC_ONE / 100);
        time[i] = INT64_C(1577836800) * TIME_SECOND + (int64_t)i * TIME_MINUTE;
        end[i] = time[i] + TIME_MINUTE;
        volume[i] = 1000 + (double)(i % 97);
    }
    *bars = (struct bars){.time = time,
                          .opens = time,
                          .end = end,
                          .open = price,
                          .high = price + count,
                          .low = price + 2 * count,
                          .close = price + 3 * count,
                          .volume = volume,
                          .count = count};
    return true;
}

static double since(clock_t start)
{
    return (double)(clock() - start) * (1e9 / CLOCKS_PER_SEC);
}

/* Nanoseconds a bar, the least of the rounds; *longs is how many rows wanted to be long. */
static double step_all(const struct strategy_use *use, const struct bars *bars, size_t *longs, struct error *error)
{
    static struct levels levels;
    double least = INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
        struct runner *runner = runner_new(use, error);
        struct series *series =
            runner == NULL ? NULL : runner_series(runner, "SPY", (struct interval){INTERVAL_MINUTE, 1}, error);
        if (series == NULL || levels_reserve(&levels, LEVELS_MAX, error) != 0)
            return NAN;
        *longs = 0;
        const clock_t start = clock();
        for (size_t i = 0; i < bars->count; i += LEVELS_MAX) {
            const size_t left = bars->count - i;
            const struct bars part = bars_part(bars, i, left < LEVELS_MAX ? left : LEVELS_MAX);
            levels_clear(&levels);
            if (runner_step(runner, series, &part, ADJUSTED_RAW, "SPY", &levels, error) != 0)
                return NAN;
            *longs += levels.side[0] == WANT_LONG;
        }
        least = fmin(least, since(start) / (double)bars->count);
        runner_free(runner);
    }
    return least;
}

static double step_rules(const char *text, const struct bars *bars, size_t *longs, struct error *error)
{
    struct strategy_use use;
    if (strategy_use_rules(&use, "bench.tn", str_of(text), "", error) != 0)
        return NAN;
    const double taken = step_all(&use, bars, longs, error);
    strategy_use_clear(&use);
    return taken;
}

/* Seconds of a rule over days of many symbols, in the order of a day's close. */
static double scan_all(const char *rule, const struct bars *bars, struct error *error)
{
    struct scan *scan = scan_new(rule, true, error);
    struct bar bar = {.interval = {INTERVAL_DAY, 1}, .final = 1, .adjusted = ADJUSTED_RAW};
    const clock_t start = clock();
    for (int day = 0; scan != NULL && day < DAYS; day++)
        for (int symbol = 0; symbol < SYMBOLS; symbol++) {
            const size_t i = (size_t)(symbol * DAYS + day) % bars->count;
            (void)snprintf(bar.symbol, sizeof bar.symbol, "S%04d", symbol);
            bar.time = (int64_t)(18262 + day) * TIME_DAY;
            bar.end = bar.time + TIME_DAY;
            bar.open = bars->open[i];
            bar.high = bars->high[i];
            bar.low = bars->low[i];
            bar.close = bars->close[i];
            bar.volume = bars->volume[i];
            if (scan_bar(scan, &bar, error) == NULL)
                return NAN;
        }
    const double taken = since(start) / 1e9;
    scan_free(scan);
    return scan == NULL ? (double)NAN : taken;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name, *c, *rules;
    } pairs[] = {
        {"sma-cross 10/30", "sma-cross:fast=10,slow=30,stop=0",
         "enter long: sma(10) > sma(30)\nexit long: sma(10) <= sma(30)\n"},
        {"the same with a stop", "sma-cross:fast=10,slow=30",
         "enter long: sma(10) > sma(30)\nexit long: sma(10) <= sma(30)\nstop: close - 2 * atr(14)\n"},
        {"rsi-2", "rsi-2:stop=0",
         "enter long: close > sma(200) and rsi(2) < 5\nexit long: close > sma(5)\nexits: after 1000 bars\n"},
    };
    static const char *const scans[] = {"close > sma(200) and rsi(2) < 10",
                                        "close > highest(20)[1] and rvol(20) > 2 and ema(10) crosses above ema(30)"};
    struct error error = {0};
    const size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
    struct bars bars;
    if (!make_bars(&bars, count))
        return EXIT_SYSTEM;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct strategy_use use;
        size_t in_c = 0, in_rules = 0;
        if (strategy_use_parse(&use, pairs[i].c, &error) != 0)
            break;
        const double c = step_all(&use, &bars, &in_c, &error);
        const double rules = step_rules(pairs[i].rules, &bars, &in_rules, &error);
        printf("%-22s C %5.1f ns a bar, rules %5.1f ns: %4.1f M bars/s, %.1f times as long (long in %zu and %zu)\n",
               pairs[i].name, c, rules, 1000 / rules, rules / c, in_c, in_rules);
    }
    for (size_t i = 0; argc == 1 && i < sizeof scans / sizeof *scans; i++)
        printf("scan of %d x %d: %.2f s: %s\n", SYMBOLS, DAYS, scan_all(scans[i], &bars, &error), scans[i]);
    if (error_is_set(&error))
        (void)fprintf(stderr, "bench-rules: %s\n", error.text);
    free((void *)bars.time);
    free((void *)bars.volume);
    return (int)error.code;
}
