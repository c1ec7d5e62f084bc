/* A question asked by a child: its code, then its body or its message, through a pipe. */
#include "stream/asking.h"

#include "base/file.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANSWER_MAX (16u << 20)
#define DEADLINE   (30 * TIME_SECOND)

struct asking {
    struct loop *loop;
    asking_done *done;
    void *context;
    pid_t pid;
    int fd;
    int64_t timer;
    struct buf answer;
};

static void write_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        const ssize_t written = write(fd, p, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        p += written;
        n -= (size_t)written;
    }
}

/* The child. Signals are as whoever started us left them, not as the loop has them. */
_Noreturn static void ask(int fd, const struct connection_terms *terms, const struct stream_question *question)
{
    sigset_t none;
    struct error failure = {0};
    struct buf body;
    (void)signal(SIGPIPE, SIG_IGN);
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    buf_init(&body, ANSWER_MAX - 1);
    char code = 0;
    if (terms->ask(terms->ask_context, question, &body, &failure) < 0)
        code = (char)failure.code;
    write_all(fd, &code, 1);
    if (code == 0)
        write_all(fd, body.p, body.n);
    else
        write_all(fd, failure.text, strlen(failure.text));
    _exit(0);
}

static void stop(struct asking *asking)
{
    if (asking->fd != -1) {
        loop_unwatch(asking->loop, asking->fd);
        (void)close(asking->fd);
    }
    asking->fd = -1;
    if (asking->timer > 0)
        loop_cancel(asking->loop, asking->timer);
    asking->timer = 0;
    if (asking->pid > 0) {
        (void)kill(asking->pid, SIGKILL); /* it has said all, or nothing more is wanted of it */
        while (waitpid(asking->pid, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    asking->pid = -1;
}

static int finish(struct asking *asking, const char *why, struct error *error)
{
    const struct str answer = buf_str(&asking->answer);
    struct error failure = {0};
    stop(asking);
    if (why != NULL)
        (void)error_set(&failure, EXIT_UNAVAILABLE, "%s", why);
    else if (answer.n == 0)
        (void)error_set(&failure, EXIT_UNAVAILABLE, "the question has no answer");
    else if (answer.p[0] != 0)
        (void)error_set(&failure, (enum exit_code)answer.p[0], "%.*s", answer.n > 300 ? 300 : (int)answer.n - 1,
                        answer.p + 1);
    const struct str body = answer.n == 0 ? STR("") : (struct str){answer.p + 1, answer.n - 1};
    return asking->done(asking->context, body, &failure, error);
}

static int on_answer(void *context, int fd, int ready, struct error *error)
{
    struct asking *asking = context;
    (void)ready;
    char *to = buf_reserve(&asking->answer, 64 * 1024);
    if (to == NULL)
        return finish(asking, "the answer is too long", error);
    const ssize_t n = read(fd, to, 64 * 1024);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return 0;
    if (n <= 0)
        return finish(asking, NULL, error);
    asking->answer.n += (size_t)n;
    return 0;
}

static int on_deadline(void *context, int64_t now, struct error *error)
{
    struct asking *asking = context;
    (void)now;
    asking->timer = 0;
    return finish(asking, "no answer in time", error);
}

struct asking *asking_start(struct loop *loop, const struct connection_terms *terms,
                            const struct stream_question *question, asking_done *done, void *context,
                            struct error *error)
{
    int ends[2];
    struct asking *asking = calloc(1, sizeof *asking);
    if (asking == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    *asking = (struct asking){.loop = loop, .done = done, .context = context, .pid = -1, .fd = -1};
    buf_init(&asking->answer, ANSWER_MAX);
    if (pipe2(ends, O_CLOEXEC) == 0) {
        asking->fd = ends[0];
        asking->pid = fork();
        if (asking->pid == 0)
            ask(ends[1], terms, question);
        (void)close(ends[1]);
    }
    if (asking->pid < 0)
        (void)error_system(error, "cannot start a process");
    else if (loop_watch(loop, asking->fd, LOOP_READ, on_answer, asking, error) == 0 &&
             (asking->timer = loop_timer(loop, time_monotonic() + DEADLINE, on_deadline, asking, error)) > 0)
        return asking;
    asking_free(asking);
    return NULL;
}

void asking_free(struct asking *asking)
{
    if (asking == NULL)
        return;
    stop(asking);
    buf_clear(&asking->answer);
    free(asking);
}
