/* Opens a calendar with its time zone. */
#include "feed/exchange.h"

int exchange_open(struct exchange *exchange, const char *calendar, struct error *error)
{
    const char *zone = calendar_zone_name(calendar);
    *exchange = (struct exchange){.zone = NULL};
    if (zone != NULL && (exchange->zone = zone_open(zone, error)) == NULL)
        return -1;
    return calendar_init(&exchange->calendar, calendar, exchange->zone, error);
}

void exchange_close(struct exchange *exchange)
{
    zone_free(exchange->zone);
}
