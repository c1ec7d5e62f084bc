/* Strategies that are other programs: --exec. */
#include "base/coprocess.h"
#include "base/time.h"
#include "feed/rule_file.h"
#include "strategy/foreign.h"

#include <stdio.h>

const struct option_spec strategy_exec_options[] = {
    {"exec", 0, OPTION_LIST, "PROGRAM", "a strategy that is a program with arguments, tn-strategies(7)", NULL, 0, 0},
    {"answer-within", 0, OPTION_COUNT, "SECONDS", "time in which it must answer (default: the setting, 10)", NULL, 1,
     86400},
    {0},
};

static void *start(const char *const *argv, const char *instance, int64_t patience, struct error *error)
{
    char variable[STRATEGY_SIZE + 16];
    (void)snprintf(variable, sizeof variable, "TN_STRATEGY=%s", instance);
    return coprocess_start(argv, variable, patience, error);
}

static int ask(void *process, struct str lines, struct error *error)
{
    return coprocess_ask(process, lines, error);
}

static int next_line(void *process, struct str *line, struct error *error)
{
    return coprocess_line(process, line, error);
}

static uint64_t count_lines(const void *process)
{
    return coprocess_lines(process);
}

static void close_input(void *process)
{
    coprocess_close_input(process);
}

static int wait_for(void *process, struct error *error)
{
    return coprocess_wait(process, error);
}

static void stop(void *process)
{
    coprocess_free(process);
}

static const struct foreign_door door = {
    .start = start,
    .ask = ask,
    .line = next_line,
    .lines = count_lines,
    .close_input = close_input,
    .wait = wait_for,
    .stop = stop,
};

int strategy_execs(const struct invocation *invocation)
{
    int count;
    (void)option_list(invocation, "exec", &count);
    return count;
}

int strategy_open_exec(struct strategy_use *use, const struct invocation *invocation, int index,
                       const struct config *config, struct error *error)
{
    int count;
    const char *const *list = option_list(invocation, "exec", &count);
    require(index < count);
    const int64_t seconds =
        option_count(invocation, "answer-within", config_integer(config, "strategy", "", "answer_within"));
    return strategy_use_program(use, list[index], seconds * TIME_SECOND, &door, error);
}

int strategies_open_execs(struct strategies *strategies, const struct invocation *invocation,
                          const struct config *config, struct error *error)
{
    for (int i = 0; i < strategy_execs(invocation); i++) {
        struct strategy_use use;
        if (strategy_open_exec(&use, invocation, i, config, error) != 0 || strategies_add(strategies, &use, error) != 0)
            return -1;
    }
    return 0;
}
