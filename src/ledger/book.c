/* The working orders of an account. */
#include "ledger/internal.h"
#include "record/order_kinds.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool order_status_is_final(enum order_status status)
{
    return status == STATUS_FILLED || status == STATUS_CANCELED || status == STATUS_REJECTED ||
           status == STATUS_EXPIRED;
}

#define FEW 16 /* tickets that are looked through rather than looked up */

static size_t home_of(const struct ledger *ledger, const char *order_id)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (const char *c = order_id; *c != '\0'; c++)
        hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    return (size_t)(hash ^ hash >> 32) & (ledger->by_id_size - 1);
}

static void index_put(struct ledger *ledger, struct ticket *ticket)
{
    size_t at = home_of(ledger, ticket->order.id);
    while (ledger->by_id[at] != NULL)
        at = (at + 1) & (ledger->by_id_size - 1);
    ledger->by_id[at] = ticket;
}

/* At most half of the table is taken. */
static int index_add(struct ledger *ledger, struct ticket *ticket, struct error *error)
{
    if (ledger->by_id == NULL && ledger->tickets <= FEW)
        return 0;
    if (2 * ledger->tickets <= ledger->by_id_size) {
        index_put(ledger, ticket);
        return 0;
    }
    const size_t size = ledger->by_id_size == 0 ? (size_t)8 * FEW : 2 * ledger->by_id_size;
    struct ticket **table = calloc(size, sizeof(struct ticket *));
    if (table == NULL)
        return error_memory(error);
    free(ledger->by_id);
    ledger->by_id = table;
    ledger->by_id_size = size;
    for (size_t i = 0; i < ledger->tickets; i++) {
        index_put(ledger, ledger->ticket[i]);
        ledger_recost(ledger, ledger->ticket[i]);
    }
    return 0;
}

/* Those behind it move up, unless they are at home already (Knuth, The Art of Computer Programming 3, 6.4, R). */
static void index_remove(struct ledger *ledger, const struct ticket *ticket)
{
    const size_t mask = ledger->by_id_size - 1;
    if (ledger->by_id == NULL)
        return;
    size_t hole = home_of(ledger, ticket->order.id);
    while (ledger->by_id[hole] != ticket)
        hole = (hole + 1) & mask;
    for (size_t at = (hole + 1) & mask; ledger->by_id[at] != NULL; at = (at + 1) & mask) {
        const size_t home = home_of(ledger, ledger->by_id[at]->order.id);
        if (((at - home) & mask) < ((at - hole) & mask))
            continue;
        ledger->by_id[hole] = ledger->by_id[at];
        hole = at;
    }
    ledger->by_id[hole] = NULL;
}

struct ticket *ledger_ticket(const struct ledger *ledger, const char *order_id)
{
    if (ledger->by_id == NULL) {
        for (size_t i = 0; i < ledger->tickets; i++)
            if (strcmp(ledger->ticket[i]->order.id, order_id) == 0)
                return ledger->ticket[i];
        return NULL;
    }
    for (size_t at = home_of(ledger, order_id); ledger->by_id[at] != NULL; at = (at + 1) & (ledger->by_id_size - 1))
        if (strcmp(ledger->by_id[at]->order.id, order_id) == 0)
            return ledger->by_id[at];
    return NULL;
}

bool ledger_slot_is_busy(const struct ledger_slot *slot)
{
    return slot->open > 0 || slot->entries > 0;
}

/* Do bars change it, beside its trail? */
static bool ages(const struct order *order)
{
    return order->fall > 0 || order->even_price > 0;
}

/* Has it a chance at one place of a bar only? */
static bool is_timed(const struct order *order)
{
    const enum time_in_force tif = order->time_in_force;
    return tif == TIF_IOC || tif == TIF_FOK || tif == TIF_OPG || tif == TIF_CLS;
}

/* What the ledger and the slot count of their working orders. */
static void count_ticket(struct ledger *ledger, struct ticket *ticket, int sign)
{
    struct ledger_slot *slot = &ledger->slot[ticket->slot];
    slot->working += sign;
    if (ticket->sleeps)
        ledger->sleeping += sign;
    if (ticket->due != DUE_NOTHING)
        ledger->due += sign;
    if (!ticket->plain) {
        slot->trailing += ticket->kind->trail ? sign : 0;
        slot->counting += ticket->order.bars > 0 ? sign : 0;
        slot->aging += ages(&ticket->order) ? sign : 0;
        slot->timed += is_timed(&ticket->order) ? sign : 0;
    }
    if (!ticket->entry)
        return;
    const bool was_busy = ledger_slot_is_busy(slot);
    slot->entries += sign;
    ledger->busy += ledger_slot_is_busy(slot) - was_busy;
}

