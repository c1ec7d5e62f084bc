/* tn-signal run: after every bar, what each strategy wants. */
#include "tn-signal/commands.h"
#include "tn-signal/last.h"

#include "base/list.h"
#include "exchange/trading_hours.h"
#include "feed/rule_file.h"
#include "feed/service_log.h"
#include "strategy/known.h"

#include <stdio.h>
#include <stdlib.h>

struct runners {
    struct strategies strategies;
    struct runner **runner;
    int count;       /* running */
    bool waits;      /* one of them judges complete moments */
    bool hears;      /* one of them asks for events */
    int64_t clock;   /* the end of the last bar */
    struct bar *bar; /* of the moment that is not complete, for these */
    size_t bars, bar_capacity;
    struct last_levels *last;   /* NULL: all levels are written */
    struct trading_hours hours; /* opened only where sessions matter */
};

static void runners_clear(struct runners *runners)
{
    for (int i = 0; i < runners->count; i++)
        runner_free(runners->runner[i]);
    strategies_close(&runners->strategies);
    trading_hours_close(&runners->hours);
    free(runners->bar);
    last_levels_free(runners->last);
    free(runners->runner);
}

/* Opens the calendar when the first strategy asks for it. */
static int give_calendar(struct runners *runners, struct runner *runner, const char *name, struct error *error)
{
    if (!runner_wants_calendar(runner))
        return 0;
    if (!runners->hours.open && trading_hours_open(&runners->hours, name, error) != 0)
        return -1;
    return runner_set_calendar(runner, &runners->hours.calendar, runners->hours.calendars, error);
}

/* Those of the operands, then those of --exec. */
static int open_uses(struct runners *runners, const struct operands *operands, const struct invocation *invocation,
                     struct error *error)
{
    if (strategies_open(&runners->strategies, operands->word, operands->words, error) != 0)
        return -1;
    if (strategy_execs(invocation) == 0)
        return 0;
    struct config *config = config_open(error);
    const int status = config == NULL ? -1 : strategies_open_execs(&runners->strategies, invocation, config, error);
    config_free(config);
    return status;
}

static int runners_init(struct runners *runners, const struct operands *operands, const struct invocation *invocation,
                        struct error *error)
{
    const char *calendar = option_text(invocation, "calendar", "nyse");
    *runners = (struct runners){.clock = TIME_NONE};
    if (open_uses(runners, operands, invocation, error) != 0 ||
        (option_flag(invocation, "latest") && (runners->last = last_levels_new(error)) == NULL))
        return -1;
    if ((runners->runner = calloc((size_t)runners->strategies.count + 1, sizeof(struct runner *))) == NULL)
        return error_memory(error);
    for (; runners->count < runners->strategies.count; runners->count++) {
        struct runner *runner = runner_new(&runners->strategies.use[runners->count], error);
        if ((runners->runner[runners->count] = runner) == NULL)
            return -1;
        runners->waits |= runner_waits(runner);
        runners->hears |= runner_hears(runner);
        if (give_calendar(runners, runner, calendar, error) != 0) {
            runners->count++;
            return -1;
        }
    }
    return 0;
}

/* As runner_bar. What is only the last so far is kept: 0. */
static int step(struct runners *runners, int i, const struct bar *bar, struct signal *signal, struct error *error)
{
    return runners->last != NULL ? last_levels_bar(runners->last, i, runners->runner[i], bar, error)
                                 : runner_bar(runners->runner[i], bar, signal, error);
}

/* 0, or -1; what is wrong with the bar is told. */
static int judge(struct runners *runners, int i, struct input *input, const struct bar *bar, struct error *error)
{
    struct signal signal;
    const int got = step(runners, i, bar, &signal, error);
    if (got < 0)
        return input_refused(input, error);
    return got == 0 ? 0 : flow_write(input_flow(input), RECORD_SIGNAL, &signal, error);
}

/* The moment is complete: whoever waits for that judges its bars. */
static int close_moment(struct runners *runners, struct input *input, struct error *error)
{
    const size_t bars = runners->bars;
    runners->bars = 0;
    for (int i = 0; i < runners->count && bars > 0; i++)
        if (runner_waits(runners->runner[i]) && runner_moment(runners->runner[i], error) != 0)
            return -1;
    for (size_t b = 0; b < bars; b++)
        for (int i = 0; i < runners->count; i++)
            if (runner_waits(runners->runner[i]) && judge(runners, i, input, &runners->bar[b], error) != 0)
                return -1;
    return 0;
}

/* The input is at its end: so are other programs. */
static int finish(struct runners *runners, struct input *input, struct error *error)
{
    if (close_moment(runners, input, error) != 0)
        return -1;
    for (int i = 0; i < runners->count; i++)
        if (runner_finish(runners->runner[i], error) != 0)
            return -1;
    return runners->last == NULL ? 0 : last_levels_write(runners->last, input_flow(input), error);
}

static int keep(struct runners *runners, const struct bar *bar, struct error *error)
{
    if (list_grow(&runners->bar, &runners->bar_capacity, runners->bars, sizeof *runners->bar, error) != 0)
        return -1;
    runners->bar[runners->bars++] = *bar;
    return 0;
}

