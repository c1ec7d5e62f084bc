/* Checked output, locks, children, the event loop and the progress line. */
#include "base/file.h"
#include "base/lock.h"
#include "base/loop.h"
#include "base/out.h"
#include "base/progress.h"
#include "base/spawn.h"
#include "base/time.h"

#include "tap.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/tn-process-XXXXXX";

static const char *at(const char *name)
{
    static char path[PATH_MAX];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void test_out(void)
{
    struct error error;
    struct stat status;
    struct buf text;
    error_clear(&error);
    struct out *out = out_open(at("table"), &error);
    for (int i = 0; i < 50000; i++)
        out_printf(out, "%d\n", i);
    check(stat(at("table"), &status) != 0, "fault-014: a file does not appear before it is whole");
    check(out_close(out, &error) == 0, "and then it does");
    buf_init(&text, 1 << 20);
    /* 10 numbers of one digit, 90 of two, 900, 9000, 40000 of five, and a line feed each */
    check(file_read(at("table"), &text, &error) == 0 && text.n == 10 + 180 + 2700 + 36000 + 200000 + 50000,
          "every byte is there");
    buf_clear(&text);
    out = out_open(at("table"), &error);
    out_str(out, STR("never"));
    out_free(out);
    check(stat(at("table"), &status) == 0 && status.st_size == 288890, "fault-014: given up, the old file stays");
    out = out_open("/dev/full", &error);
    check(out != NULL, "what is not a regular file is written directly");
    out_str(out, STR("lost"));
    check(out_close(out, &error) == -1 && error.code == EXIT_SYSTEM, "fault-010: a full disk is an error");
    check_text(error.text, "cannot write '/dev/full': No space left on device", "fault-010: and named");
    unlink(at("table"));
}

static void test_lock(void)
{
    struct error error;
    int ends[2];
    char byte = 0, want[64];
    error_clear(&error);
    if (pipe(ends) != 0)
        return;
    const pid_t child = fork();
    if (child == 0) {
        struct lock *held = lock_take(at("lock"), "account 'main'", 0, &error);
        (void)!write(ends[1], held == NULL ? "n" : "y", 1);
        pause();
        _exit(0);
    }
    check(read(ends[0], &byte, 1) == 1 && byte == 'y', "a child takes the lock");
    const int64_t before = time_monotonic();
    check(lock_take(at("lock"), "account 'main'", TIME_SECOND / 5, &error) == NULL, "fault-021: nobody else gets it");
    const int64_t waited = time_monotonic() - before;
    check(waited >= TIME_SECOND / 5 && waited < 2 * TIME_SECOND, "fault-015: after the time it was to wait");
    check(error.code == EXIT_UNAVAILABLE, "fault-021: which ends with 5");
    (void)snprintf(want, sizeof want, "account 'main' is in use by process %ld (test-process)", (long)child);
    check_text(error.text, want, "fault-021: and names the holder");
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    error_clear(&error);
    struct lock *lock = lock_take(at("lock"), "account 'main'", 0, &error);
    check(lock != NULL, "fault-022: the lock of a killed holder is free");
    check(lock_take(at("lock"), "account 'main'", 0, &error) == NULL, "a second one in this process is refused");
    error_clear(&error);
    lock_free(lock);
    lock = lock_take(at("lock"), "account 'main'", 0, &error);
    check(lock != NULL, "released, it can be taken again");
    lock_free(lock);
    check(lock_take(at("none/lock"), "x", 0, &error) == NULL && error.code == EXIT_SYSTEM, "no folder: 10");
    unlink(at("lock"));
    close(ends[0]);
    close(ends[1]);
}

static void test_spawn(void)
{
    struct error error;
    struct buf output, errors;
    int status = -1;
    error_clear(&error);
    buf_init(&output, 1 << 20);
    buf_init(&errors, 1 << 20);
    static char big[500000];
    memset(big, 'x', sizeof big);
    check(spawn_run((const char *const[]){"cat", NULL}, (struct str){big, sizeof big}, 20 * TIME_SECOND, &output, NULL,
                    &status, &error) == 0 &&
              status == 0 && output.n == sizeof big && memcmp(output.p, big, sizeof big) == 0,
          "half a megabyte through a child and back");
    buf_reset(&output);
    check(spawn_run((const char *const[]){"sh", "-c", "echo one; echo two >&2; exit 7", NULL}, STR(""),
                    20 * TIME_SECOND, &output, &errors, &status, &error) == 0 &&
              status == 7,
          "its exit code");
    check_text(output.p, "one\n", "its output");
    check_text(errors.p, "two\n", "its messages");
    check(spawn_run((const char *const[]){"true", NULL}, (struct str){big, sizeof big}, 20 * TIME_SECOND, NULL, NULL,
                    &status, &error) == 0 &&
              status == 0,
          "a child that does not read does not kill us");
    buf_reset(&output);
    const char *const hostile[] = {"printf", "%s", "$(touch pwned); `id` | -x", NULL};
    check(spawn_run(hostile, STR(""), 20 * TIME_SECOND, &output, NULL, &status, &error) == 0, "no shell in between");
    check_text(output.p, hostile[2], "fault-072: arguments arrive as they are");
    check(spawn_run((const char *const[]){"no-such-program", NULL}, STR(""), TIME_SECOND, NULL, NULL, &status,
                    &error) == -1 &&
              error.code == EXIT_USAGE,
          "a missing program");
    check_text(error.text, "cannot start 'no-such-program': No such file or directory", "is named");
    error_clear(&error);
    const int64_t before = time_monotonic();
    check(spawn_run((const char *const[]){"sleep", "20", NULL}, STR(""), TIME_SECOND / 5, &output, NULL, &status,
                    &error) == -1 &&
              error.code == EXIT_UNAVAILABLE && status == 128 + SIGTERM,
          "the deadline ends it");
    check(time_monotonic() - before < 3 * TIME_SECOND, "in time");
    error_clear(&error);
    struct buf little;
    buf_init(&little, 1000);
    check(spawn_run((const char *const[]){"yes", NULL}, STR(""), 20 * TIME_SECOND, &little, NULL, &status, &error) ==
                  -1 &&
              error.code == EXIT_UNAVAILABLE,
          "endless output is cut off");
    buf_clear(&little);
    /* a descriptor of ours, not marked close-on-exec, and a blocked signal must not reach the child */
    const int leak = open("/dev/null", O_RDONLY);
    sigset_t term, old;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    sigprocmask(SIG_BLOCK, &term, &old);
    buf_reset(&output);
    error_clear(&error);
    spawn_run((const char *const[]){"sh", "-c", "ls /proc/self/fd | wc -l; grep SigBlk /proc/self/status", NULL},
              STR(""), 20 * TIME_SECOND, &output, NULL, &status, &error);
    sigprocmask(SIG_SETMASK, &old, NULL);
    check_text(output.p, "4\nSigBlk:\t0000000000000000\n", "only 0, 1, 2 (and the listing's own), no blocked signal");
    close(leak);
    buf_clear(&output);
    buf_clear(&errors);
}

struct seen {
    struct loop *loop;
    int pipe[2];
    char order[64];
    int64_t cancelled;
};

static void mark(struct seen *seen, char c)
{
    const size_t length = strlen(seen->order);
    if (length + 1 < sizeof seen->order)
        seen->order[length] = c;
}

static int on_timer(void *context, int64_t now, struct error *error)
{
    struct seen *seen = context;
    (void)now;
    mark(seen, 't');
    if (strlen(seen->order) == 1) {
        loop_cancel(seen->loop, seen->cancelled);
        (void)!write(seen->pipe[1], "x", 1);
        return loop_timer(seen->loop, time_monotonic(), on_timer, seen, error) > 0 ? 0 : -1;
    }
    return 0;
}

static int on_cancelled(void *context, int64_t now, struct error *error)
{
    (void)now;
    (void)error;
    mark(context, '!');
    return 0;
}

static int on_read(void *context, int fd, int ready, struct error *error)
{
    struct seen *seen = context;
    char byte;
    (void)error;
    mark(seen, ready == LOOP_READ && read(fd, &byte, 1) == 1 ? 'r' : '?');
    loop_unwatch(seen->loop, fd);
    raise(SIGUSR2);
    return 0;
}

static int on_signal(void *context, int signal, struct error *error)
{
    (void)error;
    mark(context, signal == SIGUSR2 ? 's' : '?');
    return 42;
}

static int on_file(void *context, int fd, int ready, struct error *error)
{
    (void)error;
    (void)fd;
    mark(context, ready == LOOP_READ ? 'f' : '?');
    return 1;
}

static void test_loop(void)
{
    struct error error;
    struct seen seen = {.order = ""};
    sigset_t mask;
    error_clear(&error);
    seen.loop = loop_new(&error);
    check(loop_run(seen.loop, &error) == 0, "nothing to wait for");
    if (pipe(seen.pipe) != 0)
        return;
    const int64_t now = time_monotonic();
    loop_watch(seen.loop, seen.pipe[0], LOOP_READ, on_read, &seen, &error);
    loop_signal(seen.loop, SIGUSR2, on_signal, &seen, &error);
    seen.cancelled = loop_timer(seen.loop, now + TIME_SECOND / 50, on_cancelled, &seen, &error);
    loop_timer(seen.loop, now + TIME_SECOND / 100, on_timer, &seen, &error);
    loop_timer(seen.loop, now + TIME_SECOND * 1000, on_timer, &seen, &error);
    check(loop_run(seen.loop, &error) == 42, "the value of the callback that ends it");
    check_text(seen.order, "ttrs", "timer, the timer it set, the byte it wrote, the signal; the cancelled one never");
    const int file = open("/dev/null", O_RDONLY);
    seen.order[0] = '\0';
    memset(seen.order, 0, sizeof seen.order);
    loop_watch(seen.loop, file, LOOP_READ, on_file, &seen, &error);
    check(loop_run(seen.loop, &error) == 1, "a file is always ready");
    loop_free(seen.loop);
    close(file);
    sigprocmask(SIG_BLOCK, NULL, &mask);
    check(sigismember(&mask, SIGUSR2) == 0, "the signal mask is as before");
    close(seen.pipe[0]);
    close(seen.pipe[1]);
}

static void test_progress(void)
{
    struct buf line;
    buf_init(&line, 1000);
    progress_format(&line, "bars", 1200, 5000, 10 * TIME_SECOND);
    /* 1200 of 5000 is 24 %, 1200 in 10 s is 120/s, 3800 / 120 is 31.7 s */
    check_text(line.p, "bars: 1200 of 5000 (24%), 120/s, 32 s left", "count, part, rate, time left");
    buf_reset(&line);
    progress_format(&line, "runs", 3, -1, 60 * TIME_SECOND);
    check_text(line.p, "runs: 3, 0.05/s", "without a total");
    buf_reset(&line);
    progress_format(&line, "runs", 1, 201, 60 * TIME_SECOND);
    check_text(line.p, "runs: 1 of 201 (0%), 0.017/s, 3 h 20 min left", "a long time");
    buf_reset(&line);
    progress_format(&line, "runs", 0, 10, 0);
    check_text(line.p, "runs: 0 of 10 (0%)", "nothing done yet");
    buf_clear(&line);

    const int saved = dup(STDERR_FILENO), file = open(at("shown"), O_RDWR | O_CREAT, 0600);
    char text[200] = "";
    dup2(file, STDERR_FILENO);
    struct progress *progress = progress_open("tn-test", "bars", 10, true);
    progress_step(progress, 3);
    raise(SIGUSR1);
    progress_step(progress, 4);
    progress_step(progress, 5);
    check(progress_open("tn-test", "more", 1, true) == NULL, "one at a time");
    progress_close(progress);
    dup2(saved, STDERR_FILENO);
    (void)!pread(file, text, sizeof text - 1, 0);
    check(strncmp(text, "tn-test: bars: 4 of 10 (40%)", 28) == 0 && strchr(text, '\n') == text + strlen(text) - 1,
          "SIGUSR1 prints one line, and nothing else is shown without a terminal");
    close(saved);
    close(file);
    unlink(at("shown"));
}

/* A terminal of our own stands for the user's: the line appears after two seconds and goes away at the end. */
static void test_progress_line(void)
{
    const int terminal = posix_openpt(O_RDWR | O_NOCTTY), saved = dup(STDERR_FILENO);
    char text[4096] = "";
    grantpt(terminal);
    unlockpt(terminal);
    const int other = open(ptsname(terminal), O_RDWR | O_NOCTTY);
    (void)fcntl(terminal, F_SETFL, O_NONBLOCK);
    setenv("TERM", "xterm", 1);
    dup2(other, STDERR_FILENO);
    struct progress *progress = progress_open("tn-test", "bars", 1000, true);
    const int64_t start = time_monotonic();
    int64_t done = 0;
    while (time_monotonic() - start < TIME_SECOND * 19 / 10) {
        progress_step(progress, ++done);
        usleep(1000);
    }
    const ssize_t early = read(terminal, text, sizeof text - 1);
    while (time_monotonic() - start < TIME_SECOND * 23 / 10) {
        progress_step(progress, ++done);
        usleep(1000);
    }
    const ssize_t late = read(terminal, text, sizeof text - 1);
    progress_close(progress);
    dup2(saved, STDERR_FILENO);
    char end[100] = "";
    const ssize_t last = read(terminal, end, sizeof end - 1);
    check(early <= 0, "no line in the first two seconds");
    check(late > 0 && strncmp(text, "\rtn-test: bars: ", 16) == 0 && strstr(text, " of 1000 (") != NULL &&
              strchr(text, '\n') == NULL,
          "then one line, again and again");
    check(last == 4 && memcmp(end, "\r\033[K", 4) == 0, "which is taken away at the end");
    close(saved);
    close(other);
    close(terminal);
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    test_out();
    test_lock();
    test_spawn();
    test_loop();
    test_progress();
    test_progress_line();
    rmdir(folder);
    return done();
}
