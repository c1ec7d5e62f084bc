/* market/calendar and market/bar_times. Expected values: nyse-facts.h, the NYSE's published holiday lists, and New York
 * local times turned into UTC by hand (EST is UTC-5, EDT UTC-4). */
#include "market/bar_times.h"

#include "nyse-facts.h"
#include "tap.h"

#include <stdlib.h>

static struct zone *new_york;
static struct calendar nyse, always;
static struct error error;

static int64_t moment(const char *text)
{
    int64_t result = TIME_NONE;
    error_clear(&error);
    if (time_parse(&result, text, strlen(text), &error))
        printf("# %s\n", error.text);
    return result;
}

static int64_t day(const char *text)
{
    return moment(text) / TIME_DAY;
}

static struct interval interval(const char *text)
{
    struct interval result = {INTERVAL_NONE, 0};
    error_clear(&error);
    if (interval_parse(&result, text, strlen(text), &error))
        printf("# %s\n", error.text);
    return result;
}

/* The time of a day in a list of "MMDD/HHMM", or 1600. */
static int listed_close(const char *list, int month_day)
{
    for (; *list; list += strcspn(list, " "), list += *list == ' ')
        if (strtol(list, NULL, 10) == month_day)
            return (int)strtol(list + 5, NULL, 10);
    return 1600;
}

static bool is_listed(const char *list, int month_day)
{
    for (; *list; list += strcspn(list, " "), list += *list == ' ')
        if (strtol(list, NULL, 10) == month_day)
            return true;
    return false;
}

static int is_open(const struct calendar *calendar, int64_t moment)
{
    struct session session;
    return calendar_session_at(calendar, moment, &session, &error);
}

static void test_years(void)
{
    for (size_t i = 0; i < sizeof nyse_years / sizeof *nyse_years; i++) {
        const struct nyse_year *year = &nyse_years[i];
        int sessions = 0;
        bool same = true;
        for (int64_t date = date_to_days((struct date){year->year, 1, 1});
             date < date_to_days((struct date){year->year + 1, 1, 1}); date++) {
            struct session session;
            int weekday = date_weekday(date), found = calendar_session(&nyse, date, &session, &error);
            struct date civil = date_from_days(date);
            int month_day = civil.month * 100 + civil.day;
            bool open = weekday != 0 && weekday != 6 && !is_listed(year->closed, month_day);
            same &= found == open;
            sessions += found == 1;
            if (found == 1) {
                int64_t close = (zone_to_local(new_york, session.close) - date * TIME_DAY) / TIME_MINUTE;
                same &= close / 60 * 100 + close % 60 == listed_close(year->early, month_day);
            }
        }
        check(same && sessions == year->sessions, "%d: %d sessions, each day and each close as listed", year->year,
              year->sessions);
    }
}

/* The usual hours from 1950 on: the opening × 10000 + the close, as HHMM. */
static int usual_hours(int64_t date)
{
    if (date_weekday(date) == 6)
        return 10001200;
    if (date < date_to_days((struct date){1952, 9, 29}))
        return 10001500;
    if (date < date_to_days((struct date){1974, 10, 1}))
        return 10001530;
    return date < date_to_days((struct date){1985, 9, 30}) ? 10001600 : 9301600;
}

/* The hours of a day in a list of "MMDD-MMDD/HHMM-HHMM", or 0. */
static int listed_hours(const char *list, int month_day)
{
    for (; *list; list += strcspn(list, " "), list += *list == ' ')
        if (month_day >= strtol(list, NULL, 10) && month_day <= strtol(list + 5, NULL, 10))
            return (int)(strtol(list + 10, NULL, 10) * 10000 + strtol(list + 15, NULL, 10));
    return 0;
}

static int clock_of(int64_t time, int64_t date)
{
    const int64_t minute = (zone_to_local(new_york, time) - date * TIME_DAY) / TIME_MINUTE;
    return (int)(minute / 60 * 100 + minute % 60);
}

