/* The command line: parsing by table, refusals with hints, help, and the exit code of program_main. */
#include "base/command.h"
#include "base/invocation.h"
#include "base/terminal.h"
#include "base/time.h"

#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static enum exit_code bars_run(struct invocation *invocation, struct error *error)
{
    for (int i = 0; i < invocation_operands(invocation); i++)
        printf("%s\n", invocation_operand_list(invocation)[i]);
    if (option_flag(invocation, "strict"))
        error_set(error, EXIT_INPUT, "cannot read '%s'", "a\033[31mb");
    return EXIT_DONE;
}

static enum exit_code run_run(struct invocation *invocation, struct error *error)
{
    (void)invocation;
    (void)error;
    return EXIT_NO;
}

static const struct option_spec own[] = {
    {.name = "interval", .letter = 'i', .kind = OPTION_TEXT, .argument = "INTERVAL", .summary = "of the bars (1d)"},
    {.name = "count", .letter = 'n', .kind = OPTION_COUNT, .argument = "N", .summary = "bars", .low = 1, .high = 9999},
    {.name = "cash", .kind = OPTION_DECIMAL, .argument = "AMOUNT", .summary = "cash"},
    {.name = "limit", .kind = OPTION_PERCENT, .argument = "PART", .summary = "limit"},
    {.name = "from", .kind = OPTION_TIME, .argument = "TIME", .summary = "first"},
    {.name = "output",
     .letter = 'O',
     .kind = OPTION_WORD,
     .argument = "FORM",
     .summary = "form",
     .words = "table json"},
    {.name = "set", .letter = 's', .kind = OPTION_LIST, .argument = "NAME=VALUE", .summary = "set"},
    {.name = "file", .letter = 'o', .kind = OPTION_FILE, .argument = "FILE", .summary = "write there"},
    {.name = NULL}};
static const struct option_spec shared[] = {{.name = "strict", .kind = OPTION_FLAG, .summary = "stop at once"},
                                            {.name = NULL}};
static const struct option_spec *const tables[] = {own, shared, NULL};
static const struct command commands[] = {
    {.name = "bars",
     .operands = "SYMBOL…",
     .summary = "fetch bars",
     .options = tables,
     .operands_low = 0,
     .operands_high = 2,
     .example = "tn-test bars AAPL\ntn-test bars MSFT -n 3",
     .run = bars_run},
    {.name = "run",
     .operands = "STRATEGY [FILE…]",
     .summary = "run it",
     .operands_low = 1,
     .operands_high = -1,
     .filter = true,
     .run = run_run},
};
static const struct program program = {"tn-test", "tests the command line", commands, 2};

#define WORDS_MAX 32

/* Parse `line` (words separated by single spaces) for `bars`; the words live in `copy`. */
static int parse(struct invocation *invocation, char copy[static 256], const char *line, struct error *error)
{
    char *words[WORDS_MAX];
    int count = 0;
    (void)snprintf(copy, 256, "%s", line);
    for (char *p = copy; *p != '\0' && count < WORDS_MAX - 1;) {
        words[count++] = p;
        p += strcspn(p, " ");
        if (*p != '\0')
            *p++ = '\0';
    }
    words[count] = NULL;
    *invocation = (struct invocation){.program = &program, .command = &commands[0]};
    error_clear(error);
    return invocation_parse(invocation, count, words, error);
}

static void test_values(void)
{
    struct invocation invocation;
    struct error error;
    char copy[256];
    int listed = 0;
    check(parse(&invocation, copy,
                "bars AAPL -i 5m -n20 --cash 0.1 --limit=5% --from 2024-01-02 -O json --set a=1 -s b=2 -vv -- -x",
                &error) == 0,
          "options and operands in any order");
    check_text(option_text(&invocation, "interval", "1d"), "5m", "text");
    check(option_count(&invocation, "count", 7) == 20, "count");
    check(option_decimal(&invocation, "cash", 0) == DEC_ONE / 10, "0.1 is exact");
    check(option_decimal(&invocation, "limit", 0) == DEC_ONE / 20, "5%% is 0.05");
    check(option_time(&invocation, "from", 0) == INT64_C(1704153600) * TIME_SECOND, "a date is its midnight UTC");
    check_text(option_text(&invocation, "output", "table"), "json", "word");
    const char *const *list = option_list(&invocation, "set", &listed);
    check(listed == 2 && strcmp(list[0], "a=1") == 0 && strcmp(list[1], "b=2") == 0, "a list keeps its order");
    check(invocation_verbosity(&invocation) == 2, "-vv");
    check(!option_flag(&invocation, "strict") && !option_given(&invocation, "file"), "not given");
    check(invocation_operands(&invocation) == 2, "two operands");
    check_text(invocation_operand_list(&invocation)[1], "-x", "-- ends options");
    check(invocation_operand_list(&invocation)[2] == NULL, "operands end with NULL");
    invocation_clear(&invocation);

    check(parse(&invocation, copy, "bars --interval 1h -i 2h --strict -q -", &error) == 0, "options given twice");
    check_text(option_text(&invocation, "interval", "1d"), "2h", "the last one counts");
    check(option_count(&invocation, "count", 7) == 7, "the standard when not given");
    check(option_flag(&invocation, "strict") && invocation_verbosity(&invocation) == -1, "--strict -q");
    check_text(invocation_operand_list(&invocation)[0], "-", "- is an operand");
    check(option_list(&invocation, "set", &listed)[0] == NULL && listed == 0, "an empty list");
    invocation_clear(&invocation);
}

