/* What the fees of an account remember of its day and its month, from the fills in its journal. */
#ifndef TN_BROKER_FEE_HISTORY_H
#define TN_BROKER_FEE_HISTORY_H

#include "cost/fees.h"
#include "journal/journal.h"
#include "ledger/ledger.h"

/* The state, which is fresh, after all fills of the month of the account's last event and of the 30 days before it; of
 * schedules that remember nothing it stays so. Fills that the schedule has no rate for were charged by another: they
 * are passed over. */
int fee_history_read(struct fee_state *state, const struct fee_schedule *schedule, struct journal *journal,
                     const struct ledger *ledger, const struct zone *zone, struct error *error);

#endif
