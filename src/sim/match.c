/* What may happen at a place of a bar, and what comes first. */
#include "sim/walk.h"

#include <math.h>
#include <string.h>

/* Was a stop of the same position set off in the course of this bar, and did not fill? When the price came to the
 * target is not known then. */
static bool is_forestalled(const struct bar_walk *walk, const struct open_order *open_order)
{
    const struct ledger *ledger = walk->sim->ledger;
    const struct open_order *other =
        open_order->order.parent[0] == '\0' ? NULL : ledger->symbol_state[walk->slot].open_order;
    while (other != NULL &&
           (other->triggered != walk->bar->end[0] || strcmp(other->order.parent, open_order->order.parent) != 0))
        other = other->next;
    return other != NULL;
}

/* Has the order changed by itself since the bar opened, because bars of another interval have come in between? They
 * have met it as it was; the prices of this one may be of before the change. What cannot have changed meets them twice,
 * and the second time nothing comes of it. */
static bool is_stale(const struct bar_walk *walk, const struct open_order *open_order, enum bar_place place)
{
    const struct order *order = &open_order->order;
    const int64_t opens = walk->bar->opens[0];
    if (walk->marked <= opens)
        return false;
    const bool ages = order->fall > 0 || (order->bars > 0 && order_is_leg(order));
    const bool moves = open_order->kind->trail || order->even_price > 0 || order->even_after_target == 1;
    const bool here =
        place == PLACE_COURSE && open_order->triggered == walk->bar->end[0]; /* set off in this very bar */
    return (open_order->triggered > opens && !here) || (ages && !interval_equal(order->interval, walk->interval)) ||
           (walk->covered && (moves || walk->model->fillable != NULL)); /* what is taken cannot be taken again */
}

int match_may_move(const struct bar_walk *walk, const struct open_order *open_order, enum bar_place place, bool born,
                   struct error *error)
{
    const struct bars *bar = walk->bar;
    const struct order *order = &open_order->order;
    if (open_order->sleeps || (!born && open_order->from > bar->opens[0]) ||
        (order->bars > open_order->bars && order_is_leg(order)) || order->active_time > bar->opens[0] || /* not yet */
        (place == PLACE_CLOSE && open_order->serial > walk->closing) ||
        (place != PLACE_CLOSE && !born && is_stale(walk, open_order, place)) ||
        open_order->filled >= order->quantity) /* as it was: more is asked for only now */
        return 0;
    const int takes_part = walk->sim->ledger->symbol_state[walk->slot].timed == 0
                               ? place != PLACE_CLOSE
                               : match_takes_part(walk, open_order, place, error);
    if (takes_part <= 0)
        return takes_part;
    /* When in a bar its prices were is not known: what ends within it has had its chance at the open. */
    return place == PLACE_OPEN || order->valid_until == TIME_NONE || order->valid_until >= bar->end[0];
}

/* May an order that was born at the open of this bar fill in its course? A stop may; of a target nobody knows whether
 * its price came before the entry's, but the hopeful. */
static bool may_follow(const struct bar_walk *walk, const struct open_order *open_order)
{
    return (open_order->kind->trigger == TRIGGER_STOPPED || walk->model->hopeful) &&
           open_order->order.time == walk->bar->opens[0];
}

const struct open_order *match_as_it_was(const struct bar_walk *walk, const struct open_order *open_order,
                                         struct open_order *old)
{
    const struct past_terms *past =
        open_order->pasts == 0 ? NULL : open_order_past(walk->sim->ledger, open_order, walk->bar->opens[0]);
    if (past == NULL)
        return open_order;
    *old = *open_order;
    old->pasts = 0;
    old->from = past->from;
    old->order.quantity = past->quantity;
    old->order.limit_price = past->limit_price;
    old->order.stop_price = past->stop_price;
    return old;
}

void match_consider_replaced(const struct bar_walk *walk, const struct open_order *open_order, struct move *move)
{
    struct bar_walk now = *walk;
    struct bars end = *walk->bar;
    const bool idle = move_is_none(move);
    if (idle)
        end.open = end.high = end.low = end.close;
    now.bar = &end;
    const struct move other = move_in_course(&now, open_order);
    const bool worse = move->price != DEC_NONE && other.price != DEC_NONE && !walk->model->hopeful &&
                       (side_sign(open_order->order.side) > 0 ? other.price > move->price : other.price < move->price);
    if (idle || worse)
        *move = other;
}

