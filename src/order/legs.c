/* The exits of an entry: orders once it fills, their prices from that fill, their quantities from its shares; and what
 * one of them brings about for the others. Everything about them is in the orders, so a restart changes nothing. */
#include "order/internal.h"

#include <stdio.h>
#include <string.h>

/* An entry that has filled: what its exits are measured by. */
struct fill_frame {
    const struct order *entry;
    const struct instrument *instrument;
    int sign;     /* of the position */
    dec price;    /* of the fill */
    dec distance; /* R: between it and the first stop, DEC_NONE without one */
    dec step;     /* quantities are multiples of it */
    int course;   /* 1: it is of the course of its bar, whose end is its time, and of the session that closes then */
};

/* A price on the tick, so far from the fill; in the position's favour for way > 0. DEC_NONE where none is left. */
static int price_from_fill(const struct fill_frame *frame, int way, dec distance, dec *price, struct error *error)
{
    dec at;
    if (dec_add(&at, frame->price, frame->sign * way * distance) != 0 ||
        (at > 0 && dec_round(&at, at, order_tick_at(frame->instrument, at), ROUND_HALF_EVEN) != 0))
        return error_set(error, EXIT_STATE, "order %s: the price of a leg is out of range", frame->entry->id);
    *price = at > 0 ? at : DEC_NONE;
    return 0;
}

/* The same by a multiple of R; nothing where there is no multiple. */
static int price_of_multiple(const struct fill_frame *frame, dec multiple, dec *price, struct error *error)
{
    dec distance;
    if (multiple == DEC_NONE || frame->distance == DEC_NONE)
        return 0;
    if (dec_multiply(&distance, multiple, frame->distance, ROUND_HALF_EVEN) != 0)
        return error_set(error, EXIT_STATE, "order %s: R is out of range", frame->entry->id);
    return price_from_fill(frame, 1, distance, price, error);
}

int orders_first_stop(const struct order_manager *manager, const struct order *entry, dec price, dec *stop,
                      struct error *error)
{
    const int sign = side_sign(entry->side);
    const struct instrument *instrument = manager->instrument(manager->context, entry->symbol, error);
    struct fill_frame frame = {.entry = entry, .instrument = instrument, .sign = sign, .price = price};
    *stop = DEC_NONE;
    if (instrument == NULL)
        return -1;
    for (int i = 0; i < entry->leg_count; i++) {
        const struct leg *leg = &entry->legs[i];
        const bool trails = leg->order_type == ORDER_TRAILING_STOP;
        if (leg->role != ROLE_STOP || (trails && *stop != DEC_NONE))
            continue; /* a stop that does not trail is the first one, whatever stands before it */
        if (leg->stop_price != DEC_NONE)
            *stop = leg->stop_price;
        else if (!trails && price_from_fill(&frame, -1, leg->offset, stop, error) != 0)
            return -1;
        else if (trails && leg->active_price == DEC_NONE && leg->active_r == DEC_NONE) {
            struct order order = {.side = sign > 0 ? SIDE_SELL : SIDE_BUY_TO_COVER,
                                  .trail_amount = leg->trail_amount,
                                  .trail_percent = leg->trail_percent,
                                  .trail_atr = leg->trail_atr,
                                  .atr = leg->atr};
            memcpy(order.id, entry->id, sizeof order.id);
            if (order_trail_from(&order, instrument, price, stop, error) != 0)
                return -1;
        }
        if (!trails)
            return 0;
    }
    return 0;
}

