/* What sizing and limits share. */
#ifndef TN_RISK_INTERNAL_H
#define TN_RISK_INTERNAL_H

#include "risk/risk.h"

/* What an entry in a symbol is measured by: asked once for the size and the limits. */
struct entry_room {
    dec equity;                    /* of the account */
    struct rate rate;              /* of the symbol's currency in the account's, in which all of these are */
    dec limit;                     /* of it, MAX_POSITION allows in the symbol … */
    dec used;                      /* … and so much is there: market value held plus its working entries, unsigned */
    dec sector_limit, sector_used; /* the same of the symbols of its sector; DEC_MAX: any */
};

/* Does an order wait for a price, so that nobody knows whether it ever fills? */
bool risk_waits(const struct order *order);
/* Is a decision of this age, in closed bars, too old to be entered? */
bool risk_is_late(const struct risk_terms *terms, int64_t age);
/* Says so in *refusal; gives 1. */
int risk_refuse_late(const struct risk_terms *terms, int64_t age, struct refusal *refusal);
/* Of an account whose equity is known, and an instrument whose rate is: risk_is_unrated has said no. */
int risk_entry_room(const struct ledger *ledger, const struct risk_terms *terms, const struct instrument *instrument,
                    int slot, dec equity, int64_t time, struct entry_room *entry_room, struct error *error);
/* Is a rate missing, or too old at a moment, of what the account has or of the instrument? 1, and *refusal says which.
 */
int risk_refuse_unrated(const struct ledger *ledger, const struct instrument *instrument, int64_t time,
                        struct refusal *refusal);
/* May the instrument not be entered at that time: it is not traded yet, or no more? 1, and *refusal says it. */
int risk_refuse_dated(const struct ledger *ledger, const struct instrument *instrument, int64_t time,
                      struct refusal *refusal);
/* Less of *quantity, which an entry at `price` wants, when a limit leaves room for less, and which; 0 when for none. */
int risk_room(const struct entry_room *entry_room, dec price, dec multiplier, dec *quantity, const char **clipped,
              struct error *error);
/* risk_check with the places of the order's symbol and holding (-1: there is none) and, for an entry, its standing when
 * that is known already, else NULL. */
int risk_check_at(const struct ledger *ledger, const struct risk_terms *terms, const struct instrument *instrument,
                  const struct order *order, int slot, int holding, const struct entry_room *known,
                  struct refusal *refusal, struct error *error);

#endif
