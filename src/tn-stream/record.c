/* tn-stream record: lines of standard input into a recording. A timer writes what is there each second, so that silence
 * keeps nothing back. */
#include "feed/recorder.h"

#include "base/loop.h"
#include "base/time.h"
#include "record/output.h"
#include "record/record.h"
#include "tn-stream/commands.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { OVER = 1, BAD_TOLD = 20 };
#define FAREWELL (3 * TIME_SECOND)

struct recording_run {
    const struct invocation *invocation;
    struct loop *loop;
    struct recorder *recorder;
    struct buf input; /* what is not a whole line yet */
    struct buf scratch;
    struct record *record;
    int64_t known; /* the latest */
    uint64_t lines, bad;
    bool pass, stopping;
};

/* The moment at which the record became known; a line that is no record is said and not kept. */
static int take_line(struct recording_run *run, struct str line, struct error *error)
{
    struct error bad = {0};
    int64_t known = TIME_NONE;
    run->lines++;
    run->record->scratch = &run->scratch;
    if (record_scan(run->record, line.p, line.n - 1, &bad) < 0 || record_known(run->record, &known, &bad) < 0) {
        if (++run->bad <= BAD_TOLD)
            say(run->invocation, 0, "standard input: line %llu: %s", (unsigned long long)run->lines, bad.text);
        return 0;
    }
    return recorder_add(run->recorder, line, known, error);
}

static int take_lines(struct recording_run *run, struct error *error)
{
    const char *p = run->input.p, *const end = p + run->input.n;
    for (const char *stop; (stop = memchr(p, '\n', (size_t)(end - p))) != NULL; p = stop + 1)
        if (stop > p && take_line(run, (struct str){p, (size_t)(stop - p) + 1}, error) < 0)
            return -1;
    const size_t whole = (size_t)(p - run->input.p);
    if (run->pass && whole > 0 && output_write(run->input.p, whole, error) < 0)
        return -1;
    memmove(run->input.p, p, (size_t)(end - p));
    run->input.n -= whole;
    if (run->input.n > RECORD_LINE_MAX)
        return error_set(error, EXIT_INPUT, "standard input: line %llu is longer than %d bytes",
                         (unsigned long long)run->lines + 1, RECORD_LINE_MAX);
    return 0;
}

static int on_input(void *context, int fd, int ready, struct error *error)
{
    struct recording_run *run = context;
    (void)ready;
    char *to = buf_reserve(&run->input, 256 * 1024);
    if (to == NULL)
        return error_memory(error);
    const ssize_t n = read(fd, to, 256 * 1024);
    if (n < 0)
        return errno == EINTR || errno == EAGAIN ? 0 : error_system(error, "cannot read standard input");
    run->input.n += (size_t)n;
    if (n == 0 && run->input.n > 0) { /* a last line without its end */
        say(run->invocation, 0, "standard input: line %llu has no end and is left out",
            (unsigned long long)run->lines + 1);
        run->bad++;
    }
    return n == 0 ? OVER : take_lines(run, error);
}

static int on_second(void *context, int64_t now, struct error *error)
{
    struct recording_run *run = context;
    if (loop_timer(run->loop, now + TIME_SECOND, on_second, run, error) < 0)
        return -1;
    return recorder_flush(run->recorder, error);
}

static int on_finished(void *context, int64_t now, struct error *error)
{
    (void)context, (void)now, (void)error;
    return OVER;
}

/* Whoever writes to us has often had the signal too (^C, a service that stops): what it still says, up to its end
 * record, is kept. */
static int on_stop(void *context, int number, struct error *error)
{
    struct recording_run *run = context;
    (void)number;
    if (run->stopping)
        return OVER;
    run->stopping = true;
    return loop_timer(run->loop, time_monotonic() + FAREWELL, on_finished, run, error) < 0 ? -1 : 0;
}

static int run_all(struct recording_run *run, struct error *error)
{
    if (loop_signal(run->loop, SIGINT, on_stop, run, error) < 0 ||
        loop_signal(run->loop, SIGTERM, on_stop, run, error) < 0 ||
        loop_timer(run->loop, time_monotonic() + TIME_SECOND, on_second, run, error) < 0 ||
        loop_watch(run->loop, STDIN_FILENO, LOOP_READ, on_input, run, error) < 0)
        return -1;
    return loop_run(run->loop, error) == OVER ? 0 : -1;
}

enum exit_code stream_record(struct invocation *invocation, struct error *error)
{
    struct recording_run run = {.invocation = invocation, .pass = option_flag(invocation, "pass")};
    struct recorder_counts counts = {.records = 0};
    if (invocation_check_input(invocation, error) < 0)
        return error->code;
    buf_init(&run.input, RECORD_LINE_MAX + (1u << 20));
    buf_init(&run.scratch, RECORD_LINE_MAX);
    run.loop = loop_new(error);
    run.record = calloc(1, sizeof *run.record);
    if (run.record == NULL)
        (void)error_memory(error);
    else if (run.loop != NULL)
        run.recorder = recorder_open(invocation_operand_list(invocation)[0],
                                     (uint64_t)option_count(invocation, "rotate", 256) << 20, error);
    if (run.recorder != NULL) {
        (void)run_all(&run, error);
        struct error late = {0};
        if (recorder_flush(run.recorder, &late) < 0 && !error_is_set(error))
            *error = late;
        recorder_count(run.recorder, &counts);
        error_clear(&late);
        (void)recorder_close(run.recorder, &late);
    }
    loop_free(run.loop);
    buf_clear(&run.input);
    buf_clear(&run.scratch);
    free(run.record);
    if (run.bad > BAD_TOLD)
        say(invocation, 0, "bad lines: %llu", (unsigned long long)run.bad);
    if (counts.written > 0)
        say(invocation, 1, "%llu records, %llu bytes in %llu", (unsigned long long)counts.records,
            (unsigned long long)counts.bytes, (unsigned long long)counts.written);
    if (error_is_set(error))
        return error->code;
    return run.bad > 0 ? EXIT_INPUT : EXIT_DONE;
}
