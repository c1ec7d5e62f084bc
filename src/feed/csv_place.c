/* Where the rows of a file lie in time. */
#include "feed/csv_place.h"

#include "base/time.h"
#include "market/bar_times.h"

#include <stdlib.h>

#define STAMP_DAYS 60 /* days that are looked at for starts and ends */

static int64_t rest_of(int64_t value, int64_t unit)
{
    const int64_t rest = value % unit;
    return rest < 0 ? rest + unit : rest;
}

/* The only interval that one row, or none, can have: the asked one, or a day where it is a date. */
static struct interval interval_of_one(const struct csv_series *series, const struct feed_request *request)
{
    const bool midnight = series->count == 0 || rest_of(series->entry[0].time.local, TIME_DAY) == 0;
    return midnight && !interval_is_daily(request->interval) ? (struct interval){INTERVAL_DAY, 1} : request->interval;
}

/* A file of starts has a row at the open of a session; a file of ends has one a bar later instead, and one at the
 * close. */
static bool stamps_ends(const struct csv_series *series, int64_t length, const struct feed_request *request)
{
    struct error ignored = {0};
    struct session session = {0};
    int days = 0, opens = 0, later = 0, closes = 0;
    for (size_t i = 0; i < series->count && days < STAMP_DAYS; i++) {
        const int64_t moment = csv_time_moment(&series->entry[i].time, request->csv_zone);
        if (moment < session.open || moment > session.close) {
            const int64_t date = calendar_date(request->calendar, moment);
            if (calendar_session(request->calendar, date, &session, &ignored) != 1) {
                error_clear(&ignored);
                session = (struct session){0};
                continue;
            }
            days++;
        }
        opens += moment == session.open;
        later += moment == session.open + length;
        closes += moment == session.close;
    }
    return opens == 0 && later > 0 && closes > 0;
}

/* Weeks dated on Sundays: some vendors mean the week that begins then, some programs the one that ends. */
static int check_sundays(const struct csv_series *series, const struct feed_request *request, struct error *error)
{
    size_t sundays = 0;
    for (size_t i = 0; i < series->count; i++)
        sundays += date_weekday(csv_time_date(&series->entry[i].time, request->csv_zone)) == 0;
    if (sundays * 2 <= series->count)
        return 0;
    (void)error_set(error, EXIT_INPUT, "its weeks are dated on Sundays, which may be their beginning or end");
    error_hint(error, "--stamps start (Investing.com) or --stamps end (pandas)");
    return -1;
}

static bool are_dates(const struct csv_series *series)
{
    size_t midnights = 0;
    for (size_t i = 0; i < series->count; i++)
        midnights += series->entry[i].time.local % TIME_DAY == 0;
    return midnights * 2 > series->count;
}

/* A split that is in the file but not in its prices means that they are adjusted already: then the open after it is
 * nearer to the close before it than to that close divided by the split. */
bool csv_split_is_in_prices(const struct csv_entry *entry, const struct csv_entry *before)
{
    const double ratio = (double)entry->new_shares / (double)entry->old_shares;
    if (ratio < 1.5 && ratio > 0.67)
        return true;
    const double jump = dec_to_double(entry->open) / dec_to_double(before->close);
    const double as_adjusted = jump > 1 ? jump : 1 / jump;
    const double as_raw = jump * ratio > 1 ? jump * ratio : 1 / (jump * ratio);
    return as_adjusted >= as_raw;
}

static bool is_large(const struct csv_entry *entry)
{
    return entry->new_shares > 0 &&
           (entry->new_shares >= 2 * entry->old_shares || entry->old_shares >= 2 * entry->new_shares);
}

/* What the prices of a file that yfinance wrote are: adjusted for all, which is its default (of download() since
 * 0.2.51), for splits alone where an adjusted close is beside them; raw when a split shows in them. */
