/* What the files of the engine share. */
#ifndef TN_SIM_INTERNAL_H
#define TN_SIM_INTERNAL_H

#include "sim/engine.h"

/* Hand an event to `emit`, then to the ledger. */
int engine_event(struct engine *engine, enum record_type type, const void *value, struct error *error);
/* An ORDER_UPDATE of a working order. */
int engine_update(struct engine *engine, const struct ticket *ticket, enum order_status status, int64_t time,
                  const char *reason, struct error *error);

/* Is anything held or working in a symbol? Instances that offset each other hold, too. */
bool engine_concerns(const struct ledger *ledger, int slot);
/* Once an instance is flat in a symbol: cancel what would still reduce. */
int engine_clear_flat(struct engine *engine, const char *strategy, int slot, int64_t time, struct error *error);

/* fills.c: fill the rest of a working order at a price (and what it was before slippage), with everything that follows
 * (update, siblings, legs). `born` (may be NULL) gets the id of a stop leg that this fill brought into being, "" when
 * there is none. The legs take part in bars that open at `bar_end` or later: what they may do in this bar is decided
 * here. */
int engine_fill(struct engine *engine, struct ticket *ticket, dec price, dec unslipped, int64_t time, int64_t bar_end,
                char *born, struct error *error);

#endif
