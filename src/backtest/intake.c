/* What comes into a run: records and lists of bars, checked, put together and handed to the walk when a window is full,
 * or what comes next must stand behind them. */
#include "backtest/internal.h"

#include "market/bar_times.h"
#include "market/validate.h"
#include "strategy/known.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What comes must not have been known before what has come. */
static int check_time(const struct backtest *backtest, int64_t known, const char *what, const char *symbol,
                      struct error *error)
{
    if (known >= backtest->last) /* TIME_NONE is before every time */
        return 0;
    char text[TIME_TEXT_MAX];
    text[time_format(text, known)] = '\0';
    error_set(error, EXIT_INPUT, "%s: the %s of %s is earlier than the one before", symbol, what, text);
    error_hint(error, "'tn-stream replay FILE FILE' merges several files by time");
    return -1;
}

int backtest_hash_line(struct backtest *backtest, struct str line, struct error *error)
{
    if (line.n == 0)
        return 0;
    if (sha256_add(backtest->input, line.p, line.n, error) != 0)
        return -1;
    return sha256_add(backtest->input, "\n", 1, error);
}

/* A new track among those of its symbol. */
static int join_siblings(struct backtest *backtest, int index, struct error *error)
{
    struct track *track = &backtest->track[index];
    while (backtest->slot_tracks <= (size_t)track->slot) {
        const size_t count = 2 * (size_t)track->slot + 8;
        int *list = realloc(backtest->slot_track, count * sizeof *list);
        if (list == NULL)
            return error_memory(error);
        for (size_t i = backtest->slot_tracks; i < count; i++)
            list[i] = -1;
        backtest->slot_track = list;
        backtest->slot_tracks = count;
    }
    int *first = &backtest->slot_track[track->slot];
    track->sibling = index;
    if (*first >= 0) {
        track->sibling = backtest->track[*first].sibling;
        backtest->track[*first].sibling = index;
    }
    *first = index;
    return 0;
}

static int add_track(struct backtest *backtest, const char *symbol, struct interval interval, struct str key,
                     struct error *error)
{
    if (list_grow(&backtest->track, &backtest->track_capacity, backtest->tracks, sizeof *backtest->track, error) != 0)
        return -1;
    struct track *track = &backtest->track[backtest->tracks];
    *track = (struct track){.interval = interval, .start = TIME_NONE, .last = TIME_NONE};
    (void)snprintf(track->symbol, sizeof track->symbol, "%s", symbol);
    track->slot = ledger_slot(&backtest->ledger, symbol, error);
    backtest->rated |= track->slot >= 0 && backtest->ledger.symbol_state[track->slot].rates;
    track->member = calloc((size_t)backtest->options.count + 1, sizeof *track->member);
    if (track->slot < 0 || track->member == NULL || join_siblings(backtest, (int)backtest->tracks, error) != 0 ||
        names_add(&backtest->track_keys, key, error) < 0) {
        const bool memory = track->slot >= 0 && track->member == NULL;
        free(track->member);
        return memory ? error_memory(error) : -1;
    }
    for (int i = 0; i < backtest->options.count; i++)
        track->member[i] = (struct member){.holding = -1, .due = DUE_NONE};
    return (int)backtest->tracks++;
}

static bool is_track(const struct track *track, const char *symbol, struct interval interval)
{
    return strcmp(track->symbol, symbol) == 0 && interval_equal(track->interval, interval);
}

/* Everything of the pending moments goes through the account, so many of them. */
static int walk_pending(struct backtest *backtest, size_t moments, struct error *error)
{
    struct window window;
    if (moments == 0)
        return 0;
    if (window_arrange(backtest, moments, &window, error) != 0)
        return backtest_is_broken(backtest, error);
    if (backtest_walk(backtest, &window, error) != 0)
        return -1;
    pending_drop(&backtest->pending, moments);
    return 0;
}

/* The open moment stays, but its bars go through the account. */
int backtest_flush(struct backtest *backtest, struct error *error)
{
    const size_t moments = backtest->pending.moments;
    if (backtest->moment == TIME_NONE) /* bars that warm strategies up */
        return 0;
    if (moments > 1 && walk_pending(backtest, moments - 1, error) != 0)
        return -1;
    return backtest_pass_open(backtest, error);
}

/* The moment before is complete, if it is another one, and this one is open. */
static int begin_moment(struct backtest *backtest, int64_t known, struct error *error)
{
    struct pending_bars *pending = &backtest->pending;
    if (known == backtest->moment)
        return 0;
    if (backtest->moment == TIME_NONE) {
        if (backtest_warm_end(backtest, error) != 0)
            return -1;
        backtest->moment = known;
        pending_begin(pending, known);
        return backtest_open(backtest, known, error);
    }
    if (pending_is_full(pending) && walk_pending(backtest, pending->moments, error) != 0)
        return -1;
    backtest->moment = known;
    pending_begin(pending, known);
    return 0;
}