/* What an open order may do at a place of the bar. */
static int find_move(const struct bar_walk *walk, const struct open_order *open_order, enum bar_place place,
                     struct move *move, struct error *error)
{
    struct open_order old;
    const struct open_order *said = match_as_it_was(walk, open_order, &old);
    const bool born = open_order->serial > walk->before; /* in this very bar: at its open, or in its course */
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
    if (place == PLACE_COURSE && said != open_order && walk->bar->end[0] > open_order->from)
        match_consider_replaced(walk, open_order, move);
    if (place == PLACE_COURSE && open_order->kind->trigger != TRIGGER_STOPPED && is_forestalled(walk, open_order))
        *move = no_move;
    return 0;
}

/* How much of an order a trade has for it, where queues are known: what is left behind those ahead of it, or what the
 * other side shows. */
static dec fillable_of_trade(const struct bar_walk *walk, const struct open_order *open_order, bool waits, dec rest,
                             const struct instrument *instrument)
{
    const struct queues *queues = walk->sim->queues;
    const struct shown *side = queues_other_side(queues, walk->slot, side_sign(open_order->order.side));
    double most = INFINITY;
    dec quantity;
    if (waits)
        most = queues_share(queues, open_order) - dec_to_double(walk->taken);
    else if (side != NULL && !isnan(side->size))
        most = side->size - side->traded - side->taken;
    if (most >= dec_to_double(rest))
        return rest;
    if (open_order->order.time_in_force == TIF_FOK || !(most > 0) || dec_from_double(&quantity, most, ROUND_FLOOR) != 0)
        return 0;
    return quantity - quantity % (walk->sim->step > 0 ? walk->sim->step : instrument->lot_size);
}

/* How much of an order the bar has for it. `waits`: at its limit. */
static dec fillable_of(struct bar_walk *walk, const struct open_order *open_order, bool waits,
                       const struct instrument *instrument)
{
    const struct fill_model *model = walk->model;
    const struct past_terms *past =
        open_order->pasts == 0 ? NULL : open_order_past(walk->sim->ledger, open_order, walk->bar->opens[0]);
    dec rest = open_order->order.quantity - open_order->filled;
    if (past != NULL && past->quantity - open_order->filled < rest) /* more of it was asked for later */
        rest = past->quantity > open_order->filled ? past->quantity - open_order->filled : 0;
    if (model->turn == TURN_QUEUE && walk->is_trade && walk->sim->queues != NULL)
        return fillable_of_trade(walk, open_order, waits, rest, instrument);
    if (model->fillable == NULL)
        return rest;
    if (walk->exhausted)
        return 0;
    dec most = model->fillable(model, &open_order->order, rest, walk->taken, walk->bar);
    if (most >= rest)
        return rest;
    if (open_order->order.time_in_force == TIF_FOK)
        return 0;
    walk->exhausted = true;
    most -= most % (walk->sim->step > 0 ? walk->sim->step : instrument->lot_size);
    return most > 0 ? most : 0;
}

/* Who waits at his limit gives, all others take. */
static enum fee_liquidity liquidity_of(const struct open_order *open_order, enum bar_place place,
                                       const struct move *move)
{
    if (open_order->order.time_in_force == TIF_OPG)
        return FEE_OPENING;
    if (place == PLACE_CLOSE)
        return FEE_CLOSING;
    return place == PLACE_COURSE && open_order->kind->limit && !move->triggers ? FEE_MAKER : FEE_TAKER;
}

int match_tell(struct bar_walk *walk, enum report_kind kind, struct open_order *open_order, int64_t time)
{
    walk->report.kind = kind;
    walk->report.open_order = open_order;
    walk->report.time = time;
    walk->report.reason = "";
    walk->report.fill_id = NULL;
    return 1;
}

