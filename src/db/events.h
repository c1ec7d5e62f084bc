/* An append-only log of records in a SQLite file, each row bound to all before it by a hash.
 *
 * Rows are numbered 1, 2, 3 … without a gap. With N(x) = the netstring of x ("3:abc,", D. J. Bernstein 1997),
 *
 *     hash(row) = SHA-256( hash(row before) ‖ N(seq) ‖ N(recorded) ‖ N(mode) ‖ N(record) )
 *
 * the numbers as decimal text, the mode "paper", "live" or "" (an event that concerns both), the record the exact
 * bytes of its line without LF, and 32 zero bytes before the first row. So any language with SHA-256 can check it.
 *
 * The events of an account are numbered too: n = 1, 2, 3 … (unique by account and n), and the table `last` says which
 * is the last. n is not in the hash: a row that is moved to another account or taken away leaves a gap, or an end that
 * is not the last one. So an account can be read by itself, and each row that is read is hashed again from the hash of
 * the row before it: what is used is checked, however long the log. */
#ifndef TN_DB_EVENTS_H
#define TN_DB_EVENTS_H

#include "db/db.h"
#include "db/head.h"
#include "record/types.h"

/* Parts of the first and the second migration of a schema with an event log. (An IN with three words would make SQLite
 * build a table for every row it checks.) The second numbers the events of each account. */
#define EVENT_STAYS                                                                                                    \
    "CREATE TRIGGER event_stays BEFORE DELETE ON event"                                                                \
    " BEGIN SELECT raise(ABORT, 'events are never deleted'); END;"
#define EVENTS_SCHEMA_1                                                                                                \
    "CREATE TABLE event("                                                                                              \
    " seq INTEGER PRIMARY KEY,"                                                                                        \
    " recorded INTEGER NOT NULL,"                                                                                      \
    " mode TEXT NOT NULL CHECK(mode = '' OR mode = 'paper' OR mode = 'live'),"                                         \
    " type TEXT NOT NULL,"                                                                                             \
    " account TEXT,"                                                                                                   \
    " key TEXT,"                                                                                                       \
    " record TEXT NOT NULL,"                                                                                           \
    " hash BLOB NOT NULL CHECK(length(hash) = 32)) STRICT;"                                                            \
    "CREATE UNIQUE INDEX event_key ON event(key) WHERE key IS NOT NULL;"                                               \
    "CREATE TRIGGER event_kept BEFORE UPDATE ON event"                                                                 \
    " BEGIN SELECT raise(ABORT, 'events are never changed'); END;" EVENT_STAYS
#define EVENTS_SCHEMA_2                                                                                                \
    "ALTER TABLE event ADD COLUMN n INTEGER;"                                                                          \
    "DROP TRIGGER event_kept;"                                                                                         \
    "UPDATE event SET n = numbered.n FROM (SELECT seq, row_number() OVER (PARTITION BY account ORDER BY seq) AS n"     \
    " FROM event WHERE account IS NOT NULL) AS numbered WHERE numbered.seq = event.seq;"                               \
    "CREATE TRIGGER event_kept BEFORE UPDATE ON event"                                                                 \
    " BEGIN SELECT raise(ABORT, 'events are never changed'); END;"                                                     \
    "CREATE TRIGGER event_numbered BEFORE INSERT ON event WHEN (new.account IS NULL) <> (new.n IS NULL)"               \
    " BEGIN SELECT raise(ABORT, 'events of an account are numbered'); END;"                                            \
    "CREATE UNIQUE INDEX event_account ON event(account, n) WHERE account IS NOT NULL;"                                \
    "CREATE TABLE last(account TEXT PRIMARY KEY, n INTEGER NOT NULL, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;"     \
    "INSERT INTO last SELECT account, max(n), max(seq) FROM event WHERE account IS NOT NULL GROUP BY account;"

struct event {
    int64_t seq;
    int64_t recorded; /* wall clock, ns */
    enum mode mode;   /* MODE_NONE, MODE_PAPER, MODE_LIVE */
    struct str type;
    struct str account; /* "" for none */
    struct str key;     /* unique; "" for none */
    struct str record;
    int64_t n; /* its number among the account's, 0 for none */
};

