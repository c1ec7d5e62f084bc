/* The event loop, on poll(2): it takes regular files too, and our programs watch a handful of descriptors. */
#include "base/loop.h"
#include "base/list.h"
#include "base/time.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define SIGNALS_MAX 65
#define CLOCK_STEP  TIME_SECOND
#define CLOCK_LOOK  (10 * TIME_SECOND) /* how often the clock is looked at when nothing else happens */

struct watch {
    int fd; /* -1: removed, swept before the next wait */
    int events;
    loop_fd_function *call;
    void *context;
};

struct timer {
    int64_t time, number;
    loop_timer_function *call;
    void *context;
};

struct loop {
    struct watch *watches;
    struct pollfd *polled; /* same order and capacity as watches, one more for the signals */
    size_t watch_count, watch_capacity;
    struct timer *timers; /* sorted, the next one last */
    size_t timer_count, timer_capacity;
    int64_t timer_number;
    sigset_t signals, before;
    int signal_fd;     /* -1 until a signal is asked for */
    sigset_t admitted; /* the mask of waits, where `admits` */
    bool admits;
    struct {
        loop_signal_function *call;
        void *context;
    } handlers[SIGNALS_MAX];
    loop_clock_function *clock_call;
    void *clock_context;
    int64_t clock_offset; /* wall − monotonic, of the clock that is kept */
    int64_t clock_told;   /* the same as it was last told */
    bool is_virtual;
    int64_t now; /* then */
};

struct loop *loop_new(struct error *error)
{
    struct loop *loop = calloc(1, sizeof *loop);
    if (loop == NULL) {
        error_memory(error);
        return NULL;
    }
    loop->signal_fd = -1;
    (void)sigemptyset(&loop->signals);
    return loop;
}

struct loop *loop_new_virtual(int64_t start, struct error *error)
{
    struct loop *loop = loop_new(error);
    if (loop != NULL) {
        loop->is_virtual = true;
        loop->now = start;
    }
    return loop;
}

int64_t loop_monotonic(const struct loop *loop)
{
    return loop->is_virtual ? loop->now : time_monotonic();
}

void loop_free(struct loop *loop)
{
    if (loop == NULL)
        return;
    if (loop->signal_fd != -1) {
        (void)close(loop->signal_fd);
        (void)pthread_sigmask(SIG_SETMASK, &loop->before, NULL);
    }
    free(loop->watches);
    free(loop->polled);
    free(loop->timers);
    free(loop);
}

static struct watch *watch_find(struct loop *loop, int fd)
{
    for (size_t i = 0; i < loop->watch_count; i++)
        if (loop->watches[i].fd == fd)
            return &loop->watches[i];
    return NULL;
}

static int watch_grow(struct loop *loop, struct error *error)
{
    const size_t capacity = loop->watch_capacity == 0 ? 8 : loop->watch_capacity * 2;
    struct watch *watches = realloc(loop->watches, capacity * sizeof *watches);
    if (watches == NULL)
        return error_memory(error);
    loop->watches = watches;
    struct pollfd *polled = realloc(loop->polled, (capacity + 1) * sizeof *polled);
    if (polled == NULL)
        return error_memory(error);
    loop->polled = polled;
    loop->watch_capacity = capacity;
    return 0;
}

int loop_watch(struct loop *loop, int fd, int events, loop_fd_function *call, void *context, struct error *error)
{
    require(fd >= 0);
    struct watch *watch = watch_find(loop, fd);
    if (watch == NULL) {
        if (loop->watch_count == loop->watch_capacity && watch_grow(loop, error) != 0)
            return -1;
        watch = &loop->watches[loop->watch_count++];
    }
    *watch = (struct watch){fd, events, call, context};
    return 0;
}

void loop_unwatch(struct loop *loop, int fd)
{
    struct watch *watch = watch_find(loop, fd);
    if (watch != NULL)
        watch->fd = -1;
}