static enum adjusted adjusted_of_yfinance(const struct csv_series *series, const struct csv_format *format)
{
    const enum adjusted whole = format->adjusted_beside ? ADJUSTED_SPLIT : ADJUSTED_TOTAL;
    size_t action = 0;
    for (size_t i = 1; i < series->count; i++) {
        struct csv_entry entry = series->entry[i];
        if (is_large(&entry))
            return csv_split_is_in_prices(&entry, &series->entry[i - 1]) ? ADJUSTED_RAW : whole;
        for (; action < series->actions && series->action[action].time.local < entry.time.local; action++) {
            entry.new_shares = series->action[action].new_shares;
            entry.old_shares = series->action[action].old_shares;
            if (series->action[action].time.local > series->entry[i - 1].time.local && is_large(&entry))
                return csv_split_is_in_prices(&entry, &series->entry[i - 1]) ? ADJUSTED_RAW : whole;
        }
    }
    return whole;
}

/* Do all times lie in sessions when they are read in a zone (NULL: UTC)? And is one of them an opening? */
static bool all_in_sessions(const struct csv_series *series, const struct feed_request *request,
                            const struct zone *zone, bool *opens)
{
    struct session session = {0};
    struct error ignored = {0};
    *opens = false;
    for (size_t i = 0; i < series->count; i++) {
        const int64_t local = series->entry[i].time.local, moment = zone == NULL ? local : zone_to_utc(zone, local);
        if ((moment < session.open || moment >= session.close) &&
            calendar_session_at(request->calendar, moment, &session, &ignored) != 1)
            return false;
        *opens |= moment == session.open;
    }
    return true;
}

/* Local times without a zone's name, of which the exchange's zone leaves some outside the sessions and UTC none. */
static void settle_zone(struct csv_series *series, const struct feed_request *request)
{
    bool opens;
    if (request->csv_zone_said || series->count < 3)
        return;
    for (size_t i = 0; i < series->count; i++)
        if (series->entry[i].time.kind != CSV_LOCAL)
            return;
    if (all_in_sessions(series, request, request->csv_zone, &opens) ||
        !all_in_sessions(series, request, NULL, &opens) || !opens)
        return;
    series->utc = true;
    for (size_t i = 0; i < series->count; i++) {
        struct csv_time *time = &series->entry[i].time;
        time->kind = CSV_EXACT;
        time->time = time->local;
    }
}

int csv_series_measure(struct csv_series *series, struct csv_grid *grid, const struct csv_facts *facts,
                       const struct feed_request *request, struct error *error)
{
    int64_t *local = calloc(2 * series->count + 1, sizeof *local);
    if (local == NULL)
        return error_memory(error);
    int64_t *moment = local + series->count;
    series->as_written = are_dates(series);
    for (size_t i = 0; i < series->count; i++) {
        local[i] = csv_time_local(&series->entry[i].time, request->csv_zone, series->as_written);
        moment[i] = csv_time_moment(&series->entry[i].time, request->csv_zone);
    }
    *grid = csv_grid_find(local, moment, series->count);
    free(local);
    if (grid->interval.unit == INTERVAL_NONE)
        grid->interval = interval_of_one(series, request);
    series->interval = grid->interval;
    const bool yfinance = facts->format.history || facts->format.download;
    series->adjusted = request->adjusted != ADJUSTED_NONE ? request->adjusted
                       : yfinance                         ? adjusted_of_yfinance(series, &facts->format)
                                                          : ADJUSTED_RAW;
    series->at_end = request->csv_stamps == CSV_STAMPS_END;
    if (request->csv_stamps != CSV_STAMPS_FOUND)
        return 0;
    if (grid->interval.unit == INTERVAL_WEEK && grid->interval.count == 1)
        return check_sundays(series, request, error);
    if (grid->length == 0)
        return 0;
    settle_zone(series, request);
    series->at_end = stamps_ends(series, grid->length, request);
    return 0;
}

/* The first session of the week or month of a date: 1, or 0 when it has none. */
static int period_of(const struct feed_request *request, struct interval interval, int64_t date, struct period *period,
                     struct error *error)
{
    return calendar_period(request->calendar, interval, date, period, error);
}