static void test_old_years(void)
{
    for (size_t i = 0; i < sizeof nyse_old_years / sizeof *nyse_old_years; i++) {
        const struct nyse_old_year *year = &nyse_old_years[i];
        int sessions = 0, wrong = 0;
        for (int64_t date = date_to_days((struct date){year->year, 1, 1});
             date < date_to_days((struct date){year->year + 1, 1, 1}); date++) {
            struct session session;
            const int weekday = date_weekday(date), found = calendar_session(&nyse, date, &session, &error);
            const struct date civil = date_from_days(date);
            const int month_day = civil.month * 100 + civil.day, other = listed_hours(year->other, month_day);
            const bool saturdays = date < date_to_days((struct date){1952, 9, 29});
            const bool open = weekday != 0 && (weekday != 6 || saturdays) && !is_listed(year->closed, month_day);
            sessions += found == 1;
            if (found != open) {
                printf("# %d%04d: %d\n", year->year, month_day, found);
                wrong++;
            } else if (open) {
                const int want = other != 0 ? other : usual_hours(date);
                wrong += clock_of(session.open, date) * 10000 + clock_of(session.close, date) != want ||
                         session.shortened != (other != 0);
            }
        }
        check(wrong == 0 && sessions == year->sessions, "%d: %d sessions, each day and its hours as listed", year->year,
              year->sessions);
    }
}

static void check_hours(const char *date, const char *open, const char *close, bool shortened)
{
    struct session session = {0};
    error_clear(&error);
    int found = calendar_session(&nyse, day(date), &session, &error);
    check(found == 1 && session.date == day(date) && session.open == moment(open) && session.close == moment(close) &&
              session.shortened == shortened,
          "%s opens at %s and closes at %s", date, open, close);
}

static void test_hours(void)
{
    check_hours("2024-03-08", "2024-03-08T14:30:00Z", "2024-03-08T21:00:00Z", false);
    check_hours("2024-03-11", "2024-03-11T13:30:00Z", "2024-03-11T20:00:00Z", false); /* the Monday after the change */
    check_hours("2024-11-01", "2024-11-01T13:30:00Z", "2024-11-01T20:00:00Z", false);
    check_hours("2024-11-04", "2024-11-04T14:30:00Z", "2024-11-04T21:00:00Z", false);
    check_hours("2024-11-29", "2024-11-29T14:30:00Z", "2024-11-29T18:00:00Z", true);
    check_hours("2026-12-24", "2026-12-24T14:30:00Z", "2026-12-24T18:00:00Z", true);
    check_hours("1996-01-08", "1996-01-08T16:00:00Z", "1996-01-08T19:00:00Z", true);
    check_hours("2002-09-11", "2002-09-11T16:00:00Z", "2002-09-11T20:00:00Z", true);
    check_hours("1995-12-18", "1995-12-18T15:30:00Z", "1995-12-18T21:00:00Z", true);

    /* NYSE, "Holidays & Trading Hours", 2026 and 2027. */
    static const char *const closed[] = {"2026-01-01", "2026-01-19", "2026-02-16", "2026-04-03", "2026-05-25",
                                         "2026-06-19", "2026-07-03", "2026-09-07", "2026-11-26", "2026-12-25",
                                         "2027-01-01", "2027-01-18", "2027-02-15", "2027-03-26", "2027-05-31",
                                         "2027-06-18", "2027-07-05", "2027-09-06", "2027-11-25", "2027-12-24"};
    bool all = true;
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++) {
        struct session session;
        all &= calendar_session(&nyse, day(closed[i]), &session, &error) == 0;
    }
    check(all, "the twenty holidays of 2026 and 2027");
}

static void test_outside(void)
{
    static const char *const dates[] = {"1949-12-30", "1929-10-29", "2036-01-02", "2200-01-02"};
    struct session session;
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        int64_t date = day(dates[i]);
        error_clear(&error);
        check(calendar_session(&nyse, date, &session, &error) == -1 && error.code == EXIT_INPUT &&
                  strstr(error.text, dates[i]) != NULL,
              "%s is outside of what is known: an error", dates[i]);
    }
    error_clear(&error);
    check(calendar_session(&nyse, INT64_MAX, &session, &error) == -1 &&
              calendar_session(&nyse, INT64_MIN, &session, &error) == -1,
          "and so is a date beyond all time");
    int64_t first = day("1950-01-03"), last = day("2035-12-31");
    error_clear(&error);
    check(calendar_previous(&nyse, first, &session, &error) == -1, "nothing is before the first session");
    error_clear(&error);
    check(calendar_next(&nyse, last, &session, &error) == -1, "nor after the last one");
    struct period period;
    error_clear(&error);
    check(calendar_period(&nyse, interval("1w"), last, &period, &error) == -1,
          "a week that reaches into 2036 is not known");
    error_clear(&error);
    check(calendar_init(&nyse, "nise", new_york, &error) == -1 && error.code == EXIT_USAGE,
          "an unknown calendar is refused");
    check(calendar_zone_name("nise") == NULL && !strcmp(calendar_zone_name("nyse"), "America/New_York"),
          "each calendar names its zone");
    error_clear(&error);
}

