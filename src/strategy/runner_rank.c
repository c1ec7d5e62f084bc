/* The runner of rules that rank: bars of a moment are noted, chosen among when all are there, and stepped over. */
#include "base/list.h"
#include "strategy/rules.h"
#include "strategy/runner_parts.h"

#include <math.h>

/* A bar of a ranking: all of them have one interval, and each series one bar in a moment. */
int runner_rank_note(struct runner *runner, const struct bar *bar, struct error *error)
{
    char own[INTERVAL_TEXT_MAX], first[INTERVAL_TEXT_MAX];
    if (runner->interval.unit == INTERVAL_NONE)
        runner->interval = bar->interval;
    if (!interval_equal(runner->interval, bar->interval)) {
        own[interval_format(own, bar->interval)] = '\0';
        first[interval_format(first, runner->interval)] = '\0';
        return error_set(error, EXIT_INPUT, "%s: a %s bar in a ranking of %s bars", bar->symbol, own, first);
    }
    struct series *series = runner_series(runner, bar->symbol, bar->interval, error);
    if (series == NULL ||
        list_grow(&runner->noted, &runner->note_capacity, runner->notes, sizeof *runner->noted, error) != 0)
        return -1;
    struct track *track = series->state;
    if (track->noted > 0 && track->noted <= runner->notes && runner->noted[track->noted - 1].series == series)
        return error_set(error, EXIT_INPUT, "%s: two bars that end together", bar->symbol);
    const struct candle candle = candle_of_bar(bar);
    const struct bars bars = bars_of(&candle);
    if (series_step(series, &bars, bar->adjusted, bar->symbol, error) != 0)
        return -1;
    track->noted = runner->notes + 1;
    runner->noted[runner->notes++] = (struct noted){.bar = *bar, .series = series};
    return 0;
}

/* Asks the rules at a bar. */
static int answer(struct runner *runner, struct noted *noted, struct error *error)
{
    struct column_block block;
    const struct candle candle = candle_of_bar(&noted->bar);
    const struct bars bars = bars_of(&candle);
    struct track *track = noted->series->state;
    series_columns(noted->series, &bars, runner->use.inputs, UNIT_COUNT, &block);
    if (runner->others != NULL &&
        others_columns(runner->others, noted->bar.interval, noted->bar.end, &block.columns.others, error) != 0)
        return -1;
    if (runner->known != NULL && known_columns(runner->known, track->symbol, &block.columns, error) != 0)
        return -1;
    rule_set_answer(runner->use.rules, track->state, &block.columns, &noted->answer);
    return 0;
}

/* Whoever has no bar now is not chosen, and hears of it with his next one. */
static int choose(struct runner *runner, struct error *error)
{
    double sum = 0;
    size_t weighed = 0;
    for (; runner->candidate_capacity < runner->notes;)
        if (list_grow(&runner->candidate, &runner->candidate_capacity, runner->candidate_capacity,
                      sizeof *runner->candidate, error) != 0)
            return -1;
    for (size_t i = 0; i < runner->notes; i++)
        runner->candidate[i] =
            (struct rule_candidate){.symbol = runner->noted[i].bar.symbol, .answer = &runner->noted[i].answer};
    if (rule_set_choose(runner->use.rules, runner->candidate, runner->notes, error) != 0)
        return -1;
    runner->choices++;
    for (size_t i = 0; i < runner->notes; i++) {
        const struct rule_candidate *candidate = &runner->candidate[i];
        struct track *track = runner->noted[i].series->state;
        if (candidate->side != WANT_FLAT || !isnan(candidate->answer->rank))
            track->chosen = candidate->side;
        track->choice = runner->choices;
        track->weight = candidate->answer->weight;
        if (candidate->side != WANT_FLAT && track->weight > 0) {
            sum += track->weight;
            weighed++;
        }
    }
    /* Weights are units: one is the mean of those that were chosen. */
    for (size_t i = 0; i < runner->notes; i++) {
        struct track *track = runner->noted[i].series->state;
        track->weight = track->weight > 0 && sum > 0 ? track->weight / (sum / (double)weighed) : (double)NAN;
    }
    return 0;
}

int runner_rank_moment(struct runner *runner, struct error *error)
{
    if (runner->notes == 0)
        return 0;
    for (size_t i = 0; i < runner->notes; i++)
        if (answer(runner, &runner->noted[i], error) != 0)
            return -1;
    const int64_t end = runner->noted[0].bar.end;
    return rule_set_is_due(runner->use.rules, runner->calendar, runner->interval, end, &runner->ranked_last,
                           &runner->ranked_seen)
               ? choose(runner, error)
               : 0;
}

/* The row of a bar that was ranked. */
void runner_rank_step(struct runner *runner, const struct series *series, struct levels *levels)
{
    struct track *track = series->state;
    const size_t row = levels->count;
    require(track->noted > 0 && track->noted <= runner->notes);
    const struct rule_answer *of = &runner->noted[track->noted - 1].answer;
    if (track->choice != runner->choices && track->chosen != WANT_NONE)
        track->chosen = WANT_FLAT;
    const bool is_short = track->chosen == WANT_SHORT, any = track->chosen == WANT_LONG || is_short;
    levels->side[row] = track->chosen;
    levels->strength[row] = any ? of->strength : (double)NAN;
    levels->units[row] = any ? track->weight : (double)NAN;
    levels->stop[row] = any ? of->stop[is_short] : (double)NAN;
    levels->target[row] = any ? of->target[is_short] : (double)NAN;
    for (int k = 0; k < LEVEL_FIGURES_MAX; k++)
        levels->figure[k][row] = of->figure[k];
    for (int k = 0; k < runner->use.strategy->reasons; k++)
        levels->reason[k][row] = of->reason[k];
    track->noted = 0;
    for (; runner->notes > 0 && ((struct track *)runner->noted[runner->notes - 1].series->state)->noted == 0;)
        runner->notes--;
}