void csv_place_init(struct csv_place *place, const struct csv_series *series, const struct csv_grid *grid,
                    const struct feed_request *request)
{
    *place = (struct csv_place){
        .grid = grid, .request = request, .at_end = series->at_end, .as_written = series->as_written};
    if (grid->length != 0 || grid->interval.unit < INTERVAL_WEEK)
        return;
    size_t begins = 0;
    struct error ignored = {0};
    for (size_t i = 0; i < series->count; i++) {
        struct period period;
        const int64_t date = csv_time_date(&series->entry[i].time, request->csv_zone);
        const int found = period_of(request, grid->interval, date, &period, &ignored);
        begins += found == 1 && date <= period.first.date;
        error_clear(&ignored);
    }
    place->week_begins = begins * 4 > series->count * 3;
}

/* A time of day in a file of days is today's row, as it was traded; once that day is over it is no whole day. */
static enum csv_verdict odd_time(const struct csv_place *place, const struct csv_entry *entry, bool newest,
                                 struct error *error)
{
    const struct feed_request *request = place->request;
    struct session session;
    char text[TIME_TEXT_MAX];
    const int64_t date = csv_time_date(&entry->time, request->csv_zone);
    if (newest && calendar_session(request->calendar, date, &session, error) == 1 && session.close > request->now)
        return CSV_UNFINISHED;
    time_format(text, csv_time_local(&entry->time, request->csv_zone, place->as_written));
    (void)error_set(error, EXIT_INPUT, "a time of day, %.5s, in a file of daily bars: not a complete day", text + 11);
    return CSV_BAD;
}

static enum csv_verdict no_session(const struct feed_request *request, int64_t date, struct error *error)
{
    char text[TIME_TEXT_MAX];
    date_format(text, date_from_days(date));
    (void)error_set(error, EXIT_INPUT, "%s is not a session of the calendar '%s'", text,
                    calendar_name(request->calendar));
    error_hint(error, "for a market that never closes: --calendar always");
    return CSV_BAD;
}

/* Weeks and months lie where their date is, whether that is a session or not. */
static enum csv_verdict place_period(const struct csv_place *place, struct csv_entry *entry,
                                     const struct csv_entry *before, bool newest, struct error *error)
{
    const struct feed_request *request = place->request;
    struct period period;
    const bool next_week = place->grid->interval.unit == INTERVAL_WEEK && request->csv_stamps == CSV_STAMPS_START;
    int64_t date = csv_time_date(&entry->time, request->csv_zone);
    const bool begins = next_week && date_weekday(date) == 0;
    date += begins;
    const int found = period_of(request, place->grid->interval, date, &period, error);
    if (found < 0)
        return CSV_BAD;
    if (found == 0)
        return no_session(request, date, error);
    entry->date = period.first.date;
    entry->start = calendar_midnight(request->calendar, period.first.date);
    entry->end = period.last.close;
    const bool again = before != NULL && before->start == entry->start;
    if (newest && (again || (place->week_begins && date > period.first.date)))
        return CSV_UNFINISHED;
    return CSV_KEPT;
}

static enum csv_verdict place_daily(const struct csv_place *place, struct csv_entry *entry,
                                    const struct csv_entry *before, bool newest, struct error *error)
{
    const struct feed_request *request = place->request;
    struct bar bar = {.interval = place->grid->interval};
    if (rest_of(csv_time_local(&entry->time, request->csv_zone, place->as_written), TIME_DAY) !=
        place->grid->time_of_day)
        return odd_time(place, entry, newest, error);
    if (place->grid->interval.unit != INTERVAL_DAY)
        return place_period(place, entry, before, newest, error);
    if (bar_set_session(&bar, request->calendar, csv_time_date(&entry->time, request->csv_zone), error) < 0)
        return CSV_BAD;
    entry->date = bar.session;
    entry->start = bar.time;
    entry->end = bar.end;
    return CSV_KEPT;
}