/* What a leg is when its entry has filled, but for its quantity and names. `time`: of the fill. */
static int make_leg(const struct order_manager *manager, const struct fill_frame *frame, const struct leg *leg,
                    int64_t time, struct order *order, struct error *error)
{
    const struct order *entry = frame->entry;
    order_clear(order);
    order->time = time;
    order->side = frame->sign > 0 ? SIDE_SELL : SIDE_BUY_TO_COVER;
    order->order_type = leg->order_type;
    order->limit_price = leg->limit_price;
    order->stop_price = leg->stop_price;
    order->trail_amount = leg->trail_amount;
    order->trail_percent = leg->trail_percent;
    order->trail_atr = leg->trail_atr;
    order->atr = leg->atr;
    order->active_price = leg->active_price;
    order->active_time = TIME_NONE;
    order->even_price = DEC_NONE;
    order->even_after_target = leg->even_after_target == 1 ? 1 : -1;
    order->fall = leg->fall;
    order->bars = leg->bars;
    order->reference_price = DEC_NONE;
    order->time_in_force = leg->time_in_force == TIF_NONE ? TIF_GTC : leg->time_in_force;
    order->valid_until = TIME_NONE;
    order->expires = TIME_NONE;
    order->role = leg->role;
    order->reduce_only = 1;
    order->attempt = entry->attempt;
    order->mode = manager->ledger->terms.mode;
    if (leg->bars > 0 || leg->fall != DEC_NONE)
        order->interval = entry->interval;
    dec *const price = leg->order_type == ORDER_LIMIT ? &order->limit_price : &order->stop_price;
    if (price_of_multiple(frame, leg->active_r, &order->active_price, error) != 0 ||
        price_of_multiple(frame, leg->even_r, &order->even_price, error) != 0 ||
        price_of_multiple(frame, leg->r, price, error) != 0)
        return -1;
    if (leg->offset != DEC_NONE &&
        price_from_fill(frame, leg->role == ROLE_TARGET ? 1 : -1, leg->offset, price, error) != 0)
        return -1;
    if (leg->fall != DEC_NONE && leg->r != DEC_NONE && /* of R, as the target is */
        dec_multiply(&order->fall, leg->fall, frame->distance, ROUND_HALF_EVEN) != 0)
        return error_set(error, EXIT_STATE, "order %s: R is out of range", entry->id);
    if (leg->order_type == ORDER_TRAILING_STOP && order->stop_price == DEC_NONE && order->active_price == DEC_NONE &&
        order_trail_from(order, frame->instrument, frame->price, &order->stop_price, error) != 0)
        return -1;
    return leg->sessions > 0 ? orders_sessions_after(manager, entry->symbol, time - frame->course, leg->sessions,
                                                     &order->active_time, error)
                             : 0;
}

/* How much of a position that has just been opened is a leg's: targets share it, rounded down to what is traded, and
 * the last of them takes the rest where their shares are all of it; everything else is for all. */
static int leg_quantity(const struct fill_frame *frame, int index, dec quantity, dec *given, dec *share, dec *result,
                        struct error *error)
{
    const struct leg *leg = &frame->entry->legs[index];
    *result = quantity;
    if (leg->role != ROLE_TARGET)
        return 0;
    if (leg->share == DEC_NONE) { /* what the shares leave, those that come after it too */
        for (int i = 0; i < frame->entry->leg_count; i++) {
            dec part = 0;
            if (frame->entry->legs[i].share != DEC_NONE &&
                (dec_multiply(&part, quantity, frame->entry->legs[i].share, ROUND_DOWN) != 0 ||
                 dec_round(&part, part, frame->step, ROUND_DOWN) != 0))
                return error_set(error, EXIT_STATE, "order %s: a share is out of range", frame->entry->id);
            *result -= part;
        }
        return 0;
    }
    if (dec_multiply(result, quantity, leg->share, ROUND_DOWN) != 0 ||
        dec_round(result, *result, frame->step, ROUND_DOWN) != 0)
        return error_set(error, EXIT_STATE, "order %s: a share is out of range", frame->entry->id);
    *share += leg->share;
    if (*share >= DEC_ONE)
        *result = quantity - *given;
    *given += *result;
    return 0;
}

/* Legs of one role have ids of their own: the first by the entry's attempt, the others by attempts nobody comes to; so
 * have those that a later part of the entry brings. */
static int name_leg(struct order_manager *manager, const struct order *entry, int index, int part,
                    char id[static ID_SIZE], struct error *error)
{
    int64_t attempt = entry->attempt + (part - 1) * INT64_C(1000000000);
    for (int i = 0; i < index; i++)
        if (entry->legs[i].role == entry->legs[index].role)
            attempt += 1000000;
    return order_id_make(id, manager->hash, manager->ledger->terms.account, entry->id, entry->legs[index].role, attempt,
                         error);
}

dec orders_group_rest(const struct ledger *ledger, int slot, const char *parent)
{
    dec whole = 0, targets = 0;
    for (const struct open_order *open_order = ledger->symbol_state[slot].open_order; open_order != NULL;
         open_order = open_order->next) {
        if (!order_is_leg(&open_order->order) || strcmp(open_order->order.parent, parent) != 0)
            continue;
        if (open_order->order.role == ROLE_TARGET)
            targets += open_order_rest(open_order);
        else if (open_order_rest(open_order) > whole)
            whole = open_order_rest(open_order);
    }
    return targets > whole ? targets : whole;
}

/* A leg that an earlier part of its entry has brought, and that still works: one whose cancel is under way protects
 * nothing any more. -1 on error. */
