/* Opens what a filter reads, and passes on what it does not use. */
#include "feed/input.h"

#include "base/config.h"
#include "base/loop.h"
#include "base/time.h"
#include "expr/expr.h"
#include "feed/feed_watch.h"
#include "feed/service_log.h"
#include "record/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct option_spec input_options[] = {
    {"file", 'f', OPTION_LIST, "FILE", "read this file, in the order given (default: standard input)", NULL, 0, 0},
    {"strict", 0, OPTION_FLAG, NULL, "stop at the first bad line", NULL, 0, 0},
    {"where", 0, OPTION_TEXT, "EXPR", "only records for which EXPR, tn-expr(7), holds; corporate actions always", NULL,
     0, 0},
    {0},
};

const struct option_spec input_pass_option[] = {
    {"pass", 'p', OPTION_FLAG, NULL, "pass market records on, in order, before the records made from them", NULL, 0, 0},
    {0},
};

const struct option_spec input_times_option[] = {
    {"keep-times", 0, OPTION_FLAG, NULL, "record how long it took, for tn-report service", NULL, 0, 0},
    {0},
};

#define TIMES_EVERY (10 * TIME_MINUTE) /* of a session; a record less is lost when it is killed */

struct input {
    const struct invocation *invocation;
    struct flow *flow;
    char **files; /* NULL-terminated; the texts are argv's */
    bool pass;
    struct buf line;
    struct expr *where; /* NULL keeps everything */
    struct input_plan plan;
    struct flow_times times;
    int64_t times_due; /* by the monotonic clock; TIME_NONE: turns are not measured */
    struct feed_watch watch;
};

/* The field of any record type that is most like a name, NULL when none is. */
static const char *nearest_field(const char *name)
{
    static const char *known[RECORD_TYPES * SCHEMA_MEMBERS_MAX];
    int count = 0;
    for (int type = 0; type < RECORD_TYPES; type++)
        for (int i = 0; schema_table[type].member != NULL && i < schema_table[type].members; i++)
            known[count++] = schema_table[type].member[i].name;
    return nearest_word(name, known, count);
}

void where_close(const struct invocation *invocation, struct expr *where)
{
    const char *missing = where == NULL ? NULL : expr_missing_field(where);
    const char *nearest = missing == NULL ? NULL : nearest_field(missing);
    if (nearest != NULL && strcmp(nearest, missing) != 0)
        say(invocation, 0, "--where: no record had a field '%s', did you mean '%s'?", missing, nearest);
    else if (missing != NULL)
        say(invocation, 0, "--where: no record had a field '%s'", missing);
    expr_free(where);
}

static void input_free(struct input *input)
{
    if (input == NULL)
        return;
    buf_clear(&input->line);
    where_close(input->invocation, input->where);
    free(input->files);
    free(input);
}

/* Corporate actions are kept whatever is asked: without them the prices that are kept could not be read. */
static int keep(void *context, const struct record *record, struct error *error)
{
    return record->type == RECORD_ACTION ? 1 : expr_where(context, record, error);
}

struct input *input_open(const struct invocation *invocation, bool pass, struct error *error)
{
    return input_open_plan(invocation, &(struct input_plan){.pass = pass}, error);
}

/* The files of --file, then those of operands. */
static int list_files(struct input *input, const struct input_plan *plan, struct error *error)
{
    static char *const none[] = {NULL};
    const struct invocation *invocation = input->invocation;
    const bool all = strcmp(invocation_command(invocation)->operands, "[FILE…]") == 0;
    char *const *named = plan->files != NULL ? plan->files : all ? invocation_operand_list(invocation) : none;
    int listed;
    const char *const *list = option_list(invocation, "file", &listed);
    size_t count = 0;
    while (named[count] != NULL)
        count++;
    input->files = calloc((size_t)listed + count + 1, sizeof *input->files);
    if (input->files == NULL)
        return error_memory(error);
    for (int i = 0; i < listed; i++)
        input->files[i] = (char *)(uintptr_t)list[i];
    for (size_t i = 0; i < count; i++)
        input->files[(size_t)listed + i] = named[i];
    return plan->none || (size_t)listed + count > 0 ? 0 : invocation_check_input(invocation, error);
}