/* In the hour that comes twice in autumn a local time after a later one is of the second round. */
static int64_t moment_after(const struct csv_entry *entry, const struct csv_entry *before, int64_t length, bool at_end,
                            const struct zone *zone)
{
    const int64_t moment = csv_time_moment(&entry->time, zone), again = moment + TIME_HOUR;
    if (before == NULL || entry->time.kind == CSV_EXACT || before->time.kind == CSV_EXACT || length > TIME_HOUR)
        return moment;
    const int64_t least = at_end ? before->end : before->start;
    return moment <= least && again > least && zone_to_local(zone, again) == entry->time.local ? again : moment;
}

static enum csv_verdict off_grid(const struct csv_place *place, const struct csv_entry *entry, struct error *error)
{
    char text[TIME_TEXT_MAX], interval[INTERVAL_TEXT_MAX];
    time_format(text, csv_time_local(&entry->time, place->request->csv_zone, place->as_written));
    interval_format(interval, place->grid->interval);
    (void)error_set(error, EXIT_INPUT, "%.8s does not fit between bars of %s", text + 11, interval);
    return CSV_BAD;
}

/* The session in which a bar lies, `at` being a moment within it: CSV_KEPT, CSV_OUTSIDE or CSV_BAD. */
static enum csv_verdict find_session(struct csv_place *place, const struct csv_entry *entry, int64_t at,
                                     struct error *error)
{
    struct session *session = &place->session;
    if (at >= session->open && at < session->close)
        return CSV_KEPT;
    const int found = calendar_session_at(place->request->calendar, at, session, error);
    if (found < 0)
        return CSV_BAD;
    if (found == 1)
        return CSV_KEPT;
    /* A bar that begins before the open ends there. */
    const bool reaches = session->open > at && session->open < entry->end && session->open - at < TIME_DAY;
    const int64_t open = session->open;
    *session = (struct session){.open = reaches ? open : 0};
    return CSV_OUTSIDE;
}

static enum csv_verdict place_intraday(struct csv_place *place, struct csv_entry *entry, const struct csv_entry *before,
                                       struct error *error)
{
    const struct feed_request *request = place->request;
    const struct csv_grid *grid = place->grid;
    int64_t length = grid->length;
    if (length == 0) /* one row */
        length = interval_end(grid->interval, 0);
    const int64_t moment = moment_after(entry, before, length, place->at_end, request->csv_zone);
    const int64_t back = place->at_end ? length : 0;
    entry->start = moment - back;
    entry->end = moment - back + length;
    const enum csv_verdict verdict = find_session(place, entry, place->at_end ? moment - 1 : moment, error);
    struct session *session = &place->session;
    if (verdict == CSV_OUTSIDE) {
        entry->date = calendar_date(request->calendar, entry->start);
        if (session->open > 0) /* it runs into the session: what is after the open is another bar's */
            entry->end = session->open;
        *session = (struct session){0};
        return request->extended ? CSV_KEPT : CSV_OUTSIDE;
    }
    if (verdict == CSV_BAD)
        return verdict;
    const bool edge = moment == session->open || moment == session->close;
    const int64_t local = csv_time_local(&entry->time, request->csv_zone, place->as_written);
    if (grid->length > 0 && !edge && rest_of(local - grid->phase, grid->length) != 0)
        return off_grid(place, entry, error);
    if (entry->start < session->open)
        entry->start = session->open;
    if (entry->end > session->close)
        entry->end = session->close;
    if (place->at_end && before != NULL && entry->start < before->end && before->end < entry->end)
        entry->start = before->end; /* the short one before the close */
    entry->date = session->date;
    return CSV_KEPT;
}

enum csv_verdict csv_place_row(struct csv_place *place, struct csv_entry *entry, const struct csv_entry *before,
                               bool newest, struct error *error)
{
    const enum csv_verdict verdict = interval_is_daily(place->grid->interval)
                                         ? place_daily(place, entry, before, newest, error)
                                         : place_intraday(place, entry, before, error);
    if (verdict != CSV_KEPT || before == NULL || entry->start > before->start)
        return verdict;
    (void)error_set(error, EXIT_INPUT, "%s line %llu",
                    entry->start == before->start ? "the same time as" : "out of order: earlier than",
                    (unsigned long long)before->line);
    return CSV_BAD;
}
