/* What can be traded in which steps. Defaults: a US stock. */
#ifndef TN_MARKET_INSTRUMENT_H
#define TN_MARKET_INSTRUMENT_H

#include "base/dec.h"
#include "market/currency.h"
#include "record/types/words.h"

#define SECTOR_SIZE 65

struct instrument {
    dec tick_size;  /* smallest price step, > 0 */
    dec lot_size;   /* smallest quantity step, > 0 */
    dec multiplier; /* currency per point of price and unit of quantity, > 0 */
    enum instrument_kind kind;
    char currency[CURRENCY_SIZE]; /* that it trades in, "": the account's */
    char sector[SECTOR_SIZE];     /* "": nobody says */
    /* Days since 1970, 0: nobody says: the first and the last on which it trades, and the one on which it ends for good
     * (a future, an option). */
    int64_t first_day, last_day, expiry;
};

#define INSTRUMENT_STOCK ((struct instrument){.tick_size = DEC_ONE / 100, .lot_size = DEC_ONE, .multiplier = DEC_ONE})

/* Does trading go by the same facts? */
bool instrument_equal(const struct instrument *a, const struct instrument *b);

#endif
