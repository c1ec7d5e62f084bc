/* A ledger as bytes: what a checkpoint keeps, so that an account is not replayed from its first event.
 *
 * The bytes are canonical: the same events give the same bytes, on every machine (little endian, no padding, symbols,
 * holdings and orders in their order). A state is as large as what is open and what was ever traded, not as the
 * history. */
#ifndef TN_LEDGER_STATE_H
#define TN_LEDGER_STATE_H

#include "base/buf.h"
#include "ledger/ledger.h"

/* Rises whenever a member of the state or what one means changes: older states are then not loaded but made again from
 * the events. */
#define LEDGER_FORMAT 16

#define LEDGER_STATE_MAX (256u * 1024 * 1024) /* bytes */

/* Append the state. No order may be only planned. */
int ledger_save(const struct ledger *ledger, struct buf *out, struct error *error);
/* Make a ledger of a state, as if its events had been applied under these terms. EXIT_STATE: the bytes are no state, or
 * one of another format or of other terms (account, currency, mode, rolls of the day); *ledger needs no clearing then.
 * The bytes can be any. What the instruments say of working orders is asked anew. */
int ledger_load(struct ledger *ledger, const struct ledger_terms *terms, struct str saved, struct error *error);
/* The account, mode and currency that a state was saved under, into terms that have these members empty. */
int ledger_state_terms(struct ledger_terms *terms, struct str saved, struct error *error);

#endif
