/* From argv to an invocation: getopt_long driven by the command's tables, every value checked whole. */
#include "base/invocation.h"
#include "base/num.h"
#include "base/terminal.h"
#include "base/time.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LONG_VALUE  256 /* getopt values of long options start here; short ones are their letter */
#define OPTIONS_MAX 128

static int option_total(const struct command *command)
{
    int total = 0;
    for (int i = 0; command->options != NULL && command->options[i] != NULL; i++)
        for (const struct option_spec *spec = command->options[i]; spec->name != NULL; spec++)
            total++;
    for (const struct option_spec *spec = option_common; spec->name != NULL; spec++)
        total++;
    return total;
}

/* Values for every option of the command, own tables first; a name or letter used twice is a bug of the table. */
static int values_make(struct invocation *invocation, struct error *error)
{
    const struct command *command = invocation->command;
    const int total = option_total(command);
    require(total > 0 && total <= OPTIONS_MAX);
    invocation->values = calloc((size_t)total, sizeof *invocation->values);
    if (invocation->values == NULL)
        return error_memory(error);
    for (int i = 0; command->options != NULL && command->options[i] != NULL; i++)
        for (const struct option_spec *spec = command->options[i]; spec->name != NULL; spec++)
            invocation->values[invocation->count++].spec = spec;
    for (const struct option_spec *spec = option_common; spec->name != NULL; spec++)
        invocation->values[invocation->count++].spec = spec;
    for (int i = 0; i < total; i++)
        for (int j = 0; j < i; j++) {
            const struct option_spec *a = invocation->values[i].spec, *b = invocation->values[j].spec;
            require(a != NULL && b != NULL && strcmp(a->name, b->name) != 0 &&
                    (a->letter == 0 || a->letter != b->letter));
        }
    return 0;
}

/* "a", "b" or "c" from "a b c"; `word` must be one of them. */
static int word_check(const struct option_spec *spec, const char *word, struct error *error)
{
    char copy[512];
    const char *words[64];
    int count = 0;
    const size_t length = strlen(spec->words);
    require(length < sizeof copy);
    memcpy(copy, spec->words, length + 1);
    for (char *p = copy; *p != '\0';) {
        require(count < 64);
        words[count++] = p;
        p += strcspn(p, " ");
        if (*p != '\0')
            *p++ = '\0';
    }
    for (int i = 0; i < count; i++)
        if (strcmp(words[i], word) == 0)
            return 0;
    error_set(error, EXIT_USAGE, "--%s: '%s' is not one of: %s", spec->name, word, spec->words);
    const char *nearest = nearest_word(word, words, count);
    if (nearest != NULL)
        error_hint(error, "did you mean '%s'?", nearest);
    return -1;
}

int percent_parse(dec *fraction, const char *text, struct error *error)
{
    const size_t length = strlen(text);
    const bool sign = length > 0 && text[length - 1] == '%';
    dec value = 0;
    if (dec_parse(&value, text, length - sign, error) != 0)
        return -1;
    if (value < 0)
        return error_set(error, EXIT_USAGE, "must not be negative");
    /* A limit of 5 that was meant as 5% would be no limit at all. */
    if (!sign && value >= DEC_ONE)
        return error_set(error, EXIT_USAGE, "a percentage needs its sign: write %.40s%%, or a fraction below 1", text);
    if (sign && value % 100 != 0)
        return error_set(error, EXIT_USAGE, "more than 6 digits after the point");
    *fraction = sign ? value / 100 : value;
    return 0;
}

/* Reads one argument into the value; `why` gets the reason of a refusal. */
static int value_parse(struct option_value *value, const char *text, struct error *why)
{
    const struct option_spec *spec = value->spec;
    switch (spec->kind) {
    case OPTION_COUNT:
        return num_parse_int(&value->number, text, spec->low, spec->high, why);
    case OPTION_DECIMAL:
        if (dec_parse(&value->number, text, strlen(text), why) != 0)
            return -1;
        break;
    case OPTION_PERCENT:
        return percent_parse(&value->number, text, why);
    case OPTION_TIME:
        return time_parse(&value->number, text, strlen(text), why);
    case OPTION_FILE:
        return text[0] == '\0' ? error_set(why, EXIT_USAGE, "a file name is needed") : 0;
    case OPTION_FLAG:
    case OPTION_TEXT:
    case OPTION_LIST:
    case OPTION_WORD:
        return 0;
    }
    return value->number < 0 ? error_set(why, EXIT_USAGE, "must not be negative") : 0;
}

static int value_set(struct option_value *value, const char *text, int argc, struct error *error)
{
    const struct option_spec *spec = value->spec;
    struct error why;
    error_clear(&why);
    if (spec->kind == OPTION_WORD && word_check(spec, text, error) != 0)
        return -1;
    if (value_parse(value, text, &why) != 0)
        return error_set(error, EXIT_USAGE, "--%s '%s': %s", spec->name, text, why.text);
    if (spec->kind == OPTION_LIST) {
        if (value->list == NULL && (value->list = calloc((size_t)argc + 1, sizeof *value->list)) == NULL)
            return error_memory(error);
        value->list[value->listed++] = text;
    }
    value->text = text;
    value->given = true;
    return 0;
}

