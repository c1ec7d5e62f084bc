/* What the files of the ledger share with each other and nobody else. */
#ifndef TN_LEDGER_INTERNAL_H
#define TN_LEDGER_INTERNAL_H

#include "base/list.h"
#include "ledger/ledger.h"

/* Adds to a holding's and its symbol's quantity and keeps the account's value in step. */
int ledger_move(struct ledger *ledger, struct holding *holding, dec change, struct error *error);
/* Sets a symbol's mark and keeps the account's value in step; refuses one at which the position has no value in range.
 */
int ledger_set_mark(struct ledger *ledger, struct ledger_slot *slot, dec price, struct error *error);

/* lots.c */
int ledger_apply_fill(struct ledger *ledger, const struct fill *record, struct error *error);
/* Gives the cash of a dividend to the lots it was paid on. Money that fits to none is the account's only. */
int ledger_share_dividend(struct ledger *ledger, const struct cash *cash, struct error *error);
/* actions.c */
int ledger_apply_action(struct ledger *ledger, const struct action *action, struct error *error);
/* An adjustment that was accepted: the action it is about is held back no longer. What it changed are other events. */
void ledger_apply_adjustment(struct ledger *ledger, const struct adjustment *adjustment);
/* A ticket that is added after dividends which came after its decision: its prices are of before them. A split is
 * another matter: such an order is refused. */
int ledger_adjust_late(struct ledger *ledger, struct ticket *ticket, struct error *error);
/* book.c */
int ledger_apply_order(struct ledger *ledger, const struct order *order, struct error *error);
int ledger_apply_update(struct ledger *ledger, const struct order_update *update, struct error *error);
/* Adds an order that worked when a state was saved: nothing is spent or counted. */
struct ticket *ledger_restore_order(struct ledger *ledger, const struct order *order, int slot, int holding,
                                    struct error *error);
/* Its place among the working orders. */
size_t ledger_index_of(const struct ledger *ledger, const struct ticket *ticket);
/* Does a ticket wait for another, and is that one over since a moment? */
void ledger_set_due(struct ledger *ledger, struct ticket *ticket, bool sleeps, enum due due, int64_t time);
/* Remembers an exit's attempt. */
int ledger_note_attempt(struct ledger *ledger, const char *signal, int64_t attempt, struct error *error);
/* Names the working orders that must go; whoever trades the account cancels them. */
void ledger_apply_halt(struct ledger *ledger, const struct halt *halt);
void ledger_clear_book(struct ledger *ledger);

int ledger_overflow(struct error *error, const char *what);

#endif
