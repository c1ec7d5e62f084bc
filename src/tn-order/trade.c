/* tn-order submit, run, settle: orders and bars to the paper account. */
#include "tn-order/commands.h"

#include "base/list.h"

#include <stdlib.h>

/* What the three share: the input, the account, where it is told. */
struct dealing {
    struct config *config;
    struct input *input;
    struct paper *paper;
    const char *account;
    int64_t now; /* TIME_NONE: the stream's */
    bool stream; /* each record counts by itself */
    enum exit_code worst;
};

static int tell(void *context, enum record_type type, struct str line, struct error *error)
{
    struct dealing *dealing = context;
    return flow_write_line(input_flow(dealing->input), type, line, error);
}

/* Work is not kept back while we wait for more. */
static int before_wait(void *context, struct error *error)
{
    struct dealing *dealing = context;
    return dealing->paper == NULL ? 0 : paper_commit(dealing->paper, error);
}

static int dealing_open(struct dealing *dealing, struct invocation *invocation, bool dry_run, struct error *error)
{
    dealing->config = config_open(error);
    if (dealing->config == NULL)
        return -1;
    dealing->account = account_choose(dealing->config, option_text(invocation, "account", NULL), error);
    if (dealing->account == NULL)
        return -1;
    const struct input_plan plan = {.on_wait = before_wait, .context = dealing};
    dealing->input = input_open_plan(invocation, &plan, error);
    if (dealing->input == NULL)
        return -1;
    const struct paper_options options = {.config = dealing->config,
                                          .account = dealing->account,
                                          .wait = LOCK_WAIT,
                                          .dry_run = dry_run,
                                          .say = tell,
                                          .context = dealing};
    dealing->paper = paper_open(&options, error);
    return dealing->paper == NULL ? -1 : 0;
}

/* Ends everything; the exit code. What a stream decided before a record that ended it stays decided: it is committed
 * and told first. Of a batch nothing stays. */
static enum exit_code dealing_close(struct dealing *dealing, struct error *error)
{
    enum exit_code code = dealing->worst;
    if (dealing->paper != NULL && !error_is_set(error)) {
        (void)paper_commit(dealing->paper, error);
    } else if (dealing->paper != NULL && dealing->stream && (error->code == EXIT_INPUT || error->code == EXIT_STATE)) {
        struct error lost;
        error_clear(&lost);
        if (paper_keep(dealing->paper, &lost) != 0)
            code = exit_worst(code, lost.code);
    }
    if (dealing->input != NULL)
        code = exit_worst(code, input_close(dealing->input, error));
    paper_close(dealing->paper);
    config_free(dealing->config);
    return code;
}

static int note_submitted(struct dealing *dealing, int submitted)
{
    if (submitted == 0)
        dealing->worst = exit_worst(dealing->worst, EXIT_REFUSED);
    return submitted < 0 ? -1 : 0;
}

/* A record is to blame for EXIT_INPUT; everything else ends the run. */
static int take_order(struct dealing *dealing, const struct record *record, struct error *error)
{
    struct order order;
    if (record_decode(record, &order, error) != 0)
        return -1;
    return note_submitted(dealing, paper_submit(dealing->paper, &order, dealing->now, error));
}

static int read_cancel(const struct dealing *dealing, const struct record *record, struct cancel *cancel,
                       struct error *error)
{
    if (record_decode(record, cancel, error) != 0)
        return -1;
    if (cancel->account[0] != '\0' && strcmp(cancel->account, dealing->account) != 0)
        return error_set(error, EXIT_INPUT, "cancel of %s is for account '%s'", cancel->order_id, cancel->account);
    return 0;
}

/* To pass over it would leave the order as it is without a word. */
static int refuse_replace(struct error *error)
{
    error_set(error, EXIT_INPUT, "an order on paper cannot be replaced");
    error_hint(error, "cancel it and send another");
    return -1;
}

static int take_cancel(struct dealing *dealing, const struct record *record, struct error *error)
{
    struct cancel cancel;
    if (read_cancel(dealing, record, &cancel, error) != 0 ||
        (dealing->now == TIME_NONE && paper_finish_moment(dealing->paper, error) != 0))
        return -1;
    return paper_cancel(dealing->paper, cancel.order_id, dealing->now == TIME_NONE ? cancel.time : dealing->now,
                        cancel.reason, error) < 0
               ? -1
               : 0;
}

static int take_market(struct dealing *dealing, const struct record *record, struct error *error)
{
    if (record->type == RECORD_BAR) {
        struct bar bar;
        return record_decode(record, &bar, error) != 0 ? -1 : paper_bar(dealing->paper, &bar, error);
    }
    if (record->type == RECORD_ACTION) {
        struct action action;
        return record_decode(record, &action, error) != 0 ? -1 : paper_action(dealing->paper, &action, error);
    }
    if (record->type == RECORD_HEARTBEAT) {
        struct heartbeat heartbeat;
        if (record_decode(record, &heartbeat, error) != 0 || paper_pulse(dealing->paper, heartbeat.time, error) != 0)
            return -1;
    }
    return flow_pass(input_flow(dealing->input), record, error);
}

