/* The read–filter–write loop as its users and its neighbours on the pipe see it: each case is a process of its own. */
#include "base/loop.h"
#include "base/time.h"
#include "record/flow.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define BAR(minute, close)                                                                                             \
    "{\"type\":\"bar\",\"time\":\"2026-11-20T14:" minute ":00Z\",\"symbol\":\"A\",\"interval\":\"1m\",\"open\":1,"     \
    "\"high\":9,\"low\":1,\"close\":" close "}\n"
#define END "{\"type\":\"end\",\"status\":0,\"complete\":true,\"failed\":{},\"counts\":{}}\n"

static char folder[] = "/tmp/test-flow.XXXXXX";

struct run {
    struct flow_options options;
    const char *output; /* a file or device instead of out.txt */
    const char *fails;  /* flow_failed names this */
    bool refuse;        /* flow_bad for every bar whose close is 3 */
    int out_fd, in_fd;  /* instead of files, when above 0 */
    bool timer;         /* an interval timer interrupts system calls */
    bool alive;         /* a heartbeat while input is silent, and SIGTERM ends the input */
    int code;           /* exit code, or 1000 + signal */
    char out[8192], err[2048];
};

static char *path(const char *name)
{
    static char text[8][64];
    static int next;
    next = (next + 1) % 8;
    (void)snprintf(text[next], sizeof text[next], "%s/%s", folder, name);
    return text[next];
}

static void put_file(const char *name, const char *bytes, size_t length)
{
    const int fd = open(path(name), O_CREAT | O_TRUNC | O_WRONLY, 0600);
    require(fd >= 0 && write(fd, bytes, length) == (ssize_t)length && close(fd) == 0);
}

static void get_file(char *text, size_t size, const char *name)
{
    const int fd = open(path(name), O_RDONLY);
    const ssize_t got = fd < 0 ? 0 : read(fd, text, size - 1);
    text[got < 0 ? 0 : got] = '\0';
    if (fd >= 0)
        (void)close(fd);
}

static void tick(int number)
{
    (void)number;
}

static int beat(void *context, int64_t now, struct error *error)
{
    (void)now;
    static const char line[] = "{\"type\":\"heartbeat\"}\n";
    return flow_write_line(context, RECORD_HEARTBEAT, STR(line), error);
}

static int stop(void *context, int number, struct error *error)
{
    (void)context, (void)number, (void)error;
    return 1;
}

static void come_alive(struct flow *flow, struct error *error)
{
    struct loop *loop = flow_loop(flow, error);
    require(loop != NULL && loop_signal(loop, SIGTERM, stop, flow, error) == 0 &&
            loop_timer(loop, time_monotonic(), beat, flow, error) > 0);
}

/* What a filter does: every bar decoded and written, everything else passed. */
static enum exit_code filter(const struct run *run, struct error *error)
{
    struct flow *flow = flow_open(&run->options, error);
    const struct record *record;
    int got;
    if (flow == NULL)
        return error->code;
    if (run->alive)
        come_alive(flow, error);
    while ((got = flow_next(flow, &record, error)) == 1) {
        struct bar bar;
        int result;
        if (record->type != RECORD_BAR)
            result = flow_pass(flow, record, error);
        else if (record_decode(record, &bar, error) != 0)
            result = flow_bad(flow, error);
        else if (run->refuse && bar.close == 3 * DEC_ONE)
            result = error_set(error, EXIT_INPUT, "three is too many") == 0 ? 0 : flow_bad(flow, error);
        else
            result = flow_write(flow, RECORD_BAR, &bar, error);
        if (result != 0)
            break;
    }
    if (run->fails != NULL)
        flow_failed(flow, run->fails, EXIT_UNAVAILABLE, "no such file");
    if (flow_input_is_whole(flow))
        (void)fprintf(stderr, "whole\n");
    return flow_close(flow, error);
}

