/* The event loop: descriptors, timers on the monotonic clock, signals, all as callbacks of one thread.
 *
 * A callback returns 0 to go on; anything else ends loop_run with that value (-1 after setting the error). Callbacks
 * may add and remove watches and timers, their own included. Descriptors may be files too (always ready), and are never
 * made non-blocking. */
#ifndef TN_BASE_LOOP_H
#define TN_BASE_LOOP_H

#include "base/error.h"

#include <stdint.h>

struct loop;

/* `ready` holds LOOP_READ and LOOP_WRITE as they are the case; a closed or broken descriptor counts as both. */
enum { LOOP_READ = 1, LOOP_WRITE = 2 };
typedef int loop_fd_function(void *context, int fd, int ready, struct error *error);
typedef int loop_timer_function(void *context, int64_t now, struct error *error);
typedef int loop_signal_function(void *context, int signal, struct error *error);
typedef int loop_clock_function(void *context, int64_t step, struct error *error);

struct loop *loop_new(struct error *error);
/* One whose monotonic clock stands still while callbacks run, and jumps to the next timer when there is nothing else to
 * do: a day of waiting takes no time. It begins at `start`. For timers alone. */
struct loop *loop_new_virtual(int64_t start, struct error *error);
/* The clock of timers: time_monotonic, or that of a virtual loop. */
int64_t loop_monotonic(const struct loop *loop);
/* Restores the signal mask as it was. NULL is allowed. */
void loop_free(struct loop *loop);

/* Call when `events` (LOOP_READ | LOOP_WRITE; 0 keeps it quiet) are the case; again for the same fd: replaces. */
int loop_watch(struct loop *loop, int fd, int events, loop_fd_function *call, void *context, struct error *error);
void loop_unwatch(struct loop *loop, int fd);

/* Call once at `time` (time_monotonic), or as soon after as possible. The number (> 0) is for loop_cancel; -1 on an
 * error. Timers due together are called in the order of their times. */
int64_t loop_timer(struct loop *loop, int64_t time, loop_timer_function *call, void *context, struct error *error);
void loop_cancel(struct loop *loop, int64_t timer);

/* Call when the signal arrives; it is blocked for the process while the loop lives. */
int loop_signal(struct loop *loop, int signal, loop_signal_function *call, void *context, struct error *error);

/* Call when the wall clock was moved by more than a second against the monotonic one (or the machine slept): `step` ns,
 * negative for backwards. Until loop_clock_take the loop keeps the clock of before; moved back, it is that clock again.
 */
void loop_clock(struct loop *loop, loop_clock_function *call, void *context);
/* The wall clock, without a step that has not been taken. Of a loop without loop_clock: time_now. */
int64_t loop_now(const struct loop *loop);
/* The clock as it was set is right. */
void loop_clock_take(struct loop *loop);

/* A signal that the caller has blocked comes through during waits, and ends them: for who has a handler of its own and
 * looks, before each wait, whether it ran. */
void loop_admit(struct loop *loop, int signal);

/* One wait, until `until` (time_monotonic; TIME_NONE: without an end) at the latest, and its callbacks. 0, or what a
 * callback ended it with. */
int loop_step(struct loop *loop, int64_t until, struct error *error);
/* Until a callback ends it (its value), nothing is left to wait for (0), or an error (-1). */
int loop_run(struct loop *loop, struct error *error);

#endif