static int take_sync(struct dealing *dealing, const struct record *record, struct error *error)
{
    struct sync sync;
    if (record_decode(record, &sync, error) != 0)
        return -1;
    if (strcmp(sync.account, dealing->account) != 0)
        return 0;
    return paper_confirm(dealing->paper, &sync, error);
}

static int take_any(struct dealing *dealing, const struct record *record, struct error *error)
{
    switch ((int)record->type) {
    case RECORD_ORDER:
        return take_order(dealing, record, error);
    case RECORD_CANCEL:
        return take_cancel(dealing, record, error);
    case RECORD_SYNC:
        return take_sync(dealing, record, error);
    case RECORD_REPLACE:
        return refuse_replace(error);
    default:
        return take_market(dealing, record, error);
    }
}

static enum exit_code trade_stream(struct invocation *invocation,
                                   int (*take)(struct dealing *dealing, const struct record *record,
                                               struct error *error),
                                   struct error *error)
{
    struct dealing dealing = {.now = TIME_NONE, .stream = true};
    const struct record *record;
    int got = -1;
    if (dealing_open(&dealing, invocation, false, error) == 0)
        while ((got = flow_next(input_flow(dealing.input), &record, error)) == 1) {
            if (take(&dealing, record, error) != 0 && input_refused(dealing.input, error) != 0)
                break;
            paper_rest(dealing.paper);
        }
    if (got == 0)
        (void)paper_finish_moment(dealing.paper, error);
    return dealing_close(&dealing, error);
}

enum exit_code order_run(struct invocation *invocation, struct error *error)
{
    return trade_stream(invocation, take_any, error);
}

enum exit_code order_settle(struct invocation *invocation, struct error *error)
{
    return trade_stream(invocation, take_market, error);
}

/* A batch is kept until all of it is there: one bad record, and nothing of it is traded. */
struct batch {
    struct buf lines;
    size_t *length; /* of each line */
    size_t count, capacity;
    struct refusal *refusal; /* what the sizing refused */
    size_t refusals, refusal_capacity;
};

#define BATCH_MAX (64 * 1024 * 1024)

static int batch_add(struct batch *batch, struct str line, struct error *error)
{
    if (list_grow(&batch->length, &batch->capacity, batch->count, sizeof *batch->length, error) != 0)
        return -1;
    batch->length[batch->count++] = line.n;
    buf_add_str(&batch->lines, line);
    return buf_check(&batch->lines, error);
}

static int check_record(const struct dealing *dealing, const struct record *record, struct error *error)
{
    struct order order;
    struct cancel cancel;
    if (record->type == RECORD_REPLACE)
        return refuse_replace(error);
    if (record->type == RECORD_CANCEL)
        return read_cancel(dealing, record, &cancel, error);
    return record_decode(record, &order, error) != 0 ? -1 : paper_check(dealing->paper, &order, error);
}

/* For the journal, so that it can say why nothing was entered. */
static int batch_add_refusal(struct dealing *dealing, struct batch *batch, const struct record *record,
                             struct error *error)
{
    struct refusal refusal;
    if (record_decode(record, &refusal, error) != 0)
        return input_refused(dealing->input, error);
    if (strcmp(refusal.account, dealing->account) != 0 || refusal.mode != MODE_PAPER || refusal.cause[0] == '\0')
        return 0;
    if (list_grow(&batch->refusal, &batch->refusal_capacity, batch->refusals, sizeof refusal, error) != 0)
        return -1;
    batch->refusal[batch->refusals++] = refusal;
    return 0;
}

/* A level is refused every morning for as long as it stands: the journal has it once, as it was first said. */
static int remember_refusals(struct dealing *dealing, const struct batch *batch, struct error *error)
{
    struct names known;
    names_init(&known);
    int result = batch->refusals == 0 ? 0 : paper_remembered(dealing->paper, &known, error);
    for (size_t i = 0; i < batch->refusals && result == 0; i++) {
        char name[REFUSAL_NAME_SIZE];
        const size_t before = known.count;
        refusal_name(name, &batch->refusal[i]);
        result = names_add(&known, str_of(name), error) < 0 ? -1 : 0;
        if (result == 0 && known.count > before)
            result = paper_remember(dealing->paper, &batch->refusal[i], error);
    }
    names_clear(&known);
    return result;
}

