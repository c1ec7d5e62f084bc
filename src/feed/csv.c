/* The feed "csv:PATH": one file of bars, of one symbol or with a symbol column, or a folder of SYMBOL.csv. A folder's
 * file is read when its symbol is started; a file with many symbols is read once, whole. */
#include "feed/actions.h"
#include "feed/csv_series.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>

struct csv_source {
    const struct feed_request *request;
    bool folder;
    bool many;              /* one file with a symbol column, now in `series` */
    char stem[SYMBOL_SIZE]; /* the symbol that the name of a file of one symbol says; "" for none */
    struct names symbols;
    struct csv_series *series; /* by index of the symbol */
};

struct feed_stream {
    const struct csv_source *source;
    char symbol[SYMBOL_SIZE];
    struct csv_series own; /* of a file of one symbol */
    const struct csv_series *series;
    struct action_set actions;
    size_t next_bar, next_action;
};

/* Collects the rows of one reading. */
struct collector {
    struct csv_source *source;
    const char *file;
    struct csv_series *one; /* NULL: by symbol into the source */
};

static int on_bad(void *context, uint64_t line, struct error *error)
{
    const struct collector *collector = context;
    const struct feed_request *request = collector->source->request;
    return request->bad(request->context, collector->file, line, error);
}

static int on_row(void *context, const struct csv_row *row, struct error *error)
{
    const struct collector *collector = context;
    struct csv_source *source = collector->source;
    if (collector->one != NULL)
        return csv_series_add(collector->one, row, error);
    if (!feed_symbol_is_valid(row->symbol)) {
        (void)error_set(error, EXIT_INPUT, "symbol '" STR_FMT "' is not 1 to 32 printable characters",
                        row->symbol.n > 40 ? 40 : (int)row->symbol.n, row->symbol.p);
        return on_bad(context, row->line, error);
    }
    const size_t known = source->symbols.count;
    const int64_t index = names_add(&source->symbols, row->symbol, error);
    if (index < 0)
        return -1;
    if (source->symbols.count > known) {
        struct csv_series *series = reallocarray(source->series, source->symbols.count, sizeof *series);
        if (series == NULL)
            return error_memory(error);
        source->series = series;
        series[index] = (struct csv_series){.entry = NULL};
    }
    return csv_series_add(&source->series[index], row, error);
}

static int read_rows(struct csv_source *source, const char *file, struct csv_series *one, struct error *error)
{
    struct collector collector = {.source = source, .file = file, .one = one};
    const struct csv_reading reading = {.row = on_row, .bad = on_bad, .context = &collector};
    return csv_file_read(file, &reading, error);
}

/* The symbol a file name stands for: without folder and ".csv", upper case; "" when that is no symbol. */
static void stem_of(char stem[static SYMBOL_SIZE], const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
    size_t n = strlen(name);
    if (n > 4 && strcasecmp(name + n - 4, ".csv") == 0)
        n -= 4;
    stem[0] = '\0';
    if (!feed_symbol_is_valid((struct str){name, n}))
        return;
    for (size_t i = 0; i < n; i++)
        stem[i] = (char)(name[i] >= 'a' && name[i] <= 'z' ? name[i] - 'a' + 'A' : name[i]);
    stem[n] = '\0';
}

static void csv_close(void *opened)
{
    struct csv_source *source = opened;
    for (size_t i = 0; source->series != NULL && i < source->symbols.count; i++)
        csv_series_clear(&source->series[i]);
    free(source->series);
    names_clear(&source->symbols);
    free(source);
}

