/* The file of the kill switch, ACCOUNT.halt beside the journal. Making it needs no lock and no journal, so that no
 * other process, running or stopped, can keep a halt from counting: while it is there, or its presence cannot be told,
 * nothing enters.
 *
 * It only ever grows: a halt adds its record as a line, and whoever has brought the first N of them to the journal adds
 * a line "noted N". So nobody overwrites what another one has said meanwhile. Whoever writes to the account next sees
 * to what is not noted. */
#ifndef TN_JOURNAL_HALT_H
#define TN_JOURNAL_HALT_H

#include "base/buf.h"
#include "base/error.h"
#include "journal/journal.h"
#include "record/record.h"

/* The file as it was read. */
struct halt_file {
    bool there;
    int64_t halts, noted; /* how many halts it holds, and how many of them the journal has; a bare name is one halt */
    size_t at;            /* of the next line */
    int64_t passed;       /* halts before it */
    struct buf text, scratch;
    struct record record;
};

/* Adds a halt, making the file if need be; file and folder are on the disk after that. -1: it cannot be said whether
 * the words are there; the name may be, and halts. */
int halt_file_add(const char *path, const struct halt *halt, struct error *error);
/* Is it there? What cannot be told is a yes. */
bool halt_file_is_there(const char *path);
/* The same of an account of a journal. */
bool halt_file_halts(const struct journal *journal, const char *account);

/* NULL when out of memory. */
struct halt_file *halt_file_new(struct error *error);
void halt_file_free(struct halt_file *file); /* NULL is allowed */
/* What it says now. What cannot be read is a halt that is not noted. */
void halt_file_read(struct halt_file *file, const char *path);
/* 1: *halt is the next that is not noted, or a halt of `account` at `now` where the words are missing (a file that
 * somebody made with touch) or make no sense; good until the next call. 0: that was all. */
int halt_file_next(struct halt_file *file, const char *account, int64_t now, struct halt *halt);
/* The journal has all that was read. A file that was taken away meanwhile stays away. */
int halt_file_note(const struct halt_file *file, const char *path, struct error *error);

/* Puts the file aside, as the first step of resuming; what was read of it must be noted, so that the journal says
 * "halted" meanwhile. 1: done, or there was none; 0: it holds a newer halt, and is in its place again; -1. */
int halt_file_put_aside(struct halt_file *file, const char *path, struct error *error);
/* The last step: the one put aside goes, or (`resumed` is false) is put back unless a newer one is there. */
int halt_file_drop_aside(const char *path, bool resumed, struct error *error);

#endif