static bool session_is(int status, const struct session *session, const char *date)
{
    return status == 0 && session->date == day(date);
}

static void test_moments(void)
{
    struct session session;
    int status = calendar_next(&nyse, day("2024-11-27"), &session, &error);
    check(session_is(status, &session, "2024-11-29"), "after the day before Thanksgiving");
    status = calendar_next(&nyse, day("2001-09-10"), &session, &error);
    check(session_is(status, &session, "2001-09-17"), "after 10 September 2001");
    status = calendar_previous(&nyse, day("2024-07-05"), &session, &error);
    check(session_is(status, &session, "2024-07-03"), "before 5 July 2024");

    check(is_open(&nyse, moment("2024-07-03T13:30:00Z")) == 1, "open at the open");
    check(is_open(&nyse, moment("2024-07-03T13:29:59.999999999Z")) == 0, "not a nanosecond before");
    check(is_open(&nyse, moment("2024-07-03T16:59:59.999999999Z")) == 1, "until the early close");
    check(is_open(&nyse, moment("2024-07-03T17:00:00Z")) == 0, "fault-029: closed at the early close");
    check(is_open(&nyse, moment("2024-07-04T15:00:00Z")) == 0, "fault-029: closed on a holiday");
    check(is_open(&nyse, moment("2024-07-06T15:00:00Z")) == 0, "fault-029: closed on a Saturday");

    status = calendar_last_completed(&nyse, moment("2024-07-03T17:00:00Z"), &session, &error);
    check(session_is(status, &session, "2024-07-03"), "a session is completed at its close");
    status = calendar_last_completed(&nyse, moment("2024-07-03T16:59:59Z"), &session, &error);
    check(session_is(status, &session, "2024-07-02"), "and not before it");
    status = calendar_last_completed(&nyse, moment("2024-07-07T12:00:00Z"), &session, &error);
    check(session_is(status, &session, "2024-07-05"), "on a Sunday it is Friday's");
    /* 03:00Z on the 6th is still the evening of the 5th in New York */
    status = calendar_last_completed(&nyse, moment("2024-07-06T03:00:00Z"), &session, &error);
    check(session_is(status, &session, "2024-07-05"), "the date is New York's, not London's");

    status = calendar_current_or_next(&nyse, moment("2024-07-03T16:59:59Z"), &session, &error);
    check(session_is(status, &session, "2024-07-03"), "the running session");
    status = calendar_current_or_next(&nyse, moment("2024-07-03T17:00:00Z"), &session, &error);
    check(session_is(status, &session, "2024-07-05"), "after it the next");

    check(calendar_midnight(&nyse, day("2024-07-03")) == moment("2024-07-03T04:00:00Z") &&
              calendar_midnight(&nyse, day("2024-12-24")) == moment("2024-12-24T05:00:00Z"),
          "midnight in New York, summer and winter");
    check(calendar_date(&nyse, moment("2024-07-04T03:59:59Z")) == day("2024-07-03") &&
              calendar_date(&nyse, moment("2024-07-04T04:00:00Z")) == day("2024-07-04"),
          "the date changes there");
}

/* Every half hour from 2001 to 2003, both clock changes, 11 September and the late opening of 2002 included, against a
 * plain search through the list of sessions. */
static void test_every_half_hour(void)
{
    static struct session list[1000];
    int count = 0;
    for (int64_t date = day("2000-12-20"); date < day("2004-01-10"); date++)
        count += calendar_session(&nyse, date, &list[count], &error) == 1;
    bool same = true;
    int closed = 0, changes = 0;
    int64_t last_date = 0;
    for (int64_t now = moment("2001-01-01"); now < moment("2004-01-01"); now += 30 * TIME_MINUTE) {
        struct session completed, running, at;
        while (closed < count && list[closed].close <= now)
            closed++;
        same &= calendar_last_completed(&nyse, now, &completed, &error) == 0 &&
                completed.date == list[closed - 1].date && completed.close == list[closed - 1].close;
        same &= calendar_current_or_next(&nyse, now, &running, &error) == 0 && running.date == list[closed].date;
        same &= calendar_session_at(&nyse, now, &at, &error) == (list[closed].open <= now);
        changes += completed.date != last_date;
        last_date = completed.date;
    }
    /* 248 + 252 + 252 sessions, and the last one of 2000. */
    check(same && changes == 753, "every half hour of three years; each session is completed once");
}

