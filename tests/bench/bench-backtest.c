/* What a backtest costs per bar: SMA 10/30 with costs, sizing, equity and drawdown over a million minute bars in
 * memory, and the same without a trade. Prints ns per bar; the machine is noisy, compare within one run. An argument is
 * another number of bars (for callgrind). */
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

static double run(const struct bars *bars, const char *strategy, uint64_t *fills, struct error *error)
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
    const int series =
        backtest == NULL ? -1
                         : backtest_series(backtest, "SPY", (struct interval){INTERVAL_MINUTE, 1}, ADJUSTED_RAW, error);
    if (series < 0)
        return NAN;
    const clock_t start = clock();
    if (backtest_candles(backtest, series, bars, error) != 0 || backtest_finish(backtest, error) != 0)
        return NAN;
    const double took = (double)(clock() - start) * (1e9 / CLOCKS_PER_SEC);
    *fills = backtest_fills(backtest);
    backtest_free(backtest);
    sha256_free(hash);
    return took / (double)bars->count;
}

int main(int argc, char **argv)
{
    struct error error = {0};
    const size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : BARS;
    struct bars bars;
    if (!make_bars(&bars, count))
        return EXIT_SYSTEM;
    for (int round = 0; round < (argc > 1 ? 1 : 3); round++) {
        uint64_t fills = 0, none = 0;
        const double traded = run(&bars, "sma-cross:fast=10,slow=30,stop=0", &fills, &error);
        const double quiet = run(&bars, "momentum:lookback=2,skip=1,threshold=10,stop=0", &none, &error);
        printf("backtest: sma-cross 10/30 %.1f ns a bar with %llu fills; without a trade %.1f ns\n", traded,
               (unsigned long long)fills, quiet);
    }
    if (error_is_set(&error))
        (void)fprintf(stderr, "bench-backtest: %s\n", error.text);
    free((void *)bars.time);
    free((void *)bars.volume);
    return (int)error.code;
}
