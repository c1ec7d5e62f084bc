/* Records in columns, in the order in which they came. */
#include "backtest/history_parts.h"

#include "backtest/internal.h"
#include "market/bar_times.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define ACTIONS_TEXT_MAX ((size_t)1 << 30)

static int take_result(void *context, const struct result *result, struct error *error)
{
    struct history *history = context;
    (void)snprintf(history->input, sizeof history->input, STR_FMT, STR_ARG(result->input));
    buf_add_str(&history->assumptions, result->assumptions);
    return buf_check(&history->assumptions, error);
}

struct history *history_new(const struct backtest_options *terms, struct error *error)
{
    struct history *history = calloc(1, sizeof *history);
    if (history == NULL) {
        error_memory(error);
        return NULL;
    }
    struct backtest_options probe = *terms;
    probe.strategies = NULL;
    probe.count = 0;
    probe.write = NULL;
    probe.orders = false;
    probe.input = NULL;
    probe.result = take_result;
    probe.trade = NULL;
    probe.context = history;
    history->calendar = terms->calendar;
    history->calendars = terms->calendars;
    history->first = history->last = TIME_NONE;
    arena_init(&history->texts, ACTIONS_TEXT_MAX);
    buf_init(&history->assumptions, (size_t)1 << 20);
    if ((history->closes = calloc(SESSION_CLOSES, sizeof *history->closes)) == NULL)
        error_memory(error);
    if (history->closes == NULL || (history->probe = backtest_new(&probe, error)) == NULL) {
        history_free(history);
        return NULL;
    }
    return history;
}

void history_free(struct history *history)
{
    if (history == NULL)
        return;
    struct bar_columns *bars = &history->bars;
    void *const columns[] = {bars->time, bars->end, bars->session, bars->open,
                             bars->high, bars->low, bars->close,   bars->volume};
    for (size_t i = 0; history->map == NULL && i < sizeof columns / sizeof *columns; i++)
        free(columns[i]);
    if (history->map == NULL || history->own_opens)
        free(bars->opens);
    if (history->map != NULL)
        (void)munmap((void *)(uintptr_t)history->map, history->map_size);
    backtest_free(history->probe);
    free(history->series);
    free(history->closes);
    free(history->run);
    free(history->action);
    free(history->anomaly);
    free(history->event);
    arena_clear(&history->texts);
    buf_clear(&history->assumptions);
    free(history);
}

static int columns_grow(struct bar_columns *bars, struct error *error)
{
    if (bars->count < bars->capacity)
        return 0;
    const size_t capacity = bars->capacity == 0 ? 4096 : bars->capacity * 2;
    void **const columns[] = {(void **)&bars->time,    (void **)&bars->opens, (void **)&bars->end,
                              (void **)&bars->session, (void **)&bars->open,  (void **)&bars->high,
                              (void **)&bars->low,     (void **)&bars->close, (void **)&bars->volume};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        void *larger = reallocarray(*columns[i], capacity, sizeof(int64_t));
        if (larger == NULL)
            return error_memory(error);
        *columns[i] = larger;
    }
    bars->capacity = capacity;
    return 0;
}
_Static_assert(sizeof(double) == sizeof(int64_t) && sizeof(dec) == sizeof(int64_t), "columns are of 8 bytes");

/* The index of a series, added when new; -1: out of memory. */
static int64_t find_series(struct history *history, const struct bar *bar, struct error *error)
{
    const size_t count = history->series_count;
    for (size_t i = 0; i < count; i++) {
        const size_t guess = (history->last_series + 1 + i) % count; /* merged streams go round and round */
        const struct history_series *series = &history->series[guess];
        if (series->adjusted == bar->adjusted && interval_equal(series->interval, bar->interval) &&
            strcmp(series->symbol, bar->symbol) == 0)
            return (int64_t)(history->last_series = guess);
    }
    if (list_grow(&history->series, &history->series_capacity, count, sizeof *history->series, error) != 0)
        return -1;
    struct history_series *series = &history->series[history->series_count++];
    *series = (struct history_series){.interval = bar->interval, .adjusted = bar->adjusted};
    memcpy(series->symbol, bar->symbol, sizeof series->symbol);
    return (int64_t)(history->last_series = count);
}

