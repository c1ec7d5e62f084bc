/* The made series of the indicator tests: integers only, so that every machine and language makes the same prices.
 *
 * x becomes (1103515245 x + 12345) mod 2^31 from a seed, and a draw below m is (x >> 16) mod m. The golden values
 * beside the tests were computed by other programs from the same series: "plain" of seed 1 ends on a bar
 * of 97.54 97.86 97.48 97.75 and 187500, "rough" of seed 2 on 110.29 111.16 110.12 110.94 and 117900 (300 bars each).
 * Rough has stretches without movement, without volume, without range, gaps and a day at its limit. */
#ifndef TN_TESTS_SERIES_H
#define TN_TESTS_SERIES_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SERIES_BARS_MAX = 30000 };

struct made_series {
    int bars;
    double open[SERIES_BARS_MAX], high[SERIES_BARS_MAX], low[SERIES_BARS_MAX], close[SERIES_BARS_MAX];
    double volume[SERIES_BARS_MAX];
    int64_t time[SERIES_BARS_MAX], end[SERIES_BARS_MAX], session[SERIES_BARS_MAX]; /* days from 2020-01-01 on */
};

static inline int64_t made_draw(uint64_t *x, int64_t m)
{
    *x = (1103515245u * *x + 12345u) % 2147483648u;
    return (int64_t)(*x >> 16) % m;
}

/* The stretches of a rough series; prices in cents. */
static inline void made_rough(int64_t i, int64_t before, int64_t up, int64_t down, int64_t price[4], int64_t *volume)
{
    int64_t flat = -1;
    if (i >= 60 && i <= 84) {
        flat = before;
        *volume = 50000;
    } else if (i >= 100 && i <= 114) {
        flat = before;
        *volume = 0;
    } else if (i == 180) {
        flat = before * 110 / 100;
        *volume = 100;
    } else if (i >= 200 && i <= 204) {
        *volume = 0;
    } else if (i >= 215 && i <= 229) {
        flat = before + (i % 2 != 0 ? -1 : 1);
    } else if (i >= 240 && i <= 259) {
        price[0] = price[3] = before;
        price[1] = before + up + 1;
        price[2] = before - down - 1;
    } else if (i >= 265 && i <= 284) {
        flat = before + 10;
    }
    for (int k = 0; k < 4 && flat >= 0; k++)
        price[k] = flat;
}

static inline void made_bar(uint64_t *x, const char *kind, int64_t i, int64_t before, int64_t price[4], int64_t *volume)
{
    static const int64_t drift[] = {14, -10, 2, -16, 18};
    const int wild = strcmp(kind, "wild") == 0, rough = strcmp(kind, "rough") == 0;
    int64_t gap = wild ? made_draw(x, 301) - 150 : made_draw(x, 61) - 30;
    const int64_t first = made_draw(x, 161), second = made_draw(x, 161);
    int64_t body = first + second - 160 + drift[i / 40 % 5];
    body *= wild ? 2 : 1;
    body /= made_draw(x, 8) == 0 ? 20 : 1;
    const int64_t has_up = made_draw(x, 3), up = made_draw(x, 81), has_down = made_draw(x, 3), down = made_draw(x, 81);
    const int64_t upper = has_up != 0 ? up : 0, lower = has_down != 0 ? down : 0;
    *volume = 100 * (500 + made_draw(x, 1500) + 4 * llabs(body));
    gap += wild && before < 4000 ? 2000 : 0;
    price[0] = before + gap + (rough && i == 130 ? before * 8 / 100 : 0) - (rough && i == 150 ? before * 12 / 100 : 0);
    price[3] = price[0] + body;
    price[1] = (price[0] > price[3] ? price[0] : price[3]) + upper;
    price[2] = (price[0] < price[3] ? price[0] : price[3]) - lower;
    if (rough)
        made_rough(i, before, upper, lower, price, volume);
}

static inline void make_series(struct made_series *series, const char *kind, uint64_t seed, int bars)
{
    int64_t before = 10000;
    series->bars = bars;
    for (int i = 0; i < bars; i++) {
        int64_t price[4], volume;
        made_bar(&seed, kind, i, before, price, &volume);
        series->open[i] = (double)price[0] / 100;
        series->high[i] = (double)price[1] / 100;
        series->low[i] = (double)price[2] / 100;
        series->close[i] = (double)price[3] / 100;
        series->volume[i] = (double)volume;
        series->session[i] = 18262 + i; /* 2020-01-01 */
        series->time[i] = series->session[i] * INT64_C(86400000000000);
        series->end[i] = series->time[i] + INT64_C(57600000000000);
        before = price[3];
    }
}

#endif
