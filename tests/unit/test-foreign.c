/* Strategies that are other programs: what their command line names, what is sent, which answers are taken. The
 * program is a text here; tests/cli/exec.t has real ones. */
#include "record/record.h"
#include "strategy/foreign.h"

#include "tap.h"

#include <stdlib.h>

/* A program that answers with a text, line by line. '@' alone is the sync line as it came. */
static struct {
    const char *answer;
    char asked[8192], sync[512];
    uint64_t lines;
    int status; /* of its end */
    bool closed, stopped;
} fake;

static void *start(const char *const *argv, const char *instance, int64_t patience, struct error *error)
{
    (void)argv;
    (void)instance;
    (void)patience;
    (void)error;
    return &fake;
}

static int ask(void *process, struct str lines, struct error *error)
{
    (void)process;
    (void)error;
    (void)snprintf(fake.asked, sizeof fake.asked, "%.*s", (int)lines.n, lines.p);
    const char *sync = strstr(fake.asked, "{\"type\":\"sync\"");
    (void)snprintf(fake.sync, sizeof fake.sync, "%s", sync == NULL ? "" : sync);
    fake.sync[strcspn(fake.sync, "\n")] = '\0';
    return 0;
}

static int next_line(void *process, struct str *line, struct error *error)
{
    (void)process;
    (void)error;
    if (*fake.answer == '\0')
        return 0;
    const size_t length = strcspn(fake.answer, "\n");
    *line = (struct str){fake.answer, length};
    if (length == 1 && *fake.answer == '@')
        *line = str_of(fake.sync);
    fake.answer += length + (fake.answer[length] == '\n');
    fake.lines++;
    return 1;
}

static uint64_t count_lines(const void *process)
{
    (void)process;
    return fake.lines;
}

static void close_input(void *process)
{
    (void)process;
    fake.closed = true;
}

static int wait_for(void *process, struct error *error)
{
    (void)process;
    return fake.status == 0 ? 0 : error_set(error, EXIT_UNAVAILABLE, "ended with %d", fake.status);
}

static void stop(void *process)
{
    (void)process;
    fake.stopped = true;
}

static const struct foreign_door door = {start, ask, next_line, count_lines, close_input, wait_for, stop};