int backtest_reach(struct backtest *backtest, int64_t known, struct error *error)
{
    if (backtest->moment != TIME_NONE && known != backtest->moment &&
        walk_pending(backtest, backtest->pending.moments, error) != 0)
        return -1;
    return begin_moment(backtest, known, error) == 0 ? backtest_pass_nights(backtest, known, error) : -1;
}

/* The place of a track, made when it is new; -1: error. */
static int64_t find_track(struct backtest *backtest, const char *symbol, struct interval interval, struct error *error)
{
    char key[SYMBOL_SIZE + INTERVAL_TEXT_MAX + 1];
    /* Merged streams go round and round: the last one and the next are the best guesses. */
    for (size_t i = 0; i < 2 && i < backtest->tracks; i++) {
        const size_t guess = (backtest->last_track + i) % backtest->tracks;
        if (is_track(&backtest->track[guess], symbol, interval))
            return (int64_t)guess;
    }
    size_t n = (size_t)snprintf(key, sizeof key, "%s ", symbol);
    n += interval_format(key + n, interval);
    const int64_t index = names_find(&backtest->track_keys, (struct str){key, n});
    return index >= 0 ? index : add_track(backtest, symbol, interval, (struct str){key, n}, error);
}

int backtest_series(struct backtest *backtest, const char *symbol, struct interval interval, enum adjusted adjusted,
                    struct error *error)
{
    const int64_t index = find_track(backtest, symbol, interval, error);
    if (index < 0)
        return -1;
    if (backtest->track[index].last != TIME_NONE && backtest->track[index].adjusted != adjusted) {
        if (backtest_flush(backtest, error) != 0)
            return -1;
        backtest->pending.turned = backtest->pending.moments > 0;
    }
    backtest->last_track = (size_t)index;
    backtest->track[index].adjusted = adjusted;
    const enum adjusted kind = adjusted == ADJUSTED_NONE ? ADJUSTED_RAW : adjusted;
    backtest->mixed = backtest->mixed || (backtest->adjusted != ADJUSTED_NONE && backtest->adjusted != kind);
    backtest->adjusted = kind;
    return (int)index;
}

/* How many of the bars come in order. TIME_NONE is before every time. */
static size_t count_ordered(const struct track *track, const struct bars *bars)
{
    const int64_t *time = bars->time, *end = bars->end;
    const bool counted = interval_is_counted(track->interval);
    if (end[0] > track->last && times_rise(end, bars->count) &&
        (counted || (time[0] > track->start && times_rise(time, bars->count))))
        return bars->count;
    size_t good = 0;
    int64_t last = track->last, start = track->start;
    while (good < bars->count && end[good] > last && (counted || time[good] > start)) {
        last = end[good];
        start = time[good++];
    }
    return good;
}

static int refuse_order(const struct track *track, const struct bars *bars, size_t i, struct error *error)
{
    return error_set(error, EXIT_INPUT, "%s: a bar that does not %s after the last one", track->symbol,
                     bars->end[i] > track->last ? "start" : "end");
}

/* Some bars of a track, in order, are the next to be walked. */
static int admit(struct backtest *backtest, int series, const struct bars *bars, struct error *error)
{
    struct track *track = &backtest->track[series];
    if (check_time(backtest, bars->end[0], "bar", track->symbol, error) != 0)
        return -1;
    track->start = bars->time[bars->count - 1];
    backtest->last = backtest->clock = track->last = bars->end[bars->count - 1];
    backtest->outcome.bars += bars->count;
    track->bars += bars->count;
    if (track->bars > backtest->outcome.longest)
        backtest->outcome.longest = track->bars;
    return backtest_hold(backtest, track->slot, bars, error);
}

static int add_bar(struct backtest *backtest, int series, const struct bars *bar, struct error *error)
{
    if (begin_moment(backtest, *bar->end, error) != 0)
        return -1;
    return pending_add(&backtest->pending, series, backtest->track[series].adjusted, bar, error);
}

#define LIST_MIN 8 /* fewer bars are no list */

/* Bars of one track behind the open moment, whose only bar is the one before them: they need not be put together. The
 * last one is the only bar of the moment that is open then. */
static int walk_list(struct backtest *backtest, int series, const struct bars *bars, struct error *error)
{
    struct window window;
    const struct bars closed = bars_part(bars, 0, bars->count - 1), last = bars_part(bars, bars->count - 1, 1);
    if (window_of(backtest, series, &closed, &window, error) != 0)
        return backtest_is_broken(backtest, error);
    window.passed = backtest->pending.passed;
    if (backtest_walk(backtest, &window, error) != 0)
        return -1;
    pending_drop(&backtest->pending, 1);
    backtest->moment = *last.end;
    pending_begin(&backtest->pending, *last.end);
    return pending_add(&backtest->pending, series, backtest->track[series].adjusted, &last, error);
}

/* Is a bar of a track all there is of what is pending? */
static bool is_alone(const struct backtest *backtest, int series)
{
    const struct pending_bars *pending = &backtest->pending;
    return pending->moments == 1 && pending->bars == 1 && pending->bar[0].track == series &&
           pending->bar[0].adjusted == backtest->track[series].adjusted;
}

