/* Where the highest of the last n values lies: a queue of those that could still become it, which falls from front to
 * back (a value that a later one reaches is dropped), O(1) amortised. Its ring lies behind the struct. */
#ifndef TN_INDICATOR_PEAK_H
#define TN_INDICATOR_PEAK_H

#include <stddef.h>
#include <stdint.h>

struct peak_value {
    double value;
    int64_t place;
};

struct window_peak {
    int64_t n, pushed, front, count;
    struct peak_value data[];
};

static inline size_t window_peak_size(double n)
{
    return sizeof(struct window_peak) + (size_t)n * sizeof(struct peak_value);
}

static inline void window_peak_init(struct window_peak *window, double n)
{
    window->n = (int64_t)n;
    window->pushed = window->front = window->count = 0;
}

/* Push a value; how many pushes ago the highest of the last n came, the latest of equals; −1 before there are n. For
 * the lowest push negated values. */
static inline int64_t window_peak_push(struct window_peak *window, double value)
{
    const int64_t n = window->n, place = window->pushed++;
    while (window->count > 0 && window->data[(window->front + window->count - 1) % n].value <= value)
        window->count--;
    if (window->count > 0 && window->data[window->front].place <= place - n) {
        window->front = (window->front + 1) % n;
        window->count--;
    }
    window->data[(window->front + window->count++) % n] = (struct peak_value){value, place};
    return place + 1 < n ? -1 : place - window->data[window->front].place;
}

#endif
