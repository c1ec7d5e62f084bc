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
static struct arrival arrive(const struct bar_walk *walk, const struct bar_path *path, const struct open_order *limit,
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

/* What comes of an open order from here on, and where. */
static struct arrival find_next(const struct bar_walk *walk, const struct bar_path *path,
                                const struct open_order *open_order, struct move *move)
{
    const struct order *order = &open_order->order;
    const struct order_kind *kind = open_order->kind;
    const bool buys = side_sign(order->side) > 0;
    const struct arrival never = {.at = -1, .price = DEC_NONE};
    *move = no_move;
    if (open_order_is_waiting(open_order)) {
        if (order->stop_price == DEC_NONE)
            return never;
        const struct arrival arrival =
            arrive(walk, path, NULL, order->stop_price, buys == (kind->trigger == TRIGGER_STOPPED));
        if (arrival.at < 0)
            return never;
        if (kind->limit)
            *move = move_take_better(walk, open_order, arrival.price, true);
        else
            *move = (struct move){.price = arrival.price, .bound = DEC_NONE};
        move->triggers = kind->limit;
        return arrival;
    }
    if (!kind->limit)
        return never;
    const struct arrival arrival = arrive(walk, path, open_order, order->limit_price, !buys);
    if (arrival.at >= 0)
        *move = (struct move){.price = arrival.price, .bound = arrival.price};
    return arrival;
}

/* Was it replaced in the course of the bar? */
static bool is_replaced(const struct bar_walk *walk, const struct open_order *open_order)
{
    struct open_order old;
    return match_as_it_was(walk, open_order, &old) != open_order && walk->bar->end[0] > open_order->from;
}

/* What was replaced in the course of the bar, and did not fill as it was: what it says now, if the close shows it. */
static int match_replaced(struct bar_walk *walk, struct error *error)
{
    const struct ledger *ledger = walk->sim->ledger;
    int found = 0;
    while (found == 0) {
        struct open_order *open_order = ledger->symbol_state[walk->slot].open_order;
        while (open_order != NULL && (open_order->serial <= walk->done || !is_replaced(walk, open_order)))
            open_order = open_order->next;
        if (open_order == NULL)
            return 0;
        walk->done = open_order->serial;
        struct open_order old;
        struct move move = no_move;
        const int may = match_may_move(walk, match_as_it_was(walk, open_order, &old), PLACE_COURSE, false, error);
        if (may < 0)
            return -1;
        if (may > 0)
            match_consider_replaced(walk, open_order, &move);
        found = move_is_none(&move) ? 0 : match_report(walk, open_order, PLACE_COURSE, &move, error);
    }
    return found;
}

/* What happens next on the way; of what happens at one place stops first, and the older order. Each step ends an order
 * or sets one off, or is the last that fills, so they come to an end. */
int match_along(struct bar_walk *walk, struct error *error)
{
    const struct ledger *ledger = walk->sim->ledger;
    int found = 0;
    while (found == 0 && !walk->replaced && ledger->symbol_state[walk->slot].working > 0) {
        struct open_order *next = NULL;
        struct move next_move = no_move;
        struct arrival next_arrival = {.at = -1, .price = DEC_NONE};
        for (struct open_order *open_order = ledger->symbol_state[walk->slot].open_order; open_order != NULL;
             open_order = open_order->next) {
            struct move move;
            struct open_order old;
            const struct open_order *said = match_as_it_was(walk, open_order, &old);
            const int may = match_may_move(walk, said, PLACE_COURSE, open_order->serial > walk->before, error);
            if (may < 0)
                return -1;
            const bool late = walk->exhausted && !open_order_is_waiting(open_order);
            struct arrival arrival = {.at = -1};
            if (may != 0 && !late)
                arrival = find_next(walk, &walk->path, said, &move);
            if (arrival.at < 0)
                continue;
            const bool stops = open_order->kind->trigger == TRIGGER_STOPPED;
            if (next == NULL || arrival.at < next_arrival.at ||
                (arrival.at == next_arrival.at && stops && next->kind->trigger != TRIGGER_STOPPED)) {
                next = open_order;
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
