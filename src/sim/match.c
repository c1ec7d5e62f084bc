/* One bar against the working orders of its symbol. */
#include "sim/internal.h"

#include <string.h>

/* A bar that is being worked off. */
struct walk {
    struct engine *engine;
    int slot;
    const struct bars *bar;
    uint64_t before;  /* the last order that worked when it came; later ones its fills have brought about, … */
    uint64_t closing; /* … and those after this one its close */
};

/* What a price brings an order. */
struct move {
    bool triggers; /* it is set off, and goes on as a limit order */
    dec price;     /* it fills at this, DEC_NONE: it does not, … */
    dec bound;     /* … and slippage moves that no further than this, DEC_NONE: as far as it likes */
};

static const struct move nothing = {.triggers = false, .price = DEC_NONE, .bound = DEC_NONE};

/* Better than a limit by something: a price that only touches it may have been another's turn. */
static bool is_better(const struct order *order, dec price)
{
    return side_sign(order->side) > 0 ? price < order->limit_price : price > order->limit_price;
}

/* Is a price where it sets an order off? Stops wait for a price against them, the others for one in their favour. */
static bool is_reached(const struct order *order, enum order_trigger trigger, dec price)
{
    if (order->stop_price == DEC_NONE)
        return false;
    return (side_sign(order->side) > 0) == (trigger == TRIGGER_STOPPED) ? price >= order->stop_price
                                                                        : price <= order->stop_price;
}

/* A limit order at a price that everybody sees: it takes what is better, and what a trigger sets off at once pays for
 * its haste, up to its limit. */
static struct move take_better(const struct order *order, dec price, bool slips)
{
    struct move move = nothing;
    if (is_better(order, price)) {
        move.price = price;
        move.bound = slips ? order->limit_price : price;
    }
    return move;
}

static struct move move_at_open(const struct ticket *ticket, const struct order_kind *kind, const struct bars *bar)
{
    const struct order *order = &ticket->order;
    const dec open = bar->open[0];
    const bool waits = ticket_is_waiting(ticket);
    if (waits && !is_reached(order, kind->trigger, open))
        return nothing;
    if (!kind->limit)
        return (struct move){.price = open, .bound = DEC_NONE};
    struct move move = take_better(order, open, waits);
    move.triggers = waits;
    return move;
}

/* In the course of the bar, after its open. Of what was when nobody knows more than that the close was last, and that a
 * price is touched before those beyond it. So a limit order that is set off here fills at the price that did it or,
 * when the price has certainly gone through it since, at its limit. */
static struct move move_in_course(const struct ticket *ticket, const struct order_kind *kind, const struct bars *bar)
{
    const struct order *order = &ticket->order;
    const bool buys = side_sign(order->side) > 0;
    if (!ticket_is_waiting(ticket)) {
        const bool through =
            kind->limit && ticket->triggered != bar->end[0] && is_better(order, buys ? bar->low[0] : bar->high[0]);
        return through ? (struct move){.price = order->limit_price, .bound = order->limit_price} : nothing;
    }
    const dec furthest = buys == (kind->trigger == TRIGGER_STOPPED) ? bar->high[0] : bar->low[0];
    if (!is_reached(order, kind->trigger, furthest))
        return nothing;
    if (!kind->limit)
        return (struct move){.price = order->stop_price, .bound = DEC_NONE};
    struct move move = take_better(order, order->stop_price, true);
    if (move.price == DEC_NONE && (is_better(order, furthest) || is_better(order, bar->close[0])))
        move.price = move.bound = order->limit_price;
    move.triggers = true;
    return move;
}

static struct move move_at_close(const struct ticket *ticket, const struct order_kind *kind, const struct bars *bar)
{
    const dec close = bar->close[0];
    return kind->limit ? take_better(&ticket->order, close, false) : (struct move){.price = close, .bound = DEC_NONE};
}

/* Was a stop of the same position set off in the course of this bar, and did not fill? When the price came to the
 * target is not known then. */
static bool is_forestalled(const struct walk *walk, const struct ticket *ticket)
{
    const struct ledger *ledger = walk->engine->ledger;
    const struct ticket *other = ticket->order.parent[0] == '\0' ? NULL : ledger->slot[walk->slot].ticket;
    while (other != NULL &&
           (other->triggered != walk->bar->end[0] || strcmp(other->order.parent, ticket->order.parent) != 0))
        other = other->next;
    return other != NULL;
}

