/* What the files of the order manager share. */
#ifndef TN_ORDER_INTERNAL_H
#define TN_ORDER_INTERNAL_H

#include "ledger/report.h"
#include "order/manager.h"
#include "record/order_kinds.h"

/* Hand an event to `emit`, if there are readers of its type. */
int orders_emit(struct order_manager *manager, enum record_type type, const void *value, struct error *error);
/* The same, then to the ledger. */
int orders_event(struct order_manager *manager, enum record_type type, const void *value, struct error *error);
/* The ORDER_UPDATE of a working order as a record. */
int orders_emit_update(struct order_manager *manager, const struct open_order *open_order, enum order_status status,
                       int64_t time, const char *reason, struct error *error);

/* A working order's new status: told where somebody reads it, then applied. */
static inline int orders_update(struct order_manager *manager, const struct open_order *open_order,
                                enum order_status status, int64_t time, const char *reason, struct error *error)
{
    if (manager->ended != NULL && open_order->filled == 0 &&
        (status == STATUS_CANCELED || status == STATUS_REJECTED || status == STATUS_EXPIRED))
        manager->ended(manager->context, &open_order->order, status, reason);
    if (manager->orders && orders_emit_update(manager, open_order, status, time, reason, error) != 0)
        return -1;
    return ledger_update(manager->ledger, open_order, status, time, error);
}

/* traded.c: before a symbol's orders an event says what it is, where that is no stock of the account's currency / what
 * has ended for good by a moment is closed at its last price, and what works in it ends. */
int orders_say_instrument(struct order_manager *manager, const char *symbol, int slot, int64_t time,
                          struct error *error);
int orders_settle_expired(struct order_manager *manager, int64_t known, struct error *error);
/* actions.c: says a warning about a symbol, once for each cause. */
int orders_warn(struct order_manager *manager, const char *symbol, int64_t time, const char *cause, const char *title,
                const char *text, struct error *error);
/* events.c, intents.c: what we want of an order. Where its venue does at once what it is asked, it is done; else it is
 * asked, which is an ORDER_UPDATE (pending_cancel, pending_replace) and an intent. What has never been sent needs not
 * be asked. `status`: what it ends as, by our own word. */
int orders_ask_cancel(struct order_manager *manager, struct open_order *open_order, enum order_status status,
                      int64_t time, const char *reason, struct error *error);
int orders_ask_replace(struct order_manager *manager, struct open_order *open_order, const struct replace *replace,
                       int64_t time, const char *reason, struct error *error);
int orders_want(struct order_manager *manager, const struct open_order *open_order, const struct replace *wanted,
                int64_t time, const char *reason, struct error *error);
int orders_want_stop(struct order_manager *manager, const struct open_order *open_order, dec stop_price, int64_t time,
                     const char *reason, struct error *error);
int orders_want_limit(struct order_manager *manager, const struct open_order *open_order, dec limit_price, int64_t time,
                      const char *reason, struct error *error);
static inline int orders_withdraw(struct order_manager *manager, const struct open_order *open_order,
                                  enum order_status status, int64_t time, const char *reason, struct error *error)
{
    if (!manager->remote)
        return orders_update(manager, open_order, status, time, reason, error);
    return orders_ask_cancel(manager, ledger_open_order(manager->ledger, open_order->order.id), status, time, reason,
                             error);
}
/* How an order stands at a venue that answers later. */
struct standing {
    enum order_stage stage;
    enum order_request request;
    bool doubt;
    struct replace wanted; /* of a REPLACE */
};

struct standing orders_standing(const struct open_order *open_order);
/* The ORDER_UPDATEs that bring an order of the account there, none where it is there; `told`: one in any case. */
int orders_stand(struct order_manager *manager, struct open_order *open_order, const struct standing *to, bool told,
                 const struct report *report, struct error *error);
/* What a step says of a report that is neither a fill nor an end. */
int orders_carry_out(struct order_manager *manager, struct open_order *open_order, const struct order_step *step,
                     const struct report *report, struct error *error);
/* The venue is asked about it before anything else is sent. */
int orders_note_doubt(struct order_manager *manager, struct open_order *open_order, int64_t time, struct error *error);
/* The same for all in a symbol that it may have heard of: after a corporate action only the venue knows what it has
 * made of them. */
int orders_doubt_all(struct order_manager *manager, int slot, int64_t time, struct error *error);
/* It has arrived: it fills. */
void orders_note_fill(struct open_order *open_order);
/* Is it the answer to the question that is on its way? / Has the venue just left many questions unanswered? */
bool orders_is_answer(const struct open_order *open_order, const struct report *report);
bool orders_is_silent(const struct open_order *open_order);

/* waiting.c: orders that wait for one that is over are sent or cancelled. */
int orders_wake_due(struct order_manager *manager, struct error *error);

static inline int orders_wake(struct order_manager *manager, struct error *error)
{
    return manager->ledger->due == 0 ? 0 : orders_wake_due(manager, error);
}

/* Ends what was valid until then or less, in one symbol (slot; -1: in all). It says the time at which it ended,
 * whenever that is found out. */
