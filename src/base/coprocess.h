/* A program of somebody else's that is asked again and again: lines go to it, lines come back, until it is let go.
 *
 * Neither side can block the other, whatever the pipes hold: both of our ends are non-blocking, and while we wait for
 * its lines we write what it takes. It gets PATH, HOME, LANG and TZ=UTC alone and one variable beside them, a process
 * group of its own, and is killed when we end. Its standard error is ours. */
#ifndef TN_BASE_COPROCESS_H
#define TN_BASE_COPROCESS_H

#include "base/error.h"
#include "base/str.h"

#include <stdint.h>

#define COPROCESS_AHEAD_MAX (16 << 20) /* bytes that it may write between two askings */

struct coprocess;

/* argv[0] is searched on PATH. `variable` is "NAME=TEXT". `patience`: ns that it has for the answer to an asking.
 * EXIT_USAGE when there is no such program. */
struct coprocess *coprocess_start(const char *const *argv, const char *variable, int64_t patience, struct error *error);
/* Kills it when it still runs. NULL is allowed. */
void coprocess_free(struct coprocess *coprocess);

/* Asks: these bytes go to it while we wait for its lines; its time runs from now. */
int coprocess_ask(struct coprocess *coprocess, struct str lines, struct error *error);
/* 1: its next line, without the LF, until the next call; 0: it writes no more; -1: EXIT_UNAVAILABLE when it is too
 * slow or writes too much, EXIT_INPUT for a line that has no end or is too long. */
int coprocess_line(struct coprocess *coprocess, struct str *line, struct error *error);
/* How many lines have come, the last one included. */
uint64_t coprocess_lines(const struct coprocess *coprocess);
/* Once the last bytes have gone, its input is at an end. Lines may still come. */
void coprocess_close_input(struct coprocess *coprocess);
/* It writes no more: waits for its end. EXIT_UNAVAILABLE when that was none with exit code 0, or does not come. */
int coprocess_wait(struct coprocess *coprocess, struct error *error);

#endif
