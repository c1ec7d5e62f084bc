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
#include "market/symbol_calendars.h"
#include "record/types.h"

#define SERIES_MAX 100000 /* series of one set; more is an error (EXIT_INPUT) */

struct series_set;

/* How the state of a new series is made: `size` bytes, zeroed, then init(state, context). */
struct series_set *series_set_new(size_t size, void (*init)(void *state, const void *context), const void *context,
                                  struct error *error);
void series_set_free(struct series_set *set);
/* Whose dates the sessions of bars are; it must live as long as the set. NULL: days of UTC. */
void series_set_calendar(struct series_set *set, const struct calendar *calendar,
                         const struct symbol_calendars *calendars);

/* Calls `each` with the state of every series. */
void series_set_each(const struct series_set *set, void (*each)(void *context, const void *state), void *context);

/* A split, dividend or change of name, in its place among the bars. */
int series_set_action(struct series_set *set, const struct action *action, struct error *error);

/* Prices in currency, or as counts of 1e-8 of it: these are integers where nothing was adjusted, and their sums are
 * exact up to 2^53. */
enum price_unit { UNIT_CURRENCY, UNIT_COUNT };

/* Room for the columns of some bars. */
struct column_block {
    struct columns columns;
    double open[COLUMNS_MAX], high[COLUMNS_MAX], low[COLUMNS_MAX], close[COLUMNS_MAX], volume[COLUMNS_MAX];
    int64_t session[COLUMNS_MAX];
};

struct series {
    void *state;                        /* owned by the set */
    double price_factor, volume_factor; /* of the last bar */
    struct interval interval;           /* of its bars */
    const struct calendar *calendar;    /* the symbol's, or the set's */
};

/* The series of a symbol and interval, made when new; good until an action renames a symbol, then ask again. */
struct series *series_set_find(struct series_set *set, const char *symbol, struct interval interval,
                               struct error *error);
/* The next bars of a series: takes note of them and of their factors. EXIT_INPUT for one that is not after the last.
 * `adjusted`: what their prices are; `symbol` for messages. */
int series_step(struct series *series, const struct bars *bars, enum adjusted adjusted, const char *symbol,
                struct error *error);
/* The same bars, at most COLUMNS_MAX, in the series' basis: the columns that `inputs` names. Those of times are the
 * bars' own. */
void series_columns(const struct series *series, const struct bars *bars, unsigned inputs, enum price_unit unit,
                    struct column_block *block);

/* A figure of the series' basis in prices and volumes of the day. */
double series_of_day(const struct series *series, double value, int price_power, int volume_power);

#endif
