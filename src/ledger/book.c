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

#define FEW 16 /* open orders that are looked through rather than looked up */

static size_t home_of(const struct ledger *ledger, const char *order_id)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (const char *c = order_id; *c != '\0'; c++)
        hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    return (size_t)(hash ^ hash >> 32) & (ledger->by_id_size - 1);
}

static void index_put(struct ledger *ledger, struct open_order *open_order)
{
    size_t at = home_of(ledger, open_order->order.id);
    while (ledger->by_id[at] != NULL)
        at = (at + 1) & (ledger->by_id_size - 1);
    ledger->by_id[at] = open_order;
}

/* At most half of the table is taken. */
static int index_add(struct ledger *ledger, struct open_order *open_order, struct error *error)
{
    if (ledger->by_id == NULL && ledger->open_orders <= FEW)
        return 0;
    if (2 * ledger->open_orders <= ledger->by_id_size) {
        index_put(ledger, open_order);
        return 0;
    }
    const size_t size = ledger->by_id_size == 0 ? (size_t)8 * FEW : 2 * ledger->by_id_size;
    struct open_order **table = calloc(size, sizeof(struct open_order *));
    if (table == NULL)
        return error_memory(error);
    free(ledger->by_id);
    ledger->by_id = table;
    ledger->by_id_size = size;
    for (size_t i = 0; i < ledger->open_orders; i++) {
        index_put(ledger, ledger->open_order[i]);
        ledger_recost(ledger, ledger->open_order[i]);
    }
    return 0;
}