/* They are kept in the order of their serials. */
size_t ledger_index_of(const struct ledger *ledger, const struct ticket *ticket)
{
    size_t low = 0, high = ledger->tickets;
    if (high > 0 &&
        ledger->ticket[high - 1] == ticket) /* an order is mostly the last one when it comes and when it goes */
        return high - 1;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (ledger->ticket[middle]->serial < ticket->serial)
            low = middle + 1;
        else
            high = middle;
    }
    require(low < ledger->tickets && ledger->ticket[low] == ticket);
    return low;
}

static void remove_ticket(struct ledger *ledger, size_t index)
{
    struct ticket *ticket = ledger->ticket[index];
    struct ledger_slot *slot = &ledger->slot[ticket->slot];
    struct ticket **link = &slot->ticket;
    while (*link != ticket)
        link = &(*link)->next;
    *link = ticket->next;
    index_remove(ledger, ticket);
    ledger_discount_cost(ledger, ticket);
    count_ticket(ledger, ticket, -1);
    ledger->tickets--;
    if (index < ledger->tickets)
        memmove(&ledger->ticket[index], &ledger->ticket[index + 1],
                (ledger->tickets - index) * sizeof(struct ticket *));
    ledger->ticket[ledger->tickets] = ticket;
}

void ledger_clear_book(struct ledger *ledger)
{
    for (size_t i = 0; i < ledger->tickets_made; i++)
        free(ledger->ticket[i]);
    free(ledger->ticket);
    free(ledger->by_id);
    ledger->ticket = ledger->by_id = NULL;
    ledger->by_id_size = 0;
    ledger->tickets = ledger->tickets_made = ledger->ticket_capacity = 0;
}

static int make_ticket(struct ledger *ledger, struct error *error)
{
    if (list_grow(&ledger->ticket, &ledger->ticket_capacity, ledger->tickets_made, sizeof(struct ticket *), error) != 0)
        return -1;
    struct ticket *ticket = calloc(1, sizeof *ticket);
    if (ticket == NULL)
        return error_memory(error);
    ledger->ticket[ledger->tickets_made++] = ticket;
    return 0;
}

void order_clear(struct order *order)
{
    const size_t legs = offsetof(struct order, legs), behind = offsetof(struct order, leg_count);
    memset(order, 0, legs);
    memset((char *)order + behind, 0, sizeof *order - behind);
}

void order_copy(struct order *to, const struct order *from)
{
    const size_t legs = offsetof(struct order, legs), behind = offsetof(struct order, leg_count);
    memcpy(to, from, legs);
    for (int i = 0; i < from->leg_count; i++)
        to->legs[i] = from->legs[i];
    memcpy((char *)to + behind, (const char *)from + behind, sizeof *to - behind);
}

static struct ticket *add_ticket(struct ledger *ledger, const struct order *order, int slot, int holding,
                                 struct error *error)
{
    static const struct instrument stock = INSTRUMENT_STOCK;
    const struct ledger_terms *terms = &ledger->terms;
    const struct instrument *instrument = ledger->slot[slot].instrument;
    if (instrument == NULL)
        instrument = terms->instrument == NULL ? &stock : terms->instrument(terms->instruments, order->symbol, error);
    if (instrument == NULL)
        return NULL;
    if (ledger->tickets == ledger->tickets_made && make_ticket(ledger, error) != 0)
        return NULL;
    struct ticket *ticket = ledger->ticket[ledger->tickets++];
    /* Field by field: a literal would clear and copy the order once more. */
    order_copy(&ticket->order, order);
    ticket->order.risk = (struct str){NULL, 0};
    ticket->order.basis = (struct str){NULL, 0};
    ticket->serial = ++ledger->orders;
    ticket->slot = slot;
    ticket->holding = holding;
    ticket->status = STATUS_PENDING_NEW;
    ticket->halted = TIME_NONE;
    ticket->from = order->time;
    ticket->triggered = TIME_NONE;
    ticket->multiplier = instrument->multiplier;
    ticket->filled = ticket->notional = ticket->commission = 0;
    ticket->price = 0;
    ticket->fills = ticket->revision = ticket->pasts = 0;
    ticket->bars = 0;
    ticket->sleeps = order->oto[0] != '\0';
    ticket->due = DUE_NOTHING;
    ticket->due_at = TIME_NONE;
    ticket->request = REQUEST_NONE;
    ticket->wanted.quantity = ticket->wanted.limit_price = ticket->wanted.stop_price = DEC_NONE;
    ticket->doubt = false;
    ticket->sent = ticket->silent = 0;
    ticket->question = 0;
    ticket->planned = false;
    ticket->next = NULL;
    struct ticket **link = &ledger->slot[slot].ticket;
    while (*link != NULL)
        link = &(*link)->next;
    *link = ticket;
    if (order->valid_until != TIME_NONE && order->valid_until < ledger->next_end)
        ledger->next_end = order->valid_until;
    ticket->kind = order_kind(order->order_type);
    ticket->entry = !order_is_reducing(order);
    ticket->counted = ticket->withdrawn = false;
    require(ticket->kind != NULL);
    ticket->plain = !ticket->kind->trail && order->bars <= 0 && !ages(order) && !is_timed(order);
    count_ticket(ledger, ticket, 1);
    ledger_count_cost(ledger, ticket);
    return index_add(ledger, ticket, error) == 0 ? ticket : NULL;
}

