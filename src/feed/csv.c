/* The feed "csv:PATH": one file of bars, of one symbol or with a symbol column, or a folder of SYMBOL.csv. A folder's
 * file is read when its symbol is started; a file with many symbols is read once, whole. */
#include "feed/actions.h"
#include "feed/csv_names.h"
#include "feed/csv_series.h"
#include "feed/csv_text.h"
#include "record/record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

struct csv_source {
    const struct feed_request *request;
    bool folder;
    bool many;              /* one file with a symbol column, now in `series` */
    char stem[SYMBOL_SIZE]; /* the symbol that the name of a file of one symbol says; "" for none */
    struct names symbols;
    struct csv_series *series; /* by index of the symbol */
    struct csv_facts facts;    /* of the file of many */
    struct buf text;           /* of a single file */
    bool warned;               /* of prices that look adjusted: once a run */
};

struct feed_stream {
    const struct csv_source *source;
    char symbol[SYMBOL_SIZE];
    struct csv_series own; /* of a file of one symbol */
    struct csv_facts facts;
    const struct csv_series *series;
    struct action_set actions;
    size_t next_bar, next_action;
};

/* Collects the rows of one reading. */
struct collector {
    struct csv_source *source;
    struct csv_series *one;  /* NULL: by symbol into the source */
    struct csv_series *last; /* of the row before, and its symbol */
    struct str last_symbol;
};

/* The series of a row; NULL with an error. */
static struct csv_series *series_of(struct collector *collector, struct str symbol, struct error *error)
{
    struct csv_source *source = collector->source;
    if (collector->one != NULL)
        return collector->one;
    if (collector->last != NULL && str_equal(symbol, collector->last_symbol))
        return collector->last;
    if (!feed_symbol_is_valid(symbol)) {
        (void)error_set(error, EXIT_INPUT, "symbol '" STR_FMT "' is not 1 to 32 printable characters",
                        symbol.n > 40 ? 40 : (int)symbol.n, symbol.p);
        return NULL;
    }
    const size_t known = source->symbols.count;
    const int64_t index = names_add(&source->symbols, symbol, error);
    if (index < 0)
        return NULL;
    if (source->symbols.count > known) {
        struct csv_series *series = reallocarray(source->series, source->symbols.count, sizeof *series);
        if (series == NULL) {
            (void)error_memory(error);
            return NULL;
        }
        source->series = series;
        series[index] = (struct csv_series){.entry = NULL};
    }
    collector->last = &source->series[index];
    collector->last_symbol = symbol;
    return collector->last;
}

/* A bad row without a symbol, in a file of many. */
static int report(const struct collector *collector, uint64_t line, struct error *error)
{
    const struct feed_request *request = collector->source->request;
    return error->code == EXIT_INPUT ? request->bad(request->context, request->argument, line, error) : -1;
}

static int on_bad(void *context, const struct csv_row *row, struct error *error)
{
    struct collector *collector = context;
    struct error other = {0};
    struct csv_series *series = series_of(collector, row->symbol, &other);
    if (series == NULL)
        return report(collector, row->line, error);
    return csv_series_add_bad(series, row, collector->source->request->csv_zone, error);
}

static int on_row(void *context, const struct csv_row *row, struct error *error)
{
    struct collector *collector = context;
    struct csv_series *series = series_of(collector, row->symbol, error);
    return series == NULL ? report(collector, row->line, error) : csv_series_add(series, row, error);
}

static void on_restart(void *context)
{
    struct collector *collector = context;
    if (collector->one != NULL)
        csv_series_clear(collector->one);
    for (size_t i = 0; collector->one == NULL && i < collector->source->symbols.count; i++)
        csv_series_clear(&collector->source->series[i]);
}

static int read_rows(struct csv_source *source, struct str text, struct csv_series *one, struct csv_facts *facts,
                     struct error *error)
{
    struct collector collector = {.source = source, .one = one};
    const struct csv_reading reading = {
        .options = source->request->csv,
        .calendar = source->request->calendar,
        .zone = source->request->csv_zone,
        .row = on_row,
        .bad = on_bad,
        .restart = on_restart,
        .context = &collector,
    };
    return csv_file_read(text, &reading, facts, error);
}

static void csv_close(void *opened)
{
    struct csv_source *source = opened;
    for (size_t i = 0; source->series != NULL && i < source->symbols.count; i++)
        csv_series_clear(&source->series[i]);
    free(source->series);
    names_clear(&source->symbols);
    buf_clear(&source->text);
    free(source);
}

