/* The command line of every program, as one table: it gives the parser, --help, the hints for misspelt words, the
 * completions, and what the man-page test compares with.
 *
 * The first word is a command, then options (getopt_long, any order, `--` ends them), then operands. Every program
 * also knows -h/--help, -V/--version, -v/--verbose (repeatable), -q/--quiet, --no-color, --no-progress, --log-json and
 * `help COMMAND`; they are not in its table. Long names are never shortened: `--liv` is not `--live`.
 *
 *     int main(int argc, char **argv) { return program_main(&program, argc, argv); }
 *
 * `tn-NAME --dump-table` writes the table as tab-separated lines for the generators and tests of this project. */
#ifndef TN_BASE_COMMAND_H
#define TN_BASE_COMMAND_H

#include "base/buf.h"
#include "base/dec.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum option_kind {
    OPTION_FLAG,    /* no argument */
    OPTION_TEXT,    /* any argument, the last one counts */
    OPTION_LIST,    /* may be given several times */
    OPTION_COUNT,   /* a whole number within [low, high] */
    OPTION_DECIMAL, /* an exact decimal >= 0 */
    OPTION_PERCENT, /* "5%" or "0.05", as an exact fraction */
    OPTION_TIME,    /* RFC 3339 or a bare date */
    OPTION_FILE,    /* a path; completed as one */
    OPTION_WORD,    /* one of `words`, separated by spaces */
};

struct option_spec {
    const char *name; /* long name without the dashes */
    char letter;      /* short form, 0 for none */
    enum option_kind kind;
    const char *argument; /* "FILE"; NULL for flags */
    const char *summary;  /* one line; says the default */
    const char *words;    /* OPTION_WORD */
    int64_t low, high;    /* OPTION_COUNT */
};

struct invocation;

struct command {
    const char *name;
    const char *operands; /* for the synopsis: "[FILE…]", "STRATEGY [FILE…]", "" for none */
    const char *summary;
    const struct option_spec *const *options; /* NULL-terminated list of tables, each ended by a spec without name */
    int operands_low, operands_high;          /* how many; high -1 for any */
    const char *example;                      /* shown first by --help; one or more lines */
    bool filter; /* reads records on standard input when no file is named: by an operand beyond operands_low, where
                    `operands` has FILE, or by an option --file */
    enum exit_code (*run)(struct invocation *invocation, struct error *error);
};

struct program {
    const char *name; /* "tn-quote" */
    const char *summary;
    const struct command *commands;
    int count;
};

/* Parse, run, print the error (and hint), check stdout, and give the exit code for main to return. `run` returns its
 * exit code and may have set the error; the more urgent of the two codes counts. Standard descriptors that came closed
 * are occupied (so that no file becomes "standard output"), SIGPIPE has its default action, and there are no cores. */
int program_main(const struct program *program, int argc, char **argv);

/* -1 and a usage error where a command that reads records has only a terminal to read them from. */
int invocation_check_input(const struct invocation *invocation, struct error *error);

/* What was given. Asking for an option that is not in the command's tables, or as another kind, is a bug (require). */
const char *invocation_program(const struct invocation *invocation);
const struct command *invocation_command(const struct invocation *invocation);
int invocation_operands(const struct invocation *invocation);
char *const *invocation_operand_list(const struct invocation *invocation); /* NULL-terminated */
int invocation_verbosity(const struct invocation *invocation);             /* -1 for -q, 0, 1, 2 */
bool invocation_color(const struct invocation *invocation);                /* standard output may bear colour */
bool invocation_progress(const struct invocation *invocation);             /* without --no-progress and -q */
/* Whether an option is in the command's tables, for code that several commands share. */
bool option_known(const struct invocation *invocation, const char *name);
bool option_given(const struct invocation *invocation, const char *name);
bool option_flag(const struct invocation *invocation, const char *name);
const char *option_text(const struct invocation *invocation, const char *name, const char *standard);
int64_t option_count(const struct invocation *invocation, const char *name, int64_t standard);
dec option_decimal(const struct invocation *invocation, const char *name, dec standard);
int64_t option_time(const struct invocation *invocation, const char *name, int64_t standard);
/* The values of an OPTION_LIST, in order; *count is set. */
const char *const *option_list(const struct invocation *invocation, const char *name, int *count);

/* "5%" or "0.05" as an exact fraction, >= 0, for options and settings; without the sign it must be below 1. */
int percent_parse(dec *fraction, const char *text, struct error *error);

/* The nearest of `words` (Damerau–Levenshtein, at most a third of the length away, or begun with `word`), or NULL. */
const char *nearest_word(const char *word, const char *const *words, int count);

/* Append the help of the program, or of one command, examples first. */
void help_program(struct buf *out, const struct program *program);
void help_command(struct buf *out, const struct program *program, const struct command *command);
/* The options every program knows, ended by a spec without name. */
extern const struct option_spec option_common[];

/* "tn-quote: TEXT" and "  hint: …" on stderr, or with --log-json one `log` record; terminal escapes stripped. */
void say_error(const struct invocation *invocation, const struct error *error);
/* Talk on stderr from verbosity `level` on. */
void say(const struct invocation *invocation, int level, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* What a person is likely to do next, "next: …", as git does: only where standard error is a terminal, and not with -q
 * or
 * --log-json. Scripts never see it. */
void suggest(const struct invocation *invocation, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
