/* The frame of every program: the command word, help and version, the run, the error, and the check of stdout. */
#include "base/command.h"
#include "base/invocation.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define HELP_MAX     65536
#define COMMANDS_MAX 64

static void process_prepare(void)
{
    /* A closed descriptor 0, 1 or 2 would be given to the next file opened. The occupant refuses reading or writing,
     * as the closed one would have. */
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF)
            (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    const struct sigaction standard = {.sa_handler = SIG_DFL};
    (void)sigaction(SIGPIPE, &standard, NULL);
    /* A file that may grow no further is a failed write, which says so, like a full disk. */
    const struct sigaction ignored = {.sa_handler = SIG_IGN};
    (void)sigaction(SIGXFSZ, &ignored, NULL);
    const struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
}

static int print_buf(struct buf *text, struct error *error)
{
    int result = buf_check(text, error);
    if (result == 0 && fwrite(text->p, 1, text->n, stdout) != text->n)
        result = error_system(error, "cannot write standard output");
    buf_clear(text);
    return result;
}

static void print_help(const struct program *program, const struct command *command, struct error *error)
{
    struct buf text;
    buf_init(&text, HELP_MAX);
    if (command == NULL)
        help_program(&text, program);
    else
        help_command(&text, program, command);
    (void)print_buf(&text, error);
}

static void print_version(const struct program *program)
{
    printf("%s %s\n", program->name, TN_VERSION);
}

/* Columns: "command", name, operands, "filter" or "source", summary; "option", command ("*" for all), name, letter,
 * kind, argument, words, summary. "-" stands for nothing. */
static void dump_option(const char *command, const struct option_spec *spec)
{
    static const char *const kinds[] = {"flag", "text", "list", "count", "decimal", "percent", "time", "file", "word"};
    char letter[2] = {'-', '\0'};
    if (spec->letter != 0)
        letter[0] = spec->letter;
    printf("option\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", command, spec->name, letter, kinds[spec->kind],
           spec->argument == NULL ? "-" : spec->argument, spec->words == NULL ? "-" : spec->words, spec->summary);
}

static void dump_table(const struct program *program)
{
    printf("program\t%s\t%s\n", program->name, program->summary);
    for (const struct option_spec *spec = option_common; spec->name != NULL; spec++)
        dump_option("*", spec);
    for (int i = 0; i < program->count; i++) {
        const struct command *command = &program->commands[i];
        printf("command\t%s\t%s\t%s\t%s\n", command->name, command->operands[0] == '\0' ? "-" : command->operands,
               command->filter ? "filter" : "source", command->summary);
        for (int j = 0; command->options != NULL && command->options[j] != NULL; j++)
            for (const struct option_spec *spec = command->options[j]; spec->name != NULL; spec++)
                dump_option(command->name, spec);
    }
}

static const struct command *command_find(const struct program *program, const char *word, struct error *error)
{
    const char *names[COMMANDS_MAX + 1];
    require(program->count <= COMMANDS_MAX);
    for (int i = 0; i < program->count; i++) {
        if (strcmp(program->commands[i].name, word) == 0)
            return &program->commands[i];
        names[i] = program->commands[i].name;
    }
    names[program->count] = "help";
    if (word[0] == '-' && word[1] != '\0')
        error_set(error, EXIT_USAGE, "the first word must be a command, not '%s'", word);
    else
        error_set(error, EXIT_USAGE, "unknown command '%s'", word);
    const char *nearest = nearest_word(word, names, program->count + 1);
    if (nearest != NULL)
        error_hint(error, "did you mean '%s %s'?", program->name, nearest);
    return NULL;
}

/* Help, version and the table dump asked for in place of a command. True when that was it. */
static bool answer_directly(const struct program *program, int argc, char **argv, struct error *error)
{
    const char *word = argv[1];
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
        print_version(program);
    } else if (strcmp(word, "--dump-table") == 0) {
        dump_table(program);
    } else if (strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        const struct command *command = NULL;
        const char *topic = argc > 2 && argv[2][0] != '-' ? argv[2] : NULL;
        if (topic == NULL || (command = command_find(program, topic, error)) != NULL)
            print_help(program, command, error);
    } else {
        return false;
    }
    return true;
}

static enum exit_code program_run(const struct program *program, struct invocation *invocation, int argc, char **argv,
                                  struct error *error)
{
    if (argc < 2) {
        error_set(error, EXIT_USAGE, "no command given");
        return EXIT_USAGE;
    }
    if (answer_directly(program, argc, argv, error))
        return error->code;
    invocation->command = command_find(program, argv[1], error);
    if (invocation->command == NULL || invocation_parse(invocation, argc - 1, argv + 1, error) != 0)
        return error->code;
    if (invocation->help)
        print_help(program, invocation->command, error);
    else if (invocation->version)
        print_version(program);
    else
        return invocation->command->run(invocation, error);
    return error->code;
}

/* --log-json counts for errors in the command line too, wherever it stands. */
static bool wants_log_json(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--log-json") == 0)
            return true;
    return false;
}

int program_main(const struct program *program, int argc, char **argv)
{
    struct invocation invocation = {.program = program};
    struct error error;
    error_clear(&error);
    process_prepare();
    invocation.log_json = wants_log_json(argc, argv);
    enum exit_code code = program_run(program, &invocation, argc, argv, &error);
    if (error_is_set(&error)) {
        code = exit_worst(code, error.code);
        if (error.code == EXIT_USAGE && error.hint[0] == '\0')
            error_hint(&error, "see '%s help%s%s'", program->name, invocation.command == NULL ? "" : " ",
                       invocation.command == NULL ? "" : invocation.command->name);
        say_error(&invocation, &error);
    }
    errno = 0;
    const bool failed = ferror(stdout) != 0;
    if (fclose(stdout) != 0 || failed) {
        struct error lost;
        error_clear(&lost);
        error_system(&lost, "cannot write standard output");
        if (error.code != EXIT_SYSTEM)
            say_error(&invocation, &lost);
        code = exit_worst(code, EXIT_SYSTEM);
    }
    invocation_clear(&invocation);
    return (int)code;
}