static void child(const struct run *run)
{
    struct error error = {0};
    const int out = run->out_fd > 0
                        ? run->out_fd
                        : open(run->output != NULL ? run->output : path("out"), O_CREAT | O_TRUNC | O_WRONLY, 0600);
    const int err = open(path("err"), O_CREAT | O_TRUNC | O_WRONLY, 0600);
    const int in = run->in_fd > 0 ? run->in_fd : open(path("in"), O_RDONLY);
    require(dup2(in, 0) == 0 && dup2(out, 1) == 1 && dup2(err, 2) == 2);
    for (int fd = 3; fd < 32; fd++)
        (void)close(fd);
    (void)signal(SIGPIPE, SIG_DFL);
    if (run->timer) {
        const struct sigaction action = {.sa_handler = tick};
        const struct itimerval every = {{0, 500}, {0, 500}};
        require(sigaction(SIGALRM, &action, NULL) == 0 && setitimer(ITIMER_REAL, &every, NULL) == 0);
    }
    const enum exit_code code = filter(run, &error);
    if (error_is_set(&error))
        (void)fprintf(stderr, "%s\n", error.text);
    exit((int)code);
}

static pid_t start(struct run *run)
{
    if (run->options.program == NULL)
        run->options.program = "tn-test";
    (void)fflush(stdout);
    const pid_t pid = fork();
    require(pid >= 0);
    if (pid == 0)
        child(run);
    return pid;
}

static void wait_for(struct run *run, pid_t pid)
{
    int status;
    while (waitpid(pid, &status, 0) < 0)
        require(errno == EINTR);
    run->code = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
    get_file(run->out, sizeof run->out, "out");
    get_file(run->err, sizeof run->err, "err");
}

static void run_on(struct run *run, const char *input)
{
    put_file("in", input, strlen(input));
    wait_for(run, start(run));
}

static void test_end(void)
{
    struct run run = {0};
    run_on(&run, BAR("30", "1") END);
    check_text(
        run.out,
        BAR("30", "1") "{\"type\":\"end\",\"status\":0,\"complete\":true,\"failed\":{},\"counts\":{\"bar\":1}}\n",
        "an end record of its own");
    check_text(run.err, "whole\n", "a whole input");
    check(run.code == 0, "exit 0");
    run_on(&run, BAR("30", "1"));
    check_text(
        run.out,
        BAR("30", "1") "{\"type\":\"end\",\"status\":0,\"complete\":false,\"failed\":{},\"counts\":{\"bar\":1}}\n",
        "input without an end: not complete");
    check_text(run.err, "", "not whole");
    run_on(&run, END BAR("30", "1"));
    check(strstr(run.out, "\"complete\":false") != NULL, "a record behind the end: not complete");
    run_on(&run, "{\"type\":\"end\",\"status\":5,\"complete\":true,\"failed\":{\"MSFT\":\"401\",\"a\\\"b\":\"x\"}}\n");
    check_text(run.out,
               "{\"type\":\"end\",\"status\":5,\"complete\":true,\"failed\":{\"MSFT\":\"401\",\"a\\\"b\":\"x\"},"
               "\"counts\":{}}\n",
               "status and failures of the input are handed on");
    check(run.code == 5 && run.err[0] == '\0', "and end the run with 5");
    run.fails = "MSFT";
    run_on(&run, "{\"type\":\"end\",\"status\":0,\"complete\":true,\"failed\":{\"MSFT\":\"401\"}}\n");
    check(strstr(run.out, "\"status\":5,\"complete\":true,\"failed\":{\"MSFT\":\"401\"},") != NULL,
          "a name fails once");
    run = (struct run){.options.no_end = true};
    run_on(&run, BAR("30", "1") END);
    check_text(run.out, BAR("30", "1"), "no end record for a report");
    run = (struct run){.options.producer = true, .fails = "AAPL"};
    run_on(&run, BAR("30", "1"));
    check_text(
        run.out,
        "{\"type\":\"end\",\"status\":5,\"complete\":true,\"failed\":{\"AAPL\":\"no such file\"},\"counts\":{}}\n",
        "a producer reads nothing");
}

