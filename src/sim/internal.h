/* What the files of the engine share. */
#ifndef TN_SIM_INTERNAL_H
#define TN_SIM_INTERNAL_H

#include "record/order_kinds.h"
#include "sim/engine.h"

/* Hand an event to `emit`, if there are readers of its type. */
int engine_emit(struct engine *engine, enum record_type type, const void *value, struct error *error);
/* The same, then to the ledger. */
int engine_event(struct engine *engine, enum record_type type, const void *value, struct error *error);
/* The ORDER_UPDATE of a working order as a record. */
int engine_emit_update(struct engine *engine, const struct ticket *ticket, enum order_status status, int64_t time,
                       const char *reason, struct error *error);

/* A working order's new status: told where somebody reads it, then applied. */
static inline int engine_update(struct engine *engine, const struct ticket *ticket, enum order_status status,
                                int64_t time, const char *reason, struct error *error)
{
    if (engine->ended != NULL && ticket->filled == 0 &&
        (status == STATUS_CANCELED || status == STATUS_REJECTED || status == STATUS_EXPIRED))
        engine->ended(engine->context, &ticket->order, status, reason);
    if (engine->orders && engine_emit_update(engine, ticket, status, time, reason, error) != 0)
        return -1;
    return ledger_update(engine->ledger, ticket, status, time, error);
}

/* waiting.c: orders that wait for one that is over are sent or cancelled. */
int engine_wake_due(struct engine *engine, struct error *error);

static inline int engine_wake(struct engine *engine, struct error *error)
{
    return engine->ledger->due == 0 ? 0 : engine_wake_due(engine, error);
}

/* Is anything held or working in a symbol? */
static inline bool engine_concerns(const struct ledger *ledger, int slot)
{
    return ledger->slot[slot].working > 0 || ledger->slot[slot].open > 0;
}

/* Ends what was valid until then or less, in one symbol (slot; -1: in all). It says the time at which it ended,
 * whenever that is found out. */
int engine_expire(struct engine *engine, int slot, int64_t until, struct error *error);
/* protect.c: what an instance has working to reduce a position follows it: cancelled where it cannot reduce it, made
 * smaller where it is larger, the legs of all entries together. `step`, after a split: the smallest quantity traded, of
 * which all of it is made a multiple; 0: left alone. */
int engine_fit(struct engine *engine, int holding, dec step, int64_t time, struct error *error);
/* The ORDER_UPDATE of another quantity. */
int engine_emit_resize(struct engine *engine, const struct ticket *ticket, dec quantity, int64_t time,
                       struct error *error);

/* Another stop_price: the ORDER_UPDATE that says so, then the ledger's. */
int engine_move_stop(struct engine *engine, const struct ticket *ticket, dec stop_price, int64_t time,
                     const char *reason, struct error *error);
/* An ORDER_UPDATE of a working order, as far as all kinds have it. */
struct order_update engine_update_of(const struct engine *engine, const struct ticket *ticket, enum order_status status,
                                     int64_t time, const char *reason);
/* A refusal of an order, its time and mode the order's and the account's. 0. */
int engine_refuse(const struct engine *engine, struct refusal *refusal, const struct order *order, const char *code,
                  const char *message);
/* Its stop_price has set an order off that goes on as a limit order: the same. */
int engine_trigger(struct engine *engine, const struct ticket *ticket, int64_t time, struct error *error);

/* lasting.c: may a ticket do something at a place of the bar? 1, 0, -1. */
int engine_takes_part(const struct engine *engine, const struct ticket *ticket, enum bar_place place,
                      const struct bars *bar, struct error *error);
/* Ends what had its only chance there: ioc, fok and opg after the open, cls after the close. */
int engine_end_chances(struct engine *engine, int slot, enum bar_place place, const struct bars *bar,
                       struct error *error);
/* trail.c: where a trailing stop stands when `best` was the best price; DEC_NONE: nowhere, the price is too low. */
int engine_trail_from(const struct order *order, const struct instrument *instrument, dec best, dec *stop,
                      struct error *error);
