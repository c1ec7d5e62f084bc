/* Posts of others as records, until SIGINT or SIGTERM. */
#ifndef TN_STREAM_WEBHOOK_H
#define TN_STREAM_WEBHOOK_H

#include "base/command.h"

/* Options --address and --port; sections `webhook` of the configuration. The exit code: EXIT_REFUSED when a post was
 * not allowed what it asked. */
enum exit_code webhook_run(struct invocation *invocation, struct error *error);

#endif
