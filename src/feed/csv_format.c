/* How a CSV file is written, from its first rows: separator, header, columns, decimal mark. */
#include "feed/csv_format.h"

#include "feed/csv_number.h"

#include <stdio.h>
#include <strings.h>

#define PREAMBLE_MAX 25  /* lines of titles and remarks before the header */
#define SAMPLE_ROWS  200 /* that a file without header is judged by */

static bool begins_with(struct str text, const char *word)
{
    const size_t n = strlen(word);
    return text.n >= n && strncasecmp(text.p, word, n) == 0;
}

static struct str next_line(struct str *text)
{
    size_t n = 0;
    while (n < text->n && text->p[n] != '\n' && text->p[n] != '\r')
        n++;
    const struct str line = {text->p, n};
    while (n < text->n && (text->p[n] == '\n' || text->p[n] == '\r'))
        n++;
    *text = (struct str){text->p + n, text->n - n};
    return line;
}

static int count_in(struct str line, char separator)
{
    int count = 0;
    bool quoted = false;
    for (size_t i = 0; i < line.n; i++) {
        quoted ^= line.p[i] == '"';
        count += !quoted && line.p[i] == separator;
    }
    return count;
}

static int words_in(struct str line)
{
    int count = 0;
    for (size_t i = 0; i < line.n; i++)
        count += line.p[i] != ' ' && (i == 0 || line.p[i - 1] == ' ');
    return count;
}

/* A bar has at least five fields. Where a semicolon, tab or bar separates that many, commas are decimal marks. */
char csv_separator_find(struct str text)
{
    static const char candidate[] = {';', '\t', '|', ','};
    struct str rest = text;
    char most = ',';
    int most_count = 0;
    for (int i = 0; i < PREAMBLE_MAX && rest.n > 0; i++) {
        const struct str line = next_line(&rest);
        if (begins_with(line, "sep=") && line.n == 5)
            return line.p[4];
        for (size_t k = 0; k < sizeof candidate; k++) {
            const int count = count_in(line, candidate[k]);
            if (count >= 4 && (candidate[k] == ',' || count >= count_in(line, ',')))
                return candidate[k];
            if (count > most_count) {
                most = candidate[k];
                most_count = count;
            }
        }
        if (words_in(line) >= 5 && count_in(line, ',') == 0 && most_count == 0 &&
            csv_columns_know((struct str){line.p, strcspn(line.p, " ")}))
            return ' ';
    }
    return most;
}

const char *csv_separator_name(char separator)
{
    switch (separator) {
    case ',':
        return "comma";
    case ';':
        return "semicolon";
    case '\t':
        return "tab";
    case '|':
        return "vertical bar";
    default:
        return "blank";
    }
}

static int known_names(const struct csv_fields *fields)
{
    int count = 0;
    for (int i = 0; i < fields->count && i < CSV_FIELDS_MAX; i++)
        count += csv_columns_know(fields->field[i]);
    return count;
}

static bool is_time(struct str text)
{
    struct csv_time time;
    struct error ignored = {0};
    return csv_time_parse(&time, text.p, text.n, DATES_ANY, &ignored) == 0;
}

static bool is_number(struct str text)
{
    dec value;
    bool rounded;
    struct error ignored = {0};
    return csv_price_parse(&value, &rounded, text, '.', "", &ignored) == 0 ||
           csv_price_parse(&value, &rounded, text, ',', "", &ignored) == 0;
}

/* Where the time of a row of bars stands: 0, or 1 behind a symbol; -1: it is no such row. */
static int data_begins(const struct csv_fields *fields)
{
    for (int at = 0; at < 2 && at + 4 < fields->count; at++) {
        int numbers = 0;
        if (!is_time(fields->field[at]))
            continue;
        for (int i = at + 1; i < fields->count && i < CSV_FIELDS_MAX; i++)
            numbers += is_number(fields->field[i]);
        if (numbers >= 4)
            return at;
    }
    return -1;
}

