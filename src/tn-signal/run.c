/* tn-signal run: after every bar, what each strategy wants. */
#include "tn-signal/commands.h"
#include "tn-signal/last.h"

#include "base/list.h"
#include "exchange/exchange.h"
#include "feed/rule_file.h"
#include "feed/service_log.h"
#include "strategy/known.h"

#include <stdio.h>
#include <stdlib.h>

struct team {
    struct strategies strategies;
    struct runner **runner;
    int count;       /* running */
    bool waits;      /* one of them judges complete moments */
    bool hears;      /* one of them asks for events */
    int64_t clock;   /* the end of the last bar */
    struct bar *bar; /* of the moment that is not complete, for these */
    size_t bars, bar_capacity;
    struct last_levels *last; /* NULL: all levels are written */
    struct exchange exchange; /* opened only where sessions matter */
};

static void team_clear(struct team *team)
{
    for (int i = 0; i < team->count; i++)
        runner_free(team->runner[i]);
    strategies_close(&team->strategies);
    exchange_close(&team->exchange);
    free(team->bar);
    last_levels_free(team->last);
    free(team->runner);
}

/* Opens the calendar when the first strategy asks for it. */
static int give_calendar(struct team *team, struct runner *runner, const char *name, struct error *error)
{
    if (!runner_wants_calendar(runner))
        return 0;
    if (team->exchange.calendar.rules == NULL && exchange_open(&team->exchange, name, error) != 0)
        return -1;
    return runner_set_calendar(runner, &team->exchange.calendar, error);
}

/* Those of the operands, then those of --exec. */
static int open_uses(struct team *team, const struct operands *operands, const struct invocation *invocation,
                     struct error *error)
{
    if (strategies_open(&team->strategies, operands->word, operands->words, error) != 0)
        return -1;
    if (strategy_execs(invocation) == 0)
        return 0;
    struct config *config = config_open(error);
    const int status = config == NULL ? -1 : strategies_open_execs(&team->strategies, invocation, config, error);
    config_free(config);
    return status;
}

static int team_init(struct team *team, const struct operands *operands, const struct invocation *invocation,
                     struct error *error)
{
    const char *calendar = option_text(invocation, "calendar", "nyse");
    *team = (struct team){.clock = TIME_NONE};
    if (open_uses(team, operands, invocation, error) != 0 ||
        (option_flag(invocation, "latest") && (team->last = last_levels_new(error)) == NULL))
        return -1;
    if ((team->runner = calloc((size_t)team->strategies.count + 1, sizeof(struct runner *))) == NULL)
        return error_memory(error);
    for (; team->count < team->strategies.count; team->count++) {
        struct runner *runner = runner_new(&team->strategies.use[team->count], error);
        if ((team->runner[team->count] = runner) == NULL)
            return -1;
        team->waits |= runner_waits(runner);
        team->hears |= runner_hears(runner);
        if (give_calendar(team, runner, calendar, error) != 0) {
            team->count++;
            return -1;
        }
    }
    return 0;
}

/* As runner_bar. What is only the last so far is kept: 0. */
static int step(struct team *team, int i, const struct bar *bar, struct signal *signal, struct error *error)
{
    return team->last != NULL ? last_levels_bar(team->last, i, team->runner[i], bar, error)
                              : runner_bar(team->runner[i], bar, signal, error);
}

/* 0, or -1; what is wrong with the bar is told. */
static int judge(struct team *team, int i, struct input *input, const struct bar *bar, struct error *error)
{
    struct signal signal;
    const int got = step(team, i, bar, &signal, error);
    if (got < 0)
        return input_refused(input, error);
    return got == 0 ? 0 : flow_write(input_flow(input), RECORD_SIGNAL, &signal, error);
}

/* The moment is complete: whoever waits for that judges its bars. */
static int close_moment(struct team *team, struct input *input, struct error *error)
{
    const size_t bars = team->bars;
    team->bars = 0;
    for (int i = 0; i < team->count && bars > 0; i++)
        if (runner_waits(team->runner[i]) && runner_moment(team->runner[i], error) != 0)
            return -1;
    for (size_t b = 0; b < bars; b++)
        for (int i = 0; i < team->count; i++)
            if (runner_waits(team->runner[i]) && judge(team, i, input, &team->bar[b], error) != 0)
                return -1;
    return 0;
}

/* The input is at its end: so are other programs. */
static int finish(struct team *team, struct input *input, struct error *error)
{
    if (close_moment(team, input, error) != 0)
        return -1;
    for (int i = 0; i < team->count; i++)
        if (runner_finish(team->runner[i], error) != 0)
            return -1;
    return team->last == NULL ? 0 : last_levels_write(team->last, input_flow(input), error);
}

static int keep(struct team *team, const struct bar *bar, struct error *error)
{
    if (list_grow(&team->bar, &team->bar_capacity, team->bars, sizeof *team->bar, error) != 0)
        return -1;
    team->bar[team->bars++] = *bar;
    return 0;
}

