/* tn-journal record: events from records into the journal; a record goes on when its transaction is on the disk. */
#include "tn-journal/commands.h"

#include "record/flow.h"

#include <stdio.h>

enum {
    BATCH_RECORDS = 1000,
    BATCH_BYTES = 4 * 1024 * 1024,
};

struct recorder {
    struct home home;
    struct flow *flow;
    bool pass;
    bool open; /* a transaction is */
    int waiting;
    struct {
        enum record_type type;
        size_t length;
    } line[BATCH_RECORDS];
    struct buf lines; /* of the records that wait for the commit */
    enum exit_code worst;
};

/* Commit what is open, then pass on the records that waited for it. */
static int acknowledge(struct recorder *recorder, struct error *error)
{
    if (recorder->open && journal_commit(recorder->home.journal, error) != 0)
        return -1;
    recorder->open = false;
    size_t at = 0;
    for (int i = 0; i < recorder->waiting; i++) {
        const struct str line = {recorder->lines.p + at, recorder->line[i].length};
        if (flow_write_line(recorder->flow, recorder->line[i].type, line, error) != 0)
            return -1;
        at += line.n;
    }
    recorder->waiting = 0;
    buf_reset(&recorder->lines);
    return 0;
}

static int acknowledge_before_wait(void *context, struct error *error)
{
    return acknowledge(context, error);
}

static int hold(struct recorder *recorder, const struct record *record, struct error *error)
{
    const size_t before = recorder->lines.n;
    buf_add_str(&recorder->lines, record->line);
    buf_add_char(&recorder->lines, '\n');
    if (buf_check(&recorder->lines, error) != 0)
        return -1;
    recorder->line[recorder->waiting].type = record->type;
    recorder->line[recorder->waiting++].length = recorder->lines.n - before;
    if (recorder->waiting == BATCH_RECORDS || recorder->lines.n >= BATCH_BYTES)
        return acknowledge(recorder, error);
    return 0;
}

/* A text field of the record, NUL-terminated; "" when it is not there or too long for a name. */
static void take_name(const struct record *record, const char *name, char out[static ID_SIZE])
{
    struct error ignored = {0};
    struct str text;
    const struct field *field = record_field(record, name);
    out[0] = '\0';
    if (field == NULL || field->kind != VALUE_STRING || record_text(record, field, &text, &ignored) != 0 ||
        text.n >= ID_SIZE)
        return;
    (void)snprintf(out, ID_SIZE, STR_FMT, STR_ARG(text));
}

/* Whose money: what the account's section says; of a record without an account, what it says itself. */
static enum mode mode_of(const struct recorder *recorder, const struct record *record)
{
    char account[ID_SIZE], mode[ID_SIZE];
    take_name(record, "account", account);
    take_name(record, "mode", mode);
    const char *text = mode;
    if (account[0] != '\0')
        text = config_text(recorder->home.config, "account", account, "mode", NULL);
    return text != NULL && strcmp(text, "live") == 0 ? MODE_LIVE : MODE_PAPER;
}

/* The line is to blame, and nothing of it was kept. */
static int refuse(struct recorder *recorder, const struct record *record, struct error *error)
{
    if (error->code != EXIT_STATE)
        return flow_bad(recorder->flow, error);
    char id[ID_SIZE];
    take_name(record, "id", id);
    recorder->worst = EXIT_STATE;
    flow_failed(recorder->flow, id[0] != '\0' ? id : record_type_text(record->type), EXIT_STATE, error->text);
    return flow_bad(recorder->flow, error);
}

/* A fill that nobody ordered would be a position that no order explains. One that is there already is no news. */
static int check_fill(const struct recorder *recorder, const struct record *record, struct error *error)
{
    char order[ID_SIZE], id[ID_SIZE];
    struct event event;
    take_name(record, "id", id);
    take_name(record, "order_id", order);
    if (id[0] == '\0' || order[0] == '\0')
        return 0; /* journal_append says so */
    int got = journal_find(recorder->home.journal, RECORD_FILL, id, &event, error);
    if (got == 0)
        got = journal_find(recorder->home.journal, RECORD_ORDER, order, &event, error);
    if (got != 0)
        return got < 0 ? -1 : 0;
    error_set(error, EXIT_INPUT, "fill '%s': its order '%s' is not in the journal", id, order);
    error_hint(error, "record the order before its fills");
    return -1;
}

static int take(struct recorder *recorder, const struct record *record, struct error *error)
{
    if (!event_kind(record->type)) {
        const bool passes = record_is_control(record->type) ||
                            (recorder->pass && (record->type == RECORD_UNKNOWN || record_is_market(record->type)));
        return passes ? hold(recorder, record, error) : 0;
    }
    if (record->type == RECORD_ADJUSTMENT) {
        error_set(error, EXIT_INPUT, "an adjustment cannot be recorded: use tn-journal adjust");
        return refuse(recorder, record, error);
    }
    if (!recorder->open && journal_begin(recorder->home.journal, error) != 0)
        return -1;
    recorder->open = true;
    if ((record->type != RECORD_FILL || check_fill(recorder, record, error) == 0) &&
        journal_append(recorder->home.journal, mode_of(recorder, record), record->line, error) >= 0)
        return hold(recorder, record, error);
    return error->code == EXIT_INPUT || error->code == EXIT_STATE ? refuse(recorder, record, error) : -1;
}

static int record_all(struct recorder *recorder, struct error *error)
{
    const struct record *record;
    int got;
    while ((got = flow_next(recorder->flow, &record, error)) == 1)
        if (take(recorder, record, error) != 0) {
            got = -1;
            break;
        }
    /* What stands before the line that stopped us is sound; a journal that failed has rolled back itself. */
    if (got == 0 || error->code == EXIT_INPUT || error->code == EXIT_STATE) {
        struct error late = {0};
        if (acknowledge(recorder, &late) != 0) {
            *error = late;
            got = -1;
        }
    }
    return got;
}

enum exit_code journal_record(struct invocation *invocation, struct error *error)
{
    struct recorder recorder = {0};
    enum exit_code code = EXIT_DONE;
    recorder.pass = option_flag(invocation, "pass");
    buf_init(&recorder.lines, BATCH_BYTES + 2 * RECORD_LINE_MAX);
    if (home_open(&recorder.home, JOURNAL_CREATE, error) != 0)
        return error->code;
    const struct flow_options options = {
        .program = invocation_program(invocation),
        .invocation = invocation,
        .files = invocation_operand_list(invocation),
        .pass = recorder.pass,
        .strict = option_flag(invocation, "strict"),
        .quiet = invocation_verbosity(invocation) < 0,
        .on_wait = acknowledge_before_wait,
        .wait_context = &recorder,
    };
    recorder.flow = flow_open(&options, error);
    if (recorder.flow != NULL) {
        if (record_all(&recorder, error) != 0)
            flow_failed(recorder.flow, "journal", error->code, error->text);
        code = exit_worst(flow_close(recorder.flow, error), recorder.worst);
    }
    home_close(&recorder.home);
    buf_clear(&recorder.lines);
    return code;
}
