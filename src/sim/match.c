/* What may happen at a place of a bar, and what comes first. */
#include "sim/walk.h"

#include <math.h>
#include <string.h>

/* Was a stop of the same position set off in the course of this bar, and did not fill? When the price came to the
 * target is not known then. */
static bool is_forestalled(const struct bar_walk *walk, const struct ticket *ticket)
{
    const struct ledger *ledger = walk->sim->ledger;
    const struct ticket *other = ticket->order.parent[0] == '\0' ? NULL : ledger->slot[walk->slot].ticket;
    while (other != NULL &&
           (other->triggered != walk->bar->end[0] || strcmp(other->order.parent, ticket->order.parent) != 0))
        other = other->next;
    return other != NULL;
}

/* Has the order changed by itself since the bar opened, because bars of another interval have come in between? They
 * have met it as it was; the prices of this one may be of before the change. What cannot have changed meets them twice,
 * and the second time nothing comes of it. */
static bool is_stale(const struct bar_walk *walk, const struct ticket *ticket, enum bar_place place)
{
    const struct order *order = &ticket->order;
    const int64_t opens = walk->bar->opens[0];
    if (walk->marked <= opens)
        return false;
    const bool ages = order->fall > 0 || (order->bars > 0 && order_is_leg(order));
    const bool moves = ticket->kind->trail || order->even_price > 0 || order->even_after_target == 1;
    const bool here = place == PLACE_COURSE && ticket->triggered == walk->bar->end[0]; /* set off in this very bar */
    return (ticket->triggered > opens && !here) || (ages && !interval_equal(order->interval, walk->interval)) ||
           (walk->covered && (moves || walk->model->fillable != NULL)); /* what is taken cannot be taken again */
}

int match_may_move(const struct bar_walk *walk, const struct ticket *ticket, enum bar_place place, bool born,
                   struct error *error)
{
    const struct bars *bar = walk->bar;
    const struct order *order = &ticket->order;
    if (ticket->sleeps || (!born && ticket->from > bar->opens[0]) ||
        (order->bars > ticket->bars && order_is_leg(order)) || order->active_time > bar->opens[0] || /* not yet */
        (place == PLACE_CLOSE && ticket->serial > walk->closing) ||
        (place != PLACE_CLOSE && !born && is_stale(walk, ticket, place)) ||
        ticket->filled >= order->quantity) /* as it was: more is asked for only now */
        return 0;
    const int takes_part = walk->sim->ledger->slot[walk->slot].timed == 0
                               ? place != PLACE_CLOSE
                               : match_takes_part(walk, ticket, place, error);
    if (takes_part <= 0)
        return takes_part;
    /* When in a bar its prices were is not known: what ends within it has had its chance at the open. */
    return place == PLACE_OPEN || order->valid_until == TIME_NONE || order->valid_until >= bar->end[0];
}

/* May an order that was born at the open of this bar fill in its course? A stop may; of a target nobody knows whether
 * its price came before the entry's, but the hopeful. */
static bool may_follow(const struct bar_walk *walk, const struct ticket *ticket)
{
    return (ticket->kind->trigger == TRIGGER_STOPPED || walk->model->hopeful) &&
           ticket->order.time == walk->bar->opens[0];
}

const struct ticket *match_as_it_was(const struct bar_walk *walk, const struct ticket *ticket, struct ticket *old)
{
    const struct past_terms *past =
        ticket->pasts == 0 ? NULL : ticket_past(walk->sim->ledger, ticket, walk->bar->opens[0]);
    if (past == NULL)
        return ticket;
    *old = *ticket;
    old->pasts = 0;
    old->from = past->from;
    old->order.quantity = past->quantity;
    old->order.limit_price = past->limit_price;
    old->order.stop_price = past->stop_price;
    return old;
}

void match_consider_replaced(const struct bar_walk *walk, const struct ticket *ticket, struct move *move)
{
    struct bar_walk now = *walk;
    struct bars end = *walk->bar;
    const bool idle = move_is_none(move);
    if (idle)
        end.open = end.high = end.low = end.close;
    now.bar = &end;
    const struct move other = move_in_course(&now, ticket);
    const bool worse = move->price != DEC_NONE && other.price != DEC_NONE && !walk->model->hopeful &&
                       (side_sign(ticket->order.side) > 0 ? other.price > move->price : other.price < move->price);
    if (idle || worse)
        *move = other;
}

/* What a ticket may do at a place of the bar. */
static int find_move(const struct bar_walk *walk, const struct ticket *ticket, enum bar_place place, struct move *move,
                     struct error *error)
{
    struct ticket old;
    const struct ticket *said = match_as_it_was(walk, ticket, &old);
    const bool born = ticket->serial > walk->before; /* in this very bar: at its open, or in its course */
    *move = no_move;
    const int may = match_may_move(walk, said, place, born, error);
    if (may <= 0)
        return may;
    if (place == PLACE_OPEN)
        *move = born ? no_move : move_at_open(walk, said);
    else if (place == PLACE_CLOSE)
        *move = move_at_close(walk, said);
    else if (!born || may_follow(walk, said))
        *move = move_in_course(walk, said);
    if (place == PLACE_COURSE && said != ticket && walk->bar->end[0] > ticket->from)
        match_consider_replaced(walk, ticket, move);
    if (place == PLACE_COURSE && ticket->kind->trigger != TRIGGER_STOPPED && is_forestalled(walk, ticket))
        *move = no_move;
    return 0;
}

