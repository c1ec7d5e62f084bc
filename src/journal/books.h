/* The ledgers of all accounts in a journal, and the derived tables that come from them: accounts, positions, lots.
 *
 * Events are folded in the order of the log; what a fold changed is noted and written by books_flush, once for many
 * events. The same events give the same rows, whatever the transactions were. */
#ifndef TN_JOURNAL_BOOKS_H
#define TN_JOURNAL_BOOKS_H

#include "journal/kinds.h"

struct books;

struct books *books_new(struct db *db, struct error *error);
void books_free(struct books *books);
/* Fold the event after the last one folded. EXIT_STATE: it does not fit to what was before; forget the books then. */
int books_fold(struct books *books, const struct event *event, const struct event_reader *reader, struct error *error);
/* The ledger of an account; NULL when nothing has happened to it. */
const struct ledger *books_ledger(const struct books *books, const char *account);
/* The number of the last event folded, 0 for none. */
int64_t books_folded(const struct books *books);
/* The tables hold what was folded so far. */
void books_settle(struct books *books);
/* Write what changed since the last flush or settle. */
int books_flush(struct books *books, struct error *error);
/* Back to no event folded (after a rollback). */
void books_forget(struct books *books);

#endif
