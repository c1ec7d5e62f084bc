/* One CSV file of bars: every row judged by itself, all of them in one format. A file is read in the format that its
 * first rows suggest; a row that proves another one begins the reading anew. */
#include "feed/csv_file.h"

#include "base/num.h"
#include "feed/csv_dates.h"
#include "feed/csv_number.h"
#include "market/validate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct reader {
    const struct csv_reading *reading;
    struct csv_facts *facts;
    struct str text;
    struct csv_rows rows;
    struct csv_fields fields; /* of the current row */
    struct csv_date_evidence dates;
    uint64_t point_line, comma_line; /* the first that prove a decimal mark */
    uint64_t either_line;            /* the first with a price that may be read either way */
    char either_mark;
    bool volume_either;  /* as may its volume */
    struct zone *zone;   /* that the file's times name */
    bool decimal_turned; /* what was read was read with the wrong mark */
    struct error *error;
};

static struct str field_of(const struct reader *reader, enum csv_column column)
{
    const int at = reader->facts->format.columns.at[column];
    return at < 0 || at >= reader->fields.count ? STR("") : reader->fields.field[at];
}

/* Takes note of what a price says about the decimal mark. */
static void weigh(struct reader *reader, struct str text)
{
    const uint64_t line = reader->fields.line;
    switch (csv_number_mark(text)) {
    case MARK_POINT:
        if (reader->point_line == 0)
            reader->point_line = line;
        break;
    case MARK_COMMA:
        if (reader->comma_line == 0)
            reader->comma_line = line;
        break;
    case MARK_EITHER:
        if (reader->either_line == 0) {
            reader->either_line = line;
            reader->either_mark = memchr(text.p, ',', text.n) != NULL ? ',' : '.';
        }
        break;
    case MARK_NONE:
        break;
    }
}

static int price_field(struct reader *reader, struct csv_row *row, enum csv_column column, dec *result,
                       const char *what)
{
    struct csv_format *format = &reader->facts->format;
    const struct str text = field_of(reader, column);
    bool rounded = false;
    if (!format->decimal_sure)
        weigh(reader, text);
    if (csv_price_parse(result, &rounded, text, format->decimal, what, reader->error) == 0) {
        row->rounded += rounded;
        return 0;
    }
    if (reader->reading->options.decimal == '\0')
        weigh(reader, text);
    return -1;
}

static int count_field(struct reader *reader, enum csv_column column, double *result, const char *what)
{
    const struct str text = field_of(reader, column);
    const char mark = reader->facts->format.decimal;
    if (!reader->facts->format.decimal_sure)
        reader->volume_either |= csv_number_mark(text) == MARK_EITHER;
    return csv_count_parse(result, text, mark, what, reader->error);
}

#define DECIMALS_KEPT 4 /* of a ratio: longer ones stand for a fraction that they cannot write */

/* Decimals of a plain number, without zeros at their end; -1: it is written in another way. */
static int decimals_of(struct str text)
{
    const char *point = memchr(text.p, '.', text.n);
    for (size_t i = 0; i < text.n; i++)
        if ((text.p[i] < '0' || text.p[i] > '9') && text.p + i != point)
            return -1;
    size_t end = text.n;
    while (point != NULL && text.p[end - 1] == '0')
        end--;
    return point == NULL ? 0 : (int)(text.p + end - point - 1);
}

/* a:b as it is written, in its lowest terms. */
static void keep_ratio(int64_t *new_shares, int64_t *old_shares, double a, double b, int decimals)
{
    const double unit = decimals == 0 ? 1 : decimals == 1 ? 10 : decimals == 2 ? 100 : decimals == 3 ? 1000 : 10000;
    int64_t x = (int64_t)round(a * unit), y = (int64_t)round(b * unit);
    *new_shares = x;
    *old_shares = y;
    while (y != 0) {
        const int64_t rest = x % y;
        x = y;
        y = rest;
    }
    *new_shares /= x;
    *old_shares /= x;
}