static void check_period(const char *length, const char *date, const char *first, const char *last)
{
    struct period period = {0};
    error_clear(&error);
    int found = calendar_period(&nyse, interval(length), day(date), &period, &error);
    check(found == 1 && period.first.date == day(first) && period.last.date == day(last), "%s of %s: %s to %s", length,
          date, first, last);
}

static void test_periods(void)
{
    check_period("1d", "2024-07-03", "2024-07-03", "2024-07-03");
    check_period("1w", "2024-07-03", "2024-07-01", "2024-07-05");
    check_period("1w", "2024-05-29", "2024-05-28", "2024-05-31"); /* Memorial Day: from Tuesday */
    check_period("1w", "2024-03-27", "2024-03-25", "2024-03-28"); /* Good Friday: to Thursday */
    check_period("1w", "2001-09-12", "2001-09-10", "2001-09-10");
    check_period("1w", "2024-12-31", "2024-12-30", "2025-01-03"); /* over the year's end */
    check_period("1mo", "2024-06-16", "2024-06-03", "2024-06-28");
    check_period("1mo", "2024-03-01", "2024-03-01", "2024-03-28");
    check_period("1mo", "2024-02-29", "2024-02-01", "2024-02-29");
    check_period("3mo", "2024-05-05", "2024-04-01", "2024-06-28");
    check_period("12mo", "2024-05-05", "2024-01-02", "2024-12-31");
    struct period period;
    error_clear(&error);
    check(calendar_period(&nyse, interval("1d"), day("2024-07-04"), &period, &error) == 0,
          "a holiday has no 1d period");
    check(calendar_period(&nyse, interval("5m"), day("2024-07-03"), &period, &error) == -1 && error.code == EXIT_USAGE,
          "5m is no period of sessions");
    error_clear(&error);
    check(calendar_period(&nyse, interval("5d"), day("2024-07-03"), &period, &error) == -1, "nor is 5d");
    error_clear(&error);
}

static void test_always(void)
{
    struct session session;
    check(calendar_init(&always, "always", NULL, &error) == 0, "the calendar that is always open");
    check(calendar_session(&always, day("2024-12-25"), &session, &error) == 1 &&
              session.open == moment("2024-12-25T00:00:00Z") && session.close == moment("2024-12-26T00:00:00Z"),
          "a day is midnight to midnight UTC, on Christmas too");
    check(is_open(&always, moment("2024-12-28T03:00:00Z")) == 1, "open on a Saturday night");
    check(calendar_last_completed(&always, moment("2024-12-28T00:00:00Z"), &session, &error) == 0 &&
              session.date == day("2024-12-27"),
          "at midnight the day before is completed");
    struct period period;
    check(calendar_period(&always, interval("1w"), day("2024-12-28"), &period, &error) == 1 &&
              period.first.date == day("2024-12-23") && period.last.date == day("2024-12-29"),
          "its weeks are Monday to Sunday");
    check(calendar_midnight(&always, day("2024-12-28")) == moment("2024-12-28"), "its midnight is UTC's");
}

static void check_slot(const char *length, bool extended, const char *at, const char *start, const char *end)
{
    struct bar_slot slot = {0};
    error_clear(&error);
    int found = bar_slot(&nyse, interval(length), extended, moment(at), &slot, &error);
    if (!start)
        check(found == 0, "%s at %s: no bar", length, at);
    else
        check(found == 1 && slot.start == moment(start) && slot.end == moment(end), "%s at %s: %s to %s", length, at,
              start, end);
}

