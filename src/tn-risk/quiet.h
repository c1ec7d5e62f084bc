/* Levels of a session of which nothing can come, so that tn-order need not be asked. */
#ifndef TN_RISK_QUIET_H
#define TN_RISK_QUIET_H

#include "tn-risk/commands.h"

struct quiet;

struct quiet *quiet_new(struct error *error);
void quiet_free(struct quiet *quiet);
/* A level has been sized, with the account as it is now, its orders among what works. */
int quiet_note(struct quiet *quiet, const struct ledger *ledger, const struct signal *signal, bool in_step,
               struct error *error);
/* Are they those that were sized last, and nothing can come of them? Holds as long as nobody else orders in the
 * account.
 */
bool quiet_are(const struct quiet *quiet, struct levels *levels);

#endif
