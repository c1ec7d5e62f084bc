/* Bars before a run begins: strategies step over them, so that they can judge its first bar, and nothing is traded. */
#include "backtest/internal.h"

int backtest_warm_end(struct backtest *backtest, struct error *error)
{
    if (backtest->bars == 0)
        return 0;
    if (backtest_note_moment(backtest, error) != 0)
        return -1;
    for (size_t b = 0; b < backtest->bars; b++)
        for (int i = 0; i < backtest->options.count; i++) {
            const struct moment_bar *at = &backtest->bar[b];
            const struct bars one = bars_of(&at->candle);
            levels_clear(&backtest->levels[i]);
            if (backtest_step(backtest, at->track, i, at->adjusted, &one, error) != 0)
                return -1;
        }
    backtest->bars = 0;
    backtest->outcome.wanted = false; /* of the run alone */
    return 0;
}

/* Strategies that look at all of a moment get the bars of each together. */
static int keep_moments(struct backtest *backtest, int series, const struct bars *bars, struct error *error)
{
    for (size_t i = 0; i < bars->count; i++) {
        const struct bars one = bars_part(bars, i, 1);
        if (backtest->bars > 0 && backtest->bar[0].candle.end != *one.end && backtest_warm_end(backtest, error) != 0)
            return -1;
        if (backtest_keep_bar(backtest, series, &one, error) != 0)
            return -1;
    }
    return 0;
}

static int step_over(struct backtest *backtest, int series, const struct bars *bars, struct error *error)
{
    for (size_t done = 0; done < bars->count;) {
        const size_t left = bars->count - done, count = left < SPAN_MAX ? left : SPAN_MAX;
        const struct bars part = bars_part(bars, done, count);
        for (int i = 0; i < backtest->options.count; i++) {
            levels_clear(&backtest->levels[i]);
            if (backtest_step(backtest, series, i, backtest->track[series].adjusted, &part, error) != 0)
                return -1;
        }
        done += count;
    }
    backtest->outcome.wanted = false; /* of the run alone */
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