static int judge_bar(struct runners *runners, struct input *input, const struct record *record, struct error *error)
{
    struct bar bar;
    if (record_decode(record, &bar, error) != 0)
        return input_refused(input, error);
    if (bar.final != 0 && bar.end > runners->clock)
        runners->clock = bar.end;
    bool kept = false;
    for (int i = 0; i < runners->count; i++) {
        struct signal signal;
        const bool waits = runner_waits(runners->runner[i]);
        const int got = waits ? runner_note(runners->runner[i], &bar, error) : step(runners, i, &bar, &signal, error);
        if (got < 0)
            return input_refused(input, error);
        /* A bar that no strategy could take in is bad; one that they took in goes first, its signals after it. */
        if (i == 0 && input_pass(input, record, error) != 0)
            return -1;
        if (got == 1 && flow_write(input_flow(input), RECORD_SIGNAL, &signal, error) != 0)
            return -1;
        if (waits && !kept && bar.final != 0 && keep(runners, &bar, error) != 0)
            return -1;
        kept |= waits;
    }
    return 0;
}

static int take_action(struct runners *runners, struct input *input, const struct record *record, struct error *error)
{
    struct action action;
    if (record_decode(record, &action, error) != 0)
        return input_refused(input, error);
    if (runners->last != NULL && last_levels_action(runners->last, &action, error) != 0)
        return -1;
    for (int i = 0; i < runners->count; i++)
        if (runner_action(runners->runner[i], &action, error) != 0)
            return input_refused(input, error);
    return input_pass(input, record, error);
}

static int take_event(struct runners *runners, struct input *input, const struct record *record, struct error *error)
{
    struct known_event event;
    if (known_event_read(&event, record, error) != 0)
        return input_refused(input, error);
    event.after = runners->clock;
    for (int i = 0; i < runners->count; i++)
        if (runner_event(runners->runner[i], &event, error) != 0)
            return -1;
    return input_pass(input, record, error);
}

/* A later moment, or who says that this one is complete (heartbeat, sync, end of input). */
static int take_record(struct runners *runners, struct input *input, const struct record *record, struct error *error)
{
    int64_t known = TIME_NONE;
    if (runners->waits && record->type != RECORD_HEARTBEAT && record->type != RECORD_SYNC &&
        record_known(record, &known, error) != 0)
        return input_refused(input, error);
    if (runners->bars > 0 && record_tells_time(record->type) && known != runners->bar[0].end &&
        close_moment(runners, input, error) != 0)
        return -1;
    if (record->type == RECORD_BAR)
        return judge_bar(runners, input, record, error);
    if (record->type == RECORD_ACTION)
        return take_action(runners, input, record, error);
    if (record->type == RECORD_EVENT && runners->hears)
        return take_event(runners, input, record, error);
    return input_pass(input, record, error);
}

/* A strategy that says nothing looks like one that is broken. */
static void tell_waiting(const struct runners *runners, const struct invocation *invocation)
{
    for (int i = 0; i < runners->count; i++) {
        struct runner_waiting waiting;
        const struct strategy_use *use = &runners->strategies.use[i];
        if (use->unit > 0)
            continue;
        const char *missing = runner_missing(runners->runner[i]);
        if (missing != NULL)
            say(invocation, 0, "%s: no bar of %s, which its rules use", use->instance, missing);
        if (runner_unheard(runners->runner[i]) != NULL)
            say(invocation, 0, "%s: no event for %s, which its rules use", use->instance,
                runner_unheard(runners->runner[i]));
        runner_waiting(runners->runner[i], &waiting);
        if (waiting.series == 0)
            continue;
        char others[48] = "";
        if (waiting.series > 1)
            (void)snprintf(others, sizeof others, " and %zu more", waiting.series - 1);
        if (use->foreign != NULL)
            say(invocation, 0, "%s: no signal for %s%s: the program wrote none", use->instance, waiting.symbol, others);
        else if (waiting.bars > (uint64_t)strategy_lookback(use))
            say(invocation, 0, "%s: no signal for %s%s: a value in its rules was never known", use->instance,
                waiting.symbol, others);
        else
            say(invocation, 0, "%s: no signal for %s%s: %s has %llu %s, %d are needed", use->instance, waiting.symbol,
                others, waiting.symbol, (unsigned long long)waiting.bars, waiting.bars == 1 ? "bar" : "bars",
                strategy_lookback(use) + 1);
    }
}

enum exit_code signal_run(struct invocation *invocation, struct error *error)
{
    struct runners runners = {.count = 0};
    struct operands operands;
    enum exit_code code = EXIT_SYSTEM;
    struct input *input = NULL;
    if (operands_sort(&operands, invocation, strategy_is_named, "strategy", strategy_execs(invocation) == 0, error) ==
            0 &&
        runners_init(&runners, &operands, invocation, error) == 0) {
        const struct input_plan plan = {
            .files = operands.file, .pass = option_flag(invocation, "pass"), .measure = SERVICE_SIGNALS};
        input = input_open_plan(invocation, &plan, error);
    }
    if (input != NULL) {
        const struct record *record;
        while (flow_next(input_flow(input), &record, error) == 1) {
            if (input_watch(input, record, error) != 0 || take_record(&runners, input, record, error) != 0)
                break;
        }
        if (!error_is_set(error) && finish(&runners, input, error) == 0)
            tell_waiting(&runners, invocation);
        code = input_close(input, error);
    } else {
        code = error->code;
    }
    runners_clear(&runners);
    operands_clear(&operands);
    return code;
}
