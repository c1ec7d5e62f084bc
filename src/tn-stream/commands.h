/* The commands of tn-stream. */
#ifndef TN_STREAM_COMMANDS_H
#define TN_STREAM_COMMANDS_H

#include "base/command.h"
#include "exchange/exchange.h"

enum exit_code stream_flow(struct invocation *invocation, struct error *error);
enum exit_code stream_live(struct invocation *invocation, struct error *error);
enum exit_code stream_record(struct invocation *invocation, struct error *error);
enum exit_code stream_replay(struct invocation *invocation, struct error *error);

#endif