static void common_set(struct invocation *invocation, const char *name)
{
    if (strcmp(name, "help") == 0)
        invocation->help = true;
    else if (strcmp(name, "version") == 0)
        invocation->version = true;
    else if (strcmp(name, "verbose") == 0)
        invocation->verbosity = invocation->verbosity < 1 ? 1 : 2;
    else if (strcmp(name, "quiet") == 0)
        invocation->verbosity = -1;
    else if (strcmp(name, "no-color") == 0)
        invocation->no_color = true;
    else if (strcmp(name, "no-progress") == 0)
        invocation->no_progress = true;
    else if (strcmp(name, "log-json") == 0)
        invocation->log_json = true;
}

static struct option_value *value_of(const struct invocation *invocation, int code)
{
    if (code >= LONG_VALUE)
        return &invocation->values[code - LONG_VALUE];
    for (int i = 0; i < invocation->count; i++)
        if (invocation->values[i].spec->letter == code)
            return &invocation->values[i];
    return NULL;
}

/* `word` as typed ("--intervall=5m", "-x"): unknown, with the nearest option. */
static int unknown_option(const struct invocation *invocation, const char *word, int letter, struct error *error)
{
    const char *names[OPTIONS_MAX];
    char typed[65];
    if (letter != 0) {
        error_set(error, EXIT_USAGE, "%s: unknown option '-%c'", invocation->command->name, letter);
        if (letter == 'O')
            error_hint(error,
                       "what it writes are records, for other programs; tn-report shows them, jq -r picks fields "
                       "of them");
        return -1;
    }
    const size_t length = strcspn(word + 2, "=");
    error_set(error, EXIT_USAGE, "%s: unknown option '--%.*s'", invocation->command->name, (int)length, word + 2);
    if (length >= sizeof typed)
        return -1;
    memcpy(typed, word + 2, length);
    typed[length] = '\0';
    for (int i = 0; i < invocation->count; i++)
        names[i] = invocation->values[i].spec->name;
    const char *nearest = nearest_word(typed, names, invocation->count);
    if (nearest != NULL)
        error_hint(error, "did you mean '--%s'?", nearest);
    return -1;
}

static bool is_exact(const char *word, const char *name)
{
    const size_t length = strlen(name);
    return strncmp(word, "--", 2) == 0 && strncmp(word + 2, name, length) == 0 &&
           (word[2 + length] == '\0' || word[2 + length] == '=');
}

static int take_option(struct invocation *invocation, int code, const char *word, int argc, struct error *error)
{
    const bool long_form = strncmp(word, "--", 2) == 0;
    if (code == '?' || code == ':') {
        struct option_value *value = optopt == 0 ? NULL : value_of(invocation, optopt);
        if (value == NULL || (long_form && !is_exact(word, value->spec->name)))
            return unknown_option(invocation, word, long_form ? 0 : optopt, error);
        if (code == ':')
            return error_set(error, EXIT_USAGE, "--%s needs %s", value->spec->name, value->spec->argument);
        return error_set(error, EXIT_USAGE, "--%s takes no argument", value->spec->name);
    }
    struct option_value *value = value_of(invocation, code);
    require(value != NULL);
    if (long_form && !is_exact(word, value->spec->name))
        return unknown_option(invocation, word, 0, error);
    if (value->spec->kind != OPTION_FLAG)
        return value_set(value, optarg, argc, error);
    value->given = true;
    common_set(invocation, value->spec->name);
    return 0;
}

/* A file to read is named: by an operand past the first ones, where the synopsis has files, or by --file. */
static bool names_file(const struct invocation *invocation)
{
    const struct command *command = invocation->command;
    for (int i = 0; i < invocation->count; i++)
        if (invocation->values[i].given && strcmp(invocation->values[i].spec->name, "file") == 0)
            return true;
    return strstr(command->operands, "FILE") != NULL && invocation->operand_count > command->operands_low;
}

int invocation_check_input(const struct invocation *invocation, struct error *error)
{
    const struct command *command = invocation->command;
    if (!terminal_is(STDIN_FILENO))
        return 0;
    error_set(error, EXIT_USAGE, "%s reads records, but standard input is a terminal and no file is named",
              command->name);
    error_hint(error, "%s %s%s FILE, or at the end of a pipe", invocation->program->name, command->name,
               command->operands_low > 0 ? " …" : "");
    return -1;
}

static int operands_check(const struct invocation *invocation, struct error *error)
{
    const struct command *command = invocation->command;
    if (invocation->operand_count < command->operands_low) {
        error_set(error, EXIT_USAGE, "%s: too few operands: %s needed", command->name, command->operands);
        return -1;
    }
    if (command->operands_high >= 0 && invocation->operand_count > command->operands_high)
        return error_set(error, EXIT_USAGE, "%s: unexpected operand '%s'", command->name,
                         invocation->operands[command->operands_high]);
    return command->filter && !names_file(invocation) ? invocation_check_input(invocation, error) : 0;
}

