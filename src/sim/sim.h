/* A venue of bars: what a bar does to the orders that work in its symbol, one report after the other.
 *
 * It reads working orders in the ledger and changes nothing. The caller gives each report to the order manager before
 * it asks for the next, so that what a fill brings about (legs, cancelled siblings) meets the rest of the same bar.
 *
 * A fill model (fill_models.h) says how a bar fills orders. This is the conservative one; the others say how they
 * differ. An order takes part in a bar whose trading starts at or after the order's decision.
 *   market             at the open
 *   limit              at the open when that is better, else at its price when the bar trades through it (touching is
 *                      not enough)
 *   stop, trailing     at its price when touched, or at the worse open; what trails moves after the bar (trails.c)
 *   market if touched  at its price when touched, or at the better open
 *   stop limit, limit if touched
 *                      set off when touched; filled there and then if that price is better than the limit, else at the
 *                      limit if the price has certainly gone through it since (the close is better, or the extreme
 *                      that lies beyond the touch); else it goes on as a limit order, from the next bar or, where the
 *                      open set it off, in this one
 *   ioc, fok           at the open of the first bar, else cancelled
 *   opg, cls           at the open or the close of a session (market and limit orders), else expired
 * In one bar: what the open decides comes first, exits before entries, market exits before the legs of their position;
 * then stops; then the rest; then what the close decides. When both protective legs could fill inside a bar, the stop
 * does. On the bar of its entry a stop may fill, a target may not. Slippage moves market and stop prices against us,
 * and those of limit orders that are just set off, up to their limit. What the account does not allow (an entry beyond
 * its own stop, one it cannot pay, an exit of more than there is) its order manager says to the report. Nothing fills
 * in a bar that opened before a split of the symbol and came after it; one that had ended by then does not set the mark
 * either.
 *
 * A replace counts from the next bar that opens at its moment or later. A bar that was open already meets the order as
 * it was: what it said protects until then. If it fills in the course of that bar, then at the worse of the two prices,
 * before and after (the hopeful model: as it was), and for the smaller quantity; and where what it said does not fill
 * it, what it says now does if the close shows that its price came. Bars that ended before, and come late, know of no
 * change. Where finer bars have come to the moment of the change, a coarser one around them brings nothing. The same
 * holds for what bars change by themselves (a trail, a stop that goes to break-even, a target that comes nearer, an
 * exit after so many bars, a stop that has set its order off): a bar of another interval that opened before does not
 * meet it, nor does a coarser one move it. */
#ifndef TN_SIM_SIM_H
#define TN_SIM_SIM_H

#include "cost/costs.h"
#include "ledger/report.h"
#include "market/calendar.h"
#include "market/candle.h"
#include "market/symbol_calendars.h"
#include "sim/fill_models.h"
#include "sim/queue.h"

struct sim {
    const struct ledger *ledger;
    struct fill_terms fills;
    const struct costs *costs;       /* their slippage */
    const struct calendar *calendar; /* for opg and cls; NULL: each bar is a session */
    const struct symbol_calendars *calendars;
    dec step; /* fills in parts are multiples of it; 0: of the lot */
    /* The instrument of a symbol; NULL on error. */
    const struct instrument *(*instrument)(void *context, const char *symbol, struct error *error);
    /* Half of the spread last quoted of a symbol, DEC_NONE: nothing was. NULL: there are no quotes. */
    dec (*half_spread)(void *context, int slot);
    struct queues *queues; /* where limit orders stand, and what our orders take of what is shown; NULL: nobody knows */
    void *context;
};

/* Where in a bar something happens. */
enum bar_place { PLACE_OPEN, PLACE_COURSE, PLACE_CLOSE };

/* A way through a bar that is assumed; path.c. */
struct bar_path {
    dec point[4];
    __extension__ __int128 at; /* how far the price has travelled: what happens next happens here or later */
};

/* A bar that is being worked off. The struct of its bars is the caller's, and stays until the last report. */
struct bar_walk {
    const struct sim *sim;
    const struct fill_model *model;
    int slot;
    const struct bars *bar;
    struct interval interval;
    struct report report; /* the one that was given last */
    struct report then;   /* the one after it, … */
    bool follows;         /* … when there is one already */
    int phase;
    uint64_t before;  /* the last order that worked when it came; later ones its fills have brought about, … */
    int64_t marked;   /* the end of the last bar before this one, of any interval … */
    bool covered;     /* … and finer ones have come to prices within it */
    bool is_trade;    /* it is a trade, … */
    bool has_trades;  /* … or orders have met the trades of its time */
    dec half;         /* of the quoted spread, where the model goes by quotes */
    uint64_t closing; /* … and those after this one its close */
    int sign;         /* of the order that filled last */
    dec taken;        /* of it, by our orders; … */
    bool exhausted;   /* … and there was not enough for the last of them */
    /* How far a phase has come. */
    int rank;
    uint64_t done;
    struct bar_path path;
    bool replaced; /* the way is over, and what was replaced in the course of the bar comes */
    /* The orders that the last fill of the course has brought about, which have their turn first. */
    bool bears, bearing, toward;
    uint64_t newest, born;
    int pass;
};

/* A trade is a bar of one price, of this interval, that opens and ends at its time. */
static const struct interval sim_trade = {.unit = INTERVAL_NONE, .count = 0};

/* Begins with a bar, the first of `bar`, in a symbol in which something works. */
void sim_bar(struct bar_walk *walk, const struct sim *sim, int slot, struct interval interval, const struct bars *bar);
/* 1: walk->report says what happened next; 0: that was all; -1: error. */
int sim_next(struct bar_walk *walk, struct error *error);

#endif
