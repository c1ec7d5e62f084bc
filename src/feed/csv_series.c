/* The rows of one symbol from a CSV file, put together. A file of prices says little about itself, so what it leaves
 * out is concluded from all its rows at once: which way it is ordered and how long its bars are. */
#include "feed/csv_series.h"

#include "base/list.h"
#include "market/bar_times.h"

#include <stdio.h>
#include <stdlib.h>

void csv_series_clear(struct csv_series *series)
{
    free(series->entry);
    *series = (struct csv_series){.entry = NULL};
}

int csv_series_add(struct csv_series *series, const struct csv_row *row, struct error *error)
{
    if (list_grow(&series->entry, &series->capacity, series->count, sizeof *series->entry, error) != 0)
        return -1;
    series->entry[series->count++] = (struct csv_entry){
        .line = row->line,
        .time = row->time,
        .open = row->open,
        .high = row->high,
        .low = row->low,
        .close = row->close,
        .vwap = row->vwap,
        .volume = row->volume,
        .trades = row->trades,
        .dividend = row->dividend,
        .new_shares = row->new_shares,
        .old_shares = row->old_shares,
    };
    series->rounded += row->rounded;
    return 0;
}

static int64_t local_time(const struct csv_entry *entry, const struct zone *zone)
{
    return entry->time.kind == CSV_EXACT && entry->time.local % TIME_DAY != 0 ? zone_to_local(zone, entry->time.time)
                                                                              : entry->time.local;
}

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        const int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Bars of whole days have local times that are whole days apart, whatever the hour is; else the longest usual interval
 * that divides every distance, which gaps do not disturb. */
static struct interval interval_of(const struct csv_series *series, const struct feed_request *request)
{
    int64_t divisor = 0, least = INT64_MAX;
    for (size_t i = 1; i < series->count; i++) {
        const int64_t distance = llabs(local_time(&series->entry[i], request->csv_zone) -
                                       local_time(&series->entry[i - 1], request->csv_zone));
        divisor = common_divisor(divisor, distance);
        if (distance > 0 && distance < least)
            least = distance;
    }
    if (divisor == 0) { /* one row */
        const bool midnight = series->count == 0 || local_time(&series->entry[0], request->csv_zone) % TIME_DAY == 0;
        return midnight && !interval_is_daily(request->interval) ? (struct interval){INTERVAL_DAY, 1}
                                                                 : request->interval;
    }
    if (divisor % TIME_DAY == 0) {
        if (series->count >= 6 && least >= 27 * TIME_DAY)
            return (struct interval){INTERVAL_MONTH, 1};
        if (series->count >= 6 && least >= 6 * TIME_DAY)
            return (struct interval){INTERVAL_WEEK, 1};
        return (struct interval){INTERVAL_DAY, 1};
    }
    static const struct {
        int64_t length;
        struct interval interval;
    } usual[] = {{4 * TIME_HOUR, {INTERVAL_HOUR, 4}},       {TIME_HOUR, {INTERVAL_HOUR, 1}},
                 {30 * TIME_MINUTE, {INTERVAL_MINUTE, 30}}, {15 * TIME_MINUTE, {INTERVAL_MINUTE, 15}},
                 {5 * TIME_MINUTE, {INTERVAL_MINUTE, 5}},   {TIME_MINUTE, {INTERVAL_MINUTE, 1}},
                 {5 * TIME_SECOND, {INTERVAL_SECOND, 5}}};
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (divisor % usual[i].length == 0)
            return usual[i].interval;
    return (struct interval){INTERVAL_SECOND, 1};
}

enum verdict { BAR_KEPT, BAR_OUTSIDE, BAR_BAD };

/* The bar's start, end and session date; BAR_BAD with an error. */
static enum verdict place_daily(struct csv_entry *entry, struct interval interval, const struct feed_request *request,
                                struct error *error)
{
    struct bar bar = {.interval = interval};
    if (bar_set_session(&bar, request->calendar, csv_time_date(&entry->time, request->csv_zone), error) < 0)
        return BAR_BAD;
    entry->date = bar.session;
    entry->start = bar.time;
    entry->end = bar.end;
    return BAR_KEPT;
}

static enum verdict place_intraday(struct csv_entry *entry, struct interval interval,
                                   const struct feed_request *request, struct session *session, struct error *error)
{
    entry->start = csv_time_moment(&entry->time, request->csv_zone);
    entry->end = interval_end(interval, entry->start);
    if (entry->start < session->open || entry->start >= session->close) {
        const int found = calendar_session_at(request->calendar, entry->start, session, error);
        if (found < 0)
            return BAR_BAD;
        if (found == 0) {
            *session = (struct session){0};
            entry->date = calendar_date(request->calendar, entry->start);
            return request->extended ? BAR_KEPT : BAR_OUTSIDE;
        }
    }
    entry->date = session->date;
    if (entry->end > session->close)
        entry->end = session->close;
    return BAR_KEPT;
}

