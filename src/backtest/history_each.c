/* Looking at a history record by record, and by day. */
#include "backtest/history_parts.h"
#include "base/list.h"
#include "record/record.h"
#include "stat/day.h"

#include <stdlib.h>
#include <string.h>

int history_days(const struct history *history, const struct zone *zone, int64_t **day, size_t *days,
                 struct error *error)
{
    const struct bar_columns *bars = &history->bars;
    size_t capacity = 0;
    int64_t until = TIME_NONE;
    *day = NULL;
    *days = 0;
    for (size_t i = 0; i < bars->count; i++) {
        const int64_t known = bars->end[i];
        if (*days > 0 && known <= until)
            continue;
        if (list_grow(day, &capacity, *days, sizeof **day, error) != 0) {
            free(*day);
            *day = NULL;
            return -1;
        }
        (*day)[(*days)++] = known;
        until = day_end(zone, day_of(zone, known));
    }
    return 0;
}

static struct bar bar_at(const struct history *history, const struct history_series *of, size_t i)
{
    const struct bar_columns *bars = &history->bars;
    struct bar bar;
    record_blank(RECORD_BAR, &bar);
    memcpy(bar.symbol, of->symbol, sizeof bar.symbol);
    bar.interval = of->interval;
    bar.adjusted = of->adjusted;
    bar.time = bars->time[i];
    bar.end = bars->end[i];
    bar.session = bars->session[i];
    bar.open = bars->open[i];
    bar.high = bars->high[i];
    bar.low = bars->low[i];
    bar.close = bars->close[i];
    bar.volume = bars->volume[i];
    return bar;
}

int history_each(const struct history *history,
                 int (*take)(void *context, enum record_type type, const void *value, struct error *error),
                 void *context, struct error *error)
{
    for (size_t r = 0; r < history->runs; r++) {
        const struct record_run *run = &history->run[r];
        for (size_t i = run->from; i < run->from + run->count; i++) {
            struct bar bar;
            const void *value = &bar;
            if (run->type == RECORD_BAR)
                bar = bar_at(history, &history->series[run->series], i);
            else if (run->type == RECORD_ACTION)
                value = &history->action[i];
            else if (run->type == RECORD_EVENT)
                value = &history->event[i].event;
            else
                value = &history->anomaly[i];
            if (take(context, run->type, value, error) != 0)
                return -1;
        }
    }
    return 0;
}
