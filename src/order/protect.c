/* Working exits and legs follow the position that they are to reduce: never larger than it, never of the wrong side,
 * gone when it is. */
#include "order/internal.h"

#include <string.h>

static bool is_of(const struct open_order *open_order, int holding)
{
    return open_order->holding == holding && !open_order->sleeps && order_is_reducing(&open_order->order);
}

/* A leg of an entry. One entered by hand has no entry, and is taken as any exit: by itself. */
static bool is_grouped(const struct open_order *open_order)
{
    return order_is_leg(&open_order->order) && open_order->order.parent[0] != '\0';
}

int orders_resize(struct order_manager *manager, const struct open_order *open_order, dec rest, int64_t time,
                  struct error *error)
{
    if (rest == open_order_rest(open_order) || open_order->request == REQUEST_CANCEL)
        return 0;
    if (rest <= 0)
        return orders_withdraw(manager, open_order, STATUS_CANCELED, time, "nothing left to reduce", error);
    const dec quantity = open_order->filled + rest;
    if (manager->remote) {
        const struct replace wanted = {.quantity = quantity, .limit_price = DEC_NONE, .stop_price = DEC_NONE};
        return orders_want(manager, open_order, &wanted, time, "as large as the position", error);
    }
    return (manager->orders && orders_emit_resize(manager, open_order, quantity, time, error) != 0)
               ? -1
               : ledger_resize(manager->ledger, open_order, quantity, error);
}

/* Cancels what cannot reduce the position: all of it when there is none. */
static int clear_useless(struct order_manager *manager, int holding, int64_t time, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    const struct holding *at = &ledger->holding[holding];
    for (const struct open_order *open_order = ledger->symbol_state[at->slot].open_order, *next; open_order != NULL;
         open_order = next) {
        next = open_order->next;
        if (is_of(open_order, holding) &&
            (at->quantity == 0 || (at->quantity > 0) == (side_sign(open_order->order.side) > 0)) &&
            orders_withdraw(manager, open_order, STATUS_CANCELED, time, "nothing left to reduce", error) != 0)
            return -1;
    }
    return 0;
}

/* The legs of one entry are a group: the first stands for it. */
static bool is_first_of_group(const struct ledger *ledger, const struct open_order *open_order)
{
    const struct open_order *other = ledger->symbol_state[open_order->slot].open_order;
    while (other != open_order && (other->holding != open_order->holding || !is_grouped(other) ||
                                   strcmp(other->order.parent, open_order->order.parent) != 0))
        other = other->next;
    return other == open_order;
}

/* The next group of a holding's legs behind a serial, by its first. */
static const struct open_order *next_group(const struct ledger *ledger, int holding, uint64_t serial)
{
    const struct open_order *open_order = ledger->symbol_state[ledger->holding[holding].slot].open_order;
    while (open_order != NULL && (open_order->serial <= serial || !is_of(open_order, holding) ||
                                  !is_grouped(open_order) || !is_first_of_group(ledger, open_order)))
        open_order = open_order->next;
    return open_order;
}

/* The legs of several entries protect the position together; lots are sold oldest first, and so are the legs of the
 * oldest entries the ones that shrink. With a step (after a split): whole steps, the last taking what is missing by
 * less than one. */
static int fit_groups(struct order_manager *manager, int holding, dec held, dec step, int64_t time, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    dec total = 0, seen = 0, done = 0;
    size_t groups = 0, at = 0;
    const struct open_order *first;
    for (uint64_t serial = 0; (first = next_group(ledger, holding, serial)) != NULL; groups++) {
        serial = first->serial;
        if (dec_add(&total, total, orders_group_rest(ledger, first->slot, first->order.parent)) != 0)
            return error_set(error, EXIT_STATE, "the legs of a position are out of range");
    }
    dec excess = total > held ? total - held : 0, aim = total > held ? held : total;
    if (step > 0 && held - total < step && total < held)
        aim = held;
    for (uint64_t serial = 0; at < groups && (first = next_group(ledger, holding, serial)) != NULL;) {
        dec rest = orders_group_rest(ledger, first->slot, first->order.parent);
        char parent[ID_SIZE];
        memcpy(parent, first->order.parent, sizeof parent);
        serial = first->serial;
        at++;
        if (step == 0) {
            const dec cut = excess < rest ? excess : rest;
            excess -= cut;
            rest -= cut;
        } else {
            seen += rest;
            dec until = aim;
            if (at < groups && dec_round(&until, seen, step, ROUND_HALF_EVEN) != 0)
                return error_set(error, EXIT_STATE, "the legs of a position are out of range");
            until = until > aim ? aim : until;
            if (at == groups)
                until -= until % step;
            rest = until - done;
            done = until;
        }
        if (orders_shrink_group(manager, first->slot, parent, rest, step, time, error) != 0)
            return -1;
    }
    return 0;
}

/* Exits, and legs that belong to no entry: each by itself. */
static int fit_others(struct order_manager *manager, int holding, dec held, dec step, int64_t time, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    for (const struct open_order *open_order = ledger->symbol_state[ledger->holding[holding].slot].open_order, *next;
         open_order != NULL; open_order = next) {
        next = open_order->next;
        if (!is_of(open_order, holding) || is_grouped(open_order))
            continue;
        dec rest = open_order_rest(open_order) < held ? open_order_rest(open_order) : held;
        if (step > 0)
            rest -= rest % step;
        if (orders_resize(manager, open_order, rest, time, error) != 0)
            return -1;
    }
    return 0;
}

int orders_fit(struct order_manager *manager, int holding, dec step, int64_t time, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    const struct holding *at = &ledger->holding[holding];
    if (ledger->symbol_state[at->slot].working == 0)
        return 0;
    if (clear_useless(manager, holding, time, error) != 0)
        return -1;
    if (at->quantity == 0 || ledger->symbol_state[at->slot].working == 0)
        return 0;
    const dec held = at->quantity < 0 ? -at->quantity : at->quantity;
    return fit_groups(manager, holding, held, step, time, error) == 0
               ? fit_others(manager, holding, held, step, time, error)
               : -1;
}
