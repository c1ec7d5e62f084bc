/* The bars and actions of a run kept in memory, to be run through any number of backtests.
 *
 *     history = history_new(&terms, error);
 *     history_bar(history, &bar, line, error); …          as backtest_bar and the like, with the same refusals
 *     history_end(history, error);
 *     history_play(history, backtest, NULL, error);       the records in their order, into a fresh backtest
 *     history_free(history);
 *
 * What a backtest would refuse is refused here once, when it comes; 72 bytes a bar are kept. */
#ifndef TN_BACKTEST_HISTORY_H
#define TN_BACKTEST_HISTORY_H

#include "backtest/backtest.h"

struct history;

/* The terms are those that the runs will have; strategies and outputs are ignored. They must outlive it. */
struct history *history_new(const struct backtest_options *terms, struct error *error);
void history_free(struct history *history); /* NULL is allowed */

int history_bar(struct history *history, const struct bar *bar, struct str line, struct error *error);
int history_action(struct history *history, const struct action *action, struct str line, struct error *error);
int history_anomaly(struct history *history, const struct anomaly *anomaly, struct error *error);
int history_event(struct history *history, const struct known_event *event, struct str line, struct error *error);
/* All has come. */
int history_end(struct history *history, struct error *error);

/* The SHA-256 of the lines, as the `input` of a result; after history_end. */
const char *history_input(const struct history *history);
/* The `assumptions` that a run of no strategy has on all of it. */
struct str history_assumptions(const struct history *history);
uint64_t history_bars(const struct history *history);
/* For the runs over it: the calendar answers each question once. */
struct session_close *history_closes(const struct history *history);
/* The moments of the first and the last record; TIME_NONE without any. */
int64_t history_first(const struct history *history);
int64_t history_last(const struct history *history);
/* The symbols of the bars, with a space between, at most so many bytes ("A B +3"). */
void history_symbols(const struct history *history, char *text, size_t size);

/* The first moment of each day, in a zone (NULL: UTC), that has a bar; the list is the caller's to free. */
int history_days(const struct history *history, const struct zone *zone, int64_t **day, size_t *days,
                 struct error *error);
/* Every record in its order, as it came: a BAR (without vwap, trades and source), an ACTION or an ANOMALY. */
int history_each(const struct history *history,
                 int (*take)(void *context, enum record_type type, const void *value, struct error *error),
                 void *context, struct error *error);

/* A part: what became known before `from` only warms the strategies up, what became known at `until` or later is left
 * out. TIME_NONE: no bound. */
struct history_part {
    int64_t from, until;
};

/* Part NULL: all of it. The backtest is fresh and on the same terms; backtest_finish is the caller's. */
int history_play(const struct history *history, struct backtest *backtest, const struct history_part *part,
                 struct error *error);

#endif
