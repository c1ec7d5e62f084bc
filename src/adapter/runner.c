/* A jq program in a child process: frames to and fro, deadlines. */
#include "adapter/runner.h"

#include "base/install.h"
#include "base/spawn.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define START_TIME  (10 * TIME_SECOND)
#define FAILED_MARK 0x80000000u

struct runner {
    char *name;
    struct buf program;
    struct child child; /* pid -1: not running */
};

/* ---- what a program must not use ---- */

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_forbidden(struct str word)
{
    static const char *const words[] = {"env",
                                        "ENV",
                                        "import",
                                        "include",
                                        "input",
                                        "inputs",
                                        "debug",
                                        "stderr",
                                        "now",
                                        "input_filename",
                                        "input_line_number",
                                        "modulemeta",
                                        "get_search_list",
                                        "halt",
                                        "halt_error",
                                        "localtime",
                                        "strflocaltime",
                                        "mktime",
                                        "__loc__"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_is(word, words[i]))
            return true;
    return false;
}

/* Words outside of strings; within "\(…)" a string is program again. A word after a dot is the name of a field,
 * after a dollar sign that of a variable. */
int runner_check(struct str program, struct error *error)
{
    enum { DEEP = 64 };
    int parenthesis[DEEP] = {0}, depth = 0; /* open ones of each interpolation */
    bool string = false;
    for (size_t i = 0; i < program.n; i++) {
        const char c = program.p[i];
        if (string) {
            if (c == '\\' && i + 1 < program.n && program.p[++i] == '(') {
                if (++depth == DEEP)
                    return error_set(error, EXIT_USAGE, "strings within strings are nested too deep");
                parenthesis[depth] = 0;
                string = false;
            } else if (c == '"') {
                string = false;
            }
        } else if (c == '#') {
            while (i + 1 < program.n && program.p[i + 1] != '\n')
                i++;
        } else if (c == '"') {
            string = true;
        } else if (c == '(') {
            parenthesis[depth]++;
        } else if (c == ')' && --parenthesis[depth] < 0 && depth > 0) {
            depth--;
            string = true;
        } else if (is_word_char(c)) {
            size_t n = 1;
            while (i + n < program.n && is_word_char(program.p[i + n]))
                n++;
            const struct str word = {program.p + i, n};
            const char before = i == 0 ? ' ' : program.p[i - 1];
            const bool variable = before == '$' && !str_is(word, "ENV") && !str_is(word, "__loc__");
            if (is_forbidden(word) && before != '.' && !variable)
                return error_set(error, EXIT_USAGE, "a source must not use '" STR_FMT "'", STR_ARG(word));
            i += n - 1;
        } else if (c == '\0') {
            return error_set(error, EXIT_USAGE, "contains a NUL byte");
        }
    }
    return 0;
}

/* ---- the child ---- */

static void kill_child(struct runner *runner)
{
    struct error ignored;
    int status;
    if (runner->child.pid == -1)
        return;
    error_clear(&ignored);
    (void)kill(runner->child.pid, SIGKILL);
    (void)child_wait(&runner->child, time_monotonic() + 5 * TIME_SECOND, &status, &ignored);
    runner->child.pid = -1;
}

/* The child has closed its output: say how it ended. */
static int died(struct runner *runner, struct error *error)
{
    int status = 0;
    if (child_wait(&runner->child, time_monotonic() + TIME_SECOND, &status, error) < 0) {
        runner->child.pid = -1;
        return -1;
    }
    runner->child.pid = -1;
    if (status == 128 + SIGABRT || status == 128 + SIGSEGV)
        return error_set(error, EXIT_UNAVAILABLE, "uses too much memory");
    if (status == 128 + SIGXCPU || status == 128 + SIGKILL)
        return error_set(error, EXIT_UNAVAILABLE, "was killed: too much processor time");
    return error_set(error, EXIT_UNAVAILABLE, "ended with %d", status);
}

struct transfer {
    struct str head, body; /* still to be written */
    struct buf *output;
    uint8_t mark[4];
    size_t marked, wanted; /* bytes of the answer's mark read; length of the answer */
};

/* Write as much as goes; SIGPIPE is held back by the caller. -1: the child reads no more. */
static int put_some(struct child *child, struct str *text)
{
    const ssize_t put = write(child->input, text->p, text->n);
    if (put == -1)
        return errno == EAGAIN || errno == EINTR ? 0 : -1;
    text->p += put;
    text->n -= (size_t)put;
    return 0;
}