/* A single file is read at once, since whether it holds many symbols is written in it; standard input is there once. */
static int open_file(struct csv_source *source, struct error *error)
{
    const char *path = source->request->argument;
    struct csv_format format;
    csv_symbol_of_file(source->stem, path);
    if (csv_text_read(path, &source->text, error) < 0)
        return -1;
    if (csv_format_find(&format, buf_str(&source->text), &source->request->csv, error) < 0) {
        if (error->code == EXIT_INPUT)
            error_prefix(error, "cannot read '%s'", path);
        return -1;
    }
    source->many = format.columns.at[COLUMN_SYMBOL] >= 0;
    if (!source->many || read_rows(source, buf_str(&source->text), NULL, &source->facts, error) == 0)
        return 0;
    if (error->code == EXIT_INPUT)
        error_prefix(error, "cannot read '%s'", path);
    return -1;
}

static int csv_open(void **opened, const struct feed_request *request, struct error *error)
{
    struct stat status;
    const bool standard_input = strcmp(request->argument, "-") == 0;
    if (request->argument[0] == '\0')
        return error_set(error, EXIT_USAGE, "source csv needs a path: csv:FILE or csv:FOLDER");
    if (!standard_input && stat(request->argument, &status) != 0) {
        (void)error_system(error, "cannot read '%s'", request->argument);
        error->code = errno == ENOENT || errno == ENOTDIR ? EXIT_UNAVAILABLE : EXIT_SYSTEM;
        if (request->argument[0] == '~')
            error_hint(error, "'~' is read by the shell only; in the configuration write \"${HOME}%s\"",
                       request->argument + 1);
        return -1;
    }
    struct csv_source *source = calloc(1, sizeof *source);
    if (source == NULL)
        return error_memory(error);
    source->request = request;
    source->folder = !standard_input && S_ISDIR(status.st_mode);
    names_init(&source->symbols);
    buf_init(&source->text, CSV_TEXT_MAX);
    if (!source->folder && open_file(source, error) < 0) {
        csv_close(source);
        return -1;
    }
    *opened = source;
    return 0;
}

static int list_folder(const struct csv_source *source, struct names *symbols, struct error *error)
{
    const struct feed_request *request = source->request;
    char text[4096];
    struct names nameless;
    names_init(&nameless);
    const int result = csv_folder_symbols(request->argument, symbols, &nameless, error);
    for (size_t i = 0; i < nameless.count; i++) {
        (void)snprintf(text, sizeof text, "'%s' of '%s' is passed over: its name is not a symbol", nameless.name[i],
                       request->argument);
        request->warn(request->context, "", text, NULL);
    }
    names_clear(&nameless);
    return result;
}

static int csv_symbols(void *opened, struct names *symbols, struct error *error)
{
    const struct csv_source *source = opened;
    if (source->folder)
        return list_folder(source, symbols, error);
    if (!source->many) {
        if (source->stem[0] == '\0')
            return error_set(error, EXIT_USAGE, "'%s' has no symbol: name one", source->request->argument);
        return names_add(symbols, str_of(source->stem), error) < 0 ? -1 : 0;
    }
    for (size_t i = 0; i < source->symbols.count; i++)
        if (names_add(symbols, str_of(source->symbols.name[i]), error) < 0)
            return -1;
    return 0;
}

static int add_actions(struct feed_stream *stream, const struct csv_entry *entry, int64_t date, struct error *error)
{
    const struct feed_request *request = stream->source->request;
    struct action action;
    record_blank(RECORD_ACTION, &action);
    memcpy(action.symbol, stream->symbol, sizeof action.symbol);
    if (entry->new_shares > 0 && stream->series->adjusted != ADJUSTED_SPLIT) {
        action.kind = ACTION_SPLIT;
        action.new_shares = entry->new_shares;
        action.old_shares = entry->old_shares;
        if (action_set_add(&stream->actions, &action, date, request->calendar, error) < 0)
            return -1;
    }
    if (entry->dividend <= 0)
        return 0;
    action.kind = ACTION_DIVIDEND;
    action.new_shares = action.old_shares = 0;
    action.cash = entry->dividend;
    return action_set_add(&stream->actions, &action, date, request->calendar, error);
}

/* The actions of a file's own columns, rows without prices included. Under "total" prices they are in the prices
 * already; under "split" prices the splits are. */
static int collect_actions(struct feed_stream *stream, struct error *error)
{
    const struct csv_series *series = stream->series;
    if (series->adjusted == ADJUSTED_TOTAL)
        return 0;
    for (size_t i = 0; i < series->count; i++)
        if (add_actions(stream, &series->entry[i], series->entry[i].date, error) < 0)
            return -1;
    for (size_t i = 0; i < series->actions; i++) {
        const int64_t date = csv_time_date(&series->action[i].time, stream->source->request->csv_zone);
        if (add_actions(stream, &series->action[i], date, error) < 0)
            return -1;
    }
    return 0;
}

static void csv_stop(struct feed_stream *stream)
{
    if (stream == NULL)
        return;
    csv_series_clear(&stream->own);
    action_set_clear(&stream->actions);
    free(stream);
}

