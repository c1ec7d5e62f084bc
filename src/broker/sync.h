/* The answer to a sync, beside an account's lock: whoever trades the account leaves it, whoever sent the sync waits for
 * it. */
#ifndef TN_BROKER_SYNC_H
#define TN_BROKER_SYNC_H

#include "base/error.h"
#include "record/types.h"

#include <stdbool.h>

/* `path`: the account's file "ACCOUNT.sync". */
int sync_answer(const char *path, const struct sync *sync, struct error *error);
bool sync_is_answered(const char *path, const struct sync *sync);
/* Something that sync_wait waits on, -1: it only sleeps. Made before the sync is sent, so that no answer is missed. */
int sync_watch(const char *path);
void sync_unwatch(int watch);
/* Waits until the file has changed, or for a short time. */
void sync_wait(int watch);

#endif
