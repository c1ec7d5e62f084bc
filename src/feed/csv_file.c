/* One CSV file of bars, read row by row with libcsv. Its callbacks only collect the fields of a row; all judging
 * happens when a row is whole. */
#include "feed/csv_file.h"

#include "base/buf.h"
#include "base/num.h"
#include "feed/csv_columns.h"
#include "market/validate.h"

#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#define FIELD_MAX (64 * 1024) /* bytes of one field */

struct reader {
    const struct csv_reading *reading; /* NULL: only the header is wanted */
    struct csv_columns columns;
    bool have_header, stopped;
    bool after_return; /* the last row ended with CR: an LF now belongs to it */
    uint64_t line;     /* of the current row */
    uint64_t next;     /* where the next row starts */
    struct buf text;   /* the fields of the row, one after the other */
    size_t begin[CSV_COLUMNS_MAX + 1];
    int fields; /* of the row, also those past the maximum */
    struct error *error;
};

/* libcsv lets a field grow without limit otherwise; its error is then "out of memory". */
static void *field_realloc(void *p, size_t size)
{
    return size > FIELD_MAX ? NULL : realloc(p, size);
}

static struct str field_of(const struct reader *reader, enum csv_column column)
{
    const int at = reader->columns.at[column];
    if (at < 0 || at >= reader->fields)
        return STR("");
    return (struct str){reader->text.p + reader->begin[at], reader->begin[at + 1] - reader->begin[at]};
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
    *row = (struct csv_row){.line = reader->line, .vwap = DEC_NONE};
    if (reader->fields < reader->columns.needed)
        return error_set(reader->error, EXIT_INPUT, "ends after %d of %d fields", reader->fields,
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

static void take_header(struct reader *reader)
{
    struct str name[CSV_COLUMNS_MAX];
    const int count = reader->fields < CSV_COLUMNS_MAX ? reader->fields : CSV_COLUMNS_MAX;
    for (int i = 0; i < count; i++)
        name[i] = (struct str){reader->text.p + reader->begin[i], reader->begin[i + 1] - reader->begin[i]};
    reader->have_header = true;
    if (csv_columns_find(&reader->columns, name, count, reader->error) < 0) {
        error_prefix(reader->error, "line %llu", (unsigned long long)reader->line);
        reader->stopped = true;
    } else if (reader->reading == NULL) {
        reader->stopped = true;
    }
}

static void take_row(struct reader *reader)
{
    const struct csv_reading *reading = reader->reading;
    struct csv_row row;
    if (buf_check(&reader->text, reader->error) < 0) {
        error_prefix(reader->error, "line %llu", (unsigned long long)reader->line);
        reader->stopped = true;
    } else if (!reader->have_header) {
        take_header(reader);
    } else if (row_decode(reader, &row) < 0) {
        reader->stopped = reading->bad(reading->context, reader->line, reader->error) < 0;
    } else {
        reader->stopped = reading->row(reading->context, &row, reader->error) < 0;
    }
}

static void on_field(void *bytes, size_t count, void *context)
{
    struct reader *reader = context;
    if (reader->stopped)
        return;
    if (reader->fields < CSV_COLUMNS_MAX) {
        reader->begin[reader->fields] = reader->text.n;
        buf_add(&reader->text, bytes, count);
        reader->begin[reader->fields + 1] = reader->text.n;
    }
    reader->fields++;
    for (const char *p = bytes; count > 0 && (p = memchr(p, '\n', (size_t)((char *)bytes + count - p))) != NULL; p++)
        reader->next++; /* a quoted field may hold line ends */
}

static void on_row(int end, void *context)
{
    struct reader *reader = context;
    if (reader->stopped)
        return;
    if (end == '\n' && reader->after_return && reader->fields == 0) {
        reader->after_return = false;
        return;
    }
    reader->after_return = end == '\r';
    reader->line = reader->next++;
    if (reader->fields > 0 && !(reader->fields == 1 && reader->text.n == 0))
        take_row(reader);
    reader->fields = 0;
    buf_reset(&reader->text);
}

/* The separator of the header line: the first of comma, semicolon and tab that it has. */
static unsigned char separator_of(const char *bytes, size_t count)
{
    const char *line_end = memchr(bytes, '\n', count);
    const size_t n = line_end == NULL ? count : (size_t)(line_end - bytes);
    static const char candidate[] = {',', ';', '\t'};
    for (size_t i = 0; i < sizeof candidate; i++)
        if (memchr(bytes, candidate[i], n) != NULL)
            return (unsigned char)candidate[i];
    return ',';
}

static int parse_failed(struct csv_parser *parser, const struct reader *reader, struct error *error)
{
    const char *why = csv_error(parser) == CSV_ENOMEM ? "a field is longer than 65536 bytes"
                                                      : "a quote is not closed or stands inside a field";
    return error_set(error, EXIT_INPUT, "line %llu: %s", (unsigned long long)reader->next, why);
}

static int parse_file(int fd, struct csv_parser *parser, struct reader *reader, struct error *error)
{
    char bytes[64 * 1024];
    bool first = true;
    while (!reader->stopped) {
        const ssize_t got = read(fd, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_system(error, "cannot read");
        size_t n = (size_t)got;
        const char *p = bytes;
        if (first) {
            if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) { /* a byte order mark: spreadsheets write it */
                p += 3;
                n -= 3;
            }
            csv_set_delim(parser, separator_of(p, n));
            first = false;
        }
        if (got == 0) {
            if (csv_fini(parser, on_field, on_row, reader) != 0)
                return parse_failed(parser, reader, error);
            break;
        }
        if (csv_parse(parser, p, n, on_field, on_row, reader) != n)
            return parse_failed(parser, reader, error);
    }
    if (error_is_set(error))
        return -1;
    if (!reader->have_header)
        return error_set(error, EXIT_INPUT, "is empty");
    return 0;
}

static int read_with(struct reader *reader, const char *path, struct error *error)
{
    struct csv_parser parser;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        const enum exit_code code = errno == ENOENT || errno == ENOTDIR ? EXIT_UNAVAILABLE : EXIT_SYSTEM;
        (void)error_system(error, "cannot read '%s'", path);
        error->code = code;
        return -1;
    }
    reader->error = error;
    reader->next = 1;
    buf_init(&reader->text, 1024 * 1024);
    int result = -1;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0) {
        (void)error_memory(error);
    } else {
        csv_set_realloc_func(&parser, field_realloc);
        result = parse_file(fd, &parser, reader, error);
        if (result < 0)
            error_prefix(error, "cannot read '%s'", path);
        csv_free(&parser);
    }
    buf_clear(&reader->text);
    close(fd);
    return result;
}

int csv_file_read(const char *path, const struct csv_reading *reading, struct error *error)
{
    struct reader reader = {.reading = reading};
    return read_with(&reader, path, error);
}

int csv_file_has_symbols(const char *path, struct error *error)
{
    struct reader reader = {.reading = NULL};
    if (read_with(&reader, path, error) < 0)
        return -1;
    return reader.columns.at[COLUMN_SYMBOL] >= 0;
}
