/* Files of columns. */
#include "backtest/pack.h"

#include "backtest/history_parts.h"
#include "base/checksum.h"
#include "base/file.h"
#include "base/list.h"
#include "market/bar_times.h"
#include "record/record.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define COLUMNS     8
#define BARS_MAX    (UINT64_C(1) << 40)
#define PARTS_MAX   (UINT64_C(1) << 40)
#define COMPLETE    1U
#define SERIES_SIZE 64

struct pack_header {
    char magic[8];
    uint64_t version, size; /* of the file */
    uint64_t series, runs, text, bars;
    int64_t first, last;
    uint64_t flags;
    char input[64];
    uint64_t parts_sum; /* of series, runs, texts and the checksums of the columns */
    uint64_t sum;       /* of what stands before it */
};
_Static_assert(sizeof(struct pack_header) == 160, "a header has no holes");

struct pack_series {
    char symbol[40];
    uint32_t unit, adjusted;
    int64_t count;
    uint64_t unused;
};
_Static_assert(sizeof(struct pack_series) == SERIES_SIZE, "a series has no holes");

/* Bars, or a line of text. */
struct pack_run {
    uint32_t kind, series;
    uint64_t count; /* bars, or bytes */
};
enum { KIND_BARS, KIND_TEXT };

/* Where the parts of a file begin. */
struct layout {
    uint64_t series, runs, text, sums, columns, size, blocks;
};

static const char magic[8] = {'T', 'N', 'B', 'A', 'R', 'S', '\r', '\n'};

static const char *const column_names[COLUMNS] = {"time", "end", "session", "open", "high", "low", "close", "volume"};

static uint64_t aligned(uint64_t n)
{
    return (n + 7) / 8 * 8;
}

static struct layout layout_of(const struct pack_header *header)
{
    struct layout layout = {.series = sizeof *header};
    layout.blocks = (header->bars + PACK_BLOCK - 1) / PACK_BLOCK;
    layout.runs = layout.series + header->series * sizeof(struct pack_series);
    layout.text = layout.runs + header->runs * sizeof(struct pack_run);
    layout.sums = layout.text + aligned(header->text);
    layout.columns = layout.sums + COLUMNS * layout.blocks * sizeof(uint64_t);
    layout.size = layout.columns + COLUMNS * header->bars * sizeof(int64_t);
    return layout;
}

bool pack_is(const char *path)
{
    char begin[sizeof magic];
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return false;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const bool is =
        fd >= 0 && read(fd, begin, sizeof begin) == (ssize_t)sizeof begin && memcmp(begin, magic, sizeof begin) == 0;
    if (fd >= 0)
        (void)close(fd);
    return is;
}

/* The columns of a history, in the order of the file. */
static void list_columns(const struct history *history, const void *column[static COLUMNS])
{
    const struct bar_columns *bars = &history->bars;
    const void *const list[COLUMNS] = {bars->time, bars->end, bars->session, bars->open,
                                       bars->high, bars->low, bars->close,   bars->volume};
    memcpy(column, list, sizeof list);
}

static void add_series(const struct history *history, struct buf *out)
{
    for (size_t i = 0; i < history->series_count; i++) {
        const struct history_series *from = &history->series[i];
        struct pack_series series = {
            .unit = from->interval.unit, .adjusted = from->adjusted, .count = from->interval.count};
        memcpy(series.symbol, from->symbol, strlen(from->symbol));
        buf_add(out, &series, sizeof series);
    }
}

/* The lines go into `text`, in the order of the runs. */
static void add_runs(const struct history *history, struct buf *out, struct buf *text)
{
    for (size_t i = 0; i < history->runs; i++) {
        const struct record_run *from = &history->run[i];
        struct pack_run run = {.kind = KIND_BARS, .series = from->series, .count = from->count};
        if (from->type != RECORD_BAR) {
            const size_t before = text->n;
            if (from->type == RECORD_EVENT) {
                buf_add_str(text, history->event[from->from].line);
                buf_add_char(text, '\n');
            } else {
                record_encode(text, from->type,
                              from->type == RECORD_ACTION ? (const void *)&history->action[from->from]
                                                          : &history->anomaly[from->from]);
            }
            run = (struct pack_run){.kind = KIND_TEXT, .count = text->n - before};
        }
        buf_add(out, &run, sizeof run);
    }
}

