/* Places bars on the time line of a calendar. */
#include "market/bar_times.h"

static int64_t floor_divide(int64_t value, int64_t unit)
{
    return value / unit - (value % unit < 0);
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int bar_slot(const struct calendar *calendar, struct interval interval, bool extended, int64_t moment,
             struct bar_slot *slot, struct error *error)
{
    int64_t date = calendar_date(calendar, moment);
    struct session *session = &slot->session;
    int found = calendar_session(calendar, date, session, error);
    if (found != 1)
        return found;
    slot->regular = moment >= session->open && moment < session->close;
    if (!slot->regular && !extended)
        return 0;
    int64_t midnight = calendar_midnight(calendar, date);
    int64_t next_midnight = calendar_midnight(calendar, date + 1);
    if (interval.unit == INTERVAL_DAY) {
        require(interval.count == 1);
        slot->start = midnight;
        slot->end = extended ? next_midnight : session->close;
        return 1;
    }
    int64_t length = interval_end(interval, 0);
    require(!interval_is_daily(interval) && length > 0);
    int64_t anchor = moment < session->close ? session->open : session->close;
    int64_t limit = moment < session->open ? session->open : moment < session->close ? session->close : next_midnight;
    slot->start = anchor + floor_divide(moment - anchor, length) * length;
    slot->end = smaller(interval_end(interval, slot->start), limit);
    if (slot->start < midnight)
        slot->start = midnight;
    return 1;
}

static int no_session(const struct calendar *calendar, int64_t date, const char *hint, struct error *error)
{
    char text[TIME_TEXT_MAX];
    date_format(text, date_from_days(date));
    error_set(error, EXIT_INPUT, "%s is not a session of the calendar '%s'", text, calendar_name(calendar));
    error_hint(error, "for a market that never closes: %s", hint);
    return -1;
}

int bar_set_session(struct bar *bar, const struct calendar *calendar, int64_t date, struct error *error)
{
    struct session session;
    struct period period;
    int found = calendar_session(calendar, date, &session, error);
    if (found > 0)
        found = calendar_period(calendar, bar->interval, date, &period, error);
    if (found < 0)
        return -1;
    if (found == 0)
        return no_session(calendar, date, "--calendar always", error);
    bar->time = calendar_midnight(calendar, period.first.date);
    bar->session = period.first.date;
    bar->end = period.last.close;
    return 0;
}

int64_t bar_session_date(const struct calendar *calendar, const struct bar *bar)
{
    return bar->session != TIME_NONE ? bar->session : calendar_date(calendar, bar->time);
}

int bar_opens(const struct calendar *calendar, const struct bar *bar, int64_t *opens, struct error *error)
{
    struct session session;
    if (!interval_is_daily(bar->interval)) {
        *opens = bar->time;
        return 0;
    }
    int64_t date = bar_session_date(calendar, bar);
    int found = calendar_session(calendar, date, &session, error);
    if (found < 0)
        return -1;
    if (found == 0) /* tn-order has no such option, and a symbol's own calendar comes before it */
        return no_session(calendar, date, "\"calendar\":\"always\" of the symbol in instruments.ndjson", error);
    *opens = session.open;
    return 0;
}