static void test_files(void)
{
    put_file("a", BAR("30", "1") END, sizeof BAR("30", "1") END - 1);
    put_file("b", BAR("31", "2") "{\n", sizeof BAR("31", "2") "{\n" - 1);
    char *const files[] = {path("a"), (char[]){"-"}, path("b"), NULL};
    struct run run = {.options.files = files};
    run_on(&run, BAR("32", "2") END);
    check(strstr(run.out, BAR("30", "1") BAR("32", "2") BAR("31", "2")) == run.out,
          "files and standard input in order");
    check(strstr(run.out, "\"status\":3,\"complete\":false,\"failed\":{},\"counts\":{\"bar\":3,\"bad\":1}") != NULL,
          "one without an end, with a bad line");
    char want[256];
    (void)snprintf(want, sizeof want, "tn-test: %s: line 2: not JSON: the line ends where a key should be\n", files[2]);
    check_text(run.err, want, "named with file and line");
    char *const missing[] = {path("missing"), NULL};
    run = (struct run){.options.files = missing};
    run_on(&run, "");
    (void)snprintf(want, sizeof want, "cannot read '%s': no such file\n", missing[0]);
    check_text(run.err, want, "a file that is not there");
    check(run.code == 2, "exit 2");
    char *const folders[] = {folder, NULL};
    run.options.files = folders;
    run_on(&run, "");
    (void)snprintf(want, sizeof want, "cannot read '%s': it is a folder without a recording\n", folder);
    check_text(run.err, want, "a folder");
    check(run.code == 2, "exit 2 as well: another name is wanted, nothing is broken");
}

static void test_bad_lines(void)
{
    struct run run = {.refuse = true};
    run_on(&run, BAR("30", "1") "nonsense\n" BAR("31", "-1") BAR("32", "3") BAR("33", "2") END);
    check_text(run.err,
               "tn-test: standard input: line 2: not JSON: 'n' where '{' should be, at byte 1\n"
               "tn-test: standard input: line 3: field 'close': not above zero\n"
               "tn-test: standard input: line 4: three is too many\n",
               "bad lines are reported with their numbers");
    check(strstr(run.out, "\"status\":3,\"complete\":true,\"failed\":{},\"counts\":{\"bar\":2,\"bad\":3}") != NULL,
          "and counted");
    check(run.code == 3, "exit 3");
    run.options.strict = true;
    run_on(&run, BAR("30", "1") "nonsense\n" BAR("31", "2") END);
    check(strstr(run.out, BAR("31", "2")) == NULL && run.code == 3, "--strict stops at the first");
    check_text(run.err, "standard input: line 2: not JSON: 'n' where '{' should be, at byte 1\n", "--strict names it");
    run.options.strict = false;
    run.options.quiet = true;
    run_on(&run, "nonsense\n" END);
    check(run.err[0] == '\0' && run.code == 3, "quiet counts without words");
}

static int no_memory(void *context, const struct record *record, struct error *error)
{
    (void)context;
    (void)record;
    return error_memory(error);
}

static void test_where_fails(void)
{
    struct run run = {.options = {.where = no_memory}};
    run_on(&run, BAR("30", "1") BAR("31", "2") END);
    check_text(run.err, "out of memory\n", "fault-011 a question that cannot be put ends the run");
    check(strstr(run.out, "\"complete\":false") != NULL && run.code == 10, "fault-011 with 10, not as a bad line");
}