int backtest_candles(struct backtest *backtest, int series, const struct bars *bars, struct error *error)
{
    for (size_t done = 0; done < bars->count;) {
        const size_t left = bars->count - done;
        /* What will be walked over next: where a column goes on to another page the processor does not look ahead. */
        for (size_t i = done + WINDOW_MOMENTS; i < done + 2 * WINDOW_MOMENTS && i < bars->count; i += 8) {
            __builtin_prefetch(&bars->time[i]);
            __builtin_prefetch(&bars->end[i]);
            __builtin_prefetch(&bars->close[i]);
            if (backtest->excursions == 0) /* what is held looks at these too */
                continue;
            __builtin_prefetch(&bars->high[i]);
            __builtin_prefetch(&bars->low[i]);
        }
        const bool listed = done > 0 && left >= LIST_MIN && !backtest->pending.single;
        if (listed && !is_alone(backtest, series) && backtest->pending.moments > 1 &&
            walk_pending(backtest, backtest->pending.moments - 1, error) != 0)
            return -1;
        const bool list = listed && is_alone(backtest, series);
        struct bars next = bars_part(bars, done, !list ? 1 : left < WINDOW_MOMENTS ? left : WINDOW_MOMENTS);
        next.count = count_ordered(&backtest->track[series], &next);
        if (next.count == 0)
            return refuse_order(&backtest->track[series], bars, done, error);
        const struct bars behind = bars_part(bars, done - list, next.count + list);
        if (admit(backtest, series, &next, error) != 0 ||
            (list ? walk_list(backtest, series, &behind, error) : add_bar(backtest, series, &next, error)) != 0)
            return -1;
        done += next.count;
    }
    return 0;
}

int backtest_bar(struct backtest *backtest, const struct bar *bar, struct str line, struct error *error)
{
    struct candle candle = candle_of_bar(bar);
    if (bar->final == 0)
        return 0;
    if (backtest_release(backtest, bar->end, error) != 0)
        return -1;
    const int series = backtest_series(backtest, bar->symbol, bar->interval, bar->adjusted, error);
    if (series < 0 || bar_opens(backtest_calendar(backtest, bar->symbol), bar, &candle.opens, error) != 0)
        return -1;
    const struct bars one = bars_of(&candle);
    if (count_ordered(&backtest->track[series], &one) == 0)
        return refuse_order(&backtest->track[series], &one, 0, error);
    if (admit(backtest, series, &one, error) != 0 || add_bar(backtest, series, &one, error) != 0)
        return -1;
    return backtest_hash_line(backtest, line, error);
}

int backtest_action(struct backtest *backtest, const struct action *action, struct str line, struct error *error)
{
    const bool done = action_is_in_prices(backtest->adjusted, action->kind);
    if (done && action->kind == ACTION_ROLL) /* joined prices say where they are: nothing is left to do */
        return backtest_hash_line(backtest, line, error);
    if (done)
        return error_set(error, EXIT_INPUT, "%s: a corporate action, but the bars are already adjusted for it",
                         action->symbol);
    if (backtest_release(backtest, action->time, error) != 0 || backtest_flush(backtest, error) != 0 ||
        check_time(backtest, action->time, "corporate action", action->symbol, error) != 0 ||
        backtest_reach(backtest, action->time, error) != 0)
        return -1;
    backtest->last = action->time;
    backtest->action_count++;
    const uint64_t applied = backtest->ledger.actions;
    const int slot = ledger_find_slot(&backtest->ledger, action->symbol);
    if (backtest_hash_line(backtest, line, error) != 0 || orders_action(&backtest->manager, action, error) != 0 ||
        backtest_split_excursions(backtest, action, error) != 0 || backtest_hold_action(backtest, action, error) != 0)
        return -1;
    if (action->kind == ACTION_RENAME && backtest->ledger.actions > applied)
        backtest_rename_excursions(backtest, slot, ledger_find_slot(&backtest->ledger, action->new_symbol));
    for (int i = 0; i < backtest->options.count; i++)
        if (runner_action(backtest->runner[i], action, error) != 0)
            return -1;
    for (size_t i = 0; action->kind == ACTION_RENAME && i < backtest->tracks; i++)
        for (int k = 0; k < backtest->options.count; k++) {
            backtest->track[i].member[k].series = NULL;
            backtest->track[i].member[k].holding = -1;
        }
    return 0;
}

int backtest_anomaly(struct backtest *backtest, const struct anomaly *anomaly, struct error *error)
{
    return anomalies_add(&backtest->anomalies, anomaly, error);
}

int backtest_event(struct backtest *backtest, const struct known_event *event, struct str line, struct error *error)
{
    struct known_event known = *event;
    known.after = backtest->clock;
    for (int i = 0; i < backtest->options.count; i++)
        if (runner_event(backtest->runner[i], &known, error) != 0)
            return -1;
    return backtest_hash_line(backtest, line, error);
}
