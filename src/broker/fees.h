/* Schedules of fees by name: files NAME.fees of the user, then those that come with the programs. */
#ifndef TN_BROKER_FEES_H
#define TN_BROKER_FEES_H

#include "cost/fees.h"

/* A schedule with all that it includes, its label and digest. EXIT_USAGE where
 * there is none of that name, EXIT_INPUT with file and line where one is wrong; then there is nothing to clear. */
int fee_schedule_open(struct fee_schedule *schedule, const char *name, int64_t level, struct error *error);
/* The names that there are, each once. */
int fee_schedule_each(int (*each)(void *context, const char *name, struct error *error), void *context,
                      struct error *error);

#endif
