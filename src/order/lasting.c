/* How long an order works, and at which places of a bar. */
#include "order/internal.h"

#include "record/order_kinds.h"

/* The session that opens at a moment or is the next to. */
static int next_opening(const struct calendar *calendar, int64_t time, struct session *session, struct error *error)
{
    if (calendar_current_or_next(calendar, time, session, error) != 0)
        return -1;
    return session->open >= time ? 0 : calendar_current_or_next(calendar, session->close, session, error);
}

int orders_find_end(const struct calendar *calendar, struct order *order, struct error *error)
{
    const enum time_in_force unsaid = order_is_reducing(order) ? TIF_GTC : TIF_DAY;
    const enum time_in_force tif = order->time_in_force == TIF_NONE ? unsaid : order->time_in_force;
    struct session session;
    int64_t until = TIME_NONE;
    if (tif == TIF_GTD && order->expires != TIME_NONE) {
        const int found = calendar_session(calendar, order->expires, &session, error);
        if (found < 0)
            return -1;
        until = found == 1 ? session.close : calendar_midnight(calendar, order->expires + 1);
    } else if (tif == TIF_OPG) {
        if (next_opening(calendar, order->time, &session, error) != 0)
            return -1;
        until = session.close;
    } else if (tif != TIF_GTC && tif != TIF_GTD && order->valid_until == TIME_NONE) {
        if (calendar_current_or_next(calendar, order->time, &session, error) != 0)
            return -1;
        until = session.close;
    }
    if (until != TIME_NONE && (order->valid_until == TIME_NONE || until < order->valid_until))
        order->valid_until = until;
    return 0;
}

int orders_sessions_after(const struct order_manager *manager, int64_t time, int64_t sessions, int64_t *from,
                          struct error *error)
{
    struct session session;
    if (manager->calendar == NULL)
        return error_set(error, EXIT_STATE, "sessions are counted, and there is no calendar");
    *from = time;
    for (int64_t i = 0; i < sessions; i++) {
        if (calendar_current_or_next(manager->calendar, *from, &session, error) != 0)
            return -1;
        *from = session.close;
    }
    return 0;
}

/* Is the first trade of a bar that of a session? Without a calendar every bar is one. */
static int opens_session(const struct order_manager *manager, const struct bars *bar, struct error *error)
{
    struct session session;
    if (manager->calendar == NULL)
        return 1;
    return calendar_current_or_next(manager->calendar, bar->opens[0], &session, error) != 0
               ? -1
               : session.open == bar->opens[0];
}

static int closes_session(const struct order_manager *manager, const struct bars *bar, struct error *error)
{
    struct session session;
    if (manager->calendar == NULL)
        return 1;
    return calendar_last_completed(manager->calendar, bar->end[0], &session, error) != 0 ? -1
                                                                                         : session.close == bar->end[0];
}

int orders_takes_part(const struct order_manager *manager, const struct ticket *ticket, enum bar_place place,
                      const struct bars *bar, struct error *error)
{
    const enum time_in_force tif = ticket->order.time_in_force;
    if (tif == TIF_CLS)
        return place == PLACE_CLOSE ? closes_session(manager, bar, error) : 0;
    if (place == PLACE_CLOSE)
        return 0;
    if (tif == TIF_OPG)
        return place == PLACE_OPEN ? opens_session(manager, bar, error) : 0;
    return place == PLACE_OPEN || (tif != TIF_IOC && tif != TIF_FOK);
}

/* What had its only chance at a place, and was not filled: the auction is over. An opening that this bar is later than,
 * and that had no bar of its own, is over too. */
static int has_missed(const struct order_manager *manager, const struct ticket *ticket, enum bar_place place,
                      const struct bars *bar, struct error *error)
{
    const enum time_in_force tif = ticket->order.time_in_force;
    struct session session;
    if (place == PLACE_CLOSE)
        return tif == TIF_CLS ? closes_session(manager, bar, error) : 0;
    if (tif != TIF_OPG)
        return tif == TIF_IOC || tif == TIF_FOK;
    if (manager->calendar == NULL)
        return 1;
    return calendar_current_or_next(manager->calendar, bar->opens[0], &session, error) != 0
               ? -1
               : session.open >= ticket->from;
}

int orders_end_chances(struct order_manager *manager, int slot, enum bar_place place, const struct bars *bar,
                       struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    const int64_t time = place == PLACE_OPEN ? bar->opens[0] : bar->end[0];
    for (const struct ticket *ticket = ledger->slot[slot].ticket, *next; ticket != NULL; ticket = next) {
        const enum time_in_force tif = ticket->order.time_in_force;
        next = ticket->next;
        if (ticket->sleeps || ticket->from > bar->opens[0] ||
            order_is_leg(&ticket->order) || /* an exit waits for the next close */
            (tif != TIF_IOC && tif != TIF_FOK && tif != TIF_OPG && tif != TIF_CLS))
            continue;
        const int missed = has_missed(manager, ticket, place, bar, error);
        if (missed < 0)
            return -1;
        const bool at_once = tif == TIF_IOC || tif == TIF_FOK;
        if (missed == 1 &&
            orders_update(manager, ticket, at_once ? STATUS_CANCELED : STATUS_EXPIRED, time,
                          at_once          ? ticket->filled > 0 ? "the rest not filled at once" : "not filled at once"
                          : tif == TIF_OPG ? "not filled at the open"
                                           : "not filled at the close",
                          error) != 0)
            return -1;
    }
    return 0;
}