/* The smallest fraction that a ratio is as far as its digits tell: 0.333333 is 1:3. */
static bool find_ratio(int64_t *new_shares, int64_t *old_shares, double ratio, int64_t most)
{
    for (int64_t old = 1; old <= most; old++) {
        const double new = round(ratio * (double)old);
        if (new >= 1 && fabs(new - ratio *(double)old) <= 1e-5 * new) {
            *new_shares = (int64_t) new;
            *old_shares = old;
            return true;
        }
    }
    return false;
}

int csv_split_parse(int64_t *new_shares, int64_t *old_shares, struct str text, struct error *error)
{
    *new_shares = *old_shares = 0;
    if (text.n == 0)
        return 0;
    const char *colon = memchr(text.p, ':', text.n);
    if (colon == NULL)
        colon = memchr(text.p, '/', text.n);
    const size_t length = colon == NULL ? text.n : (size_t)(colon - text.p);
    double a, b = 1;
    struct error cause = {0};
    if (num_parse(&a, text.p, length, &cause) < 0 ||
        (colon != NULL && num_parse(&b, colon + 1, text.n - length - 1, &cause) < 0) || a < 0 || b <= 0 || a > 1e6 ||
        b > 1e6)
        return error_set(error, EXIT_INPUT, "split '" STR_FMT "' is not a ratio", text.n > 40 ? 40 : (int)text.n,
                         text.p);
    const double ratio = a / b;
    if (ratio == 0 || ratio == 1) /* both are written where there is none */
        return 0;
    const int left = decimals_of((struct str){text.p, length});
    const int right = colon == NULL ? 0 : decimals_of((struct str){colon + 1, text.n - length - 1});
    const bool kept = left >= 0 && left <= DECIMALS_KEPT && right >= 0 && right <= DECIMALS_KEPT;
    if (kept && b != 1) { /* 1281:1000 */
        keep_ratio(new_shares, old_shares, a, b, left > right ? left : right);
        return 0;
    }
    if (find_ratio(new_shares, old_shares, ratio, 50)) /* 33.3333 is 100:3 */
        return 0;
    if (kept) { /* 2.406 */
        keep_ratio(new_shares, old_shares, a, b, left);
        return 0;
    }
    if (find_ratio(new_shares, old_shares, ratio, 10000))
        return 0;
    return error_set(error, EXIT_INPUT, "split '" STR_FMT "' is not a ratio of whole shares",
                     text.n > 40 ? 40 : (int)text.n, text.p);
}

/* Whether the figures of a row make sense together, whatever their time is. */
static int row_validate(const struct csv_row *row, struct error *error)
{
    const struct bar bar = {.interval = {INTERVAL_DAY, 1},
                            .time = 0,
                            .end = 1,
                            .open = row->open,
                            .high = row->high,
                            .low = row->low,
                            .close = row->close,
                            .vwap = row->vwap,
                            .volume = row->volume,
                            .trades = row->trades,
                            .open_interest = row->interest};
    return bar_validate(&bar, error);
}

/* The zone that a time names: opened once, and one for the whole file. */
static int named_zone(struct reader *reader, struct csv_time *time)
{
    struct csv_facts *facts = reader->facts;
    if (reader->zone == NULL) {
        (void)snprintf(facts->zone, sizeof facts->zone, STR_FMT, STR_ARG(time->zone));
        reader->zone = zone_open(facts->zone, reader->error);
        if (reader->zone == NULL) {
            facts->zone[0] = '\0';
            error_recode(reader->error, EXIT_INPUT);
            return -1;
        }
    } else if (!str_is(time->zone, facts->zone)) {
        return error_set(reader->error, EXIT_INPUT, "its zone is '" STR_FMT "', that of lines before '%s'",
                         STR_ARG(time->zone), facts->zone);
    }
    return 0;
}