/* Room for one more of a kind, behind the records there are. */
static int add_run(struct history *history, enum record_type type, uint32_t series, size_t from, struct error *error)
{
    if (list_grow(&history->run, &history->run_capacity, history->runs, sizeof *history->run, error) != 0)
        return -1;
    require(history->run != NULL);
    history->run[history->runs++] = (struct record_run){.type = type, .series = series, .from = from, .count = 1};
    return 0;
}

static void note_moment(struct history *history, int64_t known)
{
    if (history->first == TIME_NONE)
        history->first = known;
    history->last = known;
}

int history_bar(struct history *history, const struct bar *bar, struct str line, struct error *error)
{
    struct bar_columns *bars = &history->bars;
    int64_t opens;
    if (bar->final == 0)
        return 0;
    if (backtest_bar(history->probe, bar, line, error) != 0 ||
        bar_opens(symbol_calendar(history->calendars, history->calendar, bar->symbol), bar, &opens, error) != 0)
        return -1;
    const int64_t series = find_series(history, bar, error);
    const struct record_run *last = history->runs == 0 ? NULL : &history->run[history->runs - 1];
    if (series < 0 || columns_grow(bars, error) != 0)
        return -1;
    if (last != NULL && last->type == RECORD_BAR && last->series == (uint32_t)series)
        history->run[history->runs - 1].count++;
    else if (add_run(history, RECORD_BAR, (uint32_t)series, bars->count, error) != 0)
        return -1;
    const size_t i = bars->count++;
    bars->time[i] = bar->time;
    bars->opens[i] = opens;
    bars->end[i] = bar->end;
    bars->session[i] = bar->session;
    bars->open[i] = bar->open;
    bars->high[i] = bar->high;
    bars->low[i] = bar->low;
    bars->close[i] = bar->close;
    bars->volume[i] = bar->volume;
    note_moment(history, bar->end);
    return 0;
}

/* A text that outlives its line. */
static int keep_text(struct history *history, struct str *text, struct error *error)
{
    if (text->p == NULL)
        return 0;
    const char *copy = arena_text(&history->texts, *text, error);
    text->p = copy;
    return copy == NULL ? -1 : 0;
}

int history_keep_action(struct history *history, const struct action *action, struct error *error)
{
    struct action kept = *action;
    if (keep_text(history, &kept.announced, error) != 0 || keep_text(history, &kept.ex_date, error) != 0 ||
        keep_text(history, &kept.pay_date, error) != 0 ||
        list_grow(&history->action, &history->action_capacity, history->actions, sizeof kept, error) != 0 ||
        add_run(history, RECORD_ACTION, 0, history->actions, error) != 0)
        return -1;
    history->action[history->actions++] = kept;
    note_moment(history, action->time);
    return 0;
}

int history_action(struct history *history, const struct action *action, struct str line, struct error *error)
{
    return backtest_action(history->probe, action, line, error) != 0 ? -1 : history_keep_action(history, action, error);
}

int history_keep_anomaly(struct history *history, const struct anomaly *anomaly, struct error *error)
{
    struct anomaly kept = *anomaly;
    kept.sources = (struct str){NULL, 0};
    if (list_grow(&history->anomaly, &history->anomaly_capacity, history->anomalies, sizeof kept, error) != 0 ||
        add_run(history, RECORD_ANOMALY, 0, history->anomalies, error) != 0)
        return -1;
    history->anomaly[history->anomalies++] = kept;
    return 0;
}

int history_anomaly(struct history *history, const struct anomaly *anomaly, struct error *error)
{
    return backtest_anomaly(history->probe, anomaly, error) != 0 ? -1 : history_keep_anomaly(history, anomaly, error);
}

int history_keep_event(struct history *history, const struct known_event *event, struct str line, struct error *error)
{
    struct history_event kept = {.event = *event, .line = line};
    if (keep_text(history, &kept.line, error) != 0 ||
        list_grow(&history->event, &history->event_capacity, history->events, sizeof kept, error) != 0 ||
        add_run(history, RECORD_EVENT, 0, history->events, error) != 0)
        return -1;
    history->event[history->events++] = kept;
    return 0;
}