static int judge_bar(struct team *team, struct input *input, const struct record *record, struct error *error)
{
    struct bar bar;
    if (record_decode(record, &bar, error) != 0)
        return input_refused(input, error);
    if (bar.final != 0 && bar.end > team->clock)
        team->clock = bar.end;
    bool kept = false;
    for (int i = 0; i < team->count; i++) {
        struct signal signal;
        const bool waits = runner_waits(team->runner[i]);
        const int got = waits ? runner_note(team->runner[i], &bar, error) : step(team, i, &bar, &signal, error);
        if (got < 0)
            return input_refused(input, error);
        /* A bar that no strategy could take in is bad; one that they took in goes first, its signals after it. */
        if (i == 0 && input_pass(input, record, error) != 0)
            return -1;
        if (got == 1 && flow_write(input_flow(input), RECORD_SIGNAL, &signal, error) != 0)
            return -1;
        if (waits && !kept && bar.final != 0 && keep(team, &bar, error) != 0)
            return -1;
        kept |= waits;
    }
    return 0;
}

static int take_action(struct team *team, struct input *input, const struct record *record, struct error *error)
{
    struct action action;
    if (record_decode(record, &action, error) != 0)
        return input_refused(input, error);
    if (team->last != NULL && last_levels_action(team->last, &action, error) != 0)
        return -1;
    for (int i = 0; i < team->count; i++)
        if (runner_action(team->runner[i], &action, error) != 0)
            return input_refused(input, error);
    return input_pass(input, record, error);
}

static int take_event(struct team *team, struct input *input, const struct record *record, struct error *error)
{
    struct known_event event;
    if (known_event_read(&event, record, error) != 0)
        return input_refused(input, error);
    event.after = team->clock;
    for (int i = 0; i < team->count; i++)
        if (runner_event(team->runner[i], &event, error) != 0)
            return -1;
    return input_pass(input, record, error);
}

/* A later moment, or who says that this one is complete (heartbeat, sync, end of input). */
static int take_record(struct team *team, struct input *input, const struct record *record, struct error *error)
{
    int64_t known = TIME_NONE;
    if (team->waits && record->type != RECORD_HEARTBEAT && record->type != RECORD_SYNC &&
        record_known(record, &known, error) != 0)
        return input_refused(input, error);
    if (team->bars > 0 && record_tells_time(record->type) && known != team->bar[0].end &&
        close_moment(team, input, error) != 0)
        return -1;
    if (record->type == RECORD_BAR)
        return judge_bar(team, input, record, error);
    if (record->type == RECORD_ACTION)
        return take_action(team, input, record, error);
    if (record->type == RECORD_EVENT && team->hears)
        return take_event(team, input, record, error);
    return input_pass(input, record, error);
}

/* A strategy that says nothing looks like one that is broken. */
static void tell_waiting(const struct team *team, const struct invocation *invocation)
{
    for (int i = 0; i < team->count; i++) {
        struct runner_waiting waiting;
        const struct strategy_use *use = &team->strategies.use[i];
        if (use->unit > 0)
            continue;
        const char *missing = runner_missing(team->runner[i]);
        if (missing != NULL)
            say(invocation, 0, "%s: no bar of %s came, which its rules ask for", use->instance, missing);
        if (runner_unheard(team->runner[i]) != NULL)
            say(invocation, 0, "%s: no event came for %s, which its rules ask for", use->instance,
                runner_unheard(team->runner[i]));
        runner_waiting(team->runner[i], &waiting);
        if (waiting.series == 0)
            continue;
        char others[48] = "";
        if (waiting.series > 1)
            (void)snprintf(others, sizeof others, " and %zu more", waiting.series - 1);
        if (use->foreign != NULL)
            say(invocation, 0, "%s: no signal for %s%s: the program wrote none", use->instance, waiting.symbol, others);
        else if (waiting.bars > (uint64_t)strategy_lookback(use))
            say(invocation, 0, "%s: no signal for %s%s: what its rules ask for was never known", use->instance,
                waiting.symbol, others);
        else
            say(invocation, 0, "%s: no signal for %s%s: %s has %llu %s, %d are needed", use->instance, waiting.symbol,
                others, waiting.symbol, (unsigned long long)waiting.bars, waiting.bars == 1 ? "bar" : "bars",
                strategy_lookback(use) + 1);
    }
}

enum exit_code signal_run(struct invocation *invocation, struct error *error)
{
    struct team team = {.count = 0};
    struct operands operands;
    enum exit_code code = EXIT_SYSTEM;
    struct input *input = NULL;
    if (operands_sort(&operands, invocation, strategy_is_named, "strategy", strategy_execs(invocation) == 0, error) ==
            0 &&
        team_init(&team, &operands, invocation, error) == 0) {
        const struct input_plan plan = {
            .files = operands.file, .pass = option_flag(invocation, "pass"), .measure = SERVICE_SIGNALS};
        input = input_open_plan(invocation, &plan, error);
    }
    if (input != NULL) {
        const struct record *record;
        while (flow_next(input_flow(input), &record, error) == 1) {
            if (take_record(&team, input, record, error) != 0)
                break;
        }
        if (!error_is_set(error) && finish(&team, input, error) == 0)
            tell_waiting(&team, invocation);
        code = input_close(input, error);
    } else {
        code = error->code;
    }
    team_clear(&team);
    operands_clear(&operands);
    return code;
}
