/* Bars of one symbol put on the basis of the last of them. */
#include "feed/merged_feed_adjust.h"

#include "market/restate.h"
#include "market/validate.h"

#include <stdlib.h>

static int check(enum adjusted from, enum adjusted to, struct error *error)
{
    /* What `from` has taken up must be in `to` as well. */
    if (restate_missing(to, from) == 0)
        return 0;
    (void)error_set(error, EXIT_USAGE, "its prices are adjusted already (%s): they cannot be made %s",
                    adjusted_text(from), adjusted_text(to));
    error_hint(error, "tn-quote sources shows how each source's prices are adjusted");
    return -1;
}

/* Factors by bar, from the bars and actions of the items. */
static int measure(const struct feed_item *item, size_t count, unsigned missing, double *price, double *volume,
                   struct error *error)
{
    struct bar *bar = calloc(count + 1, sizeof *bar);
    const struct action **action = calloc(count + 1, sizeof *action);
    size_t bars = 0, actions = 0;
    int result = 0;
    if (bar == NULL || action == NULL) {
        result = error_memory(error);
    } else {
        for (size_t i = 0; i < count; i++)
            if (item[i].type == RECORD_BAR)
                bar[bars++] = item[i].bar;
            else if (item[i].type == RECORD_ACTION)
                action[actions++] = &item[i].action;
        restate_factors(price, volume, bar, bars, action, actions, missing, TIME_NONE);
    }
    free(bar);
    free(action);
    return result;
}

int merged_feed_adjust(struct feed_item *item, size_t *count, enum adjusted adjusted, struct error *error)
{
    size_t first = 0, kept = 0, bars = 0;
    while (first < *count && item[first].type != RECORD_BAR)
        first++;
    if (first == *count)
        return 0;
    const enum adjusted from = item[first].bar.adjusted == ADJUSTED_NONE ? ADJUSTED_RAW : item[first].bar.adjusted;
    if (check(from, adjusted, error) < 0)
        return -1;
    double *price = calloc(*count + 1, sizeof *price), *volume = calloc(*count + 1, sizeof *volume);
    int result = price == NULL || volume == NULL
                     ? error_memory(error)
                     : measure(item, *count, restate_missing(from, adjusted), price, volume, error);
    for (size_t i = 0; i < *count && result == 0; i++) {
        if (item[i].type == RECORD_ACTION && action_is_in_prices(adjusted, item[i].action.kind))
            continue;
        if (item[i].type == RECORD_BAR && price != NULL && volume != NULL) {
            if (!restate_bar(&item[i].bar, price[bars], volume[bars]))
                result = error_set(error, EXIT_INPUT, "its adjusted prices are out of range");
            item[i].bar.adjusted = adjusted;
            bars++;
        }
        item[kept++] = item[i];
    }
    *count = kept;
    free(price);
    free(volume);
    return result;
}
