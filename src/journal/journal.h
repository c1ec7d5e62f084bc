/* The journal: the one true history of every account, as an event log with derived tables beside it.
 *
 *     journal = journal_open(path, JOURNAL_WRITE, error);
 *     journal_begin(journal, error);
 *     journal_append(journal, MODE_PAPER, line, error);  … any number …
 *     journal_commit(journal, error);                    0: durable, now the order may leave the machine
 *
 * Events are never changed. What follows from one of them (orders, fills, cash, equity, notes) is kept in tables of the
 * same file by the same transaction, for queries; what an account has is its ledger (journal/replay.h). Nothing reads
 * money back from tables.
 *
 * Errors are those of db/db.h: locked 5, newer schema or no journal 2, damaged or its tail lost 9, disk 10. After a
 * failed fsync the journal takes no more events (10) until tn-journal verify has passed. */
#ifndef TN_JOURNAL_JOURNAL_H
#define TN_JOURNAL_JOURNAL_H

#include "base/config.h"
#include "base/names.h"
#include "db/events.h"

enum journal_access {
    JOURNAL_READ,
    JOURNAL_WRITE,  /* the journal must exist */
    JOURNAL_CREATE, /* makes it when it is not there */
};

struct journal;

/* $data/journal.db. The text is the caller's to free; NULL on error. */
char *journal_path(const struct config *config, struct error *error);
struct journal *journal_open(const char *path, enum journal_access wanted, struct error *error);
/* Rolls back what was not committed. NULL is allowed. */
void journal_close(struct journal *journal);

/* How long a transaction waits for another process to end its own; 5000 ms unless said. */
void journal_set_patience(struct journal *journal, int milliseconds);

/* One transaction: all of its events are kept, or none. Begin takes the write lock at once. */
int journal_begin(struct journal *journal, struct error *error);
/* 0: everything appended is on the disk; -1: nothing of it is kept. */
int journal_commit(struct journal *journal, struct error *error);
void journal_rollback(struct journal *journal); /* harmless without a transaction */

/* Append one record, given as its line (a trailing LF is left off). Kinds of records: event_kind. `mode` is the
 * account's, MODE_NONE for what concerns no account.
 *
 * Returns
 *   - 1: appended.
 *   - 0: it is there already, there is no second event. By id: cash, fill, order, action, note, signal. By account,
 *     interval, bar and symbol: mark. By its exact bytes: order_update, cancel, replace, refusal, equity. Signals
 * repeat under one id, the first is kept. A halt, instrument or adjustment is appended each time.
 *   - -1, EXIT_INPUT: no event, a bad record, one of a backtest or of another mode. EXIT_STATE: the same id with other
 *     content, or it does not fit to the events before it (ledger.h: a fill larger than its order). Both leave the
 *     transaction as it was before the call. After any other error roll back. */
int journal_append(struct journal *journal, enum mode mode, struct str line, struct error *error);
/* The same for a record that is made here, by whoever has the account's ledger: it is encoded, not read, and the caller
 * applies it. `line` (may be NULL) gets the line, without LF, until the next call. */
int journal_put_line(struct journal *journal, enum mode mode, enum record_type type, const void *value,
                     struct str *line, struct error *error);
int journal_put(struct journal *journal, enum mode mode, enum record_type type, const void *value, struct error *error);

/* The number of the last event, 0 for none; -1 on error. */
int64_t journal_last(struct journal *journal, struct error *error);
/* 1 and the event of a type and id (valid until the next find or append), 0, -1. */
int journal_find(struct journal *journal, enum record_type type, const char *id, struct event *event,
                 struct error *error);
/* Adds "CODE CAUSE" of each refusal of an account that names what was refused (refusal_name). */
int journal_refusals(struct journal *journal, const char *account, struct names *refused, struct error *error);
/* What a refusal is known by however often it is told: what was refused, and by which rule. */
#define REFUSAL_NAME_SIZE (ID_SIZE + 1 + KEY_SIZE)
void refusal_name(char name[static REFUSAL_NAME_SIZE], const struct refusal *refusal);
/* Is an order of this id there? 1: the same; 2: another one; 0: none. */
int journal_find_order(struct journal *journal, const struct order *order, struct error *error);
/* Was a replace carried out at its time or later, by an update of its order with its values? 1, 0, -1. */
int journal_has_replace(struct journal *journal, const struct replace *replace, struct error *error);
/* The id of the last entry that was ordered in a symbol (account NULL: in any): 1; 0: there is none; -1: error, EXIT_NO
 * where several strategies or accounts have ordered it, with their orders as the hint. */
int journal_latest_entry(struct journal *journal, const char *account, const char *symbol, char id[static ID_SIZE],
                         struct error *error);
/* Adds the accounts that ever had cash, as they were opened. */
int journal_accounts(struct journal *journal, struct names *accounts, struct error *error);
/* Read forward from the event after `after` (0: all of them): event_cursor_next, event_cursor_close. */
struct event_cursor *journal_read(struct journal *journal, int64_t after, struct error *error);
/* The same for the events of one account, from its first on. */
struct event_cursor *journal_read_account(struct journal *journal, const char *account, struct error *error);

/* Is this type of record an event of the journal? */
bool event_kind(enum record_type type);

/* Throw the derived tables away and compute them again from the events, in one transaction; saved states that do not
 * fit to their checkpoints go too. */
int journal_rebuild(struct journal *journal, struct error *error);

struct journal_check {
    int64_t events;      /* how many rows are good */
    char head[65];       /* hash of the last one, hex; "" for none */
    int64_t checkpoints; /* how many were compared */
    bool was_doubtful;   /* the disk had failed; it is trusted again */
    bool new_head;       /* there was no head; there is one again */
};

/* Check everything: the file (SQLite's pages and indexes), the chain, that each row's columns are those of its record,
 * that the derived tables are what the events give, and each checkpoint of this version what they make of its account.
 * EXIT_STATE names the first bad row, or says last that the head is missing. Nothing is changed, but for the mark of a
 * failed disk, which is taken away when all is well. */
int journal_verify(const char *path, struct journal_check *check, struct error *error);
/* The same, and a head that is missing is made. */
int journal_renew_head(const char *path, struct journal_check *check, struct error *error);

/* A copy of the journal at `path`, which must not exist (EXIT_USAGE): taken at one moment while others go on writing,
 * checked as journal_verify does, and there with its head only when it is whole. With `events` 0 or more it ends with
 * that event, which must be there (EXIT_USAGE). */
int journal_copy(struct journal *journal, const char *path, int64_t events, struct journal_check *check,
                 struct error *error);

#endif
