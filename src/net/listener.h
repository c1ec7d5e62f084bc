/* An HTTP server on libmicrohttpd, in a loop of ours: one thread, nothing waits. It takes posts, bodies of a limited
 * length, or it is read (GET, HEAD); connections are few and do not last. */
#ifndef TN_NET_LISTENER_H
#define TN_NET_LISTENER_H

#include "base/buf.h"
#include "base/loop.h"
#include "base/str.h"

#include <stdint.h>

struct listener;

/* What came: the answer's status (200, 400 …), or -1 to end the loop. `text` (of 200 bytes) is the answer's body. */
typedef int listener_post(void *context, const char *path, struct str body, char *text, struct error *error);

/* What is read: the answer's status and, in `page`, its body; -1 to end the loop. */
typedef int listener_get(void *context, const char *path, struct buf *page, struct error *error);

struct listener_options {
    const char *address; /* of this machine: "127.0.0.1" */
    int port;            /* 0: any that is free */
    size_t limit;        /* bytes of a body */
    int connections;     /* at once */
    int64_t time;        /* ns for a whole request */
    /* TLS (1.2 or later): certificates, the server's first, and its key, as PEM; NULL: plain HTTP. Copied. */
    const char *certificates, *key;
};

struct listener *listener_open(struct loop *loop, const struct listener_options *options, listener_post *post,
                               void *context, struct error *error);
/* The same for what is read, `media` being its type. On an address of 127.x.x.x only those who name this machine by it,
 * or as localhost, are answered: a page in a browser that has been led here by a name of its own is not. */
struct listener *listener_open_pages(struct loop *loop, const struct listener_options *options, listener_get *get,
                                     const char *media, void *context, struct error *error);
void listener_close(struct listener *listener); /* NULL is allowed */
int listener_port(const struct listener *listener);

#endif
