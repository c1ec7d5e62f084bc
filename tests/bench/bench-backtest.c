/* What a backtest costs per bar: SMA 10/30 with costs, sizing, equity and drawdown over a million minute bars in
 * memory, the same with protective stops, and without a trade; and portfolios, the same bars parted among symbols that
 * all have one at each moment. Prints ns per bar; the machine is noisy, compare within one run. An argument is another
 * number of bars (for callgrind). */
#include "backtest/backtest.h"
#include "base/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define BARS 1000000

/* The columns of the bars, in memory of their own. */
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
    double last = 100;
    for (size_t i = 0; i < count; i++) {
        const double open = last, close = last * exp(0.0005 * random_normal(&random));
        const double high = fmax(open, close) * 1.0002, low = fmin(open, close) * 0.9998;
        const double prices[] = {open, high, low, close};
        const enum rounding rounding[] = {ROUND_HALF_EVEN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN};
        for (size_t k = 0; k < 4; k++) {
            dec *rounded = &price[k * count + i];
            if (dec_from_double(rounded, prices[k], ROUND_HALF_EVEN) != 0 ||
                dec_round(rounded, *rounded, DEC_ONE / 100, rounding[k]) != 0)
                return false;
        }
        time[i] = INT64_C(1577836800) * TIME_SECOND + (int64_t)i * TIME_MINUTE;
        end[i] = time[i] + TIME_MINUTE;
        volume[i] = 1000;
        last = dec_to_double(price[3 * count + i]);
        if (last < 20 || last > 500)
            last = 100;
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

static const struct instrument *find_instrument(void *context, const char *symbol, struct error *error)
{
    static const struct instrument stock = INSTRUMENT_STOCK;
    (void)context, (void)symbol, (void)error;
    return &stock;
}

/* The bars of `symbols` in turn, a moment's together: bar i of a symbol is the i-th of its part of them all. */
static int feed(struct backtest *backtest, const struct bars *bars, size_t symbols, struct error *error)
{
    const struct interval minute = {INTERVAL_MINUTE, 1};
    const size_t each = bars->count / symbols;
    int *series = malloc(symbols * sizeof *series);
    if (series == NULL)
        return error_memory(error);
    int status = 0;
    for (size_t s = 0; s < symbols; s++) {
        char name[24];
        (void)snprintf(name, sizeof name, "S%zu", s);
        series[s] = backtest_series(backtest, name, minute, ADJUSTED_RAW, error);
    }
    if (symbols == 1)
        status = backtest_candles(backtest, series[0], bars, error);
    for (size_t i = 0; symbols > 1 && status == 0 && i < each; i++)
        for (size_t s = 0; status == 0 && s < symbols; s++) {
            struct candle candle = bars_at(bars, s * each + i);
            candle.time = candle.opens = bars->time[i];
            candle.end = bars->end[i];
            const struct bars one = bars_of(&candle);
            status = backtest_candles(backtest, series[s], &one, error);
        }
    free(series);
    return status;
}

static double run(const struct bars *bars, const char *strategy, size_t symbols, uint64_t *fills, struct error *error)
{
    struct strategy_use use;
    struct calendar calendar;
    struct sha256 *hash = sha256_new(error);
    if (hash == NULL || strategy_use_parse(&use, strategy, error) != 0 ||
        calendar_init(&calendar, "always", NULL, error) != 0)
        return NAN;
    struct backtest_options options = {
        .terms = {.account = "bench", .currency = "USD", .mode = MODE_BACKTEST, .settlement_unit = DEC_ONE / 100},
        .limits = risk_defaults(),
        .costs = {.per_share = DEC_ONE / 200, .minimum = DEC_ONE, .slippage_ticks = DEC_ONE},
        .calendar = &calendar,
        .hash = hash,
        .instrument = find_instrument,
        .cash = 100000 * DEC_ONE,
        .strategies = &use,
        .count = 1,
    };
    if (risk_parse_sizing(&options.limits, "notional:5%", error) != 0)
        return NAN;
    struct backtest *backtest = backtest_new(&options, error);
    if (backtest == NULL)
        return NAN;
    const clock_t start = clock();
    if (feed(backtest, bars, symbols, error) != 0 || backtest_finish(backtest, error) != 0)
        return NAN;
    const double took = (double)(clock() - start) * (1e9 / CLOCKS_PER_SEC);
    *fills = backtest_fills(backtest);
    backtest_free(backtest);
    sha256_free(hash);
    return took / (double)(bars->count / symbols * symbols);
}

int main(int argc, char **argv)
{
    struct error error = {0};
    const size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : BARS;
    struct bars bars;
    if (!make_bars(&bars, count))
        return EXIT_SYSTEM;
    for (int round = 0; round < (argc > 1 ? 1 : 3); round++) {
        static const size_t portfolios[] = {4, 500, 10000};
        uint64_t fills = 0, stopped = 0, none = 0;
        const double traded = run(&bars, "sma-cross:fast=10,slow=30,stop=0", 1, &fills, &error);
        const double stops = run(&bars, "sma-cross:fast=10,slow=30", 1, &stopped, &error);
        const double quiet = run(&bars, "momentum:lookback=2,skip=1,threshold=10,stop=0", 1, &none, &error);
        printf(
            "backtest: sma-cross 10/30 %.1f ns a bar with %llu fills; with stops %.1f ns, %llu fills; without a trade "
            "%.1f ns\n",
            traded, (unsigned long long)fills, stops, (unsigned long long)stopped, quiet);
        for (size_t i = 0; i < sizeof portfolios / sizeof *portfolios && portfolios[i] < count; i++) {
            const double one = run(&bars, "sma-cross:fast=10,slow=30,stop=0", portfolios[i], &fills, &error);
            printf("  of %zu symbols %.1f ns a bar with %llu fills\n", portfolios[i], one, (unsigned long long)fills);
        }
    }
    if (error_is_set(&error))
        (void)fprintf(stderr, "bench-backtest: %s\n", error.text);
    free((void *)bars.time);
    free((void *)bars.volume);
    return (int)error.code;
}
