/* The progress line: count, part, rate, time left. */
#include "base/progress.h"

#include "base/loop.h"
#include "base/terminal.h"
#include "base/time.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define QUIET_TIME (2 * TIME_SECOND)
#define LINE_TIME  (TIME_SECOND / 2)
#define LOOK_TIME  (TIME_SECOND / 100) /* steps between two looks at the clock are chosen to take about this long */
#define STRIDE_MAX (1U << 20)

struct progress {
    const char *program, *what;
    int64_t total, done, started, shown, looked;
    uint32_t stride, steps;
    char note[120];
    bool visible, line; /* a line is on the screen; lines may be */
    struct sigaction before;
    bool held; /* SIGUSR1 was blocked before the wait */
};

/* What a signal handler may touch; one progress at a time owns it. */
static volatile sig_atomic_t asked;
static volatile sig_atomic_t in_use;

static void take_signal(int signal)
{
    (void)signal;
    asked = 1;
}

struct progress *progress_open(const char *program, const char *what, int64_t total, bool wanted)
{
    if (in_use)
        return NULL;
    struct progress *progress = calloc(1, sizeof *progress);
    if (progress == NULL)
        return NULL;
    const char *term = getenv("TERM");
    *progress = (struct progress){.program = program, .what = what, .total = total, .stride = 1};
    progress->line = wanted && terminal_is(STDERR_FILENO) && term != NULL && strcmp(term, "dumb") != 0;
    progress->started = progress->looked = time_monotonic();
    const struct sigaction action = {.sa_handler = take_signal, .sa_flags = SA_RESTART};
    asked = 0;
    in_use = 1;
    (void)sigaction(SIGUSR1, &action, &progress->before);
    return progress;
}

static void add_span(struct buf *out, int64_t seconds)
{
    if (seconds >= 3600)
        buf_printf(out, "%ld h %02ld min", (long)(seconds / 3600), (long)(seconds / 60 % 60));
    else if (seconds >= 60)
        buf_printf(out, "%ld min %02ld s", (long)(seconds / 60), (long)(seconds % 60));
    else
        buf_printf(out, "%ld s", (long)seconds);
}

void progress_format(struct buf *out, const char *what, int64_t done, int64_t total, int64_t elapsed)
{
    const double seconds = (double)elapsed / (double)TIME_SECOND, rate = seconds > 0 ? (double)done / seconds : 0;
    buf_printf(out, "%s: %ld", what, (long)done);
    if (total > 0)
        buf_printf(out, " of %ld (%d%%)", (long)total, (int)(100.0 * (double)done / (double)total));
    if (done > 0 && rate > 0)
        buf_printf(out, rate >= 10 ? ", %.0f/s" : ", %.2g/s", rate);
    if (done > 0 && rate > 0 && total > done) {
        const double left = (double)(total - done) / rate;
        buf_add_text(out, ", ");
        add_span(out, left < 1e9 ? (int64_t)(left + 0.5) : (int64_t)1e9);
        buf_add_text(out, " left");
    }
}

static void write_out(const struct buf *text)
{
    if (text->p != NULL)
        (void)!write(STDERR_FILENO, text->p, text->n);
}

/* One write, so that the line does not mix with messages of other programs of the pipeline. */
static void show(struct progress *progress, int64_t now, bool once)
{
    struct buf line, shown;
    buf_init(&line, 4096);
    buf_init(&shown, 4096);
    buf_printf(&line, "%s: ", progress->program);
    progress_format(&line, progress->what, progress->done, progress->total, now - progress->started);
    if (progress->note[0] != '\0')
        buf_printf(&line, "; %s", progress->note);
    if (once) {
        buf_printf(&shown, "%s%s\n", progress->visible ? "\r\033[K" : "", line.p == NULL ? "" : line.p);
        progress->visible = false;
    } else {
        buf_printf(&shown, "\r%.*s\033[K", terminal_width(STDERR_FILENO) - 1, line.p == NULL ? "" : line.p);
        progress->visible = true;
    }
    write_out(&shown);
    buf_clear(&line);
    buf_clear(&shown);
    progress->shown = now;
}

void progress_step(struct progress *progress, int64_t done)
{
    if (progress == NULL)
        return;
    progress->done = done;
    if (++progress->steps < progress->stride && !asked)
        return;
    const int64_t now = time_monotonic(), since = now - progress->looked;
    progress->steps = 0;
    progress->looked = now;
    if (since < LOOK_TIME && progress->stride < STRIDE_MAX)
        progress->stride *= 2;
    else if (since > 2 * LOOK_TIME && progress->stride > 1)
        progress->stride /= 2;
    if (asked) {
        asked = 0;
        show(progress, now, true);
    } else if (progress->line && now - progress->started >= QUIET_TIME && now - progress->shown >= LINE_TIME) {
        show(progress, now, false);
    }
}

void progress_note(struct progress *progress, const char *note)
{
    if (progress != NULL)
        (void)snprintf(progress->note, sizeof progress->note, "%s", note);
}

void progress_before_wait(struct progress *progress, struct loop *loop)
{
    sigset_t usr1, before;
    if (progress == NULL)
        return;
    /* Blocked but for the wait itself, the signal cannot come between the look at `asked` and the wait. */
    (void)sigemptyset(&usr1);
    (void)sigaddset(&usr1, SIGUSR1);
    (void)sigprocmask(SIG_BLOCK, &usr1, &before);
    progress->held = sigismember(&before, SIGUSR1) == 1;
    loop_admit(loop, SIGUSR1);
    if (asked) {
        asked = 0;
        show(progress, time_monotonic(), true);
    }
}

void progress_after_wait(struct progress *progress)
{
    sigset_t usr1;
    if (progress == NULL || progress->held)
        return;
    (void)sigemptyset(&usr1);
    (void)sigaddset(&usr1, SIGUSR1);
    (void)sigprocmask(SIG_UNBLOCK, &usr1, NULL);
}

void progress_hide(struct progress *progress)
{
    if (progress == NULL || !progress->visible)
        return;
    (void)!write(STDERR_FILENO, "\r\033[K", 4);
    progress->visible = false;
}

void progress_close(struct progress *progress)
{
    if (progress == NULL)
        return;
    progress_hide(progress);
    (void)sigaction(SIGUSR1, &progress->before, NULL);
    in_use = 0;
    free(progress);
}
