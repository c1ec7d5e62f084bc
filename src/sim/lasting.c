/* At which places of a bar an order takes part, by its time in force. */
#include "sim/walk.h"

/* That of the symbol; NULL: each bar is a session. */
static const struct calendar *calendar_of(const struct bar_walk *walk)
{
    const struct sim *sim = walk->sim;
    return symbol_calendar(sim->calendars, sim->calendar, ledger_symbol(sim->ledger, walk->slot));
}

/* Is the first trade of a bar that of a session? Without a calendar every bar is one. Of trades, the first since the
 * order waits for the session to open: of those that are there for it, it takes the first. */
int match_opens_session(const struct bar_walk *walk, const struct open_order *open_order, struct error *error)
{
    struct session session;
    const struct calendar *calendar = calendar_of(walk);
    const int64_t opens = walk->bar->opens[0];
    if (calendar == NULL)
        return 1;
    if (calendar_current_or_next(calendar, opens, &session, error) != 0)
        return -1;
    return walk->is_trade ? session.open <= opens && session.open >= open_order->from : session.open == opens;
}

static int closes_session(const struct bar_walk *walk, struct error *error)
{
    struct session session;
    const struct calendar *calendar = calendar_of(walk);
    if (calendar == NULL)
        return 1;
    return calendar_last_completed(calendar, walk->bar->end[0], &session, error) != 0
               ? -1
               : session.close == walk->bar->end[0];
}

int match_takes_part(const struct bar_walk *walk, const struct open_order *open_order, enum bar_place place,
                     struct error *error)
{
    const enum time_in_force tif = open_order->order.time_in_force;
    if (tif == TIF_CLS)
        return place == PLACE_CLOSE ? closes_session(walk, error) : 0;
    if (place == PLACE_CLOSE)
        return 0;
    if (tif == TIF_OPG)
        return place == PLACE_OPEN ? match_opens_session(walk, open_order, error) : 0;
    return place == PLACE_OPEN || (tif != TIF_IOC && tif != TIF_FOK);
}

/* What had its only chance at a place, and was not filled: the auction is over. An opening that this bar is later than,
 * and that had no bar of its own, is over too. */
static int has_missed(const struct bar_walk *walk, const struct open_order *open_order, enum bar_place place,
                      struct error *error)
{
    const enum time_in_force tif = open_order->order.time_in_force;
    struct session session;
    if (place == PLACE_CLOSE)
        return tif == TIF_CLS ? closes_session(walk, error) : 0;
    if (tif != TIF_OPG)
        return tif == TIF_IOC || tif == TIF_FOK;
    const struct calendar *calendar = calendar_of(walk);
    if (calendar == NULL)
        return 1;
    return calendar_current_or_next(calendar, walk->bar->opens[0], &session, error) != 0
               ? -1
               : session.open >= open_order->from;
}

int match_end_chance(struct bar_walk *walk, enum bar_place place, struct error *error)
{
    const struct ledger *ledger = walk->sim->ledger;
    const struct bars *bar = walk->bar;
    for (struct open_order *open_order = ledger->symbol_state[walk->slot].open_order; open_order != NULL;
         open_order = open_order->next) {
        const enum time_in_force tif = open_order->order.time_in_force;
        if (open_order->serial <= walk->done || open_order->sleeps || open_order->from > bar->opens[0] ||
            order_is_leg(&open_order->order) || /* an exit waits for the next close */
            (tif != TIF_IOC && tif != TIF_FOK && tif != TIF_OPG && tif != TIF_CLS))
            continue;
        const int missed = has_missed(walk, open_order, place, error);
        if (missed < 0)
            return -1;
        if (missed == 0)
            continue;
        const bool at_once = tif == TIF_IOC || tif == TIF_FOK;
        walk->done = open_order->serial;
        (void)match_tell(walk, at_once ? REPORT_CANCELLED : REPORT_EXPIRED, open_order,
                         place == PLACE_OPEN ? bar->opens[0] : bar->end[0]);
        walk->report.reason = at_once ? open_order->filled > 0 ? "the rest not filled at once" : "not filled at once"
                              : tif == TIF_OPG ? "not filled at the open"
                                               : "not filled at the close";
        return 1;
    }
    return 0;
}
