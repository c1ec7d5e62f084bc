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

#endif