static int find_leg(struct order_manager *manager, const struct order *entry, int index, int part,
                    struct open_order **leg, struct error *error)
{
    char id[ID_SIZE];
    *leg = NULL;
    for (int i = 1; i < part && *leg == NULL; i++) {
        if (name_leg(manager, entry, index, i, id, error) != 0)
            return -1;
        *leg = ledger_open_order(manager->ledger, id);
        if (*leg != NULL && (*leg)->request == REQUEST_CANCEL)
            *leg = NULL;
    }
    return 0;
}

/* Another part of its entry has filled: what stands where the parts before it have placed it goes where all of them do.
 * What has moved since, by a rule or by hand, stays. */
static int measure_leg(struct order_manager *manager, const struct open_order *leg, const struct order *was,
                       const struct order *now, int64_t time, struct error *error)
{
    const struct order at = leg->order;
    if (now->stop_price > 0 && at.stop_price == was->stop_price && now->stop_price != at.stop_price &&
        open_order_is_waiting(leg) && orders_want_stop(manager, leg, now->stop_price, time, "average fill", error) != 0)
        return -1;
    if (now->limit_price > 0 && at.limit_price == was->limit_price && now->limit_price != at.limit_price &&
        orders_want_limit(manager, leg, now->limit_price, time, "average fill", error) != 0)
        return -1;
    const bool same =
        now->active_price == was->active_price && now->even_price == was->even_price && now->fall == was->fall;
    if (same)
        return 0;
    if (manager->orders) {
        struct order_update update = orders_update_of(manager, leg, leg->status, time, "average fill");
        update.active_price = now->active_price;
        update.even_price = now->even_price;
        update.fall = now->fall;
        if (orders_emit(manager, RECORD_ORDER_UPDATE, &update, error) != 0)
            return -1;
    }
    ledger_measure(manager->ledger, leg, now->active_price, now->even_price, now->fall);
    return 0;
}

/* The first stop and R of an entry that has filled at a price. */
static int measure(const struct order_manager *manager, struct fill_frame *frame, dec price, struct error *error)
{
    dec stop;
    frame->price = price;
    frame->distance = DEC_NONE;
    if (orders_first_stop(manager, frame->entry, price, &stop, error) != 0)
        return -1;
    if (stop != DEC_NONE)
        frame->distance = price > stop ? price - stop : stop - price;
    return 0;
}

static int place_leg(struct order_manager *manager, const struct order *entry, struct order *order, int index, int part,
                     const struct report *fill, struct error *error)
{
    const struct order_kind *kind = order_kind(order->order_type);
    /* A share of nothing, or a price below everything: there is no such order. */
    if (order->quantity <= 0 || (kind->limit && order->limit_price == DEC_NONE) ||
        (kind->stop && order->stop_price == DEC_NONE))
        return 0;
    memcpy(order->symbol, entry->symbol, sizeof order->symbol);
    memcpy(order->account, manager->ledger->terms.account, sizeof order->account);
    memcpy(order->strategy, entry->strategy, sizeof order->strategy);
    memcpy(order->signal, entry->signal, sizeof order->signal);
    memcpy(order->parent, entry->id, sizeof order->parent);
    memcpy(order->cause, entry->id, sizeof entry->id);
    return name_leg(manager, entry, index, part, order->id, error) == 0
               ? orders_place(manager, order, fill->fill.slot, fill->fill.holding, fill->complete, NULL, error)
               : -1;
}

int orders_place_legs(struct order_manager *manager, const struct open_order *open_order, dec quantity,
                      const struct report *fill, struct error *error)
{
    struct order copy; /* a leg may take the memory of the entry that is gone */
    const struct order *entry = &copy;
    const int part = open_order->fills;
    const dec filled = open_order->filled;
    const __int128 paid = open_order->price;
    order_copy(&copy, &open_order->order);
    struct fill_frame frame = {.entry = entry,
                               .instrument = fill->instrument,
                               .sign = side_sign(entry->side),
                               .step = orders_step(manager, fill->instrument),
                               .course = fill->time == fill->complete};
    struct fill_frame earlier = frame; /* as it was before this part */
    const dec before = filled - fill->fill.quantity;
    dec given = 0, share = 0;
    if (measure(manager, &frame, part == 1 ? fill->fill.price : orders_average(paid, filled), error) != 0)
        return -1;
    if (part > 1) {
        const __int128 price = paid - (__int128)fill->fill.quantity * fill->fill.price;
        if (measure(manager, &earlier, orders_average(price, before), error) != 0)
            return -1;
        /* All that the parts have opened, which legs for a share of it do not tell. */
        const dec held = frame.sign * manager->ledger->holding[fill->fill.holding].quantity;
        quantity = filled < held ? filled : held;
    }
    for (int i = 0; i < entry->leg_count; i++) {
        struct order order, was;
        struct open_order *leg;
        if (make_leg(manager, &frame, &entry->legs[i], fill->time, &order, error) != 0 ||
            leg_quantity(&frame, i, quantity, &given, &share, &order.quantity, error) != 0 ||
            find_leg(manager, entry, i, part, &leg, error) != 0)
            return -1;
        if (leg == NULL) {
            if (place_leg(manager, entry, &order, i, part, fill, error) != 0)
                return -1;
        } else if (orders_resize(manager, leg, order.quantity, fill->time, error) != 0 ||
                   make_leg(manager, &earlier, &entry->legs[i], fill->time, &was, error) != 0 ||
                   measure_leg(manager, leg, &was, &order, fill->time, error) != 0) {
            return -1;
        }
    }
    return 0;
}