/* A local time that the clock never shows is no time. */
static int settle_time(struct reader *reader, struct csv_time *time)
{
    const struct zone *zone = reader->reading->zone;
    if (time->zone.n > 0) {
        if (named_zone(reader, time) < 0)
            return -1;
        zone = reader->zone;
    }
    if (time->kind != CSV_LOCAL)
        return 0;
    if (reader->facts->format.columns.utc) {
        time->kind = CSV_EXACT;
        time->time = time->local;
        return 0;
    }
    /* Only around a change of the clock do the hours before and after differ in their distance from UTC. */
    if (csv_time_is_skipped(time, zone)) {
        char text[TIME_TEXT_MAX];
        time_format(text, time->local);
        return error_set(reader->error, EXIT_INPUT, "the local time %.16s does not exist: clocks went forward", text);
    }
    if (zone == reader->zone) {
        time->kind = CSV_EXACT;
        time->time = zone_to_utc(zone, time->local);
    }
    return 0;
}

static int parse_time(const struct reader *reader, struct csv_time *time, enum csv_dates dates, struct error *error)
{
    const struct str date = field_of(reader, COLUMN_TIME);
    struct str day = field_of(reader, COLUMN_TIME_OF_DAY);
    if (day.n == 0)
        return csv_time_parse(time, date.p, date.n, dates, error);
    if (str_is(day, "0"))
        day = STR("0000");
    char both[128];
    if (date.n + day.n + 1 > sizeof both)
        return error_set(error, EXIT_INPUT, "its date and time are too long");
    memcpy(both, date.p, date.n);
    both[date.n] = ' ';
    memcpy(both + date.n + 1, day.p, day.n);
    const int result = csv_time_parse(time, both, date.n + 1 + day.n, dates, error);
    if (result == 0 && time->zone.n > 0) /* the zone is the end of the field, which lives longer */
        time->zone.p = day.p + day.n - time->zone.n;
    return result;
}

static int row_time(struct reader *reader, struct csv_row *row)
{
    if (parse_time(reader, &row->time, reader->facts->format.dates, reader->error) < 0)
        return -1;
    csv_date_evidence_add(&reader->dates, &row->time, row->line);
    if (settle_time(reader, &row->time) < 0)
        return -1;
    reader->facts->exact |= row->time.kind == CSV_EXACT && row->time.zone.n == 0;
    row->has_time = true;
    return 0;
}

/* When a line that is no row would have been: whether it is of the asked range is to be known all the same. */
static void note_time(const struct reader *reader, struct csv_row *row)
{
    struct error ignored = {0};
    row->has_time = parse_time(reader, &row->time, reader->facts->format.dates, &ignored) == 0 && row->time.zone.n == 0;
}

static bool is_empty(const struct csv_fields *fields, int from)
{
    for (int i = from; i < fields->count && i < CSV_FIELDS_MAX; i++)
        if (fields->field[i].n > 0)
            return false;
    return true;
}

/* A row without prices is no bar: Yahoo writes them for days of other markets. */
static bool has_no_prices(const struct reader *reader)
{
    return csv_number_is_null(field_of(reader, COLUMN_OPEN)) && csv_number_is_null(field_of(reader, COLUMN_HIGH)) &&
           csv_number_is_null(field_of(reader, COLUMN_LOW)) && csv_number_is_null(field_of(reader, COLUMN_CLOSE));
}

static int check_count(const struct reader *reader)
{
    const struct csv_columns *columns = &reader->facts->format.columns;
    const struct csv_fields *fields = &reader->fields;
    if (fields->count < columns->needed)
        return error_set(reader->error, EXIT_INPUT, "ends after %d of %d fields", fields->count, columns->count);
    if (fields->count <= columns->count || is_empty(fields, columns->count))
        return 0;
    return error_set(reader->error, EXIT_INPUT, "%d fields, the first line has %d%s", fields->count, columns->count,
                     reader->facts->format.separator == ',' ? ": thousands or decimals written with a comma?" : "");
}

static int row_actions(struct reader *reader, struct csv_row *row)
{
    const struct str dividend = field_of(reader, COLUMN_DIVIDEND);
    bool rounded = false;
    if (!csv_number_is_null(dividend) && csv_price_parse(&row->dividend, &rounded, dividend,
                                                         reader->facts->format.decimal, "dividend", reader->error) < 0)
        return -1;
    if (row->dividend < 0)
        return error_set(reader->error, EXIT_INPUT, "dividend is negative");
    const struct str split = field_of(reader, COLUMN_SPLIT);
    return csv_number_is_null(split) ? 0 : csv_split_parse(&row->new_shares, &row->old_shares, split, reader->error);
}

