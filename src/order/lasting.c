/* How long an order works. */
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

int orders_sessions_after(const struct order_manager *manager, const char *symbol, int64_t time, int64_t sessions,
                          int64_t *from, struct error *error)
{
    struct session session;
    const struct calendar *calendar = symbol_calendar(manager->calendars, manager->calendar, symbol);
    if (calendar == NULL)
        return error_set(error, EXIT_STATE, "an order counts sessions, but there is no calendar");
    *from = time;
    for (int64_t i = 0; i < sessions; i++) {
        if (calendar_current_or_next(calendar, *from, &session, error) != 0)
            return -1;
        *from = session.close;
    }
    return 0;
}