struct ticket *ledger_restore_order(struct ledger *ledger, const struct order *order, int slot, int holding,
                                    struct error *error)
{
    const uint64_t orders = ledger->orders;
    struct ticket *ticket = add_ticket(ledger, order, slot, holding, error);
    ledger->orders = orders;
    return ticket;
}

/* The same for an order whose symbol and instance are known by name only. */
static struct ticket *add_named(struct ledger *ledger, const struct order *order, struct error *error)
{
    const int slot = ledger_slot(ledger, order->symbol, error);
    const int holding = slot < 0 ? -1 : ledger_add_holding(ledger, order->strategy, slot, error);
    struct ticket *ticket = holding < 0 ? NULL : add_ticket(ledger, order, slot, holding, error);
    return ticket != NULL && ledger_adjust_late(ledger, ticket, error) == 0 ? ticket : NULL;
}

int64_t ledger_exit_attempts(const struct ledger *ledger, const char *signal)
{
    const int64_t index = names_find(&ledger->exits, str_of(signal));
    return index < 0 ? 0 : ledger->attempt[index];
}

int ledger_note_attempt(struct ledger *ledger, const char *signal, int64_t attempt, struct error *error)
{
    const int64_t index = names_add(&ledger->exits, str_of(signal), error);
    if (index < 0)
        return -1;
    const size_t before = ledger->attempt_capacity;
    if (list_grow(&ledger->attempt, &ledger->attempt_capacity, (size_t)index, sizeof *ledger->attempt, error) != 0)
        return -1;
    for (size_t i = before; i < ledger->attempt_capacity; i++)
        ledger->attempt[i] = 0;
    if (attempt > ledger->attempt[index])
        ledger->attempt[index] = attempt;
    return 0;
}

/* An entry or exit that works has spent its signal. */
static int spend_signal(struct ledger *ledger, const struct order *order, int index, struct error *error)
{
    struct holding *holding = &ledger->holding[index];
    if (order->role == ROLE_EXIT && order->signal[0] != '\0')
        return ledger_note_attempt(ledger, order->signal, order->attempt > 0 ? order->attempt : 1, error);
    if (order->role != ROLE_ENTRY)
        return 0;
    memcpy(holding->entry_signal, order->signal, sizeof holding->entry_signal);
    holding->entry_time = order->time;
    return 0;
}

struct ticket *ledger_add_order(struct ledger *ledger, const struct order *order, int slot, int holding,
                                struct error *error)
{
    struct ticket *ticket = add_ticket(ledger, order, slot, holding, error);
    return ticket != NULL && ledger_adjust_late(ledger, ticket, error) == 0 &&
                   spend_signal(ledger, order, holding, error) == 0
               ? ticket
               : NULL;
}

int ledger_apply_order(struct ledger *ledger, const struct order *order, struct error *error)
{
    struct ticket *ticket = ledger_ticket(ledger, order->id);
    if (ticket == NULL)
        ticket = add_named(ledger, order, error);
    else if (!ticket->planned)
        return error_set(error, EXIT_STATE, "order %s is already working", order->id);
    if (ticket == NULL)
        return -1;
    ticket->planned = false;
    return spend_signal(ledger, order, ticket->holding, error);
}

void ledger_set_due(struct ledger *ledger, struct ticket *ticket, bool sleeps, enum due due, int64_t time)
{
    ledger->sleeping += sleeps - ticket->sleeps;
    ledger->due += (due != DUE_NOTHING) - (ticket->due != DUE_NOTHING);
    ticket->sleeps = sleeps;
    ticket->due = due;
    ticket->due_at = time;
}