int orders_expire(struct order_manager *manager, int slot, int64_t until, struct error *error);
/* protect.c: what an instance has working to reduce a position follows it: cancelled where it cannot reduce it, made
 * smaller where it is larger, the legs of all entries together. `step`, after a split: the smallest quantity traded, of
 * which all of it is made a multiple; 0: left alone. */
int orders_fit(struct order_manager *manager, int holding, dec step, int64_t time, struct error *error);
/* The ORDER_UPDATE of another quantity. */
int orders_emit_resize(struct order_manager *manager, const struct open_order *open_order, dec quantity, int64_t time,
                       struct error *error);

/* Another stop_price: the ORDER_UPDATE that says so, then the ledger's. */
int orders_move_stop(struct order_manager *manager, const struct open_order *open_order, dec stop_price, int64_t time,
                     const char *reason, struct error *error);
/* An ORDER_UPDATE of a working order, as far as all kinds have it. */
struct order_update orders_update_of(const struct order_manager *manager, const struct open_order *open_order,
                                     enum order_status status, int64_t time, const char *reason);
/* Its stop_price has set an order off that goes on as a limit order: the same. */
int orders_trigger(struct order_manager *manager, const struct open_order *open_order, int64_t time,
                   struct error *error);

/* fills.c: a fill, and everything that follows from it. */
int orders_fill(struct order_manager *manager, struct report *report, struct error *error);
/* What the account says to a fill that a venue of ours assumes, and what that costs: it never sells more than there is,
 * and is none (the order is rejected, or cancelled) beyond the entry's own stop or if it cannot be paid. */
int orders_judge(struct order_manager *manager, struct report *report, struct error *error);
/* What follows of a fill from its order. */
void orders_fill_in(struct report *report);
/* The average price of what has filled of an order; DEC_NONE: nothing has. */
dec orders_average(__int128 price, dec filled);
/* legs.c: the legs of an entry that has filled, for a quantity; those of its parts before grow by it. */
int orders_place_legs(struct order_manager *manager, const struct open_order *open_order, dec quantity,
                      const struct report *fill, struct error *error);
/* What is left of the position of an entry's legs, as far as they know. */
dec orders_group_rest(const struct ledger *ledger, int slot, const char *parent);
/* No leg of the group is for more than is left of it; `step` as in orders_fit. */
int orders_shrink_group(struct order_manager *manager, int slot, const char *parent, dec left, dec step, int64_t time,
                        struct error *error);
/* A leg has filled and is gone: the others are cancelled with the position, or follow it. */
int orders_settle_group(struct order_manager *manager, const struct order *leg, int slot, dec left, int64_t time,
                        struct error *error);
/* Moves a stop to where the position brings back what it cost, if that is nearer. */
int orders_break_even(struct order_manager *manager, const struct open_order *open_order, int64_t time,
                      struct error *error);
/* After a bar: targets come nearer with age, stops go to break-even, but not by the prices of a bar that finer ones
 * cover. */
int orders_age_legs(struct order_manager *manager, int slot, struct interval interval, const struct bars *bar,
                    struct error *error);
/* After the mark: entries that were good for so many bars end. */
int orders_end_counted(struct order_manager *manager, int slot, int64_t time, struct error *error);
/* protect.c: another rest for an order; none: it is cancelled. */
int orders_resize(struct order_manager *manager, const struct open_order *open_order, dec rest, int64_t time,
                  struct error *error);
/* Another limit_price: the ORDER_UPDATE that says so, then the ledger's. */
int orders_move_limit(struct order_manager *manager, const struct open_order *open_order, dec limit_price, int64_t time,
                      const char *reason, struct error *error);
/* lasting.c: when so many sessions have closed since a moment. */
int orders_sessions_after(const struct order_manager *manager, const char *symbol, int64_t time, int64_t sessions,
                          int64_t *from, struct error *error);
/* The smallest quantity of an instrument that is traded. */
static inline dec orders_step(const struct order_manager *manager, const struct instrument *instrument)
{
    return manager->limits.fractional ? RISK_FRACTION : instrument->lot_size;
}

/* Take an order to work: its events, and its open order in *open order (may be NULL). */
int orders_place(struct order_manager *manager, const struct order *order, int slot, int holding, int64_t time,
                 struct open_order **open_order, struct error *error);
/* events.c: the id of what an action, or something else with an id, does to an instance. Nothing refers to it, so one
 * that nobody reads is just the prefix. */
int orders_name(struct order_manager *manager, char id[static ID_SIZE], const char *prefix, const char *cause,
                const char *strategy, struct error *error);
/* margin.c: an ALERT when the equity has come down to what a broker asks for positions; with `liquidates` exits of as
 * many as it takes. */
int orders_watch_margin(struct order_manager *manager, int64_t known, const struct worth *worth, struct error *error);
/* Tell of a fill and book it; what is left to do is its number, its id and the order's, and no fees. */
int orders_book(struct order_manager *manager, struct execution *fill, const char *order_id, struct error *error);
/* The same under an id that somebody else has given; `corrects`: the fill that it takes back, "": none. */
int orders_book_as(struct order_manager *manager, struct execution *fill, const char *order_id, const char *id,
                   const char *corrects, struct error *error);

#endif
