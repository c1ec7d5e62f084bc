/* The calendars that instruments.ndjson names for its symbols, opened. */
#ifndef TN_EXCHANGE_LISTED_CALENDARS_H
#define TN_EXCHANGE_LISTED_CALENDARS_H

#include "exchange/exchange.h"
#include "exchange/instruments.h"
#include "market/symbol_calendars.h"

struct listed_calendars {
    const struct instruments *listed; /* not owned */
    const struct calendar **own;      /* by index in `listed`, NULL: the usual one */
    struct exchange **exchange;       /* those that are open */
    size_t exchanges, capacity;
    struct symbol_calendars calendars;
};

/* Opens those that are not the usual one, all at once, so that a name that is none is said at the start (EXIT_USAGE
 * names file and symbol). `listed` stays as it is until they are closed. */
int listed_calendars_open(struct listed_calendars *calendars, const struct instruments *listed, const char *usual,
                          struct error *error);
void listed_calendars_close(struct listed_calendars *calendars); /* harmless on zeroed ones */
/* For whoever asks by symbol; NULL where no symbol has one of its own, so that nobody asks in vain. */
const struct symbol_calendars *listed_calendars_of(const struct listed_calendars *calendars);

#endif
