/* Strategies in files: NAME.tn, rules over bars (tn-strategies(7), RULE FILES).
 *
 *     param fast = 10 in 5..50
 *     let trend = close > sma(200)
 *     enter long: ema(fast) crosses above ema(30) and trend
 *     exit long: ema(fast) crosses below ema(30)
 *     stop: close - 2 * atr(14)
 *
 * A strategy made of a file is one like any other, for runner and backtest. */
#ifndef TN_STRATEGY_RULES_H
#define TN_STRATEGY_RULES_H

#include "strategy/strategy.h"

#define RULE_FILE_MAX  (64 << 10) /* bytes */
#define RULE_UNITS_MAX 10

struct rule_set;

/* The instance of a file: `name` is its path, `text` what it holds, `parameters` "fast=5,slow=20" or "". EXIT_USAGE
 * names file and line. strategy_use_clear gives back what it takes. */
int strategy_use_rules(struct strategy_use *use, const char *name, struct str text, const char *parameters,
                       struct error *error);
/* Is "NAME.tn" or "NAME.tn:PARAMETERS" meant, and how long is the name? */
bool rules_are_named(const char *text, size_t *length);

/* For strategy_use: what it does for a strategy of the table. */
void rule_set_free(struct rule_set *set);
int rule_set_lookback(const struct rule_set *set);
size_t rule_set_size(const struct rule_set *set);
void rule_set_init(const struct rule_set *set, void *state);
/* Does it go by this symbol (among: …)? */
bool rule_set_covers(const struct rule_set *set, const char *symbol);
/* Of a rule file with a ranking, which is judged moment by moment over all its series: */
bool rule_set_ranks(const struct rule_set *set);
/* The answers at one bar. Prices are in the columns' basis, for a long and for a short position. */
struct rule_answer {
    double rank; /* NaN: not known */
    bool allowed;
    double strength, weight, stop[2], target[2], figure[LEVEL_FIGURES_MAX];
    double reason[STRATEGY_REASONS_MAX];
};
void rule_set_answer(struct rule_set *set, void *state, const struct columns *in, struct rule_answer *answer);
/* Sides of some candidates, each with what its bar answered: from the best value on, equal ones by their symbols. */
struct rule_candidate {
    const char *symbol;
    const struct rule_answer *answer;
    enum want side;
};
int rule_set_choose(const struct rule_set *set, struct rule_candidate *list, size_t count, struct error *error);
/* Is this the moment to choose anew? `last`: the period in which that was done, `seen`: that of the moment before;
 * both are 0 at first and kept by the caller. */
bool rule_set_is_due(const struct rule_set *set, const struct calendar *calendar, struct interval interval, int64_t end,
                     int64_t *last, int64_t *seen);
/* Of how many units a position is at most. */
int rule_set_units(const struct rule_set *set);
/* Adds to the signal of a row what the rules say of entry and exits: prices of the day. */
int rule_set_describe(const struct strategy_use *use, const struct series *series, const struct levels *levels,
                      size_t row, struct signal *signal, struct error *error);
/* The program, for whoever must know what it needs. */
const struct program *rule_set_program(const struct rule_set *set);
/* `unit`: of which unit the rows are. */
void rule_set_run(struct rule_set *set, int unit, void *state, const struct columns *in, struct levels *levels);

#endif
