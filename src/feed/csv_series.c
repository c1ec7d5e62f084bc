/* The rows of one symbol from a CSV file, put together. A file of prices says little about itself, so what it leaves
 * out is concluded from all its rows at once. */
#include "feed/csv_series.h"

#include "base/list.h"
#include "feed/csv_place.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void csv_series_clear(struct csv_series *series)
{
    for (size_t i = 0; i < series->bad_count; i++) {
        free(series->bad[i].text);
        free(series->bad[i].hint);
    }
    free(series->bad);
    free(series->action);
    free(series->entry);
    *series = (struct csv_series){.entry = NULL};
}

static struct csv_entry entry_of(const struct csv_row *row)
{
    return (struct csv_entry){
        .line = row->line,
        .time = row->time,
        .open = row->open,
        .high = row->high,
        .low = row->low,
        .close = row->close,
        .vwap = row->vwap,
        .volume = row->volume,
        .trades = row->trades,
        .interest = row->interest,
        .ticks = row->ticks,
        .dividend = row->dividend,
        .new_shares = row->new_shares,
        .old_shares = row->old_shares,
    };
}

/* The actions of a row that is no bar. */
static int add_action(struct csv_series *series, const struct csv_row *row, struct error *error)
{
    if (!row->has_time || (row->dividend == 0 && row->new_shares == 0))
        return 0;
    if (list_grow(&series->action, &series->actions_capacity, series->actions, sizeof *series->action, error) != 0)
        return -1;
    series->action[series->actions++] = entry_of(row);
    return 0;
}

int csv_series_add(struct csv_series *series, const struct csv_row *row, struct error *error)
{
    if (row->open == DEC_NONE) {
        series->empty++;
        return add_action(series, row, error);
    }
    if (list_grow(&series->entry, &series->capacity, series->count, sizeof *series->entry, error) != 0)
        return -1;
    series->entry[series->count++] = entry_of(row);
    series->rounded += row->rounded;
    return 0;
}

static int add_bad(struct csv_series *series, uint64_t line, int64_t time, struct error *error)
{
    struct error memory = {0};
    if (list_grow(&series->bad, &series->bad_capacity, series->bad_count, sizeof *series->bad, &memory) != 0) {
        *error = memory;
        return -1;
    }
    struct csv_bad_line *bad = &series->bad[series->bad_count];
    *bad = (struct csv_bad_line){line, time, strdup(error->text), error->hint[0] == '\0' ? NULL : strdup(error->hint)};
    series->bad_count++;
    const bool failed = bad->text == NULL || (error->hint[0] != '\0' && bad->hint == NULL);
    error_clear(error);
    return failed ? error_memory(error) : 0;
}

int csv_series_add_bad(struct csv_series *series, const struct csv_row *row, const struct zone *zone,
                       struct error *error)
{
    struct error memory = {0};
    if (error->code != EXIT_INPUT)
        return -1;
    if (add_action(series, row, &memory) < 0) {
        *error = memory;
        return -1;
    }
    return add_bad(series, row->line, row->has_time ? csv_time_moment(&row->time, zone) : TIME_NONE, error);
}

static int check_split(const struct csv_entry *entry, const struct csv_entry *before, struct error *error)
{
    if (csv_split_is_in_prices(entry, before))
        return 0;
    char date[TIME_TEXT_MAX];
    date_format(date, date_from_days(entry->date));
    (void)error_set(error, EXIT_INPUT, "the prices do not show the %lld:%lld split of %s: they are already adjusted",
                    (long long)entry->new_shares, (long long)entry->old_shares, date);
    error_hint(error, "use --adjusted split (or total)");
    return -1;
}

