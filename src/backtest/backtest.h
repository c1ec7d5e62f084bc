/* One run of strategies over history: moments through the manager, levels through the sizing, figures at the end.
 *
 * Bars and actions come in the order they became known (tn-quote and tn-stream write them so); memory does not grow
 * with the number of bars. What is traded is the desk's: limits, costs, calendar. */
#ifndef TN_BACKTEST_BACKTEST_H
#define TN_BACKTEST_BACKTEST_H

#include "market/calendar.h"
#include "order/manager.h"
#include "sim/sim.h"
#include "stat/metrics.h"
#include "stat/outcome.h"
#include "strategy/strategy.h"

struct backtest;

/* An answer of the calendar: the session running or next at the one closes at the other. */
struct session_close {
    int64_t asked, close;
};

#define SESSION_CLOSES 4096 /* of so many days in a row, eleven years */

struct backtest_options {
    struct ledger_terms terms;
    struct risk_terms limits;
    struct costs costs;
    struct fill_terms fills;
    const struct calendar *calendar;          /* lives as long as the run, as do `calendars` and `hash` */
    const struct symbol_calendars *calendars; /* of symbols that have one of their own; NULL: none has */
    struct sha256 *hash;
    struct session_close *closes; /* SESSION_CLOSES of them for runs on the same calendar, all 0 at first; NULL: none */
    /* As in struct order_manager. */
    const struct instrument *(*instrument)(void *context, const char *symbol, struct error *error);
    void *instruments;
    dec cash; /* opening cash */
    const struct strategy_use *strategies;
    int count;       /* 0: what is wanted comes in, backtest_signal */
    bool orders;     /* include orders, their updates and refusals, not only fills, cash and equity */
    bool one_by_one; /* another program is told of a moment only when it has answered the one before */
    /* Writes a record of the run; NULL writes none. */
    int (*write)(void *context, enum record_type type, const void *value, struct error *error);
    /* Where no records are written: gets the result at the end, whose texts live until it returns. May be NULL. */
    int (*result)(void *context, const struct result *result, struct error *error);
    /* Hears of every closed lot; may be NULL. */
    int (*trade)(void *context, const struct metrics_trade *trade, struct error *error);
    const char *input; /* the result's, of records that come without lines; NULL: made from the lines. Lives as long */
    void *context;
};

struct backtest *backtest_new(const struct backtest_options *options, struct error *error);
void backtest_free(struct backtest *backtest);

/* The next record. EXIT_INPUT for one that goes back in time or does not fit the calendar: it has changed nothing, and
 * the run can go on; after any other error it cannot. `line` (n 0: none) is what the input hash is made of. */
int backtest_bar(struct backtest *backtest, const struct bar *bar, struct str line, struct error *error);
/* After an error that ends the run, whatever its code. */
bool backtest_has_failed(const struct backtest *backtest);
/* A signal that another program made, right behind the bars of its moment: EXIT_INPUT elsewhere. */
int backtest_signal(struct backtest *backtest, const struct signal *signal, struct str line, struct error *error);
/* An order, or the change or cancel of one, in the same place or, as by hand, between the bars: it is of this account,
 * whatever it says. */
int backtest_order(struct backtest *backtest, const struct order *order, struct str line, struct error *error);
int backtest_replace(struct backtest *backtest, const struct replace *replace, struct str line, struct error *error);
int backtest_cancel(struct backtest *backtest, const struct cancel *cancel, struct str line, struct error *error);
/* The same of something that happened at `now`, which may be the first moment: an ORDER, REPLACE or CANCEL, decided
 * then or before, or CASH that is paid in or out. */
int backtest_by_hand(struct backtest *backtest, enum record_type type, const void *value, int64_t now,
                     struct error *error);
int backtest_action(struct backtest *backtest, const struct action *action, struct str line, struct error *error);
/* The market of a symbol from its time on, for the fill model that goes by it. */
int backtest_quote(struct backtest *backtest, const struct quote *quote, struct str line, struct error *error);
/* A trade within the bar that ends next: orders meet it, and not the bar (fill_models.h). Those outside of the
 * calendar's sessions, before the first bar and behind the bar of their time are nothing. */
int backtest_trade(struct backtest *backtest, const struct trade *trade, struct str line, struct error *error);
/* From its time on entries in its symbol are refused (ANOMALY). */
int backtest_anomaly(struct backtest *backtest, const struct anomaly *anomaly, struct error *error);
/* What rules know beside bars, from the bars behind it on: they know nothing of it that ended before. */
struct known_event;
int backtest_event(struct backtest *backtest, const struct known_event *event, struct str line, struct error *error);
/* Bars may be put aside until more have come. This does what can be done with them: call it before a wait. */
int backtest_flush(struct backtest *backtest, struct error *error);
/* Behind the last record: what works is cancelled and what is held is sold at the last prices, as market orders would
 * be, with slippage and costs; no equity point shows it. *equity: what the account is worth then. */
int backtest_close_out(struct backtest *backtest, dec *equity, struct error *error);
/* Completes the last moment and writes the `result`. */
int backtest_finish(struct backtest *backtest, struct error *error);
/* A series of bars in memory, for callers that have no records: the number backtest_candles wants, -1 on error. */
int backtest_series(struct backtest *backtest, const char *symbol, struct interval interval, enum adjusted adjusted,
                    struct error *error);
/* Bars of one series with nothing between them. At one that goes back in time it stops with EXIT_INPUT: those before it
 * have been taken. */
int backtest_candles(struct backtest *backtest, int series, const struct bars *bars, struct error *error);
/* Before the first record: bars of a series over which strategies step, and nothing else happens / what actions of that
 * time mean for them. */
int backtest_warm(struct backtest *backtest, int series, const struct bars *bars, struct error *error);
int backtest_warm_action(struct backtest *backtest, const struct action *action, struct error *error);
uint64_t backtest_fills(const struct backtest *backtest);
/* What decided it; whole after backtest_finish. Lives as long as the backtest. */
const struct outcome *backtest_outcome(const struct backtest *backtest);
/* The figures; after backtest_finish. */
const struct metrics *backtest_metrics(const struct backtest *backtest);
/* The first moment; TIME_NONE without any. */
int64_t backtest_first(const struct backtest *backtest);
/* The symbols of the bars, with a space between, in at most so many bytes ("A B +3"). */
void backtest_symbols(const struct backtest *backtest, char *text, size_t size);
/* The account, for tests. */
const struct ledger *backtest_ledger(const struct backtest *backtest);

#endif
