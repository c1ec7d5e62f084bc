/* How long the bars of a file are. */
#include "feed/csv_interval.h"

#include "base/time.h"

#include <stdlib.h>

#define SAMPLE 4096 /* distances among which the most frequent is looked for */

static int64_t floor_divide(int64_t value, int64_t unit)
{
    return value / unit - (value % unit < 0);
}

static int64_t rest_of(int64_t value, int64_t unit)
{
    return value - floor_divide(value, unit) * unit;
}

/* How many of `count` may be odd. */
static size_t odd_allowed(size_t count)
{
    return count < 5 ? 0 : count < 14 ? 1 : count * 15 / 100;
}

/* The value that more than half of all rests are, if one is (R. Boyer and J. Moore, 1981); *times: how many are. */
static int64_t majority(const int64_t *local, size_t count, int64_t unit, size_t *times)
{
    int64_t candidate = 0;
    size_t votes = 0;
    for (size_t i = 0; i < count; i++) {
        const int64_t rest = rest_of(local[i], unit);
        if (votes == 0)
            candidate = rest;
        votes = rest == candidate ? votes + 1 : votes - 1;
    }
    *times = 0;
    for (size_t i = 0; i < count; i++)
        *times += rest_of(local[i], unit) == candidate;
    return candidate;
}

/* Distances in days between rows at the usual time of day, by kind. */
struct day_distances {
    size_t count, weeks, months, quarters, years;
    int64_t last;
};

static void add_days(struct day_distances *found, int64_t days)
{
    found->count++;
    found->weeks += (days >= 6 && days <= 8) || (days >= 13 && days <= 15);
    found->months += days >= 26 && days <= 35;
    found->quarters += days >= 84 && days <= 98;
    found->years += days >= 357 && days <= 374;
    found->last = days;
}

/* Rows of days that follow the last week or month at the newest end, as Yahoo adds them. */
static size_t count_trailing(const int64_t *local, size_t count)
{
    const bool newest_first = local[0] > local[count - 1];
    size_t trailing = 0;
    while (trailing + 1 < count && trailing < 6) {
        const size_t i = newest_first ? trailing : count - 1 - trailing, k = newest_first ? i + 1 : i - 1;
        if (llabs(local[i] - local[k]) >= 6 * TIME_DAY)
            break;
        trailing++;
    }
    return trailing;
}

static struct interval of_days(const int64_t *local, size_t count, int64_t time_of_day)
{
    struct day_distances found = {.count = 0};
    const size_t trailing = count_trailing(local, count);
    const bool newest_first = local[0] > local[count - 1];
    const size_t begin = newest_first ? trailing : 0, end = newest_first ? count : count - trailing;
    int64_t before = INT64_MIN;
    for (size_t i = begin; i < end; i++) {
        if (rest_of(local[i], TIME_DAY) != time_of_day)
            continue;
        const int64_t day = floor_divide(local[i], TIME_DAY);
        if (before != INT64_MIN && day != before)
            add_days(&found, llabs(day - before));
        before = day;
    }
    const size_t odd = odd_allowed(found.count);
    if (found.count == 1 && trailing == 0) /* two rows: a week to the day, a month nearly */
        return found.last == 7                        ? (struct interval){INTERVAL_WEEK, 1}
               : found.last >= 28 && found.last <= 31 ? (struct interval){INTERVAL_MONTH, 1}
                                                      : (struct interval){INTERVAL_DAY, 1};
    if (found.count < 2)
        return (struct interval){INTERVAL_DAY, 1};
    if (found.count - found.weeks <= odd)
        return (struct interval){INTERVAL_WEEK, 1};
    if (found.count - found.months <= odd)
        return (struct interval){INTERVAL_MONTH, 1};
    if (found.count - found.quarters <= odd)
        return (struct interval){INTERVAL_MONTH, 3};
    if (found.count - found.years <= odd)
        return (struct interval){INTERVAL_MONTH, 12};
    return (struct interval){INTERVAL_DAY, 1};
}

static int compare(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The most frequent distance of less than a day. */
static int64_t frequent_distance(const int64_t *moment, size_t count)
{
    int64_t distance[SAMPLE] = {0}, best = 0;
    size_t n = 0, best_times = 0;
    for (size_t i = 1; i < count && n < SAMPLE; i++) {
        const int64_t d = llabs(moment[i] - moment[i - 1]);
        if (d > 0 && d < TIME_DAY)
            distance[n++] = d;
    }
    qsort(distance, n, sizeof *distance, compare);
    for (size_t i = 0, k; i < n; i = k) {
        for (k = i + 1; k < n && distance[k] == distance[i]; k++)
            continue;
        if (k - i > best_times) {
            best_times = k - i;
            best = distance[i];
        }
    }
    return best;
}

/* How many distances a length divides neither by the clock nor in UTC. */
static size_t count_odd(const int64_t *local, const int64_t *moment, size_t count, int64_t length)
{
    size_t odd = 0;
    for (size_t i = 1; i < count; i++)
        odd += (local[i] - local[i - 1]) % length != 0 && (moment[i] - moment[i - 1]) % length != 0;
    return odd;
}

static int64_t length_of(const int64_t *local, const int64_t *moment, size_t count)
{
    static const int64_t usual[] = {4 * TIME_HOUR,    2 * TIME_HOUR,    TIME_HOUR,       30 * TIME_MINUTE,
                                    15 * TIME_MINUTE, 5 * TIME_MINUTE,  TIME_MINUTE,     30 * TIME_SECOND,
                                    15 * TIME_SECOND, 10 * TIME_SECOND, 5 * TIME_SECOND, TIME_SECOND};
    const int64_t frequent = frequent_distance(moment, count);
    if (frequent >= TIME_SECOND && frequent % TIME_SECOND == 0) {
        const size_t odd = count_odd(local, moment, count, frequent);
        if (odd == 0 || (count >= 9 && odd <= (count - 1) / 3))
            return frequent;
    }
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (count_odd(local, moment, count, usual[i]) <= odd_allowed(count - 1))
            return usual[i];
    return TIME_SECOND;
}

static struct interval interval_of(int64_t length)
{
    if (length % TIME_HOUR == 0)
        return (struct interval){INTERVAL_HOUR, length / TIME_HOUR};
    if (length % TIME_MINUTE == 0)
        return (struct interval){INTERVAL_MINUTE, length / TIME_MINUTE};
    return (struct interval){INTERVAL_SECOND, length / TIME_SECOND};
}

struct csv_grid csv_grid_find(const int64_t *local, const int64_t *moment, size_t count)
{
    struct csv_grid grid = {.interval = {INTERVAL_NONE, 0}};
    size_t times;
    if (count == 0)
        return grid;
    grid.time_of_day = majority(local, count, TIME_DAY, &times);
    size_t different = 0;
    for (size_t i = 1; i < count; i++)
        different += local[i] != local[i - 1];
    if (different == 0)
        return grid;
    /* Among bare dates even one time of three rows is odd: today's, as it is traded. */
    const size_t odd = count >= 3 && count < 5 && grid.time_of_day == 0 ? 1 : odd_allowed(count);
    if (count - times <= odd) {
        grid.interval = of_days(local, count, grid.time_of_day);
        return grid;
    }
    grid.length = length_of(local, moment, count);
    grid.interval = interval_of(grid.length);
    grid.phase = majority(local, count, grid.length, &times);
    return grid;
}
