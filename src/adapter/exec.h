/* A source as a program of any kind: it reads one question, a line of JSON, and writes objects, one a line, as an
 * adapter's `response` gives them (tn-adapters(5)). No shell; its environment is PATH, HOME, LANG and TZ; secrets come
 * by descriptor 3, as lines NAME = TEXT; it has a process group of its own, a deadline and a limit of output. */
#ifndef TN_ADAPTER_EXEC_H
#define TN_ADAPTER_EXEC_H

#include "net/secret.h"

/* EXIT_UNAVAILABLE when it takes too long, writes too much, or ends with another code than 0; EXIT_USAGE when there is
 * no such program. */
int exec_call(const char *const *argv, const struct secrets *secrets, struct str input, int64_t timeout,
              struct buf *output, struct error *error);

#endif
