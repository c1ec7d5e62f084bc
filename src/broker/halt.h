/* The file of the kill switch, ACCOUNT.halt beside the journal. Making it needs no lock and no journal, so that no
 * other process, running or stopped, can keep a halt from counting: while it is there, or its presence cannot be told,
 * nothing enters. It holds the halt as a record until that is in the journal; whoever writes to the account next sees
 * to it. */
#ifndef TN_BROKER_HALT_H
#define TN_BROKER_HALT_H

#include "base/buf.h"
#include "base/error.h"
#include "record/types.h"

/* Make it, or replace what it says; file and folder are on the disk after that. */
int halt_file_make(const char *path, const struct halt *halt, struct error *error);
/* Is it there? What cannot be told is a yes. */
bool halt_file_is_there(const char *path);
/* 1: it is there and not known to be in the journal: *halt is what it says, or a halt of `account` at `now` for a file
 * that somebody made with touch. `text` keeps what *halt points to. 0: nothing is to be noted. */
int halt_file_read(const char *path, const char *account, int64_t now, struct halt *halt, struct buf *text,
                   struct error *error);
/* The journal has it. */
int halt_file_settle(const char *path, struct error *error);
/* Take it away. A file that is not there is no error. */
int halt_file_remove(const char *path, struct error *error);

#endif
