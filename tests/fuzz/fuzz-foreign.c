/* Any bytes as what a program answers to a moment: signals of bars that were asked, or a message that names it. */
#include "record/record.h"
#include "strategy/foreign.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What has not been handed out; a line "@" is the sync record that it waits for. */
static struct str rest;
static const char sync_line[] = "{\"type\":\"sync\",\"account\":\"p\",\"token\":\"1\",\"n\":1}";

static void *start(const char *const *argv, const char *instance, int64_t patience, struct error *error)
{
    (void)argv, (void)instance, (void)patience, (void)error;
    return &rest;
}

static int ask(void *process, struct str lines, struct error *error)
{
    (void)process, (void)lines, (void)error;
    return 0;
}

static int next_line(void *process, struct str *line, struct error *error)
{
    (void)process, (void)error;
    const char *end = rest.n == 0 ? NULL : memchr(rest.p, '\n', rest.n);
    if (end == NULL)
        return 0;
    *line = (struct str){rest.p, (size_t)(end - rest.p)};
    rest = (struct str){end + 1, rest.n - line->n - 1};
    if (str_is(*line, "@"))
        *line = STR(sync_line);
    return 1;
}

static uint64_t count_lines(const void *process)
{
    (void)process;
    return 1;
}

static void close_input(void *process)
{
    (void)process;
}

static int wait_for(void *process, struct error *error)
{
    (void)process, (void)error;
    return 0;
}

static const struct foreign_door door = {start, ask, next_line, count_lines, close_input, wait_for, close_input};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct strategy_use use;
    struct error error = {0};
    struct bar bar;
    struct signal signal;
    rest = (struct str){(const char *)data, size};
    require(strategy_use_program(&use, "p", 1, &door, &error) == 0);
    struct runner *runner = runner_new(&use, &error);
    record_blank(RECORD_BAR, &bar);
    memcpy(bar.symbol, "A", 2);
    require(interval_parse(&bar.interval, "1d", 2, &error) == 0);
    bar.time = 0;
    bar.end = 21 * TIME_HOUR;
    bar.open = bar.high = bar.low = bar.close = DEC_ONE;
    bar.volume = 0;
    require(runner != NULL && runner_note(runner, &bar, &error) == 0);
    if (runner_moment(runner, &error) == 0) {
        const int got = runner_bar(runner, &bar, &signal, &error);
        require(got >= 0 && (got == 0 || (signal.side != WANT_NONE && signal.time == bar.end)));
        (void)runner_finish(runner, &error);
    }
    require(error.code == EXIT_DONE ||
            ((error.code == EXIT_INPUT || error.code == EXIT_UNAVAILABLE) && strncmp(error.text, "p: at ", 6) == 0));
    runner_free(runner);
    strategy_use_clear(&use);
    return 0;
}