/* Do four columns from `first` on hold open, high, low and close? */
static bool are_prices(struct csv_rows rows, int first)
{
    struct csv_fields fields;
    struct error ignored = {0};
    int sample = 0, spread = 0, misfits = 0; /* a bad row or two do not make it another order */
    while (sample < SAMPLE_ROWS && csv_rows_next(&rows, &fields, &ignored) == 1) {
        dec price[4];
        bool rounded;
        if (fields.count < first + 4)
            return false;
        for (int i = 0; i < 4; i++) {
            const struct str text = fields.field[first + i];
            const char mark = csv_number_mark(text) == MARK_COMMA ? ',' : '.';
            if (csv_price_parse(&price[i], &rounded, text, mark, "", &ignored) < 0)
                return false;
        }
        misfits += price[0] > price[1] || price[3] > price[1] || price[0] < price[2] || price[3] < price[2];
        spread += price[1] > price[2];
        sample++;
    }
    return spread > 0 && misfits * 2 <= sample;
}

static int refuse_shape(int count, struct error *error)
{
    (void)error_set(error, EXIT_INPUT, "no header for its %d columns, and their order is unknown", count);
    error_hint(error, "name them by position: --columns time,open,high,low,close,volume (- for an unused one)");
    return -1;
}

/* The columns of a file without a header: time (and time of day), open, high, low, close, volume, as Binance, Kraken,
 * MetaTrader, HistData, NinjaTrader and Stooq write them, the symbol in front in some. */
static int shape_columns(struct csv_format *format, const struct csv_rows *data, const struct csv_fields *row,
                         int time_at, struct error *error)
{
    char list[128] = "";
    const struct csv_fields *fields = row;
    int next = time_at + 1;
    const bool two = next < fields->count && !is_number(fields->field[next]) && fields->count - next >= 5;
    next += two;
    if (!are_prices(*data, next))
        return refuse_shape(fields->count, error);
    const int left = fields->count - next - 4;
    const bool binance = fields->count == 12 && time_at == 0, kraken = left == 2 && time_at == 0 && !two;
    if (left > 2 && !binance)
        return refuse_shape(fields->count, error);
    if (kraken && csv_number_mark(fields->field[fields->count - 1]) != MARK_NONE)
        return refuse_shape(fields->count, error);
    (void)snprintf(list, sizeof list, "%stime%s,open,high,low,close%s%s", time_at == 1 ? "symbol," : "",
                   two ? ",timeofday" : "", left >= 1 ? ",volume" : "",
                   binance  ? ",-,-,trades,-,-,-"
                   : kraken ? ",trades"
                            : "");
    if (two)
        memcpy(strstr(list, "time"), "date", 4);
    if (csv_columns_name(&format->columns, list, error) < 0)
        return -1;
    format->columns.count = fields->count;
    format->headerless = true;
    return 0;
}

/* yfinance's download().to_csv(): "Price,Close,…", "Ticker,AAPL,…", "Date,,…": 1 when the row belongs to such a head.
 */
static bool is_second_head(const struct csv_fields *fields)
{
    const struct str first = fields->field[0];
    if (str_is(first, "Ticker") || str_is(first, "Price"))
        return fields->count < 2 || !is_number(fields->field[1]);
    return (str_is(first, "Date") || str_is(first, "Datetime")) && fields->count > 1 && fields->field[1].n == 0;
}

static int take_header(struct csv_format *format, struct csv_rows *rows, struct csv_fields *fields, struct error *error)
{
    struct str header[CSV_FIELDS_MAX];
    const int count = fields->count < CSV_FIELDS_MAX ? fields->count : CSV_FIELDS_MAX;
    const uint64_t line = fields->line;
    memcpy(header, fields->field, (size_t)count * sizeof *header);
    if (header[0].n > 1 && header[0].p[0] == '#')
        header[0] = (struct str){header[0].p + 1, header[0].n - 1};
    for (;; format->skip++) {
        const struct csv_rows before = *rows;
        struct csv_fields next;
        struct error ignored = {0};
        if (csv_rows_next(rows, &next, &ignored) != 1 || !is_second_head(&next)) {
            *rows = before;
            break;
        }
        if (str_is(header[0], "Price") || str_is(header[0], "Ticker")) {
            header[0] = STR("Date");
            format->download = true;
        }
    }
    if (csv_columns_find(&format->columns, header, count, error) < 0) {
        error_prefix(error, "line %llu", (unsigned long long)line);
        if (format->download)
            error_hint(error,
                       "several symbols side by side: write download(…).stack('Ticker').to_csv(FILE), one symbol per "
                       "row");
        return -1;
    }
    for (int i = 0; i < count; i++) {
        char plain[32];
        csv_plain_name(plain, header[i]);
        format->adjusted_beside |= strncmp(plain, "adj", 3) == 0;
        format->month_first |= strcmp(plain, "closelast") == 0; /* Nasdaq's alone */
        format->history |= strcmp(plain, "stocksplits") == 0;
    }
    format->history = format->history && format->columns.at[COLUMN_DIVIDEND] >= 0 && !format->adjusted_beside;
    return 0;
}