static void test_slots(void)
{
    /* 2024-07-02 opens 13:30Z, closes 20:00Z; 2024-07-03 closes 17:00Z. */
    check_slot("5m", false, "2024-07-02T13:34:59Z", "2024-07-02T13:30:00Z", "2024-07-02T13:35:00Z");
    check_slot("1h", false, "2024-07-02T14:29:00Z", "2024-07-02T13:30:00Z", "2024-07-02T14:30:00Z");
    check_slot("1h", false, "2024-07-02T19:45:00Z", "2024-07-02T19:30:00Z", "2024-07-02T20:00:00Z");
    check_slot("4h", false, "2024-07-02T17:30:00Z", "2024-07-02T17:30:00Z", "2024-07-02T20:00:00Z");
    check_slot("4h", false, "2024-07-03T15:00:00Z", "2024-07-03T13:30:00Z", "2024-07-03T17:00:00Z");
    check_slot("1d", false, "2024-07-03T15:00:00Z", "2024-07-03T04:00:00Z", "2024-07-03T17:00:00Z");
    check_slot("5m", false, "2024-07-02T13:29:59Z", NULL, NULL);
    check_slot("5m", false, "2024-07-02T20:00:00Z", NULL, NULL);
    check_slot("5m", true, "2024-07-04T15:00:00Z", NULL, NULL);
    check_slot("1h", true, "2024-07-02T12:40:00Z", "2024-07-02T12:30:00Z", "2024-07-02T13:30:00Z");
    check_slot("1h", true, "2024-07-02T20:10:00Z", "2024-07-02T20:00:00Z", "2024-07-02T21:00:00Z");
    check_slot("4h", true, "2024-07-02T04:10:00Z", "2024-07-02T04:00:00Z", "2024-07-02T05:30:00Z");
    check_slot("1d", true, "2024-07-02T23:00:00Z", "2024-07-02T04:00:00Z", "2024-07-03T04:00:00Z");
}

static void test_bars(void)
{
    struct bar bar = {.interval = interval("1d"), .session = TIME_NONE};
    int64_t opens = 0;
    check(bar_set_session(&bar, &nyse, day("2024-07-03"), &error) == 0 && bar.time == moment("2024-07-03T04:00:00Z") &&
              bar.end == moment("2024-07-03T17:00:00Z") && bar.session == day("2024-07-03"),
          "a daily bar: midnight to the early close");
    check(bar_opens(&nyse, &bar, &opens, &error) == 0 && opens == moment("2024-07-03T13:30:00Z"),
          "its trading begins at the open");
    check(bar_set_session(&bar, &nyse, day("2024-07-04"), &error) == -1 && error.code == EXIT_INPUT,
          "there is none on a holiday");
    check_text(error.text, "2024-07-04 is not a session of the calendar 'nyse'", "which is said");
    check(strstr(error.hint, "--calendar always") != NULL, "and what a program that fetches bars can do: %s",
          error.hint);
    error_clear(&error);
    struct bar holiday = bar;
    holiday.session = day("2024-07-04");
    check(bar_opens(&nyse, &holiday, &opens, &error) == -1 && strstr(error.hint, "instruments.ndjson") != NULL &&
              strstr(error.hint, "--calendar") == NULL,
          "one that trades them goes by the symbol: %s", error.hint);
    error_clear(&error);
    bar.interval = interval("1w");
    check(bar_set_session(&bar, &nyse, day("2024-05-31"), &error) == 0 && bar.time == moment("2024-05-28T04:00:00Z") &&
              bar.session == day("2024-05-28") && bar.end == moment("2024-05-31T20:00:00Z"),
          "a week that begins on a Tuesday");
    check(bar_opens(&nyse, &bar, &opens, &error) == 0 && opens == moment("2024-05-28T13:30:00Z"), "and its open");
    bar.session = TIME_NONE;
    check(bar_session_date(&nyse, &bar) == day("2024-05-28"), "the session of a bar that does not name it");
    bar.interval = interval("1h");
    bar.time = moment("2024-07-03T16:30:00Z");
    check(bar_opens(&nyse, &bar, &opens, &error) == 0 && opens == moment("2024-07-03T16:30:00Z"),
          "an intraday bar opens at its time");
}

int main(void)
{
    new_york = zone_open("America/New_York", &error);
    if (!check(new_york && calendar_init(&nyse, "nyse", new_york, &error) == 0, "the calendar of New York"))
        return done();
    test_years();
    test_old_years();
    test_hours();
    test_outside();
    test_moments();
    test_every_half_hour();
    test_periods();
    test_always();
    test_slots();
    test_bars();
    zone_free(new_york);
    return done();
}