/* What it costs to leave all of a position for about as much as it has cost, at a moment. */
static int cost_of_exit(struct order_manager *manager, const struct open_order *open_order, dec held, dec price,
                        dec amount, int64_t time, dec *cost, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    const struct open_order none = {.order = {.id = ""}, .slot = open_order->slot};
    struct execution exit = {.slot = open_order->slot,
                             .holding = open_order->holding,
                             .side = open_order->order.side,
                             .time = time,
                             .quantity = held,
                             .price = price,
                             .amount = amount,
                             .lot = ""};
    if (costs_commission(&manager->costs, ledger, &none, held, amount, &exit.commission, error) != 0)
        return -1;
    if (manager->costs.fees != NULL) {
        struct fee_trade trade =
            costs_trade(ledger, &exit, FEE_TAKER, manager->calendar == NULL ? NULL : manager->calendar->zone);
        trade.opens = false;
        if (costs_fees(&manager->costs, &trade, &exit, error) != 0)
            return -1;
    }
    return dec_add(cost, exit.commission, exit.fees) == 0
               ? 0
               : error_set(error, EXIT_STATE, "order %s: its costs are out of range", open_order->order.id);
}

/* The price at which what is held brings back what it cost, the costs of both sides in it, on the tick that does not
 * lose. */
static int even_price(struct order_manager *manager, const struct open_order *open_order, int64_t time, dec *price,
                      struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    const struct holding *holding = &ledger->holding[open_order->holding];
    const struct instrument *instrument = manager->instrument(manager->context, open_order->order.symbol, error);
    dec unit, amount, leaving = 0, cost = holding_cost(holding), at;
    const dec held = holding->quantity < 0 ? -holding->quantity : holding->quantity;
    *price = DEC_NONE;
    if (instrument == NULL)
        return -1;
    if (held == 0 || cost == 0 || dec_multiply(&unit, held, holding->multiplier, ROUND_HALF_EVEN) != 0 || unit <= 0)
        return 0;
    const bool is_long = holding->quantity > 0;
    cost = cost < 0 ? -cost : cost;
    if (dec_divide(&at, cost, unit, ROUND_HALF_EVEN) == 0 &&
        cost_of_exit(manager, open_order, held, at, cost, time, &leaving, error) != 0)
        return -1;
    if (dec_add(&amount, cost, is_long ? leaving : -leaving) != 0 || amount <= 0 ||
        dec_divide(&at, amount, unit, is_long ? ROUND_CEILING : ROUND_FLOOR) != 0 ||
        dec_round(&at, at, order_tick_at(instrument, at), is_long ? ROUND_CEILING : ROUND_FLOOR) != 0)
        return error_set(error, EXIT_STATE, "order %s: its break-even is out of range", open_order->order.id);
    if (at > 0)
        *price = at;
    return 0;
}

int orders_break_even(struct order_manager *manager, const struct open_order *open_order, int64_t time,
                      struct error *error)
{
    dec price;
    if (even_price(manager, open_order, time, &price, error) != 0)
        return -1;
    const dec now = open_order->order.stop_price;
    const bool is_nearer = now == DEC_NONE || (side_sign(open_order->order.side) < 0 ? price > now : price < now);
    return price == DEC_NONE || !is_nearer || !open_order_is_waiting(open_order)
               ? 0
               : orders_want_stop(manager, open_order, price, time, "break-even", error);
}

