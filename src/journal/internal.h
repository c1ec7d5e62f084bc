/* What the files of the journal share with each other and nobody else. */
#ifndef TN_JOURNAL_INTERNAL_H
#define TN_JOURNAL_INTERNAL_H

#include "journal/derived.h"
#include "journal/journal.h"
#include "journal/kinds.h"
#include "journal/replay.h"

extern const struct db_schema journal_schema;

struct journal {
    struct db *db;
    struct events *events;
    struct event_reader reader; /* of the line being appended */
    struct event_reader replay; /* of events read back */
    /* When opened to write: */
    struct derived *derived;
    int64_t last;            /* the last event, with what was appended in this transaction */
    struct replay **account; /* those that records from outside were checked against */
    size_t accounts, account_capacity;
    struct buf line; /* of the record being put */
};

/* As JOURNAL_WRITE, although the disk failed earlier: for events_settle. */
struct journal *journal_open_to_settle(const char *path, enum journal_access access, struct error *error);
/* The event's line, read again; an event that cannot be read or whose columns are not those of its line is
 * EXIT_STATE. */
int journal_replay(struct event_reader *reader, const struct event *event, struct error *error);
/* Apply one event to an account's ledger; its number is not counted. */
int replay_apply(struct replay *replay, const struct event *event, const struct event_reader *reader,
                 struct error *error);
/* Does a saved state belong to its checkpoint: 1; 0 and why not in replay->dropped; -1. */
int replay_check_state(struct replay *replay, const char *account, int64_t n, struct str state, struct error *error);
/* Write the rows of all events into the (empty) tables. */
int journal_derive(struct journal *journal, struct error *error);
/* The ledgers of all accounts as TEMP tables of this connection: accounts, positions, lots. */
int journal_show_ledgers(struct journal *journal, struct error *error);

#endif
