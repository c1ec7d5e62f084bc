/* Who leads, and who is about to. */
#include "strategy/rotation.h"

#include "base/list.h"
#include "indicator/series.h"
#include "record/record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define POINTS_MAX 50000000 /* of all series */

struct point {
    int64_t end;
    double close; /* adjusted, in the basis of the first bar */
};

struct history {
    char symbol[SYMBOL_SIZE];
    struct interval interval;
    struct point *point;
    size_t count, capacity;
    dec price;
    int64_t time;             /* of the last bar */
    struct rotation rotation; /* worked out at the end */
};

struct rotations {
    struct rotation_terms terms;
    struct series_set *set; /* the state of a series is its number in `history`, from 1 */
    struct history **history;
    size_t count, capacity, points;
    struct column_block block;
};

static void init_series(void *state, const void *context)
{
    (void)context;
    *(size_t *)state = 0;
}

struct rotations *rotations_new(const struct rotation_terms *terms, struct error *error)
{
    struct rotations *rotations = calloc(1, sizeof *rotations);
    if (rotations == NULL) {
        error_memory(error);
        return NULL;
    }
    rotations->terms = *terms;
    rotations->set = series_set_new(sizeof(size_t), init_series, NULL, error);
    if (rotations->set != NULL)
        return rotations;
    rotations_free(rotations);
    return NULL;
}

void rotations_free(struct rotations *rotations)
{
    if (rotations == NULL)
        return;
    for (size_t i = 0; i < rotations->count; i++) {
        free(rotations->history[i]->point);
        free(rotations->history[i]);
    }
    free(rotations->history);
    series_set_free(rotations->set);
    free(rotations);
}

static struct history *find(struct rotations *rotations, const struct series *series, struct error *error)
{
    size_t *number = series->state;
    if (*number > 0)
        return rotations->history[*number - 1];
    if (list_grow(&rotations->history, &rotations->capacity, rotations->count, sizeof *rotations->history, error) != 0)
        return NULL;
    struct history *history = calloc(1, sizeof *history);
    if (history == NULL) {
        error_memory(error);
        return NULL;
    }
    rotations->history[rotations->count] = history;
    *number = ++rotations->count;
    return history;
}

int rotations_bar(struct rotations *rotations, const struct bar *bar, struct error *error)
{
    const struct candle candle = candle_of_bar(bar);
    const struct bars bars = bars_of(&candle);
    struct series *series = series_set_find(rotations->set, bar->symbol, bar->interval, error);
    if (series == NULL || series_step(series, &bars, bar->adjusted, bar->symbol, error) != 0)
        return -1;
    struct history *history = find(rotations, series, error);
    if (history == NULL ||
        list_grow(&history->point, &history->capacity, history->count, sizeof *history->point, error) != 0)
        return -1;
    if (rotations->points++ == POINTS_MAX)
        return error_set(error, EXIT_INPUT, "more than %d bars", POINTS_MAX);
    series_columns(series, &bars, INPUT_CLOSE, UNIT_CURRENCY, &rotations->block);
    history->point[history->count++] = (struct point){bar->end, rotations->block.columns.close[0]};
    memcpy(history->symbol, bar->symbol, sizeof history->symbol);
    history->interval = bar->interval;
    history->price = bar->close;
    history->time = bar->time;
    return 0;
}

int rotations_action(struct rotations *rotations, const struct action *action, struct error *error)
{
    return series_set_action(rotations->set, action, error);
}

/* The closes at the last `most` ends that both have, newest first: how many. */
static size_t align(const struct history *a, const struct history *b, double *left, double *right, size_t most)
{
    size_t i = a->count, k = b->count, count = 0;
    while (i > 0 && k > 0 && count < most) {
        const int64_t x = a->point[i - 1].end, y = b->point[k - 1].end;
        if (x == y) {
            left[count] = a->point[i - 1].close;
            right[count++] = b->point[k - 1].close;
        }
        i -= x >= y;
        k -= y >= x;
    }
    return count;
}

/* (x − mean) / deviation of the first n, newest first; NaN without variation. */
static double z_of(const double *x, int n)
{
    double sum = 0, squares = 0;
    for (int i = 0; i < n; i++)
        sum += x[i];
    const double mean = sum / n;
    for (int i = 0; i < n; i++)
        squares += (x[i] - mean) * (x[i] - mean);
    const double deviation = sqrt(squares / n);
    return deviation > 0x1p-40 * fabs(mean) ? (x[0] - mean) / deviation : (double)NAN;
}

