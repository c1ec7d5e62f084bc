/* Whole files: reading with a maximum, writing that is checked, replacing so that nobody sees half of it.
 *
 * Messages name the file. Codes: EXIT_SYSTEM for the machine's troubles (no such file included, callers that know
 * better say so), EXIT_INPUT for a file that is not a regular one or too long. */
#ifndef TN_BASE_FILE_H
#define TN_BASE_FILE_H

#include "base/buf.h"
#include "base/error.h"

#include <sys/types.h>

/* Append the bytes of a regular file (or pipe, when `path` is "-" for standard input) to `out`; more than out's maximum
 * is refused. */
int file_read(const char *path, struct buf *out, struct error *error);

/* Opens for reading what the user named, whatever can be read to its end; a named pipe waits for its writer. A file
 * that is not there, a folder or a socket is EXIT_USAGE. The descriptor, or -1. */
int file_open_any(const char *path, struct error *error);

/* The same of whatever can be read to its end, such as the pipe that a shell's <(…) is; its writer is waited for. A
 * file that is not there, or a folder, is EXIT_USAGE: this is for files that the user named. */
int file_read_any(const char *path, struct buf *out, struct error *error);

/* Write everything: short writes, interrupts and a full non-blocking pipe are waited out. `name` is for the message. */
int fd_write_all(int fd, const char *name, const void *bytes, size_t length, struct error *error);

/* A file being replaced: bytes go to a temporary file in the same folder, which takes the name only at the commit, when
 * all is written and synced; the folder is synced too. After a failure or a crash the old file is there, whole. `path`
 * is followed when it is a symbolic link; permissions of an existing file are kept, a new one gets `mode` less the
 * umask. What is not a regular file (/dev/null, a named pipe) is written directly. */
struct draft {
    int fd; /* write here */
    bool direct;
    char *path, *target, *temporary; /* owned */
    mode_t mode;
};
int draft_open(struct draft *draft, const char *path, mode_t mode, struct error *error);
int draft_commit(struct draft *draft, struct error *error); /* closes in every case */
void draft_close(struct draft *draft);                      /* without a commit: as if nothing had been written */

/* The whole of it in one call. */
int file_replace(const char *path, const void *bytes, size_t length, mode_t mode, struct error *error);

/* Make a folder and its parents, 0700 each, unless it is there. */
int folder_make(const char *path, struct error *error);

/* A file that holds a secret: regular, no symbolic link, owned by us (or root), and closed to group and others (0600 or
 * less). EXIT_CREDENTIALS otherwise, with the chmod as hint. */
int file_check_private(const char *path, struct error *error);
/* The same for a folder (0700 or less), EXIT_CREDENTIALS. */
int folder_check_private(const char *path, struct error *error);

#endif
