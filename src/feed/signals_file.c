/* Signals from files. */
#include "feed/signals_file.h"

#include "base/file.h"
#include "base/hash.h"
#include "feed/csv_columns.h"
#include "feed/csv_format.h"
#include "feed/csv_rows.h"
#include "feed/csv_text.h"
#include "feed/csv_time.h"
#include "record/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum column { TIME, SYMBOL, SIDE, SOURCE, STOP, TARGET, PRICE, INTERVAL, ID, COLUMNS };

static const struct {
    const char *name;
    enum column column;
} known[] = {
    {"time", TIME},     {"date", TIME},      {"datetime", TIME},     {"symbol", SYMBOL},      {"ticker", SYMBOL},
    {"side", SIDE},     {"direction", SIDE}, {"action", SIDE},       {"source", SOURCE},      {"strategy", SOURCE},
    {"author", SOURCE}, {"stop", STOP},      {"stoploss", STOP},     {"target", TARGET},      {"takeprofit", TARGET},
    {"price", PRICE},   {"entry", PRICE},    {"interval", INTERVAL}, {"timeframe", INTERVAL}, {"id", ID},
};

static const struct {
    const char *word;
    enum want side;
} sides[] = {{"long", WANT_LONG},        {"buy", WANT_LONG},  {"short", WANT_SHORT}, {"sell_short", WANT_SHORT},
             {"sell short", WANT_SHORT}, {"flat", WANT_FLAT}, {"sell", WANT_FLAT},   {"exit", WANT_FLAT},
             {"close", WANT_FLAT},       {"cover", WANT_FLAT}};

struct signal_rows {
    struct signals_file *file;
    const char *name;
    struct sha256 *hash;
    const struct csv_fields *fields;
    int at[COLUMNS];
};

static int find_columns(struct signal_rows *rows, const struct csv_fields *fields, struct error *error)
{
    for (int i = 0; i < COLUMNS; i++)
        rows->at[i] = -1;
    for (int i = 0; i < fields->count && i < CSV_FIELDS_MAX; i++) {
        char plain[32];
        csv_plain_name(plain, fields->field[i]);
        for (size_t k = 0; k < sizeof known / sizeof *known; k++)
            if (strcmp(plain, known[k].name) == 0 && rows->at[known[k].column] < 0)
                rows->at[known[k].column] = i;
    }
    if (rows->at[TIME] >= 0 && rows->at[SYMBOL] >= 0 && rows->at[SIDE] >= 0)
        return 0;
    error_set(error, EXIT_INPUT, "line %llu: no column for the time, the symbol or the side",
              (unsigned long long)fields->line);
    error_hint(error, "the first line names the columns: time,symbol,side,source,stop,target");
    return -1;
}

static struct str field_of(const struct signal_rows *rows, enum column column)
{
    const int at = rows->at[column];
    return at < 0 || at >= rows->fields->count ? STR("") : rows->fields->field[at];
}

static int shown(struct str text)
{
    return text.n > 40 ? 40 : (int)text.n;
}

/* `spaces`: blanks may stand between other characters. */
static int copy_text(char *to, size_t size, struct str text, bool spaces, const char *what, struct error *error)
{
    bool printable = text.n > 0 && text.n < size;
    for (size_t i = 0; i < text.n && printable; i++)
        printable = (text.p[i] > ' ' && text.p[i] <= '~') || (spaces && text.p[i] == ' ');
    if (!printable)
        return error_set(error, EXIT_INPUT, "%s '" STR_FMT "' is not 1 to %zu printable characters", what, shown(text),
                         text.p, size - 1);
    memcpy(to, text.p, text.n);
    to[text.n] = '\0';
    return 0;
}

static int read_time(const struct signal_rows *rows, int64_t *time, struct error *error)
{
    const struct str text = field_of(rows, TIME);
    const struct calendar *calendar = rows->file->calendar;
    const struct zone *zone = calendar->zone; /* NULL: the calendar is in UTC */
    struct csv_time read;
    if (csv_time_parse(&read, text.p, text.n, DATES_ANY, error) != 0)
        return -1;
    if (read.orders != 0 && (read.orders & (read.orders - 1)) != 0)
        return error_set(error, EXIT_INPUT, "'" STR_FMT "' may be day first or month first: write 2024-06-28",
                         shown(text), text.p);
    if (read.zone.n > 0)
        return error_set(error, EXIT_INPUT, "'" STR_FMT "' names a zone: write an offset, as in -05:00", shown(text),
                         text.p);
    if (read.kind == CSV_LOCAL && zone != NULL && csv_time_is_skipped(&read, zone))
        return error_set(error, EXIT_INPUT, "'" STR_FMT "' does not exist: clocks went forward", shown(text), text.p);
    if (read.kind == CSV_DATE)
        *time = calendar_midnight(calendar, read.local / TIME_DAY - (read.local % TIME_DAY < 0) + 1);
    else if (read.kind == CSV_LOCAL && zone == NULL)
        *time = read.local;
    else
        *time = read.kind == CSV_EXACT ? read.time : csv_time_moment(&read, zone);
    return 0;
}

static int read_side(const struct signal_rows *rows, enum want *side, struct error *error)
{
    const struct str text = field_of(rows, SIDE);
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++)
        if (strlen(sides[i].word) == text.n && strncasecmp(sides[i].word, text.p, text.n) == 0) {
            *side = sides[i].side;
            return 0;
        }
    return error_set(error, EXIT_INPUT, "side '" STR_FMT "' is not long, short or flat", shown(text), text.p);
}

