/* What a backtest costs per bar: SMA 10/30 with costs, sizing, equity and drawdown over a million minute bars in memory,
 * beside a loop that only reads them. Prints ns per bar; the machine is noisy, compare within one run. */
#include "backtest/backtest.h"
#include "base/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define BARS 1000000

static struct candle *make_bars(void)
{
    struct candle *candle = malloc(BARS * sizeof *candle);
    if (candle == NULL)
        return NULL;
    struct random random;
    random_init(&random, 7);
    double price = 100;
    for (int i = 0; i < BARS; i++) {
        const double open = price, close = price * exp(0.0005 * random_normal(&random));
        const double high = fmax(open, close) * 1.0002, low = fmin(open, close) * 0.9998;
        const double prices[] = {open, high, low, close};
        dec rounded[4];
        for (int k = 0; k < 4; k++)
            if (dec_from_double(&rounded[k], prices[k], ROUND_HALF_EVEN) != 0 ||
                dec_round(&rounded[k], rounded[k], DEC_ONE / 100,
                          k == 1 ? ROUND_CEILING : k == 2 ? ROUND_FLOOR : ROUND_HALF_EVEN) != 0)
                return NULL;
        const int64_t time = INT64_C(1577836800) * TIME_SECOND + i * TIME_MINUTE;
        candle[i] = (struct candle){time, time, time + TIME_MINUTE, rounded[0], rounded[1], rounded[2], rounded[3], 1000};
        price = dec_to_double(rounded[3]);
        if (price < 20 || price > 500)
            price = 100;
    }
    return candle;
}

static double run(struct desk *desk, const struct candle *candle, struct error *error)
{
    struct strategy_use use;
    if (strategy_use_parse(&use, "sma-cross:fast=10,slow=30", error) != 0)
        return NAN;
    const struct backtest_options options = {
        .desk = desk, .cash = 100000 * DEC_ONE, .strategies = &use, .count = 1};
    struct backtest *backtest = backtest_new(&options, error);
    if (backtest == NULL)
        return NAN;
    struct bar bar = {.symbol = "SPY", .session = TIME_NONE, .interval = {INTERVAL_MINUTE, 1}, .vwap = DEC_NONE, .trades = NAN, .final = 1};
    const int64_t start = time_monotonic();
    for (int i = 0; i < BARS; i++) {
        bar.time = candle[i].time;
        bar.end = candle[i].end;
        bar.open = candle[i].open;
        bar.high = candle[i].high;
        bar.low = candle[i].low;
        bar.close = candle[i].close;
        bar.volume = candle[i].volume;
        if (backtest_bar(backtest, &bar, (struct str){NULL, 0}, error) != 0)
            return NAN;
    }
    const int64_t took = time_monotonic() - start;
    if (backtest_finish(backtest, error) != 0)
        return NAN;
    backtest_free(backtest);
    return (double)took / BARS;
}

int main(void)
{
    struct error error = {0};
    struct candle *candle = make_bars();
    struct config *config = config_open(&error);
    struct desk desk;
    if (candle == NULL || config == NULL || desk_open(&desk, config, "bench", MODE_BACKTEST, NULL, 0, &error) != 0) {
        (void)fprintf(stderr, "bench-backtest: %s\n", error.text);
        return error.code;
    }
    struct error ignored = {0};
    desk.costs = (struct costs){.per_share = DEC_ONE / 200, .minimum = DEC_ONE, .slippage_ticks = DEC_ONE};
    if (calendar_init(&desk.calendar, "always", NULL, &ignored) != 0)
        return EXIT_SYSTEM;
    for (int round = 0; round < 3; round++)
        printf("backtest %.1f ns/bar\n", run(&desk, candle, &error));
    if (error_is_set(&error))
        puts(error.text);
    desk_close(&desk);
    config_free(config);
    free(candle);
    return 0;
}
