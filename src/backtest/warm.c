/* Bars before a run begins: strategies step over them, so that they can judge its first bar, and nothing is traded. */
#include "backtest/internal.h"

int backtest_warm(struct backtest *backtest, int series, const struct bars *bars, struct error *error)
{
    struct track *track = &backtest->track[series];
    require(backtest->moment == TIME_NONE && bars->count > 0);
    for (size_t done = 0; done < bars->count;) {
        const size_t left = bars->count - done, count = left < SPAN_MAX ? left : SPAN_MAX;
        const struct bars part = bars_part(bars, done, count);
        for (int i = 0; i < backtest->options.count; i++) {
            levels_clear(&backtest->levels[i]);
            if (backtest_step(backtest, series, i, track->adjusted, &part, error) != 0)
                return -1;
        }
        done += count;
    }
    track->start = bars->time[bars->count - 1];
    track->last = bars->end[bars->count - 1];
    backtest->outcome.wanted = false; /* of the run alone */
    return 0;
}

int backtest_warm_action(struct backtest *backtest, const struct action *action, struct error *error)
{
    require(backtest->moment == TIME_NONE);
    for (int i = 0; i < backtest->options.count; i++)
        if (runner_action(backtest->runner[i], action, error) != 0)
            return -1;
    for (size_t i = 0; action->kind == ACTION_RENAME && i < backtest->tracks; i++)
        for (int k = 0; k < backtest->options.count; k++)
            backtest->track[i].member[k].series = NULL;
    return 0;
}