/* How much of an order a trade has for it, where queues are known: what is left behind those ahead of it, or what the
 * other side shows. */
static dec fillable_of_trade(const struct bar_walk *walk, const struct ticket *ticket, bool waits, dec rest,
                             const struct instrument *instrument)
{
    const struct queues *queues = walk->sim->queues;
    const struct shown *side = queues_other_side(queues, walk->slot, side_sign(ticket->order.side));
    double most = INFINITY;
    dec quantity;
    if (waits)
        most = queues_share(queues, ticket) - dec_to_double(walk->taken);
    else if (side != NULL && !isnan(side->size))
        most = side->size - side->traded - side->taken;
    if (most >= dec_to_double(rest))
        return rest;
    if (ticket->order.time_in_force == TIF_FOK || !(most > 0) || dec_from_double(&quantity, most, ROUND_FLOOR) != 0)
        return 0;
    return quantity - quantity % (walk->sim->step > 0 ? walk->sim->step : instrument->lot_size);
}

/* How much of an order the bar has for it. `waits`: at its limit. */
static dec fillable_of(struct bar_walk *walk, const struct ticket *ticket, bool waits,
                       const struct instrument *instrument)
{
    const struct fill_model *model = walk->model;
    const struct past_terms *past =
        ticket->pasts == 0 ? NULL : ticket_past(walk->sim->ledger, ticket, walk->bar->opens[0]);
    dec rest = ticket->order.quantity - ticket->filled;
    if (past != NULL && past->quantity - ticket->filled < rest) /* more of it was asked for later */
        rest = past->quantity > ticket->filled ? past->quantity - ticket->filled : 0;
    if (model->turn == TURN_QUEUE && walk->is_trade && walk->sim->queues != NULL)
        return fillable_of_trade(walk, ticket, waits, rest, instrument);
    if (model->fillable == NULL)
        return rest;
    if (walk->exhausted)
        return 0;
    dec most = model->fillable(model, &ticket->order, rest, walk->taken, walk->bar);
    if (most >= rest)
        return rest;
    if (ticket->order.time_in_force == TIF_FOK)
        return 0;
    walk->exhausted = true;
    most -= most % (walk->sim->step > 0 ? walk->sim->step : instrument->lot_size);
    return most > 0 ? most : 0;
}

/* Who waits at his limit gives, all others take. */
static enum fee_liquidity liquidity_of(const struct ticket *ticket, enum bar_place place, const struct move *move)
{
    if (ticket->order.time_in_force == TIF_OPG)
        return FEE_OPENING;
    if (place == PLACE_CLOSE)
        return FEE_CLOSING;
    return place == PLACE_COURSE && ticket->kind->limit && !move->triggers ? FEE_MAKER : FEE_TAKER;
}

int match_tell(struct bar_walk *walk, enum report_kind kind, struct ticket *ticket, int64_t time)
{
    walk->report.kind = kind;
    walk->report.ticket = ticket;
    walk->report.time = time;
    walk->report.reason = "";
    walk->report.fill_id = NULL;
    return 1;
}

int match_report(struct bar_walk *walk, struct ticket *ticket, enum bar_place place, const struct move *move,
                 struct error *error)
{
    const struct sim *sim = walk->sim;
    const struct bars *bar = walk->bar;
    const int64_t time = place == PLACE_OPEN ? bar->opens[0] : bar->end[0];
    const bool fills = move->price != DEC_NONE;
    const struct instrument *instrument = NULL;
    dec quantity = 0, price = 0;
    if (fills && (instrument = sim->instrument(sim->context, ticket->order.symbol, error)) == NULL)
        return -1;
    if (fills)
        quantity = fillable_of(walk, ticket, liquidity_of(ticket, place, move) == FEE_MAKER, instrument);
    /* A stop that does not get all goes on without its trigger. */
    const bool goes_on = fills && quantity < ticket->order.quantity - ticket->filled && ticket_is_waiting(ticket);
    if (move->triggers || goes_on)
        (void)match_tell(walk, REPORT_TRIGGERED, ticket, time);
    if (quantity == 0)
        return move->triggers || goes_on;
    if (move_slip(walk, ticket, move, instrument, quantity, &price) != 0)
        return error_set(error, EXIT_STATE, "order %s: its price is out of range", ticket->order.id);
    walk->follows = move->triggers || goes_on;
    struct report *fill = walk->follows ? &walk->then : &walk->report;
    fill->kind = REPORT_FILL;
    fill->ticket = ticket;
    fill->time = time;
    fill->reason = "";
    fill->fill_id = NULL;
    fill->fill.quantity = quantity;
    fill->fill.price = price;
    fill->fill.volume = walk->is_trade ? 0 : bar->volume[0];
    fill->instrument = instrument;
    fill->complete = bar->end[0];
    fill->assumed = true;
    fill->liquidity = (int)liquidity_of(ticket, place, move);
    fill->unslipped = move->price;
    fill->slips = match_slips(sim);
    walk->sign = side_sign(ticket->order.side);
    if (!walk->bearing) {
        walk->bears = place == PLACE_COURSE && walk->model->course == COURSE_UNKNOWN;
        walk->toward = ticket->kind->trigger != TRIGGER_STOPPED;
        walk->newest = sim->ledger->orders;
    }
    return 1;
}

