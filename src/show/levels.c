/* Where prices turned more than once. */
#include "show/levels.h"

#include <math.h>
#include <stdlib.h>

struct turn {
    double price;
    int64_t time;
};

static double mean_true_range(const struct chart_bar *bar, size_t bars)
{
    double sum = 0;
    for (size_t i = 1; i < bars; i++)
        sum += fmax(bar[i].high, bar[i - 1].close) - fmin(bar[i].low, bar[i - 1].close);
    return bars < 2 ? 0 : sum / (double)(bars - 1);
}

/* Is a bar the highest (lowest) around it? Of equal ones the first. */
static bool is_turn(const struct chart_bar *bar, size_t i, bool high)
{
    for (size_t k = i - LEVEL_REACH; k <= i + LEVEL_REACH; k++) {
        const double over = high ? bar[k].high - bar[i].high : bar[i].low - bar[k].low;
        if (over > 0 || (k < i && !(over < 0)))
            return false;
    }
    return true;
}

static int by_price(const void *a, const void *b)
{
    const double x = ((const struct turn *)a)->price, y = ((const struct turn *)b)->price;
    return (x > y) - (x < y);
}

static int by_weight(const void *a, const void *b)
{
    const struct level *x = a, *y = b;
    if (x->touches != y->touches)
        return y->touches - x->touches;
    return (x->last < y->last) - (x->last > y->last);
}

static int from_above(const void *a, const void *b)
{
    const double x = ((const struct level *)a)->price, y = ((const struct level *)b)->price;
    return (x < y) - (x > y);
}

int levels_find(const struct chart_bar *bar, size_t bars, struct level *level, int most, struct error *error)
{
    if (bars < 2 * LEVEL_REACH + 1)
        return 0;
    struct turn *turn = calloc(2 * bars, sizeof *turn);
    struct level *all = calloc(2 * bars, sizeof *all);
    int count = -1;
    if (turn == NULL || all == NULL) {
        (void)error_memory(error);
        goto out;
    }
    size_t turns = 0, levels = 0;
    for (size_t i = LEVEL_REACH; i + LEVEL_REACH < bars; i++)
        for (int high = 0; high < 2; high++)
            if (is_turn(bar, i, high))
                turn[turns++] = (struct turn){high ? bar[i].high : bar[i].low, bar[i].time};
    qsort(turn, turns, sizeof *turn, by_price);
    const double near = mean_true_range(bar, bars) / 2;
    for (size_t i = 0, end; i < turns; i = end) {
        double sum = turn[i].price;
        struct level one = {.touches = 1, .last = turn[i].time};
        for (end = i + 1; end < turns && turn[end].price - sum / one.touches <= near; end++) {
            sum += turn[end].price;
            one.touches++;
            one.last = turn[end].time > one.last ? turn[end].time : one.last;
        }
        one.price = sum / one.touches;
        one.support = one.price < bar[bars - 1].close;
        if (one.touches >= 2)
            all[levels++] = one;
    }
    qsort(all, levels, sizeof *all, by_weight);
    count = levels > (size_t)most ? most : (int)levels;
    for (int i = 0; i < count; i++)
        level[i] = all[i];
    qsort(level, (size_t)count, sizeof *level, from_above);
out:
    free(turn);
    free(all);
    return count;
}
