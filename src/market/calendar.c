/* Sessions, periods and moments of the exchange calendars; the NYSE's own rules are in nyse.c. */
#include "market/calendar.h"

#include "market/calendar_table.h"
#include "market/nyse.h"

#include <string.h>

#define DATE_LAST 106750 /* 2262-04-10, the last day that ends within int64 nanoseconds */
/* The longest run of days without a session that is looked across; the longest of the NYSE is 6 (2001-09-11 to 16). */
#define CLOSED_MAX 31

struct calendar_rules {
    const char *name, *zone_name;
    int first_year, last_year, sessions;
    /* As nyse_hours; NULL: all day. */
    bool (*hours)(int64_t date, int *open, int *close, bool *shortened);
};

static const struct calendar_rules rules[] = {
    {"nyse", "America/New_York", NYSE_FIRST_YEAR, NYSE_LAST_YEAR, 252, nyse_hours},
    {"always", "UTC", 1900, 2261, 365, NULL},
};

#define RULES ((int)(sizeof rules / sizeof *rules))

static const struct calendar_rules *rules_find(const char *name)
{
    for (int i = 0; i < RULES; i++)
        if (strcmp(rules[i].name, name) == 0)
            return &rules[i];
    return NULL;
}

const char *calendar_zone_name(const char *name)
{
    const struct calendar_rules *found = rules_find(name);
    return found ? found->zone_name : NULL;
}

int calendar_init(struct calendar *calendar, const char *name, const struct zone *zone, struct error *error)
{
    const struct calendar_rules *found = rules_find(name);
    if (!found) {
        error_set(error, EXIT_USAGE, "there is no calendar '%s'", name);
        return -1;
    }
    require(zone || !found->hours);
    *calendar = (struct calendar){.rules = found, .zone = found->hours ? zone : NULL};
    return 0;
}

void calendar_of_table(struct calendar *calendar, const struct calendar_table *table, const struct zone *zone)
{
    *calendar = (struct calendar){.table = table, .zone = zone};
}

bool calendar_is_built_in(const char *name)
{
    return rules_find(name) != NULL;
}

const char *calendar_name(const struct calendar *calendar)
{
    return calendar->table != NULL ? calendar_table_name(calendar->table) : calendar->rules->name;
}

static int first_year(const struct calendar *calendar)
{
    return calendar->table != NULL ? calendar_table_first_year(calendar->table) : calendar->rules->first_year;
}

static int last_year(const struct calendar *calendar)
{
    return calendar->table != NULL ? calendar_table_last_year(calendar->table) : calendar->rules->last_year;
}

int calendar_sessions(const struct calendar *calendar)
{
    return calendar->table != NULL ? calendar_table_sessions(calendar->table) : calendar->rules->sessions;
}

int64_t calendar_first_date(const struct calendar *calendar)
{
    return date_to_days((struct date){first_year(calendar), 1, 1});
}

int64_t calendar_date(const struct calendar *calendar, int64_t moment)
{
    int64_t local = calendar->zone ? zone_to_local(calendar->zone, moment) : moment;
    if (calendar->table != NULL)
        local += calendar_table_evening(calendar->table) * TIME_MINUTE;
    return local / TIME_DAY - (local % TIME_DAY < 0);
}

int64_t calendar_midnight(const struct calendar *calendar, int64_t date)
{
    require(date >= -DATE_LAST && date <= DATE_LAST);
    return calendar->zone ? zone_to_utc(calendar->zone, date * TIME_DAY) : date * TIME_DAY;
}

static void date_unknown(const struct calendar *calendar, int64_t date, struct error *error)
{
    char text[TIME_TEXT_MAX] = "a date too far away";
    if (date >= -DATE_LAST && date <= DATE_LAST)
        date_format(text, date_from_days(date));
    error_set(error, EXIT_INPUT, "the calendar '%s' covers %d to %d, not %s", calendar_name(calendar),
              first_year(calendar), last_year(calendar), text);
}

static bool is_known(const struct calendar *calendar, int64_t date)
{
    int year = date >= -DATE_LAST && date <= DATE_LAST ? date_from_days(date).year : 0;
    return year >= first_year(calendar) && year <= last_year(calendar);
}

int calendar_session(const struct calendar *calendar, int64_t date, struct session *session, struct error *error)
{
    if (!is_known(calendar, date)) {
        date_unknown(calendar, date, error);
        return -1;
    }
    if (calendar->table == NULL && !calendar->rules->hours) {
        *session = (struct session){.date = date, .open = date * TIME_DAY, .close = (date + 1) * TIME_DAY};
        return 1;
    }
    struct calendar_hours hours = {0, 0, 0, 0};
    const bool found = calendar->table != NULL
                           ? calendar_table_hours(calendar->table, date, &hours, &session->shortened)
                           : calendar->rules->hours(date, &hours.open, &hours.close, &session->shortened);
    if (!found)
        return 0;
    session->date = date;
    session->open = zone_to_utc(calendar->zone, date * TIME_DAY + hours.open * TIME_MINUTE);
    session->close = zone_to_utc(calendar->zone, date * TIME_DAY + hours.close * TIME_MINUTE);
    session->pause = session->resume = session->close;
    if (hours.pause < hours.resume) {
        session->pause = zone_to_utc(calendar->zone, date * TIME_DAY + hours.pause * TIME_MINUTE);
        session->resume = zone_to_utc(calendar->zone, date * TIME_DAY + hours.resume * TIME_MINUTE);
    }
    return 1;
}

