/* --help, --version and the dump of the command table. */
#include "base/command.h"
#include "base/terminal.h"

#include <stdio.h>
#include <string.h>

#define HELP_WIDTH  80
#define NAME_COLUMN 28

const struct option_spec option_common[] = {
    {.name = "help", .letter = 'h', .kind = OPTION_FLAG, .summary = "print this help, examples first"},
    {.name = "version", .letter = 'V', .kind = OPTION_FLAG, .summary = "print the version"},
    {.name = "verbose", .letter = 'v', .kind = OPTION_FLAG, .summary = "report decisions; twice for details"},
    {.name = "quiet", .letter = 'q', .kind = OPTION_FLAG, .summary = "report errors only"},
    {.name = "no-color", .kind = OPTION_FLAG, .summary = "never use colour"},
    {.name = "no-progress", .kind = OPTION_FLAG, .summary = "show no progress line"},
    {.name = "log-json", .kind = OPTION_FLAG, .summary = "write messages as records to standard error"},
    {.name = NULL},
};

/* Words of `text` from column `from` on, later lines indented to it; ends the line. */
static void add_wrapped(struct buf *out, const char *text, int from)
{
    int column = from;
    while (*text != '\0') {
        const size_t length = strcspn(text, " ");
        const struct str word = {text, length};
        const int wide = terminal_columns(word);
        if (column > from && column + 1 + wide > HELP_WIDTH) {
            buf_printf(out, "\n%*s", from, "");
            column = from;
        }
        if (column > from) {
            buf_add_char(out, ' ');
            column++;
        }
        buf_add_str(out, word);
        column += wide;
        text += length;
        text += strspn(text, " ");
    }
    buf_add_char(out, '\n');
}

static void add_entry(struct buf *out, const char *name, const char *summary)
{
    const int wide = terminal_columns(str_of(name));
    buf_printf(out, "  %s", name);
    if (wide + 4 > NAME_COLUMN)
        buf_printf(out, "\n%*s", NAME_COLUMN, "");
    else
        buf_printf(out, "%*s", NAME_COLUMN - 2 - wide, "");
    add_wrapped(out, summary, NAME_COLUMN);
}

static void add_option(struct buf *out, const struct option_spec *spec)
{
    char name[128];
    (void)snprintf(name, sizeof name, "%c%c%s --%s%s%s", spec->letter == 0 ? ' ' : '-',
                   spec->letter == 0 ? ' ' : spec->letter, spec->letter == 0 ? " " : ",", spec->name,
                   spec->argument == NULL ? "" : " ", spec->argument == NULL ? "" : spec->argument);
    add_entry(out, name, spec->summary);
}

static void add_lines(struct buf *out, const char *lines)
{
    while (*lines != '\0') {
        const size_t length = strcspn(lines, "\n");
        buf_printf(out, "  %.*s\n", (int)length, lines);
        lines += length + (lines[length] == '\n');
    }
}

void help_program(struct buf *out, const struct program *program)
{
    buf_add_text(out, "Examples:\n");
    for (int i = 0; i < program->count; i++)
        if (program->commands[i].example != NULL)
            add_lines(out, program->commands[i].example);
    buf_printf(out, "\nUsage: %s COMMAND [OPTION…] [OPERAND…]\n\n%s: ", program->name, program->name);
    add_wrapped(out, program->summary, 0);
    buf_add_text(out, "\nCommands:\n");
    for (int i = 0; i < program->count; i++)
        add_entry(out, program->commands[i].name, program->commands[i].summary);
    buf_add_text(out, "\nEvery command knows:\n");
    for (const struct option_spec *spec = option_common; spec->name != NULL; spec++)
        add_option(out, spec);
    buf_printf(out, "\n'%s help COMMAND' explains a command, 'man %s' everything.\n", program->name, program->name);
}

void help_command(struct buf *out, const struct program *program, const struct command *command)
{
    if (command->example != NULL) {
        buf_add_text(out, "Examples:\n");
        add_lines(out, command->example);
        buf_add_char(out, '\n');
    }
    buf_printf(out, "Usage: %s %s [OPTION…]%s%s\n\n", program->name, command->name,
               command->operands[0] == '\0' ? "" : " ", command->operands);
    add_wrapped(out, command->summary, 0);
    bool any = false;
    for (int i = 0; command->options != NULL && command->options[i] != NULL; i++)
        for (const struct option_spec *spec = command->options[i]; spec->name != NULL; spec++) {
            if (!any)
                buf_add_text(out, "\nOptions:\n");
            any = true;
            add_option(out, spec);
        }
    buf_printf(out, "\nEvery command also knows -h -V -v -q --no-color --no-progress --log-json ('%s help').\n",
               program->name);
}
