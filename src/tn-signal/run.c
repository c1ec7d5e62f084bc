/* tn-signal run: after every bar, what each strategy wants. */
#include "tn-signal/commands.h"

#include "strategy/strategy.h"

#include <stdio.h>
#include <stdlib.h>

struct team {
    struct runner **runner;
    int count;
};

static void team_clear(struct team *team)
{
    for (int i = 0; i < team->count; i++)
        runner_free(team->runner[i]);
    free(team->runner);
}

/* Instances by name: the same one twice would want everything twice. */
static int check_twice(const struct strategy_use *uses, int count, struct error *error)
{
    for (int i = 0; i < count; i++)
        for (int k = 0; k < i; k++)
            if (strcmp(uses[i].instance, uses[k].instance) == 0)
                return error_set(error, EXIT_USAGE, "%s is asked for twice", uses[i].instance);
    return 0;
}

static int team_init(struct team *team, const struct operands *operands, struct error *error)
{
    const int count = operands->words;
    struct strategy_use *uses = calloc((size_t)count, sizeof *uses);
    int result = -1;
    *team = (struct team){calloc((size_t)count, sizeof(struct runner *)), 0};
    if (uses == NULL || team->runner == NULL) {
        error_memory(error);
        goto out;
    }
    for (int i = 0; i < count; i++)
        if (strategy_use_parse(&uses[i], operands->word[i], error) != 0)
            goto out;
    if (check_twice(uses, count, error) != 0)
        goto out;
    for (; team->count < count; team->count++)
        if ((team->runner[team->count] = runner_new(&uses[team->count], error)) == NULL)
            goto out;
    result = 0;
out:
    free(uses);
    return result;
}

static int judge_bar(struct team *team, struct input *input, const struct record *record, struct error *error)
{
    struct bar bar;
    if (record_decode(record, &bar, error) != 0)
        return input_refused(input, error);
    for (int i = 0; i < team->count; i++) {
        struct signal signal;
        const int got = runner_bar(team->runner[i], &bar, &signal, error);
        if (got < 0)
            return input_refused(input, error);
        /* A bar that no strategy could take in is bad; one that they took in goes first, its signals after it. */
        if (i == 0 && input_pass(input, record, error) != 0)
            return -1;
        if (got == 1 && flow_write(input_flow(input), RECORD_SIGNAL, &signal, error) != 0)
            return -1;
    }
    return 0;
}

static int take_action(struct team *team, struct input *input, const struct record *record, struct error *error)
{
    struct action action;
    if (record_decode(record, &action, error) != 0)
        return input_refused(input, error);
    for (int i = 0; i < team->count; i++)
        if (runner_action(team->runner[i], &action, error) != 0)
            return input_refused(input, error);
    return input_pass(input, record, error);
}

/* A strategy that says nothing looks like one that is broken. */
static void tell_waiting(const struct team *team, const struct operands *operands, const struct invocation *invocation)
{
    for (int i = 0; i < team->count; i++) {
        struct runner_waiting waiting;
        struct strategy_use use;
        struct error ignored;
        error_clear(&ignored);
        runner_waiting(team->runner[i], &waiting);
        if (waiting.series == 0 || strategy_use_parse(&use, operands->word[i], &ignored) != 0)
            continue;
        char others[48] = "";
        if (waiting.series > 1)
            (void)snprintf(others, sizeof others, " and %zu more", waiting.series - 1);
        say(invocation, 0, "%s: no signal for %s%s: %s has %llu %s, %d are needed", use.instance, waiting.symbol,
            others, waiting.symbol, (unsigned long long)waiting.bars, waiting.bars == 1 ? "bar" : "bars",
            strategy_lookback(&use) + 1);
    }
}

enum exit_code signal_run(struct invocation *invocation, struct error *error)
{
    struct team team = {.count = 0};
    struct operands operands;
    enum exit_code code = EXIT_SYSTEM;
    struct input *input = NULL;
    if (operands_sort(&operands, invocation, strategy_is_named, "strategy", 1, error) == 0 &&
        team_init(&team, &operands, error) == 0) {
        const struct input_plan plan = {.files = operands.file, .pass = option_flag(invocation, "pass")};
        input = input_open_plan(invocation, &plan, error);
    }
    if (input != NULL) {
        const struct record *record;
        while (flow_next(input_flow(input), &record, error) == 1) {
            int result;
            if (record->type == RECORD_BAR)
                result = judge_bar(&team, input, record, error);
            else if (record->type == RECORD_ACTION)
                result = take_action(&team, input, record, error);
            else
                result = input_pass(input, record, error);
            if (result != 0)
                break;
        }
        if (!error_is_set(error))
            tell_waiting(&team, &operands, invocation);
        code = input_close(input, error);
    } else {
        code = error->code;
    }
    team_clear(&team);
    operands_clear(&operands);
    return code;
}
