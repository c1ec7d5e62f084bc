/* What the files of the journal share with each other and nobody else. */
#ifndef TN_JOURNAL_INTERNAL_H
#define TN_JOURNAL_INTERNAL_H

#include "journal/books.h"
#include "journal/derived.h"
#include "journal/journal.h"
#include "journal/kinds.h"

extern const struct db_schema journal_schema;

struct journal {
    struct db *db;
    struct events *events;
    struct event_reader reader; /* of the line being appended */
    /* When opened to write: */
    struct derived *derived;
    struct books *books;
    struct event_reader replay; /* of events read back */
    int64_t began_at;           /* the last event before this transaction */
    int64_t last;               /* … and with what was appended in it */
};

/* As JOURNAL_WRITE, although the disk failed earlier: for events_settle. */
struct journal *journal_open_to_settle(const char *path, enum journal_access access, struct error *error);
/* The event's line, read again; an event that cannot be read or whose columns are not those of its line is
 * EXIT_STATE. */
int journal_replay(struct event_reader *reader, const struct event *event, struct error *error);
/* Fold all events that the books do not have yet. */
int journal_catch_up(struct journal *journal, struct error *error);

#endif
