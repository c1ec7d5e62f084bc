/* A calendar with its time zone, as a program opens it. */
#ifndef TN_FEED_EXCHANGE_H
#define TN_FEED_EXCHANGE_H

#include "market/calendar.h"

struct exchange {
    struct calendar calendar;
    struct zone *zone; /* NULL where the calendar is in UTC */
};

/* "nyse", "always"; EXIT_USAGE for a name that is none. To be closed whatever it returned. */
int exchange_open(struct exchange *exchange, const char *calendar, struct error *error);
void exchange_close(struct exchange *exchange);

#endif