/* No leg of the group is for more than is left of it. */
int orders_shrink_group(struct order_manager *manager, int slot, const char *parent, dec left, dec step, int64_t time,
                        struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    const dec whole = orders_group_rest(ledger, slot, parent);
    dec targets = left;
    for (const struct open_order *open_order = ledger->symbol_state[slot].open_order, *next; open_order != NULL;
         open_order = next) {
        next = open_order->next;
        if (!order_is_leg(&open_order->order) || strcmp(open_order->order.parent, parent) != 0)
            continue;
        dec rest = open_order_rest(open_order);
        if (open_order->order.role != ROLE_TARGET || rest == whole) {
            rest = left; /* for all: as large as that is, even when it is more than before */
        } else {
            if (step > 0)
                rest -= rest % step;
            rest = rest < targets ? rest : targets;
            targets -= rest;
        }
        if (orders_resize(manager, open_order, rest, time, error) != 0)
            return -1;
    }
    return 0;
}

int orders_settle_group(struct order_manager *manager, const struct order *leg, int slot, dec left, int64_t time,
                        struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    const struct open_order *next;
    if (left > 0 && orders_shrink_group(manager, slot, leg->parent, left, 0, time, error) != 0)
        return -1;
    for (const struct open_order *open_order = ledger->symbol_state[slot].open_order; open_order != NULL;
         open_order = next) {
        next = open_order->next;
        if (!order_is_leg(&open_order->order) || strcmp(open_order->order.parent, leg->parent) != 0)
            continue;
        if (left <= 0 ? orders_withdraw(manager, open_order, STATUS_CANCELED, time, "oco", error) != 0
                      : leg->role == ROLE_TARGET && open_order->order.even_after_target == 1 &&
                            orders_break_even(manager, open_order, time, error) != 0)
            return -1;
    }
    return 0;
}

/* What a bar that a leg has lived through means for it: a target comes nearer with age, a stop goes to break-even, a
 * trail that has waited for its price begins. */
static int age_leg(struct order_manager *manager, struct open_order *open_order, struct interval interval, bool covered,
                   bool whole, const struct bars *bar, struct error *error)
{
    const struct order *order = &open_order->order;
    const int sign = -side_sign(order->side); /* of the position */
    const dec best = !whole ? bar->close[0] : sign > 0 ? bar->high[0] : bar->low[0];
    if (order->fall > 0 && interval_equal(order->interval, interval)) {
        const struct instrument *instrument = manager->instrument(manager->context, order->symbol, error);
        dec at;
        if (instrument == NULL)
            return -1;
        if (dec_subtract(&at, order->limit_price, sign * order->fall) != 0 ||
            (at > 0 && dec_round(&at, at, order_tick_at(instrument, at), ROUND_HALF_EVEN) != 0))
            return error_set(error, EXIT_STATE, "order %s: its price is out of range", order->id);
        if (at > 0 && at != order->limit_price &&
            orders_want_limit(manager, open_order, at, bar->end[0], "age", error) != 0)
            return -1;
    }
    const bool is_there =
        !covered && order->even_price > 0 && (sign > 0 ? best >= order->even_price : best <= order->even_price);
    return is_there ? orders_break_even(manager, open_order, bar->end[0], error) : 0;
}

int orders_age_legs(struct order_manager *manager, int slot, struct interval interval, const struct bars *bar,
                    struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    const bool covered = ledger_is_covered(ledger, slot, interval, bar->time[0], bar->opens[0]);
    for (struct open_order *open_order = ledger->symbol_state[slot].open_order; open_order != NULL;
         open_order = open_order->next) {
        const bool born = open_order->serial > manager->before;
        if ((open_order->order.fall <= 0 && open_order->order.even_price <= 0) ||
            (!born && open_order->from > bar->opens[0]))
            continue;
        const bool whole = !born || open_order->order.time == bar->opens[0];
        if (age_leg(manager, open_order, interval, covered, whole, bar, error) != 0)
            return -1;
    }
    return 0;
}

int orders_end_counted(struct order_manager *manager, int slot, int64_t time, struct error *error)
{
    const struct ledger *ledger = manager->ledger;
    for (const struct open_order *open_order = ledger->symbol_state[slot].open_order, *next; open_order != NULL;
         open_order = next) {
        next = open_order->next;
        if (open_order->order.bars > 0 && !order_is_leg(&open_order->order) &&
            open_order->bars >= open_order->order.bars &&
            orders_withdraw(manager, open_order, STATUS_EXPIRED, time, "not filled in its bars", error) != 0)
            return -1;
    }
    return 0;
}
