/* Bars before a run begins: strategies step over them, so that they can judge its first bar, and nothing is traded. */
#include "backtest/internal.h"

/* Strategies step over a window, and nothing is traded. */
static int judge(struct backtest *backtest, const struct window *window, struct error *error)
{
    size_t judged;
    const int status = backtest_judge(backtest, window, &judged, error);
    backtest->outcome.wanted = false; /* of the run alone */
    return status;
}

int backtest_warm_end(struct backtest *backtest, struct error *error)
{
    struct pending_bars *pending = &backtest->pending;
    struct window window;
    if (pending->moments == 0)
        return 0;
    if (window_arrange(backtest, pending->moments, &window, error) != 0 || judge(backtest, &window, error) != 0)
        return -1;
    pending_drop(pending, pending->moments);
    return 0;
}

/* Strategies that look at all of a moment get the bars of each together. */
static int keep_moments(struct backtest *backtest, int series, const struct bars *bars, struct error *error)
{
    struct pending_bars *pending = &backtest->pending;
    for (size_t i = 0; i < bars->count; i++) {
        const struct bars one = bars_part(bars, i, 1);
        if (pending->moments == 0 || pending->end[pending->moments - 1] != *one.end) {
            if (pending_is_full(pending) && backtest_warm_end(backtest, error) != 0)
                return -1;
            pending_begin(pending, *one.end);
        }
        if (pending_add(pending, series, backtest->track[series].adjusted, &one, error) != 0)
            return -1;
    }
    return 0;
}

static int step_over(struct backtest *backtest, int series, const struct bars *bars, struct error *error)
{
    for (size_t done = 0; done < bars->count;) {
        const size_t left = bars->count - done, count = left < WINDOW_MOMENTS ? left : WINDOW_MOMENTS;
        const struct bars part = bars_part(bars, done, count);
        struct window window;
        if (window_of(backtest, series, &part, &window, error) != 0 || judge(backtest, &window, error) != 0)
            return -1;
        done += count;
    }
    return 0;
}

int backtest_warm(struct backtest *backtest, int series, const struct bars *bars, struct error *error)
{
    struct track *track = &backtest->track[series];
    require(backtest->moment == TIME_NONE && bars->count > 0);
    if ((backtest->waits ? keep_moments(backtest, series, bars, error) : step_over(backtest, series, bars, error)) != 0)
        return -1;
    track->start = bars->time[bars->count - 1];
    backtest->clock = track->last = bars->end[bars->count - 1];
    return 0;
}

int backtest_warm_action(struct backtest *backtest, const struct action *action, struct error *error)
{
    require(backtest->moment == TIME_NONE);
    if (backtest_warm_end(backtest, error) != 0)
        return -1;
    for (int i = 0; i < backtest->options.count; i++)
        if (runner_action(backtest->runner[i], action, error) != 0)
            return -1;
    for (size_t i = 0; action->kind == ACTION_RENAME && i < backtest->tracks; i++)
        for (int k = 0; k < backtest->options.count; k++)
            backtest->track[i].member[k].series = NULL;
    return 0;
}