static int csv_open(void **opened, const struct feed_request *request, struct error *error)
{
    struct stat status;
    if (request->argument[0] == '\0')
        return error_set(error, EXIT_USAGE, "source csv needs a path: csv:FILE or csv:FOLDER");
    if (stat(request->argument, &status) != 0) {
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
    source->folder = S_ISDIR(status.st_mode);
    names_init(&source->symbols);
    if (!source->folder) {
        stem_of(source->stem, request->argument);
        const int many = S_ISREG(status.st_mode) ? csv_file_has_symbols(request->argument, error) : 0;
        source->many = many == 1;
        if (many < 0 || (source->many && read_rows(source, request->argument, NULL, error) < 0)) {
            csv_close(source);
            return -1;
        }
    }
    *opened = source;
    return 0;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Every SYMBOL.csv of the folder, by name. */
static int folder_symbols(const char *folder, struct names *symbols, struct error *error)
{
    DIR *directory = opendir(folder);
    if (directory == NULL)
        return error_system(error, "cannot read '%s'", folder);
    struct names found;
    names_init(&found);
    int result = 0;
    const struct dirent *file;
    while (result == 0 && (file = readdir(directory)) != NULL) {
        char stem[SYMBOL_SIZE];
        const size_t n = strlen(file->d_name);
        if (n <= 4 || strcasecmp(file->d_name + n - 4, ".csv") != 0)
            continue;
        stem_of(stem, file->d_name);
        if (stem[0] != '\0' && names_add(&found, str_of(stem), error) < 0)
            result = -1;
    }
    closedir(directory);
    if (found.count > 1)
        qsort(found.name, found.count, sizeof *found.name, compare_names);
    for (size_t i = 0; result == 0 && i < found.count; i++)
        if (names_add(symbols, str_of(found.name[i]), error) < 0)
            result = -1;
    names_clear(&found);
    return result;
}

static int csv_symbols(void *opened, struct names *symbols, struct error *error)
{
    const struct csv_source *source = opened;
    if (source->folder)
        return folder_symbols(source->request->argument, symbols, error);
    if (!source->many) {
        if (source->stem[0] == '\0')
            return error_set(error, EXIT_USAGE, "'%s' does not say its symbol: name one", source->request->argument);
        return names_add(symbols, str_of(source->stem), error) < 0 ? -1 : 0;
    }
    for (size_t i = 0; i < source->symbols.count; i++)
        if (names_add(symbols, str_of(source->symbols.name[i]), error) < 0)
            return -1;
    return 0;
}

/* The folder's file of a symbol, whatever its capitals are; '/' and ':' of a symbol are '-' in the name. */
static int folder_file(char *path, size_t size, const char *folder, const char *symbol, struct error *error)
{
    char name[SYMBOL_SIZE + 4];
    if (strstr(symbol, "..") != NULL)
        return error_set(error, EXIT_INPUT, "'%s' cannot be the name of a file", symbol);
    (void)snprintf(name, sizeof name, "%s.csv", symbol);
    for (char *p = name; *p != '\0'; p++)
        if (*p == '/' || *p == ':')
            *p = '-';
    struct stat status;
    if ((size_t)snprintf(path, size, "%s/%s", folder, name) >= size)
        return error_set(error, EXIT_INPUT, "the path of '%s' is too long", name);
    if (stat(path, &status) == 0)
        return 0;
    DIR *directory = opendir(folder);
    if (directory == NULL)
        return error_system(error, "cannot read '%s'", folder);
    const struct dirent *file;
    bool found = false;
    while (!found && (file = readdir(directory)) != NULL)
        if (strcasecmp(file->d_name, name) == 0)
            found = (size_t)snprintf(path, size, "%s/%s", folder, file->d_name) < size;
    closedir(directory);
    return found ? 0 : error_set(error, EXIT_UNAVAILABLE, "no '%s' in '%s'", name, folder);
}

/* The actions of a file's own columns. Under "total" prices they are in the prices already; under "split" prices the
 * splits are. */
static int collect_actions(struct feed_stream *stream, struct error *error)
{
    const struct feed_request *request = stream->source->request;
    if (request->adjusted == ADJUSTED_TOTAL)
        return 0;
    for (size_t i = 0; i < stream->series->count; i++) {
        const struct csv_entry *entry = &stream->series->entry[i];
        struct action action = {.kind = ACTION_NONE, .cash = DEC_NONE, .basis_share = DEC_NONE};
        memcpy(action.symbol, stream->symbol, sizeof action.symbol);
        if (entry->new_shares > 0 && request->adjusted != ADJUSTED_SPLIT) {
            action.kind = ACTION_SPLIT;
            action.new_shares = entry->new_shares;
            action.old_shares = entry->old_shares;
            if (action_set_add(&stream->actions, &action, entry->date, request->calendar, error) < 0)
                return -1;
        }
        if (entry->dividend > 0) {
            action.kind = ACTION_DIVIDEND;
            action.new_shares = action.old_shares = 0;
            action.cash = entry->dividend;
            if (action_set_add(&stream->actions, &action, entry->date, request->calendar, error) < 0)
                return -1;
        }
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

static int start_series(struct feed_stream *stream, struct csv_source *source, struct error *error)
{
    char path[4096];
    const struct feed_request *request = source->request;
    struct csv_series *series = &stream->own;
    const char *file = request->argument;
    if (source->many) {
        const int64_t index = names_find(&source->symbols, str_of(stream->symbol));
        if (index < 0)
            return error_set(error, EXIT_UNAVAILABLE, "not in '%s'", file);
        series = &source->series[index];
    } else {
        if (source->folder) {
            if (folder_file(path, sizeof path, file, stream->symbol, error) < 0)
                return -1;
            file = path;
        }
        if (read_rows(source, file, series, error) < 0)
            return -1;
    }
    stream->series = series;
    if (csv_series_finish(series, file, stream->symbol, request, error) < 0)
        return -1;
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
        .adjusted = request->adjusted,
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
