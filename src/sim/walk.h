/* One bar against the working orders of its symbol: what the files of the venue share. */
#ifndef TN_SIM_WALK_H
#define TN_SIM_WALK_H

#include "sim/sim.h"

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
bool move_has_turn(const struct bar_walk *walk, const struct open_order *open_order, dec price);
/* Is a price where it sets an order off? Stops wait for a price against them, the others for one in their favour. */
bool move_is_reached(const struct order *order, enum order_trigger trigger, dec price);
/* A limit order at a price that everybody sees: it takes what is better, and what a trigger sets off at once pays for
 * its haste, up to its limit. */
struct move move_take_better(const struct bar_walk *walk, const struct open_order *open_order, dec price, bool slips);
struct move move_at_open(const struct bar_walk *walk, const struct open_order *open_order);
/* In the course of the bar, after its open, where its way is not known. */
struct move move_in_course(const struct bar_walk *walk, const struct open_order *open_order);
struct move move_at_close(const struct bar_walk *walk, const struct open_order *open_order);
/* The price of a move after slippage, of a quantity. -1: out of range. */
int move_slip(const struct bar_walk *walk, const struct open_order *open_order, const struct move *move,
              const struct instrument *instrument, dec quantity, dec *price);

/* match.c: may the open order do anything at a place of the bar? 1, 0, -1. `born`: it came to be in this very bar. */
int match_may_move(const struct bar_walk *walk, const struct open_order *open_order, enum bar_place place, bool born,
                   struct error *error);
/* The open order as it was when the bar opened: itself or, if it was replaced since, `old`, which is given its terms of
 * then. */
const struct open_order *match_as_it_was(const struct bar_walk *walk, const struct open_order *open_order,
                                         struct open_order *old);
/* An order that was replaced in the course of the bar. What it said at the open gives `move`: it fills at the worse of
 * its prices before and after, as nobody knows which of them the price came to. Else what it says now counts if the
 * close shows it, since that certainly came later. */
void match_consider_replaced(const struct bar_walk *walk, const struct open_order *open_order, struct move *move);
/* Makes the report of it: the trigger or the fill, and the one after the other. 1; 0: the bar has nothing for it; -1.
 */
int match_report(struct bar_walk *walk, struct open_order *open_order, enum bar_place place, const struct move *move,
                 struct error *error);
/* The last report was a fill, and by now it is known what has come of it. */
void match_note_fill(struct bar_walk *walk);
/* The next at a place of the bar, but on an assumed way. As sim_next. */
int match_place(struct bar_walk *walk, enum bar_place place, struct error *error);
/* A report of an open order, of what is no fill. */
int match_tell(struct bar_walk *walk, enum report_kind kind, struct open_order *open_order, int64_t time);

/* path.c: the next in the course of the bar, where its way is assumed. As sim_next. */
int match_along(struct bar_walk *walk, struct error *error);
void match_set_out(struct bar_walk *walk);

/* lasting.c: may an open order do something at a place of the bar? 1, 0, -1. */
int match_takes_part(const struct bar_walk *walk, const struct open_order *open_order, enum bar_place place,
                     struct error *error);
/* Is it the opening of a session that the order waits for? 1, 0, -1. */
int match_opens_session(const struct bar_walk *walk, const struct open_order *open_order, struct error *error);
/* The next order that had its only chance at a place: ioc, fok and opg at the open, cls at the close. As sim_next. */
int match_end_chance(struct bar_walk *walk, enum bar_place place, struct error *error);
/* trails.c: before a bar trailing stops without a stop_price get one by its open; after it they follow it. As sim_next.
 */
int match_start_trail(struct bar_walk *walk, struct error *error);
int match_move_trail(struct bar_walk *walk, struct error *error);

/* Can a fill be at another price than the bar's? */
static inline bool match_slips(const struct sim *sim)
{
    const enum fill_slip slip = fill_model_of(&sim->fills)->slip;
    return costs_slippage(sim->costs) || slip == SLIP_IMPACT || slip == SLIP_QUOTED || slip == SLIP_QUEUE;
}

#endif
