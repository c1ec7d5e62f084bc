/* Bars that a cut stream did not bring, asked for by tn-quote, a child process: no socket waits for a REST server. */
#ifndef TN_STREAM_BACKFILL_H
#define TN_STREAM_BACKFILL_H

#include "base/loop.h"
#include "record/types.h"

struct backfill_request {
    const char *source; /* as tn-quote -s takes it */
    struct interval interval;
    int64_t from, to; /* from <= time < to */
    bool extended;
    const char *calendar;
    const char *const *symbol;
    size_t symbols;
};

struct backfill;

/* The call comes once, from the loop: bars in order of their ends; `failure` is set when not all could be had. The bars
 * are valid during the call, in which backfill_free is allowed. */
typedef int backfill_done(void *context, const struct bar *bar, size_t bars, const struct error *failure,
                          struct error *error);

/* Everything of the request is copied. */
struct backfill *backfill_start(struct loop *loop, const struct backfill_request *request, backfill_done *done,
                                void *context, struct error *error);
void backfill_free(struct backfill *backfill); /* ends the child; NULL is allowed */

#endif