/* What a ticket may do at a place of the bar. */
static int find_move(const struct walk *walk, const struct ticket *ticket, enum bar_place place, struct move *move,
                     struct error *error)
{
    const struct bars *bar = walk->bar;
    const struct order_kind *kind = ticket->kind;
    const bool born = ticket->serial > walk->before; /* in this very bar: at its open, or in its course */
    const struct order *order = &ticket->order;
    *move = nothing;
    if ((!born && ticket->from > bar->opens[0]) || (order->bars > ticket->bars && order_is_leg(order)) ||
        order->active_time > bar->opens[0] || /* not yet */
        (place == PLACE_CLOSE && ticket->serial > walk->closing))
        return 0;
    const int takes_part = walk->engine->ledger->slot[walk->slot].timed == 0
                               ? place != PLACE_CLOSE
                               : engine_takes_part(walk->engine, ticket, place, bar, error);
    if (takes_part <= 0)
        return takes_part;
    /* When in a bar its prices were is not known: what ends within it has had its chance at the open. */
    if (place != PLACE_OPEN && ticket->order.valid_until != TIME_NONE && ticket->order.valid_until < bar->end[0])
        return 0;
    if (place == PLACE_OPEN)
        *move = born ? nothing : move_at_open(ticket, kind, bar);
    else if (place == PLACE_CLOSE)
        *move = move_at_close(ticket, kind, bar);
    else if (!born || (kind->trigger == TRIGGER_STOPPED && ticket->order.time == bar->opens[0]))
        *move = move_in_course(ticket, kind, bar);
    if (place == PLACE_COURSE && kind->trigger != TRIGGER_STOPPED && is_forestalled(walk, ticket))
        *move = nothing;
    return 0;
}

static int do_move(const struct walk *walk, struct ticket *ticket, enum bar_place place, const struct move *move,
                   struct error *error);

/* The stop legs, after an order, that their entry brought into being in the course of this very bar. */
static int match_born(const struct walk *walk, uint64_t last, struct error *error)
{
    const struct ledger *ledger = walk->engine->ledger;
    for (;;) {
        struct ticket *ticket = ledger->slot[walk->slot].ticket;
        while (ticket != NULL && (ticket->serial <= last || ticket->kind->trigger != TRIGGER_STOPPED))
            ticket = ticket->next;
        if (ticket == NULL)
            return 0;
        last = ticket->serial;
        const struct move move = move_in_course(ticket, ticket->kind, walk->bar);
        if (do_move(walk, ticket, PLACE_COURSE, &move, error) != 0)
            return -1;
    }
}

static int do_move(const struct walk *walk, struct ticket *ticket, enum bar_place place, const struct move *move,
                   struct error *error)
{
    struct engine *engine = walk->engine;
    const struct bars *bar = walk->bar;
    const int64_t time = place == PLACE_OPEN ? bar->opens[0] : bar->end[0];
    const int sign = side_sign(ticket->order.side);
    if (move->triggers && engine_trigger(engine, ticket, time, error) != 0)
        return -1;
    if (move->price == DEC_NONE)
        return 0;
    struct offer offer = {.instrument = engine->instrument(engine->context, ticket->order.symbol, error),
                          .price = move->price,
                          .unslipped = move->price,
                          .time = time};
    if (offer.instrument == NULL)
        return -1;
    if (move->bound != move->price &&
        costs_slip(&engine->costs, offer.instrument, sign, move->price, &offer.price) != 0)
        return error_set(error, EXIT_STATE, "order %s: its price is out of range", ticket->order.id);
    if (move->bound != DEC_NONE && (sign > 0 ? offer.price > move->bound : offer.price < move->bound))
        offer.price = move->bound;
    const uint64_t last = engine->ledger->orders;
    if (engine_fill(engine, ticket, &offer, bar->end[0], error) != 0)
        return -1;
    return place == PLACE_COURSE && engine->ledger->orders > last ? match_born(walk, last, error) : 0;
}

/* What comes first inside a bar is what nobody can doubt, and else what is worse for us: at the open and at the close
 * exits before entries, and of the exits those at the market before the legs of their position, which are there in case
 * nobody had decided, and of the legs those whose time has come last; in the course stops before the rest. */
static int rank_conservative(const struct order *order, const struct order_kind *kind, enum bar_place place)
{
    if (place == PLACE_COURSE)
        return kind->trigger != TRIGGER_STOPPED;
    if (!order_is_reducing(order))
        return 3;
    return order->role == ROLE_TIME ? 2 : kind->limit || kind->trigger != TRIGGER_NONE;
}

