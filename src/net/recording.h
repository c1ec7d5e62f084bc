/* Exchanges kept in a folder, and played again without a network: a file for each request, named by what was asked
 * (method, path and query, body) whoever was asked. Secrets are blanked before anything is hashed or written. */
#ifndef TN_NET_RECORDING_H
#define TN_NET_RECORDING_H

#include "net/internal.h"

/* Keep the answer of a finished exchange. */
int recording_write(const char *folder, const struct exchange *exchange, struct error *error);
/* Fill in the answer that was kept: EXIT_UNAVAILABLE when there is none. */
int recording_read(const char *folder, struct exchange *exchange, struct error *error);

#endif
