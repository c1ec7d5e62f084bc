/* An HTTP server for posts, on libmicrohttpd, in a loop of ours: one thread, nothing waits. Only POST, bodies of a
 * limited length, connections that are few and do not last. */
#ifndef TN_NET_LISTENER_H
#define TN_NET_LISTENER_H

#include "base/loop.h"
#include "base/str.h"

#include <stdint.h>

struct listener;

/* What came: the answer's status (200, 400 …), or -1 to end the loop. `text` (of 200 bytes) is the answer's body. */
typedef int listener_post(void *context, const char *path, struct str body, char *text, struct error *error);

struct listener_options {
    const char *address; /* of this machine: "127.0.0.1" */
    int port;            /* 0: any that is free */
    size_t limit;        /* bytes of a body */
    int connections;     /* at once */
    int64_t time;        /* ns for a whole request */
};

struct listener *listener_open(struct loop *loop, const struct listener_options *options, listener_post *post,
                               void *context, struct error *error);
void listener_close(struct listener *listener); /* NULL is allowed */
int listener_port(const struct listener *listener);

#endif
