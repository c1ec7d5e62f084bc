/* Running other programs: no shell, no descriptor but 0, 1 and 2, default signals, a deadline. */
#ifndef TN_BASE_SPAWN_H
#define TN_BASE_SPAWN_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* A running child and our ends of its pipes. */
struct child {
    pid_t pid;
    int pidfd;  /* readable when it has ended */
    int input;  /* to its standard input; -1 when it has none (/dev/null) */
    int output; /* from its standard output; -1 when it shares ours */
    int errors; /* from its standard error; -1 when it shares ours */
    bool apart; /* it leads a process group of its own, which ends with it */
};

enum child_pipes { CHILD_INPUT = 1, CHILD_OUTPUT = 2, CHILD_ERRORS = 4 };

/* Start argv[0] (searched on PATH when it has no slash). `pipes` says which of its descriptors are piped to us;
 * `environment` NULL passes ours on. EXIT_USAGE with a hint when there is no such program. */
int child_start(struct child *child, const char *const *argv, const char *const *environment, int pipes,
                struct error *error);
/* For a program that somebody else wrote: its environment (NULL: ours), a descriptor of ours that becomes its number 3
 * (-1: none), whether it gets a process group of its own, all of which ends when it does, and whether it is killed
 * when we end, however we do. */
struct child_terms {
    const char *const *environment;
    int third;
    bool apart, tied;
};
int child_start_as(struct child *child, const char *const *argv, const struct child_terms *terms, int pipes,
                   struct error *error);
/* "PATH=/…" of ours for its environment, or with the standard text: to be freed. -1 (and NULL): out of memory. */
int child_variable(char **to, const char *name, const char *standard, struct error *error);
/* It, or all of its group, ends now; child_wait is still to be called. */
void child_kill(const struct child *child);
/* Close our ends and wait until `deadline` (monotonic ns), then end it (TERM, after a second KILL). *status is its exit
 * code, or 128 + the signal that ended it. */
int child_wait(struct child *child, int64_t deadline, int *status, struct error *error);

/* write() without dying of SIGPIPE when nobody reads on: EPIPE. */
ssize_t pipe_write(int fd, const char *bytes, size_t length);

/* Feed `input`, collect standard output in `output` and standard error in `errors` (either NULL: shares ours), wait.
 * Past `timeout` ns, or past a buffer's maximum, the child is ended: EXIT_UNAVAILABLE. */
int spawn_run(const char *const *argv, struct str input, int64_t timeout, struct buf *output, struct buf *errors,
              int *status, struct error *error);
/* The same on these terms. */
int spawn_run_as(const char *const *argv, const struct child_terms *terms, struct str input, int64_t timeout,
                 struct buf *output, struct buf *errors, int *status, struct error *error);

#endif
