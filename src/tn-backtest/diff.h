/* The parts of tn-backtest diff. */
#ifndef TN_TN_BACKTEST_DIFF_H
#define TN_TN_BACKTEST_DIFF_H

#include "backtest/history.h"
#include "base/config.h"
#include "feed/input.h"
#include "market/merge.h"
#include "tn-backtest/pairs.h"

/* A record of the input, which may come several times, in files that overlap. */
struct kept_record {
    struct merge_key key;
    size_t place; /* in the order in which they came: of several, the last counts */
    union {
        struct bar bar;
        struct action action;
        struct anomaly anomaly;
    };
};

struct comparing {
    const struct invocation *invocation;
    int64_t from, to;
    int64_t opened; /* the account's first event */
    dec cash;       /* opening cash */
    bool paid;      /* more was paid in or out afterwards */
    uint64_t by_hand;
    struct names strategies, symbols;
    struct pairs pairs;
    struct kept_record *record;
    size_t records, capacity;
    struct input *input;
};

/* Is an order of that moment compared? */
bool diff_is_of_period(const struct comparing *comparing, int64_t time);
/* What the journal says of the account: its orders of the period, what became of them, the closes it has seen. */
int diff_read_journal(struct comparing *comparing, const struct config *config, const char *account,
                      struct error *error);
/* The bars of the input, which may overlap; of a bar that comes several times the last counts. */
int diff_read_bars(struct comparing *comparing, struct error *error);
/* All of them, in order, for the re-run; each is held against the journal. EXIT_NO: there are none. */
int diff_fill_history(struct comparing *comparing, struct history *history, struct error *error);

#endif
