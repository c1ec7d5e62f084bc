/* One bar against the working orders of its symbol: what match.c, moves.c and path.c share. */
#ifndef TN_SIM_MATCH_H
#define TN_SIM_MATCH_H

#include "order/internal.h"

/* A bar that is being worked off. */
struct walk {
    struct order_manager *manager;
    const struct fill_model *model;
    int slot;
    const struct bars *bar;
    uint64_t before; /* the last order that worked when it came; later ones its fills have brought about, … */
    struct interval interval;
    int64_t marked;   /* the end of the last bar before this one, of any interval … */
    bool covered;     /* … and finer ones have come to prices within it */
    dec half;         /* of the quoted spread, where the model goes by quotes */
    uint64_t closing; /* … and those after this one its close */
    dec taken;        /* of it, by our orders; … */
    bool exhausted;   /* … and there was not enough for the last of them */
};

/* What a price brings an order. */
struct move {
    bool triggers; /* it is set off, and goes on as a limit order */
    dec price;     /* it fills at this, DEC_NONE: it does not, … */
    dec bound;     /* … and slippage moves that no further than this, DEC_NONE: as far as it likes */
};

static const struct move no_move = {.triggers = false, .price = DEC_NONE, .bound = DEC_NONE};

static inline bool move_is_none(const struct move *move)
{
    return move->price == DEC_NONE && !move->triggers;
}

/* Has a price filled a limit order that waits at its limit? */
bool move_has_turn(const struct walk *walk, const struct ticket *ticket, dec price);
/* Is a price where it sets an order off? Stops wait for a price against them, the others for one in their favour. */
bool move_is_reached(const struct order *order, enum order_trigger trigger, dec price);
/* A limit order at a price that everybody sees: it takes what is better, and what a trigger sets off at once pays for
 * its haste, up to its limit. */
struct move move_take_better(const struct walk *walk, const struct ticket *ticket, dec price, bool slips);
struct move move_at_open(const struct walk *walk, const struct ticket *ticket);
/* In the course of the bar, after its open, where its way is not known. */
struct move move_in_course(const struct walk *walk, const struct ticket *ticket);
struct move move_at_close(const struct walk *walk, const struct ticket *ticket);
/* The price of a move after slippage, of a quantity. -1: out of range. */
int move_slip(const struct walk *walk, const struct ticket *ticket, const struct move *move,
              const struct instrument *instrument, dec quantity, dec *price);

/* match.c: may the ticket do anything at a place of the bar? 1, 0, -1. `born`: it came to be in this very bar. */
int match_may_move(const struct walk *walk, const struct ticket *ticket, enum bar_place place, bool born,
                   struct error *error);
/* The ticket as it was when the bar opened: itself or, if it was replaced since, `old`, which is given its terms of
 * then. */
const struct ticket *match_as_it_was(const struct walk *walk, const struct ticket *ticket, struct ticket *old);
/* An order that was replaced in the course of the bar. What it said at the open gives `move`: it fills at the worse of
 * its prices before and after, as nobody knows which of them the price came to. Else what it says now counts if the
 * close shows it, since that certainly came later. */
void match_consider_replaced(const struct walk *walk, const struct ticket *ticket, struct move *move);
/* Does it: the trigger, the fill and what follows from it. */
int match_do_move(struct walk *walk, struct ticket *ticket, enum bar_place place, const struct move *move,
                  struct error *error);
/* path.c: the course of the bar, where its way is assumed. */
int match_along(struct walk *walk, struct error *error);

#endif