/* An order is over: those that wait for it need wait no longer. */
static void note_end(struct ledger *ledger, const struct ticket *ended, int64_t time)
{
    for (size_t i = 0; i < ledger->tickets; i++) {
        struct ticket *ticket = ledger->ticket[i];
        if (ticket->sleeps && strcmp(ticket->order.oto, ended->order.id) == 0)
            ledger_set_due(ledger, ticket, true, ended->filled > 0 ? DUE_SEND : DUE_CANCEL, time);
    }
}

int ledger_update(struct ledger *ledger, const struct ticket *ticket, enum order_status status, int64_t time,
                  struct error *error)
{
    const size_t index = ledger_index_of(ledger, ticket);
    if (status == STATUS_FILLED && ticket->filled != ticket->order.quantity)
        return error_set(error, EXIT_STATE, "order %s: its status is filled, but its fills do not add up",
                         ticket->order.id);
    struct ticket *own = ledger->ticket[index];
    if (status == STATUS_UNKNOWN) { /* what was asked may have happened */
        own->doubt = true;
        return 0;
    }
    if (own->sleeps && (status == STATUS_ACCEPTED || status == STATUS_PENDING_NEW))
        ledger_set_due(ledger, own, false, DUE_NOTHING, TIME_NONE);
    if (status == STATUS_PENDING_CANCEL) {
        own->request = REQUEST_CANCEL;
        return 0;
    }
    own->status = status;
    own->request = REQUEST_NONE;
    own->doubt = false;
    if (status == STATUS_ACCEPTED && time > own->from)
        own->from = time;
    if (!order_status_is_final(status))
        return 0;
    if (ledger->sleeping > 0)
        note_end(ledger, own, time);
    remove_ticket(ledger, index);
    return 0;
}

enum order_request ticket_request(const struct ticket *ticket)
{
    if (ticket->request != REQUEST_NONE)
        return ticket->request;
    return ticket->status == STATUS_PENDING_NEW && ticket->filled == 0 && !ticket->sleeps ? REQUEST_SUBMIT
                                                                                          : REQUEST_NONE;
}

enum order_status ticket_status(const struct ticket *ticket)
{
    return ticket->doubt                        ? STATUS_UNKNOWN
           : ticket->request == REQUEST_CANCEL  ? STATUS_PENDING_CANCEL
           : ticket->request == REQUEST_REPLACE ? STATUS_PENDING_REPLACE
                                                : ticket->status;
}

dec ticket_rest(const struct ticket *ticket)
{
    if (ticket->request == REQUEST_NONE)
        return ticket->order.quantity - ticket->filled;
    if (ticket->request == REQUEST_CANCEL)
        return 0;
    return (ticket->wanted.quantity > 0 ? ticket->wanted.quantity : ticket->order.quantity) - ticket->filled;
}

bool ticket_is_waiting(const struct ticket *ticket)
{
    return ticket->kind->trigger != TRIGGER_NONE && ticket->triggered == TIME_NONE;
}

dec ledger_unprotected(const struct ledger *ledger, const struct holding *holding)
{
    dec left = holding->quantity < 0 ? -holding->quantity : holding->quantity;
    for (const struct ticket *ticket = ledger->slot[holding->slot].ticket; left > 0 && ticket != NULL;
         ticket = ticket->next) {
        const bool stops = !ticket->sleeps && &ledger->holding[ticket->holding] == holding &&
                           ticket->kind->trigger == TRIGGER_STOPPED &&
                           (ticket_is_waiting(ticket) || !ticket->kind->limit) && order_is_reducing(&ticket->order) &&
                           (ticket->order.stop_price != DEC_NONE || ticket->order.active_price <= 0) &&
                           (side_sign(ticket->order.side) < 0) == (holding->quantity > 0);
        if (stops)
            left -= ticket->order.quantity - ticket->filled;
    }
    return left > 0 ? left : 0;
}

