/* What can be traded in which steps. Defaults: a US stock. */
#ifndef TN_MARKET_INSTRUMENT_H
#define TN_MARKET_INSTRUMENT_H

#include "base/dec.h"

struct instrument {
    dec tick_size;  /* smallest price step, > 0 */
    dec lot_size;   /* smallest quantity step, > 0 */
    dec multiplier; /* currency per point of price and unit of quantity, > 0 */
};

#define INSTRUMENT_STOCK ((struct instrument){.tick_size = DEC_ONE / 100, .lot_size = DEC_ONE, .multiplier = DEC_ONE})

#endif
