/* Which of many runs is the best. */
#include "base/num.h"
#include "record/record.h"
#include "tn-backtest/study.h"

#include <math.h>
#include <string.h>

int study_objective(const struct study *study, struct objective *objective, struct error *error)
{
    const char *name = option_text(study->invocation, "by", "sharpe");
    const struct metric *metric = metric_find(name);
    if (metric == NULL) {
        const char *words[128];
        for (int i = 0; i < metric_count && i < 128; i++)
            words[i] = metric_table[i].name;
        const char *near = nearest_word(name, words, metric_count < 128 ? metric_count : 128);
        error_set(error, EXIT_USAGE, "--by: there is no metric '%s'", name);
        error_hint(error, near != NULL ? "did you mean %s?" : "tn-report summary --explain shows them all", near);
        return -1;
    }
    *objective = (struct objective){.metric = (int)(metric - metric_table),
                                    .least = metric_less_is_better(metric),
                                    .least_trades = (uint64_t)option_count(study->invocation, "least-trades", 30)};
    return 0;
}

static double weigh(const struct objective *objective, double figure, double trades)
{
    if (!(trades >= (double)objective->least_trades))
        return NAN;
    return objective->least ? -figure : figure;
}

double objective_of(const struct objective *objective, const struct metrics *metrics)
{
    return weigh(objective, metric_table[objective->metric].figure(metrics), (double)metrics->trades);
}

double metrics_read(struct str metrics, const char *name)
{
    struct field member;
    struct error ignored = {0};
    double figure;
    while (raw_next(&metrics, &member))
        if (str_is(member.key, name))
            return member.kind == VALUE_NUMBER && num_parse(&figure, member.value.p, member.value.n, &ignored) == 0
                       ? figure
                       : NAN;
    return NAN;
}

double objective_read(const struct objective *objective, struct str metrics)
{
    return weigh(objective, metrics_read(metrics, metric_table[objective->metric].name),
                 metrics_read(metrics, "trades"));
}