static void add_sums(const struct history *history, struct buf *out)
{
    const void *column[COLUMNS];
    const size_t count = history->bars.count;
    list_columns(history, column);
    for (int c = 0; c < COLUMNS; c++)
        for (size_t i = 0; i < count; i += PACK_BLOCK) {
            const size_t values = count - i < PACK_BLOCK ? count - i : PACK_BLOCK;
            const uint64_t sum = checksum((const int64_t *)column[c] + i, values * sizeof(int64_t));
            buf_add(out, &sum, sizeof sum);
        }
}

static int write_all(const struct history *history, const struct pack_header *header, const struct buf *parts,
                     const char *path, struct error *error)
{
    struct draft draft;
    const void *column[COLUMNS];
    list_columns(history, column);
    if (draft_open(&draft, path, 0666, error) != 0)
        return -1;
    int status = fd_write_all(draft.fd, path, header, sizeof *header, error);
    if (status == 0)
        status = fd_write_all(draft.fd, path, parts->p, parts->n, error);
    for (int c = 0; status == 0 && c < COLUMNS; c++)
        status = fd_write_all(draft.fd, path, column[c], history->bars.count * sizeof(int64_t), error);
    if (status == 0)
        return draft_commit(&draft, error);
    draft_close(&draft);
    return -1;
}

int pack_write(const struct history *history, const struct pack_source *source, const char *path, struct error *error)
{
    struct pack_header header = {.version = PACK_VERSION,
                                 .series = history->series_count,
                                 .runs = history->runs,
                                 .bars = history->bars.count,
                                 .first = history->first,
                                 .last = history->last,
                                 .flags = source->complete ? COMPLETE : 0};
    struct buf parts, text;
    buf_init(&parts, PARTS_MAX);
    buf_init(&text, PARTS_MAX);
    add_series(history, &parts);
    add_runs(history, &parts, &text);
    header.text = text.n;
    buf_add_str(&text, (struct str){"\n\n\n\n\n\n\n", aligned(text.n) - text.n});
    buf_add_str(&parts, buf_str(&text));
    add_sums(history, &parts);
    int status = buf_check(&parts, error) != 0 || buf_check(&text, error) != 0 ? -1 : 0;
    if (status == 0) {
        memcpy(header.magic, magic, sizeof magic);
        memcpy(header.input, history->input, sizeof header.input);
        header.size = layout_of(&header).size;
        header.parts_sum = checksum(parts.p, parts.n);
        header.sum = checksum(&header, offsetof(struct pack_header, sum));
        status = write_all(history, &header, &parts, path, error);
    }
    buf_clear(&parts);
    buf_clear(&text);
    return status;
}

static int damaged(const char *path, const char *what, struct error *error)
{
    error_set(error, EXIT_STATE, "'%s' is damaged: %s", path, what);
    error_hint(error, "create it again with tn-backtest pack");
    return -1;
}

/* The file in memory. */
static int map_file(struct history *history, const char *path, struct error *error)
{
    struct stat status;
    const int fd = file_open_any(path, error);
    if (fd < 0)
        return -1;
    int result = fstat(fd, &status) != 0 ? error_system(error, "cannot read '%s'", path) : 0;
    if (result == 0 && (size_t)status.st_size < sizeof(struct pack_header))
        result = damaged(path, "it is too short", error);
    if (result == 0) {
        void *map = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
        if (map == MAP_FAILED)
            result = error_system(error, "cannot map '%s'", path);
        else
            history->map = map;
        history->map_size = (size_t)status.st_size;
    }
    (void)close(fd);
    return result;
}

static int check_header(const struct history *history, const char *path, struct pack_header *header,
                        struct error *error)
{
    memcpy(header, history->map, sizeof *header);
    if (memcmp(header->magic, magic, sizeof magic) != 0)
        return error_set(error, EXIT_INPUT, "'%s' is not a file of tn-backtest pack", path);
    if (header->sum != checksum(header, offsetof(struct pack_header, sum)))
        return damaged(path, "its header", error);
    if (header->version != PACK_VERSION) {
        error_set(error, EXIT_STATE, "'%s' has version %llu, this program reads version %d", path,
                  (unsigned long long)header->version, PACK_VERSION);
        error_hint(error, "create it again with tn-backtest pack");
        return -1;
    }
    if (header->bars > BARS_MAX || header->series > PARTS_MAX / 64 || header->runs > PARTS_MAX / 16 ||
        header->text > PARTS_MAX)
        return damaged(path, "the counts in its header are too large", error);
    const struct layout layout = layout_of(header);
    if (header->size != layout.size || history->map_size != layout.size)
        return damaged(path, "it has the wrong length", error);
    if (checksum(history->map + layout.series, layout.columns - layout.series) != header->parts_sum)
        return damaged(path, "the list of its records", error);
    for (size_t i = 0; i < sizeof header->input; i++)
        if (strchr("0123456789abcdef", header->input[i]) == NULL || header->input[i] == '\0')
            return damaged(path, "its digest of the input", error);
    memcpy(((struct history *)(uintptr_t)history)->input, header->input, sizeof header->input);
    return 0;
}

