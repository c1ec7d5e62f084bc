/* What events.c, event_cursor.c and event_verify.c share and nobody else sees. */
#ifndef TN_DB_EVENT_LOG_H
#define TN_DB_EVENT_LOG_H

#include "base/names.h"
#include "db/events.h"

/* The end of an account's events. */
struct account_end {
    int64_t n, seq;
    bool appended; /* in this transaction: the table `last` does not have it yet */
};

struct events {
    struct db *db;
    struct statement *insert, *find, *at, *last, *hash_at, *last_row;
    struct statement *account_last, *account_end, *put_last;
    struct names accounts;   /* those this transaction has appended to, … */
    struct account_end *end; /* … by index */
    size_t end_capacity;
    struct sha256 *sha256;
    int head_file;      /* -1 when opened to read */
    struct head head;   /* inside a transaction, with what was appended */
    struct head stored; /* as of the last commit seen */
    struct head beside; /* as the file beside the log said before the log was looked at … */
    enum head_state beside_state;
    bool doubtful;
};

/* hash ← SHA-256(hash ‖ row), as events.h defines it. */
int events_chain(struct events *events, const struct event *event, unsigned char hash[static SHA256_SIZE],
                 struct error *error);
/* The mode of its word; -1 when it is none. */
int event_mode_of(struct str text, enum mode *mode);
/* Does a row have the hash that follows from the row before it? */
int event_check_hash(struct events *events, const struct event *event, struct str before, struct str stored,
                     struct error *error);
/* Does the log hold the row that the head beside it names? */
int events_compare_head(struct events *events, struct error *error);
/* n and seq of the one row that a statement gives for an account; 0 and 0 without. */
int events_ask_end(struct statement *statement, struct str account, int64_t *n, int64_t *seq, struct error *error);
/* Where the table `last` says that an account ends, or what this transaction has appended since. */
int events_end(struct events *events, struct str account, int64_t *n, int64_t *seq, struct error *error);
/* Add the hint of a damaged file; -1. */
int events_refuse(struct events *events, struct error *error);

#endif
