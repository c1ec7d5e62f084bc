/* Whether what trading goes by is the same. */
#include "market/instrument.h"

#include <string.h>

bool instrument_equal(const struct instrument *a, const struct instrument *b)
{
    return a->tick_size == b->tick_size && a->lot_size == b->lot_size && a->multiplier == b->multiplier &&
           (a->kind == b->kind || (a->expiry == 0 && b->expiry == 0)) && strcmp(a->currency, b->currency) == 0 &&
           strcmp(a->sector, b->sector) == 0 && a->first_day == b->first_day && a->last_day == b->last_day &&
           a->expiry == b->expiry;
}