static void getopt_tables(const struct invocation *invocation, struct option *longs, char *letters)
{
    *letters++ = '-'; /* operands are returned in order: no permutation, whatever POSIXLY_CORRECT says */
    *letters++ = ':';
    for (int i = 0; i < invocation->count; i++) {
        const struct option_spec *spec = invocation->values[i].spec;
        require(spec != NULL);
        const bool argument = spec->kind != OPTION_FLAG;
        longs[i] = (struct option){spec->name, argument ? required_argument : no_argument, NULL, LONG_VALUE + i};
        if (spec->letter != 0) {
            *letters++ = spec->letter;
            if (argument)
                *letters++ = ':';
        }
    }
    longs[invocation->count] = (struct option){NULL, 0, NULL, 0};
    *letters = '\0';
}

int invocation_parse(struct invocation *invocation, int argc, char **argv, struct error *error)
{
    struct option longs[OPTIONS_MAX + 1];
    char letters[2 * OPTIONS_MAX + 3];
    if (values_make(invocation, error) != 0)
        return -1;
    invocation->operands = calloc((size_t)argc + 1, sizeof *invocation->operands);
    if (invocation->operands == NULL)
        return error_memory(error);
    getopt_tables(invocation, longs, letters);
    opterr = 0;
    optind = 0; /* 0, not 1: glibc then starts afresh, for a second parse in one process */
    for (;;) {
        const int at = optind == 0 ? 1 : optind;
        const int code = getopt_long(argc, argv, letters, longs, NULL);
        if (code == -1)
            break;
        if (code == 1)
            invocation->operands[invocation->operand_count++] = optarg;
        else if (take_option(invocation, code, argv[at], argc, error) != 0)
            return -1;
    }
    while (optind < argc)
        invocation->operands[invocation->operand_count++] = argv[optind++];
    if (invocation->help || invocation->version)
        return 0;
    return operands_check(invocation, error);
}

void invocation_clear(struct invocation *invocation)
{
    for (int i = 0; i < invocation->count; i++)
        free(invocation->values[i].list);
    free(invocation->values);
    free(invocation->operands);
    *invocation = (struct invocation){.program = invocation->program};
}

const char *invocation_program(const struct invocation *invocation)
{
    return invocation->program->name;
}

const struct command *invocation_command(const struct invocation *invocation)
{
    return invocation->command;
}

int invocation_operands(const struct invocation *invocation)
{
    return invocation->operand_count;
}

char *const *invocation_operand_list(const struct invocation *invocation)
{
    return invocation->operands;
}

int invocation_verbosity(const struct invocation *invocation)
{
    return invocation->verbosity;
}

bool invocation_color(const struct invocation *invocation)
{
    return terminal_color(STDOUT_FILENO, invocation->no_color);
}

bool invocation_progress(const struct invocation *invocation)
{
    return !invocation->no_progress && invocation->verbosity >= 0;
}

static const struct option_value *option_find(const struct invocation *invocation, const char *name)
{
    for (int i = 0; i < invocation->count; i++)
        if (strcmp(invocation->values[i].spec->name, name) == 0)
            return &invocation->values[i];
    require(!"option is in the command's tables");
    return NULL;
}

bool option_known(const struct invocation *invocation, const char *name)
{
    for (int i = 0; i < invocation->count; i++)
        if (strcmp(invocation->values[i].spec->name, name) == 0)
            return true;
    return false;
}

bool option_given(const struct invocation *invocation, const char *name)
{
    return option_find(invocation, name)->given;
}

bool option_flag(const struct invocation *invocation, const char *name)
{
    const struct option_value *value = option_find(invocation, name);
    require(value->spec->kind == OPTION_FLAG);
    return value->given;
}

const char *option_text(const struct invocation *invocation, const char *name, const char *standard)
{
    const struct option_value *value = option_find(invocation, name);
    require(value->spec->kind == OPTION_TEXT || value->spec->kind == OPTION_FILE || value->spec->kind == OPTION_WORD);
    return value->given ? value->text : standard;
}

int64_t option_count(const struct invocation *invocation, const char *name, int64_t standard)
{
    const struct option_value *value = option_find(invocation, name);
    require(value->spec->kind == OPTION_COUNT);
    return value->given ? value->number : standard;
}

dec option_decimal(const struct invocation *invocation, const char *name, dec standard)
{
    const struct option_value *value = option_find(invocation, name);
    require(value->spec->kind == OPTION_DECIMAL || value->spec->kind == OPTION_PERCENT);
    return value->given ? value->number : standard;
}

int64_t option_time(const struct invocation *invocation, const char *name, int64_t standard)
{
    const struct option_value *value = option_find(invocation, name);
    require(value->spec->kind == OPTION_TIME);
    return value->given ? value->number : standard;
}

const char *const *option_list(const struct invocation *invocation, const char *name, int *count)
{
    static const char *const none[] = {NULL};
    const struct option_value *value = option_find(invocation, name);
    require(value->spec->kind == OPTION_LIST);
    *count = value->listed;
    return value->list == NULL ? none : value->list;
}
