/* The course of a bar along a way that is assumed: the open, one extreme, the other, the close, straight from each to
 * the next. A place on it is how far the price has travelled since the open. */
#include "sim/walk.h"

__extension__ typedef __int128 travel;

/* Where a price is reached, and the price that there is then. */
struct arrival {
    travel at; /* -1: nowhere */
    dec price;
};

void match_set_out(struct bar_walk *walk)
{
    const struct bars *bar = walk->bar;
    const dec open = bar->open[0], high = bar->high[0], low = bar->low[0];
    bool high_first = walk->model->course == COURSE_HIGH_FIRST;
    if (walk->model->course == COURSE_DRAWN && high > low)
        high_first = fill_draw(&walk->sim->fills, ledger_symbol(walk->sim->ledger, walk->slot), bar->end[0], 0, 2) <
                     (double)(open - low) / (double)(high - low);
    walk->path = (struct bar_path){.point = {open, high_first ? high : low, high_first ? low : high, bar->close[0]}};
}

static bool is_there(dec price, dec level, bool up)
{
    return up ? price >= level : price <= level;
}

/* From where the path is now on, the first place at which the price is at a level or beyond (above it with `up`), and
 * for a limit order has its turn on that stretch. */
static struct arrival arrive(const struct bar_walk *walk, const struct bar_path *path, const struct ticket *limit,
                             dec level, bool up)
{
    travel passed = 0;
    for (int i = 0; i < 3; i++) {
        const dec from = path->point[i], to = path->point[i + 1];
        const travel length = to > from ? (travel)to - from : (travel)from - to;
        const travel begin = path->at > passed ? path->at : passed;
        passed += length;
        if (begin > passed)
            continue;
        const travel walked = begin - (passed - length);
        const dec price = (dec)(to > from ? from + walked : from - walked);
        const bool now = is_there(price, level, up), later = is_there(to, level, up);
        if ((!now && !later) || (limit != NULL && !(now && move_has_turn(walk, limit, price)) &&
                                 !(later && move_has_turn(walk, limit, to))))
            continue;
        const dec at = now ? price : level;
        return (struct arrival){.at = begin + (at > price ? (travel)at - price : (travel)price - at), .price = at};
    }
    return (struct arrival){.at = -1, .price = DEC_NONE};
}

/* What comes of a ticket from here on, and where. */
static struct arrival find_next(const struct bar_walk *walk, const struct bar_path *path, const struct ticket *ticket,
                                struct move *move)
{
    const struct order *order = &ticket->order;
    const struct order_kind *kind = ticket->kind;
    const bool buys = side_sign(order->side) > 0;
    const struct arrival never = {.at = -1, .price = DEC_NONE};
    *move = no_move;
    if (ticket_is_waiting(ticket)) {
        if (order->stop_price == DEC_NONE)
            return never;
        const struct arrival arrival =
            arrive(walk, path, NULL, order->stop_price, buys == (kind->trigger == TRIGGER_STOPPED));
        if (arrival.at < 0)
            return never;
        if (kind->limit)
            *move = move_take_better(walk, ticket, arrival.price, true);
        else
            *move = (struct move){.price = arrival.price, .bound = DEC_NONE};
        move->triggers = kind->limit;
        return arrival;
    }
    if (!kind->limit)
        return never;
    const struct arrival arrival = arrive(walk, path, ticket, order->limit_price, !buys);
    if (arrival.at >= 0)
        *move = (struct move){.price = arrival.price, .bound = arrival.price};
    return arrival;
}

/* Was it replaced in the course of the bar? */
static bool is_replaced(const struct bar_walk *walk, const struct ticket *ticket)
{
    struct ticket old;
    return match_as_it_was(walk, ticket, &old) != ticket && walk->bar->end[0] > ticket->from;
}

/* What was replaced in the course of the bar, and did not fill as it was: what it says now, if the close shows it. */
static int match_replaced(struct bar_walk *walk, struct error *error)
{
    const struct ledger *ledger = walk->sim->ledger;
    int found = 0;
    while (found == 0) {
        struct ticket *ticket = ledger->slot[walk->slot].ticket;
        while (ticket != NULL && (ticket->serial <= walk->done || !is_replaced(walk, ticket)))
            ticket = ticket->next;
        if (ticket == NULL)
            return 0;
        walk->done = ticket->serial;
        struct ticket old;
        struct move move = no_move;
        const int may = match_may_move(walk, match_as_it_was(walk, ticket, &old), PLACE_COURSE, false, error);
        if (may < 0)
            return -1;
        if (may > 0)
            match_consider_replaced(walk, ticket, &move);
        found = move_is_none(&move) ? 0 : match_report(walk, ticket, PLACE_COURSE, &move, error);
    }
    return found;
}

/* What happens next on the way; of what happens at one place stops first, and the older order. Each step ends an order
 * or sets one off, or is the last that fills, so they come to an end. */
int match_along(struct bar_walk *walk, struct error *error)
{
    const struct ledger *ledger = walk->sim->ledger;
    int found = 0;
    while (found == 0 && !walk->replaced && ledger->slot[walk->slot].working > 0) {
        struct ticket *next = NULL;
        struct move next_move = no_move;
        struct arrival next_arrival = {.at = -1, .price = DEC_NONE};
        for (struct ticket *ticket = ledger->slot[walk->slot].ticket; ticket != NULL; ticket = ticket->next) {
            struct move move;
            struct ticket old;
            const struct ticket *said = match_as_it_was(walk, ticket, &old);
            const int may = match_may_move(walk, said, PLACE_COURSE, ticket->serial > walk->before, error);
            if (may < 0)
                return -1;
            const bool late = walk->exhausted && !ticket_is_waiting(ticket);
            struct arrival arrival = {.at = -1};
            if (may != 0 && !late)
                arrival = find_next(walk, &walk->path, said, &move);
            if (arrival.at < 0)
                continue;
            const bool stops = ticket->kind->trigger == TRIGGER_STOPPED;
            if (next == NULL || arrival.at < next_arrival.at ||
                (arrival.at == next_arrival.at && stops && next->kind->trigger != TRIGGER_STOPPED)) {
                next = ticket;
                next_move = move;
                next_arrival = arrival;
            }
        }
        if (next == NULL) {
            walk->replaced = true;
            break;
        }
        walk->path.at = next_arrival.at;
        if (is_replaced(walk, next))
            match_consider_replaced(walk, next, &next_move);
        found = match_report(walk, next, PLACE_COURSE, &next_move, error);
    }
    return found == 0 && walk->replaced ? match_replaced(walk, error) : found;
}