static void test_command_lines(void)
{
    static const struct {
        const char *command, *instance; /* or what is wrong */
    } table[] = {
        {"./mean.py", "mean.py"},
        {"  /opt/my desk/mean.py", "my:desk/mean.py"},
        {"'/opt/my desk/mean.py' 20", "mean.py:20"},
        {"mean.py {n=20} -k \"{k=2.5}\" x{n=20}y", "mean.py:20,-k,2.5,x20y"},
        {"awk '{print}' {n}", "awk:{print},{n}"},
        {"jq -c .x", "jq:-c,.x"},
        {"", "--exec: no command"},
        {"mean.py 'open", "--exec: missing closing quote, or a backslash at the end"},
        {"mean.py {n=1} {n=2}", "--exec: {n=…} has two values"},
        {"mean.py {n=1e99}", "--exec: {n=1e99}: the name is too long, or the number"},
        {"./momentum", "--exec: the strategy 'momentum' already exists"},
        {"./a:b", "--exec: './a:b' is no name of a program, of at most 63 bytes and without ':'"},
        {"bin/", "--exec: 'bin/' is no name of a program, of at most 63 bytes and without ':'"},
        {"mean.py \xc3\xa9", "--exec: the arguments of a program must be printable ASCII"},
        {"m 0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
         "012345678901234567890123456",
         "--exec: the name of the program and its arguments are longer than 128 bytes"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct strategy_use use;
        struct error error = {0};
        const int got = strategy_use_program(&use, table[i].command, 1, &door, &error);
        check_text(got == 0 ? use.instance : error.text, table[i].instance, table[i].command);
        check(got == 0 || error.code == EXIT_USAGE, "or it ends with 2");
        strategy_use_clear(&use);
    }
    struct strategy_use use, again;
    struct error error = {0};
    check(strategy_use_program(&use, "mean.py {n=20} {k=2.5}", 1, &door, &error) == 0 &&
              use.strategy->parameters == 2 && use.strategy->parameter[0].whole && !use.strategy->parameter[1].whole &&
              use.parameter[0] == 20 && use.parameter[1] == 2.5,
          "parameters with their defaults, whole ones and others");
    const double values[STRATEGY_PARAMS_MAX] = {30, 0.1};
    check(strategy_use_program_again(&again, use.foreign, values, &error) == 0, "the same with other values");
    check_text(again.instance, "mean.py:30,0.1", "is an instance of its own");
    strategy_use_clear(&again);
    strategy_use_clear(&use);
}

static struct bar bar_of(const char *symbol, const char *interval, const char *time)
{
    struct bar bar;
    struct error error = {0};
    record_blank(RECORD_BAR, &bar);
    (void)snprintf(bar.symbol, sizeof bar.symbol, "%s", symbol);
    if (interval_parse(&bar.interval, interval, strlen(interval), &error) != 0 ||
        time_parse(&bar.time, time, strlen(time), &error) != 0)
        exit(1);
    bar.end = INT64_C(1704229200) * TIME_SECOND; /* 2024-01-02T21:00:00Z */
    bar.open = bar.high = bar.low = bar.close = 10 * DEC_ONE;
    bar.volume = 5;
    bar.trades = 7;
    bar.open_interest = 9;
    (void)snprintf(bar.source, sizeof bar.source, "x");
    return bar;
}

/* A runner that has noted bars of A and B, of A in two intervals if asked, and then hears the answer. */
static struct runner *moment(const char *answer, bool two, struct strategy_use *use, struct error *error)
{
    const struct bar bars[] = {bar_of("A", "1h", "2024-01-02T20:00:00Z"), bar_of("A", "1d", "2024-01-02T05:00:00Z"),
                               bar_of("B", "1d", "2024-01-02T05:00:00Z")};
    fake.answer = answer;
    fake.lines = 0;
    fake.status = 0;
    fake.closed = fake.stopped = false;
    if (strategy_use_program(use, "p 1", 1, &door, error) != 0)
        exit(1);
    struct runner *runner = runner_new(use, error);
    for (int i = two ? 0 : 1; i < 3; i++)
        if (runner == NULL || runner_note(runner, &bars[i], error) != 0)
            exit(1);
    (void)runner_moment(runner, error);
    return runner;
}

#define SIGNAL(rest) "{\"type\":\"signal\",\"symbol\":\"B\",\"side\":\"long\"" rest "}\n"

static void test_answers(void)
{
    static const struct {
        const char *answer, *wrong; /* "": taken */
        enum exit_code code;
        bool two;
    } table[] = {
        {"@\n", "", EXIT_DONE, false},
        {SIGNAL("") "@\n", "", EXIT_DONE, false},
        {SIGNAL(",\"time\":\"2024-01-02T21:00:00Z\",\"id\":\"i\",\"strategy\":\"s\",\"decided\":\"2024-01-01T21:00:"
                "00Z\"") "@\n",
         "", EXIT_DONE, false},
        {"{\"type\":\"signal\",\"symbol\":\"A\",\"side\":\"flat\"}\n" SIGNAL("") "@\n", "", EXIT_DONE, false},
        {"{\"type\":\"signal\",\"symbol\":\"A\",\"side\":\"flat\",\"interval\":\"1h\"}\n@\n", "", EXIT_DONE, true},
        {"{\"type\":\"signal\",\"symbol\":\"A\",\"side\":\"flat\"}\n@\n",
         "line 1: A has bars of several intervals: a signal must name its own", EXIT_INPUT, true},
        {"{\"type\":\"signal\",\"symbol\":\"C\",\"side\":\"flat\"}\n@\n",
         "line 1: a signal for C, which has no bar at this moment", EXIT_INPUT, false},
        {SIGNAL(",\"interval\":\"5m\"") "@\n", "line 1: a signal for B, which has no bar at this moment", EXIT_INPUT,
         false},
        {SIGNAL("") SIGNAL("") "@\n", "line 2: a second signal for B", EXIT_INPUT, false},
        {SIGNAL(",\"time\":\"2024-01-01T21:00:00Z\"") "@\n",
         "line 1: a signal of 2024-01-01T21:00:00Z, a moment that was not sent", EXIT_INPUT, false},
        {"{\"type\":\"signal\",\"symbol\":\"B\"}\n@\n", "line 1: signal without 'side'", EXIT_INPUT, false},
        {SIGNAL(",\"stop\":-1") "@\n", NULL, EXIT_INPUT, false},
        {SIGNAL(",\"exits\":[{\"role\":\"stop\"}]") "@\n", NULL, EXIT_INPUT, false},
        {"\n@\n", NULL, EXIT_INPUT, false},
        {"{}\n@\n", NULL, EXIT_INPUT, false},
        {"[1]\n@\n", NULL, EXIT_INPUT, false},
        {"{\"type\":\"status\",\"state\":\"connected\"}\n@\n",
         "line 1: a record of type 'status', where only signals and sync are allowed", EXIT_INPUT, false},
        {"{\"type\":\"end\",\"status\":0,\"complete\":true}\n",
         "line 1: a record of type 'end', where only signals and sync are allowed", EXIT_INPUT, false},
        {"{\"type\":\"sync\",\"account\":\"p:1\",\"token\":\"2\",\"n\":2}\n",
         "line 1: a sync record that was not sent: 2 of p:1", EXIT_UNAVAILABLE, false},
        {"{\"type\":\"sync\",\"account\":\"main\",\"token\":\"1\",\"n\":1}\n",
         "line 1: a sync record that was not sent: 1 of main", EXIT_UNAVAILABLE, false},
        {SIGNAL(""), "ended before its input did", EXIT_UNAVAILABLE, false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct strategy_use use;
        struct error error = {0};
        struct runner *runner = moment(table[i].answer, table[i].two, &use, &error);
        static const char lead[] = "p:1: at 2024-01-02T21:00:00Z: ";
        const bool blamed = strncmp(error.text, lead, sizeof lead - 1) == 0;
        check(blamed == (table[i].code != EXIT_DONE), "program and moment are named when it failed");
        const char *said = blamed ? error.text + sizeof lead - 1 : error.text;
        if (table[i].wrong != NULL)
            check_text(said, table[i].wrong, "what is said of it");
        else
            check(strncmp(said, "line 1: ", 8) == 0, "the line is named");
        check(error.code == table[i].code, "with %d", table[i].code);
        runner_free(runner);
        check(fake.stopped, "it is stopped");
        strategy_use_clear(&use);
    }
}

static void test_signal(void)
{
    struct strategy_use use;
    struct error error = {0};
    struct signal signal;
    struct runner *runner = moment(
        SIGNAL(",\"stop\":9.5,\"units\":2,\"strength\":0.5,\"reason\":{\"why\":1},\"price\":3,\"id\":\"mine\"") "@\n",
        false, &use, &error);
    check_text(fake.asked,
               "{\"type\":\"bar\",\"time\":\"2024-01-02T05:00:00Z\",\"symbol\":\"A\",\"interval\":\"1d\","
               "\"end\":\"2024-01-02T21:00:00Z\",\"open\":10,\"high\":10,\"low\":10,\"close\":10,\"volume\":5}\n"
               "{\"type\":\"bar\",\"time\":\"2024-01-02T05:00:00Z\",\"symbol\":\"B\",\"interval\":\"1d\","
               "\"end\":\"2024-01-02T21:00:00Z\",\"open\":10,\"high\":10,\"low\":10,\"close\":10,\"volume\":5}\n"
               "{\"type\":\"sync\",\"time\":\"2024-01-02T21:00:00Z\",\"account\":\"p:1\",\"token\":\"1\",\"n\":1}\n",
               "the bars without what only some worlds have, then the sync record");
    const struct bar a = bar_of("A", "1d", "2024-01-02T05:00:00Z"), b = bar_of("B", "1d", "2024-01-02T05:00:00Z");
    check(runner_bar(runner, &a, &signal, &error) == 0, "no answer to A is no signal");
    check(runner_bar(runner, &b, &signal, &error) == 1 && signal.side == WANT_LONG &&
              signal.stop == 95 * DEC_ONE / 10 && signal.units == 2 && signal.strength == 0.5 && signal.initial == 1 &&
              signal.decided == b.end,
          "the answer to B, decided now");
    check(signal.price == 10 * DEC_ONE && strcmp(signal.id, "mine") != 0 && strcmp(signal.strategy, "p:1") == 0,
          "price, id and strategy are the runner's");
    check(str_is(signal.reason, "{\"why\":1}"), "its reason is passed on");
    fake.answer = "{\"type\":\"end\",\"status\":0,\"complete\":true}\n";
    check(runner_finish(runner, &error) == 0 && fake.closed, "its end");
    check(strstr(fake.asked, "{\"type\":\"end\"") == fake.asked, "for which it gets an end record");
    runner_free(runner);
    strategy_use_clear(&use);
    static const struct {
        const char *answer, *wrong;
        int status;
    } ends[] = {
        {"", "p:1: at its end: ended with 3", 3},
        {SIGNAL(""), "p:1: at its end: line 1: a record of type 'signal', where only signals and sync are allowed", 0},
        {"{\"type\":\"end\",\"status\":5,\"complete\":true}\n", "p:1: at its end: line 1: its end record says status 5",
         0},
    };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        runner = moment("@\n", false, &use, &error);
        fake.lines = 0;
        fake.answer = ends[i].answer;
        fake.status = ends[i].status;
        (void)runner_finish(runner, &error);
        check_text(error.text, ends[i].wrong, "an end that is none");
        error_clear(&error);
        runner_free(runner);
        strategy_use_clear(&use);
    }
}

int main(void)
{
    test_command_lines();
    test_answers();
    test_signal();
    return done();
}
