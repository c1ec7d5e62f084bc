/* What an indicator costs: nanoseconds a bar of each at its defaults over a million bars in memory, in columns of 128,
 * and the sum of the seven that were the first. Beside them, as a yardstick of this machine and this minute, what it
 * costs to read the bars alone. */
#include "base/time.h"
#include "indicator/indicator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BARS = 1000000, ROUNDS = 5 };

struct market {
    double open[BARS], high[BARS], low[BARS], close[BARS], volume[BARS];
    int64_t time[BARS], end[BARS], session[BARS];
};

static void make_bars(struct market *market)
{
    uint64_t seed = 88172645463325252u;
    double price = 100;
    for (long i = 0; i < BARS; i++) {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        const double open = price;
        price *= 1 + 0.002 * ((double)(seed >> 11) * 0x1p-53 - 0.5);
        market->open[i] = open;
        market->high[i] = (price > open ? price : open) * 1.0003;
        market->low[i] = (price < open ? price : open) * 0.9997;
        market->close[i] = price;
        market->volume[i] = 1000 + (double)(seed & 1023);
        market->time[i] = i * TIME_MINUTE;
        market->end[i] = (i + 1) * TIME_MINUTE;
        market->session[i] = i / 390;
    }
}

static struct columns columns_at(const struct market *market, long i)
{
    return (struct columns){.n = BARS - i < COLUMNS_MAX ? (size_t)(BARS - i) : COLUMNS_MAX,
                            .open = market->open + i,
                            .high = market->high + i,
                            .low = market->low + i,
                            .close = market->close + i,
                            .volume = market->volume + i,
                            .time = market->time + i,
                            .end = market->end + i,
                            .session = market->session + i,
                            .other = market->volume + i};
}

/* Nanoseconds a bar, the least of several rounds; `sum` keeps the compiler from leaving the work out. */
static double time_indicator(const struct indicator_use *use, const struct market *market, double *sum)
{
    static double figure[INDICATOR_OUTPUTS_MAX][COLUMNS_MAX];
    double least = 1e9, *out[INDICATOR_OUTPUTS_MAX];
    void *state = malloc(indicator_size(use));
    for (int k = 0; k < INDICATOR_OUTPUTS_MAX; k++)
        out[k] = figure[k];
    for (int round = 0; state != NULL && round < ROUNDS; round++) {
        memset(state, 0, indicator_size(use));
        indicator_init(use, state);
        const int64_t start = time_monotonic();
        for (long i = 0; i < BARS; i += COLUMNS_MAX) {
            const struct columns columns = columns_at(market, i);
            indicator_run(use, state, &columns, out);
            *sum += figure[0][0] > 0 ? figure[0][0] : 0;
        }
        const double taken = (double)(time_monotonic() - start) / BARS;
        least = taken < least ? taken : least;
    }
    free(state);
    return least;
}

static double time_reading(const struct market *market, double *sum)
{
    double least = 1e9;
    for (int round = 0; round < ROUNDS; round++) {
        double seen = 0;
        const int64_t start = time_monotonic();
        for (long i = 0; i < BARS; i++)
            seen += market->close[i] > 0 ? market->close[i] : 0;
        const double taken = (double)(time_monotonic() - start) / BARS;
        *sum += seen;
        least = taken < least ? taken : least;
    }
    return least;
}

static bool is_first(const char *name)
{
    static const char *const first[] = {"sma", "ema", "rsi", "macd", "atr", "bbands", "donchian"};
    for (size_t i = 0; i < sizeof first / sizeof *first; i++)
        if (strcmp(first[i], name) == 0)
            return true;
    return false;
}

int main(void)
{
    struct market *market = malloc(sizeof *market);
    double sum = 0, total = 0, all = 0;
    if (market == NULL)
        return 1;
    make_bars(market);
    printf("%-16s %6.1f ns/bar\n", "reading", time_reading(market, &sum));
    for (int i = 0; i < indicator_count; i++) {
        struct indicator_use use;
        struct error error = {0};
        if (indicator_use_parse(&use, indicator_table[i]->name, &error) != 0)
            return 1;
        const double taken = time_indicator(&use, market, &sum);
        printf("%-16s %6.1f ns/bar\n", use.indicator->name, taken);
        total += is_first(use.indicator->name) ? taken : 0;
        all += taken;
    }
    printf("%-16s %6.1f ns/bar\n", "the first seven", total);
    printf("%-16s %6.1f ns/bar\n", "all", all);
    free(market);
    return !(sum > 0);
}
