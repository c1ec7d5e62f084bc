/* A corporate action that comes under another id after it was applied: a corrected amount, a date that was moved. It is
 * held back until somebody says yes, and then applied as a difference. */
#ifndef TN_BROKER_CORRECTION_H
#define TN_BROKER_CORRECTION_H

#include "broker/account_terms.h"
#include "journal/replay.h"

#define CORRECTION_SESSIONS 3 /* how far apart the two ex-dates may be */

/* The action already applied that another one seems to correct: of its symbol and kind, with another id and an ex-date
 * at most CORRECTION_SESSIONS away; NULL: none. `batch`: ids that came together with it, which are actions of their
 * own. */
const struct applied_action *correction_find(const struct ledger *ledger, const struct calendar *calendar, int slot,
                                             const struct action *action, const struct names *batch);

#define CORRECTION_TEXT 900
/* Says of an action that it is held back. `text` is the alert's. */
int correction_alert(struct alert *alert, struct sha256 *hash, const struct action *held,
                     char text[static CORRECTION_TEXT], struct error *error);

struct correction {
    char symbol[SYMBOL_SIZE];
    enum action_kind kind;
    dec from, to; /* cash per share of a dividend; DEC_NONE of a split */
    dec booked;   /* money */
};

/* Accepts what is held back under an id: in one transaction the difference of the dividends, strategy by strategy, and
 * the adjustment. EXIT_NO: nothing is held back under it, or what it would take cannot be worked out; says why. */
int correction_accept(struct journal *journal, struct account_terms *account_terms, const char *id, int64_t now,
                      const char *reason, struct correction *correction, struct error *error);

#endif