/* A folder's file of the symbol, or the file that is open. */
static int read_own(struct feed_stream *stream, struct csv_source *source, const char *file, struct error *error)
{
    struct buf text;
    struct str bytes = buf_str(&source->text);
    buf_init(&text, CSV_TEXT_MAX);
    int result = source->folder ? csv_text_read(file, &text, error) : 0;
    if (source->folder)
        bytes = buf_str(&text);
    if (result == 0 && (result = read_rows(source, bytes, &stream->own, &stream->facts, error)) < 0 &&
        error->code == EXIT_INPUT)
        error_prefix(error, "cannot read '%s'", file);
    buf_clear(&text);
    return result;
}

/* Prices beside an adjusted close are read as they are: raw, or adjusted for splits as Yahoo's. A backtest of them
 * earns no dividends, and only the user knows which they are. */
static void warn_of_adjusted(struct csv_source *source, const char *symbol, const struct csv_series *series,
                             const struct csv_facts *facts)
{
    const struct feed_request *request = source->request;
    const int *at = facts->format.columns.at;
    if (source->warned || !facts->close_adjusted || request->adjusted != ADJUSTED_NONE || request->actions_said ||
        series->adjusted != ADJUSTED_RAW || at[COLUMN_DIVIDEND] >= 0 || at[COLUMN_SPLIT] >= 0)
        return;
    source->warned = true;
    request->warn(request->context, symbol,
                  "its adjusted close differs from its close: read as raw, without dividends (said once a run)",
                  "--actions FILE has dividends and splits; --adjusted split: splits are in the prices, as in Yahoo's "
                  "files; --adjusted raw: it is known");
}

static int start_series(struct feed_stream *stream, struct csv_source *source, struct error *error)
{
    char path[4096];
    const struct feed_request *request = source->request;
    struct csv_series *series = &stream->own;
    const struct csv_facts *facts = &stream->facts;
    const char *file = request->argument;
    if (source->many) {
        const int64_t index = names_find(&source->symbols, str_of(stream->symbol));
        if (index < 0)
            return csv_refuse_symbol(&source->symbols, stream->symbol, file, error);
        series = &source->series[index];
        facts = &source->facts;
    } else {
        if (source->folder) {
            if (csv_folder_file(path, sizeof path, file, stream->symbol, error) < 0)
                return -1;
            file = path;
        }
        if (read_own(stream, source, file, error) < 0)
            return -1;
    }
    stream->series = series;
    if (csv_series_finish(series, file, stream->symbol, facts, request, error) < 0)
        return -1;
    warn_of_adjusted(source, stream->symbol, series, facts);
    return collect_actions(stream, error);
}

static struct feed_stream *csv_start(void *opened, const char *symbol, struct error *error)
{
    struct csv_source *source = opened;
    struct feed_stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    stream->source = source;
    (void)snprintf(stream->symbol, sizeof stream->symbol, "%s", symbol);
    action_set_init(&stream->actions);
    if (start_series(stream, source, error) < 0) {
        csv_stop(stream);
        return NULL;
    }
    return stream;
}

static int csv_next(struct feed_stream *stream, struct feed_item *item, struct error *error)
{
    (void)error;
    const struct feed_request *request = stream->source->request;
    const struct csv_series *series = stream->series;
    const struct csv_entry *entry = stream->next_bar < series->count ? &series->entry[stream->next_bar] : NULL;
    if (stream->next_action < stream->actions.count) {
        const struct action *action = action_set_get(&stream->actions, stream->next_action);
        if (entry == NULL || action->time <= entry->start) {
            item->type = RECORD_ACTION;
            item->action = *action;
            stream->next_action++;
            return 1;
        }
    }
    if (entry == NULL)
        return 0;
    stream->next_bar++;
    item->type = RECORD_BAR;
    item->bar = (struct bar){
        .time = entry->start,
        .end = entry->end,
        .session = interval_is_daily(series->interval) ? entry->date : TIME_NONE,
        .interval = series->interval,
        .open = entry->open,
        .high = entry->high,
        .low = entry->low,
        .close = entry->close,
        .volume = entry->volume,
        .vwap = entry->vwap,
        .trades = entry->trades,
        .open_interest = entry->interest,
        .adjusted = series->adjusted,
        .final = -1,
    };
    memcpy(item->bar.symbol, stream->symbol, sizeof item->bar.symbol);
    (void)snprintf(item->bar.source, sizeof item->bar.source, "%s", request->name);
    return 1;
}

const struct feed feed_csv = {
    .name = "csv",
    .argument = "PATH",
    .summary = "a CSV file of bars, or a folder of SYMBOL.csv",
    .open = csv_open,
    .close = csv_close,
    .symbols = csv_symbols,
    .start = csv_start,
    .next = csv_next,
    .stop = csv_stop,
};
