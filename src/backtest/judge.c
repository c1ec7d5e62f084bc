/* What strategies want after every bar of a window. They see no fills: so all of it is known before its first bar goes
 * through the account. */
#include "backtest/internal.h"

/* Steps over bars of one track, and adds their rows. */
static int step(struct backtest *backtest, int track, int strategy, enum adjusted adjusted, const struct bars *bars,
                struct error *error)
{
    const struct track *of = &backtest->track[track];
    struct runner *runner = backtest->runner[strategy];
    struct series **series = &of->member[strategy].series;
    if (*series == NULL && (*series = runner_series(runner, of->symbol, of->interval, error)) == NULL)
        return -1;
    struct levels *levels = &backtest->levels[strategy];
    const size_t before = levels->stretches;
    if (runner_step(runner, *series, bars, adjusted, of->symbol, levels, error) != 0)
        return -1;
    for (size_t i = before; i < levels->stretches; i++) {
        const enum want side = levels->side[levels->stretch[i].from];
        backtest->judged[strategy] |= side != WANT_NONE;
        backtest->outcome.wanted |= side == WANT_LONG || side == WANT_SHORT;
    }
    return 0;
}

/* Orders that come of another side are filled at the next open, and of the last bar its mark is kept: have them in the
 * cache by then. */
static void fetch_prices(const struct levels *levels, const struct member *member, const struct bars *bars)
{
    for (size_t i = 0; i < member->stretches; i++) {
        const size_t next = levels->stretch[member->stretch + i].from - member->from + 1;
        __builtin_prefetch(&bars->opens[next < bars->count ? next : 0]);
        __builtin_prefetch(&bars->open[next < bars->count ? next : 0]);
        __builtin_prefetch(&bars->volume[next < bars->count ? next : 0]);
    }
    __builtin_prefetch(&bars->high[bars->count - 1]);
    __builtin_prefetch(&bars->low[bars->count - 1]);
    __builtin_prefetch(&bars->volume[bars->count - 1]);
}

/* Track by track, many bars in a step. */
static int judge_tracks(struct backtest *backtest, const struct window *window, int strategy, struct error *error)
{
    struct levels *levels = &backtest->levels[strategy];
    for (size_t i = 0; i < window->pieces; i++) {
        const struct piece *piece = &window->piece[i];
        struct member *member = &backtest->track[piece->track].member[strategy];
        member->from = levels->count;
        member->stretch = levels->stretches;
        if (step(backtest, piece->track, strategy, piece->adjusted, &piece->bars, error) != 0)
            return -1;
        member->stretches = levels->stretches - member->stretch;
        fetch_prices(levels, member, &piece->bars);
    }
    return 0;
}

static struct bars bar_at(const struct window *window, size_t place, const struct piece **piece)
{
    *piece = &window->piece[window->of[place]];
    return bars_part(&(*piece)->bars, window->row[place], 1);
}

/* A strategy that waits for the bars of a moment is told of them, then that these were all. */
static int note(struct backtest *backtest, const struct window *window, int strategy, size_t moment,
                struct error *error)
{
    struct runner *runner = backtest->runner[strategy];
    for (size_t p = window->first[moment]; p < window->first[moment + 1]; p++) {
        const struct piece *piece;
        const struct bars bars = bar_at(window, p, &piece);
        const struct candle candle = bars_at(&bars, 0);
        const struct bar bar = backtest_bar_of(&backtest->track[piece->track], piece->adjusted, &candle);
        if (runner_note(runner, &bar, error) != 0)
            return -1;
    }
    return runner_ask(runner, error);
}

/* And steps over them. A row's place among its levels is its bar's. */
static int hear(struct backtest *backtest, const struct window *window, int strategy, size_t moment,
                struct error *error)
{
    if (runner_hear(backtest->runner[strategy], error) != 0)
        return -1;
    for (size_t p = window->first[moment]; p < window->first[moment + 1]; p++) {
        const struct piece *piece;
        const struct bars bar = bar_at(window, p, &piece);
        if (step(backtest, piece->track, strategy, piece->adjusted, &bar, error) != 0)
            return -1;
    }
    return 0;
}

/* Moment by moment; *judged: how many were. Of another program answers may be on their way. */
static int judge_moments(struct backtest *backtest, const struct window *window, int strategy, size_t *judged,
                         struct error *error)
{
    const size_t ahead = runner_asks_ahead(backtest->runner[strategy]) ? RUNNER_AHEAD_MAX : 1;
    size_t asked = 0, heard = 0;
    int status = 0;
    for (; heard < *judged; heard++) {
        for (; status == 0 && asked < *judged && asked - heard < ahead; asked++)
            if (note(backtest, window, strategy, asked, error) != 0) {
                *judged = asked; /* what was asked before can still be heard */
                status = -1;
                break;
            }
        if (heard < *judged && hear(backtest, window, strategy, heard, error) != 0) {
            *judged = heard;
            status = -1;
        }
    }
    return status;
}

/* The earliest moment that fails has the word. Another program's bad record is none of ours. */
static int judge_waiting(struct backtest *backtest, const struct window *window, int strategy, size_t *judged,
                         struct error *error)
{
    struct error found = {0};
    if (judge_moments(backtest, window, strategy, judged, &found) == 0)
        return 0;
    *error = found;
    backtest->failed = true;
    return backtest->use[strategy].foreign != NULL ? -1 : backtest_is_broken(backtest, error);
}

int backtest_judge(struct backtest *backtest, const struct window *window, size_t *judged, struct error *error)
{
    int status = 0;
    *judged = window->moments;
    for (int i = 0; i < backtest->options.count; i++) {
        const bool waits = runner_waits(backtest->runner[i]);
        if (levels_reserve(&backtest->levels[i], window->bars, error) != 0 ||
            (!waits && judge_tracks(backtest, window, i, error) != 0)) {
            *judged = 0;
            return backtest_is_broken(backtest, error);
        }
        if (waits && judge_waiting(backtest, window, i, judged, error) != 0)
            status = -1;
    }
    return status;
}