/* What the numbers of the first rows say about the decimal mark. */
static void sample_decimal(struct csv_format *format, struct csv_rows rows)
{
    static const enum csv_column price[] = {COLUMN_OPEN, COLUMN_HIGH, COLUMN_LOW, COLUMN_CLOSE};
    struct csv_fields fields;
    struct error ignored = {0};
    for (int i = 0; i < SAMPLE_ROWS && csv_rows_next(&rows, &fields, &ignored) == 1; i++)
        for (size_t k = 0; k < sizeof price / sizeof *price && !format->decimal_sure; k++) {
            const int at = format->columns.at[price[k]];
            const enum csv_mark mark =
                at < fields.count && at < CSV_FIELDS_MAX ? csv_number_mark(fields.field[at]) : MARK_NONE;
            if (mark != MARK_POINT && mark != MARK_COMMA)
                continue;
            format->decimal = mark == MARK_COMMA ? ',' : '.';
            format->decimal_sure = true;
        }
}

/* Rows that come before the first bar when the user has named the columns. */
static int skip_to_data(struct csv_format *format, struct csv_rows *rows, struct error *error)
{
    struct csv_fields fields;
    for (int i = 0; i < PREAMBLE_MAX; i++) {
        const struct csv_rows before = *rows;
        const int got = csv_rows_next(rows, &fields, error);
        if (got < 0)
            return -1;
        const int at = format->columns.at[COLUMN_TIME], close = format->columns.at[COLUMN_CLOSE];
        if (got == 0 || (at < fields.count && close < fields.count && is_number(fields.field[close]))) {
            *rows = before;
            return 0;
        }
        format->skip++;
    }
    return 0;
}

/* The header, or the first row of bars. */
static int find_rows(struct csv_format *format, struct csv_rows *rows, struct error *error)
{
    struct csv_fields fields, first = {.count = 0};
    for (int i = 0; i < PREAMBLE_MAX; i++) {
        const struct csv_rows before = *rows;
        const int got = csv_rows_next(rows, &fields, error);
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        const int time_at = data_begins(&fields);
        if (time_at >= 0) {
            *rows = before;
            return shape_columns(format, rows, &fields, time_at, error);
        }
        format->skip++;
        if (known_names(&fields) >= 3)
            return take_header(format, rows, &fields, error);
        if (i == 0)
            first = fields;
    }
    if (first.count == 0)
        return error_set(error, EXIT_INPUT, "it is empty");
    return take_header(format, rows, &first, error);
}

int csv_format_find(struct csv_format *format, struct str text, const struct csv_options *options, struct error *error)
{
    struct csv_rows rows;
    *format = (struct csv_format){.decimal = '.', .dates = options->dates};
    if (text.n == 0)
        return error_set(error, EXIT_INPUT, "it is empty");
    if (begins_with(text, "<!doctype") || begins_with(text, "<html") || begins_with(text, "<?xml"))
        return error_set(error, EXIT_INPUT, "it is a web page, not a CSV file");
    if (begins_with(text, "PK\x03\x04"))
        return error_set(error, EXIT_INPUT, "it is a spreadsheet or an archive, not a CSV file: save it as CSV");
    format->separator = csv_separator_find(text);
    csv_rows_init(&rows, text, format->separator);
    if (options->columns != NULL) {
        if (csv_columns_name(&format->columns, options->columns, error) < 0 || skip_to_data(format, &rows, error) < 0)
            return -1;
    } else if (find_rows(format, &rows, error) < 0) {
        return -1;
    }
    if (options->decimal != '\0') {
        format->decimal = options->decimal;
        format->decimal_sure = true;
    } else {
        sample_decimal(format, rows);
    }
    return 0;
}
