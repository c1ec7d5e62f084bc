/* Exchange calendars: which days have a session, and when it opens and closes.
 *
 * Two calendars are built in; others are data (market/calendar_table.h). "nyse" is the New York Stock Exchange, 1950 to
 * 2035, as far as the rules in force now reach; outside these years every question is an error, never a guess. "always"
 * is a market that never closes; its sessions are the days of UTC, from midnight to midnight.
 *
 * Sources: NYSE Rule 7.2 (holidays; one that falls on a Saturday is kept on the Friday before, unless that Friday ends
 * a month or a year, and one on a Sunday on the Monday after), NYSE Rule 7.34 (9:30 to 16:00), the NYSE's yearly
 * "Holidays & Trading Hours" up to 2027, its archive "NYSE special closings 1885–" for single days, NYSE press release
 * of 4 June 1999 (13:00 on 1999-12-31). Before 1990: pandas_market_calendars 5.5.0, which cites that archive, but for
 * the hours from 1974 and 1985 on, which are by the Los Angeles Times of July 1985; Saturdays were sessions until 1952,
 * but not in summer. Sessions moved by less than half an hour (the minutes of silence of 1991, 2001, 2003, 2004 and
 * 2006; the system fault of 2005-06-01 at 15:56) are kept at their full length, and halts within a session do not close
 * it.
 *
 * A date is a count of days since 1970-01-01 (base/time.h); a moment is nanoseconds UTC. Functions return -1 with
 * EXIT_INPUT for a date the calendar does not know. */
#ifndef TN_MARKET_CALENDAR_H
#define TN_MARKET_CALENDAR_H

#include "base/zone.h"
#include "record/types.h"

struct calendar_rules;
struct calendar_table;

/* A value; the zone is the caller's and must live as long. */
struct calendar {
    const struct calendar_rules *rules; /* NULL: those of the table */
    const struct calendar_table *table; /* the caller's, like the zone */
    const struct zone *zone;
};

struct session {
    int64_t date;          /* in the exchange's zone */
    int64_t open, close;   /* [open, close) */
    bool shortened;        /* an early close or a late opening */
    int64_t pause, resume; /* [pause, resume) is without trade; equal where there is no pause */
};

/* A day, week (Monday to Sunday) or month, or several of them, by its sessions. */
struct period {
    struct session first, last;
};

/* The zone a calendar needs ("America/New_York", "UTC"), or NULL for a name that is none. */
const char *calendar_zone_name(const char *name);
/* EXIT_USAGE for an unknown name, with the known ones as hint. `zone` may be NULL for "always". */
int calendar_init(struct calendar *calendar, const char *name, const struct zone *zone, struct error *error);
/* One that is data; its zone is calendar_table_zone. */
void calendar_of_table(struct calendar *calendar, const struct calendar_table *table, const struct zone *zone);
/* Whether its name is one of those built in; these are "nyse always". */
bool calendar_is_built_in(const char *name);
const char *calendar_name(const struct calendar *calendar);

/* The date of a moment in the exchange's zone, from the evening on that of the next day where trading begins then; and
 * the moment of its midnight there: the `time` of a daily bar. */
int64_t calendar_date(const struct calendar *calendar, int64_t moment);
int64_t calendar_midnight(const struct calendar *calendar, int64_t date);

/* How many sessions a year has: by this daily figures are annualised. 252 of the NYSE, 365 where trading never stops.
 */
int calendar_sessions(const struct calendar *calendar);

/* The first date that the calendar knows. */
int64_t calendar_first_date(const struct calendar *calendar);

/* The session of a date: 1, or 0 when there is none that day. */
int calendar_session(const struct calendar *calendar, int64_t date, struct session *session, struct error *error);
/* The nearest session of a later, or an earlier, date. */
int calendar_next(const struct calendar *calendar, int64_t date, struct session *session, struct error *error);
int calendar_previous(const struct calendar *calendar, int64_t date, struct session *session, struct error *error);

/* The session in which a moment falls: 1, or 0 when the exchange is closed then, or in a pause. */
int calendar_session_at(const struct calendar *calendar, int64_t moment, struct session *session, struct error *error);
/* The last session that had closed by a moment (close <= moment). */
int calendar_last_completed(const struct calendar *calendar, int64_t moment, struct session *session,
                            struct error *error);
/* The session running at a moment or else the next one: the first whose close is after it. */
int calendar_current_or_next(const struct calendar *calendar, int64_t moment, struct session *session,
                             struct error *error);

/* The period of a 1d, Nw or Nmo interval in which a date lies: 1, or 0 when it has no session. Several weeks or months
 * are counted from the Monday 1970-01-05 and from January 1970. */
int calendar_period(const struct calendar *calendar, struct interval interval, int64_t date, struct period *period,
                    struct error *error);

#endif
