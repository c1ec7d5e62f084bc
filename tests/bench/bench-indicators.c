/* What an indicator costs: nanoseconds a bar of each at its defaults over a million bars in memory, and their sum.
 * Beside them, as a yardstick of this machine and this minute, what it costs to read the bars alone. */
#include "base/time.h"
#include "indicator/indicator.h"

#include <stdio.h>
#include <stdlib.h>

enum { BARS = 1000000, ROUNDS = 5 };

static void make_bars(struct sample *bars)
{
    uint64_t seed = 88172645463325252u;
    double price = 100;
    for (long i = 0; i < BARS; i++) {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        const double open = price;
        price *= 1 + 0.002 * ((double)(seed >> 11) * 0x1p-53 - 0.5);
        const double top = price > open ? price : open, bottom = price < open ? price : open;
        bars[i] = (struct sample){open, top * 1.0003, bottom * 0.9997, price, 1000, i, i + 1};
    }
}

/* Nanoseconds a bar, the least of several rounds; `sum` keeps the compiler from leaving the work out. */
static double time_indicator(const struct indicator_use *use, const struct sample *bars, double *sum)
{
    const struct indicator *indicator = use->indicator;
    double least = 1e9;
    void *state = malloc(indicator->size(use->parameter));
    for (int round = 0; state != NULL && round < ROUNDS; round++) {
        double out[INDICATOR_OUTPUTS_MAX] = {0}, seen = 0;
        indicator->init(state, use->parameter);
        const int64_t start = time_monotonic();
        for (long i = 0; i < BARS; i++) {
            indicator->step(state, &bars[i], out);
            seen += out[0] > 0 ? out[0] : 0;
        }
        const double taken = (double)(time_monotonic() - start) / BARS;
        *sum += seen;
        least = taken < least ? taken : least;
    }
    free(state);
    return least;
}

static double time_reading(const struct sample *bars, double *sum)
{
    double least = 1e9;
    for (int round = 0; round < ROUNDS; round++) {
        double seen = 0;
        const int64_t start = time_monotonic();
        for (long i = 0; i < BARS; i++)
            seen += bars[i].close > 0 ? bars[i].close : 0;
        const double taken = (double)(time_monotonic() - start) / BARS;
        *sum += seen;
        least = taken < least ? taken : least;
    }
    return least;
}

int main(void)
{
    struct sample *bars = malloc(BARS * sizeof *bars);
    double sum = 0, total = 0;
    if (bars == NULL)
        return 1;
    make_bars(bars);
    printf("%-10s %6.1f ns/bar\n", "reading", time_reading(bars, &sum));
    for (int i = 0; i < indicator_count; i++) {
        struct indicator_use use;
        struct error error = {0};
        if (indicator_use_parse(&use, indicator_table[i]->name, &error) != 0)
            return 1;
        const double taken = time_indicator(&use, bars, &sum);
        printf("%-10s %6.1f ns/bar\n", use.indicator->name, taken);
        total += taken;
    }
    printf("%-10s %6.1f ns/bar\n", "sum", total);
    free(bars);
    return !(sum > 0);
}
