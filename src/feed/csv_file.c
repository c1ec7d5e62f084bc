/* One CSV file of bars: every row judged by itself. */
#include "feed/csv_file.h"

#include "base/num.h"
#include "feed/csv_columns.h"
#include "feed/csv_rows.h"
#include "market/validate.h"

#include <math.h>

struct reader {
    const struct csv_reading *reading; /* NULL: only the header is wanted */
    struct csv_columns columns;
    bool have_header;
    const struct csv_fields *fields; /* of the current row */
    struct error *error;
};

static struct str field_of(const struct reader *reader, enum csv_column column)
{
    const int at = reader->columns.at[column];
    return at < 0 || at >= reader->fields->count ? STR("") : reader->fields->field[at];
}

/* Exact decimal; a currency sign in front and a missing zero before the point are how some exports write it. */
static int price_parse(dec *result, bool *rounded, struct str text, const char *what, struct error *error)
{
    char zero[32];
    if (text.n > 0 && text.p[0] == '$')
        text = (struct str){text.p + 1, text.n - 1};
    if (text.n == 0)
        return error_set(error, EXIT_INPUT, "%s is empty", what);
    if (text.p[0] == '.' && text.n < sizeof zero - 1) {
        zero[0] = '0';
        memcpy(zero + 1, text.p, text.n);
        text = (struct str){zero, text.n + 1};
    }
    struct error cause = {0};
    if (dec_parse_rounded(result, rounded, text.p, text.n, &cause) == 0)
        return 0;
    return error_set(error, EXIT_INPUT, "%s '" STR_FMT "': %s", what, text.n > 40 ? 40 : (int)text.n, text.p,
                     cause.text);
}

static int price_field(const struct reader *reader, struct csv_row *row, enum csv_column column, dec *result,
                       const char *what)
{
    bool rounded = false;
    if (price_parse(result, &rounded, field_of(reader, column), what, reader->error) < 0)
        return -1;
    row->rounded += rounded;
    return 0;
}

static int count_field(const struct reader *reader, enum csv_column column, double *result, const char *what)
{
    const struct str text = field_of(reader, column);
    struct error cause = {0};
    *result = NAN;
    if (text.n == 0 || num_parse(result, text.p, text.n, &cause) == 0)
        return 0;
    return error_set(reader->error, EXIT_INPUT, "%s '" STR_FMT "': %s", what, text.n > 40 ? 40 : (int)text.n, text.p,
                     cause.text);
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
    /* The smallest fraction that is the ratio as far as its digits tell: 0.333333 is 1:3. */
    for (int64_t old = 1; old <= 10000; old++) {
        const double new = round(ratio * (double)old);
        if (new >= 1 && fabs(new - ratio *(double)old) <= 1e-5 * new) {
            *new_shares = (int64_t) new;
            *old_shares = old;
            return 0;
        }
    }
    return error_set(error, EXIT_INPUT, "split '" STR_FMT "' is no ratio of whole shares",
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
                            .trades = row->trades};
    return bar_validate(&bar, error);
}

static int row_time(const struct reader *reader, struct csv_row *row)
{
    const struct str date = field_of(reader, COLUMN_TIME), time = field_of(reader, COLUMN_TIME_OF_DAY);
    if (reader->columns.at[COLUMN_TIME_OF_DAY] < 0)
        return csv_time_parse(&row->time, date.p, date.n, reader->error);
    char both[128];
    if (date.n + time.n + 1 > sizeof both)
        return error_set(reader->error, EXIT_INPUT, "its date and time are too long");
    memcpy(both, date.p, date.n);
    both[date.n] = ' ';
    memcpy(both + date.n + 1, time.p, time.n);
    return csv_time_parse(&row->time, both, date.n + 1 + time.n, reader->error);
}

static int row_decode(const struct reader *reader, struct csv_row *row)
{
    *row = (struct csv_row){.line = reader->fields->line, .vwap = DEC_NONE};
    if (reader->fields->count < reader->columns.needed)
        return error_set(reader->error, EXIT_INPUT, "ends after %d of %d fields", reader->fields->count,
                         reader->columns.count);
    row->symbol = field_of(reader, COLUMN_SYMBOL);
    if (row_time(reader, row) < 0 || price_field(reader, row, COLUMN_OPEN, &row->open, "open") < 0 ||
        price_field(reader, row, COLUMN_HIGH, &row->high, "high") < 0 ||
        price_field(reader, row, COLUMN_LOW, &row->low, "low") < 0 ||
        price_field(reader, row, COLUMN_CLOSE, &row->close, "close") < 0 ||
        count_field(reader, COLUMN_VOLUME, &row->volume, "volume") < 0 ||
        count_field(reader, COLUMN_TRADES, &row->trades, "trades") < 0)
        return -1;
    if (field_of(reader, COLUMN_VWAP).n > 0 && price_field(reader, row, COLUMN_VWAP, &row->vwap, "vwap") < 0)
        return -1;
    if (row_validate(row, reader->error) < 0)
        return -1;
    const struct str dividend = field_of(reader, COLUMN_DIVIDEND);
    bool rounded = false;
    if (dividend.n > 0 && price_parse(&row->dividend, &rounded, dividend, "dividend", reader->error) < 0)
        return -1;
    if (row->dividend < 0)
        return error_set(reader->error, EXIT_INPUT, "dividend is negative");
    return csv_split_parse(&row->new_shares, &row->old_shares, field_of(reader, COLUMN_SPLIT), reader->error);
}

static int take_row(void *context, const struct csv_fields *fields, struct error *error)
{
    struct reader *reader = context;
    const struct csv_reading *reading = reader->reading;
    struct csv_row row;
    reader->fields = fields;
    if (!reader->have_header) {
        reader->have_header = true;
        const int count = fields->count < CSV_FIELDS_MAX ? fields->count : CSV_FIELDS_MAX;
        if (csv_columns_find(&reader->columns, fields->field, count, error) == 0)
            return reading == NULL;
        error_prefix(error, "line %llu", (unsigned long long)fields->line);
        return -1;
    }
    if (row_decode(reader, &row) < 0)
        return reading->bad(reading->context, fields->line, error);
    return reading->row(reading->context, &row, error);
}

int csv_file_read(const char *path, const struct csv_reading *reading, struct error *error)
{
    struct reader reader = {.reading = reading, .error = error};
    return csv_rows_read(path, take_row, &reader, error);
}

int csv_file_has_symbols(const char *path, struct error *error)
{
    struct reader reader = {.reading = NULL, .error = error};
    if (csv_rows_read(path, take_row, &reader, error) < 0)
        return -1;
    return reader.columns.at[COLUMN_SYMBOL] >= 0;
}
