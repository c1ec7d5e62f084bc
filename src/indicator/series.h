/* Many series of bars at once, each with its own state, each in one constant basis.
 *
 * A series is one symbol in one interval. Its bars must come in order. What its state sees are prices and volumes in
 * the basis of the first bar: corporate actions multiply them from the next bar on (market/adjust.h), so that a split
 * does not look like a crash and nothing already seen ever changes. What comes out is divided by the factors of the
 * moment and so is in prices of the day. Bars that say they are adjusted already are taken as they are. */
#ifndef TN_INDICATOR_SERIES_H
#define TN_INDICATOR_SERIES_H

#include "indicator/indicator.h"
#include "market/candle.h"
#include "record/types.h"

#define SERIES_MAX 100000 /* series of one set; more is an error (EXIT_INPUT) */

struct series_set;

/* How the state of a new series is made: `size` bytes, zeroed, then init(state, context). */
struct series_set *series_set_new(size_t size, void (*init)(void *state, const void *context), const void *context,
                                  struct error *error);
void series_set_free(struct series_set *set);

/* A split, dividend or change of name, in its place among the bars. */
int series_set_action(struct series_set *set, const struct action *action, struct error *error);

/* Bars of one series that follow each other. Their prices in the series' basis are worked out for those who ask, and
 * are counts of 1e-8 of the currency: without an adjustment they are integers, whose sums are exact up to 2^53. */
struct samples {
    struct bars bars;
    double price, volume; /* factors from the day's prices and volumes to the basis */
};

static inline double samples_high(const struct samples *samples, size_t i)
{
    return (double)samples->bars.high[i] * samples->price;
}

static inline double samples_low(const struct samples *samples, size_t i)
{
    return (double)samples->bars.low[i] * samples->price;
}

static inline double samples_close(const struct samples *samples, size_t i)
{
    return (double)samples->bars.close[i] * samples->price;
}

/* All of them in a column. */
static inline void samples_closes(const struct samples *samples, double *close)
{
    for (size_t i = 0; i < samples->bars.count; i++)
        close[i] = samples_close(samples, i);
}

struct series {
    void *state;                        /* owned by the set */
    double price_factor, volume_factor; /* of the last bar */
};

/* The series of a symbol and interval, made when new; good until an action renames a symbol, then ask again. */
struct series *series_set_find(struct series_set *set, const char *symbol, struct interval interval,
                               struct error *error);
/* The next bars of a series: *samples is the list, as long as the columns are there. EXIT_INPUT for one that is not
 * after the last. `adjusted`: what their prices are; `symbol` for messages. */
int series_step(struct series *series, const struct bars *bars, enum adjusted adjusted, const char *symbol,
                struct samples *samples, struct error *error);
/* Both at once: the series a bar belongs to, and the bar in its basis. NULL: a bar that is not after the last one of
 * its series (EXIT_INPUT), too many series, out of memory. */
struct series *series_set_bar(struct series_set *set, const struct bar *bar, struct sample *sample,
                              struct error *error);

/* A figure of the series' basis in prices and volumes of the day. */
double series_of_day(const struct series *series, double value, int price_power, int volume_power);

#endif
