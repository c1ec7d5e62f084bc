/* tn-quote bars as a child: its arguments, its records. */
#include "stream/backfill.h"

#include "base/list.h"
#include "base/spawn.h"
#include "base/time.h"
#include "record/record.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define OUTPUT_MAX (64u << 20)
#define DEADLINE   (60 * TIME_SECOND)

struct backfill {
    struct loop *loop;
    backfill_done *done;
    void *context;
    struct child child;
    struct buf output;
    int64_t deadline_timer;
    struct bar *bar;
    size_t bars, capacity;
};

/* tn-quote stands beside us. */
static void find_program(char path[static PATH_MAX])
{
    ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 16);
    while (n > 0 && path[n - 1] != '/')
        n--;
    (void)snprintf(path + (n > 0 ? n : 0), 16, "tn-quote");
    if (access(path, X_OK) != 0)
        (void)snprintf(path, PATH_MAX, "tn-quote");
}

static int start(struct backfill *backfill, const struct backfill_request *request, struct error *error)
{
    char path[PATH_MAX], interval[INTERVAL_TEXT_MAX], from[TIME_TEXT_MAX], to[TIME_TEXT_MAX];
    const char **argv = calloc(request->symbols + 20, sizeof *argv);
    size_t n = 0;
    if (argv == NULL)
        return error_memory(error);
    find_program(path);
    (void)interval_format(interval, request->interval);
    (void)time_format(from, request->from);
    (void)time_format(to, request->to);
    const char *const options[] = {path,     "bars", "-q",   "-s", request->source, "-i",         interval,
                                   "--from", from,   "--to", to,   "--fresh",       "--calendar", request->calendar};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        argv[n++] = options[i];
    if (request->extended)
        argv[n++] = "--extended";
    argv[n++] = "--";
    for (size_t i = 0; i < request->symbols; i++)
        argv[n++] = request->symbol[i];
    const int result = child_start(&backfill->child, argv, NULL, CHILD_OUTPUT, error);
    free(argv);
    return result;
}

static int compare(const void *first, const void *second)
{
    const struct bar *a = first, *b = second;
    if (a->end != b->end)
        return a->end < b->end ? -1 : 1;
    return strcmp(a->symbol, b->symbol);
}

/* One line of the child. */
static int take_line(struct backfill *backfill, struct record *record, struct str line, bool *ended,
                     struct error *failure, struct error *error)
{
    struct end end;
    struct error bad = {0};
    if (record_scan(record, line.p, line.n, &bad) < 0)
        return error_set(failure, EXIT_INPUT, "tn-quote: %s", bad.text), 0;
    if (record->type == RECORD_END && record_decode(record, &end, &bad) == 0) {
        *ended = true;
        if (end.status != 0 || end.failed.n > 2)
            (void)error_set(failure, EXIT_UNAVAILABLE, "some bars are not available: %.*s",
                            end.failed.n > 200 ? 200 : (int)end.failed.n, end.failed.p);
    }
    if (record->type != RECORD_BAR)
        return 0;
    if (list_grow(&backfill->bar, &backfill->capacity, backfill->bars, sizeof *backfill->bar, error) < 0)
        return -1;
    if (record_decode(record, &backfill->bar[backfill->bars], &bad) == 0)
        backfill->bars++;
    else
        (void)error_set(failure, EXIT_INPUT, "tn-quote: %s", bad.text);
    return 0;
}

static int finish(struct backfill *backfill, struct error *failure, struct error *error)
{
    static const size_t scratch_max = 1u << 20;
    struct record *record = calloc(1, sizeof *record);
    struct buf scratch;
    bool ended = false;
    int result = 0;
    if (record == NULL)
        return error_memory(error);
    buf_init(&scratch, scratch_max);
    for (const char *p = backfill->output.p; result == 0 && p != NULL && p < backfill->output.p + backfill->output.n;) {
        const char *stop = memchr(p, '\n', (size_t)(backfill->output.p + backfill->output.n - p));
        if (stop == NULL)
            break;
        record->scratch = &scratch;
        result = take_line(backfill, record, (struct str){p, (size_t)(stop - p)}, &ended, failure, error);
        p = stop + 1;
    }
    if (!ended)
        (void)error_set(failure, EXIT_UNAVAILABLE, "tn-quote did not finish");
    buf_clear(&scratch);
    free(record);
    if (result < 0)
        return -1;
    if (backfill->bars > 1)
        qsort(backfill->bar, backfill->bars, sizeof *backfill->bar, compare);
    return backfill->done(backfill->context, backfill->bar, backfill->bars, failure, error);
}

static void stop_watching(struct backfill *backfill)
{
    if (backfill->child.output != -1)
        loop_unwatch(backfill->loop, backfill->child.output);
    if (backfill->deadline_timer > 0)
        loop_cancel(backfill->loop, backfill->deadline_timer);
    backfill->deadline_timer = 0;
}

static int on_output(void *context, int fd, int ready, struct error *error)
{
    struct backfill *backfill = context;
    struct error failure = {0};
    int status = 0;
    (void)ready;
    char *to = buf_reserve(&backfill->output, 64 * 1024);
    const ssize_t n = to == NULL ? 0 : read(fd, to, 64 * 1024);
    if (n > 0) {
        backfill->output.n += (size_t)n;
        return 0;
    }
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return 0;
    stop_watching(backfill);
    if (to == NULL)
        (void)error_set(&failure, EXIT_UNAVAILABLE, "the answer of tn-quote is too long");
    if (child_wait(&backfill->child, time_monotonic() + TIME_SECOND, &status, &failure) < 0)
        error_clear(&failure); /* what it wrote is whole or not, whatever it does now */
    return finish(backfill, &failure, error);
}

static int on_deadline(void *context, int64_t now, struct error *error)
{
    struct backfill *backfill = context;
    struct error failure = {0};
    int status = 0;
    (void)now;
    backfill->deadline_timer = 0;
    stop_watching(backfill);
    (void)kill(backfill->child.pid, SIGKILL);
    (void)child_wait(&backfill->child, time_monotonic(), &status, &failure);
    error_clear(&failure);
    (void)error_set(&failure, EXIT_UNAVAILABLE, "no answer from the source in time");
    return finish(backfill, &failure, error);
}

struct backfill *backfill_start(struct loop *loop, const struct backfill_request *request, backfill_done *done,
                                void *context, struct error *error)
{
    struct backfill *backfill = calloc(1, sizeof *backfill);
    if (backfill == NULL) {
        (void)error_memory(error);
        return NULL;
    }
    *backfill = (struct backfill){.loop = loop, .done = done, .context = context};
    backfill->child = (struct child){.pid = -1, .pidfd = -1, .input = -1, .output = -1, .errors = -1};
    buf_init(&backfill->output, OUTPUT_MAX);
    if (start(backfill, request, error) == 0 &&
        loop_watch(loop, backfill->child.output, LOOP_READ, on_output, backfill, error) == 0 &&
        (backfill->deadline_timer = loop_timer(loop, time_monotonic() + DEADLINE, on_deadline, backfill, error)) > 0)
        return backfill;
    backfill_free(backfill);
    return NULL;
}

void backfill_free(struct backfill *backfill)
{
    struct error ignored = {0};
    int status = 0;
    if (backfill == NULL)
        return;
    stop_watching(backfill);
    if (backfill->child.pidfd != -1) {
        (void)kill(backfill->child.pid, SIGTERM);
        (void)child_wait(&backfill->child, time_monotonic(), &status, &ignored);
    }
    buf_clear(&backfill->output);
    free(backfill->bar);
    free(backfill);
}
