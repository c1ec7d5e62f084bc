/* Whether an order comes in time: asked before a paper account takes it. The answers are words for its refusal. */
#ifndef TN_BROKER_TIMELY_H
#define TN_BROKER_TIMELY_H

#include "ledger/ledger.h"
#include "market/calendar.h"

/* Why the moment of an order has passed, NULL when it has not: it can only expire, or it is an entry and the account
 * has seen what came after its decision. `now` is the clock, or TIME_NONE in a stream, whose last moment `moment` is.
 */
const char *order_is_stale(const struct ledger *ledger, const struct calendar *calendar, const struct order *order,
                           int64_t now, int64_t moment);
/* Why the time of an entry is in doubt, NULL when it is not: in doubt, no new risk. Exits go on. */
const char *order_is_in_doubt(const struct ledger *ledger, const struct order *order, int64_t now);

/* Is it an entry of the present: within an hour of this machine's clock, and not of a replay or another --now? */
bool order_is_by_the_clock(const struct order *order, int64_t now, int64_t clock);

#endif
