/* tn calendar: the sessions of an exchange around a moment, for people and for scripts that run by them. */
#include "exchange/exchange.h"
#include "show/table.h"
#include "tn/commands.h"

#include <stdio.h>

static const struct column columns[] = {
    {.key = "session", .kind = COLUMN_TEXT},   {.key = "opens", .kind = COLUMN_TIME},
    {.key = "closes", .kind = COLUMN_TIME},    {.key = "state", .kind = COLUMN_TEXT},
    {.key = "shortened", .kind = COLUMN_TEXT},
};

struct listing {
    struct table *table;
    struct calendar calendar;
    int64_t now;
};

static void add_session(struct listing *listing, const struct session *session)
{
    char date[TIME_TEXT_MAX];
    date_format(date, date_from_days(session->date));
    table_text(listing->table, date);
    table_time(listing->table, session->open);
    table_time(listing->table, session->close);
    table_text(listing->table, session->close <= listing->now  ? "over"
                               : session->open <= listing->now ? "open"
                                                               : "to come");
    table_text(listing->table, session->shortened ? "yes" : "");
}

/* The sessions that are over, from the `count`-th last on, or all of those after the date `since`. */
static int add_past(struct listing *listing, int64_t count, int64_t since, struct error *error)
{
    struct session last, session;
    if (count == 0 && since == TIME_NONE)
        return 0;
    if (calendar_last_completed(&listing->calendar, listing->now, &last, error) != 0)
        return -1;
    session = last;
    for (int64_t i = 1; since == TIME_NONE && i < count; i++)
        if (calendar_previous(&listing->calendar, session.date, &session, error) != 0)
            return -1;
    if (since != TIME_NONE && calendar_next(&listing->calendar, since, &session, error) != 0)
        return -1;
    while (session.date <= last.date) {
        add_session(listing, &session);
        if (session.date == last.date)
            break;
        if (calendar_next(&listing->calendar, session.date, &session, error) != 0)
            return -1;
    }
    return 0;
}

static int add_future(struct listing *listing, int64_t count, struct error *error)
{
    struct session session;
    for (int64_t i = 0; i < count; i++) {
        if ((i == 0 ? calendar_current_or_next(&listing->calendar, listing->now, &session, error)
                    : calendar_next(&listing->calendar, session.date, &session, error)) != 0)
            return -1;
        add_session(listing, &session);
    }
    return 0;
}

enum exit_code calendar_run(struct invocation *invocation, struct error *error)
{
    struct style style = {0};
    struct exchange exchange = {0};
    const char *name = option_text(invocation, "calendar", "nyse");
    const int64_t since = option_time(invocation, "since", TIME_NONE);
    struct listing listing = {.now = option_time(invocation, "now", time_now())};
    if (exchange_open(&exchange, name, error) == 0 &&
        style_init(&style, invocation, exchange_zone_name(&exchange), error) == 0 &&
        (listing.table = table_new("session", columns, sizeof columns / sizeof columns[0], error)) != NULL) {
        listing.calendar = exchange.calendar;
        if (add_past(&listing, option_count(invocation, "last", 1), since == TIME_NONE ? TIME_NONE : since / TIME_DAY,
                     error) == 0 &&
            add_future(&listing, option_count(invocation, "next", 1), error) == 0)
            (void)table_show(listing.table, &style, error);
    }
    table_free(listing.table);
    style_clear(&style);
    exchange_close(&exchange);
    return error->code;
}
