/* When what a program is about trades: the calendar of its option, and those that instruments.ndjson names for symbols
 * with one of their own. */
#ifndef TN_EXCHANGE_TRADING_HOURS_H
#define TN_EXCHANGE_TRADING_HOURS_H

#include "exchange/listed_calendars.h"

struct trading_hours {
    bool open;
    struct exchange exchange;
    struct calendar calendar; /* the usual one */
    struct instruments listed;
    struct listed_calendars own;
    const struct symbol_calendars *calendars; /* NULL: no symbol has one of its own */
};

/* To be closed whatever it returned; harmless on zeroed ones. What it gives out points into it. EXIT_USAGE as
 * exchange_open and instruments_read. */
int trading_hours_open(struct trading_hours *hours, const char *calendar, struct error *error);
void trading_hours_close(struct trading_hours *hours);

#endif
