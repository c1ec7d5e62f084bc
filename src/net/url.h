/* Addresses of the web, strictly: what is not plainly http(s)://host[:port]/path is refused, so that no reader of an
 * address can understand another host than the one it was checked for. */
#ifndef TN_NET_URL_H
#define TN_NET_URL_H

#include "base/buf.h"

#include <sys/socket.h>

#define URL_MAX 8192 /* bytes */

struct url {
    bool secure;     /* https */
    char host[254];  /* lower case; an IPv6 address with its brackets */
    int port;        /* the scheme's when the text has none */
    struct str rest; /* path and query, "/" at least; points into the text or to a constant */
};

/* EXIT_USAGE: another scheme, a user or password, a fragment, a host of odd characters, control bytes, too long. */
int url_parse(struct url *url, const char *text, struct error *error);
/* The same scheme, host and port. */
bool url_same_origin(const struct url *a, const struct url *b);
/* "https://host" with the port where it is not the scheme's. */
void url_add_origin(struct buf *out, const struct url *url);
/* Percent-encode all but the unreserved characters of RFC 3986 §2.3. */
void url_add_encoded(struct buf *out, struct str text);

/* This machine, or a network only it can see: loopback, link-local, private, unspecified, multicast, and their forms
 * mapped into IPv6 (RFC 6890). */
enum address_kind { ADDRESS_PUBLIC, ADDRESS_LOOPBACK, ADDRESS_PRIVATE, ADDRESS_OTHER };
enum address_kind address_kind(const struct sockaddr *address);
/* May a connection go there? To the internet over TLS; to this machine and private networks only where the
 * configuration names the server, and without TLS to this machine alone. */
bool address_fits(const struct sockaddr *address, bool secure, bool configured);

#endif