/* The last report was a fill, and by now it is known what has come of it. */
void match_note_fill(struct bar_walk *walk)
{
    struct shown *side = walk->is_trade && walk->sim->queues != NULL && walk->report.liquidity != FEE_MAKER
                             ? queues_other_side(walk->sim->queues, walk->slot, walk->sign)
                             : NULL;
    if (side != NULL)
        side->taken += dec_to_double(walk->report.fill.quantity);
    else
        walk->taken += walk->report.fill.quantity;
    walk->report.kind = REPORT_PLACE_OVER;
    if (walk->bearing || !walk->bears || walk->sim->ledger->orders <= walk->newest)
        return;
    walk->bearing = true;
    walk->bears = false;
    walk->pass = walk->model->hopeful ? 0 : 1;
    walk->born = walk->newest;
}

/* In which turn a leg that was born in a bar has its chance: those that wait for a better price, stops, trails. */
static int pass_of(const struct ticket *ticket)
{
    return ticket->kind->trigger != TRIGGER_STOPPED ? 0 : ticket->kind->trail ? 2 : 1;
}

/* The legs, after an order, that it brought into being in the course of this very bar: its stops. Where hope has it the
 * target first, and of the stops those that were reached for certain after it: at the close, or because the entry
 * waited for the price to come down to it, as the stop does. */
static int match_born(struct bar_walk *walk, struct error *error)
{
    const struct ledger *ledger = walk->sim->ledger;
    for (; walk->pass < 3; walk->pass++, walk->born = walk->newest) {
        for (;;) {
            struct ticket *ticket = ledger->slot[walk->slot].ticket;
            while (ticket != NULL && (ticket->serial <= walk->born || pass_of(ticket) != walk->pass))
                ticket = ticket->next;
            if (ticket == NULL)
                break;
            walk->born = ticket->serial;
            struct move move = move_in_course(walk, ticket);
            if (walk->pass > 0 && walk->model->hopeful && !walk->toward &&
                !move_is_reached(&ticket->order, TRIGGER_STOPPED, walk->bar->close[0]))
                move = no_move;
            const int found = move_is_none(&move) ? 0 : match_report(walk, ticket, PLACE_COURSE, &move, error);
            if (found != 0)
                return found;
        }
    }
    walk->bearing = false;
    return 0;
}

/* What comes first inside a bar is what nobody can doubt, and else what is worse for us: at the open and at the close
 * exits before entries, and of the exits those at the market before the legs of their position, which are there in case
 * nobody had decided, and of the legs those whose time has come last; in the course stops before the rest, or with hope
 * after it, and of two stops of a position the one that does not trail, wherever it stands in the order. */
static int rank(const struct bar_walk *walk, const struct ticket *ticket, enum bar_place place)
{
    const struct order *order = &ticket->order;
    const struct order_kind *kind = ticket->kind;
    if (place == PLACE_COURSE)
        return 2 * ((kind->trigger != TRIGGER_STOPPED) != walk->model->hopeful) + kind->trail;
    if (!order_is_reducing(order))
        return 3;
    return order->role == ROLE_TIME ? 2 : kind->limit || kind->trigger != TRIGGER_NONE;
}

/* The next at a place, by rank, and the older order first. What comes of a report removes tickets and adds others, so
 * that each time all of them are looked at. */
int match_place(struct bar_walk *walk, enum bar_place place, struct error *error)
{
    const struct ledger *ledger = walk->sim->ledger;
    int found = walk->bearing ? match_born(walk, error) : 0;
    while (found == 0 && ledger->slot[walk->slot].working > 0) {
        struct ticket *next = NULL;
        struct move next_move = no_move;
        int next_rank = 0;
        for (struct ticket *ticket = ledger->slot[walk->slot].ticket; ticket != NULL; ticket = ticket->next) {
            struct move move;
            if (find_move(walk, ticket, place, &move, error) != 0)
                return -1;
            if (move_is_none(&move))
                continue;
            const int first = rank(walk, ticket, place);
            const bool is_later = first > walk->rank || (first == walk->rank && ticket->serial > walk->done);
            if (is_later && (next == NULL || first < next_rank)) {
                next = ticket;
                next_rank = first;
                next_move = move;
            }
        }
        if (next == NULL)
            return 0;
        walk->rank = next_rank;
        walk->done = next->serial;
        found = match_report(walk, next, place, &next_move, error);
    }
    return found;
}