/* 1: the answer is complete; 0: not yet; -1: the child's end, or no room. */
static int get_some(struct child *child, struct transfer *transfer)
{
    if (transfer->marked < sizeof transfer->mark) {
        const ssize_t got =
            read(child->output, transfer->mark + transfer->marked, sizeof transfer->mark - transfer->marked);
        if (got <= 0)
            return got == -1 && errno == EINTR ? 0 : -1;
        transfer->marked += (size_t)got;
        const uint8_t *m = transfer->mark;
        transfer->wanted = (m[0] | (size_t)m[1] << 8 | (size_t)m[2] << 16 | (size_t)m[3] << 24) & ~(size_t)FAILED_MARK;
        return transfer->marked == sizeof transfer->mark && transfer->wanted == 0;
    }
    const size_t left = transfer->wanted - transfer->output->n;
    char *room = buf_reserve(transfer->output, left < 65536 ? left : 65536);
    if (room == NULL)
        return -1;
    const ssize_t got = read(child->output, room, left < 65536 ? left : 65536);
    if (got <= 0)
        return got == -1 && errno == EINTR ? 0 : -1;
    transfer->output->n += (size_t)got;
    room[got] = '\0';
    return transfer->output->n == transfer->wanted;
}

static int talk(struct runner *runner, struct transfer *transfer, int64_t deadline, struct error *error)
{
    struct child *child = &runner->child;
    for (;;) {
        const bool writing = transfer->head.n > 0 || transfer->body.n > 0;
        struct pollfd wait[] = {{.fd = child->output, .events = POLLIN},
                                {.fd = writing ? child->input : -1, .events = POLLOUT}};
        const int64_t left = deadline - time_monotonic();
        if (left <= 0) {
            kill_child(runner);
            return error_set(error, EXIT_UNAVAILABLE, "took too long and was killed");
        }
        if (poll(wait, 2, (int)(left / 1000000 + 1)) <= 0)
            continue;
        if (wait[1].revents != 0 && put_some(child, transfer->head.n > 0 ? &transfer->head : &transfer->body) < 0)
            return died(runner, error);
        if (wait[0].revents == 0)
            continue;
        const int got = get_some(child, transfer);
        if (got == 1)
            return 0;
        if (got < 0 && transfer->output->failed) {
            kill_child(runner);
            return error_set(error, EXIT_UNAVAILABLE, "writes more than %zu bytes", transfer->output->maximum);
        }
        if (got < 0)
            return died(runner, error);
    }
}

/* Send a frame and read the answer; the child's own error becomes ours. */
static int exchange(struct runner *runner, struct str frame, int64_t timeout, struct buf *output, struct error *error)
{
    const uint32_t n = (uint32_t)frame.n;
    const char head[4] = {(char)(n & 255), (char)(n >> 8 & 255), (char)(n >> 16 & 255), (char)(n >> 24)};
    struct transfer transfer = {.head = {head, sizeof head}, .body = frame, .output = output};
    sigset_t broken, before;
    (void)sigemptyset(&broken);
    (void)sigaddset(&broken, SIGPIPE);
    (void)pthread_sigmask(SIG_BLOCK, &broken, &before);
    const int result = talk(runner, &transfer, time_monotonic() + timeout, error);
    const struct timespec none = {0, 0};
    while (sigtimedwait(&broken, NULL, &none) == -1 && errno == EINTR)
        ;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (result < 0 || (transfer.mark[3] & 0x80) == 0)
        return result;
    return error_set(error, EXIT_UNAVAILABLE, "%.*s", output->n > 300 ? 300 : (int)output->n,
                     output->n == 0 ? "fails" : output->p);
}

static int start(struct runner *runner, struct error *error)
{
    char path[PATH_MAX];
    const char *const argv[] = {path, NULL}, *const environment[] = {NULL};
    struct buf answer;
    if (install_path(path, INSTALL_LIBEXEC, "jq-runner", error) < 0 ||
        child_start(&runner->child, argv, environment, CHILD_INPUT | CHILD_OUTPUT, error) < 0) {
        runner->child.pid = -1;
        return -1;
    }
    (void)fcntl(runner->child.input, F_SETFL, O_NONBLOCK); /* our own end of our own pipe */
    buf_init(&answer, 65536);
    const int result = exchange(runner, buf_str(&runner->program), START_TIME, &answer, error);
    buf_clear(&answer);
    if (result == 0)
        return 0;
    kill_child(runner);
    error_recode(error, EXIT_USAGE);
    return -1;
}

struct runner *runner_open(const char *name, struct str program, struct error *error)
{
    struct runner *runner = calloc(1, sizeof *runner);
    if (runner == NULL) {
        error_memory(error);
        return NULL;
    }
    runner->child.pid = -1;
    buf_init(&runner->program, 1u << 20);
    buf_add_str(&runner->program, program);
    runner->name = strdup(name);
    if (runner->name == NULL)
        error_memory(error);
    else if (runner_check(program, error) == 0 && buf_check(&runner->program, error) == 0 && start(runner, error) == 0)
        return runner;
    error_prefix(error, "%s", name);
    runner_close(runner);
    return NULL;
}

void runner_close(struct runner *runner)
{
    if (runner == NULL)
        return;
    kill_child(runner);
    buf_clear(&runner->program);
    free(runner->name);
    free(runner);
}

int runner_call(struct runner *runner, struct str input, int64_t timeout, struct buf *output, struct error *error)
{
    buf_reset(output);
    if ((runner->child.pid != -1 || start(runner, error) == 0) && exchange(runner, input, timeout, output, error) == 0)
        return 0;
    error_prefix(error, "%s", runner->name);
    return -1;
}