const struct fill_policy fill_conservative = {.name = "conservative", .rank = rank_conservative};

/* Everything that happens at a place, one after the other: by rank, and the older order first. Fills remove tickets and
 * add others while we walk. */
static int match_place(const struct walk *walk, enum bar_place place, struct error *error)
{
    const struct ledger *ledger = walk->engine->ledger;
    const struct fill_policy *policy = walk->engine->policy == NULL ? &fill_conservative : walk->engine->policy;
    int last_rank = -1;
    uint64_t last = 0;
    while (ledger->slot[walk->slot].working > 0) {
        struct ticket *next = NULL;
        struct move next_move = nothing;
        int next_rank = 0;
        for (struct ticket *ticket = ledger->slot[walk->slot].ticket; ticket != NULL; ticket = ticket->next) {
            struct move move;
            if (find_move(walk, ticket, place, &move, error) != 0)
                return -1;
            if (move.price == DEC_NONE && !move.triggers)
                continue;
            const int rank = policy->rank(&ticket->order, ticket->kind, place);
            const bool is_later = rank > last_rank || (rank == last_rank && ticket->serial > last);
            if (is_later && (next == NULL || rank < next_rank)) {
                next = ticket;
                next_rank = rank;
                next_move = move;
            }
        }
        if (next == NULL)
            return 0;
        last_rank = next_rank;
        last = next->serial;
        if (do_move(walk, next, place, &next_move, error) != 0)
            return -1;
    }
    return 0;
}

/* All that the open decides is before the course of the bar: no entry is paid with what a stop brings later. */
static int match_bar(struct engine *engine, int slot, struct interval interval, const struct bars *bar,
                     struct error *error)
{
    struct walk walk = {.engine = engine, .slot = slot, .bar = bar, .before = engine->ledger->orders};
    const struct ledger_slot *at = &engine->ledger->slot[slot];
    if ((at->trailing > 0 && engine_start_trails(engine, slot, bar, error) != 0) ||
        match_place(&walk, PLACE_OPEN, error) != 0 ||
        (at->timed > 0 && engine_end_chances(engine, slot, PLACE_OPEN, bar, error) != 0) ||
        match_place(&walk, PLACE_COURSE, error) != 0)
        return -1;
    walk.closing = engine->ledger->orders;
    if (at->timed > 0 &&
        (match_place(&walk, PLACE_CLOSE, error) != 0 || engine_end_chances(engine, slot, PLACE_CLOSE, bar, error) != 0))
        return -1;
    if (at->trailing > 0 && engine_move_trails(engine, slot, walk.before, bar, error) != 0)
        return -1;
    return at->aging == 0 ? 0 : engine_age_legs(engine, slot, interval, walk.before, bar, error);
}

static int emit_mark(struct engine *engine, int slot, struct interval interval, const struct bars *bar,
                     struct error *error)
{
    const struct ledger *ledger = engine->ledger;
    struct mark mark = {.time = bar->end[0], .interval = interval, .bar = bar->time[0], .price = bar->close[0]};
    memcpy(mark.symbol, ledger_symbol(ledger, slot), strlen(ledger_symbol(ledger, slot)) + 1);
    memcpy(mark.account, ledger->terms.account, sizeof mark.account);
    return engine_event(engine, RECORD_MARK, &mark, error);
}

int engine_bar(struct engine *engine, int slot, struct interval interval, const struct bars *bar, struct error *error)
{
    struct ledger *ledger = engine->ledger;
    if (!engine_concerns(ledger, slot))
        return 0;
    /* What traded before a split has prices of before; orders and marks are of after it. */
    const int64_t split = ledger->slot[slot].split;
    if (bar->end[0] <= split)
        return 0;
    if (ledger->slot[slot].working > 0 && bar->opens[0] >= split &&
        (engine_expire(engine, slot, bar->opens[0], error) != 0 || match_bar(engine, slot, interval, bar, error) != 0))
        return -1;
    if ((engine->marks ? emit_mark(engine, slot, interval, bar, error)
                       : ledger_mark(ledger, slot, interval, bar->time[0], bar->end[0], bar->close[0], error)) != 0)
        return -1;
    return ledger->slot[slot].counting == 0 ? 0 : engine_end_counted(engine, slot, bar->end[0], error);
}
