/* An account's ledger from the journal: its latest saved state that fits and the events after it; and on, whenever
 * others have written.
 *
 * A state is trusted when the checkpoint event that names it is in the chain and its digest is that of the bytes; one
 * that does not fit is passed over, the next older one or the first event is the start. What is read is checked
 * (db/events.h). */
#ifndef TN_JOURNAL_REPLAY_H
#define TN_JOURNAL_REPLAY_H

#include "journal/journal.h"
#include "journal/kinds.h"
#include "ledger/ledger.h"

struct replay {
    struct journal *journal; /* not owned */
    struct ledger ledger;
    struct event_reader reader;
    struct zone *zone;    /* of the state's terms; NULL: the caller's */
    int64_t n;            /* events of the account that are in the ledger */
    int64_t begun;        /* … when this transaction began */
    int64_t start;        /* those that were in the state it began with, 0: the first event */
    size_t state_size;    /* bytes of the last state */
    uint64_t bytes;       /* of the events since */
    struct error dropped; /* why a saved state was not used; code 0: none was dropped */
    bool outdated;        /* … because it is of another version: nothing is wrong with it */
};

/* `terms` NULL: those of the latest state, else the account's name and mode and the currency of its first cash. An
 * account without events has an empty ledger. */
int replay_open(struct replay *replay, struct journal *journal, const char *account, const struct ledger_terms *terms,
                struct error *error);
void replay_close(struct replay *replay); /* harmless on a zeroed one */
/* Apply what came since. EXIT_STATE: it does not fit together. */
int replay_catch_up(struct replay *replay, struct error *error);
/* An event that was appended inside this transaction and applied to the ledger by the caller. */
void replay_count(struct replay *replay, size_t bytes);
/* Inside a transaction, after everything else: save the state when enough has happened since the last one. */
int replay_checkpoint(struct replay *replay, struct error *error);
/* The transaction was rolled back, though the ledger keeps what it did (a dry run). */
void replay_rewind(struct replay *replay);

/* "17:00 America/New_York" of terms, and back: *zone is the caller's to free, NULL for UTC. */
void day_rolls_text(char text[static KEY_SIZE], const struct ledger_terms *terms);
int day_rolls_parse(const char *text, int64_t *rolls, struct zone **zone, struct error *error);

#endif
