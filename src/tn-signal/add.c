/* tn-signal add: every bar with the figures of the indicators after it. */
#include "tn-signal/commands.h"

#include "exchange/trading_hours.h"
#include "indicator/study.h"

#include <stdlib.h>

const struct option_spec add_options[] = {
    {"against", 0, OPTION_TEXT, "SYMBOL", "the second series of beta and correl: its closes", NULL, 0, 0},
    {0},
};

/* The calendar is opened only where an indicator asks for sessions. */
static struct study *study_open(const struct operands *operands, const struct invocation *invocation,
                                struct trading_hours *hours, struct error *error)
{
    struct study_terms terms = {.against = option_text(invocation, "against", NULL)};
    const int count = operands->words;
    struct study *study = NULL;
    struct indicator_use *uses = calloc((size_t)count, sizeof *uses);
    if (uses == NULL) {
        error_memory(error);
        return NULL;
    }
    for (int i = 0; i < count; i++)
        if (indicator_use_parse(&uses[i], operands->word[i], error) != 0)
            goto out;
    for (int i = 0; i < count && terms.calendar == NULL; i++)
        if ((indicator_inputs(&uses[i]) & INPUT_SESSION) != 0) {
            if (trading_hours_open(hours, option_text(invocation, "calendar", "nyse"), error) != 0)
                goto out;
            terms.calendar = &hours->calendar;
            terms.calendars = hours->calendars;
        }
    study = study_new(uses, count, &terms, error);
out:
    free(uses);
    return study;
}

static int add_to_bar(struct study *study, struct input *input, const struct record *record, struct buf *line,
                      struct error *error)
{
    struct bar bar;
    double values[STUDY_FIELDS_MAX];
    buf_reset(line);
    if (record_decode(record, &bar, error) != 0 || study_bar(study, &bar, values, error) != 0 ||
        study_write(study, record, values, line, error) != 0)
        return input_refused(input, error);
    return flow_write_line(input_flow(input), RECORD_BAR, buf_str(line), error);
}

static int take_action(struct study *study, struct input *input, const struct record *record, struct error *error)
{
    struct action action;
    if (record_decode(record, &action, error) != 0 || study_action(study, &action, error) != 0)
        return input_refused(input, error);
    return input_pass(input, record, error);
}

enum exit_code signal_add(struct invocation *invocation, struct error *error)
{
    struct operands operands;
    struct study *study = NULL;
    struct trading_hours hours = {.open = false};
    if (operands_sort(&operands, invocation, indicator_is_named, "indicator", 1, error) == 0)
        study = study_open(&operands, invocation, &hours, error);
    if (study == NULL) {
        operands_clear(&operands);
        trading_hours_close(&hours);
        return error->code;
    }
    enum exit_code code = EXIT_SYSTEM;
    struct buf line;
    buf_init(&line, 2 * (size_t)RECORD_LINE_MAX);
    /* A bar with its figures is the record it was: what stands between bars goes on as it does under --pass. */
    const struct input_plan plan = {.files = operands.file, .pass = true};
    struct input *input = input_open_plan(invocation, &plan, error);
    if (input != NULL) {
        const struct record *record;
        while (flow_next(input_flow(input), &record, error) == 1) {
            int result;
            if (record->type == RECORD_BAR)
                result = add_to_bar(study, input, record, &line, error);
            else if (record->type == RECORD_ACTION)
                result = take_action(study, input, record, error);
            else
                result = input_pass(input, record, error);
            if (result != 0)
                break;
        }
        code = input_close(input, error);
    } else {
        code = error->code;
    }
    if (study_was_late(study))
        say(invocation, 0, "%s comes after the bars compared with it, so these have no value: name it first",
            option_text(invocation, "against", ""));
    buf_clear(&line);
    study_free(study);
    operands_clear(&operands);
    trading_hours_close(&hours);
    return code;
}
