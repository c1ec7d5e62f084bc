/* tn-notify send and journal: records meet the rules; what they find is queued, then delivered.
 *
 * A pipeline is never kept waiting by a slow channel: while records come they are only queued, and a second process
 * delivers. */
#include "tn-notify/commands.h"

#include "base/loop.h"
#include "base/spawn.h"
#include "base/time.h"
#include "journal/journal.h"
#include "record/reader.h"

#include <inttypes.h>
#include <stdlib.h>

#define COMMIT_EVERY 1000 /* records */

struct sending {
    struct office office;
    const struct invocation *invocation;
    struct input *input;
    struct buf line;    /* of a record that is passed on */
    struct child child; /* that delivers meanwhile; pid 0: none */
    int64_t fresh;      /* messages since it was started */
    int64_t pending;    /* records since the last commit */
    bool begun;
};

static int commit(struct sending *sending, struct error *error)
{
    sending->pending = 0;
    if (!sending->begun)
        return 0;
    sending->begun = false;
    return queue_commit(sending->office.queue, error);
}

static int meet_rules(struct sending *sending, const struct record *record, struct error *error)
{
    struct office *office = &sending->office;
    if (!sending->begun && queue_begin(office->queue, error) != 0)
        return -1;
    sending->begun = true;
    const int64_t found = notify_record(office->queue, &office->channels, office->rules, record, time_now(), error);
    if (found < 0)
        return -1;
    sending->fresh += found;
    return ++sending->pending < COMMIT_EVERY ? 0 : commit(sending, error);
}

static void reap(struct sending *sending, int64_t deadline)
{
    struct error ignored; /* whatever became of it: the last pass is ours */
    int status;
    error_clear(&ignored);
    (void)child_wait(&sending->child, deadline, &status, &ignored);
    sending->child.pid = 0;
}

static int commit_meanwhile(void *context, struct error *error)
{
    return commit(context, error);
}

static int on_delivered(void *context, int fd, int ready, struct error *error);

/* Input is silent: what has been found is on the disk, and a child delivers it. What is found while it does is for the
 * next one. */
static int deliver_meanwhile(void *context, struct error *error)
{
    struct sending *sending = context;
    static const char *const argv[] = {"/proc/self/exe", "deliver", "-q", NULL};
    struct loop *loop = flow_loop(input_flow(sending->input), error);
    if (loop == NULL || commit(sending, error) != 0)
        return -1;
    if (sending->child.pid != 0 || sending->fresh == 0 || sending->office.channels.count == 0)
        return 0;
    sending->fresh = 0;
    return child_start(&sending->child, argv, NULL, 0, error) != 0
               ? -1
               : loop_watch(loop, sending->child.pidfd, LOOP_READ, on_delivered, sending, error);
}

static int on_delivered(void *context, int fd, int ready, struct error *error)
{
    struct sending *sending = context;
    (void)ready;
    loop_unwatch(flow_loop(input_flow(sending->input), error), fd);
    reap(sending, time_monotonic() + TIME_SECOND);
    return deliver_meanwhile(sending, error);
}

/* The end: what is left is delivered by us. */
static enum exit_code finish(struct sending *sending, bool deliver, struct error *error)
{
    enum exit_code code = EXIT_DONE;
    if (sending->office.queue != NULL && commit(sending, error) == 0 && deliver)
        code = office_deliver(&sending->office, sending->invocation, error);
    if (sending->child.pid != 0)
        reap(sending, time_monotonic() + TIME_MINUTE);
    office_close(&sending->office);
    return code;
}

static int pass_on(struct sending *sending, struct flow *flow, const struct record *record, struct error *error)
{
    buf_reset(&sending->line);
    buf_add_str(&sending->line, record->line);
    buf_add_char(&sending->line, '\n');
    if (buf_check(&sending->line, error) != 0)
        return -1;
    return flow_write_line(flow, record->type, buf_str(&sending->line), error);
}

enum exit_code notify_send(struct invocation *invocation, struct error *error)
{
    struct sending sending = {.invocation = invocation};
    const bool pass = option_flag(invocation, "pass"), deliver = !option_flag(invocation, "queue");
    const struct input_plan plan = {
        .pass = pass, .sink = !pass, .on_wait = deliver ? deliver_meanwhile : commit_meanwhile, .context = &sending};
    enum exit_code code = EXIT_DONE;
    buf_init(&sending.line, RECORD_LINE_MAX + 1);
    if (office_open(&sending.office, invocation, error) == 0)
        sending.input = input_open_plan(invocation, &plan, error);
    struct input *input = sending.input;
    if (input != NULL) {
        const struct record *record;
        while (flow_next(input_flow(input), &record, error) == 1)
            if ((pass && pass_on(&sending, input_flow(input), record, error) != 0) ||
                (meet_rules(&sending, record, error) != 0 && input_refused(input, error) != 0))
                break;
        code = input_close(input, error);
    }
    if (!error_is_set(error) && sending.office.channels.count == 0)
        say(invocation, 0, "no channel is configured, so nobody is told; see tn-notify(1)");
    code = exit_worst(code, finish(&sending, deliver, error));
    buf_clear(&sending.line);
    return code;
}

/* The events of the journal since the last time. */
static int read_journal(struct sending *sending, struct journal *journal, int64_t place, int64_t *last,
                        struct error *error)
{
    struct event_cursor *cursor = journal_read(journal, place, error);
    struct record record = {.fields = 0};
    struct buf scratch;
    struct event event;
    int got = cursor == NULL ? -1 : 0;
    buf_init(&scratch, RECORD_LINE_MAX + 1);
    record.scratch = &scratch;
    while (cursor != NULL && (got = event_cursor_next(cursor, &event, error)) == 1) {
        if (record_scan(&record, event.record.p, event.record.n, error) != 0) {
            error_recode(error, EXIT_STATE);
            got = -1;
            break;
        }
        *last = event.seq;
        if (meet_rules(sending, &record, error) != 0) {
            got = -1;
            break;
        }
    }
    event_cursor_close(cursor);
    buf_clear(&scratch);
    return got;
}

enum exit_code notify_journal(struct invocation *invocation, struct error *error)
{
    struct sending sending = {.invocation = invocation};
    struct journal *journal = NULL;
    int64_t place = 0, last = 0;
    char *path = NULL;
    int result = -1;
    if (office_open(&sending.office, invocation, error) != 0 ||
        (path = journal_path(sending.office.config, error)) == NULL ||
        (journal = journal_open(path, JOURNAL_READ, error)) == NULL ||
        queue_place(sending.office.queue, "journal", &place, error) != 0)
        goto out;
    last = place;
    if (place == 0 && !option_flag(invocation, "all")) {
        /* The first time there is a history that is no news. */
        last = journal_last(journal, error);
        result = last < 0 ? -1 : 0;
        if (result == 0)
            say(invocation, 0, "begins after event %" PRId64 " of the journal; --all tells of those before it too",
                last);
    } else {
        result = read_journal(&sending, journal, place, &last, error);
    }
    /* The place is kept with the last messages, in one transaction: neither is told without the other. */
    if (result == 0 && last != place) {
        if (!sending.begun && queue_begin(sending.office.queue, error) != 0)
            goto out;
        sending.begun = true;
        result = queue_set_place(sending.office.queue, "journal", last, error);
    }
out:
    journal_close(journal);
    free(path);
    if (result != 0) {
        office_close(&sending.office);
        return EXIT_DONE;
    }
    return finish(&sending, !option_flag(invocation, "queue"), error);
}
