/* What sizing and limits share. */
#ifndef TN_RISK_INTERNAL_H
#define TN_RISK_INTERNAL_H

#include "risk/risk.h"

/* What an entry in a symbol is measured by: asked once for the size and the limits. */
struct entry_room {
    dec equity; /* of the account */
    dec limit;  /* of it, MAX_POSITION allows in the symbol … */
    dec used;   /* … and so much is there: market value held plus its working entries, unsigned */
};

/* Does an order wait for a price, so that nobody knows whether it ever fills? */
bool risk_waits(const struct order *order);
/* Is a decision of this age, in closed bars, too old to be entered? */
bool risk_is_late(const struct risk_terms *terms, int64_t age);
/* Says so in *refusal; gives 1. */
int risk_refuse_late(const struct risk_terms *terms, int64_t age, struct refusal *refusal);
int risk_entry_room(const struct ledger *ledger, const struct risk_terms *terms, int slot, dec equity,
                    struct entry_room *entry_room, struct error *error);
/* Less of *quantity, which an entry at `price` wants, when MAX_POSITION leaves room for less; 0 when for none. */
int risk_room(const struct entry_room *entry_room, dec price, dec multiplier, dec *quantity, struct error *error);
/* risk_check with the places of the order's symbol and holding (-1: there is none) and, for an entry, its standing when
 * that is known already, else NULL. */
int risk_check_at(const struct ledger *ledger, const struct risk_terms *terms, const struct instrument *instrument,
                  const struct order *order, int slot, int holding, const struct entry_room *known,
                  struct refusal *refusal, struct error *error);

#endif
