/* Workers by fork, one pipe each. */
#include "base/pool.h"

#include "base/file.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PIPE_SIZE  (1 << 20)
#define FLUSH_SIZE ((size_t)64 << 10)
#define FLUSH_TIME (TIME_SECOND / 10)

/* What comes before each result. */
struct frame {
    uint64_t length;
    bool failed; /* the bytes are a struct error */
};

struct worker {
    pid_t pid;
    int fd;
    struct buf bytes; /* read and not taken yet, from `at` on */
    size_t at;
};

int pool_cores(void)
{
    cpu_set_t set;
    const int cores = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return cores < 1 ? 1 : cores > POOL_WORKERS_MAX ? POOL_WORKERS_MAX : cores;
}

static int flush(int fd, struct buf *out, struct error *error)
{
    const int result = buf_check(out, error) != 0 ? -1 : fd_write_all(fd, "a pipe", out->p, out->n, error);
    buf_reset(out);
    return result;
}

/* Replaces whatever of a piece is in `out` from `start` on by its error. */
static void frame_error(struct buf *out, size_t start, const struct error *error)
{
    const struct frame frame = {.length = sizeof *error, .failed = true};
    out->n = start;
    buf_add(out, &frame, sizeof frame);
    buf_add(out, error, sizeof *error);
}

/* All pieces of one worker. */
static int serve(const struct pool_work *work, int number, int fd, struct error *error)
{
    struct buf out;
    int64_t flushed = time_monotonic();
    int status = 0;
    buf_init(&out, 2 * POOL_RESULT_MAX);
    for (uint64_t i = (uint64_t)number; status == 0 && i < work->count; i += (uint64_t)work->workers) {
        const size_t start = out.n;
        struct frame frame = {.length = 0};
        buf_add(&out, &frame, sizeof frame);
        status = work->work(work->context, i, &out, error);
        if (status == 0)
            status = buf_check(&out, error);
        frame.length = out.n - start - sizeof frame;
        if (status == 0 && frame.length > POOL_RESULT_MAX)
            status = error_set(error, EXIT_SYSTEM, "a result is longer than %zu bytes", POOL_RESULT_MAX);
        if (status != 0) {
            if (buf_check(&out, &(struct error){0}) != 0)
                buf_reset(&out); /* the results before this one are lost: the error ends the run anyway */
            frame_error(&out, start < out.n ? start : out.n, error);
        } else {
            memcpy(out.p + start, &frame, sizeof frame);
        }
        const int64_t now = time_monotonic();
        if (status == 0 && out.n < FLUSH_SIZE && now - flushed < FLUSH_TIME)
            continue;
        flushed = now;
        if (flush(fd, &out, error) != 0)
            return -1;
    }
    if (status == 0 && out.n > 0)
        status = flush(fd, &out, error);
    buf_clear(&out);
    return status;
}

static int start(const struct pool_work *work, struct worker *workers, int number, struct error *error)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_system(error, "cannot make a pipe");
    (void)fcntl(ends[1], F_SETPIPE_SZ, PIPE_SIZE); /* a smaller one is only slower */
    const pid_t parent = getpid(), pid = fork();
    if (pid < 0) {
        (void)error_system(error, "cannot start a worker");
        (void)close(ends[0]);
        (void)close(ends[1]);
        return -1;
    }
    if (pid == 0) {
        struct error own = {0};
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* nobody would read what it finds */
        if (getppid() != parent)
            _exit(EXIT_SYSTEM);
        (void)close(ends[0]);
        for (int i = 0; i < number; i++)
            (void)close(workers[i].fd);
        _exit(serve(work, number, ends[1], &own) == 0 ? EXIT_DONE : EXIT_SYSTEM);
    }
    (void)close(ends[1]);
    workers[number] = (struct worker){.pid = pid, .fd = ends[0]};
    buf_init(&workers[number].bytes, 2 * POOL_RESULT_MAX);
    return 0;
}

/* At least so many bytes behind `at`. */
static int fill(struct worker *worker, size_t wanted, struct error *error)
{
    struct buf *bytes = &worker->bytes;
    if (worker->at > 0 && bytes->n - worker->at < wanted) {
        memmove(bytes->p, bytes->p + worker->at, bytes->n - worker->at);
        bytes->n -= worker->at;
        worker->at = 0;
    }
    while (bytes->n - worker->at < wanted) {
        const size_t missing = wanted - (bytes->n - worker->at);
        const size_t room = missing > FLUSH_SIZE ? missing : FLUSH_SIZE;
        char *to = buf_reserve(bytes, room);
        if (to == NULL)
            return buf_check(bytes, error);
        const ssize_t got = read(worker->fd, to, room);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_system(error, "cannot read from a worker");
        if (got == 0)
            return error_set(error, EXIT_SYSTEM, "a worker ended before its work was done");
        bytes->n += (size_t)got;
    }
    return 0;
}

/* The next result of a worker. */
static int receive(struct worker *worker, struct str *result, struct error *error)
{
    struct frame frame;
    if (fill(worker, sizeof frame, error) != 0)
        return -1;
    memcpy(&frame, worker->bytes.p + worker->at, sizeof frame);
    worker->at += sizeof frame;
    if (fill(worker, frame.length, error) != 0)
        return -1;
    *result = (struct str){worker->bytes.p + worker->at, frame.length};
    worker->at += frame.length;
    if (!frame.failed)
        return 0;
    require(frame.length == sizeof *error);
    memcpy(error, result->p, sizeof *error);
    return -1;
}

static void end(struct worker *worker, bool done)
{
    if (!done)
        (void)kill(worker->pid, SIGKILL);
    (void)close(worker->fd);
    while (waitpid(worker->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    buf_clear(&worker->bytes);
}

static int run_here(const struct pool_work *work, struct error *error)
{
    struct buf out;
    int status = 0;
    buf_init(&out, POOL_RESULT_MAX);
    for (uint64_t i = 0; status == 0 && i < work->count; i++) {
        buf_reset(&out);
        if (work->work(work->context, i, &out, error) != 0 || buf_check(&out, error) != 0 ||
            work->take(work->context, i, buf_str(&out), error) != 0)
            status = -1;
    }
    buf_clear(&out);
    return status;
}

int pool_run(const struct pool_work *work, struct error *error)
{
    struct pool_work plan = *work;
    if (plan.count < (uint64_t)plan.workers)
        plan.workers = (int)plan.count;
    require(work->workers >= 1 && work->workers <= POOL_WORKERS_MAX);
    if (plan.workers <= 1)
        return run_here(&plan, error);
    struct worker *workers = calloc((size_t)plan.workers, sizeof *workers);
    if (workers == NULL)
        return error_memory(error);
    int started = 0, status = 0;
    while (status == 0 && started < plan.workers) {
        status = start(&plan, workers, started, error);
        started += status == 0;
    }
    for (uint64_t i = 0; status == 0 && i < plan.count; i++) {
        struct str result;
        status = receive(&workers[i % (uint64_t)plan.workers], &result, error);
        if (status == 0)
            status = plan.take(plan.context, i, result, error);
    }
    for (int i = 0; i < started; i++)
        end(&workers[i], status == 0);
    free(workers);
    return status;
}
