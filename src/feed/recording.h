/* Reading a recording (feed/recorder.h), or one of its files, as a descriptor that gives its lines: a child process
 * unpacks them, so that whoever reads records reads recordings too. */
#ifndef TN_FEED_RECORDING_H
#define TN_FEED_RECORDING_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* A folder, or a file named *.zst. */
bool recording_is(const char *path);

struct recording {
    int fd; /* of the lines; the reader closes it, or recording_close does */
    pid_t pid;
};

/* Frames without a record known in [from, to) are passed over where the index says so (TIME_NONE: no bound). EXIT_USAGE
 * when there is nothing of the kind. A frame at the end of a file that is not whole is left out and said on standard
 * error; one in the middle is an error. */
int recording_open(struct recording *recording, const char *path, int64_t from, int64_t to, struct error *error);
/* Waits for the child. EXIT_INPUT when it found the recording damaged. */
int recording_close(struct recording *recording, struct error *error);

#endif
