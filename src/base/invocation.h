/* The inside of an invocation, for the files of base/ that make up the command line; others use command.h. */
#ifndef TN_BASE_INVOCATION_H
#define TN_BASE_INVOCATION_H

#include "base/command.h"

struct option_value {
    const struct option_spec *spec;
    bool given;
    const char *text;  /* of argv */
    int64_t number;    /* count, decimal, time */
    const char **list; /* OPTION_LIST; owned, of argv */
    int listed;
};

struct invocation {
    const struct program *program;
    const struct command *command; /* NULL until the first word is known */
    struct option_value *values;   /* owned */
    int count;
    char **operands; /* owned array of argv's, NULL-terminated */
    int operand_count;
    int verbosity;
    bool no_color, no_progress, log_json, help, version;
};

/* Parse what follows the command word (argv[0] is the command). -1: a usage error. */
int invocation_parse(struct invocation *invocation, int argc, char **argv, struct error *error);
void invocation_clear(struct invocation *invocation);

#endif
