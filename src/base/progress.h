/* One line on a terminal's standard error for work that takes longer than two seconds; SIGUSR1 prints it once, terminal
 * or not. */
#ifndef TN_BASE_PROGRESS_H
#define TN_BASE_PROGRESS_H

#include "base/buf.h"
#include "base/error.h"

#include <stdint.h>

struct progress;

/* `what` names the things counted ("bars"); `total` is -1 when it is not known. `wanted` is invocation_progress(): the
 * line is shown only then, SIGUSR1 works always. One at a time in a process. NULL (out of memory, or a second one) is
 * allowed everywhere below: progress is never a reason to fail. */
struct progress *progress_open(const char *program, const char *what, int64_t total, bool wanted);
/* `done` so far. Cheap enough to call for every record: it looks at the clock only now and then. */
void progress_step(struct progress *progress, int64_t done);
/* What else stands at the end of the line from now on, such as the best so far. */
void progress_note(struct progress *progress, const char *note);
/* Before a wait in a loop: SIGUSR1 comes only within it from now on (loop_admit); the line is printed if it came. NULL
 * does nothing. */
struct loop;
void progress_before_wait(struct progress *progress, struct loop *loop);
/* After it: SIGUSR1 comes as before. */
void progress_after_wait(struct progress *progress);
/* Take the line away, so that something else can be printed; the next step shows it again. */
void progress_hide(struct progress *progress);
void progress_close(struct progress *progress);

/* "bars: 1200 of 5000 (24%), 350/s, 11 s left", after `elapsed` ns. */
void progress_format(struct buf *out, const char *what, int64_t done, int64_t total, int64_t elapsed);

#endif
