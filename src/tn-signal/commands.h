/* The commands of tn-signal, and what they share. */
#ifndef TN_SIGNAL_COMMANDS_H
#define TN_SIGNAL_COMMANDS_H

#include "base/command.h"
#include "record/flow.h"
#include "show/style.h"

enum exit_code signal_add(struct invocation *invocation, struct error *error);
enum exit_code signal_run(struct invocation *invocation, struct error *error);
enum exit_code signal_list(struct invocation *invocation, struct error *error);

/* The input of add and run: the files of --file, or standard input, with --where and --strict. */
struct input;

struct input *input_open(const struct invocation *invocation, bool pass, struct error *error);
struct flow *input_flow(struct input *input);
/* Ends the flow and frees everything; the exit code of the run. */
enum exit_code input_close(struct input *input, struct error *error);

/* Signals of programs before this one go on under --pass; all the rest is flow_pass. */
int input_pass(struct input *input, const struct record *record, struct error *error);
/* A value was refused: counts the line as bad when the line is to blame. -1: the run cannot go on. */
int input_refused(struct input *input, struct error *error);

#endif
