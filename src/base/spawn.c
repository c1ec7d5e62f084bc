/* Children, with pipes, a deadline and nothing inherited by
 * accident. */
#include "base/spawn.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHUNK 65536

static void fd_drop(int *fd)
{
    if (*fd != -1)
        (void)close(*fd);
    *fd = -1;
}

/* Ends of up to three pipes: ours and the child's, -1 where there is none. */
struct ends {
    int ours[3], theirs[3];
};

static int ends_open(struct ends *ends, int pipes, struct error *error)
{
    for (int i = 0; i < 3; i++)
        ends->ours[i] = ends->theirs[i] = -1;
    for (int i = 0; i < 3; i++) {
        int pair[2];
        if ((pipes & (1 << i)) == 0)
            continue;
        if (pipe2(pair, O_CLOEXEC) != 0)
            return error_system(error, "cannot make a pipe");
        ends->theirs[i] = pair[i == 0 ? 0 : 1];
        ends->ours[i] = pair[i == 0 ? 1 : 0];
    }
    return 0;
}

/* Everything above the standard three, or four, ends with exec. What whoever started us left open is not inherited. */
static void keep_to_ourselves(int first)
{
    if (syscall(SYS_close_range, (unsigned)first, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */) == 0)
        return;
    for (int fd = first; fd < 1024; fd++) /* a kernel before 5.11 */
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/* Its descriptors: pipes where asked for, /dev/null as input otherwise. */
static int take_descriptors(const struct ends *ends, int third)
{
    const int none = ends->theirs[0] == -1 ? open("/dev/null", O_RDONLY | O_CLOEXEC) : -1;
    if (ends->theirs[0] == -1 && (none == -1 || dup2(none, 0) == -1))
        return -1;
    for (int i = 0; i < 3; i++)
        if (ends->theirs[i] != -1 && dup2(ends->theirs[i], i) == -1)
            return -1;
    if (third == -1)
        return 0;
    return third == 3 ? fcntl(3, F_SETFD, 0) : dup2(third, 3);
}

/* The child: only what is safe after fork. Signals that we ignore or block (signalfd) are its to receive. */
_Noreturn static void become(const char *const *argv, const struct child_terms *terms, const struct ends *ends,
                             pid_t parent, int trouble)
{
    sigset_t none;
    const struct sigaction standard = {.sa_handler = SIG_DFL};
    for (int i = 1; i < NSIG; i++)
        (void)sigaction(i, &standard, NULL);
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    trouble = fcntl(trouble, F_DUPFD_CLOEXEC, 4); /* out of the way of number 3 */
    if ((!terms->apart || setpgid(0, 0) == 0) && (!terms->tied || prctl(PR_SET_PDEATHSIG, SIGKILL) == 0) &&
        take_descriptors(ends, terms->third) != -1) {
        if (terms->tied && getppid() != parent) /* it has ended already */
            _exit(0);
        keep_to_ourselves(terms->third == -1 ? 3 : 4);
        (void)execvpe(argv[0], (char *const *)argv,
                      terms->environment == NULL ? environ : (char *const *)terms->environment);
    }
    const int cause = errno;
    (void)!write(trouble, &cause, sizeof cause);
    _exit(127);
}

/* Not posix_spawn: it cannot tie a child to us, and C libraries differ in what else it can. */
static int start(struct child *child, const char *const *argv, const struct child_terms *terms, const struct ends *ends,
                 struct error *error)
{
    const pid_t parent = getpid();
    int trouble[2], cause = 0;
    if (pipe2(trouble, O_CLOEXEC) != 0)
        return error_system(error, "cannot make a pipe");
    child->pid = fork();
    if (child->pid == 0)
        become(argv, terms, ends, parent, trouble[1]);
    if (child->pid == -1)
        cause = errno;
    (void)close(trouble[1]);
    ssize_t got = 0; /* nothing, when exec has closed the other end */
    while (child->pid != -1 && (got = read(trouble[0], &cause, sizeof cause)) == -1 && errno == EINTR)
        ;
    (void)close(trouble[0]);
    if (got > 0)
        (void)waitpid(child->pid, NULL, 0);
    if (cause == 0)
        return 0;
    errno = cause;
    error_system(error, "cannot start '%s'", argv[0]);
    if (cause == ENOENT || cause == EACCES) {
        error->code = EXIT_USAGE;
        error_hint(error, "is '%s' installed, and on PATH?", argv[0]);
    }
    return -1;
}

int child_start(struct child *child, const char *const *argv, const char *const *environment, int pipes,
                struct error *error)
{
    return child_start_as(child, argv, &(struct child_terms){.environment = environment, .third = -1}, pipes, error);
}

int child_start_as(struct child *child, const char *const *argv, const struct child_terms *terms, int pipes,
                   struct error *error)
{
    struct ends ends;
    *child = (struct child){.pid = -1, .pidfd = -1, .input = -1, .output = -1, .errors = -1, .apart = terms->apart};
    int result = ends_open(&ends, pipes, error);
    if (result == 0)
        result = start(child, argv, terms, &ends, error);
    for (int i = 0; i < 3; i++)
        fd_drop(&ends.theirs[i]);
    if (result == 0) {
        child->pidfd = (int)syscall(SYS_pidfd_open, child->pid, 0U);
        if (child->pidfd == -1) {
            result = error_system(error, "cannot watch '%s'", argv[0]);
            (void)kill(child->pid, SIGKILL);
            (void)waitpid(child->pid, NULL, 0);
        }
    }
    if (result != 0) {
        for (int i = 0; i < 3; i++)
            fd_drop(&ends.ours[i]);
        return -1;
    }
    child->input = ends.ours[0];
    child->output = ends.ours[1];
    child->errors = ends.ours[2];
    return 0;
}

int child_variable(char **to, const char *name, const char *standard, struct error *error)
{
    const char *value = getenv(name);
    if (asprintf(to, "%s=%s", name, value == NULL ? standard : value) != -1)
        return 0;
    *to = NULL;
    return error_memory(error);
}

void child_kill(const struct child *child)
{
    (void)kill(child->apart ? -child->pid : child->pid, SIGKILL);
}

/* Milliseconds for poll, rounded up; 0 when the deadline has passed. */
static int poll_time(int64_t deadline)
{
    const int64_t left = deadline - time_monotonic();
    if (left <= 0)
        return 0;
    return left > INT64_C(3600) * TIME_SECOND ? 3600000 : (int)(left / 1000000 + 1);
}

/* True when the child has ended by the deadline. */
static bool ended_by(const struct child *child, int64_t deadline)
{
    for (;;) {
        struct pollfd wait = {.fd = child->pidfd, .events = POLLIN};
        const int timeout = poll_time(deadline);
        const int got = poll(&wait, 1, timeout);
        if (got == 1)
            return true;
        if (timeout == 0 && got == 0)
            return false;
    }
}

int child_wait(struct child *child, int64_t deadline, int *status, struct error *error)
{
    int raw = 0, result = 0;
    fd_drop(&child->input);
    fd_drop(&child->output);
    fd_drop(&child->errors);
    if (!ended_by(child, deadline)) {
        result = error_set(error, EXIT_UNAVAILABLE, "took too long and was killed");
        const pid_t target = child->apart ? -child->pid : child->pid;
        (void)kill(target, SIGTERM);
        if (!ended_by(child, time_monotonic() + TIME_SECOND))
            (void)kill(target, SIGKILL);
    }
    if (child->apart) /* whom it left behind; its number is still its own */
        (void)kill(-child->pid, SIGKILL);
    while (waitpid(child->pid, &raw, 0) == -1 && errno == EINTR)
        ;
    fd_drop(&child->pidfd);
    *status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
    return result;
}

ssize_t pipe_write(int fd, const char *bytes, size_t length)
{
    sigset_t broken, before, pending;
    (void)sigemptyset(&broken);
    (void)sigaddset(&broken, SIGPIPE);
    (void)sigpending(&pending);
    (void)pthread_sigmask(SIG_BLOCK, &broken, &before);
    const ssize_t put = write(fd, bytes, length);
    const int cause = errno;
    if (put == -1 && cause == EPIPE && sigismember(&pending, SIGPIPE) == 0) {
        const struct timespec now = {0, 0};
        while (sigtimedwait(&broken, NULL, &now) == -1 && errno == EINTR)
            ;
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = cause;
    return put;
}

/* Read what is there; closes at the end of the stream. -1 past the buffer's maximum. */
static int collect(int *fd, struct buf *buf, struct error *error)
{
    char chunk[CHUNK];
    require(buf != NULL); /* a pipe is made only for a buffer */
    const ssize_t got = read(*fd, chunk, sizeof chunk);
    if (got == -1 && (errno == EINTR || errno == EAGAIN))
        return 0;
    if (got <= 0) {
        fd_drop(fd);
        return 0;
    }
    buf_add(buf, chunk, (size_t)got);
    return buf->failed ? error_set(error, EXIT_UNAVAILABLE, "writes more than %zu bytes", buf->maximum) : 0;
}

static void feed(struct child *child, struct str *input)
{
    const ssize_t put = pipe_write(child->input, input->p, input->n < CHUNK ? input->n : CHUNK);
    if (put > 0) {
        input->p += put;
        input->n -= (size_t)put;
    } else if (put == -1 && errno != EAGAIN && errno != EINTR) {
        input->n = 0; /* it does not want the rest */
    }
    if (input->n == 0)
        fd_drop(&child->input);
}

/* Move bytes until all pipes are at their end. */
static int talk(struct child *child, struct str input, int64_t deadline, struct buf *output, struct buf *errors,
                struct error *error)
{
    if (input.n == 0)
        fd_drop(&child->input);
    else
        (void)fcntl(child->input, F_SETFL, O_NONBLOCK); /* our own end of our own pipe */
    while (child->input != -1 || child->output != -1 || child->errors != -1) {
        struct pollfd wait[] = {{.fd = child->input, .events = POLLOUT},
                                {.fd = child->output, .events = POLLIN},
                                {.fd = child->errors, .events = POLLIN}};
        const int timeout = poll_time(deadline);
        const int got = poll(wait, 3, timeout);
        if (got == 0 && timeout == 0)
            return 0; /* child_wait says so */
        if (got <= 0)
            continue;
        if (wait[0].revents != 0)
            feed(child, &input);
        if (wait[1].revents != 0 && collect(&child->output, output, error) != 0)
            return -1;
        if (wait[2].revents != 0 && collect(&child->errors, errors, error) != 0)
            return -1;
    }
    return 0;
}

int spawn_run(const char *const *argv, struct str input, int64_t timeout, struct buf *output, struct buf *errors,
              int *status, struct error *error)
{
    return spawn_run_as(argv, &(struct child_terms){.third = -1}, input, timeout, output, errors, status, error);
}

int spawn_run_as(const char *const *argv, const struct child_terms *terms, struct str input, int64_t timeout,
                 struct buf *output, struct buf *errors, int *status, struct error *error)
{
    struct child child;
    const int64_t deadline = time_monotonic() + timeout;
    const int pipes =
        (input.n > 0 ? CHILD_INPUT : 0) | (output != NULL ? CHILD_OUTPUT : 0) | (errors != NULL ? CHILD_ERRORS : 0);
    if (child_start_as(&child, argv, terms, pipes, error) != 0)
        return -1;
    int result = talk(&child, input, deadline, output, errors, error);
    if (child_wait(&child, result == 0 ? deadline : 0, status, error) != 0)
        result = -1;
    if (result != 0)
        error_prefix(error, "%s", argv[0]);
    return result;
}
