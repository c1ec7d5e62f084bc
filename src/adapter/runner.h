/* A jq program in a child process that can do nothing but compute (src/libexec/jq-runner.c): empty environment, no
 * files, limits of memory and time, a deadline for each answer. A child that died or was killed is started again by
 * the next call. */
#ifndef TN_ADAPTER_RUNNER_H
#define TN_ADAPTER_RUNNER_H

#include "base/buf.h"

struct runner;

/* Does the text use what an adapter must not: env, $ENV, import, include, input and the like? EXIT_USAGE, names it. */
int runner_check(struct str program, struct error *error);

/* Check the program, start the child, compile. `name` is for messages. EXIT_USAGE when it does not compile. */
struct runner *runner_open(const char *name, struct str program, struct error *error);
void runner_close(struct runner *runner); /* NULL is allowed */
/* Run the program on a JSON value; `output` gets one JSON text a line. It has `timeout` ns, then the child is killed.
 * EXIT_UNAVAILABLE: too long, too much, died, or the program's own error. */
int runner_call(struct runner *runner, struct str input, int64_t timeout, struct buf *output, struct error *error);

#endif
