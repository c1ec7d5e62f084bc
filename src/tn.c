/* tn: the way in. Alone it prints the map of the programs; `tn NAME …` runs tn-NAME; `tn config` and `tn doctor` say
 * how things stand. */
#include "tn/commands.h"

#include "exchange/exchange.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum exit_code map_run(struct invocation *invocation, struct error *error);

/* Reached only when tn-NAME could not be run: it is in the table for the map, the hints and the completions. */
static enum exit_code program_missing(struct invocation *invocation, struct error *error)
{
    const char *name = invocation_command(invocation)->name;
    error_set(error, EXIT_USAGE, "tn-%s is not installed", name);
    error_hint(error, "it belongs beside tn, or on PATH; 'tn doctor' checks the installation");
    return EXIT_USAGE;
}

#define PROGRAM(word, text)                                                                                            \
    {                                                                                                                  \
        .name = (word), .operands = "COMMAND…", .summary = (text), .operands_high = -1, .run = program_missing         \
    }

static const struct option_spec now_option_table[] = {
    {"now", 0, OPTION_TIME, "TIME", "time to use as the present (default: now)", NULL, 0, 0},
    {0},
};
static const struct option_spec out_option_table[] = {
    {"out", 'o', OPTION_FILE, "FILE", "replace this file (default: standard output)", NULL, 0, 0},
    {0},
};
static const struct option_spec keep_option_table[] = {
    {"keep", 0, OPTION_FLAG, NULL, "keep the result for tn-report service, as the timer does", NULL, 0, 0},
    {0},
};
static const struct option_spec *const health_options[] = {keep_option_table, now_option_table, style_options, NULL};
static const struct option_spec listen_option_table[] = {
    {"listen", 0, OPTION_FLAG, NULL, "serve the metrics over HTTP, until a signal ends it", NULL, 0, 0},
    {"address", 0, OPTION_TEXT, "ADDRESS", "local address to listen on (default 127.0.0.1)", NULL, 0, 0},
    {"port", 0, OPTION_COUNT, "PORT", "port to listen on, 0 for any free one (default 9187)", NULL, 0, 65535},
    {0},
};
static const struct option_spec *const metrics_options[] = {out_option_table, listen_option_table, now_option_table,
                                                            NULL};
static const struct option_spec *const answer_options[] = {style_options, NULL};
static const struct option_spec *const session_tables[] = {session_options, NULL};
static const struct command commands[] = {
    PROGRAM("quote", "fetch market data: bars, quotes, corporate actions"),
    PROGRAM("stream", "deliver live, recorded and replayed market data"),
    PROGRAM("signal", "turn market records into indicators and signals"),
    PROGRAM("risk", "turn signals into sized, permitted orders"),
    PROGRAM("order", "execute orders and track them, on paper"),
    PROGRAM("journal", "keep the history of every account, and answer from it"),
    PROGRAM("backtest", "run strategies over history"),
    PROGRAM("report", "show results: tables, charts"),
    PROGRAM("notify", "send alerts: mail, messengers, the desktop"),
    {.name = "config",
     .operands = "[SECTION [TITLE]]",
     .summary = "show every setting, its value and where it comes from",
     .options = answer_options,
     .operands_high = 2,
     .example = "tn config account",
     .run = settings_run},
    {.name = "doctor",
     .operands = "",
     .summary = "check installation, configuration, clock, permissions, journal",
     .options = answer_options,
     .example = "tn doctor",
     .run = doctor_run},
    {.name = "session",
     .operands = "[CALENDAR]",
     .summary = "say whether a market is open: minutes until it opens or closes",
     .options = session_tables,
     .operands_high = 1,
     .example = "tn session nyse",
     .run = session_run},
    {.name = "health",
     .operands = "",
     .summary = "check jobs, journal, backup, stops, prices and limits, for a timer",
     .options = health_options,
     .example = "tn health -O json | tn-notify send",
     .run = health_run},
    {.name = "metrics",
     .operands = "",
     .summary = "write these checks as metrics for Prometheus",
     .options = metrics_options,
     .example = "tn metrics -o /var/lib/prometheus/node-exporter/truenorth.prom",
     .run = metrics_run},
    {.name = "map", .operands = "", .summary = "print this map; tn alone does too", .example = "tn", .run = map_run},
};
static const struct program program = {
    .name = "tn",
    .summary = "a trading desk of small programs; tn NAME runs tn-NAME",
    .commands = commands,
    .count = sizeof commands / sizeof commands[0],
};

const char *const family[] = {"quote",   "stream",   "signal", "risk",   "order",
                              "journal", "backtest", "report", "notify", NULL};

static enum exit_code map_run(struct invocation *invocation, struct error *error)
{
    (void)invocation;
    (void)error;
    printf("True North: a trading desk of small programs that read and write records.\n\n");
    for (int i = 0; i < program.count; i++)
        printf("  tn %-10s %s\n", commands[i].name, commands[i].summary);
    printf("\nA first look, on a synthetic market:\n"
           "  tn-quote bars -s sim AAPL -n 1000 | tn-backtest run momentum | tn-report summary\n\n"
           "'tn NAME help' explains a program, 'man tn-tutorial' begins at the beginning;\n"
           "'tn-morning-scan' runs the morning of a paper account.\n");
    return EXIT_DONE;
}

int own_path(char *path, const char *name, struct error *error)
{
    const ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);
    if (length <= 0)
        return error_system(error, "cannot tell where tn is installed");
    path[length] = '\0';
    char *slash = strrchr(path, '/');
    const size_t used = slash == NULL ? 0 : (size_t)(slash - path) + 1;
    if (snprintf(path + used, PATH_MAX - used, "tn-%s", name) >= (int)(PATH_MAX - used))
        return error_set(error, EXIT_USAGE, "no program has a name that long");
    return 0;
}

static bool is_own(const char *word)
{
    for (int i = 0; i < program.count; i++)
        if (strcmp(word, commands[i].name) == 0)
            return commands[i].run != program_missing;
    return word[0] == '-' || strcmp(word, "help") == 0;
}

/* Become tn-NAME: beside us first, so that an installation holds together, then on PATH for programs of the user.
 * Returns when there is none. */
static void program_become(char **argv, const char *name)
{
    char path[PATH_MAX];
    struct error ignored;
    error_clear(&ignored);
    if (strchr(name, '/') != NULL || own_path(path, name, &ignored) != 0)
        return;
    argv[0] = strrchr(path, '/') + 1;
    (void)execv(path, argv);
    (void)execvp(argv[0], argv);
}

/* What follows the word was meant for a program that is not there; only how messages look is still ours. */
static int keep_log_json(int argc, char **argv)
{
    for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--log-json") == 0) {
            argv[2] = argv[i];
            argv[3] = NULL;
            return 3;
        }
    argv[2] = NULL;
    return 2;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return program_main(&program, 2, (char *[]){argv[0], "map", NULL});
    if (!is_own(argv[1])) {
        char *word = argv[1];
        program_become(argv + 1, word);
        argv[1] = word;
        argc = keep_log_json(argc, argv);
    } else if (strcmp(argv[1], "help") == 0 && argc == 3 && !is_own(argv[2])) {
        program_become((char *[]){NULL, "help", NULL}, argv[2]);
    }
    return program_main(&program, argc, argv);
}