static int read_batch(struct dealing *dealing, struct batch *batch, struct error *error)
{
    struct flow *flow = input_flow(dealing->input);
    const struct record *record;
    int got;
    while ((got = flow_next(flow, &record, error)) == 1) {
        const bool ours =
            record->type == RECORD_ORDER || record->type == RECORD_CANCEL || record->type == RECORD_REPLACE;
        if (!ours) {
            if (flow_pass(flow, record, error) != 0 ||
                (record->type == RECORD_REFUSAL && batch_add_refusal(dealing, batch, record, error) != 0))
                return -1;
        } else if (check_record(dealing, record, error) != 0) {
            if (input_refused(dealing->input, error) != 0)
                return -1;
        } else if (batch_add(batch, record->line, error) != 0) {
            return -1;
        }
    }
    return got;
}

static int check_batch(const struct dealing *dealing, bool allow_failed, struct error *error)
{
    const struct flow *flow = input_flow(dealing->input);
    if (flow_input_is_whole(flow) || (allow_failed && flow_input_is_complete(flow)))
        return 0;
    const enum exit_code status = flow_status(flow);
    if (flow_input_is_complete(flow)) {
        error_set(error, status == EXIT_DONE ? EXIT_UNAVAILABLE : status,
                  "something failed upstream: nothing of the batch was submitted");
        char what[FLOW_TEXT_MAX];
        flow_input_describe(flow, what);
        error_hint(error, "%s: a message above says more; --allow-failed submits the rest",
                   what[0] == '\0' ? "the `end` record says so" : what);
        return -1;
    }
    if (status == EXIT_INPUT)
        return error_set(error, EXIT_INPUT, "a bad record: nothing of the batch was submitted");
    error_set(error, EXIT_UNAVAILABLE, "the input did not come to its `end`: nothing of the batch was submitted");
    error_hint(error, "a program before this one died, or the records come from a file without an `end` record");
    return -1;
}

static bool is_exit(const struct record *record, struct error *error)
{
    struct order order;
    return record->type == RECORD_ORDER && record_decode(record, &order, error) == 0 && order_is_reducing(&order);
}

static int submit_batch(struct dealing *dealing, const struct batch *batch, bool exits_only, uint64_t *submitted,
                        struct error *error)
{
    struct record *record = calloc(1, sizeof *record);
    struct buf scratch;
    int status = 0;
    buf_init(&scratch, RECORD_LINE_MAX);
    if (record == NULL)
        return error_memory(error);
    record->scratch = &scratch;
    const char *line = batch->lines.p;
    for (size_t i = 0; status == 0 && i < batch->count; i++) {
        status = record_scan(record, line, batch->length[i], error);
        line += batch->length[i];
        if (status != 0 || (exits_only && !is_exit(record, error)))
            continue;
        ++*submitted;
        status =
            record->type == RECORD_ORDER ? take_order(dealing, record, error) : take_cancel(dealing, record, error);
    }
    buf_clear(&scratch);
    free(record);
    return status;
}

/* A bad line among good ones keeps what would be new risk from going, and cancels, which might go together with it. An
 * exit is not to wait until somebody has mended another order. -1, since the rest was not taken. */
static int submit_exits(struct dealing *dealing, const struct batch *batch, struct error *error)
{
    uint64_t exits = 0;
    if (submit_batch(dealing, batch, true, &exits, error) != 0 || paper_commit(dealing->paper, error) != 0)
        return -1;
    return error_set(error, EXIT_INPUT, "a bad record: %s",
                     exits > 0 ? "only the exits of the batch were submitted" : "nothing of the batch was submitted");
}

static int submit(struct dealing *dealing, const struct batch *batch, bool allow_failed, struct error *error)
{
    const struct flow *flow = input_flow(dealing->input);
    const bool failed = flow_input_status(flow) != EXIT_DONE && !allow_failed;
    uint64_t submitted = 0;
    if (flow_input_has_ended(flow) && !flow_input_is_complete(flow) && !failed)
        return submit_exits(dealing, batch, error);
    return check_batch(dealing, allow_failed, error) == 0 && remember_refusals(dealing, batch, error) == 0
               ? submit_batch(dealing, batch, false, &submitted, error)
               : -1;
}

enum exit_code order_submit(struct invocation *invocation, struct error *error)
{
    struct dealing dealing = {.now = option_time(invocation, "now", time_now())};
    struct batch batch = {.count = 0};
    buf_init(&batch.lines, BATCH_MAX);
    if (dealing_open(&dealing, invocation, option_flag(invocation, "dry-run"), error) == 0 &&
        read_batch(&dealing, &batch, error) == 0 &&
        submit(&dealing, &batch, option_flag(invocation, "allow-failed"), error) == 0 && batch.count > 0 &&
        !option_flag(invocation, "dry-run"))
        suggest(invocation, "tn-quote bars … | tn-order settle -a %s, when the next session is over", dealing.account);
    buf_clear(&batch.lines);
    free(batch.length);
    free(batch.refusal);
    return dealing_close(&dealing, error);
}