int history_event(struct history *history, const struct known_event *event, struct str line, struct error *error)
{
    return backtest_event(history->probe, event, line, error) != 0 ? -1
                                                                   : history_keep_event(history, event, line, error);
}

int history_end(struct history *history, struct error *error)
{
    const int status = backtest_finish(history->probe, error);
    backtest_free(history->probe);
    history->probe = NULL;
    return status;
}

const char *history_input(const struct history *history)
{
    return history->input;
}

struct str history_assumptions(const struct history *history)
{
    return buf_str(&history->assumptions);
}

struct session_close *history_closes(const struct history *history)
{
    return history->closes;
}

uint64_t history_bars(const struct history *history)
{
    return history->bars.count;
}

int64_t history_first(const struct history *history)
{
    return history->first;
}

int64_t history_last(const struct history *history)
{
    return history->last;
}

void history_symbols(const struct history *history, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < history->series_count; i++) {
        const char *symbol = history->series[i].symbol;
        bool seen = false;
        for (size_t k = 0; k < i; k++)
            seen |= strcmp(history->series[k].symbol, symbol) == 0;
        if (seen)
            continue;
        if (used + strlen(symbol) + 16 > size) {
            (void)snprintf(text + used, size - used, " +%zu", history->series_count - i);
            return;
        }
        used += (size_t)snprintf(text + used, size - used, "%s%s", used == 0 ? "" : " ", symbol);
    }
}

static struct bars bars_between(const struct history *history, size_t from, size_t count)
{
    const struct bar_columns *bars = &history->bars;
    const struct bars all = {.time = bars->time,
                             .opens = bars->opens,
                             .end = bars->end,
                             .open = bars->open,
                             .high = bars->high,
                             .low = bars->low,
                             .close = bars->close,
                             .volume = bars->volume,
                             .count = bars->count};
    return bars_part(&all, from, count);
}

/* The first of some bars that became known at a moment or later. */
static size_t first_known(const struct bars *bars, int64_t moment)
{
    size_t low = 0, high = bars->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (bars->end[middle] < moment)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int play_bars(const struct history *history, const struct record_run *run, const struct history_part *part,
                     struct backtest *backtest, struct error *error)
{
    const struct history_series *of = &history->series[run->series];
    const int series = backtest_series(backtest, of->symbol, of->interval, of->adjusted, error);
    const struct bars all = bars_between(history, run->from, run->count);
    const size_t from = part->from == TIME_NONE ? 0 : first_known(&all, part->from);
    const size_t until = part->until == TIME_NONE ? all.count : first_known(&all, part->until);
    if (series < 0)
        return -1;
    if (from > 0 && until > 0) {
        const struct bars early = bars_part(&all, 0, from < until ? from : until);
        if (backtest_warm(backtest, series, &early, error) != 0)
            return -1;
    }
    if (until <= from)
        return 0;
    const struct bars bars = bars_part(&all, from, until - from);
    return backtest_candles(backtest, series, &bars, error);
}

int history_play(const struct history *history, struct backtest *backtest, const struct history_part *part,
                 struct error *error)
{
    static const struct history_part all = {.from = TIME_NONE, .until = TIME_NONE};
    const struct str none = {NULL, 0};
    if (part == NULL)
        part = &all;
    for (size_t i = 0; i < history->runs; i++) {
        const struct record_run *run = &history->run[i];
        int status = 0;
        if (run->type == RECORD_BAR) {
            status = play_bars(history, run, part, backtest, error);
        } else if (run->type == RECORD_ANOMALY) {
            status = backtest_anomaly(backtest, &history->anomaly[run->from], error);
        } else if (run->type == RECORD_EVENT) {
            status = backtest_event(backtest, &history->event[run->from].event, none, error);
        } else {
            const struct action *action = &history->action[run->from];
            if (part->until != TIME_NONE && action->time >= part->until)
                continue;
            status = part->from != TIME_NONE && action->time < part->from
                         ? backtest_warm_action(backtest, action, error)
                         : backtest_action(backtest, action, none, error);
        }
        if (status != 0)
            return -1;
    }
    return 0;
}
