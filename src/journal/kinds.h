/* Which records are events, and how a line is taken apart into the columns of the event log. */
#ifndef TN_JOURNAL_KINDS_H
#define TN_JOURNAL_KINDS_H

#include "base/hash.h"
#include "db/events.h"
#include "record/record.h"

#define EVENT_KEY_MAX 256

/* Reads lines into events; one object serves any number of lines, each valid until the next. */
struct event_reader {
    struct record record;
    struct buf scratch, key_text;
    struct sha256 *sha256;
    union record_value value; /* kinds without a struct leave it alone */
    enum record_type type;
    char account[ID_SIZE];
    char key[EVENT_KEY_MAX]; /* "" for none */
    enum mode mode;          /* as the record says it, MODE_NONE when it does not */
};

int event_reader_init(struct event_reader *reader, struct error *error);
void event_reader_clear(struct event_reader *reader);
/* Scan, check and describe one line. EXIT_INPUT: no event or a bad record. */
int event_reader_read(struct event_reader *reader, struct str line, struct error *error);

/* The same for a record that was made here: `line` is what its struct `value` was encoded as. */
int event_reader_take(struct event_reader *reader, enum record_type type, const void *value, struct str line,
                      struct error *error);

/* Facts about the world that name no account, the same for paper and live ones: stored without a mode. */
bool event_is_common(const struct event_reader *reader);
/* Can an event of this type change a ledger? */
bool event_needs_ledger(enum record_type type);
/* Repeated under one id with other figures: the first is kept. */
bool event_repeats(enum record_type type);

#endif
