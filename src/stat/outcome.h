/* What decided a run: how many entries there were, what cut, refused or ended them, how positions were left.
 *
 * A backtest counts into one as it goes and writes it into its `result`; a report counts the records of an account into
 * the same. Pure. */
#ifndef TN_STAT_OUTCOME_H
#define TN_STAT_OUTCOME_H

#include "base/buf.h"
#include "record/types.h"

#define TALLY_MAX     16
#define OUTCOME_LARGE 0.1 /* of a bar's volume */

/* Counts by code, in the order in which the codes came first. What comes when all places are taken is "OTHER". */
struct tally {
    struct {
        char code[STRATEGY_SIZE];
        uint64_t count;
    } of[TALLY_MAX];
    int count;
};

void tally_add(struct tally *tally, const char *code, uint64_t count);
uint64_t tally_sum(const struct tally *tally);

struct outcome {
    uint64_t entries;        /* entry orders that were taken */
    struct tally cut;        /* of these, made smaller: by the limit that did it */
    struct tally refused;    /* signals and orders, by the code of the refusal */
    struct tally rejected;   /* entries that could not fill, by reason */
    uint64_t expired;        /* entries that did not fill in their session */
    uint64_t canceled;       /* entries that were cancelled before they filled */
    struct tally exits;      /* fills that reduced a position: exit, stop, target */
    uint64_t large;          /* orders for more than OUTCOME_LARGE of the bar in which they began to fill */
    double largest;          /* the largest such share of all orders, 0: no volume was known */
    double traded;           /* money bought and sold; NaN when not known */
    char first_refusal[256]; /* its code and message; "" for none, or when not known */
    bool run;                /* of a backtest: only then is the rest known */
    uint64_t trades_met;     /* of the market, by orders that worked; … */
    uint64_t late_trades;    /* … and those that came behind their bar */
    uint64_t bars, longest;  /* read; of the symbol and interval that had most */
    struct tally waiting;    /* strategies that never had bars enough, with the number they need of one symbol */
    char unheard[96];        /* an event that they ask for, likewise */
    char missing[64];        /* a symbol that rules ask for and of which no bar came; "" for none */
    bool by_signals;         /* signals came instead of strategies being run: */
    uint64_t signals;        /* so many */
    bool wanted;             /* somebody wanted a position at some time */
};

/* The `outcome` object of a `result`, of a run with so many fills. */
void outcome_json(const struct outcome *outcome, uint64_t fills, struct buf *out);
/* Why a run or account without a fill has none, as one line without its LF. */
void outcome_add_reason(const struct outcome *outcome, struct buf *out);

#endif
