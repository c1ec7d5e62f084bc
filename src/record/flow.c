/* The read–filter–write loop: inputs one after the other, records out in large pieces, `end` records taken and made. */
#include "record/flow.h"

#include "base/loop.h"
#include "base/names.h"
#include "base/num.h"
#include "base/progress.h"
#include "base/terminal.h"
#include "base/time.h"
#include "record/output.h"
#include "record/reader.h"
#include "record/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    FLUSH_SIZE = 256 * 1024,
    PIPE_SIZE = 1024 * 1024,
    OUTPUT_MAX = FLUSH_SIZE + 2 * RECORD_LINE_MAX,
    FAILED_MAX = 256 * 1024,
    BAD_SHOWN_MAX = 20, /* a file of the wrong kind must not bury what else is said */
};

struct flow {
    struct flow_options options;
    char *const *files; /* the next one to open */
    struct reader *reader;
    struct loop *loop; /* NULL before the first wait */
    bool readable;     /* what is waited for has come */
    struct buf out;
    bool broken; /* standard output failed: nothing more is written */
    enum exit_code status;
    uint64_t bad, counts[RECORD_TYPES];
    char hint[sizeof((struct error *)NULL)->hint]; /* the last that was shown with a bad line */
    struct progress *progress;                     /* NULL for none */
    int64_t moved;                                 /* records read, or written by a producer: what progress counts */
    struct names failed_names;
    struct buf failed; /* members of the object, joined by commas */
    /* What the input's end records said. */
    bool end_last; /* the last record of the current input was an `end` */
    bool whole;    /* every input so far was ended by an `end` that was complete */
    enum exit_code input_status;
    bool input_failed;
    size_t input_failures;
    double input_bad; /* lines, by its end records */
    char first_failure[ID_SIZE];
    union record_value passed; /* a record that is only passed on, read to see whether it can be */
    int64_t began;             /* the turn that goes on; 0 while there is none */
};

static char *const standard_input[] = {(char[]){"-"}, NULL}, *const no_input[] = {NULL};

/* The line would be in the way where records go to the terminal, and of a pipeline only the last program shows one. */
static bool progress_suits(const struct flow_options *options)
{
    struct stat status;
    if (!invocation_progress(options->invocation) || fstat(STDOUT_FILENO, &status) != 0 || S_ISFIFO(status.st_mode))
        return false;
    return options->no_end || !terminal_is(STDOUT_FILENO);
}

struct flow *flow_open(const struct flow_options *options, struct error *error)
{
    struct flow *flow = calloc(1, sizeof *flow);
    if (flow == NULL) {
        error_memory(error);
        return NULL;
    }
    flow->options = *options;
    const bool named = options->files != NULL && options->files[0] != NULL;
    flow->files = options->producer ? no_input : named ? options->files : standard_input;
    flow->whole = true;
    if (options->invocation != NULL)
        flow->progress = progress_open(options->program, "records", -1, progress_suits(options));
    names_init(&flow->failed_names);
    buf_init(&flow->failed, FAILED_MAX);
    buf_init(&flow->out, OUTPUT_MAX);
    (void)fcntl(STDOUT_FILENO, F_SETPIPE_SZ, PIPE_SIZE); /* only pipes have one; a smaller one is only slower */
    return flow;
}

int flow_flush(struct flow *flow, struct error *error)
{
    if (flow->broken)
        return error_set(error, EXIT_SYSTEM, "cannot write standard output");
    int result = buf_check(&flow->out, error);
    if (result == 0 && flow->out.n > 0)
        result = output_write(flow->out.p, flow->out.n, error);
    flow->broken = result != 0;
    buf_reset(&flow->out);
    return result;
}

struct progress *flow_progress(struct flow *flow, const char *what, int64_t total)
{
    progress_close(flow->progress);
    flow->progress = flow->options.invocation == NULL
                         ? NULL
                         : progress_open(flow->options.program, what, total, progress_suits(&flow->options));
    return flow->progress;
}

static void end_turn(struct flow *flow)
{
    struct flow_times *times = flow->options.times;
    if (flow->began == 0)
        return;
    const int64_t took = time_monotonic() - flow->began;
    flow->began = 0;
    times->turns++;
    times->late += took > times->limit;
    times->total += took;
    times->worst = took > times->worst ? took : times->worst;
}

struct loop *flow_loop(struct flow *flow, struct error *error)
{
    if (flow->loop == NULL)
        flow->loop = loop_new(error);
    return flow->loop;
}