/* Does an adjusted close say that dividends or splits are not in the prices? By a hundredth of a per cent: less is what
 * single precision loses. */
static void compare_closes(struct reader *reader, dec close)
{
    const struct str text = field_of(reader, COLUMN_ADJUSTED_CLOSE);
    struct error ignored = {0};
    bool rounded;
    dec adjusted;
    if (reader->facts->close_adjusted || csv_number_is_null(text) || close <= 0 ||
        csv_price_parse(&adjusted, &rounded, text, reader->facts->format.decimal, "adjusted close", &ignored) < 0)
        return;
    reader->facts->close_adjusted = fabs(dec_to_double(adjusted) / dec_to_double(close) - 1) > 1e-4;
}

static int row_prices(struct reader *reader, struct csv_row *row)
{
    if (price_field(reader, row, COLUMN_OPEN, &row->open, "open") < 0 ||
        price_field(reader, row, COLUMN_HIGH, &row->high, "high") < 0 ||
        price_field(reader, row, COLUMN_LOW, &row->low, "low") < 0 ||
        price_field(reader, row, COLUMN_CLOSE, &row->close, "close") < 0 ||
        count_field(reader, COLUMN_VOLUME, &row->volume, "volume") < 0 ||
        count_field(reader, COLUMN_TICKS, &row->ticks, "ticks") < 0 ||
        count_field(reader, COLUMN_TRADES, &row->trades, "trades") < 0 ||
        count_field(reader, COLUMN_INTEREST, &row->interest, "open interest") < 0)
        return -1;
    if (!csv_number_is_null(field_of(reader, COLUMN_VWAP)) &&
        price_field(reader, row, COLUMN_VWAP, &row->vwap, "vwap") < 0)
        return -1;
    if (row->vwap != DEC_NONE && row->vwap <= 0) /* written where nothing was traded */
        row->vwap = DEC_NONE;
    if (row_validate(row, reader->error) < 0)
        return -1;
    compare_closes(reader, row->close);
    return 0;
}

/* The actions of a row hold whatever its prices are worth. */
static int row_decode(struct reader *reader, struct csv_row *row)
{
    *row = (struct csv_row){
        .line = reader->fields.line, .vwap = DEC_NONE, .trades = NAN, .volume = NAN, .ticks = NAN, .interest = NAN};
    row->open = row->high = row->low = row->close = DEC_NONE;
    row->symbol = field_of(reader, COLUMN_SYMBOL);
    if (check_count(reader) < 0) {
        note_time(reader, row);
        return -1;
    }
    if (row_time(reader, row) < 0)
        return -1;
    if (row_actions(reader, row) < 0)
        return -1;
    return has_no_prices(reader) ? 0 : row_prices(reader, row);
}