static void test_refusals(void)
{
    static const struct {
        const char *line, *text, *hint;
    } cases[] = {
        {"bars --intervall 5m", "bars: unknown option '--intervall'", "did you mean '--interval'?"},
        {"bars --inter 5m", "bars: unknown option '--inter'", "did you mean '--interval'?"},
        {"bars --inter=5m", "bars: unknown option '--inter'", "did you mean '--interval'?"},
        {"bars --str", "bars: unknown option '--str'", "did you mean '--strict'?"},
        {"bars -x", "bars: unknown option '-x'", ""},
        {"bars --zzzzzz", "bars: unknown option '--zzzzzz'", ""},
        {"bars -n", "--count needs N", ""},
        {"bars --count", "--count needs N", ""},
        {"bars --strict=1", "--strict takes no argument", ""},
        {"bars --cash -1", "--cash '-1': must not be negative", ""},
        {"bars -O tabel", "--output: 'tabel' is not one of: table json", "did you mean 'table'?"},
        {"bars a b c", "bars: unexpected operand 'c'", ""},
        {"bars --file=", "--file '': a file name is needed", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct invocation invocation;
        struct error error;
        char copy[256];
        check(parse(&invocation, copy, cases[i].line, &error) == -1 && error.code == EXIT_USAGE, "%s", cases[i].line);
        check_text(error.text, cases[i].text, "its message");
        check_text(error.hint, cases[i].hint, "its hint");
        invocation_clear(&invocation);
    }
    static const char *const bad[] = {"bars -n 0",        "bars -n 10000",        "bars -n 3x",       "bars -n ",
                                      "bars --cash 1e-9", "bars --cash NaN",      "bars --limit 5%%", "bars --limit 5",
                                      "bars --limit 1",   "bars --from yesterday"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct invocation invocation;
        struct error error;
        char copy[256];
        check(parse(&invocation, copy, bad[i], &error) == -1 && error.code == EXIT_USAGE, "refuses %s", bad[i]);
        invocation_clear(&invocation);
    }
}

static void test_nearest(void)
{
    static const char *const words[] = {"bars", "quotes", "run", "momentum", "sma-cross", "mean-reversion"};
    check_text(nearest_word("bras", words, 6), "bars", "two letters swapped cost 1");
    check_text(nearest_word("momentun", words, 6), "momentum", "one letter wrong");
    check_text(nearest_word("mean-revrsoin", words, 6), "mean-reversion", "a lost letter and a swap");
    check_text(nearest_word("mom", words, 6), "momentum", "the beginning of a word");
    check(nearest_word("zebra", words, 6) == NULL, "nothing near");
    check(nearest_word("", words, 6) == NULL, "an empty word is near nothing");
    char long_word[200];
    memset(long_word, 'a', sizeof long_word - 1);
    long_word[sizeof long_word - 1] = '\0';
    check(nearest_word(long_word, words, 6) == NULL, "an endless word is near nothing");
}

static void test_help(void)
{
    struct buf text;
    buf_init(&text, 65536);
    help_command(&text, &program, &commands[0]);
    check(strncmp(text.p, "Examples:\n  tn-test bars AAPL\n  tn-test bars MSFT -n 3\n", 53) == 0,
          "examples come first");
    check(strstr(text.p, "Usage: tn-test bars [OPTION…] SYMBOL…\n") != NULL, "the synopsis");
    check(strstr(text.p, "  -i, --interval INTERVAL   of the bars (1d)\n") != NULL, "an option");
    buf_reset(&text);
    help_program(&text, &program);
    check(strstr(text.p, "\n  bars                      fetch bars\n") != NULL, "the commands");
    check(strstr(text.p, "  -q, --quiet ") != NULL, "the common options");
    buf_clear(&text);
}

/* Run program_main in a child; its output, its messages and its exit code. */
static int run(char *const *argv, char output[static 1024], char messages[static 1024], const char *stdout_path)
{
    char name[2][32] = {"/tmp/tn-command-1-XXXXXX", "/tmp/tn-command-2-XXXXXX"};
    const int out = mkstemp(name[0]), err = mkstemp(name[1]);
    int argc = 0, status = 0;
    while (argv[argc] != NULL)
        argc++;
    (void)fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        dup2(open("/dev/null", O_RDONLY), 0);
        dup2(stdout_path == NULL ? out : open(stdout_path, O_WRONLY), 1);
        dup2(err, 2);
        _exit(program_main(&program, argc, (char **)argv));
    }
    waitpid(child, &status, 0);
    memset(output, 0, 1024);
    memset(messages, 0, 1024);
    (void)!pread(out, output, 1023, 0);
    (void)!pread(err, messages, 1023, 0);
    close(out);
    close(err);
    unlink(name[0]);
    unlink(name[1]);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#define RUN(stdout_path, ...) run((char *[]){"tn-test", __VA_ARGS__, NULL}, output, messages, stdout_path)

static void test_main(void)
{
    char output[1024], messages[1024];
    check(RUN(NULL, "bars", "AAPL") == 0, "runs");
    check_text(output, "AAPL\n", "its output");
    check(RUN(NULL, "run", "x") == 1, "the exit code of the command");
    check(RUN(NULL, "bars", "--strict") == 3, "the error's code counts");
    check_text(messages, "tn-test: cannot read 'a?[31mb'\n", "fault-076: no escape reaches the terminal");
    check(RUN(NULL, "bras") == 2, "an unknown command");
    check_text(messages, "tn-test: unknown command 'bras'\n  hint: did you mean 'tn-test bars'?\n", "two lines");
    check(RUN(NULL, "run") == 2, "an operand missing");
    check_text(messages, "tn-test: run: too few operands: STRATEGY [FILE…] needed\n  hint: see 'tn-test help run'\n",
               "two lines again");
    check(RUN(NULL, "-v", "bars") == 2, "the first word is a command");
    check(RUN(NULL, "-h") == 0 && strncmp(output, "Examples:", 9) == 0 && messages[0] == '\0', "-h");
    check(RUN(NULL, "help", "run") == 0 && strstr(output, "STRATEGY [FILE…]") != NULL, "help COMMAND");
    check(RUN(NULL, "run", "--help") == 0 && strstr(output, "STRATEGY [FILE…]") != NULL, "COMMAND --help");
    check(RUN(NULL, "help", "rnu") == 2, "help for an unknown command");
    check(RUN(NULL, "--version") == 0 && strcmp(output, "tn-test " TN_VERSION "\n") == 0, "--version");
    check(RUN(NULL, "bras", "--log-json") == 2 && strstr(messages, "\"text\":\"unknown command 'bras'\"") != NULL &&
              strstr(messages, "{\"type\":\"log\",\"time\":\"") == messages &&
              strstr(messages, "\"code\":2}\n") != NULL,
          "--log-json writes a record");
    check(RUN("/dev/full", "bars", "AAPL") == 10, "fault-010: a full disk is an error");
    check_text(messages, "tn-test: cannot write standard output: No space left on device\n", "and said");
    check(RUN("/dev/full", "--help") == 10, "fault-010: for help too");
}

static void test_strip(void)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"plain é 漢", "plain é 漢"},
        {"a\033[31;1mb\033[0mc", "abc"},
        {"a\033]0;title\007b\033]8;;x\033\\c", "abc"},
        {"a\033Pdevice\033\\b", "ab"},
        {"a\033(0b\033cd", "abd"},
        {"a\rb\bc\x7f", "abc"},
        {"a\xc2\x9b"
         "31mb",
         "a31mb"},
        {"a\x9b"
         "b",
         "a?b"},
        {"a\xe2\x80\xae"
         "b",
         "ab"},
        {"a\tb\nc", "a b c"},
        {"a\033[", "a"},
        {"a\033", "a"},
        {"a\033]never ended", "a"},
        {"\xc0\xaf\xed\xa0\x80", "?????"},
    };
    struct buf out;
    buf_init(&out, 4096);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        buf_reset(&out);
        buf_add_text(&out, "");
        terminal_strip(&out, str_of(cases[i].text));
        check_text(out.p, cases[i].want, "fault-076: stripped for a terminal");
    }
    buf_clear(&out);
    check(terminal_columns(str_of("aé漢\xcc\x81")) == 4, "columns: one, one, two, none");
    check(!terminal_color(STDIN_FILENO, true), "no colour when refused");
}

int main(void)
{
    test_values();
    test_refusals();
    test_nearest();
    test_help();
    test_main();
    test_strip();
    return done();
}