static int on_readable(void *context, int fd, int ready, struct error *error)
{
    struct flow *flow = context;
    (void)fd, (void)ready, (void)error;
    flow->readable = true;
    return 0;
}

/* Until the descriptor can be read, at its end or in error. What callbacks write goes out before the next wait. */
static int wait_for(struct flow *flow, int descriptor, struct error *error)
{
    struct loop *loop = flow_loop(flow, error);
    if (loop == NULL || loop_watch(loop, descriptor, LOOP_READ, on_readable, flow, error) != 0)
        return -1;
    flow->readable = false;
    int result = 0;
    while (result == 0 && !flow->readable) {
        progress_before_wait(flow->progress, loop);
        result = loop_step(loop, TIME_NONE, error);
        progress_after_wait(flow->progress);
        if (result >= 0 && flow->out.n > 0 && flow_flush(flow, error) != 0)
            result = -1;
    }
    loop_unwatch(loop, descriptor);
    if (result > 0)
        flow->whole = flow->end_last = false;
    return result > 0 ? 1 : result;
}

static int flush_before_wait(void *context, int descriptor, struct error *error)
{
    struct flow *flow = context;
    if (flow->options.on_wait != NULL && flow->options.on_wait(flow->options.wait_context, error) != 0)
        return -1;
    if (flow_flush(flow, error) != 0)
        return -1;
    end_turn(flow);
    return wait_for(flow, descriptor, error);
}

/* A line has been added: count it, write when enough is there. */
static int wrote(struct flow *flow, enum record_type type, size_t before, struct error *error)
{
    if (flow->out.n - before > RECORD_LINE_MAX + 1) {
        flow->out.n = before;
        return error_set(error, EXIT_INPUT, "a record longer than %d bytes cannot be written", RECORD_LINE_MAX);
    }
    flow->counts[type]++;
    if (flow->options.producer)
        progress_step(flow->progress, ++flow->moved);
    return flow->out.n >= FLUSH_SIZE || flow->out.failed ? flow_flush(flow, error) : 0;
}

int flow_write(struct flow *flow, enum record_type type, const void *value, struct error *error)
{
    const size_t before = flow->out.n;
    record_encode(&flow->out, type, value);
    return wrote(flow, type, before, error);
}

int flow_write_line(struct flow *flow, enum record_type type, struct str line, struct error *error)
{
    const size_t before = flow->out.n;
    buf_add_str(&flow->out, line);
    return wrote(flow, type, before, error);
}

int flow_pass(struct flow *flow, const struct record *record, struct error *error)
{
    const enum record_type type = record->type;
    if (!record_is_control(type) && !(flow->options.pass && (type == RECORD_UNKNOWN || record_is_market(type))))
        return 0;
    /* Control records were looked at when they came. */
    if (!record_is_control(type) && record_check_passed(record, &flow->passed, error) != 0)
        return error->code == EXIT_INPUT ? flow_bad(flow, error) : -1;
    return flow_copy(flow, record, error);
}

int flow_copy(struct flow *flow, const struct record *record, struct error *error)
{
    const size_t before = flow->out.n;
    buf_add_str(&flow->out, record->line);
    buf_add_char(&flow->out, '\n');
    return wrote(flow, record->type, before, error);
}

/* One member of `failed`; a name that is there already stays as it is. */
static void add_failed(struct flow *flow, struct str name, struct str value_text, bool raw)
{
    struct error ignored = {0};
    if (names_find(&flow->failed_names, name) >= 0 ||
        flow->failed.n + (size_t)6 * (name.n + value_text.n) + 8 > FAILED_MAX ||
        names_add(&flow->failed_names, name, &ignored) < 0)
        return;
    if (flow->failed.n > 0)
        buf_add_char(&flow->failed, ',');
    json_add_string(&flow->failed, name);
    buf_add_char(&flow->failed, ':');
    if (raw)
        buf_add_str(&flow->failed, value_text);
    else
        json_add_string(&flow->failed, value_text);
}

void flow_failed(struct flow *flow, const char *what, enum exit_code code, const char *reason)
{
    flow->status = exit_worst(flow->status, code);
    add_failed(flow, str_of(what), str_of(reason), false);
}

