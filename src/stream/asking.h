/* A question to a source's REST server while its stream goes on: a child process asks, so that nothing here waits. */
#ifndef TN_STREAM_ASKING_H
#define TN_STREAM_ASKING_H

#include "base/loop.h"
#include "stream/connection.h"

struct asking;

/* The answer's body, or why there is none. 0 to go on, -1 ends the loop. asking_free may be called within. */
typedef int asking_done(void *context, struct str body, const struct error *failure, struct error *error);

/* Ask by `terms->ask`. The call follows from the loop, 30 s later at most. `terms` must outlive it. */
struct asking *asking_start(struct loop *loop, const struct connection_terms *terms,
                            const struct stream_question *question, asking_done *done, void *context,
                            struct error *error);
/* Give it up, if it is not done; NULL is allowed. */
void asking_free(struct asking *asking);

#endif
