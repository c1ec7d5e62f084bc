/* Records on their way to a reader that may be slow: a queue of fixed size between the sockets, which must never wait,
 * and standard output, which is written only when it takes bytes and is never made non-blocking.
 *
 * When the queue is full, market records are left out and counted; a part of it is kept for what must not be lost
 * (bars, control records). With `conflate` a quote or book takes the place of an older one of its symbol that still
 * waits, long before the queue is full. */
#ifndef TN_STREAM_OUTLET_H
#define TN_STREAM_OUTLET_H

#include "base/loop.h"
#include "base/str.h"

#include <stdint.h>

struct outlet;

/* What a line is to the queue. */
enum outlet_kind {
    OUTLET_KEEP,  /* never left out: bars, control records; when not even they have room, the stream cannot go on */
    OUTLET_TRADE, /* left out when there is no room */
    OUTLET_LATEST /* the same, and a later one of its symbol stands for it */
};

/* `size` is of the queue, in bytes; at least 64 KiB. Writes to standard output. */
struct outlet *outlet_open(struct loop *loop, size_t size, bool conflate, struct error *error);
void outlet_free(struct outlet *outlet); /* what waits is lost; NULL is allowed */
/* Queue a line, LF included. `key` is of the symbol, for OUTLET_LATEST: small whole numbers. 1: it was left out. -1: no
 * room for what must be kept (EXIT_UNAVAILABLE). */
int outlet_put(struct outlet *outlet, enum outlet_kind kind, uint32_t key, struct str line, struct error *error);
/* Write what the reader takes without waiting for it. */
int outlet_push(struct outlet *outlet, struct error *error);
/* Write all, waiting as long as the reader needs, up to `deadline` (monotonic): EXIT_UNAVAILABLE past it. */
int outlet_drain(struct outlet *outlet, int64_t deadline, struct error *error);

struct outlet_counts {
    uint64_t written, dropped, conflated; /* lines */
    size_t waiting, most;                 /* bytes: now, and the most so far */
};
void outlet_count(const struct outlet *outlet, struct outlet_counts *counts);

#endif