static void test_long_line(void)
{
    struct buf input;
    buf_init(&input, 1 << 24);
    buf_add_text(&input, BAR("30", "1") "{\"type\":\"note\",\"text\":\"");
    for (int i = 0; i < 5 * 1024 * 1024; i++)
        buf_add_char(&input, "ab\""[i % 3]);
    buf_add_text(&input, "\n" BAR("31", "2") "nonsense\n" END);
    put_file("in", input.p, input.n);
    buf_clear(&input);
    struct run run = {0};
    wait_for(&run, start(&run));
    check(strncmp(run.out, BAR("30", "1") BAR("31", "2"), strlen(BAR("30", "1") BAR("31", "2"))) == 0,
          "fault-077 the records around an over-long line");
    check_text(run.err,
               "tn-test: standard input: line 2: longer than 1048576 bytes\n"
               "tn-test: standard input: line 4: not JSON: 'n' where '{' should be, at byte 1\n",
               "fault-077 its number, and the right numbers behind it");
    check(run.code == 3, "fault-077 exit 3");
}

static void test_pass(void)
{
    static const char input[] =
        "{\"type\":\"quote\", \"x\":1}\n{\"type\":\"gap\"}\n{\"type\":\"mine\"}\n{\"type\":\"signal\"}\n" END;
    struct run run = {0};
    run_on(&run, input);
    check(strncmp(run.out, "{\"type\":\"gap\"}\n{\"type\":\"end\"", 28) == 0, "control records always pass");
    run.options.pass = true;
    run_on(&run, input);
    check(strncmp(run.out, "{\"type\":\"quote\", \"x\":1}\n{\"type\":\"gap\"}\n{\"type\":\"mine\"}\n{\"type\":\"end\"",
                  68) == 0,
          "--pass lets market and unknown records through, to the byte");
}

static void test_output(void)
{
    struct run run = {.output = "/dev/full"};
    run_on(&run, BAR("30", "1") END);
    check_text(run.err, "whole\ncannot write standard output: No space left on device\n",
               "fault-010 a full disk is said");
    check(run.code == 10, "fault-010 exit 10");
    int ends[2];
    require(pipe(ends) == 0);
    run = (struct run){.out_fd = ends[1]};
    put_file("in", BAR("30", "1"), strlen(BAR("30", "1")));
    (void)close(ends[0]);
    wait_for(&run, start(&run));
    (void)close(ends[1]);
    check(run.code == 1000 + SIGPIPE && run.err[0] == '\0', "fault-009 a closed pipe ends it quietly");
}

/* A non-blocking pipe that is read in small sips, and a timer that interrupts: nothing gets lost or torn. */
static void test_short_writes(void)
{
    struct buf input, got;
    int ends[2];
    buf_init(&input, 1 << 24);
    buf_init(&got, 1 << 24);
    for (int i = 0; i < 30000; i++)
        buf_add_text(&input, i % 3 == 0 ? BAR("30", "1.5") : i % 3 == 1 ? BAR("31", "2") : BAR("32", "8.25"));
    put_file("in", input.p, input.n);
    require(pipe(ends) == 0 && fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0);
    struct run run = {.out_fd = ends[1], .timer = true, .options.no_end = true};
    const pid_t pid = start(&run);
    (void)close(ends[1]);
    for (ssize_t n; (n = read(ends[0], buf_reserve(&got, 3333), 3333)) > 0;)
        got.n += (size_t)n;
    wait_for(&run, pid);
    (void)close(ends[0]);
    check(run.code == 0 && str_equal(buf_str(&got), buf_str(&input)), "fault-008 short writes, EINTR and EAGAIN");
    buf_clear(&input);
    buf_clear(&got);
}

