/* A calendar with its time zone, as a program opens it: built in, or a file of the user's (calendars/ in the
 * configuration's folder) or of the programs' own (share/calendars). */
#ifndef TN_EXCHANGE_EXCHANGE_H
#define TN_EXCHANGE_EXCHANGE_H

#include "market/calendar.h"

struct exchange {
    struct calendar calendar;
    struct zone *zone;            /* NULL where the calendar is in UTC */
    struct calendar_table *table; /* of a file, else NULL */
};

/* "nyse", "always", "nse"; EXIT_USAGE for a name that is none, with those there are as hint, and for a file that cannot
 * be read. To be closed whatever it returned. The calendar points into it. */
int exchange_open(struct exchange *exchange, const char *calendar, struct error *error);
/* "Asia/Kolkata"; "UTC" where there is no other. */
const char *exchange_zone_name(const struct exchange *exchange);
void exchange_close(struct exchange *exchange);

/* Calls `each` with the name of every calendar there is, those built in first, until it fails. */
int exchange_each(int (*each)(void *context, const char *name, struct error *error), void *context,
                  struct error *error);

/* For the tables of options. */
#define CALENDAR_OPTION(summary_)                                                                                      \
    {                                                                                                                  \
        "calendar", 0, OPTION_TEXT, "NAME", summary_, NULL, 0, 0                                                       \
    }

#endif
