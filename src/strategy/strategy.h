/* Strategies: one closed bar in, the wanted position out. They step, they never look ahead, they never see fills. */
#ifndef TN_STRATEGY_STRATEGY_H
#define TN_STRATEGY_STRATEGY_H

#include "indicator/series.h"
#include "record/types.h"

#define STRATEGY_PARAMS_MAX  12
#define STRATEGY_REASONS_MAX 8

struct reason {
    const char *name;
    double value;
    int price_power; /* as in struct output */
};

/* What a strategy wants after a bar. Prices are in the basis of the samples; NaN for none. */
struct decision {
    enum want side; /* WANT_NONE while warming up */
    double strength, stop, target;
    struct reason reason[STRATEGY_REASONS_MAX];
    int reasons;
};

struct strategy {
    const char *name;
    const char *title;
    const char *source;
    struct parameter parameter[STRATEGY_PARAMS_MAX];
    int parameters;
    /* -1 with a message when parameters do not fit each other (fast >= slow). May be NULL. */
    int (*check)(const double *parameter, struct error *error);
    int (*lookback)(const double *parameter);
    size_t (*size)(const double *parameter);
    void (*init)(void *state, const double *parameter);
    void (*step)(void *state, const struct sample *sample, struct decision *decision);
};

extern const struct strategy *const strategy_table[];
extern const int strategy_count;

/* A strategy with its parameters: "sma-cross:fast=10,slow=30". */
struct strategy_use {
    const struct strategy *strategy;
    double parameter[STRATEGY_PARAMS_MAX];
    char instance[STRATEGY_SIZE]; /* canonical: every parameter that differs from its default, in table order; the bare
                                     name when none does */
};

int strategy_use_parse(struct strategy_use *use, const char *text, struct error *error);

/* One instance over many symbols: keeps a state and the adjustment factor of each (symbol, interval), turns bars into
 * signals. The same code serves tn-signal and tn-backtest. */
struct runner;

struct runner *runner_new(const struct strategy_use *use, struct error *error);
void runner_free(struct runner *runner);
/* Signals get plain ids, of at most 40 characters and unique among runners of other numbers, instead of hashes: for
 * runs whose records nobody reads. */
void runner_use_plain_ids(struct runner *runner, int number);
/* Corporate actions adjust what the strategy sees from the next bar on; ignored for symbols whose bars say they are
 * adjusted already. */
int runner_action(struct runner *runner, const struct action *action, struct error *error);
/* One series of bars, looked up once: good until a rename among the actions, then ask again. */
struct series *runner_series(struct runner *runner, const char *symbol, struct interval interval, struct error *error);
/* Steps the strategy over the next closed bar of a series; *side is the level after it, WANT_NONE while warming up. */
int runner_step(struct runner *runner, struct series *series, const struct candle *candle, enum adjusted adjusted,
                const char *symbol, enum want *side, struct error *error);
/* The level after the bar runner_step was last called with, as a record that nothing explains; only when the side was
 * not WANT_NONE. Prices are raw, rounded half-even to 1e-8. */
int runner_signal(struct runner *runner, const struct candle *candle, struct interval interval, struct signal *signal,
                  struct error *error);
/* Adds what explains it: reason and basis, which point into the runner until the next call, and the bar's key as its
 * cause. */
int runner_explain(struct runner *runner, const struct bar *bar, struct signal *signal, struct error *error);
/* All in one: 1: *signal is the level; 0: still warming up, or a bar that is not final; -1: error. */
int runner_bar(struct runner *runner, const struct bar *bar, struct signal *signal, struct error *error);

#endif