static int check_columns(const struct history *history, const char *path, const struct layout *layout, uint64_t bars,
                         struct error *error)
{
    for (uint64_t c = 0; c < COLUMNS; c++)
        for (uint64_t b = 0; b < layout->blocks; b++) {
            uint64_t sum;
            const uint64_t first = b * PACK_BLOCK, values = bars - first < PACK_BLOCK ? bars - first : PACK_BLOCK;
            memcpy(&sum, history->map + layout->sums + (c * layout->blocks + b) * sizeof sum, sizeof sum);
            if (checksum(history->map + layout->columns + (c * bars + first) * sizeof(int64_t),
                         values * sizeof(int64_t)) == sum)
                continue;
            char what[80];
            (void)snprintf(what, sizeof what, "block %llu of its column %s", (unsigned long long)b + 1,
                           column_names[c]);
            return damaged(path, what, error);
        }
    return 0;
}

static int take_series(struct history *history, const char *path, const struct layout *layout, uint64_t count,
                       struct error *error)
{
    history->series = calloc(count + 1, sizeof *history->series);
    if (history->series == NULL)
        return error_memory(error);
    for (uint64_t i = 0; i < count; i++) {
        struct pack_series from;
        struct history_series *to = &history->series[i];
        memcpy(&from, history->map + layout->series + i * sizeof from, sizeof from);
        const size_t length = strnlen(from.symbol, sizeof from.symbol);
        bool good = length > 0 && length < SYMBOL_SIZE && from.symbol[0] != '/' && from.unit > INTERVAL_NONE &&
                    from.unit < INTERVAL_UNITS && interval_count_is_valid((enum interval_unit)from.unit, from.count) &&
                    from.adjusted <= ADJUSTED_RATIO;
        for (size_t k = 0; k < length; k++)
            good = good && from.symbol[k] > ' ' && from.symbol[k] <= '~';
        if (!good)
            return damaged(path, "a series", error);
        memcpy(to->symbol, from.symbol, length);
        to->interval = (struct interval){(enum interval_unit)from.unit, from.count};
        to->adjusted = (enum adjusted)from.adjusted;
        history->series_count++;
    }
    return 0;
}

/* An action, anomaly or event, from its line. */
static int take_line(struct history *history, const char *path, struct str line, struct error *error)
{
    struct record record = {.fields = 0};
    union record_value value;
    struct known_event event;
    struct buf scratch;
    int status = -1;
    buf_init(&scratch, RECORD_LINE_MAX);
    record.scratch = &scratch;
    const bool whole =
        line.n >= 2 && line.p[line.n - 1] == '\n' && record_scan(&record, line.p, line.n - 1, error) == 0;
    if (!whole || (record.type == RECORD_EVENT ? known_event_read(&event, &record, error) != 0
                                               : (record.type != RECORD_ACTION && record.type != RECORD_ANOMALY) ||
                                                     record_decode(&record, &value, error) != 0)) {
        error_clear(error);
        (void)damaged(path, "an action", error);
    } else if (record.type == RECORD_EVENT) {
        status = history_keep_event(history, &event, record.line, error);
    } else {
        status = record.type == RECORD_ACTION ? history_keep_action(history, &value.action, error)
                                              : history_keep_anomaly(history, &value.anomaly, error);
    }
    buf_clear(&scratch);
    return status;
}

