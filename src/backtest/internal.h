/* What the files of the backtest share. */
#ifndef TN_BACKTEST_INTERNAL_H
#define TN_BACKTEST_INTERNAL_H

#include "backtest/backtest.h"
#include "record/record.h"
#include "stat/metrics.h"

/* What an entry risked, until it is closed. */
struct entry_risk {
    uint64_t fill; /* its number */
    dec risk;      /* money between the fill and its stop */
    dec cost;      /* of the lot, unsigned */
};

/* What one strategy has in a track. */
struct member {
    struct series *series; /* NULL before the first bar and after a rename */
    int holding;           /* its place in the ledger, -1 before the first order */
};

/* One symbol in one interval. */
struct track {
    char symbol[SYMBOL_SIZE];
    struct interval interval;
    enum adjusted adjusted;
    int slot;
    struct member *member; /* by strategy */
    int64_t last;          /* end of its last bar */
};

/* A bar of the current moment. */
struct moment_bar {
    int track;
    struct candle candle;
};

/* Why an instance's level in a symbol was refused last: said once. */
struct last_refusal {
    char signal[ID_SIZE], code[ID_SIZE];
};

struct backtest {
    struct backtest_options options;
    struct strategy_use *use;
    struct runner **runner;
    struct ledger ledger;
    struct engine engine;
    struct risk_result decided;
    struct metrics metrics;
    struct sha256 *input;
    int64_t moment;        /* TIME_NONE before the first */
    int64_t asked, closes; /* the session running or next at the one closes at the other: the calendar's last answer */
    struct track *track;
    size_t tracks, track_capacity;
    size_t last_track; /* of the last record: the next is often of the same */
    struct moment_bar *bar;
    size_t bars, bar_capacity;
    struct entry_risk *risk;
    size_t risks, risk_capacity;
    struct last_refusal *refused; /* by slot × strategies */
    size_t refused_count;
    enum adjusted adjusted;
    bool mixed; /* bars of different adjustments came */
    uint64_t bar_count, action_count, refusal_count, order_count;
    int64_t first, last;
};

/* result.c */
int backtest_write_result(struct backtest *backtest, struct error *error);

#endif
