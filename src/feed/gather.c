/* A merged feed read whole. */
#include "feed/gather.h"

#include "base/list.h"

#include <stdlib.h>

void gathered_init(struct gathered *gathered)
{
    *gathered = (struct gathered){.series = NULL};
    names_init(&gathered->symbols);
}

void gathered_clear(struct gathered *gathered)
{
    for (size_t i = 0; i < gathered->symbols.count; i++) {
        free(gathered->series[i].bar);
        action_set_clear(&gathered->series[i].actions);
    }
    free(gathered->series);
    names_clear(&gathered->symbols);
    gathered_init(gathered);
}

static struct gathered_series *series_of(struct gathered *gathered, const char *symbol, struct error *error)
{
    const size_t known = gathered->symbols.count;
    if (list_grow(&gathered->series, &gathered->capacity, known, sizeof *gathered->series, error) != 0)
        return NULL;
    const int64_t index = names_add(&gathered->symbols, str_of(symbol), error);
    if (index < 0)
        return NULL;
    if (gathered->symbols.count > known) {
        gathered->series[index] = (struct gathered_series){.bar = NULL};
        action_set_init(&gathered->series[index].actions);
    }
    return &gathered->series[index];
}

static int on_failed(void *context, const char *symbol, struct error *error)
{
    struct error failure = *error;
    error_clear(error);
    struct gathered_series *series = series_of(context, symbol, error);
    if (series == NULL)
        return -1;
    series->failure = failure;
    return 0;
}

static int keep(struct gathered *gathered, const struct feed_item *item, const struct calendar *calendar,
                struct error *error)
{
    if (item->type != RECORD_BAR && item->type != RECORD_ACTION)
        return 0;
    struct gathered_series *series =
        series_of(gathered, item->type == RECORD_BAR ? item->bar.symbol : item->action.symbol, error);
    if (series == NULL)
        return -1;
    if (item->type == RECORD_ACTION)
        return action_set_add(&series->actions, &item->action, calendar_date(calendar, item->action.time), calendar,
                              error);
    if (list_grow(&series->bar, &series->capacity, series->count, sizeof *series->bar, error) != 0)
        return -1;
    series->bar[series->count++] = item->bar;
    return 0;
}

int gather(struct gathered *gathered, const struct feed *feed, const struct feed_request *request,
           struct names *symbols, struct action_set *actions, struct error *error)
{
    const struct merged_feed_request wanted = {
        .feed = feed,
        .request = request,
        .symbols = symbols,
        .actions = actions,
        .unwatched = true,
        .failed = on_failed,
        .context = gathered,
    };
    const struct feed_item *item;
    struct merged_feed *merged_feed = merged_feed_open(&wanted, error);
    int got = merged_feed == NULL ? -1 : 1;
    while (got == 1 && (got = merged_feed_next(merged_feed, &item, error)) == 1)
        if (keep(gathered, item, request->calendar, error) < 0)
            got = -1;
    merged_feed_close(merged_feed);
    return got;
}
