/* Orders of a journal and those of a re-run, paired by their ids: what an order is called follows from what decided it,
 * so the same decision has the same id in both. */
#ifndef TN_TN_BACKTEST_PAIRS_H
#define TN_TN_BACKTEST_PAIRS_H

#include "tn-backtest/totals.h"

/* One order, in one of the two worlds. */
struct ordered {
    bool there;
    int64_t time; /* decided */
    enum side side;
    enum role role;
    dec quantity;
    dec filled, money;             /* money: what its fills brought, costs taken off; negative for a buy */
    dec held;                      /* what they have left, signed, times the multiplier; splits have changed it */
    double value;                  /* sum of quantity × price */
    int64_t first_fill, last_fill; /* TIME_NONE: none */
    enum order_status status;      /* its last update's */
    char reason[MESSAGE_SIZE];     /* likewise */
};

struct pair {
    char symbol[SYMBOL_SIZE], strategy[STRATEGY_SIZE], signal[ID_SIZE];
    bool of_period; /* decided within the time that is compared */
    struct ordered in[WORLDS];
    char basis[WORLDS][32]; /* the close that decided it, as each world has it; "" unknown */
};

/* A symbol in the bars of the re-run. */
struct pair_symbol {
    int64_t changed;           /* the start of the first bar that is not what the journal has seen, TIME_NONE */
    char change[MESSAGE_SIZE]; /* what changed */
};

/* A dividend, interest or payment, by its id. */
struct cash_pair {
    struct cash cash; /* of either world */
    dec amount[WORLDS];
};

struct pairs {
    struct totals totals;
    int64_t from, to;    /* the time that is compared */
    struct names orders; /* ids */
    struct pair *pair;
    size_t capacity;
    struct names refused[WORLDS]; /* causes: a signal's or an order's id */
    char (*refusal[WORLDS])[MESSAGE_SIZE];
    size_t refusal_capacity[WORLDS];
    struct names seen; /* "symbol interval time" of bars that the journal has marked */
    dec *close;
    size_t close_capacity;
    struct names marked; /* symbols */
    struct pair_symbol *symbol;
    size_t symbol_capacity;
    struct names cash_ids;
    struct cash_pair *cash;
    size_t cash_capacity;
};

void pairs_init(struct pairs *pairs, dec settlement_unit);
void pairs_clear(struct pairs *pairs);

int pairs_order(struct pairs *pairs, enum world world, const struct order *order, struct error *error);
int pairs_cash(struct pairs *pairs, enum world world, const struct cash *cash, struct error *error);
int pairs_action(struct pairs *pairs, enum world world, const struct action *action, struct error *error);
/* What happened to an order. A fill without one, of the fraction that a split left, is an order of its own. */
int pairs_fill(struct pairs *pairs, enum world world, const struct fill *fill, struct error *error);
void pairs_update(struct pairs *pairs, enum world world, const struct order_update *update);
int pairs_refusal(struct pairs *pairs, enum world world, const struct refusal *refusal, struct error *error);
/* A close that the journal has seen, and a bar of the re-run: they are compared. */
int pairs_mark(struct pairs *pairs, const struct mark *mark, struct error *error);
int pairs_bar(struct pairs *pairs, const struct bar *bar, struct error *error);

/* How the two differ. Its money is what the recorded order brought more than the re-run's, with what is held of it at
 * the last close: over all orders and cash it adds up to the difference of the accounts. */
int pairs_compare(const struct pairs *pairs, size_t index, struct difference *difference, struct error *error);
/* A difference of cash; false where there is none. */
bool pairs_compare_cash(const struct pairs *pairs, size_t index, struct difference *difference);

#endif
