/* tn-quote sessions: when a market is open. */
#include "tn-quote/commands.h"

#include "market/calendar_table.h"
#include "tn-quote/listing.h"

#define DAYS_USUAL 14
#define DAYS_MAX   40000

static void add_date(struct listing *list, int64_t date)
{
    char text[TIME_TEXT_MAX];
    text[date_format(text, date_from_days(date))] = '\0';
    listing_cell(list, text);
}

static void add_moment(struct listing *list, int64_t moment)
{
    char text[TIME_TEXT_MAX];
    text[time_format(text, moment)] = '\0';
    listing_cell(list, text);
}

static void add_session(struct listing *list, const struct session *session, const char *note)
{
    add_date(list, session->date);
    add_moment(list, session->open);
    add_moment(list, session->close);
    listing_cell(list, session->shortened ? "other" : "usual");
    listing_cell(list, note);
}

static void add_closed(struct listing *list, int64_t date, const char *note)
{
    add_date(list, date);
    listing_cell(list, "");
    listing_cell(list, "");
    listing_cell(list, "closed");
    listing_cell(list, note);
}

/* Sessions of the dates [from, to), and of the days without one those that are no usual weekend: why there is none. */
static int add_days(struct listing *list, const struct exchange *exchange, int64_t from, int64_t to,
                    struct error *error)
{
    for (int64_t date = from; date < to; date++) {
        struct session session;
        const int found = calendar_session(&exchange->calendar, date, &session, error);
        const char *note = exchange->table == NULL ? "" : calendar_table_note(exchange->table, date);
        if (found < 0)
            return -1;
        if (found == 1)
            add_session(list, &session, note);
        else if (note[0] != '\0')
            add_closed(list, date, note);
    }
    return 0;
}

/* The date that an option names, or that of the moment. */
static int64_t date_of(const struct calendar *calendar, int64_t time)
{
    return time % TIME_DAY == 0 ? time / TIME_DAY : calendar_date(calendar, time);
}

static int list_days(struct listing *list, const struct exchange *exchange, const struct invocation *invocation,
                     struct error *error)
{
    const struct calendar *calendar = &exchange->calendar;
    const int64_t now = option_time(invocation, "now", time_now());
    const int64_t from = date_of(calendar, option_time(invocation, "from", now));
    const int64_t end = option_time(invocation, "to", TIME_NONE);
    const int64_t to = end == TIME_NONE ? from + DAYS_USUAL : date_of(calendar, end) + (end % TIME_DAY != 0);
    if (to <= from)
        return error_set(error, EXIT_USAGE, "--to is not after --from");
    if (to - from > DAYS_MAX)
        return error_set(error, EXIT_USAGE, "at most %d days at once", DAYS_MAX);
    return add_days(list, exchange, from, to, error);
}

enum exit_code quote_sessions(struct invocation *invocation, struct error *error)
{
    static const char *const keys[] = {"date", "open", "close", "hours", "note", NULL};
    char *const *operands = invocation_operand_list(invocation);
    struct exchange exchange;
    struct listing *list = NULL;
    if (exchange_open(&exchange, operands[0] == NULL ? "nyse" : operands[0], error) == 0)
        list = listing_open(keys, invocation, error);
    if (list != NULL && list_days(list, &exchange, invocation, error) == 0)
        (void)listing_show(list, error);
    listing_close(list);
    exchange_close(&exchange);
    return error->code;
}