/* A split that is in the file but not in its prices means that they are adjusted already: then the open after it is
 * nearer to the close before it than to that close divided by the split. */
static bool looks_adjusted(const struct csv_entry *entry, const struct csv_entry *before)
{
    const double ratio = (double)entry->new_shares / (double)entry->old_shares;
    if (ratio < 1.5 && ratio > 0.67)
        return false;
    const double jump = dec_to_double(entry->open) / dec_to_double(before->close);
    const double as_adjusted = jump > 1 ? jump : 1 / jump;
    const double as_raw = jump * ratio > 1 ? jump * ratio : 1 / (jump * ratio);
    return as_adjusted < as_raw;
}

static int check_split(const struct csv_entry *entry, const struct csv_entry *before, struct error *error)
{
    if (!looks_adjusted(entry, before))
        return 0;
    char date[TIME_TEXT_MAX];
    date_format(date, date_from_days(entry->date));
    (void)error_set(error, EXIT_INPUT, "the %lld:%lld split of %s is not in the prices: they are adjusted already",
                    (long long)entry->new_shares, (long long)entry->old_shares, date);
    error_hint(error, "say so: --adjusted split (or total)");
    return -1;
}

static enum verdict judge(struct csv_entry *entry, const struct csv_entry *before, struct interval interval,
                          const struct feed_request *request, struct session *session, struct error *error)
{
    const enum verdict placed = interval_is_daily(interval) ? place_daily(entry, interval, request, error)
                                                            : place_intraday(entry, interval, request, session, error);
    if (placed != BAR_KEPT || before == NULL || entry->start > before->start)
        return placed;
    (void)error_set(error, EXIT_INPUT, "%s line %llu",
                    entry->start == before->start ? "the same time as" : "out of order: earlier than",
                    (unsigned long long)before->line);
    return BAR_BAD;
}

static void turn_round(struct csv_series *series)
{
    for (size_t i = 0, k = series->count; i + 1 < k--; i++) {
        const struct csv_entry other = series->entry[i];
        series->entry[i] = series->entry[k];
        series->entry[k] = other;
    }
}

/* Moves the entries to keep to the front. */
static int keep_good(struct csv_series *series, const char *file, const struct feed_request *request, size_t *outside,
                     struct error *error)
{
    size_t kept = 0;
    struct session session = {0};
    for (size_t i = 0; i < series->count; i++) {
        struct csv_entry entry = series->entry[i];
        const struct csv_entry *before = kept > 0 ? &series->entry[kept - 1] : NULL;
        const enum verdict verdict = judge(&entry, before, series->interval, request, &session, error);
        if (verdict == BAR_BAD && request->bad(request->context, file, entry.line, error) < 0)
            return -1;
        if (verdict == BAR_KEPT && before != NULL && entry.new_shares > 0 && request->adjusted == ADJUSTED_RAW &&
            check_split(&entry, before, error) < 0)
            return -1;
        if (verdict == BAR_KEPT)
            series->entry[kept++] = entry;
        *outside += verdict == BAR_OUTSIDE;
    }
    series->count = kept;
    return 0;
}

int csv_series_finish(struct csv_series *series, const char *file, const char *symbol,
                      const struct feed_request *request, struct error *error)
{
    char text[128];
    if (series->finished)
        return 0;
    series->interval = interval_of(series, request);
    if (interval_compare(series->interval, request->interval) > 0) {
        char has[INTERVAL_TEXT_MAX], asked[INTERVAL_TEXT_MAX];
        interval_format(has, series->interval);
        interval_format(asked, request->interval);
        return error_set(error, EXIT_INPUT, "'%s' holds bars of %s, finer ones were asked: %s", file, has, asked);
    }
    if (series->count > 1 && local_time(&series->entry[0], request->csv_zone) >
                                 local_time(&series->entry[series->count - 1], request->csv_zone))
        turn_round(series);
    size_t outside = 0;
    if (keep_good(series, file, request, &outside, error) < 0)
        return -1;
    series->finished = true;
    if (series->rounded > 0) {
        (void)snprintf(text, sizeof text, "%d prices rounded to 8 digits", series->rounded);
        request->note(request->context, symbol, text);
    }
    if (outside > 0) {
        (void)snprintf(text, sizeof text, "%zu bars outside the sessions left out", outside);
        request->note(request->context, symbol, text);
    }
    return 0;
}