int64_t loop_timer(struct loop *loop, int64_t time, loop_timer_function *call, void *context, struct error *error)
{
    if (list_grow(&loop->timers, &loop->timer_capacity, loop->timer_count, sizeof *loop->timers, error) != 0)
        return -1;
    size_t at = loop->timer_count++;
    for (; at > 0 && loop->timers[at - 1].time <= time; at--) /* one of the same time is called after those before it */
        loop->timers[at] = loop->timers[at - 1];
    loop->timers[at] = (struct timer){time, ++loop->timer_number, call, context};
    return loop->timer_number;
}

void loop_cancel(struct loop *loop, int64_t timer)
{
    for (size_t i = 0; i < loop->timer_count; i++) {
        if (loop->timers[i].number != timer)
            continue;
        loop->timer_count--;
        memmove(&loop->timers[i], &loop->timers[i + 1], (loop->timer_count - i) * sizeof loop->timers[0]);
        return;
    }
}

int loop_signal(struct loop *loop, int signal, loop_signal_function *call, void *context, struct error *error)
{
    require(signal > 0 && signal < SIGNALS_MAX);
    if (loop->watch_capacity == 0 && watch_grow(loop, error) != 0)
        return -1;
    sigset_t one;
    (void)sigemptyset(&one);
    (void)sigaddset(&one, signal);
    (void)sigaddset(&loop->signals, signal);
    (void)pthread_sigmask(SIG_BLOCK, &one, loop->signal_fd == -1 ? &loop->before : NULL);
    const int fd = signalfd(loop->signal_fd, &loop->signals, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd == -1) {
        const int result = error_system(error, "cannot wait for signals");
        if (loop->signal_fd == -1)
            (void)pthread_sigmask(SIG_SETMASK, &loop->before, NULL);
        return result;
    }
    loop->signal_fd = fd;
    loop->handlers[signal].call = call;
    loop->handlers[signal].context = context;
    return 0;
}

void loop_clock(struct loop *loop, loop_clock_function *call, void *context)
{
    loop->clock_call = call;
    loop->clock_context = context;
    loop_clock_take(loop);
}

static bool is_step(int64_t step)
{
    return step <= -CLOCK_STEP || step >= CLOCK_STEP;
}

int64_t loop_now(const struct loop *loop)
{
    const int64_t wall = time_now();
    if (loop->clock_call == NULL)
        return wall;
    const int64_t kept = time_monotonic() + loop->clock_offset;
    return is_step(wall - kept) ? kept : wall;
}

void loop_clock_take(struct loop *loop)
{
    loop->clock_offset = loop->clock_told = time_now() - time_monotonic();
}

