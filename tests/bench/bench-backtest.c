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

static struct candle *make_bars(int bars)
{
    struct candle *candle = malloc((size_t)bars * sizeof *candle);
    if (candle == NULL)
        return NULL;
    struct random random;
    random_init(&random, 7);
    double price = 100;
    for (int i = 0; i < bars; i++) {
        const double open = price, close = price * exp(0.0005 * random_normal(&random));
        const double high = fmax(open, close) * 1.0002, low = fmin(open, close) * 0.9998;
        const double prices[] = {open, high, low, close};
        dec rounded[4];
        for (int k = 0; k < 4; k++)
            if (dec_from_double(&rounded[k], prices[k], ROUND_HALF_EVEN) != 0 ||
                dec_round(&rounded[k], rounded[k], DEC_ONE / 100,
                          k == 1   ? ROUND_CEILING
                          : k == 2 ? ROUND_FLOOR
                                   : ROUND_HALF_EVEN) != 0)
                return NULL;
        const int64_t time = INT64_C(1577836800) * TIME_SECOND + i * TIME_MINUTE;
        candle[i] =
            (struct candle){time, time, time + TIME_MINUTE, rounded[0], rounded[1], rounded[2], rounded[3], 1000};
        price = dec_to_double(rounded[3]);
        if (price < 20 || price > 500)
            price = 100;
    }
    return candle;
}

static const struct instrument *find_instrument(void *context, const char *symbol, struct error *error)
{
    static const struct instrument stock = INSTRUMENT_STOCK;
    (void)context, (void)symbol, (void)error;
    return &stock;
}

static double run(const struct candle *candle, int bars, const char *strategy, uint64_t *fills, struct error *error)
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
    for (int i = 0; i < bars; i++)
        if (backtest_candle(backtest, series, &candle[i], error) != 0)
            return NAN;
    if (backtest_finish(backtest, error) != 0)
        return NAN;
    const double took = (double)(clock() - start) * (1e9 / CLOCKS_PER_SEC);
    *fills = backtest_fills(backtest);
    backtest_free(backtest);
    sha256_free(hash);
    return took / bars;
}

int main(int argc, char **argv)
{
    struct error error = {0};
    const int bars = argc > 1 ? (int)strtol(argv[1], NULL, 10) : BARS;
    struct candle *candle = make_bars(bars);
    if (candle == NULL)
        return EXIT_SYSTEM;
    for (int round = 0; round < (argc > 1 ? 1 : 3); round++) {
        uint64_t fills = 0, none = 0;
        const double traded = run(candle, bars, "sma-cross:fast=10,slow=30,stop=0", &fills, &error);
        const double quiet = run(candle, bars, "momentum:lookback=2,skip=1,threshold=10,stop=0", &none, &error);
        printf("backtest: sma-cross 10/30 %.1f ns a bar with %llu fills; without a trade %.1f ns\n", traded,
               (unsigned long long)fills, quiet);
    }
    if (error_is_set(&error))
        (void)fprintf(stderr, "bench-backtest: %s\n", error.text);
    free(candle);
    return (int)error.code;
}
