/* The parts of tn-backtest diff. */
#ifndef TN_TN_BACKTEST_DIFF_H
#define TN_TN_BACKTEST_DIFF_H

#include "backtest/backtest.h"
#include "base/config.h"
#include "broker/account_terms.h"
#include "feed/input.h"
#include "market/merge.h"
#include "strategy/known.h"
#include "tn-backtest/pairs.h"

/* A record of the input, which may come several times, in files that overlap. */
struct kept_record {
    struct merge_key key;
    size_t place; /* in the order in which they came: of several, the last counts */
    union {
        struct bar bar;
        struct action action;
        struct anomaly anomaly;
        struct known_event event;
    };
};

/* What somebody did to the account: it is done again in the re-run. */
struct hand_event {
    int64_t time;
    bool taken; /* an order, of which an update has said when */
    enum record_type type;
    union {
        struct order order;
        struct replace replace;
        struct cancel cancel;
        struct cash cash;
    };
};

struct comparing {
    const struct invocation *invocation;
    int64_t opened; /* the account's first event */
    dec cash;       /* opening cash */
    struct hand_event *hand;
    size_t hands, hand_capacity;
    uint64_t by_hand; /* orders among them */
    struct names own; /* ids of these orders and of their legs */
    struct names strategies, symbols;
    struct pairs pairs;
    struct kept_record *record;
    size_t records, capacity;
    struct input *input;
};

/* What the journal says of the account: its orders of the period, what became of them, the closes it has seen. */
int diff_read_journal(struct comparing *comparing, const struct config *config, const char *account,
                      struct error *error);
/* The bars of the input, which may overlap; of a bar that comes several times the last counts. */
int diff_read_bars(struct comparing *comparing, struct error *error);
/* Is the one the other again? */
bool diff_is_same_thing(const struct kept_record *a, const struct kept_record *b);
/* All of them, in order, and what was done by hand at its time; each bar is held against the journal. EXIT_NO: there
 * are none, or none since the account was opened. */
int diff_play(struct comparing *comparing, struct backtest *backtest, const struct account_terms *account_terms,
              struct error *error);

#endif