/* Take an `end` record of the input. */
static int take_end(struct flow *flow, const struct record *record, struct error *error)
{
    struct end end;
    if (record_decode(record, &end, error) != 0)
        return -1;
    const enum exit_code status = end.status <= EXIT_SYSTEM ? (enum exit_code)end.status : EXIT_SYSTEM;
    flow->status = exit_worst(flow->status, status);
    flow->input_status = exit_worst(flow->input_status, status);
    flow->whole = flow->whole && end.complete == 1;
    flow->end_last = true;
    struct field member;
    while (raw_next(&end.counts, &member)) {
        double bad;
        struct error ignored = {0};
        if (str_is(member.key, "bad") && num_parse(&bad, member.value.p, member.value.n, &ignored) == 0)
            flow->input_bad += bad;
    }
    while (raw_next(&end.failed, &member)) {
        struct buf name;
        buf_init(&name, RECORD_LINE_MAX);
        for (const char *p = member.key.p; p < member.key.p + member.key.n;) {
            char unit[4];
            const size_t length = text_unit(&p, unit);
            buf_add(&name, unit, length);
        }
        if (flow->input_failures++ == 0)
            (void)snprintf(flow->first_failure, sizeof flow->first_failure, "%.*s", (int)name.n,
                           name.n > 0 ? name.p : "");
        flow->input_failed = true;
        add_failed(flow, buf_str(&name), member.value, true);
        buf_clear(&name);
    }
    return 0;
}

void flow_input_describe(const struct flow *flow, char text[static FLOW_TEXT_MAX])
{
    char failed[112] = "", bad[48] = "";
    if (flow->input_failures == 1)
        (void)snprintf(failed, sizeof failed, "%s failed", flow->first_failure);
    else if (flow->input_failures > 1)
        (void)snprintf(failed, sizeof failed, "%s and %zu more failed", flow->first_failure, flow->input_failures - 1);
    if (flow->input_bad > 0)
        (void)snprintf(bad, sizeof bad, "%s%.0f bad %s", failed[0] != '\0' ? ", " : "", flow->input_bad,
                       flow->input_bad == 1 ? "line" : "lines");
    (void)snprintf(text, FLOW_TEXT_MAX, "%s%s", failed, bad);
}

static bool shows_all(const struct flow *flow)
{
    return flow->options.invocation != NULL && invocation_verbosity(flow->options.invocation) > 0;
}

static int bad_line(struct flow *flow, struct error *error)
{
    flow->bad++;
    flow->status = exit_worst(flow->status, EXIT_INPUT);
    if (flow->options.strict)
        return -1;
    if (!flow->options.quiet && (flow->bad <= BAD_SHOWN_MAX || shows_all(flow))) {
        progress_hide(flow->progress);
        if (strcmp(error->hint, flow->hint) == 0)
            error->hint[0] = '\0';
        else if (error->hint[0] != '\0')
            memcpy(flow->hint, error->hint, sizeof flow->hint);
        if (flow->options.invocation != NULL)
            say_error(flow->options.invocation, error);
        else
            (void)fprintf(stderr, "%s: %s\n", flow->options.program, error->text);
    }
    error_clear(error);
    return 0;
}

int flow_bad(struct flow *flow, struct error *error)
{
    if (flow->reader != NULL)
        reader_prefix(flow->reader, error);
    return bad_line(flow, error);
}

/* The input cannot be read further. */
static int stop(struct flow *flow, const struct error *error)
{
    flow->status = exit_worst(flow->status, error->code);
    flow->whole = false;
    return -1;
}

/* The next input, or 0 when there is none. */
static int open_next(struct flow *flow, struct error *error)
{
    if (*flow->files == NULL)
        return 0;
    flow->end_last = false;
    flow->reader = reader_open(*flow->files++, flush_before_wait, flow, error);
    return flow->reader == NULL ? stop(flow, error) : 1;
}

void flow_note(struct flow *flow, const char *text)
{
    if (text == NULL || flow->options.quiet)
        return;
    progress_hide(flow->progress);
    if (flow->options.invocation != NULL)
        say(flow->options.invocation, 0, "%s", text);
    else
        (void)fprintf(stderr, "%s: %s\n", flow->options.program, text);
}

static void close_input(struct flow *flow)
{
    flow_note(flow, reader_note(flow->reader));
    flow->whole = flow->whole && flow->end_last;
    reader_close(flow->reader);
    flow->reader = NULL;
}

/* What becomes of a record that has been read: 1 it is the caller's, 0 it is not, -1 it is bad. */
static int judge(struct flow *flow, const struct record *record, struct error *error)
{
    if (record->type == RECORD_END)
        return take_end(flow, record, error);
    flow->end_last = false;
    if (record_is_control(record->type))
        return record_check_passed(record, &flow->passed, error) == 0 ? 1 : -1;
    if (flow->options.where == NULL)
        return 1;
    return flow->options.where(flow->options.where_context, record, error);
}

