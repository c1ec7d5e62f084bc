/* Reading a recording (feed/recorder.h), or one of its files, as a descriptor that gives its lines: a child process
 * unpacks them, so that whatever reads records (reader.h) reads recordings too. */
#ifndef TN_RECORD_RECORDING_H
#define TN_RECORD_RECORDING_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* A folder, or a file named *.zst. */
bool recording_is(const char *path);
/* The same, where a folder must hold a file of a recording: a folder by chance named as something else is none. */
bool recording_is_sure(const char *path);

struct recording {
    int fd; /* of the lines; belongs to whoever opened the recording */
    pid_t pid;
    struct unpacked *unpacked; /* what the child says at its end */
};

/* Frames without a record known in [from, to) are passed over where the index says so (TIME_NONE: no bound). EXIT_USAGE
 * when there is nothing of the kind. */
int recording_open(struct recording *recording, const char *path, int64_t from, int64_t to, struct error *error);
/* After the last line: was that all? EXIT_INPUT when the recording is damaged. *note: a frame at the end of a file was
 * not whole, since the recorder was interrupted, and is left out; NULL: there was none. It lives until
 * recording_close. */
int recording_finish(struct recording *recording, const char **note, struct error *error);
/* Ends the child, where it still runs. Leaves the descriptor. */
void recording_close(struct recording *recording);

#endif
