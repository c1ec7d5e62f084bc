/* Working exits and legs follow the position that they are to reduce: never larger than it, never of the wrong side,
 * gone when it is. */
#include "order/internal.h"

#include <string.h>

static bool is_of(const struct ticket *ticket, int holding)
{
    return ticket->holding == holding && !ticket->sleeps && order_is_reducing(&ticket->order);
}

/* A leg of an entry. One entered by hand has no entry, and is taken as any exit: by itself. */
static bool is_grouped(const struct ticket *ticket)
{
    return order_is_leg(&ticket->order) && ticket->order.parent[0] != '\0';
}

int orders_resize(struct order_manager *manager, const struct ticket *ticket, dec rest, int64_t time,
                  struct error *error)
{
    if (rest == ticket_rest(ticket) || ticket->request == REQUEST_CANCEL)
        return 0;
    if (rest <= 0)
        return orders_withdraw(manager, ticket, STATUS_CANCELED, time, "nothing left to reduce", error);
    const dec quantity = ticket->filled + rest;
    if (manager->remote) {
        const struct replace wanted = {.quantity = quantity, .limit_price = DEC_NONE, .stop_price = DEC_NONE};
        return orders_want(manager, ticket, &wanted, time, "as large as the position", error);
    }
    return (manager->orders && orders_emit_resize(manager, ticket, quantity, time, error) != 0)
               ? -1
               : ledger_resize(manager->ledger, ticket, quantity, error);
}

/* Cancels what cannot reduce the position: all of it when there is none. */
static int clear_useless(struct order_manager *manager, int holding, int64_t time, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    const struct holding *at = &ledger->holding[holding];
    for (const struct ticket *ticket = ledger->slot[at->slot].ticket, *next; ticket != NULL; ticket = next) {
        next = ticket->next;
        if (is_of(ticket, holding) &&
            (at->quantity == 0 || (at->quantity > 0) == (side_sign(ticket->order.side) > 0)) &&
            orders_withdraw(manager, ticket, STATUS_CANCELED, time, "nothing left to reduce", error) != 0)
            return -1;
    }
    return 0;
}

/* The legs of one entry are a group: the first stands for it. */
static bool is_first_of_group(const struct ledger *ledger, const struct ticket *ticket)
{
    const struct ticket *other = ledger->slot[ticket->slot].ticket;
    while (other != ticket && (other->holding != ticket->holding || !is_grouped(other) ||
                               strcmp(other->order.parent, ticket->order.parent) != 0))
        other = other->next;
    return other == ticket;
}

/* The next group of a holding's legs behind a serial, by its first. */
static const struct ticket *next_group(const struct ledger *ledger, int holding, uint64_t serial)
{
    const struct ticket *ticket = ledger->slot[ledger->holding[holding].slot].ticket;
    while (ticket != NULL && (ticket->serial <= serial || !is_of(ticket, holding) || !is_grouped(ticket) ||
                              !is_first_of_group(ledger, ticket)))
        ticket = ticket->next;
    return ticket;
}

/* The legs of several entries protect the position together; lots are sold oldest first, and so are the legs of the
 * oldest entries the ones that shrink. With a step (after a split): whole steps, the last taking what is missing by
 * less than one. */
static int fit_groups(struct order_manager *manager, int holding, dec held, dec step, int64_t time, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    dec total = 0, seen = 0, done = 0;
    size_t groups = 0, at = 0;
    const struct ticket *first;
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
    for (const struct ticket *ticket = ledger->slot[ledger->holding[holding].slot].ticket, *next; ticket != NULL;
         ticket = next) {
        next = ticket->next;
        if (!is_of(ticket, holding) || is_grouped(ticket))
            continue;
        dec rest = ticket_rest(ticket) < held ? ticket_rest(ticket) : held;
        if (step > 0)
            rest -= rest % step;
        if (orders_resize(manager, ticket, rest, time, error) != 0)
            return -1;
    }
    return 0;
}

int orders_fit(struct order_manager *manager, int holding, dec step, int64_t time, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    const struct holding *at = &ledger->holding[holding];
    if (ledger->slot[at->slot].working == 0)
        return 0;
    if (clear_useless(manager, holding, time, error) != 0)
        return -1;
    if (at->quantity == 0 || ledger->slot[at->slot].working == 0)
        return 0;
    const dec held = at->quantity < 0 ? -at->quantity : at->quantity;
    return fit_groups(manager, holding, held, step, time, error) == 0
               ? fit_others(manager, holding, held, step, time, error)
               : -1;
}
