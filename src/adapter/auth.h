/* Credentials on their way into a request: "{key}" becomes the secret of that name, and where a source gives tokens for
 * them (OAuth 2.0, RFC 6749), one that has not run out is had before anything is asked. */
#ifndef TN_ADAPTER_AUTH_H
#define TN_ADAPTER_AUTH_H

#include "adapter/adapter.h"

/* Append `text` with the secrets in their places, percent-encoded or as they are; "{sha256:key secret}" is the digest
 * of several. false when one is missing: what was appended is then of no use. */
bool auth_fill(struct buf *out, const char *text, const struct adapter *adapter, bool encoded);

/* See to it that the secret `access_token` is there for another five minutes, where the adapter describes a `token`.
 * One is kept in memory only. Call it while no request of the adapter is under way. EXIT_CREDENTIALS when the server
 * does not give one, EXIT_UNAVAILABLE when it cannot be reached. */
int auth_renew(struct adapter *adapter, struct http *http, struct error *error);

/* Post a form with the secrets in it. The response is the caller's to clear, and its body to wipe, whatever the
 * outcome; it is neither recorded nor traced. */
int auth_post(struct adapter *adapter, struct http *http, const struct adapter_form *form,
              struct http_response *response, struct error *error);

#endif