/* Those behind it move up, unless they are at home already (Knuth, The Art of Computer Programming 3, 6.4, R). */
static void index_remove(struct ledger *ledger, const struct open_order *open_order)
{
    const size_t mask = ledger->by_id_size - 1;
    if (ledger->by_id == NULL)
        return;
    size_t hole = home_of(ledger, open_order->order.id);
    while (ledger->by_id[hole] != open_order)
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

struct open_order *ledger_open_order(const struct ledger *ledger, const char *order_id)
{
    if (ledger->by_id == NULL) {
        for (size_t i = 0; i < ledger->open_orders; i++)
            if (strcmp(ledger->open_order[i]->order.id, order_id) == 0)
                return ledger->open_order[i];
        return NULL;
    }
    for (size_t at = home_of(ledger, order_id); ledger->by_id[at] != NULL; at = (at + 1) & (ledger->by_id_size - 1))
        if (strcmp(ledger->by_id[at]->order.id, order_id) == 0)
            return ledger->by_id[at];
    return NULL;
}

bool ledger_symbol_is_busy(const struct ledger_symbol_state *state)
{
    return state->open > 0 || state->entries > 0;
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
static void count_open_order(struct ledger *ledger, struct open_order *open_order, int sign)
{
    struct ledger_symbol_state *state = &ledger->symbol_state[open_order->slot];
    state->working += sign;
    if (open_order->sleeps)
        ledger->sleeping += sign;
    if (open_order->due != DUE_NOTHING)
        ledger->due += sign;
    if (!open_order->plain) {
        state->trailing += open_order->kind->trail ? sign : 0;
        state->counting += open_order->order.bars > 0 ? sign : 0;
        state->aging += ages(&open_order->order) ? sign : 0;
        state->timed += is_timed(&open_order->order) ? sign : 0;
    }
    if (!open_order->entry)
        return;
    const bool was_busy = ledger_symbol_is_busy(state);
    state->entries += sign;
    ledger->busy += ledger_symbol_is_busy(state) - was_busy;
}

/* They are kept in the order of their serials. */
size_t ledger_index_of(const struct ledger *ledger, const struct open_order *open_order)
{
    size_t low = 0, high = ledger->open_orders;
    if (high > 0 &&
        ledger->open_order[high - 1] == open_order) /* an order is mostly the last one when it comes and when it goes */
        return high - 1;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (ledger->open_order[middle]->serial < open_order->serial)
            low = middle + 1;
        else
            high = middle;
    }
    require(low < ledger->open_orders && ledger->open_order[low] == open_order);
    return low;
}

static void remove_open_order(struct ledger *ledger, size_t index)
{
    struct open_order *open_order = ledger->open_order[index];
    struct ledger_symbol_state *state = &ledger->symbol_state[open_order->slot];
    struct open_order **link = &state->open_order;
    while (*link != open_order)
        link = &(*link)->next;
    *link = open_order->next;
    index_remove(ledger, open_order);
    ledger_discount_cost(ledger, open_order);
    count_open_order(ledger, open_order, -1);
    ledger->open_orders--;
    if (index < ledger->open_orders)
        memmove(&ledger->open_order[index], &ledger->open_order[index + 1],
                (ledger->open_orders - index) * sizeof(struct open_order *));
    ledger->open_order[ledger->open_orders] = open_order;
}

void ledger_clear_book(struct ledger *ledger)
{
    for (size_t i = 0; i < ledger->open_orders_made; i++)
        free(ledger->open_order[i]);
    free(ledger->open_order);
    free(ledger->by_id);
    ledger->open_order = ledger->by_id = NULL;
    ledger->by_id_size = 0;
    ledger->open_orders = ledger->open_orders_made = ledger->open_order_capacity = 0;
}

static int make_open_order(struct ledger *ledger, struct error *error)
{
    if (list_grow(&ledger->open_order, &ledger->open_order_capacity, ledger->open_orders_made,
                  sizeof(struct open_order *), error) != 0)
        return -1;
    struct open_order *open_order = calloc(1, sizeof *open_order);
    if (open_order == NULL)
        return error_memory(error);
    ledger->open_order[ledger->open_orders_made++] = open_order;
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

static struct open_order *add_open_order(struct ledger *ledger, const struct order *order, int slot, int holding,
                                         struct error *error)
{
    static const struct instrument stock = INSTRUMENT_STOCK;
    const struct ledger_terms *terms = &ledger->terms;
    const struct instrument *instrument = ledger->symbol_state[slot].instrument;
    if (instrument == NULL)
        instrument = terms->instrument == NULL ? &stock : terms->instrument(terms->instruments, order->symbol, error);
    if (instrument == NULL)
        return NULL;
    if (ledger->open_orders == ledger->open_orders_made && make_open_order(ledger, error) != 0)
        return NULL;
    struct open_order *open_order = ledger->open_order[ledger->open_orders++];
    /* Field by field: a literal would clear and copy the order once more. */
    order_copy(&open_order->order, order);
    open_order->order.risk = (struct str){NULL, 0};
    open_order->order.basis = (struct str){NULL, 0};
    open_order->serial = ++ledger->orders;
    open_order->slot = slot;
    open_order->holding = holding;
    open_order->status = STATUS_PENDING_NEW;
    open_order->halted = TIME_NONE;
    open_order->from = order->time;
    open_order->triggered = TIME_NONE;
    open_order->multiplier = instrument->multiplier;
    open_order->filled = open_order->notional = open_order->commission = 0;
    open_order->price = 0;
    open_order->fills = open_order->revision = open_order->pasts = 0;
    open_order->bars = 0;
    open_order->sleeps = order->oto[0] != '\0';
    open_order->due = DUE_NOTHING;
    open_order->due_at = TIME_NONE;
    open_order->request = REQUEST_NONE;
    open_order->wanted.quantity = open_order->wanted.limit_price = open_order->wanted.stop_price = DEC_NONE;
    open_order->doubt = false;
    open_order->sent = open_order->silent = 0;
    open_order->question = 0;
    open_order->planned = false;
    open_order->next = NULL;
    struct open_order **link = &ledger->symbol_state[slot].open_order;
    while (*link != NULL)
        link = &(*link)->next;
    *link = open_order;
    if (order->valid_until != TIME_NONE && order->valid_until < ledger->next_end)
        ledger->next_end = order->valid_until;
    open_order->kind = order_kind(order->order_type);
    open_order->entry = !order_is_reducing(order);
    open_order->counted = open_order->withdrawn = false;
    require(open_order->kind != NULL);
    open_order->plain = !open_order->kind->trail && order->bars <= 0 && !ages(order) && !is_timed(order);
    count_open_order(ledger, open_order, 1);
    ledger_count_cost(ledger, open_order);
    return index_add(ledger, open_order, error) == 0 ? open_order : NULL;
}

struct open_order *ledger_restore_order(struct ledger *ledger, const struct order *order, int slot, int holding,
                                        struct error *error)
{
    const uint64_t orders = ledger->orders;
    struct open_order *open_order = add_open_order(ledger, order, slot, holding, error);
    ledger->orders = orders;
    return open_order;
}

/* The same for an order whose symbol and instance are known by name only. */
static struct open_order *add_named(struct ledger *ledger, const struct order *order, struct error *error)
{
    const int slot = ledger_slot(ledger, order->symbol, error);
    const int holding = slot < 0 ? -1 : ledger_add_holding(ledger, order->strategy, slot, error);
    struct open_order *open_order = holding < 0 ? NULL : add_open_order(ledger, order, slot, holding, error);
    return open_order != NULL && ledger_adjust_late(ledger, open_order, error) == 0 ? open_order : NULL;
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

struct open_order *ledger_add_order(struct ledger *ledger, const struct order *order, int slot, int holding,
                                    struct error *error)
{
    struct open_order *open_order = add_open_order(ledger, order, slot, holding, error);
    return open_order != NULL && ledger_adjust_late(ledger, open_order, error) == 0 &&
                   spend_signal(ledger, order, holding, error) == 0
               ? open_order
               : NULL;
}

int ledger_apply_order(struct ledger *ledger, const struct order *order, struct error *error)
{
    struct open_order *open_order = ledger_open_order(ledger, order->id);
    if (open_order == NULL)
        open_order = add_named(ledger, order, error);
    else if (!open_order->planned)
        return error_set(error, EXIT_STATE, "order %s is already working", order->id);
    if (open_order == NULL)
        return -1;
    open_order->planned = false;
    return spend_signal(ledger, order, open_order->holding, error);
}

void ledger_set_due(struct ledger *ledger, struct open_order *open_order, bool sleeps, enum due due, int64_t time)
{
    ledger->sleeping += sleeps - open_order->sleeps;
    ledger->due += (due != DUE_NOTHING) - (open_order->due != DUE_NOTHING);
    open_order->sleeps = sleeps;
    open_order->due = due;
    open_order->due_at = time;
}

/* An order is over: those that wait for it need wait no longer. */
static void note_end(struct ledger *ledger, const struct open_order *ended, int64_t time)
{
    for (size_t i = 0; i < ledger->open_orders; i++) {
        struct open_order *open_order = ledger->open_order[i];
        if (open_order->sleeps && strcmp(open_order->order.oto, ended->order.id) == 0)
            ledger_set_due(ledger, open_order, true, ended->filled > 0 ? DUE_SEND : DUE_CANCEL, time);
    }
}

int ledger_update(struct ledger *ledger, const struct open_order *open_order, enum order_status status, int64_t time,
                  struct error *error)
{
    const size_t index = ledger_index_of(ledger, open_order);
    if (status == STATUS_FILLED && open_order->filled != open_order->order.quantity)
        return error_set(error, EXIT_STATE, "order %s: its status is filled, but its fills do not add up",
                         open_order->order.id);
    struct open_order *own = ledger->open_order[index];
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
    remove_open_order(ledger, index);
    return 0;
}

enum order_request open_order_request(const struct open_order *open_order)
{
    if (open_order->request != REQUEST_NONE)
        return open_order->request;
    return open_order->status == STATUS_PENDING_NEW && open_order->filled == 0 && !open_order->sleeps ? REQUEST_SUBMIT
                                                                                                      : REQUEST_NONE;
}

enum order_status open_order_status(const struct open_order *open_order)
{
    return open_order->doubt                        ? STATUS_UNKNOWN
           : open_order->request == REQUEST_CANCEL  ? STATUS_PENDING_CANCEL
           : open_order->request == REQUEST_REPLACE ? STATUS_PENDING_REPLACE
                                                    : open_order->status;
}

dec open_order_rest(const struct open_order *open_order)
{
    if (open_order->request == REQUEST_NONE)
        return open_order->order.quantity - open_order->filled;
    if (open_order->request == REQUEST_CANCEL)
        return 0;
    return (open_order->wanted.quantity > 0 ? open_order->wanted.quantity : open_order->order.quantity) -
           open_order->filled;
}

bool open_order_is_waiting(const struct open_order *open_order)
{
    return open_order->kind->trigger != TRIGGER_NONE && open_order->triggered == TIME_NONE;
}

dec ledger_unprotected(const struct ledger *ledger, const struct holding *holding)
{
    dec left = holding->quantity < 0 ? -holding->quantity : holding->quantity;
    for (const struct open_order *open_order = ledger->symbol_state[holding->slot].open_order;
         left > 0 && open_order != NULL; open_order = open_order->next) {
        const bool stops = !open_order->sleeps && &ledger->holding[open_order->holding] == holding &&
                           open_order->kind->trigger == TRIGGER_STOPPED &&
                           (open_order_is_waiting(open_order) || !open_order->kind->limit) &&
                           order_is_reducing(&open_order->order) &&
                           (open_order->order.stop_price != DEC_NONE || open_order->order.active_price <= 0) &&
                           (side_sign(open_order->order.side) < 0) == (holding->quantity > 0);
        if (stops)
            left -= open_order->order.quantity - open_order->filled;
    }
    return left > 0 ? left : 0;
}

int ledger_apply_update(struct ledger *ledger, const struct order_update *update, struct error *error)
{
    struct open_order *open_order = ledger_open_order(ledger, update->order_id);
    if (open_order == NULL)
        return 0;
    if (update->status == STATUS_PENDING_REPLACE) {
        ledger_ask_replace(ledger, open_order, update->quantity, update->limit_price, update->stop_price);
        return 0;
    }
    if (update->revision > 0) {
        const struct replace replace = {
            .quantity = update->quantity, .limit_price = update->limit_price, .stop_price = update->stop_price};
        return ledger_replace(ledger, open_order, &replace, update->time, error);
    }
    const bool changes = update->quantity > 0 || update->limit_price > 0 || update->stop_price > 0 ||
                         update->triggered == 1 || update->active_price > 0 || update->even_price > 0 ||
                         update->fall > 0;
    if (!changes)
        return ledger_update(ledger, open_order, update->status, update->time, error);
    if (update->quantity > 0 && ledger_resize(ledger, open_order, update->quantity, error) != 0)
        return -1;
    if (update->limit_price > 0)
        open_order->order.limit_price = update->limit_price;
    if (update->stop_price > 0)
        open_order->order.stop_price = update->stop_price;
    if (update->triggered == 1)
        open_order->triggered = update->time;
    ledger_measure(ledger, open_order, update->active_price, update->even_price, update->fall);
    ledger_recost(ledger, open_order);
    return 0;
}

void ledger_apply_halt(struct ledger *ledger, const struct halt *halt)
{
    ledger->halted = halt->halted == 1;
    for (size_t i = 0; ledger->halted && i < ledger->open_orders; i++) {
        struct open_order *open_order = ledger->open_order[i];
        if (halt->all == 1 || !order_is_reducing(&open_order->order))
            open_order->halted = halt->time;
    }
}

bool ledger_has_expiring(const struct ledger *ledger, int64_t known)
{
    for (size_t i = 0; known >= ledger->next_end && i < ledger->open_orders; i++) {
        const struct open_order *open_order = ledger->open_order[i];
        if (!open_order->planned && open_order->order.valid_until != TIME_NONE &&
            open_order->order.valid_until <= known)
            return true;
    }
    return false;
}

void ledger_note_ends(struct ledger *ledger)
{
    ledger->next_end = INT64_MAX;
    for (size_t i = 0; i < ledger->open_orders; i++) {
        const int64_t end = ledger->open_order[i]->order.valid_until;
        if (end != TIME_NONE && end < ledger->next_end)
            ledger->next_end = end;
    }
}

bool ledger_is_covered(const struct ledger *ledger, int slot, struct interval interval, int64_t bar, int64_t opens)
{
    const struct ledger_symbol_state *at = &ledger->symbol_state[slot];
    for (size_t i = 0; at->marked > opens && i < at->intervals; i++)
        if (!interval_equal(at->seen[i].interval, interval) && at->seen[i].high_water >= bar)
            return true;
    return false;
}

bool ledger_wants_bar(const struct ledger *ledger, int slot, struct interval interval, int64_t bar, int64_t known)
{
    if (ledger_has_seen(ledger, slot, interval, bar))
        return false;
    const struct ledger_symbol_state *at = &ledger->symbol_state[slot];
    for (int i = 0; i < at->holdings; i++) {
        const struct holding *holding = &ledger->holding[at->holding[i]];
        if (holding->quantity != 0 && holding->touched < known)
            return true;
    }
    for (const struct open_order *open_order = at->open_order; open_order != NULL; open_order = open_order->next)
        if ((open_order->pasts > 0 ? open_order->past[0].from : open_order->from) < known)
            return true;
    return false;
}

int ledger_plan(struct ledger *ledger, const struct order *order, struct error *error)
{
    if (ledger_open_order(ledger, order->id) != NULL)
        return 0;
    struct open_order *open_order = add_named(ledger, order, error);
    if (open_order == NULL)
        return -1;
    open_order->planned = true;
    return 0;
}

/* Whether an entry counts among those of its symbol and the ledger. */
static void set_entry(struct ledger *ledger, struct open_order *open_order, bool counts)
{
    struct ledger_symbol_state *state = &ledger->symbol_state[open_order->slot];
    const bool was_busy = ledger_symbol_is_busy(state);
    ledger_discount_cost(ledger, open_order);
    state->entries += counts ? 1 : -1;
    ledger->busy += ledger_symbol_is_busy(state) - was_busy;
    open_order->entry = counts;
    open_order->withdrawn = !counts;
    ledger_count_cost(ledger, open_order);
}

void ledger_plan_cancel(struct ledger *ledger, const char *order_id)
{
    struct open_order *open_order = ledger_open_order(ledger, order_id);
    if (open_order != NULL && open_order->entry)
        set_entry(ledger, open_order, false);
}

void ledger_unplan(struct ledger *ledger)
{
    for (size_t i = 0; i < ledger->open_orders; i++)
        if (ledger->open_order[i]->withdrawn)
            set_entry(ledger, ledger->open_order[i], true);
    for (size_t i = ledger->open_orders; i-- > 0;)
        if (ledger->open_order[i]->planned)
            remove_open_order(ledger, i);
}