/* A signal while the reader keeps us waiting: what has gone out is whole lines. */
static void test_signals(void)
{
    struct buf input;
    (void)signal(SIGINT, SIG_DFL); /* who runs us in the background may have had it ignored */
    (void)signal(SIGTERM, SIG_DFL);
    buf_init(&input, 1 << 24);
    for (int i = 0; i < 100000; i++)
        buf_add_text(&input, BAR("30", "1"));
    put_file("in", input.p, input.n);
    buf_clear(&input);
    bool whole = true, died = true;
    for (int i = 0; i < 8; i++) {
        static char got[1 << 16];
        int ends[2];
        char last = 'x';
        require(pipe(ends) == 0);
        struct run run = {.out_fd = ends[1]};
        const pid_t pid = start(&run);
        (void)close(ends[1]);
        ssize_t n = read(ends[0], got, 4000 + 997 * (size_t)i);
        (void)usleep(20000); /* by now it waits for room in the pipe */
        require(n > 0 && kill(pid, i % 2 == 0 ? SIGTERM : SIGINT) == 0);
        while ((n = read(ends[0], got, sizeof got)) > 0)
            last = got[n - 1];
        wait_for(&run, pid);
        (void)close(ends[0]);
        whole = whole && last == '\n';
        died = died && run.code == 1000 + (i % 2 == 0 ? SIGTERM : SIGINT);
    }
    check(whole, "a signal in the middle of a write leaves no half record");
    check(died, "and ends the program as signals do");
}

/* What is due is written before the flow waits for more. */
static void test_flush(void)
{
    int in[2], out[2];
    char got[256];
    require(pipe(in) == 0 && pipe(out) == 0);
    struct run run = {.in_fd = in[0], .out_fd = out[1]};
    const pid_t pid = start(&run);
    (void)close(in[0]);
    (void)close(out[1]);
    bool prompt = true;
    for (int i = 0; i < 3; i++) {
        static const char line[] = BAR("30", "1");
        require(write(in[1], line, 40) == 40);
        (void)usleep(1000);
        require(write(in[1], line + 40, sizeof line - 41) == (ssize_t)sizeof line - 41);
        const ssize_t n = read(out[0], got, sizeof got);
        prompt = prompt && n == (ssize_t)sizeof line - 1 && memcmp(got, line, (size_t)n) == 0;
    }
    check(prompt, "each record comes out before the next goes in, though it came in two pieces");
    (void)close(in[1]);
    wait_for(&run, pid);
    (void)close(out[0]);
    check(run.code == 0, "and the end of input ends it");
}

/* While input is silent timers and signals run; what they write goes out at once, and input that is ended so is not
 * whole. */
static void test_loop(void)
{
    int in[2], out[2];
    static const char line[] = BAR("30", "1"), beat_line[] = "{\"type\":\"heartbeat\"}\n";
    char got[512];
    require(pipe(in) == 0 && pipe(out) == 0);
    struct run run = {.in_fd = in[0], .out_fd = out[1], .alive = true};
    const pid_t pid = start(&run);
    (void)close(in[0]);
    (void)close(out[1]);
    ssize_t n = read(out[0], got, sizeof got);
    check(n == (ssize_t)sizeof beat_line - 1 && memcmp(got, beat_line, (size_t)n) == 0,
          "a timer while input is silent");
    require(write(in[1], line, sizeof line - 1) == (ssize_t)sizeof line - 1);
    n = read(out[0], got, sizeof got);
    check(n == (ssize_t)sizeof line - 1 && memcmp(got, line, (size_t)n) == 0, "records come as before");
    require(write(in[1], line, 40) == 40); /* half a record is none */
    (void)usleep(20000);
    require(kill(pid, SIGTERM) == 0);
    n = read(out[0], got, sizeof got - 1);
    got[n > 0 ? n : 0] = '\0';
    check(strstr(got, "\"type\":\"end\",\"status\":0,\"complete\":false") != NULL,
          "a signal that the loop has ends the input in order: %s", got);
    wait_for(&run, pid);
    check(run.code == 0 && strstr(run.err, "whole") == NULL, "and it is not whole");
    (void)close(in[1]);
    (void)close(out[0]);
}

int main(void)
{
    require(mkdtemp(folder) != NULL);
    test_end();
    test_files();
    test_bad_lines();
    test_where_fails();
    test_long_line();
    test_pass();
    test_output();
    test_short_writes();
    test_signals();
    test_flush();
    test_loop();
    for (int i = 0; i < 5; i++)
        (void)unlink(path((const char *const[]){"in", "out", "err", "a", "b"}[i]));
    (void)rmdir(folder);
    return done();
}
