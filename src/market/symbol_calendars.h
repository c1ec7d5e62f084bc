/* Symbols whose sessions are not those of the account or run: a coin beside a stock. */
#ifndef TN_MARKET_SYMBOL_CALENDARS_H
#define TN_MARKET_SYMBOL_CALENDARS_H

#include "market/calendar.h"

struct symbol_calendars {
    /* The calendar of a symbol that has one of its own, which lives as long as this; NULL: it has none. */
    const struct calendar *(*of)(void *context, const char *symbol);
    void *context;
};

/* The calendar by which a symbol trades: its own, else the usual one. Without `calendars` none has one. */
static inline const struct calendar *symbol_calendar(const struct symbol_calendars *calendars,
                                                     const struct calendar *usual, const char *symbol)
{
    const struct calendar *own = calendars == NULL ? NULL : calendars->of(calendars->context, symbol);
    return own == NULL ? usual : own;
}

#endif