static int read_price(const struct signal_rows *rows, enum column column, const char *what, dec *price,
                      struct error *error)
{
    const struct str text = field_of(rows, column);
    if (text.n == 0)
        return 0;
    if (dec_parse(price, text.p, text.n, error) != 0 || *price <= 0) {
        error_clear(error);
        return error_set(error, EXIT_INPUT, "%s '" STR_FMT "' is not a price above 0", what, shown(text), text.p);
    }
    return 0;
}

/* As the id of a level: over what is said since when. */
static int make_id(struct sha256 *hash, struct signal *signal, struct error *error)
{
    char text[STRATEGY_SIZE + SYMBOL_SIZE + TIME_TEXT_MAX + 16], since[TIME_TEXT_MAX];
    uint8_t digest[SHA256_SIZE];
    since[time_format(since, signal->time)] = '\0';
    const int n =
        snprintf(text, sizeof text, "%s\n%s\n%s\n%s", signal->strategy, signal->symbol, want_text(signal->side), since);
    if (sha256_of(hash, text, (size_t)n, digest, error) != 0)
        return -1;
    memcpy(signal->id, "sg", 2);
    hash_base32(signal->id + 2, digest, 80);
    return 0;
}

static int read_row(const struct signal_rows *rows, struct signal *signal, struct error *error)
{
    const struct str source = field_of(rows, SOURCE), id = field_of(rows, ID), interval = field_of(rows, INTERVAL),
                     symbol = field_of(rows, SYMBOL);
    record_blank(RECORD_SIGNAL, signal);
    if (symbol.n > 0 && symbol.p[0] == '/')
        return error_set(error, EXIT_INPUT, "symbol '" STR_FMT "' starts with a slash", shown(symbol), symbol.p);
    if (read_time(rows, &signal->time, error) != 0 || read_side(rows, &signal->side, error) != 0 ||
        copy_text(signal->symbol, sizeof signal->symbol, symbol, false, "symbol", error) != 0 ||
        copy_text(signal->strategy, sizeof signal->strategy, source.n > 0 ? source : str_of(rows->name), true, "source",
                  error) != 0 ||
        read_price(rows, STOP, "stop", &signal->stop, error) != 0 ||
        read_price(rows, TARGET, "target", &signal->target, error) != 0 ||
        read_price(rows, PRICE, "price", &signal->price, error) != 0 ||
        (interval.n > 0 && interval_parse(&signal->interval, interval.p, interval.n, error) != 0)) {
        error_recode(error, EXIT_INPUT);
        return -1;
    }
    signal->decided = signal->time;
    return id.n > 0 ? copy_text(signal->id, sizeof signal->id, id, false, "id", error)
                    : make_id(rows->hash, signal, error);
}

int signals_file_parse(struct str text, const char *path, const char *name, struct signals_file *file,
                       struct error *error)
{
    struct signal_rows rows = {.file = file, .name = name};
    struct csv_rows csv;
    struct csv_fields fields;
    struct signal signal;
    rows.hash = sha256_new(error);
    if (rows.hash == NULL)
        return -1;
    csv_rows_init(&csv, text, csv_separator_find(text));
    int got = csv_rows_next(&csv, &fields, error);
    if (got == 0)
        got = error_set(error, EXIT_INPUT, "it is empty");
    else if (got == 1)
        got = find_columns(&rows, &fields, error);
    while (got >= 0 && (got = csv_rows_next(&csv, &fields, error)) == 1) {
        rows.fields = &fields;
        if (read_row(&rows, &signal, error) == 0 && file->take(file->context, &signal, error) == 0)
            continue;
        error_prefix(error, "%s: line %llu", path, (unsigned long long)fields.line);
        got = error->code == EXIT_INPUT ? file->bad(file->context, error) : -1;
    }
    sha256_free(rows.hash);
    return got;
}

static int read_csv(const char *path, struct signals_file *file, struct error *error)
{
    const char *slash = strrchr(path, '/'), *base = slash == NULL ? path : slash + 1;
    char name[STRATEGY_SIZE];
    struct buf text;
    (void)snprintf(name, sizeof name, "%s", base);
    char *dot = strrchr(name, '.');
    if (dot != NULL && dot != name)
        *dot = '\0';
    int result = csv_text_read(path, &text, error);
    if (result == 0 && (result = signals_file_parse(buf_str(&text), path, name, file, error)) != 0 &&
        error->code == EXIT_INPUT && strstr(error->text, path) == NULL)
        error_prefix(error, "cannot read '%s'", path);
    buf_clear(&text);
    return result;
}

static int take_record(const struct record *record, struct signals_file *file, struct error *error)
{
    struct signal signal;
    struct end end;
    if (record->type == RECORD_END && record_decode(record, &end, error) == 0)
        file->status = exit_worst(file->status, end.status > EXIT_SYSTEM ? EXIT_SYSTEM : (enum exit_code)end.status);
    if (record->type != RECORD_SIGNAL)
        return error_is_set(error) ? -1 : 0;
    return record_decode(record, &signal, error) == 0 ? file->take(file->context, &signal, error) : -1;
}

static int read_records(const char *path, struct signals_file *file, struct error *error)
{
    struct reader *reader = reader_open(path, NULL, NULL, error);
    const struct record *record;
    int got;
    while (reader != NULL && (got = reader_next(reader, &record, error)) != 0) {
        if (got == 1 && take_record(record, file, error) == 0)
            continue;
        if (got == 1)
            reader_prefix(reader, error);
        if (error->code != EXIT_INPUT || file->bad(file->context, error) != 0)
            break;
    }
    reader_close(reader);
    return error_is_set(error) ? -1 : 0;
}

int signals_file_read(const char *path, struct signals_file *file, struct error *error)
{
    const size_t n = strlen(path);
    return n > 4 && strcasecmp(path + n - 4, ".csv") == 0 ? read_csv(path, file, error)
                                                          : read_records(path, file, error);
}