int match_report(struct bar_walk *walk, struct open_order *open_order, enum bar_place place, const struct move *move,
                 struct error *error)
{
    const struct sim *sim = walk->sim;
    const struct bars *bar = walk->bar;
    const int64_t time = place == PLACE_OPEN ? bar->opens[0] : bar->end[0];
    const bool fills = move->price != DEC_NONE;
    const struct instrument *instrument = NULL;
    dec quantity = 0, price = 0;
    if (fills && (instrument = sim->instrument(sim->context, open_order->order.symbol, error)) == NULL)
        return -1;
    if (fills)
        quantity = fillable_of(walk, open_order, liquidity_of(open_order, place, move) == FEE_MAKER, instrument);
    /* A stop that does not get all goes on without its trigger. */
    const bool goes_on =
        fills && quantity < open_order->order.quantity - open_order->filled && open_order_is_waiting(open_order);
    if (move->triggers || goes_on)
        (void)match_tell(walk, REPORT_TRIGGERED, open_order, time);
    if (quantity == 0)
        return move->triggers || goes_on;
    if (move_slip(walk, open_order, move, instrument, quantity, &price) != 0)
        return error_set(error, EXIT_STATE, "order %s: its price is out of range", open_order->order.id);
    walk->follows = move->triggers || goes_on;
    struct report *fill = walk->follows ? &walk->then : &walk->report;
    fill->kind = REPORT_FILL;
    fill->open_order = open_order;
    fill->time = time;
    fill->reason = "";
    fill->fill_id = NULL;
    fill->fill.quantity = quantity;
    fill->fill.price = price;
    fill->fill.volume = walk->is_trade ? 0 : bar->volume[0];
    fill->instrument = instrument;
    fill->complete = bar->end[0];
    fill->assumed = true;
    fill->liquidity = (int)liquidity_of(open_order, place, move);
    fill->unslipped = move->price;
    fill->slips = match_slips(sim);
    walk->sign = side_sign(open_order->order.side);
    if (!walk->bearing) {
        walk->bears = place == PLACE_COURSE && walk->model->course == COURSE_UNKNOWN;
        walk->toward = open_order->kind->trigger != TRIGGER_STOPPED;
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
static int pass_of(const struct open_order *open_order)
{
    return open_order->kind->trigger != TRIGGER_STOPPED ? 0 : open_order->kind->trail ? 2 : 1;
}

/* The legs, after an order, that it brought into being in the course of this very bar: its stops. Where hope has it the
 * target first, and of the stops those that were reached for certain after it: at the close, or because the entry
 * waited for the price to come down to it, as the stop does. */
static int match_born(struct bar_walk *walk, struct error *error)
{
    const struct ledger *ledger = walk->sim->ledger;
    for (; walk->pass < 3; walk->pass++, walk->born = walk->newest) {
        for (;;) {
            struct open_order *open_order = ledger->symbol_state[walk->slot].open_order;
            while (open_order != NULL && (open_order->serial <= walk->born || pass_of(open_order) != walk->pass))
                open_order = open_order->next;
            if (open_order == NULL)
                break;
            walk->born = open_order->serial;
            struct move move = move_in_course(walk, open_order);
            if (walk->pass > 0 && walk->model->hopeful && !walk->toward &&
                !move_is_reached(&open_order->order, TRIGGER_STOPPED, walk->bar->close[0]))
                move = no_move;
            const int found = move_is_none(&move) ? 0 : match_report(walk, open_order, PLACE_COURSE, &move, error);
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
static int rank(const struct bar_walk *walk, const struct open_order *open_order, enum bar_place place)
{
    const struct order *order = &open_order->order;
    const struct order_kind *kind = open_order->kind;
    if (place == PLACE_COURSE)
        return 2 * ((kind->trigger != TRIGGER_STOPPED) != walk->model->hopeful) + kind->trail;
    if (!order_is_reducing(order))
        return 3;
    return order->role == ROLE_TIME ? 2 : kind->limit || kind->trigger != TRIGGER_NONE;
}

/* The next at a place, by rank, and the older order first. What comes of a report removes open orders and adds others,
 * so that each time all of them are looked at. */
int match_place(struct bar_walk *walk, enum bar_place place, struct error *error)
{
    const struct ledger *ledger = walk->sim->ledger;
    int found = walk->bearing ? match_born(walk, error) : 0;
    while (found == 0 && ledger->symbol_state[walk->slot].working > 0) {
        struct open_order *next = NULL;
        struct move next_move = no_move;
        int next_rank = 0;
        for (struct open_order *open_order = ledger->symbol_state[walk->slot].open_order; open_order != NULL;
             open_order = open_order->next) {
            struct move move;
            if (find_move(walk, open_order, place, &move, error) != 0)
                return -1;
            if (move_is_none(&move))
                continue;
            const int first = rank(walk, open_order, place);
            const bool is_later = first > walk->rank || (first == walk->rank && open_order->serial > walk->done);
            if (is_later && (next == NULL || first < next_rank)) {
                next = open_order;
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