static void work_out(const struct rotation_terms *terms, struct rotation *rotation, double *left, const double *right,
                     size_t count)
{
    const size_t n = (size_t)terms->n, m = (size_t)terms->m, lookback = (size_t)terms->lookback;
    double change[1024] = {0};
    require(n <= sizeof change / sizeof *change);
    rotation->gain = left[0] / left[lookback] - 1;
    rotation->excess = rotation->gain - (right[0] / right[lookback] - 1);
    for (size_t i = 0; i < count; i++)
        left[i] /= right[i];
    if (count < n)
        return;
    rotation->ratio = 100 + z_of(left, terms->n);
    if (count < n + m + n - 1)
        return;
    for (size_t i = 0; i < n; i++)
        change[i] = (100 + z_of(left + i, terms->n)) / (100 + z_of(left + i + m, terms->n)) - 1;
    rotation->momentum = 100 + z_of(change, terms->n);
    if (isnan(rotation->ratio) || isnan(rotation->momentum))
        return;
    rotation->quadrant = rotation->ratio > 100 ? (rotation->momentum > 100 ? QUADRANT_LEADING : QUADRANT_WEAKENING)
                                               : (rotation->momentum > 100 ? QUADRANT_IMPROVING : QUADRANT_LAGGING);
}

static int compare_rotations(const void *a, const void *b)
{
    const struct rotation *x = &(*(const struct history *const *)a)->rotation,
                          *y = &(*(const struct history *const *)b)->rotation;
    const int order = interval_compare(x->interval, y->interval);
    if (order != 0)
        return order;
    if (x->gain != y->gain)
        return x->gain > y->gain ? -1 : 1;
    return strcmp(x->symbol, y->symbol);
}

static const struct history *find_benchmark(const struct rotations *rotations, struct interval interval)
{
    for (size_t i = 0; i < rotations->count; i++)
        if (strcmp(rotations->history[i]->symbol, rotations->terms.against) == 0 &&
            interval_equal(rotations->history[i]->interval, interval))
            return rotations->history[i];
    return NULL;
}

/* Puts those that have a figure into `list`. */
static size_t judge_all(const struct rotations *rotations, struct history **list, double *left, double *right,
                        size_t most, struct rotation_counts *counts)
{
    size_t ranked = 0;
    for (size_t i = 0; i < rotations->count; i++) {
        struct history *history = rotations->history[i];
        const struct history *benchmark = find_benchmark(rotations, history->interval);
        counts->against |= benchmark != NULL;
        if (history == benchmark || benchmark == NULL)
            continue;
        counts->symbols++;
        struct rotation *rotation = &history->rotation;
        record_blank(RECORD_ROTATION, rotation);
        if (history->point[history->count - 1].end != benchmark->point[benchmark->count - 1].end) {
            counts->old++;
            continue;
        }
        const size_t count = align(history, benchmark, left, right, most);
        if (count <= (size_t)rotations->terms.lookback) {
            counts->young++;
            continue;
        }
        work_out(&rotations->terms, rotation, left, right, count);
        rotation->time = history->point[history->count - 1].end;
        memcpy(rotation->symbol, history->symbol, sizeof rotation->symbol);
        memcpy(rotation->against, benchmark->symbol, sizeof rotation->against);
        rotation->interval = history->interval;
        rotation->price = history->price;
        struct bar key = {.time = history->time, .interval = history->interval};
        memcpy(key.symbol, history->symbol, sizeof key.symbol);
        bar_key(rotation->cause, &key);
        list[ranked++] = history;
    }
    return ranked;
}

/* Gives the ranks of one interval, `count` of them. */
static int give_ranks(struct history **list, size_t count,
                      int (*each)(void *context, const struct rotation *rotation, struct error *error), void *context,
                      struct error *error)
{
    int64_t rank = 1;
    for (size_t i = 0; i < count; i++) {
        struct rotation *rotation = &list[i]->rotation;
        if (i > 0 && rotation->gain != list[i - 1]->rotation.gain)
            rank = (int64_t)i + 1;
        rotation->rank = rank;
        rotation->of = (int64_t)count;
        if (each(context, rotation, error) != 0)
            return -1;
    }
    return 0;
}

int rotations_rank(struct rotations *rotations,
                   int (*each)(void *context, const struct rotation *rotation, struct error *error), void *context,
                   struct rotation_counts *counts, struct error *error)
{
    const struct rotation_terms *terms = &rotations->terms;
    const size_t strength = (size_t)terms->lookback + 1, graph = 2 * (size_t)terms->n + (size_t)terms->m;
    const size_t most = strength > graph ? strength : graph;
    struct history **list = calloc(rotations->count + 1, sizeof *list);
    double *closes = calloc(2 * most, sizeof *closes);
    int result = 0;
    *counts = (struct rotation_counts){.symbols = 0};
    if (list == NULL || closes == NULL) {
        error_memory(error);
        result = -1;
    } else {
        counts->ranked = judge_all(rotations, list, closes, closes + most, most, counts);
        if (counts->ranked > 1)
            qsort(list, counts->ranked, sizeof *list, compare_rotations);
    }
    for (size_t i = 0, count; i < counts->ranked && result == 0; i += count) {
        count = 1;
        while (i + count < counts->ranked && interval_equal(list[i]->interval, list[i + count]->interval))
            count++;
        result = give_ranks(list + i, count, each, context, error);
    }
    free(list);
    free(closes);
    return result;
}