int ledger_apply_update(struct ledger *ledger, const struct order_update *update, struct error *error)
{
    struct ticket *ticket = ledger_ticket(ledger, update->order_id);
    if (ticket == NULL)
        return 0;
    if (update->status == STATUS_PENDING_REPLACE) {
        ledger_ask_replace(ledger, ticket, update->quantity, update->limit_price, update->stop_price);
        return 0;
    }
    if (update->revision > 0) {
        const struct replace replace = {
            .quantity = update->quantity, .limit_price = update->limit_price, .stop_price = update->stop_price};
        return ledger_replace(ledger, ticket, &replace, update->time, error);
    }
    const bool changes = update->quantity > 0 || update->limit_price > 0 || update->stop_price > 0 ||
                         update->triggered == 1 || update->active_price > 0 || update->even_price > 0 ||
                         update->fall > 0;
    if (!changes)
        return ledger_update(ledger, ticket, update->status, update->time, error);
    if (update->quantity > 0 && ledger_resize(ledger, ticket, update->quantity, error) != 0)
        return -1;
    if (update->limit_price > 0)
        ticket->order.limit_price = update->limit_price;
    if (update->stop_price > 0)
        ticket->order.stop_price = update->stop_price;
    if (update->triggered == 1)
        ticket->triggered = update->time;
    ledger_measure(ledger, ticket, update->active_price, update->even_price, update->fall);
    ledger_recost(ledger, ticket);
    return 0;
}

void ledger_apply_halt(struct ledger *ledger, const struct halt *halt)
{
    ledger->halted = halt->halted == 1;
    for (size_t i = 0; ledger->halted && i < ledger->tickets; i++) {
        struct ticket *ticket = ledger->ticket[i];
        if (halt->all == 1 || !order_is_reducing(&ticket->order))
            ticket->halted = halt->time;
    }
}

bool ledger_has_expiring(const struct ledger *ledger, int64_t known)
{
    for (size_t i = 0; known >= ledger->next_end && i < ledger->tickets; i++) {
        const struct ticket *ticket = ledger->ticket[i];
        if (!ticket->planned && ticket->order.valid_until != TIME_NONE && ticket->order.valid_until <= known)
            return true;
    }
    return false;
}

void ledger_note_ends(struct ledger *ledger)
{
    ledger->next_end = INT64_MAX;
    for (size_t i = 0; i < ledger->tickets; i++) {
        const int64_t end = ledger->ticket[i]->order.valid_until;
        if (end != TIME_NONE && end < ledger->next_end)
            ledger->next_end = end;
    }
}

bool ledger_is_covered(const struct ledger *ledger, int slot, struct interval interval, int64_t bar, int64_t opens)
{
    const struct ledger_slot *at = &ledger->slot[slot];
    for (size_t i = 0; at->marked > opens && i < at->intervals; i++)
        if (!interval_equal(at->seen[i].interval, interval) && at->seen[i].high_water >= bar)
            return true;
    return false;
}

bool ledger_wants_bar(const struct ledger *ledger, int slot, struct interval interval, int64_t bar, int64_t known)
{
    if (ledger_has_seen(ledger, slot, interval, bar))
        return false;
    const struct ledger_slot *at = &ledger->slot[slot];
    for (int i = 0; i < at->holdings; i++) {
        const struct holding *holding = &ledger->holding[at->holding[i]];
        if (holding->quantity != 0 && holding->touched < known)
            return true;
    }
    for (const struct ticket *ticket = at->ticket; ticket != NULL; ticket = ticket->next)
        if ((ticket->pasts > 0 ? ticket->past[0].from : ticket->from) < known)
            return true;
    return false;
}

int ledger_plan(struct ledger *ledger, const struct order *order, struct error *error)
{
    if (ledger_ticket(ledger, order->id) != NULL)
        return 0;
    struct ticket *ticket = add_named(ledger, order, error);
    if (ticket == NULL)
        return -1;
    ticket->planned = true;
    return 0;
}

/* Whether an entry counts among those of its symbol and the ledger. */
static void set_entry(struct ledger *ledger, struct ticket *ticket, bool counts)
{
    struct ledger_slot *slot = &ledger->slot[ticket->slot];
    const bool was_busy = ledger_slot_is_busy(slot);
    ledger_discount_cost(ledger, ticket);
    slot->entries += counts ? 1 : -1;
    ledger->busy += ledger_slot_is_busy(slot) - was_busy;
    ticket->entry = counts;
    ticket->withdrawn = !counts;
    ledger_count_cost(ledger, ticket);
}

void ledger_plan_cancel(struct ledger *ledger, const char *order_id)
{
    struct ticket *ticket = ledger_ticket(ledger, order_id);
    if (ticket != NULL && ticket->entry)
        set_entry(ledger, ticket, false);
}

void ledger_unplan(struct ledger *ledger)
{
    for (size_t i = 0; i < ledger->tickets; i++)
        if (ledger->ticket[i]->withdrawn)
            set_entry(ledger, ledger->ticket[i], true);
    for (size_t i = ledger->tickets; i-- > 0;)
        if (ledger->ticket[i]->planned)
            remove_ticket(ledger, i);
}
