/* The zone of a chart, where only its bars say whose days they are. */
#include "base/time.h"
#include "exchange/exchange.h"
#include "show/candles.h"
#include "show/scale.h"
#include "tn-report/commands.h"

#include <stdio.h>
#include <string.h>

#define ZONE_NAME_MAX 64

/* Is the start of the last bar, as the zone's clock shows it, of the date that the bar says? */
static bool dates_agree(const struct candles *candles, const struct zone *zone)
{
    const int64_t local = zone_local(zone, candles->bar[candles->bars - 1].time);
    return local / TIME_DAY - (local % TIME_DAY < 0) == candles->session;
}

struct zone_search {
    const struct candles *candles;
    char zone[ZONE_NAME_MAX]; /* "" until one is found */
};

static int try_calendar(void *context, const char *name, struct error *error)
{
    struct zone_search *search = context;
    struct exchange exchange = {.zone = NULL};
    (void)error;
    struct error ignored = {0}; /* a broken file of another market is no concern of this chart */
    if (search->zone[0] != '\0')
        return 0;
    if (exchange_open(&exchange, name, &ignored) == 0 && dates_agree(search->candles, exchange.zone))
        (void)snprintf(search->zone, sizeof search->zone, "%s", exchange_zone_name(&exchange));
    exchange_close(&exchange);
    return 0;
}

int view_use_zone_of_bars(struct view *view, const struct candles *candles, struct error *error)
{
    struct zone_search search = {.candles = candles};
    if (view->zone_chosen || candles->bars == 0 || candles->session == TIME_NONE ||
        dates_agree(candles, view->style.zone))
        return 0;
    if (exchange_each(try_calendar, &search, error) != 0)
        return -1;
    return search.zone[0] == '\0' ? 0 : view_use_zone(view, search.zone, error);
}
