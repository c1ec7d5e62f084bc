/* Talking with a child, without waiting for it to read before it has written, or the other way round. */
#include "base/coprocess.h"

#include "base/buf.h"
#include "base/spawn.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CHUNK          65536
#define QUEUE_MAX      ((size_t)1 << 30)
#define LINE_MAX_BYTES (1 << 20)

struct coprocess {
    struct child child;
    bool running; /* has not been waited for */
    int64_t patience, deadline;
    struct buf out; /* not written yet: from `sent` on */
    size_t sent;
    bool closing;  /* nothing more will be asked */
    struct buf in; /* read: from `used` on not handed out, of which `looked` bytes have no LF */
    size_t used, looked, ahead;
    uint64_t lines;
};

static void close_end(int *fd)
{
    if (*fd != -1)
        (void)close(*fd);
    *fd = -1;
}

struct coprocess *coprocess_start(const char *const *argv, const char *variable, int64_t patience, struct error *error)
{
    char *path = NULL, *home = NULL;
    struct coprocess *coprocess = calloc(1, sizeof *coprocess);
    if (coprocess == NULL) {
        error_memory(error);
        return NULL;
    }
    coprocess->patience = patience;
    coprocess->child.input = coprocess->child.output = -1;
    buf_init(&coprocess->out, QUEUE_MAX);
    buf_init(&coprocess->in, COPROCESS_AHEAD_MAX + LINE_MAX_BYTES + 2 * CHUNK);
    if (child_variable(&path, "PATH", "/usr/bin:/bin", error) == 0 && child_variable(&home, "HOME", "/", error) == 0) {
        const char *const environment[] = {path, home, "LANG=C.UTF-8", "TZ=UTC", variable, NULL};
        const struct child_terms terms = {.environment = environment, .third = -1, .apart = true, .tied = true};
        if (child_start_as(&coprocess->child, argv, &terms, CHILD_INPUT | CHILD_OUTPUT, error) == 0) {
            coprocess->running = true;
            (void)fcntl(coprocess->child.input, F_SETFL, O_NONBLOCK); /* our own ends of our own pipes */
            (void)fcntl(coprocess->child.output, F_SETFL, O_NONBLOCK);
        }
    }
    free(path);
    free(home);
    if (coprocess->running)
        return coprocess;
    coprocess_free(coprocess);
    return NULL;
}

void coprocess_free(struct coprocess *coprocess)
{
    if (coprocess == NULL)
        return;
    if (coprocess->running) {
        struct error ignored = {0};
        int status;
        child_kill(&coprocess->child);
        (void)child_wait(&coprocess->child, time_monotonic() + TIME_SECOND, &status, &ignored);
    }
    buf_clear(&coprocess->out);
    buf_clear(&coprocess->in);
    free(coprocess);
}

int coprocess_ask(struct coprocess *coprocess, struct str lines, struct error *error)
{
    coprocess->deadline = time_monotonic() + coprocess->patience;
    coprocess->ahead = 0;
    if (coprocess->child.input == -1)
        return 0; /* it reads no more: its end will say why */
    if (coprocess->sent == coprocess->out.n) {
        buf_reset(&coprocess->out);
        coprocess->sent = 0;
    }
    buf_add_str(&coprocess->out, lines);
    return buf_check(&coprocess->out, error);
}

uint64_t coprocess_lines(const struct coprocess *coprocess)
{
    return coprocess->lines;
}

void coprocess_close_input(struct coprocess *coprocess)
{
    coprocess->closing = true;
}

/* Writes what fits. Whoever does not read on has his reasons, which his end shows. */
static void feed(struct coprocess *coprocess)
{
    while (coprocess->child.input != -1 && coprocess->sent < coprocess->out.n) {
        const size_t left = coprocess->out.n - coprocess->sent;
        const ssize_t put =
            pipe_write(coprocess->child.input, coprocess->out.p + coprocess->sent, left < CHUNK ? left : CHUNK);
        if (put > 0) {
            coprocess->sent += (size_t)put;
            continue;
        }
        if (put == -1 && errno == EINTR)
            continue;
        if (put == -1 && errno != EAGAIN)
            close_end(&coprocess->child.input);
        return;
    }
    if (coprocess->closing)
        close_end(&coprocess->child.input);
}

