/* Many pieces of like work on all cores, their results in the order of the pieces.
 *
 * Workers are processes: they share what was in memory when they began and nothing after that, so that no piece can
 * depend on another one or on the number of workers. Piece i goes to worker i mod workers; results come back through
 * pipes, which hold a worker back that is far ahead. A worker that dies ends the run with an error. */
#ifndef TN_BASE_POOL_H
#define TN_BASE_POOL_H

#include "base/buf.h"

#define POOL_WORKERS_MAX 256
#define POOL_RESULT_MAX  ((size_t)1 << 28) /* bytes of one result */

struct pool_work {
    int workers;    /* 1: none is started, all is done here */
    uint64_t count; /* pieces 0 … count − 1 */
    /* In a worker: appends the result of a piece to `out`. -1 ends the run with this error. */
    int (*work)(void *context, uint64_t piece, struct buf *out, struct error *error);
    /* Here, piece after piece; the result lives until it returns. */
    int (*take)(void *context, uint64_t piece, struct str result, struct error *error);
    void *context;
};

/* The cores this process may use, at least 1 and at most POOL_WORKERS_MAX. */
int pool_cores(void);
int pool_run(const struct pool_work *work, struct error *error);

#endif
