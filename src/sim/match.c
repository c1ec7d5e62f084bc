/* One bar against the working orders of its symbol. */
#include "sim/match.h"

#include <string.h>

/* Was a stop of the same position set off in the course of this bar, and did not fill? When the price came to the
 * target is not known then. */
static bool is_forestalled(const struct walk *walk, const struct ticket *ticket)
{
    const struct ledger *ledger = walk->manager->ledger;
    const struct ticket *other = ticket->order.parent[0] == '\0' ? NULL : ledger->slot[walk->slot].ticket;
    while (other != NULL &&
           (other->triggered != walk->bar->end[0] || strcmp(other->order.parent, ticket->order.parent) != 0))
        other = other->next;
    return other != NULL;
}

/* Has the order changed by itself since the bar opened, because bars of another interval have come in between? They
 * have met it as it was; the prices of this one may be of before the change. What cannot have changed meets them twice,
 * and the second time nothing comes of it. */
static bool is_stale(const struct walk *walk, const struct ticket *ticket, enum bar_place place)
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

int match_may_move(const struct walk *walk, const struct ticket *ticket, enum bar_place place, bool born,
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
    const int takes_part = walk->manager->ledger->slot[walk->slot].timed == 0
                               ? place != PLACE_CLOSE
                               : orders_takes_part(walk->manager, ticket, place, bar, error);
    if (takes_part <= 0)
        return takes_part;
    /* When in a bar its prices were is not known: what ends within it has had its chance at the open. */
    return place == PLACE_OPEN || order->valid_until == TIME_NONE || order->valid_until >= bar->end[0];
}

/* May an order that was born at the open of this bar fill in its course? A stop may; of a target nobody knows whether
 * its price came before the entry's, but the hopeful. */
static bool may_follow(const struct walk *walk, const struct ticket *ticket)
{
    return (ticket->kind->trigger == TRIGGER_STOPPED || walk->model->hopeful) &&
           ticket->order.time == walk->bar->opens[0];
}