struct events;

/* The log inside an open file; `db` must outlive it. Compares the log's end with the head beside it and hashes the last
 * row again: an end that is not there any more or is another one is EXIT_STATE, as is every row that is read below and
 * does not have its hash, or a log with rows and without a head beside it. Opened to write, a log whose disk failed
 * earlier is EXIT_SYSTEM. With `settle`, a missing head and a failed disk are no errors. */
struct events *events_open(struct db *db, bool writes, bool settle, struct error *error);
void events_close(struct events *events);
/* Is there a head beside the log? 1, 0, or -1 when the log is not the one that it is of. */
int events_have_head(struct events *events, struct error *error);
/* Was a failed write noted and not settled since? */
bool events_are_doubtful(const struct events *events);
/* Put everything into the main file, synced, and trust the disk again: after a verification that passed. */
int events_settle(struct events *events, struct error *error);

int events_begin(struct events *events, struct error *error);
int events_commit(struct events *events, struct error *error); /* 0: what was appended is on the disk */
void events_rollback(struct events *events);
/* Append one row inside a transaction; `event->seq` and `event->n` are set to its numbers. A key that is there already
 * is EXIT_STATE. */
int events_append(struct events *events, struct event *event, struct error *error);
/* 1 and the row of a key (valid until the next find, at, begin or append), 0 when there is none, -1. */
int events_find(struct events *events, struct str key, struct event *event, struct error *error);
/* The same by number. */
int events_at(struct events *events, int64_t seq, struct event *event, struct error *error);
/* The last row's number (0: none) and hash, as of now or, inside a transaction, including what was appended. */
int events_head(struct events *events, struct head *head, struct error *error);

/* Let go of the row that was found: it keeps its snapshot of the file, and nothing newer would be seen. */
void events_release(struct events *events);
/* The last event of an account: its number and its place in the log; 0 and 0 when it has none. EXIT_STATE when the log
 * does not end there. */
int events_last(struct events *events, struct str account, int64_t *n, int64_t *seq, struct error *error);

/* For queries of one's own over the table: its columns as event_from_row wants them. 1, or -1. */
#define EVENT_COLUMNS                                                                                                  \
    "seq, recorded, mode, type, account, key, record, n, hash,"                                                        \
    " (SELECT before.hash FROM event AS before WHERE before.seq = event.seq - 1)"
int event_from_row(struct events *events, struct statement *row, struct event *event, struct error *error);

/* Read forward from the row after `after`. The slices of an event live until the next call. At the end (0) it can be
 * called again later and goes on with what was appended since. */
struct event_cursor;
struct event_cursor *event_cursor_open(struct events *events, int64_t after, struct error *error);
/* The same for the events of one account, after its number `after_n`. What is missing, in between or at the end, is
 * EXIT_STATE. */
struct event_cursor *event_cursor_of_account(struct events *events, struct str account, int64_t after_n,
                                             struct error *error);
int event_cursor_next(struct event_cursor *cursor, struct event *event, struct error *error);
void event_cursor_close(struct event_cursor *cursor);

/* Copies the log, as one moment has it, into a new file at `path`, with a head of its own, both synced; what else is in
 * the file goes with it. With `last` 0 or more the copy ends with that event: what follows from the others, tables or
 * states, is then the caller's to make anew. A failure may leave the file behind. */
int events_copy(struct events *events, const char *path, int64_t last, struct error *error);

/* Check numbers (those of the accounts too) and hashes of all rows, and the head beside the log. 0, or -1 and
 * EXIT_STATE naming the first bad row. `rows` (may be NULL) gets how many were good. */
int events_verify(struct events *events, int64_t *rows, struct error *error);
/* The same, with each row shown once it is found good; `visit` returns 0 or -1 with an error. */
typedef int event_visit(void *context, const struct event *event, struct error *error);
int events_verify_each(struct events *events, int64_t *rows, event_visit *visit, void *context, struct error *error);
/* Each row shown, found good or not: beside an events_verify of the same rows. */
int events_read_each(struct events *events, int64_t *rows, event_visit *visit, void *context, struct error *error);

#endif
