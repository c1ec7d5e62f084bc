/* The input of a filter: the files of --file and of operands, or standard input, with --where and --strict, as a flow
 * of records. */
#ifndef TN_FEED_INPUT_H
#define TN_FEED_INPUT_H

#include "base/command.h"
#include "record/flow.h"

/* --file --strict --where, --pass, and --keep-times. */
extern const struct option_spec input_options[], input_pass_option[], input_times_option[];

struct expr;

/* Frees the expression of --where, and says so when it asked for a field that no record had: it may be misspelt, and
 * then its answer was no to everything. NULL is allowed. */
void where_close(const struct invocation *invocation, struct expr *where);

struct input;

/* `pass`: market records go on to the output. Operands are files where the command has no others ("[FILE…]"). */
struct input *input_open(const struct invocation *invocation, bool pass, struct error *error);

struct input_plan {
    char *const *files; /* operands that are files, NULL-terminated, read after those of --file; NULL: as input_open */
    bool pass;
    bool all;            /* --where means something else here: all records are kept */
    bool none;           /* the input comes from elsewhere: nothing is read */
    const char *measure; /* what --keep-times counts the turns as (feed/service_log.h); NULL: it is not asked */
    bool sink;           /* writes no records, no `end` either */
    int (*on_wait)(void *context, struct error *error); /* before every wait for input (struct flow_options) */
    void *context;
};

struct input *input_open_plan(const struct invocation *invocation, const struct input_plan *plan, struct error *error);
struct flow *input_flow(struct input *input);
/* Ends the flow and frees everything; the exit code of the run. */
enum exit_code input_close(struct input *input, struct error *error);

/* Signals of programs before this one go on under --pass; all the rest is flow_pass. */
int input_pass(struct input *input, const struct record *record, struct error *error);
/* A status record of the input, for --keep-times: how long feeds were fresh is kept too. -1: it cannot be decoded. */
int input_watch(struct input *input, const struct record *record, struct error *error);
/* A value was refused: counts the line as bad when the line is to blame. -1: the run cannot go on. */
int input_refused(struct input *input, struct error *error);

#endif
