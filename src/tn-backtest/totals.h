/* What an account has in each of two worlds, by its events alone: money, and holdings at the last closes. */
#ifndef TN_TN_BACKTEST_TOTALS_H
#define TN_TN_BACKTEST_TOTALS_H

#include "base/names.h"
#include "record/types.h"

enum world { RECORDED, RERUN, WORLDS };

struct totals {
    dec money[WORLDS];
    struct names symbols;
    struct total_of_symbol {
        dec held[WORLDS]; /* signed, times the multiplier */
        dec close;        /* of the last bar, else the last mark of the journal; DEC_NONE: neither came */
        bool has_bars;
    } * symbol;
    size_t capacity;
    dec settlement_unit; /* what amounts of fills round to, as in the account */
    bool foreign;        /* there are amounts of other currencies, which no sum converts */
};

void totals_init(struct totals *totals, dec settlement_unit);
void totals_clear(struct totals *totals);

/* What a fill brings: negative for a buy; its costs are taken off. EXIT_INPUT: out of range. */
int totals_money(const struct totals *totals, const struct fill *fill, dec *money, struct error *error);
/* Of it signed, times the multiplier. */
int totals_held(const struct fill *fill, dec *held, struct error *error);

int totals_fill(struct totals *totals, enum world world, const struct fill *fill, struct error *error);
int totals_cash(struct totals *totals, enum world world, const struct cash *cash, struct error *error);
/* A split of what is held. */
int totals_action(struct totals *totals, enum world world, const struct action *action, struct error *error);
/* A close of a bar (or of a mark, which counts where no bar comes). */
int totals_close(struct totals *totals, const char *symbol, dec close, bool of_bar, struct error *error);
/* The last close of a symbol, 0: none. */
dec totals_last(const struct totals *totals, const char *symbol);
/* Money and what is held at the last closes. */
int totals_equity(const struct totals *totals, enum world world, dec *equity, struct error *error);

#endif