static int take_runs(struct history *history, const char *path, const struct layout *layout,
                     const struct pack_header *header, struct error *error)
{
    uint64_t bars = 0, text = 0;
    for (uint64_t i = 0; i < header->runs; i++) {
        struct pack_run from;
        memcpy(&from, history->map + layout->runs + i * sizeof from, sizeof from);
        const uint64_t left = from.kind == KIND_BARS ? header->bars - bars : header->text - text;
        if (from.kind > KIND_TEXT || from.count == 0 || from.count > left ||
            (from.kind == KIND_BARS && from.series >= header->series))
            return damaged(path, "the order of its records", error);
        if (from.kind == KIND_TEXT) {
            if (take_line(history, path, (struct str){history->map + layout->text + text, from.count}, error) != 0)
                return -1;
            text += from.count;
            continue;
        }
        if (list_grow(&history->run, &history->run_capacity, history->runs, sizeof *history->run, error) != 0)
            return -1;
        require(history->run != NULL);
        history->run[history->runs++] =
            (struct record_run){.type = RECORD_BAR, .series = from.series, .from = bars, .count = from.count};
        bars += from.count;
    }
    return bars == header->bars && text == header->text ? 0 : damaged(path, "the order of its records", error);
}

static void set_columns(struct history *history, const struct layout *layout, uint64_t bars)
{
    /* Nobody writes to what a history has mapped. */
    char *at = (char *)(uintptr_t)history->map + layout->columns;
    const size_t size = bars * sizeof(int64_t);
    history->bars = (struct bar_columns){.time = (int64_t *)(void *)at,
                                         .end = (int64_t *)(void *)(at + size),
                                         .session = (int64_t *)(void *)(at + 2 * size),
                                         .open = (dec *)(void *)(at + 3 * size),
                                         .high = (dec *)(void *)(at + 4 * size),
                                         .low = (dec *)(void *)(at + 5 * size),
                                         .close = (dec *)(void *)(at + 6 * size),
                                         .volume = (double *)(void *)(at + 7 * size),
                                         .count = bars};
}

/* What reading a bar would have refused. */
static int check_bars(const struct history *history, const char *path, struct error *error)
{
    const struct bar_columns *bars = &history->bars;
    bool good = true;
    for (size_t i = 0; i < bars->count; i++) {
        const dec low = bars->low[i], high = bars->high[i], open = bars->open[i], close = bars->close[i];
        good &= low > 0 && open >= low && close >= low && open <= high && close <= high;
        good &= bars->end[i] >= bars->time[i] && bars->time[i] > -INT64_MAX;
        good &= !(bars->volume[i] < 0);
    }
    return good ? 0 : damaged(path, "a bar", error);
}

/* When the trading of each bar begins; of bars within the day that is their time. */
static int find_opens(struct history *history, struct error *error)
{
    struct bar_columns *bars = &history->bars;
    bool daily = false;
    for (size_t i = 0; i < history->series_count; i++)
        daily |= interval_is_daily(history->series[i].interval);
    bars->opens = bars->time;
    if (!daily)
        return 0;
    if ((bars->opens = calloc(bars->count + 1, sizeof *bars->opens)) == NULL)
        return error_memory(error);
    history->own_opens = true;
    for (size_t r = 0; r < history->runs; r++) {
        const struct record_run *run = &history->run[r];
        const struct calendar *calendar =
            run->type != RECORD_BAR
                ? NULL
                : symbol_calendar(history->calendars, history->calendar, history->series[run->series].symbol);
        for (size_t i = run->from; run->type == RECORD_BAR && i < run->from + run->count; i++) {
            struct bar bar = {.time = bars->time[i],
                              .session = bars->session[i],
                              .end = bars->end[i],
                              .interval = history->series[run->series].interval};
            if (bar_opens(calendar, &bar, &bars->opens[i], error) != 0)
                return -1;
        }
    }
    return 0;
}

struct history *pack_open(const char *path, const struct backtest_options *terms, struct pack_source *source,
                          struct error *error)
{
    struct history *history = history_new(terms, error);
    struct pack_header header;
    if (history == NULL || map_file(history, path, error) != 0 || check_header(history, path, &header, error) != 0)
        goto failed;
    const struct layout layout = layout_of(&header);
    if (check_columns(history, path, &layout, header.bars, error) != 0 ||
        take_series(history, path, &layout, header.series, error) != 0 ||
        take_runs(history, path, &layout, &header, error) != 0)
        goto failed;
    set_columns(history, &layout, header.bars);
    history->first = header.first;
    history->last = header.last;
    source->complete = (header.flags & COMPLETE) != 0;
    if (check_bars(history, path, error) == 0 && find_opens(history, error) == 0 &&
        history_play(history, history->probe, NULL, error) == 0 && history_end(history, error) == 0) {
        memcpy(history->input, header.input, sizeof header.input);
        return history;
    }
    error_prefix(error, "'%s'", path);
failed:
    history_free(history);
    return NULL;
}