const struct ticket *match_as_it_was(const struct walk *walk, const struct ticket *ticket, struct ticket *old)
{
    const struct past_terms *past =
        ticket->pasts == 0 ? NULL : ticket_past(walk->manager->ledger, ticket, walk->bar->opens[0]);
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

void match_consider_replaced(const struct walk *walk, const struct ticket *ticket, struct move *move)
{
    struct walk now = *walk;
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
static int find_move(const struct walk *walk, const struct ticket *ticket, enum bar_place place, struct move *move,
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

/* The legs, after an order, that it brought into being in the course of this very bar: its stops. Where hope has it the
 * target first, and of the stops those that were reached for certain after it: at the close, or because the entry
 * waited for the price to come down to it, as the stop does. */
static int match_born(struct walk *walk, uint64_t last, bool toward, struct error *error)
{
    const struct ledger *ledger = walk->manager->ledger;
    for (int pass = walk->model->hopeful ? 0 : 1; pass < 2; pass++) {
        for (uint64_t done = last;;) {
            struct ticket *ticket = ledger->slot[walk->slot].ticket;
            while (ticket != NULL &&
                   (ticket->serial <= done || (ticket->kind->trigger == TRIGGER_STOPPED) != (pass == 1)))
                ticket = ticket->next;
            if (ticket == NULL)
                break;
            done = ticket->serial;
            struct move move = move_in_course(walk, ticket);
            if (pass == 1 && walk->model->hopeful && !toward &&
                !move_is_reached(&ticket->order, TRIGGER_STOPPED, walk->bar->close[0]))
                move = no_move;
            if (match_do_move(walk, ticket, PLACE_COURSE, &move, error) != 0)
                return -1;
        }
    }
    return 0;
}

/* How much of an order the bar has for it. */
static dec fillable_of(struct walk *walk, const struct ticket *ticket, const struct instrument *instrument)
{
    const struct fill_model *model = walk->model;
    const struct past_terms *past =
        ticket->pasts == 0 ? NULL : ticket_past(walk->manager->ledger, ticket, walk->bar->opens[0]);
    dec rest = ticket->order.quantity - ticket->filled;
    if (past != NULL && past->quantity - ticket->filled < rest) /* more of it was asked for later */
        rest = past->quantity > ticket->filled ? past->quantity - ticket->filled : 0;
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
    most -= most % orders_step(walk->manager, instrument);
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

int match_do_move(struct walk *walk, struct ticket *ticket, enum bar_place place, const struct move *move,
                  struct error *error)
{
    struct order_manager *manager = walk->manager;
    const struct bars *bar = walk->bar;
    const int64_t time = place == PLACE_OPEN ? bar->opens[0] : bar->end[0];
    const bool toward = ticket->kind->trigger != TRIGGER_STOPPED, fills = move->price != DEC_NONE;
    struct offer offer = {.unslipped = move->price, .time = time, .volume = bar->volume[0]};
    if (fills && (offer.instrument = manager->instrument(manager->context, ticket->order.symbol, error)) == NULL)
        return -1;
    offer.liquidity = liquidity_of(ticket, place, move);
    offer.quantity = fills ? fillable_of(walk, ticket, offer.instrument) : 0;
    /* A stop that does not get all goes on without its trigger. */
    const bool goes_on = fills && offer.quantity < ticket->order.quantity - ticket->filled && ticket_is_waiting(ticket);
    if ((move->triggers || goes_on) && orders_trigger(manager, ticket, time, error) != 0)
        return -1;
    if (offer.quantity == 0)
        return 0;
    if (move_slip(walk, ticket, move, offer.instrument, offer.quantity, &offer.price) != 0)
        return error_set(error, EXIT_STATE, "order %s: its price is out of range", ticket->order.id);
    const uint64_t last = manager->ledger->orders;
    if (orders_fill(manager, ticket, &offer, bar->end[0], error) != 0)
        return -1;
    walk->taken += offer.quantity;
    return place == PLACE_COURSE && manager->ledger->orders > last && walk->model->course == COURSE_UNKNOWN
               ? match_born(walk, last, toward, error)
               : 0;
}

/* What comes first inside a bar is what nobody can doubt, and else what is worse for us: at the open and at the close
 * exits before entries, and of the exits those at the market before the legs of their position, which are there in case
 * nobody had decided, and of the legs those whose time has come last; in the course stops before the rest, or with hope
 * after it. */
static int rank(const struct walk *walk, const struct ticket *ticket, enum bar_place place)
{
    const struct order *order = &ticket->order;
    const struct order_kind *kind = ticket->kind;
    if (place == PLACE_COURSE)
        return (kind->trigger != TRIGGER_STOPPED) != walk->model->hopeful;
    if (!order_is_reducing(order))
        return 3;
    return order->role == ROLE_TIME ? 2 : kind->limit || kind->trigger != TRIGGER_NONE;
}

/* Everything that happens at a place, one after the other: by rank, and the older order first. Fills remove tickets and
 * add others while we walk. */
static int match_place(struct walk *walk, enum bar_place place, struct error *error)
{
    const struct ledger *ledger = walk->manager->ledger;
    int last_rank = -1;
    uint64_t last = 0;
    while (ledger->slot[walk->slot].working > 0) {
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
            const bool is_later = first > last_rank || (first == last_rank && ticket->serial > last);
            if (is_later && (next == NULL || first < next_rank)) {
                next = ticket;
                next_rank = first;
                next_move = move;
            }
        }
        if (next == NULL)
            return 0;
        last_rank = next_rank;
        last = next->serial;
        if (match_do_move(walk, next, place, &next_move, error) != 0)
            return -1;
    }
    return 0;
}

/* Half of what was quoted last. */
static int find_spread(struct walk *walk, struct error *error)
{
    const struct order_manager *manager = walk->manager;
    walk->half = manager->half_spread == NULL ? DEC_NONE : manager->half_spread(manager->context, walk->slot);
    if (walk->half != DEC_NONE)
        return 0;
    error_set(error, EXIT_USAGE, "%s: the fill model '%s' goes by quotes, and none has come",
              ledger_symbol(manager->ledger, walk->slot), walk->model->name);
    error_hint(error, "tn-backtest run takes `quote` records among the bars; elsewhere another model is needed");
    return -1;
}

/* Has a bar of another interval come that began within this one? */
static bool is_covered(const struct walk *walk)
{
    const struct ledger_slot *at = &walk->manager->ledger->slot[walk->slot];
    for (size_t i = 0; walk->marked > walk->bar->opens[0] && i < at->intervals; i++)
        if (!interval_equal(at->seen[i].interval, walk->interval) && at->seen[i].high_water >= walk->bar->time[0])
            return true;
    return false;
}

/* All that the open decides is before the course of the bar: no entry is paid with what a stop brings later. */
static int match_bar(struct order_manager *manager, int slot, struct interval interval, const struct bars *bar,
                     struct error *error)
{
    struct walk walk = {.manager = manager,
                        .model = fill_model_of(&manager->fills),
                        .slot = slot,
                        .bar = bar,
                        .before = manager->ledger->orders,
                        .interval = interval,
                        .marked = manager->ledger->slot[slot].marked};
    const struct ledger_slot *at = &manager->ledger->slot[slot];
    walk.covered = is_covered(&walk);
    if (fill_model_is_quoted(walk.model) && find_spread(&walk, error) != 0)
        return -1;
    if ((at->trailing > 0 && !walk.covered && orders_start_trails(manager, slot, bar, error) != 0) ||
        match_place(&walk, PLACE_OPEN, error) != 0 ||
        (at->timed > 0 && orders_end_chances(manager, slot, PLACE_OPEN, bar, error) != 0) ||
        orders_wake(manager, error) != 0 ||
        (walk.model->course == COURSE_UNKNOWN ? match_place(&walk, PLACE_COURSE, error) : match_along(&walk, error)) !=
            0)
        return -1;
    walk.closing = manager->ledger->orders;
    if (at->timed > 0 && (match_place(&walk, PLACE_CLOSE, error) != 0 ||
                          orders_end_chances(manager, slot, PLACE_CLOSE, bar, error) != 0))
        return -1;
    if (orders_wake(manager, error) != 0 ||
        (at->trailing > 0 && !walk.covered && orders_move_trails(manager, slot, walk.before, bar, error) != 0))
        return -1;
    return at->aging == 0 ? 0 : orders_age_legs(manager, slot, interval, walk.before, walk.covered, bar, error);
}

static int emit_mark(struct order_manager *manager, int slot, struct interval interval, const struct bars *bar,
                     struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    struct mark mark = {.time = bar->end[0], .interval = interval, .bar = bar->time[0], .price = bar->close[0]};
    memcpy(mark.symbol, ledger_symbol(ledger, slot), strlen(ledger_symbol(ledger, slot)) + 1);
    memcpy(mark.account, ledger->terms.account, sizeof mark.account);
    return orders_event(manager, RECORD_MARK, &mark, error);
}

int sim_bar(struct order_manager *manager, int slot, struct interval interval, const struct bars *bar,
            struct error *error)
{
    struct ledger *ledger = manager->ledger;
    if (!orders_concerns(ledger, slot))
        return 0;
    /* What traded before a split has prices of before; orders and marks are of after it. */
    const int64_t split = ledger->slot[slot].split;
    if (bar->end[0] <= split)
        return 0;
    if (ledger->slot[slot].working > 0 && bar->opens[0] >= split &&
        (orders_expire(manager, slot, bar->opens[0], error) != 0 ||
         match_bar(manager, slot, interval, bar, error) != 0))
        return -1;
    if ((manager->marks ? emit_mark(manager, slot, interval, bar, error)
                        : ledger_mark(ledger, slot, interval, bar->time[0], bar->end[0], bar->close[0], error)) != 0)
        return -1;
    if (ledger->slot[slot].counting > 0 && orders_end_counted(manager, slot, bar->end[0], error) != 0)
        return -1;
    return orders_wake(manager, error);
}
