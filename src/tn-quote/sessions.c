/* tn-quote sessions: when a market is open, for people and for scripts that run by sessions. */
#include "tn-quote/sessions.h"

#include "exchange/exchange.h"
#include "market/calendar_table.h"
#include "show/table.h"

#define DAYS_USUAL 14
#define DAYS_MAX   40000

const struct option_spec sessions_options[] = {
    {"from", 0, OPTION_TIME, "TIME", "the first day (default: today)", NULL, 0, 0},
    {"to", 0, OPTION_TIME, "TIME", "the day after the last (default: two weeks later)", NULL, 0, 0},
    {"last", 'n', OPTION_COUNT, "N", "instead: the last N completed sessions", NULL, 0, 10000},
    {"since", 0, OPTION_TIME, "DATE", "instead: all completed sessions after this date", NULL, 0, 0},
    {"next", 0, OPTION_COUNT, "N", "and the next N that are not over, the current one first", NULL, 0, 10000},
    {"now", 0, OPTION_TIME, "TIME", "use this time as the present (default: the clock)", NULL, 0, 0},
    {0},
};

static const struct column columns[] = {
    {.key = "date", .kind = COLUMN_TEXT},
    {.key = "open", .title = "opens", .kind = COLUMN_TIME},
    {.key = "close", .title = "closes", .kind = COLUMN_TIME},
    {.key = "hours", .kind = COLUMN_TEXT},
    {.key = "state", .kind = COLUMN_TEXT},
    {.key = "pause", .title = "pauses", .kind = COLUMN_TIME, .optional = true, .rank = 8},
    {.key = "resume", .title = "resumes", .kind = COLUMN_TIME, .optional = true, .rank = 8},
    {.key = "note", .kind = COLUMN_TEXT, .optional = true, .fold = true},
};

struct list {
    struct table *table;
    struct exchange exchange;
    int64_t now;
};

static void add_date(struct list *list, int64_t date)
{
    char text[TIME_TEXT_MAX];
    text[date_format(text, date_from_days(date))] = '\0';
    table_text(list->table, text);
}

static const char *note_of(const struct list *list, int64_t date)
{
    return list->exchange.table == NULL ? "" : calendar_table_note(list->exchange.table, date);
}

static void add_session(struct list *list, const struct session *session)
{
    const bool pauses = session->pause < session->resume;
    add_date(list, session->date);
    table_time(list->table, session->open);
    table_time(list->table, session->close);
    table_text(list->table, session->shortened ? "other" : "usual");
    table_text(list->table, session->close <= list->now ? "over" : session->open <= list->now ? "open" : "to come");
    table_time(list->table, pauses ? session->pause : TIME_NONE);
    table_time(list->table, pauses ? session->resume : TIME_NONE);
    table_text(list->table, note_of(list, session->date));
}

static void add_closed(struct list *list, int64_t date, const char *note)
{
    add_date(list, date);
    table_none(list->table);
    table_none(list->table);
    table_text(list->table, "closed");
    table_none(list->table);
    table_none(list->table);
    table_none(list->table);
    table_text(list->table, note);
}

/* Sessions of the dates [from, to), and of the days without one those that are no usual weekend: why there is none. */
static int add_days(struct list *list, int64_t from, int64_t to, struct error *error)
{
    for (int64_t date = from; date < to; date++) {
        struct session session;
        const int found = calendar_session(&list->exchange.calendar, date, &session, error);
        if (found < 0)
            return -1;
        if (found == 1)
            add_session(list, &session);
        else if (note_of(list, date)[0] != '\0')
            add_closed(list, date, note_of(list, date));
    }
    return 0;
}

/* The sessions that are over, from the `count`-th last on, or all of those after the date `since`. */
static int add_past(struct list *list, int64_t count, int64_t since, struct error *error)
{
    const struct calendar *calendar = &list->exchange.calendar;
    struct session last, session;
    if (count == 0 && since == TIME_NONE)
        return 0;
    if (calendar_last_completed(calendar, list->now, &last, error) != 0)
        return -1;
    session = last;
    for (int64_t i = 1; since == TIME_NONE && i < count; i++)
        if (calendar_previous(calendar, session.date, &session, error) != 0)
            return -1;
    if (since != TIME_NONE && calendar_next(calendar, since, &session, error) != 0)
        return -1;
    while (session.date <= last.date) {
        add_session(list, &session);
        if (session.date == last.date)
            break;
        if (calendar_next(calendar, session.date, &session, error) != 0)
            return -1;
    }
    return 0;
}

static int add_future(struct list *list, int64_t count, struct error *error)
{
    const struct calendar *calendar = &list->exchange.calendar;
    struct session session;
    for (int64_t i = 0; i < count; i++) {
        if ((i == 0 ? calendar_current_or_next(calendar, list->now, &session, error)
                    : calendar_next(calendar, session.date, &session, error)) != 0)
            return -1;
        add_session(list, &session);
    }
    return 0;
}

/* The date that an option names, or that of the moment. */
static int64_t date_of(const struct calendar *calendar, int64_t time)
{
    return time % TIME_DAY == 0 ? time / TIME_DAY : calendar_date(calendar, time);
}

static int list_span(struct list *list, const struct invocation *invocation, struct error *error)
{
    const struct calendar *calendar = &list->exchange.calendar;
    const int64_t from = date_of(calendar, option_time(invocation, "from", list->now));
    const int64_t end = option_time(invocation, "to", TIME_NONE);
    const int64_t to = end == TIME_NONE ? from + DAYS_USUAL : date_of(calendar, end) + (end % TIME_DAY != 0);
    if (to <= from)
        return error_set(error, EXIT_USAGE, "--to is not after --from");
    if (to - from > DAYS_MAX)
        return error_set(error, EXIT_USAGE, "at most %d days at once", DAYS_MAX);
    return add_days(list, from, to, error);
}

static int list_sessions(struct list *list, const struct invocation *invocation, struct error *error)
{
    const bool span = option_given(invocation, "from") || option_given(invocation, "to");
    const bool count =
        option_given(invocation, "last") || option_given(invocation, "since") || option_given(invocation, "next");
    const int64_t since = option_time(invocation, "since", TIME_NONE);
    if (span && count)
        return error_set(error, EXIT_USAGE, "--from and --to do not go with --last, --since and --next");
    if (option_given(invocation, "last") && since != TIME_NONE)
        return error_set(error, EXIT_USAGE, "--last does not go with --since");
    if (!count)
        return list_span(list, invocation, error);
    return add_past(list, option_count(invocation, "last", 0), since == TIME_NONE ? TIME_NONE : since / TIME_DAY,
                    error) == 0 &&
                   add_future(list, option_count(invocation, "next", 0), error) == 0
               ? 0
               : -1;
}

enum exit_code quote_sessions(struct invocation *invocation, struct error *error)
{
    char *const *operands = invocation_operand_list(invocation);
    struct style style = {0};
    struct list list = {.now = option_time(invocation, "now", time_now())};
    if (exchange_open(&list.exchange, operands[0] == NULL ? "nyse" : operands[0], error) == 0 &&
        style_init(&style, invocation, exchange_zone_name(&list.exchange), error) == 0 &&
        (list.table = table_new("session", columns, sizeof columns / sizeof columns[0], error)) != NULL &&
        list_sessions(&list, invocation, error) == 0)
        (void)table_show(list.table, &style, error);
    table_free(list.table);
    style_clear(&style);
    exchange_close(&list.exchange);
    return error->code;
}