int flow_next(struct flow *flow, const struct record **record, struct error *error)
{
    for (;;) {
        if (flow->reader == NULL) {
            const int opened = open_next(flow, error);
            if (opened <= 0)
                return opened;
        }
        const int got = reader_next(flow->reader, record, error);
        if (flow->options.times != NULL && flow->began == 0)
            flow->began = time_monotonic();
        if (got == 0) {
            close_input(flow);
            continue;
        }
        if (got < 0 && error->code != EXIT_INPUT)
            return stop(flow, error);
        progress_step(flow->progress, ++flow->moved);
        const int kept = got < 0 ? -1 : judge(flow, *record, error);
        if (kept > 0)
            return 1;
        if (kept < 0 && error->code != EXIT_INPUT)
            return stop(flow, error); /* out of memory, say: no fault of the line */
        if (kept < 0) {
            if (got > 0)
                reader_prefix(flow->reader, error);
            if (bad_line(flow, error) != 0)
                return -1;
        }
    }
}

enum exit_code flow_status(const struct flow *flow)
{
    return flow->status;
}

bool flow_input_has_ended(const struct flow *flow)
{
    return flow->reader == NULL && *flow->files == NULL && flow->whole;
}

enum exit_code flow_input_status(const struct flow *flow)
{
    return flow->input_failed ? exit_worst(flow->input_status, EXIT_UNAVAILABLE) : flow->input_status;
}

void flow_cut(struct flow *flow)
{
    flow->whole = false;
}

bool flow_input_is_complete(const struct flow *flow)
{
    return flow_input_has_ended(flow) && flow->bad == 0;
}

bool flow_input_is_whole(const struct flow *flow)
{
    return flow_input_is_complete(flow) && flow->input_status == EXIT_DONE && !flow->input_failed;
}

static int write_end(struct flow *flow, struct error *error)
{
    struct buf failed, counts;
    buf_init(&failed, FAILED_MAX + 2);
    buf_init(&counts, 4096);
    buf_add_char(&failed, '{');
    buf_add_str(&failed, buf_str(&flow->failed));
    buf_add_char(&failed, '}');
    for (int type = 0; type < RECORD_TYPES; type++)
        if (flow->counts[type] > 0)
            buf_printf(&counts, "%c\"%s\":%llu", counts.n == 0 ? '{' : ',',
                       type == RECORD_UNKNOWN ? "unknown" : record_type_text((enum record_type)type),
                       (unsigned long long)flow->counts[type]);
    if (flow->bad > 0)
        buf_printf(&counts, "%c\"bad\":%llu", counts.n == 0 ? '{' : ',', (unsigned long long)flow->bad);
    buf_add_text(&counts, counts.n == 0 ? "{}" : "}");
    const struct end end = {
        .time = TIME_NONE,
        .status = flow->status,
        .complete = flow->reader == NULL && *flow->files == NULL && flow->whole,
        .failed = buf_str(&failed),
        .counts = buf_str(&counts),
    };
    int result = buf_check(&failed, error) == 0 && buf_check(&counts, error) == 0 ? 0 : -1;
    if (result == 0)
        result = flow_write(flow, RECORD_END, &end, error);
    buf_clear(&failed);
    buf_clear(&counts);
    return result;
}

enum exit_code flow_close(struct flow *flow, struct error *error)
{
    int result = flow->broken ? -1 : 0;
    if (error_is_set(error))
        flow->status = exit_worst(flow->status, error->code);
    if (result == 0 && !flow->options.no_end)
        result = write_end(flow, error);
    if (result == 0)
        result = flow_flush(flow, error);
    end_turn(flow);
    const enum exit_code code = result == 0 ? flow->status : exit_worst(flow->status, EXIT_SYSTEM);
    progress_close(flow->progress);
    if (flow->bad > BAD_SHOWN_MAX && !shows_all(flow) && !flow->options.quiet && flow->options.invocation != NULL)
        say(flow->options.invocation, 0, "bad lines not named: %llu; -v names all",
            (unsigned long long)(flow->bad - BAD_SHOWN_MAX));
    reader_close(flow->reader);
    loop_free(flow->loop);
    names_clear(&flow->failed_names);
    buf_clear(&flow->failed);
    buf_clear(&flow->out);
    free(flow);
    return code;
}
