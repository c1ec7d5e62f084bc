/* New events that are refused although old journals may have their like. */
#ifndef TN_JOURNAL_ADMIT_H
#define TN_JOURNAL_ADMIT_H

#include "journal/kinds.h"
#include "ledger/ledger.h"

/* EXIT_INPUT: a deposit or withdrawal of the wrong sign, a withdrawal of more than buying power (ledger: of the
 * account, NULL when nothing has happened to it), a fill that corrects another. */
int journal_admit(const struct ledger *ledger, enum record_type type, const union record_value *value,
                  struct error *error);

#endif
