/* Is the moment of an order still to come, and is its time to be trusted? */
#include "broker/timely.h"

#include "record/record.h"

/* Of the bars that came of a symbol: 1: all are of days or longer, 0: some are shorter, -1: none came. */
static int are_daily(const struct ledger_symbol_state *state)
{
    for (size_t i = 0; i < state->intervals; i++)
        if (!interval_is_daily(state->seen[i].interval))
            return 0;
    return state->intervals > 0 ? 1 : -1;
}

/* The same of the bar that an order was decided on, by its basis. */
static int is_daily_basis(const struct order *order)
{
    struct field member, of_bar;
    struct interval interval;
    struct error unread;
    error_clear(&unread);
    for (struct str basis = order->basis; raw_next(&basis, &member);)
        for (struct str bar = member.value; str_is(member.key, "bar") && raw_next(&bar, &of_bar);)
            if (str_is(of_bar.key, "interval") && of_bar.kind == VALUE_STRING && of_bar.value.n > 2 &&
                interval_parse(&interval, of_bar.value.p + 1, of_bar.value.n - 2, &unread) >= 0)
                return interval_is_daily(interval);
    return -1;
}

/* Will an order see bars of days only? By those that the account has had of its symbol; for an entry also by the bar it
 * was decided on, or those of the other symbols. */
static bool waits_for_days(const struct ledger *ledger, const struct order *order, int slot)
{
    int daily = slot < 0 ? -1 : are_daily(&ledger->symbol_state[slot]);
    if (daily >= 0 || order_is_reducing(order))
        return daily == 1 && is_daily_basis(order) != 0;
    const int basis = is_daily_basis(order);
    for (size_t i = 0; i < ledger->slots && basis != 0; i++) {
        const int other = are_daily(&ledger->symbol_state[i]);
        if (other == 0)
            return false;
        daily = other == 1 ? 1 : daily;
    }
    return basis != 0 && (basis == 1 || daily == 1);
}

/* An order that is taken while its last session runs: bars of days that open later are of sessions that end too late.
 */
static bool is_between_opens(const struct calendar *calendar, const struct order *order, int64_t now)
{
    const int64_t from = now > order->time ? now : order->time;
    struct session session;
    struct error unknown;
    error_clear(&unknown);
    if (now == TIME_NONE || order->valid_until == TIME_NONE ||
        calendar_current_or_next(calendar, from, &session, &unknown) != 0 ||
        (session.open < from && calendar_next(calendar, session.date, &session, &unknown) != 0))
        return false;
    return session.open >= order->valid_until;
}

const char *order_is_stale(const struct ledger *ledger, const struct calendar *calendar, const struct order *order,
                           int64_t now, int64_t moment)
{
    const int slot = ledger_find_slot(ledger, order->symbol);
    const int64_t present = now != TIME_NONE ? now : moment > order->time ? moment : order->time;
    if (order->valid_until != TIME_NONE && order->valid_until <= present)
        return "it can only expire: its valid_until has passed";
    if (is_between_opens(calendar, order, now) && waits_for_days(ledger, order, slot))
        return "it can only expire: daily bars fill at the open, and there is none before its valid_until";
    if (order_is_reducing(order))
        return NULL;
    if ((now == TIME_NONE ? order->time : now) < ledger->opening)
        return "it is from before the account was opened: to replay old bars, open an account with an earlier --now";
    if (slot >= 0 && ledger->symbol_state[slot].split > order->time)
        return "its symbol has split since, so its quantity and prices are wrong";
    if (now == TIME_NONE && ledger->now != TIME_NONE && order->time < ledger->now)
        return "decided on stale prices";
    return NULL;
}

bool order_is_by_the_clock(const struct order *order, int64_t now, int64_t clock)
{
    const int64_t moment = now == TIME_NONE ? order->time : now;
    return !order_is_reducing(order) && moment > clock - TIME_HOUR && moment < clock + TIME_HOUR;
}

const char *order_is_in_doubt(const struct ledger *ledger, const struct order *order, int64_t now)
{
    if (order_is_reducing(order) || now == TIME_NONE)
        return NULL;
    if (now < ledger->now)
        return "the clock is before the last event of the account";
    return order->time > now ? "it was decided in the future" : NULL;
}