/* Before a bar trailing stops without a stop_price get one by its open; after it they follow it. `before` is the last
 * order that worked when it came. */
int engine_start_trails(struct engine *engine, int slot, const struct bars *bar, struct error *error);
int engine_move_trails(struct engine *engine, int slot, uint64_t before, const struct bars *bar, struct error *error);

/* What a fill would be at. */
struct offer {
    const struct instrument *instrument; /* of the order */
    dec price, unslipped;
    dec quantity; /* of the rest so much at most; then what was filled */
    int64_t time;
    enum fee_liquidity liquidity;
    double volume; /* of the bar */
};

/* Can a fill be at another price than the bar's? */
static inline bool engine_slips(const struct engine *engine)
{
    const enum fill_slip slip = fill_model_of(&engine->fills)->slip;
    return costs_slippage(&engine->costs) || slip == SLIP_IMPACT || slip == SLIP_QUOTED;
}

/* fills.c: fill a working order, with everything that follows (update, siblings, legs). The legs take part in bars that
 * open at `bar_end` or later: what they may do in this bar match.c decides. */
int engine_fill(struct engine *engine, struct ticket *ticket, struct offer *offer, int64_t bar_end,
                struct error *error);
/* The average price of what has filled of an order; DEC_NONE: nothing has. */
dec engine_average(__int128 price, dec filled);
/* legs.c: the legs of an entry that has filled, for a quantity; those of its parts before grow by it. */
int engine_place_legs(struct engine *engine, const struct ticket *ticket, dec quantity, const struct offer *offer,
                      int64_t bar_end, struct error *error);
/* What is left of the position of an entry's legs, as far as they know. */
dec engine_group_rest(const struct ledger *ledger, int slot, const char *parent);
/* No leg of the group is for more than is left of it; `step` as in engine_fit. */
int engine_shrink_group(struct engine *engine, int slot, const char *parent, dec left, dec step, int64_t time,
                        struct error *error);
/* A leg has filled and is gone: the others are cancelled with the position, or follow it. */
int engine_settle_group(struct engine *engine, const struct order *leg, int slot, dec left, int64_t time,
                        struct error *error);
/* Moves a stop to where the position brings back what it cost, if that is nearer. */
int engine_break_even(struct engine *engine, const struct ticket *ticket, int64_t time, struct error *error);
/* After a bar: targets come nearer with age, stops go to break-even, but not by the prices of a bar that finer ones
 * have `covered`. `before` as in engine_move_trails. */
int engine_age_legs(struct engine *engine, int slot, struct interval interval, uint64_t before, bool covered,
                    const struct bars *bar, struct error *error);
/* After the mark: entries that were good for so many bars end. */
int engine_end_counted(struct engine *engine, int slot, int64_t time, struct error *error);
/* protect.c: another rest for an order; none: it is cancelled. */
int engine_resize(struct engine *engine, const struct ticket *ticket, dec rest, int64_t time, struct error *error);
/* Another limit_price: the ORDER_UPDATE that says so, then the ledger's. */
int engine_move_limit(struct engine *engine, const struct ticket *ticket, dec limit_price, int64_t time,
                      const char *reason, struct error *error);
/* lasting.c: when so many sessions have closed since a moment. */
int engine_sessions_after(const struct engine *engine, int64_t time, int64_t sessions, int64_t *from,
                          struct error *error);
/* The smallest quantity of an instrument that is traded. */
static inline dec engine_step(const struct engine *engine, const struct instrument *instrument)
{
    return engine->limits.fractional ? RISK_FRACTION : instrument->lot_size;
}

/* trail.c: the tick at a price. */
dec engine_tick_at(const struct instrument *instrument, dec price);
/* Take an order to work: its events, and its ticket in *ticket (may be NULL). */
int engine_place(struct engine *engine, const struct order *order, int slot, int holding, int64_t time,
                 struct ticket **ticket, struct error *error);
/* Tell of a fill and book it; what is left to do is its number, its id and the order's, and no fees. */
int engine_book(struct engine *engine, struct execution *fill, const char *order_id, struct error *error);

#endif