/* A line of words between or behind the rows: "Downloaded from …", "# end". */
static bool is_remark(const struct csv_fields *fields)
{
    const char c = fields->count > 0 && fields->field[0].n > 0 ? fields->field[0].p[0] : '\0';
    return c == '#' || (fields->count == 1 && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')));
}

/* The mark that was guessed is wrong: a price proves the other one. */
static bool is_turned(const struct reader *reader)
{
    const bool comma = reader->facts->format.decimal == ',';
    return reader->reading->options.decimal == '\0' && (comma ? reader->point_line > 0 && reader->comma_line == 0
                                                              : reader->comma_line > 0 && reader->point_line == 0);
}

static int take_row(struct reader *reader, struct error *error)
{
    const struct csv_reading *reading = reader->reading;
    struct csv_row row;
    if (is_empty(&reader->fields, 0))
        return 0;
    if (is_remark(&reader->fields)) {
        reader->facts->remarks++;
        return 0;
    }
    const bool good = row_decode(reader, &row) == 0;
    if (!reader->facts->format.decimal_sure && is_turned(reader)) {
        error_clear(error);
        reader->decimal_turned = true;
        return 1;
    }
    return good ? reading->row(reading->context, &row, error) : reading->bad(reading->context, &row, error);
}

/* Positions `rows` at the first row behind the head. */
static int begin(struct reader *reader, struct error *error)
{
    csv_rows_init(&reader->rows, reader->text, reader->facts->format.separator);
    for (int i = 0; i < reader->facts->format.skip; i++)
        if (csv_rows_next(&reader->rows, &reader->fields, error) < 0)
            return -1;
    return 0;
}

static int read_rows(struct reader *reader, struct error *error)
{
    int got;
    csv_date_evidence_init(&reader->dates);
    reader->facts->remarks = 0;
    reader->facts->close_adjusted = false;
    reader->facts->exact = reader->volume_either = reader->decimal_turned = false;
    reader->either_line = 0;
    if (begin(reader, error) < 0)
        return -1;
    while ((got = csv_rows_next(&reader->rows, &reader->fields, error)) == 1)
        if ((got = take_row(reader, error)) != 0)
            return got < 0 ? -1 : 0;
    return got;
}

static int next_date(void *context, enum csv_dates dates, struct csv_time *time)
{
    struct reader *reader = context;
    struct error ignored = {0};
    while (csv_rows_next(&reader->rows, &reader->fields, &ignored) == 1) {
        if (parse_time(reader, time, dates, &ignored) == 0)
            return 1;
        error_clear(&ignored);
    }
    return 0;
}

static void rewind_dates(void *context)
{
    struct error ignored = {0};
    (void)begin(context, &ignored);
}

/* Prices that may be read either way: of a file with commas between its fields a point is the decimal mark, and of
 * others too unless they look continental in what else they have. */
static int check_decimal(const struct reader *reader, struct error *error)
{
    const struct csv_format *format = &reader->facts->format;
    if (format->decimal_sure || reader->either_line == 0 || reader->point_line > 0 || reader->comma_line > 0)
        return 0;
    const bool continental = format->separator == ';' && (reader->volume_either || reader->dates.dotted);
    if (reader->either_mark == '.' && !continental)
        return 0;
    (void)error_set(error, EXIT_INPUT, "line %llu: the '%c' in its prices may be a decimal mark or separate thousands",
                    (unsigned long long)reader->either_line, reader->either_mark);
    error_hint(error, "--decimal . or --decimal ,");
    return -1;
}

static int restart(struct reader *reader, struct error *error)
{
    reader->reading->restart(reader->reading->context);
    return read_rows(reader, error);
}

/* The same again in the format that all rows prove. */
static int settle(struct reader *reader, struct error *error)
{
    struct csv_facts *facts = reader->facts;
    const struct csv_date_list list = {.next = next_date, .rewind = rewind_dates, .context = reader};
    enum csv_dates dates;
    if (reader->decimal_turned) {
        facts->format.decimal = facts->format.decimal == '.' ? ',' : '.';
        facts->format.decimal_sure = true;
        if (restart(reader, error) < 0)
            return -1;
    }
    if (check_decimal(reader, error) < 0)
        return -1;
    if (facts->format.dates != DATES_ANY)
        return 0;
    if (csv_dates_decide(&dates, &facts->dates_by_sessions, &reader->dates, facts->format.month_first, &list,
                         reader->reading->calendar, reader->reading->zone, error) < 0)
        return -1;
    facts->format.dates = dates;
    const enum csv_dates assumed = reader->dates.dotted ? DATES_DMY : DATES_MDY;
    return dates == DATES_ANY || dates == assumed ? 0 : restart(reader, error);
}

int csv_file_read(struct str text, const struct csv_reading *reading, struct csv_facts *facts, struct error *error)
{
    struct reader reader = {.reading = reading, .facts = facts, .text = text, .error = error};
    *facts = (struct csv_facts){.remarks = 0};
    if (csv_format_find(&facts->format, text, &reading->options, error) < 0)
        return -1;
    int result = read_rows(&reader, error);
    if (result == 0)
        result = settle(&reader, error);
    zone_free(reader.zone);
    return result;
}
