/* File locks between processes: one holder, waited for with a deadline. The system releases a lock when its holder
 * ends, however it ends. The lock file stays; it holds the number of the process that had it last. */
#ifndef TN_BASE_LOCK_H
#define TN_BASE_LOCK_H

#include "base/error.h"

#include <stdint.h>

struct lock;

/* Take the lock of a file, made (0600) when it is not there. `what` names the locked thing in messages ("account
 * 'main'"). Waits at most `wait` nanoseconds (0: not at all), then EXIT_UNAVAILABLE with the holder's process id. A
 * process can hold a lock once: a second lock_take waits for the first. */
struct lock *lock_take(const char *path, const char *what, int64_t wait, struct error *error);
void lock_free(struct lock *lock); /* releases; NULL is allowed */

#endif