/* The first session from `date` on, in steps of +1 or -1 day. */
static int search(const struct calendar *calendar, int64_t date, int step, struct session *session, struct error *error)
{
    for (int i = 0;; i++, date += step) {
        if (i == CLOSED_MAX) {
            require(calendar->table != NULL);
            return error_set(error, EXIT_INPUT, "the calendar '%s' has no session in %d days", calendar_name(calendar),
                             CLOSED_MAX);
        }
        int found = calendar_session(calendar, date, session, error);
        if (found != 0)
            return found == 1 ? 0 : -1;
    }
}

int calendar_next(const struct calendar *calendar, int64_t date, struct session *session, struct error *error)
{
    return search(calendar, date + 1, 1, session, error);
}

int calendar_previous(const struct calendar *calendar, int64_t date, struct session *session, struct error *error)
{
    return search(calendar, date - 1, -1, session, error);
}

int calendar_session_at(const struct calendar *calendar, int64_t moment, struct session *session, struct error *error)
{
    int found = calendar_session(calendar, calendar_date(calendar, moment), session, error);
    return found == 1 ? moment >= session->open && moment < session->close &&
                            !(moment >= session->pause && moment < session->resume)
                      : found;
}

int calendar_last_completed(const struct calendar *calendar, int64_t moment, struct session *session,
                            struct error *error)
{
    int64_t date = calendar_date(calendar, moment);
    int found = calendar_session(calendar, date, session, error);
    if (found != 0)
        return found < 0 ? -1 : session->close <= moment ? 0 : calendar_previous(calendar, date, session, error);
    return calendar_previous(calendar, date, session, error);
}

int calendar_current_or_next(const struct calendar *calendar, int64_t moment, struct session *session,
                             struct error *error)
{
    int64_t date = calendar_date(calendar, moment);
    if (search(calendar, date, 1, session, error))
        return -1;
    return session->close > moment ? 0 : calendar_next(calendar, session->date, session, error);
}

static int64_t floor_to(int64_t value, int64_t unit)
{
    int64_t rest = value % unit;
    return value - (rest < 0 ? rest + unit : rest);
}

/* Of a month counted from January 1970. */
static int64_t first_of_month(int64_t month)
{
    const int64_t begin = floor_to(month, 12);
    return date_to_days((struct date){(int)(1970 + begin / 12), (int)(month - begin) + 1, 1});
}

/* The dates [*first, *end) of the period. */
static int period_dates(struct interval interval, int64_t date, int64_t *first, int64_t *end, struct error *error)
{
    char text[INTERVAL_TEXT_MAX];
    if (interval.unit == INTERVAL_DAY && interval.count == 1) {
        *first = date;
        *end = date + 1;
        return 0;
    }
    if (interval.unit == INTERVAL_WEEK && interval.count <= 52) {
        int64_t monday = 4; /* 1970-01-05 */
        *first = monday + floor_to(date - monday, 7 * interval.count);
        *end = *first + 7 * interval.count;
        return 0;
    }
    if (interval.unit == INTERVAL_MONTH && interval.count <= 12) {
        struct date civil = date_from_days(date);
        int64_t month = floor_to((civil.year - 1970) * INT64_C(12) + civil.month - 1, interval.count);
        int64_t after = month + interval.count;
        *first = first_of_month(month);
        *end = first_of_month(after);
        return 0;
    }
    interval_format(text, interval);
    error_set(error, EXIT_USAGE, "'%s' is not a period of sessions", text);
    error_hint(error, "periods are 1d, 1w to 52w and 1mo to 12mo");
    return -1;
}

int calendar_period(const struct calendar *calendar, struct interval interval, int64_t date, struct period *period,
                    struct error *error)
{
    int64_t first, end;
    int found = 0;
    if (!is_known(calendar, date)) {
        date_unknown(calendar, date, error);
        return -1;
    }
    if (period_dates(interval, date, &first, &end, error))
        return -1;
    for (int64_t day = first; day < end && found == 0; day++)
        if ((found = calendar_session(calendar, day, &period->first, error)) < 0)
            return -1;
    if (found == 0)
        return 0;
    for (int64_t day = end - 1;; day--)
        if ((found = calendar_session(calendar, day, &period->last, error)) != 0)
            return found;
}