/* How long it took is no reason to stop: when it cannot be kept that is said, once. */
static void keep_times(struct input *input)
{
    char path[PATH_MAX];
    struct error error;
    error_clear(&error);
    struct config *config = config_open(&error);
    const char *folder = config == NULL ? NULL : config_folder(config, "state", &error);
    if (folder == NULL || snprintf(path, sizeof path, "%s/" SERVICE_LOG_FILE, folder) >= (int)sizeof path ||
        service_log_times(path, input->plan.measure, &input->times, &error) != 0 ||
        feed_watch_keep(&input->watch, path, time_now() / TIME_DAY, time_monotonic(), &error) != 0) {
        error_prefix(&error, "the time it took cannot be recorded");
        say_error(input->invocation, &error);
        input->times_due = INT64_MAX;
    } else {
        input->times_due = time_monotonic() + TIMES_EVERY;
    }
    input->times = (struct flow_times){.limit = input->times.limit};
    config_free(config);
}

/* Each ten minutes, whether records come or not. */
static int on_times(void *context, int64_t now, struct error *error)
{
    struct input *input = context;
    struct loop *loop = flow_loop(input->flow, error);
    if (input->times_due != INT64_MAX)
        keep_times(input);
    return loop == NULL || loop_timer(loop, now + TIMES_EVERY, on_times, input, error) < 0 ? -1 : 0;
}

static int start_times(struct input *input, struct error *error)
{
    struct loop *loop = flow_loop(input->flow, error);
    return loop == NULL || loop_timer(loop, input->times_due, on_times, input, error) < 0 ? -1 : 0;
}

static int before_wait(void *context, struct error *error)
{
    struct input *input = context;
    if (input->plan.on_wait != NULL && input->plan.on_wait(input->plan.context, error) != 0)
        return -1;
    return 0;
}

static void measure_times(struct input *input)
{
    const bool orders = input->plan.measure != NULL && strcmp(input->plan.measure, SERVICE_ORDERS) == 0;
    const bool wanted = input->plan.measure != NULL && option_flag(input->invocation, "keep-times");
    input->times.limit = orders ? ORDERS_LATE : SIGNALS_LATE;
    input->times_due = wanted ? time_monotonic() + TIMES_EVERY : TIME_NONE;
}

struct input *input_open_plan(const struct invocation *invocation, const struct input_plan *plan, struct error *error)
{
    struct input *input = calloc(1, sizeof *input);
    if (input == NULL) {
        error_memory(error);
        return NULL;
    }
    input->invocation = invocation;
    if (list_files(input, plan, error) != 0)
        goto failed;
    const char *where = plan->all ? NULL : option_text(invocation, "where", NULL);
    if (where != NULL && (input->where = expr_parse(where, error)) == NULL)
        goto failed;
    input->pass = plan->pass;
    input->plan = *plan;
    measure_times(input);
    buf_init(&input->line, RECORD_LINE_MAX + 1);
    const struct flow_options options = {
        .program = invocation_program(invocation),
        .invocation = invocation,
        .files = input->files,
        .pass = plan->pass,
        .strict = option_flag(invocation, "strict"),
        .quiet = invocation_verbosity(invocation) < 0,
        .where = where != NULL ? keep : NULL,
        .where_context = input->where,
        .no_end = plan->sink,
        .producer = plan->none,
        .on_wait = before_wait,
        .wait_context = input,
        .times = input->times_due == TIME_NONE ? NULL : &input->times,
    };
    input->flow = flow_open(&options, error);
    if (input->flow != NULL && (input->times_due == TIME_NONE || start_times(input, error) == 0))
        return input;
    if (input->flow != NULL)
        (void)flow_close(input->flow, error);
failed:
    input_free(input);
    return NULL;
}

struct flow *input_flow(struct input *input)
{
    return input->flow;
}

enum exit_code input_close(struct input *input, struct error *error)
{
    if (error_is_set(error))
        flow_failed(input->flow, invocation_program(input->invocation), error->code, error->text);
    const enum exit_code code = flow_close(input->flow, error);
    if (input->times_due != TIME_NONE && input->times_due != INT64_MAX)
        keep_times(input);
    input_free(input);
    return code;
}

int input_pass(struct input *input, const struct record *record, struct error *error)
{
    if (record->type != RECORD_SIGNAL)
        return flow_pass(input->flow, record, error);
    if (!input->pass)
        return 0;
    buf_reset(&input->line);
    buf_add_str(&input->line, record->line);
    buf_add_char(&input->line, '\n');
    if (buf_check(&input->line, error) != 0)
        return -1;
    return flow_write_line(input->flow, record->type, buf_str(&input->line), error);
}

int input_watch(struct input *input, const struct record *record, struct error *error)
{
    struct status status;
    if (input->times_due == TIME_NONE || record->type != RECORD_STATUS)
        return 0;
    if (record_decode(record, &status, error) != 0)
        return input_refused(input, error);
    feed_watch_take(&input->watch, &status, time_monotonic());
    return 0;
}

int input_refused(struct input *input, struct error *error)
{
    return error->code == EXIT_INPUT ? flow_bad(input->flow, error) : -1;
}