static int run_signals(struct loop *loop, struct error *error)
{
    struct signalfd_siginfo info;
    while (read(loop->signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
        const int signal = (int)info.ssi_signo;
        require(signal > 0 && signal < SIGNALS_MAX && loop->handlers[signal].call != NULL);
        const int result = loop->handlers[signal].call(loop->handlers[signal].context, signal, error);
        if (result != 0)
            return result;
    }
    return 0;
}

static int run_timers(struct loop *loop, struct error *error)
{
    const int64_t now = loop_monotonic(loop);
    /* a timer set by a callback waits for the next turn, so that one for "now" cannot hold up everything else */
    const int64_t last = loop->timer_number;
    size_t at = loop->timer_count;
    while (at > 0 && loop->timers[at - 1].time <= now) {
        const struct timer timer = loop->timers[--at];
        if (timer.number > last)
            continue;
        loop_cancel(loop, timer.number);
        const int result = timer.call(timer.context, now, error);
        if (result != 0)
            return result;
        at = loop->timer_count; /* the callback may have changed the list */
    }
    return 0;
}

static int run_clock(struct loop *loop, struct error *error)
{
    const int64_t offset = time_now() - time_monotonic(), step = offset - loop->clock_offset;
    if (!is_step(step)) { /* a clock that is corrected little by little is followed */
        loop->clock_offset = loop->clock_told = offset;
        return 0;
    }
    if (!is_step(offset - loop->clock_told))
        return 0;
    loop->clock_told = offset;
    return loop->clock_call(loop->clock_context, step, error);
}

/* Sweep removed watches and fill the poll set; how many there are. */
static size_t poll_fill(struct loop *loop)
{
    size_t kept = 0;
    for (size_t i = 0; i < loop->watch_count; i++)
        if (loop->watches[i].fd != -1)
            loop->watches[kept++] = loop->watches[i];
    loop->watch_count = kept;
    for (size_t i = 0; i < kept; i++) {
        const struct watch *watch = &loop->watches[i];
        const short events = (short)(((watch->events & LOOP_READ) != 0 ? POLLIN : 0) |
                                     ((watch->events & LOOP_WRITE) != 0 ? POLLOUT : 0));
        loop->polled[i] = (struct pollfd){.fd = events == 0 ? -1 : watch->fd, .events = events};
    }
    if (loop->signal_fd != -1)
        loop->polled[kept] = (struct pollfd){.fd = loop->signal_fd, .events = POLLIN};
    return kept;
}

/* How long a wait may be; NULL: without an end. */
static const struct timespec *wait_time(const struct loop *loop, int64_t until, struct timespec *time)
{
    int64_t left = loop->clock_call != NULL ? CLOCK_LOOK : INT64_MAX;
    const int64_t now = until != TIME_NONE || loop->timer_count > 0 ? time_monotonic() : 0;
    if (until != TIME_NONE && until - now < left)
        left = until - now;
    if (loop->timer_count > 0 && loop->timers[loop->timer_count - 1].time - now < left)
        left = loop->timers[loop->timer_count - 1].time - now;
    if (left == INT64_MAX)
        return NULL;
    left = left < 0 ? 0 : left;
    *time = (struct timespec){left / TIME_SECOND, left % TIME_SECOND};
    return time;
}

void loop_admit(struct loop *loop, int signal)
{
    loop->admits = true;
    (void)pthread_sigmask(SIG_BLOCK, NULL, &loop->admitted);
    (void)sigdelset(&loop->admitted, signal);
}

static int run_watches(struct loop *loop, size_t count, struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        const struct pollfd polled = loop->polled[i];
        const struct watch watch = loop->watches[i];
        if (polled.revents == 0 || polled.fd == -1 || watch.fd != polled.fd || watch.events == 0)
            continue;
        const bool broken = (polled.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
        const int ready = broken ? LOOP_READ | LOOP_WRITE
                                 : ((polled.revents & POLLIN) != 0 ? LOOP_READ : 0) |
                                       ((polled.revents & POLLOUT) != 0 ? LOOP_WRITE : 0);
        const int result = watch.call(watch.context, watch.fd, ready, error);
        if (result != 0)
            return result;
    }
    return 0;
}

int loop_step(struct loop *loop, int64_t until, struct error *error)
{
    struct timespec time;
    int result = 0;
    if (loop->is_virtual) {
        if (loop->timer_count > 0 && loop->timers[loop->timer_count - 1].time > loop->now)
            loop->now = loop->timers[loop->timer_count - 1].time;
        return run_timers(loop, error);
    }
    if (loop->watch_capacity == 0 && watch_grow(loop, error) != 0)
        return -1;
    const size_t count = poll_fill(loop);
    const nfds_t polled = (nfds_t)(count + (loop->signal_fd != -1 ? 1 : 0));
    const int got = ppoll(loop->polled, polled, wait_time(loop, until, &time), loop->admits ? &loop->admitted : NULL);
    if (got == -1 && errno != EINTR)
        return error_system(error, "cannot wait for input");
    if (loop->clock_call != NULL)
        result = run_clock(loop, error);
    if (result == 0 && got > 0 && loop->signal_fd != -1 && loop->polled[count].revents != 0)
        result = run_signals(loop, error);
    if (result == 0)
        result = run_timers(loop, error);
    if (result == 0 && got > 0)
        result = run_watches(loop, count, error);
    return result;
}

int loop_run(struct loop *loop, struct error *error)
{
    int result = 0;
    while (result == 0 && (loop->timer_count > 0 || poll_fill(loop) > 0))
        result = loop_step(loop, TIME_NONE, error);
    return result;
}
