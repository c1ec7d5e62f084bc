/* The HTTP client as the configuration wants it: section `network`, turns at hosts in the state folder, the log of
 * requests beside them. */
#ifndef TN_NET_NETWORK_H
#define TN_NET_NETWORK_H

#include "base/command.h"
#include "base/config.h"
#include "net/http.h"

/* `invocation` gives -vv its trace. Both must outlive the client. `options` may hold more (parallel, a recording); what
 * the configuration says is filled in. */
/* The file of net/clock.h, allocated; NULL: an error. */
char *network_clock_file(const struct config *config, struct error *error);
struct http *network_open(const struct config *config, const struct invocation *invocation, struct http_options options,
                          struct error *error);

#endif
