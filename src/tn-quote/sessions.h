/* The command that lists sessions. */
#ifndef TN_TN_QUOTE_SESSIONS_H
#define TN_TN_QUOTE_SESSIONS_H

#include "base/command.h"

extern const struct option_spec sessions_options[];
enum exit_code quote_sessions(struct invocation *invocation, struct error *error);

#endif