/* 1: something was read; 0: there is nothing now, or never (then the end is closed); -1: too much. */
static int collect(struct coprocess *coprocess, struct error *error)
{
    if (coprocess->used > 0) {
        memmove(coprocess->in.p, coprocess->in.p + coprocess->used, coprocess->in.n - coprocess->used);
        coprocess->in.n -= coprocess->used;
        coprocess->used = 0;
    }
    char *room = buf_reserve(&coprocess->in, CHUNK);
    if (room == NULL)
        return buf_check(&coprocess->in, error);
    const ssize_t got = read(coprocess->child.output, room, CHUNK);
    if (got == -1 && (errno == EINTR || errno == EAGAIN))
        return 0;
    if (got <= 0) {
        close_end(&coprocess->child.output);
        return 0;
    }
    coprocess->in.n += (size_t)got;
    coprocess->ahead += (size_t)got;
    if (coprocess->ahead > COPROCESS_AHEAD_MAX)
        return error_set(error, EXIT_UNAVAILABLE, "writes more than %d MiB without an answer",
                         COPROCESS_AHEAD_MAX >> 20);
    return 1;
}

/* 1: a line that has been read; 0: none yet. */
static int take_line(struct coprocess *coprocess, struct str *line, struct error *error)
{
    const size_t from = coprocess->used + coprocess->looked, left = coprocess->in.n - from;
    const char *start = coprocess->in.p + coprocess->used;
    const char *end = left == 0 ? NULL : memchr(coprocess->in.p + from, '\n', left);
    const size_t length = end == NULL ? coprocess->in.n - coprocess->used : (size_t)(end - start);
    if (length > LINE_MAX_BYTES)
        return error_set(error, EXIT_INPUT, "line %llu is longer than %d bytes",
                         (unsigned long long)coprocess->lines + 1, LINE_MAX_BYTES);
    coprocess->looked = end == NULL ? length : 0;
    if (end == NULL)
        return 0;
    *line = (struct str){start, length};
    coprocess->used += length + 1;
    coprocess->lines++;
    return 1;
}

int coprocess_line(struct coprocess *coprocess, struct str *line, struct error *error)
{
    for (;;) {
        const int got = take_line(coprocess, line, error);
        if (got != 0)
            return got;
        if (coprocess->child.output == -1)
            return coprocess->in.n == coprocess->used
                       ? 0
                       : error_set(error, EXIT_INPUT, "line %llu is cut off", (unsigned long long)coprocess->lines + 1);
        feed(coprocess);
        struct pollfd wait[] = {
            {.fd = coprocess->child.output, .events = POLLIN},
            {.fd = coprocess->sent < coprocess->out.n ? coprocess->child.input : -1, .events = POLLOUT},
            {.fd = coprocess->child.pidfd, .events = POLLIN},
        };
        const int64_t left = coprocess->deadline - time_monotonic();
        if (left <= 0)
            return error_set(error, EXIT_UNAVAILABLE, "does not answer within %lld s",
                             (long long)(coprocess->patience / TIME_SECOND));
        if (poll(wait, 3, (int)(left / 1000000 + 1)) <= 0)
            continue;
        if (wait[0].revents != 0) {
            if (collect(coprocess, error) < 0)
                return -1;
        } else if (wait[2].revents != 0) {
            close_end(&coprocess->child.output); /* it has ended, and left its output to somebody else */
        }
    }
}

int coprocess_wait(struct coprocess *coprocess, struct error *error)
{
    int status;
    const int64_t soonest = time_monotonic() + TIME_SECOND;
    const int result =
        child_wait(&coprocess->child, coprocess->deadline > soonest ? coprocess->deadline : soonest, &status, error);
    coprocess->running = false;
    if (result != 0)
        return -1;
    if (status > 128)
        return error_set(error, EXIT_UNAVAILABLE, "was ended by signal %d", status - 128);
    return status == 0 ? 0 : error_set(error, EXIT_UNAVAILABLE, "ended with %d", status);
}