static bool same_count(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static bool is_repeat(const struct csv_entry *a, const struct csv_entry *b)
{
    return a->time.local == b->time.local && a->time.time == b->time.time && a->open == b->open && a->high == b->high &&
           a->low == b->low && a->close == b->close && same_count(a->volume, b->volume) && a->dividend == b->dividend &&
           a->new_shares == b->new_shares && a->old_shares == b->old_shares;
}

/* Lines that are there twice are one, and what an export with newest rows first has last comes first. */
static void arrange(struct csv_series *series, const struct zone *zone)
{
    size_t kept = 0;
    for (size_t i = 0; i < series->count; i++) {
        if (kept > 0 && is_repeat(&series->entry[i], &series->entry[kept - 1]))
            series->repeated++;
        else
            series->entry[kept++] = series->entry[i];
    }
    series->count = kept;
    if (kept < 2 ||
        csv_time_moment(&series->entry[0].time, zone) <= csv_time_moment(&series->entry[kept - 1].time, zone))
        return;
    for (size_t i = 0, k = kept; i + 1 < k--; i++) {
        const struct csv_entry other = series->entry[i];
        series->entry[i] = series->entry[k];
        series->entry[k] = other;
    }
}

/* MetaTrader counts price changes where it knows no volume, and then writes volume 0 throughout. */
static void settle_volume(struct csv_series *series)
{
    bool volume = false, ticks = false;
    for (size_t i = 0; i < series->count; i++) {
        volume |= series->entry[i].volume > 0;
        ticks |= series->entry[i].ticks > 0;
    }
    for (size_t i = 0; i < series->count && ticks && !volume; i++)
        series->entry[i].volume = series->entry[i].ticks;
}

/* Is the row in the file's last, unfinished week or month, of which more rows may follow? */
static bool is_newest(const struct csv_series *series, const struct csv_grid *grid, size_t i,
                      const struct feed_request *request)
{
    const struct csv_entry *last = &series->entry[series->count - 1];
    if (i + 1 == series->count)
        return true;
    if (grid->length > 0 || grid->interval.unit < INTERVAL_WEEK)
        return false;
    struct error ignored = {0};
    struct period a, b;
    const int64_t date = csv_time_date(&series->entry[i].time, request->csv_zone);
    return calendar_period(request->calendar, grid->interval, date, &a, &ignored) == 1 &&
           calendar_period(request->calendar, grid->interval, csv_time_date(&last->time, request->csv_zone), &b,
                           &ignored) == 1 &&
           a.first.date == b.first.date;
}

/* Moves the entries to keep to the front. */
static int keep_good(struct csv_series *series, const struct csv_grid *grid, const struct feed_request *request,
                     struct error *error)
{
    size_t kept = 0;
    struct csv_place place;
    csv_place_init(&place, series, grid, request);
    for (size_t i = 0; i < series->count; i++) {
        struct csv_entry entry = series->entry[i];
        const struct csv_entry *before = kept > 0 ? &series->entry[kept - 1] : NULL;
        const bool newest = is_newest(series, grid, i, request);
        const enum csv_verdict verdict = csv_place_row(&place, &entry, before, newest, error);
        if (verdict == CSV_BAD &&
            (error->code != EXIT_INPUT ||
             add_bad(series, entry.line, csv_time_moment(&entry.time, request->csv_zone), error) < 0))
            return -1;
        if (verdict == CSV_UNFINISHED) {
            /* The row before is of the same week or month: as far as it had come then. */
            const bool again = before != NULL && before->start == entry.start && grid->interval.unit >= INTERVAL_WEEK;
            kept -= again;
            series->unfinished += 1 + again;
        }
        series->outside += verdict == CSV_OUTSIDE;
        if (verdict != CSV_KEPT)
            continue;
        if (before != NULL && entry.new_shares > 0 && series->adjusted == ADJUSTED_RAW &&
            check_split(&entry, before, error) < 0)
            return -1;
        series->entry[kept++] = entry;
    }
    series->count = kept;
    return 0;
}

/* From when on the asked bars are made of the file's: bad lines before are no concern of theirs. */
static int64_t asked_from(const struct csv_series *series, const struct feed_request *request)
{
    int64_t from = request->from == TIME_NONE ? INT64_MIN : request->from - 40 * TIME_DAY;
    if (request->from != TIME_NONE && interval_equal(series->interval, request->interval))
        from = request->from;
    if (request->last <= 0)
        return from;
    size_t end = series->count;
    const int64_t to = request->to == TIME_NONE || request->to > request->now ? request->now : request->to;
    while (end > 0 && series->entry[end - 1].start >= to)
        end--;
    const int64_t length = interval_end(request->interval, 0), own = interval_end(series->interval, 0);
    const int64_t per_bar = own > 0 && length > own ? length / own + 1 : 1;
    if (request->last < (int64_t)end / per_bar) {
        const int64_t begin = series->entry[(int64_t)end - request->last * per_bar].start;
        from = begin > from ? begin : from;
    }
    return from;
}

static int compare_lines(const void *a, const void *b)
{
    const struct csv_bad_line *x = a, *y = b;
    return (x->line > y->line) - (x->line < y->line);
}

static int report_bad(struct csv_series *series, const char *file, const struct feed_request *request, size_t *reported,
                      struct error *error)
{
    const int64_t from = asked_from(series, request), to = request->to == TIME_NONE ? INT64_MAX : request->to;
    if (series->bad_count > 1)
        qsort(series->bad, series->bad_count, sizeof *series->bad, compare_lines);
    *reported = 0;
    for (size_t i = 0; i < series->bad_count; i++) {
        const struct csv_bad_line *bad = &series->bad[i];
        if (bad->time != TIME_NONE && (bad->time < from || bad->time >= to || bad->time > request->now))
            continue;
        ++*reported;
        (void)error_set(error, EXIT_INPUT, "%s", bad->text);
        if (bad->hint != NULL)
            error_hint(error, "%s", bad->hint);
        if (request->bad(request->context, file, bad->line, error) < 0)
            return -1;
    }
    return 0;
}

static void note_count(const struct feed_request *request, const char *symbol, size_t count, const char *what)
{
    char text[128];
    if (count == 0)
        return;
    (void)snprintf(text, sizeof text, "%zu %s", count, what);
    request->note(request->context, symbol, text);
}

static const char *adjusted_name(enum adjusted adjusted)
{
    return adjusted == ADJUSTED_TOTAL   ? "adjusted for splits and dividends"
           : adjusted == ADJUSTED_SPLIT ? "adjusted for splits"
                                        : "raw";
}

/* What was decided about the file, in one line. */
static void note_facts(const struct csv_series *series, const char *file, const struct csv_facts *facts,
                       const struct feed_request *request)
{
    char has[INTERVAL_TEXT_MAX], asked[INTERVAL_TEXT_MAX], text[512];
    const struct csv_format *format = &facts->format;
    const char *slash = strrchr(file, '/');
    interval_format(has, series->interval);
    interval_format(asked, request->interval);
    const bool daily = interval_is_daily(series->interval);
    const char *zone = facts->zone[0] != '\0' ? facts->zone
                       : format->columns.utc  ? "UTC"
                       : series->utc          ? "UTC (so all lie in sessions)"
                       : facts->exact         ? "with their offsets"
                                              : zone_name(request->csv_zone);
    (void)snprintf(text, sizeof text, "%s%s%s%s%s%s%s%s, bars of %s%s%s%s, %s%s", csv_separator_name(format->separator),
                   format->headerless ? ", no header" : "", format->decimal == ',' ? ", decimal comma" : "",
                   format->dates == DATES_ANY ? "" : ", dates ",
                   format->dates == DATES_ANY ? "" : csv_dates_text(format->dates),
                   facts->dates_by_sessions ? " (so all are sessions)" : "",
                   daily                                    ? ""
                   : facts->exact && facts->zone[0] == '\0' ? ", times "
                                                            : ", times of ",
                   daily ? "" : zone, has, series->at_end ? " stamped at their end" : "",
                   interval_equal(series->interval, request->interval) ? "" : ", made into ",
                   interval_equal(series->interval, request->interval) ? "" : asked, adjusted_name(series->adjusted),
                   facts->close_adjusted ? ", an adjusted close beside them" : "");
    request->note(request->context, slash == NULL ? file : slash + 1, text);
}

/* Why no bar is left, as one cause. */
static int explain_none(const struct csv_series *series, size_t rows, const char *file,
                        const struct feed_request *request, struct error *error)
{
    if (rows == 0 && series->bad_count == 0 && series->empty == 0)
        return error_set(error, EXIT_UNAVAILABLE, "'%s' has no rows after its header", file);
    if (series->outside > 0) {
        (void)error_set(error, EXIT_UNAVAILABLE, "none of %zu bars in '%s' is in a session of %s", rows, file,
                        calendar_name(request->calendar));
        error_hint(error, "--extended, --csv-tz ZONE, or --calendar always");
        return -1;
    }
    if (series->unfinished > 0)
        return error_set(error, EXIT_UNAVAILABLE, "the only bar of '%s' was not finished when it was written", file);
    if (series->bad_count > 0)
        return error_set(error, EXIT_INPUT, "no line of '%s' is a bar", file);
    return error_set(error, EXIT_UNAVAILABLE, "no line of '%s' has prices", file);
}

int csv_series_finish(struct csv_series *series, const char *file, const char *symbol, const struct csv_facts *facts,
                      const struct feed_request *request, struct error *error)
{
    struct csv_grid grid;
    size_t reported;
    if (series->finished)
        return 0;
    arrange(series, request->csv_zone);
    settle_volume(series);
    const size_t rows = series->count;
    if (rows == 0)
        return report_bad(series, file, request, &reported, error) < 0
                   ? -1
                   : explain_none(series, rows, file, request, error);
    if (csv_series_measure(series, &grid, facts, request, error) < 0)
        return -1;
    if (interval_compare(series->interval, request->interval) > 0) {
        char has[INTERVAL_TEXT_MAX], asked[INTERVAL_TEXT_MAX];
        interval_format(has, series->interval);
        interval_format(asked, request->interval);
        (void)error_set(error, EXIT_INPUT, "'%s' has %s bars, finer ones were requested: %s", file, has, asked);
        error_hint(error, "-i %s", has);
        return -1;
    }
    if (keep_good(series, &grid, request, error) < 0 || report_bad(series, file, request, &reported, error) < 0)
        return -1;
    series->finished = true;
    note_facts(series, file, facts, request);
    note_count(request, symbol, (size_t)series->rounded, "prices rounded to 8 decimals");
    note_count(request, symbol, series->outside, "bars outside the sessions left out");
    note_count(request, symbol, series->empty, "rows without prices left out");
    note_count(request, symbol, series->repeated, "repeated lines left out");
    note_count(request, symbol, series->unfinished, "rows of a day, week or month that was not over left out");
    note_count(request, symbol, series->bad_count - reported, "bad lines outside the requested range");
    return series->count > 0 ? 0 : explain_none(series, rows, file, request, error);
}
