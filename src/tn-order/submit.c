/* tn-order submit: a batch of orders, all of it or nothing. */
#include "tn-order/trade.h"

#include "base/list.h"

#include <stdlib.h>

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

static int check_record(const struct trade_session *session, const struct record *record, struct error *error)
{
    union record_value value;
    if (record->type != RECORD_ORDER)
        return read_change(session, record, &value, error);
    return record_decode(record, &value, error) != 0 ? -1 : paper_check(session->paper, &value.order, error);
}

/* For the journal, so that it can say why nothing was entered. */
static int batch_add_refusal(struct trade_session *session, struct batch *batch, const struct record *record,
                             struct error *error)
{
    struct refusal refusal;
    if (record_decode(record, &refusal, error) != 0)
        return input_refused(session->input, error);
    if (strcmp(refusal.account, session->account) != 0 || refusal.mode != MODE_PAPER || refusal.cause[0] == '\0')
        return 0;
    if (list_grow(&batch->refusal, &batch->refusal_capacity, batch->refusals, sizeof refusal, error) != 0)
        return -1;
    batch->refusal[batch->refusals++] = refusal;
    return 0;
}

/* A level is refused every morning for as long as it stands: the journal has it once, as it was first said. */
static int remember_refusals(struct trade_session *session, const struct batch *batch, struct error *error)
{
    struct names known;
    names_init(&known);
    int result = batch->refusals == 0 ? 0 : paper_remembered(session->paper, &known, error);
    for (size_t i = 0; i < batch->refusals && result == 0; i++) {
        char name[REFUSAL_NAME_SIZE];
        const size_t before = known.count;
        refusal_name(name, &batch->refusal[i]);
        result = names_add(&known, str_of(name), error) < 0 ? -1 : 0;
        if (result == 0 && known.count > before)
            result = paper_remember(session->paper, &batch->refusal[i], error);
    }
    names_clear(&known);
    return result;
}

static int read_batch(struct trade_session *session, struct batch *batch, struct error *error)
{
    struct flow *flow = input_flow(session->input);
    const struct record *record;
    int got;
    while ((got = flow_next(flow, &record, error)) == 1) {
        const bool ours =
            record->type == RECORD_ORDER || record->type == RECORD_CANCEL || record->type == RECORD_REPLACE;
        if (!ours) {
            if (flow_pass(flow, record, error) != 0 ||
                (record->type == RECORD_REFUSAL && batch_add_refusal(session, batch, record, error) != 0))
                return -1;
        } else if (check_record(session, record, error) != 0) {
            if (input_refused(session->input, error) != 0)
                return -1;
        } else if (batch_add(batch, record->line, error) != 0) {
            return -1;
        }
    }
    return got;
}

static int check_batch(const struct trade_session *session, bool allow_failed, struct error *error)
{
    const struct flow *flow = input_flow(session->input);
    if (flow_input_is_whole(flow) || (allow_failed && flow_input_is_complete(flow)))
        return 0;
    const enum exit_code status = flow_status(flow);
    if (flow_input_is_complete(flow)) {
        error_set(error, status == EXIT_DONE ? EXIT_UNAVAILABLE : status,
                  "something failed upstream: nothing of the batch was submitted");
        char what[FLOW_TEXT_MAX];
        flow_input_describe(flow, what);
        error_hint(error, "%s: see the messages above; --allow-failed submits the rest",
                   what[0] == '\0' ? "the end record reports it" : what);
        return -1;
    }
    if (status == EXIT_INPUT)
        return error_set(error, EXIT_INPUT, "a bad record: nothing of the batch was submitted");
    error_set(error, EXIT_UNAVAILABLE, "the input has no end record: nothing of the batch was submitted");
    error_hint(error, "a program upstream died, or the records come from a file without an end record");
    return -1;
}

static bool is_exit(const struct record *record, struct error *error)
{
    struct order order;
    return record->type == RECORD_ORDER && record_decode(record, &order, error) == 0 && order_is_reducing(&order);
}

static int submit_batch(struct trade_session *session, const struct batch *batch, bool exits_only, uint64_t *submitted,
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
            record->type == RECORD_ORDER ? take_order(session, record, error) : take_change(session, record, error);
    }
    buf_clear(&scratch);
    free(record);
    return status;
}

/* A bad line among good ones keeps what would be new risk from going, and cancels, which might go together with it. An
 * exit is not to wait until somebody has mended another order. -1, since the rest was not taken. */
static int submit_exits(struct trade_session *session, const struct batch *batch, struct error *error)
{
    uint64_t exits = 0;
    if (submit_batch(session, batch, true, &exits, error) != 0 || paper_commit(session->paper, error) != 0)
        return -1;
    return error_set(error, EXIT_INPUT, "a bad record: %s",
                     exits > 0 ? "only the exits of the batch were submitted" : "nothing of the batch was submitted");
}

static int submit(struct trade_session *session, const struct batch *batch, bool allow_failed, struct error *error)
{
    const struct flow *flow = input_flow(session->input);
    const bool failed = flow_input_status(flow) != EXIT_DONE && !allow_failed;
    uint64_t submitted = 0;
    if (flow_input_has_ended(flow) && !flow_input_is_complete(flow) && !failed)
        return submit_exits(session, batch, error);
    return check_batch(session, allow_failed, error) == 0 && remember_refusals(session, batch, error) == 0
               ? submit_batch(session, batch, false, &submitted, error)
               : -1;
}

enum exit_code order_submit(struct invocation *invocation, struct error *error)
{
    struct trade_session session = {.now = option_time(invocation, "now", time_now())};
    struct batch batch = {.count = 0};
    buf_init(&batch.lines, BATCH_MAX);
    if (trade_session_open(&session, invocation, option_flag(invocation, "dry-run"), error) == 0 &&
        read_batch(&session, &batch, error) == 0 &&
        submit(&session, &batch, option_flag(invocation, "allow-failed"), error) == 0 && batch.count > 0 &&
        !option_flag(invocation, "dry-run"))
        suggest(invocation, "after the next session: tn-quote bars … | tn-order settle -a %s", session.account);
    buf_clear(&batch.lines);
    free(batch.length);
    free(batch.refusal);
    return trade_session_close(&session, error);
}
